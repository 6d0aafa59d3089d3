//! Acts are proposed, agreed to and taken back; and those of one seat that take effect later are announced.

use std::sync::Arc;

use imbl::OrdSet;

use super::{Announced, Group, MOST_ANNOUNCED, MOST_PROPOSED, MOST_WAITING, Proposed};
use crate::act::{Act, AgreeToAct, Deed, ProposeAct, TakeBackAct};
use crate::apply::authority::office_of;
use crate::book::act as booking;
use crate::chamber::ranking::act as item;
use crate::chamber::{Decision, Kind};
use crate::context::{Context, decision, member, wrong_kind};
use crate::edition::Edition;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::{
    act as register, application::act as applications, hearing::act as hearings, join::act as joins,
};
use crate::release::act as release;
use crate::state::State;
use crate::support::{act as support, seat};

impl State {
    /// Whether a deed of an office or body takes effect later: on the register or a list, and to take back support that others recorded
    /// or that an update has counted.
    fn takes_effect_later(&self, office: &Decision, deed: &Deed) -> bool {
        let Deed::ReverseSupport(act) = deed else {
            return deed.waits();
        };
        let place = self.decision_place(&office.name);
        place.is_some_and(|place| !seat::is_fresh(self, &Group::Seat(place), &act.of))
    }

    /// Whether a member hands an act in by a seat, so that it is done together or takes effect later. Founders, who act for
    /// vacant seats, the desk and bridges act at once.
    pub(crate) fn acts_with_care(&self, act: &Act, context: &Context) -> bool {
        let Some(who) = context.actor.member() else {
            return false;
        };
        let Some(deed) = Deed::of(act).filter(|_| self.editions.current >= Edition::TWO) else {
            return false;
        };
        let office = office_of(self, act, context).filter(|office| office.seats_member(who));
        office.is_some_and(|office| self.takes_effect_later(office, &deed) || !self.acts_alone(office, who, act))
    }
}

/// An act by a seat: announced where one seat is enough, else refused in favour of proposing it.
pub(crate) fn by_seat(state: &mut State, act: &Act, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let (Some(deed), Some(who)) = (Deed::of(act), context.actor.member()) else {
        return Ok(Vec::new());
    };
    let office = office_of(state, act, context).map(|office| (office.name.clone(), state.acts_alone(office, who, act)));
    let Some((name, acts_alone)) = office else {
        return Ok(Vec::new());
    };
    let (by, own) = (Group::Seat(decision(state, &name)?), member(state, who)?);
    if acts_alone {
        return carry_out(state, &by, &deed, OrdSet::unit(own), context);
    }
    // Every other no of the act comes first, since its number is lower.
    carry_out(&mut state.clone(), &by, &deed, OrdSet::unit(own), context)?;
    let (needed, seats) = (state.needed(&by, &deed), state.group_size(&by));
    let why = format!("`{name}` acts once {needed} of its {seats} seats have agreed");
    Err(Refusal::new(Rule::ActsTogether, why, "propose it: `propose_act`"))
}

/// A seat proposes an act of its body, or somebody on a list one on it.
pub(crate) fn propose(state: &mut State, act: &ProposeAct, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let by = group_of(state, act)?;
    let agreed = OrdSet::unit(who);
    let mut no: Vec<Refusal> = Vec::new();
    no.extend(carry_out(&mut state.clone(), &by, &act.proposed, agreed.clone(), context).err());
    let own = state.powers.proposed().filter(|(_, one)| one.proposer == who).count();
    if own >= MOST_PROPOSED || state.powers.proposed.len() >= MOST_WAITING {
        let why = format!("{own} acts that you proposed wait, and {MOST_PROPOSED} may");
        no.push(Refusal::new(Rule::TooMany, why, "take one back, or wait until it is done"));
    }
    if let Some((number, _)) = state.powers.proposed().find(|(_, one)| one.by == by && one.deed == act.proposed) {
        no.push(Refusal::new(Rule::AlreadyWaits, format!("act {number} is the same"), "agree to it: `agree_to_act`"));
    }
    no.extend(not_among(state, &by, who));
    // Where several rules say no, the one with the lowest number is answered.
    if let Some(first) = no.into_iter().min_by_key(|no| no.rule) {
        return Err(first);
    }
    if state.needed(&by, &act.proposed) <= 1 {
        let number = state.powers.given.saturating_add(1);
        let mut outcomes = vec![Outcome::ActProposed(state.waited(number, &by, &act.proposed))];
        state.powers.fresh();
        outcomes.extend(carry_out(state, &by, &act.proposed, agreed, context)?);
        outcomes.push(Outcome::ActDone(state.waited(number, &by, &act.proposed)));
        return Ok(outcomes);
    }
    let number = state.powers.fresh();
    let told = Outcome::ActProposed(state.waited(number, &by, &act.proposed));
    let proposed = Proposed { by, deed: act.proposed.clone(), proposer: who, agreed, at: context.time };
    state.powers.proposed.insert(number, proposed);
    Ok(vec![told])
}

