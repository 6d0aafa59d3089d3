//! The votes that a share of a weight makes, by each way of counting. Not what they add up to (`tally`).

use charter::Counting;
use quantity::{mul_div_u64, root_u128, votes, votes_split_sum};

use crate::count::by_class::Factor;

/// Votes for and against one target, micro-votes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// For.
    pub in_favour: u128,
    /// Against.
    pub against: u128,
}

impl Votes {
    /// Adds both sides.
    pub fn add(&mut self, other: Votes) {
        self.in_favour = self.in_favour.saturating_add(other.in_favour);
        self.against = self.against.saturating_add(other.against);
    }

    /// For minus against.
    #[must_use]
    pub fn net(self) -> i128 {
        let signed = |votes: u128| i128::try_from(votes).unwrap_or(i128::MAX);
        signed(self.in_favour).saturating_sub(signed(self.against))
    }
}

/// The votes of one share of one weight, micro-votes, rounded down.
#[must_use]
pub fn votes_of(counting: Counting, weight_micro: u64, share_ppm: u32) -> u64 {
    match counting {
        Counting::Quadratic => root_votes::<1>(weight_micro, share_ppm),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            mul_div_u64(weight_micro, u64::from(share_ppm), 1_000_000)
        }
    }
}

/// C before its limit on falling: Σ g(weight ÷ n), micro-votes.
#[must_use]
pub fn capacity(counting: Counting, lane: &[u64], parts: u32) -> u128 {
    let parts = parts.max(1);
    match counting {
        Counting::Quadratic => votes_split_sum(lane, parts),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            lane.iter().map(|weight| u128::from(weight.checked_div(u64::from(parts)).unwrap_or(0))).sum()
        }
    }
}

/// √(weight × share), rounded down, in micro-votes; `FINER` times finer where the number itself is shown. The weight is less than
/// 2^60 where it is finer.
#[inline]
#[must_use]
pub fn root_votes<const FINER: u64>(weight_micro: u64, share_ppm: u32) -> u64 {
    if FINER == 1 {
        return votes(weight_micro, share_ppm);
    }
    let square = u128::from(weight_micro).saturating_mul(u128::from(share_ppm));
    root_u128(square.saturating_mul(u128::from(FINER)).saturating_mul(u128::from(FINER)))
}

/// `votes × score`, rounded down, in the unit of the votes. The product of usual votes fits 64 bits, where the division is a
/// multiplication.
#[inline]
#[must_use]
pub fn scored(votes: u64, score_ppm: u32) -> u64 {
    match votes.checked_mul(u64::from(score_ppm)) {
        Some(product) => product / 1_000_000,
        None => mul_div_u64(votes, u64::from(score_ppm), 1_000_000),
    }
}

/// The votes of one share where members are counted by class, micro-votes: of the weight in each class, rounded down,
/// times the class's factor, rounded down once more, and added up.
#[must_use]
pub fn votes_by_class(counting: Counting, share_ppm: u32, classes: impl Iterator<Item = (Factor, u64)>) -> u64 {
    let votes = |(factor, weight): (Factor, u64)| factor.of(votes_of(counting, weight, share_ppm));
    classes.map(votes).fold(0, u64::saturating_add)
}
