//! How long pages take while `rochdale import` hands a large file to the serving co-op, beside how long they take at rest: the server, the
//! command and the clients are processes of their own, as they are at home.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use host::{Coop, Person, clock};

use super::clients::{Clients, pause, percentile};
use super::pages::walk_in;
use super::{crowd, import, line, memory_kib, ms, ratio, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const ROWS: u64 = 1_000_000;
const CLIENTS: u64 = 8;
/// Of each measurement at rest.
const SPELL: Duration = Duration::from_secs(8);
const PATHS: [&str; 4] = ["/", "/decisions", "/members", "/health"];

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("co-op");
    let me = found(&home)?;
    let rows = std::env::var("ROCHDALE_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let file = folder.path().join("transactions.csv");
    import::generate(&file, rows)?;
    let served = Served::start(&home)?;
    let cookie = walk_in(served.address, &me)?;
    let clients = Clients { address: served.address, cookie: &cookie, paths: &PATHS };
    let rest = || {
        pause(SPELL);
        Ok(())
    };
    let before = clients.ask(CLIENTS, &rest)?;
    let (during, took) = timed(|| clients.ask(CLIENTS, &|| import_file(&file, &home)));
    let (during, after) = (during?, clients.ask(CLIENTS, &rest)?);
    line(&format!("{rows} rows by `rochdale import`, {MEMBERS} members, {CLIENTS} clients"), &ms(took))?;
    line(
        "  peak memory of the server",
        &format!("{} MiB", memory_kib(&served.child.id().to_string(), "VmHWM") / 1024),
    )?;
    for (place, path) in PATHS.into_iter().enumerate() {
        let at = |all: &[Vec<Duration>], percent| all.get(place).map_or(Duration::ZERO, |all| percentile(all, percent));
        let rest = (at(&before, 99) + at(&after, 99)) / 2;
        let asked = during.get(place).map_or(0, Vec::len);
        line(
            &format!("  {path}, p99 at rest before, after"),
            &format!("{}, {}", ms(at(&before, 99)), ms(at(&after, 99))),
        )?;
        line(
            &format!("  {path} meanwhile, p50, p99 of {asked}, slowest"),
            &format!("{}, {}, {}", ms(at(&during, 50)), ms(at(&during, 99)), ms(at(&during, 100))),
        )?;
        line(&format!("  {path}, p99 ÷ p99 at rest"), &ratio(at(&during, 99), rest))?;
    }
    Ok(())
}

/// A co-op of some members; one of them.
fn found(home: &Path) -> Result<String, Exit> {
    host::init(home, &crowd::charter()?, false)?;
    let now = clock::now();
    let mut coop = Coop::open(home, now)?;
    let mut batch = coop.batch()?;
    let mut last = String::new();
    for number in 0..MEMBERS {
        let person = Person { name: format!("member-{number:06}"), ..Person::default() };
        last = batch.member_for(&person, engine::Actor::Operator, now)?.to_string();
    }
    batch.commit()?;
    Ok(last)
}

fn import_file(file: &Path, home: &Path) -> Result<(), Exit> {
    let mut import = Command::new(std::env::current_exe()?);
    import.args(["import", "open-collective-csv"]).arg(file).arg("--dir").arg(home).stdout(Stdio::null());
    if import.status()?.success() { Ok(()) } else { Err(Exit::world("the import failed")) }
}

/// `rochdale serve` as a process of its own.
struct Served {
    child: Child,
    address: SocketAddr,
}

impl Served {
    fn start(home: &Path) -> Result<Served, Exit> {
        let mut serve = Command::new(std::env::current_exe()?);
        serve.arg("serve").arg(home).args(["--walk-in", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).spawn()?;
        let words = child.stdout.take().ok_or_else(|| Exit::world("no words"))?;
        let address = BufReader::new(words).lines().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("listening on http://")?;
            address.trim().parse().ok()
        });
        match address {
            Some(address) => Ok(Served { child, address }),
            None => {
                let _ = child.kill();
                Err(Exit::world("no server"))
            }
        }
    }
}

/// A run that broke off leaves no server.
impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
