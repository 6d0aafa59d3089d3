//! Acts of offices and bodies that wait: proposed ones until enough seats have agreed, announced ones until they take effect. From
//! edition 2 on. Not who has a power (`apply/authority`). Source: `docs/spec/powers.md`, Power with care.

pub(crate) mod act;
mod deed;
mod effect;
mod group;

use std::fmt;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

pub use group::Group;

use crate::act::{BookEntry, Deed, Pseudonym};
use crate::digest::Collect;
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::state::State;

/// The most acts that one member has proposed and that wait.
pub(crate) const MOST_PROPOSED: usize = 20;
/// The most proposed acts that wait, of everybody.
pub(crate) const MOST_WAITING: usize = 10_000;
/// The most announced acts of one office, body or list that wait.
pub(crate) const MOST_ANNOUNCED: usize = 1_000;
/// The time for which a proposed act waits, seconds: 30 days.
const PROPOSED_S: i64 = 30 * 86_400;

/// An act that waits for agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Whose act it will be.
    pub by: Group,
    /// The act.
    #[serde(with = "deed::as_json")]
    pub deed: Deed,
    /// Who proposed it.
    pub proposer: MemberIndex,
    /// Those who agree, the proposer too.
    pub agreed: OrdSet<MemberIndex>,
    /// When it was proposed.
    pub at: Moment,
}

impl Proposed {
    /// The moment at which it is over if not enough have agreed.
    #[must_use]
    pub fn lapses_at(&self) -> Moment {
        self.at.plus_seconds(PROPOSED_S)
    }
}

/// An act on the register or a list that takes effect later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Whose act it is.
    pub by: Group,
    /// The act.
    #[serde(with = "deed::as_json")]
    pub deed: Deed,
    /// Those who did it.
    pub agreed: OrdSet<MemberIndex>,
    /// How many had to agree, when it was announced.
    pub needed: u32,
    /// When.
    pub at: Moment,
    /// The decision whose candidates can hold it up: that of the seat, or the one that the list feeds.
    pub watched: DecisionId,
    /// The settling time of that decision when it was announced, seconds.
    pub settles_s: u64,
    /// C of that decision when it was announced, micro-votes; 0 where it had not been counted.
    pub capacity: u128,
    /// Those who were ahead by an eighth of C at every update from one whole period on, or until they took a seat; `None` before the
    /// first.
    pub ahead: Option<OrdSet<CandidateId>>,
}

impl Announced {
    /// The earliest moment at which it takes effect: two settling times later.
    #[must_use]
    pub fn due(&self) -> Moment {
        self.after(2)
    }

    /// The moment from which nobody holds it up any more: eight settling times later.
    #[must_use]
    pub fn latest(&self) -> Moment {
        self.after(8)
    }

    fn after(&self, times: u64) -> Moment {
        let seconds = self.settles_s.saturating_mul(times);
        self.at.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// Candidates who hold it up as things are.
    pub fn held_up_by(&self) -> impl Iterator<Item = CandidateId> + '_ {
        self.ahead.iter().flatten().copied()
    }
}

/// The acts of offices and bodies that wait, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Powers {
    /// How many numbers were given out; the first is 1.
    given: u64,
    proposed: OrdMap<u64, Proposed>,
    announced: OrdMap<u64, Announced>,
    /// Entries of the book that several made together, by the number of their act: for those who show the book.
    booked: OrdMap<u64, Arc<BookEntry>>,
}

impl Powers {
    /// Nothing ever waited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given == 0
    }

    /// The entry of the book that those who agreed to an act have made.
    #[must_use]
    pub fn booked(&self, number: u64) -> Option<&BookEntry> {
        self.booked.get(&number).map(|entry| &**entry)
    }

    /// Nothing waits now.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.proposed.is_empty() && self.announced.is_empty()
    }

    /// Proposed acts, in order.
    pub fn proposed(&self) -> impl Iterator<Item = (u64, &Proposed)> {
        self.proposed.iter().map(|(number, one)| (*number, one))
    }

    /// Announced acts, in order.
    pub fn announced(&self) -> impl Iterator<Item = (u64, &Announced)> {
        self.announced.iter().map(|(number, one)| (*number, one))
    }

    /// The proposed act with a number.
    #[must_use]
    pub fn proposed_act(&self, number: u64) -> Option<&Proposed> {
        self.proposed.get(&number)
    }

    /// The announced act with a number.
    #[must_use]
    pub fn announced_act(&self, number: u64) -> Option<&Announced> {
        self.announced.get(&number)
    }

    fn fresh(&mut self) -> u64 {
        self.given = self.given.saturating_add(1);
        self.given
    }
}

