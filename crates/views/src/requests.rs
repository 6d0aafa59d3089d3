//! Requests for money of a pool as a reader sees them: what each has and needs, when it would pass, and what passed.

use ::words::requests as words;
use engine::chamber::requests::Request;
use engine::chamber::{Decision, RequestEnd, RequestNow, Requests};
use engine::{DecisionId, ItemId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::names::{decision_href, decision_title, document_href};
use crate::{Amount, DecisionKind, ItemBallot, Share, Sight, Votes, ballot, say};

/// How many requests, and how many of those that passed, a page shows.
const SHOWN: usize = 100;
const PASSED: usize = 24;

/// The page of requests for money.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Requests")]
pub struct RequestsView {
    /// The decision's name.
    pub name: String,
    /// As people say it.
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// The rule in plain words, a sentence each.
    pub rules: Vec<String>,
    /// The pool's money, and how much can pass.
    pub outlook: String,
    /// The pool's page; none where there is no pool.
    pub pool: Option<String>,
    /// Amounts that have passed within four half-lives, in words.
    pub remembered: String,
    /// Requests that stand, in the order in which they are looked at.
    pub requests: Vec<MoneyRequest>,
    /// How slowly conviction follows votes.
    pub follows: String,
    /// The reader's part; none for a visitor who is nobody.
    pub mine: Option<MyRequests>,
    /// Those that passed, the latest first.
    pub passed: Vec<PassedRequest>,
    /// The currency's code.
    pub currency: &'static str,
    /// Its digits after the point.
    pub digits: u32,
}

/// The reader's room and requests.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MyRequests {
    /// The share that they could still place.
    pub free: Share,
    /// How much of their weight can go here, in words.
    pub room: String,
    /// Requests of their own that stand.
    pub own: Vec<crate::OwnProject>,
}

/// A request that stands.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MoneyRequest {
    /// SHA-256 of its text, hex: its name on ballots.
    pub id: String,
    /// Its first line.
    pub line: String,
    /// Its page.
    pub href: String,
    /// How much it asks for, and whom it pays.
    pub asks: String,
    pub amount: Amount,
    /// The part of the pool that it would take with what the same members have let pass, parts per million; null where nobody is for it.
    pub part_ppm: Option<u32>,
    pub votes: Votes,
    pub conviction: Votes,
    /// The conviction above which it passes; null where it cannot pass.
    pub needs: Option<Votes>,
    /// Conviction and what it needs, in parts per million of all votes, at most a million.
    pub has_ppm: u32,
    pub needs_ppm: Option<u32>,
    /// The conviction that it would take, in a sentence.
    pub takes: String,
    /// When it would pass if nobody moved a vote.
    pub outlook: String,
    /// The reader is of those whom it pays, and cannot vote on it.
    pub own: bool,
    /// The reader's ballot; none for a visitor who is nobody, and on requests of their own.
    pub ballot: Option<ItemBallot>,
}

/// A request that passed.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct PassedRequest {
    pub at: crate::Moment,
    pub line: String,
    pub href: String,
    pub amount: Amount,
}

/// Returns the page of requests; `None` for another kind of decision or where there is none of this name.
#[must_use]
pub fn requests(sight: &Sight<'_>, name: &str) -> Option<RequestsView> {
    let place = sight.state.decision_place(name)?;
    let decision = sight.state.decisions.get(place)?;
    let known = decision.requests()?;
    let kernel = &sight.state.rules.kernel;
    let order = known.order().into_iter().take(SHOWN);
    Some(RequestsView {
        name: name.to_owned(),
        title: decision_title(name),
        kind: DecisionKind::Requests,
        href: decision_href(name),
        rules: sight.rules(decision),
        outlook: card(sight, decision, known),
        pool: pool_name(sight, decision).map(|pool| decision_href(&pool)),
        remembered: remembered(sight, decision),
        requests: order.filter_map(|item| request(sight, place, decision, known.request(item)?, item)).collect(),
        follows: words::follows(say::days(known.terms.half_life_us() / quantity::MICRO)),
        mine: mine(sight, place, decision, known),
        passed: passed(sight, decision, known),
        currency: kernel.currency.code(),
        digits: u32::from(kernel.currency.digits()),
    })
}

fn amount(sight: &Sight<'_>, minor: u64) -> Amount {
    say::money(i64::try_from(minor).unwrap_or(i64::MAX), sight.state.rules.kernel.currency)
}

fn pool_name(sight: &Sight<'_>, decision: &Decision) -> Option<String> {
    Some(sight.state.decisions.get(sight.state.asked_pool(decision)?)?.name.clone())
}

