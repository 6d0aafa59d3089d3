//! One member's part of everything ever given, for explaining and forecasting a single weight.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Rows, Support};
use crate::id::MemberIndex;

impl Support {
    /// The rows of one member as if nobody else had given anything; the member has index 0 there. Series keep their
    /// numbers. It knows no sources: nothing can be recorded in it or taken back.
    #[must_use]
    pub fn only(&self, member: MemberIndex) -> Support {
        let mut own = Support::default();
        let mut moved = BTreeMap::new();
        for (kind, rows) in &self.kinds {
            let mut kept = Rows::default();
            for (place, row) in rows.of(member) {
                if *kind == charter::SupportKind::Pledge {
                    moved.insert(small(place), small(kept.len()));
                }
                kept.push(super::SupportRow { member: MemberIndex::default(), ..row });
            }
            if !kept.is_empty() {
                own.kinds.insert(*kind, kept);
            }
        }
        for (key, rows) in &self.serving {
            let mut kept = Rows::default();
            for (_, row) in rows.of(member) {
                kept.push(super::SupportRow { member: MemberIndex::default(), ..row });
            }
            if !kept.is_empty() {
                own.serving.insert(*key, kept);
            }
        }
        own.services = Arc::clone(&self.services);
        own.own_pledges.set(MemberIndex::default(), self.own_pledges.of(member));
        for (old, new) in moved {
            if let Some(terms) = self.pledges.get(&old) {
                own.pledges.insert(new, *terms);
            }
            if let Some(reductions) = self.reductions.get(&old) {
                own.reduced = own.reduced.saturating_add(reductions.len());
                own.reductions.insert(new, Arc::clone(reductions));
            }
        }
        own
    }
}

fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
