//! `commits-csv`: one commit a row, each a contribution of one credit by its author.

use crate::mistake::Wrong;
use crate::table::{Column, Importer, Row, RowFacts, shown};
use crate::{By, Fact, Identity, MICRO_CREDITS, Unit, What, cell, text};

pub(crate) static IMPORTER: Importer = Importer {
    columns: &[
        Column::needed("commit"),
        Column::needed("authored_at"),
        Column::needed("author"),
        Column::needed("files_changed"),
    ],
    one_of: &[],
    help: "",
    read,
};

const COMMIT: usize = 0;
const AUTHORED_AT: usize = 1;
const AUTHOR: usize = 2;
const FILES_CHANGED: usize = 3;

fn read(row: &Row) -> Result<RowFacts, Wrong> {
    let commit = cell::id(row, COMMIT, "commit id")?.to_ascii_lowercase();
    if !(4..=64).contains(&commit.len()) || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let why = format!("`{}` is not a commit id", shown(&commit));
        return Err(row.wrong(COMMIT, why).help("4 to 64 hexadecimal digits"));
    }
    let at = cell::moment(row, AUTHORED_AT)?;
    let author = text::name(row, AUTHOR, "author")?;
    let files = row.get(FILES_CHANGED);
    if files.parse::<u32>().is_err() {
        let why = format!("`{}` is not a number of files", shown(files));
        return Err(row.wrong(FILES_CHANGED, why));
    }
    let source = format!("commit:{commit}");
    let what = credit(Identity { name: author, ..Identity::default() }, MICRO_CREDITS);
    Ok(RowFacts {
        at,
        ids: vec![(COMMIT, source.clone())],
        content: None,
        facts: vec![Fact {
            place: row.start(),
            at,
            on: cell::day(row, AUTHORED_AT),
            source,
            also: Vec::new(),
            by: By::Outside,
            what,
        }],
        notes: Vec::new(),
    })
}

/// One commit is one credit, however many files it changed: counting files would pay for moving them.
pub(crate) const fn credit(person: Identity, amount: i64) -> What {
    What::Support {
        service: None,
        person,
        kind: "contribution",
        amount,
        unit: Unit::MicroCredits,
        months: 1,
        pledge_series: None,
        stands_months: 0,
        book: None,
    }
}
