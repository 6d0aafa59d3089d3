//! The past under other rules: what would have come out differently, and when. `rochdale dry-run --json` and its page.

use serde::Serialize;

use crate::{Moment, WeightsCompared};

/// As many rows as a list shows; its total counts all.
pub const LISTED: usize = 100;

/// A list that shows its first rows.
#[derive(Serialize, Debug, Clone)]
pub struct Listed<T> {
    /// How many there are.
    pub total: u64,
    /// The first of them, at most [`LISTED`].
    pub shown: Vec<T>,
}

/// A log replayed twice: as it was, and under other rules from some time on.
#[derive(Serialize, Debug, Clone)]
pub struct DryRunReport {
    /// What was put in force, in order: `kernel`, `constitution`, or the path of a constitution inside it.
    pub put_in_force: Vec<String>,
    /// Since when.
    pub from: Moment,
    /// The log's last entry.
    pub until: Moment,
    /// Entries after `from`.
    pub entries: u64,
    /// Updates after `from` that were counted.
    pub updates: u64,
    /// Updates that the other rules would have counted.
    pub updates_instead: u64,
    /// What came about and would not have.
    pub only_happened: Listed<CameAbout>,
    /// What would have come about and did not.
    pub only_instead: Listed<CameAbout>,
    /// What comes about both ways, at different times.
    pub at_another_time: Listed<Moved>,
    /// How many outcomes are the same, at the same time.
    pub same: u64,
    /// Acts of the log that the other rules refuse.
    pub refused: Listed<RefusedAct>,
    /// Every decision that is open at the end in one of the two, but for those that were put in force.
    pub decisions: Vec<DecisionCompared>,
    /// At the last update of each.
    pub weights: WeightsCompared,
}

/// One outcome.
#[derive(Serialize, Debug, Clone)]
pub struct CameAbout {
    pub at: Moment,
    pub words: String,
}

/// One outcome that comes at two times.
#[derive(Serialize, Debug, Clone)]
pub struct Moved {
    pub happened_at: Moment,
    pub instead_at: Moment,
    pub words: String,
}

/// One act that is in the log and would not be.
#[derive(Serialize, Debug, Clone)]
pub struct RefusedAct {
    /// Its entry.
    pub entry: u64,
    pub at: Moment,
    /// What the act was.
    pub words: String,
    /// The refusal's number, such as `R017`.
    pub number: String,
    pub why: String,
}

/// One decision at the end.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionCompared {
    /// Its path.
    pub decision: String,
    pub title: String,
    /// `office`, `body`, `document`, `constitution` or `ranking`.
    pub kind: String,
    /// Names of those or that which hold it; `None` where the decision is not open. Vacant seats are left out.
    pub holders: Option<Vec<String>>,
    /// The same under the other rules.
    pub holders_instead: Option<Vec<String>>,
    pub differs: bool,
}

impl DryRunReport {
    /// Everything comes about as it did, when it did.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.only_happened.total == 0 && self.only_instead.total == 0 && self.at_another_time.total == 0
    }

    /// Decisions that somebody else holds at the end.
    #[must_use]
    pub fn held_otherwise(&self) -> Vec<&DecisionCompared> {
        self.decisions.iter().filter(|one| one.differs).collect()
    }
}

impl DecisionCompared {
    /// Who would hold it instead of whom.
    #[must_use]
    pub fn words(&self) -> String {
        let held = |holders: &Option<Vec<String>>| match holders.as_deref() {
            None => "not open".to_owned(),
            Some([]) if self.kind == "ranking" => "open".to_owned(),
            Some([]) => "nobody".to_owned(),
            Some(names) => names.join(", "),
        };
        let (instead, happened) = (held(&self.holders_instead), held(&self.holders));
        format!("{instead} instead of {happened}")
    }
}
