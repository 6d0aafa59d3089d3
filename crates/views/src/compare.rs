//! The same co-op by two sets of rules: the members whose weight differs, and the classes' parts of it.

use charter::Kernel;
use engine::register::Members;
use engine::weight::Weights;
use serde::Serialize;

use crate::{Directory, Share, Weight, say};

/// As many rows as a list shows; its total counts all.
pub const LISTED: usize = 100;

/// A list that shows its first rows.
#[derive(Serialize, Debug, Clone)]
pub struct Listed<T> {
    /// The number of all rows.
    pub total: u64,
    /// The first of them, at most [`LISTED`].
    pub shown: Vec<T>,
}

/// Everyone's weight by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct WeightsCompared {
    /// Of all members.
    pub total: Weight,
    pub total_instead: Weight,
    /// The part of all weight that other members would hold: half of the sum by which the shares differ.
    pub moved: Share,
    /// It is more than the kernel's part from which on a change of rules is tantamount to a fork.
    pub tantamount: bool,
    /// The part.
    pub tantamount_from: Share,
    /// Every class of either, in the order of the first kernel, then of the second.
    pub classes: Vec<ClassCompared>,
    /// Members whose share of all weight differs, the largest difference first.
    pub members: Listed<MemberCompared>,
}

/// One class by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct ClassCompared {
    pub class: String,
    /// `None` where there is no such class.
    pub weight: Option<Weight>,
    pub weight_instead: Option<Weight>,
    /// Of all weight.
    pub share: Option<Share>,
    pub share_instead: Option<Share>,
}

/// One member by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct MemberCompared {
    /// The pseudonym.
    pub member: String,
    pub name: String,
    pub weight: Weight,
    pub weight_instead: Weight,
    /// Of all weight.
    pub share: Share,
    pub share_instead: Share,
}

impl WeightsCompared {
    /// Says how much of all weight would be in other hands; `None` where nothing would.
    #[must_use]
    pub fn moved_words(&self) -> Option<String> {
        let (moved, from) = (self.moved.brief(), self.tantamount_from.brief());
        match (self.moved.share_ppm, self.tantamount) {
            (0, _) => None,
            (_, false) => Some(words::dry_run::moved(moved)),
            (_, true) => Some(words::dry_run::tantamount(moved, from)),
        }
    }
}

/// Weights and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<'a> {
    pub kernel: &'a Kernel,
    pub members: &'a Members,
    pub weights: &'a Weights,
}

/// Everyone's weight by two kernels.
#[must_use]
pub fn weights_compared(before: Weighed<'_>, after: Weighed<'_>, directory: Directory<'_>) -> WeightsCompared {
    let names = before.kernel.classes.iter().map(|class| &class.name);
    let fresh = after.kernel.classes.iter().map(|class| &class.name);
    let fresh = fresh.filter(|name| before.kernel.class(name).is_none());
    let classes = names.chain(fresh).map(|name| {
        let (weight, weight_instead) = (class_weight(before, name), class_weight(after, name));
        let share = |weight: Option<u128>, of: u128| weight.map(|w| Share::from_ppm(nearest_ppm(w, of)));
        ClassCompared {
            class: name.clone(),
            weight: weight.map(say::weight),
            weight_instead: weight_instead.map(say::weight),
            share: share(weight, before.weights.total),
            share_instead: share(weight_instead, after.weights.total),
        }
    });
    let (moved, from) = (moved_ppm(before, after), before.kernel.fork.tantamount_ppm);
    WeightsCompared {
        moved: Share::from_ppm(moved),
        tantamount: moved > from,
        tantamount_from: Share::from_ppm(from),
        total: say::weight(before.weights.total),
        total_instead: say::weight(after.weights.total),
        classes: classes.collect(),
        members: members_compared(before, after, directory),
    }
}

