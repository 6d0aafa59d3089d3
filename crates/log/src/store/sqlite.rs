//! Logs in one SQLite file: the store of a server on one machine.
//!
//! One process writes a data file at a time, held off by a file lock beside it; others may read. The engine's version
//! and settings are checked at each start, because with others it has lost or damaged data where it was measured.

mod audit;
mod backup;
mod connect;
mod fault;
mod keys;
mod pack;

use std::{
    fs::File,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension, Row, types::ValueRef};

use self::connect::Leftovers;
use self::fault::fault;
use self::keys::Fresh;
use self::pack::{Unpacked, Waiting};
use super::{
    EachEntry, EachRecord, Fault, Open, Readers, Store, no_transaction, reading_only, reopen_first, transaction_open,
};
use crate::{chain::Head, entry::decode, hash::Hash};

/// A data file.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    /// Cleared away after the connection is closed: fields go in order.
    _leftovers: Leftovers,
    path: PathBuf,
    /// Held as long as the store lives; `None` for those who only read.
    lock: Option<File>,
    open: Option<Open>,
    /// INVARIANT: empty between transactions, and before anything is read.
    waiting: Waiting,
    /// The same as it was at the mark in the transaction.
    marked: Waiting,
    /// The newest keys of one co-op, once somebody asked for one.
    fresh: Option<Fresh>,
    unknown: bool,
}

