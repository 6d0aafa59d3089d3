//! Which kind of file somebody has handed in, by its first line; and how one of no known kind is read, where somebody said which
//! column is which. It reads no record.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::table::{Importer, beginning};
use crate::{Kind, Refused, commits, members, open_collective, support};

/// How a table of other columns is read: said once by hand, and kept for the next file with the same first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The kind of its rows: [`Kind::SupportCsv`] or [`Kind::MembersCsv`].
    pub kind: Kind,
    /// For each of the kind's columns, by its name, where its text is from. Columns that are not needed may be left out.
    pub columns: Vec<(String, Origin)>,
}

/// Where the text of a column is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// This cell of each row, from 0.
    Cell(usize),
    /// The same text in each row.
    Always(String),
}

/// A file as its beginning describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Its kind, where the first line is one that is known.
    pub kind: Option<Kind>,
    /// The cells of the first line; none for a file that is no table.
    pub columns: Vec<String>,
    /// The cells of the row after it.
    pub example: Vec<String>,
    /// The name under which a mapping is kept: the hash of the first line, whatever its capitals and the spaces around its cells.
    pub first_line: String,
}

/// The kinds that are tables, in the order in which a first line is tried.
const TABLES: [(Kind, &Importer); 4] = [
    (Kind::OpenCollectiveCsv, &open_collective::IMPORTER),
    (Kind::CommitsCsv, &commits::IMPORTER),
    (Kind::SupportCsv, &support::IMPORTER),
    (Kind::MembersCsv, &members::IMPORTER),
];

/// So many bytes at the beginning show whether a file is JSON.
const LOOKED_AT: u64 = 1 << 10;

/// Looks at the beginning of a file.
///
/// # Errors
/// A file that cannot be read.
pub fn layout_of(path: &Path) -> Result<Layout, Refused> {
    if begins_as_json(path)? {
        return Ok(Layout { kind: Some(Kind::GithubIssues), ..Layout::default() });
    }
    let importers = TABLES.map(|(_, importer)| importer);
    let Some(found) = beginning(path, &importers)? else { return Ok(Layout::default()) };
    let kind = found.known.and_then(|place| TABLES.get(place)).map(|(kind, _)| *kind);
    let mut hash = Sha256::new();
    for cell in &found.columns {
        let folded = cell.trim().to_lowercase();
        hash.update((folded.len() as u64).to_be_bytes());
        hash.update(folded.as_bytes());
    }
    let first_line = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Layout { kind, columns: found.columns, example: found.example, first_line })
}

fn begins_as_json(path: &Path) -> Result<bool, Refused> {
    let fault = |error: std::io::Error| Refused::fault(path, error);
    // Asked first, because opening a pipe waits for its other end.
    if !std::fs::metadata(path).map_err(fault)?.is_file() {
        return Ok(false);
    }
    let mut begin = Vec::new();
    File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut begin)).map_err(fault)?;
    let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&begin);
    Ok(begin.trim_ascii_start().first() == Some(&b'['))
}

/// Returns the columns that a kind of table has, each with whether it is needed; none for a kind that is no table.
#[must_use]
pub fn columns_of(kind: Kind) -> Vec<(&'static str, bool)> {
    let found = TABLES.into_iter().find(|(table, _)| *table == kind);
    found.into_iter().flat_map(|(_, importer)| importer.columns).map(|column| (column.name, column.needed)).collect()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use quantity::Zone;

    use super::*;
    use crate::open_mapped;

    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn the_first_line_says_what_a_file_is() {
        for (text, kind) in [
            ("member,kind,amount,unit,given_at\n", Some(Kind::SupportCsv)),
            ("Mitglied;Art;Betrag;Einheit;Datum\n", Some(Kind::SupportCsv)),
            ("\u{feff}name,kind,joined,email\n", Some(Kind::MembersCsv)),
            ("sep=;\ncommit;authored_at;author;files_changed\n", Some(Kind::CommitsCsv)),
            (
                "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n",
                Some(Kind::OpenCollectiveCsv),
            ),
            (" [{\"number\":1}]", Some(Kind::GithubIssues)),
            ("who,how much,when\n", None),
            ("", None),
        ] {
            let (_folder, path) = file(text);
            assert_eq!(layout_of(&path).unwrap().kind, kind, "{text}");
        }
        let (_one, path) = file("Who, How much\nmember-001,5\n");
        let known = layout_of(&path).unwrap();
        assert_eq!((known.columns.len(), known.example), (2, vec!["member-001".to_owned(), "5".to_owned()]));
        let (_other, path) = file("who;HOW MUCH\n");
        assert_eq!(layout_of(&path).unwrap().first_line, known.first_line);
    }

    #[test]
    fn a_table_of_other_columns_is_read_as_somebody_says() {
        let (_folder, path) = file("when,who,hours worked\n2025-03-01,member-001,1.25\n2025-03-02,member-002,x\n");
        let cell = |name: &str, at| (name.to_owned(), Origin::Cell(at));
        let always = |name: &str, text: &str| (name.to_owned(), Origin::Always(text.to_owned()));
        let columns = vec![
            cell("member", 1),
            always("kind", "hours"),
            cell("amount", 2),
            always("unit", "hours"),
            cell("given_at", 0),
        ];
        let mapping = Mapping { kind: Kind::SupportCsv, columns };
        let open = |mapping: &Mapping| open_mapped(mapping, &path, &Zone::utc(), &mut |_, _| {});
        let wrong = open(&mapping).unwrap_err().to_string();
        assert!(wrong.starts_with("file:3:23: "), "{wrong}");
        std::fs::write(&path, "when,who,hours worked\n2025-03-01,member-001,1.25\n").unwrap();
        let mut facts = Vec::new();
        let mut source = open(&mapping).unwrap();
        source
            .facts(&mut |fact| {
                facts.push(fact);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(matches!(&*facts, [fact] if fact.at.to_string() == "2025-03-01T00:00:00Z"), "{facts:?}");
        let missing = Mapping { columns: mapping.columns[1..].to_vec(), ..mapping.clone() };
        let why = open(&missing).unwrap_err().to_string();
        assert!(why.contains("the mapping says nothing of `member`"), "{why}");
        let beyond = Mapping { columns: vec![cell("member", 7)], ..mapping };
        assert!(open(&beyond).unwrap_err().to_string().contains("does not have"));
    }
}
