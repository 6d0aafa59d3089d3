//! Events that only a file has: it is locked, full, damaged, copied, and read beside a writer.

mod keys;

use std::{
    fs,
    ops::ControlFlow,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use rusqlite::StatementStatus;

use super::*;
use crate::{
    store::conformance::{conformance, next_entry, push_all, write_all},
    verify_chain,
};

const COOP: &str = "coop-a";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Sqlite {
        Sqlite::open(self.file("a.db")).unwrap()
    }
}

fn raw(store: &Sqlite, sql: &str) {
    store.connection.execute_batch(sql).unwrap();
}

/// Adds entries, each in a transaction of its own.
fn write_each(store: &mut Sqlite, from: u64, to: u64) -> Head {
    (from..=to).fold(Head::default(), |_, key| write_all(store, COOP, &[&format!("k{key}")]))
}

/// Keys by their number, so many that some are in the table and some wait.
fn numbered(from: u64, until: u64) -> Vec<String> {
    (from..until).map(|number| format!("n{number}")).collect()
}

#[test]
fn sqlite_conforms() {
    let place = Place::new();
    let count = std::cell::Cell::new(0);
    conformance(|| {
        count.set(count.get() + 1);
        Box::new(Sqlite::open(place.file(&format!("{}.db", count.get()))).unwrap())
    });
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let place = Place::new();
    let head = write_each(&mut place.open(), 1, 20);
    let mut store = place.open();
    assert_eq!(store.head(COOP), Ok(head));
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
    assert_eq!(store.find_key(COOP, "k7"), Ok(Some(7)));
}

#[test]
fn a_second_writer_is_refused_and_the_first_unharmed() {
    let place = Place::new();
    let mut first = place.open();
    write_each(&mut first, 1, 2);
    let refused = Sqlite::open(place.file("a.db")).unwrap_err();
    let Fault::Locked(words) = &refused else { panic!("{refused:?}") };
    assert!(words.starts_with(&format!("process {} has `", std::process::id())), "{words}");
    let head = write_each(&mut first, 3, 3);
    drop(first);
    assert_eq!(place.open().head(COOP), Ok(head));
}

#[test]
fn readers_see_what_is_committed_while_a_writer_writes() {
    let place = Place::new();
    let mut writer = place.open();
    let head = write_each(&mut writer, 1, 3);
    push_all(&mut writer, COOP, &["k4"]);
    let mut reader = Sqlite::open_read(place.file("a.db")).unwrap();
    assert_eq!(verify_chain(&mut reader, COOP), Ok(Ok(head)));
    assert_eq!(reader.check(), Ok(()));
    assert!(matches!(reader.begin(COOP, &head), Err(Fault::Refused(_))));
    writer.rollback();
    let head = write_each(&mut writer, 4, 4);
    assert_eq!(reader.head(COOP), Ok(head));
}

/// Texts are read first, and then the entries that name them: an act that comes between must not be seen half.
#[test]
fn a_snapshot_sees_one_state_whatever_is_written() {
    let place = Place::new();
    let mut writer = place.open();
    let head = write_each(&mut writer, 1, 3);
    let mut snapshot = Sqlite::open_snapshot(place.file("a.db")).unwrap();
    assert_eq!(snapshot.head(COOP), Ok(head));
    let later = write_each(&mut writer, 4, 6);
    assert_eq!(snapshot.head(COOP), Ok(head));
    assert_eq!(verify_chain(&mut snapshot, COOP), Ok(Ok(head)));
    assert_eq!(snapshot.check(), Ok(()));
    snapshot.backup_to(place.file("copy.db")).unwrap();
    let copied = Sqlite::open_read(place.file("copy.db")).unwrap().head(COOP);
    assert_eq!(copied, Ok(head));
    drop(snapshot);
    let mut now = Sqlite::open_snapshot(place.file("a.db")).unwrap();
    assert_eq!(now.head(COOP), Ok(later));
}

