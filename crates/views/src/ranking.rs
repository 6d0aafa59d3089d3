//! Priorities: items in order of standing support, and what will close and when.

use crate::{ItemBallot, Moment, PreviewView, Share, Votes};
use serde::Serialize;

/// The priorities page.
#[derive(Serialize, Debug, Clone)]
pub struct RankingView {
    /// The decision's name.
    pub name: String,
    pub title: String,
    pub href: String,
    /// The rule in plain words, a sentence each.
    pub rules: Vec<String>,
    /// In order.
    pub items: Vec<RankedItem>,
    /// Latest first.
    pub closed: Vec<ClosedItem>,
    /// What the reader could still place; none for a visitor who is nobody.
    pub free: Option<Share>,
    /// Set after pressing Preview on an item.
    pub preview: Option<PreviewView>,
}

/// An open item.
#[derive(Serialize, Debug, Clone)]
pub struct RankedItem {
    /// From 1.
    pub rank: u32,
    /// The id in addresses and acts, for example `220`.
    pub item: String,
    pub title: String,
    /// Where it is talked about.
    pub href: Option<String>,
    pub labels: Vec<String>,
    /// For less against.
    pub votes: Votes,
    /// How many votes it is ahead of the next item; none for the last.
    pub ahead: Option<Votes>,
    pub votes_for: Votes,
    pub votes_against: Votes,
    /// Members with weight and a ballot for it.
    pub supporters: u64,
    /// Members with weight and a ballot against it.
    pub opponents: u64,
    pub opened: Moment,
    /// Set while its votes are at or under the floor.
    pub closing: Option<Countdown>,
    /// The reader's ballot; none for a visitor who is nobody.
    pub ballot: Option<ItemBallot>,
}

/// How long until an item closes for want of support.
#[derive(Serialize, Debug, Clone)]
pub struct Countdown {
    pub closes_at: Moment,
    /// Whole days left, rounded up.
    pub left_days: u32,
    /// The clause's whole time.
    pub of_days: u32,
    /// For example `closes in 12 days unless someone supports it`.
    pub words: String,
}

/// An item that is no longer open.
#[derive(Serialize, Debug, Clone)]
pub struct ClosedItem {
    pub item: String,
    pub title: String,
    pub href: Option<String>,
    pub closed_at: Moment,
    pub words: String,
}
