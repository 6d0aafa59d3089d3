//! Roots of whole columns, in loops that the compiler turns into vectors. The one file of a pure room with floating point: a
//! float only guesses, integers decide, and so no bit of an answer depends on it.
//!
//! The guess `k` for ⌊√p⌋ with p < 2^64 is p as a float, its root, and that plus 2^52, where a float is an integer in its low bits.
//! The first two round by less than a part in 2^52 each, so the root is off by less than 2^32 × 2^-51 = 2^-19; the last rounds by
//! a half at most. Thus |k − √p| < 1, and `k` is ⌊√p⌋ or one more: the latter exactly where k² > p. The difference p − k² is
//! between −2^34 and 2^34, so its sign is its top bit in wrapping arithmetic, even where k = 2^32 and its square wraps to 0.
//! There is room to spare: any guess nearer than 1 would do.
//!
//! Measured by `examples/root_bench.rs` in SSE2, the least that a 64-bit x86 has: half the time of [`super::votes`] one by one.

#![allow(clippy::float_arithmetic, reason = "a float guesses, integers decide")]

use super::{votes, votes_split};
use crate::MICRO;

/// Elements that are computed in one go, and once more one by one where the product of one of them does not fit 64 bits.
const CHUNK: usize = 64;

/// 2^52: from here on a float's low bits count whole numbers.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// The bits that a float from 2^52 to 2^53 counts with.
const NEAR: u64 = (1 << 52) - 1;

/// The bits of a root of 64 bits, and one more for a guess of 2^32.
const GUESS: u64 = (1 << 33) - 1;

/// Writes [`votes`] of each weight and its share, micro-votes rounded down. Ends with the shortest of the columns. Exact over the
/// whole range.
///
/// ```
/// use quantity::{MICRO, PPM, votes_each};
/// let mut votes = [0; 3];
/// votes_each(&[100 * MICRO, 9 * MICRO, 0], &[PPM, PPM, 500_000], &mut votes);
/// assert_eq!(votes, [10 * MICRO, 3 * MICRO, 0]);
/// ```
pub fn votes_each(weights_micro: &[u64], shares_ppm: &[u32], votes_micro: &mut [u64]) {
    let columns = weights_micro.chunks(CHUNK).zip(shares_ppm.chunks(CHUNK)).zip(votes_micro.chunks_mut(CHUNK));
    for ((weights, shares), roots) in columns {
        let mut beyond = 0;
        for ((root, weight), share) in roots.iter_mut().zip(weights).zip(shares) {
            let (product, more) = wide_product(*weight, u64::from(*share));
            beyond |= more;
            *root = root_of(product);
        }
        if beyond != 0 {
            for ((root, weight), share) in roots.iter_mut().zip(weights).zip(shares) {
                *root = votes(*weight, *share);
            }
        }
    }
}

/// Returns the sum of [`votes_split`] over all weights, micro-votes. Exact over the whole range.
///
/// ```
/// use quantity::{MICRO, votes_split_sum};
/// assert_eq!(votes_split_sum(&[100 * MICRO, 36 * MICRO], 4), 8 * u128::from(MICRO));
/// ```
#[must_use]
pub fn votes_split_sum(weights_micro: &[u64], among: u32) -> u128 {
    let among = among.max(1);
    let part = 1.0 / f64::from(among);
    let mut all: u128 = 0;
    for weights in weights_micro.chunks(CHUNK) {
        let (mut beyond, mut sum) = (0, 0_u64);
        for weight in weights {
            let (product, more) = wide_product(*weight, MICRO);
            beyond |= more;
            sum = sum.wrapping_add(root_of_part(product, u64::from(among), part));
        }
        // INVARIANT: 64 roots below 2^32 add up to less than 2^38.
        let sum = if beyond == 0 {
            u128::from(sum)
        } else {
            weights.iter().map(|weight| u128::from(votes_split(*weight, among))).sum()
        };
        all = all.saturating_add(sum);
    }
    all
}

