//! Who may record from a page or by a token. The engine is asked first; what else there is belongs to servers and to the first days,
//! and goes once the rules have a power for it.

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
    let (time, actor) = (now.max(state.time), Actor::Member(who));
    let act = some_record(who, time);
    if state.authority(&act, &Context { time, actor }).is_some() {
        return Ok(Right::Power);
    }
    if let Some(right) = desk {
        return Ok(right);
    }
    let index = state.members.index(who);
    let by_rules = state.founding_lasts() && index.is_some_and(|index| state.founders().any(|one| one == index));
    if by_rules || is_founder_by_days(state, who, founder, now) {
        return Ok(Right::Founder);
    }
    match intent::tried(state, actor, &[act], time) {
        Err(why) => Err(why),
        Ok(_) => Ok(Right::Power),
    }
}

/// A record to ask with.
fn some_record(member: Pseudonym, at: Moment) -> Act {
    Act::RecordSupport(RecordSupport {
        member,
        kind: "hours".to_owned(),
        amount: Amount { amount: 1, currency: None, unit: Some("second".to_owned()) },
        given_at: Some(at),
        given_on: None,
        source: "page:".to_owned(),
        parts: 1,
        series: None,
        stands_months: None,
        book: None,
    })
}
