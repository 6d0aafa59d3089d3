//! All that pages say about everybody: kept with the update, so that no visitor walks over all members, ballots or outcomes.
//! Not the state: a page still asks it for whatever one member has done since.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use charter::Facts;
use engine::{Edition, State};
use quantity::Moment;

use crate::kept::counted::Counted;
use crate::kept::lately::Lately;
use crate::kept::register::Register;
use crate::{Sight, UpdatePoint, facts};

pub(crate) mod counted;
pub(crate) mod lately;
pub(crate) mod register;

/// All that pages say about everybody. Parts are worked out when first asked for, or by [`Kept::warm`], and then shared.
///
/// INVARIANT: it is asked only by a [`Sight`] of the state that it was made for, or of one that came from it by acts while
/// [`Kept::renewed`] answers `None`.
#[derive(Debug)]
pub struct Kept {
    stamp: Stamp,
    counted: Arc<OnceLock<Counted>>,
    register: Arc<OnceLock<Register>>,
    lately: Arc<OnceLock<Lately>>,
    /// By the hash of a proposed kernel: the facts of the co-op under it.
    proposed: BTreeMap<String, Arc<OnceLock<Facts>>>,
}

/// The state that the parts are of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    count: Count,
    /// How long the register was when the part about it was begun.
    members: usize,
    /// The newest result, the number of its outcomes, and the number of results.
    newest: Option<(Moment, usize, usize)>,
}

/// One count of everything, by one text of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Count {
    updates: u64,
    kernel: String,
    edition: Edition,
}

/// As many newcomers as are looked at one by one before the register is put in order again: this many, or a part of all.
const NEWCOMERS: usize = 1_000;
const NEWCOMERS_OF: usize = 16;

impl Kept {
    /// Returns what is kept of a state. Nothing is worked out yet.
    #[must_use]
    pub fn of(state: &State, history: &[Arc<UpdatePoint>]) -> Kept {
        let proposals = state.amendment.proposals.iter();
        Kept {
            stamp: Stamp::of(state, history),
            proposed: proposals.map(|proposal| (proposal.document.clone(), Arc::default())).collect(),
            counted: Arc::default(),
            register: Arc::default(),
            lately: Arc::default(),
        }
    }

    /// Returns what is to be kept of this state instead, with all that still holds; `None` where everything does. Costs the
    /// same for any number of members.
    #[must_use]
    pub fn renewed(&self, state: &State, history: &[Arc<UpdatePoint>]) -> Option<Kept> {
        let mut next = Kept::of(state, history);
        let counted = next.stamp.count == self.stamp.count;
        let more = next.stamp.members.checked_sub(self.stamp.members);
        let few = NEWCOMERS.max(self.stamp.members / NEWCOMERS_OF);
        if counted && more.is_some_and(|more| more <= few) {
            next.stamp.members = self.stamp.members;
            next.register = Arc::clone(&self.register);
        }
        if counted {
            next.counted = Arc::clone(&self.counted);
            for (document, facts) in &mut next.proposed {
                if let Some(known) = self.proposed.get(document) {
                    *facts = Arc::clone(known);
                }
            }
        }
        if counted && next.stamp.newest == self.stamp.newest {
            next.lately = Arc::clone(&self.lately);
        }
        let holds = next.stamp == self.stamp && next.proposed.keys().eq(self.proposed.keys());
        (!holds).then_some(next)
    }

    /// Works out every part that most pages read, so that no visitor waits for it.
    pub fn warm(&self, sight: &Sight<'_>) {
        self.counted(sight);
        self.register(sight);
        self.lately(sight);
    }

    pub(crate) fn counted(&self, sight: &Sight<'_>) -> &Counted {
        self.counted.get_or_init(|| Counted::of(sight.state))
    }

    pub(crate) fn register(&self, sight: &Sight<'_>) -> &Register {
        self.register.get_or_init(|| Register::of(sight))
    }

    pub(crate) fn lately(&self, sight: &Sight<'_>) -> &Lately {
        self.lately.get_or_init(|| Lately::of(sight))
    }

    /// Returns the facts of the co-op under a kernel that is proposed. The first reader after an update waits for them.
    pub(crate) fn facts_under(&self, sight: &Sight<'_>, document: &str, kernel: &charter::Kernel) -> Facts {
        let work_out = || facts(sight.state, kernel, sight.directory);
        match self.proposed.get(document) {
            Some(kept) => kept.get_or_init(work_out).clone(),
            None => work_out(),
        }
    }
}

impl Stamp {
    fn of(state: &State, history: &[Arc<UpdatePoint>]) -> Stamp {
        let count =
            Count { updates: state.updates, kernel: state.amendment.in_force.clone(), edition: state.editions.current };
        let newest = history.last().map(|point| (point.at, point.outcomes.len(), history.len()));
        Stamp { count, members: state.members.len(), newest }
    }
}
