//! Where entries and the records beside them are kept, and what every such place promises.
//!
//! A store knows no rules and decodes no entry; it keeps bytes in order, in one transaction with what must change
//! together. One conformance suite runs on every store.

mod memory;
mod sqlite;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::chain::Head;

pub use memory::{Memory, Outage};
pub use sqlite::Sqlite;

/// Takes entries one at a time, with their sequence number; `Break` when it has seen enough.
pub type EachEntry<'a> = &'a mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>;

/// Takes records one at a time, name and value.
pub type EachRecord<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> ControlFlow<()>;

/// A home of logs. One handle writes for one task; the co-ops in it do not touch each other.
///
/// Within a transaction the handle's own reads see what it wrote so far.
pub trait Store: Send {
    /// Returns the end of the co-op's log; an unknown co-op has the empty log.
    fn head(&mut self, coop: &str) -> Result<Head, Fault>;

    /// Returns the co-ops that have a head, by ascending id.
    fn coops(&mut self) -> Result<Vec<String>, Fault>;

    /// Starts a write transaction on one co-op's log; [`Fault::Conflict`] if its head is not `expected` any more.
    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault>;

    /// Adds the entry that follows, within the transaction. `key` is its idempotency key, empty for none.
    ///
    /// [`Fault::KeyTaken`] if an entry with that key exists: nothing was added, and the transaction goes on.
    fn push(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault>;

    /// Keeps a record beside the log, within the transaction and of its co-op; replaces the one of that name.
    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault>;

    /// Erases such a record, if there is one.
    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault>;

    /// Marks this place in the transaction, for [`Store::rollback_to`]. One mark stands at a time.
    fn savepoint(&mut self) -> Result<(), Fault>;

    /// Leaves nothing of the transaction after the mark, and removes the mark. The transaction goes on.
    fn rollback_to(&mut self) -> Result<(), Fault>;

    /// Removes the mark, and keeps everything.
    fn release(&mut self) -> Result<(), Fault>;

    /// Ends the transaction; on return everything is on stable storage.
    ///
    /// `new_head` is the end of the log with what was pushed: the store refuses another sequence number or hash. After
    /// [`Fault::Unknown`] the entries may be there or not: call [`Store::reopen`] and look a key up.
    fn commit(&mut self, new_head: &Head) -> Result<(), Fault>;

    /// Ends the transaction, if there is one, and leaves nothing of it.
    fn rollback(&mut self);

    /// Starts afresh after [`Fault::Unknown`], with what really is on storage.
    fn reopen(&mut self) -> Result<(), Fault>;

    /// Returns the sequence number of the entry with this key.
    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault>;

    /// Returns the exact bytes of one entry.
    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault>;

    /// Hands out the entries from `from_seq` on, in order, one at a time. The remains of a damaged row are handed out
    /// as they are: the verification names the row.
    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault>;

    /// Returns the value of a record.
    fn get(&mut self, coop: &str, space: &str, name: &[u8]) -> Result<Option<Vec<u8>>, Fault>;

    /// Hands out the records of a space by ascending name.
    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault>;

    /// Returns the spaces in which a co-op has records, by ascending name.
    fn spaces(&mut self, coop: &str) -> Result<Vec<String>, Fault>;

    /// Checks the store's settings and its own integrity; the chain is checked elsewhere.
    fn check(&mut self) -> Result<(), Fault>;

    /// Returns the way to read the same storage from other threads, whatever this handle is doing.
    fn readers(&self) -> Arc<dyn Readers>;
}

/// Opens handles on a store that only read. None waits for the writer, not even for its sync.
pub trait Readers: Send + Sync + std::fmt::Debug {
    /// Returns a handle whose every read sees what is committed then.
    fn open(&self) -> Result<Box<dyn Store>, Fault>;

