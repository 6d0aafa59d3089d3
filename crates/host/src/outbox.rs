//! The outbox: outcomes that are carried to forges. A task is kept in the transaction of the entry that caused it, and carried out
//! later, by a thread of its own, with a mark by which a lost answer is found out. It decides nothing: the engine did.

mod carry;
mod queue;
mod text;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::Pseudonym;
use quantity::Moment;
use rochdale_log::Store;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::bridge::NoBridge;
use crate::error::Error;
use crate::snapshot::Snapshot;

pub use carry::start;

/// Where tasks are kept that wait.
pub(crate) const OUTBOX: &str = "outbox";
/// Where tasks are kept that ended, and the number of the last task.
pub(crate) const ENDED: &str = "outbox-ended";
/// Where it is kept what goes out by which bridge.
pub(crate) const OUTLET: &str = "outlet";
/// Where it is kept what was said last of which issue.
pub(crate) const SAID: &str = "said";
const LAST: &[u8] = b"last";

/// The most tasks that wait; then comments on support are left out, and then the newest outcome is listed as failed.
pub const MOST_WAITING: usize = 10_000;
/// The most tasks that are kept after their end; then the oldest goes.
pub const MOST_ENDED: u64 = 1_000;
/// The most tries of one task.
pub const MOST_TRIES: u32 = 20;
/// The most issues that one update closes without asking: beyond them somebody says *go* to each, or to all.
pub const MOST_CLOSED_AT_ONCE: usize = 50;
/// The most comments and labels that one update renews by one bridge, the highest places first.
pub const MOST_SAID_AT_ONCE: usize = 50;
/// The days between two comments or labels of one issue: the fewest, the usual, the most.
pub const DAYS: (u32, u32, u32) = (1, 7, 365);

/// All that goes out by one bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outlet {
    /// Issues are closed and opened again as their items are.
    pub close: bool,
    /// A comment says how much support an issue has.
    pub comment: bool,
    /// A label does.
    pub label: bool,
    /// At most once in so many days an issue.
    pub every_days: u32,
    /// From when on, microseconds since 1970: what came about before is not carried out.
    pub since_us: i64,
    /// Nothing is called before, microseconds since 1970: the forge asked for it.
    #[serde(default)]
    pub rest_us: i64,
    /// Who chose it; none is the operator.
    #[schemars(with = "Option<String>")]
    pub by: Option<Pseudonym>,
}

impl Outlet {
    /// Whether anything goes out.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.close || self.comment || self.label
    }
}

/// The call that a task makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Call {
    /// Closes an issue, with a comment that gives the reason.
    Close,
    /// Opens it again, with a comment.
    Reopen,
    /// Writes or renews the comment and the label of its support.
    Support,
}

impl Call {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Call::Close => "close",
            Call::Reopen => "reopen",
            Call::Support => "support",
        }
    }
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It waits for its time.
    Waiting,
    /// It waits for somebody's *go*.
    Held,
    /// It is carried out.
    Done,
    /// It is given up.
    Failed,
    /// Somebody, or a later outcome, made it needless.
    Dropped,
}

impl Standing {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Waiting => "waiting",
            Standing::Held => "held",
            Standing::Done => "done",
            Standing::Failed => "failed",
            Standing::Dropped => "dropped",
        }
    }

    /// Whether it may still be carried out.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Standing::Waiting | Standing::Held)
    }
}

/// Something to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// Its number, from 1.
    pub number: u64,
    /// The bridge by which it goes.
    pub bridge: String,
    /// The ranking.
    pub decision: String,
    /// The item there.
    pub item: String,
    /// The issue's number at the forge.
    pub issue: u64,
    /// The call that it makes.
    pub call: Call,
    /// The words of the comment, without the mark; empty for none.
    pub words: String,
    /// The label, where one is wanted.
    pub label: Option<String>,
    /// The entry that caused it.
    pub entry: u64,
    /// When that was, microseconds since 1970.
    pub made_us: i64,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, microseconds since 1970.
    pub next_us: i64,
    /// How it stands.
    pub standing: Standing,
    /// The last trouble, or how it ended, in words.
    pub why: Option<String>,
    /// When it ended, microseconds since 1970.
    pub ended_us: Option<i64>,
}

impl Task {
    /// The hidden mark of its comment: looked for before anything is written.
    fn mark(&self, coop: &str) -> String {
        let coop: String = coop.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        match self.call {
            Call::Support => format!("{}{coop}/support -->", bridges::forge::MARK),
            Call::Close | Call::Reopen => format!("{}{coop}/{} -->", bridges::forge::MARK, self.number),
        }
    }
}

