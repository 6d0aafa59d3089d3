//! The opening balances of a move by themselves, against the book, and against its dues.

use bridges::balances::Balances;
use engine::book::{Day, is_account};
use quantity::Moment;

use super::Findings;
use super::dues::Income;
use crate::batch::Batch;
use crate::inbox::day_of;
use crate::move_in::OpeningIn;
use crate::move_in::opening::InLog;
use crate::move_in::report::money;

/// The account of dues where nothing else is said.
const INCOME: &str = "income:dues";

pub(super) fn check(
    batch: &Batch<'_>,
    (file, balances): (&str, &Balances),
    in_log: &InLog,
    now: Moment,
    found: &mut Findings,
) -> OpeningIn {
    let kernel = &batch.state().rules.kernel;
    let code = balances.currency.code();
    found.notes.extend(balances.notes.iter().cloned());
    for row in balances.rows.iter().filter(|row| !is_account(&row.account)) {
        found.say(format!(
            "{file}:{}:{}: `{}` is not an account's name (begin with assets:, liabilities:, equity:, income: or expenses: and go on in lower-case letters, digits and `-`)",
            row.place.line, row.place.column, row.account
        ));
    }
    if balances.currency != kernel.currency {
        let own = kernel.currency.code();
        found.say(format!("{file}: the balances are in {code}, and this co-op's currency is {own}"));
    }
    if balances.at > now {
        found.say(format!("{file}: {} has not begun: bring the balances once it has", balances.day));
    }
    let sum = |is_side: &dyn Fn(i64) -> bool| {
        let own = balances.rows.iter().filter(|row| is_side(row.minor));
        own.fold(0_i64, |sum, row| sum.saturating_add(row.minor))
    };
    let (debit, credit) = (sum(&|minor| minor > 0), sum(&|minor| minor < 0).saturating_neg());
    if balances.rows.is_empty() {
        found.say(format!("{file}: all balances are 0"));
    } else if debit != credit {
        found.say(unbalanced(file, balances, code));
    }
    check_book(batch, (file, balances), in_log, found);
    OpeningIn {
        file: file.to_owned(),
        day: balances.day.clone(),
        accounts: balances.rows.len() as u64,
        side: debit,
        currency: code.to_owned(),
        known: in_log.at.is_some(),
    }
}

/// The book is opened once, and by what there was before everything else that it has.
fn check_book(batch: &Batch<'_>, (file, balances): (&str, &Balances), in_log: &InLog, found: &mut Findings) {
    let state = batch.state();
    let zone = &state.rules.kernel.zone;
    if let Some(at) = in_log.at {
        if !in_log.is(balances) {
            found.say(format!(
                "{file}: the book has other opening balances already, of {}: correct them by an entry of the book, and leave this file out",
                day_of(at, zone)
            ));
        }
    } else if let Some(first) = state.book.first_day().filter(|first| *first < Day::of(balances.at, zone)) {
        found.say(format!(
            "{file}: the book has entries since {first}, which balances of {} would count a second time: give the balances of {first} or an earlier day",
            balances.day
        ));
    }
}

/// Says what is missing, and a row that would close it.
fn unbalanced(file: &str, balances: &Balances, code: &str) -> String {
    let is_ours = |account: &str| account.starts_with("assets:") || account.starts_with("expenses:");
    let side = |ours: bool| {
        let own = balances.rows.iter().filter(|row| is_ours(&row.account) == ours);
        own.fold(0_i64, |sum, row| sum.saturating_add(row.minor))
    };
    let (assets, other) = (side(true), side(false).saturating_neg());
    let line = balances.rows.iter().map(|row| row.place.line).max().unwrap_or(1);
    format!(
        "{file}:{line}:1: the balances do not balance: assets and expenses come to {}, and debts, own capital and income to {} (a row `equity:opening-balances` of {} would close it, where that is the truth)",
        money(assets, code),
        money(other, code),
        money(assets.saturating_sub(other), code)
    )
}

/// Compares the income from dues that the balances have with the dues of that year up to their day.
pub(super) fn compare(file: &str, balances: &Balances, income: &Income, found: &mut Findings) {
    let is_dues =
        |account: &str| account == INCOME || account.starts_with("income:dues:") || income.accounts.contains(account);
    let own = balances.rows.iter().filter(|row| row.account.starts_with("income:") && is_dues(&row.account));
    let own: Vec<i64> = own.map(|row| row.minor).collect();
    if own.is_empty() || income.by_day.is_empty() {
        return;
    }
    let said = own.into_iter().fold(0_i64, i64::saturating_add).saturating_neg();
    // Balances of 1 January are of the year that has just ended.
    let day = balances.day.as_str();
    let year: i64 = day.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
    let begins_year = day.get(4..) == Some("-01-01");
    let from = format!("{:04}-01-01", if begins_year { year.saturating_sub(1) } else { year });
    let days = income.by_day.range(from.clone()..day.to_owned());
    let paid = days.fold(0_i64, |sum, (_, own)| sum.saturating_add(*own));
    let code = balances.currency.code();
    let (said_words, paid_words) = (money(said, code), money(paid, code));
    found.notes.push(match said.saturating_sub(paid) {
        0 => format!("{file}: the income from dues, {said_words}, is that of the dues from {from} until {day}"),
        more => format!(
            "{file}: the income from dues is {said_words}, and the dues from {from} until {day} come to {paid_words}: {} {}",
            money(more.saturating_abs(), code),
            if more > 0 { "less" } else { "more" }
        ),
    });
}
