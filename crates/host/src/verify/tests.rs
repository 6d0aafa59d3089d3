//! Logs of closed editions: each one under `testdata/logs` replays for ever to the entries and hashes that its table tells.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use rochdale_log::{Entry, encode};

use crate::verify_against;

/// The golden logs of one edition.
#[derive(Debug)]
pub(crate) struct Golden {
    folder: &'static str,
    /// As many as were made. None may go.
    logs: usize,
    /// Acts and outcomes that some log must have.
    kinds: &'static [&'static str],
}

pub(crate) const ONE: Golden =
    Golden { folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/logs/edition-1"), logs: 78, kinds: &OF_ONE };
const TWO: Golden =
    Golden { folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/logs/edition-2"), logs: 71, kinds: &OF_TWO };
const THREE: Golden = Golden {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/logs/edition-3"),
    logs: 51,
    kinds: &OF_THREE,
};
const FOUR: Golden =
    Golden { folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/logs/edition-4"), logs: 61, kinds: &OF_FOUR };
/// The log that is larger than all others together.
pub(crate) const DEMO: &str = "demo";
/// One with more than seven entries.
const KEYED: &str = "refunds";

/// Every act and every outcome of edition 1.
const OF_ONE: [&str; 38] = [
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

/// Acts and outcomes that edition 2 has besides.
const OF_TWO: [&str; 17] = [
    "announce_edition",
    "adopt_edition",
    "edition-announced",
    "edition-adopted",
    "reverse_support",
    "propose_act",
    "agree_to_act",
    "take_back_act",
    "act-proposed",
    "act-announced",
    "act-done",
    "act-taken-back",
    "act-took-effect",
    "act-lapsed",
    "challenger-gains",
    "candidate-left",
    "assent-ended",
];

/// Acts and outcomes that edition 3 has besides.
const OF_THREE: [&str; 24] = [
    "source_heard",
    "claim_support",
    "answer_claim",
    "take_back_claim",
    "pledge_own",
    "join_members",
    "answer_join",
    "take_back_join",
    "bring_item",
    "take_back_item",
    "support-claimed",
    "claim-affirmed",
    "claim-confirmed",
    "claim-refused",
    "claim-lapsed",
    "join-asked",
    "join-announced",
    "join-stopped",
    "join-lapsed",
    "join-took-effect",
    "parting-announced",
    "parting-took-effect",
    "edition-announced",
    "edition-adopted",
];

/// Acts and outcomes that edition 4 has besides.
const OF_FOUR: [&str; 31] = [
    "propose_option",
    "withdraw_option",
    "commitment-taken",
    "item-served",
    "propose_credit",
    "strike_credit",
    "credit-proposed",
    "credit-accepted",
    "hold_money",
    "pay_back_held",
    "give_to_pool",
    "ask_pool",
    "withdraw_project",
    "pledge_to_project",
    "project-funded",
    "project-closed",
    "pool-saves",
    "pool-shared",
    "pool-directed",
    "pool-emptied",
    "request_money",
    "withdraw_request",
    "request-passed",
    "request-closed",
    "publish_release",
    "withdraw_release",
    "release-published",
    "release-opened",
    "release-withdrawn",
    "edition-announced",
    "edition-adopted",
];

/// The expected results of a log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: String,
    entries: u64,
    updates: u64,
    head: String,
    pub(crate) state: String,
}

/// The table of logs at the end of the folder's README.
pub(crate) fn told(golden: &Golden) -> Vec<Told> {
    let page = fs::read_to_string(Path::new(golden.folder).join("README.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() > 3);
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

/// Logs of one edition, unpacked one by one.
pub(crate) struct Logs(TempDir, &'static Golden);

impl Logs {
    pub(crate) fn of(golden: &'static Golden) -> Logs {
        Logs(tempfile::tempdir().unwrap(), golden)
    }

    pub(crate) fn unpack(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(name);
        if !path.exists() {
            let packed = File::open(Path::new(self.1.folder).join(format!("{name}.log.gz"))).unwrap();
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
    let told = told(&ONE);
    Logs::of(&ONE).replay(told.iter().find(|told| told.name == DEMO).unwrap());
}

#[test]
fn every_other_log_of_edition_1_replays_to_its_hashes() {
    let logs = Logs::of(&ONE);
    told(&ONE).iter().filter(|told| told.name != DEMO).for_each(|told| logs.replay(told));
}

#[test]
fn every_log_of_edition_2_replays_to_its_hashes() {
    let logs = Logs::of(&TWO);
    told(&TWO).iter().for_each(|told| logs.replay(told));
}

#[test]
fn every_log_of_edition_3_replays_to_its_hashes() {
    let logs = Logs::of(&THREE);
    told(&THREE).iter().for_each(|told| logs.replay(told));
}

#[test]
fn every_log_of_edition_4_replays_to_its_hashes() {
    let logs = Logs::of(&FOUR);
    told(&FOUR).iter().for_each(|told| logs.replay(told));
}

#[test]
fn no_log_is_missing_and_none_is_untold() {
    for golden in [&ONE, &TWO, &THREE, &FOUR] {
        let told: BTreeSet<String> = told(golden).into_iter().map(|told| format!("{}.log.gz", told.name)).collect();
        let files = fs::read_dir(golden.folder).unwrap();
        let there = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert_eq!(told, there.filter(|name| name != "README.md").collect());
        assert_eq!(told.len(), golden.logs);
    }
}

#[test]
fn each_co_op_that_left_began_with_what_its_old_log_gives() {
    for golden in [&ONE, &TWO, &THREE, &FOUR] {
        let logs = Logs::of(golden);
        let mut compared = 0;
        for told in told(golden) {
            let old = match (&*told.name, told.name.rsplit_once("-fork-")) {
                ("fork-new" | "fork-of-one", _) => "fork-old",
                (_, Some((old, _))) => old,
                _ => continue,
            };
            let wrong = verify_against(&logs.unpack(&told.name), &logs.unpack(old), 1).err();
            assert!(wrong.is_none(), "`{}`: {wrong:?}", told.name);
            compared += 1;
        }
        assert!(compared > 1, "{compared} compared");
    }
}

#[test]
fn every_act_and_every_outcome_of_an_edition_is_in_a_log() {
    for golden in [&ONE, &TWO, &THREE, &FOUR] {
        let missing = not_seen(golden);
        assert!(missing.is_empty(), "in no log of {}: {missing:?}", golden.folder);
    }
}

fn not_seen(golden: &'static Golden) -> BTreeSet<&'static str> {
    let logs = Logs::of(golden);
    let mut missing: BTreeSet<&str> = golden.kinds.iter().copied().collect();
    for told in told(golden).iter().filter(|told| told.name != DEMO) {
        let path = logs.unpack(&told.name);
        let (coop, documents) = outline(&path).unwrap();
        let mut find = |hash: &str| Ok(documents.get(hash).cloned());
        let mut replay = Replay::new(1, &mut find);
        walk(&mut Reader::noting_keys(&coop), &mut filed(&path), Moment(i64::MAX), &mut |entry| {
            missing.remove(entry.act.kind());
            for outcome in replay.carry_out(entry)? {
                missing.remove(outcome.to_string().split(' ').next().unwrap_or_default());
            }
            Ok(())
        })
        .unwrap();
        if missing.is_empty() {
            break;
        }
    }
    missing
}

/// The entries of a log written anew, with other keys for some.
fn with_keys(path: &Path, keys: &[(u64, &str)]) -> Vec<Vec<u8>> {
    let mut head = Head::default();
    let mut lines = Vec::new();
    filed(path)(&mut |bytes| {
        let entry: Entry<'_> = decode(bytes).unwrap();
        let key = keys.iter().find(|(seq, _)| *seq == entry.seq).map_or("", |(_, key)| key);
        let commitments: Vec<_> = entry.commitments.iter().map(|(name, hash)| (&**name, *hash)).collect();
        let mut line = Vec::new();
        let changed = rochdale_log::EntryHead { prev: head.hash, key, ..entry.head() };
        encode(&changed, entry.body, &commitments, entry.form(), &mut line).unwrap();
        head = Head { seq: entry.seq, hash: rochdale_log::hash_entry(&line), time_us: entry.time_us };
        lines.push(line);
        ControlFlow::Continue(())
    })
    .unwrap();
    lines
}

/// Entry 5 of this log has the key of entry 3, wherever the log is kept; a mistake before it comes first, and one after it does not.
#[test]
fn a_key_that_occurs_twice_is_a_wrong_entry() {
    let logs = Logs::of(&ONE);
    let path = logs.unpack(KEYED);
    let (coop, documents) = outline(&path).unwrap();
    let verify = |lines: &[Vec<u8>]| {
        let mut store = Memory::new();
        store.begin(&coop, &Head::default()).unwrap();
        let mut file = Vec::new();
        for (hash, text) in &documents {
            store.put("document", hash.as_bytes(), text.as_bytes()).unwrap();
            rochdale_log::write_document(text, &mut file);
            file.push(b'\n');
        }
        for (seq, bytes) in (1..).zip(lines) {
            store.push(seq, "", bytes).unwrap();
        }
        let last = lines.last().unwrap();
        let (hash, time_us) = (rochdale_log::hash_entry(last), decode(last).unwrap().time_us);
        store.commit(&Head { seq: lines.len() as u64, hash, time_us }).unwrap();
        for bytes in lines {
            file.extend_from_slice(bytes);
            file.push(b'\n');
        }
        let copy = path.with_extension("copy");
        fs::write(&copy, file).unwrap();
        let told = |error: Error| error.to_string();
        let of_file = verify_file(&copy, 1).map(|verified| verified.entries).map_err(told);
        let of_store = verify_store(&mut store, 1).map(|all| all[0].entries).map_err(told);
        assert_eq!(of_file, of_store);
        of_file
    };
    let same = with_keys(&path, &[(3, "one"), (4, "other"), (5, "one"), (6, "other")]);
    assert_eq!(verify(&with_keys(&path, &[(3, "one"), (5, "two")])), Ok(same.len() as u64));
    let twice = "entry 5: it has the same key as entry 3".to_owned();
    assert_eq!(verify(&same), Err(twice.clone()));
    for (changed, names) in [(4, false), (7, true)] {
        let mut lines = same.clone();
        let line: &mut Vec<u8> = lines.get_mut(changed - 1).unwrap();
        let at = line.windows(8).position(|part| part == b"\"nonce\":").unwrap();
        line.splice(at + 9..at + 9, *b"x");
        let wrong = verify(&lines).unwrap_err();
        assert_eq!(wrong == twice, names, "{wrong}");
        assert!(names || wrong.starts_with("entry 4: "), "{wrong}");
    }
}
