//! The counts of an update for all decisions at once: votes, capacities and the classes' factors.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Counting, Edition, Kernel};
use quantity::{Broken, Moment, ensure};

use super::capacity::{Falling, PartsKey, Present, Sum, fall};
use super::electorate::{counted_weight, weight_in_class};
use super::lanes::{Lanes, classes_of, heads, rooted_together};
use super::{Counted, Decision, Layer};
use crate::ballot::Ballot;
use crate::count::by_class::{ByClass, counts_by_class};
use crate::count::settle::MOST_UPDATES_BACK;
use crate::count::{Factor, Shares, Tally, capacity, tally, votes_by_class, votes_of};
use crate::id::{ClassId, DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::register::Roll;
use crate::state::State;

impl State {
    /// Counts every open decision at `at`, in the order of places.
    pub(crate) fn count_decisions(&mut self, at: Moment, threads: usize) -> Result<Vec<Outcome>, Broken> {
        let (edition, period_s) = (self.editions.current, self.period_s(at));
        let (tally, capacities) = if edition < Edition::TWO {
            // C falls by a tenth at most (spec/elections.md, Capacity): members who leave in a mass make no coup cheap.
            let (tally, mut capacities) = count(self, threads)?;
            for (decision, raw) in self.decisions.rows().iter().zip(&mut capacities) {
                raw.size = raw.size.max(decision.capacity.saturating_mul(9).div_ceil(10));
            }
            (tally, capacities)
        } else {
            self.note_update(at);
            self.count_undivided(period_s, threads)?
        };
        let recent = Arc::clone(&self.recent);
        let mut outcomes = Vec::new();
        let mut ended = BTreeSet::new();
        for (place, capacity) in capacities.into_iter().enumerate() {
            let id = DecisionId::at(place);
            let Some(decision) = self.decisions.get_mut(id).filter(|decision| decision.is_open()) else {
                continue;
            };
            decision.capacity = capacity.size;
            // Ten million members with all the weight that 64 bits hold have less.
            ensure!(decision.capacity < 1 << 88, "the capacity of `{}` is {}", decision.name, decision.capacity);
            decision.factors = capacity.factors;
            let refunds = (capacity.before, capacity.kept);
            decision.updates = decision.updates.saturating_add(1);
            let counted = Counted { tally: &tally, place, period_s, at, edition, recent: &recent, refunds };
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
    fn count_undivided(&mut self, period_s: u64, threads: usize) -> Result<(Tally, Vec<Capacity>), Broken> {
        let (state, kernel, members) = (&*self, &self.rules.kernel, &self.members);
        let decisions: Vec<&Decision> = state.decisions.rows().iter().collect();
        let mut lanes = Lanes::new(kernel, &decisions, members, &state.weights, &|_| 1)?;
        let mut falling = Falling::new(&state.parts, period_s, &state.refunded, threads);
        let mut classes_kept = Vec::new();
        if counts_by_class(kernel) {
            let mut by_class = Vec::with_capacity(decisions.len());
            let mut present = Present::default();
            for decision in &decisions {
                let (held, refunds) = state.held_by_class(decision, &lanes, &mut falling, &mut present)?;
                by_class.push(held);
                classes_kept.push(refunds);
            }
            lanes.hold(by_class);
        }
        let tally = tally(&lanes.readings(&decisions), &state.ballots, threads)?;
        let mut present = Present::default();
        let mut keys = Vec::with_capacity(decisions.len());
        let mut capacities = Vec::with_capacity(decisions.len());
        for (place, decision) in decisions.iter().enumerate() {
            let key = decision.is_open().then(|| parts_key(kernel, decision)).flatten();
            let now = |size| Capacity { size, ..Capacity::default() };
            let capacity = match (lanes.by_class(place), &key) {
                _ if !decision.is_open() => Capacity::default(),
                (Some(held), _) => {
                    let (before, kept) = classes_kept.get(place).copied().unwrap_or_default();
                    Capacity { size: held.capacity, factors: held.factors.clone(), before, kept }
                }
                // A ranking has no settling time: its C is the present one.
                (None, None) => now(present.of(decision.counting, lanes.lane(place))),
                (None, Some(key)) => {
                    match falling.sum(key, decision.parts_key.as_ref(), lanes.lane(place), &mut present) {
                        Some(Sum { now: size, before, kept }) => Capacity { size, before, kept, ..Capacity::default() },
                        None => {
                            let raw = present.of(decision.counting, lanes.lane(place));
                            now(fall(decision.capacity, raw, period_s, key.settles_s))
                        }
                    }
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

    /// The factors of one decision's classes, by capacities that fall slowly; and its C at the last update, before and after what left
    /// at once by refunds.
    fn held_by_class<'l>(
        &self,
        decision: &Decision,
        lanes: &'l Lanes<'_>,
        falling: &mut Falling<'_>,
        present: &mut Present<'l>,
    ) -> Result<(ByClass, (u128, u128)), Broken> {
        if !decision.is_open() {
            return Ok(Default::default());
        }
        let (kernel, counting) = (&self.rules.kernel, decision.counting);
        let mut own = Vec::new();
        for class in classes_of(kernel, decision) {
            let lane = lanes.of_class(counting, class);
            let name = kernel.classes.get(class.place()).map(|class| class.name.clone()).unwrap_or_default();
            let key = |decision: &Decision| {
                let settles_s = decision.terms()?.settles_in.seconds();
                Some(PartsKey { classes: vec![name.clone()], by_class: true, favour: None, counting, settles_s })
            };
            let former = decision.parts_key.as_ref().map(|key| PartsKey {
                classes: vec![name.clone()],
                by_class: true,
                favour: None,
                ..key.clone()
            });
            let sum = key(decision).and_then(|key| falling.sum(&key, former.as_ref(), lane, present));
            own.push((class, sum.unwrap_or_else(|| Sum { now: present.of(counting, lane), ..Sum::default() })));
        }
        let heads = |class| heads(lanes.of_class(counting, class));
        let under = |of: fn(&Sum) -> u128| {
            let own: Vec<(ClassId, u128)> = own.iter().map(|(class, sum)| (*class, of(sum))).collect();
            ByClass::under(kernel, &own, &heads)
        };
        let refunds = (under(|sum| sum.before)?.capacity, under(|sum| sum.kept)?.capacity);
        Ok((under(|sum| sum.now)?, refunds))
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
        favour: decision.favour.as_ref().map(|favour| (favour.classes.iter().filter_map(name).collect(), favour.times)),
        counting: decision.counting,
        settles_s: decision.terms()?.settles_in.seconds(),
    })
}

/// C of a decision, and what the votes of its classes are multiplied by.
#[derive(Default)]
struct Capacity {
    /// Under edition 1 before its limit on falling.
    size: u128,
    factors: Vec<Factor>,
    /// Edition 2: C at the last update.
    before: u128,
    /// The same, without what left at once by refunds.
    kept: u128,
}

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
                return Capacity::default();
            }
            if let Some(by_class) = lanes.by_class(place) {
                let (size, factors) = (by_class.capacity, by_class.factors.clone());
                return Capacity { size, factors, ..Capacity::default() };
            }
            let (lane, parts) = (lanes.lane(place), of_layer(decision.layer));
            let same = |(at, counting, n, _): &&(*const u64, Counting, u32, u128)| {
                *at == lane.as_ptr() && *counting == decision.counting && *n == parts
            };
            let found = known.iter().find(same).map(|(_, _, _, c)| *c);
            let size = found.unwrap_or_else(|| {
                let fresh = capacity(decision.counting, lane, parts);
                known.push((lane.as_ptr(), decision.counting, parts, fresh));
                fresh
            });
            Capacity { size, ..Capacity::default() }
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
        let opposite = self.ballots.opposite(&self.members, ballot).filter(|_| decision.scores_candidates());
        let opposite_ppm = opposite.map_or(0, |(_, other)| other.share_ppm);
        self.votes_for_shares(decision, ballot.member, Shares { own_ppm: ballot.share_ppm, opposite_ppm })
    }

    /// As [`State::votes_for_share`], beside an opposite ballot of the member's on the same election.
    #[must_use]
    pub fn votes_for_shares(&self, decision: &Decision, member: MemberIndex, shares: Shares) -> u64 {
        self.votes_in(self.members.roll(), decision, member, shares)
    }

    /// As [`State::votes_for_shares`], by the electorate of the last update: members who have left since count, and a list that was
    /// changed since is asked as it was.
    pub(super) fn votes_counted(&self, decision: &Decision, member: MemberIndex, shares: Shares) -> u64 {
        self.votes_in(&self.weighed, decision, member, shares)
    }

    fn votes_in(&self, roll: &Roll, decision: &Decision, member: MemberIndex, shares: Shares) -> u64 {
        let (kernel, members, weights) = (&self.rules.kernel, &self.members, &self.weights);
        let counting = decision.counting;
        let together = rooted_together(kernel.edition, decision);
        let shares = if together { shares } else { shares.own_ppm.into() };
        if !counts_by_class(kernel) {
            let weight = counted_weight(kernel, decision, roll, weights, member);
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
            let weight = weight_in_class(kernel, counting, roll, weights, member, class);
            (*factor, weight)
        });
        votes_by_class(counting, shares, classes)
    }
}
