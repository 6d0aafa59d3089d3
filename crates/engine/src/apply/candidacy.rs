//! People and documents stand, withdraw and resign.

use crate::act::{ProposeDocument, ResignSeat, Stand, WithdrawCandidacy};
use crate::apply::{Context, decision, member, wrong_kind};
use crate::decision::{CandidateName, Election, Layer, Matter, Standing};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::settle::SeatKind;
use crate::state::State;

/// The most candidates that one election ever had.
const MAX_CANDIDATES: usize = 10_000;

pub(super) fn stand(
    state: &mut State,
    act: &Stand,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let name = CandidateName::Member(act.member);
    newcomer(election, &name, &act.decision)?;
    if let Some(election) = election_mut(state, place) {
        election.nominate(name, Some(who), context.time);
    }
    Ok(vec![Outcome::Recorded])
}

pub(super) fn propose(
    state: &mut State,
    act: &ProposeDocument,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let known = state.decisions.get(place);
    let Some(election) = known
        .and_then(|d| d.election())
        .filter(|e| e.kind == SeatKind::Document)
    else {
        return Err(wrong_kind(
            &act.decision,
            known.map_or("decision", |d| d.kind()),
            "a document",
        ));
    };
    if known.is_some_and(|d| d.layer == Layer::Kernel) {
        let why = "this version cannot put another constitution into force";
        return Err(Refusal::new(
            Rule::WrongKindOfDecision,
            why,
            "propose a document that the constitution defines",
        ));
    }
    let is_hash = act.document.len() == 64
        && act
            .document
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !is_hash {
        let why = format!(
            "`{}` is not a document's SHA-256 in lower-case hex",
            act.document
        );
        return Err(Refusal::new(
            Rule::NameNotAllowed,
            why,
            "give the 64 hex digits of the text's SHA-256",
        ));
    }
    let name = CandidateName::Document(act.document.clone());
    let in_force = election
        .place(&name)
        .is_some_and(|place| election.holds(place));
    newcomer(election, &name, &act.decision).map_err(|refusal| {
        if in_force {
            Refusal::new(
                Rule::DocumentInForce,
                "this document is in force",
                "propose a changed one",
            )
        } else {
            refusal
        }
    })?;
    if let Some(election) = election_mut(state, place) {
        election.nominate(name, Some(who), context.time);
    }
    Ok(vec![Outcome::Recorded])
}

// flat: the ladder of checks of one act.
pub(super) fn withdraw(
    state: &mut State,
    act: &WithdrawCandidacy,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let Some(election) = state.decisions.get(place).and_then(|d| d.election()) else {
        return Err(wrong_kind(
            &act.decision,
            "ranking",
            "an office, a body or a document",
        ));
    };
    let name = match (&act.document, election.kind) {
        (Some(hash), SeatKind::Document) => CandidateName::Document(hash.clone()),
        (None, SeatKind::Office | SeatKind::Body) => CandidateName::Member(act.member),
        (Some(_), _) => {
            return Err(wrong_kind(
                &act.decision,
                election.kind_name(),
                "no `document`",
            ));
        }
        (None, _) => {
            return Err(wrong_kind(
                &act.decision,
                "document",
                "the `document` that is withdrawn",
            ));
        }
    };
    let standing = |place: &usize| {
        election
            .candidates
            .get(*place)
            .is_some_and(|c| c.standing != Standing::Out)
    };
    let Some(candidate) = election.place(&name).filter(standing) else {
        let why = format!("`{name}` does not stand for `{}`", act.decision);
        return Err(Refusal::new(
            Rule::NotStanding,
            why,
            "nothing needs to be done",
        ));
    };
    if election
        .candidates
        .get(candidate)
        .is_some_and(|c| c.proposer != Some(who))
    {
        let why = format!("`{name}` was proposed by someone else");
        return Err(Refusal::new(
            Rule::NotTheProposer,
            why,
            "ask its proposer, or vote against it",
        ));
    }
    if election.kind == SeatKind::Document && election.holds(candidate) {
        return Err(Refusal::new(
            Rule::DocumentInForce,
            "a document in force can only be replaced",
            "propose another",
        ));
    }
    let mut outcomes = vec![Outcome::Recorded];
    if election.holds(candidate) {
        outcomes.push(Outcome::SeatVacated {
            decision: act.decision.clone(),
            from: name.to_string(),
        });
    }
    if let Some(election) = election_mut(state, place) {
        election.leave(candidate, context.time);
    }
    Ok(outcomes)
}

pub(super) fn resign(
    state: &mut State,
    act: &ResignSeat,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let Some(candidate) = election
        .place(&CandidateName::Member(act.member))
        .filter(|at| election.holds(*at))
    else {
        let why = format!("{} does not hold `{}`", act.member, act.decision);
        return Err(Refusal::new(
            Rule::NotHolding,
            why,
            "a candidate who holds no seat can withdraw",
        ));
    };
    if let Some(election) = election_mut(state, place) {
        election.leave(candidate, context.time);
    }
    Ok(vec![Outcome::SeatVacated {
        decision: act.decision.clone(),
        from: act.member.to_string(),
    }])
}

fn election_for_people<'a>(
    state: &'a State,
    place: usize,
    name: &str,
) -> Result<&'a Election, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(|d| d.election())
        .filter(|election| election.kind != SeatKind::Document)
        .ok_or_else(|| {
            wrong_kind(
                name,
                known.map_or("decision", |d| d.kind()),
                "an office or a body",
            )
        })
}

fn newcomer(election: &Election, name: &CandidateName, decision: &str) -> Result<(), Refusal> {
    let known = election
        .place(name)
        .and_then(|place| election.candidates.get(place));
    if known.is_some_and(|candidate| candidate.standing != Standing::Out) {
        let why = format!("`{name}` stands for `{decision}` already");
        return Err(Refusal::new(
            Rule::AlreadyStanding,
            why,
            "nothing needs to be done",
        ));
    }
    if known.is_none() && election.candidates.len() >= MAX_CANDIDATES {
        let why = format!("`{decision}` has had {MAX_CANDIDATES} candidates");
        return Err(Refusal::new(Rule::TooMany, why, "support one who stands"));
    }
    Ok(())
}

fn election_mut(state: &mut State, place: usize) -> Option<&mut Election> {
    match state
        .decisions
        .get_mut(place)
        .map(|decision| &mut decision.matter)
    {
        Some(Matter::Election(election)) => Some(election),
        _ => None,
    }
}
