//! Members come, go, and are put on lists.

use quantity::{Moment, Zone};

use super::Days;
use super::application::Applied;
use super::leaving::act::notice;
use super::leaving::rests;
use crate::act::{AddToList, AdmitMember, EndMembership, Pseudonym, RemoveFromList};
use crate::book::Day;
use crate::chamber::Decision;
use crate::context::{Context, member};
use crate::edition::Edition;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The most members a register holds: indices are 32 bits wide and `u32::MAX` means nobody.
const MAX_MEMBERS: usize = 10_000_000;

pub(crate) fn admit(state: &mut State, act: &AdmitMember, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    if state.members.index(act.member).is_some() {
        return Err(already_member(act.member));
    }
    register_is_full(state)?;
    if act.founder && state.founders.is_over() {
        let why = "somebody who may admit members has been seated, so the founding period is over";
        return Err(Refusal::new(Rule::FoundingOver, why, "admit them as a member like others: leave `founder` out"));
    }
    let days = days_of(state, act, context)?;
    let asked = state.applications.of(act.member);
    if asked.is_some_and(|asked| asked.organisation != act.organisation) {
        let why = format!("{} has asked to join as the other of a person and an organisation", act.member);
        return Err(Refusal::new(Rule::PersonAndOrganisation, why, "admit them as what they asked to be"));
    }
    let asked = state.applications.close(act.member).map(|asked| Applied::of(act.member, &asked));
    let index = state.members.admit(act.member, act.organisation, context.time);
    if act.founder {
        state.founders.add(index);
    }
    state.members.note_days(index, days);
    // Nobody who has left already has a ballot, a seat or a list to lose.
    if days.left_on.is_some() {
        state.members.end(index, context.time);
    }
    let accepted = asked.map(Outcome::ApplicationAccepted);
    Ok(accepted.into_iter().chain([Outcome::MemberAdmitted { member: act.member }]).collect())
}

pub(super) fn already_member(member: Pseudonym) -> Refusal {
    Refusal::new(Rule::AlreadyMember, format!("{member} is in the register already"), "choose another pseudonym")
}

pub(super) fn register_is_full(state: &State) -> Result<(), Refusal> {
    if state.members.len() >= MAX_MEMBERS {
        return Err(Refusal::new(Rule::TooMany, "the register is full", "found a second co-op"));
    }
    Ok(())
}

/// The days of a membership that began before the register was kept here: docs/spec/people.md, Days of joining and leaving.
fn days_of(state: &State, act: &AdmitMember, context: &Context) -> Result<Days, Refusal> {
    let zone = &state.rules.kernel.zone;
    let read = |day: &Option<String>| match day.as_deref().map(|day| (day, day_of(day))) {
        None => Ok(None),
        Some((_, Some(day))) => Ok(Some(day)),
        Some((day, None)) => {
            let why = format!("`{day}` is not a day of the calendar");
            Err(Refusal::new(Rule::DateUnclear, why, "write a day such as 2025-12-31"))
        }
    };
    let days = Days { joined_on: read(&act.joined_on)?, left_on: read(&act.left_on)? };
    let today = Day::of(context.time, zone);
    if days.joined_on.is_some_and(|joined| joined > today) {
        let why = format!("the day of joining is after the log's day, {today}");
        return Err(Refusal::new(Rule::GivenInTheFuture, why, "admit them once it has come"));
    }
    let wrong = match days {
        Days { left_on: Some(left), .. } if left >= today => {
            Some(("the last day of the membership is not over", "admit them without it, and end the membership then"))
        }
        Days { joined_on: Some(joined), left_on: Some(left) } if left < joined => {
            Some(("the membership ends before it begins", "correct one of the two days"))
        }
        Days { left_on: Some(_), .. } if act.founder => {
            Some(("nobody founds a co-op who has left it", "admit them as a former member: leave `founder` out"))
        }
        _ => None,
    };
    match wrong {
        Some((why, instead)) => Err(Refusal::new(Rule::DaysOfMembership, why, instead)),
        None => Ok(days),
    }
}

/// A day that is written `YYYY-MM-DD`.
fn day_of(text: &str) -> Option<Day> {
    let at = Moment::parse_at_start_of_day(text, &Zone::utc()).ok().filter(|_| text.len() == LENGTH_OF_DAY)?;
    Some(Day::of(at, &Zone::utc()))
}