/// `weight × share`: the low 64 bits, and what goes beyond them. The share is below 2^32.
#[inline]
fn wide_product(weight: u64, share: u64) -> (u64, u64) {
    // Halves of 32 bits, because vectors multiply no wider ones.
    let low = (weight & 0xffff_ffff).wrapping_mul(share);
    let high = (weight >> 32).wrapping_mul(share);
    let product = low.wrapping_add(high << 32);
    let carried = high.wrapping_add(low >> 32);
    (product, carried >> 32)
}

/// ⌊√p⌋, by the argument at the head of the file.
#[inline]
fn root_of(product: u64) -> u64 {
    let guess = whole((product as f64).sqrt());
    guess.wrapping_sub(product.wrapping_sub(square(guess)) >> 63)
}

/// ⌊√(p ÷ n)⌋ where `part` is 1 ÷ n. The quotient rounds by two parts in 2^53 more than the root of the whole, and the guess is as
/// near. It is one too many exactly where k² × n > p; p − k² × n is between ±(2√(p × n) + n), which is less than 2^50.
#[inline]
fn root_of_part(product: u64, among: u64, part: f64) -> u64 {
    let guess = whole((product as f64 * part).sqrt());
    guess.wrapping_sub(product.wrapping_sub(square(guess).wrapping_mul(among)) >> 63)
}

/// The nearest whole number, of up to 33 bits.
#[inline]
fn whole(root: f64) -> u64 {
    (root + WHOLE).to_bits() & GUESS
}

/// The square in 64 bits. The one of 2^32 is 0, as its low 32 bits are.
#[inline]
fn square(guess: u64) -> u64 {
    (guess & 0xffff_ffff).wrapping_mul(guess & 0xffff_ffff)
}

/// Roots with bits behind the point: of numbers that are at most so great, as many as leave the root below 2^62.
///
/// ```
/// use quantity::FineRoots;
/// let roots = FineRoots::up_to(100);
/// assert_eq!(roots.sum(&[100, 25, 0]).sum, 15 << roots.bits());
/// assert_eq!(roots.finer(2) >> roots.finer_bits(), 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FineRoots {
    greatest: u64,
    bits: u32,
    /// 2^`bits`, for the guess.
    scale: f64,
    /// Bits behind the point of a root below 2^51, which is guessed and checked in vectors.
    near_bits: u32,
    /// 2^`near_bits`.
    near_scale: f64,
}

/// The sum of roots, each rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootSum {
    /// In parts of 2^-bits.
    pub sum: u128,
    /// The number of roots that are not exact: the exact sum is below `sum` and so many parts more.
    pub inexact: u64,
}

/// Bits that a finer root has more.
const FINER: u32 = 32;
/// 2^31: half of what is one in those.
const HALF_FINER: f64 = 2_147_483_648.0;

impl FineRoots {
    /// Returns roots for numbers up to the greatest; greater ones count as that.
    #[must_use]
    pub fn up_to(greatest: u64) -> FineRoots {
        let half = 64_u32.saturating_sub((greatest | 1).leading_zeros()).div_ceil(2);
        let (bits, near_bits) = (62_u32.saturating_sub(half), 51_u32.saturating_sub(half));
        let power = |bits: u32| 1_u64.wrapping_shl(bits) as f64;
        FineRoots { greatest, bits, scale: power(bits), near_bits, near_scale: power(near_bits) }
    }

    /// Returns the number of bits behind the point: 30 for numbers of 64 bits, up to 61.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Returns the number of bits behind the point of [`FineRoots::finer`].
    #[must_use]
    pub fn finer_bits(&self) -> u32 {
        self.bits.saturating_add(FINER)
    }

    /// Returns the number of bits behind the point of [`FineRoots::near_sum`]: eleven fewer.
    #[must_use]
    pub fn near_bits(&self) -> u32 {
        self.near_bits
    }

