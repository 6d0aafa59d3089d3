//! The cap since edition 2: it cuts weights to a level that the dust of others cannot lower at will. [`cap_level`](super::cap_level)
//! is edition 1's.

use std::ops::ControlFlow;

use super::Whole;
use crate::{PPM, mul_div};

/// A cap takes away at most nine tenths of all weight.
const LEAST_KEPT: u128 = 10;

/// Which of the two limits set the level of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Binds {
    /// Nobody is cut.
    None,
    /// The cap: those at the level hold just as much as it allows.
    Cap,
    /// A tenth of all weight has to stay, so those at the level hold more than the cap.
    Tenth,
}

/// The level to which the weights of members of standing are cut, and the sums that it came from.
///
/// t = max(t₁, t₂) in whole micro-weights: t₁ the greatest t with t ≤ c × Σ min(w, t), 0 if there is none; t₂ the least t with
/// 10 × Σ min(w, t) ≥ Σ w.
///
/// ```
/// use quantity::{Binds, CapLevel};
/// let level = CapLevel::of(&[60, 25, 15], 500_000);
/// assert_eq!((level.micro, level.binds, level.kept, level.whole), (40, Binds::Cap, 80, 100));
/// // Five of whom four have next to nothing: a tenth of all weight stays.
/// assert_eq!(CapLevel::of(&[1_000, 1, 1, 1, 1], 200_000).micro, 97);
/// assert_eq!(CapLevel::of(&[50, 25, 25], 500_000).binds, Binds::None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CapLevel {
    /// t, micro-weights. Where nobody is cut it may be above every weight; newcomers are cut to it all the same.
    pub micro: u64,
    /// Which of the two limits it is.
    pub binds: Binds,
    /// Σ min(w, t), micro-weights.
    pub kept: u128,
    /// Σ w, micro-weights.
    pub whole: u128,
}

impl CapLevel {
    /// Returns the level of these weights, which are those of members of standing, micro-weights.
    #[must_use]
    pub fn of(weights: &[u64], cap_ppm: u32) -> CapLevel {
        let positive: Vec<u64> = weights.iter().copied().filter(|weight| *weight > 0).collect();
        let whole = Whole {
            count: positive.len(),
            highest: positive.iter().copied().max().unwrap_or(0),
            least: positive.iter().copied().min().unwrap_or(0),
            total: positive.iter().copied().map(u128::from).sum(),
        };
        let kept = |level: u64| positive.iter().map(|weight| u128::from((*weight).min(level))).sum();
        let cap = match whole.most_above(cap_ppm) {
            ControlFlow::Break(None) => return CapLevel::uncut(whole.highest, whole.total, cap_ppm),
            ControlFlow::Break(Some(least)) => alone(least, whole.count, cap_ppm),
            ControlFlow::Continue(most) => {
                let mut top = positive.clone();
                let last = most.min(top.len().saturating_sub(1));
                top.select_nth_unstable_by(last, |a, b| b.cmp(a));
                top.truncate(last.saturating_add(1));
                top.sort_unstable_by(|a, b| b.cmp(a));
                whole.level(top.into_iter(), cap_ppm).unwrap_or(0)
            }
        };
        CapLevel::settled(cap, whole.highest, whole.total, kept)
    }

    /// Returns the level where nobody of standing exceeds the cap.
    fn uncut(highest: u64, total: u128, cap_ppm: u32) -> CapLevel {
        let cap = u128::from(cap_ppm).saturating_mul(total).div_euclid(u128::from(PPM));
        let micro = u64::try_from(cap).unwrap_or(u64::MAX).max(highest);
        CapLevel { micro, binds: Binds::None, kept: total, whole: total }
    }

    /// Raises t₁ to t₂ where that is greater. `kept` is Σ min(w, t), which rises with t.
    fn settled(cap: u64, highest: u64, total: u128, kept: impl Fn(u64) -> u128) -> CapLevel {
        let is_enough = |level: u64| kept(level).saturating_mul(LEAST_KEPT) >= total;
        let (micro, binds) = if is_enough(cap) {
            (cap, Binds::Cap)
        } else {
            // INVARIANT: `low` keeps too little, and `high` enough.
            let (mut low, mut high) = (cap, highest);
            while high.saturating_sub(low) > 1 {
                let middle = low.midpoint(high);
                if is_enough(middle) { high = middle } else { low = middle }
            }
            (high, Binds::Tenth)
        };
        let binds = if micro >= highest { Binds::None } else { binds };
        CapLevel { micro, binds, kept: kept(micro), whole: total }
    }

