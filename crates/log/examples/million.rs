//! Measures the figures of the log in `BENCHMARKS.md`: entries in one transaction, small commits, reading the chain,
//! and the byte form alone. `cargo run --release --example million -- [ENTRIES]`, 1,000,000 by default.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads a clock")]

use std::{error::Error, fs, time::Instant};

use rochdale_log::{EntryHead, Hash, Head, Sqlite, Store, decode, encode, hash_entry, verify_chain};

const COOP: &str = "hledger";

fn main() -> Result<(), Box<dyn Error>> {
    let entries: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |count| count.parse())?;
    let folder = std::env::temp_dir().join(format!("rochdale-million-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let result = measure(entries, &folder.join("million.db"));
    fs::remove_dir_all(&folder)?;
    result
}

fn measure(entries: u64, path: &std::path::Path) -> Result<(), Box<dyn Error>> {
    bytes_alone()?;
    let mut store = Sqlite::open(path)?;
    let start = Instant::now();
    let head = write(&mut store, Head::default(), entries)?;
    println!("{entries} entries in one transaction: {:.2?}, {}", start.elapsed(), memory()?);
    println!("data file: {} MiB", fs::metadata(path)?.len() >> 20);
    let start = Instant::now();
    let head = (0..200).try_fold(head, |head, _| write(&mut store, head, 1))?;
    println!("200 commits of one entry: {:.2?}", start.elapsed());
    drop(store);
    let start = Instant::now();
    let mut store = Sqlite::open(path)?;
    println!("opening: {:.2?}", start.elapsed());
    let start = Instant::now();
    assert_eq!(verify_chain(&mut store, COOP)?, Ok(head));
    println!("verifying the chain: {:.2?}, {}", start.elapsed(), memory()?);
    let start = Instant::now();
    store.check()?;
    println!("quick check: {:.2?}", start.elapsed());
    let start = Instant::now();
    store.backup_to(path.with_extension("backup"))?;
    println!("backup: {:.2?}, {}", start.elapsed(), memory()?);
    Ok(())
}

/// A body that makes the whole entry some 450 bytes.
const BODY: &[u8] = br#"{"decision":"issues","item":"220","share_ppm":50000,"scores":null}"#;

fn write(store: &mut Sqlite, mut head: Head, entries: u64) -> Result<Head, Box<dyn Error>> {
    let mut line = Vec::new();
    store.begin(COOP, &head)?;
    for seq in head.seq + 1..=head.seq + entries {
        let key = hash_entry(&seq.to_be_bytes()).to_string();
        let entry = EntryHead { seq, prev: head.hash, time_us: head.time_us + 1, key: &key[..20], ..example() };
        line.clear();
        encode(&entry, BODY, &[], &mut line)?;
        store.push(seq, entry.key, &line)?;
        head = Head { seq, hash: hash_entry(&line), time_us: entry.time_us };
    }
    store.commit(&head)?;
    Ok(head)
}

fn example() -> EntryHead<'static> {
    EntryHead {
        coop: COOP,
        seq: 1,
        prev: Hash::ZERO,
        time_us: 1_483_228_800_000_000,
        kind: "cast_ballot",
        rules: Hash([0xa5; 32]),
        actor: "m_04hmasw9nf6yy",
        authority: "member",
        nonce: "5e1fbd3a9c",
        key: "",
    }
}

fn bytes_alone() -> Result<(), Box<dyn Error>> {
    const ROUNDS: u32 = 500_000;
    let mut line = Vec::new();
    let start = Instant::now();
    for seq in 1..=u64::from(ROUNDS) {
        line.clear();
        encode(&EntryHead { seq, ..example() }, BODY, &[("comment", Hash([7; 32]))], &mut line)?;
    }
    println!("encode {} bytes: {:.0?}", line.len(), start.elapsed() / ROUNDS);
    let start = Instant::now();
    let mut seen = 0;
    for _ in 0..ROUNDS {
        seen += decode(std::hint::black_box(&line))?.commitments.len();
    }
    println!("decode: {:.0?} ({seen} commitments)", start.elapsed() / ROUNDS);
    let start = Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(hash_entry(std::hint::black_box(&line)));
    }
    println!("hash: {:.0?}", start.elapsed() / ROUNDS);
    Ok(())
}

/// Returns the most memory this process has had, where the system tells.
fn memory() -> Result<String, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" unknown");
    Ok(format!("peak memory{}", peak.replace("  ", "")))
}
