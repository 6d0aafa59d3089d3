//! A file or repository that is open and wholly validated, ready to be read oldest first.

use std::ops::ControlFlow;
use std::path::Path;

use crate::issues::Issues;
use crate::repository::Repository;
use crate::table::{Importer, Table};
use crate::{Fact, Kind, Refused, commits, members, open_collective, support};

/// Counts of a finished reading, for the line that reports an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows, commits or issues that give facts.
    pub records: u64,
    /// Records of a kind that gives no fact: merges in a repository, pull requests among issues.
    pub passed_over: u64,
    /// Files changed by the commits of a repository, each against its first parent.
    pub files_changed: u64,
}

/// An opened, wholly validated file or repository.
#[derive(Debug)]
pub struct Source {
    summary: Summary,
    opened: Opened,
}

#[derive(Debug)]
enum Opened {
    Table(Table),
    Issues(Issues),
    Repository(Repository),
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
    let table = |importer: &'static Importer, progress| {
        let table = Table::open(importer, path, progress)?;
        let summary = Summary { records: table.count(), ..Summary::default() };
        Ok(Source { summary, opened: Opened::Table(table) })
    };
    match kind {
        Kind::OpenCollectiveCsv => table(&open_collective::IMPORTER, progress),
        Kind::CommitsCsv => table(&commits::IMPORTER, progress),
        Kind::MembersCsv => table(&members::IMPORTER, progress),
        Kind::SupportCsv => table(&support::IMPORTER, progress),
        Kind::GithubIssues => {
            let issues = Issues::open(path, progress)?;
            let passed_over = issues.pull_requests;
            let summary = Summary { records: issues.count(), passed_over, files_changed: 0 };
            Ok(Source { summary, opened: Opened::Issues(issues) })
        }
        Kind::Git => {
            let repository = Repository::open(path, progress)?;
            let summary = repository.summary();
            Ok(Source { summary, opened: Opened::Repository(repository) })
        }
    }
}

impl Source {
    /// Returns the number of records that give facts. One record may give several facts.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.summary.records
    }

    /// Returns the counts of the reading.
    #[must_use]
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// Hands out every fact, ordered by time; facts of one time come oldest first as the file has them. It stops early
    /// when `each` breaks, and can be called again.
    ///
    /// # Errors
    /// A fault, if the file was changed since it was opened. Facts may have been handed out by then: take
    /// them as one transaction.
    pub fn facts(&mut self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) -> Result<(), Refused> {
        match &mut self.opened {
            Opened::Table(table) => table.facts(each),
            Opened::Issues(issues) => issues.facts(each),
            Opened::Repository(repository) => {
                repository.facts(each);
                Ok(())
            }
        }
    }
}
