//! The co-op under test: its server, its stored snapshots and how they are damaged, and what its log must hold.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use host::Coop;
use quantity::Moment;

use crate::crash::imports::Imports;
use crate::crash::writers::{Writer, ask};
use crate::crash::{PATIENCE, Random};
use crate::run::{Place, Ran};

/// A snapshot is stored at about every start.
const SNAPSHOT_EVERY: &str = "50";

pub struct House {
    place: Place,
}

/// A server that may not be ready.
pub struct Server(Child);

/// A server that is ready.
pub struct Readied {
    pub server: Server,
    pub address: SocketAddr,
    /// A whole snapshot was there to begin with.
    pub from_snapshot: bool,
    pub took: Duration,
}

/// The fate of the stored snapshots before a start.
#[derive(Clone, Copy, Debug)]
pub enum Spoilt {
    Nothing,
    Deleted,
    Cut,
    Damaged,
}

/// The log's entries with an idempotency key, and how often each source is in the log.
#[derive(Default)]
struct Entries {
    by_key: BTreeMap<String, (u64, String)>,
    sources: BTreeMap<String, u64>,
}

impl House {
    /// Founds a co-op with so many members and an item to vote on.
    pub fn found(members: usize) -> House {
        let place = Place::roomy();
        let rows: String = (1..=members).map(|n| format!("member-{n:03},person,2020-01-01\n")).collect();
        place.write("members.csv", format!("name,kind,joined\n{rows}"));
        place.run(&["import", "members-csv", "members.csv", "--dir", "home"]).quietly();
        place.write("begin.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\"}\n");
        place.run(&["act", "home", "--file", "begin.jsonl"]).quietly();
        House { place }
    }

    /// The pseudonyms of all members.
    pub fn members(&self) -> Vec<String> {
        let coop = Coop::open_read(&self.home(), Moment(0)).unwrap();
        let members = &coop.state().members;
        members.indices().map(|index| members.pseudonym(index).unwrap().to_string()).collect()
    }

    fn home(&self) -> PathBuf {
        self.place.path("home")
    }

    pub fn write(&self, name: &str, text: &str) {
        self.place.write(name, text);
    }

    /// Starts a command of the program in the folder of the co-op's folder.
    pub fn command(&self, arguments: &[&str]) -> Child {
        self.place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub fn start(&self) -> Server {
        let arguments = [
            "serve",
            "home",
            "--walk-in",
            "--listen",
            "127.0.0.1:0",
            "--clock-is-right",
            "--snapshot-every",
            SNAPSHOT_EVERY,
        ];
        Server(self.place.command(&arguments).stdout(Stdio::piped()).spawn().unwrap())
    }

    /// Starts a server that is ready, and has deleted the newest snapshots down to the first that is whole.
    #[expect(clippy::disallowed_methods, reason = "the time to ready is told, and no result depends on it")]
    pub fn serve(&self) -> Readied {
        let snapshots = self.snapshots();
        let whole = snapshots.iter().position(|path| is_whole(path));
        let begun = Instant::now();
        let mut server = self.start();
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("the server said `{line}`"));
        let health = ask(address, "GET /health HTTP/1.1", "");
        let took = begun.elapsed();
        assert!(matches!(health, Some((200, _))) && took < PATIENCE, "{health:?} after {took:?}");
        for path in &snapshots[..whole.unwrap_or(snapshots.len())] {
            // The same may have been stored again.
            assert!(!path.exists() || is_whole(path), "{} is damaged and was left", path.display());
        }
        Readied { server, address, from_snapshot: whole.is_some(), took }
    }

