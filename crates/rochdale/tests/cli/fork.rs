//! `rochdale fork` as an operator meets it: from an announcement to two folders that verify, and `kill -9` on the way.

use std::path::Path;

use serde_json::{Value, json};

use crate::run::Place;

/// Two members of a co-op of edition 1, which lets them go at once, with a gift each and an account; both go with `next`, whose rules are
/// those in force.
fn announced() -> Place {
    let place = Place::founded_under("1");
    let join = json!({"act":"join_fork","member":"member-002","fork":"next","going":true});
    hand_in(
        &place,
        &[
            gift(1, "donation", 3_000),
            gift(1, "pledge", 3_000),
            gift(2, "donation", 1_000),
            gift(2, "pledge", 1_000),
            banked(4_000),
            announcement(&place),
            join,
        ],
    );
    place
}

fn gift(number: u32, kind: &str, amount: i64) -> Value {
    json!({"act":"record_support","member":format!("member-00{number}"),"kind":kind,"amount":{"amount":amount,"currency":"USD"},"given_at":"2020-01-01","source":format!("{kind}:{number}")})
}

fn banked(minor: i64) -> Value {
    json!({"act":"book_entry","at":"2020-01-01","source":"bank:1","narration":"gifts","currency":"USD","postings":[{"account":"assets:bank","minor":minor},{"account":"income:gifts","minor":-minor}]})
}

fn announcement(place: &Place) -> Value {
    json!({"act":"announce_fork","member":"member-001","fork":"next","kernel_text":place.read("home/kernel.md"),"constitution_text":place.read("home/constitution.md")})
}

fn hand_in(place: &Place, acts: &[Value]) {
    let lines: Vec<String> = acts.iter().map(Value::to_string).collect();
    place.write("acts.jsonl", lines.join("\n"));
    place.run(&["act", "home", "--file", "acts.jsonl"]).quietly();
}

fn folders(place: &Place) -> (bool, bool) {
    (place.path("new").exists(), place.path("new.making").exists())
}

/// Both verify, alone and together.
fn whole(place: &Place) {
    for folder in ["home", "new"] {
        place.run(&["verify", folder]).quietly();
    }
    let compared = place.run(&["verify", "new", "--from-log", "home", "--json"]).ends(0).json();
    assert_eq!(compared[0]["old"]["coop"], compared[0]["forked_from"]["coop"]);
    assert_eq!(folders(place), (true, false));
}

#[test]
fn those_who_go_get_a_co_op_of_their_own() {
    let place = announced();
    let words = place.run(&["fork", "home", "next", "new"]).quietly();
    for said in ["2 members left:", "member-001", "member-002", "4 records of support", "--from-log"] {
        assert!(words.contains(said), "no `{said}` in {words}");
    }
    whole(&place);
    let again = place.run(&["fork", "home", "next", "new", "--json"]).ends(0).json();
    assert_eq!((&again["again"], &again["records"]), (&json!(true), &json!(4)));
    let old = place.run(&["status", "home", "--json"]).ends(0).json();
    assert_eq!(old["members"], json!(0));
    let new = place.run(&["status", "new", "--json"]).ends(0).json();
    assert_eq!(new["members"], json!(2));
    let said = place.run(&["verify", "new"]).quietly();
    assert!(said.contains("forked from c_"), "{said}");
    for folder in ["home", "new"] {
        let log = place.run(&["export", folder, "--format", "log", "--all"]).quietly();
        place.write(&format!("{folder}.log"), log);
    }
    let said = place.run(&["verify", "new.log", "--from-log", "home.log"]).quietly();
    assert!(said.contains("come from the old log"), "{said}");
    // Ready to go on: a name of the old register is known in the new one.
    place.write("more.jsonl", "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\"}\n");
    place.run(&["act", "new", "--file", "more.jsonl"]).ends(0);
    place.run(&["act", "home", "--file", "more.jsonl"]).ends(1);
    whole(&place);
}

/// The differences so far, the announcement, and the adoption at an update; then a fork that was announced before it is
/// completed, and one that was announced after it waits.
#[test]
fn editions_meet_from_the_command_line() {
    let place = announced();
    let tried = place.run(&["edition", "home", "--try-out", "2", "--json"]).ends(0).json();
    assert_eq!((&tried["edition"], tried["differences"].is_string()), (&json!(2), true));
    place.run(&["edition", "home", "--announce", "2"]).quietly();
    let told = place.run(&["edition", "home"]).quietly();
    assert!(told.contains("edition 2 was announced at"), "{told}");
    for _ in 0..6 {
        let next = place.run(&["status", "home", "--json"]).ends(0).json()["next_update"].as_str().unwrap().to_owned();
        place.run(&["update", "home", "--until", &next]).quietly();
    }
    assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["edition"], json!(2));
    let told = place.run(&["edition", "home"]).quietly();
    assert!(told.contains("this log is under edition 2"), "{told}");
    place.run(&["verify", "home"]).quietly();
    let stays = json!({"act":"join_fork","member":"member-002","fork":"next","going":false});
    let mut late = announcement(&place);
    (late["member"], late["fork"]) = (json!("member-002"), json!("late"));
    hand_in(&place, &[stays, late]);
    place.run(&["fork", "home", "late", "other"]).fails(1, "R095");
    let words = place.run(&["fork", "home", "next", "new"]).quietly();
    for said in ["1 member left:", "weight when it was announced)"] {
        assert!(words.contains(said), "no `{said}` in {words}");
    }
    whole(&place);
}

