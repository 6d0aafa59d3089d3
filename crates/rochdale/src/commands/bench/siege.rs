//! Everything at once against the real server: idle connections, checks of rules, readings of the past, writers, and a full disk.
//! How long pages take, and whether all that was acknowledged is still there after the server is killed.

mod asked;
mod ground;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use host::{Coop, clock};
use quantity::Moment;

use super::start::Crowd;
use super::{crowd, line, ms, ratio, timed};
use crate::exit::Exit;
use asked::Asked;
use ground::Ground;

const ENTRIES: u64 = 500_000;
const IDLE: usize = 1_000;
const CHECKS: usize = 60;
const PAST: usize = 60;
const READERS: usize = 8;
const WRITERS: usize = 8;
/// Of a text that is checked, about.
const TEXT_BYTES: usize = 1 << 20;
const SPELL: Duration = Duration::from_secs(10);
/// A reader, and a writer, asks so often; one that got its answer late asks again at once.
const PACE: Duration = Duration::from_millis(100);
/// Somebody who wants costly work again.
const COSTLY_PACE: Duration = Duration::from_secs(1);
const MICROS_A_DAY: i64 = 86_400_000_000;

/// The pages that are asked for, and whether the server lives.
const PAGES: [&str; 4] = ["/", "/decisions", "/members", "/health"];

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let before = folder.path().join("before");
    let crowd = found(&before)?;
    let ground = Ground::start(folder.path())?;
    let siege = Siege {
        ground: &ground,
        crowd: &crowd,
        check: check(),
        at: date(days_ago(10))?,
        over: AtomicBool::new(false),
        acts: AtomicU64::new(0),
    };
    wait_for_verified(&ground)?;
    line(&format!("{ENTRIES} entries on a small disk, {READERS} readers"), &siege.at)?;
    line("  memory of the server, MiB", &ground.memory("VmRSS").to_string())?;
    let rest = siege.rest()?;
    let mut kept = BTreeMap::new();
    let during = siege.besieged(&mut kept)?;
    for (place, path) in PAGES.into_iter().enumerate() {
        let (Some(rest), Some(during)) = (rest.get(place), during.get(place)) else { continue };
        rest.tell(&format!("{path} at rest"))?;
        during.tell(&format!("{path} besieged"))?;
        line(
            "    p99 ÷ p99 at rest, limit 1 s",
            &format!("{}, {}", ratio(during.percentile(99), rest.percentile(99)), within(during.percentile(99))),
        )?;
    }
    line("  memory of the server besieged: peak, now, MiB", &both(&ground))?;
    recovers(&siege, &mut kept)?;
    line("  memory of the server after it, MiB", &ground.memory("VmRSS").to_string())?;
    siege.killed(&mut kept)?;
    drop(siege);
    compare(&ground.left()?, &kept)
}

fn within(p99: Duration) -> &'static str {
    if p99 <= Duration::from_secs(1) { "kept" } else { "NOT kept" }
}

fn both(ground: &Ground) -> String {
    format!("{}, {}", ground.memory("VmHWM"), ground.memory("VmRSS"))
}

/// Lets time go by: a benchmark measures what happens meanwhile.
fn pause(time: Duration) {
    let (_open, nothing) = std::sync::mpsc::channel::<()>();
    let _ = nothing.recv_timeout(time);
}

fn days_ago(days: i64) -> Moment {
    Moment(clock::now().micros() - days * MICROS_A_DAY)
}

/// The date of an instant, in UTC.
fn date(at: Moment) -> Result<String, Exit> {
    let written = at.to_string();
    written.get(..10).map(str::to_owned).ok_or_else(|| Exit::world(written.clone()))
}

/// A co-op whose members came a month ago and have voted since.
fn found(folder: &Path) -> Result<Crowd, Exit> {
    host::init(folder, &crowd::charter()?, false)?;
    let start = days_ago(30);
    let mut coop = Coop::open(folder, start)?;
    let mut crowd = Crowd::admit(&mut coop, start)?;
    coop.update_until(days_ago(20), days_ago(20))?;
    crowd.vote_until(&mut coop, ENTRIES, days_ago(20))?;
    Ok(crowd)
}

/// The verification behind a start is over first.
fn wait_for_verified(ground: &Ground) -> Result<(), Exit> {
    let mut asked = Asked::default();
    loop {
        let (status, body) = asked.ask(ground.address, "GET /health", "");
        match (&*status, body.contains("unverified_until")) {
            ("200", false) => return Ok(()),
            ("200", true) => pause(PACE),
            _ => return Err(Exit::world(format!("/health: {status} {body}"))),
        }
    }
}

