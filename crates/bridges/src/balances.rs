//! The opening balances of a co-op that moves in: an account a row, with an amount, all of one day. A row alone is half of a booking;
//! only all of them together leave this file. Whether the book may have them, the host and the engine say.

use std::ops::ControlFlow;
use std::path::Path;

use quantity::{Currency, Moment, Zone};

use crate::mistake::Wrong;
use crate::table::{Column, How, Importer, Looked, Row, RowFacts, Table, shown};
use crate::{By, Fact, Place, Posting, Refused, What, cell, text};

static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("account").or(&["konto", "compte", "cuenta", "conto", "rekening", "conta"]),
        Column::optional("amount")
            .or(&["balance", "betrag", "saldo", "montant", "solde", "importe", "importo", "bedrag", "valor"]),
        Column::optional("debit").or(&["soll", "débit", "debe", "dare", "debet", "débito"]),
        Column::optional("credit").or(&["haben", "crédit", "haber", "avere", "crédito"]),
        Column::optional("currency").or(&["unit", "währung", "devise", "moneda", "valuta", "munt", "moeda"]),
        Column::optional("day").or(&["date", "on", "datum", "tag", "stichtag", "jour", "fecha", "data"]),
    ],
    one_of: &[&[AMOUNT, DEBIT, CREDIT]],
    help: "",
    read,
};

const ACCOUNT: usize = 0;
const AMOUNT: usize = 1;
const DEBIT: usize = 2;
const CREDIT: usize = 3;
const CURRENCY: usize = 4;
const DAY: usize = 5;

/// How a row says its amount: by the account's name alone, or by the side that it is on.
const BY_NAME: &str = "amount";
const BY_SIDE: &str = "sides";

/// The opening balances of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balances {
    /// The day that begins with them, `YYYY-MM-DD`, and its first moment.
    pub day: String,
    pub at: Moment,
    pub currency: Currency,
    /// In the order of accounts.
    pub rows: Vec<Balance>,
    /// Sentences about how the file was read.
    pub notes: Vec<String>,
}

/// The balance of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub place: Place,
    pub account: String,
    /// Minor units as the book has them: positive is a debit, negative a credit.
    pub minor: i64,
}

/// Reads opening balances; `day` and `currency` are those of a file that has no column for them.
///
/// # Errors
/// The file's mistakes, or the fault that kept it from being read. Balances that do not balance are read.
pub fn read_balances(path: &Path, zone: &Zone, day: Option<&str>, currency: &str) -> Result<Balances, Refused> {
    let mut absent = vec![("currency", currency.to_owned())];
    absent.extend(day.map(|day| ("day", day.to_owned())));
    let how = How { zone, mapping: None, absent: &absent };
    let Looked { mut table, wrong, .. } = Table::look(&IMPORTER, path, how, &mut |_, _| ())?;
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let notes = table.notes();
    let mut facts = Vec::new();
    table.facts(&mut |fact| {
        facts.push(fact);
        ControlFlow::Continue(())
    })?;
    facts.sort_by_key(|fact| fact.place);
    together(facts, notes).map_err(|wrong| wrong.of_file(path))
}

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let account = text::name(row, ACCOUNT, "account")?;
    if row.get(DAY).is_empty() {
        let help = "give a column `day`, or say the day beside the file: they are what there was as that day began";
        return Err(row.wrong(DAY, "nothing says of which day these balances are").help(help));
    }
    let at = cell::moment(row, DAY)?;
    let Some(day) = cell::day(row, DAY) else {
        return Err(row.wrong(DAY, format!("`{}` is not a day", shown(row.get(DAY)))).help("write it like 2025-12-31"));
    };
    let currency = cell::currency(row, CURRENCY)?;
    let digits = currency.digits();
    let has_amount = row.has(AMOUNT) && !row.get(AMOUNT).is_empty();
    let has_side = [DEBIT, CREDIT].into_iter().any(|column| !row.get(column).is_empty());
    let (minor, said) = match (has_amount, has_side) {
        (true, true) => return Err(row.wrong(AMOUNT, "this row has an amount and a side").help("give one of them")),
        (true, false) => (cell::decimal(row, AMOUNT, digits)?, BY_NAME),
        _ => {
            let (debit, credit) =
                (cell::optional_decimal(row, DEBIT, digits)?, cell::optional_decimal(row, CREDIT, digits)?);
            (debit.checked_sub(credit).ok_or_else(|| row.wrong(DEBIT, "this is too much"))?, BY_SIDE)
        }
    };
    let source = format!("balance:{account}");
    let postings = vec![Posting { account, minor }];
    let what = What::Booking { narration: said.to_owned(), currency, postings };
    let ids = vec![(ACCOUNT, source.clone())];
    let facts = vec![Fact { place: row.start(), at, on: Some(day), source, also: Vec::new(), by: By::Coop, what }];
    Ok(RowFacts { at, ids, content: None, facts, notes: Vec::new() })
}

