//! Priorities: items in order of standing support, and the dates on which some close.

use std::collections::BTreeMap;
use std::ops::Range;

use engine::chamber::{Decision, Item};
use engine::{DecisionId, ItemId};
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use words::ranking;

use crate::kept::counted::Heads;
use crate::names::{ISSUES, decision_href, decision_title};
use crate::ranking::countdown::{Countdown, closes, countdown};
use crate::{ItemBallot, PreviewView, Share, Sight, Votes, ballot, say};

pub(crate) mod countdown;

/// The priorities page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Ranking")]
pub struct RankingView {
    /// The decision's name.
    pub name: String,
    /// As people say it.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The rule in plain words, a sentence each.
    pub rules: Vec<String>,
    /// A page of the open items, in order.
    pub items: Vec<RankedItem>,
    /// How many items are open.
    pub open: u64,
    /// The cursor of the page before; none on the first.
    pub previous: Option<String>,
    /// The cursor of the page after; none on the last.
    pub next: Option<String>,
    /// Latest first.
    pub closed: Vec<ClosedItem>,
    /// The share that the reader could still place; none for a visitor who is nobody.
    pub free: Option<Share>,
    /// Set after pressing Preview on an item.
    pub preview: Option<PreviewView>,
}

/// An open item.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct RankedItem {
    /// From 1.
    pub rank: u32,
    /// The id in addresses and acts, for example `220`.
    pub item: String,
    /// Its title.
    pub title: String,
    /// The page of its discussion.
    pub href: Option<String>,
    /// From the forge.
    pub labels: Vec<String>,
    /// The log does not bind the title, the link and the labels: they are the word of the operator of the server.
    pub operators_word: bool,
    /// For less against.
    pub votes: Votes,
    /// The votes by which it is ahead of the next item; none for the last.
    pub ahead: Option<Votes>,
    pub votes_for: Votes,
    pub votes_against: Votes,
    /// Members with weight and a ballot for it.
    pub supporters: u64,
    /// Members with weight and a ballot against it.
    pub opponents: u64,
    /// When it was listed.
    pub opened: crate::Moment,
    /// Set while its votes are at or under the floor.
    pub closing: Option<Countdown>,
    /// The reader's ballot; none for a visitor who is nobody.
    pub ballot: Option<ItemBallot>,
}

/// An item that is no longer open.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ClosedItem {
    /// Its id.
    pub item: String,
    /// Its title.
    pub title: String,
    pub href: Option<String>,
    /// The log does not bind the title and the link: they are the word of the operator of the server.
    pub operators_word: bool,
    pub closed_at: crate::Moment,
    /// The reason.
    pub words: String,
}

const CLOSED: usize = 20;
/// Items on one page.
pub const RANKED: usize = 100;

/// Which page of a ranking is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankingPart<'a> {
    /// The one that begins after so many items.
    After(usize),
    /// The one that has this item; the first where none has.
    With(&'a str),
}

/// Returns a page of a ranking; `None` for an election or where there is none of this name.
#[must_use]
pub fn ranking(sight: &Sight<'_>, name: &str, part: RankingPart<'_>) -> Option<RankingView> {
    let place = sight.state.decision_place(name)?;
    let decision = sight.state.decisions.get(place).filter(|decision| decision.lists_items())?;
    let order = decision.item_order();
    let begin = match part {
        RankingPart::After(count) => count.min(order.len()),
        RankingPart::With(item) => {
            let at = decision.item_place(item).and_then(|item| order.iter().position(|one| *one == item));
            at.map_or(0, |at| at.saturating_sub(at.checked_rem(RANKED).unwrap_or(0)))
        }
    };
    let end = begin.saturating_add(RANKED);
    Some(RankingView {
        name: name.to_owned(),
        title: decision_title(name),
        href: decision_href(name),
        rules: sight.rules(decision),
        items: items(sight, place, decision, &order, begin..end),
        open: say::whole(order.len()),
        previous: (begin > 0).then(|| begin.saturating_sub(RANKED).to_string()),
        next: (end < order.len()).then(|| end.to_string()),
        closed: closed(sight, decision),
        free: sight.me_index().map(|me| Share::from_ppm(ballot::free_ppm(sight, me, place))),
        preview: None,
    })
}

