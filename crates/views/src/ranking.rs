//! Priorities: items in order of standing support, and the dates on which some close.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use engine::chamber::{Decision, Item, Kind, Outlook};
use engine::{DecisionId, ItemId, Pseudonym};
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use words::ranking;

use crate::kept::counted::Heads;
use crate::names::{ISSUES, decision_href, decision_title};
use crate::ranking::countdown::{Countdown, closes, countdown};
use crate::ranking::supply::{RequestView, SupplyView};
use crate::{ItemBallot, PreviewView, Share, Sight, Votes, ballot, say};

pub(crate) mod countdown;
pub(crate) mod supply;

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
    /// Items are in the order of conviction; else in that of votes.
    pub by_conviction: bool,
    /// A page of the open items, in order.
    pub items: Vec<RankedItem>,
    /// How many items are open.
    pub open: u64,
    /// The cursor of the page before; none on the first.
    pub previous: Option<String>,
    /// The cursor of the page after; none on the last.
    pub next: Option<String>,
    /// The supply that is handed out by the order; none where the rules hand nothing out.
    pub supply: Option<SupplyView>,
    /// Latest first.
    pub closed: Vec<ClosedItem>,
    /// The share that the reader could still place; none for a visitor who is nobody.
    pub free: Option<Share>,
    /// Whether the reader can bring one; none where members bring none, and for a visitor who is nobody.
    pub adding: Option<Adding>,
    /// Set after pressing Preview on an item.
    pub preview: Option<PreviewView>,
}

/// The items that a reader may bring.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct Adding {
    /// How many they have brought, and may, in words.
    pub words: String,
    /// There is room for one more.
    pub has_room: bool,
}

/// An open item whose title is like another one.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct SimilarItem {
    /// Its id.
    pub item: String,
    /// Its title.
    pub title: String,
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
    /// How far its votes have come to count, where that puts the list in order.
    pub conviction: Option<Votes>,
    /// The votes, or the conviction, by which it is ahead of the next item; none for the last.
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
    /// How much of the supply it asks for, and when it is likely to be served; none where nothing is handed out.
    pub request: Option<RequestView>,
    /// The name of the member who brought it, if one did.
    pub brought_by: Option<String>,
    /// The reader brought it, and could take it back now.
    pub can_take_back: bool,
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
    let decision = sight.state.decisions.get(place).filter(|decision| decision.kind() == Kind::Ranking)?;
    let order = decision.item_order();
    let begin = match part {
        RankingPart::After(count) => count.min(order.len()),
        RankingPart::With(item) => {
            let at = decision.item_place(item).and_then(|item| order.iter().position(|one| *one == item));
            at.map_or(0, |at| at.saturating_sub(at.checked_rem(RANKED).unwrap_or(0)))
        }
    };
    let end = begin.saturating_add(RANKED);
    let outlook = sight.state.outlook(decision);
    Some(RankingView {
        name: name.to_owned(),
        title: decision_title(name),
        href: decision_href(name),
        rules: sight.rules(decision),
        by_conviction: decision.goes_by_conviction(),
        items: items(sight, place, decision, &order, begin..end, outlook.as_ref()),
        open: say::whole(order.len()),
        previous: (begin > 0).then(|| begin.saturating_sub(RANKED).to_string()),
        next: (end < order.len()).then(|| end.to_string()),
        supply: outlook.map(|outlook| supply::supply(sight, decision, &outlook)),
        closed: closed(sight, decision),
        free: sight.me_index().map(|me| Share::from_ppm(ballot::free_ppm(sight, me, place))),
        adding: sight.me.and_then(|me| adding(sight, me, name)),
        preview: None,
    })
}

fn adding(sight: &Sight<'_>, me: Pseudonym, name: &str) -> Option<Adding> {
    let own = sight.state.own_items(me, name, sight.now)?;
    let has_room = own.had < own.most;
    let words = match own.until.filter(|_| !has_room) {
        Some(until) => ranking::room_again(own.had, own.most, sight.day(until)),
        None => ranking::brought(own.had, own.most),
    };
    Some(Adding { words, has_room })
}

/// How many of the open items are compared with a new title: those with the most votes.
const COMPARED: usize = 5_000;
/// How many are shown.
const SIMILAR: usize = 3;
/// The part of all groups of three signs that two titles share, in parts per million, from which on they are alike.
const ALIKE_PPM: usize = 350_000;

