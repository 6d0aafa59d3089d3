//! The book: double entry in one currency, added up by day and account. The entries themselves stay in the log.

pub(crate) mod act;
mod booked;
pub(crate) mod spending;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use act::{is_account, is_narration};
pub use booked::booking;
use imbl::OrdMap;
use quantity::{Broken, Column, Currency, Moment, Zone, ensure};
pub use spending::SpendingLimit;

use crate::act::{BookEntry, Posting};
use crate::digest::Collect;

/// A calendar day of the co-op's zone: days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, 1 to 31.
    pub day: i8,
}

impl Day {
    /// The day of an instant in a zone.
    #[must_use]
    pub fn of(at: Moment, zone: &Zone) -> Day {
        let civil = zone.civil(at);
        Day { year: civil.year, month: civil.month, day: civil.day }
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The five kinds of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKind {
    /// The co-op's money and claims.
    Assets,
    /// Its debts.
    Liabilities,
    /// Its opening balances.
    Equity,
    /// Money that came in (negative in double entry).
    Income,
    /// Money that went out.
    Expenses,
}

impl AccountKind {
    /// The kind of an account by the first part of its name.
    #[must_use]
    pub fn of(account: &str) -> Option<AccountKind> {
        match account.split(':').next()? {
            "assets" => Some(AccountKind::Assets),
            "liabilities" => Some(AccountKind::Liabilities),
            "equity" => Some(AccountKind::Equity),
            "income" => Some(AccountKind::Income),
            "expenses" => Some(AccountKind::Expenses),
            _ => None,
        }
    }
}

impl BookEntry {
    /// The entry's change of assets less liabilities, minor units.
    #[must_use]
    pub fn moved_minor(&self) -> i64 {
        let owned = |posting: &&Posting| {
            let kind = AccountKind::of(&posting.account);
            matches!(kind, Some(AccountKind::Assets | AccountKind::Liabilities))
        };
        let postings = self.postings.iter().filter(owned);
        postings.fold(0, |sum: i64, posting| sum.saturating_add(posting.minor))
    }

    /// Returns the sum that the entry spends, minor units above 0: all that it puts into expenses. `None` where it does
    /// anything but take from assets or liabilities and put into expenses, so that nothing leaves under another name.
    #[must_use]
    pub fn spends_minor(&self) -> Option<i64> {
        let mut spent: i64 = 0;
        for posting in &self.postings {
            match (AccountKind::of(&posting.account)?, posting.minor) {
                (AccountKind::Expenses, 0..) => spent = spent.saturating_add(posting.minor),
                (AccountKind::Assets | AccountKind::Liabilities, ..=0) => {}
                _ => return None,
            }
        }
        (spent > 0).then_some(spent)
    }
}

/// The periods by which the book is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookPeriod {
    /// Calendar years.
    Year,
    /// Calendar months.
    Month,
}

/// One period of the book, minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodSum {
    /// `2017` or `2017-01`.
    pub period: String,
    /// Money that came in.
    pub in_minor: i64,
    /// Money that went out, positive.
    pub out_minor: i64,
    /// Income less spending.
    pub net_minor: i64,
    /// The co-op's money at the period's end: assets less liabilities.
    pub balance_minor: i64,
}

/// Sums by day and account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// The book's currency.
    pub currency: Currency,
    accounts: Column<Arc<str>>,
    by_name: OrdMap<Arc<str>, u32>,
    /// The sum of all that moved on an account, by its place.
    sums: Column<i128>,
    daily: OrdMap<(Day, u32), i64>,
    entries: u64,
    /// The spending of each office and body by itself, by its path and the day on which it was booked; minor units.
    spent: OrdMap<(Arc<str>, Day), i64>,
}

impl Book {
    pub(crate) fn new(currency: Currency) -> Book {
        Book {
            currency,
            accounts: Column::default(),
            by_name: OrdMap::new(),
            sums: Column::default(),
            daily: OrdMap::new(),
            entries: 0,
            spent: OrdMap::new(),
        }
    }

    /// How many entries the log has for it.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Every account in order of first use.
    #[must_use]
    pub fn accounts(&self) -> &Column<Arc<str>> {
        &self.accounts
    }

    /// The first day of which anything is booked.
    #[must_use]
    pub fn first_day(&self) -> Option<Day> {
        self.daily.keys().next().map(|(day, _)| *day)
    }

    pub(crate) fn account_count_with(&self, postings: &[Posting]) -> usize {
        let fresh = postings.iter().filter(|posting| !self.by_name.contains_key(posting.account.as_str())).count();
        self.accounts.len().saturating_add(fresh)
    }

    /// The place of an account, which is new where the book has none of that name.
    pub(crate) fn account_of(&mut self, name: &str) -> u32 {
        if let Some(account) = self.by_name.get(name) {
            return *account;
        }
        let (account, name) = (u32::try_from(self.accounts.len()).unwrap_or(u32::MAX), Arc::from(name));
        self.accounts.push(Arc::clone(&name));
        self.sums.push(0);
        self.by_name.insert(name, account);
        account
    }

    /// The account at a place; empty where there is none.
    pub(crate) fn account(&self, place: u32) -> &str {
        self.accounts.get(place as usize).map_or("", |name| name)
    }

    pub(crate) fn enter(&mut self, day: Day, postings: &[Posting]) {
        for posting in postings {
            let account = self.account_of(&posting.account);
            let sum = self.daily.entry((day, account)).or_default();
            *sum = sum.saturating_add(posting.minor);
            if let Some(sum) = self.sums.get_mut(account as usize) {
                *sum = sum.saturating_add(posting.minor.into());
            }
        }
        self.entries = self.entries.saturating_add(1);
    }