/// Those whose act it would be.
fn group_of(state: &State, act: &ProposeAct) -> Result<Group, Refusal> {
    let inner = act.proposed.act();
    if let Some(name) = &act.body {
        let place = decision(state, name)?;
        let Some(body) = state.decisions.get(place) else {
            return Err(not_theirs(&act.proposed, name));
        };
        if body.kind() != Kind::Body || state.seats_for(body, &inner) <= 1 {
            return Err(wrong_kind(name, body.kind().word(), "a body of several seats: others act at once"));
        }
        return if state.body_may(body, &inner) {
            Ok(Group::Seat(place))
        } else {
            Err(not_theirs(&act.proposed, name))
        };
    }
    if let Deed::TakeBackAct(act) = &act.proposed {
        let announced = state.powers.announced_act(act.number).ok_or_else(|| nothing_waits(act.number))?;
        return match &announced.by {
            Group::Seat(_) => Err(not_theirs(&Deed::TakeBackAct(act.clone()), "a list")),
            heads => Ok(heads.clone()),
        };
    }
    if let Deed::AdmitMember(_) = &act.proposed {
        if state.members_admit() {
            return Ok(Group::Members);
        }
        let why = "members admit nobody themselves while those who may are there".to_owned();
        return Err(Refusal::new(Rule::NotAuthorised, why, "ask who may admit members, or name the body"));
    }
    let Some(list) = act.proposed.list() else {
        let why = format!("no list does `{}`", act.proposed.kind());
        return Err(Refusal::new(Rule::NotAuthorised, why, "name the body whose act it is"));
    };
    if state.members.list(list).is_none() || !register::is_read(state, list) {
        return Err(register::unknown_list(state, list));
    }
    if !state.heads_keep(list) {
        let why = format!("those on `{list}` do not keep it themselves");
        return Err(Refusal::new(Rule::NotAuthorised, why, "ask who may keep lists, or name the body"));
    }
    Ok(state.heads_of(list))
}

fn not_theirs(deed: &Deed, name: &str) -> Refusal {
    let why = format!("`{name}` has no power for `{}` here", deed.kind());
    Refusal::new(Rule::NotAuthorised, why, "ask who has it, or the operator of this server")
}

fn nothing_waits(number: u64) -> Refusal {
    Refusal::new(Rule::NothingWaits, format!("no act {number} waits"), "it is done, taken back or lapsed: see the log")
}

fn not_among(state: &State, by: &Group, who: MemberIndex) -> Option<Refusal> {
    if state.is_among(by, who) {
        return None;
    }
    let name = match by {
        Group::Seat(_) => format!("on `{}`", state.group_name(by)),
        Group::List(list) => format!("on the list `{list}`"),
        Group::Members => "among the members".to_owned(),
    };
    Some(Refusal::new(Rule::NotAmongThem, format!("you are not {name}"), "ask those who are"))
}

/// A seat agrees to a proposed act, or no longer does. The agreement that is enough does it.
pub(crate) fn agree(state: &mut State, act: &AgreeToAct, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let waits = state.powers.proposed_act(act.number).filter(|one| context.time < one.lapses_at());
    let proposed = waits.cloned().ok_or_else(|| nothing_waits(act.number))?;
    let agrees = proposed.agreed.contains(&who);
    if act.agree && agrees {
        let why = format!("you have agreed to act {}", act.number);
        return Err(Refusal::new(Rule::AlreadyAgreed, why, "nothing needs to be done"));
    }
    if !act.agree {
        if !agrees {
            let why = format!("you have not agreed to act {}", act.number);
            return Err(Refusal::new(Rule::NotAgreed, why, "nothing needs to be done"));
        }
        return Ok(disagree(state, act.number, proposed, who));
    }
    if let Some(no) = not_among(state, &proposed.by, who) {
        return Err(no);
    }
    let agreed = state.still(&proposed.by, &proposed.agreed).update(who);
    let what = state.waited(act.number, &proposed.by, &proposed.deed);
    if agreed.len() < state.needed(&proposed.by, &proposed.deed) {
        state.powers.proposed.insert(act.number, Proposed { agreed, ..proposed });
        return Ok(vec![Outcome::Recorded]);
    }
    // An act that the rules refuse by now takes the agreement with it, and goes on waiting.
    let mut outcomes = carry_out(state, &proposed.by, &proposed.deed, agreed, context)?;
    state.powers.proposed.remove(&act.number);
    // A body of several seats books in no other way.
    if let Deed::BookEntry(entry) = &proposed.deed {
        state.powers.booked.insert(act.number, Arc::new(entry.clone()));
    }
    outcomes.push(Outcome::ActDone(what));
    Ok(outcomes)
}

fn disagree(state: &mut State, number: u64, proposed: Proposed, who: MemberIndex) -> Vec<Outcome> {
    let agreed = proposed.agreed.without(&who);
    if agreed.is_empty() {
        let what = state.waited(number, &proposed.by, &proposed.deed);
        state.powers.proposed.remove(&number);
        return vec![Outcome::ActTakenBack(what)];
    }
    state.powers.proposed.insert(number, Proposed { agreed, ..proposed });
    vec![Outcome::Recorded]
}

