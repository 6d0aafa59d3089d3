//! Hearings are opened and answered, and end with an expulsion.

use super::{Hearing, MOST_OPEN, MOST_OWN};
use crate::act::{AnswerHearing, ExpelMember, OpenHearing};
use crate::context::{Context, member};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::act::leave;
use crate::rules::texts::{is_hash, is_its_text};
use crate::state::State;

/// A seat opens a hearing.
pub(crate) fn open(
    state: &mut State,
    act: &OpenHearing,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let accused = member(state, act.accused)?;
    is_hash(&act.reason)?;
    room?;
    // `authorise` has asked that a seat does it.
    let opener = context.actor.member().map_or(Ok(accused), |who| member(state, who))?;
    let open = state.hearings.open.len();
    let own = state.hearings.open().filter(|(_, one)| one.opener == opener).count();
    if open >= MOST_OPEN || own >= MOST_OWN {
        let why = format!("{own} hearings that you opened are open, of {open}; {MOST_OWN} and {MOST_OPEN} may be");
        return Err(Refusal::new(Rule::TooMany, why, "wait until one of them is over"));
    }
    is_its_text("the reason", act.text.as_ref(), &act.reason)?;
    if state.hearings.of(accused).is_some() {
        let why = format!("{} is being heard", act.accused);
        return Err(Refusal::new(Rule::AlreadyWaits, why, "wait for the answer and the decision"));
    }
    if opener == accused {
        let why = "nobody opens a hearing of themselves";
        return Err(Refusal::new(Rule::OwnHearing, why, "leave, or let others open it"));
    }
    let hearing = Hearing { opener, at: context.time, reason: act.reason.clone(), answer: None };
    let until = hearing.decided_from();
    state.hearings.open.insert(accused, hearing);
    Ok(vec![Outcome::HearingOpened { accused: act.accused, until }])
}

/// The member answers; a later answer takes the place of an earlier one.
pub(crate) fn answer(
    state: &mut State,
    act: &AnswerHearing,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let accused = member(state, act.member)?;
    is_hash(&act.answer)?;
    room?;
    is_its_text("the answer", act.text.as_ref(), &act.answer)?;
    let Some(hearing) = state.hearings.of(accused).cloned() else {
        return Err(not_heard(act.member));
    };
    state.hearings.open.insert(accused, Hearing { answer: Some(act.answer.clone()), ..hearing });
    Ok(vec![Outcome::HearingAnswered { accused: act.member }])
}

/// Expels a member who was heard. Seats announce it; this is what takes effect then, and what has to be possible before.
pub(crate) fn expel(state: &mut State, act: &ExpelMember, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let accused = member(state, act.accused)?;
    let Some(hearing) = state.hearings.of(accused) else {
        return Err(not_heard(act.accused));
    };
    if context.time < hearing.decided_from() {
        let why = format!("{} can answer until {}", act.accused, hearing.decided_from());
        return Err(Refusal::new(Rule::TimeToAnswer, why, "decide once that time is over"));
    }
    let mut outcomes = vec![Outcome::MemberExpelled { member: act.accused }];
    outcomes.extend(leave(state, accused, context.time));
    Ok(outcomes)
}

fn not_heard(who: crate::act::Pseudonym) -> Refusal {
    let why = format!("{who} is not being heard");
    Refusal::new(Rule::NoHearing, why, "open a hearing first: `open_hearing`")
}
