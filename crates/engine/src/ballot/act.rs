//! Members place shares of their weight.

use charter::{Allowance, Counting};

use crate::act::{CastBallot, Nominate};
use crate::ballot::{Ballot, HasScores, NewBallot, Side, Slot};
use crate::chamber::commitment::act::goes_on;
use crate::chamber::requests::act::not_own;
use crate::chamber::{Decision, Standing, in_electorate};
use crate::context::{decision, member, wrong_kind};
use crate::id::{CandidateId, DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// A whole weight, and full approval, in parts per million.
const WHOLE: u32 = quantity::PPM;
/// The most ballots of one member: casting walks through them.
const MAX_BALLOTS: u32 = 1_000;
/// The most candidates that one ballot scores.
pub const MAX_SCORES: usize = 100;

pub(crate) fn cast(state: &mut State, act: &CastBallot) -> Result<Vec<Outcome>, Refusal> {
    let placing = placing_of_ballot(state, act)?;
    Ok(place_share(state, placing))
}

/// Whether a ballot stands just as the act would place it.
pub(crate) fn ballot_stands(state: &State, act: &CastBallot) -> bool {
    placing_of_ballot(state, act).is_ok_and(|placing| placing.stands(state))
}

/// Asks every rule of the act.
fn placing_of_ballot(state: &State, act: &CastBallot) -> Result<Placing, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let side = if act.against { Side::Against } else { Side::For };
    let voter = Voter { who, place };
    let Some(known) = state.decisions.get(place) else {
        return Err(wrong_kind(&act.decision, "closed decision", "an open one"));
    };
    let (slot, target, scores) = if known.lists_items() {
        let target = item(state, known, voter, act)?;
        (Slot::Item(target), target.0, Vec::new())
    } else {
        (Slot::Scores(side), 0, scores(state, known, voter, act, side)?)
    };
    let share = NewShare { side, target, share_ppm: act.share_ppm };
    Ok(Placing { voter, slot, share, scores })
}

pub(crate) fn nominate(state: &mut State, act: &Nominate) -> Result<Vec<Outcome>, Refusal> {
    let placing = placing_of_nomination(state, act)?;
    Ok(place_share(state, placing))
}

/// Whether a nomination stands just as the act would place it.
pub(crate) fn nomination_stands(state: &State, act: &Nominate) -> bool {
    placing_of_nomination(state, act).is_ok_and(|placing| placing.stands(state))
}

/// Asks every rule of the act.
fn placing_of_nomination(state: &State, act: &Nominate) -> Result<Placing, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let Some(known) = state.decisions.get(place).filter(|d| d.scores_candidates()) else {
        return Err(wrong_kind(&act.decision, "ranking", "an office, a body or a document"));
    };
    electorate(state, who, place, act.share_ppm)?;
    let target = if act.share_ppm == 0 {
        // Attention for someone who has dropped out can still be taken back.
        let place = known.candidate_by_name(&act.candidate);
        place.map_or_else(|| candidate(known, &act.candidate), Ok)?
    } else {
        candidate(known, &act.candidate)?
    };
    let (voter, slot) = (Voter { who, place }, Slot::Nominee(target));
    share_fits(state, voter, Some(slot), act.share_ppm)?;
    may_place(state, voter, Some(slot), act.share_ppm)?;
    let is_nominee = known.candidate(target).is_some_and(|c| c.standing == Standing::Nominee);
    if !is_nominee && act.share_ppm > 0 {
        let why = format!("`{}` is on the ballot of `{}` already", act.candidate, act.decision);
        return Err(Refusal::new(Rule::NotANominee, why, "cast a ballot with a score"));
    }
    let side = if act.against { Side::NominateAgainst } else { Side::Nominate };
    let share = NewShare { side, target: target.0, share_ppm: act.share_ppm };
    Ok(Placing { voter, slot, share, scores: Vec::new() })
}

/// Whose share, and on which decision.
#[derive(Clone, Copy)]
struct Voter {
    who: MemberIndex,
    place: DecisionId,
}

