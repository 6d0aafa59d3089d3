//! The outbox with the real program: the command, and a server that is killed at random.

mod kill;

use bridges::forge::{Dialect, Reach};
use forge_double::{Dialect as Spoken, Server as Forge, World};
use host::bridge::{Bridge, BridgeSettings, Cursors, Heard, NoBridge, Running, Vault};
use host::inbox::Bringer;
use host::{Coop, clock};
use serde_json::{Value, json};

use crate::run::Place;

const BRIDGE: &str = "0123456789abcdef01234567";

/// A co-op with a bridge to a double, with as many issues on both sides.
fn house(issues: u64) -> (Place, Forge) {
    let place = Place::founded();
    let mut world = World::new(Spoken::Gitea);
    world.repository("coop-001", "tool");
    let mut lines = String::new();
    for number in 1..=issues {
        world.open_issue(0, "member-001", &format!("Issue {number}"), "It leaks.");
        lines += &json!({ "act": "open_item", "decision": "issues", "item": number.to_string() }).to_string();
        lines.push('\n');
    }
    let forge = Forge::start(world).unwrap();
    place.write("issues.jsonl", lines);
    place.run(&["act", "home", "--file", "issues.jsonl"]).ends(0);
    let folder = place.path("home");
    let mut coop = Coop::open(&folder, clock::now()).unwrap();
    let vault = Vault::of(&folder, coop.id());
    let address = format!("{}/coop-001/tool", forge.url());
    let bridge = Bridge {
        settings: BridgeSettings::of(&address, Some(Dialect::Gitea.into()), Reach::Loopback).unwrap(),
        state: Running::Going,
        by: Bringer::default(),
        made_us: 0,
        token: Some(vault.sealed(BRIDGE, "token", "forge-token").unwrap()),
        secret: vault.sealed(BRIDGE, "secret", "secret").unwrap(),
        secret_before: None,
        cursors: Cursors::default(),
        asks: std::collections::BTreeMap::new(),
        heard: Heard::default(),
    };
    let mut batch = coop.batch().unwrap();
    let made: Result<(), NoBridge> = batch.make_bridge(BRIDGE, &bridge);
    made.unwrap();
    batch.commit().unwrap();
    (place, forge)
}

fn listed(place: &Place) -> Value {
    place.run(&["outbox", "home", "--all", "--json"]).ends(0).json()
}

fn act(place: &Place, act: &str, number: u64) {
    let line = json!({ "act": act, "decision": "issues", "item": number.to_string() });
    place.write("one.jsonl", format!("{line}\n"));
    place.run(&["act", "home", "--file", "one.jsonl"]).ends(0);
}

#[test]
fn the_command_chooses_lists_tries_and_drops() {
    let (place, _forge) = house(2);
    assert_eq!(place.run(&["outbox", "home"]).quietly(), "nothing waits\n");
    act(&place, "close_item", 1);
    assert_eq!(listed(&place)["waiting"], json!([]), "nobody has chosen anything");
    let chosen =
        place.run(&["outbox", "home", "--bridge", &BRIDGE[..6], "--send", "close,label", "--every", "14"]).quietly();
    assert!(chosen.ends_with("goes out: close, label, at most once in 14 days\n"), "{chosen}");
    act(&place, "close_item", 2);
    let waiting = &listed(&place)["waiting"][0];
    assert_eq!((&waiting["number"], &waiting["call"], &waiting["issue"]), (&json!(1), &json!("close"), &json!(2)));
    let words = place.run(&["outbox", "home"]).quietly();
    assert!(words.contains("close") && words.contains("/coop-001/tool") && words.contains("waiting"), "{words}");
    assert!(place.run(&["outbox", "home", "--retry", "1"]).quietly().starts_with("1 task: "));
    assert_eq!(place.run(&["outbox", "home", "--drop", "1"]).quietly(), "task 1 is dropped: issue 2 stays as it is\n");
    assert_eq!(listed(&place)["ended"][0]["standing"], "dropped");
    place.run(&["outbox", "home", "--drop", "1"]).fails(1, "no task 1 waits");
    place.run(&["outbox", "home", "--retry", "9"]).fails(1, "no task 9");
    place.run(&["outbox", "home", "--retry", "x"]).fails(2, "`x` is no task");
    place.run(&["outbox", "home", "--bridge", "none", "--send", "close"]).fails(1, "is called `none`");
    place.run(&["outbox", "home", "--bridge", BRIDGE, "--send", "gold"]).fails(2, "`gold` cannot go out");
    place.run(&["outbox", "home", "--bridge", BRIDGE, "--send", "close", "--every", "0"]).fails(2, "0");
    assert!(place.run(&["outbox", "home", "--bridge", BRIDGE, "--send", "nothing"]).quietly().ends_with("nothing\n"));
    place.run(&["verify", "home"]).ends(0);
}
