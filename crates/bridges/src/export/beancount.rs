//! A ledger for beancount.

use std::collections::BTreeSet;
use std::io;

use super::{BookExport, BookLine, date, one_line, write_postings};

/// The five roots that beancount knows.
const ROOTS: [&str; 5] = ["Assets", "Liabilities", "Equity", "Income", "Expenses"];
/// The root for accounts whose own root beancount does not know.
const OTHER_ROOT: &str = "Equity";
/// The second part of an account that is a root alone in our book.
const ROOT_ALONE: &str = "Unspecified";
/// The years of beancount's dates.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=2099;
/// Entries are in the log's order, and a later one may have an earlier date: so every account is open from
/// the first possible day.
const OPENED: &str = "1700-01-01";

/// Writes a ledger for beancount 2 and 3.
///
/// Account names are written as beancount needs them: `assets:open-collective` becomes
/// `Assets:Open-collective`.
///
/// # Errors
/// An error of `out`; a date that beancount cannot read (before 1700, after 2099).
pub fn beancount(book: BookExport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let code = book.currency.code();
    writeln!(out, "option \"title\" {}", string(book.title))?;
    writeln!(out, "option \"operating_currency\" \"{code}\"")?;
    let mut opened = BTreeSet::new();
    for line in &mut *book.entries {
        if !YEARS.contains(&line.date.0) {
            let why = format!("beancount has no {}: it reads the years 1700 to 2099", date(&line));
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        writeln!(out)?;
        open_accounts(out, &line, code, &mut opened)?;
        writeln!(out, "{} * {}", date(&line), string(&line.narration))?;
        writeln!(out, "    entry: {}", line.number)?;
        writeln!(out, "    source: {}", string(&line.source))?;
        write_postings(out, &line, book.currency, account)?;
    }
    Ok(())
}

fn open_accounts(
    out: &mut dyn io::Write,
    line: &BookLine,
    code: &str,
    opened: &mut BTreeSet<String>,
) -> io::Result<()> {
    for posting in &line.postings {
        let account = account(&posting.account);
        if !opened.contains(&account) {
            writeln!(out, "{OPENED} open {account} {code}")?;
            opened.insert(account);
        }
    }
    Ok(())
}

fn string(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

fn account(name: &str) -> String {
    let mut parts: Vec<String> = name.split(':').map(part).collect();
    if !parts.first().is_some_and(|root| ROOTS.contains(&root.as_str())) {
        parts.insert(0, OTHER_ROOT.to_owned());
    }
    // An account is never a root alone, and must not become one that the book has beside it (`expenses:other`).
    if parts.len() == 1 {
        parts.push(ROOT_ALONE.to_owned());
    }
    parts.join(":")
}

/// Spells a part as beancount needs it: a capital letter or a digit, then letters, digits and hyphens.
fn part(name: &str) -> String {
    let plain: String = name.chars().map(letters).collect();
    let mut rest = plain.chars();
    match rest.next() {
        Some(first) if first != '-' => first.to_uppercase().to_string() + rest.as_str(),
        _ => format!("X{plain}"),
    }
}

/// Scripts without capital letters cannot begin a part, so their characters are written as numbers.
fn letters(c: char) -> String {
    let has_case = c.is_lowercase() || c.is_uppercase();
    match c {
        _ if c.is_ascii_alphanumeric() => c.to_string(),
        '\u{c0}'..='\u{24f}' | '\u{388}'..='\u{52f}' if has_case => c.to_string(),
        _ if c.is_alphanumeric() => format!("u{:04X}", u32::from(c)),
        _ => "-".to_owned(),
    }
}
