//! Explanations: the facts of a co-op that the caller counts, and the sentences that come of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::Part;

/// One class, field or clause in plain English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    /// The class, the field (`members`, `votes`, `constitution`, `amend`, `fork`) or the clause's path.
    pub name: String,
    /// A line of the document that it belongs to, from 1: where a class or clause begins; for a field of the
    /// kernel, where its first class begins.
    pub line: u32,
    /// At least one; each a full sentence.
    pub sentences: Vec<String>,
}

/// The state of a co-op today, in numbers that the caller works out. Unknown ones stay empty and are not mentioned.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The weights of all members, as the last update found them.
    pub heaviest: Arc<Heaviest>,
    /// How many members weigh less because of the cap.
    pub capped: u64,
    /// By class.
    pub classes: BTreeMap<String, ClassFacts>,
    /// By the decision's path; the constitution's own election is `constitution`.
    pub decisions: BTreeMap<String, DecisionFacts>,
}

/// The state of a class today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassFacts {
    /// On its list, or, where it has none, with weight in it.
    pub members: u64,
    /// The greatest weight of one member in it, in micro-weights.
    pub highest_micro: u64,
    /// In micro-weights.
    pub total_micro: u128,
}

/// The state of a decision today.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecisionFacts {
    /// All votes that could be cast, in micro-votes: the capacity. 0 where it is unknown, and then it is not mentioned.
    pub capacity_micro: u128,
    /// How many open decisions divide one weight, this one among them where it does.
    pub sharing: u64,
    /// The holders under the names that pages show; empty for a vacant seat, `None` where they are not to be mentioned.
    pub holders: Option<Vec<String>>,
}

/// Sums of weights, heaviest members first: how many of them have a part of the whole is found without adding up again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Heaviest {
    /// Of the heaviest, of the two heaviest, and so on, in micro-weights. Members without weight are left out.
    sums: Vec<u128>,
}

impl Heaviest {
    /// Adds up weights in micro-weights, in any order.
    pub fn of(weights_micro: impl IntoIterator<Item = u64>) -> Heaviest {
        let mut weights: Vec<u64> = weights_micro.into_iter().filter(|micro| *micro > 0).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let mut sum = 0_u128;
        let sums = weights.into_iter().map(|micro| {
            sum = sum.saturating_add(u128::from(micro));
            sum
        });
        Heaviest { sums: sums.collect() }
    }

    /// Returns the number of members who have weight.
    #[must_use]
    pub fn members(&self) -> u64 {
        u64::try_from(self.sums.len()).unwrap_or(u64::MAX)
    }

    /// Returns the weight of all, in micro-weights.
    #[must_use]
    pub fn whole_micro(&self) -> u128 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// Returns how many of the heaviest have a part of the whole together, and their weight; `None` where nobody has any.
    pub(crate) fn fewest_with(&self, part: Part) -> Option<(u64, u128)> {
        let before = self.sums.partition_point(|sum| !part.is_reached(*sum, self.whole_micro()));
        let sum = self.sums.get(before)?;
        Some((u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1), *sum))
    }
}
