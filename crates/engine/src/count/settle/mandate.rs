//! Edition 2's buckets and take-overs: a mandate needs continued support, a lead has to last, and a tie keeps nobody in.
//!
//! Source of the rules: `docs/spec/elections.md`. Edition 1 is in `settle` itself; the same functions serve the engine and `rochdale count settle`.

use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::past::{Lead, Past};
use super::{SeatChange, SeatKind, Seats, flow};
use crate::id::CandidateId;

/// A challenger without a lead loses at least this part of C.
const LEAST_DRAIN: u128 = 50;

/// The numbers by which the buckets of one decision move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settling {
    /// The kind of seat.
    pub kind: SeatKind,
    /// F, micro-vote-seconds.
    pub size: u128,
    /// C, micro-votes.
    pub capacity: u128,
    /// S, seconds.
    pub settles_s: u64,
    /// How many updates there were in the last S.
    pub window: usize,
    /// The instant of the update or of the change time.
    pub at: Moment,
}

/// All that edition 2 remembers of an election beside votes and buckets; empty under edition 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// By candidate: at which of the last updates they were ahead of R.
    pub ahead: Vec<Past>,
    /// By candidate: the first update since which the bucket has been full.
    pub full_since: Vec<Option<Moment>>,
    /// By seat: when somebody was displaced from it last, unless it was left or was free since.
    pub displaced_at: Vec<Option<Moment>>,
    /// By seat of a body: the bucket of *nobody*, micro-vote-seconds.
    pub nobody: Vec<u128>,
}

impl Memory {
    pub(super) const NONE: Memory =
        Memory { ahead: Vec::new(), full_since: Vec::new(), displaced_at: Vec::new(), nobody: Vec::new() };

    fn lengthen(&mut self, candidates: usize, seats: usize) {
        self.ahead.resize(candidates, Past::default());
        self.full_since.resize(candidates, None);
        self.displaced_at.resize(seats, None);
        self.nobody.resize(seats, 0);
    }

    /// A candidate left: they come back at the beginning.
    pub(crate) fn forget(&mut self, candidate: CandidateId) {
        if let Some(past) = self.ahead.get_mut(candidate.place()) {
            *past = Past::default();
        }
        if let Some(since) = self.full_since.get_mut(candidate.place()) {
            *since = None;
        }
    }

    /// A seat is free, or has a holder whom nobody was displaced for.
    pub(crate) fn free(&mut self, seat: usize) {
        self.hand_over(seat, None);
    }

    pub(super) fn remove_seat(&mut self, seat: usize) {
        if seat < self.displaced_at.len() && seat < self.nobody.len() {
            self.displaced_at.remove(seat);
            self.nobody.remove(seat);
        }
    }

    fn hand_over(&mut self, seat: usize, displaced: Option<Moment>) {
        if let Some(at) = self.displaced_at.get_mut(seat) {
            *at = displaced;
        }
        if let Some(bucket) = self.nobody.get_mut(seat) {
            *bucket = 0;
        }
    }
}

/// Counts that a take-over asks for beside the last update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// At a change time of its own: what was taken back since the last update; `None` where the update itself is the change time.
    pub taken_back: Option<TakenBack>,
    /// How many members have votes above 0 for each candidate; asked where candidates tie.
    pub members: Vec<u64>,
}

/// Votes of the last update that were taken back since, by candidate, micro-votes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Votes for each.
    pub in_favour: Vec<u128>,
    /// Votes against each.
    pub against: Vec<u128>,
}

impl Seats {
    /// Pours one period into every challenger's bucket. `period_s` is Δ in seconds.
    ///
    /// A challenger ahead of R gains its lead × Δ, any other loses what it lacks and at least C × Δ ÷ 50, rounded up.
    pub fn pour_by(&mut self, by: &Settling, period_s: u64) {
        self.memory.lengthen(self.totals.len(), self.holders.len());
        let places = (0..self.totals.len()).map(CandidateId::at);
        let measured: Vec<i128> = places.map(|place| self.measured_against(by.kind, place)).collect();
        let least = by.capacity.saturating_mul(u128::from(period_s)).div_ceil(LEAST_DRAIN);
        for (place, reference) in (0..).map(CandidateId).zip(measured) {
            let total = self.total(place);
            let standing = self.totals.get(place.place()).copied().flatten().is_some();
            let challenges = standing && !self.holds(place);
            let ahead = challenges && total > reference;
            let lead = total.saturating_sub(reference);
            let Some(bucket) = self.buckets.get_mut(place.place()) else { continue };
            *bucket = match (challenges, ahead) {
                (false, _) => 0,
                (true, true) => flow(*bucket, lead, period_s, by.size),
                (true, false) => {
                    let lost = lead.unsigned_abs().saturating_mul(u128::from(period_s)).max(least);
                    bucket.saturating_sub(lost).min(by.size)
                }
            };
            let full = is_full(*bucket, by.size);
            if let Some(past) = self.memory.ahead.get_mut(place.place()) {
                past.note(if ahead { Lead::Ahead } else { Lead::Behind });
            }
            if let Some(since) = self.memory.full_since.get_mut(place.place()) {
                *since = if full { since.or(Some(by.at)) } else { None };
            }
        }
        self.pour_nobody(by, period_s);
    }

