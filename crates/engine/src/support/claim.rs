//! Hours and other work that members say they gave, and that count once somebody who may record them says yes. From edition 3 on.
//! Source: `docs/spec/support.md`, Own hours.

use charter::{Power, SupportKind, SupportUnit};
use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};
use std::fmt;

use super::act as support;
use super::affirm::Said;
use super::{Fingerprint, affirm};
use crate::act::{Amount, AnswerClaim, ClaimSupport, Pseudonym, RecordSupport, TakeBackClaim};
use crate::chamber::Decision;
use crate::context::{Context, member};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The most claims of one member that wait.
const MOST_OWN: usize = 20;
/// The most claims that wait, of everybody.
const MOST_WAITING: usize = 10_000;
/// The time for which a claim waits, seconds: 90 days.
const WAITS_S: i64 = 90 * 86_400;
/// Why a claim is refused: a closed list, since words about a person do not belong in a log that is kept for good.
pub const REASONS: [&str; 4] = ["recorded-already", "other-amount", "other-day", "not-known"];

/// Something that a member says they gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub member: MemberIndex,
    /// Its kind.
    pub kind: SupportKind,
    /// Seconds or micro-credits.
    pub amount: i64,
    /// The day on which it was given, of the co-op's zone.
    pub given_on: String,
    /// The fact that it is, as for every record.
    pub source: String,
    /// The part of the co-op that it was given to.
    pub service: Option<String>,
    /// When it was handed in.
    pub at: Moment,
    /// Those who said yes, where several seats must.
    pub agreed: OrdSet<MemberIndex>,
    /// The answers of members of its class, where they affirm hours.
    pub said: Said,
}

impl Claim {
    /// The moment at which it is over if nobody has answered.
    #[must_use]
    pub fn lapses_at(&self) -> Moment {
        self.at.plus_seconds(WAITS_S)
    }
}

/// Claims that wait for a yes, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// How many numbers were given out; the first is 1.
    given: u64,
    pub(super) waiting: OrdMap<u64, Claim>,
    /// By member and calendar month: the seconds that members have affirmed, of late.
    pub(super) affirmed: OrdMap<(MemberIndex, i32), i64>,
}

impl Claims {
    /// Nothing was ever claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given == 0
    }

    /// Those that wait, in order.
    pub fn waiting(&self) -> impl Iterator<Item = (u64, &Claim)> {
        self.waiting.iter().map(|(number, claim)| (*number, claim))
    }

    /// The one with a number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Claim> {
        self.waiting.get(&number)
    }

    /// A former member claims nothing.
    pub(crate) fn forget(&mut self, member: MemberIndex) {
        self.waiting =
            self.waiting.iter().filter(|(_, claim)| claim.member != member).map(|(n, c)| (*n, c.clone())).collect();
    }

    /// docs/spec/updates.md, Named sections, `claims`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.number(self.given).wide(self.waiting.len() as u128);
        for (number, claim) in &self.waiting {
            into.number(*number).number(claim.member).text(claim.kind.name()).number(claim.amount);
            into.text(&claim.given_on).text(&claim.source).number(claim.at.0).wide(claim.agreed.len() as u128);
            if let Some(service) = &claim.service {
                into.text(service);
            }
            for who in &claim.agreed {
                into.number(*who);
            }
            claim.said.collect(into);
        }
        into.wide(self.affirmed.len() as u128);
        for ((member, month), seconds) in &self.affirmed {
            into.number(*member).number(*month).number(*seconds);
        }
    }

    pub(crate) fn check(&self, members: usize) -> Result<(), Broken> {
        for (number, claim) in &self.waiting {
            ensure!(*number <= self.given && claim.member.place() < members, "claim {number} is nobody's");
            let own = claim.agreed.contains(&claim.member) || claim.said.yes.contains(&claim.member);
            ensure!(!own, "claim {number} is agreed to by its own member");
        }
        Ok(())
    }
}

