//! A start from a stored snapshot comes to what a start from the first entry comes to, whatever became of the file.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use engine::act::{Act, AdmitMember};
use engine::{Actor, Pseudonym};
use tempfile::TempDir;

use super::*;
use crate::coop::Submission;
use crate::coop::tests::{at, charter};
use crate::{Coop, ServerClock, Shared, data_file, init};

const NOW: &str = "2025-01-08T00:00:00Z";

/// A co-op on storage with some members and two updates.
fn house() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let charter = charter();
    init(folder.path(), &charter, false).unwrap();
    let mut coop = Coop::open(folder.path(), at("2025-01-01T00:00:00Z")).unwrap();
    admit(&mut coop, 1..=20, "2025-01-01T00:00:00Z");
    coop.update_until(at("2025-01-14T00:00:00Z"), at("2025-01-14T00:00:00Z")).unwrap();
    folder
}

fn admit(coop: &mut Coop, members: std::ops::RangeInclusive<u64>, when: &str) {
    let admit = |member| Submission {
        act: Act::AdmitMember(AdmitMember {
            member: Pseudonym(member),
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        }),
        actor: Actor::Operator,
        key: String::new(),
        nonce: String::new(),
        signed: None,
    };
    // One by one, since entries that are added together are compressed on storage.
    members.for_each(|member| drop(coop.submit(&[admit(member)], at(when)).unwrap()));
}

fn open(folder: &Path) -> Coop {
    Coop::open(folder, at(NOW)).unwrap()
}

/// Stores a snapshot of the co-op as it is; its file.
fn store(folder: &Path) -> PathBuf {
    let coop = open(folder);
    Shelf::of(folder).put(&coop.committed()).unwrap();
    Shelf::of(folder).files()[0].1.clone()
}

#[test]
fn a_start_goes_on_from_the_newest_snapshot() {
    let folder = house();
    let path = store(folder.path());
    let mut coop = open(folder.path());
    assert_eq!(coop.image.as_ref().map(|image| image.head.seq), Some(23));
    admit(&mut coop, 21..=25, "2025-01-15T00:00:00Z");
    let (hash, head, history) = (coop.state().hash(), coop.head(), coop.history().clone());
    drop(coop);
    for stored in [true, false] {
        let coop = open(folder.path());
        assert_eq!((coop.image.is_some(), coop.state().hash(), coop.head()), (stored, hash.clone(), head));
        assert_eq!(*coop.history(), history);
        coop.state().check().unwrap();
        if stored {
            fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn what_is_good_for_nothing_is_thrown_away() {
    let folder = house();
    let spoil: [fn(&Path); 4] = [
        |path| fs::write(path, &fs::read(path).unwrap()[..400]).unwrap(),
        |path| fs::write(path, "").unwrap(),
        |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        },
        |path| fs::rename(path, path.with_file_name("000000000022-0123456789abcdef0123456789abcdef.snapshot")).unwrap(),
    ];
    for spoil in spoil {
        let path = store(folder.path());
        let hash = open(folder.path()).state().hash();
        spoil(&path);
        let coop = open(folder.path());
        assert_eq!((coop.image.is_none(), coop.state().hash()), (true, hash));
        assert!(Shelf::of(folder.path()).files().is_empty());
    }
    // A snapshot of another log, under its own name.
    let other = house();
    let path = store(other.path());
    let own = folder.path().join("snapshots").join(path.file_name().unwrap());
    fs::copy(path, &own).unwrap();
    assert!(open(folder.path()).image.is_none() && !own.exists());
}

#[test]
fn two_are_kept_and_nobody_else_reads_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = house();
    for round in 0..4 {
        let path = store(folder.path());
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        let mut coop = open(folder.path());
        admit(&mut coop, 100 + round..=100 + round, "2025-01-15T00:00:00Z");
    }
    assert_eq!(Shelf::of(folder.path()).files().len(), KEPT);
    let shelf = Shelf::of(folder.path());
    let head = |seq| Head { seq, ..Head::default() };
    assert_eq!((shelf.wants(head(5_025), true), shelf.wants(head(5_026), true)), (false, true));
    assert_eq!((shelf.wants(head(50_025), false), shelf.wants(head(50_026), false)), (false, true));
    let often = shelf.clone().with_every(50);
    for stopping in [false, true] {
        assert_eq!((often.wants(head(75), stopping), often.wants(head(76), stopping)), (false, true));
        assert!(!shelf.clone().with_every(0).wants(head(u64::MAX), stopping));
    }
}

#[test]
fn a_copy_is_verified_from_the_snapshot_on() {
    let folder = house();
    let data = data_file(folder.path());
    let verify = |file: &Path| {
        let mut copy = rochdale_log::Sqlite::open_snapshot(file).unwrap();
        crate::verify_copy(&mut copy, folder.path(), 1)
    };
    assert_eq!(verify(&data).unwrap(), (23, 0));
    store(folder.path());
    admit(&mut open(folder.path()), 21..=25, "2025-01-15T00:00:00Z");
    assert_eq!(verify(&data).unwrap(), (28, 23));
    // A wrong entry after the snapshot is found.
    let copy = folder.path().join("copy.db");
    let mut bytes = fs::read(&data).unwrap();
    let place = bytes.windows(9).position(|part| part == b"\"seq\":26,").unwrap();
    bytes[place + 7] = b'9';
    fs::write(&copy, bytes).unwrap();
    assert!(verify(&copy).unwrap_err().to_string().contains("entry 26"));
}

/// The server's health once it has verified the log behind its start, and whether it takes acts.
fn verified(folder: &Path) -> (Result<(), String>, bool) {
    let mut shared = Shared::new(open(folder), ServerClock::Machine);
    assert_eq!(shared.read().state().members.len(), 20, "it serves at once");
    shared.wait_for_verification();
    let taken = shared.write(|batch| batch.run_due(at("2025-01-20T00:00:00Z")));
    if shared.health().is_ok() {
        assert_eq!(shared.unverified(), None);
    }
    (shared.health(), taken.is_ok())
}

#[test]
fn the_log_is_verified_behind_the_start() {
    let folder = house();
    store(folder.path());
    assert_eq!(verified(folder.path()), (Ok(()), true));
}

#[test]
fn a_wrong_entry_behind_the_start_stops_the_writer() {
    let folder = house();
    store(folder.path());
    let data = data_file(folder.path());
    let mut bytes = fs::read(&data).unwrap();
    let place = bytes.windows(8).position(|part| part == b"\"seq\":7,").unwrap();
    bytes[place + 6] = b'9';
    fs::write(&data, bytes).unwrap();
    let (health, takes_acts) = verified(folder.path());
    assert!(health.unwrap_err().contains("entry 7"));
    assert!(!takes_acts);
    assert!(Shelf::of(folder.path()).files().is_empty(), "the next start reads the log");
}

#[test]
fn a_snapshot_that_the_log_does_not_come_to_stops_the_writer() {
    let folder = house();
    let coop = open(folder.path());
    let mut lie = (*coop.committed()).clone();
    lie.state.updates += 1;
    Shelf::of(folder.path()).put(&lie).unwrap();
    drop(coop);
    let (health, takes_acts) = verified(folder.path());
    assert_eq!((health, takes_acts), (Err(OTHER_STATE.to_owned()), false));
    assert!(open(folder.path()).image.is_none());
}
