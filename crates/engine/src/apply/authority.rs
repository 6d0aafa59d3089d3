//! By what right an act is handed in: one's own, a power of an office, a founder's, or the server's. `docs/spec/powers.md` says it.

use std::borrow::Cow;

use charter::{Power, SupportKind};

use crate::act::{Act, Pseudonym, Right};
use crate::book::spending;
use crate::chamber::Decision;
use crate::context::{Actor, Context};
use crate::edition::TWO;
use crate::id::DecisionId;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The first word of a right that a member has as a founder.
const FOUNDER: &str = "founder";
/// The right by which somebody acts who asks to join.
const APPLICANT: &str = "applicant";
/// The right by which the operator hands in a member's own act.
const DESK: &str = "desk";

impl State {
    /// By what right an actor hands an act in, as the log says it: `member`, `office maintainer`, `body core-team`,
    /// `founder maintainer`, `applicant`, `desk`, `operator`, `bridge`, `demonstration`; `None` when they have none. From edition 2 on the
    /// operator in the name of a holder is `desk office maintainer`.
    #[must_use]
    pub fn authority(&self, act: &Act, context: &Context) -> Option<Cow<'static, str>> {
        // No power makes a founder: those who hold the powers of vacant offices would multiply.
        if act.names_founder() && context.actor != Actor::Operator {
            return None;
        }
        // Nobody is expelled but by seats that members have filled.
        if act.is_for_seats_alone() && context.actor.member().is_none() {
            return None;
        }
        let own = act.own_member();
        let answers = match act {
            Act::AnswerClaim(act) if own == context.actor.member() => self.answers_claim(act.member, act.number),
            _ => None,
        };
        let right = match context.actor {
            Actor::Member(who) | Actor::Desk(who) if answers.is_some() => {
                return self.by_office(answers?, who, context);
            }
            Actor::Member(who) if own == Some(who) && act.is_of_applicant() => APPLICANT,
            Actor::Member(who) if own == Some(who) => "member",
            Actor::Desk(who) if own == Some(who) => DESK,
            Actor::Member(who) | Actor::Desk(who) => {
                return self.by_office(office_of(self, act, context)?, who, context);
            }
            Actor::Operator if own.is_some() => DESK,
            Actor::Operator => "operator",
            Actor::Demonstration => "demonstration",
            Actor::Bridge if act.row().gives(Right::Fact) => "bridge",
            Actor::Bridge => return None,
        };
        Some(right.into())
    }

    /// The right by which a member acts through an office or a body, or as a founder for it.
    fn by_office(&self, office: &Decision, who: Pseudonym, context: &Context) -> Option<Cow<'static, str>> {
        let right = if office.seats_member(who) { office.kind().word() } else { FOUNDER };
        // Edition 1 has no word for a power that the operator uses in its holder's name.
        let says_so = matches!(context.actor, Actor::Desk(_)) && self.editions.current >= TWO;
        let desk = if says_so { "desk " } else { "" };
        Some(format!("{desk}{right} {}", office.name).into())
    }

    /// The open offices and bodies whose clause gives `power` and that a member holds or sits on, in the order of decisions;
    /// then those that nobody holds, for a founder while the founding period lasts.
    pub fn holds_power(&self, who: Pseudonym, power: Power) -> impl Iterator<Item = &Decision> {
        let open = self.stood_for(who).filter_map(|place| self.decisions.get(place)).filter(|one| one.is_open());
        let held = open.filter(move |decision| decision.seats_member(who));
        held.chain(self.held_as_founder(who)).filter(move |decision| self.gives(decision, power))
    }

    /// Whether the rules give a power to who holds an office or sits on a body.
    #[must_use]
    pub fn gives(&self, decision: &Decision, power: Power) -> bool {
        let clause = self.rules.clause(&decision.name);
        clause.is_some_and(|clause| clause.power(power).is_some())
    }

    /// Whether the rules give an act to who holds an office or sits on a body: of support the kinds that they name. Of what is unknown
    /// the ladder of the act says so.
    #[must_use]
    pub(crate) fn gives_act(&self, decision: &Decision, act: &Act) -> bool {
        let Some(clause) = self.rules.clause(&decision.name) else {
            return false;
        };
        let kind = match act {
            Act::RecordSupport(act) => SupportKind::parse_recorded(&act.kind),
            Act::ReverseSupport(act) => self.support.record(&act.of).map(|record| record.kind),
            Act::ProposeCredit(_) => Some(SupportKind::Credit),
            _ => None,
        };
        let given = act.power().is_some_and(|power| clause.power(power).is_some());
        given && kind.is_none_or(|kind| clause.records(kind))
    }

    /// The decisions in which a member ever stood, in order.
    pub(crate) fn stood_for(&self, who: Pseudonym) -> impl Iterator<Item = DecisionId> {
        let all = self.stood.range((who, DecisionId(0))..=(who, DecisionId(u16::MAX)));
        all.map(|(_, place)| *place)
    }
}

