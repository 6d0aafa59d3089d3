//! Members place shares of their weight.

use charter::Counting;

use crate::act::{CastBallot, Nominate};
use crate::apply::{decision, member, wrong_kind};
use crate::ballot::{HasScores, NewBallot, Side, Slot};
use crate::decision::{Election, Matter, Standing};
use crate::digest::ballot_bytes;
use crate::member::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// A whole weight, and full approval, in parts per million.
const WHOLE: u32 = quantity::PPM;
/// The most ballots of one member: casting walks through them.
const MAX_BALLOTS: u32 = 1_000;
/// The most candidates that one ballot scores.
const MAX_SCORES: usize = 100;

pub(super) fn cast(state: &mut State, act: &CastBallot) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let side = if act.against {
        Side::Against
    } else {
        Side::For
    };
    let (slot, target, scores) = aim(state, who, place, act, side)?;
    place_share(
        state,
        who,
        place,
        slot,
        NewShare {
            side,
            target,
            share_ppm: act.share_ppm,
        },
        &scores,
    )
}

pub(super) fn nominate(state: &mut State, act: &Nominate) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let Some(election) = state.decisions.get(place).and_then(|d| d.election()) else {
        return Err(wrong_kind(
            &act.decision,
            "ranking",
            "an office, a body or a document",
        ));
    };
    let target = candidate(election, &act.candidate)?;
    let is_nominee = election
        .candidates
        .get(target as usize)
        .is_some_and(|c| c.standing == Standing::Nominee);
    electorate(state, who, place)?;
    if !is_nominee && act.share_ppm > 0 {
        let why = format!(
            "`{}` is on the ballot of `{}` already",
            act.candidate, act.decision
        );
        return Err(Refusal::new(
            Rule::NotANominee,
            why,
            "cast a ballot with a score",
        ));
    }
    let side = if act.against {
        Side::NominateAgainst
    } else {
        Side::Nominate
    };
    let share = NewShare {
        side,
        target,
        share_ppm: act.share_ppm,
    };
    place_share(state, who, place, Slot::Nominee(target), share, &[])
}

struct NewShare {
    side: Side,
    target: u32,
    share_ppm: u32,
}

type Aim = (Slot, u32, Vec<(u32, u32)>);

/// What a ballot is on: an item, or candidates with scores.
fn aim(
    state: &State,
    who: MemberIndex,
    place: usize,
    act: &CastBallot,
    side: Side,
) -> Result<Aim, Refusal> {
    let Some(known) = state.decisions.get(place) else {
        return Err(wrong_kind(&act.decision, "closed decision", "an open one"));
    };
    match &known.matter {
        Matter::Ranking(ranking) => {
            if act.scores.is_some() {
                return Err(wrong_kind(
                    &act.decision,
                    "ranking",
                    "an `item` and no scores",
                ));
            }
            electorate(state, who, place)?;
            let id = act.item.as_deref().unwrap_or_default();
            let Some(target) = ranking.place(id) else {
                let why = format!("`{}` has no item `{id}`", act.decision);
                return Err(Refusal::new(
                    Rule::UnknownItem,
                    why,
                    "name an item of the list in `item`",
                ));
            };
            let closed = ranking
                .items
                .get(target as usize)
                .is_some_and(|item| item.closed_at.is_some());
            if closed && act.share_ppm > 0 {
                return Err(Refusal::new(
                    Rule::ItemClosed,
                    format!("item `{id}` is closed"),
                    "place the share on an open item",
                ));
            }
            Ok((Slot::Item(target), target, Vec::new()))
        }
        Matter::Election(election) => {
            if act.item.is_some() {
                return Err(wrong_kind(
                    &act.decision,
                    election.kind_name(),
                    "`scores` and no item",
                ));
            }
            electorate(state, who, place)?;
            Ok((
                Slot::Scores(side),
                0,
                scores(state, election, who, place, act, side)?,
            ))
        }
    }
}

fn scores(
    state: &State,
    election: &Election,
    who: MemberIndex,
    place: usize,
    act: &CastBallot,
    side: Side,
) -> Result<Vec<(u32, u32)>, Refusal> {
    if act.share_ppm == 0 {
        return Ok(Vec::new());
    }
    let given = act.scores.as_ref().filter(|scores| !scores.is_empty());
    let mut scores = Vec::new();
    for (name, ppm) in given.into_iter().flatten() {
        scores.push((candidate(election, name)?, *ppm));
    }
    let approval = state
        .decisions
        .get(place)
        .is_some_and(|d| d.counting == Counting::Approval);
    if let Some((_, ppm)) = scores
        .iter()
        .find(|(_, ppm)| *ppm > WHOLE || (approval && !matches!(*ppm, 0 | WHOLE)))
    {
        let instead = if approval {
            "here scores are 0 or 1000000"
        } else {
            "scores go from 0 to 1000000 (10 points)"
        };
        return Err(Refusal::new(
            Rule::ScoreOutOfRange,
            format!("a score is {ppm}"),
            instead,
        ));
    }
    if scores.is_empty() {
        let why = format!("the ballot on `{}` scores nobody", act.decision);
        return Err(Refusal::new(
            Rule::ScoresMissing,
            why,
            "give at least one candidate a score, or place a share of 0 to take the ballot back",
        ));
    }
    if scores.len() > MAX_SCORES {
        let why = format!("the ballot scores {} candidates", scores.len());
        return Err(Refusal::new(
            Rule::TooManyScores,
            why,
            format!("score at most {MAX_SCORES}"),
        ));
    }
    let other = if side == Side::For {
        Side::Against
    } else {
        Side::For
    };
    if let Some((_, ballot)) = state.ballots.find(
        &state.members,
        who,
        decision_number(place),
        Slot::Scores(other),
    ) {
        if let Some(twice) = state
            .ballots
            .scores(&ballot)
            .find(|score| scores.iter().any(|(mine, _)| *mine == score.candidate))
        {
            let name = election
                .candidates
                .get(twice.candidate as usize)
                .map(|c| c.name.to_string())
                .unwrap_or_default();
            let why = format!("`{name}` stands on your other ballot on `{}`", act.decision);
            return Err(Refusal::new(
                Rule::OnBothBallots,
                why,
                "a candidate stands on one of a member's two ballots: move the other first",
            ));
        }
    }
    scores.sort_unstable();
    Ok(scores)
}

