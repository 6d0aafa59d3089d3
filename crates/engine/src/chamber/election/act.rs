//! People and documents stand, withdraw and resign.

use std::sync::Arc;

use charter::Diagnostic;

use crate::act::{ProposeDocument, ResignSeat, Stand, WithdrawCandidacy};
use crate::apply::{Context, decision, member, wrong_kind};
use crate::chamber::{CandidateName, Election, Standing};
use crate::count::SeatKind;
use crate::digest::hex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::MemberIndex;
use crate::rules::amendment::KERNEL;
use crate::rules::assent;
use crate::state::State;

/// The most candidates that one election ever had.
const MAX_CANDIDATES: usize = 10_000;
/// The most texts of rules that stand for one decision, or as the kernel: each is read again when what is above it changes.
const MAX_RULES: usize = 100;
/// How many of them one member may have proposed, so that nobody fills all places.
const MAX_OWN_RULES: usize = 3;
/// How many texts of one member one election remembers that are not on its ballot: places never come free again, so whoever
/// proposed and withdrew for long enough would leave none for anybody.
const MAX_OWN_OFF_BALLOT: usize = 100;

pub(crate) fn stand(state: &mut State, act: &Stand, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let name = CandidateName::Member(act.member);
    newcomer(election, &name, &act.decision)?;
    if let Some(election) = state.election_mut(place) {
        election.nominate(name, Some(who), context.time);
    }
    Ok(vec![Outcome::Recorded])
}

pub(crate) fn propose(state: &mut State, act: &ProposeDocument, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    if act.decision == KERNEL {
        return assent::propose(state, act, who, context.time);
    }
    let place = decision(state, &act.decision)?;
    let known = state.decisions.get(place);
    let Some(election) = known.and_then(|d| d.election()).filter(|e| e.kind == SeatKind::Document) else {
        return Err(wrong_kind(&act.decision, known.map_or("decision", |d| d.kind().word()), "a document"));
    };
    is_hash(&act.document)?;
    let name = CandidateName::Document(act.document.clone());
    let in_force = election.place(&name).is_some_and(|place| election.holds(place));
    if in_force {
        return Err(Refusal::new(Rule::DocumentInForce, "this document is in force", "propose a changed one"));
    }
    newcomer(election, &name, &act.decision)?;
    leaves_places(election, &name, who, &act.decision)?;
    let text = if known.is_some_and(|d| d.holds_rules) { Some(rules(state, place, act, who)?) } else { None };
    if let Some(election) = state.election_mut(place) {
        election.nominate(name, Some(who), context.time);
        election.keep_text(&act.document, text);
    }
    Ok(vec![Outcome::Recorded])
}

/// The text of a constitution that could take over as things stand.
fn rules(state: &State, place: usize, act: &ProposeDocument, who: MemberIndex) -> Result<Arc<str>, Refusal> {
    let election = state.decisions.get(place).and_then(|d| d.election());
    let all = election.map_or(&[][..], |election| &election.candidates);
    let standing = all.iter().filter(|c| c.standing != Standing::Out);
    has_place(&act.decision, who, standing.map(|c| c.proposer))?;
    // An act without a text cannot be read further, so this stands in front of what needs one.
    let text = text_of(act)?;
    let constitution = state.read_rules(place, &text).map_err(|mistakes| does_not_check("the text", &mistakes))?;
    state.has_room(place, &constitution).map_err(|why| Refusal::new(Rule::TooMany, why, "define fewer decisions"))?;
    Ok(text)
}

/// Whether one more text of rules can stand, beside those of these proposers.
pub(crate) fn has_place(
    decision: &str,
    who: MemberIndex,
    proposers: impl Iterator<Item = Option<MemberIndex>>,
) -> Result<(), Refusal> {
    let (mut all, mut own) = (0_usize, 0_usize);
    for proposer in proposers {
        all = all.saturating_add(1);
        own = own.saturating_add(usize::from(proposer == Some(who)));
    }
    let too_many = |why: String, instead: &str| Err(Refusal::new(Rule::TooMany, why, instead));
    if all >= MAX_RULES {
        let why = format!("{MAX_RULES} texts stand for `{decision}` already");
        return too_many(why, "support one of them, or wait until one is out");
    }
    if own >= MAX_OWN_RULES {
        let why = format!("{MAX_OWN_RULES} texts of yours stand for `{decision}` already");
        return too_many(why, "withdraw one of them first");
    }
    Ok(())
}

/// Whether this member may have one more text that is not on the ballot, beside those that are out or wait for attention.
fn leaves_places(election: &Election, name: &CandidateName, who: MemberIndex, decision: &str) -> Result<(), Refusal> {
    let others = election.candidates.iter().filter(|candidate| {
        candidate.proposer == Some(who) && candidate.standing != Standing::Candidate && candidate.name != *name
    });
    if others.count() < MAX_OWN_OFF_BALLOT {
        return Ok(());
    }
    let why = format!("{MAX_OWN_OFF_BALLOT} texts that you proposed for `{decision}` are out or wait for attention");
    let instead = "propose one of them again, or ask somebody else to propose this one";
    Err(Refusal::new(Rule::TooMany, why, instead))
}

pub(crate) fn is_hash(document: &str) -> Result<(), Refusal> {
    if is_hex(document) {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::NameNotAllowed,
        format!("`{document}` is not a document's SHA-256 in lower-case hex"),
        "give the 64 hex digits of the text's SHA-256",
    ))
}

