//! A co-op that a server serves: any number of readers, who never wait, and one writer, whose queue takes acts and forms alike.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::State;
use quantity::Moment;

use crate::batch::Batch;
use crate::behind::Behind;
use crate::bridge::Vault;
use crate::clock::{self, Reading};
use crate::coop::{Coop, Submission, Submitted, threads};
use crate::error::Error;
use crate::follow::state_at;
use crate::history::History;
use crate::past::weighed_at;
use crate::receipt::{Tiles, receipt};
use crate::signed::Signing;
use crate::snapshot::Snapshot;
use crate::stored::Shelf;
use crate::writer::{HandIn, Job, Part, Writer};

/// A co-op shared by many.
#[derive(Debug)]
pub struct Shared {
    writer: Writer,
    clock: ServerClock,
    /// Held while the past is read: a replay takes a processor to itself.
    past: Mutex<()>,
    behind: Option<Behind>,
    shelf: Option<Shelf>,
    /// Held while a snapshot is stored.
    storing: Mutex<()>,
    /// Where checkpoints are kept.
    signed: Option<PathBuf>,
    tiles: Tiles,
}

/// Whose clock gives acts their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerClock {
    /// The machine's.
    Machine,
    /// A demonstration's: it goes on from the end of its log, which was at `machine` by the machine's clock.
    From {
        /// The log's time at the start.
        log: Moment,
        /// The machine's time then.
        machine: Moment,
    },
}

impl ServerClock {
    /// The time that an act gets now.
    #[must_use]
    pub fn now(self) -> Moment {
        match self {
            ServerClock::Machine => clock::now(),
            ServerClock::From { log, machine } => {
                Moment(log.0.saturating_add(clock::now().0.saturating_sub(machine.0)))
            }
        }
    }
}

/// A blocking caller waits so long for an answer. The work goes on without them.
const PATIENCE: Duration = Duration::from_secs(60);

impl Shared {
    /// Shares a co-op: a thread of its own writes from now on, until this is dropped.
    #[must_use]
    pub fn new(mut coop: Coop, clock: ServerClock) -> Shared {
        coop.threads = spare_threads();
        let (shelf, image, begun) = (coop.shelf.clone(), coop.image.clone(), coop.committed());
        let signed = coop.signing.as_ref().map(|signing| signing.folder().to_owned());
        let writer = Writer::start(coop, clock);
        let behind = image.map(|image| Behind::start(image, &begun, shelf.clone(), writer.brake()));
        Shared {
            writer,
            clock,
            past: Mutex::default(),
            behind,
            shelf,
            storing: Mutex::default(),
            signed,
            tiles: Tiles::default(),
        }
    }

    /// The place of the last entry that is not verified again yet, after a start from a stored snapshot.
    #[must_use]
    pub fn unverified(&self) -> Option<u64> {
        self.behind.as_ref()?.until()
    }

    /// The checkpoint that was signed last, as it was signed, if there is one. It is read from its file.
    #[must_use]
    pub fn checkpoint(&self) -> Option<String> {
        Signing::newest(self.signed.as_deref()?)
    }