/// Returns the open items of a ranking whose titles are most like another one, the most alike first.
#[must_use]
pub fn similar_items(sight: &Sight<'_>, name: &str, title: &str) -> Vec<SimilarItem> {
    let Some(decision) = sight.state.decision(name) else { return Vec::new() };
    let wanted = threes(title);
    let mut alike: Vec<(usize, SimilarItem)> = Vec::new();
    for place in decision.item_order().into_iter().take(COMPARED) {
        let Some(item) = decision.item_at(place) else { continue };
        let title = sight.directory.item_title(name, &item.id);
        let other = threes(&title);
        let shared = wanted.intersection(&other).count();
        let all = wanted.len().saturating_add(other.len()).saturating_sub(shared);
        let ppm = shared.saturating_mul(1_000_000).checked_div(all).unwrap_or(0);
        if ppm >= ALIKE_PPM {
            alike.push((ppm, SimilarItem { item: item.id.to_string(), title }));
        }
    }
    // The order of the list decides between titles that are equally alike.
    alike.sort_by_key(|(ppm, _)| std::cmp::Reverse(*ppm));
    alike.into_iter().take(SIMILAR).map(|(_, item)| item).collect()
}

/// Each group of three signs of a title's words, in small letters, with a space around each word.
fn threes(title: &str) -> BTreeSet<[char; 3]> {
    let mut all = BTreeSet::new();
    for word in title.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let signs: Vec<char> = format!(" {} ", word.to_lowercase()).chars().collect();
        all.extend(signs.windows(3).filter_map(|three| <[char; 3]>::try_from(three).ok()));
    }
    all
}

/// Returns the ranking that is shown where there is room for one: of issues, or else the constitution's first.
#[must_use]
pub fn first_ranking(sight: &Sight<'_>) -> Option<String> {
    let rankings = || {
        let decisions = sight.state.open_decisions().map(|(_, decision)| decision);
        decisions.filter(|decision| decision.kind() == Kind::Ranking)
    };
    let issues = rankings().find(|decision| decision.name == ISSUES);
    issues.or_else(|| rankings().next()).map(|decision| decision.name.clone())
}

/// Returns the first items of the first ranking.
pub(super) fn first_items(sight: &Sight<'_>, count: usize) -> Vec<RankedItem> {
    let rows = first_ranking(sight).and_then(|name| {
        let place = sight.state.decision_place(&name)?;
        let decision = sight.state.decisions.get(place)?;
        let outlook = sight.state.outlook(decision);
        Some(items(sight, place, decision, &decision.item_order(), 0..count, outlook.as_ref()))
    });
    rows.unwrap_or_default()
}

/// Returns a ranking's card in one sentence.
pub(super) fn closing_outlook(sight: &Sight<'_>, ranking: &Decision) -> String {
    let (total, open) = (ranking.open_items().count(), ranking.open_items());
    let soon = open.filter(|item| closes(sight, ranking, item).is_some_and(|(_, days)| days <= 30)).count();
    let of = open_words(total);
    match (total, soon) {
        (0, _) => ranking::NONE_OPEN.to_owned(),
        (_, 0) => ranking::none_closes(of),
        (_, 1) => ranking::one_closes(of),
        (_, soon) => ranking::some_close(soon, of),
    }
}

/// Returns so many open items in words.
pub(super) fn open_words(total: usize) -> String {
    if total == 1 { ranking::ONE_OPEN.to_owned() } else { ranking::open(total) }
}

fn items(
    sight: &Sight<'_>,
    place: DecisionId,
    decision: &Decision,
    order: &[ItemId],
    shown: Range<usize>,
    outlook: Option<&Outlook>,
) -> Vec<RankedItem> {
    let name = &decision.name;
    let counted = sight.kept.counted(sight);
    let own = own_ballots(sight, place);
    let by_conviction = decision.goes_by_conviction();
    let leads = |item: &Item| if by_conviction { item.conviction.rounded() } else { item.total };
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
            conviction: by_conviction.then(|| say::votes(item.conviction.rounded())),
            ahead: below.map(|below| say::votes(leads(item).saturating_sub(leads(below)))),
            votes_for: say::votes(say::wide(item.votes_for)),
            votes_against: say::votes(say::wide(item.votes_against)),
            supporters,
            opponents,
            opened: sight.moment(item.opened_at),
            closing: countdown(sight, decision, item),
            request: outlook.map(|outlook| supply::request(sight, outlook, at, item)),
            brought_by: item
                .brought
                .and_then(|brought| sight.state.members.pseudonym(brought.by))
                .map(|who| sight.directory.name(who)),
            can_take_back: sight.me.is_some_and(|me| sight.state.brought_item(me, name, &item.id)),
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
            _ if item.served => ranking::WAS_SERVED.to_owned(),
            _ if item.brought.is_some_and(|brought| brought.taken_back) => ranking::TAKEN_BACK.to_owned(),
            true => after.clone(),
            false => ranking::CLOSED_ELSEWHERE.to_owned(),
        },
    });
    rows.collect()
}
