//! Credit is proposed, and members put up what to strike from it. Lists are at hand when acts are handed in; of a replay that lost one the rows
//! of the entry hold.

use std::sync::Arc;

use imbl::OrdMap;
use quantity::Moment;

use super::contributions::Contributions;
use super::proposal::{Proposal, Rows, sum};
use super::wish::{Wish, not_worked_out};
use crate::act::{CreditRow, ProposeCredit, StrikeCredit};
use crate::book::Day;
use crate::chamber::commitment::act::{goes_on, has_a_line, leaves_places, not_frozen};
use crate::chamber::election::act::newcomer;
use crate::chamber::{CandidateName, Commitment};
use crate::context::{Context, decision, member};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::{is_hash, is_its_text};
use crate::state::State;

/// The most members that get credit of one period.
pub const MOST_ROWS: usize = 2_000;
/// The list's name in a refusal.
const LIST: &str = "the list of contributions";
/// The oldest period that is proposed began so long before: two years.
const OLDEST_S: i64 = 731 * 86_400;

/// Credit is proposed. `room` says whether the list fits beside the texts of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn propose(
    state: &mut State,
    act: &ProposeCredit,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    decision(state, &act.decision)?;
    is_hash(&act.contributions)?;
    let commitment = accepting(state, &act.decision)?;
    room?;
    is_its_text(LIST, act.contributions_text.as_ref(), &act.contributions)?;
    not_frozen(state, commitment, &act.decision, context)?;
    if let Some(one) = state.credit_proposed() {
        let why = format!("credit of the period from {} is proposed", state.rules.kernel.zone.written(one.period.0));
        return Err(Refusal::new(Rule::CreditProposed, why, "strike from it, or wait until it is decided"));
    }
    in_the_first_half(state, commitment, &act.decision, context)?;
    let period = full_period(state, act, context)?;
    let parameters = state.credit_parameters();
    if let Some(list) = at_hand(act.contributions_text.as_ref())? {
        let said = (list.period.0.clone(), list.period.1.clone());
        let zone = &state.rules.kernel.zone;
        let days = (Day::of(period.0, zone).to_string(), Day::of(period.1, zone).to_string());
        if said != days {
            let why = format!("the list is of {} to before {}, and not to before {}", said.0, said.1, days.1);
            return Err(Refusal::new(Rule::ListUnreadable, why, "make the list anew: `rochdale credit propose`"));
        }
        as_worked_out(&Wish::Accept.rows(&list, &parameters)?, &act.credit)?;
    }
    let rows = rows(state, &act.credit)?;
    if rows.is_empty() {
        let why = "nobody in the register would get any";
        let instead =
            "meet the people of the repository with the register first: `rochdale import git`, `rochdale who`";
        return Err(Refusal::new(Rule::CreditOutOfRange, why, instead));
    }
    let (members, micro) = (rows.len() as u64, sum(&rows));
    let day = Day::of(period.0, &state.rules.kernel.zone).to_string();
    state.credit.proposal = Some(Proposal {
        decision: act.decision.clone(),
        period,
        contributions: act.contributions.clone(),
        at: context.time,
        parameters,
        rows,
        options: OrdMap::new(),
    });
    Ok(vec![Outcome::CreditProposed { decision: act.decision.clone(), period: day, members, micro }])
}

/// A member puts up an option on it. `room` says whether the text fits beside those of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn strike(
    state: &mut State,
    act: &StrikeCredit,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    is_hash(&act.option)?;
    is_hash(&act.contributions)?;
    let commitment = accepting(state, &act.decision)?;
    let name = CandidateName::Document(act.option.clone());
    newcomer(commitment.options(), &name, &act.decision)?;
    leaves_places(commitment, &name, who, &act.decision)?;
    room?;
    is_its_text("the option", act.text.as_ref(), &act.option)?;
    is_its_text(LIST, act.contributions_text.as_ref(), &act.contributions)?;
    not_frozen(state, commitment, &act.decision, context)?;
    goes_on(commitment, &act.decision)?;
    act.text.as_ref().map_or(Ok(()), |text| has_a_line("the option", text))?;
    let Some(proposal) = state.credit_proposed().filter(|one| one.contributions == act.contributions) else {
        let why = format!("`{}` has no proposal that comes of this list", act.decision);
        return Err(Refusal::new(Rule::NothingProposed, why, "wait until credit is proposed, or strike from what is"));
    };
    let parameters = proposal.parameters;
    let list = at_hand(act.contributions_text.as_ref())?;
    if let Some(text) = &act.text {
        let wish = Wish::read(text)?;
        let is_default = match wish {
            Wish::Accept => **commitment.default_line() == *charter::ACCEPT,
            Wish::Nothing => **commitment.default_line() == *charter::NOTHING,
            Wish::Strike(_) => false,
        };
        if is_default {
            let why = "this is what happens unless another option wins";
            return Err(Refusal::new(Rule::StrikeUnreadable, why, "vote for the default"));
        }
        if let Some(list) = &list {
            as_worked_out(&wish.rows(list, &parameters)?, &act.credit)?;
        }
    }
    let rows = rows(state, &act.credit)?;
    if let Some(proposal) = &mut state.credit.proposal {
        proposal.options.insert(act.option.clone(), rows);
    }
    if let Some(options) = state.decisions.get_mut(place).and_then(|one| one.commitment_mut()) {
        options.options_mut().nominate(name, Some(who), context.time);
    }
    Ok(vec![Outcome::Recorded])
}

