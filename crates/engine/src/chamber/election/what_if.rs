//! The future of an election if nothing moved: votes, weight and capacity stay as the last update found them. It is no promise,
//! and nothing is decided here: buckets are poured and seats taken by the rules of `settle`.

#[cfg(test)]
mod tests;

use charter::Edition;
use quantity::Moment;

use crate::chamber::{Candidate, Decision, Election, Item};
use crate::count::settle::{Lead, MOST_UPDATES_BACK, Past};
use crate::count::{Recount, SeatChange, SeatKind, Seats, Settling, flow};
use crate::id::CandidateId;
use crate::state::State;

/// The next change of an election's seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatForecast {
    /// When.
    pub at: Moment,
    /// Which seats; none where several have filled their bucket with equal votes under edition 1: a tie keeps the holder.
    pub changes: Vec<SeatChange>,
}

/// Where a bucket goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketForecast {
    /// It was found full at this update.
    Full(Moment),
    /// It is full at this update.
    Fills(Moment),
    /// It is empty at this update.
    Drains(Moment),
    /// It stays as it is, or fills beyond the calendar.
    Still,
}

/// The future of a nominee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NomineeForecast {
    /// Enters the ballot at this update.
    Enters(Moment),
    /// Has lost all attention at this update.
    Drops(Moment),
    /// Neither.
    Stays,
}

/// How fast the buckets of an election fill, micro-votes: what each gains in a second, or loses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leads {
    /// By candidate; `None` for who holds a seat or cannot be elected.
    pub candidates: Vec<Option<i128>>,
    /// Of *nobody*; 0 where it cannot win.
    pub nobody: i128,
    /// Of *nobody* against each seat of a body, from edition 2 on.
    pub seats: Vec<i128>,
}

/// Change times that are tried beyond the one at which a bucket is full.
const TRIED: usize = 64;
/// Half-way up a bucket that is never full or empty within a second.
const MIDDLE: u128 = 1 << 126;

impl Election {
    /// How fast each bucket fills as votes stand: one second poured, and the difference read off.
    #[must_use]
    pub fn leads(&self) -> Leads {
        let mut seats = self.seats.clone();
        seats.buckets = vec![MIDDLE; seats.totals.len()];
        seats.nobody = MIDDLE;
        if self.measures.edition < Edition::TWO {
            seats.pour(self.kind, 1, u128::MAX);
        } else {
            seats.memory.nobody = vec![MIDDLE; seats.holders.len()];
            seats.pour_by(&Settling { size: u128::MAX, ..self.settling(Moment(0)) }, 1);
        }
        let lead = |after: u128| {
            let signed = |level: u128| i128::try_from(level).unwrap_or(i128::MAX);
            signed(after).saturating_sub(signed(MIDDLE))
        };
        Leads {
            candidates: seats.buckets.iter().map(|after| (*after > 0).then(|| lead(*after))).collect(),
            nobody: if seats.nobody > 0 { lead(seats.nobody) } else { 0 },
            seats: seats.memory.nobody.iter().map(|after| if *after > 0 { lead(*after) } else { 0 }).collect(),
        }
    }

    /// R: the votes that the strongest challenger is measured against, micro-votes.
    #[must_use]
    pub fn reference(&self) -> i128 {
        if self.measures.edition >= Edition::TWO {
            let challenges = |place: &CandidateId| !self.holds(*place);
            let places = (0..self.seats.totals.len()).map(CandidateId::at).filter(challenges);
            let total = |place: CandidateId| self.seats.totals.get(place.place()).copied().flatten();
            let strongest = places.filter_map(|place| Some((total(place)?, std::cmp::Reverse(place)))).max();
            let nobody = CandidateId(u32::MAX);
            return self.seats.measured_against(self.kind, strongest.map_or(nobody, |(_, place)| place.0));
        }
        let leads = self.leads();
        let challengers = self.seats.totals.iter().zip(&leads.candidates);
        let strongest = challengers.filter_map(|(total, lead)| Some(((*total)?, (*lead)?))).max();
        if let Some((total, lead)) = strongest.filter(|(total, _)| *total > 0) {
            return total.saturating_sub(lead);
        }
        let seated =
            || self.seats.holders.iter().map(|seat| self.seats.totals.get((*seat)?.place()).copied().flatten());
        if seated().any(|total| total.is_none()) { 0 } else { seated().flatten().min().unwrap_or(0) }
    }
}