impl Sqlite {
    /// Opens a data file for reading and writing, creates it if it is not there, and brings an older format up to date.
    ///
    /// [`Fault::Locked`] at once if another process has it open for writing.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref();
        let lock = connect::lock(path)?;
        let connection = connect::for_writing(path)?;
        Ok(Self {
            connection,
            _leftovers: Leftovers::none(),
            path: path.to_owned(),
            lock: Some(lock),
            open: None,
            waiting: Waiting::default(),
            marked: Waiting::default(),
            fresh: None,
            unknown: false,
        })
    }

    /// Opens a data file for reading only, while a server may be writing to it.
    pub fn open_read(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref();
        let (connection, leftovers) = connect::for_reading(path)?;
        Ok(Self {
            connection,
            _leftovers: leftovers,
            path: path.to_owned(),
            lock: None,
            open: None,
            waiting: Waiting::default(),
            marked: Waiting::default(),
            fresh: None,
            unknown: false,
        })
    }

    /// Opens a data file as [`Sqlite::open_read`] does, with every read seeing the state of the first one: texts match the
    /// entries that name them. Close it soon, since the write-ahead log grows meanwhile.
    pub fn open_snapshot(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let store = Self::open_read(path)?;
        // It ends with the connection.
        store.connection.execute_batch("BEGIN").map_err(fault)?;
        Ok(store)
    }

    /// Writes a copy of the whole data file to `path`, where no file may be yet. Writers in other processes are not
    /// held up; the copy does not hold entries that they add after its start.
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<(), Fault> {
        backup::write(&self.connection, path.as_ref())
    }

    /// Returns the connection and the transaction that a write belongs to.
    fn writing(&self) -> Result<(&Connection, &Open), Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        Ok((&self.connection, self.open.as_ref().ok_or_else(no_transaction)?))
    }

    /// SQLite ends the whole transaction by itself at some failures, so it is ended here at all of them.
    fn end_if_failed<T>(&mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        if matches!(&result, Err(fault) if !matches!(fault, Fault::KeyTaken { .. } | Fault::Refused(_))) {
            self.rollback();
        }
        result
    }

    fn run(&self, sql: &str) -> Result<(), Fault> {
        let ran = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
        ran.map(|_| ()).map_err(fault)
    }

    fn begin_immediate(&self, coop: &str, expected: &Head) -> Result<(), Fault> {
        self.run("BEGIN IMMEDIATE")?;
        let connection = &self.connection;
        if read_head(connection, coop)? != *expected {
            return Err(Fault::Conflict);
        }
        // Pushed entries get their rows later, and those must not meet others.
        let mut last = connection.prepare_cached(LAST_ENTRY).map_err(fault)?;
        let last: Option<i64> = last.query_row([coop], |row| row.get(0)).optional().map_err(fault)?;
        if last.is_some_and(|last| last > sql_seq(expected.seq).unwrap_or(i64::MAX)) {
            let next = expected.seq.saturating_add(1);
            return Err(Fault::Damaged(format!("entry {next} is there already, though the log ends before it")));
        }
        Ok(())
    }

    fn insert(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault> {
        let (_, open) = self.writing()?;
        open.admits(seq, bytes)?;
        sql_seq(seq)?;
        if !key.is_empty() {
            let coop = open.coop.clone();
            if let Some(seq) = self.key_of(&coop, key)? {
                return Err(Fault::KeyTaken { seq });
            }
            if self.fresh.as_ref().is_some_and(Fresh::is_full) {
                self.store_keys()?;
            }
            if let Some(fresh) = &mut self.fresh {
                fresh.add(key, seq);
            }
        }
        if self.waiting.is_full_for(bytes) {
            self.write_waiting()?;
        }
        self.waiting.push(seq, bytes)
    }

    /// Returns the entry with a key.
    fn key_of(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        // A handle that only reads does not see what others add: it reads them anew.
        if self.lock.is_none() || self.fresh.as_ref().is_none_or(|fresh| fresh.coop != coop) {
            let mut fresh = self.read_fresh(coop)?;
            if self.open.is_some() {
                fresh.may_be_undone();
            }
            self.fresh = Some(fresh);
        }
        match self.fresh.as_ref().and_then(|fresh| fresh.find(key)) {
            Some(seq) => Ok(Some(seq)),
            None => read_key(&self.connection, coop, key),
        }
    }

    /// Reads the keys that are not in their table yet from the entries.
    fn read_fresh(&mut self, coop: &str) -> Result<Fresh, Fault> {
        let mut fresh = Fresh::new(coop);
        if connect::format(&self.connection)? < KEYS_APART {
            return Ok(fresh);
        }
        let until = self.keys_until(coop)?;
        self.read(coop, until.saturating_add(1), &mut |seq, bytes| {
            // The verification names an entry that cannot be read.
            if let Some(entry) = decode(bytes).ok().filter(|entry| !entry.key.is_empty()) {
                fresh.note(&entry.key, seq);
            }
            ControlFlow::Continue(())
        })?;
        Ok(fresh)
    }

    /// The last entry whose key, with all before it, is in the table.
    fn keys_until(&self, coop: &str) -> Result<u64, Fault> {
        let sql = "SELECT seq FROM keys_until WHERE coop = ?1";
        let mut select = self.connection.prepare_cached(sql).map_err(fault)?;
        Ok(select.query_row([coop], |row| seq_of(row, 0)).optional().map_err(fault)?.unwrap_or(0))
    }

    /// Puts the newest keys into the table.
    fn store_keys(&mut self) -> Result<(), Fault> {
        let (connection, open) = self.writing()?;
        let mut insert = connection.prepare_cached(INSERT_KEY).map_err(fault)?;
        for (key, seq) in self.fresh.iter().flat_map(Fresh::in_order) {
            insert.execute((&open.coop, key, sql_seq(seq)?)).map_err(fault)?;
        }
        let mut until = connection.prepare_cached(UPSERT_KEYS_UNTIL).map_err(fault)?;
        until.execute((&open.coop, sql_seq(open.head.seq)?)).map_err(fault)?;
        drop((insert, until));
        if let Some(fresh) = &mut self.fresh {
            fresh.are_stored();
        }
        Ok(())
    }

    /// Writes a row for the entries that have none yet.
    fn write_waiting(&mut self) -> Result<(), Fault> {
        let Some(first) = self.waiting.first() else {
            return Ok(());
        };
        let (connection, open) = self.writing()?;
        let row = self.waiting.row();
        let mut insert = connection.prepare_cached(INSERT_ENTRIES).map_err(fault)?;
        insert.execute((&open.coop, sql_seq(first)?, row)).map_err(fault)?;
        drop(insert);
        self.waiting.clear();
        Ok(())
    }

    fn write_record(&self, sql: &str, space: &str, name: &[u8], value: Option<&[u8]>) -> Result<(), Fault> {
        let (connection, open) = self.writing()?;
        let mut statement = connection.prepare_cached(sql).map_err(fault)?;
        match value {
            Some(value) => statement.execute((&open.coop, space, name, value)),
            None => statement.execute((&open.coop, space, name)),
        }
        .map(|_| ())
        .map_err(fault)
    }

    fn write_head(&self, new_head: &Head) -> Result<(), Fault> {
        let (connection, open) = self.writing()?;
        open.fits(new_head)?;
        let mut upsert = connection.prepare_cached(UPSERT_HEAD).map_err(fault)?;
        let row = (&open.coop, sql_seq(new_head.seq)?, new_head.hash.0, new_head.time_us);
        upsert.execute(row).map(|_| ()).map_err(fault)
    }
}

/// The first format whose newest keys are not in the table.
const KEYS_APART: i64 = 3;
const INSERT_KEY: &str = "INSERT INTO keys (coop, key, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
const UPSERT_KEYS_UNTIL: &str = "INSERT INTO keys_until (coop, seq) VALUES (?1, ?2) \
    ON CONFLICT DO UPDATE SET seq = excluded.seq";
