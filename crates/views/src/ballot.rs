//! A member's ballot on one decision, as a form: the standing ballot, or the values just typed and their mistakes.

use charter::Allowance;
use engine::ballot::{Ballot, Side as BallotSide};
use engine::chamber::Decision;
use engine::{CandidateId, DecisionId, ItemId, MemberIndex};
use quantity::PPM;
use schemars::JsonSchema;
use serde::Serialize;

use crate::decision::order::in_order;
use crate::{Candidate, Share, Sight};

/// A member's two ballots on an election.
#[derive(Serialize, Debug, Clone)]
pub struct BallotForm {
    pub for_share: ShareField,
    pub against_share: ShareField,
    /// The share that the member could still place, this decision's own shares included.
    pub free: Share,
    /// Candidates and nominees, in the order of the standings.
    pub rows: Vec<BallotRow>,
    /// A newcomer may be named.
    pub may_nominate: bool,
    /// The mistakes in the values just typed; empty when the form is first shown.
    pub problems: Vec<Problem>,
}

/// One candidate's line on the two ballots.
#[derive(Serialize, Debug, Clone)]
pub struct BallotRow {
    pub candidate: Candidate,
    /// Not yet a candidate: support nominates, it is not counted as votes.
    pub nominee: bool,
    pub for_score: ScoreField,
    pub against_score: ScoreField,
}

/// A share in a form.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ShareField {
    /// The field's text: a percentage without its sign.
    pub typed: String,
    /// None if the typed text is not a share.
    pub share_ppm: Option<u32>,
}

/// A score in a form.
#[derive(Serialize, Debug, Clone)]
pub struct ScoreField {
    /// The field's text: 0 to 10, empty for none.
    pub typed: String,
    /// Millionths of a full score; none if empty or not a score.
    pub score_ppm: Option<u32>,
}

/// A member's ballot on one item of a ranking.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ItemBallot {
    /// For or against.
    pub side: Side,
    /// How much.
    pub share: ShareField,
    /// A ballot stands.
    pub placed: bool,
}

/// For or against.
#[derive(Serialize, JsonSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    For,
    Against,
}

/// Something wrong with a field.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
#[schemars(rename = "FieldProblem")]
pub struct Problem {
    /// The form field's name.
    pub field: String,
    /// The mistake.
    pub words: String,
}

impl ShareField {
    /// Returns a share that stands.
    pub fn placed(share_ppm: u32) -> Self {
        Self { typed: Share::typed(share_ppm), share_ppm: Some(share_ppm) }
    }
}

impl ScoreField {
    /// No score given.
    pub fn empty() -> Self {
        Self { typed: String::new(), score_ppm: None }
    }

    /// Returns a score that stands, in millionths of a full score; `1,000,000` is shown as `10`.
    pub fn given(score_ppm: u32) -> Self {
        let full = crate::decimal(i128::from(score_ppm), 5, 5);
        Self { typed: full.trim_end_matches('0').trim_end_matches('.').to_owned(), score_ppm: Some(score_ppm) }
    }
}

impl Side {
    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::For => words::ballot::FOR,
            Self::Against => words::ballot::AGAINST,
        }
    }
}

/// Returns the reader's two ballots on an election or a commitment; `None` for a visitor who is nobody, and for a ranking.
#[must_use]
pub fn ballot_form(sight: &Sight<'_>, decision: &str) -> Option<BallotForm> {
    let state = sight.state;
    let (me, place) = (sight.me_index()?, state.decision_place(decision)?);
    let decision = state.decisions.get(place).filter(|decision| decision.scores_candidates())?;
    let on = |side| state.ballots_on(me, place).find(|ballot| ballot.side == side);
    let (given, against) = (on(BallotSide::For), on(BallotSide::Against));
    let share = |ballot: Option<&Ballot>| ballot.map_or(0, |ballot| ballot.share_ppm);
    let here = share(given).saturating_add(share(against));
    Some(BallotForm {
        for_share: ShareField::placed(share(given)),
        against_share: ShareField::placed(share(against)),
        free: Share::from_ppm(free_ppm(sight, me, place).saturating_add(here).min(PPM)),
        rows: rows(sight, decision, given, against),
        // Members stand themselves, and a document is proposed with its text: a ballot names nobody new.
        may_nominate: false,
        problems: Vec::new(),
    })
}