    /// As [`Coop::warning`](crate::Coop::warning).
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.writer.published().warning
    }

    /// The last entry under the checkpoint that was signed last; 0 without one.
    #[must_use]
    pub fn signed_until(&self) -> u64 {
        let checkpoint = self.checkpoint().and_then(|note| rochdale_log::Checkpoint::unsigned(&note).ok());
        checkpoint.map_or(0, |signed| signed.size)
    }

    /// The receipt of an entry under the checkpoint that was signed last: C2SP `tlog-proof`. `None` where the entry is not among the
    /// signed ones.
    ///
    /// # Errors
    /// A fault.
    pub fn receipt(&self, entry: u64) -> Result<Option<String>, Error> {
        let Some(checkpoint) = self.checkpoint() else { return Ok(None) };
        let present = self.read();
        present.beside.look(|store, coop| receipt(store, coop, &self.tiles, entry, &checkpoint))
    }

    /// The public key that the log is signed with, as `NAME+ID+DATA`, if there is one yet.
    #[must_use]
    pub fn public_key(&self) -> Option<String> {
        Signing::public_key(self.signed.as_deref()?, self.read().id())
    }

    /// The vault of the bridges' tokens and secrets, where the co-op has a folder.
    #[must_use]
    pub fn vault(&self) -> Option<Vault> {
        Some(Vault::of(self.signed.as_deref()?, self.read().id()))
    }

    /// The vault of members' seeds, where the co-op has a folder.
    #[must_use]
    pub fn gate_vault(&self) -> Option<Vault> {
        Some(Vault::of_gate(self.signed.as_deref()?, self.read().id()))
    }

    #[cfg(test)]
    pub(crate) fn wait_for_verification(&mut self) {
        self.behind.iter_mut().for_each(Behind::wait);
    }

    /// Stores a snapshot where the log has grown enough since the last one, so that the next start is short. Nobody waits for
    /// it but the caller.
    ///
    /// # Errors
    /// The file system's: the next start takes longer.
    pub fn store_snapshot(&self) -> Result<(), Error> {
        let Ok(_one_at_a_time) = self.storing.try_lock() else { return Ok(()) };
        let present = self.read();
        let shelf = self.shelf.as_ref().filter(|shelf| shelf.wants(present.head(), false));
        shelf.map_or(Ok(()), |shelf| shelf.put(&present))
    }

    /// Shares a demonstration: its time goes on from where its log ends, and its next update can be run at once.
    #[must_use]
    pub fn demonstration(coop: Coop) -> Shared {
        let clock = ServerClock::From { log: coop.state().time, machine: clock::now() };
        Shared::new(coop, clock)
    }

    /// Whether the next update can be run ahead of its time.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        matches!(self.clock, ServerClock::From { .. })
    }

    /// Doubts the machine's clock where it is more than a year after the last entry: nothing is written then until
    /// [`Shared::believe_clock`]. A demonstration, and a log that was only just imported with its records' dates, are old by nature.
    pub fn doubt_clock_at_start(&self, reading: Reading) {
        let present = self.read();
        if present.is_founded() && !present.is_as_imported() && !present.state().founding.act.demonstration {
            self.writer.watch_from(present.state().time, reading);
        }
    }

    /// Compares the wall's clock with the machine's own; whether it is doubted, so that nothing is written.
    #[must_use]
    pub fn doubts_clock(&self, reading: Reading) -> bool {
        self.writer.doubts(reading)
    }

    /// Believes the machine's clock from now on: an operator says that it is right.
    pub fn believe_clock(&self, reading: Reading) {
        self.writer.believe(reading);
    }

    /// The present as this server's log sees it.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The co-op as it was committed last, whatever the writer is doing; after a fault too.
    #[must_use]
    pub fn read(&self) -> Arc<Snapshot> {
        self.writer.published().snapshot
    }

    /// Whether the co-op can be read and written.
    ///
    /// # Errors
    /// The reason why it cannot be written now.
    pub fn health(&self) -> Result<(), String> {
        self.writer.published().fault.map_or(Ok(()), Err)
    }

    /// How many transactions are on storage since the start: each is one sync, whatever number of acts shared it.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    /// Hands one act in; `answer` is told once it is on storage or refused. It shares a sync with everything that waits.
    ///
    /// # Errors
    /// The queue is full, and nothing was done; `answer` is dropped.
    pub fn hand_in(
        &self,
        submission: Submission,
        answer: impl FnOnce(Result<Submitted, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.queue(HandIn::new(submission, answer))
    }

    /// Does all of `work` or nothing of it; `answer` is told its result once that is on storage. It shares a sync with
    /// everything that waits. Others wait for it meanwhile, so that it looks at nothing but the batch.
    ///
    /// # Errors
    /// The queue is full, and nothing was done; `answer` is dropped.
    pub fn do_later<T, E>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, E> + Send + 'static,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.queue(Part::new(work, answer))
    }

    #[cfg(test)]
    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    fn queue(&self, job: impl Job + 'static) -> Result<(), Error> {
        self.writer.queue(Box::new(job))
    }

    /// As [`Shared::hand_in`], and waits for the answer.
    ///
    /// # Errors
    /// The queue is full, or a fault: then it is unknown whether the act is done, and handing it in again under its key
    /// shows it.
    pub fn submit(&self, submission: Submission) -> Result<Submitted, Error> {
        let (told, answer) = sync_channel(1);
        self.hand_in(submission, move |result| {
            let _ = told.send(result);
        })?;
        wait(&answer)?
    }

    /// As [`Shared::do_later`], and waits for the answer.
    ///
    /// # Errors
    /// The error of `work`, a full queue, or a fault.
    pub fn write<T, E>(&self, work: impl FnOnce(&mut Batch<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (told, answer) = sync_channel(1);
        self.do_later(work, move |result| {
            let _ = told.send(result);
        })?;
        wait(&answer)?
    }

    /// Returns the state as of `at`; `None` before the founding. The log is read again, one caller at a time, and nobody
    /// else waits for it.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn state_at(&self, at: Moment) -> Result<Option<(State, History)>, Error> {
        let _one_at_a_time = self.one_past();
        let present = self.read();
        let mut store = present.beside.snapshot()?;
        let found = state_at(&mut *store, &present.id, at, spare_threads())?;
        Ok(found.map(|(state, history, _)| (state, history)))
    }

    /// As [`Coop::weighed_at`](crate::Coop::weighed_at), one caller at a time.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn weighed_at(&self, at: Moment) -> Result<Option<State>, Error> {
        let _one_at_a_time = self.one_past();
        let present = self.read();
        let mut store = present.beside.snapshot()?;
        weighed_at(&mut *store, &present.id, at, &present.state.support, spare_threads())
    }

    /// The right to read the past, which one caller has at a time.
    pub(crate) fn one_past(&self) -> MutexGuard<'_, ()> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what is due by now; how many updates. Nothing is queued when nothing is due. After a fault it finds out what is on
    /// storage, so that the co-op heals without anybody who writes.
    ///
    /// # Errors
    /// A fault.
    pub fn run_due(&self) -> Result<u64, Error> {
        if self.doubts_clock(Reading::now()) {
            return Ok(0);
        }
        let (now, present) = (self.now(), self.read());
        let due = present.is_founded() && present.state().next_due().moment() <= now;
        let well = self.health().is_ok();
        if well && !due {
            return Ok(0);
        }
        self.write(move |batch| {
            let before = batch.state().updates;
            if batch.is_founded() {
                if !well {
                    batch.try_room()?;
                }
                batch.run_due(now)?;
            }
            Ok(batch.state().updates.saturating_sub(before))
        })
    }
}

/// As many threads as a server reads the past or counts with: one processor is left to those who read and write.
pub(crate) fn spare_threads() -> usize {
    threads().saturating_sub(1).max(1)
}

fn wait<T>(answer: &Receiver<T>) -> Result<T, Error> {
    answer.recv_timeout(PATIENCE).map_err(|why| match why {
        RecvTimeoutError::Timeout => Error::Busy("the answer takes too long: hand it in again under its key"),
        RecvTimeoutError::Disconnected => Error::Busy("it was not answered: hand it in again under its key"),
    })
}
