//! A file or repository that is open and wholly validated, ready to be read oldest first.

use std::ops::ControlFlow;
use std::path::Path;

use quantity::{Moment, Zone};

use crate::encoding::read_as;
use crate::issues::Issues;
use crate::layout::Mapping;
use crate::repository::Repository;
use crate::table::{How, Importer, Looked, Table};
use crate::{By, Fact, Kind, Refused, What, commits, members, open_collective, support};

/// Counts of a finished reading, for the line that reports an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows, commits or issues that give facts.
    pub records: u64,
    /// Records of a kind that gives no fact: merges in a repository, pull requests among issues.
    pub passed_over: u64,
    /// Sentences about records that count otherwise than they might, and why.
    pub notes: Vec<String>,
}

/// An opened, wholly validated file or repository.
#[derive(Debug)]
pub struct Source {
    kind: Kind,
    summary: Summary,
    opened: Opened,
    /// Support that was given before this moment leaves the book alone.
    books_from: Option<Moment>,
}

#[derive(Debug)]
enum Opened {
    Table(Table),
    Issues(Issues),
    Repository(Repository),
    Facts(Vec<Fact>),
}

/// Opens and validates `path` as a whole; `progress` gets the bytes that are done, and all bytes.
///
/// # Errors
/// The file's mistakes, or the fault that kept it from being read. No fact has been handed out then.
///
/// ```
/// use std::ops::ControlFlow;
/// let path = std::env::temp_dir().join(format!("rochdale-support-{}.csv", std::process::id()));
/// std::fs::write(&path, "member,kind,amount,unit,given_at\nmember-001,donation,5,USD,2025-11-01\n")?;
/// let mut source = bridges::open(bridges::Kind::SupportCsv, &path, &mut |_, _| {})?;
/// assert_eq!(source.count(), 1);
/// source.facts(&mut |fact| {
///     assert_eq!(fact.at.to_string(), "2025-11-01T00:00:00Z");
///     ControlFlow::Continue(())
/// })?;
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open(kind: Kind, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Source, Refused> {
    open_in(kind, path, &Zone::utc(), progress)
}

/// Opens as [`open`] does, for a co-op in `zone`: a day without a time is that day there.
///
/// # Errors
/// As [`open`].
pub fn open_in(kind: Kind, path: &Path, zone: &Zone, progress: &mut dyn FnMut(u64, u64)) -> Result<Source, Refused> {
    open_as(kind, path, How { zone, mapping: None, absent: &[] }, progress)
}

/// Opens as [`open_in`] does a table whose first line names its columns in other words, of which a mapping says which is which.
///
/// # Errors
/// As [`open`]; and a mapping that does not fit the file.
pub fn open_mapped(
    mapping: &Mapping,
    path: &Path,
    zone: &Zone,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Source, Refused> {
    open_as(mapping.kind, path, How { zone, mapping: Some(mapping), absent: &[] }, progress)
}

fn open_as(kind: Kind, path: &Path, how: How<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Source, Refused> {
    let table =
        |importer: &'static Importer, progress| Ok(Source::of_table(kind, Table::open(importer, path, how, progress)?));
    match kind {
        Kind::OpenCollectiveCsv => table(&open_collective::IMPORTER, progress),
        Kind::CommitsCsv => table(&commits::IMPORTER, progress),
        Kind::MembersCsv => table(&members::IMPORTER, progress),
        Kind::SupportCsv => table(&support::IMPORTER, progress),
        Kind::GithubIssues => {
            let issues = Issues::open(path, progress)?;
            let passed_over = issues.pull_requests;
            let notes = issues.encoding.map(read_as).into_iter().collect();
            let summary = Summary { records: issues.count(), passed_over, notes };
            Ok(Source { kind, summary, opened: Opened::Issues(issues), books_from: None })
        }
        Kind::Git => {
            let repository = Repository::open(path, progress)?;
            let summary = repository.summary();
            Ok(Source { kind, summary, opened: Opened::Repository(repository), books_from: None })
        }
        Kind::Balances => Err(Refused::fault(path, "opening balances come with a move: `rochdale move-in`")),
        Kind::Forge => Err(Refused::fault(path, "a forge is no file: its bridge brings its records")),
    }
}

/// A table of a co-op that moves in, read as a whole whatever is wrong with it.
#[derive(Debug)]
pub struct Paper {
    /// The rows that can be read.
    pub source: Source,
    /// Its mistakes: nothing of it may be taken while there is one.
    pub wrong: Option<Refused>,
    /// Whether rows could not be read, so that nobody knows whom they name.
    pub is_partial: bool,
}

/// Reads the register of a co-op that moves in: `members-csv` in which each row has the member's own number. Who is of no `kind` is a
/// person.
///
/// # Errors
/// A file that cannot be read at all.
pub fn read_register(path: &Path, zone: &Zone, progress: &mut dyn FnMut(u64, u64)) -> Result<Paper, Refused> {
    let absent = [("kind", "person".to_owned())];
    let how = How { zone, mapping: None, absent: &absent };
    Ok(Paper::of(Kind::MembersCsv, Table::look(&members::REGISTER, path, how, progress)?))
}

/// Reads the dues of a co-op that moves in: `support-csv` by the members' numbers. Without a column for it the unit is `currency`.
///
/// # Errors
/// A file that cannot be read at all.
pub fn read_dues(
    path: &Path,
    zone: &Zone,
    currency: &str,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Paper, Refused> {
    let absent = [("kind", support::DUE.to_owned()), ("unit", currency.to_owned())];
    let how = How { zone, mapping: None, absent: &absent };
    Ok(Paper::of(Kind::SupportCsv, Table::look(&support::DUES, path, how, progress)?))
}

impl Paper {
    fn of(kind: Kind, looked: Looked) -> Self {
        let Looked { table, wrong, is_partial } = looked;
        Self { source: Source::of_table(kind, table), wrong, is_partial }
    }
}

impl Source {
    fn of_table(kind: Kind, table: Table) -> Self {
        let summary = Summary { records: table.count(), notes: table.notes(), ..Summary::default() };
        Self { kind, summary, opened: Opened::Table(table), books_from: None }
    }

    /// Returns the source of what opening balances come to.
    #[must_use]
    pub fn of_balances(facts: Vec<Fact>, records: u64) -> Self {
        let summary = Summary { records, ..Summary::default() };
        Self { kind: Kind::Balances, summary, opened: Opened::Facts(facts), books_from: None }
    }

    /// Leaves the book alone for support that was given before `from`: the balances of that day have it.
    pub const fn book_from(&mut self, from: Moment) {
        self.books_from = Some(from);
    }

    /// Returns the source of facts that a forge's bridge has read.
    #[must_use]
    pub fn of_forge(facts: Vec<Fact>) -> Self {
        let records = facts.len() as u64;
        Self::heard(Kind::Forge, facts, records, Vec::new())
    }

    /// Returns the source of the facts of so many transactions that a bridge to Open Collective has read, with sentences about them.
    #[must_use]
    pub fn of_collective(facts: Vec<Fact>, records: u64, notes: Vec<String>) -> Self {
        Self::heard(Kind::OpenCollectiveCsv, facts, records, notes)
    }

    fn heard(kind: Kind, mut facts: Vec<Fact>, records: u64, notes: Vec<String>) -> Self {
        facts.sort_by_key(|fact| fact.at);
        let summary = Summary { records, notes, ..Summary::default() };
        Self { kind, summary, opened: Opened::Facts(facts), books_from: None }
    }

    /// Returns the number of records that give facts. One record may give several facts.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.summary.records
    }

    /// Returns the kind of its records.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns who wrote its records.
    #[must_use]
    pub const fn written_by(&self) -> By {
        match self.kind {
            Kind::MembersCsv | Kind::SupportCsv | Kind::Balances => By::Coop,
            Kind::Git => By::Author,
            Kind::OpenCollectiveCsv | Kind::CommitsCsv | Kind::GithubIssues | Kind::Forge => By::Outside,
        }
    }

    /// Gives those whom commits name as co-authors their part of the credit. Other kinds name none.
    pub fn share_credit(&mut self) {
        if let Opened::Repository(repository) = &mut self.opened {
            repository.share_credit();
            self.summary = repository.summary();
        }
    }

    /// Returns the counts of the reading.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns sentences about what gives no fact or counts otherwise than it might, and why.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let passed = match (self.kind, self.summary.passed_over) {
            (_, 0) => None,
            (Kind::Git, 1) => Some("1 merge gave nobody support: the merged commits have their own".to_owned()),
            (Kind::Git, merges) => {
                Some(format!("{merges} merges gave nobody support: the merged commits have their own"))
            }
            (_, 1) => Some("1 pull request was passed over: it is no issue".to_owned()),
            (_, pulls) => Some(format!("{pulls} pull requests were passed over: they are no issues")),
        };
        passed.into_iter().chain(self.summary.notes.iter().cloned()).collect()
    }

    /// Hands out every fact, ordered by time; facts of one time come oldest first as the file has them. It stops early
    /// when `each` breaks, and can be called again.
    ///
    /// # Errors
    /// A fault, if the file was changed since it was opened. Facts may have been handed out by then: take
    /// them as one transaction.
    pub fn facts(&mut self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) -> Result<(), Refused> {
        let books_from = self.books_from;
        let each = &mut |mut fact: Fact| {
            if let What::Support { book, .. } = &mut fact.what
                && books_from.is_some_and(|from| fact.at < from)
            {
                *book = None;
            }
            each(fact)
        };
        match &mut self.opened {
            Opened::Table(table) => table.facts(each),
            Opened::Issues(issues) => issues.facts(each),
            Opened::Repository(repository) => {
                repository.facts(each);
                Ok(())
            }
            Opened::Facts(facts) => {
                let _ = facts.iter().cloned().try_for_each(each);
                Ok(())
            }
        }
    }
}
