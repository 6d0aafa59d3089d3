//! The option that would be taken at the deadline if nobody moved a vote: by the votes and weights of the last update.

use quantity::{Conviction, Moment};

use super::Commitment;
use crate::chamber::Decision;
use crate::count::chosen;
use crate::id::CandidateId;
use crate::state::State;

impl State {
    /// y of an option at the last update before the deadline, if its votes stay as they are.
    #[must_use]
    pub fn conviction_ahead(&self, decision: &Decision, option: CandidateId) -> Conviction {
        let Some(commitment) = decision.commitment() else {
            return Conviction::default();
        };
        let (now, votes) = (commitment.conviction(option), decision.votes(option).unwrap_or(0));
        now.toward(votes, self.counted_ahead_us(commitment), commitment.half_life_us())
    }

    /// The option that is taken at the deadline if nobody moves a vote; `None` where nothing is to be taken.
    #[must_use]
    pub fn taken_ahead(&self, decision: &Decision) -> Option<CandidateId> {
        let commitment = decision.commitment()?;
        commitment.deadline()?;
        let default = commitment.default_place()?;
        let ahead = |place| self.conviction_ahead(decision, place);
        let others = commitment.choices().filter(|one| one.can_be_voted_for() && one.place != default);
        let others = others.map(|one| (one.place, ahead(one.place)));
        let chosen = chosen(others, ahead(default), commitment.quorum_ppm(), decision.capacity);
        Some(chosen.unwrap_or(default))
    }

    /// The time that updates up to the deadline count, microseconds: none before the first update.
    fn counted_ahead_us(&self, commitment: &Commitment) -> u64 {
        let (Some(last), Some(until)) = (self.last_update, commitment.deadline()) else {
            return 0;
        };
        let kernel = &self.rules.kernel;
        let counted = kernel.updates.previous_before(Moment(until.0.saturating_add(1)), &kernel.zone);
        counted.micros_since(last)
    }
}
