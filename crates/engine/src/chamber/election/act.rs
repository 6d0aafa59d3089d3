//! People and documents stand, withdraw and resign.

use std::sync::Arc;

use charter::Edition;

use crate::act::{ProposeDocument, ResignSeat, Stand, WithdrawCandidacy};
use crate::ballot::Side;
use crate::chamber::{CandidateName, Election, Standing};
use crate::context::{Context, decision, member, wrong_kind};
use crate::count::SeatKind;
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::amendment::KERNEL;
use crate::rules::assent;
use crate::rules::texts::{does_not_check, has_place, is_hash, text_of};
use crate::state::State;

/// Others with one part of so many of all weight keep a text on the ballot.
const PARTS_BEHIND: u128 = 100;
/// The most candidates that one election ever had.
const MAX_CANDIDATES: usize = 10_000;
/// How many texts of one member one election remembers that are not on its ballot: places never come free again, so whoever
/// proposed and withdrew for long enough would leave none for anybody.
const MAX_OWN_OFF_BALLOT: usize = 100;

pub(crate) fn stand(state: &mut State, act: &Stand, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let name = CandidateName::Member(act.member);
    newcomer(election, &name, &act.decision)?;
    if let Some(election) = state.decisions.get_mut(place).and_then(|d| d.election_mut()) {
        election.nominate(name, Some(who), context.time);
        state.stood.insert((act.member, place));
    }
    Ok(vec![Outcome::Recorded])
}

/// Whether a member stands already for what the act names.
pub(crate) fn stands(state: &State, act: &Stand) -> bool {
    let place = state.decision_place(&act.decision);
    let election = place.and_then(|place| election_for_people(state, place, &act.decision).ok());
    election.is_some_and(|election| {
        let place = election.place(&CandidateName::Member(act.member));
        let candidate = place.and_then(|place| election.candidates.get(place.place()));
        candidate.is_some_and(|candidate| candidate.standing != Standing::Out)
    })
}

