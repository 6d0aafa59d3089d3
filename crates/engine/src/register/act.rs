//! Members come, go, and are put on lists.

use quantity::Moment;

use crate::act::{AddToList, AdmitMember, EndMembership, RemoveFromList};
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
        let why = format!("{} is in the register already", act.member);
        return Err(Refusal::new(Rule::AlreadyMember, why, "choose another pseudonym"));
    }
    if state.members.len() >= MAX_MEMBERS {
        return Err(Refusal::new(Rule::TooMany, "the register is full", "found a second co-op"));
    }
    if act.founder && state.founders.is_over() {
        let why = "somebody who may admit members has been seated, so the founding period is over";
        return Err(Refusal::new(Rule::FoundingOver, why, "admit them as a member like others: leave `founder` out"));
    }
    let index = state.members.admit(act.member, act.organisation, context.time);
    if act.founder {
        state.founders.add(index);
    }
    Ok(vec![Outcome::MemberAdmitted { member: act.member }])
}

pub(crate) fn end(state: &mut State, act: &EndMembership, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
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
    let mut outcomes = Vec::new();
    for place in state.stood_for(pseudonym).collect::<Vec<_>>() {
        let open = state.decisions.get(place).is_some_and(Decision::is_open);
        let decision = state.decisions.get_mut(place).filter(|_| open);
        outcomes.extend(decision.and_then(|decision| decision.leave(pseudonym, at)));
    }
    state.amendment.forget(index);
    state.editions.forget(index);
    state.claims.forget(index);
    if let Some(fork) = state.forks.stay(index) {
        outcomes.push(Outcome::ForkWithdrawn { fork });
    }
    state.members.end(index, at);
    outcomes
}

pub(crate) fn add_to_list(state: &mut State, act: &AddToList) -> Result<Vec<Outcome>, Refusal> {
    let index = member(state, act.member)?;
    let is_read = is_read(state, &act.list);
    let Some(list) = state.members.list_mut(&act.list).filter(|_| is_read) else {
        return Err(unknown_list(state, &act.list));
    };
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
    if list.remove(&index).is_none() {
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