    /// Returns the weight that is left of a member of standing's, micro-weights.
    #[must_use]
    pub fn cut(&self, weight: u64) -> u64 {
        weight.min(self.micro)
    }

    /// Returns the weight that is left of a newcomer's, micro-weights: it shrinks as all weight of those of standing does,
    /// rounded down, and is then cut to the level.
    #[must_use]
    pub fn cut_newcomer(&self, weight: u64) -> u64 {
        if self.binds == Binds::None {
            return self.cut(weight);
        }
        let signed = |sum: u128| i128::try_from(sum).unwrap_or(i128::MAX);
        let part = mul_div(i128::from(weight), signed(self.kept), signed(self.whole));
        self.cut(u64::try_from(part).unwrap_or(u64::MAX))
    }
}

/// t₁ where no more than 1 ÷ c members have weight: exactly so many can be made equal to the least of them, and of fewer each
/// holds more than the cap at every level.
fn alone(least: u64, count: usize, cap_ppm: u32) -> u64 {
    if u128::from(cap_ppm).saturating_mul(count as u128) == u128::from(PPM) { least } else { 0 }
}

/// Weights of members of standing in falling order with their running sums, so that the level with another weight of one member is
/// found without a look at all of them.
///
/// ```
/// use quantity::{CapLevel, Settled};
/// let all = Settled::of([60, 25, 15]);
/// assert_eq!(all.level_with(25, 40, 500_000), CapLevel::of(&[60, 40, 15], 500_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    falling: Vec<u64>,
    /// The sum of the first so many of them, and of none at first.
    sums: Vec<u128>,
}

impl Settled {
    /// Puts weights in order.
    pub fn of(weights: impl IntoIterator<Item = u64>) -> Settled {
        let mut falling: Vec<u64> = weights.into_iter().filter(|weight| *weight > 0).collect();
        falling.sort_unstable_by(|a, b| b.cmp(a));
        let mut sum = 0_u128;
        let mut sums = vec![0];
        sums.extend(falling.iter().map(|weight| {
            sum = sum.saturating_add(u128::from(*weight));
            sum
        }));
        Settled { falling, sums }
    }

    /// Returns what [`CapLevel::of`] does for these weights with `to` instead of one that is `from`; 0 stands for nobody.
    #[must_use]
    pub fn level_with(&self, from: u64, to: u64, cap_ppm: u32) -> CapLevel {
        let gone = self.falling.binary_search_by(|weight| from.cmp(weight)).map_or(0, |_| from);
        let kept = |level: u64| {
            let change = |weight: u64| u128::from(weight.min(level));
            self.kept(level).saturating_sub(change(gone)).saturating_add(change(to))
        };
        let others = match self.falling.first() {
            Some(first) if *first == gone => self.falling.get(1),
            first => first,
        };
        let highest = others.copied().unwrap_or(0).max(to);
        let total = kept(u64::MAX);
        let is_within = |level: u64| {
            u128::from(level).saturating_mul(u128::from(PPM)) <= u128::from(cap_ppm).saturating_mul(kept(level))
        };
        if is_within(highest) {
            return CapLevel::uncut(highest, total, cap_ppm);
        }
        // INVARIANT: `low` is within the cap, and `high` is not; the levels within it are an interval from 0 (see `cap_level`).
        let (mut low, mut high) = (0, highest);
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            if is_within(middle) { low = middle } else { high = middle }
        }
        CapLevel::settled(low, highest, total, kept)
    }

    /// Σ min(w, level).
    fn kept(&self, level: u64) -> u128 {
        let above = self.falling.partition_point(|weight| *weight > level);
        let sum = |count: usize| self.sums.get(count).copied().unwrap_or(0);
        let below = sum(self.falling.len()).saturating_sub(sum(above));
        u128::from(level).saturating_mul(above as u128).saturating_add(below)
    }
}

#[cfg(test)]
mod tests;