struct NewShare {
    side: Side,
    target: u32,
    share_ppm: u32,
}

/// A share as an act places it, once every rule has said yes.
struct Placing {
    voter: Voter,
    slot: Slot,
    share: NewShare,
    scores: Vec<(CandidateId, u32)>,
}

impl Placing {
    /// Whether it is what stands.
    fn stands(&self, state: &State) -> bool {
        let Some((_, ballot)) = standing(state, self.voter, self.slot) else {
            return false;
        };
        let new = &self.share;
        let has_scores = matches!(self.slot, Slot::Scores(_));
        let mut scores: Vec<(CandidateId, u32)> = if has_scores {
            state.ballots.scores(&ballot).map(|score| (score.candidate, score.ppm())).collect()
        } else {
            Vec::new()
        };
        scores.sort_unstable();
        (ballot.side, ballot.share_ppm) == (new.side, new.share_ppm) && scores == self.scores
    }
}

/// The item that a ballot on a ranking is on.
fn item(state: &State, ranking: &Decision, voter: Voter, act: &CastBallot) -> Result<ItemId, Refusal> {
    if act.scores.is_some() {
        return Err(wrong_kind(&act.decision, "ranking", "an `item` and no scores"));
    }
    electorate(state, voter.who, voter.place, act.share_ppm)?;
    let id = act.item.as_deref().unwrap_or_default();
    let known = ranking.item_place(id);
    let slot = known.map(Slot::Item);
    share_fits(state, voter, slot, act.share_ppm)?;
    may_place(state, voter, slot, act.share_ppm)?;
    let Some(target) = known else {
        let why = format!("`{}` has no item `{id}`", act.decision);
        return Err(Refusal::new(Rule::UnknownItem, why, "name an item of the list in `item`"));
    };
    let closed = ranking.item_at(target).is_some_and(|item| item.closed_at.is_some());
    if closed {
        return Err(Refusal::new(
            Rule::ItemClosed,
            format!("item `{id}` is closed"),
            "place the share on an open item",
        ));
    }
    // docs/spec/pools.md, Own projects. A ballot against it is one too: who asks says nothing on what they ask.
    let pool = ranking.pool().filter(|pool| pool.terms.excludes_own && act.share_ppm > 0);
    if pool.and_then(|pool| pool.project(target)).is_some_and(|project| project.is_own(voter.who)) {
        let why = "you are of this project's own people";
        return Err(Refusal::new(Rule::OwnProject, why, "place your share on another; you may pledge to it unmatched"));
    }
    not_own(ranking, target, voter.who)?;
    Ok(target)
}

/// The scores of a ballot on an election, by candidate; none where the ballot is taken back.
fn scores(
    state: &State,
    known: &Decision,
    voter: Voter,
    act: &CastBallot,
    side: Side,
) -> Result<Vec<(CandidateId, u32)>, Refusal> {
    if act.item.is_some() {
        return Err(wrong_kind(&act.decision, known.kind().word(), "`scores` and no item"));
    }
    // The checks go in the order of the rules' numbers (docs/spec/refusals.md).
    electorate(state, voter.who, voter.place, act.share_ppm)?;
    // docs/spec/acts.md, cast_ballot: a share of 0 takes the ballot back, and its scores are ignored.
    let given = act.scores.iter().filter(|_| act.share_ppm > 0);
    let mut scores = Vec::new();
    for (name, ppm) in given.flatten() {
        scores.push((candidate(known, name)?, *ppm));
    }
    // docs/spec/elections.md, Votes: approval has scores of 0 or ten points only.
    let approval = state.decisions.get(voter.place).is_some_and(|d| d.counting == Counting::Approval);
    in_range(&scores, approval)?;
    let slot = Some(Slot::Scores(side));
    share_fits(state, voter, slot, act.share_ppm)?;
    if scores.is_empty() && act.share_ppm > 0 {
        let why = format!("the ballot on `{}` scores nobody", act.decision);
        return Err(Refusal::new(
            Rule::ScoresMissing,
            why,
            "give at least one candidate a score, or place a share of 0 to take the ballot back",
        ));
    }
    if scores.len() > MAX_SCORES {
        let why = format!("the ballot scores {} candidates", scores.len());
        return Err(Refusal::new(Rule::TooManyScores, why, format!("score at most {MAX_SCORES}")));
    }
    // docs/spec/elections.md, Nomination: only one of a member's two ballots may name a candidate.
    on_one_ballot(state, known, voter, &act.decision, side, &scores)?;
    may_place(state, voter, slot, act.share_ppm)?;
    if let Some(commitment) = known.commitment().filter(|_| act.share_ppm > 0) {
        goes_on(commitment, &act.decision)?;
    }
    if scores.iter().any(|(option, ppm)| *ppm > 0 && state.funds_own(known, *option, voter.who)) {
        let why = "an option of it funds a project of your own first";
        return Err(Refusal::new(Rule::OwnProject, why, "vote for another, or leave this one to the others"));
    }
    // docs/spec/updates.md, The state hash: a ballot's element has its scores by candidate.
    scores.sort_unstable();
    Ok(scores)
}

