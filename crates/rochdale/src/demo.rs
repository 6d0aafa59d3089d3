//! The demonstration: a real project's records replayed from 2017 to the end of 2025, governed by ballots made up for it.

mod money;
mod rules;
mod script;
pub mod story;

use std::fs;
use std::path::Path;

use bridges::{Fact, What};
use engine::edition::Edition;
use engine::{Actor, MemberIndex, State};
use host::inbox::{LogTime, Taken, take};
use host::{Batch, Charter, Coop, clock};
use quantity::{Moment, Zone, month_index, month_start};

use crate::exit::Exit;

const KERNEL: &str = include_str!("../../../demo/kernel.md");
/// The constitution at the founding, which another one replaced within a year.
const FIRST_CONSTITUTION: &str = include_str!("../../../demo/first-constitution.md");
/// The one of the years until money was shared out.
const SECOND_CONSTITUTION: &str = include_str!("../../../demo/second-constitution.md");
const CONSTITUTION: &str = include_str!("../../../demo/constitution.md");
const FILES: [(&str, &str, &[u8]); 3] = [
    ("open-collective-csv", "transactions.csv", include_bytes!("../../../demo/transactions.csv")),
    ("commits-csv", "commits.csv", include_bytes!("../../../demo/commits.csv")),
    ("github-issues", "issues.json", include_bytes!("../../../demo/issues.json")),
];

/// The edition in whose words its rules are written, and under which it is founded. The log is marked as long as that one is open.
const EDITION: Edition = Edition::FOUR;

/// The demonstration's co-op is founded on the first of January 2017.
const FIRST_YEAR: i32 = 2017;
/// Its log ends with the year 2025.
const LAST_YEAR: i32 = 2025;

/// Makes the demonstration in `folder` and opens it.
pub fn build(folder: &Path) -> Result<Coop, Exit> {
    let charter = Charter::read_under(KERNEL.to_owned(), FIRST_CONSTITUTION.to_owned(), EDITION)?;
    host::init(folder, &charter, true)?;
    let zone = charter.rules.kernel.zone.clone();
    let start = month_start(FIRST_YEAR * 12, &zone);
    let mut coop = Coop::open(folder, start)?;
    let facts = facts(folder)?;
    let mut batch = coop.batch()?;
    replay(&mut batch, facts, &zone)?;
    batch.commit()?;
    Ok(coop)
}

/// Returns every bundled fact by date, with the name of its file.
fn facts(folder: &Path) -> Result<Vec<(&'static str, Fact)>, Exit> {
    let mut facts = Vec::new();
    for (kind, name, bytes) in FILES {
        let path = folder.join(name);
        fs::write(&path, bytes)?;
        let kind = bridges::Kind::parse(kind).ok_or_else(|| Exit::world(format!("no kind `{kind}`")))?;
        let mut source =
            bridges::open(kind, &path, &mut |_, _| {}).map_err(|refused| Exit::world(refused.to_string()))?;
        let read = source.facts(&mut |fact| {
            facts.push((name, fact));
            std::ops::ControlFlow::Continue(())
        });
        read.map_err(|refused| Exit::world(refused.to_string()))?;
    }
    facts.sort_by_key(|(_, fact)| fact.at);
    Ok(facts)
}

fn replay(batch: &mut Batch<'_>, facts: Vec<(&'static str, Fact)>, zone: &Zone) -> Result<(), Exit> {
    let (issues, facts): (Vec<_>, Vec<_>) =
        facts.into_iter().partition(|(_, fact)| matches!(fact.what, What::Item { .. }));
    let commits = facts.iter().filter(|(file, _)| *file == "commits.csv").map(|(_, fact)| fact.clone()).collect();
    let mut facts = facts.into_iter().peekable();
    let mut script = script::Script::new(issues.into_iter().map(|(_, fact)| fact).collect(), commits);
    let mut taken = Taken::default();
    // The records have one made-up name for each person.
    batch.take_names_for_people();
    let founding = month_start(FIRST_YEAR * 12, zone);
    let now = clock::now();
    for month in FIRST_YEAR * 12..(LAST_YEAR + 1) * 12 {
        let begin = month_start(month, zone);
        script.month(batch, month, begin)?;
        let end = month_start(month + 1, zone);
        while let Some((file, fact)) = facts.next_if(|(_, fact)| fact.at < end) {
            let time = if fact.at < founding { LogTime::Now(founding) } else { LogTime::Replay { now } };
            take(batch, file, &fact, time, &mut taken)?;
        }
    }
    let last = Moment(month_start((LAST_YEAR + 1) * 12, zone).0 - 1);
    debug_assert_eq!(month_index(last, zone), (LAST_YEAR + 1) * 12 - 1);
    batch.run_due(last)?;
    Ok(())
}

/// The actor of the demonstration's acts.
const ACTOR: Actor = Actor::Demonstration;

/// Returns the member called `name`, admitted if need be.
fn member(batch: &mut Batch<'_>, name: &str, at: Moment) -> Result<engine::Pseudonym, Exit> {
    let person = host::Person { name: name.to_owned(), ..host::Person::default() };
    Ok(batch.member_for(&person, ACTOR, at)?)
}

/// Members with weight at the last update, by index.
fn weighty(state: &State) -> Vec<MemberIndex> {
    state.members.indices().filter(|member| state.weights.of(*member) > 0).collect()
}

#[cfg(test)]
mod tests;
