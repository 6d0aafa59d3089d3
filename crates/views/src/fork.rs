//! Leaving together: what the kernel says about it, who goes, and who went.

use serde::Serialize;

use crate::Candidate;

/// The page of forks.
#[derive(Serialize, Debug, Clone)]
pub struct ForksView {
    /// What goes along with members who leave together, a sentence each.
    pub terms: Vec<String>,
    /// Worked out for today, for example `If the 3 who go left today, 120 USD of 512.30 USD would go along.`
    pub today: String,
    /// In the order of announcement.
    pub open: Vec<ForkView>,
    /// The newest first.
    pub completed: Vec<CompletedForkView>,
    /// The reader may announce one: a member who goes with none.
    pub may_announce: bool,
}

/// A fork that is announced.
#[derive(Serialize, Debug, Clone)]
pub struct ForkView {
    /// As the act names it: `blue-co-op`.
    pub name: String,
    pub title: String,
    /// Who announced it, and when.
    pub words: String,
    /// Who goes, in the order of admission; at most [`crate::LISTED`].
    pub going: Vec<Candidate>,
    pub going_total: u64,
    /// The money that would go along today, a sentence.
    pub share_words: String,
    pub kernel: ForkText,
    pub constitution: ForkText,
    /// The reader goes with it.
    pub mine: bool,
    /// The reader may go with it.
    pub may_join: bool,
}

/// A text that a fork begins with.
#[derive(Serialize, Debug, Clone)]
pub struct ForkText {
    pub title: String,
    pub href: String,
    /// SHA-256 of the text, hex.
    pub document: String,
}

/// A fork that was completed.
#[derive(Serialize, Debug, Clone)]
pub struct CompletedForkView {
    pub name: String,
    pub title: String,
    /// When, how many left, and the money that went along.
    pub words: String,
    /// The new co-op's id.
    pub coop: String,
    /// Who left, in the order of admission; at most [`crate::LISTED`].
    pub went: Vec<Candidate>,
    pub went_total: u64,
}

/// What a member begins with who announces a fork.
#[derive(Serialize, Debug, Clone)]
pub struct ForkDraft {
    pub name: String,
    /// The kernel's text in force, where the kernel lets its rules go along.
    pub kernel: String,
    /// The constitution's, likewise.
    pub constitution: String,
    /// What goes along, a sentence each.
    pub terms: Vec<String>,
}