/// The length of `YYYY-MM-DD`, which no instant has.
const LENGTH_OF_DAY: usize = 10;

pub(crate) fn end(state: &mut State, act: &EndMembership, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    if state.editions.current >= Edition::FIVE && !state.rules.kernel.leaving.is_at_once() {
        return notice(state, index, context);
    }
    let mut outcomes = vec![Outcome::Recorded];
    outcomes.extend(leave(state, index, context.time));
    Ok(outcomes)
}

/// Takes a member out of the register, with ballots, candidacies and seats.
pub(crate) fn leave(state: &mut State, index: MemberIndex, at: Moment) -> Vec<Outcome> {
    let Some(pseudonym) = state.members.pseudonym(index) else {
        return Vec::new();
    };
    // A take-over asks which of the votes that were counted have been taken back since.
    state.keep_counted(index);
    let rows: Vec<u32> = state.ballots.of(&state.members, index).map(|(row, _)| row).collect();
    for row in rows {
        let scored = state.has_scores(row);
        state.remove_ballot(row, scored);
    }
    let mut outcomes = give_up_seats(state, pseudonym, at);
    outcomes.extend(state.leave_pools(index, at));
    outcomes.extend(state.leave_requests(index, at));
    state.amendment.forget(index);
    state.editions.forget(index);
    state.claims.forget(index);
    state.joins.forget(index);
    state.devices.forget(index, at);
    state.applications.forget(index);
    state.leavings.forget(index);
    state.hearings.forget(index);
    state.support.own_pledges.set(index, None);
    if let Some(fork) = state.forks.stay(index) {
        outcomes.push(Outcome::ForkWithdrawn { fork });
    }
    state.members.end(index, at);
    outcomes
}

/// Ends the seats and candidacies of somebody.
pub(super) fn give_up_seats(state: &mut State, who: Pseudonym, at: Moment) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for place in state.stood_for(who).collect::<Vec<_>>() {
        let open = state.decisions.get(place).is_some_and(Decision::is_open);
        let decision = state.decisions.get_mut(place).filter(|_| open);
        outcomes.extend(decision.and_then(|decision| decision.leave(who, at)));
    }
    outcomes
}

pub(crate) fn add_to_list(state: &mut State, act: &AddToList) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    let (is_read, is_resting) = (is_read(state, &act.list), state.members.rests(index));
    let Some(list) = state.members.list_mut(&act.list).filter(|_| is_read) else {
        return Err(unknown_list(state, &act.list));
    };
    // A pause remembers the lists of before it.
    if is_resting {
        return Err(rests());
    }
    if list.insert(index).is_some() {
        let why = format!("{} is on the list `{}` already", act.member, act.list);
        return Err(Refusal::new(Rule::AlreadyOnList, why, "nothing needs to be done"));
    }
    Ok(vec![Outcome::Recorded])
}

pub(crate) fn remove_from_list(state: &mut State, act: &RemoveFromList) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    let is_read = is_read(state, &act.list);
    let Some(list) = state.members.list_mut(&act.list).filter(|_| is_read) else {
        return Err(unknown_list(state, &act.list));
    };
    let was_on = list.remove(&index).is_some();
    if !was_on && !state.forget_list(index, &act.list) {
        let why = format!("{} is not on the list `{}`", act.member, act.list);
        return Err(Refusal::new(Rule::NotOnList, why, "nothing needs to be done"));
    }
    Ok(vec![Outcome::Recorded])
}

/// Whether a class of the kernel in force reads a list. Under edition 1 a list that one has read stays open to changes.
pub(crate) fn is_read(state: &State, name: &str) -> bool {
    state.editions.current < Edition::TWO || state.rules.kernel.reads(name).next().is_some()
}

pub(crate) fn unknown_list(state: &State, name: &str) -> Refusal {
    let read = state.members.lists().filter(|(list, _)| is_read(state, list));
    let known: Vec<String> = read.map(|(list, _)| format!("`{list}`")).collect();
    let instead = if known.is_empty() {
        "no class of the kernel reads a list".to_owned()
    } else {
        format!("the kernel has {}", known.join(", "))
    };
    Refusal::new(Rule::UnknownList, format!("no class of the kernel reads a list `{name}`"), instead)
}

#[cfg(test)]
mod tests;
