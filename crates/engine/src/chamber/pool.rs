//! One pool: projects that ask for money, what members pledge to them, and what the pool has. From edition 4 on. Source:
//! `docs/spec/pools.md`, The clause. The sums of matches and cycles are in `crate::pool`.

pub(crate) mod act;
mod cycle;
mod held;
mod money;
pub(crate) mod plan;
mod standing;
mod terms;

use std::sync::Arc;

use charter::Clause;
use imbl::OrdMap;
use quantity::{Broken, Conviction, Moment, Table, Zone, ensure};
use serde::{Deserialize, Serialize};

use super::requests::Grants;
use super::{Counted, Moved, Ranking};
use crate::digest::Collect;
use crate::id::{ItemId, MemberIndex};

pub use held::{Fed, Held};
pub(crate) use money::not_kept_by_pools;
pub use standing::{Now, Pooled};
pub use terms::{Match, Terms};

/// How many past cycles of one pool are remembered.
const MOST_CYCLES: usize = 120;

/// A project that asks for money. Its votes, and whether it is open, are those of the item at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Who asked.
    pub proposer: MemberIndex,
    /// Its own people, the proposer among them, in order.
    pub people: Arc<Vec<MemberIndex>>,
    /// How much it asks for, minor units.
    pub goal_minor: u64,
    /// Who pledges how much, minor units above 0.
    pub pledges: OrdMap<MemberIndex, u64>,
    /// y at the last update, in micro-votes.
    pub conviction: Conviction,
    /// Since which update pledges and match have come to its goal.
    pub eligible_since: Option<Moment>,
    /// How it ended, once it is closed.
    pub end: Option<End>,
}

/// How a project ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// It was funded.
    Funded {
        /// From the pool, minor units.
        from_pool: u64,
        /// All that was pledged to it, minor units.
        pledged: u64,
    },
    /// Its proposer took it back, or left.
    Withdrawn,
    /// Nobody was for it at the end of a cycle in which it stood throughout.
    Unsupported,
    /// The rules had its pool no more.
    Closed,
}

/// One past cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its end.
    pub at: Moment,
    /// The projects that were funded, in order.
    pub funded: Vec<ItemId>,
    /// From the pool to all of them, minor units.
    pub paid_minor: u64,
    /// The pool's balance afterwards, minor units.
    pub left_minor: i64,
    /// The project that it was saved for.
    pub saving_for: Option<ItemId>,
    /// The option that directed it, SHA-256 of its text, hex; `None` where it was the default's.
    pub directed: Option<String>,
}

/// Where a pool's money came from and went, minor units since it was opened. Each sum only grows, but what was fed falls by refunds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// From income, less refunds.
    pub fed: i64,
    /// From members' gifts to it.
    pub given: i64,
    /// From common money, by decisions on its cycles.
    pub added: i64,
    /// To projects.
    pub paid: i64,
    /// To those who left in forks.
    pub forked: i64,
}

/// A pool's state. Places of projects are those of its list, and never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// The terms of its clause.
    pub terms: Terms,
    /// Its projects as items, with their votes.
    pub(super) list: Ranking,
    projects: Table<ItemId, Project, 64>,
    /// Where its money came from and went.
    pub sums: Sums,
    from: Moment,
    until: Moment,
    /// Cycles of saving in a row.
    saved: u32,
    past: Arc<Vec<Past>>,
    /// The amounts that have passed from it by requests.
    pub(super) grants: Grants,
}

impl Sums {
    /// The balance, minor units: below 0 where refunds took more than there was.
    #[must_use]
    pub fn left(&self) -> i64 {
        let came = self.fed.saturating_add(self.given).saturating_add(self.added);
        came.saturating_sub(self.paid).saturating_sub(self.forked)
    }
}

impl Project {
    /// All that is pledged to it, minor units.
    #[must_use]
    pub fn pledged(&self) -> u64 {
        self.pledges.values().fold(0, |sum, minor| sum.saturating_add(*minor))
    }

