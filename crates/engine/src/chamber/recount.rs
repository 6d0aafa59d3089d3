//! An election asked once more at a change time of its own: which of the votes that the last update counted were taken back since. And
//! how many members are behind candidates that tie. Ballots are those that stand now; weights, and who is in the electorate, are those
//! of the last update. Edition 2.

use std::collections::BTreeMap;

use charter::Edition;
use quantity::Moment;

use super::Decision;
use crate::ballot::{Ballot, Score, Side};
use crate::count::{Recount, Shares, TakenBack, scored};
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::state::State;

impl State {
    /// Counts what a take-over asks beside the last update; nothing where no bucket is full.
    pub(crate) fn recount(&self, place: DecisionId) -> Recount {
        let decision = self.decisions.get(place);
        let Some((decision, election)) = decision.and_then(|decision| Some((decision, decision.election()?))) else {
            return Recount::default();
        };
        let later = self.editions.current >= Edition::TWO && election.measures.edition >= Edition::TWO;
        if !later || !election.seats.any_full(election.bucket_size) {
            return Recount::default();
        }
        let own = election.terms.changes.is_some();
        let ties = election.seats.ties(&election.settling(Moment(0)));
        Recount {
            taken_back: own.then(|| self.taken_back(place, decision)),
            members: if ties { self.members_behind(place, decision) } else { Vec::new() },
        }
    }

    /// Only votes taken back count: ballots that are moved here for an hour, and counted elsewhere at every update, defend nothing.
    fn taken_back(&self, place: DecisionId, decision: &Decision) -> TakenBack {
        let none = vec![0_u128; decision.target_count()];
        let mut gone = TakenBack { in_favour: none.clone(), against: none };
        for member in self.moved.keys() {
            let before = self.ballots_counted(*member, place);
            let before = signed(&before, |shares| self.votes_counted(decision, *member, shares));
            let now: Vec<(Ballot, Vec<Score>)> = self
                .ballots_on(*member, place)
                .filter(|ballot| !ballot.side.is_nomination())
                .map(|ballot| (*ballot, self.ballots.scores(ballot).collect()))
                .collect();
            let now = signed(&now, |shares| self.votes_counted(decision, *member, shares));
            for (candidate, before) in before {
                let now = now.get(&candidate).copied().unwrap_or(0);
                let (column, before, now) = match before {
                    ..0 => (&mut gone.against, before.saturating_neg(), now.saturating_neg()),
                    _ => (&mut gone.in_favour, before, now),
                };
                let back = u128::try_from(before.saturating_sub(now.max(0))).unwrap_or(0);
                if let Some(sum) = column.get_mut(candidate.place()) {
                    *sum = sum.saturating_add(back);
                }
            }
        }
        gone
    }

    /// By candidate, how many members' votes for it are above 0, as ballots stand.
    pub(super) fn members_behind(&self, place: DecisionId, decision: &Decision) -> Vec<u64> {
        let mut behind = vec![0_u64; decision.target_count()];
        for ballot in self.ballots.rows().iter().filter(|ballot| is_for(ballot, place)) {
            self.add_head(&mut behind, decision, ballot, self.ballots.scores(ballot));
        }
        behind
    }

    /// The same by the ballots that the last update counted: a forecast shows nothing of those moved since.
    pub(super) fn members_counted_behind(&self, place: DecisionId, decision: &Decision) -> Vec<u64> {
        let mut behind = vec![0_u64; decision.target_count()];
        let unmoved = |ballot: &&Ballot| is_for(ballot, place) && !self.moved.contains_key(&ballot.member);
        for ballot in self.ballots.rows().iter().filter(unmoved) {
            self.add_head(&mut behind, decision, ballot, self.ballots.scores(ballot));
        }
        let moved = self.moved.values().flat_map(|own| own.iter());
        for (ballot, scores) in moved.filter(|(ballot, _)| is_for(ballot, place)) {
            self.add_head(&mut behind, decision, ballot, scores.iter().copied());
        }
        behind
    }

    fn add_head(&self, behind: &mut [u64], decision: &Decision, ballot: &Ballot, scores: impl Iterator<Item = Score>) {
        let votes = self.votes_counted(decision, ballot.member, ballot.share_ppm.into());
        for score in scores.filter(|score| scored(votes, score.ppm()) > 0) {
            if let Some(count) = behind.get_mut(score.candidate.place()) {
                *count = count.saturating_add(1);
            }
        }
    }
}

fn is_for(ballot: &Ballot, place: DecisionId) -> bool {
    ballot.member != MemberIndex::NOBODY && ballot.decision == place && ballot.side == Side::For
}

/// One member's votes by candidate, those against with a minus. Both ballots are rooted together.
fn signed(ballots: &[(Ballot, Vec<Score>)], votes: impl Fn(Shares) -> u64) -> BTreeMap<CandidateId, i128> {
    let mut sums = BTreeMap::new();
    for (ballot, scores) in ballots.iter().filter(|(ballot, _)| !ballot.side.is_nomination()) {
        let opposite = ballots.iter().find(|(other, _)| ballot.side.opposite() == Some(other.side));
        let opposite_ppm = opposite.map_or(0, |(other, _)| other.share_ppm);
        let votes = votes(Shares { own_ppm: ballot.share_ppm, opposite_ppm });
        for score in scores {
            let own = i128::from(scored(votes, score.ppm()));
            let sum: &mut i128 = sums.entry(score.candidate).or_default();
            *sum = if ballot.side.is_against() { sum.saturating_sub(own) } else { sum.saturating_add(own) };
        }
    }
    sums
}
