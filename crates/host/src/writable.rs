//! A co-op that one can write, whoever its writer is: this process alone, or a server's thread. Commands do the same in both.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use engine::Pseudonym;
use engine::edition::Edition;
use quantity::Moment;

use crate::batch::{Accepted, Batch};
use crate::coop::{Coop, Submission, Submitted};
use crate::edition::Way;
use crate::error::Error;
use crate::shared::Shared;
use crate::snapshot::Snapshot;

/// A co-op that can be written.
#[derive(Debug)]
pub enum Writable {
    /// By this process, and no other.
    Alone(Box<Coop>),
    /// By the writer of the server that this is.
    Served(Arc<Shared>),
}

impl Writable {
    /// Opens the co-op in `folder` for this process alone.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn open(folder: &Path, now: Moment) -> Result<Writable, Error> {
        Ok(Writable::Alone(Box::new(Coop::open(folder, now)?)))
    }

    /// The co-op as it was committed last.
    #[must_use]
    pub fn read(&self) -> Arc<Snapshot> {
        match self {
            Writable::Alone(coop) => coop.committed(),
            Writable::Served(shared) => shared.read(),
        }
    }

    /// As [`Coop::warning`].
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match self {
            Writable::Alone(coop) => coop.warning().map(str::to_owned),
            Writable::Served(shared) => shared.warning(),
        }
    }

    /// Does all of `work` in one transaction, or nothing of it, and waits for that however long it takes. A server's other
    /// writers wait meanwhile, and its readers do not.
    ///
    /// # Errors
    /// The error of `work`, a full queue, or a fault.
    pub fn write<T, E>(&mut self, work: impl FnOnce(&mut Batch<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match self {
            Writable::Alone(coop) => {
                let mut batch = coop.batch()?;
                match work(&mut batch) {
                    Ok(done) => Ok(batch.commit().map(|()| done)?),
                    Err(error) => {
                        batch.abort();
                        Err(error)
                    }
                }
            }
            Writable::Served(shared) => {
                let (told, answer) = sync_channel(1);
                shared.do_later(work, move |result| {
                    let _ = told.send(result);
                })?;
                answer.recv().unwrap_or_else(|_| Err(Error::Busy(UNANSWERED).into()))
            }
        }
    }

    /// As [`Coop::submit`].
    ///
    /// # Errors
    /// As [`Coop::submit`].
    pub fn submit(&mut self, acts: Vec<Submission>, now: Moment) -> Result<Vec<Submitted>, Error> {
        let handed_in = self.write(move |batch| {
            let founded = batch.is_founded();
            let results = acts.iter().map(|act| batch.hand_in(act, now)).collect::<Result<Vec<_>, Error>>()?;
            // Founding puts the rules into force, and a refused act changes nothing.
            let keeps = founded || results.iter().any(|result| matches!(result, Submitted::Accepted(_)));
            if keeps { Ok(results) } else { Err(Unkept::Refused(results)) }
        });
        match handed_in {
            Ok(results) | Err(Unkept::Refused(results)) => Ok(results),
            Err(Unkept::Failed(error)) => Err(error),
        }
    }

    /// As [`Coop::find_member`].
    ///
    /// # Errors
    /// As [`Coop::find_member`].
    pub fn find_member(&mut self, name: &str) -> Result<Option<Pseudonym>, Error> {
        match self {
            Writable::Alone(coop) => coop.find_member(name),
            Writable::Served(shared) => shared.read().find_member(name),
        }
    }

    /// As [`Coop::go_on_under`].
    ///
    /// # Errors
    /// As [`Coop::go_on_under`].
    pub fn go_on_under(&mut self, edition: Edition, way: Way, open: bool, now: Moment) -> Result<Accepted, Error> {
        self.write(move |batch| batch.catch_up(now))?;
        self.write(move |batch| batch.go_on_under(edition, way, open, now))
    }
}

const UNANSWERED: &str = "it was not answered, and it is not known whether it is done";

/// The reason why nothing of a batch of acts is kept.
enum Unkept {
    /// None was accepted.
    Refused(Vec<Submitted>),
    Failed(Error),
}

impl From<Error> for Unkept {
    fn from(error: Error) -> Self {
        Unkept::Failed(error)
    }
}
