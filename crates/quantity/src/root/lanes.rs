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

#[cfg(test)]
mod tests;
