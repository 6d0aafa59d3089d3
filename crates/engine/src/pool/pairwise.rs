//! The pairwise match: each ordered pair of members adds √(c c'), damped by how much the two already give to the same projects.
//! Published by Buterin (2019) as pairwise coordination subsidies.

use quantity::{FineRoots, Natural, mul_div, mul_down};

use super::{Beyond, Pledges, nearest_nano};

/// The most pairs of members with a project in common, counted once a project: each is worked out by itself.
pub const MOST_PAIRS: u64 = 20_000_000;

/// Bits behind the point of a pair's root, where all sums leave room for them.
const BITS: u32 = 60;

/// Returns the match of each project, in billionths of a minor unit to the nearest: Σ over ordered pairs of members i, j of
/// k × √(cᵢcⱼ), with k = M ÷ (M + Σ over all projects of √(cᵢcⱼ)).
///
/// Every pair's root and quotient is rounded down to 2^-60 of a minor unit. So 20,000,000 pairs are less than 10^-10 below the
/// exact sum, and a sum that is whole comes out whole.
pub(super) fn matches(pledges: &Pledges, m_minor: u64) -> Result<Vec<u128>, Beyond> {
    if pairs(pledges) > MOST_PAIRS {
        return Err(Beyond::Pairs);
    }
    let table = Table::of(pledges, m_minor);
    let mut together = vec![0_u128; table.rows.len()];
    let mut matched = vec![0_u128; pledges.projects()];
    for own in &table.rows {
        // Once over everybody who gives to one of this member's projects, for what the two have in common…
        let mut met = Vec::new();
        for (project, place) in own {
            for other in place.saturating_add(1)..pledges.range(*project).end {
                let other_member = table.row_of.get(other).copied().unwrap_or(0);
                if let Some(sum) = together.get_mut(other_member) {
                    *sum = sum.saturating_add(table.root_of_pair(*place, other));
                    met.push(other_member);
                }
            }
        }
        // … and once more for what the pair adds to each.
        for (project, place) in own {
            for other in place.saturating_add(1)..pledges.range(*project).end {
                let other_member = table.row_of.get(other).copied().unwrap_or(0);
                let common = together.get(other_member).copied().unwrap_or(0);
                if let Some(sum) = matched.get_mut(*project) {
                    *sum = sum.saturating_add(table.damped(table.root_of_pair(*place, other), common));
                }
            }
        }
        for member in met {
            if let Some(sum) = together.get_mut(member) {
                *sum = 0;
            }
        }
    }
    // Both orders of a pair.
    let both = |sum: u128| Natural::from(sum).up(1);
    Ok(matched.into_iter().map(|sum| nearest_nano(&both(sum), table.bits)).collect())
}

/// Pairs of members who give to one project together, counted once a project.
pub(super) fn pairs(pledges: &Pledges) -> u64 {
    (0..pledges.projects()).fold(0_u64, |pairs, project| {
        let members = pledges.sums(project).len() as u64;
        pairs.saturating_add(members.saturating_mul(members.saturating_sub(1)) / 2)
    })
}

/// Roots of every sum, and who has which.
struct Table {
    /// By the place of a sum: its root, in parts of 2^-`root_bits`.
    roots: Vec<u128>,
    root_bits: u32,
    /// By the place of a sum: the row of its member.
    row_of: Vec<usize>,
    /// A row a member, in their order: the projects they give to, and the places of their sums.
    rows: Vec<Vec<(usize, usize)>>,
    /// M, in parts of 2^-`bits`.
    m: u128,
    bits: u32,
}

impl Table {
    fn of(pledges: &Pledges, m_minor: u64) -> Table {
        let (members, sums) = pledges.all();
        let mut known = members.to_vec();
        known.sort_unstable();
        known.dedup();
        let row_of: Vec<usize> = members.iter().map(|member| known.binary_search(member).unwrap_or(0)).collect();
        let mut rows = vec![Vec::new(); known.len()];
        for project in 0..pledges.projects() {
            for place in pledges.range(project) {
                if let Some(row) = row_of.get(place).and_then(|row| rows.get_mut(*row)) {
                    row.push((project, place));
                }
            }
        }
        let fine = FineRoots::up_to(sums.iter().copied().max().unwrap_or(0));
        // No sum over pairs is more than the members times all that they give.
        let all = sums.iter().fold(0_u128, |all, minor| all.saturating_add(u128::from(*minor)));
        let most = Natural::from(all.saturating_mul(known.len() as u128)).bits();
        let bits = BITS.min(126_u32.saturating_sub(most));
        Table {
            roots: sums.iter().map(|minor| fine.finer(*minor)).collect(),
            root_bits: fine.finer_bits(),
            row_of,
            rows,
            m: u128::from(m_minor).wrapping_shl(bits),
            bits,
        }
    }

    /// √(c c') of two sums, in parts of 2^-`bits`.
    fn root_of_pair(&self, one: usize, other: usize) -> u128 {
        let root = |place: usize| self.roots.get(place).copied().unwrap_or(0);
        // INVARIANT: roots have 62 bits behind the point at least, and pairs 60 at most.
        mul_down(root(one), root(other), self.root_bits.saturating_mul(2).saturating_sub(self.bits))
    }

    /// The damped root of a pair that has so much in common.
    fn damped(&self, root: u128, common: u128) -> u128 {
        let signed = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
        mul_div(signed(self.m), signed(root), signed(self.m.saturating_add(common))).unsigned_abs()
    }
}
