//! The promises of every store, as one suite that runs on each of them.

use std::ops::ControlFlow;

use super::*;
use crate::{EntryHead, Form, Hash, MAX_ENTRY_BYTES, encode, hash_entry, verify_chain};

/// Runs every rule on a fresh store each.
pub(crate) fn conformance(make: impl Fn() -> Box<dyn Store>) {
    let rules: &[fn(&mut dyn Store)] = &[
        an_unknown_coop_has_the_empty_log,
        entries_come_back_as_they_were,
        a_head_that_moved_is_a_conflict,
        a_key_is_taken_once_in_each_coop,
        a_taken_key_leaves_the_transaction_open,
        an_empty_key_is_no_key,
        rollback_leaves_nothing,
        rollback_to_a_mark_keeps_what_came_before,
        a_released_mark_keeps_everything,
        marks_need_a_transaction_and_stand_alone,
        readers_see_what_is_committed_and_write_nothing,
        a_transaction_reads_its_own_writes,
        entries_have_no_gap,
        a_head_has_to_fit_the_entries,
        longest_entry_is_65_535_bytes,
        records_belong_to_a_coop_and_a_space,
        records_are_replaced_and_erased,
        records_come_in_order,
        reading_begins_and_ends_where_asked,
        writes_need_one_transaction,
        coops_are_listed_in_order,
        reopening_keeps_what_was_committed,
        spaces_are_those_with_records,
        check_finds_nothing_wrong,
    ];
    for rule in rules {
        rule(&mut *make());
    }
}

const A: &str = "coop-a";
const B: &str = "coop-b";

