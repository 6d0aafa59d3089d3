//! kill -9 of a bridge, both ways: while the server closes issues at a forge whose answers get lost, takes deliveries that come twice and
//! out of order, and reads the forge. Each fact is in the log once, and each outcome is carried out once.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::process::Stdio;
use std::time::Duration;

use forge_double::{Delivery, Demand, Fault, Happening, Issue, Kind, Mischief, Number, Rng, Server as Forge};
use host::bridge::{Counts, Strangers};
use host::{Coop, clock};
use quantity::Moment;
use serde_json::json;

use super::{BRIDGE, act, house, listed};
use crate::http::Server;
use crate::run::Place;

/// The rounds of every test run; `script/nightly` asks for more with `ROCHDALE_KILL_ROUNDS`.
const ROUNDS: u64 = 20;
const FAULTS: [Fault; 6] =
    [Fault::LostAnswer, Fault::HalfAnswer, Fault::Unheard, Fault::BrokenAfter, Fault::Broken, Fault::Slow(80)];

/// A server that is killed again and again, and a forge on which people go on.
struct Siege {
    place: Place,
    forge: Forge,
    rng: Rng,
    mischief: Mischief,
    /// Deliveries that come late, or whose answer did not come: they are sent again.
    late: Vec<Delivery>,
    tally: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    kills: u64,
    delivered: u64,
    /// Deliveries without an answer.
    unanswered: u64,
    readings: u64,
    readings_broken_off: u64,
}

impl Siege {
    fn new(rounds: u64) -> Siege {
        let (place, forge) = house(rounds);
        place.run(&["outbox", "home", "--bridge", BRIDGE, "--send", "close"]).quietly();
        let mut rng = Rng::new(20_261_201);
        {
            let mut world = forge.world();
            world.hook(0, "http://127.0.0.1:1/hooks/x", "secret");
            world.chance = Some((Rng::new(rng.any()), 50));
        }
        changed(&place, |bridge| {
            (bridge.settings.counts, bridge.settings.strangers) = ([Counts::Changes].into(), Strangers::Join);
        });
        let mischief = Mischief { rng: Rng::new(rng.any()), doubled: 500, dropped: 150, shuffled: true };
        Siege { place, forge, rng, mischief, late: Vec::new(), tally: Tally::default() }
    }

    /// One outcome, a few acts of people, and the end of the server at any moment of it.
    fn round(&mut self, number: u64, rounds: u64) {
        let fault = FAULTS[self.rng.below(FAULTS.len() as u64) as usize];
        self.forge.world().demands.push(Demand::next_write(fault));
        for _ in 0..self.rng.below(4) {
            self.live(rounds);
        }
        self.late.extend(self.forge.world().take_deliveries(Some(&mut self.mischief)));
        self.rng.shuffle(&mut self.late);
        // Handed over to the server, or done before it starts.
        if self.rng.below(3) == 0 {
            act(&self.place, "close_item", number);
        }
        let server = Server::start(&self.place, &[]);
        let address = format!("http://{}/hooks/{BRIDGE}", server.address);
        let sent: Vec<Delivery> = std::mem::take(&mut self.late);
        // Every second reading has the time that it needs.
        let (reads, is_patient) = (self.rng.below(2) == 0, self.rng.below(2) == 0);
        let pause = Duration::from_millis(self.rng.below(250));
        let Siege { place, tally, .. } = self;
        let unanswered = std::thread::scope(|scope| {
            let delivering = scope.spawn(|| deliver(&sent, &address));
            let mut reading = reads.then(|| {
                let mut command = place.command(&["bridge", "read", "home", BRIDGE]);
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            });
            let line = json!({ "act": "close_item", "decision": "issues", "item": number.to_string() });
            place.write("one.jsonl", format!("{line}\n"));
            // Closed already by the first way: refused then, which changes nothing.
            let _ = place.run(&["act", "home", "--file", "one.jsonl"]);
            if let Some(reading) = reading.as_mut().filter(|_| is_patient) {
                reading.wait().unwrap();
            }
            std::thread::park_timeout(pause);
            server.signal("-KILL");
            tally.kills += 1;
            if let Some(mut reading) = reading {
                tally.readings += 1;
                tally.readings_broken_off += u64::from(!reading.wait().unwrap().success());
            }
            delivering.join().unwrap()
        });
        self.tally.delivered += (sent.len() - unanswered.len()) as u64;
        self.tally.unanswered += unanswered.len() as u64;
        self.late = unanswered;
        self.forge.world().pass(60);
    }

