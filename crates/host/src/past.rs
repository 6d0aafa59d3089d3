//! A co-op's past, read from its log again on a connection of its own: neither readers nor writers of the present wait.

use std::path::PathBuf;

use engine::State;
use quantity::Moment;
use rochdale_log::Sqlite;

use crate::coop::Coop;
use crate::error::Error;
use crate::follow::state_at;
use crate::history::History;

/// Where a co-op's log can be read again.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) id: String,
    pub(crate) file: PathBuf,
    pub(crate) threads: usize,
}

impl Past {
    /// Returns the state as of `at`; `None` before the founding.
    pub(crate) fn state_at(&self, at: Moment) -> Result<Option<(State, History)>, Error> {
        let mut store = Sqlite::open_snapshot(&self.file)?;
        let found = state_at(&mut store, &self.id, at, self.threads)?;
        Ok(found.map(|(state, history, _)| (state, history)))
    }
}

impl Coop {
    /// `None` for a log that is in no file.
    pub(crate) fn past(&self) -> Option<Past> {
        Some(Past { id: self.id.clone(), file: self.file.clone()?, threads: self.threads })
    }
}
