//! Requests for money of one pool, each of which passes as soon as its conviction suffices. From edition 4 on. Source:
//! `docs/spec/commitments.md`, Requests.

pub(crate) mod act;
mod ahead;
mod backing;
mod pass;
mod terms;
mod threshold;

use std::sync::Arc;

use charter::Clause;
use imbl::OrdSet;
use quantity::{Broken, Conviction, Moment, Table, ensure};
use serde::{Deserialize, Serialize};

use super::{Counted, Moved, Ranking};
use crate::digest::Collect;
use crate::id::{ItemId, MemberIndex};

pub use pass::RequestNow;
pub use terms::RequestTerms;
pub use threshold::{Limits, Part};

/// The most amounts that are remembered of one pool. While there are as many, nothing passes.
const MOST_GRANTS: usize = 1_000;

/// A request for money. Its votes, and whether it is open, are those of the item at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asked.
    pub asker: MemberIndex,
    /// Those whom it pays, the asker among them, in order.
    pub people: Arc<Vec<MemberIndex>>,
    /// r, minor units.
    pub minor: u64,
    /// y at the last update, in micro-votes.
    pub conviction: Conviction,
    /// Of each member who votes for it, or did: the conviction that their votes have come to; in the order of members.
    backing: Arc<Vec<(MemberIndex, Conviction)>>,
    /// How it ended, once it is closed.
    pub end: Option<RequestEnd>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestEnd {
    /// It passed at this update, and the money is owed.
    Passed(Moment),
    /// Its asker took it back, or left.
    Withdrawn,
    /// It stood for four half-lives, and nobody was for it.
    Unsupported,
    /// The rules had its clause no more.
    Closed,
}

/// An amount that has passed from a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The update.
    pub at: Moment,
    /// Minor units.
    pub minor: u64,
    /// Members who had conviction in it.
    backers: OrdSet<MemberIndex>,
}

/// The amounts that have passed from one pool by requests within four half-lives, the earliest first. Kept with the pool, so that no
/// other clause forgets them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants(Arc<Vec<Grant>>);

/// The state of requests. Places are those of their list, and never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// The terms of its clause.
    pub terms: RequestTerms,
    /// The requests as items, with their votes.
    pub(super) list: Ranking,
    requests: Table<ItemId, Request, 64>,
}

impl Grants {
    /// The amounts, the earliest first.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Grant> {
        self.0.iter()
    }

    /// Whether nothing more can be remembered.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= MOST_GRANTS
    }

    /// Amounts that passed at `at` or before count no more.
    fn forget(&mut self, at: Moment) {
        if self.0.first().is_some_and(|first| first.at <= at) {
            Arc::make_mut(&mut self.0).retain(|grant| grant.at > at);
        }
    }

    fn note(&mut self, grant: Grant) {
        Arc::make_mut(&mut self.0).push(grant);
    }

    /// Who has taken a record over voted for what it voted for.
    fn hand_over(&mut self, from: MemberIndex, into: MemberIndex) {
        if self.0.iter().any(|grant| grant.backers.contains(&from)) {
            for grant in Arc::make_mut(&mut self.0).iter_mut().filter(|grant| grant.backers.contains(&from)) {
                grant.backers.insert(into);
            }
        }
    }

    /// docs/spec/updates.md, Named sections, `pools`.
    pub(super) fn collect(&self, into: &mut Collect) {
        into.wide(self.0.len() as u128);
        for grant in self.0.iter() {
            into.number(grant.at.0).wide(u128::from(grant.minor)).wide(grant.backers.len() as u128);
            grant.backers.iter().for_each(|one| {
                into.number(*one);
            });
        }
    }

    pub(super) fn check(&self, name: &str) -> Result<(), Broken> {
        ensure!(self.0.len() <= MOST_GRANTS, "`{name}` remembers {} amounts", self.0.len());
        ensure!(self.0.is_sorted_by(|a, b| a.at <= b.at), "amounts of `{name}` are not in order");
        Ok(())
    }
}

impl Request {
    /// Whether somebody is of those whom it pays.
    #[must_use]
    pub fn is_own(&self, member: MemberIndex) -> bool {
        self.people.binary_search(&member).is_ok()
    }
}

impl Requests {
    /// No request yet, on its clause's terms; `None` for another kind of clause.
    pub(super) fn open(clause: &Clause) -> Option<Requests> {
        let terms = RequestTerms::of(clause)?;
        Some(Requests { terms, list: Ranking::new(None, None, 0), requests: Table::default() })
    }

    /// Takes the clause's present terms. Requests, votes and conviction stay.
    pub(super) fn renew(&mut self, clause: &Clause) {
        if let Some(terms) = RequestTerms::of(clause) {
            self.terms = terms;
        }
    }