/// Returns the ranking that is shown where there is room for one: of issues, or else the constitution's first.
#[must_use]
pub fn first_ranking(sight: &Sight<'_>) -> Option<String> {
    let rankings = || {
        let decisions = sight.state.open_decisions().map(|(_, decision)| decision);
        decisions.filter(|decision| decision.lists_items())
    };
    let issues = rankings().find(|decision| decision.name == ISSUES);
    issues.or_else(|| rankings().next()).map(|decision| decision.name.clone())
}

/// Returns the first items of the first ranking.
pub(super) fn first_items(sight: &Sight<'_>, count: usize) -> Vec<RankedItem> {
    let rows = first_ranking(sight).and_then(|name| {
        let place = sight.state.decision_place(&name)?;
        let decision = sight.state.decisions.get(place)?;
        Some(items(sight, place, decision, &decision.item_order(), 0..count))
    });
    rows.unwrap_or_default()
}

/// Returns a ranking's card in one sentence.
pub(super) fn closing_outlook(sight: &Sight<'_>, ranking: &Decision) -> String {
    let (total, open) = (ranking.open_items().count(), ranking.open_items());
    let soon = open.filter(|item| closes(sight, ranking, item).is_some_and(|(_, days)| days <= 30)).count();
    let of = if total == 1 { ranking::ONE_OPEN.to_owned() } else { ranking::open(total) };
    match (total, soon) {
        (0, _) => ranking::NONE_OPEN.to_owned(),
        (_, 0) => ranking::none_closes(of),
        (_, 1) => ranking::one_closes(of),
        (_, soon) => ranking::some_close(soon, of),
    }
}

fn items(
    sight: &Sight<'_>,
    place: DecisionId,
    decision: &Decision,
    order: &[ItemId],
    shown: Range<usize>,
) -> Vec<RankedItem> {
    let name = &decision.name;
    let counted = sight.kept.counted(sight);
    let own = own_ballots(sight, place);
    let rows = (1_u32..).zip(order).skip(shown.start).take(shown.len()).filter_map(|(rank, at)| {
        let at = *at;
        let item = decision.item_at(at)?;
        let below = order.get(usize::try_from(rank).ok()?);
        let below = below.and_then(|below| decision.item_at(*below));
        let card = sight.directory.item(name, &item.id);
        let Heads { supporters, opponents } = counted.heads(place, at);
        Some(RankedItem {
            rank,
            item: item.id.to_string(),
            title: sight.directory.item_title(&decision.name, &item.id),
            href: card.and_then(|card| card.url.clone()),
            labels: card.map_or_else(Vec::new, |card| card.labels.clone()),
            operators_word: card.is_some_and(|card| !card.bound),
            votes: say::votes(item.total),
            ahead: below.map(|below| say::votes(item.total.saturating_sub(below.total))),
            votes_for: say::votes(say::wide(item.votes_for)),
            votes_against: say::votes(say::wide(item.votes_against)),
            supporters,
            opponents,
            opened: sight.moment(item.opened_at),
            closing: countdown(sight, decision, item),
            ballot: own.as_ref().map(|own| own.get(&at).cloned().unwrap_or_else(|| ballot::item_field(None))),
        })
    });
    rows.collect()
}

fn own_ballots(sight: &Sight<'_>, place: DecisionId) -> Option<BTreeMap<ItemId, ItemBallot>> {
    let own = sight.state.ballots_on(sight.me_index()?, place);
    Some(own.map(|ballot| (ballot.item(), ballot::item_field(Some(ballot)))).collect())
}

/// Latest first.
fn closed(sight: &Sight<'_>, decision: &Decision) -> Vec<ClosedItem> {
    let name = &decision.name;
    let mut gone: Vec<(Moment, &Item)> = decision.items().filter_map(|item| Some((item.closed_at?, item))).collect();
    gone.sort_by_key(|(at, item)| (std::cmp::Reverse(*at), &*item.id));
    let after = decision.close_after_s();
    let after = after.map_or_else(String::new, |seconds| ranking::without_support(say::days(seconds)));
    let rows = gone.into_iter().take(CLOSED).map(|(at, item)| ClosedItem {
        item: item.id.to_string(),
        title: sight.directory.item_title(&decision.name, &item.id),
        href: sight.directory.item(name, &item.id).and_then(|card| card.url.clone()),
        operators_word: sight.directory.item(name, &item.id).is_some_and(|card| !card.bound),
        closed_at: sight.moment(at),
        words: match sight.kept.lately(sight).has_closed(at, name, &item.id) {
            true => after.clone(),
            false => ranking::CLOSED_ELSEWHERE.to_owned(),
        },
    });
    rows.collect()
}
