//! `open-collective-csv`: transactions in Open Collective's "Legacy Platform Default" columns. Contributions
//! become donations and pledges, refunds take them back, and every row becomes a booking.

mod booking;
#[cfg(test)]
mod tests;

use quantity::{Currency, Moment, split};

use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{Fact, Identity, Unit, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("datetime"),
        Column::needed("shortId"),
        Column::needed("description"),
        Column::needed("type"),
        Column::needed("kind"),
        Column::needed("isRefund"),
        Column::needed("shortRefundId"),
        Column::needed("amount"),
        Column::needed("paymentProcessorFee"),
        Column::needed("netAmount"),
        Column::needed("currency"),
        Column::needed("oppositeAccountSlug"),
        Column::needed("oppositeAccountName"),
        Column::optional("taxAmount"),
    ],
    read,
};

const DATETIME: usize = 0;
const SHORT_ID: usize = 1;
const DESCRIPTION: usize = 2;
const TYPE: usize = 3;
const KIND: usize = 4;
const IS_REFUND: usize = 5;
const SHORT_REFUND_ID: usize = 6;
const AMOUNT: usize = 7;
const FEE: usize = 8;
const NET_AMOUNT: usize = 9;
const CURRENCY: usize = 10;
const OTHER_SLUG: usize = 11;
const OTHER_NAME: usize = 12;
const TAX: usize = 13;

const MONTHS_IN_YEAR: u32 = 12;
/// A monthly pledge lasts for its month and the next, so it lapses when a whole month passes unpaid.
const MONTHLY_STANDS: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    /// Into the account.
    Credit,
    /// Out of it.
    Debit,
}

/// How often a contribution is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Series {
    Once,
    Monthly,
    Yearly,
}

/// One row, read.
#[derive(Debug)]
struct Transaction<'a> {
    at: Moment,
    /// `open-collective:` and the row's id.
    source: String,
    kind: &'a str,
    direction: Direction,
    is_refund: bool,
    currency: Currency,
    amount: i64,
    fee: i64,
    tax: i64,
    net: i64,
}

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let transaction = transaction(row)?;
    let mut facts = Vec::new();
    if transaction.kind == "CONTRIBUTION" {
        match (transaction.direction, transaction.is_refund) {
            (Direction::Credit, false) => given(row, &transaction, &mut facts)?,
            (Direction::Debit, true) => taken_back(row, &transaction, &mut facts)?,
            // Money that this collective gave away, or got back, is nobody's support.
            (Direction::Debit, false) | (Direction::Credit, true) => {}
        }
    }
    let what = booking::of(&transaction).map_err(|why| row.wrong(NET_AMOUNT, why))?;
    facts.extend(what.map(|what| fact(row, &transaction, ":book", what)));
    let ids = vec![(SHORT_ID, transaction.source)];
    Ok(RowFacts { at: transaction.at, ids, content: None, facts })
}

fn transaction(row: &Row) -> Result<Transaction<'_>, Wrong> {
    let at = cell::moment(row, DATETIME)?;
    let source = format!("open-collective:{}", cell::id(row, SHORT_ID, "transaction id")?);
    let direction = match row.get(TYPE) {
        "CREDIT" => Direction::Credit,
        "DEBIT" => Direction::Debit,
        other => {
            let why = format!("`{}` is not a type of transaction", shown(other));
            return Err(row.wrong(TYPE, why).help("CREDIT or DEBIT"));
        }
    };
    // The kind stays open, since the site adds kinds (docs/spec/import.md); the refund flag is a closed set.
    let kind = cell::id(row, KIND, "kind of transaction")?;
    let is_refund = match row.get(IS_REFUND) {
        "" | "false" => false,
        "REFUND" | "true" => true,
        other => {
            let why = format!("`{}` does not say whether this is a refund", shown(other));
            return Err(row.wrong(IS_REFUND, why).help("REFUND, or nothing"));
        }
    };
    // The currency comes before the amounts, because it gives their number of decimals.
    let currency = cell::currency(row, CURRENCY)?;
    let digits = currency.digits();
    let amount = cell::decimal(row, AMOUNT, digits)?;
    let sign_fits = match direction {
        Direction::Credit => amount >= 0,
        Direction::Debit => amount <= 0,
    };
    // Contributions become support, so a wrong sign there would turn a gift around.
    if kind == "CONTRIBUTION" && !sign_fits {
        let why = format!("the amount `{}` does not fit `{}`", row.get(AMOUNT), row.get(TYPE));
        return Err(row.wrong(AMOUNT, why).help("a CREDIT is positive, a DEBIT negative"));
    }
    Ok(Transaction {
        at,
        source,
        kind,
        direction,
        is_refund,
        currency,
        amount,
        fee: cell::optional_decimal(row, FEE, digits)?,
        tax: cell::optional_decimal(row, TAX, digits)?,
        net: cell::decimal(row, NET_AMOUNT, digits)?,
    })
}

