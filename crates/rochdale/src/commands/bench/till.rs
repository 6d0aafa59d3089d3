//! A shop's till that hands each purchase in by its token, a thousand a day for a year: whether weights are what an independent sum says,
//! how long pages take meanwhile, the memory, and the next start.

mod sum;

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use engine::{Actor, Edition};
use host::gate::Scopes;
use host::inbox::Kinds;
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::Moment;
use web::{App, Door, Limits};

use super::clients::{Clients, answer, percentile};
use super::pages::walk_in;
use super::{Spread, crowd, line, median, memory_kib, ms, own_processor_time, timed};
use crate::exit::Exit;
use sum::Sum;

const MEMBERS: usize = 1_000;
const DAYS: u64 = 365;
const A_DAY: u64 = 1_000;
/// So many tills post at once, each on a connection of its own.
const TILLS: usize = 4;
const READERS: u64 = 8;
const STARTS: usize = 5;
const DAY_US: i64 = 86_400_000_000;
/// The limits that the design sets.
const MOST_P99: Duration = Duration::from_millis(50);
const MOST_MIB: u64 = 300;
const MOST_START: Duration = Duration::from_millis(300);
const PAGES: [&str; 5] = ["/", "/decisions", "/members", "/money", "/api/v1/coop"];

/// Days, if `ROCHDALE_BENCH_DAYS` names no other number.
fn days() -> u64 {
    std::env::var("ROCHDALE_BENCH_DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(DAYS)
}

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("shop");
    let mut shop = Shop::open(&home)?;
    let days = days();
    let clients = Clients { address: shop.address, cookie: &shop.cookie.clone(), paths: &PAGES };
    let before = own_processor_time();
    let posted = AtomicU64::new(0);
    let (reads, took) = timed(|| {
        let shop = std::sync::Mutex::new(&mut shop);
        clients.ask(READERS, &|| {
            let mut shop = shop.lock().map_err(|_| Exit::world("the shop broke off"))?;
            (0..days).try_for_each(|day| shop.day(day, &posted))
        })
    });
    let (reads, acts) = (reads?, posted.load(Ordering::Relaxed));
    let processor = own_processor_time().saturating_sub(before);
    line(&format!("{acts} purchases in {days} days, {TILLS} tills, {MEMBERS} members"), &ms(took))?;
    let each = |time: Duration| format!("{} µs", time.as_micros() / u128::from(acts.max(1)));
    line(
        "  wall time, processor time a purchase, clients and updates too",
        &format!("{}, {}", each(took), each(processor)),
    )?;
    for (path, times) in PAGES.into_iter().zip(&reads) {
        let p99 = percentile(times, 99);
        let said = format!("{}, {}, {}", ms(percentile(times, 50)), ms(p99), ms(percentile(times, 100)));
        line(&format!("  {path} meanwhile, p50, p99 of {}, slowest", times.len()), &said)?;
        line("    p99 within 50 ms", within(p99 <= MOST_P99))?;
    }
    let peak = memory_kib("self", "VmHWM") / 1024;
    line("  peak memory, clients too", &format!("{peak} MiB, {}", within(peak <= MOST_MIB)))?;
    let wrong = shop.differences()?;
    line("  weights that differ from the independent sum", &wrong.to_string())?;
    let hash = shop.coop.read().state().hash();
    drop(shop);
    starts(&home, &hash)?;
    if wrong == 0 { Ok(()) } else { Err(Exit::world("weights differ from the independent sum")) }
}

fn within(kept: bool) -> &'static str {
    if kept { "kept" } else { "NOT kept" }
}

/// How long the next start takes, and whether it comes to the same state.
fn starts(home: &Path, hash: &str) -> Result<(), Exit> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let (ready, time) = timed(|| -> Result<Shared, Exit> {
            let coop = Coop::open(home, clock::now())?;
            Ok(Shared::new(coop, ServerClock::Machine))
        });
        if ready?.read().state().hash() != hash {
            return Err(Exit::world("the start came to another state"));
        }
        times.push(time);
    }
    let start = median(times);
    line("  a start, from opening to ready", &format!("{}, {}", ms(start), within(start <= MOST_START)))
}

/// The template of a shop, counted daily so that the log's time goes on with each day.
fn charter() -> Result<Charter, Exit> {
    let edition = engine::edition::newest_closed().max(Edition::THREE);
    let template = charter::template_under("consumer", edition).ok_or_else(|| Exit::world("no template"))?;
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    let filled = template.fill("bench", currency);
    let kernel = filled.kernel.replace("weekly on monday at 01:00", "daily at 01:00");
    Ok(Charter::read_under(kernel, filled.constitution, edition)?)
}

/// A shop that is served, and its till's token.
struct Shop {
    coop: Arc<Shared>,
    address: SocketAddr,
    cookie: String,
    token: String,
    /// Pseudonyms.
    members: Vec<String>,
    sum: Sum,
    /// Dropped last: it holds the server.
    _runtime: tokio::runtime::Runtime,
}

