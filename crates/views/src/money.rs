//! Money in, out and what is left. Read from the book, which always balances.

use crate::{Amount, Moment};
use serde::Serialize;

/// The money page.
#[derive(Serialize, Debug, Clone)]
pub struct MoneyView {
    pub balance: Amount,
    /// The last entry's time; none while the book is empty.
    pub as_of: Option<Moment>,
    /// The time that sources and uses cover, for example `January 2017 to December 2025`.
    pub flow_words: String,
    /// Largest first; amounts are not negative.
    pub sources: Vec<FlowPart>,
    /// Largest first; amounts are not negative. Without what was kept.
    pub uses: Vec<FlowPart>,
    /// Sources less uses: negative if more was spent than came in.
    pub kept: Amount,
    /// Oldest first, without gaps.
    pub months: Vec<MonthBalance>,
    /// Oldest first.
    pub years: Vec<YearRow>,
    /// Newest first.
    pub entries: Vec<MoneyEntry>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
    /// Who decides what is spent, a sentence each.
    pub decided_by: Vec<String>,
}

/// One source or one use.
#[derive(Serialize, Debug, Clone)]
pub struct FlowPart {
    pub name: String,
    pub amount: Amount,
}

/// One month of the book.
#[derive(Serialize, Debug, Clone)]
pub struct MonthBalance {
    /// The month's first moment.
    pub at_us: i64,
    /// For example `Mar 2017`.
    pub label: String,
    pub money_in: Amount,
    /// Not negative.
    pub money_out: Amount,
    /// At the month's end.
    pub balance: Amount,
}

/// One year of the book.
#[derive(Serialize, Debug, Clone)]
pub struct YearRow {
    pub period: String,
    pub money_in: Amount,
    /// Not negative.
    pub money_out: Amount,
    pub net: Amount,
    /// At the year's end.
    pub balance: Amount,
}

/// One entry of the book.
#[derive(Serialize, Debug, Clone)]
pub struct MoneyEntry {
    pub at: Moment,
    /// For example `Donation from member-225`.
    pub words: String,
    /// Positive in, negative out.
    pub amount: Amount,
    pub balance: Amount,
    /// The record's own id at its source, for example `open-collective:3144683a`.
    pub source: Option<String>,
}