#[test]
fn a_reader_needs_no_writer_and_creates_nothing() {
    let place = Place::new();
    assert!(Sqlite::open_read(place.file("a.db")).is_err());
    assert!(!place.file("a.db").exists());
    let head = write_each(&mut place.open(), 1, 3);
    assert_eq!(Sqlite::open_read(place.file("a.db")).unwrap().head(COOP), Ok(head));
}

#[test]
fn a_full_disk_loses_nothing_and_writing_resumes() {
    let place = Place::new();
    let mut store = place.open();
    let mut head = write_each(&mut store, 1, 5);
    raw(&store, "PRAGMA max_page_count = 40");
    let filling = loop {
        let before = head;
        match fill(&mut store, &before) {
            Ok(next) => head = next,
            Err(fault) => break fault,
        }
    };
    assert!(matches!(filling, Fault::Full(_)), "{filling:?}");
    assert!(head.seq > 5, "some were saved before");
    assert_eq!(store.head(COOP), Ok(head), "reads still answer");
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
    assert!(matches!(fill(&mut store, &head), Err(Fault::Full(_))));
    raw(&store, "PRAGMA max_page_count = 4000");
    let head = fill(&mut store, &head).unwrap();
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
    assert_eq!(store.check(), Ok(()));
}

/// Adds ten entries in one transaction, or nothing.
fn fill(store: &mut Sqlite, head: &Head) -> Result<Head, Fault> {
    store.begin(COOP, head)?;
    let mut head = *head;
    for _ in 0..10 {
        let key = format!("f{}", head.seq);
        let (bytes, next) = next_entry(COOP, &head, &key);
        store.push(next.seq, &key, &bytes)?;
        head = next;
    }
    store.commit(&head)?;
    Ok(head)
}

#[test]
fn a_commit_that_failed_is_unknown_until_the_store_is_reopened() {
    let place = Place::new();
    let mut store = place.open();
    let head = write_each(&mut store, 1, 3);
    let next = push_all(&mut store, COOP, &["k4"]);
    // A foreign key that dangles until the commit is the one way to let a commit itself fail from outside.
    raw(
        &store,
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO child VALUES (7);",
    );
    assert!(matches!(store.commit(&next), Err(Fault::Unknown(_))));
    assert!(matches!(store.begin(COOP, &head), Err(Fault::Unknown(_))));
    assert!(matches!(store.find_key(COOP, "k4"), Err(Fault::Unknown(_))));
    store.reopen().unwrap();
    assert_eq!(store.find_key(COOP, "k4"), Ok(None));
    let head = write_each(&mut store, 4, 4);
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
}

#[test]
fn reopening_keeps_the_lock() {
    let place = Place::new();
    let mut store = place.open();
    store.reopen().unwrap();
    assert!(matches!(Sqlite::open(place.file("a.db")), Err(Fault::Locked(_))));
}

#[test]
fn a_backup_holds_everything_and_replaces_nothing() {
    let place = Place::new();
    let mut store = place.open();
    let head = write_each(&mut store, 1, 30);
    let copy = place.file("copy.db");
    store.backup_to(&copy).unwrap();
    write_each(&mut store, 31, 40);
    assert!(matches!(store.backup_to(&copy), Err(Fault::Refused(_))));
    Sqlite::open_read(place.file("a.db")).unwrap().backup_to(place.file("second.db")).unwrap();
    let mut restored = Sqlite::open(&copy).unwrap();
    assert_eq!(verify_chain(&mut restored, COOP), Ok(Ok(head)));
    assert_eq!(restored.check(), Ok(()));
    assert_eq!(Sqlite::open(place.file("second.db")).unwrap().head(COOP).unwrap().seq, 40);
    assert!(store.backup_to(place.file("absent/copy.db")).is_err());
    let left = fs::read_dir(place.folder.path()).unwrap().flatten();
    assert!(left.map(|file| file.file_name()).all(|name| !name.to_string_lossy().ends_with(".part")));
}

