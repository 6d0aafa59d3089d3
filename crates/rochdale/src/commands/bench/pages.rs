//! Pages of a co-op with 10,000 members and 100,000 ballots, over HTTP on loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use engine::Actor;
use engine::act::{Act, AddToList, Amount, CastBallot, OpenItem, RecordSupport, Stand};
use host::{Charter, Coop, Person};
use quantity::Moment;
use web::{App, Door, HostDesk};

use super::{Spread, line, memory_kib, ms, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const BALLOTS_EACH: u64 = 10;
const REQUESTS: usize = 300;

pub fn run() -> Result<(), Exit> {
    let mut coop = coop()?;
    let start = coop.state().time;
    coop.update_until(Moment(start.0 + 90 * 86_400_000_000), start)?;
    let me = coop
        .find_member("member-00001")?
        .map(|member| member.to_string())
        .unwrap_or_default();
    let desk = Arc::new(HostDesk::demonstration(coop));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let app = App::new(Arc::clone(&desk) as Arc<dyn web::Desk>, Door::WalkIn);
    let server = runtime.spawn(web::serve(listener, app, desk, std::future::pending()));
    for path in [
        "/",
        "/decisions/maintainer",
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
        times.sort_unstable();
        let at = |percent: usize| {
            times
                .get((times.len() * percent / 100).min(times.len() - 1))
                .copied()
                .unwrap_or_default()
        };
        line(
            &format!("GET {} ({} kB)", path.replace(&me, "…"), size / 1000),
            &format!("p50 {}  p99 {}", ms(at(50)), ms(at(99))),
        )?;
    }
    server.abort();
    line(
        "memory with 10,000 members and 100,000 ballots",
        &format!("{} MiB", memory_kib("self", "VmRSS") / 1024),
    )
}

fn get(address: SocketAddr, path: &str) -> Result<usize, Exit> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
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
    let template = charter::template("open-source").ok_or_else(|| Exit::world("no template"))?;
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    let filled = template.fill("bench", currency);
    let start = Moment::parse("2025-01-01T00:00:00Z").map_err(Exit::world)?;
    let mut coop = Coop::in_memory(
        Charter::read(filled.kernel, filled.constitution)?,
        true,
        start,
    )?;
    let mut batch = coop.batch()?;
    let mut spread = Spread(11);
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        let person = Person {
            name: format!("member-{number:05}"),
            ..Person::default()
        };
        let member = batch.member_for(&person, Actor::Operator, start)?;
        members.push(member);
        for (kind, given_at) in [
            ("donation", "2024-12-20T00:00:00Z"),
            ("pledge", "2024-12-21T00:00:00Z"),
        ] {
            let act = RecordSupport {
                member,
                kind: kind.to_owned(),
                amount: Amount {
                    amount: 100 + i64::try_from(spread.next(5_000)).unwrap_or(0),
                    currency: Some("USD".to_owned()),
                    unit: None,
                },
                given_at: Moment::parse(given_at).map_err(Exit::world)?,
                source: format!("{kind}:{number}"),
                parts: if kind == "donation" { 12 } else { 1 },
                series: None,
                stands_months: Some(24),
            };
            batch.append(&Act::RecordSupport(act), Actor::Operator, "", "", start)?;
        }
    }
    for item in 0..500 {
        batch.append(
            &Act::OpenItem(OpenItem {
                decision: "issues".to_owned(),
                item: item.to_string(),
            }),
            Actor::Operator,
            "",
            "",
            start,
        )?;
    }
    for member in members.iter().take(5) {
        batch.append(
            &Act::Stand(Stand {
                member: *member,
                decision: "maintainer".to_owned(),
            }),
            Actor::Operator,
            "",
            "",
            start,
        )?;
        batch.append(
            &Act::AddToList(AddToList {
                list: "contributor-list".to_owned(),
                member: *member,
            }),
            Actor::Operator,
            "",
            "",
            start,
        )?;
    }
    for round in 0..BALLOTS_EACH {
        for member in &members {
            let act = if round == 0 {
                let candidate = members
                    .get(usize::try_from(spread.next(5)).unwrap_or(0))
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let scores = Some([(candidate, 1_000_000)].into());
                CastBallot {
                    member: *member,
                    decision: "maintainer".to_owned(),
                    item: None,
                    share_ppm: 100_000,
                    scores,
                    against: false,
                }
            } else {
                let item = Some((spread.next(50) + 50 * round).to_string());
                CastBallot {
                    member: *member,
                    decision: "issues".to_owned(),
                    item,
                    share_ppm: 90_000,
                    scores: None,
                    against: false,
                }
            };
            batch.append(&Act::CastBallot(act), Actor::Demonstration, "", "", start)?;
        }
    }
    batch.commit()?;
    Ok(coop)
}
