//! The conviction that a request needs: y > ρ × C ÷ (β − q)², in whole numbers. Source: `docs/spec/commitments.md`, Requests.
//!
//! With s = √least, β = limit ÷ (1 − s) and ρ = least × β² that is y × (limit − q × (1 − s))² > least × C × limit². Everything is exact
//! but s, which is rounded down to a 2^64th of a millionth: 1 − s is too great then, and what a request needs is never too little.

use quantity::{Conviction, Natural, PPM};

/// Binary places of √least.
const GUARD: u32 = 64;
/// More micro-votes than there can be: a capacity is below 2^88.
const BEYOND_ALL_VOTES: u128 = 1 << 96;

/// The two numbers of the clause, in parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A request for more of the pool never passes.
    pub spending_limit_ppm: u32,
    /// The part of all votes that the least request needs.
    pub least_conviction_ppm: u32,
}

/// q: the part of the pool that a request would take with what has passed for the same members; a fraction in whole numbers.
#[derive(Clone, Debug)]
pub struct Part {
    taken: Natural,
    of: Natural,
}

impl Part {
    /// q = (r + P) ÷ (R + P) of a request for `minor` of a pool that has `pool_minor`. P is the sum of `passed`: each amount with how much
    /// of `conviction`, all that members have in the request, is of those who voted for that amount. `None` where nobody is for the
    /// request, or there is no money.
    pub fn of(
        minor: u64,
        pool_minor: u64,
        passed: impl IntoIterator<Item = (u64, u128)>,
        conviction: u128,
    ) -> Option<Part> {
        if conviction == 0 || pool_minor == 0 {
            return None;
        }
        let product = |minor: u64, part: u128| Natural::from(u128::from(minor)).times(&Natural::from(part));
        let passed = passed.into_iter().fold(Natural::default(), |sum, (minor, part)| sum.plus(&product(minor, part)));
        let taken = product(minor, conviction).plus(&passed);
        let of = product(pool_minor, conviction).plus(&passed);
        Some(Part { taken, of })
    }

    /// Whether it is within a limit in parts per million.
    fn within(&self, limit_ppm: u32) -> bool {
        self.taken.times(&million(PPM)) <= self.of.times(&million(limit_ppm))
    }

    /// In parts per million, rounded up; more than all of it is all of it.
    #[must_use]
    pub fn ppm(&self) -> u32 {
        let (mut low, mut high) = (0_u32, PPM);
        while low < high {
            let middle = low.midpoint(high);
            if self.within(middle) { high = middle } else { low = middle.saturating_add(1) }
        }
        low
    }
}

fn million(ppm: u32) -> Natural {
    Natural::from(u128::from(ppm))
}

/// The two sides of the comparison but for y: y × `left` > `right` × 2^64 where y is in 2^64ths.
struct Sides {
    left: Natural,
    right: Natural,
}

impl Limits {
    /// `None` where q is beyond the limit.
    fn sides(self, capacity: u128, part: &Part) -> Option<Sides> {
        if !part.within(self.spending_limit_ppm) {
            return None;
        }
        let (limit, least) = (million(self.spending_limit_ppm), million(self.least_conviction_ppm));
        // s in millionths, times 2^64, rounded down.
        let root = least.times(&million(PPM)).up(GUARD.saturating_mul(2)).root();
        let rest = million(PPM).up(GUARD).less(&root);
        let whole = limit.times(&part.of).up(GUARD);
        let left = whole.less(&part.taken.times(&rest));
        let left = left.times(&left).times(&million(PPM));
        let right = least.times(&Natural::from(capacity)).times(&whole).times(&whole);
        Some(Sides { left, right })
    }

    /// Whether a request passes: its conviction y, in micro-votes as C, is above what its part of the pool needs.
    #[must_use]
    pub fn pass(self, y: Conviction, capacity: u128, part: &Part) -> bool {
        let (negative, whole, rest) = y.words();
        let y = Natural::from(whole).up(64).plus(&Natural::from(u128::from(rest)));
        let Some(sides) = self.sides(capacity, part) else { return false };
        negative == 0 && y.times(&sides.left) > sides.right.up(64)
    }

    /// The greatest conviction that does not suffice, micro-votes rounded down; `None` where none ever does.
    #[must_use]
    pub fn needs(self, capacity: u128, part: &Part) -> Option<u128> {
        let sides = self.sides(capacity, part)?;
        let (mut low, mut high) = (0_u128, BEYOND_ALL_VOTES);
        while low < high {
            let middle = low.midpoint(high).saturating_add(1);
            let suffices = Natural::from(middle).times(&sides.left) > sides.right;
            if suffices { high = middle.saturating_sub(1) } else { low = middle }
        }
        Some(low)
    }
}

#[cfg(test)]
mod tests;
