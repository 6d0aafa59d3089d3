//! The events that the log waits for: updates and change times. `update` makes them.

use quantity::Moment;

use crate::chamber::Decision;
use crate::state::State;

/// An event that the log waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// An update at this instant.
    Update(Moment),
    /// A change time at this instant.
    Change(Moment),
}

impl Due {
    /// When.
    #[must_use]
    pub fn moment(self) -> Moment {
        match self {
            Due::Update(at) | Due::Change(at) => at,
        }
    }
}

impl State {
    /// Returns the next event: an update, or a change time before it.
    #[must_use]
    pub fn next_due(&self) -> Due {
        match self.open_decisions().filter_map(|(_, decision)| self.change_time(decision)).min() {
            Some(at) if at < self.next_update => Due::Change(at),
            _ => Due::Update(self.next_update),
        }
    }

    /// When the decision's outcome can next change hands.
    #[must_use]
    pub fn next_change(&self, decision: &Decision) -> Moment {
        self.change_time(decision).unwrap_or(self.next_update)
    }

    /// The next change time of a decision that has its own.
    pub(crate) fn change_time(&self, decision: &Decision) -> Option<Moment> {
        decision.change_after(self.changes_done, &self.rules.kernel.zone)
    }

    /// Δ: the seconds of the rhythm period that ends at `moment`; where the rhythm is another one since the last update, the
    /// seconds since then at most, so that no second is poured twice.
    #[must_use]
    pub fn period_s(&self, moment: Moment) -> u64 {
        let kernel = &self.rules.kernel;
        let begin = kernel.updates.previous_before(moment, &kernel.zone);
        let last = self.last_update.filter(|last| *last < moment);
        moment.seconds_since(last.map_or(begin, |last| last.max(begin)))
    }
}
