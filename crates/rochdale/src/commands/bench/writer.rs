//! Durable acts through the writer's queue, at 1, 8 and 64 submitters; beside them bare SQLite, which inserts as many rows and
//! bytes in as many transactions, and PostgreSQL's own benchmark where a server answers. Rounds alternate, so that a slow
//! moment of the disk hits all of them. Then the same acts over HTTP.

mod http;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::act::{Act, AdmitMember};
use engine::{Actor, Pseudonym};
use host::{Coop, ServerClock, Shared, Submission, Submitted, clock};
use rusqlite::Connection;

use super::{crowd, line, own_processor_time, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 1_000;
const SUBMITTERS: [u64; 3] = [1, 8, MANY];
const MANY: u64 = 64;
const ROUNDS: u64 = 5;
const ROUND: Duration = Duration::from_secs(1);
/// Of PostgreSQL's own benchmark.
const SECONDS: u64 = 3;
/// Where PostgreSQL is looked for; `PGHOST` and its like say otherwise.
const POSTGRES: [(&str, &str); 3] = [("PGHOST", "127.0.0.1"), ("PGUSER", "postgres"), ("PGDATABASE", "test")];

/// The work of some rounds.
#[derive(Clone, Copy, Default)]
struct Done {
    acts: u64,
    syncs: u64,
    /// Handed to the disk by this process.
    bytes: u64,
    processor: Duration,
    wall: Duration,
}

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let coop = Arc::new(Shared::new(coop(folder.path())?, ServerClock::Machine));
    let row = entry_bytes(&coop)?;
    let mut bare = Bare::open(&folder.path().join("bare.db"), row)?;
    let postgres = Postgres::open(folder.path(), row)?;
    line("bytes of an entry", &row.to_string())?;
    for submitters in SUBMITTERS {
        let (mut ours, mut theirs, mut postgres_acts) = (Done::default(), Done::default(), 0);
        for round in 0..ROUNDS {
            let first = (submitters * ROUNDS + round) * 1_000_000;
            let done = measured(|| submit(&coop, submitters, first, Keys::Sent))?;
            let together = (done.acts / done.syncs.max(1)).max(1);
            ours = ours.and(done);
            theirs = theirs.and(measured(|| bare.insert(together))?);
            if let Some(postgres) = &postgres {
                postgres_acts += postgres.run(submitters)?;
            }
        }
        line(&format!("submitters: {submitters}"), "")?;
        said(ours)?;
        line("  bare SQLite, entries with keys a second", &theirs.rate().to_string())?;
        let hundredths = ours.rate() * 100 / theirs.rate().max(1);
        line("  acts ÷ entries of bare SQLite", &format!("{}.{:02}", hundredths / 100, hundredths % 100))?;
        line("  bytes written, processor an entry of bare SQLite", &theirs.cost())?;
        if postgres.is_some() {
            line("  PostgreSQL (pgbench), rows a second", &(postgres_acts / ROUNDS).to_string())?;
        }
    }
    drop(postgres);
    without_keys(&coop)?;
    over_http(coop)
}

/// A key's place in its index is anywhere, so that each one touches a page of its own.
fn without_keys(coop: &Shared) -> Result<(), Exit> {
    let mut done = Done::default();
    for round in 0..ROUNDS {
        let first = (900 + round) * 1_000_000;
        done = done.and(measured(|| submit(coop, MANY, first, Keys::Absent))?);
    }
    line(&format!("submitters: {MANY}, without keys"), "")?;
    said(done)
}

/// As many clients as submitters, each on a connection of its own, in the same process as the server.
fn over_http(coop: Arc<Shared>) -> Result<(), Exit> {
    let server = http::Server::start(Arc::clone(&coop))?;
    for (nth, clients) in (1..).zip(SUBMITTERS) {
        let mut done = Done::default();
        for round in 0..ROUNDS {
            let first = (nth * 1_000 + round) * 1_000_000;
            done = done.and(measured(|| post(&coop, &server, clients, first))?);
        }
        line(&format!("over HTTP, clients: {clients}"), "")?;
        said(done)?;
    }
    Ok(())
}

fn said(done: Done) -> Result<(), Exit> {
    let tenths = done.acts * 10 / done.syncs.max(1);
    line("  durable acts a second", &done.rate().to_string())?;
    line("  acts a sync", &format!("{}.{}", tenths / 10, tenths % 10))?;
    line("  bytes written, processor an act", &done.cost())
}

