//! The cap since edition 2: a column of weights cut to a level that members of standing set (docs/spec/support.md, The cap).

use std::sync::Arc;

use quantity::CapLevel;
use serde::{Deserialize, Serialize};

use crate::id::MemberIndex;
use crate::weight::standing::Members;

/// How a cap cut a column of weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The level, and the sums of those of standing.
    pub level: CapLevel,
    /// Who has weight and is not of standing yet.
    newcomers: Arc<Members>,
}

impl Cut {
    /// Works out the cut of weights of which `standing` says whose set the level. Where these have no more than half of the
    /// weight, all set it.
    pub(super) fn of(weights: &[u64], standing: &Members, cap_ppm: u32) -> Cut {
        let sum = |weights: &mut dyn Iterator<Item = u64>| weights.map(u128::from).sum::<u128>();
        let set: Vec<u64> =
            weights.iter().enumerate().filter(|(place, _)| standing.has(*place)).map(|(_, weight)| *weight).collect();
        let (set_sum, whole) = (sum(&mut set.iter().copied()), sum(&mut weights.iter().copied()));
        if set_sum.saturating_mul(2) <= whole {
            return Cut { level: CapLevel::of(weights, cap_ppm), newcomers: Arc::default() };
        }
        if set_sum == whole {
            return Cut { level: CapLevel::of(&set, cap_ppm), newcomers: Arc::default() };
        }
        let is_new = |place: usize| !standing.has(place) && weights.get(place).is_some_and(|weight| *weight > 0);
        let newcomers = Arc::new(Members::those(weights.len(), is_new));
        Cut { level: CapLevel::of(&set, cap_ppm), newcomers }
    }

    /// Reports whether a member has weight and is no measure for others yet.
    #[must_use]
    pub fn is_newcomer(&self, member: MemberIndex) -> bool {
        self.newcomers.has(member.place())
    }

    /// Returns what is left of a member's weight, micro-weights.
    #[must_use]
    pub fn left(&self, member: MemberIndex, weight: u64) -> u64 {
        if self.is_newcomer(member) { self.level.cut_newcomer(weight) } else { self.level.cut(weight) }
    }

    /// Cuts every weight of a column.
    pub(super) fn apply(&self, weights: &mut [u64]) {
        for (place, weight) in weights.iter_mut().enumerate() {
            *weight = self.left(MemberIndex::at(place), *weight);
        }
    }
}
