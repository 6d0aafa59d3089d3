//! What the co-op is, how it is doing, what is being decided and what just happened.

use crate::{Amount, ClassSlice, DecisionCard, Moment, MonthBalance, RankedItem};
use serde::Serialize;

/// The home page.
#[derive(Serialize, Debug, Clone)]
pub struct HomeView {
    /// Weight by class, in the kernel's order.
    pub classes: Vec<ClassSlice>,
    /// What the co-op has now.
    pub balance: Amount,
    /// Oldest first.
    pub months: Vec<MonthBalance>,
    /// The three liveliest decisions, liveliest first.
    pub decisions: Vec<DecisionCard>,
    /// The first items of the priorities.
    pub priorities: Vec<RankedItem>,
    /// What changed at the last update; empty if nothing did.
    pub happenings: Vec<Happening>,
}

/// One thing that happened.
#[derive(Serialize, Debug, Clone)]
pub struct Happening {
    pub at: Moment,
    /// For example `member-080 took over as maintainer from member-012`.
    pub words: String,
    pub href: Option<String>,
}
