//! Requests pass at an update: in the order of conviction, each once, with the money of the pool as the ones before have left it. And
//! what becomes of requests whose asker leaves.

use std::collections::BTreeSet;

use imbl::OrdSet;
use quantity::Moment;

use super::{Grant, Part, Request, RequestEnd};
use crate::act::Posting;
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

/// The numbers of one request, as of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestNow {
    /// q, in parts per million rounded up; `None` where nobody is for it, or the pool is empty.
    pub part_ppm: Option<u32>,
    /// The conviction above which it passes, micro-votes rounded down; `None` where it cannot pass.
    pub needs: Option<u128>,
    /// It would pass.
    pub passes: bool,
}

impl State {
    /// The pool that the requests of a decision are for: of the same constitution.
    #[must_use]
    pub fn asked_pool(&self, decision: &Decision) -> Option<DecisionId> {
        self.pool_beside(decision, &decision.requests()?.terms.of)
    }

    /// How a request stands now, by what the last update counted and the pool has.
    #[must_use]
    pub fn request_now(&self, decision: &Decision, item: ItemId) -> Option<RequestNow> {
        let requests = decision.requests()?;
        let request = requests.request(item).filter(|request| request.end.is_none())?;
        let none = RequestNow { part_ppm: None, needs: None, passes: false };
        let Some(part) = self.part_of_pool(decision, request) else { return Some(none) };
        let limits = requests.terms.limits();
        let full = self
            .asked_pool(decision)
            .and_then(|pool| self.decisions.get(pool)?.pool())
            .is_none_or(|pool| pool.grants.is_full());
        let passes = !full && limits.pass(request.conviction, decision.capacity, &part);
        let needs = limits.needs(decision.capacity, &part).filter(|_| !full);
        Some(RequestNow { part_ppm: Some(part.ppm()), needs, passes })
    }

    /// q of a request.
    fn part_of_pool(&self, decision: &Decision, request: &Request) -> Option<Part> {
        let pool = self.decisions.get(self.asked_pool(decision)?)?.pool()?;
        let magnitude = |had: &quantity::Conviction| u128::try_from(had.rounded()).unwrap_or(0);
        let all = request.backing.iter().fold(0, |sum: u128, (_, had)| sum.saturating_add(magnitude(had)));
        let of = |backers: &OrdSet<MemberIndex>| {
            let theirs = request.backing.iter().filter(|(member, _)| backers.contains(member));
            theirs.fold(0, |sum: u128, (_, had)| sum.saturating_add(magnitude(had)))
        };
        let has = u64::try_from(pool.sums.left()).unwrap_or(0);
        Part::of(request.minor, has, pool.grants.all().map(|grant| (grant.minor, of(&grant.backers))), all)
    }

    /// Whether a request passes now. Pages alone look for the least that the threshold needs.
    fn passes(&self, decision: &Decision, item: ItemId) -> Option<u64> {
        let requests = decision.requests()?;
        let request = requests.request(item).filter(|request| request.end.is_none())?;
        let pool = self.decisions.get(self.asked_pool(decision)?)?.pool()?;
        if pool.grants.is_full() || request.backing.is_empty() {
            return None;
        }
        let limits = requests.terms.limits();
        let passes = |part: &Part| limits.pass(request.conviction, decision.capacity, part);
        // Earlier amounts raise what is needed: most requests do not pass without it either, and nobody is looked up for them.
        let has = u64::try_from(pool.sums.left()).unwrap_or(0);
        let alone = Part::of(request.minor, has, [], 1)?;
        (passes(&alone) && passes(&self.part_of_pool(decision, request)?)).then_some(request.minor)
    }

    /// Requests pass, in the order of conviction; and those that nobody has been for leave the list.
    pub(crate) fn pass_requests(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut postings = Vec::new();
        let open = self.open_decisions().filter(|(_, one)| one.requests().is_some());
        let places: Vec<DecisionId> = open.map(|(place, _)| place).collect();
        for place in places {
            outcomes.extend(self.pass_of(place, at, &mut postings));
        }
        self.book_for_pools(postings, at);
        outcomes
    }