/// Takes an announced act back.
pub(crate) fn take_back(state: &mut State, act: &TakeBackAct) -> Result<Vec<Outcome>, Refusal> {
    let announced = state.powers.announced_act(act.number).ok_or_else(|| nothing_waits(act.number))?;
    let what = state.waited(act.number, &announced.by, &announced.deed);
    state.powers.announced.remove(&act.number);
    Ok(vec![Outcome::ActTakenBack(what)])
}

/// Does what was agreed to: at once, or announced. Every check comes before the first change.
fn carry_out(
    state: &mut State,
    by: &Group,
    deed: &Deed,
    agreed: OrdSet<MemberIndex>,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let name = state.group_name(by);
    let may = match by {
        Group::Seat(place) => {
            let act = deed.act();
            state.decisions.get(*place).is_some_and(|one| one.is_open() && state.body_may(one, &act))
        }
        // The seats may be filled by now.
        heads => state.heads_may(heads, deed),
    };
    if !may {
        return Err(not_theirs(deed, &name));
    }
    match deed {
        Deed::AdmitMember(_) | Deed::AddToList(_) | Deed::RemoveFromList(_) | Deed::ExpelMember(_) => {
            announce(state, by, deed, agreed, context)
        }
        Deed::OpenItem(act) => item::open(state, act, context),
        Deed::CloseItem(act) => item::close(state, act, context),
        Deed::BookEntry(act) => booking::enter(state, act, Some(name), context),
        Deed::TakeBackAct(act) => take_back(state, act),
        Deed::JoinMembers(act) => joins::join(state, act, context),
        Deed::TakeBackJoin(act) => joins::take_back(state, act, context),
        Deed::PublishRelease(act) => release::publish(state, act, context),
        Deed::WithdrawRelease(act) => release::withdraw(state, act, context),
        Deed::RefuseApplication(act) => applications::refuse(state, act, context),
        Deed::RecordSupport(act) => {
            applications::record_of(state, act, context, |state| seat::record(state, act, by, &agreed, context))
        }
        Deed::ReverseSupport(act) if seat::is_fresh(state, by, &act.of) => support::reverse(state, act, context),
        Deed::ReverseSupport(act) => {
            seat::not_booked(state, act, context)?;
            announce(state, by, deed, agreed, context)
        }
    }
}

/// Announces an act on the register or a list.
fn announce(
    state: &mut State,
    by: &Group,
    deed: &Deed,
    agreed: OrdSet<MemberIndex>,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    // It must be possible as things are. Whether it still is then, is seen when it takes effect.
    put_in_effect(&mut state.clone(), deed, context)?;
    let waiting = state.powers.announced().filter(|(_, one)| one.by == *by).count();
    if waiting >= MOST_ANNOUNCED {
        let why = format!("{waiting} acts of `{}` are announced and wait", state.group_name(by));
        return Err(Refusal::new(Rule::TooMany, why, "wait until some of them have taken effect"));
    }
    let same = |one: &Announced| match (&one.deed, deed) {
        // Nobody is admitted twice, whatever else the acts say.
        (Deed::AdmitMember(one), Deed::AdmitMember(other)) => one.member == other.member,
        // Nor is anything taken back twice by one office. Another announces its own, so that nobody keeps others from it.
        (Deed::ReverseSupport(taken), Deed::ReverseSupport(other)) => one.by == *by && taken.of == other.of,
        (one, other) => one == other,
    };
    if let Some((number, one)) = state.powers.announced().find(|(_, one)| same(one)) {
        let why = format!("act {number} is the same, and takes effect after {}", one.due());
        return Err(Refusal::new(Rule::AlreadyWaits, why, "nothing needs to be done"));
    }
    let watched = state.watched(by, deed);
    let decision = state.decisions.get(watched);
    let terms = decision.and_then(|one| one.terms());
    let announced = Announced {
        by: by.clone(),
        deed: deed.clone(),
        agreed,
        needed: u32::try_from(state.needed(by, deed)).unwrap_or(u32::MAX),
        at: context.time,
        watched,
        settles_s: terms.map_or(0, |terms| terms.settles_in.seconds()),
        capacity: decision.map_or(0, |one| one.capacity),
        ahead: None,
    };
    let due = announced.due();
    let number = state.powers.fresh();
    let what = state.waited(number, by, deed);
    state.powers.announced.insert(number, announced);
    Ok(vec![Outcome::ActAnnounced { what, due }])
}

/// Does an act on the register or a list.
pub(super) fn put_in_effect(state: &mut State, deed: &Deed, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    match deed {
        Deed::AdmitMember(act) => register::admit(state, act, context),
        Deed::AddToList(act) => register::add_to_list(state, act),
        Deed::RemoveFromList(act) => register::remove_from_list(state, act),
        Deed::ReverseSupport(act) => support::reverse(state, act, context),
        Deed::ExpelMember(act) => hearings::expel(state, act, context),
        _ => Ok(Vec::new()),
    }
}
