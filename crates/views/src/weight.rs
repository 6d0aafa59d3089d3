//! One member's weight, line by line: which records, which decay, which scaling, which cap.

use crate::{Moment, Share, Weight};
use serde::Serialize;

/// Where a member's weight comes from.
#[derive(Serialize, Debug, Clone)]
pub struct WeightExplained {
    /// The pseudonym.
    pub member: String,
    /// The update that counted it.
    pub counted_at: Option<Moment>,
    /// One part for each class the member is in, in the kernel's order.
    pub classes: Vec<ClassWeightExplained>,
    /// Set if the kernel caps members and this member reached the cap.
    pub cap: Option<CapLine>,
    /// After everything.
    pub total: Weight,
    /// Of all weight in the co-op.
    pub share: Share,
}

/// One class's part.
#[derive(Serialize, Debug, Clone)]
pub struct ClassWeightExplained {
    pub class: String,
    pub class_index: u32,
    /// The class's formula, as written in the kernel.
    pub formula: String,
    /// The formula's working, outermost first.
    pub lines: Vec<WeightLine>,
    /// The formula's result.
    pub earned: Weight,
    /// After the kernel's `scale`; the same as `earned` where there is none.
    pub scaled: Weight,
    /// After the cap on members.
    pub capped: Weight,
}

/// One step of the working.
#[derive(Serialize, Debug, Clone)]
pub struct WeightLine {
    /// For example `donated in November 2025: 2 records`.
    pub words: String,
    /// For example `50.00 USD`.
    pub value: String,
    /// How deep the step stands in the formula, from 0.
    pub depth: u32,
}

/// The cap on members and what it took away.
#[derive(Serialize, Debug, Clone)]
pub struct CapLine {
    /// For example `no member holds more than 20 % of all weight`.
    pub words: String,
    pub before: Weight,
    pub after: Weight,
}
