//! An update of one election under edition 2: places, nominations, votes, buckets, and candidates whom nobody wants. Edition 1's is in
//! `count`. Source: `docs/spec/elections.md`.

use quantity::mul_div;

use super::{Candidate, Election, Measures, Standing};
use crate::chamber::Counted;
use crate::count::{SeatKind, Votes, flow};
use crate::id::CandidateId;
use crate::outcome::Outcome;

/// The texts that count in one election, beside the one in force.
pub(crate) const MOST_TEXTS: usize = 100;
/// How long a text without a place waits for one, and how long a candidate without votes stays at least: 30 days.
const THIRTY_DAYS_S: u64 = 2_592_000;
/// How long a nominee without attention stays at least: 7 days.
const WEEK_S: u64 = 604_800;

impl Election {
    /// Places, nominations, votes, buckets; then those leave who had no votes for too long. `capacity` is C.
    pub(super) fn count_by_mandate(&mut self, name: &str, capacity: u128, by: &Counted<'_>) -> Vec<Outcome> {
        let settles_s = self.terms.settles_in.seconds();
        let before = self.bucket_size;
        let told = self.past_a_quarter();
        self.refunds_leave(by.refunds);
        self.bucket_size = capacity.saturating_mul(u128::from(settles_s));
        self.keep_percentages(before);
        let within = by.recent.iter().filter(|at| by.at.seconds_since(**at) < settles_s).count();
        self.measures = Measures { edition: by.edition, capacity, window: within.max(1), rescale: false };
        let mut outcomes = self.count_options(name, capacity, by, false);
        let settling = self.settling(by.at);
        self.seats.pour_by(&settling, by.period_s);
        outcomes.extend(self.gains(name, &told));
        outcomes.extend(self.let_go(name, by));
        outcomes
    }

    /// Places, nominations unless nobody enters now, and votes. `capacity` is C.
    pub(in crate::chamber) fn count_options(
        &mut self,
        name: &str,
        capacity: u128,
        by: &Counted<'_>,
        frozen: bool,
    ) -> Vec<Outcome> {
        let standing = u128::try_from(self.candidate_count()).unwrap_or(u128::MAX);
        self.nomination_size = capacity
            .saturating_mul(u128::from(self.terms.nominated_by_ppm))
            .saturating_mul(u128::from(by.period_s))
            .saturating_mul(standing.saturating_add(10))
            / 10_000_000;
        let mut outcomes = self.give_places(name, by);
        if !frozen {
            outcomes.extend(self.count_attention(name, by));
        }
        for (target, (candidate, total)) in self.candidates.iter().zip(&mut self.seats.totals).enumerate() {
            let counts = candidate.standing == Standing::Candidate && !candidate.waits;
            *total = counts.then(|| by.tally.support(by.place, target).net());
        }
        outcomes
    }

    /// Whose bucket is a quarter full or more, by candidate; and whether one of nobody is.
    fn past_a_quarter(&self) -> (Vec<bool>, bool) {
        let size = self.bucket_size;
        let past = |bucket: &u128| size > 0 && bucket.saturating_mul(4) >= size;
        let of_nobody = self.seats.memory.nobody.iter().chain([&self.seats.nobody]).any(past);
        (self.seats.buckets.iter().map(past).collect(), of_nobody)
    }

    /// Tells of each bucket that has passed a quarter since the last update, so that nobody is surprised by a change.
    fn gains(&self, name: &str, (told, nobody_told): &(Vec<bool>, bool)) -> Vec<Outcome> {
        let (past, nobody_past) = self.past_a_quarter();
        let gains = |candidate: String| Outcome::ChallengerGains { decision: name.to_owned(), candidate };
        let challengers = self.candidates.iter().zip(past.iter().zip(told));
        let challengers = challengers.filter(|(_, (past, told))| **past && !**told);
        let challengers = challengers.map(|(one, _)| gains(one.name.to_string()));
        let nobody = (nobody_past && !nobody_told).then(|| gains("nobody".to_owned()));
        challengers.chain(nobody).collect()
    }

    /// Where a charter has changed S or the way of counting, each bucket is as full as it was.
    fn keep_percentages(&mut self, before: u128) {
        if !self.measures.rescale {
            return;
        }
        let to = self.bucket_size;
        self.scale_buckets(before, to);
    }

    /// Refunds lowered C from `before` to `kept`, before anything is poured: nobody fills a bucket by taking back what they gave. Where a charter has changed S
    /// or the way of counting, buckets are scaled once, by that.
    fn refunds_leave(&mut self, (before, kept): (u128, u128)) {
        if kept >= before {
            return;
        }
        if !self.measures.rescale {
            self.scale_buckets(before, kept);
        }
        for nominee in self.candidates.iter_mut().filter(|one| one.standing == Standing::Nominee) {
            nominee.level = scaled(nominee.level, before, kept);
        }
    }

