//! Joins: two records of the register that are said to be one person. Support moves from the one to the other, and nothing else.
//! From edition 3 on. Not who was found to be whom outside (that is beside the log). Source: `docs/spec/people.md`.

pub(crate) mod act;
mod effect;

use std::fmt;

use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::Pseudonym;
use crate::digest::{Collect, Mix};
use crate::id::MemberIndex;
use crate::state::State;

/// The most records that are joined into one, or wait to be.
const MOST_INTO: usize = 10;
/// The most joins that wait, of everybody.
const MOST_WAITING: usize = 10_000;
/// The most pairs that are remembered as two people.
const MOST_APART: usize = 100_000;
/// The time between the announcement of a join and its effect, seconds: 7 days.
const ANNOUNCED_S: i64 = 7 * 86_400;
/// The time for which a join waits for both to say yes, seconds: 90 days.
const ASKED_S: i64 = 90 * 86_400;

/// How far a join has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Both must say yes.
    Asked,
    /// It takes effect at the first update 7 days later.
    Announced,
    /// Support has moved.
    Joined,
    /// Support goes back at the first update 7 days later.
    Parting,
}

/// A join of a record into another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The record that stays.
    pub into: MemberIndex,
    /// How far it has come.
    pub stage: Stage,
    /// Since when it is at this stage.
    pub at: Moment,
    /// Those of the two who have said yes.
    pub agreed: OrdSet<MemberIndex>,
    /// Whether both must, as the act said.
    ask_both: bool,
    /// The records that moved, by the number of their sources: they go back if it is taken back.
    records: OrdSet<u64>,
    /// The lists that the record that went was on.
    lists: OrdSet<String>,
}

impl Join {
    /// The earliest moment at which it takes effect, or is undone.
    #[must_use]
    pub fn due(&self) -> Moment {
        self.at.plus_seconds(ANNOUNCED_S)
    }

    /// The moment at which it is over if not both have said yes.
    #[must_use]
    pub fn lapses_at(&self) -> Moment {
        self.at.plus_seconds(ASKED_S)
    }

    /// How many records have moved.
    #[must_use]
    pub fn moved(&self) -> usize {
        self.records.len()
    }

    fn agree_both(&self, from: MemberIndex) -> bool {
        self.agreed.contains(&from) && self.agreed.contains(&self.into)
    }

    fn waits(&self) -> bool {
        matches!(self.stage, Stage::Asked | Stage::Announced)
    }

    fn has_moved(&self) -> bool {
        matches!(self.stage, Stage::Joined | Stage::Parting)
    }
}

/// All joins, by the record that goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joins {
    of: OrdMap<MemberIndex, Join>,
    /// Pairs of which the first has said that they are two people.
    apart: OrdSet<(MemberIndex, MemberIndex)>,
    /// Those who have ever handed in an act of their own, other than a word about a join: they join by their own word alone.
    there: OrdSet<MemberIndex>,
    there_sum: Mix,
}

