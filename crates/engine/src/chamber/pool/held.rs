//! Money that is held for members, and what records of income fed pools with.

use std::sync::Arc;

use imbl::OrdMap;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::act::BookEntry;
use crate::digest::Collect;
use crate::id::{DecisionId, MemberIndex};

/// The parts of a record of income that fed pools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fed {
    /// The rest of the record, minor units.
    pub left: u64,
    /// The pools, and the part of the record that each has, parts per million.
    pub parts: Vec<(DecisionId, u32)>,
}

/// The money beside pools: members', and what moved with records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// By member: what is held for them and pledged to nothing, minor units above 0.
    pub(super) free: OrdMap<MemberIndex, u64>,
    /// By number of a record's source: what it fed.
    pub(super) fed: OrdMap<u64, Arc<Fed>>,
    /// By number of a source, that of a record or of what took some of it back: how much each pool got by it, minor units.
    pub(super) moved: OrdMap<u64, Arc<Vec<(DecisionId, i64)>>>,
    /// The entries of updates and change times for pools, by instant, and whether it was the update.
    pub(super) booked: OrdMap<(Moment, bool), Arc<BookEntry>>,
}

impl Held {
    /// Nothing was ever held or fed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.free.is_empty() && self.fed.is_empty() && self.booked.is_empty()
    }

    /// The money that is held for a member and pledged to nothing, minor units.
    #[must_use]
    pub fn free(&self, member: MemberIndex) -> u64 {
        self.free.get(&member).copied().unwrap_or(0)
    }

    /// All that is held and pledged to nothing, minor units.
    #[must_use]
    pub fn all_free(&self) -> u64 {
        self.free.values().fold(0, |sum, minor| sum.saturating_add(*minor))
    }

    /// The entry that an update has booked.
    #[must_use]
    pub fn booked_by_update(&self, at: Moment) -> Option<&BookEntry> {
        self.booked.get(&(at, true)).map(|entry| &**entry)
    }

    /// The entry that a change time has booked.
    #[must_use]
    pub fn booked_by_change(&self, at: Moment) -> Option<&BookEntry> {
        self.booked.get(&(at, false)).map(|entry| &**entry)
    }

    pub(super) fn put(&mut self, member: MemberIndex, minor: u64) {
        if minor > 0 {
            let free = self.free.entry(member).or_default();
            *free = free.saturating_add(minor);
        }
    }

    /// Takes what every check has seen to be there.
    pub(super) fn take(&mut self, member: MemberIndex, minor: u64) {
        let left = self.free(member).saturating_sub(minor);
        match left {
            0 => self.free.remove(&member),
            left => self.free.insert(member, left),
        };
    }

    /// docs/spec/updates.md, Named sections, `pools`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.free.len() as u128);
        for (member, minor) in &self.free {
            into.number(*member).wide(u128::from(*minor));
        }
        into.wide(self.fed.len() as u128);
        for (source, fed) in &self.fed {
            into.number(*source).wide(u128::from(fed.left)).wide(fed.parts.len() as u128);
            for (pool, part_ppm) in &fed.parts {
                into.number(*pool).number(*part_ppm);
            }
        }
    }
}
