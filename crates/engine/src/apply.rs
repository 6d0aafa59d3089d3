//! Accepting an act or refusing it. The checks of each family are in its own file, a ladder in order of precedence.
//!
//! INVARIANT: a refused act leaves the state byte-identical: every check comes before the first change.

pub(crate) mod authority;
pub(crate) mod handed_in;
mod standing;
#[cfg(test)]
mod tests;

use imbl::OrdSet;

use crate::act::Act;
use crate::ballot::act as ballot;
use crate::book::{act as booking, spending};
use crate::chamber::commitment::act as option;
use crate::chamber::election::act as candidacy;
use crate::chamber::pool::act as pool;
use crate::chamber::ranking::{act as item, own as own_item};
use crate::chamber::requests::act as requests;
use crate::context::Context;
use crate::credit::act as credit;
use crate::edition;
use crate::fault::NotDone;
use crate::fork::act as fork;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::power::{Group, act as power};
use crate::refusal::{Refusal, Rule};
use crate::register::{
    act as register,
    application::act as applications,
    device::act as device,
    hearing::act as hearings,
    join::act as joins,
    leaving::{act as leaving, rests},
};
use crate::release::act as release;
use crate::rules::assent;
use crate::rules::brought::{counted, fits};
use crate::state::State;
use crate::support::{act as support, claim, pledge, seat, silence};

/// Accepts `act` and changes the state, or refuses it and changes nothing.
///
/// # Errors
/// The refusal with the lowest number that applies, or an invariant that does not hold afterwards.
pub fn apply(state: &mut State, act: &Act, context: &Context) -> Result<Vec<Outcome>, NotDone> {
    // R001 to R003 and R075 come before every rule of the act itself (docs/spec/refusals.md).
    authority::authorise(state, act, context)?;
    if context.time < state.time {
        let zone = &state.rules.kernel.zone;
        let why =
            format!("the log is at {} and the act is dated {}", zone.written(state.time), zone.written(context.time));
        return Err(Refusal::new(Rule::TimeRunsBackwards, why, "hand it in with a later time").into());
    }
    // docs/spec/updates.md, What counts: the log decides which acts an update counts, not a clock.
    let due = state.next_due().moment();
    if due <= context.time {
        let why = format!("an update is due at {}, before this act", state.rules.kernel.zone.written(due));
        return Err(Refusal::new(Rule::UpdateDueFirst, why, "run the update first").into());
    }
    let (since, word) = act.since();
    if since > state.editions.current {
        let why = format!("`{word}` comes with {since}, and this log is under {}", state.editions.current);
        return Err(
            Refusal::new(Rule::ActOfLaterEdition, why, "go on under that edition first: `rochdale edition`").into()
        );
    }
    state.check_signature(act, context)?;
    state.is_no_former_member(act, context)?;
    let over = handed_in::has_room(state, act, context);
    if let Err(over) = over {
        // R077 comes last: an act that breaks another rule too is refused by that one. A copy of the state costs little.
        carry_out(&mut state.clone(), act, context)?;
        return Err(over.into());
    }
    if state.uses_a_resting_say(act, context) {
        // R179 too comes after every rule of the act itself.
        carry_out(&mut state.clone(), act, context)?;
        return Err(rests().into());
    }
    let mut outcomes = carry_out(state, act, context)?;
    if state.may_end_waiting(act) {
        outcomes.extend(state.lapse(context.time));
    }
    // A refused act leaves the state as it was, so the time moves only now.
    state.time = context.time;
    if let Some((who, bytes)) = counted(state, act, context) {
        state.brought.note(who, bytes, context.time);
    }
    handed_in::note(state, act, context);
    state.note_turn(context);
    note_there(state, act, context);
    state.check_own(act.own_member())?;
    #[cfg(test)]
    state.check_small()?;
    Ok(outcomes)
}

/// Notes that somebody has acted as a member, so that nobody else joins them into another record (docs/spec/people.md). A word about a
/// join alone is none: one side's yes does not ask the other, who may never come.
fn note_there(state: &mut State, act: &Act, context: &Context) {
    if state.editions.current < edition::THREE || matches!(act, Act::AnswerJoin(_)) {
        return;
    }
    for member in [act.own_member(), context.actor.member()].into_iter().flatten() {
        if let Some(member) = state.members.index(member) {
            state.joins.note_there(member);
        }
    }
}

/// The office or body through which a member hands in an act, and the member.
fn office_id(state: &State, act: &Act, context: &Context) -> Option<(Group, MemberIndex)> {
    let who = state.members.index(context.actor.member()?)?;
    let office = authority::office_of(state, act, context)?;
    Some((Group::Seat(state.decision_place(&office.name)?), who))
}

