//! What one member's move would change. It must not tell how others have voted since the last update: of the two states
//! ahead, with the move and without it, only their difference is used, on top of what was published.

use std::collections::BTreeMap;

use engine::State;
use engine::decision::{Candidate as Standing, Decision, Election, Item, Matter, Ranking};

use super::candidate::{decision_href, decision_title};
use super::decision::in_order;
use super::{Sight, ballot, ranking, say};
use crate::{Candidate, CandidateKind, PreviewRow, PreviewView, Share};

/// What a move would change on one decision. `without` and `with` are `engine::preview` of the present state without an
/// act and after the member's acts. `None` where there is no such decision.
#[must_use]
pub fn preview_of(
    before: &Sight<'_>,
    without: &State,
    with: &State,
    decision: &str,
) -> Option<PreviewView> {
    let place = before.state.decision_place(decision)?;
    let now = before.state.decisions.get(place)?;
    let (without_it, with_it) = (without.decisions.get(place)?, with.decisions.get(place)?);
    let (headline, rows) = match (&now.matter, &without_it.matter, &with_it.matter) {
        (Matter::Election(_), Matter::Election(without), Matter::Election(with)) => {
            election_rows(before, now, without, with)?
        }
        (Matter::Ranking(now), Matter::Ranking(without), Matter::Ranking(with)) => {
            ranking_rows(before, decision, now, without, with)
        }
        _ => return None,
    };
    let idle = before.me_index().map_or(0, |me| {
        ballot::idle_ppm(
            &Sight {
                state: with,
                ..*before
            },
            me,
        )
    });
    Some(PreviewView {
        decision: decision.to_owned(),
        title: decision_title(decision),
        href: decision_href(decision),
        headline,
        rows,
        idle: Share::from_ppm(idle),
    })
}

/// What was published, moved by the difference that the act makes.
fn moved(now: i128, without: i128, with: i128) -> i128 {
    now.saturating_add(with.saturating_sub(without))
}

fn election_rows(
    before: &Sight<'_>,
    now: &Decision,
    without: &Election,
    with: &Election,
) -> Option<(String, Vec<PreviewRow>)> {
    let published = now.election()?;
    let mut then = published.clone();
    let total = |election: &Election, place: usize| {
        election
            .seats
            .totals
            .get(place)
            .copied()
            .flatten()
            .unwrap_or(0)
    };
    for (place, cell) in then.seats.totals.iter_mut().enumerate() {
        *cell = cell.map(|votes| moved(votes, total(without, place), total(with, place)));
    }
    for (place, nominee) in then.candidates.iter_mut().enumerate() {
        let attention = |election: &Election| {
            election
                .candidates
                .get(place)
                .map_or(0, |candidate| candidate.attention)
        };
        nominee.attention = moved(nominee.attention, attention(without), attention(with));
    }
    let decision = Decision {
        matter: Matter::Election(then.clone()),
        ..now.clone()
    };
    let outlooks = (
        before.election_words(before.state, now),
        before.election_words(before.state, &decision),
    );
    let headline = if outlooks.0 == outlooks.1 {
        format!("As it stands now: {}", outlooks.1)
    } else {
        format!("{} Before: {}", outlooks.1, outlooks.0)
    };
    let mut rows = candidate_rows(before, published, &then);
    rows.extend(nominee_rows(before, published, &then));
    Some((headline, rows))
}

