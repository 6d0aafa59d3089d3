//! Open Collective's transactions: `open-collective-csv`, as it exports them, by field names or labels, today's preset or earlier ones;
//! and as its interface gives them (`graphql`), a row each, so that both say the same. Contributions and added funds become donations
//! and pledges, refunds take them back, and every row becomes a booking.

mod booking;
mod call;
mod graphql;
mod site;
#[cfg(test)]
mod tests;

pub use call::{NotRead, Teller};
pub use graphql::{Account, MOST_ON_PAGE, Page, Transfer};
pub use site::{Collective, HOST};

use quantity::{Currency, Moment, split};

use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{By, Fact, Identity, Note, Unit, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::optional("datetime").or(&["Date & Time"]),
        Column::optional("effectiveDate").or(&["Effective Date & Time", "Effective Date"]),
        Column::optional("shortId").or(&["Short Transaction ID"]),
        Column::optional("id").or(&["Transaction GraphQL ID"]),
        Column::optional("legacyId").or(&["Transaction ID", "Legacy Transaction ID"]),
        Column::needed("description"),
        Column::needed("type").or(&["Credit/Debit"]),
        Column::needed("kind"),
        Column::optional("isRefund"),
        Column::optional("isReverse"),
        Column::optional("shortRefundId").or(&["Short Refund Transaction ID"]),
        Column::optional("refundId").or(&["reverseId"]),
        Column::optional("refundLegacyId").or(&["Refund Transaction ID"]),
        Column::optional("reverseLegacyId").or(&["Reverse Transaction ID"]),
        Column::optional("amount").or(&["Gross Amount"]),
        Column::optional("paymentProcessorFee"),
        Column::needed("netAmount").or(&["Amount Single Column"]),
        Column::needed("currency"),
        Column::needed("oppositeAccountSlug").or(&["Opposite Account Handle"]),
        Column::needed("oppositeAccountName"),
        Column::optional("taxAmount"),
        Column::optional("orderFrequency").or(&["Contribution Frequency"]),
    ],
    one_of: &[
        &[DATETIME, EFFECTIVE_DATE],
        &[SHORT_ID, LONG_ID, SERIAL_ID],
        &[IS_REFUND, IS_REVERSE],
        &[SHORT_REFUND_ID, LONG_REFUND_ID, SERIAL_REFUND_ID, SERIAL_REVERSE_ID],
    ],
    help: "on Open Collective choose the preset `Platform Default`, and for years before 2024 `Legacy Platform Default (Pre-2024)`",
    read,
};

const DATETIME: usize = 0;
const EFFECTIVE_DATE: usize = 1;
const SHORT_ID: usize = 2;
const LONG_ID: usize = 3;
const SERIAL_ID: usize = 4;
const DESCRIPTION: usize = 5;
const TYPE: usize = 6;
const KIND: usize = 7;
const IS_REFUND: usize = 8;
const IS_REVERSE: usize = 9;
const SHORT_REFUND_ID: usize = 10;
const LONG_REFUND_ID: usize = 11;
const SERIAL_REFUND_ID: usize = 12;
const SERIAL_REVERSE_ID: usize = 13;
const AMOUNT: usize = 14;
const FEE: usize = 15;
const NET_AMOUNT: usize = 16;
const CURRENCY: usize = 17;
const OTHER_SLUG: usize = 18;
const OTHER_NAME: usize = 19;
const TAX: usize = 20;
const FREQUENCY: usize = 21;

/// The first moment of 2024, since when fees and taxes are rows of their own.
const FEES_APART: Moment = Moment(1_704_067_200_000_000);
/// The digits of a short id: the first of a UUID.
const SHORT_ID_LENGTH: usize = 8;
const UUID_LENGTH: usize = 36;

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
    /// The column that its key comes from, which no other row has.
    id_column: usize,
    keys: Vec<String>,
    kind: &'a str,
    direction: Direction,
    is_refund: bool,
    currency: Currency,
    amount: i64,
    fee: i64,
    tax: i64,
    net: i64,
}

impl Transaction<'_> {
    /// Money that somebody gives: by card, or by a transfer that the host adds by hand.
    fn is_gift(&self) -> bool {
        ["CONTRIBUTION", "ADDED_FUNDS"].contains(&self.kind)
    }
}

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let transaction = transaction(row)?;
    let mut facts = Vec::new();
    let mut notes = Vec::new();
    if transaction.is_gift() {
        match (transaction.direction, transaction.is_refund) {
            (Direction::Credit, false) => given(row, &transaction, &mut facts, &mut notes)?,
            (Direction::Debit, true) => taken_back(row, &transaction, &mut facts)?,
            // Money that this collective gave away, or got back, is nobody's support.
            (Direction::Debit, false) | (Direction::Credit, true) => {}
        }
    }
    if facts.is_empty() {
        notes.push(Note::OnlyBooked);
    }
    let what = booking::of(&transaction).map_err(|why| row.wrong(NET_AMOUNT, why))?;
    facts.extend(what.map(|what| fact(row, &transaction, ":book", what)));
    let id = transaction.keys.first().cloned().unwrap_or_default();
    Ok(RowFacts { at: transaction.at, ids: vec![(transaction.id_column, id)], content: None, facts, notes })
}