    /// Whether somebody is of its own people.
    #[must_use]
    pub fn is_own(&self, member: MemberIndex) -> bool {
        self.people.binary_search(&member).is_ok()
    }
}

impl Pool {
    /// An empty pool on its clause's terms; `None` for another kind of clause.
    pub(super) fn open(clause: &Clause, zone: &Zone, at: Moment) -> Option<Pool> {
        let terms = Terms::of(clause)?;
        let (from, until) = terms.cycle_around(at, zone);
        let list = Ranking::new(None, None, 0);
        let (projects, sums, past) = (Table::default(), Sums::default(), Arc::default());
        Some(Pool { terms, list, projects, sums, from, until, saved: 0, past, grants: Grants::default() })
    }

    /// Takes the clause's present terms. Projects, pledges, votes and money stay; where the cycle is another one it ends with the new
    /// calendar period. A cycle that ends now was shared out before.
    pub(super) fn renew(&mut self, clause: &Clause, zone: &Zone, at: Moment) {
        let Some(terms) = Terms::of(clause) else { return };
        let before = std::mem::replace(&mut self.terms, terms);
        if before.every != self.terms.every {
            (self.from, self.until) = self.terms.cycle_around(at, zone);
        }
    }

    /// The next cycle begins.
    fn begin(&mut self, zone: &Zone, at: Moment) {
        (self.from, self.until) = self.terms.cycle_around(at, zone);
    }

    /// The end of the running cycle: votes and pledges at or after it count in the next one.
    #[must_use]
    pub fn until(&self) -> Moment {
        self.until
    }

    /// When the running cycle began by the calendar.
    #[must_use]
    pub fn from(&self) -> Moment {
        self.from
    }

    /// Cycles of saving in a row.
    #[must_use]
    pub fn saved(&self) -> u32 {
        self.saved
    }

    /// The past cycles that are remembered, the earliest first.
    #[must_use]
    pub fn past(&self) -> &[Past] {
        &self.past
    }

    /// h, microseconds.
    #[must_use]
    pub fn half_life_us(&self) -> u64 {
        match self.terms.half_life {
            Some(span) => span.seconds().saturating_mul(quantity::MICRO),
            None => self.until.micros_since(self.from) / 4,
        }
    }

    /// Amounts that have passed from it by requests, as long as they count.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// A project at a place.
    #[must_use]
    pub fn project(&self, place: ItemId) -> Option<&Project> {
        self.projects.get(place)
    }

    /// Every project that there ever was, in order, with its place.
    pub fn projects(&self) -> impl Iterator<Item = (ItemId, &Project)> {
        self.projects.iter()
    }

    /// Projects that ask for money now, in the order in which they came.
    pub fn asking(&self) -> impl Iterator<Item = (ItemId, &Project)> {
        self.projects.iter().filter(|(_, project)| project.end.is_none())
    }

    /// All that is pledged to its projects, minor units.
    #[must_use]
    pub fn pledged(&self) -> u64 {
        self.asking().fold(0, |sum, (_, project)| sum.saturating_add(project.pledged()))
    }

    /// Votes of every project, and how far conviction follows them.
    pub(super) fn count(&mut self, by: &Counted<'_>) {
        self.list.count(by);
        let (period_us, half_life_us) = (by.period_s.saturating_mul(quantity::MICRO), self.half_life_us());
        let open: Vec<ItemId> = self.asking().map(|(place, _)| place).collect();
        for place in open {
            let votes = self.list.items.get(place).map_or(0, |item| item.total);
            if let Some(project) = self.projects.get_mut(place) {
                project.conviction = project.conviction.toward(votes, period_us, half_life_us);
            }
        }
    }

