//! The values in cells of a row: moments, amounts, ids. Each function returns the value, or the mistake with its place.

use quantity::{Currency, Moment, parse_decimal};

use crate::mistake::Wrong;
use crate::table::{Row, shown};

const ID_MAX: usize = 100;
/// The longest cell that can be a date or an amount; longer ones are not quoted whole in a message.
const VALUE_MAX: usize = 40;

/// Reads a date or a date with time; without an offset it is in UTC.
pub(crate) fn moment(row: &Row, column: usize) -> Result<Moment, Wrong> {
    let text = row.get(column);
    let read = if is_short(text) { Moment::parse(text) } else { Err(format!("`{}` is not a date", shown(text))) };
    let help = "write it like 2025-12-31 or 2025-12-31T11:20:18Z";
    read.map_err(|why| row.wrong(column, why).help(help))
}

/// Reads a currency by its ISO 4217 code.
pub(crate) fn currency(row: &Row, column: usize) -> Result<Currency, Wrong> {
    let code = row.get(column);
    parse_currency(code).ok_or_else(|| {
        row.wrong(column, format!("unknown currency `{}`", shown(code))).help("write its ISO 4217 code, such as USD")
    })
}

pub(crate) fn parse_currency(code: &str) -> Option<Currency> {
    if is_short(code) { Currency::parse(code) } else { None }
}

/// Reads a decimal number with at most `digits` digits behind the point, in units of its last digit.
pub(crate) fn decimal(row: &Row, column: usize, digits: u8) -> Result<i64, Wrong> {
    let text = row.get(column);
    let read =
        if is_short(text) { parse_decimal(text, digits) } else { Err(format!("`{}` is not an amount", shown(text))) };
    read.map_err(|why| row.wrong(column, why).help("write it like 12.50"))
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
