//! The results of one update, as pictures need them: votes and buckets of every election. The host keeps the points; no
//! view does.

use engine::{CandidateId, DecisionId, Outcome, State};
use quantity::Moment;
use serde::{Deserialize, Serialize};

/// One update or change time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePoint {
    /// The instant counted.
    pub at: Moment,
    /// Every election, in the state's order.
    pub elections: Vec<ElectionPoint>,
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
}

/// One election at one update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionPoint {
    /// The decision's place in the state.
    pub decision: DecisionId,
    /// F, micro-vote-seconds.
    pub bucket_size: u128,
    /// Candidates' places by seat, after the update.
    pub holders: Vec<Option<CandidateId>>,
    /// Place, votes (micro) and bucket (micro-vote-seconds) of everyone who can be elected.
    pub candidates: Vec<(CandidateId, i128, u128)>,
    /// The bucket of nobody.
    pub nobody: u128,
}

impl UpdatePoint {
    /// Returns the point of the update that was just made.
    #[must_use]
    pub fn of(state: &State, outcomes: &[Outcome]) -> UpdatePoint {
        let elections = state
            .open_decisions()
            .filter_map(|(decision, known)| {
                let seats = known.seats();
                let numbers = (0..).map(CandidateId).zip(seats.totals.iter().zip(&seats.buckets));
                known.has_seats().then(|| ElectionPoint {
                    decision,
                    bucket_size: known.bucket_size(),
                    holders: seats.holders.clone(),
                    candidates: numbers
                        .filter_map(|(place, (total, bucket))| Some((place, (*total)?, *bucket)))
                        .collect(),
                    nobody: seats.nobody,
                })
            })
            .collect();
        UpdatePoint { at: state.time, elections, outcomes: outcomes.to_vec() }
    }
}
