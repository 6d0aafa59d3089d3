//! A pool that does not hold all matches: it is shared in proportion, and a share can be capped. Not who is paid (`cycle`).

use quantity::{PPM, mul_div};

use super::NANO;

/// Shares of a pool under a cap, and how they came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// By project, billionths of a minor unit.
    pub shares_nano: Vec<u128>,
    /// The most that a project has, billionths of a minor unit.
    pub limit_nano: u128,
    /// By round: the projects that were cut to the limit in it.
    pub rounds: Vec<Vec<usize>>,
}

/// Returns each match as it is where the pool (minor units) holds all of them; otherwise in proportion, each rounded down to a
/// billionth of a minor unit.
///
/// ```
/// use engine::pool::{NANO, shared};
/// let nano = u128::from(NANO);
/// assert_eq!(shared(&[600 * nano, 200 * nano], 400), [300 * nano, 100 * nano]);
/// assert_eq!(shared(&[600 * nano, 200 * nano], 800), [600 * nano, 200 * nano]);
/// ```
#[must_use]
pub fn shared(matches_nano: &[u128], pool_minor: u64) -> Vec<u128> {
    let pool = u128::from(pool_minor).saturating_mul(u128::from(NANO));
    let all = sum(matches_nano.iter());
    if all <= pool {
        return matches_nano.to_vec();
    }
    matches_nano.iter().map(|matched| part(*matched, pool, all)).collect()
}

/// Returns shares of a pool (minor units) of which none is above a part of it: those above are cut to it, and what they lose goes to
/// the others in proportion to their matches, until none is above. No more is shared than there are matches. Each share is rounded
/// down to a billionth of a minor unit.
///
/// ```
/// use engine::pool::{NANO, capped};
/// let nano = u128::from(NANO);
/// let cut = capped(&[600 * nano, 300 * nano, 100 * nano], 100, 500_000);
/// assert_eq!(cut.shares_nano, [50 * nano, 37 * nano + nano / 2, 12 * nano + nano / 2]);
/// ```
#[must_use]
pub fn capped(matches_nano: &[u128], pool_minor: u64, cap_ppm: u32) -> Cut {
    let pool = u128::from(pool_minor).saturating_mul(u128::from(NANO));
    let limit_nano = part(pool, u128::from(cap_ppm.min(PPM)), u128::from(PPM));
    let given_out = sum(matches_nano.iter()).min(pool);
    let mut at_limit = vec![false; matches_nano.len()];
    let mut rounds = Vec::new();
    loop {
        let open = || matches_nano.iter().zip(&at_limit).filter(|(_, cut)| !**cut).map(|(matched, _)| matched);
        let cut_before = at_limit.iter().filter(|cut| **cut).count() as u128;
        let free = given_out.saturating_sub(limit_nano.saturating_mul(cut_before));
        let all = sum(open());
        let share = |matched: &u128, cut: &bool| if *cut { limit_nano } else { part(*matched, free, all) };
        let shares: Vec<u128> = matches_nano.iter().zip(&at_limit).map(|(matched, cut)| share(matched, cut)).collect();
        let over: Vec<usize> =
            shares.iter().enumerate().filter(|(_, share)| **share > limit_nano).map(|(project, _)| project).collect();
        if over.is_empty() {
            return Cut { shares_nano: shares, limit_nano, rounds };
        }
        for project in &over {
            if let Some(cut) = at_limit.get_mut(*project) {
                *cut = true;
            }
        }
        rounds.push(over);
    }
}

fn sum<'a>(nano: impl Iterator<Item = &'a u128>) -> u128 {
    nano.fold(0, |sum: u128, one| sum.saturating_add(*one))
}

/// ⌊what × numerator ÷ denominator⌋.
pub(super) fn part(what: u128, numerator: u128, denominator: u128) -> u128 {
    let signed = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
    mul_div(signed(what), signed(numerator), signed(denominator)).unsigned_abs()
}
