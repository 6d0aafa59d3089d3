//! The time until an item closes for want of support.

use engine::chamber::{Decision, Item};
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use words::ranking;

use crate::Sight;

const DAY_S: u64 = 86_400;

/// The time until an item closes for want of support.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct Countdown {
    pub closes_at: crate::Moment,
    /// Whole days left, rounded up, and no more than the whole time.
    pub left_days: u32,
    /// The clause's whole time.
    pub of_days: u32,
    /// For example `closes in 12 days unless someone supports it`.
    pub words: String,
}

/// Returns the time until an item closes; `None` while its votes are above the floor.
pub(crate) fn countdown(sight: &Sight<'_>, decision: &Decision, item: &Item) -> Option<Countdown> {
    let (closes_at, left_days) = closes(sight, decision, item)?;
    let whole = u32::try_from(decision.close_after_s()?.div_ceil(DAY_S)).unwrap_or(u32::MAX);
    Some(Countdown {
        closes_at: sight.moment(closes_at),
        // An item closes at an update, which may come after its time: 91 of 90 days are never left.
        left_days: left_days.min(whole),
        of_days: whole,
        words: ranking::closes(sight.when(closes_at)),
    })
}

/// Returns when an item closes, and the whole days until then; `None` as [`countdown`]. Without words, for whoever counts items.
pub(super) fn closes(sight: &Sight<'_>, decision: &Decision, item: &Item) -> Option<(Moment, u32)> {
    let closes_at = sight.state.item_closes_at(decision, item)?;
    let left = closes_at.seconds_since(sight.now).div_ceil(DAY_S);
    Some((closes_at, u32::try_from(left).unwrap_or(u32::MAX)))
}
