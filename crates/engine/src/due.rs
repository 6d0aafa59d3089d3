//! The events that the log waits for, updates and change times, in one queue. `update` makes them.

use imbl::OrdSet;
use quantity::{Broken, Moment, ensure};

use crate::chamber::Decision;
use crate::id::DecisionId;
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

/// The event of an instant. Of equal instants the update comes first, then decisions in the order of their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wait {
    Update,
    Change(DecisionId),
}

/// All that is due, by instant: the next update, and the next change time of each open decision that has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Queue(OrdSet<(Moment, Wait)>);

impl Queue {
    /// All that the rules of a state make it wait for.
    fn of(state: &State) -> Queue {
        let change = |(place, decision)| Some((state.change_time(decision)?, Wait::Change(place)));
        let mut all: OrdSet<_> = state.open_decisions().filter_map(change).collect();
        all.insert((state.next_update, Wait::Update));
        Queue(all)
    }

    /// The decisions with a change time at an instant, in the order of their places.
    pub(crate) fn changes_at(&self, at: Moment) -> Vec<DecisionId> {
        let from = (at, Wait::Change(DecisionId(0)));
        let until = (at, Wait::Change(DecisionId(u16::MAX)));
        let here = self.0.range(from..=until);
        here.filter_map(|(_, wait)| if let Wait::Change(place) = wait { Some(*place) } else { None }).collect()
    }
}

impl State {
    /// Returns the next event: an update, or a change time before it.
    #[must_use]
    pub fn next_due(&self) -> Due {
        match self.waits.0.get_min() {
            Some((at, Wait::Change(_))) => Due::Change(*at),
            _ => Due::Update(self.next_update),
        }
    }

    /// Makes the queue anew, after rules have changed.
    pub(crate) fn wait_anew(&mut self) {
        self.waits = Queue::of(self);
    }

    /// Waits for another update.
    pub(crate) fn wait_for_update(&mut self, at: Moment) {
        self.waits.0.remove(&(self.next_update, Wait::Update));
        self.waits.0.insert((at, Wait::Update));
        self.next_update = at;
    }

    /// Waits for the change times after those of `done`, which are carried out.
    pub(crate) fn wait_after_change(&mut self, done: Moment) {
        self.changes_done = done;
        for place in self.waits.changes_at(done) {
            self.waits.0.remove(&(done, Wait::Change(place)));
            let open = self.decisions.get(place).filter(|decision| decision.is_open());
            if let Some(next) = open.and_then(|decision| self.change_time(decision)) {
                self.waits.0.insert((next, Wait::Change(place)));
            }
        }
    }

    pub(crate) fn check_waits(&self) -> Result<(), Broken> {
        ensure!(self.waits == Queue::of(self), "the log waits for something else than the rules say");
        Ok(())
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
