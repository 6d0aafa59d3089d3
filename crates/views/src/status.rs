//! The report of `rochdale status --json`: where a co-op stands. Fields may be added here, never renamed.

use serde::Serialize;

/// Where a co-op stands.
#[derive(Serialize, Debug, Clone)]
pub struct StatusReport {
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    pub members: u64,
    /// Of all members, micro-weights.
    pub weight: u128,
    /// How many updates were counted.
    pub updates: u64,
    /// RFC 3339; null before the first.
    pub last_update: Option<String>,
    /// RFC 3339.
    pub next_update: String,
    /// Entries of the log.
    pub entries: u64,
    /// SHA-256 of the last entry, hex.
    pub head: String,
    /// Hash of the state after the last update, hex; null before the first.
    pub state: Option<String>,
    /// RFC 3339.
    pub founded_at: String,
    pub demonstration: bool,
    pub decisions: Vec<DecisionStatus>,
}

/// One decision of the status report.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionStatus {
    pub decision: String,
    /// `office`, `body`, `document`, `constitution` or `ranking`.
    pub kind: String,
    /// Candidates' names in the log.
    pub holders: Vec<String>,
    /// One sentence.
    pub outlook: String,
}