/// A request to check a text of many clauses.
fn check() -> String {
    let mut text = String::from("# How we decide\n");
    for number in 0.. {
        if text.len() >= TEXT_BYTES - 256 {
            break;
        }
        text.push_str(&format!(
            "\n## Part {number}\n\nThe people who do the work decide how.\n\n```charter\ndocument \"document-{number}\" {{ settles-in \"14 days\"; votes \"linear\" }}\n```\n"
        ));
    }
    serde_json::json!({ "decision": "constitution", "text": text }).to_string()
}

struct Siege<'a> {
    ground: &'a Ground,
    crowd: &'a Crowd,
    check: String,
    /// A date that is looked back at.
    at: String,
    over: AtomicBool,
    /// Ballots that writers cast so far.
    acts: AtomicU64,
}

/// The entry and the hash of each act that was acknowledged.
type Kept = BTreeMap<u64, String>;

impl Siege<'_> {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    /// Readers alone.
    fn rest(&self) -> Result<Vec<Asked>, Exit> {
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| self.reads())).collect();
            pause(SPELL);
            self.over.store(true, Ordering::Relaxed);
            self.together(readers.into_iter().map(|reader| reader.join().ok()))
        })
    }

    /// Readers, and all else at once; the disk is full for the second half.
    fn besieged(&self, kept: &mut Kept) -> Result<Vec<Asked>, Exit> {
        self.over.store(false, Ordering::Relaxed);
        let (checks, past) = (self.check.as_str(), self.past());
        std::thread::scope(|scope| {
            let idle = scope.spawn(|| self.idles());
            let checkers: Vec<_> = (0..CHECKS)
                .map(|_| scope.spawn(|| self.repeats(COSTLY_PACE, |_| ("POST /api/v1/rules/check", checks))))
                .collect();
            let past = &past;
            let lookers: Vec<_> = (0..PAST)
                .map(|number| {
                    scope.spawn(move || {
                        self.repeats(COSTLY_PACE, |turn| (past.get((number + turn) % past.len()).map_or("", |p| p), ""))
                    })
                })
                .collect();
            let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| self.writes())).collect();
            let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| self.reads())).collect();
            pause(SPELL);
            let filled = self.ground.fill();
            pause(SPELL);
            self.over.store(true, Ordering::Relaxed);
            filled?;
            let broken = || Exit::world("a thread broke off");
            line(
                &format!("{IDLE} idle connections, {CHECKS} checks, {PAST} readings, {WRITERS} writers, a full disk"),
                "",
            )?;
            line("  idle connections opened anew", &idle.join().map_err(|_| broken())?.to_string())?;
            all(checkers.into_iter().map(|one| one.join().ok()))?.tell("checks of 1 MiB")?;
            all(lookers.into_iter().map(|one| one.join().ok()))?.tell("readings of the past")?;
            written(writers.into_iter().map(|one| one.join().ok()), kept)?.tell("acts")?;
            self.together(readers.into_iter().map(|reader| reader.join().ok()))
        })
    }

    /// Kills the server while writers write.
    fn killed(&self, kept: &mut Kept) -> Result<(), Exit> {
        self.over.store(false, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| self.writes())).collect();
            pause(COSTLY_PACE);
            let killed = self.ground.kill();
            self.over.store(true, Ordering::Relaxed);
            written(writers.into_iter().map(|one| one.join().ok()), kept)?.tell("acts until it was killed")?;
            killed
        })
    }

    /// Requests for the past.
    fn past(&self) -> Vec<String> {
        ["/api/v1/weights", "/api/v1/decisions/issues", "/api/v1/members", "/api/v1/book"]
            .map(|path| format!("GET {path}?at={}", self.at))
            .to_vec()
    }

    /// One reader's requests for each page.
    fn reads(&self) -> Vec<Asked> {
        let mut pages: Vec<Asked> = PAGES.iter().map(|_| Asked::default()).collect();
        while self.goes_on() {
            for (path, asked) in PAGES.into_iter().zip(&mut pages) {
                asked.ask(self.ground.address, &format!("GET {path}"), "");
                pause(PACE.saturating_sub(asked.last()));
            }
        }
        pages
    }

    fn together(&self, readers: impl Iterator<Item = Option<Vec<Asked>>>) -> Result<Vec<Asked>, Exit> {
        let mut pages: Vec<Asked> = PAGES.iter().map(|_| Asked::default()).collect();
        for reader in readers {
            let reader = reader.ok_or_else(|| Exit::world("a reader broke off"))?;
            pages.iter_mut().zip(reader).for_each(|(page, asked)| page.add(asked));
        }
        Ok(pages)
    }

    /// The same request again and again.
    fn repeats<'b>(&self, pace: Duration, request: impl Fn(usize) -> (&'b str, &'b str)) -> Asked {
        let (mut asked, mut turn) = (Asked::default(), 0);
        while self.goes_on() {
            let (request, body) = request(turn);
            asked.ask(self.ground.address, request, body);
            pause(pace.saturating_sub(asked.last()));
            turn += 1;
        }
        asked
    }

    /// One writer's acts, each of another member.
    fn writes(&self) -> (Asked, Kept) {
        let (mut asked, mut kept) = (Asked::default(), Kept::new());
        while self.goes_on() {
            self.write(&mut asked, &mut kept);
            pause(PACE.saturating_sub(asked.last()));
        }
        (asked, kept)
    }

    /// Casts a ballot; whether it was acknowledged.
    fn write(&self, asked: &mut Asked, kept: &mut Kept) -> bool {
        let number = self.acts.fetch_add(1, Ordering::Relaxed);
        let member = self.crowd.member(number).to_string();
        let act = serde_json::json!({
            "act": "cast_ballot", "member": member, "decision": "issues", "item": (number * 7 % 1_000).to_string(),
            "share_ppm": 1_000 + number % 1_000, "against": false,
        });
        let (_, body) = asked.ask(self.ground.address, "POST /api/v1/acts", &act.to_string());
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        let receipt =
            answer.get("receipt").and_then(|it| Some((it.get("entry")?.as_u64()?, it.get("hash")?.as_str()?)));
        if let Some((entry, hash)) = receipt {
            kept.insert(entry, hash.to_owned());
        }
        receipt.is_some()
    }

    /// Connections that say nothing, or begin a request and stop: those that were ended are opened anew. How many were.
    fn idles(&self) -> u64 {
        let open = |number: usize| -> Option<TcpStream> {
            let mut stream = TcpStream::connect(self.ground.address).ok()?;
            if number.is_multiple_of(2) {
                stream.write_all(b"GET / HTTP/1.1\r\nHost:").ok()?;
            }
            stream.set_nonblocking(true).ok()?;
            Some(stream)
        };
        let mut all: Vec<Option<TcpStream>> = (0..IDLE).map(open).collect();
        let mut anew = 0;
        while self.goes_on() {
            for (number, place) in all.iter_mut().enumerate() {
                if place.as_mut().is_none_or(has_ended) {
                    *place = open(number);
                    anew += 1;
                }
            }
            pause(COSTLY_PACE);
        }
        anew
    }
}

