//! `support-csv`: one piece of support of any kind a row.

use quantity::{Moment, format_decimal};

use crate::members::{fingerprint, is_email};
use crate::mistake::Wrong;
use crate::table::{Column, Content, Importer, Row, RowFacts, shown};
use crate::{By, Fact, Identity, MICRO_CREDITS, Unit, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("member").or(&[
            "mitglied",
            "membre",
            "miembro",
            "socio",
            "lid",
            "membro",
            "cooperado",
            "associado",
            "name",
            "nom",
            "nombre",
            "nome",
            "naam",
        ]),
        Column::needed("kind").or(&["type", "art", "tipo", "soort", "espécie"]),
        Column::needed("amount")
            .or(&["betrag", "montant", "importe", "importo", "bedrag", "valor", "quantia", "monto"]),
        Column::needed("unit").or(&[
            "currency", "einheit", "währung", "unité", "devise", "unidad", "moneda", "unità", "valuta", "eenheid",
            "munt", "unidade", "moeda",
        ]),
        Column::needed("given_at").or(&["date", "datum", "given", "fecha", "data", "gegeben am"]),
        Column::optional("source").or(&[
            "quelle",
            "beleg",
            "référence",
            "referencia",
            "bron",
            "riferimento",
            "referência",
            "fonte",
        ]),
        Column::optional("takes_back").or(&[
            "nimmt zurück",
            "reprend",
            "devuelve",
            "neemt terug",
            "riprende",
            "devolve",
        ]),
        Column::optional("book_to"),
        Column::optional("book_from"),
        Column::optional("service").or(&["dienst", "bereich", "servicio", "servizio", "serviço"]),
    ],
    one_of: &[],
    help: "",
    read,
};

/// Dues by the members' own numbers.
pub(crate) static DUES: Importer = Importer {
    columns: &[
        Column::needed("number").or(&[
            "member",
            "member number",
            "mitgliedsnummer",
            "mitgliedsnr",
            "num\u{e9}ro",
            "n\u{fa}mero",
            "numero",
            "nummer",
            "lidnummer",
        ]),
        Column::optional("kind").or(&["type", "art", "tipo", "soort", "espécie"]),
        Column::needed("amount")
            .or(&["betrag", "beitrag", "montant", "importe", "importo", "bedrag", "valor", "quantia", "monto"]),
        Column::optional("unit").or(&[
            "currency", "einheit", "währung", "unité", "devise", "unidad", "moneda", "unità", "valuta", "eenheid",
            "munt", "unidade", "moeda",
        ]),
        Column::needed("given_at").or(&[
            "date",
            "day",
            "paid",
            "paid on",
            "datum",
            "tag",
            "given",
            "fecha",
            "data",
            "gegeben am",
            "bezahlt am",
        ]),
        Column::optional("source").or(&["quelle", "beleg", "référence", "referencia", "bron", "riferimento", "fonte"]),
        Column::optional("takes_back"),
        Column::optional("book_to"),
        Column::optional("book_from"),
        Column::optional("service"),
    ],
    one_of: &[],
    help: "",
    read: read_due,
};

/// The kind of all of them.
pub(crate) const DUE: &str = "dues";

/// A number means a number, and never a name or an address.
fn read_due(row: &Row) -> Result<RowFacts, Wrong> {
    let mut read = read(row)?;
    for fact in &mut read.facts {
        let What::Support { person, kind, .. } = &mut fact.what else { continue };
        if *kind != DUE {
            let why = format!("`{}` is no dues", shown(row.get(KIND)));
            return Err(row.wrong(KIND, why).help("bring other support afterwards: `rochdale import support-csv`"));
        }
        *person = Identity { name: format!("#{}", person.name.trim_start_matches('#')), ..Identity::default() };
    }
    Ok(read)
}

const MEMBER: usize = 0;
const KIND: usize = 1;
const AMOUNT: usize = 2;
const UNIT: usize = 3;
const GIVEN_AT: usize = 4;
const SOURCE: usize = 5;
const TAKES_BACK: usize = 6;
const BOOK_TO: usize = 7;
const BOOK_FROM: usize = 8;
const SERVICE: usize = 9;

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

