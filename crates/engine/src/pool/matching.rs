//! The plain match (Σ√c)² − Σc, exact: quadratic funding as Buterin, Hitzig and Weyl published it.

use std::collections::BTreeMap;

use quantity::{FineRoots, Natural, RootSum};

/// Returns ⌊finer × ((Σ√c)² − Σc)⌋, of one sum a member in minor units: in minor units where `finer` is 1, in billionths where it is
/// [`super::NANO`]. Exact for sums that come to [`super::MOST_PLEDGED`] at most.
///
/// Roots are worked out to parts of 2^-b, so that a lower and an upper bound l and h of Σ√c are known: either each root is less than two
/// parts off, or each is rounded down and e of them are inexact, and then h is l + e parts. Where `finer × l²` and `finer × h²` round down
/// to the same whole number, `finer × (Σ√c)²` rounds down to it too; and Σc is whole. Where they do not, more bits are taken: 19 to 50
/// first, then 11 more, then 32 more, then as many as it takes. Many sums of few values have the 43 more at once. The search ends unless the match is a whole number of parts, since both bounds
/// come as near to it as one likes.
///
/// A sum of roots has a rational square only if the square-free parts of all c are one number d: (Σ√c)² is Σ c + 2Σ√(cᵢcⱼ), every
/// √(cᵢcⱼ) is a positive multiple of the root of a square-free number, and roots of different square-free numbers are linearly
/// independent over the rationals, so that no root can cancel another. All d are the same exactly where c × c₁ is a square for
/// each c; then (Σ√c)² is (Σ√(c × c₁))² ÷ c₁, in whole numbers.
///
/// ```
/// use engine::pool::{NANO, plain};
/// assert_eq!(plain(&[100, 100, 100], 1), 600);
/// assert_eq!(plain(&[30, 20], 1), 48, "2√600 = 48.98…");
/// assert_eq!(plain(&[2, 8], NANO), 8_000_000_000);
/// ```
#[must_use]
pub fn plain(sums: &[u64], finer: u64) -> u128 {
    let greatest = sums.iter().copied().max().unwrap_or(0);
    let pledged = sums.iter().fold(0_u128, |sum, minor| sum.saturating_add(u128::from(*minor)));
    let roots = FineRoots::up_to(greatest);
    let count = sums.len() as u128;
    let rounded = |low: u128, above: u128, bits| {
        rounded(&Natural::from(low), &Natural::from(low.saturating_add(above)), bits, pledged, finer)
    };
    let near = || {
        let sum = roots.near_sum(sums)?;
        let off = count.saturating_mul(2);
        rounded(sum.saturating_sub(off), off.saturating_mul(2), roots.near_bits())
    };
    let exact = |sum: RootSum, bits| rounded(sum.sum, u128::from(sum.inexact), bits);
    // One root for all sums that are the same, where it is cheap to count them.
    let alike = || {
        let sum = roots.finer_sum_of_times(&by_value(sums, greatest)?);
        let off = count.saturating_mul(2);
        rounded(sum.saturating_sub(off), off.saturating_mul(2), roots.finer_bits())
    };
    // A rounding that would be certain by luck alone is not tried: the bounds of the match are 8 × count × Σ√c parts apart at most.
    let root = u128::from(greatest.isqrt()).saturating_add(1);
    let apart = count.saturating_mul(count).saturating_mul(root).saturating_mul(u128::from(finer)).saturating_mul(8);
    let certain = |apart: u128, bits: u32| apart.saturating_mul(8) < 1_u128.wrapping_shl(bits);
    let first = if certain(apart, roots.near_bits()) { near() } else { None };
    first
        .or_else(alike)
        .or_else(|| if certain(apart / 4, roots.bits()) { exact(roots.sum(sums), roots.bits()) } else { None })
        .or_else(|| exact(roots.finer_sum(sums), roots.finer_bits()))
        .or_else(|| whole(sums, pledged, finer))
        .unwrap_or_else(|| deep(sums, pledged, finer))
}

/// The least number of sums that is worth counting by value.
const MANY: usize = 4_096;

/// How often each value is among many sums; `None` where there are more values than four for each sum.
fn by_value(sums: &[u64], greatest: u64) -> Option<Vec<u32>> {
    let values = usize::try_from(greatest).ok()?.checked_add(1)?;
    if sums.len() < MANY || values > sums.len().saturating_mul(4) || u32::try_from(sums.len()).is_err() {
        return None;
    }
    let mut times = vec![0_u32; values];
    for minor in sums {
        let count = usize::try_from(*minor).ok().and_then(|value| times.get_mut(value))?;
        *count = count.saturating_add(1);
    }
    Some(times)
}

/// The match, where a lower and an upper bound of the sum of roots round to it.
fn rounded(low: &Natural, high: &Natural, bits: u32, pledged: u128, finer: u64) -> Option<u128> {
    let finer = Natural::from(u128::from(finer));
    let square = |root: &Natural| root.times(root).times(&finer).down(bits.saturating_mul(2));
    let matched = square(low);
    if high != low && square(high) != matched {
        return None;
    }
    Some(matched.less(&Natural::from(pledged).times(&finer)).to_u128().unwrap_or(u128::MAX))
}

/// The match, where it is a whole number of minor units: all products with the first sum are squares.
fn whole(sums: &[u64], pledged: u128, finer: u64) -> Option<u128> {
    let first = sums.iter().copied().find(|minor| *minor > 0)?;
    let mut roots = 0_u128;
    for minor in sums {
        let product = u128::from(*minor).saturating_mul(u128::from(first));
        let root = product.isqrt();
        if root.saturating_mul(root) != product {
            return None;
        }
        roots = roots.saturating_add(root);
    }
    let roots = Natural::from(roots);
    let square = roots.times(&roots).divided_by(first);
    square.less(&Natural::from(pledged)).times(&Natural::from(u128::from(finer))).to_u128()
}

/// The match, with as many bits as it takes. One root for all sums that are the same.
fn deep(sums: &[u64], pledged: u128, finer: u64) -> u128 {
    let mut times: BTreeMap<u64, u64> = BTreeMap::new();
    for minor in sums {
        let count = times.entry(*minor).or_default();
        *count = count.saturating_add(1);
    }
    let mut bits = 128_u32;
    loop {
        let (mut sum, mut inexact) = (Natural::default(), 0_u64);
        for (minor, count) in &times {
            let root = Natural::from(u128::from(*minor)).up(bits.saturating_mul(2)).root();
            sum = sum.plus(&root.times(&Natural::from(u128::from(*count))));
            let exact = minor.isqrt().saturating_mul(minor.isqrt()) == *minor;
            inexact = inexact.saturating_add(if exact { 0 } else { *count });
        }
        let high = sum.plus(&Natural::from(u128::from(inexact)));
        if let Some(matched) = rounded(&sum, &high, bits, pledged, finer) {
            return matched;
        }
        bits = bits.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests;