fn in_range(scores: &[(CandidateId, u32)], approval: bool) -> Result<(), Refusal> {
    let wrong = |ppm: u32| ppm > WHOLE || (approval && !matches!(ppm, 0 | WHOLE));
    let Some((_, ppm)) = scores.iter().find(|(_, ppm)| wrong(*ppm)) else {
        return Ok(());
    };
    let instead = if approval { "here scores are 0 or 1000000" } else { "scores go from 0 to 1000000 (10 points)" };
    Err(Refusal::new(Rule::ScoreOutOfRange, format!("a score is {ppm}"), instead))
}

/// Checks that only one of a member's two ballots names a candidate.
fn on_one_ballot(
    state: &State,
    known: &Decision,
    voter: Voter,
    decision: &str,
    side: Side,
    scores: &[(CandidateId, u32)],
) -> Result<(), Refusal> {
    let other = if side == Side::For { Side::Against } else { Side::For };
    let Some((_, ballot)) = standing(state, voter, Slot::Scores(other)) else {
        return Ok(());
    };
    let mut theirs = state.ballots.scores(&ballot);
    let Some(twice) = theirs.find(|score| scores.iter().any(|(mine, _)| *mine == score.candidate)) else {
        return Ok(());
    };
    let name = known.candidate(twice.candidate).map(|c| c.name.to_string()).unwrap_or_default();
    let why = format!("`{name}` stands on your other ballot on `{decision}`");
    Err(Refusal::new(
        Rule::OnBothBallots,
        why,
        "only one of a member's two ballots may name a candidate: move the other first",
    ))
}

/// A candidate's place by name. Someone who is out is unknown on ballots.
fn candidate(known: &Decision, name: &str) -> Result<CandidateId, Refusal> {
    let stands = |place: &CandidateId| known.candidate(*place).is_some_and(|c| c.standing != Standing::Out);
    known.candidate_by_name(name).filter(stands).ok_or_else(|| {
        let standing = known.candidates().iter().filter(|c| c.standing != Standing::Out).take(10);
        let names: Vec<String> = standing.map(|c| format!("`{}`", c.name)).collect();
        let instead = if names.is_empty() {
            "nobody stands yet".to_owned()
        } else {
            format!("these stand: {}", names.join(", "))
        };
        Refusal::new(Rule::UnknownCandidate, format!("`{name}` does not stand here"), instead)
    })
}

/// Checks that a member who places a share is in the electorate. Members may take a share back even where they may vote no more.
fn electorate(state: &State, who: MemberIndex, place: DecisionId, share_ppm: u32) -> Result<(), Refusal> {
    let Some(decision) = state.decisions.get(place).filter(|_| share_ppm > 0) else {
        return Ok(());
    };
    let (kernel, members) = (&state.rules.kernel, &state.members);
    if in_electorate(kernel, decision, members.roll(), &state.weights, who) {
        return Ok(());
    }
    let classes = decision.electorate.iter();
    let classes = classes.filter_map(|class| kernel.classes.get(class.place()));
    let names: Vec<&str> = classes.map(|class| class.name.as_str()).collect();
    let why = format!("only {} vote on `{}`", names.join(" and "), decision.name);
    Err(Refusal::new(Rule::NotInElectorate, why, "you can vote on it once you are in that class"))
}

