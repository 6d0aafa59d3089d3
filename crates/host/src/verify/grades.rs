//! The ground on which each act in a member's name stands: a device that the reader can trace to somebody they know, a device that the server says is
//! the member's, or the server's word alone. Source: `docs/spec/devices.md`, *What a verifier may say*.

use std::collections::{BTreeMap, BTreeSet};

use engine::act::{Act, CastBallot};
use engine::{Actor, MemberIndex, Pseudonym, State};
use serde::Serialize;
use views::device::six_words;

use crate::codec::is_at_the_desk;
use crate::follow::ReadEntry;

/// The grades of a log's acts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Grades {
    /// Acts that a device signed which the reader can trace to a member they named.
    pub confirmed: u64,
    /// Acts that a device signed of which the server says whose it is.
    pub signed: u64,
    /// Acts in members' names that nobody signed: the server's word. Those at the desk are not among them.
    pub servers_word: u64,
    /// Acts that the operator handed in, in members' names.
    pub desk: u64,
    /// Weight that ballots which stand have placed, in micro-weights, by the grade of the act that placed them.
    pub placed: Placed,
    /// All devices, in the order of enrolment.
    pub devices: Vec<Enrolled>,
    /// Members who signed, and whose only device the server enrolled.
    pub only_by_server: Vec<Pseudonym>,
    /// Devices that came past an older one of the same member: no older one has confirmed them.
    pub past_an_older: Vec<u64>,
}

/// Weight by grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// By acts that are confirmed.
    pub confirmed: u128,
    /// By acts that a device signed on the server's word.
    pub signed: u128,
    /// By all others.
    pub servers_word: u128,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enrolled {
    /// The entry that enrolled it.
    pub device: u64,
    /// Whose the log says it is.
    pub member: Pseudonym,
    /// The six words of its key.
    pub words: String,
    /// The older device that enrolled it.
    pub enrolled_by: Option<u64>,
    /// The devices that confirmed it.
    pub confirmed_by: Vec<u64>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// How many acts it signed.
    pub acts: u64,
    /// Weight that its standing ballots have placed.
    #[serde(skip)]
    placed: u128,
}

/// A member whom the reader knows, and the six words that they compared with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// Who.
    pub member: Pseudonym,
    /// The words; without them the member's first device is taken.
    pub words: Option<String>,
}

impl std::str::FromStr for Trusted {
    type Err = String;

    fn from_str(text: &str) -> Result<Trusted, String> {
        let (member, words) = match text.split_once(':') {
            Some((member, words)) => (member, Some(words.to_owned())),
            None => (text, None),
        };
        Ok(Trusted { member: member.parse()?, words })
    }
}

/// A ballot by what makes it one.
type Ballot = (Pseudonym, String, Option<String>, bool);

/// Grades as a log is read.
#[derive(Debug, Default)]
pub(crate) struct Grading {
    grades: Grades,
    acts: BTreeMap<u64, u64>,
    /// The device of each standing ballot that one signed.
    ballots: BTreeMap<Ballot, u64>,
}

impl Grading {
    /// Takes an entry that was carried out.
    pub(crate) fn note(&mut self, entry: &ReadEntry) {
        let in_a_members_name = match &entry.actor {
            Ok(Actor::Member(_)) => true,
            Ok(_) => is_at_the_desk(&entry.authority),
            Err(_) => false,
        };
        if !in_a_members_name {
            return;
        }
        let signed = entry.signed.as_ref().map(|read| read.as_given());
        if let Act::CastBallot(CastBallot { member, decision, item, against, .. }) = &entry.act {
            let ballot = (*member, decision.clone(), item.clone(), *against);
            match signed {
                Some(signed) => self.ballots.insert(ballot, signed.device),
                None if self.ballots.is_empty() => None,
                None => self.ballots.remove(&ballot),
            };
        }
        match signed {
            // A new key's own enrolment shows that somebody has it, and not who.
            Some(signed) if signed.is_by_itself() => self.grades.servers_word += 1,
            Some(signed) => *self.acts.entry(signed.device).or_insert(0) += 1,
            None if is_at_the_desk(&entry.authority) => self.grades.desk += 1,
            None => self.grades.servers_word += 1,
        }
    }

