//! Joins are asked for, announced, agreed to, stopped and taken back.

use imbl::OrdSet;

use super::{Join, MOST_APART, MOST_INTO, MOST_WAITING, Stage};
use crate::act::{AnswerJoin, JoinMembers, TakeBackJoin};
use crate::context::{Context, member};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Somebody who may admit says that two records are one person.
pub(crate) fn join(state: &mut State, act: &JoinMembers, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    begin(state, act, OrdSet::new(), context)
}

/// Begins a join to which some of the two have said yes.
fn begin(
    state: &mut State,
    act: &JoinMembers,
    agreed: OrdSet<MemberIndex>,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let (from, into) = (member(state, act.from)?, member(state, act.into)?);
    let waiting = state.joins.all().filter(|(_, join)| join.waits()).count();
    let inside = state.joins.joined_into(into).count();
    if inside >= MOST_INTO {
        let why = format!("{inside} records are joined into {} or wait to be, and {MOST_INTO} may", act.into);
        return Err(Refusal::new(Rule::TooMany, why, "take one of them back"));
    }
    if waiting >= MOST_WAITING {
        let why = format!("{waiting} joins wait, and {MOST_WAITING} may");
        return Err(Refusal::new(Rule::TooMany, why, "wait until some have taken effect, or take one of them back"));
    }
    if let Some(other) = state.joins.of(from) {
        let whom = state.pair(from, other.into).into;
        let why = format!("a join of {} into {whom} waits", act.from);
        return Err(Refusal::new(Rule::AlreadyWaits, why, "agree to it, or take it back first"));
    }
    if from == into {
        let why = format!("{} is one record", act.from);
        return Err(Refusal::new(Rule::OneRecord, why, "name two records of the register"));
    }
    if state.members.is_organisation(from) != state.members.is_organisation(into) {
        let why = "one of them is an organisation and the other a person";
        return Err(Refusal::new(Rule::PersonAndOrganisation, why, "name two persons, or two organisations"));
    }
    if state.joins.of(into).is_some() || state.joins.joined_into(from).next().is_some() {
        let why = "one of them is part of another join, and nothing joins through a third record";
        let instead = "join each record into the one that stays, and take back first what stands in the way";
        return Err(Refusal::new(Rule::ThroughAThird, why, instead));
    }
    if state.joins.are_two(from, into) {
        let why = "one of them has said that they are two people";
        return Err(Refusal::new(Rule::SaidToBeTwo, why, "the one who said so can say yes"));
    }
    let (records, lists) = (OrdSet::new(), OrdSet::new());
    let stage = Stage::Announced;
    let join = Join { into, stage, at: context.time, agreed, ask_both: act.ask_both, records, lists };
    Ok(vec![go_on(state, from, join, context)])
}

/// Announces a join, or asks both first.
fn go_on(state: &mut State, from: MemberIndex, join: Join, context: &Context) -> Outcome {
    let (what, at) = (state.pair(from, join.into), context.time);
    let (join, told) = if state.needs_both(from, &join) {
        (Join { stage: Stage::Asked, ..join }, Outcome::JoinAsked(what))
    } else {
        let join = Join { stage: Stage::Announced, at, ..join };
        let due = join.due();
        (join, Outcome::JoinAnnounced { what, due })
    };
    state.joins.of.insert(from, join);
    told
}