/// A9 of the design's checks, in small.
#[test]
fn backups_under_load_verify_and_hold_what_was_saved_before() {
    let place = Place::new();
    let mut writer = place.open();
    write_each(&mut writer, 1, 1);
    let saved = AtomicU64::new(1);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                let next = saved.load(Ordering::SeqCst) + 1;
                write_each(&mut writer, next, next);
                saved.store(next, Ordering::SeqCst);
            }
        });
        // The writer ends even if an assertion below fails, or the scope would wait for it.
        let _stop = Stop(&done);
        for round in 0..12 {
            while saved.load(Ordering::SeqCst) < round * 20 {
                std::thread::yield_now();
            }
            let before = saved.load(Ordering::SeqCst);
            let copy = place.file(&format!("copy-{round}.db"));
            Sqlite::open_read(place.file("a.db")).unwrap().backup_to(&copy).unwrap();
            let mut copy = Sqlite::open_read(copy).unwrap();
            let head = verify_chain(&mut copy, COOP).unwrap().unwrap();
            assert!(head.seq >= before, "{before} were saved, {} are in the copy", head.seq);
            assert_eq!(copy.find_key(COOP, &format!("k{}", head.seq)), Ok(Some(head.seq)));
        }
    });
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn rows_changed_behind_our_back_are_named() {
    let cases = [
        ("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '220', '221') AS BLOB) WHERE seq = 7", 7),
        ("UPDATE entries SET bytes = x'' WHERE seq = 3", 3),
        ("DELETE FROM entries WHERE seq = 5", 5),
        ("DELETE FROM entries WHERE seq = 20", 20),
        ("UPDATE entries SET seq = 99 WHERE seq = 11", 11),
        ("UPDATE heads SET time_us = 0", 20),
        ("UPDATE heads SET seq = 19", 20),
    ];
    for (sql, wrong) in cases {
        let place = Place::new();
        let mut store = place.open();
        write_each(&mut store, 1, 20);
        raw(&store, sql);
        assert_eq!(verify_chain(&mut store, COOP).unwrap().unwrap_err().seq, wrong, "{sql}");
    }
}

/// Entries that a transaction adds together share rows, beside rows of one entry; each is found and read as it was pushed.
#[test]
fn entries_that_share_a_row_are_read_from_any_place() {
    let place = Place::new();
    let mut store = place.open();
    write_each(&mut store, 1, 3);
    let keys: Vec<String> = (4..=403).map(|key| format!("k{key}")).collect();
    write_all(&mut store, COOP, &keys.iter().map(String::as_str).collect::<Vec<_>>());
    let head = write_each(&mut store, 404, 405);
    let rows: i64 = store.connection.query_row("SELECT count(*) FROM entries", (), |row| row.get(0)).unwrap();
    assert!((6..30).contains(&rows), "{rows} rows");
    let mut store = Sqlite::open_read(place.file("a.db")).unwrap();
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
    let mut lines = Vec::new();
    store.read(COOP, 1, &mut |_, bytes| keep(&mut lines, bytes)).unwrap();
    assert_eq!(lines.len(), 405);
    for seq in [1, 2, 3, 4, 5, 100, 101, 402, 403, 404, 405] {
        let line = &lines[seq as usize - 1];
        assert_eq!(store.entry(COOP, seq).unwrap().as_ref(), Some(line), "entry {seq}");
        let mut rest = Vec::new();
        store.read(COOP, seq, &mut |_, bytes| keep(&mut rest, bytes)).unwrap();
        assert!(rest == lines[seq as usize - 1..], "from entry {seq}");
    }
    assert_eq!(store.entry(COOP, 406), Ok(None));
    assert_eq!(store.entry(COOP, 0), Ok(None));
}