    fn scale_buckets(&mut self, from: u128, to: u128) {
        let seats = &mut self.seats;
        let of_nobody = seats.memory.nobody.iter_mut().chain([&mut seats.nobody]);
        seats.buckets.iter_mut().chain(of_nobody).for_each(|bucket| *bucket = scaled(*bucket, from, to));
    }

    /// Levels rise by attention for, and fall by half of that against.
    fn count_attention(&mut self, name: &str, by: &Counted<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let size = self.nomination_size;
        let patience_s = by.period_s.max(WEEK_S);
        let nominees = self.candidates.iter_mut().enumerate();
        for (target, one) in nominees.filter(|(_, one)| one.standing == Standing::Nominee && !one.waits) {
            one.attention = attention(by, target);
            one.level = flow(one.level, one.attention, by.period_s, size);
            let (decision, candidate) = (name.to_owned(), one.name.to_string());
            // While nobody has weight nothing is full and nothing is empty.
            if size > 0 && one.level >= size {
                (one.standing, one.since) = (Standing::Candidate, by.at);
                outcomes.push(Outcome::CandidateEntered { decision, candidate });
            } else if size > 0 && one.level == 0 && by.at.seconds_since(one.since) >= patience_s {
                (one.standing, one.since, one.text) = (Standing::Out, by.at, None);
                outcomes.push(Outcome::NomineeDropped { decision, candidate });
            }
        }
        outcomes
    }

    /// Those texts count that have most behind them. Of the others the young ones wait, and the rest are out.
    fn give_places(&mut self, name: &str, by: &Counted<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        if self.kind != SeatKind::Document {
            return outcomes;
        }
        let standing = self
            .candidates
            .iter()
            .enumerate()
            .filter(|(place, one)| one.standing != Standing::Out && !self.seats.holds(CandidateId::at(*place)));
        // Entered texts with votes come first, then most behind them, then the older, then the earlier on the ballot.
        let mut texts: Vec<_> = standing
            .map(|(place, one)| {
                let entered = one.standing == Standing::Candidate;
                let behind = if entered { by.tally.support(by.place, place).net() } else { attention(by, place) };
                (!(entered && behind > 0), std::cmp::Reverse(behind), one.stood_at, place)
            })
            .collect();
        texts.sort_unstable();
        for (rank, (.., place)) in texts.into_iter().enumerate() {
            let Some(one) = self.candidates.get_mut(place) else { continue };
            one.waits = rank >= MOST_TEXTS;
            if one.waits && by.at.seconds_since(one.stood_at) >= THIRTY_DAYS_S {
                outcomes.push(left(name, one));
                self.leave(CandidateId::at(place), by.at);
            }
        }
        outcomes
    }

    /// Candidates without a seat, and texts not in force, leave once they had no votes above 0 for the longer of 2 × S and 30 days.
    fn let_go(&mut self, name: &str, by: &Counted<'_>) -> Vec<Outcome> {
        let patience_s = self.terms.settles_in.seconds().saturating_mul(2).max(THIRTY_DAYS_S);
        let mut gone = Vec::new();
        let totals = self.seats.totals.iter();
        for (place, (one, total)) in (0..).map(CandidateId).zip(self.candidates.iter_mut().zip(totals)) {
            let low = total.is_some_and(|total| total <= 0) && !self.seats.holders.contains(&Some(place));
            one.low_since = if low { one.low_since.or(Some(by.at)) } else { None };
            if one.low_since.is_some_and(|since| by.at.seconds_since(since) >= patience_s) {
                gone.push((place, left(name, one)));
            }
        }
        gone.into_iter()
            .map(|(place, outcome)| {
                self.leave(place, by.at);
                outcome
            })
            .collect()
    }
}

/// `level × to ÷ from`, rounded down; 0 where `from` is.
fn scaled(level: u128, from: u128, to: u128) -> u128 {
    let wide = |level: u128| i128::try_from(level).unwrap_or(i128::MAX);
    u128::try_from(mul_div(wide(level), wide(to), wide(from))).unwrap_or(0)
}

fn left(name: &str, one: &Candidate) -> Outcome {
    let (decision, candidate) = (name.to_owned(), one.name.to_string());
    match one.standing {
        Standing::Nominee => Outcome::NomineeDropped { decision, candidate },
        Standing::Candidate | Standing::Out => Outcome::CandidateLeft { decision, candidate },
    }
}

/// Votes for a nominee less half of those against, rounded toward zero: nominations and scores alike.
fn attention(by: &Counted<'_>, target: usize) -> i128 {
    let mut votes: Votes = by.tally.attention(by.place, target);
    votes.add(by.tally.support(by.place, target));
    Votes { against: votes.against / 2, ..votes }.net()
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
