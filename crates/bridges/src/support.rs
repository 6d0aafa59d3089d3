//! `support-csv`: one piece of support of any kind a row.

use quantity::Moment;

use crate::members::{fingerprint, is_email};
use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{Fact, Identity, MICRO_CREDITS, Unit, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("member"),
        Column::needed("kind"),
        Column::needed("amount"),
        Column::needed("unit"),
        Column::needed("given_at"),
        Column::optional("source"),
    ],
    read,
};

const MEMBER: usize = 0;
const KIND: usize = 1;
const AMOUNT: usize = 2;
const UNIT: usize = 3;
const GIVEN_AT: usize = 4;
const SOURCE: usize = 5;

/// The units that a kind of support is measured in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Money,
    Hours,
    Credits,
    HoursOrCredits,
}

const KINDS: [(&str, Measure); 9] = [
    ("donation", Measure::Money),
    ("pledge", Measure::Money),
    ("purchase", Measure::Money),
    ("dues", Measure::Money),
    ("hours", Measure::Hours),
    ("contribution", Measure::Credits),
    ("compute", Measure::HoursOrCredits),
    ("loan", Measure::Money),
    ("share-capital", Measure::Money),
];

/// A hundredth of an hour is 36 seconds, so hours with two decimals are whole seconds.
const HOUR_DIGITS: u8 = 2;
const SECONDS_IN_HUNDREDTH: i64 = 36;
const CREDIT_DIGITS: u8 = 6;
const _: () = assert!(10_i64.pow(CREDIT_DIGITS as u32) == MICRO_CREDITS);

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let person = person(row)?;
    let Some((kind, measure)) = KINDS.into_iter().find(|(name, _)| *name == row.get(KIND)) else {
        let why = format!("`{}` is not a kind of support", shown(row.get(KIND)));
        let names = KINDS.map(|(name, _)| name).join(", ");
        return Err(row.wrong(KIND, why).help(format!("one of {names}")));
    };
    let (amount, unit) = amount(row, kind, measure)?;
    if amount <= 0 {
        let why = format!("the amount `{}` is not greater than zero", row.get(AMOUNT));
        return Err(row.wrong(AMOUNT, why).help("refunds are no support of their own"));
    }
    let at = cell::moment(row, GIVEN_AT)?;
    let stands_months = if kind == "pledge" { 2 } else { 0 };
    let what = What::Support { person, kind, amount, unit, months: 1, pledge_series: None, stands_months };
    known_by(row, at, what)
}

fn person(row: &Row) -> Result<Identity, Wrong> {
    let name = text::name(row, MEMBER, "member")?;
    let emails = if is_email(&name) { vec![name.to_lowercase()] } else { Vec::new() };
    let handle = Some(name.clone());
    Ok(Identity { name, emails, handle })
}

fn amount(row: &Row, kind: &str, measure: Measure) -> Result<(i64, Unit), Wrong> {
    let name = row.get(UNIT);
    let hours = matches!(measure, Measure::Hours | Measure::HoursOrCredits);
    let credits = matches!(measure, Measure::Credits | Measure::HoursOrCredits);
    match name {
        "hours" if hours => {
            let hundredths = cell::decimal(row, AMOUNT, HOUR_DIGITS)?;
            let seconds = hundredths.checked_mul(SECONDS_IN_HUNDREDTH);
            let seconds = seconds.ok_or_else(|| row.wrong(AMOUNT, "too many hours"))?;
            Ok((seconds, Unit::Seconds))
        }
        "credits" if credits => Ok((cell::decimal(row, AMOUNT, CREDIT_DIGITS)?, Unit::MicroCredits)),
        "hours" | "credits" => Err(misfit(row, kind, measure)),
        _ => {
            let currency = cell::currency(row, UNIT)
                .map_err(|wrong| wrong.help("a currency such as USD, or hours, or credits"))?;
            if measure != Measure::Money {
                return Err(misfit(row, kind, measure));
            }
            let minor = cell::decimal(row, AMOUNT, currency.digits())?;
            Ok((minor, Unit::Money(currency)))
        }
    }
}

fn misfit(row: &Row, kind: &str, measure: Measure) -> Wrong {
    let fits = match measure {
        Measure::Money => "a currency",
        Measure::Hours => "hours",
        Measure::Credits => "credits",
        Measure::HoursOrCredits => "hours or credits",
    };
    let why = format!("`{kind}` is not measured in `{}` but in {fits}", shown(row.get(UNIT)));
    row.wrong(UNIT, why)
}

/// Reads the source. A row without one is known by its content; the second of two equal ones is another gift.
fn known_by(row: &Row, at: Moment, what: What) -> Result<RowFacts, Wrong> {
    let mut ids = Vec::new();
    let mut content = None;
    let source = match text::optional_name(row, SOURCE, "source")? {
        Some(source) => {
            ids.push((SOURCE, source.clone()));
            format!("support:{source}")
        }
        None => {
            let cells = [MEMBER, KIND, AMOUNT, UNIT, GIVEN_AT].map(|column| row.get(column));
            let print = fingerprint(&cells);
            content = Some(print.clone());
            // No written source can look like this one: names hold no control characters, but may hold
            // any digits. The slash keeps the two apart.
            format!("support:/{print}/{}", row.nth + 1)
        }
    };
    if ids.iter().any(|(_, source)| source.starts_with('/')) {
        return Err(row.wrong(SOURCE, "a source cannot begin with `/`"));
    }
    let facts = vec![Fact { place: row.start(), at, source, what }];
    Ok(RowFacts { at, ids, content, facts })
}