/// Puts the rows together. They are of one day and one currency.
fn together(facts: Vec<Fact>, notes: Vec<String>) -> Result<Balances, Wrong> {
    let mut rows: Vec<(Balance, bool)> = Vec::new();
    let mut first: Option<(Moment, String, Currency)> = None;
    for fact in facts {
        let What::Booking { narration, currency, postings } = fact.what else { continue };
        let day = fact.on.unwrap_or_default();
        match &first {
            None => first = Some((fact.at, day, currency)),
            Some((_, known, _)) if *known != day => {
                let why = format!("this balance is of {day}, and those before it of {known}");
                return Err(Wrong::at(fact.place, why).help("opening balances are all of one day"));
            }
            Some((.., known)) if *known != currency => {
                let why = format!("this balance is in {}, and those before it in {}", currency.code(), known.code());
                return Err(Wrong::at(fact.place, why).help("the book has one currency"));
            }
            Some(_) => {}
        }
        let place = fact.place;
        let own = postings.into_iter().map(|Posting { account, minor }| Balance { place, account, minor });
        rows.extend(own.map(|row| (row, narration == BY_NAME)));
    }
    let Some((at, day, currency)) = first else { return Err(Wrong::start("the file has no balances")) };
    turn(&mut rows)?;
    let mut rows: Vec<Balance> = rows.into_iter().map(|(row, _)| row).filter(|row| row.minor != 0).collect();
    rows.sort_by(|one, other| one.account.cmp(&other.account));
    Ok(Balances { day, at, currency, rows, notes })
}