/// The office or body through which a member hands in an act that is not theirs alone.
pub(crate) fn office_of<'s>(state: &'s State, act: &Act, context: &Context) -> Option<&'s Decision> {
    let who = context.actor.member()?;
    if let Act::BookEntry(entry) = act {
        return spending::office_of(state, entry, context);
    }
    if let Act::TakeBackAct(act) = act {
        return state.taker(who, act.number);
    }
    if state.is_kept_by_heads(act) {
        return None;
    }
    let held = state.holds_power(who, act.power()?);
    let held = held.filter(|decision| reaches(&decision.name, act) && state.gives_act(decision, act));
    let held = held.filter(|decision| !act.is_for_seats_alone() || decision.seats_member(who));
    // One seat is enough for the first of those, and more have to agree for the others.
    held.min_by_key(|decision| !state.acts_alone(decision, who, act))
}

/// Reports whether the rules give an office or body an act, whoever hands it in.
pub(crate) fn covers(state: &State, decision: &Decision, act: &Act) -> bool {
    state.gives_act(decision, act) && reaches(&decision.name, act) && !state.is_kept_by_heads(act)
}

/// An office looks after the rankings and releases of the constitution that it stands in, and of those below.
fn reaches(office: &str, act: &Act) -> bool {
    let clause = match act {
        Act::OpenItem(act) => &act.decision,
        Act::CloseItem(act) => &act.decision,
        Act::PublishRelease(act) => &act.release,
        Act::WithdrawRelease(act) => &act.release,
        _ => return true,
    };
    match office.rsplit_once('/') {
        Some((constitution, _)) => clause.strip_prefix(constitution).is_some_and(|rest| rest.starts_with('/')),
        None => true,
    }
}

/// Refuses an act that the actor has no right to.
pub(super) fn authorise(state: &State, act: &Act, context: &Context) -> Result<(), Refusal> {
    if act.row().gives(Right::Log) {
        return Err(made_by_the_log());
    }
    if state.authority(act, context).is_some() {
        return Ok(());
    }
    let (why, instead) = match (context.actor, act.own_member()) {
        _ if act.names_founder() => {
            ("the operator alone admits founders".to_owned(), "admit them as a member: leave `founder` out".to_owned())
        }
        (Actor::Member(_) | Actor::Desk(_), Some(other)) => {
            (format!("this is the act of {other}, and members act for themselves only"), "hand in your own".to_owned())
        }
        (Actor::Member(_) | Actor::Desk(_), None) => no_power(state, act),
        _ if act.is_for_seats_alone() => {
            ("seats with the power `expel` alone do this".to_owned(), "ask those who sit on such a body".to_owned())
        }
        _ => (format!("a bridge cannot do `{}`", act.kind()), "bring facts only".to_owned()),
    };
    Err(Refusal::new(Rule::NotAuthorised, why, instead))
}

/// As many offices as a refusal names.
const MOST_NAMED: usize = 10;

fn no_power(state: &State, act: &Act) -> (String, String) {
    let ask = "ask the operator of this server".to_owned();
    // Earlier editions know no power for it.
    let power = act.power().filter(|power| power.since() <= state.editions.current);
    let Some(power) = power else {
        let why = match act {
            Act::BookEntry(_) => {
                "members book what an office or body spends, from assets or liabilities to expenses".to_owned()
            }
            _ => format!("members cannot do `{}`", act.kind()),
        };
        return (why, ask);
    };
    let with = state.open_decisions().map(|(_, decision)| decision);
    let with: Vec<String> = with
        .filter(|decision| state.gives_act(decision, act) && reaches(&decision.name, act))
        .take(MOST_NAMED)
        .map(|decision| format!("`{}`", decision.name))
        .collect();
    let why =
        format!("`{}` needs the power `{}`, and you hold no office or seat that has it here", act.kind(), power.name());
    match with.as_slice() {
        [] => (why, ask),
        with => (why, format!("ask who holds {}, or the operator", with.join(" or "))),
    }
}

pub(super) fn made_by_the_log() -> Refusal {
    Refusal::new(Rule::NotAuthorised, "updates are made by the log itself", "run `rochdale update`")
}

#[cfg(test)]
mod tests;
