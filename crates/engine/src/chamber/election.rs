//! One election: candidates, holders, and the fill of buckets. Offices, bodies and documents share it, since they differ only in
//! who can stand and in the number of seats; a constitution is a document that holds rules.

pub(crate) mod act;
mod count;
mod mandate;
pub mod what_if;

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use charter::{Clause, Edition, Terms};
use imbl::OrdMap;
use quantity::{Broken, Moment, ensure};

use super::{Kind, Moved};
use crate::act::Pseudonym;
use crate::count::{Recount, SeatChange, SeatKind, Seats, Settling};
use crate::digest::Collect;
use crate::id::{CandidateId, MemberIndex};
use crate::outcome::Outcome;

/// Who or what can be elected, by its name in the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CandidateName {
    /// A member.
    Member(Pseudonym),
    /// A document: SHA-256 of its text, hex.
    Document(String),
}

impl CandidateName {
    /// The member, where it is one.
    #[must_use]
    pub fn member(&self) -> Option<Pseudonym> {
        if let CandidateName::Member(who) = self { Some(*who) } else { None }
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Not yet on the ballot: attention fills a level.
    Nominee,
    /// Can be voted for.
    Candidate,
    /// Dropped out, withdrew or left.
    Out,
}

/// One candidate. Their votes and bucket are in [`Election::seats`] at the same place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When they stood, or the text was proposed.
    pub stood_at: Moment,
    /// From edition 2 on: the first update since which a candidate without a seat has had no votes above 0.
    pub low_since: Option<Moment>,
    /// From edition 2 on: a text that has no place among those that count, and waits for one.
    pub waits: bool,
}

/// The numbers by which edition 2 measures an election, as of the last update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// The edition under which it was counted.
    pub edition: Edition,
    /// C, micro-votes.
    pub capacity: u128,
    /// How many updates there were in the last S.
    pub window: usize,
    /// A charter has changed S or the way of counting since: buckets keep their percentage at the next update.
    pub rescale: bool,
}

/// An election's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Election {
    /// The kind of seat.
    pub kind: SeatKind,
    /// The clause's terms.
    pub terms: Terms,
    /// The moment from which those terms apply: change times up to then are none of this election's.
    pub terms_since: Moment,
    /// Everyone who ever stood; places never change.
    pub candidates: Vec<Candidate>,
    #[serde(skip)]
    by_name: OrdMap<CandidateName, CandidateId>,
    /// Holders, votes and buckets.
    pub seats: Seats,
    /// F at the last update, micro-vote-seconds.
    pub bucket_size: u128,
    /// M at the last update, micro-vote-seconds.
    pub nomination_size: u128,
    /// When the holders last changed.
    pub changed_at: Option<Moment>,
    /// The numbers by which edition 2 measures.
    pub measures: Measures,
}

impl Election {
    pub(crate) fn new(kind: SeatKind, seats: u32, terms: Terms, at: Moment) -> Self {
        let holders = vec![None; seats.max(1) as usize];
        Election {
            kind,
            terms,
            terms_since: at,
            candidates: Vec::new(),
            by_name: OrdMap::new(),
            seats: Seats { holders, ..Seats::default() },
            bucket_size: 0,
            nomination_size: 0,
            changed_at: None,
            measures: Measures::default(),
        }
    }

    /// The numbers by which its buckets move at `at`, from edition 2 on.
    pub(crate) fn settling(&self, at: Moment) -> Settling {
        Settling {
            kind: self.kind,
            size: self.bucket_size,
            capacity: self.measures.capacity,
            settles_s: self.terms.settles_in.seconds(),
            window: self.measures.window,
            at,
        }
    }

    /// Carries out in `seats` what full buckets have earned, by the edition under which they were counted.
    pub(crate) fn changes_of(&self, seats: &mut Seats, at: Moment, now: &Recount) -> Vec<SeatChange> {
        if self.measures.edition < Edition::TWO {
            return seats.take_over(self.kind, self.bucket_size);
        }
        seats.change_hands(&self.settling(at), now)
    }

