//! How long each member has had weight: the heads that count where a kernel asks for a part of the members. Source:
//! `docs/spec/adoption.md`, Two keys. Not what they weigh (`weight`).

use std::sync::Arc;

use charter::{Heads, Of};
use imbl::OrdSet;
use quantity::{Broken, Column, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::digest::{Collect, Mix};
use crate::id::MemberIndex;
use crate::register::Members;
use crate::weight::Set;

/// How long before a text was proposed a member must have had weight first: 180 days, in microseconds.
const BEFORE_US: i64 = 180 * 86_400 * 1_000_000;
/// The founding period ends with the second update after the first at which two members have weight.
const FOUNDING_UPDATES: u64 = 2;

/// Everybody's time with weight, counted by updates since the log has been under edition 2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// By member; shorter than the register where nobody further on has ever had weight.
    rows: Column<Row>,
    digest: Mix,
    /// How many updates were counted.
    updates: u64,
    /// The number of the first of them at which two members had weight; 0 before it.
    two: u64,
    /// When the founding period ended.
    founded: Option<Moment>,
    /// Who has weight by their rows: an update looks at the rows of those alone who came or went. Made anew from the rows.
    #[serde(skip)]
    with_weight: Arc<Set>,
}

/// One member's time with weight. It changes only where weight comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// When they first had weight.
    first_at: Moment,
    /// The number of that update, from 1; 0 where they never had any.
    first: u64,
    /// The updates without weight since, where it has come back.
    gaps: u64,
    /// The number of the update since which they have had none; 0 where they have some.
    absent_since: u64,
}

const NEVER: Row = Row { first_at: Moment::LAST, first: 0, gaps: 0, absent_since: 0 };

impl Row {
    /// Whether they first had weight by `cutoff`, and had it at more than half of the updates since, that one included.
    fn counts(&self, cutoff: Moment, updates: u64) -> bool {
        let since = |first: u64| updates.saturating_sub(first).saturating_add(1);
        let absent = if self.absent_since > 0 { since(self.absent_since) } else { 0 };
        let all = since(self.first);
        let with = all.saturating_sub(self.gaps).saturating_sub(absent);
        self.first > 0 && self.first_at <= cutoff && with.saturating_mul(2) > all
    }

    /// Whether they have weight.
    fn has_weight(&self) -> bool {
        self.first > 0 && self.absent_since == 0
    }

    /// The row once weight has come or gone at the update with the number `now`.
    fn turned(self, at: Moment, now: u64) -> Row {
        if self.first == 0 {
            return Row { first_at: at, first: now, ..NEVER };
        }
        if self.absent_since == 0 {
            return Row { absent_since: now, ..self };
        }
        let gone = now.saturating_sub(self.absent_since);
        Row { gaps: self.gaps.saturating_add(gone), absent_since: 0, ..self }
    }

    fn bytes(&self, member: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(40);
        bytes.extend_from_slice(&(member as u64).to_le_bytes());
        bytes.extend_from_slice(&self.first_at.0.to_le_bytes());
        for number in [self.first, self.gaps, self.absent_since] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes
    }
}

