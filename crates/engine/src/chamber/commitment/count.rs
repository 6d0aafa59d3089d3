//! An update of one commitment: nominations, votes, and how far conviction follows them.

use super::{Commitment, Standing};
use crate::chamber::Counted;
use crate::id::CandidateId;
use crate::outcome::Outcome;

impl Commitment {
    /// Places, nominations unless it is frozen, votes; then y ← y × a + T × (1 − a). `capacity` is C.
    pub(in crate::chamber) fn count(&mut self, name: &str, capacity: u128, by: &Counted<'_>) -> Vec<Outcome> {
        if self.over_at.is_some() {
            return Vec::new();
        }
        let frozen = self.is_frozen(by.at);
        let outcomes = self.options.count_options(name, capacity, by, frozen);
        let (period_us, half_life_us) = (by.period_s.saturating_mul(quantity::MICRO), self.half_life_us());
        let standing = (0..).map(CandidateId).zip(self.options.candidates.iter().zip(&self.options.seats.totals));
        let standing = standing.filter(|(_, (option, _))| option.standing == Standing::Candidate);
        let follow = |(place, (_, votes)): (CandidateId, (_, &Option<i128>))| {
            let before = self.convictions.get(&place).copied().unwrap_or_default();
            (place, before.toward(votes.unwrap_or(0), period_us, half_life_us))
        };
        self.convictions = standing.map(follow).collect();
        self.updates = self.updates.saturating_add(1);
        outcomes
    }
}
