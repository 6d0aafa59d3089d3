//! The level at which weights are capped so that nobody holds more than a part of what remains.

mod level;

use std::ops::ControlFlow;

use crate::PPM;
pub use level::{Binds, CapLevel, Settled};

/// Returns edition 1's level of the cap: the largest L, in micro-weights rounded down, such that every min(w, L) is at most `cap_ppm` of
/// Σ min(w, L); `None` when nobody exceeds the cap, so that nothing needs to change.
///
/// With c = cap, let g(L) = c × Σ min(w, L) − L: a level satisfies the cap when g(L) ≥ 0 (only those at the
/// level can exceed it). g is concave with g(0) = 0, so the levels that satisfy it are an interval
/// [0, L\*], and rounding L\* down stays inside. With the weights in falling order and k of them above L\*,
/// g(L\*) = 0 reads c × (k × L\* + rest) = L\*, hence L\* = c × rest ÷ (1 − c × k), where rest is the sum of the
/// others; k is the first for which that reaches the next weight.
///
/// With at most 1 ÷ c members with weight, no level above the least weight satisfies the cap (with
/// fewer, only 0 does). The level is then the least positive weight: all are equal, which is as near to
/// the cap as they can come.
///
/// ```
/// use quantity::cap_level;
/// // 60 of 100, capped at half of what remains: 40 of 80.
/// assert_eq!(cap_level(&[60, 25, 15], 500_000), Some(40));
/// assert_eq!(cap_level(&[50, 25, 25], 500_000), None);
/// assert_eq!(cap_level(&[9, 3], 100_000), Some(3));
/// ```
pub fn cap_level(weights: &[u64], cap_ppm: u32) -> Option<u64> {
    let mut positive: Vec<u64> = weights.iter().copied().filter(|w| *w > 0).collect();
    let whole = Whole {
        count: positive.len(),
        highest: *positive.iter().max()?,
        least: *positive.iter().min()?,
        total: positive.iter().copied().map(u128::from).sum(),
    };
    let most_above = match whole.most_above(cap_ppm) {
        ControlFlow::Break(level) => return level,
        ControlFlow::Continue(most) => most,
    };
    let last = most_above.min(positive.len().saturating_sub(1));
    positive.select_nth_unstable_by(last, |a, b| b.cmp(a));
    let top = positive.get_mut(..=last)?;
    top.sort_unstable_by(|a, b| b.cmp(a));
    whole.level(top.iter().copied(), cap_ppm)
}

/// Weights in falling order, so that the level of the cap with another weight of one member is found without a look at all
/// of them.
///
/// ```
/// use quantity::{Falling, cap_level};
/// let all = Falling::of([60, 25, 15]);
/// assert_eq!(all.cap_level_with(25, 40, 500_000), cap_level(&[60, 40, 15], 500_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Falling {
    /// Without the zeros.
    weights: Vec<u64>,
    total: u128,
}

impl Falling {
    /// Puts weights in order.
    pub fn of(weights: impl IntoIterator<Item = u64>) -> Falling {
        let mut weights: Vec<u64> = weights.into_iter().filter(|weight| *weight > 0).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let total = weights.iter().copied().map(u128::from).sum();
        Falling { weights, total }
    }

    /// Returns what [`cap_level`] does for these weights with `to` instead of one that is `from`. At most 1 ÷ c of them are
    /// read.
    pub fn cap_level_with(&self, from: u64, to: u64, cap_ppm: u32) -> Option<u64> {
        let place = self.weights.partition_point(|weight| *weight > from);
        let (above, rest) = self.weights.split_at_checked(place)?;
        let (gone, below) = match rest.split_first() {
            Some((first, below)) if *first == from => (from, below),
            _ => (0, rest),
        };
        let to = Some(to).filter(|to| *to > 0);
        let highest = above.first().or(below.first()).copied().max(to)?;
        let least = below.last().or(above.last()).copied();
        let whole = Whole {
            count: above.len().saturating_add(below.len()).saturating_add(usize::from(to.is_some())),
            highest,
            least: least.into_iter().chain(to).min()?,
            total: self.total.saturating_sub(u128::from(gone)).saturating_add(u128::from(to.unwrap_or(0))),
        };
        let most_above = match whole.most_above(cap_ppm) {
            ControlFlow::Break(level) => return level,
            ControlFlow::Continue(most) => most,
        };
        let others = above.iter().chain(below).copied();
        whole.level(with(others, to).take(most_above.saturating_add(1)), cap_ppm)
    }
}

/// Merges one more into numbers in falling order.
fn with(falling: impl Iterator<Item = u64>, mut more: Option<u64>) -> impl Iterator<Item = u64> {
    let mut falling = falling.peekable();
    std::iter::from_fn(move || match more {
        Some(one) if falling.peek().is_none_or(|next| *next < one) => more.take(),
        _ => falling.next(),
    })
}

/// All positive weights, as far as they are known before any of them is put in order.
struct Whole {
    count: usize,
    highest: u64,
    least: u64,
    total: u128,
}

impl Whole {
    /// How many members can be above the level at the most, or the answer where nobody has to be put in order for it.
    fn most_above(&self, cap_ppm: u32) -> ControlFlow<Option<u64>, usize> {
        let (cap, whole) = (u128::from(cap_ppm), u128::from(PPM));
        // Nobody exceeds the cap: nothing changes.
        if u128::from(self.highest).saturating_mul(whole) <= cap.saturating_mul(self.total) {
            return ControlFlow::Break(None);
        }
        // So few members that no level satisfies the cap: all become equal.
        if cap.saturating_mul(self.count as u128) <= whole {
            return ControlFlow::Break(Some(self.least));
        }
        // INVARIANT: here 0 < cap < whole, and fewer than whole ÷ cap members can be above the level.
        match whole.checked_div(cap).and_then(|most| usize::try_from(most).ok()) {
            Some(most) => ControlFlow::Continue(most),
            None => ControlFlow::Break(None),
        }
    }

    /// L\* = c × rest ÷ (1 − c × k), for the first k for which it reaches the next weight (see [`cap_level`]).
    fn level(&self, mut falling: impl Iterator<Item = u64>, cap_ppm: u32) -> Option<u64> {
        let cap = u128::from(cap_ppm);
        let (mut rest, mut room) = (self.total, u128::from(PPM));
        let mut weight = falling.next()?;
        for next in falling {
            rest = rest.saturating_sub(u128::from(weight));
            room = room.saturating_sub(cap);
            let level = cap.saturating_mul(rest).checked_div(room)?;
            if level >= u128::from(next) {
                return u64::try_from(level).ok();
            }
            weight = next;
        }
        Some(self.least)
    }
}

#[cfg(test)]
mod tests;
