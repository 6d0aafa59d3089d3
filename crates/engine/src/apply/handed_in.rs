//! How many acts members hand in. Each is an entry of a log that is kept for good, so that one member could fill the disk of all.
//! Source: `docs/spec/refusals.md`, R077.
//!
//! Hours and days are those of UTC in the log's time: the log decides, and no clock. Only acts that members hand in themselves count:
//! the operator, bridges and a demonstration have their own bounds (docs/spec/limits.md).

use charter::ActsPer;
use imbl::OrdMap;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::act::{Act, Pseudonym};
use crate::context::{Actor, Context};
use crate::digest::Collect;
use crate::edition;
use crate::id::MemberIndex;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Holders of offices and seats hand in so many times as many acts by their powers: they admit, list and book for everybody.
const MOST_IN_OFFICE: u32 = 10;
const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// The acts of one member, by the hour and the day of the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Done {
    hour: i64,
    in_hour: u32,
    in_day: u32,
}

/// The acts that each member handed in on the day of the last one: at most a row for each member and right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedIn {
    day: i64,
    done: OrdMap<(By, MemberIndex), Done>,
}

/// By what right an act counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum By {
    Own,
    Office,
}

impl By {
    fn most(self, acts: ActsPer) -> ActsPer {
        match self {
            By::Own => acts,
            By::Office => {
                ActsPer { hour: acts.hour.saturating_mul(MOST_IN_OFFICE), day: acts.day.saturating_mul(MOST_IN_OFFICE) }
            }
        }
    }
}

impl HandedIn {
    fn had(&self, who: (By, MemberIndex), at: Moment) -> Done {
        let hour = at.0.div_euclid(HOUR_US);
        let today = self.done.get(&who).filter(|_| self.day == at.0.div_euclid(DAY_US));
        let had = today.copied().unwrap_or_default();
        if had.hour == hour { had } else { Done { hour, in_hour: 0, ..had } }
    }

    fn note(&mut self, who: (By, MemberIndex), at: Moment) {
        let day = at.0.div_euclid(DAY_US);
        if self.day != day {
            *self = HandedIn { day, done: OrdMap::new() };
        }
        let had = self.had(who, at);
        let one_more = Done { in_hour: had.in_hour.saturating_add(1), in_day: had.in_day.saturating_add(1), ..had };
        self.done.insert(who, one_more);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// docs/spec/updates.md, Named sections, `acts`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.number(self.day).wide(self.done.len() as u128);
        for ((by, member), done) in &self.done {
            into.number(i32::from(*by == By::Office)).number(*member);
            into.number(done.hour).number(done.in_hour).number(done.in_day);
        }
    }
}

/// The acts that a member can still hand in for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActsLeft {
    /// In the hour or day of which relatively less is left.
    pub left: u32,
    /// Of so many.
    pub of: u32,
    /// Whether that is the day and not the hour.
    pub in_day: bool,
    /// When there is more room.
    pub until: Moment,
}

impl ActsLeft {
    /// Whether fewer than a quarter are left, so that members are told.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.left.saturating_mul(4) < self.of
    }
}

impl State {
    /// How many acts a member can still hand in at `now`; `None` where nothing limits them.
    #[must_use]
    pub fn acts_left(&self, member: Pseudonym, now: Moment) -> Option<ActsLeft> {
        let who = self.members.index(member).filter(|_| self.editions.current >= edition::TWO)?;
        Some(left(self, (By::Own, who), now))
    }
}

/// The smaller part of what is left of an hour and of a day.
fn left(state: &State, who: (By, MemberIndex), now: Moment) -> ActsLeft {
    let (had, most) = (state.handed_in.had(who, now), who.0.most(state.rules.kernel.acts_per));
    let next = |unit: i64| Moment(now.0.div_euclid(unit).saturating_add(1).saturating_mul(unit));
    let hour =
        ActsLeft { left: most.hour.saturating_sub(had.in_hour), of: most.hour, in_day: false, until: next(HOUR_US) };
    let day = ActsLeft { left: most.day.saturating_sub(had.in_day), of: most.day, in_day: true, until: next(DAY_US) };
    let part =
        |one: &ActsLeft| u64::from(one.left).saturating_mul(u64::from(quantity::PPM)).checked_div(u64::from(one.of));
    if day.left == 0 || (hour.left > 0 && part(&day) < part(&hour)) { day } else { hour }
}

/// The member whose acts this one counts toward, if it counts. Leaving does not: it ends what is counted.
fn counted(state: &State, act: &Act, context: &Context) -> Option<(By, MemberIndex)> {
    let Actor::Member(who) = context.actor else {
        return None;
    };
    if state.editions.current < edition::TWO || matches!(act, Act::EndMembership(_)) {
        return None;
    }
    let by = if act.own_member() == Some(who) { By::Own } else { By::Office };
    Some((by, state.members.index(who)?))
}

/// Refuses an act for which there is no room left in the hour or the day.
pub(super) fn has_room(state: &State, act: &Act, context: &Context) -> Result<(), Refusal> {
    let Some(who) = counted(state, act, context) else {
        return Ok(());
    };
    let left = left(state, who, context.time);
    if left.left > 0 {
        return Ok(());
    }
    let unit = if left.in_day { "day" } else { "hour" };
    let done = state.handed_in.had(who, context.time);
    let done = if left.in_day { done.in_day } else { done.in_hour };
    let (by, limited) = match who.0 {
        By::Own => ("", "a member"),
        By::Office => (" by the power of an office or a seat", "a holder"),
    };
    let why = format!("you handed in {done} acts{by} this {unit}, and {limited} hands in {} at most", left.of);
    Err(Refusal::new(Rule::TooManyActs, why, format!("there is room again at {}", left.until)))
}

/// Counts an act that was accepted.
pub(super) fn note(state: &mut State, act: &Act, context: &Context) {
    if let Some(who) = counted(state, act, context) {
        state.handed_in.note(who, context.time);
    }
}

#[cfg(test)]
mod tests;
