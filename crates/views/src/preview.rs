//! The changes if a member moved their shares, before they do: nothing in it has happened.

use charter::Allowance;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use engine::chamber::{Candidate as Standing, Decision, Item};
use engine::{ItemId, State};
use schemars::JsonSchema;
use serde::Serialize;
use words::preview;

use crate::acts_left::acts_left;
use crate::decision::order::in_order;
use crate::names::{decision_href, decision_title};
use crate::ranking::countdown::countdown;
use crate::{Candidate, CandidateKind, Share, Sight, Votes, ballot, say};

/// The standings now and after the move, all else unchanged.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct PreviewView {
    /// The decision's name and title.
    pub decision: String,
    pub title: String,
    pub href: String,
    /// One sentence, for example `member-080 would take over on 1 December instead of 8 December 2025`.
    pub headline: String,
    /// The order of the standings now. For a ranking, the items whose votes would change, and those that would move most.
    pub rows: Vec<PreviewRow>,
    /// How many more items would only change their places.
    pub more: u64,
    /// How many acts would be left, where they are few.
    pub acts_left: Option<String>,
    /// The share that the member would have left to place: of their weight, or of their whole vote here.
    pub idle: Share,
    /// Whether they have a whole vote here, whatever they place elsewhere.
    pub whole_vote: bool,
}

/// One candidate, or one item of a ranking.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct PreviewRow {
    pub candidate: Candidate,
    /// Seated now.
    pub holder: bool,
    pub votes_now: Votes,
    pub votes_then: Votes,
    /// The difference.
    pub change: Votes,
    /// Now; none for holders and for items.
    pub fill_ppm: Option<u32>,
    /// The time at which it would change, or close, without the move.
    pub outlook_now: String,
    /// The time after the move.
    pub outlook_then: String,
}

/// Returns the changes that a move of the reader's would make on one decision, with the weight of the last update. `after`
/// is the state with the reader's acts. `None` for a visitor who is nobody.
#[must_use]
pub fn preview_of(before: &Sight<'_>, after: &State, decision: &str) -> Option<PreviewView> {
    let me = before.me_index()?;
    let place = before.state.decision_place(decision)?;
    let now = before.state.decisions.get(place)?;
    let then = before.state.what_if(after, me, place)?;
    let (headline, rows, more) = match now.lists_items() {
        true => ranking_rows(before, now, &then),
        false if now.commitment().is_some() => option_rows(before, now, &then),
        false => election_rows(before, now, &then),
    };
    let idle = ballot::free_ppm(&Sight { state: after, ..*before }, me, place);
    Some(PreviewView {
        decision: decision.to_owned(),
        title: decision_title(decision),
        href: decision_href(decision),
        headline,
        rows,
        more,
        acts_left: before.me.and_then(|me| acts_left(after, me, before.now)),
        idle: Share::from_ppm(idle),
        whole_vote: now.allowance == Allowance::Each,
    })
}

/// Items that a preview of a ballot names; of 100,000 items one ballot can move all.
const NAMED: usize = 20;

fn election_rows(before: &Sight<'_>, now: &Decision, then: &Decision) -> (String, Vec<PreviewRow>, u64) {
    let (was, is) = (before.election_words(before.state, now), before.election_words(before.state, then));
    let headline = if was == is { preview::unchanged(is) } else { preview::changed(is, was) };
    let mut rows = candidate_rows(before, now, then);
    rows.extend(nominee_rows(before, now, then));
    (headline, rows, 0)
}

/// The conviction that each option would have at the deadline.
fn option_rows(before: &Sight<'_>, now: &Decision, then: &Decision) -> (String, Vec<PreviewRow>, u64) {
    let words = |decision: &Decision| {
        let commitment = decision.commitment();
        commitment.map_or_else(String::new, |commitment| crate::commitment::outlook(before, decision, commitment))
    };
    let (was, is) = (words(now), words(then));
    let headline = if was == is { preview::unchanged(is) } else { preview::changed(is, was) };
    let rows = in_order(now).into_iter().filter_map(|place| {
        let votes = |decision: &Decision| decision.votes(place).unwrap_or(0);
        let ahead = |decision: &Decision| {
            let conviction = before.state.conviction_ahead(decision, place).rounded();
            words::commitment::conviction_then(say::votes(conviction).text)
        };
        Some(PreviewRow {
            candidate: before.candidate(now, place)?,
            holder: false,
            votes_now: say::votes(votes(now)),
            votes_then: say::votes(votes(then)),
            change: say::votes(votes(then).saturating_sub(votes(now))),
            fill_ppm: None,
            outlook_now: ahead(now),
            outlook_then: ahead(then),
        })
    });
    let mut rows: Vec<PreviewRow> = rows.collect();
    rows.extend(nominee_rows(before, now, then));
    (headline, rows, 0)
}

