//! Which records one source of a formula read for one member: the raw material of an explanation.

use std::collections::BTreeMap;

use charter::{Kernel, Pico, Source, SupportKind, SupportUnit};
use quantity::{Moment, Reach};

use super::{MICRO, UNTOUCHED, months_ahead, note_pledges, pico_per_unit, step, window};
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
    let mut lines = match source {
        Source::Support { kind: SupportKind::Pledge, period } if matches!(period.reach, Reach::Next(_)) => {
            standing(own, months_ahead(*period), at)
        }
        Source::Support { kind, period } => {
            let (from, to) = window(Some(*period), at, &kernel.zone);
            let pico = pico_per_unit(*kind);
            let rows = own.rows(*kind).into_iter().flat_map(|rows| rows.from(0));
            let within = rows.filter(|(_, row)| row.counted_at >= from && row.counted_at < to && row.known_at <= at);
            within
                .map(|(_, row)| line(row.amount, row.counted_at, i128::from(row.amount).saturating_mul(pico)))
                .collect()
        }
        Source::Faded { kind, half_life_us } => {
            let credits = kind.unit() == SupportUnit::MicroCredits;
            let rows = own.rows(*kind).into_iter().flat_map(|rows| rows.from(0));
            let past = rows.filter(|(_, row)| row.counted_at <= at && row.known_at <= at);
            past.map(|(_, row)| {
                let now = step(UNTOUCHED, &row, *half_life_us).at(at, *half_life_us).pico();
                let worth = if credits { now.checked_div(MICRO).unwrap_or(0) } else { now };
                line(row.amount, row.counted_at, worth)
            })
            .collect()
        }
        Source::Count(_) | Source::Highest(_) | Source::Total(_) => Vec::new(),
    };
    lines.sort_by_key(|line: &Counted| line.given_at);
    lines
}

fn line(amount: i64, given_at: Moment, worth: Pico) -> Counted {
    Counted { amount, given_at, worth, until: None }
}

fn standing(own: &Support, months: i128, at: Moment) -> Vec<Counted> {
    let Some(rows) = own.rows(SupportKind::Pledge) else {
        return Vec::new();
    };
    let mut latest = BTreeMap::new();
    note_pledges(own, rows, &mut latest, 0, at);
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
    lines.collect()
}
