//! kill -9 at any moment: eight writers over HTTP, a server killed at random, 200 rounds. No act that was acknowledged is
//! lost, the chain never breaks, and each start answers that it is ready.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use host::Coop;
use quantity::Moment;

const ROUNDS: u64 = 200;
const WRITERS: usize = 8;
/// A fresh co-op after so many rounds keeps each start short; one log still lives through many kills.
const ROUNDS_OF_ONE_LOG: u64 = 20;

/// A server that is silent for this long is not ready.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
struct Acknowledged {
    key: String,
    entry: u64,
    hash: String,
}

#[test]
fn kill_9_loses_no_acknowledged_act_and_breaks_no_chain() {
    let mut acknowledged_in_all = 0;
    for series in 0..ROUNDS / ROUNDS_OF_ONE_LOG {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("co-op");
        let members = found(folder.path(), &home);
        let acknowledged = Mutex::new(Vec::new());
        let acts = AtomicU64::new(series << 32);
        for round in 0..ROUNDS_OF_ONE_LOG {
            let (mut child, address) = serve(&home);
            assert_eq!(health(address), Some(200), "after kill {round} of series {series}");
            let stop = AtomicBool::new(false);
            std::thread::scope(|scope| {
                for member in &members {
                    scope.spawn(|| write(address, member, &stop, &acts, &acknowledged));
                }
                kill_after(&mut child, Duration::from_millis(50 + (series * 37 + round * 61) % 100), &acknowledged);
                stop.store(true, Ordering::Relaxed);
            });
        }
        let acknowledged = acknowledged.into_inner().unwrap();
        check(&home, &acknowledged);
        acknowledged_in_all += acknowledged.len();
    }
    assert!(
        acknowledged_in_all as u64 > ROUNDS,
        "the writers got {acknowledged_in_all} acts through: the test saw too little"
    );
}

/// Founds a co-op with eight members and an item to vote on, and returns their pseudonyms.
fn found(folder: &Path, home: &Path) -> Vec<String> {
    rochdale(&["init", home.to_str().unwrap(), "--template", "open-source"]);
    let register = folder.join("members.csv");
    let rows: String = (1..=WRITERS).map(|n| format!("member-{n:03},person,2020-01-01\n")).collect();
    std::fs::write(&register, format!("name,kind,joined\n{rows}")).unwrap();
    rochdale(&["import", "members-csv", register.to_str().unwrap(), "--dir", home.to_str().unwrap()]);
    let acts = folder.join("acts.jsonl");
    std::fs::write(&acts, "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\"}\n").unwrap();
    rochdale(&["act", home.to_str().unwrap(), "--file", acts.to_str().unwrap()]);
    let coop = Coop::open_read(home, Moment(0)).unwrap();
    let state = coop.state();
    state.members.indices().map(|index| state.members.pseudonym(index).unwrap().to_string()).collect()
}

fn rochdale(arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_rochdale")).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

fn serve(home: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rochdale"))
        .args(["serve", home.to_str().unwrap(), "--walk-in", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address =
        line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("the server said `{line}`"));
    (child, address.parse().unwrap())
}

/// Waits for the first acknowledgement of the round, so that a slow machine tests something too, then a little longer.
fn kill_after(child: &mut Child, time: Duration, acknowledged: &Mutex<Vec<Acknowledged>>) {
    let before = acknowledged.lock().unwrap().len();
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    for _ in 0..1_000 {
        if acknowledged.lock().unwrap().len() > before {
            break;
        }
        let _ = receiver.recv_timeout(Duration::from_millis(5));
    }
    let _ = receiver.recv_timeout(time);
    drop(sender);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn write(
    address: SocketAddr,
    member: &str,
    stop: &AtomicBool,
    acts: &AtomicU64,
    acknowledged: &Mutex<Vec<Acknowledged>>,
) {
    while !stop.load(Ordering::Relaxed) {
        let number = acts.fetch_add(1, Ordering::Relaxed);
        let key = format!("k{number}");
        let share = 1 + number % 1_000_000;
        let body = format!(
            r#"{{"act":"cast_ballot","member":"{member}","decision":"issues","item":"1","share_ppm":{share},"against":false,"key":"{key}"}}"#
        );
        match post(address, &body) {
            Some((200..=299, answer)) => {
                let answer: serde_json::Value =
                    serde_json::from_str(&answer).unwrap_or_else(|_| panic!("not JSON: {answer}"));
                let receipt = &answer["receipt"];
                let entry = receipt["entry"].as_u64().unwrap_or_else(|| panic!("no entry: {answer}"));
                let hash = receipt["hash"].as_str().unwrap().to_owned();
                acknowledged.lock().unwrap().push(Acknowledged { key, entry, hash });
            }
            Some((status, answer)) => panic!("{status}: {answer}"),
            None => return,
        }
    }
}

/// Returns the server's health at once after its first line: a server that prints "listening" has replayed the log.
fn health(address: SocketAddr) -> Option<u16> {
    ask(address, "GET /health HTTP/1.1", "").map(|(status, _)| status)
}

fn post(address: SocketAddr, body: &str) -> Option<(u16, String)> {
    ask(address, "POST /api/v1/acts HTTP/1.1", body)
}

/// Returns the status and the body, if the whole answer came.
fn ask(address: SocketAddr, line: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let length = body.len();
    write!(stream, "{line}\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let told = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok())?;
    (body.len() == told).then(|| (status, body.to_owned()))
}

/// Opening replays the whole log: form, chain, rules. Each acknowledged act must be the very entry that was promised.
fn check(home: &Path, acknowledged: &[Acknowledged]) {
    let coop = Coop::open_read(home, Moment(0)).unwrap_or_else(|error| panic!("{error}"));
    for act in acknowledged {
        let bytes =
            coop.entry(act.entry).unwrap().unwrap_or_else(|| panic!("entry {} of {} is lost", act.entry, act.key));
        assert_eq!(rochdale_log::hash_entry(&bytes).to_string(), act.hash, "entry {} is another", act.entry);
        assert_eq!(rochdale_log::decode(&bytes).unwrap().key, act.key);
    }
}
