//! The update: every decision is counted at one instant. And the change times between updates.
//!
//! Order: weights → votes → nominations → buckets → take-overs, from the root of the constitution tree to its leaves;
//! then rankings close what nobody supports; then another kernel comes into force, where one has been assented to for
//! long enough.

use quantity::Moment;

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
    state.count_edition_assent(moment);
    outcomes.extend(state.count_decisions(moment, threads));
    outcomes
        .extend(state.take_over(moment, |_, decision| decision.terms().is_some_and(|terms| terms.changes.is_none())));
    outcomes.extend(state.close_due_items(moment));
    outcomes.extend(state.adopt_amendment(moment, threads));
    outcomes.extend(state.adopt_announced(moment, threads));
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
    let outcomes = state.take_over(moment, |state, decision| state.change_time(decision) == Some(moment));
    state.time = moment;
    state.changes_done = moment;
    Ok(outcomes)
}

fn not_due(state: &State, moment: Moment) -> Refusal {
    let due = state.next_due().moment();
    Refusal::new(Rule::NotDue, format!("{moment} is not the next instant to be counted"), format!("the next is {due}"))
}

#[cfg(test)]
mod tests;
