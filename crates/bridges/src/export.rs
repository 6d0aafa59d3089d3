//! A book as files that other tools read: hledger, beancount, and a table for spreadsheets. It writes the entries
//! that it is given, and computes no balances.

mod beancount;
mod hledger;
mod table;
#[cfg(test)]
mod tests;

use std::io;

use quantity::{Currency, format_decimal};

use crate::Posting;

pub use beancount::beancount;
pub use hledger::hledger;
pub use table::{csv, csv_cell};

/// One entry of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// Its number in the log.
    pub number: u64,
    /// Year from 1 to 9999, month, day, in the co-op's time zone.
    pub date: (i16, i8, i8),
    pub narration: String,
    /// The key of the outside record.
    pub source: String,
    /// INVARIANT: they sum to zero.
    pub postings: Vec<Posting>,
}

/// A book in one currency, oldest entry first.
pub struct BookExport<'a> {
    pub title: &'a str,
    pub currency: Currency,
    pub entries: &'a mut dyn Iterator<Item = BookLine>,
}

/// `2025-12-31`.
fn date(line: &BookLine) -> String {
    let (year, month, day) = line.date;
    format!("{year:04}-{month:02}-{day:02}")
}

fn amount(minor: i64, currency: Currency) -> String {
    format_decimal(minor, currency.digits())
}

/// Puts text on one line: line ends and other control characters become spaces, and each run of spaces one space.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if crate::text::is_hidden(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes posting lines that both tools read: two spaces set the amount off.
fn write_postings(
    out: &mut dyn io::Write,
    line: &BookLine,
    currency: Currency,
    account: fn(&str) -> String,
) -> io::Result<()> {
    for posting in &line.postings {
        let account = account(&posting.account);
        let amount = amount(posting.minor, currency);
        writeln!(out, "    {account:<42}  {amount:>14} {}", currency.code())?;
    }
    Ok(())
}
