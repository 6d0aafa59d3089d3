//! How outcomes settle: buckets, and who takes a seat. Pure numbers; names and nominations are elsewhere.
//!
//! Source of the rules: `docs/spec/elections.md`. The same functions serve the engine and `rochdale count settle`.

mod mandate;
mod past;

use crate::id::CandidateId;
use serde::{Deserialize, Serialize};

pub use mandate::{Memory, Recount, Settling, TakenBack};
pub use past::{Lead, MOST_UPDATES_BACK, Past};

/// The kind of seat that is elected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeatKind {
    /// One seat that *nobody* may win.
    Office,
    /// Several seats.
    Body,
    /// One text that can only be replaced.
    Document,
}

/// The standings of an election. Candidates are places in `totals` and `buckets`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// One place for each seat; `None` is vacant.
    pub holders: Vec<Option<CandidateId>>,
    /// Votes of each candidate, micro-votes; `None` for who cannot be elected now.
    pub totals: Vec<Option<i128>>,
    /// The bucket of each candidate, micro-vote-seconds.
    pub buckets: Vec<u128>,
    /// The bucket of *nobody*, for an office.
    pub nobody: u128,
    /// The memory that edition 2 has beside these.
    pub memory: Memory,
}

/// One change of one seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatChange {
    /// Which seat.
    pub seat: usize,
    /// Who held it.
    pub from: Option<CandidateId>,
    /// Who holds it now.
    pub to: Option<CandidateId>,
}

impl Seats {
    /// Nobody stands, and there is no seat.
    pub(crate) const NONE: Seats =
        Seats { holders: Vec::new(), totals: Vec::new(), buckets: Vec::new(), nobody: 0, memory: Memory::NONE };

    /// Pours one period into every challenger's bucket: `b ← clamp(b + (T − R) × Δ, 0, F)`.
    ///
    /// `period_s` is Δ in seconds, `size` is F in micro-vote-seconds. A challenger without votes above zero can only drain.
    pub fn pour(&mut self, kind: SeatKind, period_s: u64, size: u128) {
        let places = (0..self.totals.len()).map(CandidateId::at);
        let reference: Vec<i128> = places.map(|place| self.reference(kind, place)).collect();
        for (place, reference) in (0..).map(CandidateId).zip(reference) {
            let total = self.total(place);
            let standing = self.totals.get(place.place()).copied().flatten().is_some();
            let challenges = standing && !self.holds(place);
            if let Some(bucket) = self.buckets.get_mut(place.place()) {
                let lead = total.saturating_sub(reference);
                let lead = if total > 0 { lead } else { lead.min(0) };
                *bucket = if challenges { flow(*bucket, lead, period_s, size) } else { 0 };
            }
        }
        self.nobody = match (kind, self.holder()) {
            (SeatKind::Office, Some(holder)) => flow(self.nobody, self.total(holder).saturating_neg(), period_s, size),
            _ => 0,
        };
    }

    /// Carries out what full buckets have earned at a change time. A bucket of size 0 is never full.
    pub fn take_over(&mut self, kind: SeatKind, size: u128) -> Vec<SeatChange> {
        match kind {
            SeatKind::Body => self.take_over_body(size),
            SeatKind::Office | SeatKind::Document => self.take_over_single(kind, size).into_iter().collect(),
        }
    }

    /// R: what a challenger is measured against.
    fn reference(&self, kind: SeatKind, challenger: CandidateId) -> i128 {
        if kind == SeatKind::Body {
            return self.lowest_seated().map_or(0, |(_, total)| total);
        }
        match self.holder() {
            Some(holder) => self.total(holder),
            None => {
                let others = (0..).map(CandidateId).zip(&self.totals).filter(|(place, _)| *place != challenger);
                others.filter_map(|(_, total)| *total).max().unwrap_or(0).max(0)
            }
        }
    }

    fn take_over_single(&mut self, kind: SeatKind, size: u128) -> Option<SeatChange> {
        let full = |bucket: u128| size > 0 && bucket >= size;
        // An equal total never displaces: the holder stays, and a vacant seat stays vacant.
        let ahead = |place: CandidateId| self.total(place) > self.reference(kind, place);
        let mut ready: Vec<(i128, Option<CandidateId>)> = (0..)
            .map(CandidateId)
            .zip(&self.buckets)
            .filter(|(place, bucket)| full(**bucket) && !self.holds(*place) && ahead(*place))
            .map(|(place, _)| (self.total(place), Some(place)))
            .collect();
        let unwanted = self.holder().is_some_and(|holder| self.total(holder) < 0);
        if kind == SeatKind::Office && full(self.nobody) && unwanted {
            ready.push((0, None));
        }
        let best = ready.iter().map(|(total, _)| *total).max()?;
        let mut first = ready.iter().filter(|(total, _)| *total == best);
        let (winner, tie) = (first.next()?.1, first.next());
        if tie.is_some() {
            return None;
        }
        let from = self.holder();
        self.seat(0, from, winner);
        Some(SeatChange { seat: 0, from, to: winner })
    }

