//! The order of a ranking: by votes, or from edition 4 on by the conviction that follows them. Source: `docs/spec/rankings.md`, Votes
//! and order.

use std::cmp::Reverse;

use charter::ItemOrder;
use quantity::{Conviction, MICRO, Moment};

use super::{Item, Ranking};
use crate::digest::Collect;
use crate::id::ItemId;

impl Ranking {
    /// Places of the open items in order: most votes first, or the greatest conviction; on equal ones the older, then the earlier.
    #[must_use]
    pub fn order(&self) -> Vec<ItemId> {
        match self.half_life_s {
            None => self.ordered(|item| Reverse(item.total)),
            Some(_) => self.ordered(|item| Reverse(item.conviction)),
        }
    }

    fn ordered<K: Ord>(&self, first: impl Fn(&Item) -> K) -> Vec<ItemId> {
        let open = self.items.iter().filter(|(_, item)| item.closed_at.is_none());
        let mut open: Vec<(K, Moment, ItemId)> =
            open.map(|(place, item)| (first(item), item.opened_at, place)).collect();
        open.sort_unstable();
        open.into_iter().map(|(_, _, place)| place).collect()
    }

    /// Takes a new clause's order. Conviction begins at nothing, and is forgotten where votes put items in order again.
    pub(super) fn follow(&mut self, order: ItemOrder) {
        let half_life_s = match order {
            ItemOrder::Votes => None,
            ItemOrder::Conviction(half_life) => Some(half_life.seconds()),
        };
        if half_life_s.is_none() && self.half_life_s.is_some() {
            for (_, item) in self.items.iter_mut() {
                item.conviction = Conviction::default();
            }
        }
        self.half_life_s = half_life_s;
    }

    /// At an update, `period_s` after the last one: y ← y × a + T × (1 − a).
    pub(super) fn follow_votes(&mut self, period_s: u64) {
        let Some(half_life_s) = self.half_life_s else { return };
        let (period_us, half_life_us) = (period_s.saturating_mul(MICRO), half_life_s.saturating_mul(MICRO));
        for (_, item) in self.items.iter_mut().filter(|(_, item)| item.closed_at.is_none()) {
            item.conviction = item.conviction.toward(item.total, period_us, half_life_us);
        }
    }

    /// An item that may be served by the order: with votes above 0, and conviction too where the list goes by that.
    pub(super) fn is_wanted(&self, item: &Item) -> bool {
        item.total > 0 && (self.half_life_s.is_none() || item.conviction > Conviction::default())
    }

    /// Its part of the section `orders`: only a list by conviction has one.
    pub(crate) fn collect_order(&self, into: &mut Collect) {
        into.wide(u128::from(self.half_life_s.unwrap_or(0)));
        for (_, item) in self.items.iter().filter(|(_, item)| item.closed_at.is_none()) {
            let (sign, whole, part) = item.conviction.words();
            into.number(sign).wide(whole).wide(u128::from(part));
        }
    }
}

#[cfg(test)]
mod tests;