/// Asks the rules of the act itself, and does it.
// flat: one match over all acts.
fn carry_out(state: &mut State, act: &Act, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    match act {
        Act::Found(_) => {
            Err(Refusal::new(Rule::AlreadyFounded, "this co-op is founded", "found another in a folder of its own"))
        }
        // `authorise` has refused them: the log makes its own.
        Act::Update(_) | Act::Change(_) => Err(authority::made_by_the_log()),
        // From edition 2 on a body acts together, and what is done to the register or a list takes effect later.
        act if state.acts_with_care(act, context) => power::by_seat(state, act, context),
        Act::AdmitMember(act) => register::admit(state, act, context),
        Act::EndMembership(act) => register::end(state, act, context),
        Act::OpenHearing(body) => hearings::open(state, body, context, fits(state, act, context)),
        Act::AnswerHearing(body) => hearings::answer(state, body, fits(state, act, context)),
        Act::ExpelMember(act) => hearings::expel(state, act, context),
        Act::PauseMembership(act) => leaving::pause(state, act, context),
        Act::ResumeMembership(act) => leaving::resume(state, act),
        Act::ApplyToJoin(act) => applications::apply(state, act, context),
        Act::AnswerApplication(act) => applications::answer(state, act, context),
        Act::RefuseApplication(act) => applications::refuse(state, act, context),
        Act::WithdrawApplication(act) => applications::withdraw(state, act, context),
        Act::AddToList(act) => register::add_to_list(state, act),
        Act::RemoveFromList(act) => register::remove_from_list(state, act),
        Act::RecordSupport(body) => {
            let by = office_id(state, act, context);
            applications::record_of(state, body, context, |state| match by {
                Some((by, who)) => seat::record(state, body, &by, &OrdSet::unit(who), context),
                None => support::record(state, body, context),
            })
        }
        Act::ReverseSupport(body) => match office_id(state, act, context) {
            Some((by, _)) => seat::reverse(state, body, &by, context),
            None => support::reverse(state, body, context),
        },
        Act::ClaimSupport(act) => claim::claim(state, act, context),
        Act::AnswerClaim(act) => claim::answer(state, act, context),
        Act::TakeBackClaim(act) => claim::take_back(state, act, context),
        Act::PledgeOwn(act) => pledge::promise(state, act, context),
        Act::SourceHeard(act) => silence::heard(state, act, context),
        Act::JoinMembers(act) => joins::join(state, act, context),
        Act::AnswerJoin(act) => joins::answer(state, act, context),
        Act::TakeBackJoin(act) => joins::take_back(state, act, context),
        Act::EnrolDevice(act) => device::enrol(state, act, context),
        Act::ConfirmDevice(act) => device::confirm(state, act, context),
        Act::RevokeDevice(act) => device::revoke(state, act, context),
        Act::SignOnly(act) => device::sign_only(state, act, context),
        Act::CastBallot(act) => ballot::cast(state, act),
        Act::Nominate(act) => ballot::nominate(state, act),
        Act::Stand(act) => candidacy::stand(state, act, context),
        // R046 has its place in the ladder of each act that brings texts, and asks the same of all.
        Act::ProposeDocument(body) => candidacy::propose(state, body, context, fits(state, act, context)),
        Act::ProposeOption(body) => option::propose(state, body, context, fits(state, act, context)),
        Act::WithdrawOption(act) => option::withdraw(state, act, context),
        Act::ProposeCredit(body) => credit::propose(state, body, context, fits(state, act, context)),
        Act::StrikeCredit(body) => credit::strike(state, body, context, fits(state, act, context)),
        Act::Assent(act) => assent::assent(state, act),
        Act::WithdrawCandidacy(act) => candidacy::withdraw(state, act, context),
        Act::ResignSeat(act) => candidacy::resign(state, act, context),
        Act::OpenItem(act) => item::open(state, act, context),
        Act::CloseItem(act) => item::close(state, act, context),
        Act::BringItem(act) => own_item::bring(state, act, context),
        Act::TakeBackItem(act) => own_item::take_back(state, act, context),
        Act::HoldMoney(act) => pool::hold(state, act, context),
        Act::PayBackHeld(act) => pool::pay_back(state, act, context),
        Act::GiveToPool(act) => pool::give(state, act, context),
        Act::AskPool(body) => pool::ask(state, body, context, fits(state, act, context)),
        Act::WithdrawProject(act) => pool::withdraw(state, act, context),
        Act::RequestMoney(body) => requests::ask(state, body, context, fits(state, act, context)),
        Act::WithdrawRequest(act) => requests::withdraw(state, act, context),
        Act::PledgeToProject(act) => pool::pledge(state, act),
        Act::PublishRelease(act) => release::publish(state, act, context),
        Act::WithdrawRelease(act) => release::withdraw(state, act, context),
        Act::ProposeAct(act) => power::propose(state, act, context),
        Act::AgreeToAct(act) => power::agree(state, act, context),
        Act::TakeBackAct(act) => power::take_back(state, act),
        Act::BookEntry(entry) => {
            let office = spending::office_of(state, entry, context).map(|office| office.name.clone());
            booking::enter(state, entry, office, context)
        }
        Act::AnnounceFork(body) => fork::announce(state, body, context, fits(state, act, context)),
        Act::JoinFork(act) => fork::join(state, act),
        Act::CompleteFork(act) => fork::complete(state, act, context),
        Act::AnnounceEdition(body) => edition::act::announce(state, body, context, fits(state, act, context)),
        Act::AdoptEdition(act) => edition::act::adopt(state, act, context),
        #[cfg(test)]
        Act::MadeUp(_) => Ok(vec![Outcome::Recorded]),
    }
}
