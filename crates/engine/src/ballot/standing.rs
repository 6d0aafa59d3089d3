//! The ballots of a member as they are, and as the last update counted them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ballot::{Ballot, HasScores, Score, bytes_of};
use crate::chamber::Decision;
use crate::id::{DecisionId, MemberIndex};
use crate::state::State;

impl State {
    /// The ballots of one member on one decision, newest first.
    pub fn ballots_on(&self, member: MemberIndex, decision: DecisionId) -> impl Iterator<Item = &Ballot> + '_ {
        self.ballots
            .of(&self.members, member)
            .map(|(_, ballot)| ballot)
            .filter(move |ballot| ballot.decision == decision)
    }

    /// The ballots of one member on one decision as the last update counted them, each with its scores: what is in the votes
    /// that it published.
    #[must_use]
    pub fn ballots_counted(&self, member: MemberIndex, decision: DecisionId) -> Vec<(Ballot, Vec<Score>)> {
        let mut own = match self.moved.get(&member) {
            Some(counted) => counted.to_vec(),
            None if self.last_update.is_none() => Vec::new(),
            None => self.standing_ballots(member),
        };
        own.retain(|(ballot, _)| ballot.decision == decision);
        own
    }

    /// The decisions on which a member had placed something when the last update counted; before the first, none.
    #[must_use]
    pub fn decisions_counted(&self, member: MemberIndex) -> BTreeSet<DecisionId> {
        match self.moved.get(&member) {
            Some(counted) => counted.iter().map(|(ballot, _)| ballot.decision).collect(),
            None if self.last_update.is_none() => BTreeSet::new(),
            None => self.ballots.of(&self.members, member).map(|(_, ballot)| ballot.decision).collect(),
        }
    }

    /// Every ballot as the last update counted it, in no order; before the first, as they are.
    pub fn all_ballots_counted(&self) -> impl Iterator<Item = &Ballot> + '_ {
        let stands = |ballot: &&Ballot| ballot.member != MemberIndex::NOBODY;
        let moved = |ballot: &&Ballot| self.moved.contains_key(&ballot.member);
        let unmoved = self.ballots.rows().iter().filter(move |ballot| stands(ballot) && !moved(ballot));
        unmoved.chain(self.moved.values().flat_map(|own| own.iter()).map(|(ballot, _)| ballot))
    }

    /// Keeps what was counted of a member who is about to move a ballot. Before the first update nothing was.
    pub(crate) fn keep_counted(&mut self, member: MemberIndex) {
        if self.last_update.is_some() && !self.moved.contains_key(&member) {
            let counted = Arc::new(self.standing_ballots(member));
            self.moved.insert(member, counted);
        }
    }

    /// Numbers that were counted on a decision are in no published sum any more.
    pub(crate) fn forget_counted(&mut self, decision: DecisionId) {
        let on_it = |own: &Arc<Vec<(Ballot, Vec<Score>)>>| own.iter().any(|(ballot, _)| ballot.decision == decision);
        let members: Vec<MemberIndex> =
            self.moved.iter().filter(|(_, own)| on_it(own)).map(|(member, _)| *member).collect();
        for member in members {
            if let Some(own) = self.moved.get_mut(&member) {
                Arc::make_mut(own).retain(|(ballot, _)| ballot.decision != decision);
            }
        }
    }

    fn standing_ballots(&self, member: MemberIndex) -> Vec<(Ballot, Vec<Score>)> {
        let own = self.ballots.of(&self.members, member);
        own.map(|(row, ballot)| {
            let scores = match self.has_scores(row) {
                HasScores::Yes => self.ballots.scores(ballot).collect(),
                HasScores::No => Vec::new(),
            };
            (*ballot, scores)
        })
        .collect()
    }

    /// Whether the ballot in a row points to scores.
    pub(crate) fn has_scores(&self, row: u32) -> HasScores {
        let ballot = self.ballots.rows().get(row as usize);
        let decision = ballot.and_then(|b| self.decisions.get(b.decision));
        let scored = decision.is_some_and(Decision::scores_candidates);
        HasScores::of(scored && ballot.is_some_and(|b| !b.side.is_nomination()))
    }

    pub(crate) fn remove_ballot(&mut self, row: u32, has_scores: HasScores) {
        let Some(ballot) = self.ballots.rows().get(row as usize).copied() else {
            return;
        };
        let scores: Vec<_> =
            if has_scores == HasScores::Yes { self.ballots.scores(&ballot).collect() } else { Vec::new() };
        self.ballot_digest.take(&bytes_of(&ballot, &scores));
        self.ballots.remove(&mut self.members, row, has_scores);
    }
}
