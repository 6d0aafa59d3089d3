//! Notices of members who leave, and memberships that rest. From edition 5 on. Source: `docs/spec/register.md`, Leaving and Pauses.

pub(crate) mod act;

use charter::Ends;
use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Moment, Span, Zone, ensure};
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::book::Day;
use crate::context::Context;
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::act::leave;
use crate::state::State;

/// The time between the beginnings of two pauses of one member, seconds: 365 days.
const BETWEEN_S: i64 = 365 * 86_400;
const DAY_S: i64 = 86_400;

/// A member has said that they leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When the notice was received.
    pub at: Moment,
    /// The last day of the membership.
    pub last_day: Day,
    /// The last moment of that day in the co-op's zone of then.
    pub ends: Moment,
}

/// A membership that rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Moment,
    /// When it goes on by itself, at the first update from then on.
    pub until: Moment,
    /// The lists that the member was on, and comes back to.
    pub lists: OrdSet<String>,
}

/// Notices and pauses, by member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leavings {
    notices: OrdMap<MemberIndex, Notice>,
    pauses: OrdMap<MemberIndex, Pause>,
    /// When members last began a pause, of late.
    begun: OrdMap<MemberIndex, Moment>,
}

impl Leavings {
    /// Nobody has given notice or rests, nor did of late.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.pauses.is_empty() && self.begun.is_empty()
    }

    /// The notice of a member.
    #[must_use]
    pub fn notice(&self, member: MemberIndex) -> Option<&Notice> {
        self.notices.get(&member)
    }

    /// The pause of a member.
    #[must_use]
    pub fn pause(&self, member: MemberIndex) -> Option<&Pause> {
        self.pauses.get(&member)
    }

    /// Those whose membership rests, in order of admission.
    pub fn resting(&self) -> impl Iterator<Item = MemberIndex> {
        self.pauses.keys().copied()
    }

    /// A former member has nothing that waits.
    pub(crate) fn forget(&mut self, gone: MemberIndex) {
        self.notices.remove(&gone);
        self.pauses.remove(&gone);
        self.begun.remove(&gone);
    }

    /// docs/spec/updates.md, Named sections, `leaving`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.notices.len() as u128);
        for (member, notice) in &self.notices {
            into.number(*member).number(notice.at.0).number(notice.ends.0);
        }
        into.wide(self.pauses.len() as u128);
        for (member, pause) in &self.pauses {
            into.number(*member).number(pause.since.0).number(pause.until.0).wide(pause.lists.len() as u128);
            for list in &pause.lists {
                into.text(list);
            }
        }
        into.wide(self.begun.len() as u128);
        for (member, at) in &self.begun {
            into.number(*member).number(at.0);
        }
    }

    pub(crate) fn check(&self, members: &super::Members) -> Result<(), Broken> {
        let all = self.notices.keys().chain(self.pauses.keys()).chain(self.begun.keys());
        for member in all {
            ensure!(members.is_active(*member), "{member} is no member, and leaves or rests");
        }
        for (member, _) in &self.pauses {
            ensure!(members.rests(*member), "{member} rests, and the register does not say so");
            let on = members.lists().any(|(_, list)| list.contains(member));
            ensure!(!on, "{member} rests and is on a list");
        }
        ensure!(members.resting().count() == self.pauses.len(), "somebody rests without a pause");
        Ok(())
    }
}

/// The last day of a membership whose notice comes at a moment: `notice` later, and then the end of the month, quarter or year.
fn last_day(at: Moment, notice: Option<Span>, ends: Ends, zone: &Zone) -> Day {
    let received = Day::of(at, zone);
    let days = notice.map_or(0, |notice| i64::try_from(notice.seconds()).unwrap_or(0).div_euclid(DAY_S));
    // Noon keeps clear of the hours that clocks skip or repeat.
    let noon = start_of(received, zone).map_or(at, |start| start.plus_seconds(DAY_S.div_euclid(2)));
    let day = Day::of(noon.plus_seconds(days.saturating_mul(DAY_S)), zone);
    let month = match ends {
        Ends::AnyDay => return day,
        Ends::Month => day.month,
        Ends::Quarter => day.month.saturating_sub(1).div_euclid(3).saturating_mul(3).saturating_add(3),
        Ends::Year => 12,
    };
    let last = (28..=31_i8).rev().map(|date| Day { year: day.year, month, day: date });
    last.into_iter().find(|day| start_of(*day, zone).is_some()).unwrap_or(day)
}

