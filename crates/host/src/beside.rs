//! Storage read beside the writer: on handles that only read, from any thread. None waits for a sync.

use std::sync::{Arc, Mutex, PoisonError};

use rochdale_log::{Readers, Store};

use crate::error::Error;

/// A co-op's log and the records beside it, for readers.
pub(crate) struct Beside {
    coop: String,
    readers: Arc<dyn Readers>,
    /// Handles at rest: opening one takes longer than most reads.
    idle: Mutex<Vec<Box<dyn Store>>>,
}

/// As many handles as are kept open. A reader who finds none opens one.
const MOST_IDLE: usize = 8;

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beside").field("coop", &self.coop).finish_non_exhaustive()
    }
}

impl Beside {
    /// The readers of the co-op `coop` in `store`.
    pub(crate) fn of(store: &dyn Store, coop: &str) -> Beside {
        Beside { coop: coop.to_owned(), readers: store.readers(), idle: Mutex::default() }
    }

    /// Looks at what is committed now.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut dyn Store, &str) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut store = match idle {
            Some(store) => store,
            None => self.readers.open()?,
        };
        // A handle that failed is not kept.
        let seen = look(&mut *store, &self.coop)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(store);
        }
        Ok(seen)
    }

    /// Returns a handle that sees one state of storage, for long reads.
    pub(crate) fn snapshot(&self) -> Result<Box<dyn Store>, Error> {
        Ok(self.readers.open_snapshot()?)
    }
}
