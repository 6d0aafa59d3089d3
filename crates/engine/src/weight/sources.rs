//! The inputs of formulas, as one column of numbers by member for each source. A cache over the records, advanced in time.

mod counted;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Kernel, Pico, Source, SupportKind, SupportUnit};
use imbl::OrdSet;
use quantity::{CalendarUnit, Faded, Moment, Period, Reach, Zone};

use crate::id::MemberIndex;
use crate::support::{Rows, Support, SupportRow};
pub use counted::{Carried, Counted, carried, counted};

/// One column for each source that the kernel's formulas name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    columns: Vec<(Source, Column)>,
    /// The results of each class's formula at the last instant, in the kernel's order.
    pub(super) last: Vec<Last>,
}

/// One class's results, and the numbers of other classes that they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) constants: Vec<Pico>,
    pub(super) earned: Arc<Vec<u64>>,
    /// How many memberships had ended.
    pub(super) former: usize,
    /// Those whose membership rested.
    pub(super) resting: OrdSet<MemberIndex>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Column {
    values: Arc<Vec<Pico>>,
    /// The values at the instant before. Shared with `values` where none has changed.
    before: Arc<Vec<Pico>>,
    state: ColumnState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum ColumnState {
    /// The sum over a window of dates `[from, to)`, rows up to `seen` counted in.
    Window { from: Moment, to: Moment, sums: Vec<i64>, seen: usize },
    /// As many sums over windows, each as long as the one after it and right before it.
    Falling { bounds: Vec<(Moment, Moment)>, sums: Vec<Vec<i64>>, seen: usize },
    /// A running value by member; `pending` rows lie in the future of the last instant.
    Faded { running: Vec<Faded>, pending: Vec<(Moment, u32)>, seen: usize },
    /// The latest pledge by member and series, how many were taken back when it was made, and when the first of them ends.
    /// `own`: members' own pledges counted too, which gifts bear out anew every month.
    Standing {
        latest: BTreeMap<(MemberIndex, u16), Latest>,
        seen: usize,
        taken_back: usize,
        first_ends: Moment,
        own: bool,
    },
}

/// A running value that no row has touched yet.
const UNTOUCHED: Faded = Faded { value: 0, at: Moment(i64::MIN) };

impl Sources {
    /// The column of a source, by member; empty when the kernel does not name the source.
    #[must_use]
    pub fn column(&self, source: &Source) -> &[Pico] {
        self.columns.iter().find(|(known, _)| known == source).map_or(&[], |(_, column)| &column.values)
    }

    /// As [`Sources::column`], at the instant before the last.
    pub(super) fn column_before(&self, source: &Source) -> &[Pico] {
        self.columns.iter().find(|(known, _)| known == source).map_or(&[], |(_, column)| &column.before)
    }

    /// Brings every column to `at`. Rows dated or known later do not count.
    pub(super) fn advance(&mut self, kernel: &Kernel, support: &Support, members: usize, at: Moment) {
        for source in kernel.classes.iter().flat_map(|class| &class.weight.sources) {
            let known = self.columns.iter().any(|(column, _)| column == source);
            if let (false, Some(state)) = (known, ColumnState::begin(source)) {
                self.columns.push((source.clone(), Column { values: Arc::default(), before: Arc::default(), state }));
            }
        }
        for (source, column) in &mut self.columns {
            column.advance(source, support, members, at, &kernel.zone);
        }
    }
}

impl ColumnState {
    fn begin(source: &Source) -> Option<ColumnState> {
        let never = Moment(i64::MIN);
        match source {
            Source::Support { kind: SupportKind::Pledge, period: Period { reach: Reach::Next(_), .. } } => {
                Some(ColumnState::Standing {
                    latest: BTreeMap::new(),
                    seen: 0,
                    taken_back: 0,
                    first_ends: never,
                    own: false,
                })
            }
            Source::Support { .. } => Some(ColumnState::Window { from: never, to: never, sums: Vec::new(), seen: 0 }),
            Source::Falling { .. } => {
                Some(ColumnState::Falling { bounds: Vec::new(), sums: vec![Vec::new(); usize::from(FALLING)], seen: 0 })
            }
            Source::Faded { .. } => Some(ColumnState::Faded { running: Vec::new(), pending: Vec::new(), seen: 0 }),
            Source::Of { of, .. } => ColumnState::begin(of),
            Source::Count(_) | Source::Highest(_) | Source::Total(_) => None,
        }
    }

    /// Whether the values at `at` are those of the instant before, for as many members: the windows are the same and nothing new
    /// is recorded; of pledges, none was taken back in part, and none ends by now.
    fn is_as_it_was(
        &self,
        support: &Support,
        rows: &Rows,
        (period, zone): (Option<Period>, &Zone),
        at: Moment,
    ) -> bool {
        match self {
            ColumnState::Window { from, to, seen, .. } => {
                *seen == rows.len() && (*from, *to) == window(period, at, zone)
            }
            ColumnState::Falling { bounds, seen, .. } => {
                *seen == rows.len() && bounds.iter().copied().eq(falling_windows(period, at, zone))
            }
            ColumnState::Faded { .. } => false,
            ColumnState::Standing { seen, taken_back, first_ends, own, .. } => {
                (!own && support.own_pledges.is_empty())
                    && *seen == rows.len()
                    && at < *first_ends
                    && *taken_back == 0
                    && support.reduction_count() == 0
            }
        }
    }
}

impl Column {
    // flat: one match over the kinds of column.
    fn advance(&mut self, source: &Source, support: &Support, members: usize, at: Moment, zone: &Zone) {
        let (kind, period, half_life_us) = match source.whole() {
            Source::Support { kind, period } | Source::Falling { kind, period } => (*kind, Some(*period), 0),
            Source::Faded { kind, half_life_us } => (*kind, None, *half_life_us),
            Source::Of { .. } | Source::Count(_) | Source::Highest(_) | Source::Total(_) => return,
        };
        let none = Rows::default();
        let rows = support.rows_of(kind, source.service()).unwrap_or(&none);
        let pico = pico_per_unit(kind);
        if self.values.len() == members && self.state.is_as_it_was(support, rows, (period, zone), at) {
            self.before = Arc::clone(&self.values);
            return;
        }
        // The previous values are kept: a formula is worked out again only where one of its inputs has changed. The ones before
        // them give their room.
        let mut values = Arc::into_inner(std::mem::take(&mut self.before)).unwrap_or_default();
        self.before = std::mem::take(&mut self.values);
        values.clear();
        match &mut self.state {
            ColumnState::Window { from, to, sums, seen } => {
                let bounds = window(period, at, zone);
                // Another window holds other rows, so its sums begin anew; in the same one only new rows are added.
                if (*from, *to) != bounds {
                    (*from, *to) = bounds;
                    sums.clear();
                    *seen = 0;
                }
                sums.resize(members, 0);
                add_window(rows, *seen, bounds, at, sums);
                *seen = rows.len();
                // INVARIANT: nothing overflows: a sum is below 2^63 and a unit's worth below 2^41.
                let unit = i64::try_from(pico).unwrap_or(i64::MAX);
                let worth = |sum: &i64| i128::from(*sum).wrapping_mul(i128::from(unit));
                values.extend(sums.iter().map(worth));
            }
            ColumnState::Falling { bounds, sums, seen } => {
                let is_new = !bounds.iter().copied().eq(falling_windows(period, at, zone));
                if is_new {
                    *bounds = falling_windows(period, at, zone).collect();
                    sums.iter_mut().for_each(Vec::clear);
                    *seen = 0;
                }
                sums.iter_mut().for_each(|sums| sums.resize(members, 0));
                add_windows(rows, *seen, bounds, at, sums);
                let greatest = |member: usize| {
                    let own =
                        (0..).zip(sums.iter()).map(|(times, sums)| halved(sums.get(member).copied(), pico, times));
                    own.max().unwrap_or(0)
                };
                if is_new {
                    values.extend((0..members).map(greatest));
                } else {
                    // In the same windows only they have other sums of whom something new is recorded.
                    values.clone_from(&self.before);
                    values.resize(members, 0);
                    for (_, row) in rows.from(*seen) {
                        if let Some(value) = values.get_mut(row.member.place()) {
                            *value = greatest(row.member.place());
                        }
                    }
                }
                *seen = rows.len();
            }
            ColumnState::Faded { running, pending, seen } => {
                running.resize(members, UNTOUCHED);
                fold(rows, running, pending, *seen, half_life_us, at);
                *seen = rows.len();
                values.extend(running.iter().map(|faded| faded_pico(faded, kind, half_life_us, at)));
            }
            ColumnState::Standing { latest, seen, taken_back, first_ends, own } => {
                // docs/spec/support.md, Pledges: once a pledge is taken back, the one that it replaced may count again.
                if *taken_back != support.reduction_count() {
                    *taken_back = support.reduction_count();
                    latest.clear();
                    *seen = 0;
                }
                let months = period.map_or(1, months_ahead);
                note_pledges(support, rows, latest, *seen, at);
                *seen = rows.len();
                values.resize(members, 0);
                let pico = pico.saturating_mul(months);
                *first_ends = sum_standing(support, latest, at, pico, &mut values);
                *own = !support.own_pledges.is_empty();
                // docs/spec/support.md, Own pledges: only what others have not recorded already.
                for (member, _) in support.own_pledges.iter() {
                    let backed = support.backed(member, at, zone).map_or(0, |backed| backed.minor);
                    if let Some(value) = values.get_mut(member.place()) {
                        *value = (*value).max(i128::from(backed).saturating_mul(pico));
                    }
                }
            }
        }
        self.values = Arc::new(values);
    }
}

const MICRO: i128 = 1_000_000;
/// The periods that late records are looked back over: the last of them counts a thirty-second.
const FALLING: u8 = 6;

/// The worth of the sum of a period so many times before: halved as often. A unit is a multiple of 2^5, so nothing is rounded.
fn halved(sum: Option<i64>, pico: i128, times: u32) -> Pico {
    i128::from(sum.unwrap_or(0)).saturating_mul(pico).checked_shr(times).unwrap_or(0)
}

/// The dates of the period so many times before, cut at the instant itself.
fn window_before(period: Option<Period>, times: u8, at: Moment, zone: &Zone) -> (Moment, Moment) {
    let end = Moment(at.0.saturating_add(1));
    let (from, to) = period.map_or((at, at), |period| period.bounds_before(times, at, zone));
    (from, to.min(end))
}

/// A running value as a formula reads it at `at`.
fn faded_pico(faded: &Faded, kind: SupportKind, half_life_us: u64, at: Moment) -> Pico {
    if *faded == UNTOUCHED {
        return 0;
    }
    let now = faded.at(at, half_life_us).pico();
    if kind.unit() == SupportUnit::MicroCredits { now / MICRO } else { now }
}

/// A formula's fixed point for one unit of a row.
fn pico_per_unit(kind: SupportKind) -> i128 {
    match kind.unit() {
        SupportUnit::Money | SupportUnit::Seconds => 1_000_000_000_000,
        SupportUnit::MicroCredits => MICRO,
    }
}

/// The dates a period covers at an instant, cut at the instant itself (the last microsecond that counts is `at`).
fn window(period: Option<Period>, at: Moment, zone: &Zone) -> (Moment, Moment) {
    window_before(period, 0, at, zone)
}

/// The windows of a falling sum, the present one first.
fn falling_windows(period: Option<Period>, at: Moment, zone: &Zone) -> impl Iterator<Item = (Moment, Moment)> {
    (0..FALLING).map(move |times| window_before(period, times, at, zone))
}

fn add_window(rows: &Rows, seen: usize, (from, to): (Moment, Moment), at: Moment, sums: &mut [i64]) {
    for (_, row) in rows.from(seen) {
        let counts = row.counted_at >= from && row.counted_at < to && row.known_at <= at;
        if let (true, Some(sum)) = (counts, sums.get_mut(row.member.place())) {
            *sum = sum.saturating_add(row.amount);
        }
    }
}

/// As [`add_window`], for several windows in one pass: a co-op's records are many, and most of them are older than all windows.
fn add_windows(rows: &Rows, seen: usize, windows: &[(Moment, Moment)], at: Moment, sums: &mut [Vec<i64>]) {
    let earliest = windows.iter().map(|(from, _)| *from).min();
    for (_, row) in rows.from(seen).filter(|(_, row)| earliest.is_some_and(|from| row.counted_at >= from)) {
        let counts =
            |(from, to): &(Moment, Moment)| row.counted_at >= *from && row.counted_at < *to && row.known_at <= at;
        for (_, sums) in windows.iter().zip(&mut *sums).filter(|(window, _)| counts(window)) {
            if let Some(sum) = sums.get_mut(row.member.place()) {
                *sum = sum.saturating_add(row.amount);
            }
        }
    }
}

/// Folds new and matured rows into the running values, by date and then by place in the log. A member with a row
/// dated before the running value's own date is folded anew from the first row, so that the value depends only on
/// the member's records and never on when updates happened.
fn fold(
    rows: &Rows,
    running: &mut [Faded],
    pending: &mut Vec<(Moment, u32)>,
    seen: usize,
    half_life_us: u64,
    at: Moment,
) {
    // docs/spec/support.md, Fading, 1: by date, and then by place in the log.
    pending.extend(rows.from(seen).map(|(place, row)| (row.counted_at, place_of(place))));
    pending.sort_unstable();
    let counts = |row: &SupportRow| row.counted_at <= at && row.known_at <= at;
    let mut again: BTreeSet<MemberIndex> = BTreeSet::new();
    let mut waiting = Vec::new();
    for (date, place) in pending.drain(..) {
        let Some(row) = rows.row(place as usize) else {
            continue;
        };
        // A part of a gift counts once its date has come (docs/spec/support.md, Parts); until then it waits.
        if !counts(&row) {
            waiting.push((date, place));
            continue;
        }
        let Some(value) = running.get_mut(row.member.place()) else {
            continue;
        };
        // Each step rounds, so a value that has faded past this date cannot take the row in afterwards.
        if date < value.at {
            again.insert(row.member);
        } else {
            *value = step(*value, &row, half_life_us);
        }
    }
    *pending = waiting;
    for member in again {
        let mut own = rows.of(member);
        own.retain(|(_, row)| counts(row));
        own.sort_by_key(|(place, row)| (row.counted_at, *place));
        let folded = own.iter().fold(UNTOUCHED, |value, (_, row)| step(value, row, half_life_us));
        if let Some(value) = running.get_mut(member.place()) {
            *value = folded;
        }
    }
}

fn step(value: Faded, row: &SupportRow, half_life_us: u64) -> Faded {
    let now = if value == UNTOUCHED {
        Faded { value: 0, at: row.counted_at }
    } else {
        value.at(row.counted_at, half_life_us)
    };
    now.plus(row.amount)
}

fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// How many monthly payments a pledge promises in a period ahead. Days and weeks hold the next payment, once.
fn months_ahead(period: Period) -> i128 {
    let Reach::Next(count) = period.reach else {
        return 1;
    };
    let count = i128::from(count);
    match period.unit {
        CalendarUnit::Year => count.saturating_mul(12),
        CalendarUnit::Quarter => count.saturating_mul(3),
        CalendarUnit::Month => count,
        CalendarUnit::Week | CalendarUnit::Day => 1,
    }
}

/// The latest pledge of one member and series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Latest {
    place: u32,
    given_at: Moment,
    until: Moment,
    amount: i64,
}