/// Returns the entry that follows `head`, and the head with it.
pub(crate) fn next_entry(coop: &str, head: &Head, key: &str) -> (Vec<u8>, Head) {
    let entry = EntryHead {
        coop,
        seq: head.seq + 1,
        prev: head.hash,
        time_us: head.time_us + 5,
        kind: "cast_ballot",
        rules: Hash::ZERO,
        actor: "m_04hmasw9nf6yy",
        authority: "member",
        nonce: "",
        key,
    };
    let mut bytes = Vec::new();
    encode(&entry, br#"{"item":"220"}"#, &[], Form::One, &mut bytes).unwrap();
    let head = Head { seq: entry.seq, hash: hash_entry(&bytes), time_us: entry.time_us };
    (bytes, head)
}

/// Pushes an entry for each key, without committing.
pub(crate) fn push_all(store: &mut dyn Store, coop: &str, keys: &[&str]) -> Head {
    let mut head = store.head(coop).unwrap();
    store.begin(coop, &head).unwrap();
    for key in keys {
        let (bytes, next) = next_entry(coop, &head, key);
        store.push(next.seq, key, &bytes).unwrap();
        head = next;
    }
    head
}

pub(crate) fn write_all(store: &mut dyn Store, coop: &str, keys: &[&str]) -> Head {
    let head = push_all(store, coop, keys);
    store.commit(&head).unwrap();
    head
}

fn sequence(store: &mut dyn Store, coop: &str, from: u64) -> Vec<u64> {
    let mut found = Vec::new();
    store
        .read(coop, from, &mut |seq, _| {
            found.push(seq);
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

fn records(store: &mut dyn Store, coop: &str, space: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    store
        .scan(coop, space, &mut |name, value| {
            found.push((name.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

fn an_unknown_coop_has_the_empty_log(store: &mut dyn Store) {
    assert_eq!(store.head(A), Ok(Head::default()));
    assert_eq!(store.entry(A, 1), Ok(None));
    assert_eq!(store.entry(A, 0), Ok(None));
    assert_eq!(store.entry(A, u64::MAX), Ok(None));
    assert_eq!(store.find_key(A, "k"), Ok(None));
    assert_eq!(store.get(A, "s", b"n"), Ok(None));
    assert_eq!(store.coops(), Ok(vec![]));
    assert!(sequence(store, A, 1).is_empty());
}

fn entries_come_back_as_they_were(store: &mut dyn Store) {
    let (first, one) = next_entry(A, &Head::default(), "k1");
    let (second, two) = next_entry(A, &one, "k2");
    store.begin(A, &Head::default()).unwrap();
    store.push(1, "k1", &first).unwrap();
    store.push(2, "k2", &second).unwrap();
    store.commit(&two).unwrap();
    assert_eq!(store.head(A), Ok(two));
    assert_eq!(store.entry(A, 1), Ok(Some(first)));
    assert_eq!(store.entry(A, 2), Ok(Some(second)));
    assert_eq!(store.entry(A, 3), Ok(None));
    assert_eq!(store.find_key(A, "k2"), Ok(Some(2)));
    assert_eq!(verify_chain(store, A), Ok(Ok(two)));
}

fn a_head_that_moved_is_a_conflict(store: &mut dyn Store) {
    let old = write_all(store, A, &["k1"]);
    let new = write_all(store, A, &["k2"]);
    assert_eq!(store.begin(A, &old), Err(Fault::Conflict));
    assert_eq!(store.begin(A, &Head::default()), Err(Fault::Conflict));
    assert_eq!(store.begin(A, &Head { hash: Hash([1; 32]), ..new }), Err(Fault::Conflict));
    assert_eq!(store.begin(A, &Head { time_us: 0, ..new }), Err(Fault::Conflict));
    assert_eq!(store.begin(B, &new), Err(Fault::Conflict));
    assert_eq!(store.begin(A, &new), Ok(()));
}

fn a_key_is_taken_once_in_each_coop(store: &mut dyn Store) {
    write_all(store, A, &["k1", "k2"]);
    let head = write_all(store, B, &["k2"]);
    assert_eq!((store.find_key(A, "k2"), store.find_key(B, "k2")), (Ok(Some(2)), Ok(Some(1))));
    assert_eq!(store.find_key(B, "k1"), Ok(None));
    store.begin(B, &head).unwrap();
    let (bytes, _) = next_entry(B, &head, "k2");
    assert_eq!(store.push(2, "k2", &bytes), Err(Fault::KeyTaken { seq: 1 }));
}

fn a_taken_key_leaves_the_transaction_open(store: &mut dyn Store) {
    let head = push_all(store, A, &["k1"]);
    let (bytes, _) = next_entry(A, &head, "k1");
    assert_eq!(store.push(2, "k1", &bytes), Err(Fault::KeyTaken { seq: 1 }));
    let (bytes, head) = next_entry(A, &head, "k2");
    store.push(2, "k2", &bytes).unwrap();
    store.commit(&head).unwrap();
    assert_eq!(sequence(store, A, 1), [1, 2]);
    assert_eq!(verify_chain(store, A), Ok(Ok(head)));
}

fn an_empty_key_is_no_key(store: &mut dyn Store) {
    write_all(store, A, &["", ""]);
    assert_eq!(sequence(store, A, 1), [1, 2]);
    assert_eq!(store.find_key(A, ""), Ok(None));
}

fn rollback_leaves_nothing(store: &mut dyn Store) {
    let head = push_all(store, A, &["k1"]);
    store.put("profiles", b"erased", b"before").unwrap();
    store.commit(&head).unwrap();
    push_all(store, A, &["k2", "k3"]);
    store.put("profiles", b"new", b"value").unwrap();
    store.put("profiles", b"erased", b"after").unwrap();
    store.delete("profiles", b"erased").unwrap();
    store.rollback();
    store.rollback();
    assert_eq!(store.head(A), Ok(head));
    assert_eq!(sequence(store, A, 1), [1]);
    assert_eq!(store.find_key(A, "k2"), Ok(None));
    assert_eq!(records(store, A, "profiles"), [(b"erased".to_vec(), b"before".to_vec())]);
    let head = write_all(store, A, &["k2"]);
    assert_eq!(verify_chain(store, A), Ok(Ok(head)));
}

fn rollback_to_a_mark_keeps_what_came_before(store: &mut dyn Store) {
    let head = push_all(store, A, &["k1"]);
    store.put("profiles", b"n", b"before").unwrap();
    for _ in 0..2 {
        store.savepoint().unwrap();
        let (bytes, next) = next_entry(A, &head, "k2");
        store.push(next.seq, "k2", &bytes).unwrap();
        store.put("profiles", b"n", b"after").unwrap();
        store.put("profiles", b"new", b"value").unwrap();
        store.rollback_to().unwrap();
        assert_eq!(store.find_key(A, "k2"), Ok(None));
        assert_eq!(records(store, A, "profiles"), [(b"n".to_vec(), b"before".to_vec())]);
    }
    // The transaction goes on where the mark was.
    let (bytes, next) = next_entry(A, &head, "k3");
    store.push(next.seq, "k3", &bytes).unwrap();
    store.commit(&next).unwrap();
    assert_eq!((store.find_key(A, "k1"), store.find_key(A, "k3")), (Ok(Some(1)), Ok(Some(2))));
    assert_eq!(verify_chain(store, A), Ok(Ok(next)));
}

fn a_released_mark_keeps_everything(store: &mut dyn Store) {
    store.begin(A, &Head::default()).unwrap();
    store.savepoint().unwrap();
    let (bytes, head) = next_entry(A, &Head::default(), "k1");
    store.push(1, "k1", &bytes).unwrap();
    store.release().unwrap();
    store.savepoint().unwrap();
    store.put("profiles", b"n", b"v").unwrap();
    store.release().unwrap();
    store.commit(&head).unwrap();
    assert_eq!(store.head(A), Ok(head));
    assert_eq!(store.get(A, "profiles", b"n"), Ok(Some(b"v".to_vec())));
}

fn marks_need_a_transaction_and_stand_alone(store: &mut dyn Store) {
    let refused = |result: Result<(), Fault>| assert!(matches!(result, Err(Fault::Refused(_))), "{result:?}");
    refused(store.savepoint());
    refused(store.rollback_to());
    refused(store.release());
    let head = push_all(store, A, &["k1"]);
    refused(store.rollback_to());
    refused(store.release());
    store.savepoint().unwrap();
    refused(store.savepoint());
    store.rollback();
    store.begin(A, &Head::default()).unwrap();
    refused(store.release());
    store.rollback();
    assert_eq!(push_all(store, A, &["k1"]), head);
    store.savepoint().unwrap();
    store.commit(&head).unwrap();
    assert_eq!(store.head(A), Ok(head), "a commit takes a mark along");
}

fn readers_see_what_is_committed_and_write_nothing(store: &mut dyn Store) {
    let first = write_all(store, A, &["k1"]);
    let readers = store.readers();
    let (mut following, mut staying) = (readers.open().unwrap(), readers.open_snapshot().unwrap());
    assert_eq!((following.head(A), staying.head(A)), (Ok(first), Ok(first)));
    let second = push_all(store, A, &["k2"]);
    store.put("profiles", b"n", b"v").unwrap();
    assert_eq!((following.head(A), following.entry(A, 2)), (Ok(first), Ok(None)), "not committed");
    assert_eq!(following.get(A, "profiles", b"n"), Ok(None));
    store.commit(&second).unwrap();
    assert_eq!((following.head(A), staying.head(A)), (Ok(second), Ok(first)));
    assert_eq!(following.get(A, "profiles", b"n"), Ok(Some(b"v".to_vec())));
    assert_eq!((sequence(&mut *staying, A, 1).len(), staying.find_key(A, "k2")), (1, Ok(None)));
    assert!(matches!(following.begin(A, &second), Err(Fault::Refused(_))));
    assert!(matches!(staying.begin(A, &first), Err(Fault::Refused(_))));
}

fn a_transaction_reads_its_own_writes(store: &mut dyn Store) {
    push_all(store, A, &["k1"]);
    store.put("profiles", b"n", b"v").unwrap();
    assert_eq!(store.find_key(A, "k1"), Ok(Some(1)));
    assert_eq!(sequence(store, A, 1), [1]);
    assert_eq!(store.get(A, "profiles", b"n"), Ok(Some(b"v".to_vec())));
    assert_eq!(store.head(A), Ok(Head::default()), "the head moves at the commit");
}

fn entries_have_no_gap(store: &mut dyn Store) {
    let head = push_all(store, A, &["k1"]);
    let (bytes, _) = next_entry(A, &head, "k2");
    for seq in [0, 1, 3, u64::MAX] {
        assert!(matches!(store.push(seq, "k2", &bytes), Err(Fault::Refused(_))), "{seq}");
    }
    store.commit(&head).unwrap();
    assert_eq!(sequence(store, A, 1), [1]);
}

fn a_head_has_to_fit_the_entries(store: &mut dyn Store) {
    let start = write_all(store, A, &["k1"]);
    let head = push_all(store, A, &["k2"]);
    let wrong = [
        start,
        Head { seq: 3, ..head },
        Head { hash: Hash::ZERO, ..head },
        Head { hash: start.hash, ..head },
        Head { time_us: start.time_us - 1, ..head },
    ];
    for wrong in wrong {
        assert!(matches!(store.commit(&wrong), Err(Fault::Refused(_))), "{wrong:?}");
    }
    store.commit(&head).unwrap();
    // A transaction may hold records only.
    store.begin(A, &head).unwrap();
    store.put("profiles", b"n", b"v").unwrap();
    store.commit(&head).unwrap();
    assert_eq!(store.head(A), Ok(head));
}

fn longest_entry_is_65_535_bytes(store: &mut dyn Store) {
    store.begin(A, &Head::default()).unwrap();
    let longest = vec![b'x'; MAX_ENTRY_BYTES];
    let longer = vec![b'x'; MAX_ENTRY_BYTES + 1];
    assert!(matches!(store.push(1, "k1", &longer), Err(Fault::Refused(_))));
    assert_eq!(store.find_key(A, "k1"), Ok(None), "nothing is half-written");
    store.push(1, "k1", &longest).unwrap();
    store.commit(&Head { seq: 1, hash: hash_entry(&longest), time_us: 1 }).unwrap();
    assert_eq!(store.entry(A, 1), Ok(Some(longest)));
}

fn records_belong_to_a_coop_and_a_space(store: &mut dyn Store) {
    for (coop, value) in [(A, b"a"), (B, b"b")] {
        store.begin(coop, &Head::default()).unwrap();
        store.put("profiles", b"n", value).unwrap();
        store.commit(&Head::default()).unwrap();
    }
    assert_eq!(store.get(A, "profiles", b"n"), Ok(Some(b"a".to_vec())));
    assert_eq!(store.get(B, "profiles", b"n"), Ok(Some(b"b".to_vec())));
    assert_eq!(store.get(A, "documents", b"n"), Ok(None));
    assert_eq!(records(store, B, "profiles"), [(b"n".to_vec(), b"b".to_vec())]);
    store.begin(A, &Head::default()).unwrap();
    store.delete("profiles", b"n").unwrap();
    store.commit(&Head::default()).unwrap();
    assert_eq!(store.get(A, "profiles", b"n"), Ok(None));
    assert_eq!(store.get(B, "profiles", b"n"), Ok(Some(b"b".to_vec())));
}

fn records_are_replaced_and_erased(store: &mut dyn Store) {
    store.begin(A, &Head::default()).unwrap();
    let long = vec![7; 300_000];
    store.put("documents", b"", &long).unwrap();
    store.put("documents", b"", b"").unwrap();
    assert_eq!(store.get(A, "documents", b""), Ok(Some(vec![])));
    store.put("documents", b"\0\xff", &long).unwrap();
    assert_eq!(store.get(A, "documents", b"\0\xff"), Ok(Some(long)));
    store.delete("documents", b"").unwrap();
    store.delete("documents", b"absent").unwrap();
    store.commit(&Head::default()).unwrap();
    assert_eq!(records(store, A, "documents").len(), 1);
}

fn records_come_in_order(store: &mut dyn Store) {
    store.begin(A, &Head::default()).unwrap();
    let names: [&[u8]; 5] = [b"b", b"a", b"\xff", b"", b"ab"];
    for name in names {
        store.put("profiles", name, name).unwrap();
    }
    store.commit(&Head::default()).unwrap();
    let found: Vec<_> = records(store, A, "profiles").into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, [&b""[..], b"a", b"ab", b"b", b"\xff"]);
    let mut seen = 0;
    let mut first_two = |_: &[u8], _: &[u8]| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    store.scan(A, "profiles", &mut first_two).unwrap();
    assert_eq!(seen, 2);
}

fn reading_begins_and_ends_where_asked(store: &mut dyn Store) {
    let keys: Vec<String> = (1..=300).map(|key| format!("k{key}")).collect();
    write_all(store, A, &keys.iter().map(String::as_str).collect::<Vec<_>>());
    write_all(store, B, &["x"]);
    assert_eq!(sequence(store, A, 0), (1..=300).collect::<Vec<_>>());
    assert_eq!(sequence(store, A, 299), [299, 300]);
    assert!(sequence(store, A, 301).is_empty());
    assert!(sequence(store, A, u64::MAX).is_empty());
    let mut last = 0;
    let mut until_ten = |seq: u64, _: &[u8]| {
        last = seq;
        if seq == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    store.read(A, 1, &mut until_ten).unwrap();
    assert_eq!(last, 10);
}

fn writes_need_one_transaction(store: &mut dyn Store) {
    let (bytes, head) = next_entry(A, &Head::default(), "k");
    assert!(matches!(store.push(1, "k", &bytes), Err(Fault::Refused(_))));
    assert!(matches!(store.put("s", b"n", b"v"), Err(Fault::Refused(_))));
    assert!(matches!(store.delete("s", b"n"), Err(Fault::Refused(_))));
    assert!(matches!(store.commit(&head), Err(Fault::Refused(_))));
    store.begin(A, &Head::default()).unwrap();
    assert!(matches!(store.begin(B, &Head::default()), Err(Fault::Refused(_))));
    store.push(1, "k", &bytes).unwrap();
    store.commit(&head).unwrap();
    assert!(matches!(store.commit(&head), Err(Fault::Refused(_))));
}

fn coops_are_listed_in_order(store: &mut dyn Store) {
    write_all(store, B, &["k"]);
    write_all(store, A, &["k"]);
    push_all(store, "coop-c", &["k"]);
    store.rollback();
    assert_eq!(store.coops(), Ok(vec![A.to_owned(), B.to_owned()]));
}

fn reopening_keeps_what_was_committed(store: &mut dyn Store) {
    let head = write_all(store, A, &["k1"]);
    push_all(store, A, &["k2"]);
    store.reopen().unwrap();
    assert_eq!(store.head(A), Ok(head));
    assert_eq!(store.find_key(A, "k2"), Ok(None));
    let head = write_all(store, A, &["k2"]);
    assert_eq!(verify_chain(store, A), Ok(Ok(head)));
}

fn spaces_are_those_with_records(store: &mut dyn Store) {
    let head = write_all(store, A, &["k"]);
    store.begin(A, &head).unwrap();
    for space in ["two", "one", "", "gone"] {
        store.put(space, b"name", b"value").unwrap();
        store.put(space, b"other", b"value").unwrap();
    }
    store.delete("gone", b"name").unwrap();
    store.delete("gone", b"other").unwrap();
    store.commit(&head).unwrap();
    assert_eq!(store.spaces(A), Ok(["", "one", "two"].map(str::to_owned).to_vec()));
    assert_eq!(store.spaces(B), Ok(Vec::new()));
}

fn check_finds_nothing_wrong(store: &mut dyn Store) {
    write_all(store, A, &["k1", "k2"]);
    assert_eq!(store.check(), Ok(()));
}

#[test]
fn memory_conforms() {
    conformance(|| Box::new(Memory::new()));
}

#[test]
fn after_an_unknown_outcome_a_key_tells() {
    for (outage, saved) in [(Outage::BeforeCommit, None), (Outage::AfterCommit, Some(1))] {
        let mut store = Memory::new();
        store.fail_next_commit(outage);
        let head = push_all(&mut store, A, &["k1"]);
        assert!(matches!(store.commit(&head), Err(Fault::Unknown(_))));
        assert!(matches!(store.begin(A, &head), Err(Fault::Unknown(_))), "no write before it is reopened");
        assert!(matches!(store.find_key(A, "k1"), Err(Fault::Unknown(_))));
        store.reopen().unwrap();
        assert_eq!(store.find_key(A, "k1"), Ok(saved));
        let head = write_all(&mut store, A, &["k2"]);
        assert_eq!(verify_chain(&mut store, A), Ok(Ok(head)));
    }
}