/// Debts, own capital and income are written without a sign where people write them, and with a minus where programs do. The file is
/// read as the one that balances, or else by the sign that it has there.
fn turn(rows: &mut [(Balance, bool)]) -> Result<(), Wrong> {
    let is_other_side =
        |row: &Balance| ["liabilities:", "equity:", "income:"].iter().any(|kind| row.account.starts_with(kind));
    let turns = |(row, by_name): &(Balance, bool)| *by_name && is_other_side(row);
    let sum = |turned: bool| {
        let minor = |row: &(Balance, bool)| i128::from(row.0.minor) * if turned && turns(row) { -1 } else { 1 };
        rows.iter().map(minor).sum::<i128>()
    };
    let (as_written, turned) = (sum(false), sum(true));
    let other_side = || rows.iter().filter(|row| turns(row) && row.0.minor != 0);
    let Some((first, _)) = other_side().next() else { return Ok(()) };
    if as_written == 0 && turned == 0 {
        let why = "these balances can be read with either sign for debts, own capital and income";
        return Err(Wrong::at(first.place, why).help("give columns `debit` and `credit` in place of the amount"));
    }
    let all_minus = other_side().all(|row| row.0.minor < 0);
    if turned == 0 || (as_written != 0 && !all_minus) {
        for row in rows.iter_mut().filter(|row| turns(row)) {
            row.0.minor = row.0.minor.saturating_neg();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, day: Option<&str>) -> Result<Vec<(String, i64)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.csv");
        std::fs::write(&path, text).unwrap();
        let read = read_balances(&path, &Zone::utc(), day, "EUR").map_err(|why| why.to_string())?;
        Ok(read.rows.into_iter().map(|row| (row.account, row.minor)).collect())
    }

    fn rows(rows: &[(&str, i64)]) -> Vec<(String, i64)> {
        rows.iter().map(|(account, minor)| ((*account).to_owned(), *minor)).collect()
    }

    #[test]
    fn either_sign_and_two_sides_are_the_same_balances() {
        let all = rows(&[("assets:bank", 100_050), ("equity:reserves", -60_050), ("liabilities:loans", -40_000)]);
        for text in [
            "account,amount,day\nassets:bank,1000.50,2025-01-01\nequity:reserves,600.50,2025-01-01\nliabilities:loans,400,2025-01-01\n",
            "account,amount,day\nassets:bank,1000.50,2025-01-01\nequity:reserves,-600.50,2025-01-01\nliabilities:loans,-400,2025-01-01\n",
            "\u{feff}Konto;Soll;Haben;Stichtag\r\nassets:bank;1.000,50;;01.01.2025\r\nliabilities:loans;;400;01.01.2025\r\nequity:reserves;;600,50;01.01.2025\r\nassets:cash;0;;01.01.2025\r\n",
        ] {
            assert_eq!(read(text, None).unwrap(), all, "{text}");
        }
        let text = "account,amount\nassets:bank,5\nequity:reserves,5\n";
        let five = rows(&[("assets:bank", 500), ("equity:reserves", -500)]);
        assert_eq!(read(text, Some("2025-01-01")).unwrap(), five, "the day is said beside it");
    }

    #[test]
    fn those_that_do_not_balance_are_read_by_their_signs() {
        let people = "account,amount\nassets:bank,5\nequity:reserves,4\n";
        assert_eq!(read(people, Some("2025-01-01")).unwrap(), rows(&[("assets:bank", 500), ("equity:reserves", -400)]));
        let program = "account,amount\nassets:bank,5\nequity:reserves,-4\n";
        assert_eq!(
            read(program, Some("2025-01-01")).unwrap(),
            rows(&[("assets:bank", 500), ("equity:reserves", -400)])
        );
    }

    #[test]
    fn mistakes_have_their_places() {
        for (text, day, wrong) in [
            ("account,amount\nassets:bank,5\n", None, "b.csv:2:1: nothing says of which day"),
            ("account,amount,day\nassets:bank,5,2025-02-30\n", None, "b.csv:2:15: "),
            (
                "account,amount,day\nassets:bank,5,2025-01-01\nequity:own,5,2025-01-02\n",
                None,
                "b.csv:3:1: this balance is of 2025-01-02",
            ),
            (
                "account,amount,currency\nassets:bank,5,EUR\nequity:own,5,USD\n",
                Some("2025-01-01"),
                "b.csv:3:1: this balance is in USD",
            ),
            (
                "account,amount\nassets:bank,5\nassets:bank,5\n",
                Some("2025-01-01"),
                "b.csv:3:1: `assets:bank` is already on line 2",
            ),
            (
                "account,amount,debit\nassets:bank,5,5\n",
                Some("2025-01-01"),
                "b.csv:2:13: this row has an amount and a side",
            ),
            (
                "account,amount\nassets:bank,5\nassets:cash,-5\nequity:own,3\nliabilities:x,-3\n",
                Some("2025-01-01"),
                "b.csv:4:1: these balances can be read with either sign",
            ),
            ("account\nassets:bank\n", Some("2025-01-01"), "b.csv:1:1: "),
            ("account,amount\n", Some("2025-01-01"), "b.csv:1:1: the file has no balances"),
        ] {
            let refused = read(text, day).unwrap_err();
            assert!(refused.starts_with(wrong), "{text}: {refused}");
        }
    }
}
