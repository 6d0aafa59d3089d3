//! Hours that members of a class affirm among themselves, where no office need. From edition 3 on. Source: `docs/spec/support.md`,
//! Hours that members affirm.

use charter::{Affirmed, Class, SupportKind};
use imbl::OrdSet;
use quantity::{Moment, month_index};
use serde::{Deserialize, Serialize};

use super::act as support;
use super::claim::{Claim, reason_of};
use crate::act::AnswerClaim;
use crate::context::{Actor, Context};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// How long before they answer members must have had weight first, microseconds: 90 days.
const STANDING_US: i64 = 90 * 86_400 * 1_000_000;
/// How long enough members say yes before it counts, seconds: 7 days.
const STANDS_S: i64 = 7 * 86_400;
/// The calendar months for which it is kept how much was affirmed: claims wait for 90 days and reach back into the month before.
const KEPT_MONTHS: i32 = 6;

/// The answers of members of its class to a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Those who say yes.
    pub yes: OrdSet<MemberIndex>,
    /// Those who say no.
    pub no: OrdSet<MemberIndex>,
    /// Since when enough say yes.
    pub since: Option<Moment>,
}

impl Said {
    pub(super) fn collect(&self, into: &mut Collect) {
        for side in [&self.yes, &self.no] {
            into.wide(side.len() as u128);
            for who in side {
                into.number(*who);
            }
        }
        into.number(self.since.map_or(-1, |at| at.0));
    }
}

/// Where a claim stands with the members of its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affirming {
    /// How many say yes.
    pub yes: u32,
    /// How many say no.
    pub no: u32,
    /// How many more must say yes than no.
    pub needed: u32,
    /// When it counts, at the first update from then on, if they still do.
    pub counts_at: Option<Moment>,
}

impl State {
    /// The first class whose members affirm a claim: one that its member is of.
    fn affirming(&self, claim: &Claim) -> Option<(usize, &Class, Affirmed)> {
        let hours = claim.kind == SupportKind::Hours;
        let classes = self.rules.kernel.classes.iter().enumerate().filter(|_| hours);
        let mut own = classes.filter(|(_, class)| self.is_on(class, claim.member));
        own.find_map(|(place, class)| Some((place, class, class.affirmed?)))
    }

    /// Whether a member is on the list of a class, or it has none.
    fn is_on(&self, class: &Class, who: MemberIndex) -> bool {
        let on = |list: &String| self.members.list(list).is_some_and(|list| list.contains(&who));
        class.list.as_ref().is_none_or(on)
    }

    /// Whether a member is of a class with weight in it, as of the last update.
    fn is_of(&self, place: usize, class: &Class, who: MemberIndex) -> bool {
        let weight = self.weights.classes.get(place).and_then(|one| one.weight.get(who.place()));
        self.members.is_active(who) && self.is_on(class, who) && weight.is_some_and(|weight| *weight > 0)
    }

    /// Whether a member may answer a claim as one of its class.
    #[must_use]
    pub fn may_affirm(&self, who: MemberIndex, claim: &Claim, at: Moment) -> bool {
        let Some((place, class, _)) = self.affirming(claim) else { return false };
        claim.member != who && self.is_of(place, class, who) && self.tenure.is_of_standing(who, at, STANDING_US)
    }

    /// Where a claim stands with the members of its class; `None` where they affirm none.
    #[must_use]
    pub fn affirmed(&self, claim: &Claim) -> Option<Affirming> {
        let (place, class, rule) = self.affirming(claim)?;
        let count = |side: &OrdSet<MemberIndex>| {
            u32::try_from(side.iter().filter(|who| self.is_of(place, class, **who)).count()).unwrap_or(u32::MAX)
        };
        let (yes, no) = (count(&claim.said.yes), count(&claim.said.no));
        let counts_at = claim.said.since.map(|since| since.plus_seconds(STANDS_S));
        Some(Affirming { yes, no, needed: rule.members, counts_at })
    }

    /// The calendar month of a claim's day.
    fn month_of(&self, claim: &Claim) -> i32 {
        let zone = &self.rules.kernel.zone;
        month_index(self.record_of(claim).given(zone).unwrap_or(claim.at), zone)
    }

    /// The seconds of a claim's member in its month that members have affirmed, or are about to.
    fn affirmed_s(&self, number: u64, claim: &Claim) -> i64 {
        let month = self.month_of(claim);
        let done = self.claims.affirmed.get(&(claim.member, month)).copied().unwrap_or(0);
        let others = self.claims.waiting().filter(|(other, one)| {
            *other != number && one.member == claim.member && !one.said.yes.is_empty() && self.month_of(one) == month
        });
        others.fold(done, |sum, (_, one)| sum.saturating_add(one.amount))
    }