#[test]
fn a_large_transaction_leaves_no_long_write_ahead_log() {
    let place = Place::new();
    let mut store = place.open();
    let put = |store: &mut Sqlite, byte: u8| {
        // Other bytes each time: SQLite writes no page that stays the same.
        let large = vec![byte; 17 << 20];
        store.begin(COOP, &Head::default()).unwrap();
        store.put("large", b"name", &large).unwrap();
        store.commit(&Head::default()).unwrap();
        fs::metadata(place.file("a.db-wal")).unwrap().len()
    };
    assert_eq!(put(&mut store, 1), 0);
    let mut reader = Sqlite::open_snapshot(place.file("a.db")).unwrap();
    assert!(reader.get(COOP, "large", b"name").unwrap().is_some());
    assert!(put(&mut store, 2) > 17 << 20, "a reader needs it");
    drop(reader);
    assert_eq!(put(&mut store, 3), 0);
}

/// A shared row that is damaged is named by the place of its first entry.
#[test]
fn a_damaged_shared_row_is_named() {
    let place = Place::new();
    let mut store = place.open();
    write_each(&mut store, 1, 3);
    write_all(&mut store, COOP, &["k4", "k5", "k6", "k7"]);
    raw(&store, "UPDATE entries SET bytes = substr(bytes, 1, length(bytes) - 9) WHERE seq = 4");
    assert_eq!(verify_chain(&mut store, COOP).unwrap().unwrap_err().seq, 4);
}

#[test]
fn a_file_of_format_1_goes_on() {
    let place = Place::new();
    let mut store = place.open();
    let head = write_each(&mut store, 1, 3);
    let keys = (1..=3).map(|seq| format!("INSERT INTO keys VALUES ('{COOP}', 'k{}', {seq});", seq % 3));
    raw(&store, &format!("DROP TABLE keys_until; {} PRAGMA user_version = 1", keys.collect::<String>()));
    drop(store);
    assert_eq!(Sqlite::open_read(place.file("a.db")).unwrap().find_key(COOP, "k0"), Ok(Some(3)));
    assert_eq!(verify_chain(&mut Sqlite::open_read(place.file("a.db")).unwrap(), COOP), Ok(Ok(head)));
    let mut store = place.open();
    let head = write_all(&mut store, COOP, &["k4", "k5"]);
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
    assert_eq!(["k0", "k1", "k5"].map(|key| store.find_key(COOP, key)), [Ok(Some(3)), Ok(Some(1)), Ok(Some(5))]);
    let format: i64 = store.connection.query_row("PRAGMA user_version", (), |row| row.get(0)).unwrap();
    assert_eq!(format, 3);
}

#[test]
fn an_entry_beyond_the_head_is_not_overwritten() {
    let place = Place::new();
    let mut store = place.open();
    let head = write_each(&mut store, 1, 3);
    raw(&store, "UPDATE entries SET seq = 4 WHERE seq = 3");
    let damaged = Fault::Damaged("entry 4 is there already, though the log ends before it".to_owned());
    assert_eq!(store.begin(COOP, &head), Err(damaged));
    assert!(matches!(store.commit(&head), Err(Fault::Refused(_))), "no transaction has begun");
}

#[test]
fn erased_records_leave_no_trace_in_the_file() {
    let place = Place::new();
    let mut store = place.open();
    let canary = b"canary-of-member-001".repeat(500);
    store.begin(COOP, &Head::default()).unwrap();
    store.put("profiles", b"member-001", &canary).unwrap();
    store.commit(&Head::default()).unwrap();
    store.begin(COOP, &Head::default()).unwrap();
    store.delete("profiles", b"member-001").unwrap();
    store.commit(&Head::default()).unwrap();
    drop(store);
    let bytes = fs::read(place.file("a.db")).unwrap();
    assert!(!bytes.windows(20).any(|part| part == &canary[..20]));
}

