//! The counts of an update for all decisions at once: votes, capacities and the classes' factors.

use std::collections::BTreeMap;

use charter::Counting;
use quantity::{Broken, Moment, ensure};

use super::electorate::{counted_weight, weight_in_class};
use super::lanes::Lanes;
use super::{Counted, Decision, Layer};
use crate::count::by_class::counts_by_class;
use crate::count::{Factor, Tally, capacity, tally, votes_by_class, votes_of};
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Counts every open decision at `at`, in the order of places.
    pub(crate) fn count_decisions(&mut self, at: Moment, threads: usize) -> Result<Vec<Outcome>, Broken> {
        let (tally, capacities) = count(self, threads)?;
        let period_s = self.period_s(at);
        let mut outcomes = Vec::new();
        for (place, (raw, factors)) in capacities.into_iter().enumerate() {
            let Some(decision) = self.decisions.get_mut(DecisionId::at(place)).filter(|decision| decision.is_open())
            else {
                continue;
            };
            // C falls by a tenth at most (spec/elections.md, Capacity): members who leave in a mass make no coup cheap.
            let least = decision.capacity.saturating_mul(9).div_ceil(10);
            decision.capacity = raw.max(least);
            // Ten million members with all the weight that 64 bits hold have less.
            ensure!(decision.capacity < 1 << 88, "the capacity of `{}` is {}", decision.name, decision.capacity);
            decision.factors = factors;
            decision.updates = decision.updates.saturating_add(1);
            outcomes.extend(decision.count(&Counted { tally: &tally, place, period_s, at }));
        }
        Ok(outcomes)
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
            } else if let Some(decision) = self.decisions.get_mut(place) {
                outcomes.extend(decision.take_over(at)?);
            }
        }
        Ok(outcomes)
    }
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
        let (kernel, members, weights) = (&self.rules.kernel, &self.members, &self.weights);
        let counting = decision.counting;
        if !counts_by_class(kernel) {
            let weight = counted_weight(kernel, decision, members, weights, member);
            return votes_of(counting, weight, share_ppm);
        }
        let fresh;
        let factors = if decision.factors.is_empty() {
            // It opened since the last update.
            let parts = |layer| parts_by_layer(self).get(&layer).copied().unwrap_or(1);
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
        votes_by_class(counting, share_ppm, classes)
    }
}
