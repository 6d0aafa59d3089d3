//! One ranking: items by standing support, and when the unsupported close.

pub(crate) mod act;
mod close_items;
mod low;
mod order;
pub(crate) mod own;
pub mod supply;

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use charter::{Clause, ClauseKind, Edition, Kernel};
use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Conviction, Moment, Table, ensure};

use super::{Counted, Moved};
use crate::digest::Collect;
use crate::id::{ItemId, MemberIndex};
use low::Low;
use supply::{Asked, Handing};

/// Where issues come from.
const FORGE: &str = "forge";

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id where it comes from.
    pub id: Arc<str>,
    /// When it came on the list (again).
    pub opened_at: Moment,
    /// Votes for minus votes against at the last update, micro-votes.
    pub total: i128,
    /// Votes for, micro-votes.
    pub votes_for: u128,
    /// Votes against, micro-votes.
    pub votes_against: u128,
    /// Since when the votes have not been above the floor; `None` while they are.
    pub low_since: Option<Moment>,
    /// From edition 2 on: earlier times in which they were not.
    pub low: Low,
    /// When it left the list.
    pub closed_at: Option<Moment>,
    /// From edition 3 on: the member who brought it, if one did.
    pub brought: Option<Brought>,
    /// From edition 4 on: how much of the ranking's supply it asks for, where it says so.
    pub asked: Option<Asked>,
    /// It left the list because it was served.
    pub served: bool,
    /// How far its votes have come to count, micro-votes; nothing where these put the list in order themselves.
    pub conviction: Conviction,
}

/// The member who brought an item for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// Who.
    pub by: MemberIndex,
    /// They took it back.
    pub taken_back: bool,
}

/// A ranking's state. Places of items never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// Where items come from, such as `forge`.
    pub of: Option<String>,
    /// How long votes must stay at or below the floor until an item closes, seconds.
    pub close_after_s: Option<u64>,
    /// The floor, micro-votes.
    pub floor_micro: u64,
    /// All items that ever were.
    pub items: Table<ItemId, Item, 64>,
    #[serde(skip)]
    by_id: OrdMap<Arc<str>, ItemId>,
    /// By member: the items that they brought, as long as these are open, and those that they took back.
    #[serde(skip)]
    own: OrdMap<MemberIndex, OrdSet<ItemId>>,
    /// The edition under which it was counted last.
    edition: Edition,
    /// From edition 4 on: what is handed out by its order.
    pub handing: Handing,
    /// From edition 4 on: items are in the order of conviction, which goes half of the way to their votes in so many seconds.
    pub half_life_s: Option<u64>,
}

impl Ranking {
    pub(crate) fn new(of: Option<String>, close_after_s: Option<u64>, floor_micro: u64) -> Self {
        let (items, by_id, own) = (Table::default(), OrdMap::new(), OrdMap::new());
        let handing = Handing::default();
        let edition = Edition::ONE;
        Ranking { of, close_after_s, floor_micro, items, by_id, own, edition, handing, half_life_s: None }
    }

