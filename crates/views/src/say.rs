//! Dates, lengths of time, counts and titles: their words, and the numbers in them.

use quantity::{Currency, Moment, Span, Zone, month_index, months_later};
use words::numbers::{self, Counted, DAYS, HOURS, MINUTES, MONTHS, WEEKS, YEARS};
use words::time::{self, BRIEF_MONTHS, WEEKDAYS};

use crate::Amount;

const DAY_US: i64 = 86_400_000_000;

/// `Monday 8 December 2025, 01:00`.
pub(super) fn moment(at: Moment, zone: &Zone) -> crate::Moment {
    let shown = zone.civil(at);
    let text = time::moment(weekday(at, zone), day(at, zone), shown.hour, shown.minute);
    crate::Moment { text, day: day(at, zone), iso: at.to_string(), at_us: at.0 }
}

/// `8 December 2025`.
pub(super) fn day(at: Moment, zone: &Zone) -> String {
    let shown = zone.civil(at);
    time::date(shown.day, named(&time::MONTHS, shown.month), shown.year)
}

/// `8 Dec 2025`.
pub(super) fn short_day(at: Moment, zone: &Zone) -> String {
    let shown = zone.civil(at);
    time::date(shown.day, named(&BRIEF_MONTHS, shown.month), shown.year)
}

/// `December 2025`.
pub(super) fn month(at: Moment, zone: &Zone) -> String {
    let shown = zone.civil(at);
    time::month(named(&time::MONTHS, shown.month), shown.year)
}

/// `Dec 2025`, from the book's `2025-12`.
pub(super) fn short_month(period: &str) -> String {
    month_of(period, &BRIEF_MONTHS)
}

/// `December 2025`, from the book's `2025-12`.
pub(super) fn long_month(period: &str) -> String {
    month_of(period, &time::MONTHS)
}

fn month_of(period: &str, names: &[&'static str; 12]) -> String {
    let known = period.split_once('-').and_then(|(year, month)| Some((year, month.parse().ok()?)));
    known.map_or_else(|| period.to_owned(), |(year, month)| time::month(named(names, month), year))
}

/// Returns the month's name; `month` is from 1 to 12.
fn named(names: &[&'static str; 12], month: i8) -> &'static str {
    let [january, ..] = names;
    names.get(usize::try_from(month.saturating_sub(1)).unwrap_or(0)).unwrap_or(january)
}

/// Returns the day of the week that clocks of the zone show: that of universal time, or its neighbour.
pub(super) fn weekday(at: Moment, zone: &Zone) -> &'static str {
    let date = |zone: &Zone| {
        let shown = zone.civil(at);
        (shown.year, shown.month, shown.day)
    };
    let apart = match date(zone).cmp(&date(&Zone::utc())) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    };
    // 1 January 1970 was a Thursday, three days after a Monday.
    let days = at.0.div_euclid(DAY_US).saturating_add(3).saturating_add(apart);
    let place = usize::try_from(days.rem_euclid(7)).unwrap_or(0);
    WEEKDAYS.get(place).copied().unwrap_or_default()
}

/// `in 3 weeks`; `now` for what has been.
pub(super) fn ahead(now: Moment, at: Moment, zone: &Zone) -> String {
    if at <= now {
        return time::NOW.to_owned();
    }
    time::ahead(rough(now, at, zone))
}

/// Returns a length of time in its most telling unit, to the nearest.
fn rough(from: Moment, to: Moment, zone: &Zone) -> String {
    let seconds = to.seconds_since(from);
    let nearest = |unit: u64| seconds.saturating_add(unit / 2).checked_div(unit).unwrap_or(0);
    match seconds {
        0..90 => time::A_MINUTE.to_owned(),
        90..5_400 => count(nearest(60), MINUTES),
        5_400..172_800 => count(nearest(3_600), HOURS),
        172_800..1_814_400 => count(nearest(86_400), DAYS),
        1_814_400..7_776_000 => count(nearest(604_800), WEEKS),
        _ => match months(from, to, zone) {
            months @ 0..24 => count(u64::from(months.max(2)), MONTHS),
            months => count(u64::from(months / 12), YEARS),
        },
    }
}

/// `2 years 3 months`; days for less than two months.
pub(super) fn since(from: Moment, to: Moment, zone: &Zone) -> String {
    let months = months(from, to, zone);
    let (years, rest) = (u64::from(months / 12), u64::from(months % 12));
    match (years, rest) {
        (0, 0..2) => count(to.seconds_since(from) / 86_400, DAYS),
        (0, rest) => count(rest, MONTHS),
        (years, 0) => count(years, YEARS),
        (years, rest) => time::years_and_months(count(years, YEARS), count(rest, MONTHS)),
    }
}

/// Returns whole calendar months.
fn months(from: Moment, to: Moment, zone: &Zone) -> u32 {
    let apart = month_index(to, zone).saturating_sub(month_index(from, zone));
    let apart = u32::try_from(apart).unwrap_or(0);
    if months_later(from, apart, zone) > to { apart.saturating_sub(1) } else { apart }
}

/// `1 member`, `2,310 members`.
pub(super) fn count(n: u64, thing: Counted) -> String {
    numbers::count(&crate::decimal(i128::from(n), 0, 0), thing)
}

/// Returns a name in lower case with hyphens, as a title: `code-of-conduct` is `Code of conduct`.
pub(super) fn title(name: &str) -> String {
    sentence(&plain(name))
}

/// Returns a name in lower case with hyphens, as words in a sentence.
pub(super) fn plain(name: &str) -> String {
    name.replace('-', " ")
}

/// With a capital letter.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns a part of a whole in parts per million, rounded down.
pub(super) fn ppm(part: u128, whole: u128) -> u32 {
    let parts = part.saturating_mul(1_000_000).checked_div(whole).unwrap_or(0);
    u32::try_from(parts.min(1_000_000)).unwrap_or(0)
}

/// Votes as they are shown; beyond 64 bits the nearest that fits.
pub(super) fn votes(micro: i128) -> crate::Votes {
    let nearest = if micro < 0 { i64::MIN } else { i64::MAX };
    crate::Votes::from_micro(i64::try_from(micro).unwrap_or(nearest))
}

/// Weight of many; beyond 64 bits the most that fits.
pub(super) fn weight(micro: u128) -> crate::Weight {
    crate::Weight::from_micro(u64::try_from(micro).unwrap_or(u64::MAX))
}

pub(super) fn whole(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

pub(super) fn wide(n: u128) -> i128 {
    i128::try_from(n).unwrap_or(i128::MAX)
}

/// Days, because that is how people count towards a closing.
pub(super) fn days(seconds: u64) -> String {
    if seconds.is_multiple_of(86_400) { count(seconds / 86_400, DAYS) } else { Span::from_seconds(seconds).to_string() }
}

/// Days to the nearest, where it is two or more.
pub(super) fn about_days(seconds: u64) -> String {
    const DAY_S: u64 = 86_400;
    match seconds.saturating_add(DAY_S / 2) / DAY_S {
        0..=1 => days(seconds),
        whole => count(whole, DAYS),
    }
}

pub(super) fn money(minor: i64, currency: Currency) -> Amount {
    Amount::from_minor(minor, currency.code(), u32::from(currency.digits()))
}