    /// *Nobody* has one bucket against the holder of an office, and one against each seated member of a body.
    fn pour_nobody(&mut self, by: &Settling, period_s: u64) {
        let against = |seat: Option<CandidateId>, bucket: u128| {
            let lead = seat.map(|holder| self.total(holder).saturating_neg());
            lead.map_or(0, |lead| flow(bucket, lead, period_s, by.size))
        };
        match by.kind {
            SeatKind::Office => self.nobody = against(self.holder(), self.nobody),
            SeatKind::Document => self.nobody = 0,
            SeatKind::Body => {
                let seats = self.holders.iter().zip(&self.memory.nobody);
                self.memory.nobody = seats.map(|(holder, bucket)| against(*holder, *bucket)).collect();
            }
        }
    }

    /// R: the holder's total, half of the greatest other total for a vacant seat (rounded up), or the lowest seated total of
    /// a body; never below 0.
    #[must_use]
    pub fn measured_against(&self, kind: SeatKind, challenger: CandidateId) -> i128 {
        let reference = match (kind, self.holder()) {
            (SeatKind::Body, _) => self.lowest_seated().map_or(0, |(_, total)| total),
            (_, Some(holder)) => self.total(holder),
            (_, None) => {
                let greatest = self.greatest_of_others(challenger).max(0);
                greatest.saturating_add(1).div_euclid(2)
            }
        };
        reference.max(0)
    }

    fn greatest_of_others(&self, challenger: CandidateId) -> i128 {
        let others = (0..).map(CandidateId).zip(&self.totals).filter(|(place, _)| *place != challenger);
        others.filter_map(|(_, total)| *total).max().unwrap_or(0)
    }

    /// Carries out what full buckets have earned at a change time. While C is 0 nothing takes over.
    pub fn change_hands(&mut self, by: &Settling, now: &Recount) -> Vec<SeatChange> {
        self.memory.lengthen(self.totals.len(), self.holders.len());
        match by.kind {
            SeatKind::Body => self.change_body(by, now),
            SeatKind::Office | SeatKind::Document => self.change_single(by, now).into_iter().collect(),
        }
    }

