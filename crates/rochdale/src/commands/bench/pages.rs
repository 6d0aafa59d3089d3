//! Pages of a co-op with 10,000 members and of one with 100,000, over HTTP on loopback: the processor time of each, and their
//! ratio, which is 1 where a page does not grow with members.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use engine::act::{Act, AddToList, Stand};
use engine::{Actor, Pseudonym};
use host::{Coop, Person, Shared};
use quantity::Moment;
use web::{App, Door, Limits};

use super::{Spread, crowd, line, memory_kib, ms, ratio, timed};
use crate::exit::Exit;

/// The smaller and the larger co-op.
const MEMBERS: [u64; 2] = [10_000, 100_000];
const BALLOTS_EACH: u64 = 5;
const REQUESTS: u32 = 100;

/// Of one page: its size, and for each co-op the median and 99th percentile of the wall time, and the processor time.
struct Measured {
    bytes: usize,
    p50: Duration,
    p99: Duration,
    processor: Duration,
}

pub fn run() -> Result<(), Exit> {
    let [small, large] = MEMBERS.map(measure);
    let (small, large) = (small?, large?);
    for ((page, small), (_, large)) in small.iter().zip(&large) {
        line(
            &format!("{page} ({} kB)", large.bytes / 1000),
            &format!(
                "processor {} and {}, ratio {}; p50 {}  p99 {}",
                in_ms(small.processor),
                in_ms(large.processor),
                ratio(large.processor, small.processor),
                ms(large.p50),
                ms(large.p99)
            ),
        )?;
    }
    line("memory at the end, both co-ops once held", &format!("{} MiB", memory_kib("self", "VmHWM") / 1024))
}

/// Every page that has no form, as a member sees it who has weight and ballots: theirs are the longest.
fn pages(me: &str) -> Vec<(&'static str, String)> {
    let page = |path: &'static str| (path, path.to_owned());
    vec![
        page("/"),
        page("/me"),
        page("/powers/keep-list"),
        page("/decisions"),
        page("/decisions/maintainer"),
        page("/constitution"),
        page("/constitution/kernel"),
        page("/fork"),
        page("/issues"),
        page("/money"),
        page("/members"),
        page("/members?query=member-00042"),
        page("/members?query=member"),
        page("/members?query=nobody+at+all"),
        page("/members?cursor=9000"),
        ("/members/…", format!("/members/{me}")),
        page("/walk-in"),
        page("/log"),
        page("/api/v1/coop"),
        page("/api/v1/rules"),
        page("/api/v1/decisions"),
        page("/api/v1/issues"),
        page("/api/v1/decisions/maintainer"),
        page("/api/v1/members"),
    ]
}

fn measure(members: u64) -> Result<Vec<(&'static str, Measured)>, Exit> {
    let mut coop = coop(members)?;
    let start = coop.state().time;
    coop.update_until(Moment(start.0 + 90 * 86_400_000_000), start)?;
    let me = coop.find_member("member-000001")?.map(|member| member.to_string()).unwrap_or_default();
    let shared = Arc::new(Shared::demonstration(coop));
    let ((), warm) = timed(|| work_out_anew(&shared));
    line(&format!("what is kept of {members} members, after an update"), &ms(warm))?;
    let app = App::new(shared, Door::WalkIn);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    // Requests go over HTTP, so that parsing and writing count as in a real server.
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let server = runtime.spawn(web::serve(listener, app, Limits::USUAL, std::future::pending()));
    let cookie = walk_in(address, &me)?;
    let measured = pages(&me).into_iter().map(|(name, path)| Ok((name, page(address, &cookie, &path)?)));
    let measured = measured.collect::<Result<Vec<_>, Exit>>();
    server.abort();
    measured
}

/// Does the writer's work after an update, besides the update.
fn work_out_anew(shared: &Shared) {
    let coop = shared.read();
    let sight = coop.sight(coop.state().time);
    let kept = views::Kept::of(sight.state, sight.history);
    kept.warm(&views::Sight { kept: &kept, ..sight });
}

fn page(address: SocketAddr, cookie: &str, path: &str) -> Result<Measured, Exit> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    let before = servers_time();
    for _ in 0..REQUESTS {
        let (body, time) = timed(|| get(address, cookie, path));
        bytes = body?;
        times.push(time);
    }
    let processor = servers_time().saturating_sub(before) / REQUESTS;
    times.sort_unstable();
    let at =
        |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1)).copied().unwrap_or_default();
    Ok(Measured { bytes, p50: at(50), p99: at(99), processor })
}

/// The time that this process's threads have had on a processor, but for the one that asks.
fn servers_time() -> Duration {
    let own = std::process::id().to_string();
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let servers = threads.filter(|thread| thread.file_name().to_str() != Some(own.as_str()));
    let nanos = servers.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// Milliseconds with two places.
fn in_ms(time: Duration) -> String {
    format!("{}.{:02} ms", time.as_millis(), time.as_micros() / 10 % 100)
}

/// Asks for a page; how many bytes it has.
pub fn get(address: SocketAddr, cookie: &str, path: &str) -> Result<usize, Exit> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    let (status, body) = answer(address, &head)?;
    if status.contains(" 200 ") { Ok(body.len()) } else { Err(Exit::world(format!("{path}: {status}"))) }
}

/// Begins to act as a member; the session's cookie.
pub fn walk_in(address: SocketAddr, member: &str) -> Result<String, Exit> {
    let form = format!("member={member}");
    let head = format!(
        "POST /walk-in HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    );
    let (status, answer) = answer(address, &head)?;
    let answer = String::from_utf8_lossy(&answer);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|cookie| cookie.split(';').next());
    cookie.map(str::to_owned).ok_or_else(|| Exit::world(format!("walking in: {status}")))
}

fn answer(address: SocketAddr, request: &str) -> Result<(String, Vec<u8>), Exit> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = BufReader::new(stream);
    let mut status = String::new();
    answer.read_line(&mut status)?;
    let mut body = Vec::new();
    answer.read_to_end(&mut body)?;
    Ok((status, body))
}

fn coop(count: u64) -> Result<Coop, Exit> {
    let start = crowd::moment("2025-01-01T00:00:00Z")?;
    let mut coop = Coop::in_memory(crowd::charter()?, true, start)?;
    let mut batch = coop.batch()?;
    let mut spread = Spread(11);
    let mut acts = Vec::new();
    let mut members: Vec<Pseudonym> = Vec::new();
    for number in 0..count {
        let person = Person { name: format!("member-{number:06}"), ..Person::default() };
        let member = batch.member_for(&person, Actor::Operator, start)?;
        acts.extend(crowd::year_of_support(member, number, 100 + spread.next(5_000))?);
        members.push(member);
    }
    acts.extend((0..500).map(crowd::open_item));
    for member in members.iter().take(5).copied() {
        let (decision, list) = ("maintainer".to_owned(), "contributor-list".to_owned());
        acts.push(Act::Stand(Stand { member, decision }));
        acts.push(Act::AddToList(AddToList { list, member }));
    }
    for round in 0..BALLOTS_EACH {
        for member in members.iter().copied() {
            acts.push(if round == 0 {
                let candidate = usize::try_from(spread.next(5)).unwrap_or(0);
                let candidates = members.get(candidate).copied().into_iter();
                crowd::office_ballot(member, candidates, 100_000)
            } else {
                let item = spread.next(100) + 100 * round;
                crowd::item_ballot(member, item, 90_000, false)
            });
        }
    }
    for act in &acts {
        batch.append(act, Actor::Demonstration, "", "", start)?;
    }
    batch.commit()?;
    Ok(coop)
}
