//! `act` and `update`: lines of JSON from people who make mistakes, and from people who do not.

use serde_json::json;

use crate::run::Place;

/// One line that cannot be an act: what standard error says, and in which column.
fn misread(line: &str, column: usize, words: &str) {
    thread_local!(static PLACE: Place = Place::founded());
    PLACE.with(|place| {
        place.unchanged(|| {
            place.write("bad.jsonl", format!("\n{line}\n"));
            let ran = place
                .run(&["act", "home", "--file", "bad.jsonl"])
                .ends(2)
                .says(&format!("bad.jsonl:2:{column}: "))
                .says(words);
            let told = &ran.lines()[0]["error"];
            assert_eq!(told["line"], 2, "{ran:?}");
            assert_eq!(told["column"], column, "{ran:?}");
        });
    });
}

fn ballot(more: &str) -> String {
    format!(r#"{{"act":"cast_ballot","member":"member-001","decision":"issues","item":"220"{more}}}"#)
}

#[test]
fn what_is_no_act_is_named_by_line_and_column() {
    misread("nonsense", 2, "expected ident");
    misread("[]", 1, "an act is a JSON object");
    misread("null", 1, "an act is a JSON object");
    misread("\"act\"", 1, "an act is a JSON object");
    misread("{}", 1, "the field `act` is missing");
    misread("{\"act\":null}", 1, "the field `act` is missing");
    misread("{\"act\":7}", 1, "`act` is a text");
    misread("{\"act\":\"fly\"}", 1, "there is no act `fly`");
    misread("{\"act\":\"stand\"} {\"act\":\"stand\"}", 17, "trailing");
    misread("{\"act\":\"stand\"", 14, "EOF");
    misread("{\"act\":\"a\u{0}b\"}", 10, "control character");
    misread(&"[".repeat(100_000), 128, "recursion limit");
    misread(&format!("{}1", "{\"a\":".repeat(9_000)), 636, "recursion");
    misread(&format!("{{\"act\":\"{}\"}}", "x".repeat(3_000_000)), 1, "longer than 2097152 bytes");
}

#[test]
fn fields_of_the_wrong_kind_are_named() {
    misread(&ballot(""), 1, "missing field `share_ppm`");
    misread(&ballot(",\"share_ppm\":null"), 1, "missing field `share_ppm`");
    misread(&ballot(",\"share_ppm\":1,\"extra\":2"), 1, "unknown field `extra`");
    misread(&ballot(",\"share_ppm\":\"1\""), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":-1"), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":1.0"), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":1e2"), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":4294967296"), 1, "from 0 to 4294967295");
    misread(&ballot(",\"share_ppm\":99999999999999999999999999"), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":1e999"), 93, "number out of range");
    misread(&ballot(",\"share_ppm\":NaN"), 89, "expected value");
    misread(&ballot(",\"share_ppm\":true"), 1, "expected a whole number");
    misread(&ballot(",\"share_ppm\":1,\"against\":1"), 1, "expected a boolean");
    misread(&ballot(",\"share_ppm\":1,\"key\":1"), 1, "`key` is a text");
    let long = "k".repeat(129);
    misread(&ballot(&format!(",\"share_ppm\":1,\"key\":\"{long}\"")), 1, "at most 128");
    misread(&ballot(",\"share_ppm\":1,\"key\":\"a\\nb\""), 1, "control");
    misread(&ballot(",\"share_ppm\":1,\"item\":\"220\""), 96, "`item` occurs twice");
    misread(&ballot(",\"share_ppm\":1,\"share_ppm\":1"), 101, "occurs twice");
    misread(
        r#"{"act":"cast_ballot","member":"member-001","decision":"maintainer","share_ppm":1,"scores":{"member-001":1,"member-001":2}}"#,
        118,
        "occurs twice",
    );
    misread(
        r#"{"act":"cast_ballot","member":"member-001","decision":"maintainer","share_ppm":1,"scores":{"member-001":1,"MEMBER-001":2}}"#,
        1,
        "twice",
    );
    misread(
        r#"{"act":"stand","member":"member-077","decision":"maintainer"}"#,
        1,
        "nobody in the register is called `member-077`",
    );
    misread(r#"{"act":"stand","member":7,"decision":"maintainer"}"#, 1, "`stand`");
}

