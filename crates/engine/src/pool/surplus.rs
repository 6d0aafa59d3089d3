//! A surplus, split by what members bought, worked or paid in a period. Never by weight.

use quantity::split;

/// Splits a surplus (minor units) in proportion to parts, by the largest remainder, ties to the lower place. Where all parts are 0
/// nobody gets anything, and it stays in the reserves.
///
/// ```
/// use engine::pool::surplus;
/// assert_eq!(surplus(99_999, &[12, 7, 7, 0, 1]), [44_444, 25_926, 25_926, 0, 3_703]);
/// assert_eq!(surplus(100, &[0, 0]), [0, 0]);
/// ```
#[must_use]
pub fn surplus(minor: i64, parts: &[u64]) -> Vec<i64> {
    if parts.iter().all(|part| *part == 0) {
        return vec![0; parts.len()];
    }
    split(minor, parts)
}