/// A candidate's place by name. Someone who is out is unknown on ballots.
fn candidate(election: &Election, name: &str) -> Result<u32, Refusal> {
    let place = election.place_named(name).filter(|place| {
        election
            .candidates
            .get(*place)
            .is_some_and(|c| c.standing != Standing::Out)
    });
    place
        .and_then(|place| u32::try_from(place).ok())
        .ok_or_else(|| {
            let standing = election
                .candidates
                .iter()
                .filter(|c| c.standing != Standing::Out)
                .take(10);
            let names: Vec<String> = standing.map(|c| format!("`{}`", c.name)).collect();
            let instead = if names.is_empty() {
                "nobody stands yet".to_owned()
            } else {
                format!("these stand: {}", names.join(", "))
            };
            Refusal::new(
                Rule::UnknownCandidate,
                format!("`{name}` does not stand here"),
                instead,
            )
        })
}

fn electorate(state: &State, who: MemberIndex, place: usize) -> Result<(), Refusal> {
    let Some(decision) = state.decisions.get(place) else {
        return Ok(());
    };
    let classes = || {
        decision
            .electorate
            .iter()
            .filter_map(|class| state.rules.kernel.classes.get(*class))
    };
    let may = decision.electorate.is_empty()
        || state.weights.of_classes(who, &decision.electorate) > 0
        || classes()
            .filter_map(|class| state.members.list(class.list.as_deref()?))
            .any(|list| list.contains(&who));
    if may {
        return Ok(());
    }
    let names: Vec<&str> = classes().map(|class| class.name.as_str()).collect();
    let why = format!("only {} vote on `{}`", names.join(" and "), decision.name);
    Err(Refusal::new(
        Rule::NotInElectorate,
        why,
        "you can vote on it once you have weight in that class",
    ))
}

fn decision_number(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn place_share(
    state: &mut State,
    who: MemberIndex,
    place: usize,
    slot: Slot,
    new: NewShare,
    scores: &[(u32, u32)],
) -> Result<Vec<Outcome>, Refusal> {
    let number = decision_number(place);
    let old = state.ballots.find(&state.members, who, number, slot);
    let others = state
        .members
        .placed_ppm(who)
        .saturating_sub(old.map_or(0, |(_, ballot)| ballot.share_ppm));
    if new.share_ppm > WHOLE {
        let why = format!("the share is {} parts per million", new.share_ppm);
        return Err(Refusal::new(
            Rule::ShareOutOfRange,
            why,
            "a share goes from 0 to 1000000",
        ));
    }
    if others.saturating_add(new.share_ppm) > WHOLE {
        let free = WHOLE.saturating_sub(others);
        let why = format!(
            "{others} parts per million of your weight stand elsewhere and {} would come on top",
            new.share_ppm
        );
        return Err(Refusal::new(
            Rule::ShareExceedsWeight,
            why,
            format!("{free} parts per million are free; take a share back elsewhere for more"),
        ));
    }
    if old.is_none() && new.share_ppm == 0 {
        return Err(Refusal::new(
            Rule::NothingToTakeBack,
            "you have no such ballot here",
            "nothing needs to be done",
        ));
    }
    if old.is_none()
        && state
            .members
            .ballots
            .get(who as usize)
            .is_some_and(|count| *count >= MAX_BALLOTS)
    {
        let why = format!("you have {MAX_BALLOTS} ballots standing");
        return Err(Refusal::new(
            Rule::TooManyBallots,
            why,
            "take one back first",
        ));
    }
    let has_scores = if matches!(slot, Slot::Scores(_)) {
        HasScores::Yes
    } else {
        HasScores::No
    };
    if let Some((row, _)) = old {
        state.remove_ballot(row, has_scores);
    }
    if new.share_ppm > 0 {
        let ballot = NewBallot {
            member: who,
            decision: number,
            side: new.side,
            target: new.target,
            share_ppm: new.share_ppm,
        };
        state.ballots.place(&mut state.members, ballot, scores);
        if let Some((_, placed)) = state.ballots.of(&state.members, who).next() {
            let kept: Vec<_> = if has_scores == HasScores::Yes {
                state.ballots.scores(placed).collect()
            } else {
                Vec::new()
            };
            let bytes = ballot_bytes(placed, &kept);
            state.ballot_digest.add(&bytes);
        }
    }
    let State {
        ballots, decisions, ..
    } = state;
    ballots.tidy(
        |number| match decisions.get(number as usize).map(|d| &d.matter) {
            Some(Matter::Election(_)) => HasScores::Yes,
            _ => HasScores::No,
        },
    );
    Ok(vec![Outcome::Recorded])
}

impl State {
    /// Whether the ballot in a row points to scores.
    pub(crate) fn has_scores(&self, row: u32) -> HasScores {
        let ballot = self.ballots.rows().get(row as usize);
        let election = ballot
            .and_then(|b| self.decisions.get(b.decision as usize))
            .is_some_and(|d| d.election().is_some());
        if election && ballot.is_some_and(|b| !b.side.is_nomination()) {
            HasScores::Yes
        } else {
            HasScores::No
        }
    }
}