    /// An office, a body or a document.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.kind {
            SeatKind::Office => Kind::Office,
            SeatKind::Body => Kind::Body,
            SeatKind::Document => Kind::Document,
        }
    }

    /// The place of a candidate, also of one who is out.
    #[must_use]
    pub fn place(&self, name: &CandidateName) -> Option<CandidateId> {
        self.by_name.get(name).copied()
    }

    /// The place of a candidate by the name that ballots use.
    #[must_use]
    pub fn place_named(&self, name: &str) -> Option<CandidateId> {
        let name = match self.kind {
            SeatKind::Document => CandidateName::Document(name.to_owned()),
            SeatKind::Office | SeatKind::Body => CandidateName::Member(name.parse().ok()?),
        };
        self.place(&name)
    }

    /// Whether the candidate holds a seat.
    #[must_use]
    pub fn holds(&self, place: CandidateId) -> bool {
        self.seats.holds(place)
    }

    /// Holders by name, seat by seat.
    #[must_use]
    pub fn holders(&self) -> Vec<Option<&CandidateName>> {
        let name = |place: CandidateId| Some(&self.candidates.get(place.place())?.name);
        self.seats.holders.iter().map(|seat| seat.and_then(name)).collect()
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
                if let Some(candidate) = self.candidates.get_mut(place.place()) {
                    candidate.standing = Standing::Nominee;
                    candidate.proposer = proposer;
                    candidate.since = at;
                    candidate.level = 0;
                    candidate.attention = 0;
                    candidate.text = None;
                    candidate.stood_at = at;
                    candidate.low_since = None;
                    candidate.waits = false;
                }
            }
            None => {
                self.by_name.insert(name.clone(), CandidateId::at(self.candidates.len()));
                self.candidates.push(Candidate {
                    name,
                    proposer,
                    standing: Standing::Nominee,
                    since: at,
                    level: 0,
                    attention: 0,
                    text: None,
                    stood_at: at,
                    low_since: None,
                    waits: false,
                });
                self.seats.totals.push(None);
                self.seats.buckets.push(0);
            }
        }
    }

    /// The text of rules that stand, or of none.
    pub(crate) fn keep_text(&mut self, document: &str, text: Option<Arc<str>>) {
        let place = self.place(&CandidateName::Document(document.to_owned()));
        if let Some(candidate) = place.and_then(|place| self.candidates.get_mut(place.place())) {
            candidate.text = text;
        }
    }

    /// A document that is in force from the start.
    pub(crate) fn enter_holder(&mut self, name: CandidateName, at: Moment) {
        self.nominate(name, None, at);
        let place = CandidateId::at(self.candidates.len().saturating_sub(1));
        if let Some(candidate) = self.candidates.get_mut(place.place()) {
            candidate.standing = Standing::Candidate;
        }
        if let Some(seat) = self.seats.holders.first_mut() {
            *seat = Some(place);
        }
        self.seats.totals = vec![Some(0)];
        self.changed_at = Some(at);
    }

    /// Takes a candidate out; a seat they hold is vacant. They come back at an empty bucket.
    pub(crate) fn leave(&mut self, place: CandidateId, at: Moment) {
        if let Some(candidate) = self.candidates.get_mut(place.place()) {
            candidate.standing = Standing::Out;
            candidate.since = at;
            candidate.level = 0;
            candidate.attention = 0;
            candidate.text = None;
            candidate.low_since = None;
            candidate.waits = false;
        }
        self.seats.memory.forget(place);
        if let Some(total) = self.seats.totals.get_mut(place.place()) {
            *total = None;
        }
        if let Some(bucket) = self.seats.buckets.get_mut(place.place()) {
            *bucket = 0;
        }
        self.vacate(place, at);
    }

    fn vacate(&mut self, place: CandidateId, at: Moment) {
        let Seats { holders, nobody, memory, .. } = &mut self.seats;
        for (number, seat) in holders.iter_mut().enumerate().filter(|(_, seat)| **seat == Some(place)) {
            *seat = None;
            *nobody = 0;
            memory.free(number);
            self.changed_at = Some(at);
        }
    }

    pub(crate) fn index_anew(&mut self) {
        let named = self.candidates.iter().enumerate();
        self.by_name = named.map(|(place, one)| (one.name.clone(), CandidateId::at(place))).collect();
    }

    pub(crate) fn check(&self, name: &str) -> Result<(), Broken> {
        let (seats, known) = (&self.seats, self.candidates.len());
        ensure!(
            seats.totals.len() == known && seats.buckets.len() == known,
            "`{name}` has {known} candidates, {} totals and {} buckets",
            seats.totals.len(),
            seats.buckets.len()
        );
        let named = |(place, candidate): (usize, &Candidate)| {
            self.by_name.get(&candidate.name) == Some(&CandidateId::at(place))
        };
        ensure!(
            self.by_name.len() == known && self.candidates.iter().enumerate().all(named),
            "`{name}` does not know its candidates by their names"
        );
        let seated: Vec<CandidateId> = seats.holders.iter().flatten().copied().collect();
        for (at, holder) in seated.iter().enumerate() {
            let standing = self.candidates.get(holder.place()).map(|candidate| candidate.standing);
            ensure!(standing == Some(Standing::Candidate), "place {holder} holds `{name}` and is {standing:?}");
            ensure!(
                !seated.iter().skip(at.saturating_add(1)).any(|other| other == holder),
                "one holds two seats of `{name}`"
            );
        }
        let out = |candidate: &Candidate| candidate.standing == Standing::Out;
        for (candidate, (total, bucket)) in self.candidates.iter().zip(seats.totals.iter().zip(&seats.buckets)) {
            ensure!(*bucket <= self.bucket_size, "a bucket of `{name}` holds {bucket} of {}", self.bucket_size);
            ensure!(!out(candidate) || (total.is_none() && *bucket == 0), "one who is out of `{name}` has votes");
        }
        let of_nobody = seats.memory.nobody.iter().chain([&seats.nobody]);
        ensure!(of_nobody.max() <= Some(&self.bucket_size), "the bucket of nobody in `{name}` holds {}", seats.nobody);
        Ok(())
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.text(self.kind().word())
            .wide(self.bucket_size)
            .wide(self.nomination_size)
            .wide(self.seats.nobody)
            .number(self.changed_at.map_or(-1, |at| at.0))
            .number(self.terms_since.0);
        into.wide(self.seats.holders.len() as u128);
        for holder in &self.seats.holders {
            into.number(holder.map_or(-1, i128::from));
        }
        into.wide(self.candidates.len() as u128);
        let numbers = self.seats.totals.iter().zip(&self.seats.buckets);
        for (candidate, (total, bucket)) in self.candidates.iter().zip(numbers) {
            if let CandidateName::Document(hash) = &candidate.name {
                into.text(hash);
            }
            into.number(candidate.proposer.map_or(-1, i128::from))
                .number(candidate.standing as u8)
                .number(candidate.since.0)
                .wide(candidate.level)
                .number(candidate.attention);
            into.number(i128::from(total.is_some())).number(total.unwrap_or(0)).wide(*bucket);
        }
    }
}

