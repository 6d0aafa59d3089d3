//! How the state that a later edition keeps begins in a log that has been under an earlier one: from what the log has come to,
//! and from nothing else. Each noun begins its own part.

use quantity::Moment;

use super::{Edition, THREE, TWO};
use crate::state::State;

impl State {
    /// Begins what this log's edition keeps and `earlier` did not. The rules in force are read under it already.
    pub(super) fn begin_edition(&mut self, earlier: Edition, at: Moment) {
        if earlier < TWO && self.editions.current >= TWO {
            self.begin_edition_two(at);
        }
        if earlier < THREE && self.editions.current >= THREE && self.last_update.is_some() {
            self.founders.begin();
        }
    }

    fn begin_edition_two(&mut self, at: Moment) {
        // Before the first update nobody has had any weight, and the first one counts everybody.
        if self.updates > 0 || self.last_update.is_some() {
            self.tenure.begin(&self.weights.member, &self.members, at);
        }
        self.amendment.begin();
        let then = self.parts_of_now();
        self.forks.begin(&then);
    }
}
