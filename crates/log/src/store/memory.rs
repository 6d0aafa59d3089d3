//! A store that lives as long as the process: for tests, dry runs and the simulator.
//!
//! It fails on request as a disk would, so that callers can be tried on outcomes that are unknown.

use std::sync::{Arc, Mutex, PoisonError};

use imbl::{OrdMap, Vector};

use super::{
    EachEntry, EachRecord, Fault, Open, Readers, Store, no_transaction, reading_only, reopen_first, transaction_open,
};
use crate::chain::Head;

/// Logs and records in memory.
#[derive(Debug, Default)]
pub struct Memory {
    /// As the open transaction has changed them so far.
    logs: Logs,
    /// As readers see them, and as a rollback leaves them.
    committed: Arc<Committed>,
    /// The logs at the mark in the transaction.
    marked: Logs,
    handle: Handle,
    open: Option<Open>,
    outage: Option<Outage>,
    unknown: bool,
    gone: bool,
}

/// How the next commit fails; the caller cannot tell the first two apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Nothing of the transaction was saved.
    BeforeCommit,
    /// All of it was saved, and the answer was lost.
    AfterCommit,
    /// Nothing of it was saved, and the store is out of reach from then on.
    ForGood,
}

/// The use of a handle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Handle {
    #[default]
    Writes,
    /// Each read sees what is committed then.
    Follows,
    /// Each read sees what was committed at first.
    Stays,
}

/// Copies share what they have in common, so that one is made for each commit.
type Logs = OrdMap<String, Log>;

#[derive(Clone, Debug, Default)]
struct Log {
    head: Option<Head>,
    entries: Vector<Arc<[u8]>>,
    keys: OrdMap<String, u64>,
    records: OrdMap<String, OrdMap<Vec<u8>, Vec<u8>>>,
}

impl Memory {
    /// Returns a store without any log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the next commit fail.
    pub fn fail_next_commit(&mut self, outage: Outage) {
        self.outage = Some(outage);
    }

    fn log(&mut self) -> Result<(&mut Log, &mut Open), Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        let open = self.open.as_mut().ok_or_else(no_transaction)?;
        Ok((self.logs.entry(open.coop.clone()).or_default(), open))
    }

    /// The logs as this handle sees them now.
    fn seen(&mut self) -> &Logs {
        if self.handle == Handle::Follows {
            self.logs = self.committed.get();
        }
        &self.logs
    }

    fn records(&mut self, space: &str) -> Result<&mut OrdMap<Vec<u8>, Vec<u8>>, Fault> {
        Ok(self.log()?.0.records.entry(space.to_owned()).or_default())
    }
}

impl Store for Memory {
    fn head(&mut self, coop: &str) -> Result<Head, Fault> {
        Ok(self.seen().get(coop).and_then(|log| log.head).unwrap_or_default())
    }

    fn coops(&mut self) -> Result<Vec<String>, Fault> {
        Ok(self.seen().iter().filter(|(_, log)| log.head.is_some()).map(|(coop, _)| coop.clone()).collect())
    }

    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        if self.handle != Handle::Writes {
            return Err(reading_only());
        }
        if self.open.is_some() {
            return Err(transaction_open());
        }
        if self.head(coop)? != *expected {
            return Err(Fault::Conflict);
        }
        self.open = Some(Open::new(coop, expected));
        Ok(())
    }

    fn push(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault> {
        let (log, open) = self.log()?;
        open.admits(seq, bytes)?;
        if !key.is_empty() {
            if let Some(seq) = log.keys.get(key) {
                return Err(Fault::KeyTaken { seq: *seq });
            }
            log.keys.insert(key.to_owned(), seq);
        }
        log.entries.push_back(bytes.into());
        open.pushed(bytes);
        Ok(())
    }

    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.records(space)?.insert(name.to_vec(), value.to_vec());
        Ok(())
    }

    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault> {
        self.records(space)?.remove(name);
        Ok(())
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.log()?.1.set_mark()?;
        self.marked = self.logs.clone();
        Ok(())
    }

    fn rollback_to(&mut self) -> Result<(), Fault> {
        let (_, open) = self.log()?;
        let mark = open.take_mark()?;
        open.back_to(mark);
        self.logs = std::mem::take(&mut self.marked);
        Ok(())
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.log()?.1.take_mark()?;
        self.marked = Logs::default();
        Ok(())
    }

    fn commit(&mut self, new_head: &Head) -> Result<(), Fault> {
        let outage = self.outage;
        let (log, open) = self.log()?;
        open.fits(new_head)?;
        if outage.is_none_or(|outage| outage == Outage::AfterCommit) {
            log.head = Some(*new_head);
            self.committed.set(self.logs.clone());
            self.open = None;
        }
        if self.outage.take().is_none() {
            return Ok(());
        }
        self.rollback();
        (self.unknown, self.gone) = (true, outage == Some(Outage::ForGood));
        Err(Fault::Unknown("the answer was lost on request".to_owned()))
    }

    fn rollback(&mut self) {
        if self.open.take().is_some() {
            self.logs = self.committed.get();
        }
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        self.rollback();
        if self.gone {
            return Err(Fault::Other("the store is out of reach on request".to_owned()));
        }
        self.unknown = false;
        Ok(())
    }

    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        Ok(self.seen().get(coop).and_then(|log| log.keys.get(key).copied()))
    }

    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        let index = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        Ok(index.and_then(|index| Some(self.seen().get(coop)?.entries.get(index)?.to_vec())))
    }

    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
        let Some(log) = self.seen().get(coop) else {
            return Ok(());
        };
        let skipped = usize::try_from(from_seq).unwrap_or(usize::MAX).saturating_sub(1);
        for (bytes, seq) in log.entries.iter().skip(skipped).zip(from_seq.max(1)..) {
            if each(seq, bytes).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn get(&mut self, coop: &str, space: &str, name: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.seen().get(coop).and_then(|log| log.records.get(space)?.get(name).cloned()))
    }

    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault> {
        let records = self.seen().get(coop).and_then(|log| log.records.get(space));
        for (name, value) in records.into_iter().flatten() {
            if each(name, value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn spaces(&mut self, coop: &str) -> Result<Vec<String>, Fault> {
        let spaces = self.seen().get(coop).map(|log| &log.records);
        let used = spaces.into_iter().flatten().filter(|(_, records)| !records.is_empty());
        Ok(used.map(|(space, _)| space.clone()).collect())
    }

    fn check(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn readers(&self) -> Arc<dyn Readers> {
        Arc::new(InMemory(Arc::clone(&self.committed)))
    }
}

/// The committed logs, for readers.
#[derive(Debug)]
struct InMemory(Arc<Committed>);

impl InMemory {
    fn handle(&self, handle: Handle) -> Box<dyn Store> {
        let (logs, committed) = (self.0.get(), Arc::clone(&self.0));
        Box::new(Memory { logs, committed, handle, ..Memory::default() })
    }
}

impl Readers for InMemory {
    fn open(&self) -> Result<Box<dyn Store>, Fault> {
        Ok(self.handle(Handle::Follows))
    }

    fn open_snapshot(&self) -> Result<Box<dyn Store>, Fault> {
        Ok(self.handle(Handle::Stays))
    }
}

/// The logs as they were committed last. The lock is held for as long as a pointer takes to copy.
#[derive(Debug, Default)]
struct Committed(Mutex<Logs>);

impl Committed {
    fn get(&self) -> Logs {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, logs: Logs) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = logs;
    }
}
