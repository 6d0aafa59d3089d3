//! The settings, versions and files with which a store refuses to start.

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn raw(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn sqlite_before_3_51_3_is_refused() {
    assert!(check_version(rusqlite::version_number()).is_ok());
    assert!(check_version(3_051_003).is_ok());
    assert_eq!(
        check_version(3_040_001).unwrap_err().to_string(),
        "this program was built with SQLite 3.40.1, which can lose entries: 3.51.3 or later is needed"
    );
    assert!(check_version(3_051_002).is_err());
}

#[test]
fn each_wrong_setting_is_found() {
    let folder = folder();
    let path = folder.path().join("a.db");
    for wrong in [
        "journal_mode = DELETE",
        "synchronous = NORMAL",
        "synchronous = OFF",
        "fullfsync = OFF",
        "mmap_size = 1048576",
        "foreign_keys = OFF",
        "locking_mode = EXCLUSIVE",
        "secure_delete = OFF",
        "cell_size_check = OFF",
        "trusted_schema = ON",
    ] {
        let connection = for_writing(&path).unwrap();
        assert_eq!(check_settings(&connection), Ok(()));
        connection.query_row(&format!("PRAGMA {wrong}"), (), |_| Ok(())).optional().unwrap();
        let words = check_settings(&connection).unwrap_err().to_string();
        let (name, _) = wrong.split_once(' ').unwrap();
        assert!(words.starts_with(&format!("SQLite's setting `{name}` is `")), "{words}");
    }
}

#[test]
fn a_new_file_has_our_id_and_format() {
    let folder = folder();
    let path = folder.path().join("a.db");
    drop(for_writing(&path).unwrap());
    assert_eq!(format_of(&Connection::open(&path).unwrap(), &path), Ok(MIGRATIONS.len()));
    assert_eq!(std::fs::read(&path).unwrap()[68..72], *b"RCHD");
}

#[test]
fn a_newer_format_is_refused_and_nothing_changed() {
    let folder = folder();
    let path = folder.path().join("a.db");
    drop(for_writing(&path).unwrap());
    raw(&path, "PRAGMA user_version = 99");
    let before = std::fs::read(&path).unwrap();
    let newer = Fault::NewerFormat { found: 99, known: MIGRATIONS.len() as i64 };
    assert_eq!(for_writing(&path).unwrap_err(), newer);
    assert_eq!(for_reading(&path).unwrap_err(), newer);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_another_program_is_refused_and_nothing_changed() {
    let folder = folder();
    let path = folder.path().join("a.db");
    raw(&path, "CREATE TABLE other (x)");
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(for_writing(&path), Err(Fault::Refused(_))));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::write(&path, "a text that is no database, and long enough to be read as the header of one".repeat(9))
        .unwrap();
    assert!(matches!(for_writing(&path), Err(Fault::Damaged(_))));
}

#[test]
fn a_missing_folder_is_named() {
    let folder = folder();
    let path = folder.path().join("absent").join("a.db");
    let words = lock(&path).unwrap_err().to_string();
    assert!(words.contains("absent"), "{words}");
    assert!(for_reading(&path).is_err());
}

#[test]
fn an_empty_file_cannot_be_read() {
    let folder = folder();
    let path = folder.path().join("a.db");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(for_reading(&path), Err(Fault::Refused(_))));
}

#[test]
fn saving_again_changes_no_byte() {
    let folder = folder();
    let path = folder.path().join("x-wal");
    assert_eq!(save_again(&path), Ok(()));
    let bytes: Vec<u8> = (0..3_000_017_u32).map(|byte| (byte % 251) as u8).collect();
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(save_again(&path), Ok(()));
    assert!(std::fs::read(&path).unwrap() == bytes);
}
