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
    WeightsCompared {
        total: say::weight(before.weights.total),
        total_instead: say::weight(after.weights.total),
        classes: classes.collect(),
        members: members_compared(before, after, directory),
    }
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
