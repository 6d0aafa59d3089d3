//! Edition 2's capacity: the votes that everybody together has, undivided, and how slowly it falls. Not edition 1's (`count`).
//!
//! C is kept as a sum over members. A member's part rises at once with their votes and falls toward them by halves, S being the
//! half-life, so that people who leave in a mass make no coup cheap. Decisions with the same electorate, counting and S share a column.

use std::collections::BTreeMap;
use std::sync::Arc;

use charter::Counting;
use imbl::OrdSet;
use quantity::{PPM, half_power, votes_each};
use serde::{Deserialize, Serialize};

use crate::count::{capacity, votes_of};
use crate::digest::Collect;
use crate::id::MemberIndex;

/// The most columns of parts that are kept; decisions beyond share none, and their C falls as one number.
pub(crate) const MOST_COLUMNS: usize = 64;
const ONE: u128 = 1 << 63;

/// The things that decisions have in common where they share a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartsKey {
    /// The names of the classes that may vote; empty for all.
    pub classes: Vec<String>,
    /// Whether only the votes of that one class are meant, where members are counted class by class.
    pub by_class: bool,
    /// How ballots are rooted.
    pub counting: Counting,
    /// S, seconds.
    pub settles_s: u64,
    /// The names of the classes whose weight counts several times, and how many; none for most.
    pub favour: Option<(Vec<String>, u32)>,
}

/// Every member's part of the capacities at the last update, micro-votes; empty under edition 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    columns: BTreeMap<PartsKey, Arc<Vec<u64>>>,
}

impl Parts {
    /// No column is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Its section of the state's hash.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.columns.len() as u128);
        for (key, column) in &self.columns {
            into.wide(key.classes.len() as u128);
            for class in &key.classes {
                into.text(class);
            }
            into.number(i128::from(key.by_class)).text(key.counting.name()).number(key.settles_s);
            if let Some((classes, times)) = &key.favour {
                into.wide(classes.len() as u128);
                for class in classes {
                    into.text(class);
                }
                into.number(*times);
            }
            into.column(column);
        }
    }
}

/// The parts at one update, worked out once for each key.
pub(crate) struct Falling<'a> {
    before: &'a Parts,
    after: Parts,
    sums: BTreeMap<PartsKey, Sum>,
    period_s: u64,
    refunded: &'a OrdSet<MemberIndex>,
    threads: usize,
}

/// Present votes of whole lanes, each summed once. It holds on to them, so that no other lane can take the place of one.
#[derive(Default)]
pub(crate) struct Present<'l>(Vec<(Counting, &'l [u64], u128)>);

impl<'l> Present<'l> {
    /// The votes that everybody in a lane has now.
    pub(crate) fn of(&mut self, counting: Counting, lane: &'l [u64]) -> u128 {
        let known = self.0.iter().find(|(of, at, _)| *of == counting && std::ptr::eq(*at, lane));
        known.map(|(_, _, sum)| *sum).unwrap_or_else(|| {
            let sum = capacity(counting, lane, 1);
            self.0.push((counting, lane, sum));
            sum
        })
    }
}

/// The sum of an electorate's parts at one update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// C, or a class's.
    pub now: u128,
    /// The sum at the last update.
    pub before: u128,
    /// The same, without what left at once by refunds.
    pub kept: u128,
}

impl<'a> Falling<'a> {
    pub(crate) fn new(
        before: &'a Parts,
        period_s: u64,
        refunded: &'a OrdSet<MemberIndex>,
        threads: usize,
    ) -> Falling<'a> {
        Falling { before, after: Parts::default(), sums: BTreeMap::new(), period_s, refunded, threads }
    }

    /// The sum of the parts of one electorate. `former` is the key under which the decision was counted last, if it was: where its
    /// settling time has changed its parts go on from there. `None` where there is no room for another column.
    pub(crate) fn sum<'l>(
        &mut self,
        key: &PartsKey,
        former: Option<&PartsKey>,
        lane: &'l [u64],
        present: &mut Present<'l>,
    ) -> Option<Sum> {
        if let Some(sum) = self.sums.get(key) {
            return Some(*sum);
        }
        if self.after.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let alike = |former: &&PartsKey| former.counting == key.counting && former.by_class == key.by_class;
        let kept = self.before.columns.get(key);
        let kept = kept.or_else(|| self.before.columns.get(former.filter(alike)?));
        let none = Arc::default();
        let mut column = Column::of(key, lane, kept.unwrap_or(&none), self.period_s, self.threads);
        let (before, mut gone) = (column.before, 0_u128);
        // A refund leaves its giver's part at once, whatever was taken back.
        for member in self.refunded {
            let now = lane.get(member.place()).map_or(0, |weight| votes_of(key.counting, *weight, PPM));
            gone = gone.saturating_add(u128::from(column.refund(member.place(), now)));
        }
        let sum = Sum { now: column.now, before, kept: before.saturating_sub(gone) };
        present.0.push((key.counting, lane, column.present));
        self.after.columns.insert(key.clone(), column.done());
        self.sums.insert(key.clone(), sum);
        Some(sum)
    }

    pub(crate) fn done(self) -> Parts {
        self.after
    }
}