/// A contribution is a donation on its date; a recurring one renews a pledge too.
fn given(row: &Row, transaction: &Transaction<'_>, facts: &mut Vec<Fact>) -> Result<(), Wrong> {
    let person = person(row)?;
    if transaction.amount == 0 {
        return Ok(());
    }
    let unit = Unit::Money(transaction.currency);
    let series = series(row.get(DESCRIPTION));
    let months = if series == Series::Yearly { MONTHS_IN_YEAR } else { 1 };
    let donation = What::Support {
        person: person.clone(),
        kind: "donation",
        amount: transaction.amount,
        unit,
        months,
        pledge_series: None,
        stands_months: 0,
    };
    facts.push(fact(row, transaction, "", donation));
    let (name, stands_months) = match series {
        Series::Once => return Ok(()),
        Series::Monthly => ("monthly", MONTHLY_STANDS),
        Series::Yearly => ("yearly", MONTHS_IN_YEAR),
    };
    let pledge = What::Support {
        person,
        kind: "pledge",
        amount: pledge_size(series, transaction.amount),
        unit,
        months: 1,
        pledge_series: Some(name.to_owned()),
        stands_months,
    };
    facts.push(fact(row, transaction, ":pledge", pledge));
    Ok(())
}

/// A refund takes back the donation, and the pledge that it renewed.
fn taken_back(row: &Row, transaction: &Transaction<'_>, facts: &mut Vec<Fact>) -> Result<(), Wrong> {
    let refunded = cell::id(row, SHORT_REFUND_ID, "id of the refunded transaction")?;
    let amount = transaction.amount.checked_neg();
    let amount = amount.ok_or_else(|| row.wrong(AMOUNT, "the amount is too large"))?;
    if amount == 0 {
        return Ok(());
    }
    let of = format!("open-collective:{refunded}");
    let donation = What::Reversal { of: of.clone(), amount };
    facts.push(fact(row, transaction, "", donation));
    let quoted = row.get(DESCRIPTION).strip_prefix("Refund of \"").unwrap_or_default();
    let series = series(quoted);
    if series != Series::Once {
        let pledge = What::Reversal { of: of + ":pledge", amount: pledge_size(series, amount) };
        facts.push(fact(row, transaction, ":pledge", pledge));
    }
    Ok(())
}

fn series(description: &str) -> Series {
    if description.starts_with("Monthly contribution") {
        Series::Monthly
    } else if description.starts_with("Yearly contribution") {
        Series::Yearly
    } else {
        Series::Once
    }
}

/// Returns the size of the pledge: a yearly payment promises its first part each month, by largest remainder.
fn pledge_size(series: Series, amount: i64) -> i64 {
    match series {
        Series::Once | Series::Monthly => amount,
        Series::Yearly => split(amount, &[1; MONTHS_IN_YEAR as usize]).first().copied().unwrap_or(amount),
    }
}

/// Reads the other account; one without a name on the site is known by its short name.
fn person(row: &Row) -> Result<Identity, Wrong> {
    let handle = text::name(row, OTHER_SLUG, "other account's slug")?;
    let name = text::optional_name(row, OTHER_NAME, "other account's name")?;
    Ok(Identity { name: name.unwrap_or_else(|| handle.clone()), emails: Vec::new(), handle: Some(handle) })
}

fn fact(row: &Row, transaction: &Transaction<'_>, suffix: &str, what: What) -> Fact {
    let source = format!("{}{suffix}", transaction.source);
    Fact { place: row.start(), at: transaction.at, source, what }
}
