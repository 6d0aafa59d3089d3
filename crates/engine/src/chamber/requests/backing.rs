//! Who is behind a request: the conviction that each member's votes for it have come to. By standing conviction, and not by the votes of
//! one update, so that nobody steps aside for the moment in which something passes.

use std::collections::BTreeMap;
use std::sync::Arc;

use quantity::{Conviction, MICRO, Moment};

use crate::ballot::Side;
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::state::State;

impl State {
    /// Lets each member's part of requests follow their votes. To be asked at an update, once everything is counted.
    pub(crate) fn note_backing(&mut self, at: Moment) {
        let open = self.open_decisions().filter(|(_, one)| one.requests().is_some());
        let places: Vec<DecisionId> = open.map(|(place, _)| place).collect();
        let period_us = self.period_s(at).saturating_mul(MICRO);
        for place in places {
            let votes = self.votes_for_requests(place);
            let Some(requests) = self.decisions.get_mut(place).and_then(Decision::requests_mut) else { continue };
            let half_life_us = requests.terms.half_life_us();
            let open: Vec<ItemId> = requests.asking().map(|(item, _)| item).collect();
            for item in open {
                let Some(request) = requests.requests.get_mut(item) else { continue };
                let mut backing: BTreeMap<MemberIndex, (Conviction, i128)> =
                    request.backing.iter().map(|(member, had)| (*member, (*had, 0))).collect();
                for (member, votes) in votes.get(&item).into_iter().flatten() {
                    backing.entry(*member).or_default().1 = (*votes).into();
                }
                let followed = backing
                    .into_iter()
                    .map(|(member, (had, votes))| (member, had.toward(votes, period_us, half_life_us)));
                // Less than a micro-vote is nothing.
                request.backing = Arc::new(followed.filter(|(_, now)| now.rounded() > 0).collect());
            }
        }
    }

    /// The votes of every member for each request of a decision, micro-votes.
    fn votes_for_requests(&self, place: DecisionId) -> BTreeMap<ItemId, Vec<(MemberIndex, u64)>> {
        let mut votes: BTreeMap<ItemId, Vec<(MemberIndex, u64)>> = BTreeMap::new();
        let Some(decision) = self.decisions.get(place) else { return votes };
        let on_it = self.ballots.rows().iter().filter(|ballot| {
            ballot.member != MemberIndex::NOBODY && ballot.decision == place && ballot.side == Side::For
        });
        for ballot in on_it {
            let own = self.votes_of_ballot(decision, ballot);
            votes.entry(ballot.item()).or_default().push((ballot.member, own));
        }
        votes
    }
}
