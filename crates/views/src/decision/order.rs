//! The order in which candidates are shown.

use engine::CandidateId;
use engine::chamber::{Decision, Standing};

/// Returns the challenger with the fullest bucket; on equal buckets the one with more votes.
pub(crate) fn fullest(decision: &Decision) -> Option<(CandidateId, u128)> {
    let challengers = standing(decision).filter(|(place, _)| !decision.holds(*place));
    let numbers = challengers.map(|(place, total)| (decision.bucket(place), total, place));
    numbers
        .max_by_key(|(bucket, total, place)| (*bucket, *total, std::cmp::Reverse(*place)))
        .map(|(bucket, _, place)| (place, bucket))
}

/// Returns the places and votes of everyone who can be elected.
pub(crate) fn standing(decision: &Decision) -> impl Iterator<Item = (CandidateId, i128)> + '_ {
    let known = (0..).map(CandidateId).zip(decision.candidates());
    known
        .filter(|(_, candidate)| candidate.standing == Standing::Candidate)
        .map(|(place, _)| (place, decision.votes(place).unwrap_or(0)))
}

/// Returns the places of everyone who can be elected: those seated, then challengers, fullest bucket first.
pub(crate) fn in_order(decision: &Decision) -> Vec<CandidateId> {
    let mut order: Vec<_> = standing(decision)
        .map(|(place, total)| (!decision.holds(place), std::cmp::Reverse((decision.bucket(place), total)), place))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, place)| place).collect()
}
