//! What every page says about the co-op itself.

use crate::{Moment, Share, Weight};
use serde::Serialize;

/// The head and foot of every page.
#[derive(Serialize, Debug, Clone)]
pub struct CoopSummary {
    /// The co-op's name, from the kernel.
    pub name: String,
    /// One sentence, from the kernel.
    pub purpose: String,
    /// ISO 4217.
    pub currency: String,
    /// How many members the register holds now.
    pub members: u64,
    /// The sum of all weight at the last update.
    pub weight_total: Weight,
    /// When weight and ballots were last counted; none before the first update.
    pub last_update: Option<Moment>,
    /// When they are counted next.
    pub next_update: Moment,
    /// For example `in 3 days`.
    pub next_update_words: String,
    /// The ballots are made up to show how it works; the money and the history are real.
    pub demonstration: bool,
    /// Anyone at this address may act as any member.
    pub walk_in: bool,
    /// Who the visitor is, if anyone.
    pub me: Option<MeBadge>,
}

/// The member who reads the page.
#[derive(Serialize, Debug, Clone)]
pub struct MeBadge {
    /// The pseudonym, as in the log and in addresses.
    pub member: String,
    /// The name to show.
    pub name: String,
    /// Now, as of the last update.
    pub weight: Weight,
    /// How many things wait for this member.
    pub waiting: u32,
}

/// A class's part of some weight.
#[derive(Serialize, Debug, Clone)]
pub struct ClassSlice {
    pub class: String,
    /// The class's place in the kernel, from 0.
    pub class_index: u32,
    /// Members of the class.
    pub members: u64,
    pub weight: Weight,
    /// Of all weight in the co-op.
    pub share: Share,
}
