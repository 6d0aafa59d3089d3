//! What a member has placed on one decision, as a form: what stands, or what they just typed and what is wrong with it.

use crate::{Candidate, Share};
use serde::Serialize;

/// A member's two ballots on an election.
#[derive(Serialize, Debug, Clone)]
pub struct BallotForm {
    pub for_share: ShareField,
    pub against_share: ShareField,
    /// What the member could still place, this decision's own shares included.
    pub free: Share,
    /// Candidates and nominees, in the order of the standings.
    pub rows: Vec<BallotRow>,
    /// A newcomer may be named.
    pub may_nominate: bool,
    /// What was wrong with what was just typed; empty when the form is first shown.
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
#[derive(Serialize, Debug, Clone)]
pub struct ShareField {
    /// What the field shows: a percentage without its sign.
    pub typed: String,
    /// None if what was typed is not a share.
    pub share_ppm: Option<u32>,
}

/// A score in a form.
#[derive(Serialize, Debug, Clone)]
pub struct ScoreField {
    /// What the field shows: 0 to 10, empty for none.
    pub typed: String,
    /// Millionths of a full score; none if empty or not a score.
    pub score_ppm: Option<u32>,
}

/// A member's ballot on one item of a ranking.
#[derive(Serialize, Debug, Clone)]
pub struct ItemBallot {
    pub side: Side,
    pub share: ShareField,
    /// A ballot stands.
    pub placed: bool,
}

/// For or against.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    For,
    Against,
}

/// Something wrong with a field.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The form field's name.
    pub field: String,
    pub words: String,
}

impl ShareField {
    /// A share that stands.
    pub fn placed(share_ppm: u32) -> Self {
        Self { typed: Share::typed(share_ppm), share_ppm: Some(share_ppm) }
    }
}

impl ScoreField {
    /// No score given.
    pub fn empty() -> Self {
        Self { typed: String::new(), score_ppm: None }
    }

    /// A score that stands, in millionths of a full score; `1,000,000` is shown as `10`.
    pub fn given(score_ppm: u32) -> Self {
        let full = crate::decimal(i128::from(score_ppm), 5, 5);
        Self { typed: full.trim_end_matches('0').trim_end_matches('.').to_owned(), score_ppm: Some(score_ppm) }
    }
}

impl Side {
    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
        }
    }
}
