//! The update: every decision is counted at one instant. And the change times between updates.
//!
//! Order: weights → votes → nominations → buckets → take-overs, from the root of the constitution tree to its leaves;
//! then rankings serve requests, and close what nobody supports; then another kernel comes into force, where one has been assented to for
//! long enough.

use quantity::Moment;

use crate::chamber::Decision;
use crate::due::Due;
use crate::edition::Edition;
use crate::fault::NotDone;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Counts everything at `moment`, which must be the update that is due.
///
/// # Errors
/// `not-due` when another instant is, or an invariant that does not hold.
pub fn update(state: &mut State, moment: Moment, threads: usize) -> Result<Vec<Outcome>, NotDone> {
    if state.next_due() != Due::Update(moment) {
        return Err(not_due(state, moment).into());
    }
    // docs/spec/register.md, Leaving: who left with the day before is not counted.
    let mut outcomes = state.end_memberships(moment);
    outcomes.extend(state.end_pauses(moment));
    state.end_late_founding(moment);
    state.silences.refund(&state.refunded);
    state.count_by_settings();
    state.weigh_at(moment, threads);
    // Where two members have weight of their own for the third time in a row, this update counts without founders' weight.
    if state.note_support() {
        state.weigh_at(moment, threads);
    }
    state.weighed = state.members.roll().clone();
    state.note_standing(moment);
    state.silences.note(&state.rules.kernel, &state.weights);
    // docs/spec/adoption.md, Two keys: heads are counted with the weights of this update.
    if state.editions.current > Edition::ONE {
        state.tenure.note(&state.weights.own(), moment);
    }
    // docs/spec/releases.md, Opening: by the rules under which the money came, before others take over.
    outcomes.extend(state.open_releases(moment));
    outcomes.extend(state.count_assent(moment));
    state.count_edition_assent(moment);
    outcomes.extend(state.count_decisions(moment, threads)?);
    state.note_backing(moment);
    state.note_eligible(moment);
    state.note_ahead(moment);
    let at_updates = |_: &State, decision: &Decision| decision.terms().is_some_and(|terms| terms.changes.is_none());
    outcomes.extend(state.take_over(state.decisions.ids(), moment, at_updates)?);
    state.refunded.clear();
    state.recorded.clear();
    // Those who take a seat come first, so that they can still undo what their predecessor announced.
    outcomes.extend(state.take_effect(moment));
    outcomes.extend(state.carry_out_joins(moment));
    outcomes.extend(state.carry_out_applications(moment));
    outcomes.extend(state.lapse_hearings(moment));
    outcomes.extend(state.serve_requests(moment));
    outcomes.extend(state.pass_requests(moment));
    outcomes.extend(state.close_due_items(moment));
    outcomes.extend(state.adopt_amendment(moment, threads));
    outcomes.extend(state.adopt_announced(moment, threads));
    outcomes.extend(state.lapse(moment));
    outcomes.extend(state.record_affirmed(moment));
    outcomes.extend(state.lapse_claims(moment));
    state.end_founding(moment);
    state.moved.clear();
    state.time = moment;
    state.updates = state.updates.saturating_add(1);
    state.last_update = Some(moment);
    state.wait_for_update(state.next_update_after(moment));
    checked(state, outcomes)
}

/// Carries out what buckets that were full at the last update have earned, where `moment` is the change time, and takes decisions whose
/// deadline it is.
///
/// # Errors
/// `not-due` when another instant is, or an invariant that does not hold.
pub fn change(state: &mut State, moment: Moment) -> Result<Vec<Outcome>, NotDone> {
    if state.next_due() != Due::Change(moment) {
        return Err(not_due(state, moment).into());
    }
    let ended = state.end_memberships(moment);
    let due = state.waits.changes_at(moment);
    let is_due = |state: &State, decision: &Decision| state.change_time(decision) == Some(moment);
    let mut outcomes = ended;
    outcomes.extend(state.take_over(due.iter().copied(), moment, is_due)?);
    outcomes.extend(state.take_decisions(&due, moment));
    outcomes.extend(state.run_cycles(&due, moment));
    outcomes.extend(state.lapse(moment));
    // Where no seat changed hands and no rules did, nobody new may admit: most change times cost nothing here.
    if !outcomes.is_empty() {
        state.end_founding(moment);
    }
    state.time = moment;
    state.wait_after_change(moment);
    checked(state, outcomes)
}

fn checked(state: &State, outcomes: Vec<Outcome>) -> Result<Vec<Outcome>, NotDone> {
    state.check_counted()?;
    #[cfg(test)]
    state.check()?;
    Ok(outcomes)
}

fn not_due(state: &State, moment: Moment) -> Refusal {
    let due = state.next_due().moment();
    Refusal::new(Rule::NotDue, format!("{moment} is not the next instant to be counted"), format!("the next is {due}"))
}

#[cfg(test)]
mod tests;
