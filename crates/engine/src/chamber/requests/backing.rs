//! Who is behind a request: the conviction that each member's votes for it have come to. By standing conviction, and not by the votes of
//! one update, so that nobody steps aside for the moment in which something passes.

use std::sync::Arc;

use charter::Counting;
use quantity::{Conviction, MICRO, Moment, half_power, votes_each};

use crate::ballot::Side;
use crate::chamber::Decision;
use crate::chamber::electorate::counted_weight;
use crate::count::Shares;
use crate::count::by_class::counts_by_class;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::state::State;

/// Members' votes for one request, micro-votes, in the order of members.
type Votes = Vec<(MemberIndex, u64)>;

/// The ballots for one request, column by column: whose, and which shares.
#[derive(Clone, Default)]
struct Placed {
    members: Vec<MemberIndex>,
    shares: Vec<u32>,
}

impl State {
    /// Lets each member's part of requests follow their votes. To be asked at an update, once everything is counted.
    pub(crate) fn note_backing(&mut self, at: Moment) {
        let open = self.open_decisions().filter(|(_, one)| one.requests().is_some());
        let places: Vec<DecisionId> = open.map(|(place, _)| place).collect();
        if places.is_empty() {
            return;
        }
        let period_us = self.period_s(at).saturating_mul(MICRO);
        let votes = self.votes_for_requests(&places);
        for (place, votes) in places.into_iter().zip(votes) {
            let Some(requests) = self.decisions.get_mut(place).and_then(Decision::requests_mut) else { continue };
            let kept = half_power(period_us, requests.terms.half_life_us());
            let open: Vec<ItemId> = requests.asking().map(|(item, _)| item).collect();
            for item in open {
                let Some(request) = requests.requests.get_mut(item) else { continue };
                let own = votes.get(item.place()).map_or(&[][..], Vec::as_slice);
                request.backing = Arc::new(followed(&request.backing, own, kept));
            }
        }
    }

    /// The votes of every member for each request of some decisions, in one walk over all ballots.
    fn votes_for_requests(&self, places: &[DecisionId]) -> Vec<Vec<Votes>> {
        let mut at = vec![None; self.decisions.len()];
        for (index, place) in places.iter().enumerate() {
            if let Some(cell) = at.get_mut(place.place()) {
                *cell = Some(index);
            }
        }
        let requests = |place: &DecisionId| self.decisions.get(*place).and_then(Decision::requests);
        let all = |place| requests(place).map_or(0, |one| one.requests.len());
        let mut placed: Vec<Vec<Placed>> = places.iter().map(|place| vec![Placed::default(); all(place)]).collect();
        for ballot in self.ballots.rows().iter() {
            let Some(Some(index)) = at.get(ballot.decision.place()) else { continue };
            if ballot.member == MemberIndex::NOBODY || ballot.side != Side::For {
                continue;
            }
            let of_request = placed.get_mut(*index).and_then(|placed| placed.get_mut(ballot.item().place()));
            let Some(of_request) = of_request else { continue };
            of_request.members.push(ballot.member);
            of_request.shares.push(ballot.share_ppm);
        }
        let decided = places.iter().zip(&placed).map(|(place, placed)| match self.decisions.get(*place) {
            Some(decision) => self.votes_of_placed(decision, placed),
            None => vec![Vec::new(); placed.len()],
        });
        let mut votes: Vec<Vec<Votes>> = decided.collect();
        for one in votes.iter_mut().flatten().filter(|one| !one.is_sorted_by_key(|(member, _)| *member)) {
            one.sort_by_key(|(member, _)| *member);
        }
        votes
    }
}

impl State {
    /// The votes of ballots for the requests of one decision. Nobody has two ballots on a request, so that none is beside it.
    fn votes_of_placed(&self, decision: &Decision, placed: &[Placed]) -> Vec<Votes> {
        let kernel = &self.rules.kernel;
        // The roots of a whole column are taken at once where one weight of each member counts.
        let lane = (decision.counting == Counting::Quadratic && !counts_by_class(kernel)).then(|| {
            let weight =
                |place| counted_weight(kernel, decision, self.members.roll(), &self.weights, MemberIndex::at(place));
            (0..self.members.len()).map(weight).collect::<Vec<u64>>()
        });
        let each = |placed: &Placed| -> Votes {
            let members = placed.members.iter().copied();
            let Some(lane) = &lane else {
                let votes = members.zip(&placed.shares).map(|(member, share_ppm)| {
                    let shares = Shares { own_ppm: *share_ppm, opposite_ppm: 0 };
                    (member, self.votes_for_shares(decision, member, shares))
                });
                return votes.collect();
            };
            let weight = |member: MemberIndex| lane.get(member.place()).copied().unwrap_or(0);
            let weights: Vec<u64> = members.clone().map(weight).collect();
            let mut votes = vec![0; weights.len()];
            votes_each(&weights, &placed.shares, &mut votes);
            members.zip(votes).collect()
        };
        placed.iter().map(each).collect()
    }
}

/// Conviction that members had in a request follows their votes for it now: both in the order of members. Less than a micro-vote is nothing.
fn followed(
    had: &[(MemberIndex, Conviction)],
    votes: &[(MemberIndex, u64)],
    kept: u64,
) -> Vec<(MemberIndex, Conviction)> {
    let mut now = Vec::with_capacity(had.len().max(votes.len()));
    let (mut had, mut votes) = (had.iter().copied().peekable(), votes.iter().copied().peekable());
    loop {
        let (member, before, own) = match (had.peek().copied(), votes.peek().copied()) {
            (Some((member, before)), Some((voter, own))) if member == voter => {
                had.next();
                votes.next();
                (member, before, own)
            }
            (Some((member, before)), other) if other.is_none_or(|(voter, _)| member < voter) => {
                had.next();
                (member, before, 0)
            }
            (_, Some((voter, own))) => {
                votes.next();
                (voter, Conviction::default(), own)
            }
            _ => return now,
        };
        let then = before.toward_by(own.into(), kept);
        if then.rounded() > 0 {
            now.push((member, then));
        }
    }
}
