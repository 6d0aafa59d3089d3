//! Members give notice, rest, and go on.

use imbl::OrdSet;

use super::{BETWEEN_S, Notice, Pause, last_day};
use crate::act::{PauseMembership, ResumeMembership};
use crate::context::{Context, member};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::act::give_up_seats;
use crate::state::State;

use quantity::Moment;

/// Takes the notice of a member who leaves, where the kernel asks for one.
pub(crate) fn notice(state: &mut State, index: MemberIndex, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    if let Some(notice) = state.leavings.notice(index) {
        let why = format!("notice was given, and the membership ends with {}", notice.last_day);
        return Err(Refusal::new(Rule::NoticeGiven, why, "nothing needs to be done"));
    }
    let (leaving, zone) = (state.rules.kernel.leaving, &state.rules.kernel.zone);
    let last_day = last_day(context.time, leaving.notice, leaving.ends, zone);
    let ends = Moment::parse_at_end_of_day(&last_day.to_string(), zone).unwrap_or(context.time);
    state.leavings.notices.insert(index, Notice { at: context.time, last_day, ends });
    let Some(member) = state.members.pseudonym(index) else { return Ok(Vec::new()) };
    Ok(vec![Outcome::NoticeReceived { member, last_day: last_day.to_string() }])
}

/// A membership rests. Seats and candidacies end, and lists remember the member; ballots stay, and count for nothing.
pub(crate) fn pause(state: &mut State, act: &PauseMembership, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    let Some(longest) = state.rules.kernel.leaving.pause else {
        let why = "the kernel knows no pauses";
        return Err(Refusal::new(
            Rule::NoPauses,
            why,
            "leave, or propose a kernel with `leaving { pause \"1 year\" }`",
        ));
    };
    if state.members.rests(index) {
        let why = "the membership rests already";
        return Err(Refusal::new(Rule::MembershipRests, why, "nothing needs to be done"));
    }
    if let Some(begun) = state.leavings.begun.get(&index).map(|begun| begun.plus_seconds(BETWEEN_S))
        && context.time < begun
    {
        let why = "members begin one pause in 365 days";
        return Err(Refusal::new(Rule::PausedLately, why, format!("there is room again at {begun}")));
    }
    let mut outcomes = vec![Outcome::MembershipPaused { member: act.member }];
    outcomes.extend(give_up_seats(state, act.member, context.time));
    let on = state.members.lists().filter(|(_, list)| list.contains(&index));
    let lists: OrdSet<String> = on.map(|(name, _)| name.clone()).collect();
    for list in &lists {
        if let Some(list) = state.members.list_mut(list) {
            list.remove(&index);
        }
    }
    let length = i64::try_from(longest.seconds()).unwrap_or(i64::MAX);
    let pause = Pause { since: context.time, until: context.time.plus_seconds(length), lists };
    state.leavings.pauses.insert(index, pause);
    state.leavings.begun.insert(index, context.time);
    state.members.rest(index, true);
    Ok(outcomes)
}

/// A membership that rests goes on.
pub(crate) fn resume(state: &mut State, act: &ResumeMembership) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    if !state.members.rests(index) {
        let why = "the membership does not rest";
        return Err(Refusal::new(Rule::NotResting, why, "nothing needs to be done"));
    }
    Ok(state.resume(index).into_iter().collect())
}