    /// Whether two with full buckets have the same total and have been full for as long, so that heads decide.
    #[must_use]
    pub fn ties(&self, by: &Settling) -> bool {
        let ready = self.ready(by, &Recount::default());
        ready.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0 && a.1 == b.1))
    }

    /// Whether any bucket is full, so that ballots are counted again at a change time of its own.
    #[must_use]
    pub fn any_full(&self, size: u128) -> bool {
        let nobody = self.memory.nobody.iter().chain([&self.nobody]);
        self.buckets.iter().chain(nobody).any(|bucket| is_full(*bucket, size))
    }

    /// Challengers with full buckets that were ahead at half of the updates of the last S or more: greatest total first; of equal ones the longest full,
    /// then more members, then the earlier on the ballot.
    fn ready(&self, by: &Settling, now: &Recount) -> Vec<Ready> {
        let full = (0..).map(CandidateId).zip(&self.buckets).filter(|(place, bucket)| {
            let standing = self.totals.get(place.place()).copied().flatten().is_some();
            let mostly = self.memory.ahead.get(place.place()).is_some_and(|past| past.mostly_ahead_in(by.window));
            standing && is_full(**bucket, by.size) && !self.holds(*place) && mostly
        });
        let mut ready: Vec<Ready> = full
            .map(|(place, _)| {
                let since = self.memory.full_since.get(place.place()).copied().flatten().unwrap_or(by.at);
                let members = now.members.get(place.place()).copied().unwrap_or(0);
                (std::cmp::Reverse(self.total(place)), since, std::cmp::Reverse(members), place)
            })
            .collect();
        ready.sort_unstable();
        ready
    }

    fn change_single(&mut self, by: &Settling, now: &Recount) -> Option<SeatChange> {
        let from = self.holder();
        if from.is_some() && self.is_held(0, by) {
            return None;
        }
        let kept = self.without(now);
        let ahead = |place: CandidateId| {
            // Only a candidate than whom no other has more takes a vacant seat.
            let leads = |seats: &Seats| seats.total(place) >= seats.greatest_of_others(place);
            let first = from.is_some() || (leads(self) && leads(&kept));
            first && self.total(place).min(kept.total(place)) > self.measured_against(by.kind, place)
        };
        let winner = self.ready(by, now).into_iter().map(|(.., place)| place).find(|place| ahead(*place));
        let unwanted = from.is_some_and(|holder| self.is_unwanted(holder, now));
        let to = match winner {
            Some(winner) => Some(winner),
            None if by.kind == SeatKind::Office && is_full(self.nobody, by.size) && unwanted => None,
            None => return None,
        };
        self.sit(0, from, to, by.at);
        Some(SeatChange { seat: 0, from, to })
    }

    fn change_body(&mut self, by: &Settling, now: &Recount) -> Vec<SeatChange> {
        let kept = self.without(now);
        let mut changes = Vec::new();
        // Nothing else empties a seat but leaving, resigning or being displaced (docs/spec/elections.md, Take-over).
        for seat in 0..self.holders.len() {
            let full = self.memory.nobody.get(seat).is_some_and(|bucket| is_full(*bucket, by.size));
            let Some(holder) = self.holders.get(seat).copied().flatten().filter(|_| full && !self.is_held(seat, by))
            else {
                continue;
            };
            if self.is_unwanted(holder, now) {
                self.sit(seat, Some(holder), None, by.at);
                changes.push(SeatChange { seat, from: Some(holder), to: None });
            }
        }
        for (.., winner) in self.ready(by, now) {
            // The lowest seat is worked out again after each swap.
            let Some((seat, lowest)) = self.lowest_to_take(by) else { break };
            let from = self.holders.get(seat).copied().flatten();
            // Those that follow have no more votes, so they wait for the same seat.
            if self.total(winner) <= lowest.max(0) || (from.is_some() && self.is_held(seat, by)) {
                break;
            }
            if kept.total(winner) <= lowest.max(0) {
                continue;
            }
            self.sit(seat, from, Some(winner), by.at);
            changes.push(SeatChange { seat, from, to: Some(winner) });
        }
        changes
    }

    /// These seats without the votes for candidates that were taken back.
    fn without(&self, now: &Recount) -> Seats {
        let gone = |place: usize| now.taken_back.as_ref().and_then(|gone| gone.in_favour.get(place)).copied();
        let less = |(place, total): (usize, &Option<i128>)| {
            let gone = i128::try_from(gone(place).unwrap_or(0)).unwrap_or(i128::MAX);
            total.map(|total| total.saturating_sub(gone))
        };
        let totals = self.totals.iter().enumerate().map(less).collect();
        Seats { holders: self.holders.clone(), totals, ..Seats::default() }
    }

    /// Whether a holder is below 0, also without the votes against them that were taken back.
    fn is_unwanted(&self, holder: CandidateId, now: &Recount) -> bool {
        let gone = now.taken_back.as_ref().and_then(|gone| gone.against.get(holder.place())).copied();
        let gone = i128::try_from(gone.unwrap_or(0)).unwrap_or(i128::MAX);
        self.total(holder).saturating_add(gone) < 0
    }

    /// Free seats first, with 0; then the seat of the lowest total: of equally low ones one that is not held, then the later.
    fn lowest_to_take(&self, by: &Settling) -> Option<(usize, i128)> {
        if self.holders.contains(&None) {
            return self.lowest_seated();
        }
        let seated = self.holders.iter().enumerate().filter_map(|(seat, holder)| Some((seat, self.total((*holder)?))));
        seated.min_by_key(|(seat, total)| (*total, self.is_held(*seat, by), std::cmp::Reverse(*seat)))
    }

    /// Whether somebody was displaced from the seat less than S ago.
    fn is_held(&self, seat: usize, by: &Settling) -> bool {
        let displaced = self.memory.displaced_at.get(seat).copied().flatten();
        displaced.is_some_and(|at| by.at.seconds_since(at) < by.settles_s)
    }

    /// A new holder begins at 0, and so does the displaced one; others keep their buckets.
    fn sit(&mut self, seat: usize, from: Option<CandidateId>, to: Option<CandidateId>, at: Moment) {
        if let Some(place) = self.holders.get_mut(seat) {
            *place = to;
        }
        for emptied in [from, to].into_iter().flatten() {
            if let Some(bucket) = self.buckets.get_mut(emptied.place()) {
                *bucket = 0;
            }
            self.memory.forget(emptied);
        }
        self.nobody = 0;
        // A free seat that is filled makes nobody wait.
        self.memory.hand_over(seat, from.and(Some(at)));
    }
}

/// In the order in which full challengers take seats.
type Ready = (std::cmp::Reverse<i128>, Moment, std::cmp::Reverse<u64>, CandidateId);

/// A bucket of size 0 is never full.
fn is_full(bucket: u128, size: u128) -> bool {
    size > 0 && bucket >= size
}
