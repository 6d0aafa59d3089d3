//! A named "no" of the rules, for people: what happened, that nothing was lost, and what can still be done.

use serde::Serialize;

/// A refusal.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct RefusalView {
    /// Stable, never used again: 17 is shown as `R017`.
    pub number: u16,
    /// Stable, for example `share-exceeds-weight`.
    pub name: String,
    /// One sentence: which rule said no, with the figures.
    pub happened: String,
    /// What can still be done, most useful first.
    pub ways_out: Vec<WayOut>,
}

/// Something that can still be done.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    pub words: String,
    pub href: Option<String>,
}

impl RefusalView {
    /// For example `R017`.
    pub fn code(&self) -> String {
        format!("R{:03}", self.number)
    }
}