impl Election {
    /// Its part of the section `settling`: numbers of edition 2 that the section `elections` does not have.
    pub(crate) fn collect_memory(&self, into: &mut Collect) {
        let memory = &self.seats.memory;
        into.wide(self.measures.capacity).wide(self.measures.window as u128).number(i128::from(self.measures.rescale));
        into.wide(memory.displaced_at.len() as u128);
        for (at, nobody) in memory.displaced_at.iter().zip(&memory.nobody) {
            into.number(at.map_or(-1, |at| at.0)).wide(*nobody);
        }
        into.wide(self.candidates.len() as u128);
        for (place, candidate) in self.candidates.iter().enumerate() {
            into.number(candidate.stood_at.0)
                .number(candidate.low_since.map_or(-1, |at| at.0))
                .number(i128::from(candidate.waits));
            let since = memory.full_since.get(place).copied().flatten();
            let words = memory.ahead.get(place).map_or(&[][..], |past| past.words());
            into.number(since.map_or(-1, |at| at.0)).column(words);
        }
    }

    /// Takes the clause's present terms; returns the members who lose a seat.
    pub(crate) fn renew_clause(&mut self, name: &str, clause: &Clause, at: Moment) -> Vec<Outcome> {
        if let Some(terms) = clause.terms() {
            self.renew(terms, at);
        }
        // A document is one seat that a text holds.
        let lost = self.have_seats(clause.seats().max(1), at).into_iter();
        lost.map(|from| Outcome::SeatVacated { decision: name.to_owned(), from: from.to_string() }).collect()
    }