fn note_pledges(
    support: &Support,
    rows: &Rows,
    latest: &mut BTreeMap<(MemberIndex, u16), Latest>,
    seen: usize,
    at: Moment,
) {
    for (place, row) in rows.from(seen) {
        let place = place_of(place);
        let Some(terms) = support.pledge(place) else {
            continue;
        };
        if row.counted_at > at || support.pledge_left(place, at) <= 0 {
            continue;
        }
        let pledge = Latest { place, given_at: row.counted_at, until: terms.until, amount: row.amount };
        let slot = latest.entry((row.member, terms.series)).or_insert(pledge);
        if slot.given_at <= row.counted_at {
            *slot = pledge;
        }
    }
}

/// Adds up the pledges that stand, and returns when the first of them ends.
fn sum_standing(
    support: &Support,
    latest: &BTreeMap<(MemberIndex, u16), Latest>,
    at: Moment,
    pico: i128,
    values: &mut [Pico],
) -> Moment {
    let whole = support.reduction_count() == 0;
    let mut first_ends = Moment(i64::MAX);
    for ((member, _), pledge) in latest.iter().filter(|(_, pledge)| at < pledge.until) {
        if let Some(value) = values.get_mut(member.place()) {
            let left = if whole { pledge.amount } else { support.pledge_left(pledge.place, at) };
            *value = value.saturating_add(i128::from(left).saturating_mul(pico));
        }
        first_ends = first_ends.min(pledge.until);
    }
    first_ends
}