fn transaction(row: &Row) -> Result<Transaction<'_>, Wrong> {
    // The day on which funds came in, which their host says; of other rows it is when they were made.
    let dated = if row.get(EFFECTIVE_DATE).is_empty() { DATETIME } else { EFFECTIVE_DATE };
    let at = cell::moment_in_utc(row, dated)?;
    let (id_column, keys) = keys(row, [SHORT_ID, LONG_ID, SERIAL_ID], "transaction id")?;
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
    let is_refund = flag(row, IS_REFUND, "REFUND")? || flag(row, IS_REVERSE, "REVERSE")?;
    // The currency comes before the amounts, because it gives their number of decimals.
    let currency = cell::currency(row, CURRENCY)?;
    let digits = currency.digits();
    let net = cell::decimal(row, NET_AMOUNT, digits)?;
    let fee = cell::optional_decimal(row, FEE, digits)?;
    let tax = cell::optional_decimal(row, TAX, digits)?;
    let (amount_column, amount) = if row.has(AMOUNT) {
        (AMOUNT, cell::decimal(row, AMOUNT, digits)?)
    } else {
        let amount = net.checked_sub(fee).and_then(|amount| amount.checked_sub(tax));
        (NET_AMOUNT, amount.ok_or_else(|| row.wrong(NET_AMOUNT, "the amounts are too large"))?)
    };
    let transaction = Transaction { at, id_column, keys, kind, direction, is_refund, currency, amount, fee, tax, net };
    let sign_fits = match direction {
        Direction::Credit => amount >= 0,
        Direction::Debit => amount <= 0,
    };
    // Gifts become support, so a wrong sign there would turn one around.
    if transaction.is_gift() && !sign_fits {
        let why = format!("the amount `{}` does not fit `{}`", row.get(amount_column), row.get(TYPE));
        return Err(row.wrong(amount_column, why).help("a CREDIT is positive, a DEBIT negative"));
    }
    Ok(transaction)
}

fn flag(row: &Row, column: usize, word: &str) -> Result<bool, Wrong> {
    match row.get(column) {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        said if said == word => Ok(true),
        other => {
            let why = format!("`{}` does not say whether this is a refund", shown(other));
            Err(row.wrong(column, why).help(format!("{word}, or nothing")))
        }
    }
}

/// Returns the keys of a record and the column of the first: the beginning of its UUID, which earlier exports have, and its
/// serial number. Both mean one record, and a file may have either or both.
fn keys(row: &Row, columns: [usize; 3], noun: &str) -> Result<(usize, Vec<String>), Wrong> {
    let [short, long, serial] = columns;
    let mut keys = Vec::new();
    let mut first = None;
    for column in [short, long, serial] {
        if row.get(column).is_empty() {
            continue;
        }
        let id = cell::id(row, column, noun)?;
        // Earlier labels call the UUID what is now the serial number's label.
        let is_uuid = id.len() == UUID_LENGTH && id.bytes().filter(|byte| *byte == b'-').count() == 4;
        let key = match (column == short, is_uuid) {
            (false, true) => format!("open-collective:{}", id.get(..SHORT_ID_LENGTH).unwrap_or(id)),
            (false, false) if column == serial => format!("open-collective:serial/{id}"),
            _ => format!("open-collective:{id}"),
        };
        if !keys.contains(&key) {
            keys.push(key);
        }
        first = first.or(Some(column));
    }
    match first {
        Some(column) => Ok((column, keys)),
        None => {
            let column = columns.into_iter().find(|column| row.has(*column)).unwrap_or(short);
            Err(row.wrong(column, format!("the {noun} is missing")))
        }
    }
}

