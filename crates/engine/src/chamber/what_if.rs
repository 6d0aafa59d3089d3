//! Numbers that an update would have published, had one member's ballots been others.

use std::collections::BTreeMap;

use charter::Edition;

use super::{Decision, Standing};
use crate::ballot::{Ballot, Score};
use crate::count::{Shares, scored};
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::state::State;

impl State {
    /// Returns the decision at a place with the member's ballots as in `after`, by the weights of the last update. It must not
    /// reveal others' votes since: the ballots that were counted are taken out of the published sums, those of `after` are put
    /// in, and nothing else is counted anew.
    #[must_use]
    pub fn what_if(&self, after: &State, member: MemberIndex, place: DecisionId) -> Option<Decision> {
        let now = self.decisions.get(place)?;
        let standing = after.ballots_on(member, place).map(|ballot| {
            let scored = now.scores_candidates() && !ballot.side.is_nomination();
            (*ballot, if scored { after.ballots.scores(ballot).collect() } else { Vec::new() })
        });
        let standing: Vec<(Ballot, Vec<Score>)> = standing.collect();
        let mut moved = Moved::default();
        self.add_own(&mut moved, now, member, &standing, i128::saturating_add);
        self.add_own(&mut moved, now, member, &self.ballots_counted(member, place), i128::saturating_sub);
        Some(now.with_votes(&moved, self.next_update))
    }

    /// Puts a member's ballots into sums, or takes them out.
    fn add_own(
        &self,
        moved: &mut Moved,
        decision: &Decision,
        member: MemberIndex,
        ballots: &[(Ballot, Vec<Score>)],
        with: fn(i128, i128) -> i128,
    ) {
        let halves = self.editions.current >= Edition::TWO;
        let is_nominee = |target: u32| {
            let nominee = decision.candidate(CandidateId(target));
            nominee.is_some_and(|nominee| nominee.standing == Standing::Nominee)
        };
        for (ballot, scores) in ballots {
            let opposite = ballots.iter().find(|(other, _)| ballot.side.opposite() == Some(other.side));
            let opposite_ppm = opposite.map_or(0, |(other, _)| other.share_ppm);
            let shares = Shares { own_ppm: ballot.share_ppm, opposite_ppm };
            let votes = self.votes_for_shares(decision, member, shares);
            let is_nomination = ballot.side.is_nomination();
            let mut add = |target: u32, votes: u64| {
                // docs/spec/elections.md, Nomination: attention against a nominee counts half.
                let halved = halves && ballot.side.is_against() && is_nominee(target);
                let votes = if halved { votes / 2 } else { votes };
                let votes =
                    if ballot.side.is_against() { i128::from(votes).saturating_neg() } else { i128::from(votes) };
                let (support, attention) = moved.0.entry(target as usize).or_default();
                let sum = if is_nomination { attention } else { support };
                *sum = with(*sum, votes);
            };
            if decision.scores_candidates() && !is_nomination {
                scores.iter().for_each(|score| add(score.candidate.0, scored(votes, score.ppm())));
            } else {
                add(ballot.target, votes);
            }
        }
    }
}

/// By how much one member's ballots would have changed sums: support and attention, micro-votes, by target. All others stay as
/// they are, however many there are.
#[derive(Debug, Default)]
pub(crate) struct Moved(BTreeMap<usize, (i128, i128)>);

impl Moved {
    /// More votes for a target.
    pub(crate) fn votes(&self, target: usize) -> i128 {
        self.0.get(&target).map_or(0, |(support, _)| *support)
    }

    /// More attention for a target: votes count as attention for a nominee.
    pub(crate) fn attention(&self, target: usize) -> i128 {
        self.0.get(&target).map_or(0, |(support, attention)| support.saturating_add(*attention))
    }
}