    /// Returns a handle whose every read sees the state of the first one: texts match the entries that name them. Close it
    /// soon, since a write-ahead log grows meanwhile.
    fn open_snapshot(&self) -> Result<Box<dyn Store>, Fault>;
}

/// A failure of the world, in words that a co-op's operator understands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Another writer added to the log; read the new head and try again.
    #[error("the log has grown in the meantime")]
    Conflict,
    /// No failure of the world, but only the store sees it in time.
    #[error("an act with this key is already in the log, as entry {seq}")]
    KeyTaken { seq: u64 },
    /// INVARIANT: it is not known whether the last transaction is there; no write works until the store is reopened.
    #[error("it is not known whether the last entries were saved: {0}")]
    Unknown(String),
    #[error("there is no room left to save anything: {0}")]
    Full(String),
    /// Another connection holds the data file for a moment; try again.
    #[error("the data file is busy: {0}")]
    Busy(String),
    /// Another process serves the data file.
    #[error("the data file is in use: {0}")]
    Locked(String),
    #[error("the data file has format {found}, and this program knows formats up to {known}: use a newer program")]
    NewerFormat { found: i64, known: i64 },
    /// The bytes on storage are not what was written.
    #[error("the data file is damaged: {0}")]
    Damaged(String),
    /// The call, the file or the settings are not what the store works with.
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Other(String),
}

/// The state of an open transaction.
#[derive(Debug)]
struct Open {
    coop: String,
    head: Head,
    /// The last entry pushed, to compare the new head with.
    last: Vec<u8>,
    /// The same as it was at the mark, if there is one.
    mark: Option<(Head, Vec<u8>)>,
}

impl Open {
    fn new(coop: &str, head: &Head) -> Self {
        let mut head = *head;
        if head.seq == 0 {
            // An empty log has no time yet: records from before 1970 may begin it.
            head.time_us = i64::MIN;
        }
        Self { coop: coop.to_owned(), head, last: Vec::new(), mark: None }
    }

    /// Notes a mark; refuses a second one.
    fn set_mark(&mut self) -> Result<(), Fault> {
        if self.mark.is_some() {
            return Err(Fault::Refused("a mark stands in the transaction already".to_owned()));
        }
        self.mark = Some((self.head, self.last.clone()));
        Ok(())
    }

    /// Takes the mark away and returns the end of the log at it; refuses where there is none.
    fn take_mark(&mut self) -> Result<(Head, Vec<u8>), Fault> {
        self.mark.take().ok_or_else(|| Fault::Refused("no mark stands in the transaction".to_owned()))
    }

    /// Goes back to what was pushed before the mark.
    fn back_to(&mut self, (head, last): (Head, Vec<u8>)) {
        (self.head, self.last) = (head, last);
    }

    /// Checks that an entry may be pushed as `seq`.
    fn admits(&self, seq: u64, bytes: &[u8]) -> Result<(), Fault> {
        if seq != self.head.seq.saturating_add(1) {
            let expected = self.head.seq.saturating_add(1);
            return Err(Fault::Refused(format!("entry {seq} was to be saved where entry {expected} belongs")));
        }
        if bytes.len() > crate::MAX_ENTRY_BYTES {
            return Err(Fault::Refused(crate::TooLong { bytes: bytes.len() }.to_string()));
        }
        Ok(())
    }

    /// Notes that `bytes` were pushed.
    fn pushed(&mut self, bytes: &[u8]) {
        self.head.seq = self.head.seq.saturating_add(1);
        self.last.clear();
        self.last.extend_from_slice(bytes);
    }

    /// Refuses a head that does not belong to the entries: the whole log would look broken at the next start.
    fn fits(&self, new_head: &Head) -> Result<(), Fault> {
        let hash = if self.last.is_empty() { self.head.hash } else { crate::hash_entry(&self.last) };
        if (new_head.seq, new_head.hash) != (self.head.seq, hash) || new_head.time_us < self.head.time_us {
            return Err(Fault::Refused(format!(
                "the new head (entry {}, {}) is not the end of what was saved (entry {}, {hash})",
                new_head.seq, new_head.hash, self.head.seq
            )));
        }
        Ok(())
    }
}

/// Returns the answer to a write outside a transaction.
fn no_transaction() -> Fault {
    Fault::Refused("nothing can be saved before a transaction has begun".to_owned())
}

/// Returns the answer to a write through a handle that only reads.
fn reading_only() -> Fault {
    Fault::Refused("the data file was opened for reading only".to_owned())
}

/// Returns the answer to a transaction within another.
fn transaction_open() -> Fault {
    Fault::Refused("a transaction has begun already".to_owned())
}

/// Returns the answer to every write between an unknown outcome and [`Store::reopen`].
fn reopen_first() -> Fault {
    Fault::Unknown("the store has to be opened again first".to_owned())
}

#[cfg(test)]
mod conformance;
