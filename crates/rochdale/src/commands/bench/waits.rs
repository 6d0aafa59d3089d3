//! How long pages and `/health` take while a server does something large, beside how long they take at rest, before and after it:
//! while every sync takes a second, while 2,000,000 ballots are counted, and while records are imported.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use engine::Actor;
use host::inbox::{LogTime, Newcomers};
use host::{Coop, Error, ServerClock, Shared, Submission, clock};
use rochdale_log::{EachEntry, EachRecord, Fault, Head, Readers, Sqlite, Store};
use web::{App, Door, Limits};

use super::clients::{Clients, PACE, pause, percentile};
use super::pages::walk_in;
use super::start::Crowd;
use super::{crowd, import, line, ms, ratio, timed};
use crate::caller::Caller;
use crate::commands::import::{open, take_sources};
use crate::exit::Exit;

/// Records, if `ROCHDALE_BENCH_ROWS` names no other number.
const ROWS: u64 = 1_000_000;
const WRITERS: u64 = 64;
const UPDATES: u64 = 40;
const SLOW_SYNC: Duration = Duration::from_secs(1);
/// Of each measurement, unless what is measured ends earlier or takes longer.
const SPELL: Duration = Duration::from_secs(8);
const FEW: u64 = 8;
const MANY: u64 = 64;

/// The addresses that are asked: a page, and whether the server lives.
const PATHS: [&str; 2] = ["/decisions", "/health"];

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let now = clock::now();
    host::init(folder.path(), &crowd::charter()?, false)?;
    let mut crowd = Crowd::admit(&mut Coop::open(folder.path(), now)?, now)?;
    crowd.vote_until(&mut Coop::open(folder.path(), now)?, Crowd::entries(), now)?;
    slow_sync(folder.path(), &crowd)?;
    let served = Served::start(Coop::open(folder.path(), now)?, &crowd)?;
    line(&format!("{UPDATES} updates of 2,000,000 ballots, {FEW} clients"), "")?;
    served.measure(FEW, &|_| updates(&served.coop))?;
    let rows = std::env::var("ROCHDALE_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let file = folder.path().join("transactions.csv");
    import::generate(&file, rows)?;
    line(&format!("{rows} rows imported, {MANY} clients"), "")?;
    served.measure(MANY, &|_| import_rows(&served.coop, &file))
}

/// Pages while every sync takes a second and many write.
fn slow_sync(folder: &Path, crowd: &Crowd) -> Result<(), Exit> {
    let slow = Arc::new(AtomicBool::new(false));
    let inner: Box<dyn Store> = Box::new(Sqlite::open(host::data_file(folder)).map_err(Error::from)?);
    let coop = Coop::with_store(Box::new(Slow { inner, slow: Arc::clone(&slow) }), Some(folder), clock::now())?;
    let served = Served::start(coop, crowd)?;
    line(&format!("every sync takes a second more, {WRITERS} writers, {FEW} clients"), "")?;
    served.measure(FEW, &|done| {
        slow.store(true, Ordering::Relaxed);
        let written = write(&served.coop, crowd, done);
        slow.store(false, Ordering::Relaxed);
        written
    })
}

/// Many writers, each with one act after the other, for a spell.
fn write(coop: &Shared, crowd: &Crowd, done: &AtomicU64) -> Result<(), Exit> {
    let began = now();
    let each = |writer: u64| -> Result<(), Exit> {
        let member = crowd.member(writer * 31);
        while began.elapsed() < SPELL {
            let share = 1_000 + u32::try_from(done.fetch_add(1, Ordering::Relaxed) % 1_000).unwrap_or(0);
            let act = crowd::item_ballot(member, writer * 31 * 7 % 1_000, share, false);
            let (key, nonce) = (String::new(), String::new());
            coop.submit(Submission { act, actor: Actor::Member(member), key, nonce, signed: None })?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || each(writer))).collect();
        all.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err(Exit::world("a writer broke off"))))
    })
}

/// Updates one after the other.
fn updates(coop: &Shared) -> Result<(), Exit> {
    for _ in 0..UPDATES {
        let now = coop.now();
        coop.write(move |batch| batch.run_next_update(now).map(|_| ()))?;
    }
    Ok(())
}

/// Records, as one piece of work for the writer.
fn import_rows(coop: &Shared, file: &Path) -> Result<(), Exit> {
    let (told, answer) = std::sync::mpsc::sync_channel(1);
    let file = file.to_owned();
    let work = move |batch: &mut host::Batch<'_>| -> Result<(), Failed> {
        let source = open(&Caller::Here, "open-collective-csv", &file, &quantity::Zone::utc())?;
        let bar = Caller::Here.bar(source.source.count(), "importing");
        take_sources(batch, vec![source], LogTime::Now(clock::now()), Newcomers::Welcome, &bar)?;
        Ok(())
    };
    coop.do_later(work, move |done| drop(told.send(done)))?;
    let done = answer.recv().map_err(|_| Exit::world("the import was not answered"))?;
    done.map_err(|Failed(exit)| exit)
}