/// C of a decision that has no column: it falls as one number.
pub(crate) fn fall(before: u128, now: u128, period_s: u64, settles_s: u64) -> u128 {
    let over = before.saturating_sub(now);
    now.max(now.saturating_add(fallen(over, power(period_s, settles_s))))
}

/// 2^(−Δ ÷ S) with 63 fractional bits.
fn power(period_s: u64, settles_s: u64) -> u128 {
    u128::from(half_power(period_s.saturating_mul(1_000_000), settles_s.saturating_mul(1_000_000)))
}

/// `over × power`, rounded up: what is left of so many votes above the present ones. At least one micro-vote leaves, or it would
/// never be none. Below 2^64 without a carry.
fn fallen(over: u128, power: u128) -> u128 {
    let (high, low) = (over >> 64, over & u128::from(u64::MAX));
    // INVARIANT: capacities are below 2^88 and powers at most 2^63, so that no product is wider than 127 bits.
    let high = high.saturating_mul(power).saturating_mul(2);
    let left = high.saturating_add(low.saturating_mul(power).div_ceil(ONE));
    left.min(over.saturating_sub(1))
}

/// The parts of one lane's members, worked out in one pass. The column of the last update is copied only where one differs.
struct Column<'a> {
    kept: &'a Arc<Vec<u64>>,
    members: usize,
    /// Empty where all are as they were.
    own: Vec<u64>,
    /// The sum of the parts, and that of those at the last update.
    now: u128,
    before: u128,
    /// The sum of the present votes, none of which falls slowly.
    present: u128,
}

/// Members whose votes are rooted in one go.
const CHUNK: usize = 256;
/// So many members cost more than a thread that is begun for them.
const MEMBERS_OF_A_THREAD: usize = if cfg!(test) { 1 } else { 16_384 };

/// The parts of some members in a row.
struct Stretch<'a> {
    kept: &'a [u64],
    /// Empty where all are as they were.
    own: Vec<u64>,
    now: u128,
    present: u128,
    /// The sum at the last update, where some are not as they were.
    sum_before: u128,
}

impl<'a> Stretch<'a> {
    /// The sum of the parts at the last update.
    fn before(&self) -> u128 {
        if self.own.is_empty() { self.now } else { self.sum_before }
    }

