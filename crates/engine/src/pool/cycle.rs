//! One cycle of a pool: which projects it pays, in which order, and what it saves for. Not how a match is worked out.

use std::cmp::Ordering;

use quantity::compare_products;

use super::{NANO, sharing, to_minor};

/// Cycles of saving in a row, after which the next passes over what cannot be paid.
pub const SAVED_CYCLES: u32 = 3;

/// A project that asks a pool for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Minor units.
    pub goal: u64,
    /// Pledged by everybody, minor units.
    pub pledged: u64,
    /// The match by the pool's rule, rounded down to minor units ([`to_minor`]).
    pub matched: u64,
    /// Conviction, in any unit that all projects share.
    pub conviction: i128,
    /// Its place before others, whatever their conviction; the same for all where nobody decided otherwise.
    pub rank: u32,
    /// Since when it is eligible, in any unit of time; of two that are otherwise level the earlier comes first.
    pub eligible_since: i64,
}

/// How a pool goes on after a project that it cannot pay in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It stops, and saves for it.
    Strict,
    /// It passes it over.
    Skip,
}

/// The payment to one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Its place.
    pub project: usize,
    /// From the pool, minor units.
    pub from_pool: u64,
    /// From its pledges: all of them, minor units.
    pub pledges_charged: u64,
}

/// The outcome of a cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cycle {
    /// Eligible projects with conviction, the first to be paid first.
    pub order: Vec<usize>,
    /// Those that are paid.
    pub paid: Vec<Paid>,
    /// The rest of the pool, minor units.
    pub left: u64,
    /// The project that the pool is saved for.
    pub saving_for: Option<usize>,
    /// Cycles of saving in a row, this one among them.
    pub saved: u32,
}

/// Matches of a pool that does not hold all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scaled {
    /// By project: its match, minor units; `None` where it is not eligible, has no conviction, or was struck.
    pub matched: Vec<Option<u64>>,
    /// Those that were struck, the first first.
    pub struck: Vec<usize>,
}

impl Asking {
    /// Whether pledges and match come to the goal.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        self.pledged.saturating_add(self.matched) >= self.goal
    }

    /// Returns what the pool would pay, minor units: the match, and no more than the pledges lack.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.matched.min(self.goal.saturating_sub(self.pledged))
    }

    fn takes_part(&self) -> bool {
        self.is_eligible() && self.conviction > 0
    }
}

/// Pays eligible projects in the order of rank and then of conviction ÷ what the pool would pay, each in full; those that cost nothing
/// come first within their rank, and those without conviction are not paid. Ties go to the project that was eligible earlier, then to the lower place.
///
/// `saved` is the number of cycles before this one that saved, in a row. After [`SAVED_CYCLES`] of them a strict pool passes over, once.
/// `pool` and all results are in minor units.
///
/// ```
/// use engine::pool::{Asking, Order, fund};
/// let asking = |goal, pledged, matched, conviction| Asking { goal, pledged, matched, conviction, rank: 0, eligible_since: 0 };
/// let cycle = fund(100, Order::Strict, 0, &[asking(100, 10, 90, 1), asking(60, 10, 50, 2)]);
/// assert_eq!((cycle.order, cycle.paid.len(), cycle.left, cycle.saving_for), (vec![1, 0], 1, 50, Some(0)));
/// ```
#[must_use]
pub fn fund(pool: u64, order: Order, saved: u32, asking: &[Asking]) -> Cycle {
    let mut standing: Vec<(usize, &Asking)> = asking.iter().enumerate().filter(|(_, one)| one.takes_part()).collect();
    standing.sort_by(|(place, one), (other_place, other)| {
        let first = more_for_less(one, u128::from(one.due()), other, u128::from(other.due()));
        let first = one.rank.cmp(&other.rank).then(first);
        first.then(one.eligible_since.cmp(&other.eligible_since)).then(place.cmp(other_place))
    });
    let passes_over = order == Order::Skip || saved >= SAVED_CYCLES;
    let mut cycle = Cycle { order: standing.iter().map(|(place, _)| *place).collect(), left: pool, ..Cycle::default() };
    for (project, one) in standing {
        let from_pool = one.due();
        if let Some(left) = cycle.left.checked_sub(from_pool) {
            cycle.left = left;
            cycle.paid.push(Paid { project, from_pool, pledges_charged: one.pledged });
        } else if !passes_over {
            cycle.saving_for = Some(project);
            cycle.saved = saved.saturating_add(1);
            break;
        }
    }
    cycle
}

/// Scales the matches of eligible projects with conviction to a pool (minor units) that does not hold them all. One that is not
/// eligible any more is struck, highest rank first, then lowest conviction ÷ match (of two that are level the one that was eligible later, then the
/// higher place), and all are scaled anew, until none is. Matches come in billionths of a minor unit; scaled ones are rounded down to
/// minor units.
#[must_use]
pub fn scaled(pool: u64, matches_nano: &[u128], asking: &[Asking]) -> Scaled {
    let mut result = Scaled { matched: vec![None; asking.len()], struck: Vec::new() };
    let mut within: Vec<(usize, &Asking, u128)> = asking
        .iter()
        .enumerate()
        .zip(matches_nano)
        .filter(|((_, one), _)| one.takes_part())
        .map(|((place, one), matched)| (place, one, *matched))
        .collect();
    let pool_nano = u128::from(pool).saturating_mul(u128::from(NANO));
    loop {
        let all = within.iter().fold(0_u128, |all, (_, _, matched)| all.saturating_add(*matched));
        let scale = |matched: u128| if all <= pool_nano { matched } else { sharing::part(matched, pool_nano, all) };
        let short = |one: &Asking, matched: u128| one.pledged.saturating_add(to_minor(scale(matched))) < one.goal;
        let last =
            within.iter().enumerate().filter(|(_, (_, one, matched))| short(one, *matched)).max_by(|one, other| {
                let ((_, (place, a, a_matched)), (_, (other_place, b, b_matched))) = (one, other);
                let first = more_for_less(a, *a_matched, b, *b_matched);
                let first = a.rank.cmp(&b.rank).then(first);
                first.then(a.eligible_since.cmp(&b.eligible_since)).then(place.cmp(other_place))
            });
        let Some((index, (place, ..))) = last else {
            for (place, _, matched) in &within {
                if let Some(cell) = result.matched.get_mut(*place) {
                    *cell = Some(to_minor(scale(*matched)));
                }
            }
            return result;
        };
        result.struck.push(*place);
        within.remove(index);
    }
}

/// Compares conviction ÷ cost: the greater first. A cost of nothing comes before every other.
fn more_for_less(one: &Asking, cost: u128, other: &Asking, other_cost: u128) -> Ordering {
    let (conviction, other_conviction) = (one.conviction.unsigned_abs(), other.conviction.unsigned_abs());
    compare_products(other_conviction, cost, conviction, other_cost)
}