/// A refused act: its number, in the answer on standard output.
#[test]
fn refusals_end_with_1_and_change_nothing() {
    let place = Place::founded();
    for (number, act) in [
        ("R001", r#"{"act":"update","moment":"2026-01-01T00:00:00Z","state":"","outcomes":0,"published":""}"#),
        ("R005", r#"{"act":"found","kernel":"","constitution":"","demonstration":false}"#),
        ("R006", r#"{"act":"stand","member":"m_0000000000001","decision":"maintainer"}"#),
        ("R009", r#"{"act":"add_to_list","list":"nothing","member":"member-001"}"#),
        ("R010", r#"{"act":"add_to_list","list":"contributor-list","member":"member-001"}"#),
        ("R012", r#"{"act":"stand","member":"member-001","decision":"nothing"}"#),
        (
            "R015",
            r#"{"act":"cast_ballot","member":"member-001","decision":"maintainer","share_ppm":1,"scores":{"member-002":1}}"#,
        ),
        ("R024", r#"{"act":"cast_ballot","member":"member-001","decision":"issues","item":"221","share_ppm":1}"#),
        (
            "R036",
            r#"{"act":"record_support","member":"member-001","kind":"donation","amount":{"amount":1,"currency":"USD"},"given_at":"2999-01-01T00:00:00Z","source":"a"}"#,
        ),
        (
            "R044",
            r#"{"act":"record_support","member":"member-001","kind":"donation","amount":{"amount":1,"currency":"EUR"},"given_at":"2020-01-01T00:00:00Z","source":"a"}"#,
        ),
    ] {
        place.unchanged(|| {
            place.write("no.jsonl", act);
            let ran = place.run(&["act", "home", "--file", "no.jsonl"]).ends(1);
            let refusal = &ran.lines()[0]["refusal"];
            assert_eq!(refusal["number"], number, "{ran:?}");
            for field in ["name", "why", "instead"] {
                assert!(refusal[field].as_str().is_some_and(|text| !text.is_empty()), "{ran:?}");
            }
        });
    }
}

#[test]
fn each_line_is_answered_on_its_own() {
    let place = Place::founded();
    let pseudonym =
        place.run(&["weights", "home", "--member", "member-001", "--json"]).ends(0).json()["members"][0]["member"]
            .as_str()
            .unwrap()
            .to_owned();
    let by_name = r#"{"act":"cast_ballot","member":"member-001","decision":"issues","item":"220","share_ppm":50000,"scores":null,"against":false,"key":"k1"}"#;
    let by_pseudonym = by_name.replace("member-001", &pseudonym);
    let other = by_name.replace("50000", "60000");
    let scores = format!(
        r#"{{"act":"cast_ballot","member":"Member-001","decision":"maintainer","share_ppm":200000,"scores":{{"{pseudonym}":1000000}},"against":false,"key":"k2"}}"#
    );
    place.write(
        "acts.jsonl",
        format!("\u{feff}{by_name}\r\n\n  \n{by_pseudonym}\nnonsense\n{other}\n{scores}\n{{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"x\"}}"),
    );
    let ran = place
        .run(&["act", "home", "--file", "acts.jsonl"])
        .ends(2)
        .says("acts.jsonl:5:2:")
        .says("acts.jsonl:6:1: entry 7 has this key");
    let lines = ran.lines();
    assert_eq!(lines.len(), 6, "{ran:?}");
    assert_eq!(lines[0]["receipt"]["entry"], 7);
    assert_eq!(lines[0]["receipt"]["repeated"], false);
    assert_eq!(lines[1]["receipt"]["entry"], 7);
    assert_eq!(lines[1]["receipt"]["repeated"], true);
    assert_eq!(lines[1]["receipt"]["hash"], lines[0]["receipt"]["hash"]);
    assert_eq!(lines[2]["error"]["line"], 5);
    assert_eq!(lines[3]["error"]["line"], 6);
    assert_eq!(lines[4]["receipt"]["entry"], 8);
    assert_eq!(lines[5]["refusal"]["number"], "R012");
    // Handed in again: the keyed acts stand, and nothing is added.
    place.unchanged(|| {
        let again = place.run(&["act", "home", "--file", "acts.jsonl"]).ends(2);
        assert_eq!(again.lines()[4]["receipt"]["repeated"], true);
    });
}

#[test]
fn a_member_hands_in_their_own_acts_only() {
    let place = Place::founded();
    place.write(
        "theirs.jsonl",
        "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\"}\n{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"9\"}\n",
    );
    place.unchanged(|| {
        let ran = place.run(&["act", "home", "--file", "theirs.jsonl", "--as", "member-001"]).ends(1);
        for line in ran.lines() {
            assert_eq!(line["refusal"]["number"], "R001", "{ran:?}");
        }
        place
            .run(&["act", "home", "--file", "theirs.jsonl", "--as", "member-999"])
            .fails(1, "nobody in the register is called `member-999`");
    });
    let ran = place.run(&["act", "home", "--file", "theirs.jsonl", "--as", "MEMBER-002"]).ends(1);
    assert_eq!(ran.lines()[0]["receipt"]["entry"], 7, "{ran:?}");
}

#[test]
fn a_file_that_is_none_is_bad_input() {
    let place = Place::founded();
    place.unchanged(|| {
        place.run(&["act", "home", "--file", "nothing"]).fails(2, "cannot read `nothing`");
        place.run(&["act", "home", "--file", "home"]).fails(2, "cannot read `home`");
        place.write("empty", "");
        assert_eq!(place.run(&["act", "home", "--file", "empty"]).quietly(), "");
        assert_eq!(place.run(&["act", "home", "--file", "-"]).quietly(), "");
        place.write("utf16", b"\xff\xfe{\0}\0");
        place.run(&["act", "home", "--file", "utf16"]).ends(2).says("utf16:1:1: expected value");
    });
}

/// The holder of the data file can act in any name, so the log says who it was.
#[test]
fn an_act_in_a_members_name_is_the_operators_word() {
    let place = Place::founded();
    place.write(
        "own.jsonl",
        "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\",\"key\":\"k\"}\n",
    );
    place.write("other.jsonl", "{\"act\":\"cast_ballot\",\"member\":\"member-001\",\"decision\":\"issues\",\"item\":\"220\",\"share_ppm\":1,\"against\":false,\"key\":\"k\"}\n");
    place.run(&["act", "home", "--file", "own.jsonl", "--as", "member-002"]).quietly();
    // A key is each member's own, also at the desk.
    place.run(&["act", "home", "--file", "other.jsonl", "--as", "member-001"]).quietly();
    for (file, member, entry) in [("own.jsonl", "member-002", 7), ("other.jsonl", "member-001", 8)] {
        let again = place.run(&["act", "home", "--file", file, "--as", member]).ends(0).json();
        assert_eq!((&again["receipt"]["entry"], &again["receipt"]["repeated"]), (&json!(entry), &json!(true)));
    }
    place.write("kind.md", "# Be kind\n");
    place.run(&["propose", "home", "code-of-conduct", "kind.md", "--as", "member-001"]).quietly();
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    assert_eq!(log.matches(r#""actor":"operator","authority":"desk""#).count(), 4, "{log}");
    assert!(!log.contains(r#""authority":"member""#), "{log}");
    let verified = place.run(&["verify", "home"]).quietly();
    assert!(verified.contains("the operator says so: 4 acts handed in at the desk"), "{verified}");
    place.write("log.jsonl", log);
    let of_file = place.run(&["verify", "log.jsonl", "--json"]).ends(0).json();
    assert_eq!(of_file[0]["operators_word"]["acts"], 4);
}

/// A line that is too long does not take the others with it.
#[test]
fn lines_around_a_huge_one_count() {
    let place = Place::founded();
    let huge = "x".repeat(10 * 1_048_576);
    place.write("acts.jsonl", format!("{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"a\"}}\n{huge}\n{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"b\"}}\n"));
    let ran = place.run(&["act", "home", "--file", "acts.jsonl"]).ends(2).says("acts.jsonl:2:1: the line is longer");
    let lines = ran.lines();
    assert_eq!(lines[0]["receipt"]["entry"], 7);
    assert_eq!(lines[2]["receipt"]["entry"], 8);
}

#[test]
fn updates_run_once() {
    let place = Place::founded();
    let update = |until: &str| place.run(&["update", "home", "--until", until, "--json"]);
    place.unchanged(|| {
        assert_eq!(update("2020-01-01").ends(0).json()["done"], 0);
        for bad in ["", "soon", "2026-02-30", "2026-13-01T00:00:00Z", "26-01-01", "2026-01-01T25:00:00Z"] {
            update(bad).fails(2, "`");
        }
        update("2206-01-01").fails(2, "more than a hundred years ahead");
        place
            .run(&["act", "home", "--file", "begin.jsonl", "--at", "2206-01-01"])
            .fails(2, "more than a hundred years ahead");
    });
    let status = place.run(&["status", "home", "--json"]).ends(0).json();
    let next = status["next_update"].as_str().unwrap().to_owned();
    let first = update(&next).ends(0).json();
    assert_eq!(first["done"], 1, "{first}");
    assert_eq!(first["last_update"], json!(next));
    place.unchanged(|| {
        let again = update(&next).ends(0).json();
        assert_eq!(again["done"], 0, "{again}");
        assert_eq!(again["state"], first["state"]);
    });
    // Updates missed up to now count as well as future ones.
    let old = Place::unfounded();
    old.write("old.csv", "name,kind,joined\nmember-001,person,2020-01-01\n");
    old.run(&["import", "members-csv", "old.csv", "--dir", "home", "--replay"]).ends(0);
    let before = old.run(&["status", "home", "--json"]).json()["updates"].as_u64().unwrap();
    let ran = old.run(&["update", "home", "--until", "2021-01-01"]);
    let done = old.run(&["status", "home", "--json"]).json()["updates"].as_u64().unwrap() - before;
    assert!(done > 50, "{done}");
    assert!(ran.ends(0).out.starts_with(&format!("{done} done; ")));
    // Later acts stand after the update, whatever the machine's clock says.
    place.write("late.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"late\"}");
    let ran = place.run(&["act", "home", "--file", "late.jsonl"]).ends(0);
    assert_eq!(ran.lines()[0]["receipt"]["time"], json!(next));
}

/// A vote is published with the update that counts it, and not before: by no page, route or export. The owner's own copy has it.
#[test]
fn what_is_published_ends_with_the_last_update() {
    let place = Place::founded();
    let export = |more: &[&str]| place.run(&[&["export", "home", "--format", "log"], more].concat()).quietly();
    let verified = |log: &str| {
        place.write("some.log", log);
        place.run(&["verify", "some.log", "--json"]).ends(0).json()[0]["entries"].as_u64().unwrap()
    };
    assert_eq!((verified(&export(&[])), verified(&export(&["--all"]))), (1, 6));
    let next = place.run(&["status", "home", "--json"]).ends(0).json()["next_update"].as_str().unwrap().to_owned();
    place.run(&["update", "home", "--until", &next]).ends(0);
    let counted = export(&[]);
    assert_eq!(counted, export(&["--all"]));
    let vote = r#"{"act":"cast_ballot","member":"member-001","decision":"issues","item":"220","share_ppm":123456,"against":false}"#;
    let text =
        r#"{"act":"propose_document","member":"member-001","decision":"code-of-conduct","text":"A text that waits"}"#;
    place.write("vote.jsonl", format!("{vote}\n{text}\n"));
    let receipts = place.run(&["act", "home", "--file", "vote.jsonl", "--at", &next]).ends(0);
    let entries = verified(&counted);
    assert_eq!(receipts.lines()[0]["receipt"]["entry"], entries + 1, "who acts has the receipt at once");
    let own = export(&["--all"]);
    assert!(own.contains("123456") && own.contains("A text that waits"));
    assert_eq!((export(&[]), verified(&own)), (counted, entries + 2));
}