/// Returns the part of all weight that is in other hands: half of the sum by which members' shares differ, in parts per million, rounded
/// down. Where nobody had weight before, nothing moves; where nobody has any after, everything does.
fn moved_ppm(before: Weighed<'_>, after: Weighed<'_>) -> u32 {
    const ONE: u128 = 1_000_000_000_000;
    if before.weights.total == 0 {
        return 0;
    }
    if after.weights.total == 0 {
        return 1_000_000;
    }
    let share = |weighed: Weighed<'_>, member| {
        let weight = weighed.members.index(member).map_or(0, |index| weighed.weights.of(index));
        u128::from(weight).saturating_mul(ONE).checked_div(weighed.weights.total).unwrap_or(0)
    };
    let both = |of: &Members| of.indices().filter_map(|index| of.pseudonym(index)).collect::<Vec<_>>();
    let (old, new) = (both(before.members), both(after.members));
    let left = old.iter().filter(|member| after.members.index(**member).is_none());
    let apart = new.iter().chain(left).map(|member| share(before, *member).abs_diff(share(after, *member)));
    let sum = apart.fold(0_u128, u128::saturating_add);
    u32::try_from(sum.div_euclid(2 * (ONE / 1_000_000))).unwrap_or(1_000_000).min(1_000_000)
}

fn class_weight(weighed: Weighed<'_>, name: &str) -> Option<u128> {
    let mut classes = weighed.kernel.classes.iter();
    let place = classes.position(|class| class.name == name)?;
    let column = weighed.weights.classes.get(place);
    let column = column.map_or(&[][..], |class| class.weight.as_slice());
    Some(column.iter().map(|micro| u128::from(*micro)).sum())
}

fn members_compared(before: Weighed<'_>, after: Weighed<'_>, directory: Directory<'_>) -> Listed<MemberCompared> {
    let weight_of = |weighed: Weighed<'_>, member| {
        let index = weighed.members.index(member);
        index.map_or(0, |index| weighed.weights.of(index))
    };
    let both = after.members.indices().filter_map(|index| after.members.pseudonym(index));
    let mut differing: Vec<(u64, MemberCompared)> = both
        .filter_map(|member| {
            let (old, new) = (weight_of(before, member), weight_of(after, member));
            let parts =
                [(old, before.weights.total), (new, after.weights.total)].map(|(weight, of)| billionths(weight, of));
            let apart = parts[0].abs_diff(parts[1]);
            let share = |weight: u64, of| Share::from_ppm(nearest_ppm(u128::from(weight), of));
            (apart > 0).then(|| {
                let row = MemberCompared {
                    member: member.to_string(),
                    name: directory.name(member),
                    weight: Weight::from_micro(old),
                    weight_instead: Weight::from_micro(new),
                    share: share(old, before.weights.total),
                    share_instead: share(new, after.weights.total),
                };
                (apart, row)
            })
        })
        .collect();
    differing.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.member.cmp(&other.member)));
    listed(differing.into_iter().map(|(_, row)| row).collect())
}

/// Returns a part of a whole in parts per million, rounded to the nearest, halves up: the shorter text of it rounds the
/// same way.
fn nearest_ppm(part: u128, whole: u128) -> u32 {
    let twice = part.saturating_mul(2_000_000).saturating_add(whole);
    let parts = twice.checked_div(whole.saturating_mul(2)).unwrap_or(0);
    u32::try_from(parts.min(1_000_000)).unwrap_or(0)
}

/// Returns a part of all weight in billionths, rounded down: fine enough to put members in order.
fn billionths(weight: u64, of: u128) -> u64 {
    let parts = u128::from(weight).saturating_mul(1_000_000_000).checked_div(of);
    u64::try_from(parts.unwrap_or(0)).unwrap_or(u64::MAX)
}

/// Returns the first rows, and how many there are.
pub(super) fn listed<T>(mut rows: Vec<T>) -> Listed<T> {
    let total = say::whole(rows.len());
    rows.truncate(LISTED);
    Listed { total, shown: rows }
}

#[cfg(test)]
mod tests {
    use super::nearest_ppm;

    #[test]
    fn parts_are_rounded_to_the_nearest() {
        let check = |part, whole, expect| assert_eq!(nearest_ppm(part, whole), expect);
        check(2, 3, 666_667);
        check(1, 3, 333_333);
        check(1, 2_000_000, 1);
        check(1, 2_000_001, 0);
        check(3, 3, 1_000_000);
        check(1, 0, 0);
    }
}