/// Returns the accounts that money of a kind of support goes to and comes from, where nothing says otherwise; none for what moves
/// no money.
///
/// ```
/// assert_eq!(bridges::accounts_of("dues"), Some(["assets:bank", "income:dues"]));
/// assert_eq!(bridges::accounts_of("hours"), None);
/// ```
#[must_use]
pub fn accounts_of(kind: &str) -> Option<[&'static str; 2]> {
    let (_, from) = FROM.into_iter().find(|(of, _)| *of == kind)?;
    Some([BANK, from])
}

/// The account that money goes to where the row names none.
const BANK: &str = "assets:bank";

/// The account that money of a kind comes from where the row names none; none for a pledge, by which no money moves.
const FROM: [(&str, &str); 5] = [
    ("donation", "income:donations"),
    ("purchase", "income:sales"),
    ("dues", "income:dues"),
    ("loan", "liabilities:member-loans"),
    ("share-capital", "equity:member-shares"),
];

/// The kinds in other languages, in small letters.
const ELSEWHERE: [(&str, &[&str]); 6] = [
    ("donation", &["spende", "don", "donaci\u{f3}n", "donazione", "donatie", "doa\u{e7}\u{e3}o"]),
    ("purchase", &["einkauf", "kauf", "achat", "compra", "acquisto", "aankoop"]),
    ("dues", &["beitrag", "mitgliedsbeitrag", "cotisation", "cuota", "quota", "contributie", "membership fee"]),
    ("hours", &["stunden", "heures", "horas", "ore", "uren"]),
    ("loan", &["darlehen", "pr\u{ea}t", "pr\u{e9}stamo", "prestito", "lening", "empr\u{e9}stimo"]),
    (
        "share-capital",
        &["anteil", "anteile", "gesch\u{e4}ftsanteil", "parts sociales", "capital social", "quota sociale", "aandeel"],
    ),
];

/// Returns a kind of support by its name here or in another language, in any capitals.
fn kind_of(written: &str) -> Option<(&'static str, Measure)> {
    let written = written.to_lowercase();
    let elsewhere = ELSEWHERE.into_iter().find(|(_, names)| names.contains(&written.as_str()));
    let name = elsewhere.map_or(written.as_str(), |(name, _)| name);
    KINDS.into_iter().find(|(known, _)| *known == name)
}

/// Returns a unit's name as this program writes it; other texts stay what they are.
fn unit_of(written: &str) -> String {
    match written.to_lowercase().as_str() {
        "hour" | "stunden" | "stunde" | "std" | "h" | "heures" | "heure" | "horas" | "hora" | "ore" | "ora"
        | "uren" | "uur" => "hours".to_owned(),
        other => other.to_owned(),
    }
}

/// A hundredth of an hour is 36 seconds, so hours with two decimals are whole seconds.
const HOUR_DIGITS: u8 = 2;
const SECONDS_IN_HUNDREDTH: i64 = 36;
const CREDIT_DIGITS: u8 = 6;
const _: () = assert!(10_i64.pow(CREDIT_DIGITS as u32) == MICRO_CREDITS);

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let person = person(row)?;
    let Some((kind, measure)) = kind_of(row.get(KIND)) else {
        let why = format!("`{}` is not a kind of support", shown(row.get(KIND)));
        let names = KINDS.map(|(name, _)| name).join(", ");
        return Err(row.wrong(KIND, why).help(format!("one of {names}")));
    };
    let (amount, unit) = amount(row, kind, measure)?;
    let at = cell::moment(row, GIVEN_AT)?;
    if let Some(source) = text::optional_name(row, TAKES_BACK, "source")? {
        return taken_back(row, at, source, amount);
    }
    if amount <= 0 {
        let why = format!("the amount `{}` is not greater than zero", row.get(AMOUNT));
        let help =
            "for a payment that came back, name the source of the row that it takes back in a column `takes_back`";
        return Err(row.wrong(AMOUNT, why).help(help));
    }
    let stands_months = if kind == "pledge" { 2 } else { 0 };
    let what = What::Support {
        person,
        kind,
        amount,
        unit,
        months: 1,
        pledge_series: None,
        stands_months,
        book: sides(row, kind)?,
        service: text::optional_name(row, SERVICE, "service")?,
    };
    known_by(row, at, what)
}

