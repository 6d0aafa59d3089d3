//! Numbers, times and names as people read them.

use quantity::{Currency, Moment, Rhythm, Span, Zone};

use crate::phrase::MoneyPer;

const DAY_S: u64 = 86_400;
const YEAR_S: u64 = 365 * DAY_S;

/// Returns the path of a clause in the constitution at a path.
pub(crate) fn path(of: &str, name: &str) -> String {
    match of {
        "" => name.to_owned(),
        of => format!("{of}/{name}"),
    }
}

/// Returns the words of a path or name: `code-of-conduct` is `code of conduct`, `docs-team/editor` is `editor of the docs team`.
pub(crate) fn plain(path: &str) -> String {
    let names: Vec<String> = path.rsplit('/').map(|name| name.replace('-', " ")).collect();
    names.join(" of the ")
}

/// Writes `a, b and c`.
pub(crate) fn all_of(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Writes `a, b or c`.
pub(crate) fn any_of(parts: &[String]) -> String {
    match parts {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => all_of(parts),
    }
}

/// Writes `1 seat`, `2,310 seats`.
pub(crate) fn count(n: u64, thing: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(&n.to_string()))
}

/// Writes hours: `40 hours`, `2.5 hours`.
pub(crate) fn hours(seconds: u64) -> String {
    match seconds.checked_div(3_600).filter(|_| seconds.is_multiple_of(3_600)) {
        Some(whole) => count(whole, "hour"),
        None => {
            let micro = i128::from(seconds).saturating_mul(1_000_000).checked_div(3_600).unwrap_or(0);
            format!("{} hours", quantity::format_micro(micro))
        }
    }
}

/// Writes days, because people count days towards a change, and whole years for long times.
pub(crate) fn days(span: Span) -> String {
    let seconds = span.seconds();
    let whole = |unit: u64| seconds.checked_div(unit).filter(|_| seconds.is_multiple_of(unit));
    match (whole(YEAR_S), whole(DAY_S)) {
        (Some(years @ 2..), _) => count(years, "year"),
        (_, Some(days @ 1..)) => count(days, "day"),
        _ => span.to_string(),
    }
}

/// Writes a span to the day: `9 days`, and as it is where it is shorter than two days.
pub(crate) fn about(span: Span) -> String {
    match span.seconds().saturating_add(DAY_S / 2).div_euclid(DAY_S) {
        0..2 => days(span),
        whole => count(whole, "day"),
    }
}

/// Returns a span ten times as long.
pub(crate) fn tenfold(span: Span) -> Span {
    Span::from_seconds(span.seconds().saturating_mul(10))
}

/// Writes `every Monday at 01:00`.
pub(crate) fn rhythm(rhythm: &Rhythm) -> String {
    let words = rhythm.to_string();
    let day = words.strip_prefix("weekly on ").and_then(|rest| rest.split_once(' '));
    if let Some((day, at)) = day {
        return format!("every {} {at}", sentence(day));
    }
    match words.strip_prefix("monthly on ").and_then(|rest| rest.split_once(' ')) {
        Some((day, at)) => format!("on day {day} of every month {at}"),
        None => words,
    }
}

/// Writes the words with a capital letter.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Writes a sentence with a small letter, for the middle of another.
pub(crate) fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Writes `12.5 %`.
pub(crate) fn percent(ppm: u32) -> String {
    let micro = i128::from(ppm).saturating_mul(100);
    format!("{} %", quantity::format_micro(micro))
}

/// Writes `1,234.50 USD`.
pub(crate) fn money(minor: i64, currency: Currency) -> String {
    let written = quantity::format_decimal(minor, currency.digits());
    format!("{} {}", grouped(&written), currency.code())
}

/// Writes `50.00 USD a month`.
pub(crate) fn money_per(limit: MoneyPer, currency: Currency) -> String {
    format!("{} a {}", money(limit.amount_minor, currency), limit.every.name())
}

/// Writes micro-units with two decimals, rounded down: `2.23`, `5.00`.
pub(crate) fn micro(micro: u128) -> String {
    let hundredths = i64::try_from(micro.checked_div(10_000).unwrap_or(0)).unwrap_or(i64::MAX);
    grouped(&quantity::format_decimal(hundredths, 2))
}

/// Writes micro-units with two decimals, or with all there are, so that different values read differently: `0.50`, `0.0005`.
pub(crate) fn exactly(micro: u64) -> String {
    match micro.is_multiple_of(10_000) {
        true => self::micro(u128::from(micro)),
        false => grouped(&quantity::format_micro(i128::from(micro))),
    }
}

/// Writes `31 January 2030`, the day that ends at a moment or contains it.
pub(crate) fn day(at: Moment, zone: &Zone) -> String {
    const MONTHS: &str = "January February March April May June July August September October November December";
    let shown = zone.civil(Moment(at.0.saturating_sub(1)));
    let place = usize::try_from(shown.month.saturating_sub(1)).unwrap_or(0);
    let month = MONTHS.split(' ').nth(place).unwrap_or("");
    format!("{} {month} {}", shown.day, shown.year)
}

/// Writes `the contributor list`, `the workers`: a list by its name.
pub(crate) fn list(name: &str) -> String {
    format!("the {}", plain(name))
}

/// Returns the classes whose members vote: `patrons and contributors`.
pub(crate) fn classes(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    all_of(&names)
}

/// Separates thousands: `1,234.50`.
fn grouped(written: &str) -> String {
    let (whole, rest) = written.split_once('.').map_or((written, None), |(whole, rest)| (whole, Some(rest)));
    let digits = whole.trim_start_matches('-');
    let first = digits.len().checked_rem(3).unwrap_or(0);
    let mut out = String::from(if whole.len() > digits.len() { "−" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place.checked_rem(3) == Some(first) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}
