//! How a data file is opened: the lock, the version of SQLite, the settings, the format and its migrations.

use std::{
    ffi::OsString,
    fmt::Write as _,
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig, types::Value};

use super::fault::fault;
use crate::private;
use crate::store::Fault;

/// Earlier versions can lose what a checkpoint and a writer do at the same time ("WAL-reset race", 3.7.0 to 3.51.2).
const OLDEST_SQLITE: i32 = 3_051_003;

/// `RCHD`: how `file` and other programs know a data file of ours.
const APPLICATION_ID: i32 = 0x5243_4844;

/// The steps from each format to the next; the format's number is how many were taken. Steps are added, never changed.
const MIGRATIONS: &[&str] = &[include_str!("format_1.sql"), include_str!("format_2.sql"), include_str!("format_3.sql")];

/// A setting, the value it must have, and how SQLite says it back.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("journal_mode", "WAL", "wal"),
    // NORMAL lost acknowledged entries in 754 of 912 simulated power failures, FULL in none of 1,148.
    ("synchronous", "FULL", "2"),
    ("fullfsync", "ON", "1"),
    // A mapped file turns a failing disk into a crash, and a stray write into damage.
    ("mmap_size", "0", "0"),
    ("foreign_keys", "ON", "1"),
    // EXCLUSIVE would keep `verify` and `report` out while a server runs.
    ("locking_mode", "NORMAL", "normal"),
    // Erased members must not stay readable in the file's free space.
    ("secure_delete", "ON", "1"),
    ("cell_size_check", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
];

/// In KiB: with less, pushing a million entries reads pages back from the disk.
const CACHE_KIB: i64 = 32 * 1024;

/// The write-ahead log of a large import is as large as its rows, and would stay on the disk while the co-op is served.
const WAL_BYTES: u64 = 16 * 1024 * 1024;

/// The time to wait for readers in other processes, which hold a lock only for moments.
const BUSY: Duration = Duration::from_millis(900);

/// Takes the lock that keeps a second writing process out.
pub(super) fn lock(path: &Path) -> Result<File, Fault> {
    let lock_path = beside(path, ".lock");
    let io = |error: std::io::Error| Fault::Other(format!("`{}`: {error}", lock_path.display()));
    let mut file = private::own_file(&lock_path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let known = file.take(40).read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
            let holder = if known { format!("process {}", holder.trim()) } else { "another process".to_owned() };
            return Err(Fault::Locked(format!("{holder} has `{}` open for writing", path.display())));
        }
        Err(TryLockError::Error(error)) => return Err(io(error)),
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(io)?;
    Ok(file)
}

/// Opens for writing; the caller holds the lock.
pub(super) fn for_writing(path: &Path) -> Result<Connection, Fault> {
    check_version(rusqlite::version_number())?;
    save_again(&beside(path, "-wal"))?;
    // SQLite gives its files beside it the same rights.
    if let Err(why) = private::new_file(path)
        && why.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(Fault::Other(format!("`{}`: {why}", path.display())));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| at(path, error))?;
    settle(&connection)?;
    let format = format_of(&connection, path)?;
    for (name, value, _) in SETTINGS {
        let sql = format!("PRAGMA {name} = {value}");
        connection.query_row(&sql, (), |_| Ok(())).optional().map_err(fault)?;
    }
    connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(fault)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(fault)?;
    check_settings(&connection)?;
    migrate(&connection, format)?;
    Ok(connection)
}

/// Opens for reading, beside a writer or without one; and what is to be cleared away once the handle is closed.
pub(super) fn for_reading(path: &Path) -> Result<(Connection, Leftovers), Fault> {
    check_version(rusqlite::version_number())?;
    let wal = beside(path, "-wal");
    let nothing_waits = std::fs::metadata(&wal).map_or(true, |wal| wal.len() == 0);
    // Reading makes two files beside this one, which a folder that may not be written to refuses.
    if nothing_waits && is_protected(path) {
        return Ok((read_only(path, Beside::Nobody)?, Leftovers::none()));
    }
    match read_only(path, Beside::Writers) {
        Ok(connection) => Ok((connection, if nothing_waits { Leftovers::of(path) } else { Leftovers::none() })),
        Err(first @ Fault::Other(_)) if nothing_waits && path.exists() => {
            let connection = read_only(path, Beside::Nobody).map_err(|_| first)?;
            Ok((connection, Leftovers::none()))
        }
        Err(Fault::Other(words)) if !nothing_waits && path.exists() => Err(Fault::Other(format!(
            "{words}; entries wait in `{}`: copy both files into a folder that you may write to, and read them there",
            wal.display()
        ))),
        Err(fault) => Err(fault),
    }
}

