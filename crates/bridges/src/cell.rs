//! The values in cells of a row: moments, amounts, ids. Each function returns the value, or the mistake with its place.

use quantity::{Currency, Moment, parse_decimal, plain_decimal};

use crate::mistake::Wrong;
use crate::table::{Row, shown};

const ID_MAX: usize = 100;
/// The longest cell that can be a date or an amount; longer ones are not quoted whole in a message.
const VALUE_MAX: usize = 40;

/// Reads a date or a date with time. A date alone is that day where the co-op is; a time without an offset is in UTC.
pub(crate) fn moment(row: &Row, column: usize) -> Result<Moment, Wrong> {
    read_moment(row, column, |text| Moment::parse_at_start_of_day(text, &row.zone))
}

/// Reads as [`moment`] does, for a source whose days are those of UTC.
pub(crate) fn moment_in_utc(row: &Row, column: usize) -> Result<Moment, Wrong> {
    read_moment(row, column, Moment::parse)
}

/// Returns the day of a date without a time, as `YYYY-MM-DD`; none for an instant.
pub(crate) fn day(row: &Row, column: usize) -> Option<String> {
    let day = date(row, column);
    (day.len() == "YYYY-MM-DD".len()).then_some(day)
}

fn read_moment(row: &Row, column: usize, parse: impl Fn(&str) -> Result<Moment, String>) -> Result<Moment, Wrong> {
    let text = row.get(column);
    let read = if is_short(text) { parse(&date(row, column)) } else { Err(format!("`{}` is not a date", shown(text))) };
    let help = "write it like 2025-12-31 or 2025-12-31T11:20:18Z";
    read.map_err(|why| row.wrong(column, why).help(help))
}

/// Returns the text of a date in the order of years, months and days, where it is certain which is which.
pub(crate) fn date(row: &Row, column: usize) -> String {
    let text = row.get(column);
    with_year_first(text).unwrap_or_else(|| text.to_owned())
}

/// Returns `2025-03-01` for `1.3.2025` and `2025/3/1`; none for other forms. Slashes before the year mean days or months first
/// by country, so that such a date is asked about.
fn with_year_first(text: &str) -> Option<String> {
    let (year, month, day) = match (text.split_once('.'), text.split_once('/')) {
        (Some((day, rest)), None) => rest.split_once('.').map(|(month, year)| (year, month, day)),
        (None, Some((year, rest))) => rest.split_once('/').map(|(month, day)| (year, month, day)),
        _ => None,
    }?;
    let number = |text: &str, widths: std::ops::RangeInclusive<usize>| {
        widths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = number(year, 4..=4) && number(month, 1..=2) && number(day, 1..=2);
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Reads a currency by its ISO 4217 code.
pub(crate) fn currency(row: &Row, column: usize) -> Result<Currency, Wrong> {
    let code = row.get(column);
    parse_currency(code).ok_or_else(|| {
        row.wrong(column, format!("unknown currency `{}`", shown(code))).help("write its ISO 4217 code, such as USD")
    })
}

pub(crate) fn parse_currency(code: &str) -> Option<Currency> {
    if is_short(code) { Currency::parse(&code.to_ascii_uppercase()) } else { None }
}

/// Reads a decimal number with at most `digits` digits behind the point, in units of its last digit.
pub(crate) fn decimal(row: &Row, column: usize, digits: u8) -> Result<i64, Wrong> {
    let text = row.get(column);
    let read = match text {
        long if !is_short(long) => Err(format!("`{}` is not an amount", shown(text))),
        text if row.has_decimal_commas() => decimal_with_comma(text, digits),
        text => parse_decimal(text, digits),
    };
    read.map_err(|why| row.wrong(column, why).help("write it like 12.50"))
}

/// Reads a number of a file whose cells are not parted by commas. There a comma may come before decimals, and a number that
/// could be two amounts is none.
fn decimal_with_comma(text: &str, digits: u8) -> Result<i64, String> {
    match plain_decimal(text) {
        Some(plain) => parse_decimal(&plain, digits),
        None if text.bytes().all(|byte| byte.is_ascii_digit() || b"-.,".contains(&byte)) && text.len() > 1 => {
            Err(format!("`{text}` may be read as two different amounts"))
        }
        None => parse_decimal(text, digits),
    }
}

/// Reads as [`decimal`] does; an empty cell is 0.
pub(crate) fn optional_decimal(row: &Row, column: usize, digits: u8) -> Result<i64, Wrong> {
    if row.get(column).is_empty() { Ok(0) } else { decimal(row, column, digits) }
}

/// Reads an id that the source gave the record: ASCII without spaces or colons, which set our own suffixes off.
pub(crate) fn id<'a>(row: &'a Row, column: usize, noun: &str) -> Result<&'a str, Wrong> {
    let id = row.get(column);
    if id.is_empty() {
        return Err(row.wrong(column, format!("the {noun} is missing")));
    }
    let plain = id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if plain && id.len() <= ID_MAX {
        return Ok(id);
    }
    let why = format!("`{}` is not a {noun}", shown(id));
    Err(row.wrong(column, why).help("letters, digits and signs without spaces or colons"))
}

fn is_short(text: &str) -> bool {
    text.len() <= VALUE_MAX && !text.chars().any(crate::text::is_hidden)
}