fn rows(sight: &Sight<'_>, decision: &Decision, given: Option<&Ballot>, against: Option<&Ballot>) -> Vec<BallotRow> {
    let scores = |ballot: Option<&Ballot>| -> Vec<(CandidateId, u32)> {
        let of_ballot = ballot.into_iter().flat_map(|ballot| sight.state.ballots.scores(ballot));
        of_ballot.map(|score| (score.candidate, score.ppm())).collect()
    };
    let (given, against) = (scores(given), scores(against));
    let field = |scores: &[(CandidateId, u32)], place: CandidateId| {
        let known = scores.iter().find(|(candidate, _)| *candidate == place);
        known.map_or_else(ScoreField::empty, |(_, ppm)| ScoreField::given(*ppm))
    };
    let nominees = decision.nominees().map(|(place, _)| (place, true));
    let places = in_order(decision).into_iter().map(|place| (place, false)).chain(nominees);
    let rows = places.filter_map(|(place, nominee)| {
        Some(BallotRow {
            candidate: sight.candidate(decision, place)?,
            nominee,
            for_score: field(&given, place),
            against_score: field(&against, place),
        })
    });
    rows.collect()
}

/// Returns the reader's ballot on one item; `None` for a visitor who is nobody, and where there is no such item.
#[must_use]
pub fn item_ballot(sight: &Sight<'_>, ranking: &str, item: &str) -> Option<ItemBallot> {
    let place = sight.state.decision_place(ranking)?;
    let target = sight.state.decisions.get(place)?.item_place(item)?;
    Some(item_field(own_item(sight, sight.me_index()?, place, target)))
}

pub(super) fn own_item<'a>(
    sight: &Sight<'a>,
    me: MemberIndex,
    place: DecisionId,
    target: ItemId,
) -> Option<&'a Ballot> {
    sight.state.ballots_on(me, place).find(|ballot| ballot.item() == target && !ballot.side.is_nomination())
}

pub(super) fn item_field(ballot: Option<&Ballot>) -> ItemBallot {
    ItemBallot {
        side: ballot.map_or(Side::For, |ballot| side_of(ballot.side)),
        share: ballot.map_or(ShareField { typed: String::new(), share_ppm: Some(0) }, |ballot| {
            ShareField::placed(ballot.share_ppm)
        }),
        placed: ballot.is_some(),
    }
}

pub(super) fn side_of(side: BallotSide) -> Side {
    if side.is_against() { Side::Against } else { Side::For }
}

/// Returns the share that a member could still place on a decision: of the one weight that decisions share, or of the whole vote
/// that they have there.
pub(super) fn free_ppm(sight: &Sight<'_>, member: MemberIndex, place: DecisionId) -> u32 {
    PPM.saturating_sub(sight.state.placed_for(member, place))
}

/// Reports whether a member may vote on a decision that shares one weight with others.
pub(super) fn shares_weight(sight: &Sight<'_>, member: MemberIndex) -> bool {
    let shared = sight.state.open_decisions().map(|(_, decision)| decision);
    let mut shared = shared.filter(|decision| decision.allowance == Allowance::Shared);
    shared.any(|decision| sight.state.votes_for_share(decision, member, PPM) > 0)
}

/// Returns the share that a member has not placed anywhere, of the one weight that decisions share.
pub(super) fn idle_ppm(sight: &Sight<'_>, member: MemberIndex) -> u32 {
    PPM.saturating_sub(sight.state.members.placed_ppm(member))
}
