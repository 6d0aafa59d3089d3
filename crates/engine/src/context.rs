//! Who hands an act in and when, and whom and what it names. Not whether they may (`apply/authority`).

use quantity::Moment;

use crate::act::Pseudonym;
use crate::id::{DecisionId, MemberIndex};
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Who hands an act in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member, for themselves.
    Member(Pseudonym),
    /// The operator, in a member's name: nobody but the operator says that the member wants it.
    Desk(Pseudonym),
    /// The person who runs the server, at its command line: keeps the register, hands in members' paper ballots.
    Operator,
    /// A bridge that brings outside facts.
    Bridge,
    /// The demonstration's script.
    Demonstration,
}

impl Actor {
    /// The member in whose name an act is handed in.
    #[must_use]
    pub fn member(self) -> Option<Pseudonym> {
        match self {
            Actor::Member(who) | Actor::Desk(who) => Some(who),
            Actor::Operator | Actor::Bridge | Actor::Demonstration => None,
        }
    }
}

/// The circumstances of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The log's time for the entry.
    pub time: Moment,
    /// Who hands it in.
    pub actor: Actor,
    /// The place of its entry in the log; 0 where it is only tried.
    pub entry: u64,
    /// The signature under it, which was checked against the statement and the key.
    pub signed: Option<Signed>,
}

impl Context {
    /// An act without a signature, which is in no log yet.
    #[must_use]
    pub fn of(actor: Actor, time: Moment) -> Context {
        Context { time, actor, entry: 0, signed: None }
    }
}

/// A signature of a member's device, as far as rules ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The entry that enrolled the device; 0 where a new key signs its own enrolment.
    pub device: u64,
    /// The device's counter.
    pub turn: u64,
    /// The entry's time is before it.
    pub until: Moment,
}

impl Signed {
    /// Whether a new key signs its own enrolment.
    #[must_use]
    pub fn is_by_itself(&self) -> bool {
        self.device == 0
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
pub(crate) fn decision(state: &State, name: &str) -> Result<DecisionId, Refusal> {
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