    fn take_over_body(&mut self, size: u128) -> Vec<SeatChange> {
        let mut changes = Vec::new();
        // docs/spec/elections.md, Take-over: seated members with T ≤ 0 lose their seats before anybody takes one.
        for seat in 0..self.holders.len() {
            let from = self.holders.get(seat).copied().flatten();
            if from.is_some_and(|holder| self.total(holder) <= 0) {
                self.seat(seat, from, None);
                changes.push(SeatChange { seat, from, to: None });
            }
        }
        // While C is 0 a bucket has no size, and nobody counts as having filled it.
        let mut ready: Vec<(i128, CandidateId)> = (0..)
            .map(CandidateId)
            .zip(&self.buckets)
            .filter(|(place, bucket)| size > 0 && **bucket >= size && !self.holds(*place))
            .map(|(place, _)| (self.total(place), place))
            .collect();
        ready.sort_unstable_by(|a, b| b.cmp(a));
        for group in ready.chunk_by(|a, b| a.0 == b.0) {
            let Some((total, _)) = group.first().copied() else {
                break;
            };
            // A challenger needs more votes than the lowest seated, and more than 0 for a free seat.
            let open = self.holders.iter().filter(|seat| seat.map_or(0, |holder| self.total(holder)) < total).count();
            if group.len() > open {
                // A tie for the last seats keeps the holders until a later update decides.
                break;
            }
            for (_, winner) in group {
                // The lowest seat is worked out again after each swap.
                let Some((seat, _)) = self.lowest_seated() else {
                    break;
                };
                let from = self.holders.get(seat).copied().flatten();
                self.seat(seat, from, Some(*winner));
                changes.push(SeatChange { seat, from, to: Some(*winner) });
            }
        }
        changes
    }

    /// Free seats first, with 0; then the seat of the lowest total, the later seat on equal totals.
    fn lowest_seated(&self) -> Option<(usize, i128)> {
        if let Some(free) = self.holders.iter().position(Option::is_none) {
            return Some((free, 0));
        }
        let seated = self.holders.iter().enumerate().filter_map(|(seat, holder)| Some((seat, self.total((*holder)?))));
        seated.min_by_key(|(seat, total)| (*total, std::cmp::Reverse(*seat)))
    }

    fn seat(&mut self, seat: usize, from: Option<CandidateId>, to: Option<CandidateId>) {
        if let Some(place) = self.holders.get_mut(seat) {
            *place = to;
        }
        for emptied in [from, to].into_iter().flatten() {
            if let Some(bucket) = self.buckets.get_mut(emptied.place()) {
                *bucket = 0;
            }
        }
        self.nobody = 0;
    }

    /// Takes one seat away: a free one, or that of the lowest total; who held it.
    pub(crate) fn drop_lowest(&mut self) -> Option<CandidateId> {
        let (seat, _) = self.lowest_seated()?;
        self.memory.remove_seat(seat);
        self.holders.remove(seat)
    }

    /// Puts a candidate on the first seat, whoever holds it.
    pub(crate) fn put(&mut self, candidate: CandidateId) {
        self.seat(0, self.holder(), Some(candidate));
        self.memory.free(0);
    }

    fn holder(&self) -> Option<CandidateId> {
        self.holders.first().copied().flatten()
    }

    /// Whether the candidate holds a seat.
    #[must_use]
    pub fn holds(&self, candidate: CandidateId) -> bool {
        self.holders.contains(&Some(candidate))
    }

    fn total(&self, candidate: CandidateId) -> i128 {
        self.totals.get(candidate.place()).copied().flatten().unwrap_or(0)
    }
}

/// `clamp(b + lead × Δ, 0, F)`.
#[must_use]
pub fn flow(bucket: u128, lead: i128, period_s: u64, size: u128) -> u128 {
    let amount = lead.unsigned_abs().saturating_mul(u128::from(period_s));
    let level = if lead >= 0 { bucket.saturating_add(amount) } else { bucket.saturating_sub(amount) };
    level.min(size)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