/// A co-op on disk, with members and an item to vote on.
fn coop(folder: &Path) -> Result<Coop, Exit> {
    host::init(folder, &crowd::charter()?, false)?;
    let now = clock::now();
    let mut coop = Coop::open(folder, now)?;
    let mut batch = coop.batch()?;
    for member in (0..MEMBERS).map(Pseudonym) {
        let act = Act::AdmitMember(AdmitMember {
            member,
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        });
        batch.append(&act, Actor::Operator, "", "", now)?;
    }
    batch.append(&crowd::open_item(1), Actor::Operator, "", "", now)?;
    batch.commit()?;
    Ok(coop)
}

/// A member's ballot, with the key that a program sends along.
struct Vote {
    member: Pseudonym,
    share_ppm: u32,
    key: String,
}

impl Vote {
    fn new(member: u64, number: u64) -> Vote {
        let share_ppm = 1 + u32::try_from(number % 900_000).unwrap_or(0);
        let key = format!("{:016x}-{number}", member.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Vote { member: Pseudonym(member), share_ppm, key }
    }
}

/// Whether acts have keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Sent,
    Absent,
}

fn first_vote() -> Submission {
    let Vote { member, share_ppm, key } = Vote::new(0, 0);
    let act = crowd::item_ballot(member, 1, share_ppm, false);
    Submission { act, actor: Actor::Member(member), key, nonce: String::new(), signed: None }
}

fn entry_bytes(coop: &Shared) -> Result<usize, Exit> {
    coop.submit(first_vote())?;
    let present = coop.read();
    Ok(present.entry(present.head().seq)?.map_or(0, |bytes| bytes.len()))
}

/// Each submitter hands in the next act when the last one is answered, without a thread of its own, as a request does; how many
/// acts, and in how many transactions.
fn submit(coop: &Shared, submitters: u64, first: u64, keys: Keys) -> Result<(u64, u64), Exit> {
    let (began, commits) = (now(), coop.commits());
    let (told, answered) = std::sync::mpsc::channel();
    let hand_in = |submitter: u64, number: u64| {
        let vote = Vote::new(submitter, number);
        let act = crowd::item_ballot(vote.member, 1, vote.share_ppm, false);
        let key = if keys == Keys::Sent { vote.key } else { String::new() };
        let (actor, nonce, told) = (Actor::Member(vote.member), String::new(), told.clone());
        coop.hand_in(Submission { act, actor, key, nonce, signed: None }, move |answer| {
            // An error means that the benchmark broke off.
            let _ = told.send((submitter, answer));
        })
    };
    let (mut waiting, mut acts) = (submitters, 0);
    for submitter in 0..submitters {
        hand_in(submitter, first)?;
    }
    while waiting > 0 {
        let (submitter, answer) = answered.recv().map_err(|_| Exit::world("the writer broke off"))?;
        match answer? {
            Submitted::Accepted(receipt) if !receipt.repeated => acts += 1,
            other => return Err(Exit::world(format!("a ballot of the benchmark was not accepted: {other:?}"))),
        }
        if began.elapsed() < ROUND {
            hand_in(submitter, first + acts)?;
        } else {
            waiting -= 1;
        }
    }
    Ok((acts, coop.commits() - commits))
}

/// As many clients, each on a connection of its own with a thread of its own.
fn post(coop: &Shared, server: &http::Server, clients: u64, first: u64) -> Result<(u64, u64), Exit> {
    let (began, commits) = (now(), coop.commits());
    let each = &|client: u64| -> Result<u64, Exit> {
        let (mut connection, mut acts) = (server.connect()?, 0);
        while began.elapsed() < ROUND {
            connection.hand_in(&Vote::new(client, first + acts))?;
            acts += 1;
        }
        Ok(acts)
    };
    let acts: Result<u64, Exit> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..clients).map(|client| scope.spawn(move || each(client))).collect();
        all.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(Exit::world("a client broke off")))).sum()
    });
    Ok((acts?, coop.commits() - commits))
}

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

fn measured(work: impl FnOnce() -> Result<(u64, u64), Exit>) -> Result<Done, Exit> {
    let (written, processor) = (bytes_written(), own_processor_time());
    let (counted, wall) = timed(work);
    let (acts, syncs) = counted?;
    let bytes = bytes_written().saturating_sub(written);
    Ok(Done { acts, syncs, bytes, processor: own_processor_time().saturating_sub(processor), wall })
}

