//! Hooks, polls and files say one thing once, in whatever order they come; and what a bridge keeps goes with what it read.

mod scripted;

use std::collections::BTreeSet;
use std::sync::Arc;

use bridges::forge::{Delivery, Dialect, Reach};
use engine::Actor;
use engine::act::{Act, CloseItem, OpenItem};
use engine::edition::Edition;
use serde_json::json;

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::inbox::{Difference, Differs};
use crate::{Charter, Coop, ServerClock, Shared, Writable};
use scripted::Scripted;

const CONSTITUTION: &str = r#"```charter
ranking "issues" of="forge" { close-after "90 days" floor="0.5 votes" }
```
"#;
const SECRET: &str = "fixture-not-a-secret";

fn now() -> Moment {
    at("2026-01-05T12:00:00Z")
}

/// A co-op with one bridge to a scripted forge.
struct World {
    coop: Arc<Shared>,
    vault: Vault,
    id: String,
    forge: Scripted,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(counts: &[Counts]) -> World {
        World::under(counts, CONSTITUTION, Edition::THREE)
    }

    fn under(counts: &[Counts], constitution: &str, edition: Edition) -> World {
        let charter = Charter::read_under(KERNEL.to_owned(), constitution.to_owned(), edition).unwrap();
        let coop = Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap();
        let coop = Arc::new(Shared::new(coop, ServerClock::From { log: now(), machine: crate::clock::now() }));
        let (folder, forge) = (tempfile::tempdir().unwrap(), Scripted::start());
        let vault = Vault::of(folder.path(), coop.read().id());
        let mut settings = BridgeSettings::of(&forge.page(), Some(Dialect::Github.into()), Reach::Loopback).unwrap();
        settings.counts = counts.iter().copied().collect::<BTreeSet<_>>();
        settings.check().unwrap();
        let (id, _) = fresh().unwrap();
        let bridge = Bridge {
            settings,
            state: Running::Going,
            by: Bringer::default(),
            made_us: now().0,
            token: Some(vault.sealed(&id, "token", "the-token").unwrap()),
            secret: vault.sealed(&id, "secret", SECRET).unwrap(),
            secret_before: None,
            cursors: Cursors::default(),
            asks: std::collections::BTreeMap::new(),
            heard: Heard::default(),
        };
        let made = (id.clone(), bridge);
        coop.write(move |batch| batch.make_bridge(&made.0, &made.1)).unwrap();
        World { coop, vault, id, forge, _folder: folder }
    }

    fn bridge(&self) -> Bridge {
        self.coop.read().bridge(&self.id).unwrap().unwrap()
    }

    fn read(&self) -> Result<Polled, NoBridge> {
        poll(&mut Writable::Served(Arc::clone(&self.coop)), &self.vault, &self.id, self.coop.now())
    }

    fn poll(&self) -> u64 {
        let mut recorded = 0;
        loop {
            let polled = self.read().unwrap();
            recorded += polled.recorded;
            if !polled.more {
                return recorded;
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Bridge)) {
        let mut bridge = self.bridge();
        change(&mut bridge);
        let id = self.id.clone();
        self.coop.write(move |batch| batch.put_bridge(&id, &bridge)).unwrap();
    }

    /// Delivers a hook as the forge would send it.
    fn hook(&self, event: &str, delivery: &str, body: &serde_json::Value) -> Delivered {
        let body = body.to_string();
        let head = scripted::signed(SECRET, event, delivery, &body);
        let delivery = Delivery { head: &head, body: body.as_bytes() };
        let hook = Hook::heard(&self.coop.read(), &self.vault, &self.id, delivery, now()).unwrap();
        let now = self.coop.now();
        self.coop.write(move |batch| hook.take(batch, now)).unwrap()
    }

    /// Each item with its title and whether it is open, by id.
    fn items(&self) -> Vec<(String, String, bool)> {
        let present = self.coop.read();
        let items = present.state().decision("issues").unwrap().items();
        let mut items: Vec<_> = items
            .map(|item| {
                let title = present.directory().item("issues", &item.id).unwrap().title.clone();
                (item.id.to_string(), title, item.closed_at.is_none())
            })
            .collect();
        // In which order they came in is no matter.
        items.sort();
        items
    }

    fn entries(&self) -> u64 {
        self.coop.read().head().seq
    }

    /// Somebody here opens or closes an item, by its number alone.
    fn turn(&self, number: u64, open: bool) {
        let (decision, item) = ("issues".to_owned(), number.to_string());
        let act = match open {
            true => Act::OpenItem(OpenItem { decision, item, amount: None }),
            false => Act::CloseItem(CloseItem { decision, item }),
        };
        let now = self.coop.now();
        self.coop.write(move |batch| batch.append(&act, Actor::Operator, "", "", now)).unwrap();
    }

    /// The differences that reports list.
    fn differences(&self) -> Vec<String> {
        let present = self.coop.read();
        let reports = (1..=present.last_report().unwrap()).filter_map(|number| present.report(number).unwrap());
        let words = |one: Differs| match one.how {
            Difference::OpenThere { item, .. } => format!("OpenThere {item}"),
            Difference::StaysClosed { item, .. } => format!("StaysClosed {item}"),
            Difference::StaysOpen { item, .. } => format!("StaysOpen {item}"),
            other => format!("{other:?}"),
        };
        reports.flat_map(|report| report.taken.differ_first).map(words).collect()
    }
}

fn issue(number: u64, title: &str, state: &str, updated: &str) -> serde_json::Value {
    json!({
        "number": number, "title": title, "state": state, "labels": [{"name": "bug"}], "comments": 2,
        "created_at": "2025-06-01T00:00:00Z", "updated_at": updated,
        "html_url": format!("https://forge.example/coop/tool/issues/{number}"),
    })
}

fn told(world: &World, action: &str, issue: &serde_json::Value) -> serde_json::Value {
    json!({"action": action, "issue": issue, "repository": {"full_name": world.forge.path()}})
}

#[test]
fn a_poll_after_missed_hooks_equals_the_hooks() {
    let steps = [
        ("opened", issue(1, "One", "open", "2025-06-01T00:00:00Z")),
        ("opened", issue(2, "Two", "open", "2025-06-01T00:00:01Z")),
        ("edited", issue(1, "One, said better", "open", "2025-06-02T00:00:00Z")),
        ("closed", issue(2, "Two", "closed", "2025-06-03T00:00:00Z")),
        ("reopened", issue(2, "Two", "open", "2025-06-04T00:00:00Z")),
        ("opened", issue(3, "Three", "open", "2025-06-05T00:00:00Z")),
        ("closed", issue(3, "Three", "closed", "2025-06-06T00:00:00Z")),
    ];
    let all = World::new(&[]);
    for (number, (action, issue)) in steps.iter().enumerate() {
        all.hook("issues", &format!("d-{number}"), &told(&all, action, issue));
    }
    let wanted = all.items();
    assert_eq!(
        wanted,
        [("1", "One, said better", true), ("2", "Two", true), ("3", "Three", false)].map(|(id, title, open)| (
            id.to_owned(),
            title.to_owned(),
            open
        ))
    );
    // The poll finds what the hooks have said.
    for (_, issue) in &steps {
        all.forge.put_issue(issue);
    }
    let entries = all.entries();
    assert_eq!((all.poll(), all.entries()), (0, entries));
    assert_eq!(all.items(), wanted);
    // Every second hook is lost, all come twice and backwards, and a poll finds the rest; in each of several orders.
    for order in 0..5_usize {
        let world = World::new(&[]);
        for (number, (action, issue)) in steps.iter().enumerate().rev() {
            world.forge.put_issue(issue);
            let delivery = format!("d-{}", (number + order) % steps.len());
            if (number + order).is_multiple_of(2) {
                world.hook("issues", &delivery, &told(&world, action, issue));
                assert_eq!(world.hook("issues", &delivery, &told(&world, action, issue)), Delivered::Known);
            }
        }
        // The forge holds each issue's last state.
        steps.iter().for_each(|(_, issue)| world.forge.put_issue(issue));
        world.poll();
        let here: Vec<_> = world.items().into_iter().filter(|(.., open)| *open).collect();
        let there: Vec<_> = wanted.iter().filter(|(.., open)| *open).cloned().collect();
        assert_eq!(here, there, "order {order}");
        assert_eq!(world.poll(), 0);
    }
}

#[test]
fn an_issue_that_is_deleted_or_goes_elsewhere_is_closed_here_for_good() {
    let world = World::new(&[]);
    let open = issue(4, "Four", "open", "2025-06-02T00:00:00Z");
    world.hook("issues", "a", &told(&world, "opened", &open));
    world.hook("issues", "b", &told(&world, "deleted", &open));
    assert!(!world.items()[0].2);
    // An older delivery that comes late opens nothing.
    let late = issue(4, "Four", "open", "2025-06-03T00:00:00Z");
    assert_eq!(world.hook("issues", "c", &told(&world, "edited", &late)), Delivered::Taken(0));
    assert!(!world.items()[0].2);
    // One that goes without a word is found out by comparing, once a day.
    let world = World::new(&[]);
    for number in 1..=3 {
        world.forge.put_issue(&issue(number, "An issue", "open", "2025-06-02T00:00:00Z"));
    }
    assert_eq!(world.poll(), 3);
    world.forge.remove_issue(2);
    world.poll();
    assert_eq!(world.items().iter().filter(|(.., open)| *open).count(), 3, "it is compared once a day");
    world.change(|bridge| bridge.cursors.compared_us = None);
    world.poll();
    let open: Vec<_> = world.items().into_iter().filter(|(.., open)| *open).map(|(id, ..)| id).collect();
    assert_eq!(open, ["1", "3"]);
    assert!(world.items().iter().all(|(_, title, _)| title == "An issue"));
}

#[test]
fn a_decision_here_stands_until_the_forge_itself_changes() {
    let world = World::new(&[]);
    let mut day = 1;
    let mut hook = |action: &str, number: u64, title: &str, state: &str| {
        day += 1;
        let issue = issue(number, title, state, &format!("2025-06-{day:02}T00:00:00Z"));
        world.hook("issues", &format!("d-{day}"), &told(&world, action, &issue));
        world.forge.put_issue(&issue);
    };
    let is_open = |number: u64| {
        let present = world.coop.read();
        present.state().decision("issues").unwrap().item(&number.to_string()).unwrap().closed_at.is_none()
    };
    hook("opened", 1, "One", "open");
    world.turn(1, false);
    // A comment or another title is no reason to take the decision back.
    hook("edited", 1, "One, said better", "open");
    assert!(!is_open(1));
    assert_eq!(world.differences(), ["StaysClosed 1"]);
    assert_eq!(world.items()[0].1, "One, said better");
    hook("closed", 1, "One, said better", "closed");
    hook("reopened", 1, "One, said better", "open");
    assert!(is_open(1), "somebody there has opened it since");
    // The other way round.
    hook("opened", 2, "Two", "open");
    hook("closed", 2, "Two", "closed");
    world.turn(2, true);
    hook("edited", 2, "Two again", "closed");
    assert!(is_open(2));
    assert_eq!(world.differences(), ["StaysClosed 1", "StaysOpen 2"]);
    hook("reopened", 2, "Two again", "open");
    hook("closed", 2, "Two again", "closed");
    assert!(!is_open(2));
    // One that is opened here by its number alone gets its title, and the log still verifies.
    world.turn(3, true);
    hook("edited", 3, "Three", "open");
    assert_eq!(world.items()[2], ("3".to_owned(), "Three".to_owned(), true));
    // One that was passed over, since it was closed before it ever came here, is opened here by a decision.
    hook("edited", 4, "Four", "closed");
    world.turn(4, true);
    hook("edited", 4, "Four again", "closed");
    assert!(is_open(4));
    hook("deleted", 4, "Four again", "closed");
    assert!(!is_open(4), "there is nothing to vote on any more");
    world.coop.read().beside.look(|store, _| crate::verify_store(store, 1)).unwrap();
}

#[test]
fn an_issue_that_was_served_waits_for_the_forge() {
    let list = "```charter\nranking \"issues\" of=\"forge\" { supply \"1 issues per week\" }\n```\n";
    let world = World::under(&[], list, Edition::FOUR);
    let hook = |action: &str, state: &str, day: u8| {
        let issue = issue(1, "One", state, &format!("2025-06-{day:02}T00:00:00Z"));
        world.hook("issues", &format!("d-{day}"), &told(&world, action, &issue));
        world.forge.put_issue(&issue);
    };
    hook("opened", "open", 1);
    let member = engine::Pseudonym(1);
    let ballot = format!(
        r#"{{"member":"{member}","decision":"issues","item":"1","share_ppm":1000000,"scores":null,"against":false}}"#
    );
    let acts = [
        ("admit_member", format!(r#"{{"member":"{member}"}}"#)),
        ("add_to_list", format!(r#"{{"list":"member-list","member":"{member}"}}"#)),
        ("cast_ballot", ballot),
    ];
    let now = world.coop.now();
    world
        .coop
        .write(move |batch| {
            for (kind, body) in acts {
                let act = Act::deserialize_body(kind, &mut serde_json::Deserializer::from_str(&body)).unwrap().unwrap();
                batch.append(&act, Actor::Operator, "", "", now)?;
            }
            batch.run_next_update(now)
        })
        .unwrap();
    let item = |world: &World| world.coop.read().state().decision("issues").unwrap().item("1").unwrap().clone();
    assert!(item(&world).served, "{:?}", item(&world));
    hook("edited", "open", 2);
    assert!(item(&world).served, "the work is still to be done there");
    assert!(world.differences().is_empty());
    hook("closed", "closed", 3);
    assert!(item(&world).served);
    hook("reopened", "open", 4);
    assert!(!item(&world).served && item(&world).closed_at.is_none(), "it asks again");
    world.coop.read().beside.look(|store, _| crate::verify_store(store, 1)).unwrap();
}

#[test]
fn of_two_words_of_one_second_the_forge_says_which_is_the_newer() {
    let second = "2025-06-02T00:00:00Z";
    for state in ["open", "closed"] {
        let world = World::new(&[]);
        for (number, said) in ["open", "closed", "open", "closed"].iter().enumerate() {
            let issue = issue(1, "One", said, second);
            world.hook("issues", &format!("d-{number}"), &told(&world, "edited", &issue));
        }
        assert!(world.items()[0].2, "the first word that came");
        world.forge.put_issue(&issue(1, "One", state, second));
        // The walk begins later, so that it does not find the issue.
        let later = Walk { since_us: Some(now().0), ..Walk::default() };
        world.change(|bridge| {
            (bridge.cursors.issues, bridge.cursors.compared_us) = (later, Some(now().0));
        });
        world.poll();
        assert_eq!(world.items()[0].2, state == "open");
        assert!(world.bridge().asks.is_empty());
    }
}

#[test]
fn comparing_finds_what_no_word_has_told_and_lists_a_difference_once() {
    let world = World::new(&[]);
    world.forge.put_issue(&issue(1, "One", "open", "2025-06-01T00:00:00Z"));
    world.poll();
    world.turn(1, false);
    world.forge.put_issue(&issue(2, "Two", "open", "2025-06-01T00:00:00Z"));
    let later = Walk { since_us: Some(now().0), ..Walk::default() };
    for _ in 0..3 {
        world.change(|bridge| {
            (bridge.cursors.issues, bridge.cursors.compared_us) = (later.clone(), None);
        });
        world.poll();
        assert_eq!(world.differences(), ["StaysClosed 1"], "listed once");
    }
    assert_eq!(world.items()[1], ("2".to_owned(), "Two".to_owned(), true));
}

#[test]
fn work_of_accounts_that_the_bridge_names_is_left_out() {
    let world = World::new(&[Counts::Changes]);
    world.change(|bridge| bridge.settings.strangers = Strangers::Wait);
    world.forge.put_change(7, "Renovate", Some("2025-06-03T00:00:00Z"), "2025-06-03T00:00:00Z");
    world.forge.put_change(8, "newcomer", Some("2025-06-03T00:00:00Z"), "2025-06-03T00:00:00Z");
    world.poll();
    assert_eq!(world.bridge().heard.waiting, 2);
    let mut coop = Writable::Served(Arc::clone(&world.coop));
    let named = |text: &str| BridgeSettings::bots_of(text);
    assert_eq!(named("@renovate,  helper\nother ,").len(), 3);
    let odd = set_bots(&mut coop, &world.id, named("\u{fc}ber"), now()).unwrap_err().to_string();
    assert!(odd.contains("a word each"), "{odd}");
    set_bots(&mut coop, &world.id, named("@renovate"), now()).unwrap();
    world.poll();
    assert_eq!(world.bridge().heard.waiting, 1, "what waited is dropped");
    world.change(|bridge| (bridge.settings.strangers, bridge.cursors) = (Strangers::Join, Cursors::default()));
    assert_eq!(world.poll(), 1);
    assert_eq!(world.coop.read().state().members.len(), 1);
}

#[test]
fn a_lost_cursor_and_a_lost_answer_record_nothing_twice() {
    let world = World::new(&[Counts::Changes]);
    world.change(|bridge| bridge.settings.strangers = Strangers::Join);
    for number in 1..=250 {
        world.forge.put_issue(&issue(number, "An issue", "open", "2025-06-02T00:00:00Z"));
    }
    for number in 300..=420 {
        world.forge.put_change(number, "member-001", Some("2025-06-03T00:00:00Z"), "2025-06-03T00:00:00Z");
    }
    let before = world.bridge();
    let recorded = world.poll();
    assert_eq!(recorded, 250 + 121);
    let (entries, items) = (world.entries(), world.items());
    // As if the batch were stored and the cursors not, again and again.
    for _ in 0..5 {
        world.change(|bridge| bridge.cursors = before.cursors.clone());
        assert_eq!(world.poll(), 0);
        assert_eq!((world.entries(), world.items()), (entries, items.clone()));
    }
    // In the present a poll reads one page of each list.
    let calls = world.forge.calls();
    assert_eq!(world.poll(), 0);
    assert!(world.forge.calls() - calls <= 8, "{}", world.forge.calls() - calls);
}

#[test]
fn a_contribution_waits_until_its_author_is_a_member() {
    let world = World::new(&[Counts::Changes, Counts::Reviews]);
    world.forge.put_change(7, "newcomer", Some("2025-06-03T00:00:00Z"), "2025-06-03T00:00:00Z");
    world.forge.put_change(8, "newcomer", None, "2025-06-04T00:00:00Z");
    world.forge.put_review(7, "reviewer", "2025-06-02T00:00:00Z");
    world.forge.put_review(7, "reviewer", "2025-06-02T01:00:00Z");
    world.forge.put_review(7, "newcomer", "2025-06-02T01:00:00Z");
    world.forge.put_review(7, "too-late", "2025-06-03T00:00:01Z");
    world.forge.put_review(7, "helper[bot]", "2025-06-02T01:00:00Z");
    assert_eq!(world.poll(), 0);
    assert_eq!((world.bridge().heard.waiting, world.coop.read().state().members.len()), (2, 0));
    let time = now();
    world
        .coop
        .write(move |batch| {
            let handle = Some("Newcomer".to_owned());
            let person = crate::Person { name: "A person".to_owned(), handle, ..crate::Person::default() };
            batch.member_for(&person, engine::Actor::Operator, time).map(|_| ())
        })
        .unwrap();
    assert_eq!(world.poll(), 1);
    assert_eq!(world.bridge().heard.waiting, 1);
    assert_eq!(world.poll(), 0);
    assert_eq!(world.coop.read().state().members.len(), 1);
}

#[test]
fn a_wrong_signature_an_unknown_bridge_and_a_paused_one_change_nothing() {
    let world = World::new(&[]);
    let body = told(&world, "opened", &issue(1, "One", "open", "2025-06-01T00:00:00Z")).to_string();
    let heard = |id: &str, secret: &str, body: &str| {
        let head = scripted::signed(secret, "issues", "d", body);
        Hook::heard(&world.coop.read(), &world.vault, id, Delivery { head: &head, body: body.as_bytes() }, now())
    };
    assert!(matches!(heard(&world.id, "another", &body), Err(NotHeard::Unsigned(Some(_)))));
    assert!(matches!(heard("0123456789abcdef01234567", SECRET, &body), Err(NotHeard::Unsigned(None))));
    let before = world.bridge();
    world.change(|bridge| bridge.state = Running::Paused);
    let hook = heard(&world.id, SECRET, &body).unwrap();
    assert_eq!(world.coop.write(move |batch| hook.take(batch, now())).unwrap(), Delivered::Passed);
    assert!(world.items().is_empty() && world.read().is_err());
    world.change(|bridge| *bridge = before);
    // While the secret is replaced both are good, and after a while the older one is not.
    let (fresh, until) = (world.vault.sealed(&world.id, "secret", "the new one").unwrap(), now().0 + 1);
    world.change(|bridge| {
        let before = std::mem::replace(&mut bridge.secret, fresh);
        bridge.secret_before = Some((before, until));
    });
    assert!(heard(&world.id, SECRET, &body).is_ok() && heard(&world.id, "the new one", &body).is_ok());
    world.change(|bridge| bridge.secret_before = bridge.secret_before.take().map(|(secret, _)| (secret, now().0)));
    assert!(heard(&world.id, SECRET, &body).is_err() && heard(&world.id, "the new one", &body).is_ok());
}

#[test]
fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let world = World::new(&[]);
    world.forge.put_issue(&issue(1, "One", "open", "2025-06-01T00:00:00Z"));
    let said = tested(&world.coop.read(), &world.vault, &world.id).unwrap();
    assert_eq!(said[0], "GitHub answers for `coop/tool`");
    let (before, entries) = (world.bridge(), world.entries());
    let mut coop = Writable::Served(Arc::clone(&world.coop));
    let dry = dry_run(&mut coop, &world.vault, &world.id, now()).unwrap();
    assert_eq!((dry.report.taken.recorded, dry.more), (1, false));
    assert!(world.items().is_empty());
    assert_eq!((world.bridge(), world.entries()), (before, entries));
    assert_eq!(world.poll(), 1);
}

#[test]
fn a_limit_is_waited_for_and_what_was_read_before_it_is_kept() {
    let world = World::new(&[Counts::Changes]);
    world.forge.put_issue(&issue(1, "One", "open", "2025-06-01T00:00:00Z"));
    world.forge.refuse("/pulls", "HTTP/1.1 403 Forbidden\r\nretry-after: 90\r\n");
    let why = world.read().unwrap_err().to_string();
    assert_eq!(why, "the forge asks to be left alone for 90 seconds: too many calls");
    let heard = world.bridge().heard;
    assert!((89_000_000..=91_000_000).contains(&(heard.next_us - world.coop.now().0)));
    assert_eq!((world.items().len(), heard.trouble.map(|trouble| trouble.times)), (1, Some(1)));
    world.forge.refuse("/pulls", "HTTP/1.1 401 Unauthorized\r\n");
    let why = world.read().unwrap_err().to_string();
    assert!(why.starts_with("the forge refuses the token (401)"), "{why}");
    assert_eq!(world.bridge().heard.trouble.map(|trouble| trouble.times), Some(2));
    world.forge.refuse("/pulls", "");
    world.poll();
    assert_eq!(world.bridge().heard.trouble, None);
}

#[test]
fn the_log_is_told_once_a_day_that_the_source_was_heard() {
    let world = World::new(&[Counts::Changes]);
    let heard =
        |world: &World| world.coop.read().state().silences.sources().map(|(_, heard)| heard.at).collect::<Vec<_>>();
    world.poll();
    let first = heard(&world);
    assert_eq!(first.len(), 1);
    let entries = world.entries();
    world.poll();
    assert_eq!((heard(&world), world.entries()), (first, entries), "once a day");
    world.change(|bridge| bridge.heard.told_us = Some(now().0 - 86_400_000_000));
    world.poll();
    assert_eq!(world.entries() - entries, 1);
    // One that counts nothing keeps no weight.
    let world = World::new(&[]);
    world.poll();
    assert!(heard(&world).is_empty());
}

#[test]
fn removing_a_bridge_removes_all_that_is_kept_of_it() {
    let world = World::new(&[Counts::Changes]);
    world.hook("issues", "a", &told(&world, "opened", &issue(1, "One", "open", "2025-06-01T00:00:00Z")));
    world.forge.put_change(7, "newcomer", Some("2025-06-03T00:00:00Z"), "2025-06-03T00:00:00Z");
    world.poll();
    let id = world.id.clone();
    world.coop.write(move |batch| batch.remove_bridge(&id)).unwrap();
    let present = world.coop.read();
    assert!(present.bridges().unwrap().is_empty());
    for space in [BRIDGES, "delivery", "outside", "waiting"] {
        let mut left = 0;
        let count = &mut |_: &[u8], _: &[u8]| {
            left += 1;
            std::ops::ControlFlow::Continue(())
        };
        present.beside.look(|store, coop| Ok(store.scan(coop, space, count)?)).unwrap();
        assert_eq!(left, 0, "{space}");
    }
    assert_eq!(world.items().len(), 1, "the log stays");
}
