//! A table of postings for spreadsheets.

use std::io;

use super::{BookExport, amount, date};

/// Writes one row for each posting: `entry,date,narration,source,account,amount,currency`.
///
/// Cells that a spreadsheet would take for a formula begin with `'`; amounts are plain numbers and stay.
///
/// # Errors
/// An error of `out`.
pub fn csv(book: BookExport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "entry,date,narration,source,account,amount,currency")?;
    let code = book.currency.code();
    for line in &mut *book.entries {
        let date = date(&line);
        let narration = csv_cell(&line.narration);
        let source = csv_cell(&line.source);
        for posting in &line.postings {
            let account = csv_cell(&posting.account);
            let amount = amount(posting.minor, book.currency);
            let number = line.number;
            writeln!(out, "{number},{date},{narration},{source},{account},{amount},{code}")?;
        }
    }
    Ok(())
}

/// Returns a cell of a CSV file: quoted where it must be, and with a `'` before a text that a spreadsheet would compute.
/// Plain numbers stay as they are (OWASP, "CSV Injection").
///
/// ```
/// use bridges::export::csv_cell;
/// assert_eq!(csv_cell("=1+1"), "'=1+1");
/// assert_eq!(csv_cell("-12.50"), "-12.50");
/// assert_eq!(csv_cell("one, \"two\""), "\"one, \"\"two\"\"\"");
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let first = text.trim_start_matches(' ').chars().next();
    let formula = first.is_some_and(|c| "=+-@\t\r\n".contains(c) || is_wide_sign(c));
    let guard = if formula && !is_number(text) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// Some spreadsheets read the full-width forms of these signs as the signs.
const fn is_wide_sign(c: char) -> bool {
    matches!(c, '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(rest)
}