impl State {
    /// Where a bucket goes if nothing moves: `lead` from [`Decision::leads`], `size` the election's.
    #[must_use]
    pub fn bucket_ahead(&self, bucket: u128, lead: i128, size: u128) -> BucketForecast {
        if let Some(at) = self.filled_at(bucket, lead, size) {
            return if bucket >= size { BucketForecast::Full(at) } else { BucketForecast::Fills(at) };
        }
        let drained = || self.update_after(bucket.div_ceil(lead.unsigned_abs().max(1)));
        match lead {
            ..0 if bucket > 0 => drained().map_or(BucketForecast::Still, BucketForecast::Drains),
            _ => BucketForecast::Still,
        }
    }

    /// The next change of seats if nothing moves; `None` if none ever comes.
    #[must_use]
    pub fn next_seat_change(&self, decision: &Decision) -> Option<SeatForecast> {
        let election = decision.election()?;
        let leads = election.leads();
        let size = election.bucket_size;
        let buckets = election.seats.buckets.iter().zip(&leads.candidates);
        let of_candidates = buckets.filter_map(|(bucket, lead)| self.filled_at(*bucket, (*lead)?, size));
        let of_nobody = self.filled_at(election.seats.nobody, leads.nobody, size);
        let of_seats = election.seats.memory.nobody.iter().zip(&leads.seats);
        let of_seats = of_seats.filter_map(|(bucket, lead)| self.filled_at(*bucket, *lead, size));
        let first = of_candidates.chain(of_nobody).chain(of_seats).min().map(|full| self.change_at(election, full));
        let soonest = self.last_update.map(|last| self.change_at(election, last));
        let later = first.into_iter().flat_map(|first| self.changes_after(election, first));
        for at in [soonest, first].into_iter().flatten().chain(later) {
            let mut seats = self.poured(election, &leads, at);
            let changes = self.changes_ahead(decision, election, &mut seats, at);
            if !changes.is_empty() {
                return Some(SeatForecast { at, changes });
            }
        }
        first.map(|at| SeatForecast { at, changes: Vec::new() })
    }

    /// Returns the future of a nominee if attention stays as it is.
    #[must_use]
    pub fn nominee_ahead(&self, decision: &Decision, nominee: &Candidate) -> NomineeForecast {
        let (level, size) = (nominee.level, decision.nomination_size());
        if size == 0 {
            return NomineeForecast::Stays;
        }
        let rate = nominee.attention.unsigned_abs();
        let within = |amount: u128| self.update_after(amount.div_ceil(rate.max(1)).max(1));
        let ahead = match nominee.attention {
            1.. => within(size.saturating_sub(level)).map(NomineeForecast::Enters),
            0 if level > 0 => None,
            _ => within(level).map(NomineeForecast::Drops),
        };
        ahead.unwrap_or(NomineeForecast::Stays)
    }

    /// The update at which an item is closed if its votes stay as they are.
    #[must_use]
    pub fn item_closes_at(&self, decision: &Decision, item: &Item) -> Option<Moment> {
        let due = decision.item_closes_at(item).filter(|_| item.closed_at.is_none())?;
        let updates = &self.rules.kernel.updates;
        let at = updates.next_after(Moment(due.0.saturating_sub(1)), &self.rules.kernel.zone);
        Some(at.max(self.next_update))
    }

    fn filled_at(&self, bucket: u128, lead: i128, size: u128) -> Option<Moment> {
        if size == 0 {
            return None;
        }
        if bucket >= size {
            return self.last_update;
        }
        let rate = u128::try_from(lead).ok().filter(|rate| *rate > 0)?;
        self.update_after(size.saturating_sub(bucket).div_ceil(rate))
    }

    /// The first update by which so many seconds have been poured. The seconds of successive periods add up to the time
    /// between updates, so no period needs to be walked through.
    fn update_after(&self, seconds: u128) -> Option<Moment> {
        let least = self.pouring_since().plus_seconds(i64::try_from(seconds).ok()?);
        let zone = &self.rules.kernel.zone;
        let at = self.rules.kernel.updates.next_after(Moment(least.0.saturating_sub(1)), zone);
        (at < Moment::LAST).then_some(at)
    }

    /// Notes all that will be remembered of the updates until `at`: who was ahead, and since when each bucket is full.
    fn remember(&self, election: &Election, leads: &Leads, seats: &mut Seats, at: Moment) {
        let coming = self.updates_until(at).len();
        let memory = &mut seats.memory;
        memory.ahead.resize(seats.totals.len(), Past::default());
        memory.full_since.resize(seats.totals.len(), None);
        let pasts = memory.ahead.iter_mut().zip(&mut memory.full_since);
        for ((past, since), (bucket, lead)) in pasts.zip(seats.buckets.iter().zip(&leads.candidates)) {
            let ahead = lead.is_some_and(|lead| lead > 0);
            for _ in 0..coming {
                past.note(if ahead { Lead::Ahead } else { Lead::Behind });
            }
            *since = lead.and_then(|lead| since.or(self.filled_at(*bucket, lead, election.bucket_size)));
        }
    }

