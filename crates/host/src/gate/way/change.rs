//! Changes of a member's ways in: shown on their pages for 90 days, and at the head of each other browser until somebody has seen
//! it there.

use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::Ways;

/// The most changes of a member that are kept; older ones go.
const MOST_CHANGES: usize = 50;
/// The time for which one is kept, microseconds: 90 days.
const KEPT_US: i64 = 90 * 86_400_000_000;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When, microseconds since 1970.
    pub at_us: i64,
    /// The deed.
    pub what: What,
    /// To which kind of way, by the name of [`super::Kind`]; or `token`.
    pub kind: String,
}

/// The deed behind a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A way was added, or took the place of another one.
    Added,
    /// A way was removed.
    Removed,
    /// A recovery code was used, or a link by which somebody in the register comes in again.
    Used,
    /// A passkey was used whose counter did not go on: its authenticator may have been copied.
    WentBack,
    /// Every browser was signed out.
    Ended,
}

impl Ways {
    /// Notes a change.
    pub(super) fn note(&mut self, what: What, kind: &str, now: Moment) {
        self.changes.retain(|change| now.0.saturating_sub(change.at_us) < KEPT_US);
        if self.changes.len() >= MOST_CHANGES {
            self.changes.remove(0);
        }
        // Never at the time of an earlier one: browsers remember up to when they have seen them.
        let after = self.changes.last().map_or(i64::MIN, |last| last.at_us.saturating_add(1));
        self.changes.push(Change { at_us: now.0.max(after), what, kind: kind.to_owned() });
    }

    /// When something changed last, microseconds since 1970.
    #[must_use]
    pub fn changed_us(&self) -> Option<i64> {
        self.changes.last().map(|change| change.at_us)
    }
}
