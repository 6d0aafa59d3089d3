//! A writer is killed without warning, again and again: every acknowledged entry is there, and the chain is whole.
//!
//! The test starts itself a second time as the writer, so that a process dies and not a thread.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use rochdale_log::{EntryHead, Form, Hash, Head, Sqlite, Store, encode, hash_entry, verify_chain};

const COOP: &str = "coop-a";
const DATA_FILE: &str = "ROCHDALE_LOG_KILL_TEST";
const ROUNDS: usize = 40;

/// The most entries that the writer saves in one transaction.
const BATCH: u64 = 3;

#[test]
fn nothing_acknowledged_is_lost_to_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.db");
    let mut random = 20_251_120_u64;
    let mut acknowledged: Vec<(u64, String)> = Vec::new();
    let mut cut_short = 0;
    for round in 0..ROUNDS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let acks = run_and_kill(&path, random >> 33);
        acknowledged.extend(acks);

        let mut store = Sqlite::open(&path).unwrap();
        assert_eq!(store.check(), Ok(()), "round {round}");
        let head = verify_chain(&mut store, COOP).unwrap().unwrap();
        let last = acknowledged.last().map_or(0, |(seq, _)| *seq);
        assert!(head.seq >= last, "round {round}: {last} was acknowledged, {} is there", head.seq);
        assert!(head.seq <= last + BATCH, "round {round}: more than one transaction beyond the last acknowledgement");
        cut_short += u64::from(head.seq > last);
        // The next round's writer goes on behind whatever is there.
        for seq in last + 1..=head.seq {
            assert_eq!(store.find_key(COOP, &key(seq)), Ok(Some(seq)), "an entry is there with its key or not at all");
            acknowledged.push((seq, hash_entry(&store.entry(COOP, seq).unwrap().unwrap()).to_string()));
        }
        assert_eq!(store.find_key(COOP, &key(head.seq + 1)), Ok(None));
    }
    let mut store = Sqlite::open(&path).unwrap();
    for (seq, hash) in &acknowledged {
        let bytes = store.entry(COOP, *seq).unwrap().unwrap();
        assert_eq!(hash_entry(&bytes).to_string(), *hash, "entry {seq} changed after it was acknowledged");
        assert_eq!(store.find_key(COOP, &key(*seq)), Ok(Some(*seq)));
    }
    assert!(
        acknowledged.len() > ROUNDS,
        "{} acknowledged, {cut_short} kills between save and answer",
        acknowledged.len()
    );
}

/// Starts a writer, kills it at a moment that `random` chooses, and returns what it had acknowledged by then.
fn run_and_kill(path: &Path, random: u64) -> Vec<(u64, String)> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "kill::writer", "--nocapture"])
        .env(DATA_FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // Every eighth writer dies while it opens the file; the others after up to 24 answers and a bit.
    let answers = if random.is_multiple_of(8) { 0 } else { random / 8 % 24 + 1 };
    let mut acks: Vec<_> = lines.by_ref().filter_map(|line| ack(&line)).take(answers as usize).collect();
    for _ in 0..random / 256 % 200_000 {
        std::hint::spin_loop();
    }
    kill(&mut child);
    acks.extend(lines.filter_map(|line| ack(&line)));
    acks
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn ack(line: &str) -> Option<(u64, String)> {
    let (seq, hash) = line.strip_prefix("saved ")?.split_once(' ')?;
    Some((seq.parse().ok()?, hash.to_owned()))
}

fn key(seq: u64) -> String {
    format!("key-{seq}")
}

/// Runs in the second process; as a test of its own it does nothing.
#[test]
fn writer() {
    let Some(path) = env::var_os(DATA_FILE) else {
        return;
    };
    let mut store = Sqlite::open(path).unwrap();
    let mut head = store.head(COOP).unwrap();
    loop {
        store.begin(COOP, &head).unwrap();
        let mut saved = Vec::new();
        for _ in 0..=head.seq % BATCH {
            let (bytes, next) = next_entry(&head);
            store.push(next.seq, &key(next.seq), &bytes).unwrap();
            saved.push((next.seq, next.hash));
            head = next;
        }
        store.commit(&head).unwrap();
        let answer: String = saved.iter().map(|(seq, hash)| format!("saved {seq} {hash}\n")).collect();
        // A pipe that nobody reads any more ends the writer too.
        std::io::stdout().lock().write_all(answer.as_bytes()).unwrap();
    }
}

fn next_entry(head: &Head) -> (Vec<u8>, Head) {
    let entry = EntryHead {
        coop: COOP,
        seq: head.seq + 1,
        prev: head.hash,
        time_us: head.time_us + 1,
        kind: "cast_ballot",
        rules: Hash::ZERO,
        actor: "m_04hmasw9nf6yy",
        authority: "member",
        nonce: "",
        key: &key(head.seq + 1),
    };
    let mut bytes = Vec::new();
    encode(&entry, br#"{"item":"220","share_ppm":50000}"#, &[], Form::One, &mut bytes).unwrap();
    let head = Head { seq: entry.seq, hash: hash_entry(&bytes), time_us: entry.time_us };
    (bytes, head)
}
