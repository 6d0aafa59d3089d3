//! How a decision is taken, once, at its deadline. Nothing that comes after it changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use charter::Allowance;
use quantity::{Moment, Zone};

use super::{Choice, Commitment, Taken};
use crate::chamber::Decision;
use crate::count::chosen;
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl Commitment {
    /// The option that would be taken by the numbers of the last update: the one with the greatest conviction if it is above every
    /// other's and the default's, and reaches the quorum of C; else the default.
    #[must_use]
    pub fn leading(&self, capacity: u128) -> Option<CandidateId> {
        let default = self.default_place()?;
        let others = self.convictions.iter().filter(|(place, _)| **place != default);
        let others = others.map(|(place, conviction)| (*place, *conviction));
        let chosen = chosen(others, self.conviction(default), self.ending.quorum_ppm, capacity);
        Some(chosen.unwrap_or(default))
    }

    /// Takes the decision at its deadline, and begins the next cycle where there is one.
    fn take(&mut self, capacity: u128, zone: &Zone, at: Moment) -> Option<Taken> {
        let winner = self.leading(capacity)?;
        let is_default = self.is_default(winner);
        let taken = Taken {
            at,
            option: self.options.candidates.get(winner.place())?.name.to_string(),
            default: is_default.then(|| Arc::clone(&self.ending.default)),
            conviction: self.conviction(winner),
            capacity,
            options: self.choices().filter(Choice::can_be_voted_for).count() as u64,
        };
        Arc::make_mut(&mut self.taken).push(taken.clone());
        if self.ending.is_once() {
            self.over_at = Some(at);
            self.end(at);
        } else {
            self.begin(zone, at);
        }
        Some(taken)
    }
}

impl Choice<'_> {
    /// Whether ballots can score it.
    #[must_use]
    pub fn can_be_voted_for(&self) -> bool {
        self.option.standing == super::Standing::Candidate
    }
}

impl State {
    /// Takes the decisions among `places` whose deadline is `at`, by the numbers of the last update, and frees all weight on them.
    pub(crate) fn take_decisions(&mut self, places: &[DecisionId], at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for place in places {
            let zone = self.rules.kernel.zone.clone();
            let Some(decision) = self.decisions.get_mut(*place).filter(|decision| decision.is_open()) else { continue };
            let (name, capacity) = (decision.name.clone(), decision.capacity);
            let due = decision.commitment_mut().filter(|one| one.deadline() == Some(at));
            let plan = due.as_ref().and_then(|one| Some(one.plan_of(one.leading(capacity)?)));
            let Some(taken) = due.and_then(|commitment| commitment.take(capacity, &zone, at)) else { continue };
            let credit = self.accept_credit(*place, &taken);
            let shares = self.free_all(*place);
            let freed = u32::try_from(shares.len()).unwrap_or(u32::MAX);
            let by_default = taken.default.is_some();
            let shared = plan.map(|plan| self.share_as_decided(*place, &taken.option, by_default, &plan, at));
            outcomes.push(Outcome::CommitmentTaken { decision: name.clone(), option: taken.option, by_default, freed });
            outcomes.extend(credit);
            outcomes.extend(shared.into_iter().flatten());
            outcomes.extend(self.told_of(&name, *place, shares));
        }
        outcomes
    }

    /// Takes the decisions whose deadline is `at`, whichever they are, and shares out pools whose cycle ends then: other rules are about
    /// to come into force.
    pub(crate) fn take_due(&mut self, at: Moment) -> Vec<Outcome> {
        let is_due = |one: &Commitment| one.deadline() == Some(at);
        let due = self.open_decisions().filter(|(_, decision)| decision.commitment().is_some_and(is_due));
        let due: Vec<DecisionId> = due.map(|(place, _)| place).collect();
        let mut outcomes = self.take_decisions(&due, at);
        let pools = self.open_decisions().filter(|(_, decision)| decision.pool().is_some_and(|one| one.until() == at));
        let pools: Vec<DecisionId> = pools.map(|(place, _)| place).collect();
        outcomes.extend(self.run_cycles(&pools, at));
        outcomes
    }

    /// Frees what stands on commitments that other rules have left without a day to come.
    pub(crate) fn free_past(&mut self) -> Vec<Outcome> {
        let past = |decision: &Decision| decision.commitment().is_some_and(|one| one.deadline().is_none());
        let past: Vec<DecisionId> =
            self.open_decisions().filter(|(_, decision)| past(decision)).map(|(place, _)| place).collect();
        let mut outcomes = Vec::new();
        for place in past {
            let shares = self.free_all(place);
            let name = self.decisions.get(place).map(|decision| decision.name.clone()).unwrap_or_default();
            outcomes.extend(self.told_of(&name, place, shares));
        }
        outcomes
    }

    /// Takes every ballot on a decision away; what each member had placed there.
    fn free_all(&mut self, place: DecisionId) -> BTreeMap<MemberIndex, u32> {
        let rows = (0_u32..).zip(self.ballots.rows().iter());
        let gone: Vec<(u32, MemberIndex, u32)> = rows
            .filter(|(_, ballot)| ballot.member != MemberIndex::NOBODY && ballot.decision == place)
            .map(|(row, ballot)| (row, ballot.member, ballot.share_ppm))
            .collect();
        let mut shares: BTreeMap<MemberIndex, u32> = BTreeMap::new();
        for (row, member, share_ppm) in gone {
            let has_scores = self.has_scores(row);
            self.remove_ballot(row, has_scores);
            let share = shares.entry(member).or_default();
            *share = share.saturating_add(share_ppm);
        }
        // The numbers that the last update counted here are decided, and in no sum any more.
        self.forget_counted(place);
        shares
    }

    /// Tells members whose shares came free. A whole vote on one decision took nothing from others.
    fn told_of(&self, name: &str, place: DecisionId, shares: BTreeMap<MemberIndex, u32>) -> Vec<Outcome> {
        let takes = self.decisions.get(place).is_some_and(|one| one.allowance == Allowance::Shared);
        let told = shares.into_iter().filter(|_| takes).filter_map(|(member, share_ppm)| {
            let member = self.members.pseudonym(member)?;
            Some(Outcome::ShareFreed { member, decision: name.to_owned(), share_ppm })
        });
        told.collect()
    }
}