    pub(crate) fn note_spent(&mut self, office: String, day: Day, minor: i64) {
        let sum = self.spent.entry((Arc::from(office), day)).or_default();
        *sum = sum.saturating_add(minor);
    }

    /// Returns the sum that holders spent by themselves, booked from one day to another, both included; minor units. `scope` is
    /// the path of an office or body, of a constitution with all that is in it, or empty for all.
    #[must_use]
    pub fn spent(&self, scope: &str, from: Day, until: Day) -> i64 {
        let within = |office: &str| {
            let rest = office.strip_prefix(scope);
            scope.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let days = |day: &Day| (from..=until).contains(day);
        let sums = self.spent.iter();
        sums.filter(|((office, day), _)| within(office) && days(day))
            .fold(0, |sum: i64, (_, minor)| sum.saturating_add(*minor))
    }

    /// The sum on an account, minor units; 0 where the book has none of that name.
    #[must_use]
    pub fn balance_of(&self, account: &str) -> i64 {
        let place = self.by_name.get(account).copied();
        let sum = place.and_then(|place| self.sums.get(place as usize).copied()).unwrap_or(0);
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }

    /// Sums by account over days up to and including `until`, in order of account name; minor units.
    #[must_use]
    pub fn balances(&self, until: Option<Day>) -> Vec<(&str, i64)> {
        self.between(None, until)
    }

    /// Sums by account over a range of days, both ends included; accounts without movement are left out.
    #[must_use]
    pub fn between(&self, from: Option<Day>, until: Option<Day>) -> Vec<(&str, i64)> {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for ((day, account), minor) in &self.daily {
            if from.is_some_and(|from| *day < from) || until.is_some_and(|until| *day > until) {
                continue;
            }
            if let Some(name) = self.accounts.get(*account as usize) {
                let sum = sums.entry(name).or_default();
                *sum = sum.saturating_add(*minor);
            }
        }
        sums.into_iter().collect()
    }

    /// In, out, net and balance by period, oldest first; periods without movement between others are shown with zeros.
    #[must_use]
    pub fn periods(&self, by: BookPeriod, until: Option<Day>) -> Vec<PeriodSum> {
        let mut sums: BTreeMap<(i16, i8), (i64, i64, i64)> = BTreeMap::new();
        for ((day, account), minor) in &self.daily {
            // Sums are in the order of days, so all the others are later too.
            if until.is_some_and(|until| *day > until) {
                break;
            }
            let month = if by == BookPeriod::Month { day.month } else { 1 };
            let sum = sums.entry((day.year, month)).or_default();
            // Income is booked with a minus. Equity is neither money that the co-op has nor money that it owes.
            match self.accounts.get(*account as usize).and_then(|name| AccountKind::of(name)) {
                Some(AccountKind::Income) => sum.0 = sum.0.saturating_sub(*minor),
                Some(AccountKind::Expenses) => sum.1 = sum.1.saturating_add(*minor),
                Some(AccountKind::Assets | AccountKind::Liabilities) => sum.2 = sum.2.saturating_add(*minor),
                Some(AccountKind::Equity) | None => {}
            }
        }
        let mut balance: i64 = 0;
        let mut periods = Vec::new();
        // The walk goes over the calendar and not over the sums, so a quiet period is a row as well.
        let last = sums.keys().next_back().copied();
        let mut next = sums.keys().next().copied();
        while let Some(period @ (year, month)) = next {
            let (in_minor, out_minor, change) = sums.get(&period).copied().unwrap_or_default();
            balance = balance.saturating_add(change);
            let label = if by == BookPeriod::Month { format!("{year:04}-{month:02}") } else { format!("{year:04}") };
            periods.push(PeriodSum {
                period: label,
                in_minor,
                out_minor,
                net_minor: in_minor.saturating_sub(out_minor),
                balance_minor: balance,
            });
            let following = match (by, month) {
                (BookPeriod::Month, 1..=11) => (year, month.saturating_add(1)),
                _ => (year.saturating_add(1), 1),
            };
            next = last.filter(|last| following <= *last).map(|_| following);
        }
        periods
    }

    /// Every account has its place, and all of them together have nothing: each entry moves as much in as out.
    pub(crate) fn check_sums(&self) -> Result<(), Broken> {
        let sum = self.sums.iter().fold(0_i128, |sum, minor| sum.saturating_add(*minor));
        ensure!(sum == 0, "the book is out by {sum} minor units");
        let (named, known) = (self.by_name.len(), self.accounts.len());
        ensure!(named == known && self.sums.len() == known, "the book has an account twice");
        Ok(())
    }

    /// As [`Book::check_sums`], and the sums of accounts are those of their days.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        self.check_sums()?;
        let mut by_account = vec![0_i128; self.accounts.len()];
        for ((_, account), minor) in &self.daily {
            if let Some(sum) = by_account.get_mut(*account as usize) {
                *sum = sum.saturating_add((*minor).into());
            }
        }
        ensure!(self.sums.iter().eq(&by_account), "the sum of an account is not that of its days");
        Ok(())
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.text(self.currency.code()).number(self.entries);
        into.wide(self.accounts.len() as u128);
        for account in self.accounts.iter() {
            into.text(account);
        }
        into.wide(self.daily.len() as u128);
        for ((day, account), minor) in &self.daily {
            into.row([day.year.into(), day.month.into(), day.day.into(), (*account).into(), (*minor).into()]);
        }
        into.wide(self.spent.len() as u128);
        for ((office, day), minor) in &self.spent {
            into.text(office).number(day.year).number(day.month).number(day.day).number(*minor);
        }
    }
}

#[cfg(test)]
mod tests;
