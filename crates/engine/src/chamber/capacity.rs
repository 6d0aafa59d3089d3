//! Edition 2's capacity: the votes that everybody together has, undivided, and how slowly it falls. Not edition 1's (`count`).
//!
//! C is kept as a sum over members. A member's part rises at once with their votes and falls toward them by halves, S being the
//! half-life, so that people who leave in a mass make no coup cheap. Decisions with the same electorate, counting and S share a column.

use std::collections::BTreeMap;
use std::sync::Arc;

use charter::Counting;
use imbl::OrdSet;
use quantity::{half_power, votes_each};
use serde::{Deserialize, Serialize};

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
    pub(crate) fn new(before: &'a Parts, period_s: u64, refunded: &'a OrdSet<MemberIndex>) -> Falling<'a> {
        Falling { before, after: Parts::default(), sums: BTreeMap::new(), period_s, refunded }
    }

    /// The sum of the parts of one electorate. `former` is the key under which the decision was counted last, if it was: where its
    /// settling time has changed its parts go on from there. `None` where there is no room for another column.
    pub(crate) fn sum(&mut self, key: &PartsKey, former: Option<&PartsKey>, lane: &[u64]) -> Option<Sum> {
        if let Some(sum) = self.sums.get(key) {
            return Some(*sum);
        }
        if self.after.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let alike = |former: &&PartsKey| former.counting == key.counting && former.by_class == key.by_class;
        let kept = self.before.columns.get(key);
        let kept = kept.or_else(|| self.before.columns.get(former.filter(alike)?));
        let mut column = each_votes(key.counting, lane);
        let mut sum = Sum::default();
        if let Some(kept) = kept {
            sum.before = sum_of(kept);
            // A refund leaves its giver's part at once, whatever was taken back.
            let now = column.iter().map(Some).chain(std::iter::repeat(None));
            let own = (0..).map(MemberIndex).zip(kept.iter().zip(now));
            let refunded = own.filter(|(member, _)| self.refunded.contains(member));
            let gone = refunded.map(|(_, (part, now))| part.saturating_sub(now.copied().unwrap_or(0)));
            sum.kept = sum.before.saturating_sub(gone.map(u128::from).sum());
            let power = power(self.period_s, key.settles_s);
            let falls = (0..).map(MemberIndex).zip(column.iter_mut().zip(kept.iter()));
            for (_, (part, kept)) in falls.filter(|(member, _)| !self.refunded.contains(member)) {
                if *kept > *part {
                    let over = u128::from(kept.wrapping_sub(*part));
                    *part = part.saturating_add(fallen(over, power) as u64);
                }
            }
        }
        sum.now = sum_of(&column);
        self.after.columns.insert(key.clone(), Arc::new(column));
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

fn sum_of(column: &[u64]) -> u128 {
    column.iter().map(|part| u128::from(*part)).sum()
}

/// Everybody's votes with their whole weight and full score.
fn each_votes(counting: Counting, lane: &[u64]) -> Vec<u64> {
    match counting {
        Counting::Quadratic => {
            let mut votes = vec![0; lane.len()];
            votes_each(lane, &vec![1_000_000; lane.len()], &mut votes);
            votes
        }
        Counting::Linear | Counting::Approval | Counting::OneMember => lane.to_vec(),
    }
}

#[cfg(test)]
mod tests;
