//! Drafts of pages as acts, in an order in which no step breaks a rule that the whole keeps.

use engine::Act;
use engine::act::{
    AnnounceFork, Assent, CastBallot, JoinFork, Nominate, ProposeDocument, ResignSeat, Stand, WithdrawCandidacy,
};
use views::{Side, Sight};

use super::pseudonym;
use crate::desk::{BallotDraft, ForkStep, ItemDraft, ShareMove, Step};
use crate::trouble::Trouble;

/// The acts that make a member's ballots on an election what the draft says.
pub(super) fn ballots(sight: &Sight<'_>, decision: &str, draft: &BallotDraft) -> Result<Vec<Act>, Trouble> {
    let member = sight.me.ok_or(Trouble::Nobody)?;
    let state = sight.state;
    let place = state.decision_place(decision).ok_or(Trouble::Absent)?;
    let index = state.members.index(member).ok_or(Trouble::Nobody)?;
    let stands = |against: bool| {
        let mut ballots = state.ballots_on(index, place);
        ballots.any(|ballot| !ballot.side.is_nomination() && ballot.side.is_against() == against)
    };
    let act = |against, share_ppm, scores| {
        let (decision, item) = (decision.to_owned(), None);
        Act::CastBallot(CastBallot { member, decision, item, share_ppm, scores, against })
    };
    let mut acts = Vec::new();
    // A candidate goes from one ballot to the other, and a share too, only through neither: what stands is taken back first.
    for against in [false, true] {
        let both = draft.for_share_ppm > 0 && draft.against_share_ppm > 0;
        let (own, other) =
            if against { (draft.against_share_ppm, stands(false)) } else { (draft.for_share_ppm, stands(true)) };
        if stands(against) && (own == 0 || both || other) {
            acts.push(act(against, 0, None));
        }
    }
    if draft.for_share_ppm > 0 {
        let scores = Some(draft.for_scores_ppm.clone());
        acts.push(act(false, draft.for_share_ppm, scores));
    }
    if draft.against_share_ppm > 0 {
        let scores = Some(draft.against_scores_ppm.clone());
        acts.push(act(true, draft.against_share_ppm, scores));
    }
    Ok(acts)
}

/// The act that makes a member's ballot on an item what the draft says.
pub(super) fn item(me: &str, ranking: &str, draft: &ItemDraft) -> Result<Act, Trouble> {
    Ok(Act::CastBallot(CastBallot {
        member: pseudonym(me)?,
        decision: ranking.to_owned(),
        item: Some(draft.item.clone()),
        share_ppm: draft.share_ppm,
        scores: None,
        against: draft.side == Side::Against,
    }))
}

/// The acts that give standing ballots new shares: those that shrink first, so that no sum is too large on the way.
pub(super) fn shares(sight: &Sight<'_>, moves: &[ShareMove]) -> Result<Vec<Act>, Trouble> {
    let mut changes = Vec::new();
    for change in moves {
        let now = views::standing_share_ppm(sight, &change.field).ok_or(Trouble::Absent)?;
        if now == change.share_ppm {
            continue;
        }
        let act = views::share_move(sight, &change.field, change.share_ppm);
        let growth = i64::from(change.share_ppm) - i64::from(now);
        changes.push((growth, act.ok_or(Trouble::Absent)?));
    }
    changes.sort_by_key(|(growth, _)| *growth);
    Ok(changes.into_iter().map(|(_, act)| act).collect())
}

/// The act of a step about candidates.
pub(super) fn step(me: &str, decision: &str, step: &Step) -> Result<Act, Trouble> {
    let (member, decision) = (pseudonym(me)?, decision.to_owned());
    Ok(match step {
        Step::Stand => Act::Stand(Stand { member, decision }),
        Step::Withdraw { document } => {
            Act::WithdrawCandidacy(WithdrawCandidacy { member, decision, document: document.clone() })
        }
        Step::Resign => Act::ResignSeat(ResignSeat { member, decision }),
        Step::Propose { text } => Act::ProposeDocument(ProposeDocument {
            member,
            decision,
            document: engine::digest::hex(text.as_bytes()),
            text: Some(text.as_str().into()),
        }),
        Step::Assent { document, assent } => {
            Act::Assent(Assent { member, document: document.clone(), assent: *assent })
        }
        Step::Nominate { candidate, side, share_ppm } => Act::Nominate(Nominate {
            member,
            decision,
            candidate: candidate.clone(),
            share_ppm: *share_ppm,
            against: *side == Side::Against,
        }),
    })
}

/// The act of a step about leaving together.
pub(super) fn fork_step(me: &str, step: &ForkStep) -> Result<Act, Trouble> {
    let member = pseudonym(me)?;
    let goes = |fork: &str, going| {
        let fork = fork.to_owned();
        Act::JoinFork(JoinFork { member, fork, going })
    };
    Ok(match step {
        ForkStep::Join { fork } => goes(fork, true),
        ForkStep::Stay { fork } => goes(fork, false),
        ForkStep::Announce { fork, kernel, constitution } => Act::AnnounceFork(AnnounceFork {
            member,
            fork: fork.clone(),
            kernel: engine::digest::hex(kernel.as_bytes()),
            constitution: engine::digest::hex(constitution.as_bytes()),
            kernel_text: Some(kernel.as_str().into()),
            constitution_text: Some(constitution.as_str().into()),
        }),
    })
}

/// The decisions that acts about shares touch, each once, in their order.
pub(super) fn decisions(acts: &[Act]) -> Vec<String> {
    let mut touched: Vec<String> = Vec::new();
    for act in acts {
        let decision = match act {
            Act::CastBallot(act) => &act.decision,
            Act::Nominate(act) => &act.decision,
            _ => continue,
        };
        if !touched.contains(decision) {
            touched.push(decision.clone());
        }
    }
    touched
}
