//! The update: every decision is counted at one instant. And the change times between updates.
//!
//! Order: weights → votes → nominations → buckets → take-overs, from the root of the constitution tree to its leaves;
//! then rankings close what nobody supports; then another kernel comes into force, where one has been assented to for
//! long enough.

use std::collections::{BTreeMap, BTreeSet};

use quantity::Moment;

use crate::ballot::HasScores;
use crate::decision::{Decision, Layer, Matter, Ranking, Standing};
use crate::digest::ballot_bytes;
use crate::member::NONE;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;
use crate::tally::{Factor, Lanes, Tally, capacity, tally};
use crate::weight::weigh;

/// What the log is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// An update at this instant.
    Update(Moment),
    /// A change time at this instant.
    Change(Moment),
}

impl Due {
    /// When.
    #[must_use]
    pub fn moment(self) -> Moment {
        match self {
            Due::Update(at) | Due::Change(at) => at,
        }
    }
}

impl State {
    /// What comes next of its own: an update, or a change time that stands before it.
    #[must_use]
    pub fn next_due(&self) -> Due {
        let elections = self.open_decisions().filter_map(|(_, d)| d.election());
        match elections.filter_map(|e| self.change_time(e)).min() {
            Some(at) if at < self.next_update => Due::Change(at),
            _ => Due::Update(self.next_update),
        }
    }

    /// When the decision's outcome can next change hands.
    #[must_use]
    pub fn next_change(&self, decision: &Decision) -> Moment {
        let own = decision.election().and_then(|e| self.change_time(e));
        own.unwrap_or(self.next_update)
    }

    /// The next change time of an election that has its own. Those up to when its terms came into force are none of its.
    pub(crate) fn change_time(&self, election: &crate::decision::Election) -> Option<Moment> {
        let rhythm = election.terms.changes.as_ref()?;
        let after = self.changes_done.max(election.terms_since);
        Some(rhythm.next_after(after, &self.rules.kernel.zone))
    }

