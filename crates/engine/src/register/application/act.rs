//! Applications are handed in, answered, refused and taken back; and a gift that is large enough lets its giver in.

use charter::Door;
use imbl::OrdSet;

use super::{Application, Applied, DAY_US, MOST_A_DAY, MOST_VOUCHES, MOST_WAITING, REASONS};
use crate::act::{AnswerApplication, ApplyToJoin, Pseudonym, RecordSupport, RefuseApplication, WithdrawApplication};
use crate::context::{Context, member};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::act::{already_member, register_is_full};
use crate::state::State;

/// Somebody asks to join.
pub(crate) fn apply(state: &mut State, act: &ApplyToJoin, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    // The ladder goes in the order of the rules' numbers (docs/spec/refusals.md).
    if state.members.index(act.member).is_some() {
        return Err(already_member(act.member));
    }
    register_is_full(state)?;
    let waiting = state.applications.waiting.len();
    if waiting >= MOST_WAITING {
        let why = format!("{waiting} applications wait, and {MOST_WAITING} may");
        return Err(Refusal::new(Rule::TooMany, why, "ask again when some of them are decided"));
    }
    let today = context.time.0.div_euclid(DAY_US);
    let (day, count) = state.applications.asked;
    let so_far = if day == today { count } else { 0 };
    let door = state.door(&act.class);
    if so_far >= MOST_A_DAY {
        let why = format!("{so_far} have asked to join today, and {MOST_A_DAY} may");
        return Err(Refusal::new(Rule::TooMany, why, "ask again tomorrow"));
    }
    if state.applications.of(act.member).is_some() || state.is_about_to_be_admitted(act.member) {
        let why = format!("{} has asked already, or is about to be admitted", act.member);
        return Err(Refusal::new(Rule::AlreadyWaits, why, "wait for the answer"));
    }
    if state.rules.kernel.class(&act.class).is_none() {
        let open = state.rules.kernel.classes.iter().filter(|class| class.door != Door::Invitation);
        let named: Vec<String> = open.map(|class| format!("`{}`", class.name)).collect();
        let instead = match named.as_slice() {
            [] => "nobody can ask to join here: members are invited".to_owned(),
            named => format!("one can ask to join {}", named.join(", ")),
        };
        return Err(Refusal::new(Rule::UnknownClass, format!("the kernel has no class `{}`", act.class), instead));
    }
    if door == Door::Invitation {
        let why = format!("nobody asks to join `{}`: its members are invited", act.class);
        return Err(Refusal::new(Rule::ByInvitation, why, "ask who may admit members for an invitation"));
    }
    state.applications.given = state.applications.given.saturating_add(1);
    state.applications.asked = (today, so_far.saturating_add(1));
    let application = Application {
        number: state.applications.given,
        class: act.class.clone(),
        organisation: act.organisation,
        at: context.time,
        yes: OrdSet::new(),
        no: OrdSet::new(),
        carried: None,
    };
    let what = Applied::of(act.member, &application);
    if door == Door::Open {
        return Ok(state.let_in(act.member, &application, context.time));
    }
    state.applications.put(act.member, application);
    Ok(vec![Outcome::ApplicationMade(what)])
}

/// The application of somebody that waits.
fn waits(state: &State, applicant: Pseudonym, context: &Context) -> Result<Application, Refusal> {
    let open = state.applications.of(applicant).filter(|one| context.time < one.lapses_at() || one.carried.is_some());
    open.cloned().ok_or_else(|| {
        let why = format!("no application of {applicant} waits");
        Refusal::new(Rule::UnknownApplication, why, "it was decided, taken back, or has lapsed: see the log")
    })
}

/// An applicant takes their application back.
pub(crate) fn withdraw(
    state: &mut State,
    act: &WithdrawApplication,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let application = waits(state, act.member, context)?;
    state.applications.close(act.member);
    Ok(vec![Outcome::ApplicationWithdrawn(Applied::of(act.member, &application))])
}

