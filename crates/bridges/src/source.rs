//! A file or repository that is open and wholly validated, ready to be read oldest first.

use std::ops::ControlFlow;
use std::path::Path;

use crate::{Fact, Kind, Refused};

/// What was read, for the line that tells a person what happened.
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
}

/// Opens and validates `path` as a whole; `progress` is told how much is done, of how much.
///
/// # Errors
/// The file's mistakes, or the fault that kept it from being read. Nothing has been handed out then.
pub fn open(
    _kind: Kind,
    path: &Path,
    _progress: &mut dyn FnMut(u64, u64),
) -> Result<Source, Refused> {
    Err(Refused::fault(path, "not read yet"))
}

impl Source {
    /// How many records give facts. One record may give several facts.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.summary.records
    }

    /// What was read.
    #[must_use]
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// Hands out every fact, ordered by time; at one time oldest first as the file has them. Stops early
    /// when `each` breaks.
    ///
    /// # Errors
    /// A fault, if the file was changed or vanished since it was opened.
    pub fn facts(
        &mut self,
        _each: &mut dyn FnMut(Fact) -> ControlFlow<()>,
    ) -> Result<(), Refused> {
        Ok(())
    }
}
