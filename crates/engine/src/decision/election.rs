//! One election: who stands, who holds, how full the buckets are.

use std::sync::Arc;

use charter::Terms;
use quantity::Moment;

use crate::act::Pseudonym;
use crate::digest::Collect;
use crate::member::MemberIndex;
use crate::settle::{SeatKind, Seats};

/// Who or what can be elected, by its name in the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateName {
    /// A member.
    Member(Pseudonym),
    /// A document: SHA-256 of its text, hex.
    Document(String),
}

impl std::fmt::Display for CandidateName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CandidateName::Member(pseudonym) => pseudonym.fmt(f),
            CandidateName::Document(hash) => f.write_str(hash),
        }
    }
}

/// Where a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet on the ballot: attention fills a level.
    Nominee,
    /// Can be voted for.
    Candidate,
    /// Dropped out, withdrew or left.
    Out,
}

/// One candidate. Their votes and bucket stand in [`Election::seats`] at the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who or what.
    pub name: CandidateName,
    /// Who proposed it: the member themselves for a person.
    pub proposer: Option<MemberIndex>,
    /// Where they stand.
    pub standing: Standing,
    /// Since when.
    pub since: Moment,
    /// m: attention so far, micro-vote-seconds.
    pub level: u128,
    /// Attention at the last update, micro-votes.
    pub attention: i128,
    /// The text of rules that stand or are in force; `None` for everything else.
    pub text: Option<Arc<str>>,
}

/// An election's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// What is elected.
    pub kind: SeatKind,
    /// The clause's terms.
    pub terms: Terms,
    /// Since when those terms stand: change times up to then are none of this election's.
    pub terms_since: Moment,
    /// Everyone who ever stood; places never change.
    pub candidates: Vec<Candidate>,
    /// Holders, votes and buckets.
    pub seats: Seats,
    /// F at the last update, micro-vote-seconds.
    pub bucket_size: u128,
    /// M at the last update, micro-vote-seconds.
    pub nomination_size: u128,
    /// When the holders last changed.
    pub changed_at: Option<Moment>,
}

impl Election {
    pub(crate) fn new(kind: SeatKind, seats: u32, terms: Terms, at: Moment) -> Self {
        let holders = vec![None; seats.max(1) as usize];
        Election {
            kind,
            terms,
            terms_since: at,
            candidates: Vec::new(),
            seats: Seats { holders, ..Seats::default() },
            bucket_size: 0,
            nomination_size: 0,
            changed_at: None,
        }
    }

    /// `office`, `body` or `document`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            SeatKind::Office => "office",
            SeatKind::Body => "body",
            SeatKind::Document => "document",
        }
    }

    /// The place of a candidate, also of one who is out.
    #[must_use]
    pub fn place(&self, name: &CandidateName) -> Option<usize> {
        self.candidates.iter().position(|candidate| &candidate.name == name)
    }

    /// The place of a candidate by the name that ballots use.
    #[must_use]
    pub fn place_named(&self, name: &str) -> Option<usize> {
        let name = match self.kind {
            SeatKind::Document => CandidateName::Document(name.to_owned()),
            SeatKind::Office | SeatKind::Body => CandidateName::Member(name.parse().ok()?),
        };
        self.place(&name)
    }

    /// Whether the candidate holds a seat.
    #[must_use]
    pub fn holds(&self, place: usize) -> bool {
        self.seats.holders.contains(&Some(place))
    }

    /// Holders by name, seat by seat.
    #[must_use]
    pub fn holders(&self) -> Vec<Option<&CandidateName>> {
        self.seats.holders.iter().map(|seat| seat.and_then(|place| Some(&self.candidates.get(place)?.name))).collect()
    }

    /// How many can be voted for now.
    #[must_use]
    pub fn candidate_count(&self) -> usize {
        self.candidates.iter().filter(|candidate| candidate.standing == Standing::Candidate).count()
    }

    /// A newcomer starts as a nominee; one who was out starts again with empty level and bucket.
    pub(crate) fn nominate(&mut self, name: CandidateName, proposer: Option<MemberIndex>, at: Moment) {
        match self.place(&name) {
            Some(place) => {
                if let Some(candidate) = self.candidates.get_mut(place) {
                    candidate.standing = Standing::Nominee;
                    candidate.proposer = proposer;
                    candidate.since = at;
                    candidate.level = 0;
                    candidate.attention = 0;
                    candidate.text = None;
                }
            }
            None => {
                self.candidates.push(Candidate {
                    name,
                    proposer,
                    standing: Standing::Nominee,
                    since: at,
                    level: 0,
                    attention: 0,
                    text: None,
                });
                self.seats.totals.push(None);
                self.seats.buckets.push(0);
            }
        }
    }

    /// The text of rules that stand, or of none.
    pub(crate) fn keep_text(&mut self, document: &str, text: Option<Arc<str>>) {
        let place = self.place(&CandidateName::Document(document.to_owned()));
        if let Some(candidate) = place.and_then(|place| self.candidates.get_mut(place)) {
            candidate.text = text;
        }
    }

    /// A document that is in force from the start.
    pub(crate) fn enter_holder(&mut self, name: CandidateName, at: Moment) {
        self.nominate(name, None, at);
        let place = self.candidates.len().saturating_sub(1);
        if let Some(candidate) = self.candidates.get_mut(place) {
            candidate.standing = Standing::Candidate;
        }
        if let Some(seat) = self.seats.holders.first_mut() {
            *seat = Some(place);
        }
        self.seats.totals = vec![Some(0)];
        self.changed_at = Some(at);
    }

    /// Takes a candidate out; a seat they hold is vacant. They come back at an empty bucket.
    pub(crate) fn leave(&mut self, place: usize, at: Moment) {
        if let Some(candidate) = self.candidates.get_mut(place) {
            candidate.standing = Standing::Out;
            candidate.since = at;
            candidate.level = 0;
            candidate.attention = 0;
            candidate.text = None;
        }
        if let Some(total) = self.seats.totals.get_mut(place) {
            *total = None;
        }
        if let Some(bucket) = self.seats.buckets.get_mut(place) {
            *bucket = 0;
        }
        self.vacate(place, at);
    }

    fn vacate(&mut self, place: usize, at: Moment) {
        for seat in self.seats.holders.iter_mut().filter(|seat| **seat == Some(place)) {
            *seat = None;
            self.seats.nobody = 0;
            self.changed_at = Some(at);
        }
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.text(self.kind_name())
            .wide(self.bucket_size)
            .wide(self.nomination_size)
            .wide(self.seats.nobody)
            .number(self.changed_at.map_or(-1, |at| at.0))
            .number(self.terms_since.0);
        into.wide(self.seats.holders.len() as u128);
        for holder in &self.seats.holders {
            into.number(holder.map_or(-1, |place| i128::try_from(place).unwrap_or(i128::MAX)));
        }
        into.wide(self.candidates.len() as u128);
        let numbers = self.seats.totals.iter().zip(&self.seats.buckets);
        for (candidate, (total, bucket)) in self.candidates.iter().zip(numbers) {
            if let CandidateName::Document(hash) = &candidate.name {
                into.text(hash);
            }
            into.number(candidate.proposer.map_or(-1, i64::from))
                .number(candidate.standing as u8)
                .number(candidate.since.0)
                .wide(candidate.level)
                .number(candidate.attention);
            into.number(i128::from(total.is_some())).number(total.unwrap_or(0)).wide(*bucket);
        }
    }
}

#[cfg(test)]
mod tests;
