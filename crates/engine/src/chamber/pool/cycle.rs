//! The end of a cycle: projects are funded in order, once. And what updates and members who leave bring about.

use std::collections::BTreeSet;
use std::sync::Arc;

use quantity::Moment;

use super::{End, MOST_CYCLES, Past};
use crate::act::{PoolPlan, Posting};
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Notes since when projects are eligible. To be asked at an update, once everything is counted.
    pub(crate) fn note_eligible(&mut self, at: Moment) {
        let pools: Vec<DecisionId> =
            self.open_decisions().filter(|(_, one)| one.pool().is_some()).map(|(place, _)| place).collect();
        for place in pools {
            let Some(now) = self.pool_now_by(place, at, &PoolPlan::default()) else { continue };
            let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) else { continue };
            for one in now.projects {
                let since = pool.projects.get(one.place).and_then(|project| project.eligible_since);
                let eligible = one.eligible || one.struck;
                let fresh = eligible.then(|| since.unwrap_or(at));
                if fresh != since
                    && let Some(project) = pool.projects.get_mut(one.place)
                {
                    project.eligible_since = fresh;
                }
            }
        }
    }

    /// Shares out the pools among `places` whose cycle ends at `at`, by the numbers of the last update and the pledges that stand.
    pub(crate) fn run_cycles(&mut self, places: &[DecisionId], at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut postings = Vec::new();
        for place in places {
            let due = self.decisions.get(*place).filter(|decision| decision.is_open());
            if due.and_then(Decision::pool).is_some_and(|pool| pool.until == at) {
                outcomes.extend(self.share_out(*place, &PoolPlan::default(), None, at, &mut postings));
            }
        }
        self.book_for_pools(postings, at);
        outcomes
    }

    /// Shares out one pool by a plan; `directed` names the option where members have decided on one.
    // flat: the steps of one cycle.
    pub(super) fn share_out(
        &mut self,
        place: DecisionId,
        plan: &PoolPlan,
        directed: Option<String>,
        at: Moment,
        postings: &mut Vec<Posting>,
    ) -> Vec<Outcome> {
        let Some(now) = self.pool_now_by(place, at, plan) else { return Vec::new() };
        self.add_common(place, now.added, postings);
        let Some(decision) = self.decisions.get(place) else { return Vec::new() };
        let (name, from) = (decision.name.clone(), decision.pool().map_or(at, |pool| pool.from));
        let mut outcomes = Vec::new();
        let mut closing = BTreeSet::new();
        let mut funded = Vec::new();
        for item in &now.funded {
            let Some(one) = now.of(*item) else { continue };
            let end = End::Funded { from_pool: one.due, pledged: one.pledged };
            if let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) {
                pool.end(*item, end);
            }
            self.owe(place, one.due, one.pledged, postings);
            funded.push((*item, one.due, one.pledged));
            closing.insert(*item);
        }
        let unsupported = self.unsupported(place, from, &closing);
        for item in &unsupported {
            self.end_project(place, *item, End::Unsupported);
            closing.insert(*item);
        }
        let freed = self.close_items(place, &closing, at);
        let freed = |item: &ItemId| freed.get(item).copied().unwrap_or(0);
        let zone = self.rules.kernel.zone.clone();
        let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) else { return outcomes };
        for (item, from_pool, pledged) in funded {
            let (decision, project) = (name.clone(), pool.id(item));
            outcomes.push(Outcome::ProjectFunded { decision, project, from_pool, pledged, freed: freed(&item) });
        }
        for item in &unsupported {
            let (decision, project) = (name.clone(), pool.id(*item));
            outcomes.push(Outcome::ProjectClosed { decision, project, freed: freed(item) });
        }
        if let Some(item) = now.saving_for {
            let (decision, project) = (name.clone(), pool.id(item));
            outcomes.push(Outcome::PoolSaves { decision, project, cycles: now.saved });
        }
        let left = pool.sums.left();
        let (paid, count) = (now.paid_minor, u32::try_from(now.funded.len()).unwrap_or(u32::MAX));
        outcomes.push(Outcome::PoolShared { decision: name, projects: count, paid, left });
        let past = Arc::make_mut(&mut pool.past);
        let saving_for = now.saving_for;
        past.push(Past { at, funded: now.funded, paid_minor: paid, left_minor: left, saving_for, directed });
        let beyond = past.len().saturating_sub(MOST_CYCLES);
        past.drain(..beyond);
        pool.saved = now.saved;
        pool.begin(&zone, at);
        outcomes
    }

    /// Projects that nobody is for, and that stood through the whole cycle.
    fn unsupported(&self, place: DecisionId, from: Moment, funded: &BTreeSet<ItemId>) -> Vec<ItemId> {
        let Some(pool) = self.decisions.get(place).and_then(Decision::pool) else { return Vec::new() };
        let stood = |item: &ItemId| pool.list.items.get(*item).is_some_and(|one| one.opened_at <= from);
        let open = pool.asking().filter(|(_, project)| project.conviction.in_parts(1_000_000) <= 0);
        open.map(|(item, _)| item).filter(|item| stood(item) && !funded.contains(item)).collect()
    }

    /// Ends a project without money: what was pledged goes back.
    pub(super) fn end_project(&mut self, place: DecisionId, item: ItemId, end: End) {
        let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) else { return };
        let pledges = pool.end(item, end);
        self.give_back_pledges(&pledges);
    }

    /// Ends a project and takes the ballots on it away.
    pub(super) fn close_project(&mut self, place: DecisionId, item: ItemId, end: End, at: Moment) -> Vec<Outcome> {
        self.end_project(place, item, end);
        let freed = self.close_items(place, &[item].into(), at).get(&item).copied().unwrap_or(0);
        let Some(decision) = self.decisions.get(place) else { return Vec::new() };
        let project = decision.pool().map(|pool| pool.id(item)).unwrap_or_default();
        vec![Outcome::ProjectClosed { decision: decision.name.clone(), project, freed }]
    }

    /// A member leaves: what they pledged is held for them again, and what they asked for is taken back.
    pub(crate) fn leave_pools(&mut self, member: MemberIndex, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (place, item) in self.projects_with(member) {
            let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) else { continue };
            let Some(project) = pool.projects.get_mut(item) else { continue };
            let pledged = project.pledges.remove(&member).unwrap_or(0);
            let asked = project.proposer == member;
            self.held.put(member, pledged);
            if asked {
                outcomes.extend(self.close_project(place, item, End::Withdrawn, at));
            }
        }
        outcomes
    }

    /// One record is joined into another: pledges, projects and what is held move along, and what is placed by either on projects of
    /// the other comes free.
    pub(crate) fn hand_over_pools(&mut self, from: MemberIndex, into: MemberIndex) {
        for (place, item) in self.projects_with(from) {
            let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) else { continue };
            let excludes_own = pool.terms.excludes_own;
            let Some(project) = pool.projects.get_mut(item) else { continue };
            if let Some(minor) = project.pledges.remove(&from) {
                let pledge = project.pledges.entry(into).or_default();
                *pledge = pledge.saturating_add(minor);
            }
            if !project.is_own(from) {
                continue;
            }
            if project.proposer == from {
                project.proposer = into;
            }
            let mut people: BTreeSet<MemberIndex> = project.people.iter().copied().collect();
            people.remove(&from);
            people.insert(into);
            project.people = Arc::new(people.into_iter().collect());
            if excludes_own {
                self.take_ballots_on(place, item, into);
                self.take_ballots_for(place, item, into);
            }
        }
        let free = self.held.free(from);
        self.held.take(from, free);
        self.held.put(into, free);
    }

    /// Takes away what a member has placed on a project.
    pub(in crate::chamber) fn take_ballots_on(&mut self, place: DecisionId, item: ItemId, member: MemberIndex) {
        self.keep_counted(member);
        let own = self.ballots.of(&self.members, member);
        let on_it = own.filter(|(_, ballot)| ballot.decision == place && ballot.item() == item);
        let rows: Vec<u32> = on_it.map(|(row, _)| row).collect();
        for row in rows {
            self.remove_ballot(row, crate::ballot::HasScores::No);
        }
    }

    /// Open projects to which a member has pledged, or of which they are.
    fn projects_with(&self, member: MemberIndex) -> Vec<(DecisionId, ItemId)> {
        let pools = self.open_decisions().filter_map(|(place, decision)| Some((place, decision.pool()?)));
        let all = pools.flat_map(|(place, pool)| pool.asking().map(move |(item, project)| (place, item, project)));
        let theirs = all.filter(|(.., project)| project.pledges.contains_key(&member) || project.is_own(member));
        theirs.map(|(place, item, _)| (place, item)).collect()
    }
}

impl super::Pool {
    /// A project's name on ballots.
    pub(super) fn id(&self, item: ItemId) -> String {
        self.list.items.get(item).map(|one| one.id.to_string()).unwrap_or_default()
    }
}