    /// The place of an item.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<ItemId> {
        self.by_id.get(id).copied()
    }

    /// When an item closes if its votes stay as they are.
    #[must_use]
    pub fn closes_at(&self, item: &Item) -> Option<Moment> {
        if self.edition >= Edition::TWO {
            return low::closes_at(item, self.close_after_s?);
        }
        let after = i64::try_from(self.close_after_s?).ok()?;
        Some(item.low_since?.plus_seconds(after))
    }

    pub(crate) fn open(&mut self, id: &str, at: Moment, by: Option<MemberIndex>, asked: Option<Asked>) {
        let fresh = Item {
            id: Arc::from(id),
            opened_at: at,
            total: 0,
            votes_for: 0,
            votes_against: 0,
            low_since: Some(at),
            low: Low::default(),
            closed_at: None,
            brought: by.map(|by| Brought { by, taken_back: false }),
            asked,
            served: false,
            conviction: Conviction::default(),
        };
        match self.place(id) {
            Some(place) => {
                if let Some(item) = self.items.get_mut(place) {
                    let before = std::mem::replace(item, fresh);
                    self.forget_own(place, before.brought);
                }
            }
            None => {
                let id = Arc::clone(&fresh.id);
                let place = self.items.push(fresh);
                self.by_id.insert(id, place);
                if let Some(by) = by {
                    self.own.entry(by).or_default().insert(place);
                }
            }
        }
    }

    /// An item is nobody's own any more.
    fn forget_own(&mut self, place: ItemId, brought: Option<Brought>) {
        let Some(by) = brought.map(|brought| brought.by) else { return };
        if let Some(own) = self.own.get_mut(&by) {
            own.remove(&place);
            if own.is_empty() {
                self.own.remove(&by);
            }
        }
    }

    /// The items of a member that are open, and those that they took back.
    pub(crate) fn own(&self, by: MemberIndex) -> impl Iterator<Item = &Item> {
        let own = self.own.get(&by).into_iter().flatten();
        own.filter_map(|place| self.items.get(*place))
    }

    /// A member takes their own item back.
    pub(crate) fn take_back(&mut self, place: ItemId) {
        if let Some(brought) = self.items.get_mut(place).and_then(|item| item.brought.as_mut()) {
            brought.taken_back = true;
            self.own.entry(brought.by).or_default().insert(place);
        }
    }

    pub(crate) fn close(&mut self, place: ItemId, at: Moment) {
        if let Some(item) = self.items.get_mut(place) {
            item.closed_at = Some(at);
            item.total = 0;
            item.votes_for = 0;
            item.votes_against = 0;
            item.low_since = None;
            item.low = Low::default();
            item.conviction = Conviction::default();
            let brought = item.brought;
            self.forget_own(place, brought);
        }
    }

    /// Takes a new clause's terms. Items above its floor have not been low by it; those that are low now count from the
    /// next update.
    pub(crate) fn renew(&mut self, of: Option<String>, close_after_s: Option<u64>, floor: u64) {
        self.of = of;
        self.close_after_s = close_after_s;
        self.floor_micro = floor;
        for (_, item) in self.items.iter_mut() {
            item.low_since = item.low_since.filter(|_| item.total <= i128::from(floor));
        }
    }

    /// An empty list on the clause's terms.
    pub(crate) fn of_clause(kernel: &Kernel, clause: &Clause, at: Moment) -> Ranking {
        let mut ranking = Ranking::new(None, None, 0);
        ranking.renew_clause(kernel, clause, at);
        ranking
    }

    /// Takes the clause's present terms.
    pub(crate) fn renew_clause(&mut self, kernel: &Kernel, clause: &Clause, at: Moment) {
        if let ClauseKind::Ranking(clause) = &clause.kind {
            let carried_out = clause.supply.filter(|_| kernel.edition >= Edition::FOUR);
            self.handing.renew(carried_out.map(supply::Supply::from), at);
            self.follow(clause.order);
            self.renew(
                clause.is_of_forge().then(|| FORGE.to_owned()),
                clause.close_after.map(quantity::Span::seconds),
                clause.floor_micro,
            );
        }
    }

    /// Votes of every open item, and since when it is low.
    pub(crate) fn count(&mut self, by: &Counted<'_>) {
        let floor = i128::from(self.floor_micro);
        self.edition = by.edition;
        let later = by.edition >= Edition::TWO;
        let close_after_s = self.close_after_s.unwrap_or(0);
        for (target, item) in self.items.iter_mut().filter(|(_, item)| item.closed_at.is_none()) {
            let votes = by.tally.support(by.place, target.place());
            item.total = votes.net();
            item.votes_for = votes.in_favour;
            item.votes_against = votes.against;
            if later {
                low::note(item, floor, by.at, close_after_s);
            } else {
                item.low_since = if item.total > floor { None } else { item.low_since.or(Some(by.at)) };
            }
        }
        self.follow_votes(by.period_s);
    }

    /// So many more votes by item, as if they had been counted.
    pub(crate) fn add_votes(&mut self, moved: &Moved, at: Moment) {
        let floor = i128::from(self.floor_micro);
        for place in self.items.ids() {
            let Some(item) = self.items.get(place).filter(|item| item.closed_at.is_none()) else { continue };
            let total = item.total.saturating_add(moved.votes(place.place()));
            let low_since = if total > floor { None } else { item.low_since.or(Some(at)) };
            // An item that stays as it is stays shared: a preview costs what it changes.
            if (total, low_since) == (item.total, item.low_since) {
                continue;
            }
            if let Some(item) = self.items.get_mut(place) {
                item.total = total;
                if self.edition >= Edition::TWO {
                    low::note(item, floor, at, self.close_after_s.unwrap_or(0));
                } else {
                    item.low_since = low_since;
                }
            }
        }
    }

    /// Open items whose time is up at `at`, by place.
    pub(crate) fn due(&self, at: Moment) -> Vec<(ItemId, String)> {
        let ends = |item: &Item| match (self.edition >= Edition::TWO, self.close_after_s) {
            (true, Some(close_after_s)) => low::is_due(item, at, close_after_s),
            _ => self.closes_at(item).is_some_and(|end| end <= at),
        };
        let due = |item: &Item| item.closed_at.is_none() && ends(item);
        self.items.iter().filter(|(_, item)| due(item)).map(|(place, item)| (place, item.id.to_string())).collect()
    }

    /// The ranking itself closes.
    pub(crate) fn close_all(&mut self, at: Moment) {
        for place in self.items.ids() {
            if self.items.get(place).is_some_and(|item| item.closed_at.is_none()) {
                self.close(place, at);
            }
        }
    }

    pub(crate) fn index_anew(&mut self) {
        self.by_id = self.items.iter().map(|(place, item)| (Arc::clone(&item.id), place)).collect();
        self.own = OrdMap::new();
        for (place, item) in self.items.iter() {
            if let Some(brought) = item.brought.filter(|brought| brought.taken_back || item.closed_at.is_none()) {
                self.own.entry(brought.by).or_default().insert(place);
            }
        }
    }

    pub(crate) fn check(&self, name: &str) -> Result<(), Broken> {
        ensure!(
            self.by_id.len() == self.items.len(),
            "`{name}` knows {} ids of {} items",
            self.by_id.len(),
            self.items.len()
        );
        for (id, place) in &self.by_id {
            let item = self.items.get(*place);
            ensure!(item.is_some_and(|item| item.id == *id), "`{id}` is not at place {place} of `{name}`");
            let votes = item.map_or((0, 0, 0), |item| (item.total, item.votes_for, item.votes_against));
            ensure!(
                item.is_none_or(|item| item.closed_at.is_none()) || votes == (0, 0, 0),
                "item `{id}` of `{name}` is closed and has votes"
            );
            ensure!(
                item.is_none_or(|item| item.closed_at.is_some() || !item.served),
                "item `{id}` of `{name}` is served and open"
            );
        }
        self.handing.check(name, self.items.len())
    }

    /// Its part of the section `settling`: the times in which open items were low, before the present one.
    pub(crate) fn collect_memory(&self, into: &mut Collect) {
        for (place, item) in self.items.iter().filter(|(_, item)| item.closed_at.is_none()) {
            if !item.low.times().is_empty() {
                into.number(place).wide(item.low.times().len() as u128);
                for (from, until) in item.low.times() {
                    into.number(from.0).number(until.0);
                }
            }
        }
    }

    /// Whether a member ever brought an item that is not replaced by another one under its id.
    pub(crate) fn has_brought(&self) -> bool {
        self.items.rows().iter().any(|item| item.brought.is_some())
    }

    /// Its part of the section `bringers`: the items that members brought.
    pub(crate) fn collect_brought(&self, into: &mut Collect) {
        let brought = || self.items.iter().filter_map(|(place, item)| Some((place, item.brought?)));
        into.wide(brought().count() as u128);
        for (place, brought) in brought() {
            into.number(place).number(brought.by).number(i32::from(brought.taken_back));
        }
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.items.len() as u128);
        for item in self.items.rows().iter() {
            into.text(&item.id)
                .number(item.opened_at.0)
                .number(item.total)
                .wide(item.votes_for)
                .wide(item.votes_against);
            into.number(item.low_since.map_or(-1, |at| at.0)).number(item.closed_at.map_or(-1, |at| at.0));
        }
    }
}

#[cfg(test)]
mod tests;