    /// Returns the grades at the end of a log; nothing of a log in which no device ever was.
    pub(crate) fn finish(self, coop: &str, state: &State) -> Grades {
        let Grading { mut grades, acts, ballots } = self;
        if state.devices.is_empty() {
            return Grades::default();
        }
        let mut placed: BTreeMap<u64, u128> = BTreeMap::new();
        for ballot in state.ballots.rows().iter().filter(|ballot| ballot.member != MemberIndex::NOBODY) {
            let weight = u128::from(state.weights.of(ballot.member)) * u128::from(ballot.share_ppm) / 1_000_000;
            let by = state.members.pseudonym(ballot.member).and_then(|who| ballots.get(&named(state, who, ballot)));
            match by {
                Some(device) => *placed.entry(*device).or_insert(0) += weight,
                None => grades.placed.servers_word += weight,
            }
        }
        for (entry, device) in state.devices.iter() {
            let Some(member) = state.members.pseudonym(device.member) else { continue };
            grades.devices.push(Enrolled {
                device: entry,
                member,
                words: six_words(coop, &device.public),
                enrolled_by: device.enrolled_by,
                confirmed_by: device.confirmed_by.iter().copied().collect(),
                revoked: device.revoked.is_some(),
                acts: acts.get(&entry).copied().unwrap_or(0),
                placed: placed.get(&entry).copied().unwrap_or(0),
            });
        }
        grades.list();
        grades.confirm(&[]);
        grades
    }
}

impl Grades {
    /// Whether no device ever was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.devices.is_empty()
    }

    /// Grades acts anew for a reader who knows some members. Without any, nothing is confirmed: an operator can make up members who confirm
    /// each other.
    pub fn confirm(&mut self, trusted: &[Trusted]) {
        let known = self.known(trusted);
        (self.confirmed, self.signed) = (0, 0);
        (self.placed.confirmed, self.placed.signed) = (0, 0);
        for one in &self.devices {
            let (acts, placed) = match known.contains(&one.device) {
                true => (&mut self.confirmed, &mut self.placed.confirmed),
                false => (&mut self.signed, &mut self.placed.signed),
            };
            *acts += one.acts;
            *placed += one.placed;
        }
    }

    /// The devices that a chain of confirmations leads to, from those of members whom the reader knows.
    #[must_use]
    pub fn known(&self, trusted: &[Trusted]) -> BTreeSet<u64> {
        let roots = trusted.iter().filter_map(|one| {
            let mut own = self.devices.iter().filter(|device| device.member == one.member);
            match &one.words {
                Some(words) => own.find(|device| device.words == *words),
                None => own.next(),
            }
        });
        let mut known: BTreeSet<u64> = roots.map(|device| device.device).collect();
        loop {
            let next = self.devices.iter().filter(|one| !known.contains(&one.device));
            let next = next.filter(|one| one.confirmed_by.iter().any(|by| known.contains(by)));
            let next: Vec<u64> = next.map(|one| one.device).collect();
            if next.is_empty() {
                return known;
            }
            known.extend(next);
        }
    }

    fn list(&mut self) {
        let of = |member: Pseudonym| self.devices.iter().filter(move |one| one.member == member);
        let is_vouched_for = |one: &Enrolled| of(one.member).any(|older| one.confirmed_by.contains(&older.device));
        let past = self.devices.iter().filter(|one| {
            let first = of(one.member).next().map(|first| first.device);
            first != Some(one.device) && !is_vouched_for(one)
        });
        let past: Vec<u64> = past.map(|one| one.device).collect();
        let mut only: Vec<Pseudonym> = self
            .devices
            .iter()
            .filter(|one| one.acts > 0 && one.enrolled_by.is_none() && of(one.member).count() == 1)
            .map(|one| one.member)
            .collect();
        only.dedup();
        (self.past_an_older, self.only_by_server) = (past, only);
    }
}

/// A standing ballot as the act that placed it named it.
fn named(state: &State, who: Pseudonym, ballot: &engine::ballot::Ballot) -> Ballot {
    let decision = state.decisions.get(ballot.decision);
    let name = decision.map_or_else(String::new, |one| one.name.clone());
    let item = decision.filter(|one| !one.scores_candidates()).and_then(|one| one.item_at(ballot.item()));
    let item = item.map(|item| item.id.to_string());
    (who, name, item, ballot.side.is_against())
}

#[cfg(test)]
mod tests;