    fn pouring_since(&self) -> Moment {
        let kernel = &self.rules.kernel;
        let begin = kernel.updates.previous_before(self.next_update, &kernel.zone);
        self.last_update.map_or(begin, |last| last.max(begin))
    }

    /// The change time at which a bucket that is full at the update `full` takes over.
    fn change_at(&self, election: &Election, full: Moment) -> Moment {
        match &election.terms.changes {
            None => full.max(self.next_update),
            Some(rhythm) => {
                let done = self.changes_done.max(election.terms_since);
                let after = Moment(full.0.saturating_sub(1)).max(done);
                rhythm.next_after(after, &self.rules.kernel.zone)
            }
        }
    }

    /// Change times after the first full bucket, at which a seat that is held, or a lead that is too young, may give way: those of edition 2.
    fn changes_after(&self, election: &Election, first: Moment) -> Vec<Moment> {
        let mut times = Vec::new();
        if election.measures.edition < Edition::TWO {
            return times;
        }
        let held = election.seats.memory.displaced_at.iter().flatten().max();
        let settles_s = i64::try_from(election.terms.settles_in.seconds()).unwrap_or(i64::MAX);
        let free = held.map(|at| self.update_at(at.plus_seconds(settles_s)).max(first));
        let mut full = first;
        for _ in 0..TRIED {
            full = self.change_at(election, self.next_update_after(full));
            times.push(full);
        }
        times.extend(free.map(|free| self.change_at(election, free)));
        times.sort_unstable();
        times
    }

    /// The first update at or after a moment.
    fn update_at(&self, at: Moment) -> Moment {
        let kernel = &self.rules.kernel;
        kernel.updates.next_after(Moment(at.0.saturating_sub(1)), &kernel.zone)
    }

    /// The changes that full buckets have earned at a later change time, votes being as they are.
    fn changes_ahead(
        &self,
        decision: &Decision,
        election: &Election,
        seats: &mut Seats,
        at: Moment,
    ) -> Vec<SeatChange> {
        if election.measures.edition < Edition::TWO {
            return seats.take_over(election.kind, election.bucket_size);
        }
        let coming = self.updates_until(at);
        let settles_s = election.terms.settles_in.seconds();
        let last = coming.last().or(self.recent.last()).copied().unwrap_or(at);
        let within = |update: &&Moment| last.seconds_since(**update) < settles_s;
        let window = self.recent.iter().chain(&coming).filter(within).count().max(1);
        let by = Settling { window, ..election.settling(at) };
        // Exact ties are broken as a take-over breaks them, by the ballots of the last update.
        let place = self.decision_place(&decision.name).filter(|_| seats.ties(&by));
        let members = place.map(|place| self.members_counted_behind(place, decision)).unwrap_or_default();
        seats.change_hands(&by, &Recount { members, taken_back: None })
    }

    /// The updates from the next one until `at`, of as many as a take-over looks back on the last.
    fn updates_until(&self, at: Moment) -> Vec<Moment> {
        let kernel = &self.rules.kernel;
        let mut coming = Vec::new();
        let mut update = kernel.updates.previous_before(Moment(at.0.saturating_add(1)), &kernel.zone);
        while update >= self.next_update && coming.len() < MOST_UPDATES_BACK {
            coming.push(update);
            update = kernel.updates.previous_before(update, &kernel.zone);
        }
        coming.reverse();
        coming
    }

    /// The seats at a change time: every update up to it poured.
    fn poured(&self, election: &Election, leads: &Leads, at: Moment) -> Seats {
        let mut seats = election.seats.clone();
        let zone = &self.rules.kernel.zone;
        let last = self.rules.kernel.updates.previous_before(Moment(at.0.saturating_add(1)), zone);
        if last < self.next_update {
            return seats;
        }
        let (seconds, size) = (last.seconds_since(self.pouring_since()), election.bucket_size);
        let second = election.measures.edition >= Edition::TWO;
        if second {
            self.remember(election, leads, &mut seats, at);
        }
        for (bucket, lead) in seats.buckets.iter_mut().zip(&leads.candidates) {
            *bucket = flow(*bucket, lead.unwrap_or(0), seconds, size);
        }
        for (bucket, lead) in seats.memory.nobody.iter_mut().zip(&leads.seats) {
            *bucket = flow(*bucket, *lead, seconds, size);
        }
        if election.kind == SeatKind::Office {
            seats.nobody = flow(seats.nobody, leads.nobody, seconds, size);
        }
        seats
    }
}