impl Joins {
    /// Nothing was ever joined or kept apart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty() && self.apart.is_empty() && self.there.is_empty()
    }

    /// Notes that somebody has acted as a member.
    pub(crate) fn note_there(&mut self, member: MemberIndex) {
        if self.there.insert(member).is_none() {
            self.there_sum.add(&(member.place() as u64).to_le_bytes());
        }
    }

    /// The join of a record into another.
    #[must_use]
    pub fn of(&self, from: MemberIndex) -> Option<&Join> {
        self.of.get(&from)
    }

    /// Every join, by the record that goes, in order of admission.
    pub fn all(&self) -> impl Iterator<Item = (MemberIndex, &Join)> {
        self.of.iter().map(|(from, join)| (*from, join))
    }

    /// The joins into a record.
    pub fn joined_into(&self, into: MemberIndex) -> impl Iterator<Item = (MemberIndex, &Join)> {
        self.all().filter(move |(_, join)| join.into == into)
    }

    /// The member to whom the support of a record has moved: itself where it has not.
    #[must_use]
    pub fn holder(&self, member: MemberIndex) -> MemberIndex {
        self.of.get(&member).filter(|join| join.has_moved()).map_or(member, |join| join.into)
    }

    /// Whether one of both has said that they are two people.
    #[must_use]
    pub fn are_two(&self, one: MemberIndex, other: MemberIndex) -> bool {
        self.apart.contains(&(one, other)) || self.apart.contains(&(other, one))
    }

    /// Notes a record that came for a record that went.
    pub(crate) fn note_moved(&mut self, from: MemberIndex, source: u64) {
        if let Some(join) = self.of.get_mut(&from) {
            join.records.insert(source);
        }
    }

    /// Ends what waits for somebody who leaves.
    pub(crate) fn forget(&mut self, gone: MemberIndex) {
        self.of =
            self.all().filter(|(from, join)| !join.waits() || (*from != gone && join.into != gone)).map(own).collect();
    }

    /// docs/spec/updates.md, Named sections, `joins`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.of.len() as u128);
        for (from, join) in self.all() {
            into.number(from).number(join.into).number(join.stage as u8).number(join.at.0);
            into.number(u32::from(join.ask_both)).wide(join.agreed.len() as u128);
            for who in &join.agreed {
                into.number(*who);
            }
            into.wide(join.records.len() as u128);
            for source in &join.records {
                into.number(*source);
            }
            into.wide(join.lists.len() as u128);
            for list in &join.lists {
                into.text(list);
            }
        }
        into.wide(self.apart.len() as u128);
        for (who, other) in &self.apart {
            into.number(*who).number(*other);
        }
        into.wide(self.there.len() as u128).mix(&self.there_sum);
    }

    pub(crate) fn check(&self, members: &super::Members) -> Result<(), Broken> {
        for (from, join) in self.all() {
            ensure!(from != join.into && from.place() < members.len(), "{from} is joined into itself");
            ensure!(!self.of.contains_key(&join.into), "{from} is joined through a third record");
            ensure!(join.has_moved() != members.is_active(from), "{from} is joined and a member, or neither");
            ensure!(join.has_moved() || join.records.is_empty(), "records of {from} have moved before their time");
        }
        Ok(())
    }
}

fn own((from, join): (MemberIndex, &Join)) -> (MemberIndex, Join) {
    (from, join.clone())
}

/// A join, as an outcome names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The record that goes.
    pub from: Pseudonym,
    /// The one that stays.
    pub into: Pseudonym,
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.from, self.into)
    }
}

impl State {
    /// Whether somebody has ever acted as this member. From before edition 3 the state shows those who found, stand, vote, assent or go.
    #[must_use]
    pub fn acts_themselves(&self, member: MemberIndex) -> bool {
        let Some(pseudonym) = self.members.pseudonym(member) else {
            return false;
        };
        self.joins.there.contains(&member)
            || self.founders().any(|founder| founder == member)
            || self.members.placed(member).ballots > 0
            || self.stood_for(pseudonym).next().is_some()
            || self.claims.waiting().any(|(_, claim)| claim.member == member)
            || self.amendment.proposals.iter().any(|one| one.assents.contains(&member))
            || self.forks.open().iter().any(|fork| fork.going.contains(&member))
    }

    /// The member to whom records of a member go now, by pseudonym.
    #[must_use]
    pub fn holder(&self, member: Pseudonym) -> Pseudonym {
        let holder = self.members.index(member).and_then(|index| self.members.pseudonym(self.joins.holder(index)));
        holder.unwrap_or(member)
    }

    fn pair(&self, from: MemberIndex, into: MemberIndex) -> Pair {
        let pseudonym = |member| self.members.pseudonym(member).unwrap_or(Pseudonym(0));
        Pair { from: pseudonym(from), into: pseudonym(into) }
    }

    /// Whether a join still needs the word of both.
    fn needs_both(&self, from: MemberIndex, join: &Join) -> bool {
        let somebody = join.ask_both || self.acts_themselves(from) || self.acts_themselves(join.into);
        somebody && !join.agree_both(from)
    }
}

#[cfg(test)]
mod tests;
