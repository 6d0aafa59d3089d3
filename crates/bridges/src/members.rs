//! `members-csv`: one member of the register a row.

use quantity::Moment;
use sha2::{Digest, Sha256};

use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{By, Fact, Identity, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        NAME_COLUMN,
        EMAIL_COLUMN,
        Column::optional("handle"),
        Column::needed("kind").or(KINDS),
        Column::optional("lists").or(&["list", "listen", "liste", "listes", "listas", "liste", "lijsten"]),
        JOINED_COLUMN,
        Column::optional("formerly"),
        Column::optional("number").or(NUMBERS),
        LEFT_COLUMN,
    ],
    one_of: &[],
    help: "",
    read,
};

/// The register of a co-op that moves in, with numbers of its own.
pub(crate) static REGISTER: Importer = Importer {
    columns: &[
        NAME_COLUMN,
        EMAIL_COLUMN,
        Column::optional("handle"),
        Column::optional("kind").or(KINDS),
        Column::optional("lists").or(&[
            "list", "listen", "liste", "listes", "listas", "liste", "lijsten", "class", "classes", "klasse", "classe",
            "clase", "gruppe",
        ]),
        JOINED_COLUMN,
        Column::optional("formerly"),
        Column::needed("number").or(NUMBERS),
        LEFT_COLUMN,
    ],
    one_of: &[],
    help: "numbers are the members' own, as dues name them",
    read: read_numbered,
};

const NAME_COLUMN: Column = Column::needed("name")
    .or(&["nom", "nombre", "nome", "naam", "mitglied", "membre", "member", "miembro", "socio", "membro", "lid"]);
const EMAIL_COLUMN: Column = Column::optional("email").or(&[
    "e-mail address",
    "mail",
    "courriel",
    "correo",
    "correo electrónico",
    "e-mailadres",
    "correio",
    "indirizzo e-mail",
]);
const KINDS: &[&str] = &["type", "art", "tipo", "soort", "esp\u{e9}cie"];
const JOINED_COLUMN: Column = Column::needed("joined").or(&[
    "joined at",
    "joined on",
    "since",
    "beitritt",
    "beigetreten",
    "eintritt",
    "adhésion",
    "date d'adhésion",
    "ingreso",
    "fecha de ingreso",
    "iscritto dal",
    "lid sinds",
    "membro desde",
    "desde",
    "ades\u{e3}o",
]);
const LEFT_COLUMN: Column = Column::optional("left").or(&[
    "left at",
    "left on",
    "austritt",
    "ausgetreten",
    "ausgetreten am",
    "sortie",
    "date de sortie",
    "baja",
    "fecha de baja",
    "uscita",
    "uitgetreden",
    "sa\u{ed}da",
]);
const NUMBERS: &[&str] =
    &["member number", "mitgliedsnummer", "mitgliedsnr", "num\u{e9}ro", "n\u{fa}mero", "numero", "nummer", "lidnummer"];

const NAME: usize = 0;
const EMAIL: usize = 1;
const HANDLE: usize = 2;
const KIND: usize = 3;
const LISTS: usize = 4;
const JOINED: usize = 5;
/// An address that this member had before.
const FORMERLY: usize = 6;
/// The member's own number, which tells those apart who share an address.
const NUMBER: usize = 7;
/// The last day of somebody who has left.
const LEFT: usize = 8;

fn read_numbered(row: &Row) -> Result<RowFacts, Wrong> {
    if row.get(NUMBER).is_empty() {
        return Err(row.wrong(NUMBER, "the member number is missing").help("each member has one of their own"));
    }
    read(row)
}

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let name = text::name(row, NAME, "name")?;
    let mut emails = email(row, EMAIL)?;
    let number = text::optional_name(row, NUMBER, "member number")?;
    let number = number.map(|number| format!("#{}", number.trim_start_matches('#')));
    let handle = number.or(text::optional_name(row, HANDLE, "handle")?);
    let organisation = match row.get(KIND).to_lowercase().as_str() {
        "person" | "personne" | "persona" | "persoon" | "pessoa" => false,
        "organisation"
        | "organization"
        | "organizaci\u{f3}n"
        | "organizzazione"
        | "organisatie"
        | "organiza\u{e7}\u{e3}o" => true,
        _ => {
            let why = format!("`{}` is not a kind of member", shown(row.get(KIND)));
            return Err(row.wrong(KIND, why).help("write person or organisation"));
        }
    };
    let lists = lists(row)?;
    let at = cell::moment(row, JOINED)?;
    let left_on = left(row, at)?;
    let content = [NAME, EMAIL, HANDLE, KIND, JOINED].map(|column| row.get(column));
    let source = format!("member:{}", fingerprint(&content));
    let ids = ids(&name, &emails, handle.as_deref());
    emails.extend(email(row, FORMERLY)?);
    emails.sort();
    emails.dedup();
    let person = Identity { name, emails, handle, id: None };
    let what = What::Member { person, organisation, lists, left_on };
    let facts =
        vec![Fact { place: row.start(), at, on: cell::day(row, JOINED), source, also: Vec::new(), by: By::Coop, what }];
    Ok(RowFacts { at, ids, content: None, facts, notes: Vec::new() })
}

/// The last day of a membership, in the co-op's zone.
fn left(row: &Row, joined: Moment) -> Result<Option<String>, Wrong> {
    if row.get(LEFT).is_empty() {
        return Ok(None);
    }
    let at = cell::moment(row, LEFT)?;
    let day = |at: Moment| {
        let day = row.zone.civil(at);
        format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
    };
    if day(at) < day(joined) {
        let why = format!("they left on {}, before they joined on {}", day(at), day(joined));
        return Err(row.wrong(LEFT, why).help("correct one of the two days"));
    }
    Ok(Some(day(at)))
}

/// Returns the ids that tell this member from all others: the number, or else e-mail address and handle, or the name if there is neither.
fn ids(name: &str, emails: &[String], handle: Option<&str>) -> Vec<(usize, String)> {
    if let Some(number) = handle.filter(|handle| handle.starts_with('#')) {
        return vec![(NUMBER, number.to_lowercase())];
    }
    let mut ids: Vec<(usize, String)> = emails.iter().map(|email| (EMAIL, format!("email:{email}"))).collect();
    ids.extend(handle.map(|handle| (HANDLE, format!("handle:{handle}"))));
    if ids.is_empty() {
        ids.push((NAME, format!("name:{name}")));
    }
    ids
}

fn email(row: &Row, column: usize) -> Result<Vec<String>, Wrong> {
    let Some(email) = text::optional_name(row, column, "e-mail address")? else {
        return Ok(Vec::new());
    };
    if is_email(&email) {
        return Ok(vec![email.to_lowercase()]);
    }
    let why = format!("`{}` is not an e-mail address", shown(&email));
    Err(row.wrong(column, why))
}

pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

fn lists(row: &Row) -> Result<Vec<String>, Wrong> {
    if row.get(LISTS).is_empty() {
        return Ok(Vec::new());
    }
    text::name(row, LISTS, "list")?;
    let names = row.get(LISTS).split(';').map(str::trim).filter(|name| !name.is_empty());
    let mut lists: Vec<String> = names.map(str::to_owned).collect();
    lists.sort();
    lists.dedup();
    Ok(lists)
}

/// Returns the first 64 bits of SHA-256 over the cells. It holds no personal data as such, but a guess at
/// a whole row can be confirmed.
pub(crate) fn fingerprint(cells: &[&str]) -> String {
    let mut hash = Sha256::new();
    for cell in cells {
        hash.update((cell.len() as u64).to_be_bytes());
        hash.update(cell.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
