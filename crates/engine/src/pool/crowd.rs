//! Crowd-matching, as Snowdrift has it: each patron gives a unit for every active patron, up to a limit of their own.

use std::collections::BTreeSet;

/// Who gives, and how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// The places of active patrons, in the order of pledging.
    pub active: Vec<usize>,
    /// The places of those whose pledge is suspended, the first to be suspended first.
    pub suspended: Vec<usize>,
    /// The gift of each active patron, minor units.
    pub each_pays: u64,
    /// All gifts together, minor units.
    pub total: u128,
}

/// Works out who gives, from the limits of patrons in the order of pledging; unit and limits in minor units. As long as somebody's
/// limit is below the unit times the number of active patrons, the latest such pledge is suspended, one at a time.
///
/// ```
/// let crowd = engine::pool::crowd_match(1, &[3, 1, 10, 2]);
/// assert_eq!((crowd.active, crowd.suspended, crowd.each_pays, crowd.total), (vec![0, 2], vec![3, 1], 2, 4));
/// ```
#[must_use]
pub fn crowd_match(unit: u64, limits: &[u64]) -> Crowd {
    let price = |active: usize| u128::from(unit).saturating_mul(active as u128);
    // Passed limits, latest last. A limit leaves them where the price comes down to it; the greatest does so first.
    let mut passed: BTreeSet<usize> = (0..limits.len()).collect();
    let mut by_limit: Vec<(u64, usize)> = limits.iter().copied().zip(0..).collect();
    by_limit.sort_unstable();
    let mut is_active = vec![true; limits.len()];
    let mut crowd = Crowd::default();
    let mut active = limits.len();
    loop {
        while let Some((_, place)) = by_limit.pop_if(|(limit, _)| u128::from(*limit) >= price(active)) {
            passed.remove(&place);
        }
        let Some(latest) = passed.pop_last() else { break };
        if let Some(is_active) = is_active.get_mut(latest) {
            *is_active = false;
        }
        crowd.suspended.push(latest);
        active = active.saturating_sub(1);
    }
    crowd.active = is_active.iter().enumerate().filter(|(_, active)| **active).map(|(place, _)| place).collect();
    // INVARIANT: no more than the limit of anybody who pays it.
    crowd.each_pays = u64::try_from(price(active)).unwrap_or(u64::MAX);
    crowd.total = price(active).saturating_mul(active as u128);
    crowd
}