    /// Every stored snapshot, newest first.
    fn snapshots(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.home().join("snapshots")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "snapshot"));
        paths.sort_unstable_by(|a, b| b.cmp(a));
        paths
    }

    /// Does to the stored snapshots whatever chance wants.
    pub fn spoil(&self, random: &mut Random) -> Spoilt {
        let snapshots = self.snapshots();
        let (what, which) = (random.below(4), random.below(3));
        // Mostly the newest, which the next start reads first.
        let Some(path) = snapshots.get(usize::from(which == 0 && snapshots.len() > 1)) else {
            return Spoilt::Nothing;
        };
        let mut bytes = std::fs::read(path).unwrap();
        match what {
            0 => {
                snapshots.iter().for_each(|path| std::fs::remove_file(path).unwrap());
                Spoilt::Deleted
            }
            1 => {
                bytes.truncate(bytes.len() / 2);
                std::fs::write(path, bytes).unwrap();
                Spoilt::Cut
            }
            2 => {
                let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
                bytes[place] ^= 1 << random.below(8);
                std::fs::write(path, bytes).unwrap();
                Spoilt::Damaged
            }
            _ => Spoilt::Nothing,
        }
    }

    /// The log verifies, comes to the same state without snapshots, and holds everything that was acknowledged once.
    pub fn check(&self, writers: &[Writer], imports: &Imports) {
        let stand = self.place.stand();
        let verified = self.place.run(&["verify", "home", "--json"]).ends(0).json();
        let verified = serde_json::json!([verified[0]["entries"], verified[0]["head"], verified[0]["state"]]);
        assert_eq!(verified, stand, "verified, and as the server's folder has it");
        assert_eq!(self.copy_without_snapshots().stand(), stand, "replayed without snapshots, and with them");
        let entries = self.entries();
        for act in writers.iter().flat_map(|writer| &writer.acknowledged) {
            let found = entries.by_key.get(&act.key);
            let found = found.unwrap_or_else(|| panic!("entry {} of key {} is lost", act.entry, act.key));
            assert_eq!(found, &(act.entry, act.hash.clone()), "key {}", act.key);
        }
        imports.check(&entries.sources);
    }

    /// The data file in a folder of its own, with what SQLite keeps beside it.
    fn copy_without_snapshots(&self) -> Place {
        let copy = Place::empty();
        std::fs::create_dir(copy.path("home")).unwrap();
        for name in ["rochdale.db", "rochdale.db-wal"] {
            let from = self.home().join(name);
            if from.exists() {
                std::fs::copy(from, copy.path("home").join(name)).unwrap();
            }
        }
        assert!(copy.path("home").join("rochdale.db").exists());
        copy
    }

    fn entries(&self) -> Entries {
        let mut coop = Coop::open_read(&self.home(), Moment(0)).unwrap_or_else(|error| panic!("{error}"));
        let mut entries = Entries::default();
        let mut keyed = Vec::new();
        let mut each = |seq, bytes: &[u8]| {
            let entry = rochdale_log::decode(bytes).unwrap();
            if !entry.key.is_empty() {
                let there = (seq, rochdale_log::hash_entry(bytes).to_string());
                let before = entries.by_key.insert(entry.key.to_string(), there);
                assert_eq!(before, None, "key {} is there twice", entry.key);
            }
            if entry.kind == "record_support" {
                let body: serde_json::Value = serde_json::from_slice(entry.body).unwrap();
                keyed.push(body["source"].as_str().unwrap().to_owned());
            }
            ControlFlow::Continue(())
        };
        coop.entries(1, &mut each).unwrap();
        for source in keyed {
            let plain = coop.source_in_plain(source).unwrap();
            *entries.sources.entry(plain).or_default() += 1;
        }
        entries
    }
}

/// It is named by its hash.
fn is_whole(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return false };
    let hash = rochdale_log::document_hash(&bytes).to_string();
    path.file_stem().unwrap().to_str().unwrap().split_once('-').is_some_and(|(_, name)| name == &hash[..32])
}

impl Server {
    pub fn kill_after(mut self, time: Duration) {
        std::thread::park_timeout(time);
        self.end();
    }

    fn end(&mut self) {
        // SIGKILL.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// How a command ended; `None` where it was killed.
pub fn ended(child: Child, arguments: &[&str]) -> Option<Ran> {
    let output = child.wait_with_output().unwrap();
    output.status.code().map(|_| Ran::of(&output, arguments))
}