/// A claim, as an outcome names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Its number.
    pub number: u64,
    /// Whose it is.
    pub member: Pseudonym,
    /// The kind of support.
    pub kind: SupportKind,
}

impl fmt::Display for Claimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.kind.name(), self.member)
    }
}

impl State {
    /// The offices and bodies through which a member may answer claims of a kind, those first in which one yes is enough.
    fn answers(&self, who: Pseudonym, kind: SupportKind) -> Option<&Decision> {
        let held = self.holds_power(who, Power::Record);
        let held = held.filter(|one| self.rules.clause(&one.name).is_some_and(|clause| clause.records(kind)));
        held.min_by_key(|one| self.yeses(one, who))
    }

    /// How many must say yes in an office or body: one where nobody holds it and a founder does.
    fn yeses(&self, decision: &Decision, who: Pseudonym) -> u32 {
        let clause = self.rules.clause(&decision.name).filter(|_| decision.seats_member(who));
        clause.map_or(1, charter::Clause::seats_to_record)
    }

    /// The office or body through which a member answers a claim.
    #[must_use]
    pub fn answers_claim(&self, who: Pseudonym, number: u64) -> Option<&Decision> {
        self.answers(who, self.claims.get(number)?.kind)
    }

    /// The record that a claim would be.
    #[must_use]
    pub fn record_of(&self, claim: &Claim) -> RecordSupport {
        recorded(self.members.pseudonym(claim.member).unwrap_or(Pseudonym(0)), claim)
    }

    pub(super) fn claimed(&self, number: u64, claim: &Claim) -> Claimed {
        let member = self.members.pseudonym(claim.member).unwrap_or(Pseudonym(0));
        Claimed { number, member, kind: claim.kind }
    }

    /// Ends claims that nobody has answered. To be asked at an update.
    pub(crate) fn lapse_claims(&mut self, at: Moment) -> Vec<Outcome> {
        let over: Vec<u64> =
            self.claims.waiting().filter(|(_, claim)| at >= claim.lapses_at()).map(|(number, _)| number).collect();
        let over = over.into_iter().filter_map(|number| {
            let claim = self.claims.waiting.remove(&number)?;
            Some(Outcome::ClaimLapsed(self.claimed(number, &claim)))
        });
        over.collect()
    }
}

/// The record that a claim of a member would be.
fn recorded(member: Pseudonym, claim: &Claim) -> RecordSupport {
    let unit = if claim.kind.unit() == SupportUnit::Seconds { "second" } else { "micro-credit" };
    RecordSupport {
        member,
        kind: claim.kind.name().to_owned(),
        amount: Amount { amount: claim.amount, currency: None, unit: Some(unit.to_owned()) },
        given_at: None,
        given_on: Some(claim.given_on.clone()),
        source: claim.source.clone(),
        parts: 1,
        series: None,
        stands_months: None,
        book: None,
        service: claim.service.clone(),
    }
}

/// A member hands in what they gave.
pub(crate) fn claim(state: &mut State, act: &ClaimSupport, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    // It must be possible as a record. Some of a record's refusals have lower numbers than those of a claim, and some higher ones.
    let mut no: Vec<Refusal> =
        support::record(&mut state.clone(), &act.as_record(), context).err().into_iter().collect();
    if state.claims.waiting().any(|(_, claim)| claim.source == act.source) {
        let why = format!("`{}` waits for a yes already", act.source);
        no.push(Refusal::new(Rule::SourceAlreadyRecorded, why, "nothing needs to be done: twice is once"));
    }
    let own = state.claims.waiting().filter(|(_, claim)| claim.member == who).count();
    if own >= MOST_OWN || state.claims.waiting.len() >= MOST_WAITING {
        let why = format!("{own} of yours wait for a yes, and {MOST_OWN} may");
        no.push(Refusal::new(Rule::TooMany, why, "wait for an answer, or take one back"));
    }
    let kind = SupportKind::parse_recorded(&act.kind).filter(|kind| kind.unit() != SupportUnit::Money);
    if kind.is_none() {
        let why = format!("a {} is money, which comes with a record of its own", act.kind);
        no.push(Refusal::new(Rule::MoneyNotClaimed, why, "hand in hours, contributions or compute"));
    }
    if let Some(first) = no.into_iter().min_by_key(|no| no.rule) {
        return Err(first);
    }
    let Some(kind) = kind else { return Ok(Vec::new()) };
    state.claims.given = state.claims.given.saturating_add(1);
    let (number, agreed, said) = (state.claims.given, OrdSet::new(), Said::default());
    let (given_on, source, at) = (act.given_on.clone(), act.source.clone(), context.time);
    let service = act.service.clone();
    let claim = Claim { member: who, kind, amount: act.amount.amount, given_on, source, service, at, agreed, said };
    let told = Outcome::SupportClaimed(state.claimed(number, &claim));
    state.claims.waiting.insert(number, claim);
    Ok(vec![told])
}

