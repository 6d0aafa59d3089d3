//! Pages of a co-op with 10,000 members and 100,000 ballots, over HTTP on loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use engine::Actor;
use engine::act::{Act, AddToList, Stand};
use host::{Coop, Person, Shared};
use quantity::Moment;
use web::{App, Door};

use super::{Spread, crowd, line, memory_kib, ms, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const BALLOTS_EACH: u64 = 10;
const REQUESTS: usize = 300;

pub fn run() -> Result<(), Exit> {
    let mut coop = coop()?;
    let start = coop.state().time;
    coop.update_until(Moment(start.0 + 90 * 86_400_000_000), start)?;
    // A member with weight and ballots has the longest page.
    let me = coop.find_member("member-00001")?.map(|member| member.to_string()).unwrap_or_default();
    let app = App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    // Requests go over HTTP, so that parsing and writing count as in a real server.
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let server = runtime.spawn(web::serve(listener, app, std::future::pending()));
    for path in [
        "/",
        "/decisions/maintainer",
        "/constitution",
        "/constitution/kernel",
        "/issues",
        "/money",
        "/members",
        "/log",
        &format!("/members/{me}"),
        "/api/v1/decisions/issues",
    ] {
        let mut times = Vec::new();
        let mut size = 0;
        for _ in 0..REQUESTS {
            let (body, time) = timed(|| get(address, path));
            size = body?;
            times.push(time);
        }
        // BENCHMARKS.md states the median and the 99th percentile.
        times.sort_unstable();
        let at =
            |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1)).copied().unwrap_or_default();
        line(
            &format!("GET {} ({} kB)", path.replace(&me, "…"), size / 1000),
            &format!("p50 {}  p99 {}", ms(at(50)), ms(at(99))),
        )?;
    }
    server.abort();
    line("memory with 10,000 members and 100,000 ballots", &format!("{} MiB", memory_kib("self", "VmRSS") / 1024))
}

fn get(address: SocketAddr, path: &str) -> Result<usize, Exit> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = BufReader::new(stream);
    let mut status = String::new();
    answer.read_line(&mut status)?;
    if !status.contains(" 200 ") {
        return Err(Exit::world(format!("{path}: {status}")));
    }
    let mut body = Vec::new();
    answer.read_to_end(&mut body)?;
    Ok(body.len())
}

fn coop() -> Result<Coop, Exit> {
    let start = crowd::moment("2025-01-01T00:00:00Z")?;
    let mut coop = Coop::in_memory(crowd::charter()?, true, start)?;
    let mut batch = coop.batch()?;
    let mut spread = Spread(11);
    let mut acts = Vec::new();
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        let person = Person { name: format!("member-{number:05}"), ..Person::default() };
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
                let item = spread.next(50) + 50 * round;
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
