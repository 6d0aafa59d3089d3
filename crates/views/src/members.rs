//! The register: who is a member, in which class, with what weight, and how concentrated weight is.

use crate::{ClassSlice, Moment, Share, Weight, WeightExplained};
use serde::Serialize;

/// The members page.
#[derive(Serialize, Debug, Clone)]
pub struct MembersView {
    /// Everyone in the register.
    pub total: u64,
    /// Those of them who have weight now.
    pub weighty: u64,
    /// How many match the search; `total` without one.
    pub found: u64,
    pub classes: Vec<ClassSummary>,
    /// From (0, 0) to (1,000,000, 1,000,000), heaviest members first.
    pub curve: Vec<CurvePoint>,
    /// For example `the heaviest tenth of members hold 46 % of all weight`.
    pub curve_words: String,
    /// What was searched for.
    pub query: String,
    /// Heaviest first.
    pub rows: Vec<MemberRow>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
}

/// One class.
#[derive(Serialize, Debug, Clone)]
pub struct ClassSummary {
    pub slice: ClassSlice,
    /// How its weight is earned, one sentence.
    pub earned_words: String,
}

/// A point of the weight curve.
#[derive(Serialize, Debug, Clone)]
pub struct CurvePoint {
    /// The heaviest this many of all members …
    pub members_ppm: u32,
    /// … hold this much of all weight.
    pub weight_ppm: u32,
}

/// One line of the register.
#[derive(Serialize, Debug, Clone)]
pub struct MemberRow {
    pub member: String,
    pub name: String,
    /// Names and places in the kernel.
    pub classes: Vec<ClassSlice>,
    pub weight: Weight,
    pub share: Share,
    /// Offices held, by title.
    pub offices: Vec<String>,
}

/// One member's page.
#[derive(Serialize, Debug, Clone)]
pub struct MemberView {
    pub member: String,
    pub name: String,
    pub since: Moment,
    /// Offices held, by title and address.
    pub offices: Vec<(String, String)>,
    pub weight: WeightExplained,
}

/// Picking whom to act as, where the server allows it.
#[derive(Serialize, Debug, Clone)]
pub struct WalkInView {
    pub query: String,
    /// Members with weight first.
    pub rows: Vec<WalkInRow>,
    /// How many match.
    pub found: u64,
    pub next: Option<String>,
}

/// One member to pick.
#[derive(Serialize, Debug, Clone)]
pub struct WalkInRow {
    pub member: String,
    pub name: String,
    /// For example `patron · weight 50.00 · votes on 3 decisions`.
    pub words: String,
}
