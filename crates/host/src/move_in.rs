//! An existing co-op moves in: its register, its dues and its opening balances are read together, each is checked against the others, and
//! all of it is kept in one go or nothing of it. The inbox records it as it does every import, and the engine decides. Source:
//! `docs/spec/import.md`, *Moving in*.

mod check;
mod opening;
mod report;

use std::path::Path;

use bridges::balances::{Balances, read_balances};
use bridges::{Paper, Refused, Source, read_dues, read_register};
use engine::Edition;
use quantity::Moment;

use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::{Handed, Import, LogTime, Named, Newcomers, NotTaken, bring_in_turn};
use crate::snapshot::Snapshot;
use check::Findings;
pub use report::{DuesIn, DuesOfYear, MovingIn, OpeningIn, RegisterIn};

/// The files of a co-op that moves in, and what is said beside them.
#[derive(Clone, Debug, Default)]
pub struct Papers<'a> {
    /// The register, with the members' own numbers.
    pub register: Option<&'a Path>,
    /// Dues by these numbers.
    pub dues: Option<&'a Path>,
    /// Balances of accounts, all of one day.
    pub balances: Option<&'a Path>,
    /// Their day, where the file has no column for it.
    pub balances_on: Option<&'a str>,
}

/// The same as somebody handed them in.
#[derive(Clone, Debug, Default)]
pub struct HandedPapers {
    /// The register.
    pub register: Option<Handed>,
    /// The dues.
    pub dues: Option<Handed>,
    /// The balances.
    pub balances: Option<Handed>,
    /// Their day.
    pub balances_on: Option<String>,
}

/// Papers that were read, whatever is wrong with them.
#[derive(Debug, Default)]
pub struct Opened {
    register: Option<Sheet>,
    dues: Option<Sheet>,
    balances: Option<(String, Result<Balances, Refused>)>,
}

/// A table that was read.
#[derive(Debug)]
struct Sheet {
    named: Named,
    wrong: Option<Refused>,
    is_partial: bool,
}

/// Whether a move is only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing is kept: what would be.
    Look,
    /// All of it is kept, if nothing is wrong.
    Keep,
}

/// Why nothing of a move is kept: its batch is undone.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
    /// It was only looked at, or something is wrong.
    #[error("it was looked at")]
    Looked(Box<MovingIn>),
    /// Something failed that has nothing to do with it.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl Undone {
    /// The answer of a move, kept or not.
    ///
    /// # Errors
    /// A fault.
    pub fn answer(done: Result<MovingIn, Undone>) -> Result<MovingIn, Error> {
        match done {
            Ok(moved) => Ok(moved),
            Err(Undone::Looked(moved)) => Ok(*moved),
            Err(Undone::Failed(error)) => Err(error),
        }
    }
}

/// Reads the papers. Their mistakes are kept for [`move_in`], which reports all of them together.
///
/// # Errors
/// No paper at all, or one that cannot be read.
pub fn open(coop: &Snapshot, papers: &Papers<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Opened, Refused> {
    let kernel = &coop.state().rules.kernel;
    let (zone, currency) = (&kernel.zone, kernel.currency.code());
    let mut opened = Opened::default();
    if let Some(path) = papers.register {
        opened.register = Some(Sheet::of(path, read_register(path, zone, progress)?));
    }
    if let Some(path) = papers.dues {
        opened.dues = Some(Sheet::of(path, read_dues(path, zone, currency, progress)?));
    }
    if let Some(path) = papers.balances {
        let read = match read_balances(path, zone, papers.balances_on, currency) {
            Err(fault @ Refused::Fault { .. }) => return Err(fault),
            read => read,
        };
        opened.balances = Some((name_of(path), read));
    }
    Ok(opened)
}

impl HandedPapers {
    /// Reads what was handed in, as [`open`] does.
    ///
    /// # Errors
    /// As [`open`], or a fault of the machine.
    pub fn open(&self, coop: &Snapshot) -> Result<Opened, crate::inbox::NotOpened> {
        let written = |handed: &Option<Handed>| handed.as_ref().map(Handed::written).transpose();
        // A file that is open goes on being read once its folder is removed.
        let (register, dues, balances) = (written(&self.register)?, written(&self.dues)?, written(&self.balances)?);
        let path =
            |written: &Option<(tempfile::TempDir, std::path::PathBuf)>| written.as_ref().map(|(_, path)| path.clone());
        let (register, dues, balances, _folders) =
            (path(&register), path(&dues), path(&balances), (register, dues, balances));
        let papers = Papers {
            register: register.as_deref(),
            dues: dues.as_deref(),
            balances: balances.as_deref(),
            balances_on: self.balances_on.as_deref(),
        };
        Ok(open(coop, &papers, &mut |_, _| ())?)
    }
}

impl Sheet {
    fn of(path: &Path, paper: Paper) -> Sheet {
        let Paper { source, wrong, is_partial } = paper;
        Sheet { named: Named { name: name_of(path), source }, wrong, is_partial }
    }
}

impl Opened {
    /// Whether there is nothing to move in with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.register.is_none() && self.dues.is_none() && self.balances.is_none()
    }

    /// The records of all of them.
    #[must_use]
    pub fn count(&self) -> u64 {
        let sheets = [&self.register, &self.dues].into_iter().flatten();
        sheets.map(|sheet| sheet.named.source.count()).sum::<u64>() + u64::from(self.balances.is_some())
    }
}