/// A6 of the design's checks, on the store alone: a flipped bit is a fault in words, a named entry, or changes nothing
/// that the log holds.
#[test]
fn a_flipped_bit_is_never_a_crash_and_never_a_changed_log() {
    let place = Place::new();
    let mut store = place.open();
    let head = write_each(&mut store, 1, 60);
    let mut lines = Vec::new();
    store.read(COOP, 1, &mut |_, bytes| keep(&mut lines, bytes)).unwrap();
    drop(store);
    let whole = fs::read(place.file("a.db")).unwrap();
    let (mut seed, mut found) = (20_251_120_u64, 0);
    for round in 0..400 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bit = (seed >> 20) as usize % (whole.len() * 8);
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let path = place.file("flipped.db");
        fs::write(&path, &bytes).unwrap();
        let verdict = Sqlite::open(&path).and_then(|mut store| {
            let verdict = verify_chain(&mut store, COOP)?;
            let mut read = Vec::new();
            store.read(COOP, 1, &mut |_, bytes| keep(&mut read, bytes))?;
            Ok(verdict.map(|head| (head, read)))
        });
        match verdict {
            Ok(Ok((end, read))) => {
                assert!(end == head && read == lines, "round {round}, bit {bit}")
            }
            Ok(Err(_)) => found += 1,
            Err(fault) => {
                assert!(!matches!(fault, Fault::Conflict | Fault::Unknown(_)), "{fault:?}");
                found += 1;
            }
        }
    }
    assert!(found > 100, "only {found} flips were found");
}

fn keep(lines: &mut Vec<Vec<u8>>, bytes: &[u8]) -> ControlFlow<()> {
    lines.push(bytes.to_vec());
    ControlFlow::Continue(())
}

/// A place in the log that is another in the file's own index: only the order of the rows shows it.
#[test]
fn damage_in_the_columns_of_keys_is_found() {
    let place = Place::new();
    let mut store = place.open();
    write_each(&mut store, 1, 5);
    assert_eq!(store.check(), Ok(()));
    drop(store);
    let mut bytes = fs::read(place.file("a.db")).unwrap();
    let third = b"coop-a\x03{";
    let at = bytes.windows(third.len()).position(|part| part == third).unwrap();
    bytes[at + 6] = 9;
    fs::write(place.file("a.db"), bytes).unwrap();
    let found = Sqlite::open_read(place.file("a.db")).unwrap().check();
    assert!(matches!(&found, Err(Fault::Damaged(words)) if words.contains("order")), "{found:?}");
}

#[test]
fn what_does_not_belong_into_the_file_is_named() {
    let own_key = "DELETE FROM keys WHERE key = 'n3'";
    for (edit, words) in [
        ("CREATE TABLE notes (text)", "the table `notes`, which is not Rochdale's"),
        ("CREATE VIEW seen AS SELECT * FROM records", "the view `seen`"),
        ("CREATE INDEX quick ON records (name)", "the index `quick`"),
        ("CREATE TRIGGER late AFTER INSERT ON entries BEGIN DELETE FROM records; END", "the trigger `late`"),
        ("DROP TABLE keys_until", "`keys_until` is missing"),
        ("DROP TABLE records; CREATE TABLE records (coop, space, name, value)", "`records` is another one"),
        ("INSERT INTO records VALUES ('coop-b', 'profile', x'00', x'00')", "`records` has rows of `coop-b`"),
        ("INSERT INTO records VALUES ('', 'profile', x'00', x'00')", "`records` has rows of ``"),
        ("INSERT INTO entries SELECT 'coop-b', seq, bytes FROM entries LIMIT 1", "`entries` has rows of `coop-b`"),
        ("INSERT INTO keys VALUES ('coop-b', 'n1', 1)", "`keys` has rows of `coop-b`"),
        ("INSERT INTO keys_until VALUES ('coop-b', 1)", "`keys_until` has rows of `coop-b`"),
        ("INSERT INTO entries SELECT coop, -4, bytes FROM entries LIMIT 1", "a row -4"),
        (own_key, "does not have the key of entry 3"),
        ("UPDATE keys SET seq = 9 WHERE key = 'n3'", "does not have the key of entry 3"),
        ("UPDATE keys SET key = 'other' WHERE key = 'n3'", "does not have the key of entry 3"),
        ("INSERT INTO keys VALUES ('coop-a', 'other', 3)", "the key `other` for entry 3"),
        ("INSERT INTO keys VALUES ('coop-a', 'n20', 20)", "the key `n20` for entry 20"),
        ("UPDATE keys_until SET seq = 19", "does not have the key of entry 17"),
        ("UPDATE keys_until SET seq = 15", "the key `n16` for entry 16"),
        ("UPDATE keys_until SET seq = 100", "`keys_until` says entry 100, and the log ends with entry 20"),
        ("DELETE FROM keys_until", "the key `n1` for entry 1"),
    ] {
        let place = Place::new();
        let mut store = place.open();
        for key in numbered(1, 21) {
            write_all(&mut store, COOP, &[&key]);
        }
        assert_eq!(store.check(), Ok(()));
        store.connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
        raw(&store, edit);
        drop(store);
        let found = Sqlite::open_read(place.file("a.db")).unwrap().check();
        assert!(matches!(&found, Err(Fault::Damaged(said)) if said.contains(words)), "{edit}: {found:?}");
    }
}