fn candidate_rows(before: &Sight<'_>, now: &Election, then: &Election) -> Vec<PreviewRow> {
    let (leads_now, leads_then) = (now.leads(), then.leads());
    let rows = in_order(now).into_iter().filter_map(|place| {
        let votes = |election: &Election| {
            election
                .seats
                .totals
                .get(place)
                .copied()
                .flatten()
                .unwrap_or(0)
        };
        let bucket = now.seats.buckets.get(place).copied().unwrap_or(0);
        let holder = now.holds(place);
        let outlook = |leads: &[Option<i128>]| {
            let lead = leads.get(place).copied().flatten().unwrap_or(0);
            if holder {
                "seated".to_owned()
            } else {
                before.bucket_words(
                    before.state.bucket_ahead(bucket, lead, now.bucket_size),
                    bucket,
                )
            }
        };
        Some(PreviewRow {
            candidate: before.candidate(now, place)?,
            holder,
            votes_now: say::votes(votes(now)),
            votes_then: say::votes(votes(then)),
            change: say::votes(votes(then).saturating_sub(votes(now))),
            fill_ppm: (!holder).then(|| say::ppm(bucket, now.bucket_size)),
            outlook_now: outlook(&leads_now.candidates),
            outlook_then: outlook(&leads_then.candidates),
        })
    });
    rows.collect()
}

fn nominee_rows(before: &Sight<'_>, now: &Election, then: &Election) -> Vec<PreviewRow> {
    let known = now.candidates.iter().zip(&then.candidates);
    let nominees = known.filter(|(now, _)| now.standing == engine::decision::Standing::Nominee);
    let row = |(was, is): (&Standing, &Standing)| PreviewRow {
        candidate: before.named(&was.name),
        holder: false,
        votes_now: say::votes(was.attention),
        votes_then: say::votes(is.attention),
        change: say::votes(is.attention.saturating_sub(was.attention)),
        fill_ppm: Some(say::ppm(was.level, now.nomination_size)),
        outlook_now: before.nominee_words(now, was),
        outlook_then: before.nominee_words(then, is),
    };
    nominees.map(row).collect()
}

/// Items that would move, or whose votes would change.
fn ranking_rows(
    before: &Sight<'_>,
    name: &str,
    now: &Ranking,
    without: &Ranking,
    with: &Ranking,
) -> (String, Vec<PreviewRow>) {
    let mut then = now.clone();
    for (place, item) in then.items.iter_mut().enumerate() {
        let total = |ranking: &Ranking| ranking.items.get(place).map_or(0, |item| item.total);
        item.total = moved(item.total, total(without), total(with));
        if item.total > i128::from(now.floor_micro) {
            item.low_since = None;
        } else {
            item.low_since = item.low_since.or(Some(before.state.next_update));
        }
    }
    let (ranks_now, ranks_then) = (ranks(now), ranks(&then));
    let mut rows = Vec::new();
    let mut headline = "Nothing would change: the ballot stands as it is.".to_owned();
    for place in now.order() {
        let (Some(was), Some(is)) = (now.items.get(place), then.items.get(place)) else {
            continue;
        };
        let (rank_now, rank_then) = (
            ranks_now.get(&place).copied().unwrap_or(0),
            ranks_then.get(&place).copied().unwrap_or(0),
        );
        if was.total == is.total && rank_now == rank_then {
            continue;
        }
        if was.total != is.total {
            let title = before.item_title(name, &was.id);
            headline = match rank_now == rank_then {
                true => format!("“{title}” would stay at place {rank_now}."),
                false => {
                    format!("“{title}” would move from place {rank_now} to place {rank_then}.")
                }
            };
        }
        rows.push(item_row(
            before,
            name,
            (now, was, rank_now),
            (&then, is, rank_then),
        ));
    }
    (headline, rows)
}

fn ranks(ranking: &Ranking) -> BTreeMap<usize, usize> {
    ranking.order().into_iter().zip(1_usize..).collect()
}

type Place<'a> = (&'a Ranking, &'a Item, usize);

fn item_row(before: &Sight<'_>, name: &str, now: Place<'_>, then: Place<'_>) -> PreviewRow {
    let outlook = |(ranking, item, rank): Place<'_>| match ranking::countdown(before, ranking, item)
    {
        Some(left) => format!("place {rank}, {}", left.words),
        None => format!("place {rank}"),
    };
    PreviewRow {
        candidate: Candidate {
            id: now.1.id.clone(),
            name: before.item_title(name, &now.1.id),
            kind: CandidateKind::Document,
            href: before
                .directory
                .item(name, &now.1.id)
                .and_then(|card| card.url.clone()),
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