/// The member's ballot in a slot, and its row.
fn standing(state: &State, voter: Voter, slot: Slot) -> Option<(u32, Ballot)> {
    state.ballots.find(&state.members, voter.who, voter.place, slot)
}

/// The share is a share, and the member has that much free. `slot` is `None` where no ballot can stand yet.
fn share_fits(state: &State, voter: Voter, slot: Option<Slot>, share_ppm: u32) -> Result<(), Refusal> {
    if share_ppm > WHOLE {
        let why = format!("the share is {share_ppm} parts per million");
        return Err(Refusal::new(Rule::ShareOutOfRange, why, "a share goes from 0 to 1000000"));
    }
    let old = slot.and_then(|slot| standing(state, voter, slot));
    let placed = state.placed_for(voter.who, voter.place);
    let others = placed.saturating_sub(old.map_or(0, |(_, ballot)| ballot.share_ppm));
    if others.saturating_add(share_ppm) <= WHOLE {
        return Ok(());
    }
    let free = WHOLE.saturating_sub(others);
    let each = state.decisions.get(voter.place).filter(|decision| decision.allowance == Allowance::Each);
    if let Some(decision) = each {
        // docs/spec/elections.md, Allowance: within one decision all shares add up to at most the whole.
        let name = &decision.name;
        let why = format!(
            "{others} parts per million of your vote on `{name}` are placed there and {share_ppm} would come on top"
        );
        let help = format!("you have a whole vote on `{name}`, and {free} parts per million of it are free");
        return Err(Refusal::new(Rule::ShareExceedsWeight, why, help));
    }
    let why = format!("{others} parts per million of your weight stand elsewhere and {share_ppm} would come on top");
    Err(Refusal::new(
        Rule::ShareExceedsWeight,
        why,
        format!("{free} parts per million are free; take a share back elsewhere for more"),
    ))
}

/// Checks that there is room for a new ballot, and that a ballot taken back exists.
fn may_place(state: &State, voter: Voter, slot: Option<Slot>, share_ppm: u32) -> Result<(), Refusal> {
    if slot.is_some_and(|slot| standing(state, voter, slot).is_some()) {
        return Ok(());
    }
    if share_ppm == 0 {
        return Err(Refusal::new(Rule::NothingToTakeBack, "you have no such ballot here", "nothing needs to be done"));
    }
    if state.members.placed(voter.who).ballots >= MAX_BALLOTS {
        let why = format!("you have {MAX_BALLOTS} ballots standing");
        return Err(Refusal::new(Rule::TooManyBallots, why, "take one back first"));
    }
    Ok(())
}

/// Replaces the ballot in a slot; every check is behind us.
fn place_share(state: &mut State, placing: Placing) -> Vec<Outcome> {
    let Placing { voter, slot, share: new, scores } = placing;
    state.keep_counted(voter.who);
    let has_scores = if matches!(slot, Slot::Scores(_)) { HasScores::Yes } else { HasScores::No };
    if let Some((row, _)) = standing(state, voter, slot) {
        state.remove_ballot(row, has_scores);
    }
    if new.share_ppm > 0 {
        let ballot = NewBallot {
            member: voter.who,
            decision: voter.place,
            side: new.side,
            allowance: state.decisions.get(voter.place).map_or(Allowance::Shared, |decision| decision.allowance),
            target: new.target,
            share_ppm: new.share_ppm,
        };
        state.put_ballot(ballot, &scores);
    }
    let State { ballots, decisions, .. } = state;
    ballots.tidy(|number| HasScores::of(decisions.get(number).is_some_and(Decision::scores_candidates)));
    vec![Outcome::Recorded]
}