/// Somebody who may record it says yes or no.
pub(crate) fn answer(state: &mut State, act: &AnswerClaim, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let claim = waits(state, act.number, context.time)?.clone();
    let Some(by) = state.answers(act.member, claim.kind).map(|one| (one.name.clone(), state.yeses(one, act.member)))
    else {
        // Where nobody's power answers it, members of its class may.
        return affirm::answer(state, act, who, &claim, context);
    };
    if claim.member == who {
        let why = "nobody confirms what they gave themselves";
        return Err(Refusal::new(Rule::OwnSupport, why, "ask another who may record it, or the operator"));
    }
    let what = state.claimed(act.number, &claim);
    let (name, needed) = by;
    if !act.yes {
        let reason = reason_of(act)?;
        state.claims.waiting.remove(&act.number);
        return Ok(vec![Outcome::ClaimRefused { what, reason }]);
    }
    let place = state.decision_place(&name);
    let agreed = claim.agreed.update(who);
    let sits = |one: &MemberIndex| {
        let one = state.members.pseudonym(*one);
        one.zip(state.decision(&name)).is_some_and(|(one, decision)| decision.seats_member(one))
    };
    let enough =
        needed <= 1 || agreed.iter().filter(|one| sits(one)).count() >= usize::try_from(needed).unwrap_or(usize::MAX);
    if !enough {
        state.claims.waiting.insert(act.number, Claim { agreed, ..claim });
        return Ok(vec![Outcome::Recorded]);
    }
    let record = recorded(what.member, &claim);
    support::record(state, &record, context)?;
    if let Some(place) = place {
        state.recorded.insert(Fingerprint::of(&record.source).number(), place);
    }
    state.claims.waiting.remove(&act.number);
    Ok(vec![Outcome::ClaimConfirmed(what)])
}

/// The reason of a no.
pub(super) fn reason_of(act: &AnswerClaim) -> Result<String, Refusal> {
    let known = act.reason.as_deref().is_some_and(|reason| REASONS.contains(&reason));
    act.reason.clone().filter(|_| known).ok_or_else(|| {
        let instead = format!("give one of {}", REASONS.join(", "));
        Refusal::new(Rule::ReasonMissing, "a refusal says why", instead)
    })
}

/// A member takes their own claim back.
pub(crate) fn take_back(state: &mut State, act: &TakeBackClaim, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let claim = waits(state, act.number, context.time)?;
    if claim.member != who {
        let why = "members take back their own claims only";
        return Err(Refusal::new(Rule::NotAuthorised, why, "those who may record it can refuse it"));
    }
    state.claims.waiting.remove(&act.number);
    Ok(vec![Outcome::Recorded])
}

fn waits(state: &State, number: u64, at: Moment) -> Result<&Claim, Refusal> {
    state.claims.get(number).filter(|claim| at < claim.lapses_at()).ok_or_else(|| {
        let why = format!("no claim {number} waits");
        Refusal::new(Rule::UnknownClaim, why, "it was answered, taken back, or has lapsed: see the log")
    })
}

#[cfg(test)]
mod tests;