    /// Ends a project, and returns what its pledges were.
    fn end(&mut self, place: ItemId, end: End) -> OrdMap<MemberIndex, u64> {
        let Some(project) = self.projects.get_mut(place) else { return OrdMap::new() };
        project.end = Some(end);
        project.eligible_since = None;
        project.conviction = Conviction::default();
        std::mem::take(&mut project.pledges)
    }

    /// The rules define it no longer. Pledges have gone back before.
    pub(super) fn close(&mut self, at: Moment) {
        self.list.close_all(at);
        let open: Vec<ItemId> = self.asking().map(|(place, _)| place).collect();
        for place in open {
            self.end(place, End::Closed);
        }
    }

    pub(super) fn add_votes(&mut self, moved: &Moved, at: Moment) {
        self.list.add_votes(moved, at);
    }

    pub(super) fn index_anew(&mut self) {
        self.list.index_anew();
    }

    pub(super) fn check(&self, name: &str, is_open: bool) -> Result<(), Broken> {
        self.list.check(name)?;
        ensure!(self.projects.len() == self.list.items.len(), "`{name}` has items that are no projects");
        for (place, project) in self.projects.iter() {
            let open = self.list.items.get(place).is_some_and(|item| item.closed_at.is_none());
            ensure!(open == project.end.is_none(), "project {place} of `{name}` is over and open");
            ensure!(project.end.is_none() || project.pledges.is_empty(), "project {place} of `{name}` keeps pledges");
            ensure!(project.pledges.values().all(|minor| *minor > 0), "a pledge to {place} of `{name}` is of nothing");
            ensure!(project.people.is_sorted_by(|a, b| a < b), "people of {place} of `{name}` are not in order");
        }
        ensure!(is_open || self.sums.left() == 0, "`{name}` is closed, and has {} left", self.sums.left());
        ensure!(self.from < self.until, "the cycle of `{name}` has no length");
        ensure!(self.past.is_sorted_by(|a, b| a.at < b.at), "two cycles of `{name}` ended at once");
        self.grants.check(name)
    }

    pub(super) fn collect_memory(&self, into: &mut Collect) {
        self.list.collect_memory(into);
    }

    /// docs/spec/updates.md, Named sections, `pools`.
    pub(super) fn collect(&self, into: &mut Collect) {
        self.list.collect(into);
        let Sums { fed, given, added, paid, forked } = self.sums;
        into.row([self.from.0, self.until.0, fed, given, added, paid, forked].map(i128::from)).number(self.saved);
        for project in self.projects.rows().iter() {
            into.number(project.proposer).wide(u128::from(project.goal_minor));
            into.number(project.eligible_since.map_or(-1, |at| at.0));
            let (negative, whole, part) = project.conviction.words();
            into.number(negative).wide(whole).number(part);
            let (end, from_pool, pledged) = match project.end {
                None => (0, 0, 0),
                Some(End::Funded { from_pool, pledged }) => (1, from_pool, pledged),
                Some(End::Withdrawn) => (2, 0, 0),
                Some(End::Unsupported) => (3, 0, 0),
                Some(End::Closed) => (4, 0, 0),
            };
            into.number(end).wide(u128::from(from_pool)).wide(u128::from(pledged));
            into.wide(project.people.len() as u128);
            project.people.iter().for_each(|one| {
                into.number(*one);
            });
            into.wide(project.pledges.len() as u128);
            for (member, minor) in &project.pledges {
                into.number(*member).wide(u128::from(*minor));
            }
        }
        into.wide(self.past.len() as u128);
        for past in self.past.iter() {
            into.number(past.at.0).wide(u128::from(past.paid_minor)).number(past.left_minor);
            into.number(past.saving_for.map_or(-1, i128::from)).text(past.directed.as_deref().unwrap_or_default());
            into.wide(past.funded.len() as u128);
            past.funded.iter().for_each(|place| {
                into.number(*place);
            });
        }
        self.grants.collect(into);
    }
}

#[cfg(test)]
pub(in crate::chamber) mod laws;
#[cfg(test)]
pub(crate) mod tests;