fn candidate_rows(before: &Sight<'_>, now: &Decision, then: &Decision) -> Vec<PreviewRow> {
    let (leads_now, leads_then) = (now.leads(), then.leads());
    let rows = in_order(now).into_iter().filter_map(|place| {
        let votes = |decision: &Decision| decision.votes(place).unwrap_or(0);
        let bucket = now.bucket(place);
        let holder = now.holds(place);
        let outlook = |leads: &[Option<i128>]| {
            let lead = leads.get(place.place()).copied().flatten().unwrap_or(0);
            if holder {
                preview::SEATED.to_owned()
            } else {
                before.bucket_words(before.state.bucket_ahead(bucket, lead, now.bucket_size()), bucket)
            }
        };
        Some(PreviewRow {
            candidate: before.candidate(now, place)?,
            holder,
            votes_now: say::votes(votes(now)),
            votes_then: say::votes(votes(then)),
            change: say::votes(votes(then).saturating_sub(votes(now))),
            fill_ppm: (!holder).then(|| say::ppm(bucket, now.bucket_size())),
            outlook_now: outlook(&leads_now.candidates),
            outlook_then: outlook(&leads_then.candidates),
        })
    });
    rows.collect()
}

fn nominee_rows(before: &Sight<'_>, now: &Decision, then: &Decision) -> Vec<PreviewRow> {
    let known = now.candidates().iter().zip(then.candidates());
    let nominees = known.filter(|(now, _)| now.standing == engine::chamber::Standing::Nominee);
    let row = |(was, is): (&Standing, &Standing)| PreviewRow {
        candidate: now
            .candidate_place(&was.name)
            .and_then(|place| before.candidate(now, place))
            .unwrap_or_else(|| before.named(&was.name)),
        holder: false,
        votes_now: say::votes(was.attention),
        votes_then: say::votes(is.attention),
        change: say::votes(is.attention.saturating_sub(was.attention)),
        fill_ppm: Some(say::ppm(was.level, now.nomination_size())),
        outlook_now: before.nominee_words(now, was),
        outlook_then: before.nominee_words(then, is),
    };
    nominees.map(row).collect()
}

/// Items whose votes would change, then those that would move furthest; and how many more would move.
fn ranking_rows(before: &Sight<'_>, now: &Decision, then: &Decision) -> (String, Vec<PreviewRow>, u64) {
    let ranks_then = ranks(then);
    let mut moved = Vec::new();
    let mut headline = preview::NOTHING_CHANGES.to_owned();
    for (rank_now, place) in (1_usize..).zip(now.item_order()) {
        let (Some(was), Some(is)) = (now.item_at(place), then.item_at(place)) else {
            continue;
        };
        let rank_then = ranks_then.get(&place).copied().unwrap_or(0);
        if was.total == is.total && rank_now == rank_then {
            continue;
        }
        if was.total != is.total {
            let title = before.directory.item_title(&now.name, &was.id);
            headline = match rank_now == rank_then {
                true => preview::item_stays(title, rank_now),
                false => preview::item_moves(title, rank_now, rank_then),
            };
        }
        moved.push(Moved { was, is, rank_now, rank_then });
    }
    let more = moved.len().saturating_sub(NAMED);
    if more > 0 {
        moved.sort_by_key(|one| (one.was.total == one.is.total, Reverse(one.rank_now.abs_diff(one.rank_then))));
        moved.truncate(NAMED);
        moved.sort_by_key(|one| one.rank_now);
    }
    let row = |one: &Moved<'_>| item_row(before, (now, one.was, one.rank_now), (then, one.is, one.rank_then));
    (headline, moved.iter().map(row).collect(), say::whole(more))
}

/// An item now and then, with its places.
struct Moved<'a> {
    was: &'a Item,
    is: &'a Item,
    rank_now: usize,
    rank_then: usize,
}

fn ranks(decision: &Decision) -> BTreeMap<ItemId, usize> {
    decision.item_order().into_iter().zip(1_usize..).collect()
}

type Place<'a> = (&'a Decision, &'a Item, usize);

fn item_row(before: &Sight<'_>, now: Place<'_>, then: Place<'_>) -> PreviewRow {
    let name = &now.0.name;
    let outlook = |(decision, item, rank): Place<'_>| match countdown(before, decision, item) {
        Some(left) => preview::place_closing(rank, left.words),
        None => preview::place(rank),
    };
    PreviewRow {
        candidate: Candidate {
            id: now.1.id.to_string(),
            name: before.directory.item_title(name, &now.1.id),
            kind: CandidateKind::Document,
            href: before.directory.item(name, &now.1.id).and_then(|card| card.url.clone()),
        },
        holder: false,
        votes_now: say::votes(now.1.total),
        votes_then: say::votes(then.1.total),
        change: say::votes(then.1.total.saturating_sub(now.1.total)),
        fill_ppm: None,
        outlook_now: outlook(now),
        outlook_then: outlook(then),
    }
}
