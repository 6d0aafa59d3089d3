//! Numbers that an update would have published, had one member's ballots been others.

use super::Decision;
use crate::ballot::{Ballot, Score};
use crate::count::Tally;
use crate::id::{DecisionId, MemberIndex};
use crate::state::State;

impl State {
    /// Returns the decision at a place with the member's ballots as in `after`, by the weights of the last update. It must not
    /// reveal others' votes since: the ballots that were counted are taken out of the published sums, those of `after` are put
    /// in, and nothing else is counted anew.
    #[must_use]
    pub fn what_if(&self, after: &State, member: MemberIndex, place: DecisionId) -> Option<Decision> {
        let now = self.decisions.get(place)?;
        let standing = after.ballots_on(member, place).map(|ballot| {
            let scored = now.has_seats() && !ballot.side.is_nomination();
            (*ballot, if scored { after.ballots.scores(ballot).collect() } else { Vec::new() })
        });
        let back = self.own_votes(now, member, standing);
        let out = self.own_votes(now, member, self.ballots_counted(member, place));
        let votes = |target: usize| back.support(0, target).net().saturating_sub(out.support(0, target).net());
        // Of a nominee: votes count as attention.
        let attention = |target: usize| {
            let moved = back.attention(0, target).net().saturating_sub(out.attention(0, target).net());
            moved.saturating_add(votes(target))
        };
        Some(now.with_votes(votes, attention, self.next_update))
    }

    fn own_votes(
        &self,
        decision: &Decision,
        member: MemberIndex,
        ballots: impl IntoIterator<Item = (Ballot, Vec<Score>)>,
    ) -> Tally {
        let read = |(ballot, scores): (Ballot, Vec<Score>)| {
            let votes = self.votes_for_share(decision, member, ballot.share_ppm);
            (ballot, votes, decision.has_seats().then_some(scores))
        };
        Tally::of_one(decision.target_count(), ballots.into_iter().map(read))
    }
}