    /// Records the hours that enough members have affirmed for long enough. To be asked at an update.
    pub(crate) fn record_affirmed(&mut self, at: Moment) -> Vec<Outcome> {
        let month = month_index(at, &self.rules.kernel.zone);
        let old: Vec<_> =
            self.claims.affirmed.keys().filter(|(_, one)| *one < month.saturating_sub(KEPT_MONTHS)).copied().collect();
        for key in old {
            self.claims.affirmed.remove(&key);
        }
        let said: Vec<u64> =
            self.claims.waiting().filter(|(_, claim)| claim.said.since.is_some()).map(|(number, _)| number).collect();
        said.into_iter().filter_map(|number| self.record_one(number, at)).collect()
    }

    fn record_one(&mut self, number: u64, at: Moment) -> Option<Outcome> {
        let mut claim = self.claims.get(number)?.clone();
        let enough = self.affirmed(&claim).filter(|one| one.is_enough());
        let Some(counts_at) = enough.map(|one| one.counts_at.unwrap_or(at)) else {
            // Somebody left the class, or the rules changed: it waits on.
            claim.said.since = None;
            self.claims.waiting.insert(number, claim);
            return None;
        };
        if at < counts_at {
            return None;
        }
        let what = self.claimed(number, &claim);
        let record = self.record_of(&claim);
        let month = self.month_of(&claim);
        self.claims.waiting.remove(&number);
        // Recorded from elsewhere meanwhile, it needs no further record.
        let context = Context::of(Actor::Operator, at);
        if support::record(self, &record, &context).is_err() {
            return Some(Outcome::ClaimLapsed(what));
        }
        let sum = self.claims.affirmed.entry((claim.member, month)).or_insert(0);
        *sum = sum.saturating_add(claim.amount);
        Some(Outcome::ClaimConfirmed(what))
    }
}

impl Affirming {
    fn is_enough(self) -> bool {
        self.yes >= self.needed.saturating_add(self.no)
    }
}

/// A member of the claim's class says yes or no to it.
pub(super) fn answer(
    state: &mut State,
    act: &AnswerClaim,
    who: MemberIndex,
    claim: &Claim,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let of =
        state.affirming(claim).map(|(place, class, rule)| (state.is_of(place, class, who), class.name.clone(), rule));
    let Some((_, class, rule)) = of.filter(|(is_of, ..)| *is_of || claim.member == who) else {
        let why = format!("you hold no office or seat that may record {}", claim.kind.many());
        return Err(Refusal::new(Rule::NotAuthorised, why, "ask who does, or the operator of this server"));
    };
    if claim.member == who {
        let why = "nobody confirms what they gave themselves";
        return Err(Refusal::new(Rule::OwnSupport, why, format!("ask {} others of `{class}`", rule.members)));
    }
    if act.yes {
        fits(state, act.number, claim, rule)?
    } else {
        reason_of(act).map(|_| ())?
    }
    if !state.tenure.is_of_standing(who, context.time, STANDING_US) {
        let why = format!("those who answer have had weight in `{class}` for 90 days");
        return Err(Refusal::new(Rule::NotOfStanding, why, "ask one who has been there for longer"));
    }
    let mut claim = claim.clone();
    let said = &mut claim.said;
    let (to, from) = if act.yes { (&mut said.yes, &mut said.no) } else { (&mut said.no, &mut said.yes) };
    to.insert(who);
    from.remove(&who);
    let was = claim.said.since;
    let is_enough = state.affirmed(&claim).is_some_and(Affirming::is_enough);
    claim.said.since = is_enough.then(|| was.unwrap_or(context.time));
    let told = match (was, is_enough) {
        (None, true) => Outcome::ClaimAffirmed(state.claimed(act.number, &claim)),
        _ => Outcome::Recorded,
    };
    state.claims.waiting.insert(act.number, claim);
    Ok(vec![told])
}

/// Whether a claim is within what members affirm: so much a month, and not of long ago.
fn fits(state: &State, number: u64, claim: &Claim, rule: Affirmed) -> Result<(), Refusal> {
    let hours = |seconds: i64| {
        quantity::format_micro(i128::from(seconds).saturating_mul(1_000_000).checked_div(3_600).unwrap_or(0))
    };
    let most = i64::try_from(rule.most_s).unwrap_or(i64::MAX);
    let sum = state.affirmed_s(number, claim).saturating_add(claim.amount);
    if sum > most {
        let why = format!("it would be {} hours in that month, and members affirm {}", hours(sum), hours(most));
        return Err(Refusal::new(
            Rule::AffirmedEnough,
            why,
            "ask who may record hours, or the operator of this server",
        ));
    }
    let handed_in = month_index(claim.at, &state.rules.kernel.zone);
    if state.month_of(claim) < handed_in.saturating_sub(1) {
        let why = "members affirm hours of the month in which they are handed in, and of the month before";
        return Err(Refusal::new(Rule::TooLongAgo, why, "ask who may record hours, or the operator of this server"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