    fn of(counting: Counting, weights: &[u64], kept: &'a [u64], power: u128) -> Stretch<'a> {
        let mut stretch = Stretch { kept, own: Vec::new(), now: 0, present: 0, sum_before: 0 };
        let mut votes = [0_u64; CHUNK];
        let (mut rest, mut begin) = (kept, 0_usize);
        for weights in weights.chunks(CHUNK) {
            let parts = votes.get_mut(..weights.len()).unwrap_or_default();
            each_votes(counting, weights, parts);
            let present = sum_of(parts);
            stretch.present = stretch.present.saturating_add(present);
            let (own, behind) = rest.split_at_checked(weights.len()).unwrap_or((rest, &[]));
            rest = behind;
            if own == parts && stretch.own.is_empty() {
                stretch.now = stretch.now.saturating_add(present);
                begin = begin.saturating_add(parts.len());
                continue;
            }
            for (part, kept) in parts.iter_mut().zip(own) {
                if *kept > *part {
                    let over = u128::from(kept.wrapping_sub(*part));
                    *part = part.saturating_add(fallen(over, power) as u64);
                }
            }
            stretch.now = stretch.now.saturating_add(sum_of(parts));
            if stretch.own.is_empty() {
                stretch.own.extend_from_slice(kept.get(..begin).unwrap_or_default());
            }
            stretch.own.extend_from_slice(parts);
        }
        if !stretch.own.is_empty() {
            stretch.sum_before = sum_of(kept);
        }
        stretch
    }
}

impl<'a> Column<'a> {
    fn of(key: &PartsKey, lane: &[u64], kept: &'a Arc<Vec<u64>>, period_s: u64, threads: usize) -> Column<'a> {
        let power = power(period_s, key.settles_s);
        // Sums of integers: the number of threads cannot show.
        let threads = threads.min(lane.len() / MEMBERS_OF_A_THREAD).max(1);
        let length = lane.len().div_ceil(threads).max(1);
        let work = |(number, weights): (usize, &[u64])| {
            let begin = number.saturating_mul(length).min(kept.len());
            let end = begin.saturating_add(weights.len()).min(kept.len());
            Stretch::of(key.counting, weights, kept.get(begin..end).unwrap_or_default(), power)
        };
        let mut stretches: Vec<Stretch<'a>> = if threads == 1 {
            lane.chunks(length).enumerate().map(work).collect()
        } else {
            std::thread::scope(|scope| {
                let begun = lane.chunks(length).enumerate().map(|stretch| scope.spawn(move || work(stretch)));
                let begun: Vec<_> = begun.collect();
                let ended = begun.into_iter().map(|worker| worker.join());
                ended.map(|stretch| stretch.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
            })
        };
        let sum = |of: fn(&Stretch<'_>) -> u128| stretches.iter().map(of).fold(0_u128, u128::saturating_add);
        let (now, present) = (sum(|one| one.now), sum(|one| one.present));
        // Members are never fewer than at the last update.
        let beyond = sum_of(kept.get(lane.len()..).unwrap_or_default());
        let before = sum(|one| one.before()).saturating_add(beyond);
        let mut own = Vec::new();
        if stretches.iter().any(|one| !one.own.is_empty()) {
            for stretch in &mut stretches {
                match (own.is_empty(), stretch.own.is_empty()) {
                    (true, false) => own = std::mem::take(&mut stretch.own),
                    (_, true) => own.extend_from_slice(stretch.kept),
                    (false, false) => own.extend_from_slice(&stretch.own),
                }
            }
        }
        Column { kept, members: lane.len(), own, now, before, present }
    }

    /// Sets a member's part to their present votes, and returns how much more it was at the last update.
    fn refund(&mut self, member: usize, votes: u64) -> u64 {
        let kept = self.kept.get(member).copied().unwrap_or(0);
        let part = if self.own.is_empty() { kept } else { self.own.get(member).copied().unwrap_or(0) };
        if part != votes && member < self.members {
            if self.own.is_empty() {
                self.own = self.unchanged();
            }
            if let Some(cell) = self.own.get_mut(member) {
                *cell = votes;
                self.now = self.now.saturating_sub(u128::from(part)).saturating_add(u128::from(votes));
            }
        }
        kept.saturating_sub(votes)
    }

    fn done(self) -> Arc<Vec<u64>> {
        match (self.own.is_empty(), self.kept.len() == self.members) {
            (true, true) => Arc::clone(self.kept),
            (true, false) => Arc::new(self.unchanged()),
            (false, _) => Arc::new(self.own),
        }
    }

    /// The parts of the last update, of as many members as there are.
    fn unchanged(&self) -> Vec<u64> {
        self.kept.get(..self.members).unwrap_or_default().to_vec()
    }
}

/// The sum of a column: its halves of 32 bits have room in 64 for as many members as a register has, and need no carry.
fn sum_of(column: &[u64]) -> u128 {
    let add =
        |(high, low): (u64, u64), part: &u64| (high.wrapping_add(part >> 32), low.wrapping_add(part & 0xffff_ffff));
    let (high, low) = column.iter().fold((0, 0), add);
    (u128::from(high) << 32).saturating_add(u128::from(low))
}

/// Everybody's votes with their whole weight and full score.
fn each_votes(counting: Counting, weights: &[u64], votes: &mut [u64]) {
    match counting {
        Counting::Quadratic => votes_each(weights, &[PPM; CHUNK], votes),
        Counting::Linear | Counting::Approval | Counting::OneMember => votes.copy_from_slice(weights),
    }
}

#[cfg(test)]
mod tests;
