//! The level at which weights are capped so that nobody holds more than a part of what remains.

use crate::PPM;

/// Returns the largest level L, in micro-weights rounded down, such that every min(w, L) is at most `cap_ppm` of
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
    let (highest, least) = (*positive.iter().max()?, *positive.iter().min()?);
    let total: u128 = positive.iter().copied().map(u128::from).sum();
    let (cap, whole) = (u128::from(cap_ppm), u128::from(PPM));
    // Nobody exceeds the cap: nothing changes.
    if u128::from(highest).saturating_mul(whole) <= cap.saturating_mul(total) {
        return None;
    }
    // So few members that no level satisfies the cap: all become equal.
    if cap.saturating_mul(positive.len() as u128) <= whole {
        return Some(least);
    }
    // INVARIANT: here 0 < cap < whole, and fewer than whole ÷ cap members can be above the level.
    let most_above = usize::try_from(whole.checked_div(cap)?).ok()?;
    let last = most_above.min(positive.len().saturating_sub(1));
    positive.select_nth_unstable_by(last, |a, b| b.cmp(a));
    let top = positive.get_mut(..=last)?;
    top.sort_unstable_by(|a, b| b.cmp(a));

    // L* = c × rest ÷ (1 − c × k), for the first k for which it reaches the next weight (see above).
    let mut rest = total;
    let mut room = whole;
    for (weight, next) in top.iter().zip(top.iter().skip(1)) {
        rest = rest.saturating_sub(u128::from(*weight));
        room = room.saturating_sub(cap);
        let level = cap.saturating_mul(rest).checked_div(room)?;
        if level >= u128::from(*next) {
            return u64::try_from(level).ok();
        }
    }
    Some(least)
}

#[cfg(test)]
mod tests;