    /// Returns a sum from which that of the exact roots differs by less than two parts of 2^-near bits for each number; `None` where
    /// integers do not bear that out. A third of the time of [`FineRoots::sum`].
    ///
    /// A guess g for √c with c = number × 4^near bits is off by less than two where |c − g²| ≤ 2g, since that is |√c − g| × (√c + g).
    /// The guess is below 2^51, and a float is off by less than 0.4 there, and by a half more where it becomes whole. So c − g² is
    /// below 2^53, and its low 64 bits say it.
    #[must_use]
    pub fn near_sum(&self, numbers: &[u64]) -> Option<u128> {
        let shift = self.near_bits.wrapping_mul(2);
        // Of c all low 64 bits are 0 where it is shifted by as many.
        let low = if shift < 64 { 1_u64.wrapping_shl(shift) } else { 0 };
        let mut all: u128 = 0;
        for numbers in numbers.chunks(CHUNK) {
            let (mut off, mut sum) = (0, 0_u64);
            for number in numbers {
                let guess = ((*number as f64).sqrt() * self.near_scale + WHOLE).to_bits() & NEAR;
                let rest = low_product(*number, low).wrapping_sub(low_product(guess, guess));
                let twice = guess.wrapping_mul(2);
                // Below 0, with the highest bit, where the rest is more than twice the guess, or less than its opposite.
                off |= twice.wrapping_sub(rest) | twice.wrapping_add(rest);
                sum = sum.wrapping_add(guess);
            }
            if off >> 63 != 0 || numbers.iter().any(|number| *number > self.greatest) {
                return None;
            }
            // INVARIANT: 64 guesses below 2^52 add up to less than 2^58.
            all = all.wrapping_add(u128::from(sum));
        }
        Some(all)
    }

    /// Returns the sum of the roots, each rounded down to parts of 2^-bits.
    #[must_use]
    pub fn sum(&self, numbers: &[u64]) -> RootSum {
        let mut all = RootSum::default();
        for numbers in numbers.chunks(CHUNK) {
            for number in numbers {
                let (root, rest) = self.root(*number);
                all.sum = all.sum.wrapping_add(u128::from(root));
                all.inexact = all.inexact.wrapping_add(u64::from(rest != 0));
            }
        }
        all
    }

    /// Returns a sum of the roots of 0, 1, 2 and so on, each taken so many times, from which the exact one differs by less than two
    /// parts of 2^-finer bits for each number: of numbers that were counted by value.
    ///
    /// With c = r² + rest the root is r + rest ÷ (√c + r), and rest ÷ 2r is too much by less than a part in 2r of it. So what is written
    /// behind r, of which 2^32 are one, is off by 2^32 ÷ 2r, which is below a part from 34 bits behind the point on, by a float's
    /// rounding, which is below a part in 2^19, and by less than one part where it becomes whole.
    ///
    /// ```
    /// use quantity::FineRoots;
    /// let roots = FineRoots::up_to(5);
    /// let near = roots.finer_sum_of_times(&[7, 0, 3, 0, 0, 2]);
    /// assert!(near.abs_diff(roots.finer_sum(&[0, 2, 5, 2, 5, 2]).sum) < 2 * 6);
    /// ```
    #[must_use]
    pub fn finer_sum_of_times(&self, times: &[u32]) -> u128 {
        let mut all: u128 = 0;
        for (number, times) in (0_u64..).zip(times).filter(|(_, times)| **times > 0) {
            let (root, rest) = self.root(number);
            let more = ((rest as f64) * HALF_FINER / ((root | 1) as f64)) as u64;
            // INVARIANT: below 2^94, taken as often as there are numbers, of which 2^34 fit.
            let finer = (u128::from(root) << FINER).wrapping_add(u128::from(more));
            all = all.wrapping_add(finer.wrapping_mul(u128::from(*times)));
        }
        all
    }