/// An act that waits or waited, as an outcome names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// Its number.
    pub number: u64,
    /// Whose act: a decision's path, `list NAME`, or `members`.
    pub by: String,
    /// The kind of act, as in the log.
    pub kind: String,
    /// The list, where it changes one.
    pub list: Option<String>,
    /// The member whom it admits, lists or strikes, or whose support it is about.
    pub member: Option<Pseudonym>,
}

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.by, self.kind)?;
        if let Some(list) = &self.list {
            write!(f, " {list}")?;
        }
        if let Some(member) = self.member {
            write!(f, " {member}")?;
        }
        Ok(())
    }
}

impl State {
    /// Names a waiting act for an outcome.
    pub(crate) fn waited(&self, number: u64, by: &Group, deed: &Deed) -> Waited {
        Waited {
            number,
            by: self.group_name(by),
            kind: deed.kind().to_owned(),
            list: deed.list().map(str::to_owned),
            member: deed.member().or_else(|| self.giver_of(deed)),
        }
    }

    /// The member whose support a deed takes back.
    fn giver_of(&self, deed: &Deed) -> Option<Pseudonym> {
        let Deed::ReverseSupport(act) = deed else {
            return None;
        };
        self.support.giver(&act.of).and_then(|who| self.members.pseudonym(who))
    }

    pub(crate) fn check_powers(&self) -> Result<(), Broken> {
        let known = |agreed: &OrdSet<MemberIndex>| agreed.iter().all(|who| who.place() < self.members.len());
        for (number, one) in self.powers.proposed() {
            ensure!(!one.agreed.is_empty() && known(&one.agreed), "nobody agrees to the proposed act {number}");
            ensure!(number <= self.powers.given, "the proposed act {number} has no number");
        }
        for (number, one) in self.powers.announced() {
            ensure!(known(&one.agreed), "somebody announced act {number} who never joined");
            ensure!(number <= self.powers.given, "the announced act {number} has no number");
        }
        Ok(())
    }

    /// The acts that wait, in the state hash. The log's own chain binds the words of acts.
    pub(crate) fn collect_powers(&self, into: &mut Collect) {
        into.number(self.powers.given).wide(self.powers.proposed.len() as u128);
        for (number, one) in self.powers.proposed() {
            into.number(number);
            self.collect_waiting(&one.by, &one.deed, &one.agreed, one.at, into);
            into.number(one.proposer);
        }
        into.wide(self.powers.announced.len() as u128);
        for (number, one) in self.powers.announced() {
            into.number(number);
            self.collect_waiting(&one.by, &one.deed, &one.agreed, one.at, into);
            into.number(one.needed).number(one.watched).number(one.settles_s).wide(one.capacity);
            into.number(one.ahead.as_ref().map_or(-1, |ahead| i128::try_from(ahead.len()).unwrap_or(i128::MAX)));
            for candidate in one.held_up_by() {
                into.number(candidate);
            }
        }
    }

    fn collect_waiting(&self, by: &Group, deed: &Deed, agreed: &OrdSet<MemberIndex>, at: Moment, into: &mut Collect) {
        let member = deed.member().and_then(|who| self.members.index(who));
        into.text(&self.group_name(by))
            .text(deed.kind())
            .text(deed.list().unwrap_or_default())
            .number(member.map_or(-1, i128::from))
            .number(at.0)
            .wide(agreed.len() as u128);
        for who in agreed {
            into.number(*who);
        }
    }
}

#[cfg(test)]
mod tests;