/// Somebody who may admit members says no.
pub(crate) fn refuse(state: &mut State, act: &RefuseApplication, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    if !REASONS.contains(&act.reason.as_str()) {
        let instead = format!("give one of {}", REASONS.join(", "));
        return Err(Refusal::new(Rule::ReasonMissing, "a refusal says why", instead));
    }
    let application = waits(state, act.applicant, context)?;
    state.applications.close(act.applicant);
    let what = Applied::of(act.applicant, &application);
    Ok(vec![Outcome::ApplicationRefused { what, reason: act.reason.clone() }])
}

/// A member vouches for an applicant, or says yes or no where members decide.
pub(crate) fn answer(state: &mut State, act: &AnswerApplication, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let application = waits(state, act.applicant, context)?;
    let door = state.door(&application.class);
    let (said_yes, said_no) = (application.yes.contains(&who), application.no.contains(&who));
    let needed = if let Door::Vouched { members } = door { Some(members) } else { None };
    if (act.yes && said_yes) || (!act.yes && said_no) {
        let why = "you have said so already";
        return Err(Refusal::new(Rule::AlreadyAgreed, why, "nothing needs to be done"));
    }
    if needed.is_some() && !act.yes && !said_yes {
        let why = format!("you do not vouch for {}", act.applicant);
        return Err(Refusal::new(Rule::NotAgreed, why, "nothing needs to be done"));
    }
    let may = match door {
        Door::Vouched { .. } => !act.yes || state.can_vouch(who, context.time),
        Door::Vote => state.can_answer(who, &application),
        _ => true,
    };
    if !may {
        let (why, instead) = match needed {
            Some(_) => (
                "those who vouch have been members for 90 days, and have weight",
                "ask somebody who has, or who may admit members",
            ),
            None => (
                "those who answer were members before the application, and have weight",
                "answer applications that come later",
            ),
        };
        return Err(Refusal::new(Rule::NotOfStanding, why, instead));
    }
    if !matches!(door, Door::Vouched { .. } | Door::Vote) {
        let why = format!("members are not asked about applications for `{}`", application.class);
        return Err(Refusal::new(Rule::MembersNotAsked, why, "ask who may admit members"));
    }
    if let (Some(_), true) = (needed, act.yes) {
        let vouches = state.vouches(who, context.time);
        if vouches >= MOST_VOUCHES {
            let why = format!("you have vouched for {vouches} people within a year, and {MOST_VOUCHES} may be");
            return Err(Refusal::new(Rule::VouchedEnough, why, "ask another member, or take a vouch back"));
        }
    }
    let (mut yes, mut no) = (application.yes.without(&who), application.no.without(&who));
    match (act.yes, needed) {
        (true, _) => drop(yes.insert(who)),
        (false, None) => drop(no.insert(who)),
        (false, Some(_)) => {}
    }
    let enough = needed.is_some_and(|needed| yes.len() >= usize::try_from(needed).unwrap_or(usize::MAX));
    let carried = enough.then(|| application.carried.unwrap_or(context.time));
    let fresh = carried.is_some() && application.carried.is_none();
    let application = Application { yes, no, carried, ..application };
    let what = Applied::of(act.applicant, &application);
    let due = application.admits_from().filter(|_| fresh);
    state.applications.put(act.applicant, application);
    Ok(vec![due.map_or(Outcome::Recorded, |due| Outcome::ApplicationCarried { what, due })])
}

/// Records a gift, and lets its giver in first where they have asked to join by giving and it is large enough.
pub(crate) fn record_of(
    state: &mut State,
    act: &RecordSupport,
    context: &Context,
    record: impl FnOnce(&mut State) -> Result<Vec<Outcome>, Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let waits = state.applications.of(act.member).cloned();
    let Some(application) = waits else { return record(state) };
    let Door::Gift { minor } = state.door(&application.class) else { return record(state) };
    // A copy shares all that neither changes. A refused record leaves the applicant where they were.
    let mut then = state.clone();
    let mut outcomes = then.let_in(act.member, &application, context.time);
    outcomes.extend(record(&mut then)?);
    let is_gift = act.kind == "donation" && act.amount.currency.is_some();
    if !is_gift || act.amount.amount < minor {
        let currency = state.rules.kernel.currency;
        let why =
            format!("a first gift of {minor} minor units of {} lets somebody in, and this is another", currency.code());
        return Err(Refusal::new(Rule::GiftTooSmall, why, "record it once they have given enough"));
    }
    *state = then;
    Ok(outcomes)
}