impl Done {
    fn rate(self) -> u64 {
        self.acts * 1_000 / u64::try_from(self.wall.as_millis()).unwrap_or(u64::MAX).max(1)
    }

    fn cost(self) -> String {
        let (acts, processor) = (self.acts.max(1), self.processor.as_micros());
        format!("{} bytes, {} µs", self.bytes / acts, processor / u128::from(acts))
    }

    fn and(self, other: Done) -> Done {
        Done {
            acts: self.acts + other.acts,
            syncs: self.syncs + other.syncs,
            bytes: self.bytes + other.bytes,
            processor: self.processor + other.processor,
            wall: self.wall + other.wall,
        }
    }
}

/// Entries and their keys in a file of their own, with the settings that lose nothing.
struct Bare {
    connection: Connection,
    row: Vec<u8>,
    seq: i64,
}

impl Bare {
    fn open(path: &Path, row: usize) -> Result<Bare, Exit> {
        let connection = Connection::open(path).map_err(|why| Exit::world(why.to_string()))?;
        let sql = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
            CREATE TABLE entries (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
            CREATE TABLE keys (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;";
        connection.execute_batch(sql).map_err(|why| Exit::world(why.to_string()))?;
        Ok(Bare { connection, row: vec![b'x'; row], seq: 0 })
    }

    /// As many rows in each transaction, for a round.
    fn insert(&mut self, together: u64) -> Result<(u64, u64), Exit> {
        let began = now();
        let (mut rows, mut transactions) = (0, 0);
        while began.elapsed() < ROUND {
            self.transaction(together).map_err(|why| Exit::world(why.to_string()))?;
            rows += together;
            transactions += 1;
        }
        Ok((rows, transactions))
    }

    fn transaction(&mut self, together: u64) -> rusqlite::Result<()> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        let mut insert = self.connection.prepare_cached("INSERT INTO entries (seq, bytes) VALUES (?1, ?2)")?;
        let mut insert_key = self.connection.prepare_cached("INSERT INTO keys (key, seq) VALUES (?1, ?2)")?;
        for member in 0..together {
            self.seq += 1;
            insert.execute((self.seq, &self.row))?;
            let number = u64::try_from(self.seq).unwrap_or(0);
            insert_key.execute((Vote::new(member, number).key, self.seq))?;
        }
        drop((insert, insert_key));
        self.connection.prepare_cached("COMMIT")?.execute(()).map(|_| ())
    }
}

/// A server that answers, and the script that its own benchmark runs.
struct Postgres {
    script: std::path::PathBuf,
}

impl Postgres {
    /// `None` where no server answers.
    fn open(folder: &Path, row: usize) -> Result<Option<Postgres>, Exit> {
        let table = "DROP TABLE IF EXISTS rochdale_bench; \
            CREATE TABLE rochdale_bench (seq BIGSERIAL PRIMARY KEY, bytes BYTEA NOT NULL)";
        let made = asked("psql").args(["-q", "-c", table]).output();
        if !made.is_ok_and(|made| made.status.success()) {
            return Ok(None);
        }
        let script = folder.join("insert.sql");
        let insert = format!("INSERT INTO rochdale_bench (bytes) VALUES (decode(repeat('78', {row}), 'hex'));\n");
        std::fs::write(&script, insert)?;
        Ok(Some(Postgres { script }))
    }

    /// Rows a second, for some seconds since it first connects each client. Each row is a transaction of its own, and the server
    /// lets them share a sync.
    fn run(&self, clients: u64) -> Result<u64, Exit> {
        let (clients, seconds) = (clients.to_string(), SECONDS.to_string());
        let threads = if clients == "1" { "1" } else { "2" };
        let mut command = asked("pgbench");
        command.args(["-n", "-M", "prepared", "-c", &clients, "-j", threads, "-T", &seconds, "-f"]).arg(&self.script);
        let said = String::from_utf8_lossy(&command.output()?.stdout).into_owned();
        // On a machine that is busy it may end before all are connected, and then it gives no figure.
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(['.', ' ']).next()?.parse().ok());
        Ok(rate.unwrap_or(0))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = asked("psql").args(["-q", "-c", "DROP TABLE IF EXISTS rochdale_bench"]).output();
    }
}

fn asked(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, value) in POSTGRES {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    command
}

/// Bytes that this process had written to the disk, by the kernel's count; 0 where there is none.
fn bytes_written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|bytes| bytes.trim().parse().ok()).unwrap_or(0)
}
