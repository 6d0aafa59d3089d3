//! Money in, money out and the rest, read from the book, which always balances.

use engine::act::BookEntry;
use engine::book::{AccountKind, BookPeriod};
use quantity::{Moment, month_index, month_start};
use serde::Serialize;

use crate::{Amount, Sight, say};

/// The money page.
#[derive(Serialize, Debug, Clone)]
pub struct MoneyView {
    pub balance: Amount,
    /// The last entry's time; none while the book is empty.
    pub as_of: Option<crate::Moment>,
    /// The time that sources and uses cover, for example `January 2017 to December 2025`.
    pub flow_words: String,
    /// Largest first; amounts are not negative.
    pub sources: Vec<FlowPart>,
    /// Largest first; amounts are not negative. The kept sum is left out.
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
    /// The members who may spend, a sentence each.
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
    pub at: crate::Moment,
    /// For example `Donation from member-225`.
    pub words: String,
    /// Positive in, negative out.
    pub amount: Amount,
    pub balance: Amount,
    /// The record's own id at its source, for example `open-collective:3144683a`.
    pub source: Option<String>,
}

/// A page of the book's entries, which the holder of the log reads.
#[derive(Debug, Clone, Default)]
pub struct MoneyPage {
    /// Newest first.
    pub entries: Vec<MoneyEntry>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
    /// When the book's last entry moved money.
    pub as_of: Option<Moment>,
}

/// Returns the money page.
#[must_use]
pub fn money(sight: &Sight<'_>, page: MoneyPage) -> MoneyView {
    let months = months(sight);
    let (sources, uses) = flow(sight);
    let sum = |parts: &[FlowPart]| parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.amount.amount_minor));
    let kept = sum(&sources).saturating_sub(sum(&uses));
    MoneyView {
        balance: months.last().map_or_else(|| amount(sight, 0), |month| month.balance.clone()),
        as_of: page.as_of.map(|at| sight.moment(at)),
        flow_words: flow_words(sight),
        sources,
        uses,
        kept: amount(sight, kept),
        years: years(sight),
        months,
        entries: page.entries,
        next: page.next,
        previous: page.previous,
        decided_by: sight.spending_words(),
    }
}

/// Returns one entry of the book in words; `balance_minor` is the co-op's money after it.
#[must_use]
pub fn money_entry(sight: &Sight<'_>, entry: &BookEntry, balance_minor: i64) -> MoneyEntry {
    MoneyEntry {
        at: sight.moment(entry.at),
        words: say::sentence(&sight.directory.narration(entry)),
        amount: amount(sight, entry.moved_minor()),
        balance: amount(sight, balance_minor),
        source: Some(entry.source.clone()),
    }
}

pub(super) fn amount(sight: &Sight<'_>, minor: i64) -> Amount {
    say::money(minor, sight.state.book.currency)
}

/// Returns the book by month, oldest first, without gaps.
pub(super) fn months(sight: &Sight<'_>) -> Vec<MonthBalance> {
    let zone = sight.zone();
    let start = |period: &str| {
        let (year, month) = period.split_once('-')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        Some(month_start(year.saturating_mul(12).saturating_add(month).saturating_sub(1), zone).0)
    };
    let periods = sight.state.book.periods(BookPeriod::Month, None);
    let months = periods.into_iter().filter_map(|sum| {
        Some(MonthBalance {
            at_us: start(&sum.period)?,
            label: say::short_month(&sum.period),
            money_in: amount(sight, sum.in_minor),
            money_out: amount(sight, sum.out_minor),
            balance: amount(sight, sum.balance_minor),
        })
    });
    months.collect()
}

fn years(sight: &Sight<'_>) -> Vec<YearRow> {
    let periods = sight.state.book.periods(BookPeriod::Year, None);
    let years = periods.into_iter().map(|sum| YearRow {
        period: sum.period,
        money_in: amount(sight, sum.in_minor),
        money_out: amount(sight, sum.out_minor),
        net: amount(sight, sum.net_minor),
        balance: amount(sight, sum.balance_minor),
    });
    years.collect()
}

/// Returns sources and uses by account, largest first. An account that ran the other way in all (more refunded than came in)
/// is on the other side, so that no part is below zero and the two sides still differ by the kept sum.
fn flow(sight: &Sight<'_>) -> (Vec<FlowPart>, Vec<FlowPart>) {
    let (mut sources, mut uses) = (Vec::new(), Vec::new());
    for (account, minor) in sight.state.book.balances(None) {
        if !matches!(AccountKind::of(account), Some(AccountKind::Income | AccountKind::Expenses)) || minor == 0 {
            continue;
        }
        let side = if minor < 0 { &mut sources } else { &mut uses };
        side.push(FlowPart { name: account_name(account), amount: amount(sight, minor.saturating_abs()) });
    }
    for side in [&mut sources, &mut uses] {
        side.sort_by(|a: &FlowPart, b| (b.amount.amount_minor, &a.name).cmp(&(a.amount.amount_minor, &b.name)));
    }
    (sources, uses)
}

/// `expenses:host-fees` is `Host fees`; deeper accounts keep their parts: `Travel, trains`.
fn account_name(account: &str) -> String {
    let (_, name) = account.split_once(':').unwrap_or(("", account));
    say::title(&name.replace(':', ", "))
}

fn flow_words(sight: &Sight<'_>) -> String {
    let periods = sight.state.book.periods(BookPeriod::Month, None);
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if first.period == last.period => say::long_month(&first.period),
        (Some(first), Some(last)) => words::time::period(say::long_month(&first.period), say::long_month(&last.period)),
        _ => say::month(month_start(month_index(sight.now, sight.zone()), sight.zone()), sight.zone()),
    }
}
