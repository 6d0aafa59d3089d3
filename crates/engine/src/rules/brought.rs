//! How much text members bring. Texts are kept beside the log for good, so that somebody who proposed and withdrew again and
//! again could fill the disk of all. Source: `docs/spec/refusals.md`, R046.
//!
//! A day's sum goes by what the log says, and never by the texts themselves: of two replays one may have a text that the other
//! has erased, and both must come to the same answer. So each text counts as the longest of its kind.

use imbl::OrdMap;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::act::{Act, StrikeCredit};
use crate::context::{Actor, Context};
use crate::edition;
use crate::id::MemberIndex;
use crate::refusal::{Refusal, Rule};
use crate::rules::amendment::KERNEL;
use crate::rules::texts::{does_not_check, text_missing};
use crate::state::State;

/// The longest text that holds rules, bytes.
pub const MAX_RULES: usize = 1_048_576;
/// The longest text that holds none, bytes.
pub const MAX_TEXT: usize = 65_536;
/// The most bytes of texts that one member brings on one day (UTC), each text counted as the longest of its kind.
pub const MAX_A_DAY: usize = 8 * MAX_RULES;

const DAY_US: i64 = 86_400_000_000;

/// The bytes that each member brought on the day of the last one. Not in the state's hash: the acts in the log say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Brought {
    day: i64,
    bytes: OrdMap<MemberIndex, usize>,
}

impl Brought {
    /// An act was accepted that counts so many bytes.
    pub(crate) fn note(&mut self, who: MemberIndex, bytes: usize, at: Moment) {
        if self.day != day(at) {
            *self = Brought { day: day(at), bytes: OrdMap::new() };
        }
        let had = self.had(who, at);
        self.bytes.insert(who, had.saturating_add(bytes));
    }

    fn had(&self, who: MemberIndex, at: Moment) -> usize {
        let today = self.bytes.get(&who).filter(|_| self.day == day(at));
        today.copied().unwrap_or(0)
    }
}

fn day(at: Moment) -> i64 {
    at.0.div_euclid(DAY_US)
}

/// Whether documents of this decision are rules: the kernel, the constitution, and the constitutions inside it.
#[must_use]
pub fn holds_rules(state: &State, decision: &str) -> bool {
    decision == KERNEL || state.decision(decision).is_some_and(|known| known.holds_rules)
}

/// The longest text of the kind that an act brings.
fn longest(state: &State, act: &Act) -> usize {
    match act {
        Act::ProposeOption(_)
        | Act::AskPool(_)
        | Act::RequestMoney(_)
        | Act::OpenHearing(_)
        | Act::AnswerHearing(_) => MAX_TEXT,
        Act::ProposeDocument(act) if !holds_rules(state, &act.decision) => MAX_TEXT,
        _ => MAX_RULES,
    }
}

/// The member whose day an act counts toward, and the bytes that it counts. Texts that the operator brings count for nobody.
pub(crate) fn counted(state: &State, act: &Act, context: &Context) -> Option<(MemberIndex, usize)> {
    let texts = act.row().texts.len();
    let Actor::Member(who) = context.actor else {
        return None;
    };
    let who = state.members.index(who).filter(|_| texts > 0)?;
    // The list of contributions is kept already; the rows that the entry keeps for it are fewer bytes than two texts.
    if matches!(act, Act::StrikeCredit(_)) {
        return Some((who, MAX_TEXT.saturating_mul(2)));
    }
    Some((who, longest(state, act).saturating_mul(texts)))
}

/// Checks for `apply` whether the texts of an act are short enough, and few enough for a day.
pub(crate) fn fits(state: &State, act: &Act, context: &Context) -> Result<(), Refusal> {
    if state.editions.current < edition::TWO { Ok(()) } else { within_limits(state, act, context) }
}

/// Checks for whoever hands an act in what `apply` cannot ask of a replay: that an option comes with its text, which a replay may have
/// lost; and, under edition 1, whose logs hold what they hold, the limits of texts.
///
/// # Errors
/// R046, R048 or R049.
pub fn fits_at_hand_in(state: &State, act: &Act, context: &Context) -> Result<(), Refusal> {
    match act {
        Act::ProposeOption(act) if act.text.is_none() => return Err(text_missing("the option", None)),
        Act::OpenHearing(act) if act.text.is_none() => return Err(text_missing("the reason", None)),
        Act::AnswerHearing(act) if act.text.is_none() => return Err(text_missing("the answer", None)),
        Act::AskPool(act) if act.text.is_none() => return Err(text_missing("the project", None)),
        Act::RequestMoney(act) if act.text.is_none() => return Err(text_missing("the request", None)),
        Act::StrikeCredit(act) if act.text.is_none() => return Err(text_missing("the option", None)),
        _ => {}
    }
    let list = match act {
        Act::ProposeCredit(act) => Some(&act.contributions_text),
        Act::StrikeCredit(act) => Some(&act.contributions_text),
        _ => None,
    };
    if list.is_some_and(Option::is_none) {
        return Err(text_missing("the list of contributions", None));
    }
    if state.editions.current >= edition::TWO {
        return Ok(());
    }
    within_limits(state, act, context)?;
    can_be_seen(state, act)
}

/// Refuses rules that readers of their page do not see, and KDL that is none, both of which edition 1 reads.
fn can_be_seen(state: &State, act: &Act) -> Result<(), Refusal> {
    if matches!(act, Act::ProposeDocument(act) if !holds_rules(state, &act.decision)) {
        return Ok(());
    }
    for (_, text) in act.brought() {
        let mistakes = charter::later_mistakes(text);
        if !mistakes.is_empty() {
            return Err(does_not_check("the text", &mistakes));
        }
    }
    Ok(())
}

fn within_limits(state: &State, act: &Act, context: &Context) -> Result<(), Refusal> {
    let longest = longest(state, act);
    // A text that is not at hand was short enough when the act was accepted.
    if let Some((_, text)) = act.brought().find(|(_, text)| text.len() > longest) {
        let why = format!("this text has {} bytes", text.len());
        return Err(Refusal::new(Rule::TooMany, why, format!("a text of this kind has at most {longest}")));
    }
    if let Act::StrikeCredit(StrikeCredit { text: Some(text), .. }) = act
        && text.len() > MAX_TEXT
    {
        let why = format!("this text has {} bytes", text.len());
        return Err(Refusal::new(Rule::TooMany, why, format!("a text of this kind has at most {MAX_TEXT}")));
    }
    let Some((who, bytes)) = counted(state, act, context) else {
        return Ok(());
    };
    let had = state.brought.had(who, context.time);
    if had.saturating_add(bytes) <= MAX_A_DAY {
        return Ok(());
    }
    let why = format!("you brought texts of up to {had} bytes today, and this is one of up to {bytes}");
    let instead = format!(
        "a member brings at most {MAX_A_DAY} a day, each text counted as the longest of its kind: go on tomorrow"
    );
    Err(Refusal::new(Rule::TooMany, why, instead))
}
