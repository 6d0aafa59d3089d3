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

/// The share of one ballot, and that of the same member's opposite ballot on the same election, parts per million. Since edition 2
/// both are rooted together (docs/spec/elections.md, Votes): with a root for each, placing half for and half against would make √2
/// times the votes of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Of this ballot.
    pub own_ppm: u32,
    /// Of the opposite one; 0 where there is none, and where each is rooted alone.
    pub opposite_ppm: u32,
}

impl From<u32> for Shares {
    fn from(own_ppm: u32) -> Self {
        Shares { own_ppm, opposite_ppm: 0 }
    }
}

impl Shares {
    /// Both, which are at most a whole.
    #[inline]
    #[must_use]
    pub fn together_ppm(self) -> u32 {
        self.own_ppm.saturating_add(self.opposite_ppm)
    }

    /// Returns the part of the votes of both shares that this ballot has, rounded down.
    #[inline]
    #[must_use]
    pub fn part_of(self, votes: u64) -> u64 {
        if self.opposite_ppm == 0 {
            return votes;
        }
        mul_div_u64(votes, u64::from(self.own_ppm), u64::from(self.together_ppm()))
    }
}

/// The votes of one share of one weight, micro-votes, rounded down: of both shares of an election first, where they are rooted
/// together, and then the part of this one.
#[must_use]
pub fn votes_of(counting: Counting, weight_micro: u64, shares: impl Into<Shares>) -> u64 {
    let shares = shares.into();
    match counting {
        Counting::Quadratic => shares.part_of(root_votes::<1>(weight_micro, shares.together_ppm())),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            mul_div_u64(weight_micro, u64::from(shares.own_ppm), 1_000_000)
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
pub fn votes_by_class(
    counting: Counting,
    shares: impl Into<Shares>,
    classes: impl Iterator<Item = (Factor, u64)>,
) -> u64 {
    let shares = shares.into();
    let votes = |(factor, weight): (Factor, u64)| factor.of(votes_of(counting, weight, shares));
    classes.map(votes).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests;
