//! The update: every decision is counted at one instant. And the change times between updates.
//!
//! Order: weights → votes → nominations → buckets → take-overs, from the root of the constitution tree to its leaves;
//! then rankings close what nobody supports; then another kernel comes into force, where one has been assented to for
//! long enough.

use std::collections::BTreeMap;

use quantity::Moment;

use crate::chamber::{Counted, Decision, Layer};
use crate::count::{Factor, Lanes, Tally, capacity, tally};
use crate::due::Due;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;
use crate::weight::weigh;

/// Counts everything at `moment`, which must be the update that is due.
///
/// # Errors
/// `not-due` when another instant is.
pub fn update(state: &mut State, moment: Moment, threads: usize) -> Result<Vec<Outcome>, Refusal> {
    if state.next_due() != Due::Update(moment) {
        return Err(not_due(state, moment));
    }
    let mut sources = std::mem::take(&mut state.sources);
    state.weights = weigh(&state.rules.kernel, &state.members, &state.support, &mut sources, moment, threads);
    state.sources = sources;
    let mut outcomes = state.count_assent(moment);
    let (tally, capacities) = count(state, threads);
    let period_s = state.period_s(moment);
    for (place, (raw, factors)) in capacities.into_iter().enumerate() {
        let open = state.decisions.get_mut(place).filter(|d| d.is_open());
        let Some(decision) = open else {
            continue;
        };
        let least = decision.capacity.saturating_mul(9).div_ceil(10);
        decision.capacity = raw.max(least);
        decision.factors = factors;
        decision.updates = decision.updates.saturating_add(1);
        outcomes.extend(decision.count(&Counted { tally: &tally, place, period_s, at: moment }));
    }
    // What a document defines has higher places than the document's own election: from the root to the leaves.
    for place in 0..state.decisions.len() {
        let open = state.decisions.get(place).filter(|d| d.is_open());
        if open.and_then(Decision::terms).is_some_and(|terms| terms.changes.is_none()) {
            take_over(state, place, moment, &mut outcomes);
        }
    }
    outcomes.extend(state.close_due_items(moment));
    outcomes.extend(state.adopt_amendment(moment, threads));
    state.moved.clear();
    state.time = moment;
    state.updates = state.updates.saturating_add(1);
    state.last_update = Some(moment);
    state.next_update = state.next_update_after(moment);
    Ok(outcomes)
}

/// Carries out what buckets that were full at the last update have earned, where `moment` is the change time.
///
/// # Errors
/// `not-due` when another instant is.
pub fn change(state: &mut State, moment: Moment) -> Result<Vec<Outcome>, Refusal> {
    if state.next_due() != Due::Change(moment) {
        return Err(not_due(state, moment));
    }
    let mut outcomes = Vec::new();
    for place in 0..state.decisions.len() {
        let open = state.decisions.get(place).filter(|d| d.is_open());
        if open.and_then(|decision| state.change_time(decision)) == Some(moment) {
            take_over(state, place, moment, &mut outcomes);
        }
    }
    state.time = moment;
    state.changes_done = moment;
    Ok(outcomes)
}

fn not_due(state: &State, moment: Moment) -> Refusal {
    let due = state.next_due().moment();
    Refusal::new(Rule::NotDue, format!("{moment} is not the next instant to be counted"), format!("the next is {due}"))
}

/// Votes of every target; each decision's capacity before its limit on falling, and what its classes' votes are
/// multiplied by.
fn count(state: &State, threads: usize) -> (Tally, Vec<(u128, Vec<Factor>)>) {
    let parts = parts_by_layer(state);
    let of_layer = |layer| parts.get(&layer).copied().unwrap_or(1);
    let lanes = Lanes::new(&state.rules.kernel, &state.decisions, &state.members, &state.weights, &of_layer);
    let counted = tally(&state.decisions, &state.ballots, &lanes, threads);
    let mut known: Vec<(*const u64, charter::Counting, u32, u128)> = Vec::new();
    let capacities = state
        .decisions
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
            let same = |(at, counting, n, _): &&(*const u64, charter::Counting, u32, u128)| {
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
    (counted, capacities)
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

/// The n of one layer.
pub(crate) fn parts_of_layer(state: &State, layer: Layer) -> u32 {
    parts_by_layer(state).get(&layer).copied().unwrap_or(1)
}

fn take_over(state: &mut State, place: usize, moment: Moment, outcomes: &mut Vec<Outcome>) {
    let Some(decision) = state.decisions.get_mut(place) else {
        return;
    };
    outcomes.extend(if decision.holds_rules {
        state.take_over_rules(place, moment)
    } else {
        decision.take_over(moment)
    });
}

#[cfg(test)]
mod tests;
