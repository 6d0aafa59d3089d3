//! Bringing facts in, for every door alike: files and rows are opened and wholly checked, then taken in one batch, and their report
//! is kept in it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Fact, Kind, Layout, Mapping, Refused, What};
use charter::SupportKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::report::{Bringer, Brought, Door, Report};
use super::{LogTime, Named, Newcomers, NotTaken, Recording, heard, take_all};
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// The most bytes that a page or a program hands in at once: the writer does nothing else while they are taken.
pub const MOST_BYTES_HANDED: usize = 4 << 20;
/// The most letters of a file's name in reports.
const MOST_NAME: usize = 100;
/// The most lines of kinds that may not be recorded that are listed.
const MOST_LISTED: usize = 20;

/// How facts come in.
#[derive(Clone, Debug)]
pub struct Import {
    /// By which door.
    pub door: Door,
    /// By whom.
    pub by: Bringer,
    /// Which time their entries get.
    pub time: LogTime,
    /// Whether people whom nobody knows may be named.
    pub newcomers: Newcomers,
    /// The kinds that may be recorded.
    pub kinds: Kinds,
    /// By whose right.
    pub recording: Recording,
    /// How many days later the next file of the same source is expected, where somebody says so.
    pub every: Option<u32>,
}

/// The kinds that somebody may record: those of support, `members`, `items` and `book`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kinds {
    /// Everything.
    All,
    /// These alone.
    Only(BTreeSet<String>),
}

/// The kinds that are no support.
const OTHER_KINDS: [&str; 3] = ["members", "items", "book"];

impl Kinds {
    /// Every kind by its name.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        SupportKind::recorded().map(SupportKind::name).chain(OTHER_KINDS).collect()
    }

    /// Reads names that are parted by commas or spaces; all kinds where there are none.
    ///
    /// # Errors
    /// A name that is no kind's.
    pub fn parse(text: &str) -> Result<Kinds, String> {
        let words: BTreeSet<String> = text
            .split([',', ' '])
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.is_empty())
            .map(|word| {
                word.strip_suffix('s')
                    .filter(|one| SupportKind::parse_recorded(one).is_some())
                    .map_or(word.clone(), str::to_owned)
            })
            .collect();
        match words.iter().find(|word| !Kinds::names().contains(&word.as_str())) {
            Some(word) => Err(format!("`{word}` is not a kind of record: one of {}", Kinds::names().join(", "))),
            None if words.is_empty() => Ok(Kinds::All),
            None => Ok(Kinds::Only(words)),
        }
    }

    /// Returns the names, or `everything`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Kinds::All => "everything".to_owned(),
            Kinds::Only(names) => names.iter().cloned().collect::<Vec<_>>().join(", "),
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Kinds::All => true,
            Kinds::Only(names) => names.contains(name),
        }
    }
}

/// A file or a pasted table, as somebody handed it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One record of support as a program hands it in: the columns of `support-csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A name, an e-mail address, a handle or a pseudonym.
    pub member: String,
    /// The kind of support.
    pub kind: String,
    /// A decimal number with a point.
    pub amount: String,
    /// A currency, `hours` or `credits`.
    pub unit: String,
    /// A day, or an instant in ISO 8601.
    pub given_at: String,
    /// The record's own name where it comes from: handed in twice, it is recorded once.
    #[serde(default)]
    pub source: String,
    /// The source of the record that this one takes back.
    #[serde(default)]
    pub takes_back: String,
    /// The account that the money went to.
    #[serde(default)]
    pub book_to: String,
    /// The account that it came from.
    #[serde(default)]
    pub book_from: String,
    /// The part of the co-op that it was given to.
    #[serde(default)]
    pub service: String,
}

