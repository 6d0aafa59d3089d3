//! What waits for a member, what their weight is, where it is placed and how it will fade.

use crate::{Happening, HeldOffice, Problem, Share, ShareField, Side, Votes, Weight, WeightExplained};
use serde::Serialize;

/// My page.
#[derive(Serialize, Debug, Clone)]
pub struct MyPageView {
    pub name: String,
    /// Most pressing first.
    pub waiting: Vec<Waiting>,
    /// What the rules did to the member in the last four weeks, newest first.
    pub happened: Vec<Happening>,
    /// Offices and seats of theirs that have powers.
    pub held: Vec<HeldOffice>,
    pub weight: WeightExplained,
    /// Every ballot that holds a share, largest share first.
    pub placed: Vec<Placed>,
    /// What is not placed anywhere.
    pub idle: Share,
    /// By month from now, if nothing more is given; the first point is now.
    pub fade: Vec<FadePoint>,
    /// The same in one sentence.
    pub fade_words: String,
    /// How weight becomes votes, in one sentence.
    pub votes_words: String,
    /// What was wrong with the shares just typed; empty when the page is first shown.
    pub problems: Vec<Problem>,
}

/// Something the member could do.
#[derive(Serialize, Debug, Clone)]
pub struct Waiting {
    pub words: String,
    pub href: String,
    /// What the link says, for example `Place it`.
    pub action: String,
}

/// One ballot's share.
#[derive(Serialize, Debug, Clone)]
pub struct Placed {
    /// The name of the form field: unique among this member's ballots and stable while the ballot stands.
    pub field: String,
    /// The decision's (or the item's) title.
    pub title: String,
    pub href: String,
    pub side: Side,
    pub share: Share,
    /// What stands in the field: the share, or what the member just typed.
    pub typed: ShareField,
    /// The votes that a full score makes of it now.
    pub votes: Votes,
}

/// The weight at a future month.
#[derive(Serialize, Debug, Clone)]
pub struct FadePoint {
    pub at_us: i64,
    /// For example `January 2026`.
    pub label: String,
    pub weight: Weight,
}
