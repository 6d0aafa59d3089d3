//! Logs of closed editions: each one under `testdata/logs` replays for ever to the entries and hashes that its table tells.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::verify_against;

const EDITION_1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/logs/edition-1");
/// As many as were made. None may go.
const LOGS: usize = 78;
/// The log that is larger than all others together.
const DEMO: &str = "demo";

/// Every act and every outcome of edition 1.
const ACTS: [&str; 22] = [
    "found",
    "update",
    "change",
    "admit_member",
    "end_membership",
    "add_to_list",
    "remove_from_list",
    "record_support",
    "reverse_support",
    "cast_ballot",
    "nominate",
    "stand",
    "propose_document",
    "assent",
    "withdraw_candidacy",
    "resign_seat",
    "open_item",
    "close_item",
    "book_entry",
    "announce_fork",
    "join_fork",
    "complete_fork",
];
const OUTCOMES: [&str; 16] = [
    "candidate-entered",
    "nominee-dropped",
    "seat-taken",
    "seat-vacated",
    "item-closed",
    "member-admitted",
    "decision-opened",
    "decision-closed",
    "share-freed",
    "document-no-longer-checks",
    "rules-changed",
    "amendment-adopted",
    "fork-announced",
    "fork-withdrawn",
    "fork-completed",
    "recorded",
];

/// The expected results of a log.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    name: String,
    entries: u64,
    updates: u64,
    head: String,
    state: String,
}

/// The table of the folder's README, without its head.
fn told() -> Vec<Told> {
    let page = fs::read_to_string(Path::new(EDITION_1).join("README.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        let mut cell = || cells.next().unwrap();
        Told {
            name: cell(),
            entries: cell().parse().unwrap(),
            updates: cell().parse().unwrap(),
            head: cell(),
            state: cell(),
        }
    })
    .collect()
}

/// Logs of edition 1, unpacked one by one.
struct Logs(TempDir);

impl Logs {
    fn open() -> Logs {
        Logs(tempfile::tempdir().unwrap())
    }

    fn unpack(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(name);
        if !path.exists() {
            let packed = File::open(Path::new(EDITION_1).join(format!("{name}.log.gz"))).unwrap();
            io::copy(&mut flate2::read::GzDecoder::new(packed), &mut File::create(&path).unwrap()).unwrap();
        }
        path
    }

    /// Replays a log and compares what comes out.
    fn replay(&self, told: &Told) {
        let verified = verify_file(&self.unpack(&told.name), 2);
        let Verified { entries, updates, head, state, .. } =
            verified.unwrap_or_else(|wrong| panic!("`{}`: {wrong}", told.name));
        assert_eq!(Told { name: told.name.clone(), entries, updates, head, state }, *told);
    }
}

#[test]
fn the_demonstration_of_edition_1_replays_to_its_hashes() {
    let told = told();
    Logs::open().replay(told.iter().find(|told| told.name == DEMO).unwrap());
}

#[test]
fn every_other_log_of_edition_1_replays_to_its_hashes() {
    let logs = Logs::open();
    told().iter().filter(|told| told.name != DEMO).for_each(|told| logs.replay(told));
}

#[test]
fn no_log_of_edition_1_is_missing_and_none_is_untold() {
    let told: BTreeSet<String> = told().into_iter().map(|told| format!("{}.log.gz", told.name)).collect();
    let there = fs::read_dir(EDITION_1).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(told, there.filter(|name| name != "README.md").collect());
    assert_eq!(told.len(), LOGS);
}

#[test]
fn each_co_op_that_left_began_with_what_its_old_log_gives() {
    let logs = Logs::open();
    let mut compared = 0;
    for told in told() {
        let old = match (&*told.name, told.name.split_once("-fork-")) {
            ("fork-new" | "fork-of-one", _) => "fork-old",
            (_, Some((old, _))) => old,
            _ => continue,
        };
        let wrong = verify_against(&logs.unpack(&told.name), &logs.unpack(old), 1).err();
        assert!(wrong.is_none(), "`{}`: {wrong:?}", told.name);
        compared += 1;
    }
    assert!(compared > 10, "{compared} compared");
}

#[test]
fn every_act_and_every_outcome_of_edition_1_is_in_a_log() {
    let logs = Logs::open();
    let mut missing: BTreeSet<&str> = ACTS.into_iter().chain(OUTCOMES).collect();
    for told in told().iter().filter(|told| told.name != DEMO) {
        let path = logs.unpack(&told.name);
        let (coop, documents) = audit(&path).unwrap();
        let mut find = |hash: &str| Ok(documents.get(hash).cloned());
        let mut replay = Replay::new(&coop, 1, &mut find);
        each_line(&path, &mut |line| {
            if let Line::Entry(bytes) = line {
                let entry = replay.read(bytes)?;
                missing.remove(entry.act.kind());
                for outcome in replay.carry_out(&entry)? {
                    missing.remove(outcome.to_string().split(' ').next().unwrap_or_default());
                }
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        if missing.is_empty() {
            return;
        }
    }
    panic!("in no log: {missing:?}");
}