    /// A request at a place.
    #[must_use]
    pub fn request(&self, place: ItemId) -> Option<&Request> {
        self.requests.get(place)
    }

    /// Every request that there ever was, in order, with its place.
    pub fn all(&self) -> impl Iterator<Item = (ItemId, &Request)> {
        self.requests.iter()
    }

    /// Requests that stand, in the order in which they came.
    pub fn asking(&self) -> impl Iterator<Item = (ItemId, &Request)> {
        self.requests.iter().filter(|(_, request)| request.end.is_none())
    }

    /// Requests that stand, in the order in which they are looked at: greatest conviction first, then the older.
    #[must_use]
    pub fn order(&self) -> Vec<ItemId> {
        let mut order: Vec<(std::cmp::Reverse<Conviction>, ItemId)> =
            self.asking().map(|(place, request)| (std::cmp::Reverse(request.conviction), place)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, place)| place).collect()
    }

    /// Votes of every request, and how far conviction follows them.
    pub(super) fn count(&mut self, by: &Counted<'_>) {
        self.list.count(by);
        let (period_us, half_life_us) = (by.period_s.saturating_mul(quantity::MICRO), self.terms.half_life_us());
        let open: Vec<ItemId> = self.asking().map(|(place, _)| place).collect();
        for place in open {
            let votes = self.list.items.get(place).map_or(0, |item| item.total);
            if let Some(request) = self.requests.get_mut(place) {
                request.conviction = request.conviction.toward(votes, period_us, half_life_us);
            }
        }
    }

    /// Ends a request. Those who were for it are returned.
    fn end(&mut self, place: ItemId, end: RequestEnd) -> OrdSet<MemberIndex> {
        let Some(request) = self.requests.get_mut(place) else { return OrdSet::new() };
        request.end = Some(end);
        request.conviction = Conviction::default();
        let backing = std::mem::take(&mut request.backing);
        backing.iter().map(|(member, _)| *member).collect()
    }

    /// The rules define it no longer.
    pub(super) fn close(&mut self, at: Moment) {
        self.list.close_all(at);
        let open: Vec<ItemId> = self.asking().map(|(place, _)| place).collect();
        for place in open {
            self.end(place, RequestEnd::Closed);
        }
    }

    pub(super) fn add_votes(&mut self, moved: &Moved, at: Moment) {
        self.list.add_votes(moved, at);
    }

    pub(super) fn index_anew(&mut self) {
        self.list.index_anew();
    }

    /// A request's name on ballots.
    fn id(&self, place: ItemId) -> String {
        self.list.items.get(place).map(|one| one.id.to_string()).unwrap_or_default()
    }

    pub(super) fn check(&self, name: &str) -> Result<(), Broken> {
        self.list.check(name)?;
        ensure!(self.requests.len() == self.list.items.len(), "`{name}` has items that are no requests");
        for (place, request) in self.requests.iter() {
            let open = self.list.items.get(place).is_some_and(|item| item.closed_at.is_none());
            ensure!(open == request.end.is_none(), "request {place} of `{name}` is over and open");
            ensure!(request.minor > 0, "request {place} of `{name}` is for nothing");
            ensure!(request.people.is_sorted_by(|a, b| a < b), "people of {place} of `{name}` are not in order");
            ensure!(request.backing.is_sorted_by(|a, b| a.0 < b.0), "backing of {place} of `{name}` is not in order");
            ensure!(
                request.end.is_none() || request.backing.is_empty(),
                "request {place} of `{name}` is over and backed"
            );
        }
        Ok(())
    }

    pub(super) fn collect_memory(&self, into: &mut Collect) {
        self.list.collect_memory(into);
    }

    /// docs/spec/updates.md, Named sections, `requests`.
    pub(super) fn collect(&self, into: &mut Collect) {
        let number = |conviction: Conviction, into: &mut Collect| {
            let (negative, whole, part) = conviction.words();
            into.number(negative).wide(whole).number(part);
        };
        self.list.collect(into);
        for request in self.requests.rows().iter() {
            into.number(request.asker).wide(u128::from(request.minor));
            number(request.conviction, into);
            let (end, at) = match request.end {
                None => (0, -1),
                Some(RequestEnd::Passed(at)) => (1, at.0),
                Some(RequestEnd::Withdrawn) => (2, -1),
                Some(RequestEnd::Unsupported) => (3, -1),
                Some(RequestEnd::Closed) => (4, -1),
            };
            into.number(end).number(at).wide(request.people.len() as u128);
            request.people.iter().for_each(|one| {
                into.number(*one);
            });
            into.wide(request.backing.len() as u128);
            for (member, conviction) in request.backing.iter() {
                into.number(*member);
                number(*conviction, into);
            }
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod tests;
