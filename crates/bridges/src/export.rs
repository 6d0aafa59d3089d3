//! A book as files that other tools read. It writes what it is given; it does not compute balances.

use std::io;

use quantity::Currency;

use crate::Posting;

/// One entry of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// Its number in the log.
    pub number: u64,
    /// Year, month, day in the co-op's time zone.
    pub date: (i16, i8, i8),
    pub narration: String,
    /// What the outside record is known by.
    pub source: String,
    /// Sums to zero.
    pub postings: Vec<Posting>,
}

/// A book in one currency, oldest entry first.
pub struct BookExport<'a> {
    pub title: &'a str,
    pub currency: Currency,
    pub entries: &'a mut dyn Iterator<Item = BookLine>,
}

/// Writes a journal for hledger.
///
/// # Errors
/// What `out` says.
pub fn hledger(_book: BookExport<'_>, _out: &mut dyn io::Write) -> io::Result<()> {
    Ok(())
}

/// Writes a ledger for beancount.
///
/// # Errors
/// What `out` says.
pub fn beancount(_book: BookExport<'_>, _out: &mut dyn io::Write) -> io::Result<()> {
    Ok(())
}

/// Writes a table of postings, one row each.
///
/// # Errors
/// What `out` says.
pub fn csv(_book: BookExport<'_>, _out: &mut dyn io::Write) -> io::Result<()> {
    Ok(())
}