    /// Somebody at the forge does something, but not to the issues that the co-op closes.
    fn live(&mut self, rounds: u64) {
        let mut world = self.forge.world();
        if self.rng.below(2) == 0 {
            world.pass(1);
        }
        let by = format!("member-{:03}", 1 + self.rng.below(5));
        let fits = |issue: &&Issue| issue.at.number > rounds && issue.gone.is_none();
        let theirs: Vec<(Number, bool)> =
            world.repositories[0].issues.iter().filter(fits).map(|issue| (issue.at, issue.open)).collect();
        let issue = self.rng.pick(&theirs.iter().filter(|(at, _)| at.kind == Kind::Issue).copied().collect::<Vec<_>>());
        match (self.rng.below(8), issue) {
            (0, Some((at, _))) => world.delete(at, &by),
            (1 | 2, Some((at, true))) => world.close(at, &by, None),
            (1..4, Some((at, _))) => world.reopen(at, &by),
            (4, Some((at, _))) => world.retitle(at, &by, &format!("Better said, {}", self.rng.below(1_000))),
            (5, _) => {
                let at = world.open_pull(0, &by, "A change", "");
                world.merge(at, &by);
            }
            _ => {
                world.open_issue(0, &by, "Something to mend", "It leaks.");
            }
        }
    }

    /// The peace after it: whatever waits is carried out, and the forge is read to its end.
    fn settle(&mut self) {
        {
            let mut world = self.forge.world();
            (world.chance, world.demands) = (None, Vec::new());
        }
        let server = Server::start(&self.place, &[]);
        let sent = std::mem::take(&mut self.late);
        assert!(deliver(&sent, &format!("http://{}/hooks/{BRIDGE}", server.address)).is_empty());
        for _ in 0..20_000 {
            let waiting = listed(&self.place)["waiting"].as_array().unwrap().clone();
            if waiting.is_empty() {
                break;
            }
            assert_eq!(server.get("/health").status, 200);
            // Those that wait for their next try are tried now.
            for task in waiting.iter().filter(|task| task["tries"].as_u64() > Some(0)) {
                let _ = self.place.run(&["outbox", "home", "--retry", &task["number"].to_string()]);
            }
        }
        drop(server);
        // As if a day had passed: what went without a word is found by comparing.
        changed(&self.place, |bridge| bridge.cursors.compared_us = None);
        self.place.run(&["bridge", "read", "home", BRIDGE]).ends(0);
    }

    /// Each outcome was carried out once: one comment, one closing.
    fn outcomes_are_there_once(&self, rounds: u64) {
        let ended = listed(&self.place);
        assert_eq!(ended["waiting"], json!([]), "{ended}");
        let world = self.forge.world();
        for number in 1..=rounds {
            let at = Number { repository: 0, kind: Kind::Issue, number };
            let events = world.repositories[0].events.iter().filter(|event| event.at == at);
            let closed = events.filter(|event| matches!(event.what, Happening::Closed(_))).count();
            let comments = &world.issue(at).unwrap().comments;
            let marks = comments.iter().filter(|comment| comment.body.contains("<!-- rochdale:")).count();
            assert_eq!((closed, marks), (1, 1), "issue {number}: {comments:?}");
        }
        let done = ended["ended"].as_array().unwrap().iter().filter(|task| task["standing"] == "done").count();
        assert_eq!(done as u64, rounds);
    }