impl Shop {
    fn open(home: &Path) -> Result<Shop, Exit> {
        let start = crowd::moment("2026-01-01T00:00:00Z")?;
        host::init(home, &charter()?, false)?;
        let mut coop = Coop::open(home, start)?;
        let mut batch = coop.batch()?;
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let person = Person { name: format!("member-{number:06}"), ..Person::default() };
            members.push(batch.member_for(&person, Actor::Operator, start)?.to_string());
        }
        let record = Kinds::parse("purchase").map_err(Exit::world)?;
        let scopes = Scopes { record: Some(record), ..Scopes::default() };
        let token = batch.make_token("till", None, scopes, 365, clock::now());
        let token = token.map_err(|_| Exit::world("no token"))?;
        batch.commit()?;
        coop.store_snapshots_every(host::SNAPSHOT_EVERY);
        let coop = Arc::new(Shared::new(coop, ServerClock::From { log: start, machine: clock::now() }));
        let app = App::new(Arc::clone(&coop), Door::WalkIn);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(web::serve(listener, app, Limits::USUAL, std::future::pending()));
        let cookie = walk_in(address, members.first().map_or("", String::as_str))?;
        let sum = Sum::of(MEMBERS);
        Ok(Shop { coop, address, cookie, token, members, sum, _runtime: runtime })
    }

    /// The update of a day, and then its purchases.
    fn day(&mut self, day: u64, posted: &AtomicU64) -> Result<(), Exit> {
        let now = self.coop.now();
        self.coop.write(move |batch| batch.run_next_update(now).map(|_| ()))?;
        let time = self.coop.read().state().time;
        let mut spread = Spread(day + 1);
        let purchases: Vec<Purchase> = (0..A_DAY)
            .map(|number| Purchase {
                source: format!("till {day}/{number}"),
                member: usize::try_from(spread.next(MEMBERS as u64)).unwrap_or(0),
                minor: 50 + i64::try_from(spread.next(9_950)).unwrap_or(0),
                // In the last day, at a second of its own.
                at: Moment(time.0 - DAY_US + i64::try_from(number).unwrap_or(0) * 86_000_000),
            })
            .collect();
        let (purchases, this) = (&purchases, &*self);
        std::thread::scope(|scope| {
            let tills = (0..TILLS).map(|till| {
                scope.spawn(move || -> Result<(), Exit> {
                    let mut posting = Till::connect(this.address, &this.token)?;
                    for purchase in purchases.iter().skip(till).step_by(TILLS) {
                        posting.post(purchase, this.members.get(purchase.member).map_or("", String::as_str))?;
                        posted.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            });
            let tills: Vec<_> = tills.collect();
            tills.into_iter().try_for_each(|till| till.join().unwrap_or_else(|_| Err(Exit::world("a till broke off"))))
        })?;
        for purchase in purchases {
            self.sum.add(purchase.member, purchase.minor, purchase.at);
        }
        // As a server does from time to time.
        self.coop.store_snapshot()?;
        Ok(())
    }

    /// Counts the members whose weight is not what the sum of their purchases gives, before caps.
    fn differences(&self) -> Result<usize, Exit> {
        let now = self.coop.now();
        self.coop.write(move |batch| batch.run_next_update(now).map(|_| ()))?;
        let present = self.coop.read();
        let state = present.state();
        let class = state.weights.classes.first().ok_or_else(|| Exit::world("no class"))?;
        let wrong = self.members.iter().enumerate().filter(|(number, member)| {
            let index = member.parse().ok().and_then(|member| state.members.index(member));
            let earned = index.and_then(|index| class.earned.get(index.place()).copied()).unwrap_or(0);
            !self.sum.agrees(*number, earned, state.time)
        });
        Ok(wrong.count())
    }
}

/// The acts that a till hands in.
struct Purchase {
    source: String,
    /// The place of the member.
    member: usize,
    minor: i64,
    at: Moment,
}

/// A till on a connection that it keeps.
struct Till<'a> {
    address: SocketAddr,
    token: &'a str,
    answers: BufReader<TcpStream>,
}

impl<'a> Till<'a> {
    fn connect(address: SocketAddr, token: &'a str) -> Result<Till<'a>, Exit> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Till { address, token, answers: BufReader::new(stream) })
    }

    fn post(&mut self, purchase: &Purchase, member: &str) -> Result<(), Exit> {
        let Purchase { source, minor, at, .. } = purchase;
        let row = format!(
            "{{\"member\":\"{member}\",\"kind\":\"purchase\",\"amount\":\"{}.{:02}\",\"unit\":\"USD\",\"given_at\":\"{at}\",\"source\":\"{source}\"}}",
            minor / 100,
            minor % 100
        );
        let head = format!(
            "POST /api/v1/facts HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{row}",
            self.address,
            self.token,
            row.len()
        );
        self.answers.get_mut().write_all(head.as_bytes())?;
        let (status, body) = answer(&mut self.answers)?;
        if status.contains(" 200 ") && body.contains("\"recorded\":1,") {
            return Ok(());
        }
        Err(Exit::world(format!("{}: {body}", status.trim())))
    }
}