    /// Returns the sum of the finer roots, each rounded down to parts of 2^-finer bits.
    #[must_use]
    pub fn finer_sum(&self, numbers: &[u64]) -> RootSum {
        let mut all = RootSum::default();
        for number in numbers {
            let (root, rest) = self.root(*number);
            // INVARIANT: below 2^94, of which 2^34 fit.
            all.sum = all.sum.wrapping_add(self.longer(root, rest));
            all.inexact = all.inexact.wrapping_add(u64::from(rest != 0));
        }
        all
    }

    /// Returns ⌊√(number × 4^finer bits)⌋, below 2^94.
    #[must_use]
    pub fn finer(&self, number: u64) -> u128 {
        let (root, rest) = self.root(number);
        self.longer(root, rest)
    }

    /// r = ⌊√c⌋ and c − r² of c = number × 4^bits, which is below 2^124.
    ///
    /// The float's root is off by less than r × 2^-51, which is below 2^11. So c − g² is below 2^75, and divided by 2g it is what the
    /// guess lacks, but for 2^-8 and a float's rounding: the next guess is wrong by one at most. The last loops decide, whatever the
    /// guess was.
    #[inline]
    fn root(&self, number: u64) -> (u64, u64) {
        let number = number.min(self.greatest);
        let square = u128::from(number).wrapping_shl(self.bits.wrapping_mul(2));
        let near = ((number as f64).sqrt() * self.scale) as i64;
        let lack = square.wrapping_sub(square_of(near.cast_unsigned())).cast_signed();
        // Shifted by 4,096, so that cutting off is rounding down.
        let step = ((lack >> 16) as i64 as f64) * 32_768.0 / ((near | 1) as f64) + 4_096.0;
        let mut root = near.wrapping_add(step as i64).wrapping_sub(4_096).cast_unsigned();
        let mut rest = square.wrapping_sub(square_of(root)).cast_signed();
        while rest < 0 {
            root = root.wrapping_sub(1);
            rest = rest.wrapping_add(i128::from(root).wrapping_mul(2).wrapping_add(1));
        }
        while rest > i128::from(root).wrapping_mul(2) {
            rest = rest.wrapping_sub(i128::from(root).wrapping_mul(2).wrapping_add(1));
            root = root.wrapping_add(1);
        }
        // INVARIANT: at most twice the root, below 2^63.
        (root, rest as u64)
    }

    /// Writes 32 more bits behind a root with what it leaves: the greatest e with 2 × root × 2^32 × e + e² ≤ rest × 2^64.
    #[inline]
    fn longer(&self, root: u64, rest: u64) -> u128 {
        let left = u128::from(rest) << 64;
        let twice = u128::from(root) << (FINER + 1);
        let used = |e: u64| twice.wrapping_mul(u128::from(e)).wrapping_add(square_of(e));
        let mut more = ((rest as f64) * HALF_FINER / (root as f64)) as u64;
        while used(more) > left {
            more = more.wrapping_sub(1);
        }
        while rest != 0 && used(more.wrapping_add(1)) <= left {
            more = more.wrapping_add(1);
        }
        (u128::from(root) << FINER).wrapping_add(u128::from(more))
    }
}

/// The low 64 bits of a product, by halves of 32 bits, because vectors multiply no wider ones.
#[inline]
fn low_product(a: u64, b: u64) -> u64 {
    let (a_low, b_low) = (a & 0xffff_ffff, b & 0xffff_ffff);
    let middle = (a >> 32).wrapping_mul(b_low).wrapping_add(a_low.wrapping_mul(b >> 32));
    a_low.wrapping_mul(b_low).wrapping_add(middle << 32)
}

#[inline]
fn square_of(number: u64) -> u128 {
    u128::from(number).wrapping_mul(u128::from(number))
}

#[cfg(test)]
mod tests;