    /// Each fact is in the log once: an issue is opened and closed there no more often than at the forge, and each merged change is
    /// one credit. The two sides say the same. Returns how many facts there are.
    fn facts_are_there_once(&self, rounds: u64) -> (usize, usize) {
        let mut coop = Coop::open_read(&self.place.path("home"), Moment(0)).unwrap();
        let (mut turns, mut keyed) = (BTreeMap::<(String, String), usize>::new(), Vec::new());
        let mut each = |_, bytes: &[u8]| {
            let entry = rochdale_log::decode(bytes).unwrap();
            let body = || serde_json::from_slice::<serde_json::Value>(entry.body).unwrap();
            match &*entry.kind {
                "record_support" => keyed.push(body()["source"].as_str().unwrap().to_owned()),
                kind @ ("open_item" | "close_item") => {
                    let item = body()["item"].as_str().unwrap().to_owned();
                    *turns.entry((kind.to_owned(), item)).or_default() += 1;
                }
                _ => {}
            }
            ControlFlow::Continue(())
        };
        coop.entries(1, &mut each).unwrap();
        let sources: Vec<String> = keyed.into_iter().map(|source| coop.source_in_plain(source).unwrap()).collect();
        let world = self.forge.world();
        let known = &world.repositories[0];
        let place = format!("{}/coop-001/tool", self.forge.url().trim_start_matches("http://").replace(':', "_"));
        let merged = known.issues.iter().filter(|one| one.pull.as_ref().is_some_and(|pull| pull.merged.is_some()));
        let mut changes: Vec<String> = merged.map(|one| format!("change:{place}/{}", one.at.number)).collect();
        let mut credits: Vec<String> = sources.into_iter().filter(|source| source.starts_with("change:")).collect();
        changes.sort();
        credits.sort();
        assert_eq!(credits, changes);
        let (state, directory) = (coop.state(), coop.directory());
        let theirs = known.issues.iter().filter(|one| one.at.kind == Kind::Issue && one.at.number > rounds);
        let mut issues = 0;
        for issue in theirs {
            issues += 1;
            let id = issue.at.number.to_string();
            let happened = |fits: fn(&Happening) -> bool| {
                known.events.iter().filter(|event| event.at == issue.at && fits(&event.what)).count()
            };
            let opened = happened(|what| matches!(what, Happening::Opened | Happening::Reopened));
            let closed = happened(|what| matches!(what, Happening::Closed(_) | Happening::Deleted));
            let count = |kind: &str| turns.get(&(kind.to_owned(), id.clone())).copied().unwrap_or(0);
            // `Place::founded` opens one by its number alone, which no issue had at first.
            let own = usize::from(id == "220");
            assert!(
                count("open_item") <= opened + own && count("close_item") <= closed + own,
                "issue {id}: opened {opened} and closed {closed} times there, {} and {} here",
                count("open_item"),
                count("close_item")
            );
            let item = state.decision("issues").unwrap().item(&id);
            let here = item.is_some_and(|item| item.closed_at.is_none());
            assert_eq!(here, issue.open && issue.gone.is_none(), "issue {id}");
            let title = directory.item("issues", &id).map(|card| card.title.clone());
            assert!(
                issue.gone.is_some() || item.is_none() || title.as_ref() == Some(&issue.title),
                "issue {id}: {title:?}"
            );
        }
        (issues, changes.len())
    }
}

/// Changes what is kept of the bridge, while nobody serves.
fn changed(place: &Place, change: impl FnOnce(&mut host::bridge::Bridge)) {
    let mut coop = Coop::open(&place.path("home"), clock::now()).unwrap();
    let mut batch = coop.batch().unwrap();
    let mut bridge = batch.bridge(BRIDGE).unwrap().unwrap();
    change(&mut bridge);
    batch.put_bridge(BRIDGE, &bridge).unwrap();
    batch.commit().unwrap();
}

/// Sends deliveries one after the other; those without an answer.
fn deliver(sent: &[Delivery], address: &str) -> Vec<Delivery> {
    let arrives = |one: &&Delivery| {
        let one = Delivery { url: address.to_owned(), ..(*one).clone() };
        Forge::deliver(&one).is_ok_and(|status| status == 202)
    };
    sent.iter().filter(|one| !arrives(one)).cloned().collect()
}

#[test]
fn kill_9_of_a_bridge_records_each_fact_and_carries_each_outcome_out_once() {
    let rounds = std::env::var("ROCHDALE_KILL_ROUNDS").map_or(ROUNDS, |number| number.parse().unwrap());
    let mut siege = Siege::new(rounds);
    for number in 1..=rounds {
        siege.round(number, rounds);
    }
    siege.settle();
    siege.outcomes_are_there_once(rounds);
    let (issues, changes) = siege.facts_are_there_once(rounds);
    println!("{rounds} rounds, {rounds} outcomes, {issues} issues and {changes} changes of people; {:?}", siege.tally);
    siege.place.run(&["verify", "home"]).ends(0);
}