/// Checks everything against everything, and keeps it all where nothing is wrong and it is asked for.
///
/// # Errors
/// Whatever is not kept: the answer is in it ([`Undone::answer`]), and the batch is to be undone.
pub fn move_in(
    batch: &mut Batch<'_>,
    mut opened: Opened,
    import: &Import,
    then: Then,
    each: &mut dyn FnMut(),
) -> Result<MovingIn, Undone> {
    let (LogTime::Now(now) | LogTime::Replay { now }) = import.time;
    // An empty log learns its edition with its first entry.
    batch.run_due(batch.time(now))?;
    let mut moving = MovingIn::default();
    let mut found = Findings::default();
    if opened.is_empty() {
        found.say("there is nothing to move in with: give a register, dues or balances".to_owned());
    } else if batch.state().editions.current < Edition::THREE {
        found.say(
            "the log keeps days of joining and leaving from edition 3 of the rules on: go on under it first, with `rochdale edition`"
                .to_owned(),
        );
    } else {
        check::everything(batch, &mut opened, import, &mut moving, &mut found)?;
    }
    if !found.is_wrong() {
        let mut sources = sources(&mut opened, moving.books_from);
        let import = Import { newcomers: Newcomers::Welcome, ..import.clone() };
        match bring_in_turn(batch, &mut sources, &import, &found.notes, each) {
            Ok(report) => moving.import = Some(report),
            Err(why) => found.not_taken(why)?,
        }
    }
    let is_wrong = found.is_wrong();
    (moving.wrong, moving.notes) = found.words();
    if is_wrong || then == Then::Look {
        return Err(Undone::Looked(Box::new(moving)));
    }
    moving.kept = true;
    Ok(moving)
}

/// The sources of the papers in turn: the register has everybody by the time that dues name them.
fn sources(opened: &mut Opened, books_from: Option<Moment>) -> Vec<Named> {
    let mut sources = Vec::new();
    sources.extend(opened.register.take().map(|sheet| sheet.named));
    if let Some(mut sheet) = opened.dues.take() {
        if let Some(from) = books_from {
            sheet.named.source.book_from(from);
        }
        sources.push(sheet.named);
    }
    if let Some((name, Ok(balances))) = opened.balances.take() {
        let records = balances.rows.len() as u64;
        sources.push(Named { name, source: Source::of_balances(opening::facts(&balances), records) });
    }
    sources
}

/// A file's name without its folder.
fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl Findings {
    /// The reason why something was not taken, for people; a fault is an error.
    fn not_taken(&mut self, why: NotTaken) -> Result<(), Error> {
        match why {
            NotTaken::Failed(error) => match *error {
                Error::Usage(words) => self.say(words),
                Error::Refused(refusal) => self.say(refusal.to_string()),
                error => return Err(error),
            },
            NotTaken::Unclear(lines) => lines.into_iter().for_each(|line| self.say(line)),
            NotTaken::Source(refused) => self.refused(&refused),
            record @ NotTaken::Record { .. } => {
                let words = record.to_string();
                self.say(words.strip_suffix("; nothing was imported").unwrap_or(&words).to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
