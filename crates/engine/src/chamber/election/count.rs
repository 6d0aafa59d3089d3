//! An update and a change time of one election. Source: `docs/spec/elections.md`.

use charter::Edition;
use quantity::{Broken, Moment, ensure};

use super::{Election, Measures, Standing};
use crate::chamber::Counted;
use crate::count::{Recount, flow};
use crate::id::CandidateId;
use crate::outcome::Outcome;

impl Election {
    /// Nominations, then votes, then buckets. `capacity` is C.
    pub(crate) fn count(&mut self, name: &str, capacity: u128, by: &Counted<'_>) -> Vec<Outcome> {
        if by.edition >= Edition::TWO {
            return self.count_by_mandate(name, capacity, by);
        }
        self.measures = Measures::default();
        // F = S × C, and M = ν × C × Δ × (1 + candidates ÷ 10), by those who stand before this update lets anybody in.
        self.bucket_size = capacity.saturating_mul(u128::from(self.terms.settles_in.seconds()));
        let standing = u128::try_from(self.candidate_count()).unwrap_or(u128::MAX);
        self.nomination_size = capacity
            .saturating_mul(u128::from(self.terms.nominated_by_ppm))
            .saturating_mul(u128::from(by.period_s))
            .saturating_mul(standing.saturating_add(10))
            / 10_000_000;
        let outcomes = self.count_nominees(name, by);
        // A new candidate gets votes in the same update.
        for (target, (candidate, total)) in self.candidates.iter().zip(&mut self.seats.totals).enumerate() {
            *total = (candidate.standing == Standing::Candidate).then(|| by.tally.support(by.place, target).net());
        }
        let (kind, size) = (self.kind, self.bucket_size);
        self.seats.pour(kind, by.period_s, size);
        outcomes
    }

    /// Levels rise and fall by attention: a full one makes a candidate, an empty one ends the nomination.
    fn count_nominees(&mut self, name: &str, by: &Counted<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let size = self.nomination_size;
        let nominees = self.candidates.iter_mut().enumerate();
        for (target, candidate) in nominees.filter(|(_, candidate)| candidate.standing == Standing::Nominee) {
            // A ballot that scored somebody who has stood before counts as attention.
            let (attention, support) = (by.tally.attention(by.place, target), by.tally.support(by.place, target));
            candidate.attention = attention.net().saturating_add(support.net());
            candidate.level = flow(candidate.level, candidate.attention, by.period_s, size);
            // While nobody has weight nothing is full and nothing is empty.
            if size == 0 || (candidate.level > 0 && candidate.level < size) {
                continue;
            }
            candidate.since = by.at;
            let (decision, newcomer) = (name.to_owned(), candidate.name.to_string());
            outcomes.push(if candidate.level >= size {
                candidate.standing = Standing::Candidate;
                Outcome::CandidateEntered { decision, candidate: newcomer }
            } else {
                candidate.standing = Standing::Out;
                candidate.text = None;
                Outcome::NomineeDropped { decision, candidate: newcomer }
            });
        }
        outcomes
    }

    /// Carries out what full buckets have earned at a change time.
    pub(crate) fn take_over(&mut self, decision: &str, at: Moment, now: &Recount) -> Result<Vec<Outcome>, Broken> {
        let mut seats = std::mem::take(&mut self.seats);
        let changes = self.changes_of(&mut seats, at, now);
        self.seats = seats;
        self.changed_at = if changes.is_empty() { self.changed_at } else { Some(at) };
        let may_sit = |place: CandidateId| {
            self.candidates.get(place.place()).is_some_and(|one| one.standing == Standing::Candidate)
        };
        for winner in changes.iter().filter_map(|change| change.to) {
            ensure!(may_sit(winner), "who cannot be voted for takes over `{decision}`: place {winner}");
        }
        let name =
            |place: CandidateId| self.candidates.get(place.place()).map(|one| one.name.to_string()).unwrap_or_default();
        let told = changes.into_iter().filter_map(|change| {
            let (decision, from) = (decision.to_owned(), change.from.map(name));
            match change.to.map(name) {
                Some(candidate) => Some(Outcome::SeatTaken { decision, candidate, from }),
                None => Some(Outcome::SeatVacated { decision, from: from? }),
            }
        });
        Ok(told.collect())
    }
}
