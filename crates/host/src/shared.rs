//! A co-op shared by many readers and any number of writers: readers see committed states only, and acts that arrive
//! while one sync is under way go into the next one together.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use engine::State;
use quantity::Moment;

use crate::clock;
use crate::coop::{Coop, Submission, Submitted};
use crate::error::Error;
use crate::history::History;

/// A co-op that a server serves.
#[derive(Debug)]
pub struct Shared {
    coop: RwLock<Coop>,
    waiting: Mutex<Vec<Waiting>>,
    clock: ServerClock,
    /// Held while the past is read: each such state takes as much memory as the present one.
    past: Mutex<()>,
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

#[derive(Debug)]
struct Waiting {
    submission: Submission,
    answer: Sender<Result<Submitted, String>>,
}

/// As many acts as share one sync at the most.
const MOST_TOGETHER: usize = 1_024;

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

impl Shared {
    /// Shares a co-op.
    #[must_use]
    pub fn new(coop: Coop, clock: ServerClock) -> Shared {
        coop.warm();
        Shared { coop: RwLock::new(coop), waiting: Mutex::default(), clock, past: Mutex::default() }
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

    /// The present as this server's log sees it.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The committed state, for as long as the guard lives. Writers wait meanwhile.
    ///
    /// # Errors
    /// After a fault that left memory behind storage.
    pub fn read(&self) -> Result<RwLockReadGuard<'_, Coop>, Error> {
        let coop = self.coop.read().unwrap_or_else(PoisonError::into_inner);
        if coop.is_usable() {
            Ok(coop)
        } else {
            Err(Error::Usage("the log is being read again after a fault".to_owned()))
        }
    }

    /// The co-op to oneself.
    pub fn write(&self) -> RwLockWriteGuard<'_, Coop> {
        self.coop.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state as of `at`; `None` before the founding. The log is read again, one caller at a time, and nobody
    /// else waits for it (but for a log that is in no file).
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn state_at(&self, at: Moment) -> Result<Option<(State, History)>, Error> {
        let _one_at_a_time = self.one_past();
        let past = self.read()?.past();
        match past {
            Some(past) => past.state_at(at),
            None => self.write().state_at(at),
        }
    }

    /// The right to read the past, which one caller has at a time.
    pub(crate) fn one_past(&self) -> MutexGuard<'_, ()> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands one act in and waits until it is on storage or refused. The first writer to get the co-op takes along all acts
    /// that wait.
    ///
    /// # Errors
    /// A fault: it is unknown whether the act is done; handing it in again under its key shows it.
    pub fn submit(&self, submission: Submission) -> Result<Submitted, Error> {
        let (answer, answered) = channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { submission, answer });
        loop {
            self.take_waiting();
            // The first writer may have taken this act along, or found the lot full: then it waits for the next.
            match answered.recv_timeout(PATIENCE) {
                Ok(Ok(submitted)) => return Ok(submitted),
                Ok(Err(fault)) => return Err(Error::Usage(fault)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let words = "the act was not answered: hand it in again under its key";
                    return Err(Error::Usage(words.to_owned()));
                }
            }
        }
    }

    /// Hands in as many waiting acts as share one sync.
    fn take_waiting(&self) {
        let mut coop = self.write();
        let taken: Vec<Waiting> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.len().min(MOST_TOGETHER);
            waiting.drain(..count).collect()
        };
        if !taken.is_empty() {
            take(&mut coop, taken, self.now());
        }
    }

    /// Runs what is due by now; how many updates. Cheap when nothing is. After a fault it first reads the log again, so that
    /// readers need not wait for somebody to write.
    ///
    /// # Errors
    /// A fault.
    pub fn run_due(&self) -> Result<u64, Error> {
        let now = self.now();
        if self.read().is_err() {
            self.write().recover()?;
        }
        {
            let coop = self.read()?;
            if !coop.is_founded() || coop.state().next_due().moment() > now {
                return Ok(0);
            }
        }
        let mut coop = self.write();
        let updates = coop.update_until(now, now)?;
        coop.warm();
        Ok(updates)
    }

    /// Runs the next update now, ahead of its time: for demonstrations.
    ///
    /// # Errors
    /// A fault.
    pub fn run_next_update(&self) -> Result<(), Error> {
        let now = self.now();
        let mut coop = self.write();
        let mut batch = coop.batch()?;
        batch.run_next_update(now)?;
        batch.commit()?;
        coop.warm();
        Ok(())
    }
}

/// After this long without an answer, look again.
const PATIENCE: Duration = Duration::from_millis(50);

fn take(coop: &mut Coop, taken: Vec<Waiting>, now: Moment) {
    let acts: Vec<Submission> = taken.iter().map(|waiting| waiting.submission.clone()).collect();
    match coop.submit(&acts, now) {
        Ok(results) => {
            // An act may have come after an update that was due before it.
            coop.warm();
            for (waiting, result) in taken.into_iter().zip(results) {
                let _ = waiting.answer.send(Ok(result));
            }
        }
        Err(error) => {
            for waiting in taken {
                let _ = waiting.answer.send(Err(error.to_string()));
            }
        }
    }
}
