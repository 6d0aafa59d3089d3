//! `members-csv`: one member of the register a row.

use sha2::{Digest, Sha256};

use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{By, Fact, Identity, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("name").or(&[
            "nom", "nombre", "nome", "naam", "mitglied", "membre", "member", "miembro", "socio", "membro", "lid",
        ]),
        Column::optional("email").or(&[
            "e-mail address",
            "mail",
            "courriel",
            "correo",
            "correo electrónico",
            "e-mailadres",
            "correio",
            "indirizzo e-mail",
        ]),
        Column::optional("handle"),
        Column::needed("kind").or(&["type", "art", "tipo", "soort", "esp\u{e9}cie"]),
        Column::optional("lists").or(&["list", "listen", "liste", "listes", "listas", "liste", "lijsten"]),
        Column::needed("joined").or(&[
            "joined at",
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
        ]),
        Column::optional("formerly"),
    ],
    one_of: &[],
    help: "",
    read,
};

const NAME: usize = 0;
const EMAIL: usize = 1;
const HANDLE: usize = 2;
const KIND: usize = 3;
const LISTS: usize = 4;
const JOINED: usize = 5;
/// An address that this member had before.
const FORMERLY: usize = 6;

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let name = text::name(row, NAME, "name")?;
    let mut emails = email(row, EMAIL)?;
    let handle = text::optional_name(row, HANDLE, "handle")?;
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
    let content = [NAME, EMAIL, HANDLE, KIND, JOINED].map(|column| row.get(column));
    let source = format!("member:{}", fingerprint(&content));
    let ids = ids(&name, &emails, handle.as_deref());
    emails.extend(email(row, FORMERLY)?);
    emails.sort();
    emails.dedup();
    let person = Identity { name, emails, handle };
    let what = What::Member { person, organisation, lists };
    let facts = vec![Fact { place: row.start(), at, on: None, source, also: Vec::new(), by: By::Coop, what }];
    Ok(RowFacts { at, ids, content: None, facts, notes: Vec::new() })
}

/// Returns the ids that tell this member from all others: e-mail address and handle, or the name if there is neither.
fn ids(name: &str, emails: &[String], handle: Option<&str>) -> Vec<(usize, String)> {
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
