//! What would change if a member moved their shares, before they do: nothing in it has happened.

use crate::{Candidate, Share, Votes};
use serde::Serialize;

/// The standings now and as they would be, all else standing still.
#[derive(Serialize, Debug, Clone)]
pub struct PreviewView {
    /// The decision's name and title.
    pub decision: String,
    pub title: String,
    pub href: String,
    /// One sentence, for example `member-080 would take over on 1 December instead of 8 December 2025`.
    pub headline: String,
    /// The order of the standings now. For a ranking, the items that would move.
    pub rows: Vec<PreviewRow>,
    /// What the member would have left to place.
    pub idle: Share,
}

/// One candidate, or one item of a ranking.
#[derive(Serialize, Debug, Clone)]
pub struct PreviewRow {
    pub candidate: Candidate,
    /// Seated now.
    pub holder: bool,
    pub votes_now: Votes,
    pub votes_then: Votes,
    /// The difference.
    pub change: Votes,
    /// Now; none for who holds and for items.
    pub fill_ppm: Option<u32>,
    /// When it would change, or close, as things stand.
    pub outlook_now: String,
    /// When it would after the move.
    pub outlook_then: String,
}
