//! `rochdale outbox`: outcomes on their way to forges, listed, tried again, dropped; and what goes out by which bridge. The calls
//! themselves are made by a server.

use std::path::{Path, PathBuf};

use host::bridge::NoBridge;
use host::outbox::{DAYS, Outlet, Task};
use host::{Snapshot, clock};
use quantity::Moment;
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{counted, print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct OutboxCommand {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Try a task now, or let one go that is held, by its number; `held` for all that are held
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["drop", "bridge"])]
    retry: Option<String>,
    /// Drop a task that waits, by its number
    #[arg(long, value_name = "NUMBER", conflicts_with = "bridge")]
    drop: Option<u64>,
    /// Choose what goes out by this bridge: its id or the beginning of it, its address, or `host/owner/name`
    #[arg(long, value_name = "BRIDGE", requires = "send")]
    bridge: Option<String>,
    /// The outcomes that go out: close, comment and label, parted by commas, or nothing
    #[arg(long, value_name = "WHAT", requires = "bridge")]
    send: Option<String>,
    /// Days between two renewals of one issue's comment and label
    #[arg(long, value_name = "DAYS", requires = "bridge", default_value_t = DAYS.1, value_parser = clap::value_parser!(u32).range(i64::from(DAYS.0)..=i64::from(DAYS.2)))]
    every: u32,
    /// List the tasks that ended too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl OutboxCommand {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        match (&self.bridge, &self.retry, self.drop) {
            (Some(bridge), ..) => self.choose(caller, bridge),
            (None, Some(which), _) => self.retry(caller, which),
            (None, None, Some(number)) => self.drop(caller, number),
            (None, None, None) => self.list(),
        }
    }

    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        let writes = self.retry.is_some() || self.drop.is_some() || self.bridge.is_some();
        writes.then_some(&*self.dir)
    }

    fn choose(&self, caller: &Caller, name: &str) -> Result<(), Exit> {
        let send = self.send.as_deref().unwrap_or_default();
        let words: Vec<&str> = send.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
        if let Some(odd) = words.iter().find(|word| !["close", "comment", "label", "nothing"].contains(word)) {
            return Err(Exit::input(format!("`{odd}` cannot go out: give close, comment, label, or nothing")));
        }
        let sends = ["close", "comment", "label"].map(|word| words.contains(&word));
        let mut coop = caller.write(&self.dir)?;
        let known = coop.read().bridge_called(name)?;
        let Some((id, bridge)) = known else {
            return Err(Exit::no(format!("no bridge, or more than one, is called `{name}`")));
        };
        let (every, now) = (self.every, clock::now());
        let wanted = id.clone();
        let outlet = coop.write(move |batch| {
            batch.choose_outlet(&wanted, (sends[0], sends[1], sends[2]), every, None, now).map_err(|why| match why {
                NoBridge::Failed(error) => error.into(),
                why => Exit::input(why.to_string()),
            })
        })?;
        if self.json {
            return caller.print_json(&json!({ "bridge": id, "outlet": outlet }));
        }
        caller.print(&format!("to {} goes out: {}\n", bridge.place(), sends_words(&outlet)))
    }

    fn retry(&self, caller: &Caller, which: &str) -> Result<(), Exit> {
        let number = match which {
            "held" => None,
            text => Some(text.parse::<u64>().map_err(|_| {
                Exit::input(format!(
                    "`{text}` is no task: give its number in the list, or `held` for all that are held"
                ))
            })?),
        };
        let mut coop = caller.write(&self.dir)?;
        let now = clock::now();
        let done = coop.write(move |batch| {
            Ok::<_, Exit>(match number {
                Some(number) => batch.retry_task(number, now)?.into_iter().count(),
                None => batch.let_all_go(now)?,
            })
        })?;
        if let (0, Some(number)) = (done, number) {
            return Err(Exit::no(format!("no task {number} waits, is held or has failed")));
        }
        if self.json {
            return caller.print_json(&json!({ "tried": done }));
        }
        caller.print(&format!(
            "{}: a server that serves this co-op tries it now\n",
            counted(done as u64, "task", "tasks")
        ))
    }

    fn drop(&self, caller: &Caller, number: u64) -> Result<(), Exit> {
        let mut coop = caller.write(&self.dir)?;
        let now = clock::now();
        let dropped =
            coop.write(move |batch| Ok::<_, Exit>(batch.drop_task(number, words::outbox::DROPPED_BY_HAND, now)?))?;
        let task = dropped.ok_or_else(|| Exit::no(format!("no task {number} waits")))?;
        if self.json {
            return caller.print_json(&json!({ "dropped": task }));
        }
        caller.print(&format!("task {number} is dropped: issue {} stays as it is\n", task.issue))
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let (outlets, bridges) = (coop.outlets()?, coop.bridges()?);
        let (waiting, ended) = (coop.outbox()?, if self.all { coop.outbox_ended()? } else { Vec::new() });
        if self.json {
            let outlets: Vec<_> =
                outlets.iter().map(|(bridge, outlet)| json!({ "bridge": bridge, "outlet": outlet })).collect();
            return print_json(&json!({ "outlets": outlets, "waiting": waiting, "ended": ended }));
        }
        let place = |id: &str| {
            let known = bridges.iter().find(|(known, _)| known == id);
            known.map_or_else(|| id.to_owned(), |(_, bridge)| bridge.place())
        };
        for (id, outlet) in &outlets {
            print(&format!("to {} goes out: {}\n", place(id), sends_words(outlet)))?;
        }
        if waiting.is_empty() && ended.is_empty() {
            return print("nothing waits\n");
        }
        let mut rows = vec![["task", "does", "issue", "at", "since", "is", "why"].map(str::to_owned).to_vec()];
        rows.extend(waiting.iter().chain(&ended).map(|task| row(task, &place(&task.bridge), &coop)));
        print(&table(&rows))
    }
}

fn row(task: &Task, place: &str, coop: &Snapshot) -> Vec<String> {
    vec![
        task.number.to_string(),
        task.call.name().to_owned(),
        task.issue.to_string(),
        place.to_owned(),
        views::moment(Moment(task.made_us), &coop.state().rules.kernel.zone).text,
        task.standing.name().to_owned(),
        task.why.clone().unwrap_or_default(),
    ]
}

fn sends_words(outlet: &Outlet) -> String {
    let parts = [(outlet.close, "close"), (outlet.comment, "comment"), (outlet.label, "label")];
    let sent: Vec<&str> = parts.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
    match sent.is_empty() {
        true => "nothing".to_owned(),
        false => format!("{}, at most once in {}", sent.join(", "), counted(outlet.every_days.into(), "day", "days")),
    }
}
