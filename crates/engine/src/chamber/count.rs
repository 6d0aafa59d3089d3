//! The counts of an update for all decisions at once: votes, capacities and the classes' factors.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Counting, Edition, Kernel};
use quantity::{Broken, Moment, ensure};

use super::capacity::{Electorate, Falling, PartsKey, fall};
use super::electorate::{counted_weight, weight_in_class};
use super::lanes::{Lanes, classes_of, heads, rooted_together};
use super::{Counted, Decision, Layer};
use crate::ballot::Ballot;
use crate::count::by_class::{ByClass, counts_by_class};
use crate::count::settle::MOST_UPDATES_BACK;
use crate::count::{Factor, Shares, Tally, capacity, tally, votes_by_class, votes_of};
use crate::id::{ClassId, DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;
use crate::weight::Weights;

impl State {
    /// Counts every open decision at `at`, in the order of places. `before` are the weights of the last update.
    pub(crate) fn count_decisions(
        &mut self,
        at: Moment,
        before: &Weights,
        threads: usize,
    ) -> Result<Vec<Outcome>, Broken> {
        let (edition, period_s) = (self.editions.current, self.period_s(at));
        let (tally, capacities) = if edition < Edition::TWO {
            // C falls by a tenth at most (spec/elections.md, Capacity): members who leave in a mass make no coup cheap.
            let (tally, mut capacities) = count(self, threads)?;
            for (decision, (raw, _)) in self.decisions.rows().iter().zip(&mut capacities) {
                *raw = (*raw).max(decision.capacity.saturating_mul(9).div_ceil(10));
            }
            (tally, capacities)
        } else {
            self.note_update(at);
            self.count_undivided(before, period_s, threads)?
        };
        let recent = Arc::clone(&self.recent);
        let mut outcomes = Vec::new();
        let mut ended = BTreeSet::new();
        for (place, (capacity, factors)) in capacities.into_iter().enumerate() {
            let id = DecisionId::at(place);
            let Some(decision) = self.decisions.get_mut(id).filter(|decision| decision.is_open()) else {
                continue;
            };
            decision.capacity = capacity;
            // Ten million members with all the weight that 64 bits hold have less.
            ensure!(decision.capacity < 1 << 88, "the capacity of `{}` is {}", decision.name, decision.capacity);
            decision.factors = factors;
            decision.updates = decision.updates.saturating_add(1);
            let counted = Counted { tally: &tally, place, period_s, at, edition, recent: &recent };
            let came_about = decision.count(&counted);
            if edition >= Edition::TWO {
                ended.extend(came_about.iter().filter_map(|outcome| Some((id, decision.nomination_ended(outcome)?))));
            }
            outcomes.extend(came_about);
        }
        outcomes.extend(self.free_nominations(&ended));
        Ok(outcomes)
    }

    /// Notes the instant of an update, of as many as a take-over looks back on.
    fn note_update(&mut self, at: Moment) {
        let recent = Arc::make_mut(&mut self.recent);
        let beyond = recent.len().saturating_add(1).saturating_sub(MOST_UPDATES_BACK);
        recent.drain(..beyond);
        recent.push(at);
    }

    /// Edition 2: nothing is divided by the number of decisions, and what members have less of falls slowly.
    fn count_undivided(
        &mut self,
        before: &Weights,
        period_s: u64,
        threads: usize,
    ) -> Result<(Tally, Vec<Capacity>), Broken> {
        let (state, kernel, members) = (&*self, &self.rules.kernel, &self.members);
        let decisions: Vec<&Decision> = state.decisions.rows().iter().collect();
        let mut lanes = Lanes::new(kernel, &decisions, members, &state.weights, &|_| 1)?;
        let mut falling = Falling::new(&state.parts, period_s, &state.refunded);
        if counts_by_class(kernel) {
            let mut by_class = Vec::with_capacity(decisions.len());
            for decision in &decisions {
                by_class.push(state.held_by_class(decision, &lanes, before, &mut falling)?);
            }
            lanes.hold(by_class);
        }
        let tally = tally(&lanes.readings(&decisions), &state.ballots, threads)?;
        let mut keys = Vec::with_capacity(decisions.len());
        let mut capacities = Vec::with_capacity(decisions.len());
        for (place, decision) in decisions.iter().enumerate() {
            let key = decision.is_open().then(|| parts_key(kernel, decision)).flatten();
            let capacity = match (lanes.by_class(place), &key) {
                _ if !decision.is_open() => (0, Vec::new()),
                (Some(held), _) => (held.capacity, held.factors.clone()),
                // A ranking has no settling time: its C is the present one.
                (None, None) => (capacity(decision.counting, lanes.lane(place), 1), Vec::new()),
                (None, Some(key)) => {
                    let weight = |member| counted_weight(kernel, decision, members, before, member);
                    let who = Electorate { lane: lanes.lane(place), before: &weight };
                    let sum = falling.sum(key, decision.parts_key.as_ref(), &who);
                    let alone = || {
                        let now = capacity(decision.counting, lanes.lane(place), 1);
                        fall(decision.capacity, now, period_s, key.settles_s)
                    };
                    (sum.unwrap_or_else(alone), Vec::new())
                }
            };
            keys.push(key);
            capacities.push(capacity);
        }
        let parts = falling.done();
        self.parts = Arc::new(parts);
        for (place, key) in keys.into_iter().enumerate() {
            if let Some(decision) = self.decisions.get_mut(DecisionId::at(place)).filter(|d| d.parts_key != key) {
                decision.parts_key = key;
            }
        }
        Ok((tally, capacities))
    }

    /// The factors of one decision's classes, by capacities that fall slowly.
    fn held_by_class(
        &self,
        decision: &Decision,
        lanes: &Lanes<'_>,
        before: &Weights,
        falling: &mut Falling<'_>,
    ) -> Result<ByClass, Broken> {
        if !decision.is_open() {
            return Ok(ByClass::default());
        }
        let (kernel, counting) = (&self.rules.kernel, decision.counting);
        let mut own = Vec::new();
        for class in classes_of(kernel, decision) {
            let lane = lanes.of_class(counting, class);
            let name = kernel.classes.get(class.place()).map(|class| class.name.clone()).unwrap_or_default();
            let weight = |member| weight_in_class(kernel, counting, &self.members, before, member, class);
            let key = |decision: &Decision| {
                let settles_s = decision.terms()?.settles_in.seconds();
                Some(PartsKey { classes: vec![name.clone()], by_class: true, counting, settles_s })
            };
            let former = decision.parts_key.as_ref().map(|key| PartsKey {
                classes: vec![name.clone()],
                by_class: true,
                ..key.clone()
            });
            let kept =
                key(decision).and_then(|key| falling.sum(&key, former.as_ref(), &Electorate { lane, before: &weight }));
            own.push((class, kept.unwrap_or_else(|| capacity(counting, lane, 1))));
        }
        ByClass::under(kernel, &own, &|class| heads(lanes.of_class(counting, class)))
    }

    /// Carries out the take-overs of full buckets, of those open decisions at `places` whose change time `is_due`. A document's
    /// decisions have higher places than the document's own election: from the root to the leaves.
    pub(crate) fn take_over(
        &mut self,
        places: impl IntoIterator<Item = DecisionId>,
        at: Moment,
        is_due: impl Fn(&State, &Decision) -> bool,
    ) -> Result<Vec<Outcome>, Broken> {
        let mut outcomes = Vec::new();
        for place in places {
            let open = self.decisions.get(place).filter(|decision| decision.is_open());
            let Some(holds_rules) = open.filter(|open| is_due(self, open)).map(|open| open.holds_rules) else {
                continue;
            };
            if holds_rules {
                outcomes.extend(self.take_over_rules(place, at)?);
            } else {
                let now = self.recount(place);
                if let Some(decision) = self.decisions.get_mut(place) {
                    outcomes.extend(decision.take_over(at, &now)?);
                }
            }
        }
        Ok(outcomes)
    }
}

/// The key of a decision's column: all that it has in common with others that share its column of parts; `None` for a ranking.
fn parts_key(kernel: &Kernel, decision: &Decision) -> Option<PartsKey> {
    let name = |class: &ClassId| kernel.classes.get(class.place()).map(|class| class.name.clone());
    Some(PartsKey {
        classes: decision.electorate.iter().filter_map(name).collect(),
        by_class: false,
        counting: decision.counting,
        settles_s: decision.terms()?.settles_in.seconds(),
    })
}

/// C before its limit on falling, and what the votes of classes are multiplied by.
type Capacity = (u128, Vec<Factor>);

/// Votes of every target; each decision's capacity before its limit on falling, and what its classes' votes are
/// multiplied by.
fn count(state: &State, threads: usize) -> Result<(Tally, Vec<Capacity>), Broken> {
    let parts = parts_by_layer(state);
    let of_layer = |layer| parts.get(&layer).copied().unwrap_or(1);
    let decisions: Vec<&Decision> = state.decisions.rows().iter().collect();
    let lanes = Lanes::new(&state.rules.kernel, &decisions, &state.members, &state.weights, &of_layer)?;
    let counted = tally(&lanes.readings(&decisions), &state.ballots, threads)?;
    let mut known: Vec<(*const u64, Counting, u32, u128)> = Vec::new();
    let capacities = decisions
        .iter()
        .enumerate()
        .map(|(place, decision)| {
            if !decision.is_open() {
                return (0, Vec::new());
            }
            if let Some(by_class) = lanes.by_class(place) {
                return (by_class.capacity, by_class.factors.clone());
            }
            let (lane, parts) = (lanes.lane(place), of_layer(decision.layer));
            let same = |(at, counting, n, _): &&(*const u64, Counting, u32, u128)| {
                *at == lane.as_ptr() && *counting == decision.counting && *n == parts
            };
            let found = known.iter().find(same).map(|(_, _, _, c)| *c);
            let capacity = found.unwrap_or_else(|| {
                let fresh = capacity(decision.counting, lane, parts);
                known.push((lane.as_ptr(), decision.counting, parts, fresh));
                fresh
            });
            (capacity, Vec::new())
        })
        .collect();
    Ok((counted, capacities))
}

/// n by layer: its decisions that have been open for at least one update; at the layer's first update, all of them.
fn parts_by_layer(state: &State) -> BTreeMap<Layer, u32> {
    let mut counted: BTreeMap<Layer, u32> = BTreeMap::new();
    let mut all: BTreeMap<Layer, u32> = BTreeMap::new();
    for (_, decision) in state.open_decisions() {
        let add = |to: &mut BTreeMap<Layer, u32>| {
            let sum = to.entry(decision.layer).or_default();
            *sum = sum.saturating_add(decision.parts());
        };
        add(&mut all);
        if decision.updates > 0 {
            add(&mut counted);
        }
    }
    all.extend(counted);
    all
}

impl State {
    /// The votes that a full score would make of a share, micro-votes: what an update counts for a ballot with it, by the
    /// weights and the classes' factors of the last one.
    #[must_use]
    pub fn votes_for_share(&self, decision: &Decision, member: MemberIndex, share_ppm: u32) -> u64 {
        self.votes_for_shares(decision, member, share_ppm.into())
    }

    /// The votes of a standing ballot with a full score, beside the same member's opposite one, micro-votes.
    #[must_use]
    pub fn votes_of_ballot(&self, decision: &Decision, ballot: &Ballot) -> u64 {
        let opposite = self.ballots.opposite(&self.members, ballot).filter(|_| decision.has_seats());
        let opposite_ppm = opposite.map_or(0, |(_, other)| other.share_ppm);
        self.votes_for_shares(decision, ballot.member, Shares { own_ppm: ballot.share_ppm, opposite_ppm })
    }

    /// As [`State::votes_for_share`], beside an opposite ballot of the member's on the same election.
    #[must_use]
    pub fn votes_for_shares(&self, decision: &Decision, member: MemberIndex, shares: Shares) -> u64 {
        let (kernel, members, weights) = (&self.rules.kernel, &self.members, &self.weights);
        let counting = decision.counting;
        let together = rooted_together(kernel.edition, decision);
        let shares = if together { shares } else { shares.own_ppm.into() };
        if !counts_by_class(kernel) {
            let weight = counted_weight(kernel, decision, members, weights, member);
            return votes_of(counting, weight, shares);
        }
        let fresh;
        let factors = if decision.factors.is_empty() {
            // It opened since the last update.
            let divided = kernel.edition < Edition::TWO;
            let parts = |layer| parts_by_layer(self).get(&layer).copied().filter(|_| divided).unwrap_or(1);
            let lanes = Lanes::new(kernel, &[decision], members, weights, &parts).ok();
            fresh = lanes.and_then(|lanes| lanes.by_class(0).cloned()).unwrap_or_default().factors;
            &fresh
        } else {
            &decision.factors
        };
        let classes = factors.iter().map(|factor| {
            let class = factor.class;
            let weight = weight_in_class(kernel, counting, members, weights, member, class);
            (*factor, weight)
        });
        votes_by_class(counting, shares, classes)
    }
}
