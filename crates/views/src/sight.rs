//! What every view is filled from. It holds nothing of its own.

use engine::{Pseudonym, State};
use quantity::{Moment, Zone};

use crate::{Directory, UpdatePoint, say};

/// What every page is filled from: the state, what stands beside it, the present, and who reads.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    pub state: &'a State,
    /// What updates published, oldest first.
    pub history: &'a [UpdatePoint],
    pub directory: Directory<'a>,
    /// The reader's present; nothing but words such as `in 3 days` depends on it.
    pub now: Moment,
    /// The member who reads, if any.
    pub me: Option<Pseudonym>,
    /// Anyone at this address may act as any member.
    pub walk_in: bool,
}

impl<'a> Sight<'a> {
    pub(crate) fn zone(&self) -> &'a Zone {
        &self.state.rules.kernel.zone
    }

    /// The reader's place in the register, while a member.
    pub(crate) fn me_index(&self) -> Option<u32> {
        self.state.members.index(self.me?).filter(|index| self.state.members.is_active(*index))
    }

    /// A moment as pages say it, in the co-op's time zone.
    #[must_use]
    pub fn moment(&self, at: Moment) -> crate::Moment {
        say::moment(at, self.zone())
    }

    pub(crate) fn day(&self, at: Moment) -> String {
        say::day(at, self.zone())
    }
}
