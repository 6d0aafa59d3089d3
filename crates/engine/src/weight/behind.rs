//! The weight behind members who assent to something or leave together: kept with the update, and brought up to date by
//! those alone who have joined them or turned away since.

use imbl::OrdSet;
use imbl::ordset::DiffItem;

use crate::id::MemberIndex;
use crate::weight::Weights;

/// Some members, and what they weigh together, micro-weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    members: OrdSet<MemberIndex>,
    /// Their whole weight.
    pub all: u128,
    /// Their weight in each class, in the kernel's order; empty while nobody is among them.
    classes: Vec<u128>,
}

impl Behind {
    /// Weighs members.
    #[must_use]
    pub fn of(members: &OrdSet<MemberIndex>, weights: &Weights) -> Behind {
        Behind::default().with(members, weights)
    }

    /// Weighs these members instead, by the same weights. Only those are read who are in one of the two sets, as far as one
    /// came from the other.
    #[must_use]
    pub fn with(&self, members: &OrdSet<MemberIndex>, weights: &Weights) -> Behind {
        let mut behind = Behind { members: members.clone(), ..self.clone() };
        behind.classes.resize(weights.classes.len(), 0);
        for moved in self.members.diff(members) {
            let (member, change): (_, fn(u128, u128) -> u128) = match moved {
                DiffItem::Add(member) => (*member, u128::saturating_add),
                DiffItem::Remove(member) => (*member, u128::saturating_sub),
            };
            behind.all = change(behind.all, u128::from(weights.of(member)));
            for (sum, class) in behind.classes.iter_mut().zip(&weights.classes) {
                let own = class.weight.get(member.place()).copied().unwrap_or(0);
                *sum = change(*sum, u128::from(own));
            }
        }
        behind
    }

    /// Returns their weight in a class, by its place in the kernel.
    #[must_use]
    pub fn class(&self, place: usize) -> u128 {
        self.classes.get(place).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::weight::ClassWeights;

    proptest! {
        #[test]
        fn those_who_moved_bring_the_sum_up_to_date(
            weights in prop::collection::vec((0_u64..1_000, 0_u64..1_000), 1..300),
            first in prop::collection::vec(0_usize..300, 0..300),
            moved in prop::collection::vec(0_usize..300, 0..20),
        ) {
            let column = |one: fn(&(u64, u64)) -> u64| Arc::new(weights.iter().map(one).collect::<Vec<_>>());
            let class = |weight| ClassWeights { weight, ..ClassWeights::default() };
            let weights = Weights {
                member: weights.iter().map(|(a, b)| a + b).collect(),
                classes: vec![class(column(|(a, _)| *a)), class(column(|(_, b)| *b))],
                ..Weights::default()
            };
            // Some were not in the register when it was weighed.
            let then: OrdSet<MemberIndex> = first.into_iter().map(MemberIndex::at).collect();
            let kept = Behind::of(&then, &weights);
            let mut now = then.clone();
            for member in moved.into_iter().map(MemberIndex::at) {
                if now.remove(&member).is_none() {
                    now.insert(member);
                }
            }
            let sum = |column: &[u64]| {
                let own = now.iter().filter_map(|member| column.get(member.place()));
                own.map(|micro| u128::from(*micro)).sum::<u128>()
            };
            let behind = kept.with(&now, &weights);
            prop_assert_eq!(behind.all, sum(&weights.member));
            prop_assert_eq!([behind.class(0), behind.class(1)], [0, 1].map(|place| sum(&weights.classes[place].weight)));
            prop_assert_eq!(behind, Behind::of(&now, &weights));
        }
    }
}
