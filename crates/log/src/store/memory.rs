//! A store that lives as long as the process: for tests, dry runs and the simulator.
//!
//! It fails on request as a disk would, so that callers can be tried on outcomes that are unknown.

use std::collections::BTreeMap;

use super::{EachEntry, EachRecord, Fault, Open, Store, no_transaction, reopen_first, transaction_open};
use crate::chain::Head;

/// Logs and records in memory.
#[derive(Debug, Default)]
pub struct Memory {
    logs: BTreeMap<String, Log>,
    open: Option<Open>,
    /// The steps that a rollback undoes, newest last.
    undo: Vec<Undo>,
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

#[derive(Debug, Default)]
struct Log {
    head: Option<Head>,
    entries: Vec<Vec<u8>>,
    keys: BTreeMap<String, u64>,
    records: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
}

#[derive(Debug)]
enum Undo {
    Entry { key: String },
    Record { space: String, name: Vec<u8>, value: Option<Vec<u8>> },
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

    fn log(&mut self) -> Result<(&mut Log, &mut Open, &mut Vec<Undo>), Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        let open = self.open.as_mut().ok_or_else(no_transaction)?;
        let log = self.logs.entry(open.coop.clone()).or_default();
        Ok((log, open, &mut self.undo))
    }

    fn set_record(&mut self, space: &str, name: &[u8], value: Option<&[u8]>) -> Result<(), Fault> {
        let (log, _, undo) = self.log()?;
        let records = log.records.entry(space.to_owned()).or_default();
        let before = match value {
            Some(value) => records.insert(name.to_vec(), value.to_vec()),
            None => records.remove(name),
        };
        undo.push(Undo::Record { space: space.to_owned(), name: name.to_vec(), value: before });
        Ok(())
    }
}

impl Store for Memory {
    fn head(&mut self, coop: &str) -> Result<Head, Fault> {
        Ok(self.logs.get(coop).and_then(|log| log.head).unwrap_or_default())
    }

    fn coops(&mut self) -> Result<Vec<String>, Fault> {
        Ok(self.logs.iter().filter(|(_, log)| log.head.is_some()).map(|(coop, _)| coop.clone()).collect())
    }

    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault> {
        if self.unknown {
            return Err(reopen_first());
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
        let (log, open, undo) = self.log()?;
        open.admits(seq, bytes)?;
        if !key.is_empty() {
            if let Some(seq) = log.keys.get(key) {
                return Err(Fault::KeyTaken { seq: *seq });
            }
            log.keys.insert(key.to_owned(), seq);
        }
        log.entries.push(bytes.to_vec());
        undo.push(Undo::Entry { key: key.to_owned() });
        open.pushed(bytes);
        Ok(())
    }

    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.set_record(space, name, Some(value))
    }

    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault> {
        self.set_record(space, name, None)
    }

    fn commit(&mut self, new_head: &Head) -> Result<(), Fault> {
        let outage = self.outage;
        let (log, open, undo) = self.log()?;
        open.fits(new_head)?;
        if outage.is_none_or(|outage| outage == Outage::AfterCommit) {
            log.head = Some(*new_head);
            undo.clear();
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
        let Some(open) = self.open.take() else { return };
        let Some(log) = self.logs.get_mut(&open.coop) else {
            return;
        };
        for undo in self.undo.drain(..).rev() {
            match undo {
                Undo::Entry { key } => {
                    log.entries.pop();
                    log.keys.remove(&key);
                }
                Undo::Record { space, name, value: Some(value) } => {
                    log.records.entry(space).or_default().insert(name, value);
                }
                Undo::Record { space, name, value: None } => {
                    log.records.entry(space).or_default().remove(&name);
                }
            }
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
        Ok(self.logs.get(coop).and_then(|log| log.keys.get(key).copied()))
    }

    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        let index = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        Ok(index.and_then(|index| self.logs.get(coop)?.entries.get(index).cloned()))
    }

    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
        let Some(log) = self.logs.get(coop) else {
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
        Ok(self.logs.get(coop).and_then(|log| log.records.get(space)?.get(name).cloned()))
    }

    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault> {
        let records = self.logs.get(coop).and_then(|log| log.records.get(space));
        for (name, value) in records.into_iter().flatten() {
            if each(name, value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}