/// A payment that came back: a returned debit, goods brought back. Its sign may be either, since tables differ.
fn taken_back(row: &Row, at: Moment, source: String, amount: i64) -> Result<RowFacts, Wrong> {
    let amount = amount.checked_abs().filter(|amount| *amount > 0);
    let amount =
        amount.ok_or_else(|| row.wrong(AMOUNT, format!("the amount `{}` takes nothing back", row.get(AMOUNT))))?;
    if row.get(SOURCE).is_empty() {
        let why = "a row that takes another back has no source";
        return Err(row.wrong(SOURCE, why).help("give it one of its own, so that the file can be imported again"));
    }
    known_by(row, at, What::Reversal { of: vec![format!("support:{source}")], amount })
}

/// The accounts that the row's money went to and came from; none for what moves no money.
fn sides(row: &Row, kind: &str) -> Result<Option<[String; 2]>, Wrong> {
    let [to, from] = [BOOK_TO, BOOK_FROM].map(|column| text::optional_name(row, column, "account"));
    let (to, from) = (to?, from?);
    match accounts_of(kind) {
        Some([bank, source]) => {
            let or = |named: Option<String>, default: &str| named.unwrap_or_else(|| default.to_owned());
            Ok(Some([or(to, bank), or(from, source)]))
        }
        None if to.is_some() || from.is_some() => {
            let column = if to.is_some() { BOOK_TO } else { BOOK_FROM };
            Err(row.wrong(column, format!("`{kind}` moves no money")).help("leave this cell empty"))
        }
        None => Ok(None),
    }
}

fn person(row: &Row) -> Result<Identity, Wrong> {
    let name = text::name(row, MEMBER, "member")?;
    let emails = if is_email(&name) { vec![name.to_lowercase()] } else { Vec::new() };
    Ok(Identity { name, emails, handle: None, id: None })
}

fn amount(row: &Row, kind: &str, measure: Measure) -> Result<(i64, Unit), Wrong> {
    let name = unit_of(row.get(UNIT));
    let hours = matches!(measure, Measure::Hours | Measure::HoursOrCredits);
    let credits = matches!(measure, Measure::Credits | Measure::HoursOrCredits);
    match name.as_str() {
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
    let mut also = Vec::new();
    let mut content = None;
    let source = match text::optional_name(row, SOURCE, "source")? {
        Some(source) => {
            ids.push((SOURCE, source.clone()));
            format!("support:{source}")
        }
        None => {
            let [values, written] = prints(row, &what);
            // No written source can look like this one: names hold no control characters, but may hold
            // any digits. The slash keeps the two apart.
            let key = |print: &str, nth: u32| format!("support:/{print}/{}", nth.saturating_add(1));
            also.push(key(&written, row.nth_written));
            let source = key(&values, row.nth);
            also.retain(|other| *other != source);
            content = Some(Content { values, written });
            source
        }
    };
    if ids.iter().any(|(_, source)| source.starts_with('/')) {
        return Err(row.wrong(SOURCE, "a source cannot begin with `/`"));
    }
    let facts = vec![Fact { place: row.start(), at, on: cell::day(row, GIVEN_AT), source, also, by: By::Coop, what }];
    Ok(RowFacts { at, ids, content, facts, notes: Vec::new() })
}

/// Returns the fingerprints of a row's values and of its cells. A file that a spreadsheet has saved anew has the same values:
/// `12.50` may have become `12,5`.
fn prints(row: &Row, what: &What) -> [String; 2] {
    let written = [MEMBER, KIND, AMOUNT, UNIT, GIVEN_AT].map(|column| row.get(column));
    let (kind, amount, unit) = match what {
        What::Support { kind, amount, unit: Unit::Money(currency), .. } => {
            (*kind, format_decimal(*amount, currency.digits()), currency.code())
        }
        What::Support { kind, amount, unit: Unit::Seconds, .. } => {
            (*kind, format_decimal(amount / SECONDS_IN_HUNDREDTH, HOUR_DIGITS), "hours")
        }
        What::Support { kind, amount, .. } => (*kind, format_decimal(*amount, CREDIT_DIGITS), "credits"),
        _ => (row.get(KIND), row.get(AMOUNT).to_owned(), row.get(UNIT)),
    };
    let day = cell::date(row, GIVEN_AT);
    [fingerprint(&[row.get(MEMBER), kind, &amount, unit, &day]), fingerprint(&written)]
}
