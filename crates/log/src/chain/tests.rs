//! Logs that were tampered with: each is refused, and the first wrong entry is named.

use super::*;
use crate::{EntryHead, Form, Memory, encode};

const COOP: &str = "hledger";

fn line(head: &Head, kind: &str, body: &str) -> Vec<u8> {
    let entry = EntryHead {
        coop: COOP,
        seq: head.seq + 1,
        prev: head.hash,
        time_us: head.time_us,
        kind,
        rules: Hash::ZERO,
        actor: "m_04hmasw9nf6yy",
        authority: "member",
        nonce: "",
        key: "",
    };
    let mut out = Vec::new();
    encode(&entry, body.as_bytes(), &[], Form::One, &mut out).unwrap();
    out
}

fn after(head: &Head, bytes: &[u8]) -> Head {
    Head { seq: head.seq + 1, hash: hash_entry(bytes), time_us: head.time_us + 1_000 }
}

fn log(entries: u64) -> (Vec<Vec<u8>>, Head) {
    let mut lines = Vec::new();
    let mut head = Head { time_us: 1_000_000_000_000_000, ..Head::default() };
    for seq in 1..=entries {
        let bytes = line(&head, "cast_ballot", &format!("{{\"item\":\"{seq}\",\"share_ppm\":{}}}", seq * 37));
        head = after(&head, &bytes);
        lines.push(bytes);
    }
    // `after` is one step ahead in time, so that each entry is later than the one before.
    head.time_us -= 1_000;
    (lines, head)
}

fn verdict(lines: &[Vec<u8>], head: &Head) -> Result<Head, Broken> {
    let mut audit = ChainAudit::new(COOP);
    let _ = lines.iter().try_for_each(|bytes| audit.feed(bytes));
    audit.verdict(Some(head))
}

#[test]
fn a_whole_log_is_accepted() {
    let (lines, head) = log(200);
    assert_eq!(verdict(&lines, &head), Ok(head));
    assert_eq!(verdict(&[], &Head::default()), Ok(Head::default()));
}

#[test]
fn a_check_resumes_after_a_trusted_head() {
    let (lines, head) = log(5);
    let mut check = ChainCheck::new(COOP);
    lines[..3].iter().for_each(|bytes| check.next(bytes).unwrap());
    let mut check = ChainCheck::resume(COOP, check.head());
    lines[3..].iter().for_each(|bytes| check.next(bytes).unwrap());
    assert_eq!(check.finish(&head), Ok(()));
}

#[test]
fn each_rule_of_the_chain_has_its_name() {
    let (lines, head) = log(3);
    let mut check = ChainCheck::new(COOP);
    let seen = |check: &mut ChainCheck, bytes: &[u8]| check.next(bytes).unwrap_err();
    let missing_first = seen(&mut check, &lines[1]);
    assert_eq!(missing_first, Broken { seq: 1, why: Why::Place { found: 2 } });
    assert_eq!(missing_first.to_string(), "entry 1 is wrong: entry 2 is in its place");
    let wrong_start = line(&Head { hash: Hash([1; 32]), ..Head::default() }, "a/1", "{}");
    assert_eq!(seen(&mut check, &wrong_start), Broken { seq: 1, why: Why::Prev });
    check.next(&lines[0]).unwrap();
    assert!(matches!(seen(&mut check, b"{}"), Broken { seq: 2, why: Why::Form(_) }));
    assert_eq!(check.finish(&head), Err(Broken { seq: 2, why: Why::Missing }));
    let early = line(&Head { time_us: 5, ..check.head() }, "a/1", "{}");
    assert_eq!(seen(&mut check, &early), Broken { seq: 2, why: Why::Time });
    let other = String::from_utf8(lines[1].clone()).unwrap().replace(COOP, "other");
    assert_eq!(seen(&mut check, other.as_bytes()), Broken { seq: 2, why: Why::Coop });
    // A refused entry changes nothing: the right one is still taken.
    check.next(&lines[1]).unwrap();
    check.next(&lines[2]).unwrap();
    assert_eq!(check.finish(&head), Ok(()));
    assert_eq!(check.finish(&Head { seq: 2, ..head }), Err(Broken { seq: 3, why: Why::Beyond }));
    assert_eq!(check.finish(&Head { time_us: 0, ..head }), Err(Broken { seq: 3, why: Why::Head }));
}

#[test]
fn a_forged_second_entry_for_one_place_is_named() {
    let (mut lines, head) = log(9);
    let mut check = ChainCheck::new(COOP);
    lines[..4].iter().for_each(|bytes| check.next(bytes).unwrap());
    let forged = line(&check.head(), "money_moved/1", "{}");
    lines.insert(4, forged);
    assert_eq!(verdict(&lines, &head), Err(Broken { seq: 5, why: Why::Twice }));
}

#[test]
fn a_log_chained_anew_does_not_end_at_its_head() {
    let (mut lines, head) = log(9);
    let mut check = ChainCheck::new(COOP);
    lines[..4].iter().for_each(|bytes| check.next(bytes).unwrap());
    let mut end = check.head();
    for bytes in &mut lines[4..] {
        *bytes = line(&end, "money_moved/1", "{}");
        end = Head { seq: end.seq + 1, hash: hash_entry(bytes), time_us: end.time_us };
    }
    assert_eq!(verdict(&lines, &head), Err(Broken { seq: 9, why: Why::Head }));
}

/// 10,000 tampered logs of 200 entries (D1 of the design's checks).
#[test]
fn every_tampering_is_found_and_its_first_entry_named() {
    let (lines, head) = log(200);
    let mut random = Random(20_251_120);
    let mut kinds = [0; 5];
    for round in 0..10_000 {
        let mut changed = lines.clone();
        let at = random.below(lines.len());
        let kind = random.below(5);
        let wrong = match kind {
            0 => edit(&mut changed[at], &mut random, at),
            1 => {
                changed.remove(at);
                at
            }
            2 => {
                let copy = changed[random.below(lines.len())].clone();
                changed.insert(at, copy);
                // A copy of its neighbour is the second of two equal entries, whichever of them was put there.
                at + usize::from(changed.get(at) == changed.get(at + 1))
            }
            3 => {
                let other = (at + 1 + random.below(lines.len() - 1)) % lines.len();
                changed.swap(at, other);
                at.min(other)
            }
            _ => {
                changed.truncate(at);
                at
            }
        };
        let broken = verdict(&changed, &head).expect_err("tampering goes unseen");
        assert_eq!(broken.seq, wrong as u64 + 1, "round {round}, kind {kind}, at {at}: {broken}");
        kinds[kind] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 1_500), "{kinds:?}");
}

/// Changes one byte of the line, anywhere in it, for another printable one.
fn edit(bytes: &mut [u8], random: &mut Random, at: usize) -> usize {
    let place = random.below(bytes.len());
    let before = bytes[place];
    while bytes[place] == before {
        bytes[place] = if before.is_ascii_digit() && random.below(2) == 0 {
            b'0' + random.below(10) as u8
        } else {
            b' ' + random.below(95) as u8
        };
    }
    at
}

/// A small generator with a seed, so that a failing round can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn a_store_with_a_whole_log_verifies() {
    let (lines, head) = log(3);
    let mut store = Memory::new();
    store.begin(COOP, &Head::default()).unwrap();
    for (seq, bytes) in (1..).zip(&lines) {
        store.push(seq, "", bytes).unwrap();
    }
    store.commit(&head).unwrap();
    assert_eq!(verify_chain(&mut store, COOP), Ok(Ok(head)));
}
