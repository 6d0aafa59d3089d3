//! An entry read once is the same as one read twice; a log followed in two parts is the same as one replayed whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rochdale_log::{decode, decode_into};

use super::*;
use crate::stored::{bytes_of, read_bytes};
use crate::verify::tests::{DEMO, Logs, ONE as GOLDEN, told};
use crate::verify::{filed, in_memory, outline};

/// A few entries of every kind, from logs of edition 1.
fn entries() -> Vec<Vec<u8>> {
    let logs = Logs::of(&GOLDEN);
    let mut kinds: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for told in told(&GOLDEN).iter().filter(|told| told.name != DEMO) {
        filed(&logs.unpack(&told.name))(&mut |bytes| {
            let some = kinds.entry(decode(bytes).unwrap().kind.into_owned()).or_default();
            if some.len() < 4 && !some.iter().any(|other| other.len() == bytes.len()) {
                some.push(bytes.to_vec());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    }
    assert_eq!(kinds.len(), 22);
    kinds.into_values().flatten().collect()
}

/// The way before: the bytes are checked first, and the body is then read by another reader of JSON.
fn read_twice(bytes: &[u8]) -> Option<Act> {
    let entry = decode(bytes).ok()?;
    Act::deserialize_body(&entry.kind, &mut serde_json::Deserializer::from_slice(entry.body))?.ok()
}

/// Values that may stand where another stood.
const VALUES: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0",
    "01",
    "1.0",
    "1e3",
    "255",
    "4294967296",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "\"\"",
    "\"x\"",
    "\"m_0000000000000\"",
    "\"2025-02-29T00:00:00Z\"",
    "\"\\u0041\"",
    "\"\\n\"",
    "[]",
    "[1,\"USD\"]",
    "{\"amount\":1,\"amount\":1}",
];
const SIGNS: &[u8] = b"{}[]\":,\\ntrufals0123456789-.eE _m\x00\xff";

#[derive(Clone, Debug)]
enum Change {
    Replace(u8),
    Insert(u8),
    Remove,
    /// A value, from after a `:` to the next `,` or `}`, becomes another.
    Value(&'static str),
    /// A name, from after a `{` or `,` to the `:`, becomes that of another field.
    Name,
    /// A field comes again.
    Again,
}

fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let sign = || proptest::sample::select(SIGNS);
    let change = prop_oneof![
        1 => sign().prop_map(Change::Replace),
        1 => sign().prop_map(Change::Insert),
        1 => Just(Change::Remove),
        4 => proptest::sample::select(&VALUES[..]).prop_map(Change::Value),
        1 => Just(Change::Name),
        1 => Just(Change::Again),
    ];
    prop::collection::vec((any::<Index>(), change), 0..3)
}

/// Changes a byte or part of the body.
fn change(bytes: &mut Vec<u8>, place: Index, change: &Change) {
    let begin = bytes.windows(7).position(|part| part == b"\"body\":").map_or(0, |at| at + 7);
    let end = bytes.windows(14).rposition(|part| part == b"\"commitments\":").map_or(bytes.len(), |at| at - 1);
    let at = begin + place.index(end.saturating_sub(begin).max(1));
    let until = |from: usize, signs: &[u8]| {
        bytes.iter().skip(from).position(|byte| signs.contains(byte)).map_or(end, |length| (from + length).min(end))
    };
    match change {
        Change::Replace(sign) => bytes[at] = *sign,
        Change::Insert(sign) => bytes.insert(at, *sign),
        Change::Remove => drop(bytes.remove(at)),
        Change::Value(value) => {
            let from = (until(at, b":") + 1).min(end);
            let to = until(from, b",}");
            bytes.splice(from..to, value.bytes());
        }
        Change::Name => {
            let from = (until(at, b",") + 1).min(end);
            let to = until(from, b":");
            let first: Vec<u8> = bytes[begin + 1..until(begin, b":")].to_vec();
            bytes.splice(from..to.max(from), first);
        }
        Change::Again => {
            let (from, to) = (begin + 1, until(begin, b",}"));
            let mut field = bytes[from..to.max(from)].to_vec();
            field.push(b',');
            bytes.splice(from..from, field);
        }
    }
}

#[test]
fn an_entry_read_once_is_what_it_is_read_twice() {
    let entries = entries();
    let config = Config { cases: 30_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (accepted, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let run = runner.run(&(any::<Index>(), changes()), |(which, changes)| {
        let mut bytes = which.get(&entries).clone();
        changes.iter().for_each(|(place, one)| change(&mut bytes, *place, one));
        let once = decode_into(&bytes, act_of);
        let (entry, act) = once.map_or_else(|bad| (Err(bad), None), |(entry, act)| (Ok(entry), act.ok()));
        prop_assert_eq!(entry, decode(&bytes));
        let count = if act.is_some() { &accepted } else { &refused };
        count.set(count.get() + u64::from(!changes.is_empty()));
        prop_assert_eq!(act, read_twice(&bytes));
        Ok(())
    });
    run.unwrap();
    assert!(accepted.get() > 1_000 && refused.get() > 1_000, "{} accepted, {} refused", accepted.get(), refused.get());
}

#[test]
fn a_log_followed_in_two_parts_ends_as_one_replayed_whole() {
    let logs = Logs::of(&GOLDEN);
    let mut parts = 0;
    for told in told(&GOLDEN).iter().filter(|told| told.name != DEMO).step_by(6) {
        let path = logs.unpack(&told.name);
        let (coop, texts) = outline(&path).unwrap();
        let last = verify_head(&path, &coop);
        let mut store = in_memory(&path, &coop, last).unwrap();
        let whole = follow(&mut store, &coop, None, Moment(i64::MAX), 1).unwrap().unwrap();
        assert_eq!((whole.0.hash(), whole.2), (told.state.clone(), last));
        let bytes = bytes_of(&coop, whole.2, &whole.0, &whole.1).unwrap();
        for first in [1, last.seq / 3, last.seq / 2, last.seq - 1, last.seq] {
            let mut documents = |hash: &str| Ok(texts.get(hash).cloned());
            let mut replay = Replay::new(1, &mut documents);
            let mut reader = Reader::after(&coop, Head::default());
            let mut begin = |each: EachBytes<'_>| {
                let mut left = first;
                filed(&path)(&mut |bytes| {
                    if left == 0 {
                        return ControlFlow::Break(());
                    }
                    left -= 1;
                    each(bytes)
                })
            };
            walk(&mut reader, &mut begin, Moment(i64::MAX), &mut |entry| replay.carry_out(entry).map(|_| ())).unwrap();
            let part = replay.finish();
            let Some((_, _, head)) = &part else {
                continue;
            };
            assert_eq!(head.seq, first);
            // The first part is kept on storage in between.
            let part = part.map(|stand| stored_and_taken(&coop, stand));
            let (state, history, head) = follow(&mut store, &coop, part, Moment(i64::MAX), 1).unwrap().unwrap();
            assert!(bytes_of(&coop, head, &state, &history).unwrap() == bytes, "{} at {first}", told.name);
            state.check().unwrap();
            assert_eq!(
                (state.hash(), history, head),
                (whole.0.hash(), whole.1.clone(), whole.2),
                "{} at {first}",
                told.name
            );
            parts += 1;
        }
    }
    assert!(parts > 40, "{parts} parts");
}

/// A state and its pictures, written to bytes and read again.
fn stored_and_taken(coop: &str, (state, history, head): (State, History, Head)) -> (State, History, Head) {
    assert!(state.can_be_kept());
    let bytes = bytes_of(coop, head, &state, &history).unwrap();
    let (read, state, history) = read_bytes(&bytes, coop).unwrap();
    assert_eq!(read, head);
    (state, history, head)
}

/// Where a log ends, by its chain alone.
fn verify_head(path: &std::path::Path, coop: &str) -> Head {
    let mut chain = ChainCheck::new(coop);
    filed(path)(&mut |bytes| chain.next(bytes).map_or(ControlFlow::Break(()), ControlFlow::Continue)).unwrap();
    chain.head()
}