impl Handed {
    /// Makes a table of rows, whose first has the line 2.
    #[must_use]
    pub fn of_rows(name: &str, rows: &[Row]) -> Handed {
        let mut text = "member,kind,amount,unit,given_at,source,takes_back,book_to,book_from,service\n".to_owned();
        for row in rows {
            let cells = [
                &row.member,
                &row.kind,
                &row.amount,
                &row.unit,
                &row.given_at,
                &row.source,
                &row.takes_back,
                &row.book_to,
                &row.book_from,
                &row.service,
            ];
            let cells: Vec<String> =
                cells.into_iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        Handed { name: name.to_owned(), bytes: text.into_bytes() }
    }
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// Its first line is none that is known, and no mapping was made for it.
    #[error("{}", unknown(.0))]
    Unknown(Layout),
    /// It has mistakes, or cannot be read.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// Something failed that has nothing to do with the file.
    #[error("{0}")]
    Failed(#[from] Error),
}

fn unknown(layout: &Layout) -> String {
    match layout.columns.as_slice() {
        [] => "this is no table, and no list of issues in JSON".to_owned(),
        columns => format!(
            "no kind of file has the columns {}: say on the page *Record* which column is which, and it is kept for the next file",
            columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Opens and checks a file: as the kind that is named, as a mapping says, or as what its first line says it is.
///
/// # Errors
/// As [`NotOpened`].
pub fn open(coop: &Snapshot, path: &Path, kind: Option<Kind>, mapping: Option<&Mapping>) -> Result<Named, NotOpened> {
    let zone = &coop.state().rules.kernel.zone;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let quiet = &mut |_, _| {};
    let source = match (mapping, kind) {
        (Some(mapping), _) => bridges::open_mapped(mapping, path, zone, quiet)?,
        (None, Some(kind)) => bridges::open_in(kind, path, zone, quiet)?,
        (None, None) => {
            let layout = bridges::layout_of(path)?;
            match (coop.mapping(&layout)?, layout.kind) {
                (Some(mapping), _) => bridges::open_mapped(&mapping, path, zone, quiet)?,
                (None, Some(kind)) => bridges::open_in(kind, path, zone, quiet)?,
                (None, None) => return Err(NotOpened::Unknown(layout)),
            }
        }
    };
    Ok(Named { name, source })
}

/// Opens and checks what was handed in, as [`open`] does.
///
/// # Errors
/// As [`NotOpened`]; a repository cannot be handed in.
pub fn open_handed(
    coop: &Snapshot,
    handed: &Handed,
    kind: Option<Kind>,
    mapping: Option<&Mapping>,
) -> Result<Named, NotOpened> {
    if kind == Some(Kind::Git) {
        return Err(Error::Usage("a repository is read where it is: `rochdale import git`".to_owned()).into());
    }
    let (_folder, path) = handed.written()?;
    open(coop, &path, kind, mapping)
}

impl Handed {
    /// Returns what its beginning says of it.
    ///
    /// # Errors
    /// A fault of the machine.
    pub fn layout(&self) -> Result<Layout, NotOpened> {
        let (_folder, path) = self.written()?;
        Ok(bridges::layout_of(&path)?)
    }

    /// Writes it into a folder for its owner alone. A source that is open goes on reading once the folder is removed.
    pub(crate) fn written(&self) -> Result<(tempfile::TempDir, std::path::PathBuf), Error> {
        let failed = |why: std::io::Error| Error::File { path: "a temporary file".to_owned(), why };
        let folder = tempfile::tempdir().map_err(failed)?;
        let path = folder.path().join(plain_name(&self.name));
        std::fs::write(&path, &self.bytes).map_err(failed)?;
        Ok((folder, path))
    }
}

/// A name that a browser or a program sent, as the name of a file: no folders, and no signs that cannot be seen.
fn plain_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|sign| !bridges::is_refused_in_name(*sign)).take(MOST_NAME).collect();
    if name.trim_matches(['.', ' ']).is_empty() { "table.csv".to_owned() } else { name.trim().to_owned() }
}

/// Takes sources in, all of them or nothing, and keeps the report in the same batch. `each` is called before each fact.
///
/// # Errors
/// As [`take_all`], and records of kinds that may not be recorded. The caller drops the batch then.
pub fn bring(
    batch: &mut Batch<'_>,
    sources: &mut [Named],
    import: &Import,
    each: &mut dyn FnMut(),
) -> Result<Report, NotTaken> {
    let mut report = brought(batch, sources, import, each)?;
    let heard = heard::note(batch, sources, &report.taken, import)?;
    // A file in which everything is known is answered, and no report is kept of it.
    report.taken.notes.extend(heard);
    batch.keep_report(&mut report)?;
    Ok(report)
}

/// Takes single records in, as [`bring`] does: those of one bringer on one day have one report.
///
/// # Errors
/// As [`bring`].
pub fn bring_one(batch: &mut Batch<'_>, sources: &mut [Named], import: &Import) -> Result<Report, NotTaken> {
    let mut report = brought(batch, sources, import, &mut || ())?;
    let (LogTime::Now(now) | LogTime::Replay { now }) = import.time;
    let day = batch.state().rules.kernel.zone.civil(now);
    let day = format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
    batch.add_to_report(&mut report, &day)?;
    Ok(report)
}

/// Takes sources in one after the other, each wholly before the next, and keeps one report of all.
///
/// # Errors
/// As [`bring`].
pub(crate) fn bring_in_turn(
    batch: &mut Batch<'_>,
    sources: &mut [Named],
    import: &Import,
    notes: &[String],
    each: &mut dyn FnMut(),
) -> Result<Report, NotTaken> {
    let mut whole: Option<Report> = None;
    for source in sources.iter_mut() {
        let mut report = brought(batch, std::slice::from_mut(source), import, each)?;
        match &mut whole {
            None => whole = Some(report),
            Some(whole) => {
                // Whom later ones name has just come in with the first: nothing was found out of them.
                whole.files.extend(report.files);
                report.taken.joined.clear();
                whole.taken.merge(report.taken);
            }
        }
    }
    let Some(mut report) = whole else { return Err(Error::Usage("there is nothing to bring".to_owned()).into()) };
    report.taken.add_notes(notes);
    batch.keep_report(&mut report)?;
    Ok(report)
}

fn brought(
    batch: &mut Batch<'_>,
    sources: &mut [Named],
    import: &Import,
    each: &mut dyn FnMut(),
) -> Result<Report, NotTaken> {
    check_kinds(batch, sources, &import.kinds)?;
    batch.recording = import.recording;
    let taken = take_all(batch, sources, import.time, import.newcomers, each)?;
    let (LogTime::Now(now) | LogTime::Replay { now }) = import.time;
    let files = sources.iter().map(Brought::of).collect();
    let Import { door, by, .. } = import.clone();
    Ok(Report { number: None, at_us: now.0, door, by, files, taken, refused: Vec::new() })
}

impl Brought {
    fn of(named: &Named) -> Brought {
        let (name, kind) = (named.name.clone(), Some(named.source.kind().name().to_owned()));
        Brought { name, kind, records: named.source.count() }
    }
}

/// Refuses records of kinds that may not be recorded, before anything is taken.
fn check_kinds(batch: &mut Batch<'_>, sources: &mut [Named], kinds: &Kinds) -> Result<(), NotTaken> {
    if *kinds == Kinds::All {
        return Ok(());
    }
    let (mut lines, mut more) = (Vec::new(), 0_u64);
    for Named { name, source } in sources.iter_mut() {
        let mut fault = None;
        source.facts(&mut |fact| {
            match kind_of(batch, &fact) {
                Ok(Some(kind)) if !kinds.has(&kind) && lines.len() < MOST_LISTED => lines.push(format!(
                    "{name}:{}:{}: `{kind}` may not be recorded by this token, which is for {}",
                    fact.place.line,
                    fact.place.column,
                    kinds.words()
                )),
                Ok(Some(kind)) if !kinds.has(&kind) => more += 1,
                Ok(_) => {}
                Err(error) => {
                    fault = Some(error);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })?;
        if let Some(error) = fault {
            return Err(error.into());
        }
    }
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    if lines.is_empty() { Ok(()) } else { Err(NotTaken::Unclear(lines)) }
}

/// The kind of a fact; none for what takes back a record of this very file, whose kind is looked at by itself.
fn kind_of(batch: &mut Batch<'_>, fact: &Fact) -> Result<Option<String>, Error> {
    Ok(match &fact.what {
        What::Support { kind, .. } => Some((*kind).to_owned()),
        What::Member { .. } => Some("members".to_owned()),
        What::Item { .. } => Some("items".to_owned()),
        What::Booking { .. } => Some("book".to_owned()),
        What::Reversal { of, .. } => {
            let mut kind = None;
            for of in of {
                kind = kind.or(batch.recorded(of)?.map(|recorded| recorded.kind.name().to_owned()));
            }
            kind
        }
    })
}