/// The commitment, where it accepts credit.
fn accepting<'a>(state: &'a State, name: &str) -> Result<&'a Commitment, Refusal> {
    let known = state.decision(name).and_then(|one| one.commitment()).filter(|_| state.accepts_credit(name));
    known.ok_or_else(|| {
        let instead = match state.credit_decision() {
            Some((path, _)) => format!("`{path}` does"),
            None => {
                "put a commitment into the constitution that does: `commitment \"credit\" every=\"month\" accepts=\"credit\"`"
                    .to_owned()
            }
        };
        Refusal::new(Rule::AcceptsNoCredit, format!("`{name}` accepts no credit"), instead)
    })
}

/// The list, read, where its text came along.
fn at_hand(text: Option<&Arc<str>>) -> Result<Option<Contributions>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let read = Contributions::parse(text);
    read.map(Some).map_err(|wrong| not_worked_out(&format!("line {}: {}", wrong.line, wrong.why)))
}

/// Members have the other half to look at it.
fn in_the_first_half(state: &State, commitment: &Commitment, name: &str, context: &Context) -> Result<(), Refusal> {
    let begins = commitment.cycle_begins();
    let Some(deadline) = commitment.deadline() else { return Ok(()) };
    let half = Moment(begins.0.saturating_add(i64::try_from(deadline.micros_since(begins) / 2).unwrap_or(i64::MAX)));
    if context.time <= half {
        return Ok(());
    }
    let zone = &state.rules.kernel.zone;
    let why = format!("half of the time of `{name}` was over at {}", zone.written(half));
    Err(Refusal::new(Rule::CreditPeriod, why, format!("propose it after {}", zone.written(deadline))))
}

/// The period that is meant: a whole one of the commitment's own, over, and decided at no earlier deadline.
fn full_period(state: &State, act: &ProposeCredit, context: &Context) -> Result<(Moment, Moment), Refusal> {
    let no = |why: String, instead: &str| Err(Refusal::new(Rule::CreditPeriod, why, instead.to_owned()));
    let every = state.credit_decision().map(|(_, every)| every);
    let Some(period) = every.and_then(|every| state.credit_period(every, &act.period)) else {
        let every = every.map_or("period", |every| every.name());
        let why = format!("`{}` is not the first day of a {every}", act.period.escape_default());
        return no(why, "give a day as in `2025-03-01`");
    };
    if period.1 > context.time {
        return no(format!("the period from {} is not over", act.period), "propose the last one that is");
    }
    if period.0 < context.time.plus_seconds(OLDEST_S.saturating_neg()) {
        return no(format!("the period from {} is more than two years ago", act.period), "propose a later one");
    }
    if state.credit.overlaps(period) || state.has_credit_of(period) {
        let why = format!("credit of the period from {} was decided, or of a part of it", act.period);
        return no(why, "nothing needs to be done: once decided is decided");
    }
    Ok(period)
}

/// The rows of an act: of members of the register, by pseudonym, each once and above 0.
fn rows(state: &State, credit: &[CreditRow]) -> Result<Rows, Refusal> {
    let no = |why: String| {
        let instead = format!("list members by pseudonym, each once and above 0, {MOST_ROWS} at most");
        Err(Refusal::new(Rule::CreditOutOfRange, why, instead))
    };
    if credit.len() > MOST_ROWS {
        return no(format!("{} members would get credit", credit.len()));
    }
    if !credit.is_sorted_by(|one, next| one.member < next.member) {
        return no("the members are not in the order of their pseudonyms, each once".to_owned());
    }
    let mut rows = Vec::new();
    for CreditRow { member, micro } in credit {
        let Some(index) = state.members.index(*member) else {
            return no(format!("nobody in the register is {member}"));
        };
        if !(1..=super::MOST_MINTED_MICRO).contains(micro) {
            return no(format!("{member} would get {micro} micro-credits"));
        }
        rows.push((index, *micro));
    }
    Ok(Arc::new(rows))
}

/// Nobody has to believe who hands it in.
fn as_worked_out(wanted: &[CreditRow], given: &[CreditRow]) -> Result<(), Refusal> {
    if wanted == given {
        return Ok(());
    }
    let differs = |row: &&CreditRow| !given.contains(row);
    let why = match wanted.iter().find(differs) {
        Some(row) => {
            format!("the list comes to {} micro-credits of {}, and the act says another number", row.micro, row.member)
        }
        None => "the act gives credit to members to whom the list gives none".to_owned(),
    };
    Err(Refusal::new(
        Rule::CreditDiffers,
        why,
        "hand in the credit that the list comes to: `rochdale credit` works it out",
    ))
}