/// Whether the other side has ended a connection that is never waited for.
fn has_ended(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 512]) {
        Ok(count) => count == 0,
        Err(why) => why.kind() != std::io::ErrorKind::WouldBlock,
    }
}

/// Puts together what writers got.
fn written(writers: impl Iterator<Item = Option<(Asked, Kept)>>, kept: &mut Kept) -> Result<Asked, Exit> {
    let mut wrote = Asked::default();
    for writer in writers {
        let (asked, own) = writer.ok_or_else(|| Exit::world("a writer broke off"))?;
        wrote.add(asked);
        kept.extend(own);
    }
    Ok(wrote)
}

fn all(asked: impl Iterator<Item = Option<Asked>>) -> Result<Asked, Exit> {
    let mut together = Asked::default();
    for one in asked {
        together.add(one.ok_or_else(|| Exit::world("a thread broke off"))?);
    }
    Ok(together)
}

/// Gives the room back: the time until an act is acknowledged.
fn recovers(siege: &Siege<'_>, kept: &mut Kept) -> Result<(), Exit> {
    siege.ground.free()?;
    let (came, took) = timed(|| {
        let began = now();
        let mut asked = Asked::default();
        while began.elapsed() < SPELL {
            if siege.write(&mut asked, kept) {
                return true;
            }
            pause(PACE);
        }
        false
    });
    let took = if came { ms(took) } else { "NEVER".to_owned() };
    line("  from the disk's room to the next acknowledged act", &took)
}

/// Looks for each acknowledged act in what the killed server left.
fn compare(left: &Path, kept: &Kept) -> Result<(), Exit> {
    let (mut coop, opened) = timed(|| Coop::open(left, clock::now()));
    let mut there = 0;
    if let Ok(coop) = &mut coop {
        coop.entries(ENTRIES, &mut |seq, bytes| {
            let hash = rochdale_log::hash_entry(bytes).to_string();
            there += usize::from(kept.get(&seq) == Some(&hash));
            std::ops::ControlFlow::Continue(())
        })?;
    }
    coop?;
    line("  killed, and started again in", &ms(opened))?;
    line("  acts acknowledged, and still there", &format!("{}, {there}", kept.len()))?;
    if there == kept.len() { Ok(()) } else { Err(Exit::world("an acknowledged act is lost")) }
}

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}