const INSERT_ENTRIES: &str = "INSERT INTO entries (coop, seq, bytes) VALUES (?1, ?2, ?3)";
/// The row that holds an entry begins with it or before it.
const READ_ENTRIES: &str = "SELECT seq, bytes FROM entries WHERE coop = ?1 AND seq >= coalesce(\
    (SELECT seq FROM entries WHERE coop = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1), ?2) ORDER BY seq";
const LAST_ENTRY: &str = "SELECT seq FROM entries WHERE coop = ?1 ORDER BY seq DESC LIMIT 1";
const UPSERT_HEAD: &str = "INSERT INTO heads (coop, seq, hash, time_us) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash, time_us = excluded.time_us";
const UPSERT_RECORD: &str = "INSERT INTO records (coop, space, name, value) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT DO UPDATE SET value = excluded.value";
const DELETE_RECORD: &str = "DELETE FROM records WHERE coop = ?1 AND space = ?2 AND name = ?3";

impl Store for Sqlite {
    fn head(&mut self, coop: &str) -> Result<Head, Fault> {
        read_head(&self.connection, coop)
    }

    fn coops(&mut self) -> Result<Vec<String>, Fault> {
        let mut select = self.connection.prepare_cached("SELECT coop FROM heads ORDER BY coop").map_err(fault)?;
        let coops = select.query_map((), |row| row.get(0)).map_err(fault)?;
        coops.collect::<Result<_, _>>().map_err(fault)
    }

    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        if self.lock.is_none() {
            return Err(reading_only());
        }
        if self.open.is_some() {
            return Err(transaction_open());
        }
        let begun = self.begin_immediate(coop, expected);
        match begun {
            Ok(()) => self.open = Some(Open::new(coop, expected)),
            Err(_) => self.rollback(),
        }
        begun
    }

    fn push(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault> {
        let inserted = self.insert(seq, key, bytes);
        self.end_if_failed(inserted)?;
        if let Some(open) = &mut self.open {
            open.pushed(bytes);
        }
        Ok(())
    }

    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        let written = self.write_record(UPSERT_RECORD, space, name, Some(value));
        self.end_if_failed(written)
    }

    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault> {
        let written = self.write_record(DELETE_RECORD, space, name, None);
        self.end_if_failed(written)
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.open.as_mut().ok_or_else(no_transaction)?.set_mark()?;
        let marked = self.run("SAVEPOINT mark");
        self.end_if_failed(marked)?;
        self.marked.clone_from(&self.waiting);
        if let Some(fresh) = &mut self.fresh {
            fresh.mark();
        }
        Ok(())
    }

    fn rollback_to(&mut self) -> Result<(), Fault> {
        let mark = self.open.as_mut().ok_or_else(no_transaction)?.take_mark()?;
        let undone = self.run("ROLLBACK TO mark").and_then(|()| self.run("RELEASE mark"));
        self.end_if_failed(undone)?;
        if let Some(open) = &mut self.open {
            open.back_to(mark);
        }
        // Entries that had no row at the mark have none again, those that were given one since among them.
        std::mem::swap(&mut self.waiting, &mut self.marked);
        self.fresh.take_if(|fresh| !fresh.back_to_mark());
        Ok(())
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.open.as_mut().ok_or_else(no_transaction)?.take_mark()?;
        let released = self.run("RELEASE mark");
        self.end_if_failed(released)
    }

    fn commit(&mut self, new_head: &Head) -> Result<(), Fault> {
        let written = self.write_waiting().and_then(|()| self.write_head(new_head));
        self.end_if_failed(written)?;
        let committed = self.connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute(()));
        if let Err(error) = committed {
            // The pages may have reached the disk before the error did: an injected failure of one sync left the rows
            // in the file (see the design's checks, measured). So the outcome is unknown here, not failed.
            self.rollback();
            self.fresh = None;
            self.unknown = true;
            return Err(Fault::Unknown(fault(error).to_string()));
        }
        self.open = None;
        if let Some(fresh) = &mut self.fresh {
            fresh.keep();
        }
        connect::shorten_wal(&self.connection, &self.path);
        Ok(())
    }

    fn rollback(&mut self) {
        self.open = None;
        self.waiting.clear();
        self.fresh.take_if(|fresh| !fresh.undo());
        if !self.connection.is_autocommit() {
            // An error here means that SQLite has ended the transaction already.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    /// The connection at hand is tried first, and kept if all fails: it still reads where a new one could not even open,
    /// on a full disk for example.
    fn reopen(&mut self) -> Result<(), Fault> {
        self.rollback();
        if self.lock.is_some() && connect::overwrite_leftovers(&self.connection).is_err() {
            let connection = connect::for_writing(&self.path)?;
            connect::overwrite_leftovers(&connection)?;
            self.connection = connection;
        }
        self.unknown = false;
        Ok(())
    }

    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        if self.unknown {
            return Err(reopen_first());
        }
        let found = self.key_of(coop, key);
        self.end_if_failed(found)
    }

    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        let mut entry = None;
        self.read(coop, seq, &mut |found, bytes| {
            entry = (found == seq).then(|| bytes.to_vec());
            ControlFlow::Break(())
        })?;
        Ok(entry)
    }

    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
        let written = self.write_waiting();
        self.end_if_failed(written)?;
        let Ok(from) = sql_seq(from_seq) else {
            return Ok(());
        };
        let mut select = self.connection.prepare_cached(READ_ENTRIES).map_err(fault)?;
        let mut rows = select.query((coop, from)).map_err(fault)?;
        let mut unpacked = Unpacked::default();
        while let Some(row) = rows.next().map_err(fault)? {
            let first = seq_of(row, 0).map_err(fault)?;
            for (seq, bytes) in (first..).zip(unpacked.of(bytes_of(row, 1).map_err(fault)?)) {
                if seq >= from_seq && each(seq, bytes).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn get(&mut self, coop: &str, space: &str, name: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let mut select = self
            .connection
            .prepare_cached("SELECT value FROM records WHERE coop = ?1 AND space = ?2 AND name = ?3")
            .map_err(fault)?;
        select.query_row((coop, space, name), |row| Ok(bytes_of(row, 0)?.to_vec())).optional().map_err(fault)
    }

    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault> {
        let mut select = self
            .connection
            .prepare_cached("SELECT name, value FROM records WHERE coop = ?1 AND space = ?2 ORDER BY name")
            .map_err(fault)?;
        let mut rows = select.query((coop, space)).map_err(fault)?;
        while let Some(row) = rows.next().map_err(fault)? {
            if each(bytes_of(row, 0).map_err(fault)?, bytes_of(row, 1).map_err(fault)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn spaces(&mut self, coop: &str) -> Result<Vec<String>, Fault> {
        // One look-up for each: a walk along all records would take as long as there are members.
        let sql = "SELECT space FROM records WHERE coop = ?1 AND space > ?2 ORDER BY space LIMIT 1";
        let mut select = self.connection.prepare_cached(sql).map_err(fault)?;
        let empty = "SELECT 1 FROM records WHERE coop = ?1 AND space = '' LIMIT 1";
        let empty = self.connection.query_row(empty, [coop], |_| Ok(())).optional().map_err(fault)?;
        let mut spaces: Vec<String> = empty.map(|()| String::new()).into_iter().collect();
        loop {
            let last = spaces.last().map_or("", String::as_str);
            match select.query_row([coop, last], |row| row.get(0)).optional().map_err(fault)? {
                Some(next) => spaces.push(next),
                None => return Ok(spaces),
            }
        }
    }

    fn check(&mut self) -> Result<(), Fault> {
        let connection = &self.connection;
        if self.lock.is_some() {
            connect::check_settings(connection)?;
        }
        connect::integrity_check(connection)?;
        connect::whole_pages(connection, &self.path)?;
        self.audit()
    }

    fn readers(&self) -> Arc<dyn Readers> {
        Arc::new(DataFile(self.path.clone()))
    }
}

/// A data file that is read beside its writer: the write-ahead log lets both go on.
#[derive(Debug)]
struct DataFile(PathBuf);

impl Readers for DataFile {
    fn open(&self) -> Result<Box<dyn Store>, Fault> {
        Ok(Box::new(Sqlite::open_read(&self.0)?))
    }

    fn open_snapshot(&self) -> Result<Box<dyn Store>, Fault> {
        Ok(Box::new(Sqlite::open_snapshot(&self.0)?))
    }
}

fn read_head(connection: &Connection, coop: &str) -> Result<Head, Fault> {
    let mut select =
        connection.prepare_cached("SELECT seq, hash, time_us FROM heads WHERE coop = ?1").map_err(fault)?;
    let head = select
        .query_row([coop], |row| Ok(Head { seq: seq_of(row, 0)?, hash: Hash(row.get(1)?), time_us: row.get(2)? }))
        .optional();
    Ok(head.map_err(fault)?.unwrap_or_default())
}

fn read_key(connection: &Connection, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
    let mut select = connection.prepare_cached("SELECT seq FROM keys WHERE coop = ?1 AND key = ?2").map_err(fault)?;
    select.query_row((coop, key), |row| seq_of(row, 0)).optional().map_err(fault)
}

/// Returns the bytes that a column still holds. A value of another type is no error here: the verification names it.
fn bytes_of<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(match row.get_ref(column)? {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[],
    })
}

fn seq_of(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let seq = row.get::<_, i64>(column)?;
    u64::try_from(seq).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, seq))
}

fn sql_seq(seq: u64) -> Result<i64, Fault> {
    i64::try_from(seq).map_err(|_| Fault::Refused(format!("entry {seq} is beyond what a log can hold")))
}

#[cfg(test)]
mod tests;