/// `room` says whether the text fits beside those of the same day.
pub(crate) fn propose(
    state: &mut State,
    act: &ProposeDocument,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    if act.decision == KERNEL {
        return assent::propose(state, act, who, context.time, room);
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
    room?;
    let text = if known.is_some_and(|d| d.holds_rules) { Some(rules(state, place, act, who)?) } else { None };
    if let Some(election) = state.decisions.get_mut(place).and_then(|d| d.election_mut()) {
        election.nominate(name, Some(who), context.time);
        election.keep_text(&act.document, text);
    }
    Ok(vec![Outcome::Recorded])
}

/// The text of a constitution that could take over as things stand.
fn rules(state: &State, place: DecisionId, act: &ProposeDocument, who: MemberIndex) -> Result<Arc<str>, Refusal> {
    let election = state.decisions.get(place).and_then(|d| d.election());
    let all = election.map_or(&[][..], |election| &election.candidates);
    let standing = all.iter().filter(|c| c.standing != Standing::Out);
    // From edition 2 on there are places for the texts that most are behind (docs/spec/elections.md, Leaving): nobody closes a ballot.
    let closes = state.editions.current < Edition::TWO;
    has_place(&act.decision, who, standing.map(|c| c.proposer).filter(|proposer| closes || *proposer == Some(who)))?;
    // An act without a text cannot be read further, so this stands in front of what needs one.
    let text = text_of(act)?;
    let constitution = state.read_rules(place, &text).map_err(|mistakes| does_not_check("the text", &mistakes))?;
    state.has_room(place, &constitution).map_err(|why| Refusal::new(Rule::TooMany, why, "define fewer decisions"))?;
    Ok(text)
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

// flat: the ladder of checks of one act.
pub(crate) fn withdraw(state: &mut State, act: &WithdrawCandidacy, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    // docs/spec/adoption.md, Paths and places: the kernel is no decision, but acts call it `kernel`.
    if act.decision == KERNEL {
        return assent::withdraw(state, act, who);
    }
    let place = decision(state, &act.decision)?;
    let known = state.decisions.get(place);
    let Some(election) = known.and_then(|d| d.election()) else {
        let is = known.map_or("decision", |d| d.kind().word());
        return Err(wrong_kind(&act.decision, is, "an office, a body or a document"));
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
    let standing =
        |place: &CandidateId| election.candidates.get(place.place()).is_some_and(|c| c.standing != Standing::Out);
    let Some(candidate) = election.place(&name).filter(standing) else {
        let why = format!("`{name}` does not stand for `{}`", act.decision);
        return Err(Refusal::new(Rule::NotStanding, why, "nothing needs to be done"));
    };
    // docs/spec/elections.md, Leaving: a document is withdrawn by its proposer; people have proposed themselves.
    if election.candidates.get(candidate.place()).is_some_and(|c| c.proposer != Some(who)) {
        let why = format!("`{name}` was proposed by someone else");
        return Err(Refusal::new(Rule::NotTheProposer, why, "ask its proposer, or vote against it"));
    }
    // docs/spec/elections.md, Buckets: a document has no nobody, so the one in force can only be replaced.
    if election.kind == SeatKind::Document && election.holds(candidate) {
        return Err(Refusal::new(Rule::DocumentInForce, "a document in force can only be replaced", "propose another"));
    }
    if election.kind == SeatKind::Document && state.editions.current >= Edition::TWO {
        others_are_not_behind(state, place, candidate, who)?;
    }
    // docs/spec/elections.md, Leaving: the seat is vacant at once and not at the next update.
    let mut outcomes = vec![Outcome::Recorded];
    if election.holds(candidate) {
        outcomes.push(Outcome::SeatVacated { decision: act.decision.clone(), from: name.to_string() });
    }
    // Ballots that name the candidate stay: they count again, as attention first, if the candidate stands again.
    if let Some(election) = state.decisions.get_mut(place).and_then(|d| d.election_mut()) {
        election.leave(candidate, context.time);
    }
    Ok(outcomes)
}

/// Edition 2: a text that others with a hundredth of all weight score above 0 is not its proposer's alone any more.
pub(crate) fn others_are_not_behind(
    state: &State,
    place: DecisionId,
    candidate: CandidateId,
    proposer: MemberIndex,
) -> Result<(), Refusal> {
    let on_it = state.ballots.rows().iter().filter(|ballot| {
        ballot.decision == place
            && ballot.side == Side::For
            && ![proposer, MemberIndex::NOBODY].contains(&ballot.member)
    });
    let behind = on_it
        .filter(|ballot| state.ballots.scores(ballot).any(|score| score.candidate == candidate && score.ppm() > 0));
    if !is_a_hundredth(state, behind.map(|ballot| ballot.member)) {
        return Ok(());
    }
    let why = "others with a hundredth of all weight or more score it above 0";
    Err(Refusal::new(Rule::OthersBehindIt, why, "vote against it, or propose a better one"))
}

/// Whether members have a hundredth of all weight together, or more, as of the last update.
pub(crate) fn is_a_hundredth(state: &State, members: impl Iterator<Item = MemberIndex>) -> bool {
    let weight = |weight: u64| u128::from(weight);
    let theirs = members.fold(0_u128, |sum, who| sum.saturating_add(weight(state.weights.of(who))));
    let all = state.weights.member.iter().fold(0_u128, |sum, own| sum.saturating_add(weight(*own)));
    theirs > 0 && theirs.saturating_mul(PARTS_BEHIND) >= all
}

pub(crate) fn resign(state: &mut State, act: &ResignSeat, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let election = election_for_people(state, place, &act.decision)?;
    let Some(candidate) = election.place(&CandidateName::Member(act.member)).filter(|at| election.holds(*at)) else {
        let why = format!("{} does not hold `{}`", act.member, act.decision);
        return Err(Refusal::new(Rule::NotHolding, why, "a candidate who holds no seat can withdraw"));
    };
    if let Some(election) = state.decisions.get_mut(place).and_then(|d| d.election_mut()) {
        election.leave(candidate, context.time);
    }
    Ok(vec![Outcome::SeatVacated { decision: act.decision.clone(), from: act.member.to_string() }])
}

fn election_for_people<'a>(state: &'a State, place: DecisionId, name: &str) -> Result<&'a Election, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(|d| d.election())
        .filter(|election| election.kind != SeatKind::Document)
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |d| d.kind().word()), "an office or a body"))
}

pub(crate) fn newcomer(election: &Election, name: &CandidateName, decision: &str) -> Result<(), Refusal> {
    let known = election.place(name).and_then(|place| election.candidates.get(place.place()));
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