fn start_of(day: Day, zone: &Zone) -> Option<Moment> {
    Moment::parse_at_start_of_day(&day.to_string(), zone).ok()
}

impl State {
    /// Ends the memberships whose last day is over, before anything is counted: with the membership the say ends.
    pub(crate) fn end_memberships(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let over = self.leavings.notices.iter().filter(|(_, notice)| notice.ends < at);
        let over: Vec<(MemberIndex, Notice)> = over.map(|(member, notice)| (*member, *notice)).collect();
        for (index, notice) in over {
            let Some(member) = self.members.pseudonym(index) else { continue };
            outcomes.push(Outcome::MembershipEnded { member, last_day: notice.last_day.to_string() });
            outcomes.extend(leave(self, index, at));
            self.members.ended_at(index, notice.ends);
        }
        outcomes
    }

    /// Lets memberships go on whose pause is over, before anything is counted.
    pub(crate) fn end_pauses(&mut self, at: Moment) -> Vec<Outcome> {
        let old = |since: &Moment| since.plus_seconds(BETWEEN_S) <= at;
        self.leavings.begun =
            self.leavings.begun.iter().filter(|(_, since)| !old(since)).map(|(m, s)| (*m, *s)).collect();
        let over = self.leavings.pauses.iter().filter(|(_, pause)| pause.until <= at).map(|(member, _)| *member);
        let over: Vec<MemberIndex> = over.collect();
        over.into_iter().filter_map(|index| self.resume(index)).collect()
    }

    /// A membership goes on, on the lists that the member was on and that a class still reads.
    fn resume(&mut self, index: MemberIndex) -> Option<Outcome> {
        let pause = self.leavings.pauses.remove(&index)?;
        self.members.rest(index, false);
        for list in &pause.lists {
            if let Some(list) = self.members.list_mut(list) {
                list.insert(index);
            }
        }
        let member = self.members.pseudonym(index)?;
        Some(Outcome::MembershipResumed { member })
    }

    /// Takes somebody off a list to which they would come back after their pause; whether they were on it.
    pub(crate) fn forget_list(&mut self, index: MemberIndex, list: &str) -> bool {
        let Some(pause) = self.leavings.pauses.get(&index).cloned() else { return false };
        let lists = pause.lists.without(list);
        let was = lists.len() < pause.lists.len();
        self.leavings.pauses.insert(index, Pause { lists, ..pause });
        was
    }

    /// Refuses acts of somebody whose last day is over, also before the update that ends the membership.
    pub(crate) fn is_no_former_member(&self, act: &Act, context: &Context) -> Result<(), Refusal> {
        let over = self
            .handing_in(act, context)
            .find_map(|index| self.leavings.notice(index).filter(|notice| notice.ends < context.time));
        let Some(notice) = over else { return Ok(()) };
        let why = format!("the membership ended with {}", notice.last_day);
        Err(Refusal::new(Rule::MembershipEnded, why, "ask to join again, or be invited"))
    }

    /// Whether somebody whose membership rests takes part in decisions.
    pub(crate) fn uses_a_resting_say(&self, act: &Act, context: &Context) -> bool {
        uses_a_say(act) && self.handing_in(act, context).any(|index| self.members.rests(index))
    }

    fn handing_in(&self, act: &Act, context: &Context) -> impl Iterator<Item = MemberIndex> {
        let who = [act.own_member(), context.actor.member()];
        who.into_iter().flatten().filter_map(|who| self.members.index(who))
    }
}

pub(crate) fn rests() -> Refusal {
    let why = "a membership that rests has no say and no duties";
    Refusal::new(Rule::MembershipRests, why, "let it go on first: `resume_membership`")
}

/// Whether an act takes part in decisions, or uses a power. To take something back, to answer about oneself and to leave are always open.
fn uses_a_say(act: &Act) -> bool {
    match act {
        Act::CastBallot(act) => act.share_ppm > 0,
        Act::Nominate(act) => act.share_ppm > 0,
        Act::Assent(act) => act.assent,
        Act::AgreeToAct(act) => act.agree,
        Act::AnswerApplication(act) => act.yes,
        Act::Stand(_)
        | Act::ProposeDocument(_)
        | Act::ProposeOption(_)
        | Act::StrikeCredit(_)
        | Act::ProposeAct(_)
        | Act::AnswerClaim(_)
        | Act::BringItem(_)
        | Act::AskPool(_)
        | Act::RequestMoney(_)
        | Act::PledgeToProject(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
