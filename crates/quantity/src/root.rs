//! Square roots of integers, exact and rounded down, and the votes that a weight carries.
//!
//! An update takes two million of them, so the 64-bit root uses a table and one Newton step
//! instead of `u64::isqrt` (measured by `examples/root_bench.rs`).

mod lanes;

use crate::MICRO;
pub use lanes::{FineRoots, RootSum, votes_each, votes_split_sum};

/// ⌊√n⌋, exact for all n.
///
/// ```
/// use quantity::root_u64;
/// assert_eq!(root_u64(99), 9);
/// assert_eq!(root_u64(u64::MAX), u32::MAX);
/// ```
#[inline]
pub fn root_u64(n: u64) -> u32 {
    // Shifting by an even count brings n to [2^62, 2^64) and its root to [2^31, 2^32); flooring both roots
    // commutes with shifting back.
    let shift = (n | 1).leading_zeros() & !1;
    let scaled = n.wrapping_shl(shift);
    let Some(&(inverse, slope)) = INVERSE_ROOTS.get((scaled >> 55).wrapping_sub(128) as usize) else {
        return 0;
    };
    // 2^30 ÷ √(scaled ÷ 2^64), with a relative error below 2^-17.
    let fraction = (scaled >> 23) & 0xffff_ffff;
    let inverse = u64::from(inverse).wrapping_sub(u64::from(slope).wrapping_mul(fraction) >> 32);
    let near = (scaled >> 32).wrapping_mul(inverse) >> 30;
    // Newton's step for the root comes from below (by less than S × 1.5 × 2^-34 < 0.5, and each shift rounds
    // down), so only the last step is open: to add one or not.
    let error = scaled.wrapping_sub(near.wrapping_mul(near)).cast_signed();
    let step = (error >> 17).wrapping_mul(inverse.cast_signed()) >> 46;
    let below = near.wrapping_add_signed(step);
    let remainder = scaled.wrapping_sub(below.wrapping_mul(below));
    let root = below.wrapping_add(u64::from(remainder > below.wrapping_mul(2)));
    root.wrapping_shr(shift >> 1) as u32
}

/// ⌊√n⌋, exact for all n.
///
/// ```
/// use quantity::root_u128;
/// assert_eq!(root_u128(u128::MAX), u64::MAX);
/// assert_eq!(root_u128(10_u128.pow(38)), 10_u64.pow(19));
/// ```
#[inline]
pub fn root_u128(n: u128) -> u64 {
    match u64::try_from(n) {
        Ok(n) => u64::from(root_u64(n)),
        Err(_) => n.isqrt() as u64,
    }
}

/// Returns the votes, in micro-votes rounded down, of a share in parts per million of a weight in micro-weights:
/// ⌊√(weight × share)⌋. One whole weight gives one vote, a hundred give ten. Exact over the whole range.
///
/// ```
/// use quantity::{MICRO, PPM, votes};
/// assert_eq!(votes(100 * MICRO, PPM), 10 * MICRO);
/// assert_eq!(votes(100 * MICRO, 250_000), 5 * MICRO);
/// ```
#[inline]
pub fn votes(weight_micro: u64, share_ppm: u32) -> u64 {
    match weight_micro.checked_mul(u64::from(share_ppm)) {
        Some(product) => u64::from(root_u64(product)),
        None => votes_of_the_very_heavy(weight_micro, share_ppm),
    }
}

/// Returns the votes, in micro-votes rounded down, of each part when a weight in micro-weights is divided evenly
/// among so many: ⌊√(weight × 1,000,000 ÷ among)⌋; among none counts as among one.
///
/// ```
/// use quantity::{MICRO, votes_split};
/// assert_eq!(votes_split(100 * MICRO, 4), 5 * MICRO);
/// ```
pub fn votes_split(weight_micro: u64, among: u32) -> u64 {
    // √ rounded down of a quotient rounded down is √ rounded down of the exact quotient.
    if let Some(product) = weight_micro.checked_mul(MICRO) {
        let part = product.checked_div(u64::from(among)).unwrap_or(product);
        return u64::from(root_u64(part));
    }
    let product = u128::from(weight_micro).saturating_mul(u128::from(MICRO));
    root_u128(product.checked_div(u128::from(among.max(1))).unwrap_or(0))
}

/// Out of line, so that the usual case stays small where it is inlined.
#[cold]
fn votes_of_the_very_heavy(weight_micro: u64, share_ppm: u32) -> u64 {
    root_u128(u128::from(weight_micro).saturating_mul(u128::from(share_ppm)))
}

/// For i in 128..512: 2^30 ÷ √(i ÷ 512) rounded down, and how much it falls until i + 1.
static INVERSE_ROOTS: [(u32, u32); 384] = inverse_roots();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler, which refuses both mistakes"
)]
const fn inverse_roots() -> [(u32, u32); 384] {
    let mut table = [(0, 0); 384];
    let mut index = 0;
    while index < table.len() {
        let here = inverse_root(index as u128 + 128);
        let next = inverse_root(index as u128 + 129);
        table[index] = (here as u32, (here - next) as u32);
        index += 1;
    }
    table
}

/// ⌊2^30 ÷ √(i ÷ 512)⌋ = ⌊√(2^69 ÷ i)⌋
#[expect(clippy::arithmetic_side_effects, reason = "runs in the compiler, which refuses a division by zero")]
const fn inverse_root(i: u128) -> u128 {
    ((1 << 69) / i).isqrt()
}

#[cfg(test)]
mod tests;