/// The last words of one issue's support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    at_us: i64,
    words: String,
    label: Option<String>,
}

fn name_of(number: u64) -> String {
    format!("{number:012}")
}

/// Reads all records of a space; one that cannot be read is passed over.
fn all<T: for<'a> Deserialize<'a>>(store: &mut dyn Store, coop: &str, space: &str) -> Result<Vec<(String, T)>, Error> {
    let mut found = Vec::new();
    store.scan(coop, space, &mut |name, json| {
        let name = String::from_utf8_lossy(name).into_owned();
        found.extend(serde_json::from_slice(json).ok().map(|value| (name, value)));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn one<T: for<'a> Deserialize<'a>>(
    store: &mut dyn Store,
    coop: &str,
    space: &str,
    name: &str,
) -> Result<Option<T>, Error> {
    Ok(store.get(coop, space, name.as_bytes())?.and_then(|json| serde_json::from_slice(&json).ok()))
}

/// Whether a record of one of the outbox's spaces can be read, for `verify`.
pub(crate) fn is_readable(space: &str, name: &str, json: &[u8]) -> bool {
    match (space, name) {
        (ENDED, "last") => std::str::from_utf8(json).is_ok_and(|text| text.parse::<u64>().is_ok()),
        (OUTBOX | ENDED, name) => serde_json::from_slice::<Task>(json).is_ok_and(|task| name_of(task.number) == name),
        (OUTLET, _) => serde_json::from_slice::<Outlet>(json).is_ok(),
        _ => serde_json::from_slice::<Said>(json).is_ok(),
    }
}

impl Snapshot {
    /// The tasks that wait, the oldest first.
    ///
    /// # Errors
    /// A fault.
    pub fn outbox(&self) -> Result<Vec<Task>, Error> {
        let tasks: Vec<(String, Task)> = self.beside.look(|store, coop| all(store, coop, OUTBOX))?;
        Ok(tasks.into_iter().map(|(_, task)| task).collect())
    }

    /// The tasks that ended, the newest first.
    ///
    /// # Errors
    /// A fault.
    pub fn outbox_ended(&self) -> Result<Vec<Task>, Error> {
        let mut tasks: Vec<(String, Task)> = self.beside.look(|store, coop| all(store, coop, ENDED))?;
        tasks.reverse();
        Ok(tasks.into_iter().map(|(_, task)| task).collect())
    }

    /// The outlets, by the ids of their bridges.
    ///
    /// # Errors
    /// A fault.
    pub fn outlets(&self) -> Result<Vec<(String, Outlet)>, Error> {
        self.beside.look(|store, coop| all(store, coop, OUTLET))
    }
}

impl Batch<'_> {
    /// The task of this number, ended or not.
    ///
    /// # Errors
    /// A fault.
    pub fn task(&mut self, number: u64) -> Result<Option<Task>, Error> {
        let (name, coop) = (name_of(number), &mut *self.coop);
        match one(&mut *coop.store, &coop.now.id, OUTBOX, &name)? {
            Some(task) => Ok(Some(task)),
            None => one(&mut *coop.store, &coop.now.id, ENDED, &name),
        }
    }

    /// Lets a task be carried out at the next look: one that waits for a *go* or its next try, or one that failed. Returns it, and
    /// nothing where there is none to let go.
    ///
    /// # Errors
    /// A fault.
    pub fn retry_task(&mut self, number: u64, now: Moment) -> Result<Option<Task>, Error> {
        let may = |task: &Task| task.standing.is_open() || task.standing == Standing::Failed;
        let Some(mut task) = self.task(number)?.filter(may) else { return Ok(None) };
        self.delete(ENDED, name_of(number).as_bytes())?;
        (task.standing, task.next_us, task.tries, task.ended_us) = (Standing::Waiting, now.0, 0, None);
        self.put_task(&task)?;
        Ok(Some(task))
    }

    /// Whether an outcome on an item is still on its way: the forge's word on it is older than ours.
    pub(crate) fn is_on_its_way(&mut self, decision: &str, item: &str) -> Result<bool, Error> {
        let coop = &mut *self.coop;
        let tasks: Vec<(String, Task)> = all(&mut *coop.store, &coop.now.id, OUTBOX)?;
        let turns = |task: &Task| task.call != Call::Support && (&*task.decision, &*task.item) == (decision, item);
        Ok(tasks.iter().any(|(_, task)| turns(task)))
    }

    /// The issues of a bridge on which an outcome is still on its way, and whether it closes them.
    pub(crate) fn turning(&mut self, bridge: &str) -> Result<BTreeMap<u64, bool>, Error> {
        let coop = &mut *self.coop;
        let tasks: Vec<(String, Task)> = all(&mut *coop.store, &coop.now.id, OUTBOX)?;
        let own = tasks.into_iter().filter(|(_, task)| task.bridge == bridge && task.call != Call::Support);
        Ok(own.map(|(_, task)| (task.issue, task.call == Call::Close)).collect())
    }

    /// Drops a task that waits. Returns it, and nothing where none waits under this number.
    ///
    /// # Errors
    /// A fault.
    pub fn drop_task(&mut self, number: u64, why: &str, now: Moment) -> Result<Option<Task>, Error> {
        let Some(mut task) = self.task(number)?.filter(|task| task.standing.is_open()) else { return Ok(None) };
        (task.standing, task.why) = (Standing::Dropped, Some(why.to_owned()));
        self.end_task(&mut task, now)?;
        Ok(Some(task))
    }

    /// Chooses what goes out by a bridge.
    ///
    /// # Errors
    /// A fault.
    pub fn put_outlet(&mut self, bridge: &str, outlet: &Outlet) -> Result<(), Error> {
        let json = serde_json::to_vec(outlet).map_err(|why| Error::Usage(why.to_string()))?;
        self.put(OUTLET, bridge.as_bytes(), &json)
    }

    /// Chooses what goes out by a bridge, and how often: from `now` on, where nothing of it went out before.
    ///
    /// # Errors
    /// The days are too few or too many, there is no such bridge, or a fault.
    pub fn choose_outlet(
        &mut self,
        bridge: &str,
        (close, comment, label): (bool, bool, bool),
        every_days: u32,
        by: Option<Pseudonym>,
        now: Moment,
    ) -> Result<Outlet, NoBridge> {
        if !(DAYS.0..=DAYS.2).contains(&every_days) {
            return Err(NoBridge::Asked(words::outbox::days_between(DAYS.0, DAYS.2)));
        }
        if self.bridge(bridge)?.is_none() {
            return Err(NoBridge::Asked(words::outbox::NOT_SINCE.to_owned()));
        }
        let before = self.outlet(bridge)?;
        let since_us = before.as_ref().filter(|before| before.is_on()).map_or(now.0, |before| before.since_us);
        let rest_us = before.map_or(0, |before| before.rest_us);
        let outlet = Outlet { close, comment, label, every_days, since_us, rest_us, by };
        self.put_outlet(bridge, &outlet)?;
        Ok(outlet)
    }

    /// Lets all tasks go that are held; how many.
    ///
    /// # Errors
    /// A fault.
    pub fn let_all_go(&mut self, now: Moment) -> Result<usize, Error> {
        let coop = &mut *self.coop;
        let tasks: Vec<(String, Task)> = all(&mut *coop.store, &coop.now.id, OUTBOX)?;
        let held: Vec<u64> = tasks
            .into_iter()
            .filter(|(_, task)| task.standing == Standing::Held)
            .map(|(_, task)| task.number)
            .collect();
        for number in &held {
            self.retry_task(*number, now)?;
        }
        Ok(held.len())
    }

    /// The outlet of a bridge.
    ///
    /// # Errors
    /// A fault.
    pub fn outlet(&mut self, bridge: &str) -> Result<Option<Outlet>, Error> {
        let coop = &mut *self.coop;
        one(&mut *coop.store, &coop.now.id, OUTLET, bridge)
    }

    /// Keeps a task that waits.
    fn put_task(&mut self, task: &Task) -> Result<(), Error> {
        let json = serde_json::to_vec(task).map_err(|why| Error::Usage(why.to_string()))?;
        self.put(OUTBOX, name_of(task.number).as_bytes(), &json)
    }

    /// Keeps a task that ended, and lets the oldest such one go. The forge is asked for its issue, since its words of meanwhile were passed over.
    fn end_task(&mut self, task: &mut Task, now: Moment) -> Result<(), Error> {
        if task.call != Call::Support {
            self.ask_issue(&task.bridge, task.issue, now)?;
        }
        task.ended_us = Some(now.0);
        let json = serde_json::to_vec(task).map_err(|why| Error::Usage(why.to_string()))?;
        let name = name_of(task.number);
        self.delete(OUTBOX, name.as_bytes())?;
        self.put(ENDED, name.as_bytes(), &json)?;
        if let Some(old) = task.number.checked_sub(MOST_ENDED) {
            self.delete(ENDED, name_of(old).as_bytes())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
