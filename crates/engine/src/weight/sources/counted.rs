//! Which records one source of a formula read for one member: the raw material of an explanation.

use std::collections::BTreeMap;

use charter::{Kernel, Pico, Source, SupportKind, SupportUnit};
use quantity::{Moment, Reach, Zone};

use crate::id::MemberIndex;

use super::{
    FALLING, MICRO, UNTOUCHED, halved, months_ahead, note_pledges, pico_per_unit, step, window, window_before,
};
use crate::support::Support;

/// One record as a formula read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The amount given or, below zero, taken back: minor units, seconds or micro-credits.
    pub amount: i64,
    /// The date that periods and decay go by.
    pub given_at: Moment,
    /// Its value at the instant: decayed, reduced, or times the months promised.
    pub worth: Pico,
    /// For a current pledge: the instant at which it lapses.
    pub until: Option<Moment>,
}

/// The records that `source` counts at `at`, oldest first. `own` is [`Support::only`] of the member. Empty for what
/// formulas read of a class. The parts of a fading sum are rounded one by one: they may differ from the sum by less
/// than a micro-unit each.
#[must_use]
pub fn counted(source: &Source, kernel: &Kernel, own: &Support, at: Moment) -> Vec<Counted> {
    let service = source.service();
    let mut lines = match source.whole() {
        Source::Support { kind: SupportKind::Pledge, period } if matches!(period.reach, Reach::Next(_)) => {
            standing(own, months_ahead(*period), at, &kernel.zone)
        }
        Source::Support { kind, period } => {
            let (from, to) = window(Some(*period), at, &kernel.zone);
            let pico = pico_per_unit(*kind);
            let rows = own.rows_of(*kind, service).into_iter().flat_map(|rows| rows.from(0));
            let within = rows.filter(|(_, row)| row.counted_at >= from && row.counted_at < to && row.known_at <= at);
            within
                .map(|(_, row)| line(row.amount, row.counted_at, i128::from(row.amount).saturating_mul(pico)))
                .collect()
        }
        Source::Falling { kind, .. } => {
            let now = carried(source, kernel, own, at).unwrap_or_default();
            let pico = pico_per_unit(*kind);
            let rows = own.rows_of(*kind, service).into_iter().flat_map(|rows| rows.from(0));
            let within =
                rows.filter(|(_, row)| row.counted_at >= now.from && row.counted_at < now.to && row.known_at <= at);
            let worth = |amount: i64| halved(Some(amount), pico, u32::from(now.times));
            within.map(|(_, row)| line(row.amount, row.counted_at, worth(row.amount))).collect()
        }
        Source::Faded { kind, half_life_us } => {
            let credits = kind.unit() == SupportUnit::MicroCredits;
            let rows = own.rows_of(*kind, service).into_iter().flat_map(|rows| rows.from(0));
            let past = rows.filter(|(_, row)| row.counted_at <= at && row.known_at <= at);
            past.map(|(_, row)| {
                let now = step(UNTOUCHED, &row, *half_life_us).at(at, *half_life_us).pico();
                let worth = if credits { now.checked_div(MICRO).unwrap_or(0) } else { now };
                line(row.amount, row.counted_at, worth)
            })
            .collect()
        }
        Source::Of { .. } | Source::Count(_) | Source::Highest(_) | Source::Total(_) => Vec::new(),
    };
    lines.sort_by_key(|line: &Counted| line.given_at);
    lines
}

/// The period whose records count for one that has fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// How many periods ago it was; its sum counts halved as often. 0 is the period itself.
    pub times: u8,
    /// Where it begins.
    pub from: Moment,
    /// Where it ends: since then nothing is recorded that weighs as much.
    pub to: Moment,
}

/// Returns the period that decides what a falling sum is worth for one member, the latest of those that are worth the same; `None`
/// for other sources. `own` is [`Support::only`] of the member.
#[must_use]
pub fn carried(source: &Source, kernel: &Kernel, own: &Support, at: Moment) -> Option<Carried> {
    let service = source.service();
    let Source::Falling { kind, period } = source.whole() else {
        return None;
    };
    let pico = pico_per_unit(*kind);
    let worth = |times: u8| {
        let (from, to) = window_before(Some(*period), times, at, &kernel.zone);
        let rows = own.rows_of(*kind, service).into_iter().flat_map(|rows| rows.from(0)).map(|(_, row)| row);
        let within = rows.filter(|row| row.counted_at >= from && row.counted_at < to && row.known_at <= at);
        let sum = within.fold(0_i64, |sum, row| sum.saturating_add(row.amount));
        (halved(Some(sum), pico, u32::from(times)), Carried { times, from, to })
    };
    let all = (0..FALLING).map(worth);
    all.max_by_key(|(worth, carried)| (*worth, std::cmp::Reverse(carried.times))).map(|(_, carried)| carried)
}

fn line(amount: i64, given_at: Moment, worth: Pico) -> Counted {
    Counted { amount, given_at, worth, until: None }
}

fn standing(own: &Support, months: i128, at: Moment, zone: &Zone) -> Vec<Counted> {
    let mut latest = BTreeMap::new();
    if let Some(rows) = own.rows(SupportKind::Pledge) {
        note_pledges(own, rows, &mut latest, 0, at);
    }
    let pico = pico_per_unit(SupportKind::Pledge).saturating_mul(months);
    let standing = latest.into_values().filter(|pledge| at < pledge.until);
    let lines = standing.map(|pledge| {
        let left = own.pledge_left(pledge.place, at);
        Counted {
            amount: left,
            given_at: pledge.given_at,
            worth: i128::from(left).saturating_mul(pico),
            until: Some(pledge.until),
        }
    });
    let lines: Vec<Counted> = lines.collect();
    // The member's own word counts in place of what others have recorded, where it is more and gifts bear it out.
    let recorded = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
    let who = MemberIndex::default();
    let backed = own.backed(who, at, zone).filter(|backed| backed.minor > recorded);
    match (backed, own.own_pledges.of(who)) {
        (Some(backed), Some(pledge)) => {
            let worth = i128::from(backed.minor).saturating_mul(pico);
            vec![Counted { amount: backed.minor, given_at: pledge.since, worth, until: Some(backed.until) }]
        }
        _ => lines,
    }
}