/// An exit that work for the writer can end with.
struct Failed(Exit);

impl From<Exit> for Failed {
    fn from(exit: Exit) -> Self {
        Failed(exit)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Failed(error.into())
    }
}

/// A co-op that is served on loopback.
struct Served {
    coop: Arc<Shared>,
    address: SocketAddr,
    cookie: String,
    /// Dropped last: it holds the server.
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    fn start(coop: Coop, crowd: &Crowd) -> Result<Served, Exit> {
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        let app = App::new(Arc::clone(&coop), Door::WalkIn);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(web::serve(listener, app, Limits::USUAL, std::future::pending()));
        let cookie = walk_in(address, &crowd.member(1).to_string())?;
        Ok(Served { coop, address, cookie, _runtime: runtime })
    }

    /// Measures at rest, while `work` goes on, and at rest again.
    fn measure(&self, clients: u64, work: &(dyn Fn(&AtomicU64) -> Result<(), Exit> + Sync)) -> Result<(), Exit> {
        let done = AtomicU64::new(0);
        // The verification behind a start is over first.
        while self.coop.unverified().is_some() {
            pause(PACE);
        }
        let rest = || {
            pause(SPELL);
            Ok(())
        };
        let before = self.ask(clients, &rest)?;
        let (during, took) = timed(|| self.ask(clients, &|| work(&done)));
        let (during, after) = (during?, self.ask(clients, &rest)?);
        line("  it took", &ms(took))?;
        for (place, path) in PATHS.into_iter().enumerate() {
            let at = |percent: usize, all: &[Vec<Duration>]| {
                all.get(place).map_or(Duration::ZERO, |all| percentile(all, percent))
            };
            let middle = |a: Duration, b: Duration| (a + b) / 2;
            let rest = middle(at(99, &before), at(99, &after));
            let asked = during.get(place).map_or(0, Vec::len);
            line(
                &format!("  {path}, p99 at rest before, after"),
                &format!("{}, {}", ms(at(99, &before)), ms(at(99, &after))),
            )?;
            line(
                &format!("  {path} meanwhile, p50, p99 of {asked}, slowest"),
                &format!("{}, {}, {}", ms(at(50, &during)), ms(at(99, &during)), ms(at(100, &during))),
            )?;
            line(&format!("  {path}, p99 ÷ p99 at rest"), &ratio(at(99, &during), rest))?;
        }
        Ok(())
    }

    fn ask(&self, clients: u64, work: &dyn Fn() -> Result<(), Exit>) -> Result<Vec<Vec<Duration>>, Exit> {
        Clients { address: self.address, cookie: &self.cookie, paths: &PATHS }.ask(clients, work)
    }
}

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

/// A store whose syncs take a second more while it is `slow`.
struct Slow {
    inner: Box<dyn Store>,
    slow: Arc<AtomicBool>,
}

impl Store for Slow {
    fn head(&mut self, coop: &str) -> Result<Head, Fault> {
        self.inner.head(coop)
    }

    fn coops(&mut self) -> Result<Vec<String>, Fault> {
        self.inner.coops()
    }

    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault> {
        self.inner.begin(coop, expected)
    }

    fn push(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.inner.push(seq, key, bytes)
    }

    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.inner.put(space, name, value)
    }

    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault> {
        self.inner.delete(space, name)
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.inner.savepoint()
    }

    fn rollback_to(&mut self) -> Result<(), Fault> {
        self.inner.rollback_to()
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.inner.release()
    }

    fn commit(&mut self, new_head: &Head) -> Result<(), Fault> {
        if self.slow.load(Ordering::Relaxed) {
            pause(SLOW_SYNC);
        }
        self.inner.commit(new_head)
    }

    fn rollback(&mut self) {
        self.inner.rollback();
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        self.inner.reopen()
    }

    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        self.inner.find_key(coop, key)
    }

    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.inner.entry(coop, seq)
    }

    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
        self.inner.read(coop, from_seq, each)
    }

    fn get(&mut self, coop: &str, space: &str, name: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        self.inner.get(coop, space, name)
    }

    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault> {
        self.inner.scan(coop, space, each)
    }

    fn spaces(&mut self, coop: &str) -> Result<Vec<String>, Fault> {
        self.inner.spaces(coop)
    }

    fn check(&mut self) -> Result<(), Fault> {
        self.inner.check()
    }

    fn readers(&self) -> Arc<dyn Readers> {
        self.inner.readers()
    }
}