fn remembered(sight: &Sight<'_>, decision: &Decision) -> String {
    let pool = sight.state.asked_pool(decision).and_then(|pool| sight.state.decisions.get(pool)?.pool());
    let Some(pool) = pool else { return words::NO_POOL.to_owned() };
    if pool.grants().is_full() {
        return words::FULL.to_owned();
    }
    let all = pool.grants().all().fold(0, |sum: u64, grant| sum.saturating_add(grant.minor));
    words::remembered(amount(sight, all).text)
}

/// A card in a sentence.
pub(crate) fn card(sight: &Sight<'_>, decision: &Decision, known: &Requests) -> String {
    let pool = sight.state.asked_pool(decision).and_then(|pool| sight.state.decisions.get(pool)?.pool());
    let Some(pool) = pool else { return words::NO_POOL.to_owned() };
    let asking = match known.asking().count() {
        1 => words::ONE_STANDS.to_owned(),
        count => words::some_stand(count),
    };
    words::card(amount(sight, u64::try_from(pool.sums.left()).unwrap_or(0)).text, asking)
}

fn request(
    sight: &Sight<'_>,
    place: DecisionId,
    decision: &Decision,
    one: &Request,
    at: ItemId,
) -> Option<MoneyRequest> {
    let item = decision.item_at(at)?;
    let now = sight.state.request_now(decision, at)?;
    let me = sight.me_index();
    let excluded = decision.requests().is_some_and(|known| known.terms.excludes_own);
    let own = excluded && me.is_some_and(|me| one.is_own(me));
    let needs = now.needs.map(|needs| i128::try_from(needs).unwrap_or(i128::MAX));
    let ppm = |votes: i128| say::ppm(u128::try_from(votes).unwrap_or(0), decision.capacity).min(quantity::PPM);
    let asked = amount(sight, one.minor);
    Some(MoneyRequest {
        id: item.id.to_string(),
        line: crate::pool::line(sight, &item.id),
        href: document_href(&decision.name, &item.id),
        asks: words::asks_for(&asked.text, people(sight, one)),
        amount: asked,
        part_ppm: now.part_ppm,
        votes: say::votes(item.total),
        conviction: say::votes(one.conviction.rounded()),
        needs: needs.map(say::votes),
        has_ppm: ppm(one.conviction.rounded()),
        needs_ppm: needs.map(ppm),
        takes: takes(now),
        outlook: outlook(sight, decision, at, now),
        own,
        ballot: me.filter(|_| !own).map(|me| ballot::item_field(ballot::own_item(sight, me, place, at))),
    })
}

fn takes(now: RequestNow) -> String {
    match now.part_ppm {
        // To a tenth of a per cent, and never less than it is.
        Some(part) => words::takes(Share::from_ppm(part.next_multiple_of(1_000)).text),
        None => words::NOBODY.to_owned(),
    }
}

fn outlook(sight: &Sight<'_>, decision: &Decision, at: ItemId, now: RequestNow) -> String {
    if now.part_ppm.is_some() && now.needs.is_none() {
        return words::BEYOND.to_owned();
    }
    match sight.state.request_passes_at(decision, at) {
        Some(when) => words::passes(sight.when(when)),
        None => words::NEVER.to_owned(),
    }
}

fn people(sight: &Sight<'_>, one: &Request) -> String {
    let name =
        |member: &engine::MemberIndex| sight.state.members.pseudonym(*member).map(|who| sight.directory.name(who));
    let names: Vec<String> = one.people.iter().filter_map(name).collect();
    names.join(", ")
}

fn mine(sight: &Sight<'_>, place: DecisionId, decision: &Decision, known: &Requests) -> Option<MyRequests> {
    let me = sight.me_index()?;
    let share = Share::from_ppm(ballot::free_ppm(sight, me, place));
    let own = known.asking().filter(|(_, one)| one.asker == me);
    let own = own.filter_map(|(item, _)| {
        let id = decision.item_at(item)?.id.to_string();
        Some(crate::OwnProject { line: crate::pool::line(sight, &id), id })
    });
    Some(MyRequests { room: words::my_share(&share.text), free: share, own: own.collect() })
}

fn passed(sight: &Sight<'_>, decision: &Decision, known: &Requests) -> Vec<PassedRequest> {
    let mut passed: Vec<_> = known
        .all()
        .filter_map(|(item, one)| match one.end {
            Some(RequestEnd::Passed(at)) => Some((at, item, one.minor)),
            _ => None,
        })
        .collect();
    passed.sort_by_key(|(at, item, _)| std::cmp::Reverse((*at, *item)));
    let rows = passed.into_iter().take(PASSED);
    rows.filter_map(|(at, item, minor)| {
        let id = decision.item_at(item)?.id.to_string();
        Some(PassedRequest {
            at: sight.moment(at),
            line: crate::pool::line(sight, &id),
            href: document_href(&decision.name, &id),
            amount: amount(sight, minor),
        })
    })
    .collect()
}