/// Who else may have a file open that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Others write to it.
    Writers,
    /// Nobody may: nothing is locked, and no file is made.
    Nobody,
}

fn read_only(path: &Path, others: Beside) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match others {
        Beside::Writers => Connection::open_with_flags(path, flags),
        Beside::Nobody => Connection::open_with_flags(unchanging(path), flags | OpenFlags::SQLITE_OPEN_URI),
    };
    let connection = opened.map_err(|error| at(path, error))?;
    settle(&connection)?;
    for pragma in ["PRAGMA mmap_size = 0", "PRAGMA cell_size_check = ON", "PRAGMA trusted_schema = OFF"] {
        connection.query_row(pragma, (), |_| Ok(())).optional().map_err(fault)?;
    }
    match format_of(&connection, path)? {
        0 => Err(Fault::Refused(format!("`{}` is empty", path.display()))),
        // Later formats have the tables of format 1, rows that it has not, and one table more.
        _ => Ok(connection),
    }
}

/// Nobody may write to the file, or to the folder that it is in.
fn is_protected(path: &Path) -> bool {
    let may_not = |path: &Path| std::fs::metadata(path).is_ok_and(|found| found.permissions().readonly());
    may_not(path) || may_not(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name by which SQLite takes a file for one that does not change.
fn unchanging(path: &Path) -> String {
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => name.push(char::from(*byte)),
            other => {
                let _ = write!(name, "%{other:02X}");
            }
        }
    }
    name.push_str("?immutable=1");
    name
}

/// The two files that SQLite makes beside a file that is read. A handle that only reads leaves them there.
#[derive(Debug)]
pub(super) struct Leftovers(Option<PathBuf>);

impl Leftovers {
    pub(super) fn none() -> Self {
        Self(None)
    }

    fn of(path: &Path) -> Self {
        Self(Some(path.to_owned()))
    }
}

impl Drop for Leftovers {
    /// A handle that may write clears them away as it closes, and SQLite lets it only where nobody else has the file open. An
    /// empty write-ahead log holds nothing to be written, so the data file stays as it is.
    fn drop(&mut self) {
        let Some(path) = &self.0 else { return };
        if !std::fs::metadata(beside(path, "-wal")).is_ok_and(|wal| wal.len() == 0) {
            return;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if let Ok(connection) = Connection::open_with_flags(path, flags) {
            let _ = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(()));
        }
    }
}

/// Settings of every handle.
fn settle(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(BUSY).map_err(fault)?;
    // Neither is ours: a trigger that somebody planted must not act when something is saved.
    for kind in [DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW] {
        connection.set_db_config(kind, false).map_err(fault)?;
    }
    // Plans do not depend on the values that are bound: for some statements SQLite else prepares anew with each of them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ()).map_err(fault)
}

/// Compares every setting with what it must be.
pub(super) fn check_settings(connection: &Connection) -> Result<(), Fault> {
    for (name, _, expected) in SETTINGS {
        let found = connection
            .query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, Value>(0))
            .optional()
            .map_err(fault)?;
        let found = match found {
            Some(Value::Text(text)) => text,
            Some(Value::Integer(number)) => number.to_string(),
            _ => "nothing".to_owned(),
        };
        if found != *expected {
            return Err(Fault::Refused(format!(
                "SQLite's setting `{name}` is `{found}` and has to be `{expected}`: entries could be lost"
            )));
        }
    }
    Ok(())
}

/// Checks that the file ends with a whole page. SQLite fills up one that was cut off with zeros, which it may have ended with.
pub(super) fn whole_pages(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let page: i64 = connection.query_row("PRAGMA page_size", (), |row| row.get(0)).map_err(fault)?;
    let length = std::fs::metadata(path).map_err(|why| Fault::Other(why.to_string()))?.len();
    if length.checked_rem(page.unsigned_abs()) == Some(0) {
        return Ok(());
    }
    Err(Fault::Damaged(format!("its length of {length} bytes is no number of whole pages: its end is missing")))
}

/// Lets SQLite look for damage in the file's structure, and in the order of its rows: `quick_check` leaves the columns of keys out.
pub(super) fn integrity_check(connection: &Connection) -> Result<(), Fault> {
    let mut check = connection.prepare("PRAGMA integrity_check(3)").map_err(fault)?;
    let lines = check.query_map((), |row| row.get::<_, String>(0)).map_err(fault)?;
    let lines = lines.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    if lines == ["ok"] { Ok(()) } else { Err(Fault::Damaged(lines.join("; "))) }
}

