//! The log in words: every entry, and how anyone can recompute the rest from it.

use crate::Moment;
use serde::Serialize;

/// The log page.
#[derive(Serialize, Debug, Clone)]
pub struct LogView {
    pub head: LogHead,
    /// One command that a stranger can run.
    pub verify_command: String,
    /// Newest first.
    pub entries: Vec<LogEntryView>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
}

/// Where the log stands.
#[derive(Serialize, Debug, Clone)]
pub struct LogHead {
    /// How many entries there are.
    pub entries: u64,
    /// Hexadecimal SHA-256 of the last entry.
    pub entry_hash: String,
    /// Hexadecimal hash of the state after the last update; none before the first.
    pub state_hash: Option<String>,
    /// When that update was.
    pub state_at: Option<Moment>,
}

/// One entry.
#[derive(Serialize, Debug, Clone)]
pub struct LogEntryView {
    pub sequence: u64,
    pub at: Moment,
    /// The act's kind, for example `cast_ballot`, or `update`.
    pub act: String,
    /// For example `member-080 placed 20 % for member-012 on maintainer`.
    pub words: String,
    /// Hexadecimal SHA-256 of the entry's bytes.
    pub entry_hash: String,
    /// Made up for the demonstration.
    pub demonstration: bool,
}
