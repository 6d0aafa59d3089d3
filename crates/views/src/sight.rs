//! The source of every view. It holds nothing of its own.

use std::sync::Arc;

use engine::{MemberIndex, Pseudonym, State};
use quantity::{Moment, Zone};

use crate::{Directory, Kept, UpdatePoint, say};

/// The source of every page: the state, what is kept of it, the data beside it, the present, and the reader.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    pub state: &'a State,
    /// All that pages say about everybody.
    pub kept: &'a Kept,
    /// The results of updates, oldest first.
    pub history: &'a [Arc<UpdatePoint>],
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

    /// Returns the reader's place in the register, while a member.
    pub(crate) fn me_index(&self) -> Option<MemberIndex> {
        self.state.members.index(self.me?).filter(|index| self.state.members.is_active(*index))
    }

    /// Returns a moment as pages say it, in the co-op's time zone.
    #[must_use]
    pub fn moment(&self, at: Moment) -> crate::Moment {
        say::moment(at, self.zone())
    }

    pub(crate) fn day(&self, at: Moment) -> String {
        say::day(at, self.zone())
    }
}
