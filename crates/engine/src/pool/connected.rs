//! The cluster match over groups, as Miller, Weyl and Erichsen published it ("Beyond Collusion Resistance", connection-oriented
//! cluster match): what members of one group give together counts less, and least beside groups that they know.

use std::collections::{BTreeMap, BTreeSet};

use quantity::Natural;

use super::{Beyond, NANO, Pledges, nearest_nano, plain};

/// The most groups: each pair of them is worked out for every project.
pub const MOST_GROUPS: usize = 200;

/// The most steps over all projects. A pair of groups of which both give to one is `STEPS_OF_A_PAIR`, and so much as one is each
/// giver of the two.
pub const MOST_STEPS: u64 = 50_000_000;

/// A root takes as long as so many sums.
const STEPS_OF_A_PAIR: u64 = 50;

/// Bits behind the point of every root.
const BITS: u32 = 64;

/// Groups of members. A member of several is in each with an equal part of what they give; a member of none is a group alone.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// By member: the groups they belong to.
    of: BTreeMap<u32, Vec<usize>>,
    /// By two groups: whether a member is in both.
    meet: Vec<Vec<bool>>,
}

impl Groups {
    /// Returns groups of members, by their places in the caller's list; a member who is named twice in a group is in it once.
    ///
    /// # Errors
    /// [`Beyond::Groups`] where there are more than [`MOST_GROUPS`].
    pub fn of(groups: &[Vec<u32>]) -> Result<Groups, Beyond> {
        if groups.len() > MOST_GROUPS {
            return Err(Beyond::Groups);
        }
        let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (group, members) in groups.iter().enumerate() {
            for member in members {
                let own = of.entry(*member).or_default();
                if own.last() != Some(&group) {
                    own.push(group);
                }
            }
        }
        let mut meet = vec![vec![false; groups.len()]; groups.len()];
        for own in of.values() {
            for one in own {
                for other in own {
                    if let Some(cell) = meet.get_mut(*one).and_then(|row| row.get_mut(*other)) {
                        *cell = true;
                    }
                }
            }
        }
        Ok(Groups { of, meet })
    }

    /// Whether somebody with such groups is in the other group, or shares a group with one of its members.
    fn knows(&self, own: &[usize], other: usize) -> bool {
        own.iter().any(|group| self.meet.get(*group).and_then(|row| row.get(other)).copied().unwrap_or(false))
    }
}

/// Returns the match of each project, in billionths of a minor unit to the nearest: Σ over ordered pairs of groups g, h of
/// √(Σ over members of g of K ÷ T) × √(Σ over members of h of K ÷ T), with T the number of somebody's groups, and K what they give;
/// its root where they are in the other group or share a group with somebody in it.
pub(super) fn matches(pledges: &Pledges, groups: &Groups, unit_minor: u64) -> Result<Vec<u128>, Beyond> {
    if all_steps(pledges, groups) > MOST_STEPS {
        return Err(Beyond::Steps);
    }
    Ok((0..pledges.projects()).map(|project| matched(pledges, project, groups, unit_minor.max(1))).collect())
}

/// How long the matches of all projects take.
pub(super) fn all_steps(pledges: &Pledges, groups: &Groups) -> u64 {
    (0..pledges.projects()).fold(0_u64, |all, project| all.saturating_add(steps(pledges, project, groups)))
}

/// How long a project's match takes: each of its groups stands beside every other.
fn steps(pledges: &Pledges, project: usize, groups: &Groups) -> u64 {
    let of_givers = || pledges.members(project).iter().filter_map(|member| groups.of.get(member));
    let parts = of_givers().fold(0_u64, |parts, own| parts.saturating_add(own.len() as u64));
    let giving: BTreeSet<&usize> = of_givers().flatten().collect();
    let others = (giving.len() as u64).saturating_sub(1);
    let pairs = (giving.len() as u64).saturating_mul(others) / 2;
    parts.saturating_mul(others).saturating_add(pairs.saturating_mul(STEPS_OF_A_PAIR))
}

/// A giver's part in a group: a T-th of their gift, and of its root, in parts of 2^-64 of a unit.
struct Part<'a> {
    groups: &'a [usize],
    gift: Natural,
    root: Natural,
}

fn matched(pledges: &Pledges, project: usize, groups: &Groups, unit: u64) -> u128 {
    let given = || pledges.members(project).iter().zip(pledges.sums(project));
    let mut by_group: BTreeMap<usize, Vec<Part>> = BTreeMap::new();
    let (mut alone, mut roots_alone) = (Vec::new(), Natural::default());
    for (member, minor) in given() {
        let gift = Natural::from(u128::from(*minor)).up(BITS).divided_by(unit);
        let root = Natural::from(u128::from(*minor)).up(BITS.saturating_mul(2)).divided_by(unit).root();
        let Some(own) = groups.of.get(member) else {
            alone.push(*minor);
            roots_alone = roots_alone.plus(&root);
            continue;
        };
        let times = own.len() as u64;
        for group in own {
            let part = Part { groups: own, gift: gift.divided_by(times), root: root.divided_by(times) };
            by_group.entry(*group).or_default().push(part);
        }
    }
    let mut sum = Natural::default();
    // Two groups, each beside the other.
    let beside = |parts: &[Part], other: usize| {
        parts.iter().fold(Natural::default(), |sum, part| {
            sum.plus(if groups.knows(part.groups, other) { &part.root } else { &part.gift })
        })
    };
    for (one, parts) in &by_group {
        for (other, others) in by_group.range(one.saturating_add(1)..) {
            sum = sum.plus(&beside(parts, *other).times(&beside(others, *one)).root());
        }
    }
    // Each member of no group beside each group, which they do not know.
    for parts in by_group.values() {
        let whole = parts.iter().fold(Natural::default(), |sum, part| sum.plus(&part.gift));
        sum = sum.plus(&whole.up(BITS).root().times(&roots_alone).down(BITS));
    }
    // Both orders of a pair; members of no group among themselves are matched as plainly as anybody.
    let both = sum.up(1).times(&Natural::from(u128::from(unit)));
    nearest_nano(&both, BITS).saturating_add(plain(&alone, NANO))
}