/// A club divides its money by head and keeps its ledger: half of the members take half of the money and no record.
#[test]
fn the_share_of_the_money_is_booked_on_both_sides() {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "club", "--edition", "1"]).quietly();
    place.write("members.csv", "name,kind,joined\nmember-001,person,2020-01-01\nmember-002,person,2020-01-01\n");
    place.run(&["import", "members-csv", "members.csv", "--dir", "home"]).quietly();
    hand_in(&place, &[announcement(&place), gift(1, "dues", 3_000), banked(4_001)]);
    let words = place.run(&["fork", "home", "next", "new"]).quietly();
    for said in ["1 member left:", "20.00 USD: by 1 of 2 members, of 40.01 USD", "assets:fork:next"] {
        assert!(words.contains(said), "no `{said}` in {words}");
    }
    let done = place.run(&["fork", "home", "next", "new", "--json"]).ends(0).json();
    let treasury = json!({"amount":2_000,"currency":"USD","by":"by head","of":4_001,"part":1,"whole":2});
    assert_eq!((&done["treasury"], &done["records"]), (&treasury, &json!(0)));
    let book = |folder: &str| place.run(&["export", folder, "--format", "json"]).ends(0).json();
    let posting = |account: &str, amount: i64| json!({"account":account,"amount":amount,"currency":"USD"});
    let old = book("home");
    let last = &old.as_array().unwrap().last().unwrap()["postings"];
    assert_eq!(*last, json!([posting("assets:bank", -2_000), posting("equity:fork:next", 2_000)]));
    assert_eq!(
        book("new")[0]["postings"],
        json!([posting("assets:fork:next", 2_000), posting("equity:fork:next", -2_000)])
    );
    for format in ["hledger", "beancount", "csv"] {
        let text = place.run(&["export", "home", "--format", format]).quietly();
        assert!(text.to_lowercase().contains("fork:next"), "{text}");
    }
    whole(&place);
}

/// A restored co-op has no key and makes a new one: pointers of before verify against it as those that come.
#[test]
fn a_restored_co_op_signs_with_a_new_key() {
    let place = Place::founded_under("1");
    hand_in(&place, &[announcement(&place)]);
    place.run(&["fork", "home", "next", "new"]).quietly();
    place.run(&["backup", "home", "copy.db"]).quietly();
    place.run(&["restore", "copy.db", "back"]).ends(0);
    assert!(!place.path("back/signing.key").exists());
    let mut second = announcement(&place);
    (second["member"], second["fork"]) = (json!("member-002"), json!("other"));
    place.write("second.jsonl", second.to_string());
    place.run(&["act", "back", "--file", "second.jsonl"]).ends(0);
    place.run(&["fork", "back", "other", "third"]).ends(0);
    assert_ne!(place.read("back/signing.key"), place.read("home/signing.key"));
    for new in ["new", "third"] {
        place.run(&["verify", new, "--from-log", "back"]).ends(0);
    }
    place.run(&["verify", "third", "--from-log", "home"]).fails(1, "the old log ends before");
}

#[test]
fn what_cannot_be_is_said_and_nothing_is_made() {
    let place = announced();
    place.unchanged(|| {
        place.run(&["fork", "home", "other", "new"]).fails(1, "R060 unknown-fork");
        place.run(&["fork", "home", "next", "home"]).fails(2, "is there already");
        place.run(&["fork", "home", "next", "new", "--at", "soon"]).fails(2, "soon");
        place.run(&["fork", "nowhere", "next", "new"]).fails(2, "holds no co-op");
        place.run(&["verify", "home", "--from-log", "home"]).fails(1, "not made by a fork");
        place.run(&["verify", "home", "--from-log", "nowhere"]).fails(2, "nowhere");
        assert_eq!(folders(&place), (false, false));
    });
    for (text, number) in
        [(r#""kernel_text":"none","constitution_text":"none""#, "R049"), (r#""kernel":"x","constitution":"x""#, "R027")]
    {
        let act = format!(r#"{{"act":"announce_fork","member":"member-001","fork":"other",{text}}}"#);
        place.write("bad.jsonl", format!("{act}\n"));
        let ran = place.run(&["act", "home", "--file", "bad.jsonl"]).ends(1);
        assert!(ran.out.contains(number) || ran.err.contains(number), "{ran:?}");
    }
}

/// Killed as soon as something is to be seen, at each thing that is to be seen, and then run again.
#[test]
fn kill_9_on_the_way_is_healed_by_the_same_command() {
    for sign in ["new.making", "new.making/rochdale.db", "new.making/rochdale.db-wal", "home/signed.checkpoint", "new"]
    {
        let place = announced();
        let mut child =
            place.command(&["fork", "home", "next", "new"]).stdout(std::process::Stdio::null()).spawn().unwrap();
        let seen = |path: &Path| path.exists();
        while !seen(&place.path(sign)) && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        if !place.path("new").exists() {
            place.run(&["verify", "home"]).quietly();
        }
        place.run(&["fork", "home", "next", "new"]).quietly();
        whole(&place);
    }
}