/// Writes over what a failed commit may have left at the end of the write-ahead log.
///
/// SQLite does not read those pages, but they may be complete. After a power failure they would count as
/// committed, though the caller has learnt that they are not there. Any write overwrites them; this one changes
/// nothing else.
pub(super) fn overwrite_leftovers(connection: &Connection) -> Result<(), Fault> {
    connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(fault)
}

/// Gives back the room of a write-ahead log that one large transaction made long. Where a reader needs it still, a later commit
/// does so: nobody waits, and nothing that is saved depends on it.
pub(super) fn shorten_wal(connection: &Connection, path: &Path) {
    if std::fs::metadata(beside(path, "-wal")).is_ok_and(|wal| wal.len() > WAL_BYTES) {
        let _ = connection.busy_timeout(Duration::ZERO);
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
        let _ = connection.busy_timeout(BUSY);
    }
}

fn check_version(number: i32) -> Result<(), Fault> {
    if number >= OLDEST_SQLITE {
        return Ok(());
    }
    Err(Fault::Refused(format!(
        "this program was built with SQLite {}, which can lose entries: 3.51.3 or later is needed",
        dotted(number)
    )))
}

fn dotted(number: i32) -> String {
    format!("{}.{}.{}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000)
}

/// An empty data file in memory, as a file of that format is made.
pub(super) fn own_tables(format: i64) -> Result<Connection, Fault> {
    let connection = Connection::open_in_memory().map_err(fault)?;
    let steps = usize::try_from(format).unwrap_or_default();
    MIGRATIONS.iter().take(steps).try_for_each(|step| connection.execute_batch(step)).map_err(fault)?;
    Ok(connection)
}

/// The format of a file that is open.
pub(super) fn format(connection: &Connection) -> Result<i64, Fault> {
    connection.query_row("PRAGMA user_version", (), |row| row.get(0)).map_err(fault)
}

/// Reads the file's format, 0 for a new file, before anything is written to it.
fn format_of(connection: &Connection, path: &Path) -> Result<usize, Fault> {
    let number = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0)).map_err(|e| at(path, e));
    let application = number("PRAGMA application_id")?;
    let format = number("PRAGMA user_version")?;
    if application == 0 && format == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(0);
    }
    if application != i64::from(APPLICATION_ID) {
        return Err(Fault::Refused(format!("`{}` belongs to another program", path.display())));
    }
    match usize::try_from(format) {
        Ok(format) if format <= MIGRATIONS.len() => Ok(format),
        Ok(_) => Err(Fault::NewerFormat { found: format, known: MIGRATIONS.len() as i64 }),
        Err(_) => Err(Fault::Damaged(format!("`{}` says that its format is {format}", path.display()))),
    }
}

/// Takes each step in a transaction of its own together with the number, so that a kill leaves a whole format.
fn migrate(connection: &Connection, format: usize) -> Result<(), Fault> {
    for (index, step) in MIGRATIONS.iter().enumerate().skip(format) {
        let number = index + 1;
        let sql = format!(
            "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {step} PRAGMA user_version = {number}; COMMIT;"
        );
        connection.execute_batch(&sql).map_err(fault)?;
    }
    Ok(())
}

/// Writes the write-ahead log that a crash left once more, byte by byte, and syncs it.
///
/// After a failed sync Linux takes the pages for clean, though they never reached the disk: they are read back as if all
/// were well, and a checkpoint cut short by a power failure would then have nothing to recover from.
fn save_again(wal: &Path) -> Result<(), Fault> {
    let io = |error: std::io::Error| Fault::Other(format!("`{}`: {error}", wal.display()));
    let mut file = match OpenOptions::new().read(true).write(true).open(wal) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    let mut chunk = vec![0; 1 << 20];
    let mut at = 0;
    loop {
        let bytes = file.read(&mut chunk).map_err(io)?;
        if bytes == 0 {
            return file.sync_data().map_err(io);
        }
        file.seek(SeekFrom::Start(at)).map_err(io)?;
        file.write_all(&chunk[..bytes]).map_err(io)?;
        at += bytes as u64;
    }
}

fn at(path: &Path, error: rusqlite::Error) -> Fault {
    let named = |words: String| format!("`{}`: {words}", path.display());
    match fault(error) {
        Fault::Damaged(words) => Fault::Damaged(named(words)),
        Fault::Other(words) => Fault::Other(named(words)),
        other => other,
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests;
