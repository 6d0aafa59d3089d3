//! Accepting an act or refusing it. The checks of each family stand in its own file, a ladder in order of precedence.
//!
//! INVARIANT: a refused act leaves the state byte-identical: every check stands before the first change.

mod authority;
#[cfg(test)]
mod tests;

use quantity::Moment;

use crate::act::{Act, Pseudonym};
use crate::ballot::act as ballot;
use crate::book::act as booking;
use crate::chamber::election::act as candidacy;
use crate::chamber::ranking::act as item;
use crate::fork::act as fork;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::MemberIndex;
use crate::register::act as register;
use crate::rules::assent;
use crate::state::State;
use crate::support::act as support;

/// Who hands an act in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member, for themselves.
    Member(Pseudonym),
    /// Whoever runs the server, at its command line: keeps the register, hands in members' paper ballots.
    Operator,
    /// A bridge that brings outside facts.
    Bridge,
    /// The demonstration's script.
    Demonstration,
}

/// The circumstances of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The log's time for the entry.
    pub time: Moment,
    /// Who hands it in.
    pub actor: Actor,
}

/// Accepts `act` and changes the state, or refuses it and changes nothing.
///
/// # Errors
/// The refusal with the lowest number that applies.
pub fn apply(state: &mut State, act: &Act, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    authority::authorise(state, act, context)?;
    if context.time < state.time {
        let why = format!("the log stands at {} and the act is dated {}", state.time, context.time);
        return Err(Refusal::new(Rule::TimeRunsBackwards, why, "hand it in with a later time"));
    }
    let due = state.next_due().moment();
    if due <= context.time {
        let why = format!("an update is due at {due}, before this act");
        return Err(Refusal::new(Rule::UpdateDueFirst, why, "run the update first"));
    }
    let outcomes = match act {
        Act::Found(_) => {
            Err(Refusal::new(Rule::AlreadyFounded, "this co-op is founded", "found another in a folder of its own"))
        }
        // `authorise` has refused them: the log makes its own.
        Act::Update(_) | Act::Change(_) => Err(authority::made_by_the_log()),
        Act::AdmitMember(act) => register::admit(state, act, context),
        Act::EndMembership(act) => register::end(state, act, context),
        Act::AddToList(act) => register::add_to_list(state, act),
        Act::RemoveFromList(act) => register::remove_from_list(state, act),
        Act::RecordSupport(act) => support::record(state, act, context),
        Act::ReverseSupport(act) => support::reverse(state, act, context),
        Act::CastBallot(act) => ballot::cast(state, act),
        Act::Nominate(act) => ballot::nominate(state, act),
        Act::Stand(act) => candidacy::stand(state, act, context),
        Act::ProposeDocument(act) => candidacy::propose(state, act, context),
        Act::Assent(act) => assent::assent(state, act),
        Act::WithdrawCandidacy(act) => candidacy::withdraw(state, act, context),
        Act::ResignSeat(act) => candidacy::resign(state, act, context),
        Act::OpenItem(act) => item::open(state, act, context),
        Act::CloseItem(act) => item::close(state, act, context),
        Act::BookEntry(act) => booking::enter(state, act, context),
        Act::AnnounceFork(act) => fork::announce(state, act, context),
        Act::JoinFork(act) => fork::join(state, act),
        Act::CompleteFork(act) => fork::complete(state, act, context),
    }?;
    state.time = context.time;
    Ok(outcomes)
}

impl Act {
    /// Whose act it is, for the acts that members do themselves.
    #[must_use]
    pub fn own_member(&self) -> Option<Pseudonym> {
        match self {
            Act::CastBallot(act) => Some(act.member),
            Act::Nominate(act) => Some(act.member),
            Act::Stand(act) => Some(act.member),
            Act::ProposeDocument(act) => Some(act.member),
            Act::Assent(act) => Some(act.member),
            Act::WithdrawCandidacy(act) => Some(act.member),
            Act::ResignSeat(act) => Some(act.member),
            Act::EndMembership(act) => Some(act.member),
            Act::AnnounceFork(act) => Some(act.member),
            Act::JoinFork(act) => Some(act.member),
            _ => None,
        }
    }
}

/// The index of someone who is a member now.
pub(crate) fn member(state: &State, pseudonym: Pseudonym) -> Result<MemberIndex, Refusal> {
    let Some(index) = state.members.index(pseudonym) else {
        let why = format!("nobody in the register is {pseudonym}");
        return Err(Refusal::new(Rule::UnknownMember, why, "see `rochdale weights` for the register"));
    };
    if !state.members.is_active(index) {
        let why = format!("the membership of {pseudonym} has ended");
        return Err(Refusal::new(Rule::MembershipEnded, why, "admit the person again under a new pseudonym"));
    }
    Ok(index)
}

/// A decision's place by name.
pub(crate) fn decision(state: &State, name: &str) -> Result<usize, Refusal> {
    state.decision_place(name).ok_or_else(|| {
        let names: Vec<String> =
            state.open_decisions().take(10).map(|(_, decision)| format!("`{}`", decision.name)).collect();
        Refusal::new(
            Rule::UnknownDecision,
            format!("there is no decision `{name}`"),
            format!("there are {}", names.join(", ")),
        )
    })
}

pub(crate) fn wrong_kind(name: &str, is: &str, wanted: &str) -> Refusal {
    Refusal::new(Rule::WrongKindOfDecision, format!("`{name}` is a {is}"), format!("this act needs {wanted}"))
}