    /// Everyone is out, and every seat vacant.
    pub(crate) fn close(&mut self, at: Moment) {
        for candidate in (0..self.candidates.len()).map(CandidateId::at) {
            self.leave(candidate, at);
        }
        self.seats.nobody = 0;
    }

    /// So many more votes and so much more attention by candidate, as if they had been counted.
    pub(crate) fn add_votes(&mut self, moved: &Moved) {
        for (place, total) in self.seats.totals.iter_mut().enumerate() {
            *total = total.map(|total| total.saturating_add(moved.votes(place)));
        }
        for (place, nominee) in self.candidates.iter_mut().enumerate() {
            nominee.attention = nominee.attention.saturating_add(moved.attention(place));
        }
    }

    /// Other terms. Change times up to now were counted by the old ones.
    pub(crate) fn renew(&mut self, terms: &charter::Terms, at: Moment) {
        if self.terms.changes != terms.changes {
            self.terms_since = at;
        }
        // docs/spec/elections.md, Buckets: they keep their percentage, not their votes.
        if self.terms.settles_in != terms.settles_in {
            self.measures.rescale = true;
        }
        self.terms = terms.clone();
    }

    /// Another number of seats: new ones are vacant; too many go from the lowest total up, vacant ones first, the later seat on
    /// equal totals. Who loses theirs stays a candidate and starts at an empty bucket.
    fn have_seats(&mut self, seats: u32, at: Moment) -> Vec<CandidateName> {
        let seats = usize::try_from(seats.max(1)).unwrap_or(usize::MAX);
        let mut lost = Vec::new();
        if self.seats.holders.len() < seats {
            self.seats.holders.resize(seats, None);
        }
        while self.seats.holders.len() > seats {
            let Some(from) = self.seats.drop_lowest() else {
                continue;
            };
            self.changed_at = Some(at);
            lost.extend(self.candidates.get(from.place()).map(|c| c.name.clone()));
        }
        lost
    }

    /// A text that holds the seat from now on, whoever held it.
    pub(crate) fn put_in_force(&mut self, document: &str, text: &str, at: Moment) {
        let name = CandidateName::Document(document.to_owned());
        let stands = |place: &CandidateId| {
            let candidate = self.candidates.get(place.place());
            candidate.is_some_and(|c| c.standing != Standing::Out)
        };
        if self.place(&name).filter(stands).is_none() {
            self.nominate(name.clone(), None, at);
        }
        let Some(place) = self.place(&name) else {
            return;
        };
        if let Some(candidate) = self.candidates.get_mut(place.place()) {
            candidate.standing = Standing::Candidate;
            candidate.text = Some(text.into());
        }
        self.seats.put(place);
        self.changed_at = Some(at);
    }
}

#[cfg(test)]
mod tests;
