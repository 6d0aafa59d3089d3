//! Allowances: a member places a part of the one weight that decisions share, or of a whole vote on one decision
//! (docs/spec/elections.md, Allowance).

use std::collections::BTreeSet;

use charter::{Allowance, Edition};
use quantity::PPM;

use crate::ballot::{Ballot, HasScores, NewBallot, bytes_of, taken};
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::state::State;

impl State {
    /// Returns what a member has placed, as far as it leaves less for a decision, parts per million: on that decision where it has
    /// a whole vote, and on all that share one weight where it shares it.
    #[must_use]
    pub fn placed_for(&self, member: MemberIndex, place: DecisionId) -> u32 {
        match self.decisions.get(place).map(|decision| decision.allowance) {
            Some(Allowance::Each) => {
                self.ballots_on(member, place).fold(0, |sum, ballot| sum.saturating_add(ballot.share_ppm))
            }
            Some(Allowance::Shared) | None => self.members.placed_ppm(member),
        }
    }

    /// Carries the allowances of rules that have come into force over to the ballots. Members with more than the whole on what now
    /// shares one weight have all of it scaled down in proportion, each share rounded down; one of which nothing is left is taken
    /// back.
    pub(crate) fn allow_anew(&mut self) {
        if self.rules.kernel.edition < Edition::TWO {
            return;
        }
        let changed: Vec<(u32, Ballot, Allowance)> = (0..)
            .zip(self.ballots.rows().iter())
            .filter(|(_, ballot)| ballot.member != MemberIndex::NOBODY)
            .filter_map(|(row, ballot)| {
                let allowance = self.decisions.get(ballot.decision)?.allowance;
                (allowance != ballot.allowance).then_some((row, *ballot, allowance))
            })
            .collect();
        let mut members = BTreeSet::new();
        for (row, ballot, allowance) in changed {
            self.ballots.allow(&mut self.members, row, allowance);
            members.insert(ballot.member);
        }
        for member in members {
            self.scale_down(member);
        }
    }

    fn scale_down(&mut self, member: MemberIndex) {
        let placed = self.members.placed_ppm(member);
        if placed <= PPM {
            return;
        }
        self.keep_counted(member);
        let own = self.ballots.of(&self.members, member);
        let shared = own.filter(|(_, ballot)| ballot.allowance == Allowance::Shared);
        // The oldest is placed anew first, so that the order of a member's ballots stays.
        let mut rows: Vec<(u32, Ballot)> = shared.map(|(row, ballot)| (row, *ballot)).collect();
        rows.reverse();
        for (row, ballot) in rows {
            let has_scores = self.has_scores(row);
            let scores: Vec<(CandidateId, u32)> = match has_scores {
                HasScores::Yes => self.ballots.scores(&ballot).map(|score| (score.candidate, score.ppm())).collect(),
                HasScores::No => Vec::new(),
            };
            self.remove_ballot(row, has_scores);
            let share = u64::from(ballot.share_ppm).saturating_mul(u64::from(PPM)).checked_div(u64::from(placed));
            let share_ppm = share.and_then(|share| u32::try_from(share).ok()).unwrap_or(0);
            if share_ppm == 0 {
                continue;
            }
            let Ballot { member, decision, side, allowance, target, .. } = ballot;
            self.put_ballot(NewBallot { member, decision, side, allowance, target, share_ppm }, &scores);
        }
    }

    /// Places a ballot whose slot is free, and takes it into the digest of ballots.
    pub(crate) fn put_ballot(&mut self, ballot: NewBallot, scores: &[(CandidateId, u32)]) {
        self.ballots.place(&mut self.members, ballot, scores);
        if let Some((_, placed)) = self.ballots.of(&self.members, ballot.member).next() {
            let kept: Vec<_> = if scores.is_empty() { Vec::new() } else { self.ballots.scores(placed).collect() };
            let bytes = bytes_of(placed, &kept);
            self.ballot_digest.add(&bytes);
        }
    }
}

impl super::Ballots {
    /// Gives the ballot in a row another allowance.
    fn allow(&mut self, members: &mut crate::register::Members, at: u32, allowance: Allowance) {
        let Some(row) = self.rows.get_mut(at as usize) else {
            return;
        };
        let (before, now) = (taken(row.allowance, row.share_ppm), taken(allowance, row.share_ppm));
        row.allowance = allowance;
        if let Some(placed) = members.placed_mut(row.member) {
            placed.ppm = placed.ppm.saturating_sub(before).saturating_add(now);
        }
    }
}

#[cfg(test)]
mod tests;
