//! The cap since edition 2: a column of weights cut to a level that members of standing set (docs/spec/support.md, The cap).

use std::sync::Arc;

use quantity::{Binds, CapLevel};
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
    /// Works out the cut of weights of which `newcomers` have some and do not set the level. Where the others have no more than
    /// half of the weight, all set it.
    pub(super) fn of(weights: &[u64], newcomers: Members, cap_ppm: u32) -> Cut {
        let all_set_it = || Cut { level: CapLevel::of(weights, cap_ppm), newcomers: Arc::default() };
        if newcomers.is_empty() {
            return all_set_it();
        }
        let mut set = Vec::with_capacity(weights.len());
        for (number, weights) in weights.chunks(64).enumerate() {
            let word = newcomers.word(number);
            let own = (0_u32..).zip(weights).filter(|(bit, _)| word.wrapping_shr(*bit) & 1 == 0);
            set.extend(own.map(|(_, weight)| *weight));
        }
        let sum = |weights: &[u64]| weights.iter().map(|weight| u128::from(*weight)).sum::<u128>();
        if sum(&set).saturating_mul(2) <= sum(weights) {
            return all_set_it();
        }
        Cut { level: CapLevel::of(&set, cap_ppm), newcomers: Arc::new(newcomers) }
    }

    /// Reports whether it leaves every weight as it is.
    pub(super) fn is_none(&self) -> bool {
        self.level.binds == Binds::None && self.newcomers.is_empty()
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
        if self.is_none() {
            return;
        }
        for (number, weights) in weights.chunks_mut(64).enumerate() {
            let word = self.newcomers.word(number);
            for (bit, weight) in (0_u32..).zip(weights) {
                let is_new = word.wrapping_shr(bit) & 1 == 1;
                *weight = if is_new { self.level.cut_newcomer(*weight) } else { self.level.cut(*weight) };
            }
        }
    }
}