/// Whether a text is 32 bytes in lower-case hex, as hashes and keys are named.
pub(crate) fn is_hex(text: &str) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 64 && text.bytes().all(digit)
}

/// The text that an act brings, if it is the one that it names.
pub(crate) fn text_of(act: &ProposeDocument) -> Result<Arc<str>, Refusal> {
    let instead = "hand in the text together with the act, as it stands, byte for byte";
    let Some(text) = &act.text else {
        let why = format!("`{}` holds rules, and its text is missing", act.decision);
        return Err(Refusal::new(Rule::TextMissing, why, instead));
    };
    let found = hex(text.as_bytes());
    if found != act.document {
        let why = format!("the text that came along is another one: its SHA-256 is {found}");
        return Err(Refusal::new(Rule::TextMissing, why, instead));
    }
    Ok(Arc::clone(text))
}

/// How many mistakes of a text a refusal tells; the others are `rochdale check`'s.
const TOLD: usize = 3;

pub(crate) fn does_not_check(what: &str, mistakes: &[Diagnostic]) -> Refusal {
    let first: Vec<String> = mistakes.iter().take(TOLD).map(ToString::to_string).collect();
    let count = match mistakes.len() {
        1 => "a mistake".to_owned(),
        more => format!("{more} mistakes"),
    };
    let mut why = format!("{what} has {count}: {}", first.join("; "));
    if mistakes.len() > TOLD {
        why.push_str("; and so on");
    }
    Refusal::new(
        Rule::DoesNotCheck,
        why.replace('\n', " "),
        "mend it and propose it again; `rochdale check` shows every mistake with its place",
    )
}

// flat: the ladder of checks of one act.
pub(crate) fn withdraw(state: &mut State, act: &WithdrawCandidacy, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    if act.decision == KERNEL {
        return assent::withdraw(state, act, who);
    }
    let place = decision(state, &act.decision)?;
    let Some(election) = state.decisions.get(place).and_then(|d| d.election()) else {
        return Err(wrong_kind(&act.decision, "ranking", "an office, a body or a document"));
    };
    let name = match (&act.document, election.kind) {
        (Some(hash), SeatKind::Document) => CandidateName::Document(hash.clone()),
        (None, SeatKind::Office | SeatKind::Body) => CandidateName::Member(act.member),
        (Some(_), _) => {
            return Err(wrong_kind(&act.decision, election.kind().word(), "no `document`"));
        }
        (None, _) => {
            return Err(wrong_kind(&act.decision, "document", "the `document` that is withdrawn"));
        }
    };
    let standing = |place: &usize| election.candidates.get(*place).is_some_and(|c| c.standing != Standing::Out);
    let Some(candidate) = election.place(&name).filter(standing) else {
        let why = format!("`{name}` does not stand for `{}`", act.decision);
        return Err(Refusal::new(Rule::NotStanding, why, "nothing needs to be done"));
    };
    if election.candidates.get(candidate).is_some_and(|c| c.proposer != Some(who)) {
        let why = format!("`{name}` was proposed by someone else");
        return Err(Refusal::new(Rule::NotTheProposer, why, "ask its proposer, or vote against it"));
    }
    if election.kind == SeatKind::Document && election.holds(candidate) {
        return Err(Refusal::new(Rule::DocumentInForce, "a document in force can only be replaced", "propose another"));
    }
    let mut outcomes = vec![Outcome::Recorded];
    if election.holds(candidate) {
        outcomes.push(Outcome::SeatVacated { decision: act.decision.clone(), from: name.to_string() });
    }
    if let Some(election) = state.election_mut(place) {
        election.leave(candidate, context.time);
    }
    Ok(outcomes)
}

pub(crate) fn resign(state: &mut State, act: &ResignSeat, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let Some(candidate) = election.place(&CandidateName::Member(act.member)).filter(|at| election.holds(*at)) else {
        let why = format!("{} does not hold `{}`", act.member, act.decision);
        return Err(Refusal::new(Rule::NotHolding, why, "a candidate who holds no seat can withdraw"));
    };
    if let Some(election) = state.election_mut(place) {
        election.leave(candidate, context.time);
    }
    Ok(vec![Outcome::SeatVacated { decision: act.decision.clone(), from: act.member.to_string() }])
}

fn election_for_people<'a>(state: &'a State, place: usize, name: &str) -> Result<&'a Election, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(|d| d.election())
        .filter(|election| election.kind != SeatKind::Document)
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |d| d.kind().word()), "an office or a body"))
}

fn newcomer(election: &Election, name: &CandidateName, decision: &str) -> Result<(), Refusal> {
    let known = election.place(name).and_then(|place| election.candidates.get(place));
    if known.is_some_and(|candidate| candidate.standing != Standing::Out) {
        let why = format!("`{name}` stands for `{decision}` already");
        return Err(Refusal::new(Rule::AlreadyStanding, why, "nothing needs to be done"));
    }
    if known.is_none() && election.candidates.len() >= MAX_CANDIDATES {
        let why = format!("`{decision}` has had {MAX_CANDIDATES} candidates");
        return Err(Refusal::new(Rule::TooMany, why, "support one who stands"));
    }
    Ok(())
}