/// One of the two says yes or no.
pub(crate) fn answer(state: &mut State, act: &AnswerJoin, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let known = |one| state.members.index(one);
    let (Some(from), Some(into)) = (known(act.from), known(act.into)) else {
        member(state, act.from)?;
        member(state, act.into)?;
        return Ok(Vec::new());
    };
    let standing = state.joins.of(from).filter(|join| join.into == into).cloned();
    let standing = standing.filter(|join| join.stage != Stage::Asked || context.time < join.lapses_at());
    let is_side = who == from || who == into;
    let Some(join) = standing else {
        if act.yes && is_side {
            return ask(state, act, who, context);
        }
        return Err(if is_side { nothing_waits(act) } else { not_a_side(act) });
    };
    if !is_side {
        return Err(not_a_side(act));
    }
    match (join.stage, act.yes) {
        (Stage::Parting, _) => Err(nothing_waits(act)),
        (_, true) if join.agreed.contains(&who) || join.stage == Stage::Joined => {
            let why = "you have said yes, or it is done";
            Err(Refusal::new(Rule::AlreadyAgreed, why, "nothing needs to be done"))
        }
        (Stage::Asked, true) => {
            let join = Join { agreed: join.agreed.update(who), ..join };
            Ok(vec![go_on(state, from, join, context)])
        }
        (_, true) => {
            state.joins.of.insert(from, Join { agreed: join.agreed.update(who), ..join });
            Ok(vec![Outcome::Recorded])
        }
        (Stage::Joined, false) => {
            let told = part_later(state, from, join, context)?;
            keep_apart(state, who, from);
            Ok(vec![told])
        }
        (_, false) => {
            state.joins.of.remove(&from);
            keep_apart(state, who, if who == from { into } else { from });
            Ok(vec![Outcome::JoinStopped(state.pair(from, into))])
        }
    }
}

/// Remembers that somebody has said that they and another are two people.
fn keep_apart(state: &mut State, who: MemberIndex, other: MemberIndex) {
    if state.joins.apart.len() < MOST_APART {
        state.joins.apart.insert((who, other));
    }
}

/// One of the two asks the other. Their earlier word that they are two people is taken back with it.
fn ask(state: &mut State, act: &AnswerJoin, who: MemberIndex, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let other = if act.member == act.from { act.into } else { act.from };
    let said = member(state, other)?;
    let had = state.joins.apart.remove(&(who, said));
    let wish = JoinMembers { from: act.from, into: act.into, ask_both: true };
    let begun = begin(state, &wish, OrdSet::unit(who), context);
    // A refused act leaves the state as it was.
    if let (Err(_), Some(pair)) = (&begun, had) {
        state.joins.apart.insert(pair);
    }
    begun
}

/// Stops a join, or announces that what it moved goes back.
pub(crate) fn take_back(state: &mut State, act: &TakeBackJoin, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let Some(from) = state.members.index(act.from) else {
        return member(state, act.from).map(|_| Vec::new());
    };
    let Some(join) = state.joins.of(from).cloned() else {
        let why = format!("{} is joined into nobody, and nothing waits", act.from);
        return Err(Refusal::new(Rule::NotJoined, why, "name the record that went"));
    };
    if join.waits() {
        state.joins.of.remove(&from);
        return Ok(vec![Outcome::JoinStopped(state.pair(from, join.into))]);
    }
    if join.stage == Stage::Parting {
        let why = format!("it is taken back already, and goes back after {}", join.due());
        return Err(Refusal::new(Rule::AlreadyWaits, why, "nothing needs to be done"));
    }
    if join.agree_both(from) {
        let why = "both have said that they are one person";
        return Err(Refusal::new(Rule::JoinedByBoth, why, "the one who stayed can say no: `answer_join`"));
    }
    Ok(vec![part_later(state, from, join, context)?])
}

fn part_later(state: &mut State, from: MemberIndex, join: Join, context: &Context) -> Result<Outcome, Refusal> {
    if let Some((fork, _)) = state.forks.left_with(join.into) {
        let why = format!("the support went along with the fork `{}`", fork.name);
        return Err(Refusal::new(Rule::GiftDivided, why, "it is in the new co-op"));
    }
    let join = Join { stage: Stage::Parting, at: context.time, ..join };
    let (what, due) = (state.pair(from, join.into), join.due());
    state.joins.of.insert(from, join);
    Ok(Outcome::PartingAnnounced { what, due })
}

fn nothing_waits(act: &AnswerJoin) -> Refusal {
    let why = format!("no join of {} into {} waits", act.from, act.into);
    Refusal::new(Rule::NothingWaits, why, "say yes to ask for one, or see the log for what became of it")
}

fn not_a_side(act: &AnswerJoin) -> Refusal {
    let why = format!("you are neither {} nor {}", act.from, act.into);
    Refusal::new(Rule::NotASide, why, "ask one of the two, or somebody who may admit members")
}