/// A contribution is a donation on its date; a recurring one renews a pledge too.
fn given(row: &Row, transaction: &Transaction<'_>, facts: &mut Vec<Fact>, notes: &mut Vec<Note>) -> Result<(), Wrong> {
    let person = person(row)?;
    if transaction.amount == 0 {
        return Ok(());
    }
    let unit = Unit::Money(transaction.currency);
    let series = match (transaction.kind, series(row, row.get(DESCRIPTION))) {
        ("ADDED_FUNDS", _) => Series::Once,
        (_, Some(series)) => series,
        (_, None) => {
            notes.push(Note::HowOftenUnsaid);
            Series::Once
        }
    };
    if !row.has(AMOUNT) && !row.has(FEE) && transaction.at < FEES_APART {
        notes.push(Note::WithoutFees);
    }
    let months = if series == Series::Yearly { MONTHS_IN_YEAR } else { 1 };
    let donation = What::Support {
        service: None,
        person: person.clone(),
        kind: "donation",
        amount: transaction.amount,
        unit,
        months,
        pledge_series: None,
        stands_months: 0,
        book: None,
    };
    let mut donation = fact(row, transaction, "", donation);
    if transaction.kind == "ADDED_FUNDS" {
        // Earlier versions booked such rows and gave nobody support for them. The row is known then.
        donation.also.extend(transaction.keys.iter().map(|key| format!("{key}:book")));
    }
    facts.push(donation);
    let (name, stands_months) = match series {
        Series::Once => return Ok(()),
        Series::Monthly => ("monthly", MONTHLY_STANDS),
        Series::Yearly => ("yearly", MONTHS_IN_YEAR),
    };
    let pledge = What::Support {
        service: None,
        person,
        kind: "pledge",
        amount: pledge_size(series, transaction.amount),
        unit,
        months: 1,
        pledge_series: Some(name.to_owned()),
        stands_months,
        book: None,
    };
    facts.push(fact(row, transaction, ":pledge", pledge));
    Ok(())
}

/// A refund takes back the donation, and the pledge that it renewed.
fn taken_back(row: &Row, transaction: &Transaction<'_>, facts: &mut Vec<Fact>) -> Result<(), Wrong> {
    let serial = if row.get(SERIAL_REFUND_ID).is_empty() { SERIAL_REVERSE_ID } else { SERIAL_REFUND_ID };
    let columns = [SHORT_REFUND_ID, LONG_REFUND_ID, serial];
    let (_, of) = keys(row, columns, "id of the refunded transaction")?;
    let amount = transaction.amount.checked_neg();
    let amount = amount.ok_or_else(|| row.wrong(AMOUNT, "the amount is too large"))?;
    if amount == 0 {
        return Ok(());
    }
    let pledges = of.iter().map(|of| format!("{of}:pledge")).collect();
    facts.push(fact(row, transaction, "", What::Reversal { of, amount }));
    let quoted = row.get(DESCRIPTION).strip_prefix("Refund of \"").unwrap_or_default();
    let series = series(row, quoted).filter(|series| *series != Series::Once && transaction.kind == "CONTRIBUTION");
    if let Some(series) = series {
        let pledge = What::Reversal { of: pledges, amount: pledge_size(series, amount) };
        facts.push(fact(row, transaction, ":pledge", pledge));
    }
    Ok(())
}

/// Returns how often a gift comes: by its own column, or by the first word of its description, which until 2021 was followed by
/// other words than today (`Monthly financial contribution to ...`). None where neither says it.
fn series(row: &Row, description: &str) -> Option<Series> {
    match row.get(FREQUENCY).to_ascii_uppercase().as_str() {
        "MONTHLY" => return Some(Series::Monthly),
        "YEARLY" => return Some(Series::Yearly),
        "ONETIME" | "ONE TIME" => return Some(Series::Once),
        _ => {}
    }
    let words = description.to_lowercase();
    let mut words = words.split_whitespace();
    let series = match words.next() {
        Some("monthly") => Series::Monthly,
        Some("yearly") => Series::Yearly,
        _ => return None,
    };
    let gift = |word: &str| ["contribution", "donation", "subscription"].contains(&word);
    words.take_while(|word| !["from", "to"].contains(word)).any(gift).then_some(series)
}

/// Returns the size of the pledge: a yearly payment promises its first part each month, by largest remainder.
fn pledge_size(series: Series, amount: i64) -> i64 {
    match series {
        Series::Once | Series::Monthly => amount,
        Series::Yearly => split(amount, &[1; MONTHS_IN_YEAR as usize]).first().copied().unwrap_or(amount),
    }
}

/// Reads the other account; one without a name on the site is known by its short name. Givers choose both, so that a sign
/// that cannot be seen is left out and stops nobody's import.
fn person(row: &Row) -> Result<Identity, Wrong> {
    let handle = text::cleaned_name(row.get(OTHER_SLUG));
    if handle.is_empty() {
        return Err(row.wrong(OTHER_SLUG, "the other account's slug is missing"));
    }
    let name = match text::cleaned_name(row.get(OTHER_NAME)) {
        empty if empty.is_empty() => handle.clone(),
        name => name,
    };
    Ok(Identity { name, emails: Vec::new(), handle: Some(handle), id: None })
}

fn fact(row: &Row, transaction: &Transaction<'_>, suffix: &str, what: What) -> Fact {
    let mut keys = transaction.keys.iter().map(|key| format!("{key}{suffix}"));
    let source = keys.next().unwrap_or_default();
    Fact { place: row.start(), at: transaction.at, on: None, source, also: keys.collect(), by: By::Outside, what }
}
