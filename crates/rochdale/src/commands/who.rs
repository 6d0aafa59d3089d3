//! `rochdale who`: pairs of members who may be one person, and the answer to one of them. The engine says what an answer does.

use std::path::{Path, PathBuf};

use engine::{Actor, Pseudonym};
use host::{Answer, Batch, Evidence, Snapshot, clock};
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Who {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// These two are one person: names, mail addresses or pseudonyms
    #[arg(long, num_args = 2, value_names = ["ONE", "OTHER"], conflicts_with_all = ["two", "later"])]
    same: Option<Vec<String>>,
    /// These two are two people; a join of theirs is stopped, or taken back
    #[arg(long, num_args = 2, value_names = ["ONE", "OTHER"], conflicts_with = "later")]
    two: Option<Vec<String>>,
    /// Ask about these two after the others
    #[arg(long, num_args = 2, value_names = ["ONE", "OTHER"])]
    later: Option<Vec<String>>,
    /// As whom: one of the two, or a holder who may admit members; the operator without one
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Who {
    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        self.said().map(|_| &*self.dir)
    }

    fn said(&self) -> Option<(&[String], Answer)> {
        let said = [(&self.same, Answer::Same), (&self.two, Answer::Two), (&self.later, Answer::Later)];
        said.into_iter().find_map(|(pair, answer)| Some((pair.as_deref()?, answer)))
    }

    pub fn run(&self, caller: &Caller) -> Result<(), Exit> {
        match self.said() {
            Some(([one, other], answer)) => self.answer(caller, (one.clone(), other.clone()), answer),
            _ => self.list(),
        }
    }

    fn answer(&self, caller: &Caller, (one, other): (String, String), answer: Answer) -> Result<(), Exit> {
        let mut coop = caller.write(&self.dir)?;
        let (now, holder) = (clock::now(), self.member.clone());
        let act = coop.write(move |batch| {
            let (one, other) = (named(batch, &one)?, named(batch, &other)?);
            let actor = match &holder {
                Some(holder) => Actor::Desk(named(batch, holder)?),
                None => Actor::Operator,
            };
            Ok::<_, Exit>(batch.answer_who(one, other, answer, actor, now)?)
        })?;
        let kind = act.as_ref().map(|act| act.kind());
        if self.json {
            return caller.print_json(&json!({ "act": kind }));
        }
        caller.print(match kind {
            Some("propose_act") => "It is proposed: the other seats are asked.\n",
            Some("take_back_join") => "It is taken back.\n",
            Some(_) => "It is said. `rochdale who` lists what comes next.\n",
            None => "It is noted.\n",
        })
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let pairs = coop.maybe_one()?;
        let sight = coop.sight(clock::now());
        let joins = views::joins(&sight);
        if self.json {
            return print_json(&json!({ "pairs": pairs, "joins": joins }));
        }
        let mut words = String::new();
        if !pairs.is_empty() {
            let mut rows = vec![["may be one person", "", "", "", "both have"].map(str::to_owned).to_vec()];
            rows.extend(pairs.iter().map(|pair| {
                let by = if pair.by == Evidence::Address { "an address" } else { "a name" };
                let (one, other) = (cells(&coop, pair.one), cells(&coop, pair.other));
                one.into_iter().chain(other).chain([by.to_owned()]).collect()
            }));
            words.push_str(&table(&rows));
        }
        for join in &joins {
            words.push_str(&format!("{} ({} into {})\n", join.words, join.from, join.into));
        }
        print(if words.is_empty() { "nothing is asked, and nobody is joined\n" } else { &words })
    }
}

fn cells(coop: &Snapshot, member: Pseudonym) -> [String; 2] {
    [coop.directory().name(member), member.to_string()]
}

fn named(batch: &mut Batch<'_>, name: &str) -> Result<Pseudonym, Exit> {
    batch.find_member(name)?.ok_or_else(|| Exit::no(format!("nobody here is called `{name}`")))
}
