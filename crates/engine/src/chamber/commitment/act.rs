//! Members put up options and take them back.

use crate::act::{ProposeOption, WithdrawOption};
use crate::chamber::election::act::{newcomer, others_are_not_behind};
use crate::chamber::{CandidateName, Commitment, Decision, Standing};
use crate::context::{Context, decision, member, wrong_kind};
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::{is_hash, is_its_text};
use crate::state::State;

/// The most options that one member puts up in one cycle, those too that are out: a place comes free with the next cycle alone.
const MAX_OWN_OPTIONS: usize = 5;
/// The longest first line of an option, in letters.
const MAX_LINE: usize = 100;

/// `room` says whether the text fits beside those of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn propose(
    state: &mut State,
    act: &ProposeOption,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let commitment = commitment(state, place, &act.decision)?;
    is_hash(&act.option)?;
    let name = CandidateName::Document(act.option.clone());
    newcomer(commitment.options(), &name, &act.decision)?;
    leaves_places(commitment, &name, who, &act.decision)?;
    room?;
    is_its_text("the option", act.text.as_ref(), &act.option)?;
    not_frozen(state, commitment, &act.decision, context)?;
    goes_on(commitment, &act.decision)?;
    act.text.as_ref().map_or(Ok(()), |text| has_a_line("the option", text))?;
    if state.accepts_credit(&act.decision) {
        let why = format!("`{}` accepts credit, and its options say what to strike from it", act.decision);
        return Err(Refusal::new(Rule::StrikesOnly, why, "hand in `strike_credit`"));
    }
    if let Some(decision) = state.decisions.get(place) {
        state.plan_allowed(decision, act.text.as_deref(), act.plan.as_ref())?;
    }
    if let Some(options) = state.decisions.get_mut(place).and_then(|one| one.commitment_mut()) {
        options.put_up(name, who, act.plan.clone(), context.time);
    }
    Ok(vec![Outcome::Recorded])
}

pub(crate) fn withdraw(state: &mut State, act: &WithdrawOption, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let options = commitment(state, place, &act.decision)?.options();
    let stands = |place: &crate::CandidateId| {
        options.candidates.get(place.place()).is_some_and(|one| one.standing != Standing::Out)
    };
    let name = CandidateName::Document(act.option.clone());
    let Some(option) = options.place(&name).filter(stands) else {
        let why = format!("`{}` is no option of `{}`", act.option, act.decision);
        return Err(Refusal::new(Rule::NotStanding, why, "nothing needs to be done"));
    };
    if options.candidates.get(option.place()).is_some_and(|one| one.proposer != Some(who)) {
        let why = format!("you did not put up `{}`", act.option);
        return Err(Refusal::new(Rule::NotTheProposer, why, "ask its proposer, or vote against it"));
    }
    others_are_not_behind(state, place, option, who)?;
    if let Some(commitment) = state.decisions.get_mut(place).and_then(|one| one.commitment_mut()) {
        commitment.leave(option, context.time);
    }
    Ok(vec![Outcome::Recorded])
}

/// The commitment with an end at a place.
pub(super) fn commitment<'a>(state: &'a State, place: DecisionId, name: &str) -> Result<&'a Commitment, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(Decision::commitment)
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |one| one.kind().word()), "a commitment"))
}

/// Refuses options in the last part of the time.
pub(crate) fn not_frozen(state: &State, commitment: &Commitment, name: &str, context: &Context) -> Result<(), Refusal> {
    if commitment.deadline().is_none() || !commitment.is_frozen(context.time) {
        return Ok(());
    }
    let since = state.rules.kernel.zone.written(commitment.frozen_from());
    let why = format!("`{name}` takes no more options since {since}");
    Err(Refusal::new(Rule::OptionsFrozen, why, "vote for one that stands, or wait for the next cycle"))
}

/// Refuses what comes after the only decision.
pub(crate) fn goes_on(commitment: &Commitment, name: &str) -> Result<(), Refusal> {
    if commitment.deadline().is_some() {
        return Ok(());
    }
    let why = if commitment.taken().is_empty() {
        format!("the day of `{name}` had passed when its clause came into force")
    } else {
        format!("the decision `{name}` is taken, and no later vote takes it back")
    };
    Err(Refusal::new(Rule::DecisionTaken, why, "propose a constitution that asks again, with another day"))
}

/// Whether this member may put up one more in this cycle.
pub(crate) fn leaves_places(
    commitment: &Commitment,
    name: &CandidateName,
    who: MemberIndex,
    decision: &str,
) -> Result<(), Refusal> {
    let all = commitment.options().candidates.iter();
    let own = all.filter(|one| one.proposer == Some(who) && one.name != *name);
    if own.count() < MAX_OWN_OPTIONS {
        return Ok(());
    }
    let why = format!("{MAX_OWN_OPTIONS} options of `{decision}` are yours in this cycle");
    Err(Refusal::new(Rule::TooMany, why, "put up one of them again, or ask somebody else to put this one up"))
}

/// An option or a project is a line, and whatever else its text says stands below it.
pub(crate) fn has_a_line(what: &str, text: &str) -> Result<(), Refusal> {
    let line = text.lines().next().unwrap_or_default();
    let (letters, shows) = (line.chars().count(), line.chars().any(char::is_alphanumeric));
    // As in titles of items: two lines that look alike are alike.
    let hides = |sign| charter::is_hidden(sign) || matches!(sign, '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}');
    if shows && letters <= MAX_LINE && !line.chars().any(hides) {
        return Ok(());
    }
    let why = match letters {
        0 => format!("{what}'s first line is empty"),
        letters if letters > MAX_LINE => format!("{what}'s first line has {letters} letters"),
        _ => format!("{what}'s first line shows no letter and no digit, or has signs that cannot be seen"),
    };
    let instead = format!("say it in a first line of 1 to {MAX_LINE} letters; the reasons stand below it");
    Err(Refusal::new(Rule::LineMissing, why, instead))
}