impl Tenure {
    /// Whether no update was counted yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.updates == 0
    }

    /// Notes who has weight at an update.
    pub(crate) fn note(&mut self, weights: &[u64], at: Moment) {
        self.updates = self.updates.saturating_add(1);
        let now = self.updates;
        self.rows.lengthen(weights.len(), NEVER);
        let with = Set::with_weight(weights);
        if !self.with_weight.same(&with) {
            let before = std::mem::replace(&mut self.with_weight, Arc::new(with));
            let with = Arc::clone(&self.with_weight);
            for member in before.differing(&with) {
                if let Some(row) = self.rows.get(member).copied() {
                    self.put(member, row.turned(at, now));
                }
            }
        }
        if self.two == 0 && self.with_weight.count() >= 2 {
            self.two = now;
        }
        if self.two > 0 && now >= self.two.saturating_add(FOUNDING_UPDATES) {
            self.end_founding(at);
        }
    }

    /// The founding period is over, if it was not before.
    pub(crate) fn end_founding(&mut self, at: Moment) {
        self.founded = self.founded.or(Some(at));
    }

    /// Begins to count in a log that has been under edition 1: whoever has weight has had it since they joined, and the
    /// founding period is over.
    pub(crate) fn begin(&mut self, weights: &[u64], members: &Members, at: Moment) {
        *self = Tenure::default();
        self.note(weights, at);
        self.end_founding(at);
        for (member, _) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0) {
            if let (Some(row), Some(since)) = (self.rows.get(member).copied(), members.since(MemberIndex::at(member))) {
                self.put(member, Row { first_at: since.min(at), ..row });
            }
        }
    }

    fn put(&mut self, member: usize, row: Row) {
        if let Some(before) = self.rows.get(member).filter(|before| before.first > 0) {
            self.digest.take(&before.bytes(member));
        }
        self.digest.add(&row.bytes(member));
        self.rows.set(member, row);
    }

    /// Whether a member first had weight so long before `at`, or by the end of the founding period, and at more than half of the
    /// updates since.
    pub(crate) fn is_of_standing(&self, member: MemberIndex, at: Moment, before_us: i64) -> bool {
        let early = Moment(at.0.saturating_sub(before_us));
        let cutoff = self.founded.map_or(early, |founded| founded.max(early));
        self.rows.get(member.place()).is_some_and(|row| row.counts(cutoff, self.updates))
    }

    /// By when a member must have had weight first to be counted for a text proposed at `since`. Until the founding period is
    /// over everybody counts who has had any.
    fn cutoff(&self, since: Moment) -> Moment {
        let early = Moment(since.0.saturating_sub(BEFORE_US));
        self.founded.map_or(Moment::LAST, |founded| founded.max(early))
    }

    fn is_counted(&self, member: MemberIndex, cutoff: Moment, of: Of, members: &Members) -> bool {
        let row = self.rows.get(member.place());
        row.is_some_and(|row| row.counts(cutoff, self.updates))
            && members.is_active(member)
            && (of == Of::All || members.placed(member).ballots > 0)
    }

    /// How many of `assents` are counted for a text proposed at `since`, and how many members are.
    pub(crate) fn heads(&self, assents: &OrdSet<MemberIndex>, since: Moment, of: Of, members: &Members) -> [u64; 2] {
        let cutoff = self.cutoff(since);
        let counted = |member: &MemberIndex| self.is_counted(*member, cutoff, of, members);
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let all = (0..self.rows.len()).map(MemberIndex::at);
        [
            number(assents.iter().filter(|member| counted(member)).count()),
            number(all.filter(|one| counted(one)).count()),
        ]
    }

    /// Whether enough members assent to a text proposed at `since`, with how many do and how many there are.
    pub(crate) fn reaches(
        &self,
        key: Heads,
        assents: &OrdSet<MemberIndex>,
        since: Moment,
        members: &Members,
    ) -> (bool, [u64; 2]) {
        let heads = self.heads(assents, since, key.of, members);
        let [part, whole] = heads.map(u128::from);
        (key.part.is_reached(part, whole), heads)
    }

    /// Makes the set of those who have weight anew.
    pub(crate) fn index_anew(&mut self) {
        self.with_weight = Arc::new(self.by_rows());
    }

    fn by_rows(&self) -> Set {
        let weights: Vec<u64> = self.rows.iter().map(|row| u64::from(row.has_weight())).collect();
        Set::with_weight(&weights)
    }

    pub(crate) fn check(&self, members: usize) -> Result<(), Broken> {
        ensure!(self.rows.len() <= members, "{} of {members} members have had weight", self.rows.len());
        let mut digest = Mix::default();
        for (member, row) in self.rows.iter().enumerate().filter(|(_, row)| row.first > 0) {
            digest.add(&row.bytes(member));
            ensure!(row.first <= self.updates, "{member} had weight at an update that was not counted");
        }
        ensure!(digest == self.digest, "the digest of members' time with weight is of others");
        ensure!(self.with_weight.same(&self.by_rows()), "others have weight than by their rows");
        Ok(())
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.mix(&self.digest)
            .number(self.updates)
            .number(self.two)
            .number(self.founded.map_or(-1, |founded| founded.0));
    }
}

#[cfg(test)]
mod tests;
