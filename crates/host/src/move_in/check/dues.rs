//! The dues of a move against its register, and their sums.

use std::collections::{BTreeMap, BTreeSet};

use bridges::{Fact, Unit, What};
use quantity::{Currency, Moment};

use super::register::Register;
use super::{Findings, NOTED, each_fact, known_by_number};
use crate::batch::Batch;
use crate::directory::fold;
use crate::error::Error;
use crate::inbox::day_of;
use crate::move_in::{DuesIn, DuesOfYear, MovingIn, Sheet};

/// The dues that a file has, as balances are compared with them.
#[derive(Default)]
pub(super) struct Income {
    /// By day: how much, minor units.
    pub(super) by_day: BTreeMap<String, i64>,
    /// The accounts that they come from.
    pub(super) accounts: BTreeSet<String>,
}

/// The first and the last day of somebody, and where the register has them.
#[derive(Clone)]
struct Days {
    joined: Option<String>,
    left: Option<String>,
    place: String,
}

pub(super) fn check(
    batch: &mut Batch<'_>,
    sheet: &mut Sheet,
    register: &Register,
    (now, opening): (Moment, Option<Moment>),
    moving: &mut MovingIn,
    found: &mut Findings,
) -> Result<Income, Error> {
    let kernel = &batch.state().rules.kernel;
    let (zone, currency) = (kernel.zone.clone(), kernel.currency);
    let mut counts =
        DuesIn { file: sheet.named.name.clone(), currency: currency.code().to_owned(), ..DuesIn::default() };
    let (mut income, mut unsure, mut in_log) = (Income::default(), 0_u64, BTreeMap::new());
    each_fact(sheet, found, &mut |file, fact, found| {
        let on = fact.on.clone().unwrap_or_else(|| day_of(fact.at, &zone));
        if !count(fact, &on, &mut counts, &mut income) {
            return Ok(());
        }
        counts.in_balances += u64::from(opening.is_some_and(|opening| fact.at < opening));
        if fact.at > now {
            let why = format!("they are of {on}, which is in the future: bring the row once it has come");
            found.at(file, fact, &why);
        }
        let What::Support { person, unit, .. } = &fact.what else { return Ok(()) };
        check_unit(*unit, currency, file, fact, found);
        let number = fold(&person.name);
        let shown = number.trim_start_matches('#');
        let days = match days_in(register, &number) {
            Some(days) => Some(days),
            None => days_in_log(batch, &number, &mut in_log)?,
        };
        match days {
            Some(days) => check_day(shown, &on, &days, file, fact, found),
            None if register.is_partial => unsure += 1,
            None => found.at(file, fact, &nobody_has(register, shown)),
        }
        Ok(())
    })?;
    if unsure > 0 {
        found.notes.push(format!(
            "{unsure} rows of dues have numbers that may be on those lines of the register that cannot be read: they are checked once it is mended"
        ));
    }
    if let Some(opening) = opening.filter(|_| counts.in_balances > 0) {
        let rows = match counts.in_balances {
            1 => "1 row of dues is".to_owned(),
            many => format!("{many} rows of dues are"),
        };
        found.notes.push(format!(
            "{rows} from before {}, the day of the opening balances, which have that money already: they count as support and do not come into the book again",
            day_of(opening, &zone)
        ));
    }
    moving.dues = Some(counts);
    Ok(income)
}

/// Counts a row by its year and its day; no row of dues counts nothing.
fn count(fact: &Fact, on: &str, counts: &mut DuesIn, income: &mut Income) -> bool {
    let amount = match &fact.what {
        What::Support { amount, .. } => *amount,
        What::Reversal { amount, .. } => amount.saturating_neg(),
        _ => return false,
    };
    counts.records += 1;
    counts.amount = counts.amount.saturating_add(amount);
    let year = on.get(..4).unwrap_or_default();
    let place = counts.years.binary_search_by(|one| one.year.as_str().cmp(year));
    if let Err(place) = place {
        counts.years.insert(place, DuesOfYear { year: year.to_owned(), records: 0, amount: 0 });
    }
    let (Ok(place) | Err(place)) = place;
    if let Some(own) = counts.years.get_mut(place) {
        own.records += 1;
        own.amount = own.amount.saturating_add(amount);
    }
    let sum = income.by_day.entry(on.to_owned()).or_default();
    *sum = sum.saturating_add(amount);
    if let What::Support { book: Some([_, from]), .. } = &fact.what
        && income.accounts.len() < NOTED
    {
        income.accounts.insert(from.clone());
    }
    true
}

fn check_unit(unit: Unit, currency: Currency, file: &str, fact: &Fact, found: &mut Findings) {
    if let Unit::Money(own) = unit
        && own != currency
    {
        let why = format!("they are in {}, and this co-op's currency is {}", own.code(), currency.code());
        found.at(file, fact, &why);
    }
}

fn days_in(register: &Register, number: &str) -> Option<Days> {
    let row = register.rows.get(number)?;
    let place = format!(" ({}:{})", register.file, row.line);
    Some(Days { joined: Some(row.joined.clone()), left: row.left.clone(), place })
}

/// Looks each number up once.
fn days_in_log(
    batch: &mut Batch<'_>,
    number: &str,
    in_log: &mut BTreeMap<String, Option<Days>>,
) -> Result<Option<Days>, Error> {
    if let Some(known) = in_log.get(number) {
        return Ok(known.clone());
    }
    let known = known_by_number(batch, number)?;
    let days = known.map(|own| Days { joined: own.joined, left: own.left, place: String::new() });
    in_log.insert(number.to_owned(), days.clone());
    Ok(days)
}

fn check_day(number: &str, on: &str, days: &Days, file: &str, fact: &Fact, found: &mut Findings) {
    let Days { joined, left, place } = days;
    if let Some(joined) = joined.as_deref().filter(|joined| on < *joined) {
        let why = format!("{number} paid on {on}, before they joined on {joined}{place}: correct one of the two");
        found.at(file, fact, &why);
    }
    if let Some(left) = left.as_deref().filter(|left| on > *left) {
        let why = format!("{number} paid on {on}, after they left on {left}{place}: correct one of the two");
        found.at(file, fact, &why);
    }
}

/// A number that is nobody's. Spreadsheets lose the zeros at its beginning.
fn nobody_has(register: &Register, number: &str) -> String {
    let bare = |text: &str| text.trim_start_matches('#').trim_start_matches('0').to_owned();
    let wanted = bare(number);
    let near = register.rows.iter().find(|(own, _)| bare(own) == wanted);
    let near = near.map(|(own, row)| {
        let own = own.trim_start_matches('#');
        format!(" (`{own}` on line {} of {} is written otherwise)", row.line, register.file)
    });
    format!("nobody in the register has the number `{number}`{}", near.unwrap_or_default())
}