/// A trigger that somebody planted takes nothing away while it stands there.
#[test]
fn a_planted_trigger_does_not_act() {
    let place = Place::new();
    let mut store = place.open();
    write_each(&mut store, 1, 3);
    raw(&store, "CREATE TRIGGER late AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE seq < new.seq; END");
    drop(store);
    let mut store = place.open();
    let head = write_each(&mut store, 4, 4);
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
}

fn names(place: &Place) -> Vec<String> {
    let files = fs::read_dir(place.folder.path()).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[cfg(unix)]
#[test]
fn a_copy_that_nobody_may_write_to_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    for (file, folder) in [(0o444, 0o755), (0o644, 0o555), (0o444, 0o555)] {
        let place = Place::new();
        let head = write_each(&mut place.open(), 1, 3);
        // A name that SQLite would read otherwise, were it not written for it.
        let path = place.file("a b%3f?#.db");
        fs::rename(place.file("a.db"), &path).unwrap();
        fs::remove_file(place.file("a.db.lock")).unwrap();
        let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        allow(&path, file);
        allow(place.folder.path(), folder);
        let mut store = Sqlite::open_snapshot(&path).unwrap();
        assert_eq!((store.check(), store.head(COOP)), (Ok(()), Ok(head)), "{file:o} in {folder:o}");
        assert_eq!(names(&place), ["a b%3f?#.db"]);
        drop(store);
        assert_eq!(names(&place), ["a b%3f?#.db"]);
        allow(place.folder.path(), 0o755);
    }
}

#[test]
fn reading_leaves_nothing_behind_where_nobody_else_reads() {
    let place = Place::new();
    let head = write_each(&mut place.open(), 1, 3);
    let before = fs::read(place.file("a.db")).unwrap();
    let (mut first, second) =
        (Sqlite::open_snapshot(place.file("a.db")).unwrap(), Sqlite::open_read(place.file("a.db")).unwrap());
    drop(second);
    assert_eq!(first.head(COOP), Ok(head));
    drop(first);
    assert_eq!(names(&place), ["a.db", "a.db.lock"]);
    assert!(fs::read(place.file("a.db")).unwrap() == before);
    // A writer's files stay, whoever reads meanwhile.
    let writer = place.open();
    drop(Sqlite::open_read(place.file("a.db")).unwrap());
    assert_eq!(names(&place).len(), 4);
    drop(writer);
}

/// SQLite would prepare two of them anew each time that a value is bound: a tenth of a commit.
#[test]
fn no_statement_is_prepared_twice() {
    let place = Place::new();
    let mut store = place.open();
    write_each(&mut store, 1, 20);
    for seq in 1..20 {
        assert!(store.entry(COOP, seq).unwrap().is_some());
    }
    for sql in [LAST_ENTRY, READ_ENTRIES, INSERT_ENTRIES, UPSERT_HEAD] {
        let statement = store.connection.prepare_cached(sql).unwrap();
        let [anew, run] = [StatementStatus::RePrepare, StatementStatus::Run].map(|kind| statement.get_status(kind));
        assert!(anew == 0 && run > 15, "{sql}: {anew} times, and run {run}");
    }
}