    fn pass_of(&mut self, place: DecisionId, at: Moment, postings: &mut Vec<Posting>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let Some(decision) = self.decisions.get(place) else { return outcomes };
        let Some((order, remembered_us)) = decision.requests().map(|one| (one.order(), one.terms.remembered_us()))
        else {
            return outcomes;
        };
        let (name, pool) = (decision.name.clone(), self.asked_pool(decision));
        let since = Moment(at.0.saturating_sub(i64::try_from(remembered_us).unwrap_or(i64::MAX)));
        if let Some(pool) = pool.and_then(|pool| self.decisions.get_mut(pool)).and_then(Decision::pool_mut) {
            pool.grants.forget(since);
        }
        let mut passed: Vec<(ItemId, u64)> = Vec::new();
        for item in order {
            let now = self.decisions.get(place).and_then(|decision| self.passes(decision, item));
            let (Some(minor), Some(pool)) = (now, pool) else { continue };
            self.pass_one(place, pool, item, minor, at, postings);
            passed.push((item, minor));
        }
        let idle = self.unsupported_requests(place, since);
        for item in &idle {
            if let Some(requests) = self.decisions.get_mut(place).and_then(Decision::requests_mut) {
                requests.end(*item, RequestEnd::Unsupported);
            }
        }
        let closing: BTreeSet<ItemId> = passed.iter().map(|(item, _)| *item).chain(idle.iter().copied()).collect();
        let freed = self.close_items(place, &closing, at);
        let freed = |item: &ItemId| freed.get(item).copied().unwrap_or(0);
        let Some(requests) = self.decisions.get(place).and_then(Decision::requests) else { return outcomes };
        for (item, minor) in passed {
            let (decision, request, freed) = (name.clone(), requests.id(item), freed(&item));
            let unit = self.rules.kernel.currency.code().to_owned();
            outcomes.push(Outcome::RequestPassed { decision, request, minor, unit, freed });
        }
        for item in idle {
            let (decision, request) = (name.clone(), requests.id(item));
            outcomes.push(Outcome::RequestClosed { decision, request, freed: freed(&item) });
        }
        outcomes
    }

    /// One request passes: it is owed, and remembered with those who were for it.
    fn pass_one(
        &mut self,
        place: DecisionId,
        pool: DecisionId,
        item: ItemId,
        minor: u64,
        at: Moment,
        postings: &mut Vec<Posting>,
    ) {
        let requests = self.decisions.get_mut(place).and_then(Decision::requests_mut);
        let backers = requests.map(|requests| requests.end(item, RequestEnd::Passed(at))).unwrap_or_default();
        self.owe(pool, minor, 0, postings);
        if let Some(pool) = self.decisions.get_mut(pool).and_then(Decision::pool_mut) {
            pool.grants.note(Grant { at, minor, backers });
        }
    }

    /// Requests that came at `since` or before, and have no conviction.
    fn unsupported_requests(&self, place: DecisionId, since: Moment) -> Vec<ItemId> {
        let Some(requests) = self.decisions.get(place).and_then(Decision::requests) else { return Vec::new() };
        let old = |item: ItemId| requests.list.items.get(item).is_some_and(|one| one.opened_at <= since);
        let open = requests.asking().filter(|(item, request)| old(*item) && request.conviction.rounded() <= 0);
        open.map(|(item, _)| item).collect()
    }

    /// Ends a request without money, and takes the ballots on it away.
    pub(super) fn close_request(
        &mut self,
        place: DecisionId,
        item: ItemId,
        end: RequestEnd,
        at: Moment,
    ) -> Vec<Outcome> {
        if let Some(requests) = self.decisions.get_mut(place).and_then(Decision::requests_mut) {
            requests.end(item, end);
        }
        let freed = self.close_items(place, &[item].into(), at).get(&item).copied().unwrap_or(0);
        let Some(decision) = self.decisions.get(place) else { return Vec::new() };
        let request = decision.requests().map(|requests| requests.id(item)).unwrap_or_default();
        vec![Outcome::RequestClosed { decision: decision.name.clone(), request, freed }]
    }

    /// A member leaves: what they asked for is taken back.
    pub(crate) fn leave_requests(&mut self, member: MemberIndex, at: Moment) -> Vec<Outcome> {
        let asked = self.requests_with(|request| request.asker == member);
        asked.into_iter().flat_map(|(place, item)| self.close_request(place, item, RequestEnd::Withdrawn, at)).collect()
    }

    /// One record is joined into another: requests move along, who had voted for what passed goes on to have done so, and what is placed
    /// by the other on requests of either comes free.
    pub(crate) fn hand_over_requests(&mut self, from: MemberIndex, into: MemberIndex) {
        for decision in self.decisions.ids() {
            if let Some(pool) = self.decisions.get_mut(decision).and_then(Decision::pool_mut) {
                pool.grants.hand_over(from, into);
            }
        }
        for (place, item) in self.requests_with(|request| request.is_own(from)) {
            let Some(requests) = self.decisions.get_mut(place).and_then(Decision::requests_mut) else { continue };
            let excludes_own = requests.terms.excludes_own;
            let Some(request) = requests.requests.get_mut(item) else { continue };
            if request.asker == from {
                request.asker = into;
            }
            let mut people: BTreeSet<MemberIndex> = request.people.iter().copied().collect();
            people.remove(&from);
            people.insert(into);
            request.people = std::sync::Arc::new(people.into_iter().collect());
            if excludes_own {
                self.take_ballots_on(place, item, into);
            }
        }
    }

    /// Requests that stand, and of which something holds.
    fn requests_with(&self, holds: impl Fn(&Request) -> bool) -> Vec<(DecisionId, ItemId)> {
        let open = self.open_decisions().filter_map(|(place, decision)| Some((place, decision.requests()?)));
        let all = open.flat_map(|(place, requests)| requests.asking().map(move |(item, one)| (place, item, one)));
        all.filter(|(.., one)| holds(one)).map(|(place, item, _)| (place, item)).collect()
    }
}
