//! Who may record from a page or by a token, and in whose name. Where the rules have a power for an act the engine decides; what else
//! there is belongs to servers and to the first days.

use charter::{SupportKind, SupportUnit};
use engine::act::{Act, Amount, RecordSupport};
use engine::{Actor, Context, NotDone, Pseudonym, State, intent};
use quantity::Moment;

use crate::gate::is_founder_by_days;

/// By what right somebody records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// The rules give it to an office or a seat of theirs.
    Power,
    /// They founded the co-op, and the founding period lasts.
    Founder,
    /// They reach a server at which everybody acts as anybody: that is its operator's desk.
    Desk,
}

/// By whose right facts are handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recording {
    /// The operator's, or a bridge's that the operator lets in.
    #[default]
    Bridge,
    /// A member's: the engine asks for each act by which power.
    Member(Pseudonym),
    /// A member's where the rules give them a power for it, and the server's for all else: founders, and those at its desk.
    MemberOrBridge(Pseudonym),
}

impl Recording {
    /// Returns an act as it is handed in at `time`, and in whose name. Where several have to agree it is proposed.
    #[must_use]
    pub fn of(self, state: &State, act: Act, time: Moment) -> (Act, Actor) {
        let has_power = |who| state.authority(&act, &Context::of(Actor::Member(who), time)).is_some();
        match self {
            Recording::Bridge => (act, Actor::Bridge),
            Recording::MemberOrBridge(who) if !has_power(who) => (act, Actor::Bridge),
            Recording::Member(who) | Recording::MemberOrBridge(who) => {
                (intent::by_power(state, who, act, time), Actor::Member(who))
            }
        }
    }
}

impl Right {
    /// By whose right the facts of a member with this one are handed in.
    #[must_use]
    pub fn recording(self, who: Pseudonym) -> Recording {
        match self {
            Right::Power => Recording::Member(who),
            Right::Founder | Right::Desk => Recording::MemberOrBridge(who),
        }
    }
}

/// Asks by what right a member records at `now`. `desk` is the right of everybody who reaches this server, where that is any;
/// `founder` is who founded the co-op from its first page.
///
/// # Errors
/// The refusal of the rules, or an invariant that does not hold.
pub fn may_record(
    state: &State,
    who: Pseudonym,
    desk: Option<Right>,
    founder: Option<Pseudonym>,
    now: Moment,
) -> Result<Right, NotDone> {
    if let Some(right) = desk {
        return Ok(right);
    }
    let index = state.members.index(who);
    let by_rules = state.founding_lasts() && index.is_some_and(|index| state.founders().any(|one| one == index));
    if by_rules || is_founder_by_days(state, who, founder, now) {
        return Ok(Right::Founder);
    }
    if !kinds_by_power(state, who, now).is_empty() {
        return Ok(Right::Power);
    }
    let time = now.max(state.time);
    match intent::tried(state, Actor::Member(who), &[some_record(who, SupportKind::Hours, time)], time) {
        Err(why) => Err(why),
        Ok(_) => Ok(Right::Power),
    }
}

/// Returns the kinds of support that the rules let a member record.
#[must_use]
pub fn kinds_by_power(state: &State, who: Pseudonym, now: Moment) -> Vec<SupportKind> {
    let context = Context::of(Actor::Member(who), now.max(state.time));
    let may = |kind: &SupportKind| state.authority(&some_record(who, *kind, context.time), &context).is_some();
    SupportKind::recorded().filter(may).collect()
}

/// A record to ask with.
fn some_record(member: Pseudonym, kind: SupportKind, at: Moment) -> Act {
    let unit = match kind.unit() {
        SupportUnit::Money => None,
        SupportUnit::Seconds => Some("second"),
        SupportUnit::MicroCredits => Some("micro-credit"),
    };
    Act::RecordSupport(RecordSupport {
        service: None,
        member,
        kind: kind.name().to_owned(),
        amount: Amount { amount: 1, currency: None, unit: unit.map(str::to_owned) },
        given_at: Some(at),
        given_on: None,
        source: "page:".to_owned(),
        parts: 1,
        series: None,
        stands_months: None,
        book: None,
    })
}