    /// Δ: the seconds of the rhythm period that ends at `moment`; where the rhythm is another one since the last update, the
    /// seconds since then at most, so that no second is poured twice.
    #[must_use]
    pub fn period_s(&self, moment: Moment) -> u64 {
        let kernel = &self.rules.kernel;
        let begin = kernel.updates.previous_before(moment, &kernel.zone);
        let last = self.last_update.filter(|last| *last < moment);
        moment.seconds_since(last.map_or(begin, |last| last.max(begin)))
    }
}

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
        let (name, size_of) = (decision.name.clone(), decision.capacity);
        match &mut decision.matter {
            Matter::Election(election) => {
                count_election(election, &name, size_of, place, &tally, period_s, moment, &mut outcomes)
            }
            Matter::Ranking(ranking) => count_ranking(ranking, place, &tally, moment),
        }
    }
    // What a document defines has higher places than the document's own election: from the root to the leaves.
    for place in 0..state.decisions.len() {
        let open = state.decisions.get(place).filter(|d| d.is_open());
        if open.and_then(Decision::election).is_some_and(|e| e.terms.changes.is_none()) {
            take_over(state, place, moment, &mut outcomes);
        }
    }
    close_items(state, moment, &mut outcomes);
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
        let due = open.and_then(Decision::election).and_then(|e| state.change_time(e));
        if due == Some(moment) {
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

#[allow(clippy::too_many_arguments, reason = "the numbers of one count, named at the only call")]
fn count_election(
    election: &mut crate::decision::Election,
    name: &str,
    capacity: u128,
    place: usize,
    tally: &Tally,
    period_s: u64,
    moment: Moment,
    outcomes: &mut Vec<Outcome>,
) {
    election.bucket_size = capacity.saturating_mul(u128::from(election.terms.settles_in.seconds()));
    let standing = u128::try_from(election.candidate_count()).unwrap_or(u128::MAX);
    election.nomination_size = capacity
        .saturating_mul(u128::from(election.terms.nominated_by_ppm))
        .saturating_mul(u128::from(period_s))
        .saturating_mul(standing.saturating_add(10))
        / 10_000_000;
    let size = election.nomination_size;
    for (target, candidate) in election.candidates.iter_mut().enumerate() {
        if candidate.standing != Standing::Nominee {
            continue;
        }
        candidate.attention = tally.attention(place, target).net().saturating_add(tally.support(place, target).net());
        candidate.level = crate::settle::flow(candidate.level, candidate.attention, period_s, size);
        let named = || (name.to_owned(), candidate.name.to_string());
        if size > 0 && candidate.level >= size {
            let (decision, candidate_name) = named();
            candidate.standing = Standing::Candidate;
            candidate.since = moment;
            outcomes.push(Outcome::CandidateEntered { decision, candidate: candidate_name });
        } else if size > 0 && candidate.level == 0 {
            let (decision, candidate_name) = named();
            candidate.standing = Standing::Out;
            candidate.since = moment;
            candidate.text = None;
            outcomes.push(Outcome::NomineeDropped { decision, candidate: candidate_name });
        }
    }
    for (target, (candidate, total)) in election.candidates.iter().zip(&mut election.seats.totals).enumerate() {
        *total = (candidate.standing == Standing::Candidate).then(|| tally.support(place, target).net());
    }
    let (kind, size) = (election.kind, election.bucket_size);
    election.seats.pour(kind, period_s, size);
}

fn count_ranking(ranking: &mut Ranking, place: usize, tally: &Tally, moment: Moment) {
    let floor = i128::from(ranking.floor_micro);
    for (target, item) in ranking.items.iter_mut().enumerate().filter(|(_, item)| item.closed_at.is_none()) {
        let votes = tally.support(place, target);
        item.total = votes.net();
        item.votes_for = votes.in_favour;
        item.votes_against = votes.against;
        item.low_since = if item.total > floor { None } else { item.low_since.or(Some(moment)) };
    }
}

fn take_over(state: &mut State, place: usize, moment: Moment, outcomes: &mut Vec<Outcome>) {
    let Some(decision) = state.decisions.get_mut(place) else {
        return;
    };
    if decision.holds_rules {
        outcomes.extend(state.take_over_rules(place, moment));
        return;
    }
    let decision_name = decision.name.clone();
    let Matter::Election(election) = &mut decision.matter else {
        return;
    };
    let (kind, size) = (election.kind, election.bucket_size);
    let changes = election.seats.take_over(kind, size);
    for change in changes {
        let name =
            |at: usize| election.candidates.get(at).map(|candidate| candidate.name.to_string()).unwrap_or_default();
        election.changed_at = Some(moment);
        let from = change.from.map(name);
        match (change.to.map(name), from) {
            (Some(candidate), from) => {
                outcomes.push(Outcome::SeatTaken { decision: decision_name.clone(), candidate, from })
            }
            (None, Some(from)) => outcomes.push(Outcome::SeatVacated { decision: decision_name.clone(), from }),
            (None, None) => {}
        }
    }
}

fn close_items(state: &mut State, moment: Moment, outcomes: &mut Vec<Outcome>) {
    for place in 0..state.decisions.len() {
        let Some(decision) = state.decisions.get(place) else {
            continue;
        };
        let Some(ranking) = decision.ranking() else {
            continue;
        };
        let name = decision.name.clone();
        let due = |item: &crate::decision::Item| {
            item.closed_at.is_none() && ranking.closes_at(item).is_some_and(|at| at <= moment)
        };
        let due: Vec<(u32, String)> = (0_u32..)
            .zip(&ranking.items)
            .filter(|(_, item)| due(item))
            .map(|(at, item)| (at, item.id.clone()))
            .collect();
        let closing: BTreeSet<u32> = due.iter().map(|(at, _)| *at).collect();
        let freed = state.close_items(place, &closing, moment);
        for (target, item) in due {
            outcomes.push(Outcome::ItemClosed {
                decision: name.clone(),
                item,
                freed: freed.get(&target).copied().unwrap_or(0),
            });
        }
    }
}

impl State {
    /// Closes items of one ranking and gives the shares on them back, in one walk over all ballots; how many ballots
    /// that were, by item.
    pub(crate) fn close_items(&mut self, decision: usize, items: &BTreeSet<u32>, at: Moment) -> BTreeMap<u32, u32> {
        let mut freed = BTreeMap::new();
        if items.is_empty() {
            return freed;
        }
        let place = u16::try_from(decision).unwrap_or(u16::MAX);
        let gone: Vec<(u32, u32)> = (0_u32..)
            .zip(self.ballots.rows())
            .filter(|(_, ballot)| ballot.member != NONE && ballot.decision == place)
            .filter(|(_, ballot)| items.contains(&ballot.target))
            .map(|(row, ballot)| (row, ballot.target))
            .collect();
        for (row, item) in gone {
            self.remove_ballot(row, HasScores::No);
            let count: &mut u32 = freed.entry(item).or_default();
            *count = count.saturating_add(1);
        }
        if let Some(Matter::Ranking(ranking)) = self.decisions.get_mut(decision).map(|d| &mut d.matter) {
            for item in items {
                ranking.close(*item, at);
            }
        }
        freed
    }

    pub(crate) fn remove_ballot(&mut self, row: u32, has_scores: HasScores) {
        let Some(ballot) = self.ballots.rows().get(row as usize).copied() else {
            return;
        };
        let scores: Vec<_> =
            if has_scores == HasScores::Yes { self.ballots.scores(&ballot).collect() } else { Vec::new() };
        self.ballot_digest.take(&ballot_bytes(&ballot, &scores));
        self.ballots.remove(&mut self.members, row, has_scores);
    }
}

#[cfg(test)]
mod tests;
