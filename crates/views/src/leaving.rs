//! A member's own membership: how they would leave, and whether it rests.

use engine::Edition;
use engine::act::{EndMembership, PauseMembership, ResumeMembership};
use engine::{Act, Actor, Context, Outcome, apply};
use serde::Serialize;
use words::leaving;
use words::numbers::DAYS;

use crate::{Sight, say};

/// The page of a member's own membership.
#[derive(Serialize, Debug, Clone)]
pub struct MembershipView {
    /// The consequence of leaving now, in words; `None` where notice was given.
    pub leave: Option<String>,
    /// Whether leaving is a notice.
    pub is_notice: bool,
    /// The notice that was given, in words.
    pub notice: Option<String>,
    /// The consequence of a pause, in words; `None` where the kernel knows none.
    pub pause: Option<String>,
    /// The pause that lasts, in words.
    pub rests: Option<String>,
}

/// A wish about one's own membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipWish {
    Leave,
    Pause,
    Resume,
}

/// Returns the act of a wish.
#[must_use]
pub fn membership_act(wish: MembershipWish, member: engine::Pseudonym) -> Act {
    match wish {
        MembershipWish::Leave => Act::EndMembership(EndMembership { member }),
        MembershipWish::Pause => Act::PauseMembership(PauseMembership { member }),
        MembershipWish::Resume => Act::ResumeMembership(ResumeMembership { member }),
    }
}

/// Returns the page for a member; `None` for others.
#[must_use]
pub fn membership(sight: &Sight<'_>) -> Option<MembershipView> {
    let (me, who) = (sight.me_index()?, sight.me?);
    let state = sight.state;
    let notice = state.leavings.notice(me);
    // The engine says which day would be the last: the act is tried on a copy.
    let mut then = state.clone();
    let context = Context::of(Actor::Member(who), sight.now.max(state.time));
    let tried = apply(&mut then, &membership_act(MembershipWish::Leave, who), &context).unwrap_or_default();
    let last_day = tried.iter().find_map(|outcome| match outcome {
        Outcome::NoticeReceived { last_day, .. } => Some(last_day.clone()),
        _ => None,
    });
    let longest = state.rules.kernel.leaving.pause.filter(|_| state.editions.current >= Edition::FIVE);
    let lead = last_day.as_ref().map_or_else(|| leaving::LEAVE_LEAD.to_owned(), leaving::notice_lead);
    Some(MembershipView {
        leave: notice.is_none().then_some(lead),
        is_notice: last_day.is_some(),
        notice: notice.map(|notice| leaving::notice_given(sight.when(notice.at), notice.last_day)),
        pause: longest.map(|span| leaving::pause_lead(say::count(span.seconds().div_euclid(86_400), DAYS))),
        rests: state
            .leavings
            .pause(me)
            .map(|pause| leaving::rests(say::day(pause.since, sight.zone()), say::day(pause.until, sight.zone()))),
    })
}
