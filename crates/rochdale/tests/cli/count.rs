//! `count`: shapes exactly as promised, and files that are wrong.

use serde_json::{Value, json};

use crate::run::{Place, Ran};

fn count(method: &str, input: &str) -> Ran {
    let place = Place::empty();
    place.write("input.json", input);
    place.run(&["count", method, "input.json", "--json"])
}

/// Each pair of JSON blocks in the chapter: what is handed in, and the answer of the newest closed edition.
#[test]
fn every_example_of_the_chapter_comes_out_so() {
    let chapter = include_str!("../../../../docs/spec/count.md");
    let mut examples = 0;
    for section in chapter.split("\n## ").skip(1) {
        let method = section.lines().next().unwrap();
        let mut blocks = section.split("```json\n").skip(1).map(|block| block.split("\n```").next().unwrap());
        while let (Some(input), Some(answer)) = (blocks.next(), blocks.next()) {
            let answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(count(method, input).ends(0).json(), answer, "{method}: {input}");
            examples += 1;
        }
    }
    assert!(examples >= 4, "{examples}");
}

/// By the rules of edition 1.
fn count_by_one(method: &str, input: &str) -> Ran {
    let place = Place::empty();
    place.write("input.json", input);
    place.run(&["count", method, "input.json", "--json", "--edition", "1"])
}

fn votes(ballots: &str, expect: Value) {
    let ran = count_by_one("quadratic", &format!("{{\"ballots\":[{ballots}]}}")).ends(0);
    assert_eq!(ran.json(), json!({ "votes": expect }), "{ballots}");
}

fn settled(input: &str, expect: Value) {
    let ran = count_by_one("settle", input).ends(0);
    assert_eq!(ran.json(), json!({ "updates": expect }), "{input}");
}

#[test]
fn quadratic_votes() {
    votes(
        r#"{"weight":"4","for":{"share":"0.25","scores":{"a":"1","b":"0.5"}},"against":{"share":"0.5","scores":{"c":"1"}}}"#,
        json!({"a":"1","b":"0.500000000000","c":"-1.414213562373"}),
    );
    votes("", json!({}));
    votes(r#"{"weight":"1"}"#, json!({}));
    votes(r#"{"weight":4,"for":{"share":0.25,"scores":{"a":1}},"against":null}"#, json!({"a":"1"}));
    votes(r#"{"weight":"0","for":{"share":"1","scores":{"a":"1"}}}"#, json!({"a":"0"}));
    votes(r#"{"weight":"4","for":{"share":"0","scores":{"a":"1"}}}"#, json!({"a":"0"}));
    votes(r#"{"weight":"1000000000000","for":{"share":"1","scores":{"a":"1"}}}"#, json!({"a":"1000000"}));
    // Apart, two halves have the root of two times as many votes as the whole; for and against cancel to nothing.
    votes(
        r#"{"weight":"1","for":{"share":"0.5","scores":{"a":"1"}},"against":{"share":"0.5","scores":{"a":"1"}}}"#,
        json!({"a":"0"}),
    );
    votes(
        r#"{"weight":"2","for":{"share":"1","scores":{"a":"1"}}},{"weight":"2","for":{"share":"1","scores":{"a":"1"}}}"#,
        json!({"a":"2.828427124746"}),
    );
}

#[test]
fn quadratic_votes_of_edition_2_root_both_shares_together() {
    let place = Place::empty();
    let ballots = r#"{"ballots":[{"weight":"4","for":{"share":"0.25","scores":{"a":"1","b":"0.5"}},"against":{"share":"0.5","scores":{"c":"1"}}}]}"#;
    place.write("input.json", ballots);
    let ran = place.run(&["count", "quadratic", "input.json", "--edition", "2", "--json"]).ends(0);
    assert_eq!(ran.json(), json!({"votes":{"a":"0.577350269189","b":"0.288675134594","c":"-1.154700538378"}}));
}

#[test]
fn the_cap() {
    let capped = |cap: &str, weights: &str, expect: Value| {
        let ran = count("cap", &format!("{{\"cap\":{cap},\"weights_micro\":[{weights}]}}")).ends(0);
        assert_eq!(ran.json(), expect, "{cap} {weights}");
    };
    capped(
        "\"0.2\"",
        "100000000,100000000,10000,10000,10000",
        json!({"level_micro":9_986_500,"weights_micro":[9_986_500,9_986_500,10_000,10_000,10_000],"binds":"tenth"}),
    );
    capped("0.5", "60,25,15", json!({"level_micro":40,"weights_micro":[40,25,15],"binds":"cap"}));
    capped("\"0.5\"", "\"50\",25,25", json!({"level_micro":50,"weights_micro":[50,25,25],"binds":"none"}));
    capped("1", "", json!({"level_micro":0,"weights_micro":[],"binds":"none"}));
    capped(
        "0.2",
        "18446744073709551615",
        json!({"level_micro":1_844_674_407_370_955_162_u64,"weights_micro":[1_844_674_407_370_955_162_u64],"binds":"tenth"}),
    );
    let place = Place::empty();
    place.write("input.json", r#"{"cap":"0.5","weights_micro":[60000000,25000000,15000000]}"#);
    let told = place.run(&["count", "cap", "input.json"]).ends(0);
    assert!(told.out.contains("the cap binds: nobody keeps more than 40"), "{}", told.out);
}

#[test]
fn settling() {
    settled(
        r#"{"period":1,"bucket":"10","holder":"a","kind":"office","seats":1,"updates":[{"totals":{"a":"5","b":"8"}},{"totals":{"a":"5","b":"7.5"}},{"totals":{"a":"5","b":"20"}}]}"#,
        json!([
            {"holders":["a"],"buckets":{"b":"3"}},
            {"holders":["a"],"buckets":{"b":"5.500000000"}},
            {"holders":["b"],"buckets":{"a":"0"}}
        ]),
    );
    settled(r#"{"period":1,"bucket":"10","updates":[]}"#, json!([]));
    for vacant in ["null", "\"nobody\"", "[]"] {
        settled(
            &format!(r#"{{"period":"1","bucket":10,"holder":{vacant},"updates":[{{"totals":{{"a":8,"b":5}}}}]}}"#),
            json!([{"holders":[],"buckets":{"a":"3","b":"0"}}]),
        );
    }
    // Below zero for long enough, the seat is nobody's.
    settled(
        r#"{"period":1,"bucket":"4","holder":"a","updates":[{"totals":{"a":"-3","nobody":"0"}},{"totals":{"a":"-3"}}]}"#,
        json!([{"holders":["a"],"buckets":{"nobody":"3"}},{"holders":[],"buckets":{"a":"0"}}]),
    );
    settled(
        r#"{"period":1,"bucket":"10","holder":["a","c"],"kind":"body","seats":3,"updates":[{"totals":{"a":"5","b":"10","c":"1"}}]}"#,
        json!([{"holders":["a","c","b"],"buckets":{}}]),
    );
}

/// After how many updates of edition 2 somebody sits, and who, with the same totals at every update.
fn seated_after(kind: &str, holder: &str, bucket: u32, totals: &str, more: &str) -> Option<(usize, String)> {
    let update = format!("{{\"totals\":{totals}}}");
    let updates = vec![update; 120].join(",");
    let input = format!(
        "{{\"period\":1,\"bucket\":{bucket},\"kind\":\"{kind}\",\"holder\":{holder},{more}\"updates\":[{updates}]}}"
    );
    let place = Place::empty();
    place.write("input.json", &input);
    let ran = place.run(&["count", "settle", "input.json", "--json", "--edition", "2"]).ends(0).json();
    let first = ran["updates"].as_array().unwrap().iter().position(|update| update["holders"] != before(holder))?;
    Some((first + 1, ran["updates"][first]["holders"][0].as_str().unwrap_or("nobody").to_owned()))
}

fn before(holder: &str) -> Value {
    match serde_json::from_str(holder).unwrap() {
        Value::Null => json!([]),
        Value::String(name) => json!([name]),
        names => names,
    }
}

/// The examples of docs/spec/elections.md, with C = 100 and S = 10 periods.
#[test]
fn edition_two_settles_as_its_examples_say() {
    let sat = |after: usize, name: &str| Some((after, name.to_owned()));
    let vacant = |totals: &str, more: &str| seated_after("office", "null", 1_000, totals, more);
    assert_eq!(vacant(r#"{"a":60,"b":40}"#, ""), sat(25, "a"), "2.5 S");
    assert_eq!(vacant(r#"{"a":19,"b":20}"#, ""), sat(96, "b"), "9.52 S, at the next update");
    assert_eq!(vacant(r#"{"a":50}"#, ""), sat(20, "a"), "2 S");
    // Two with the same votes: full for as long, then more members, then the earlier on the ballot.
    let tied = r#"{"b":40,"a":40}"#;
    let members = format!("\"members\":{{\"b\":{:?},\"a\":{:?}}},", vec![3; 120], vec![2; 120]);
    assert_eq!(vacant(tied, &members), sat(50, "b"), "5 S, and more members");
    assert_eq!(vacant(tied, r#""candidates":["b","a"],"#), sat(50, "b"));
    assert_eq!(vacant(tied, r#""candidates":["a","b"],"#), sat(50, "a"));
    // A tie must not keep a holder with 10 votes against two with 190 each.
    let office = |totals: &str, more: &str| seated_after("office", "\"h\"", 1_000, totals, more);
    assert_eq!(office(r#"{"h":10,"a":190,"b":190}"#, ""), sat(6, "a"));
    assert_eq!(office(r#"{"h":10,"a":10}"#, ""), None, "level with the holder");
    // A mandate needs continued support: below zero counts as zero.
    assert_eq!(office(r#"{"h":-50,"a":10}"#, ""), sat(20, "nobody"), "nobody is measured against -50 itself");
    assert_eq!(seated_after("document", "\"h\"", 1_000, r#"{"h":-50,"a":10}"#, ""), sat(100, "a"));
    // Nothing but its own bucket of nobody empties a seat of a body.
    assert_eq!(seated_after("body", "[\"h\"]", 1_000, r#"{"h":0}"#, ""), None);
    assert_eq!(seated_after("body", "[\"h\"]", 1_000, r#"{"h":-20}"#, ""), sat(50, "nobody"));
}

#[test]
fn edition_two_knows_the_settling_time_where_it_is_given() {
    let place = Place::empty();
    // b takes over at once; a, twice as strong as ever, waits until S is over; c drains by C ÷ 50 without a lead.
    place.write(
        "input.json",
        r#"{"period":1,"bucket":500,"settles_in":5,"holder":"a","updates":[
            {"totals":{"a":0,"b":500,"c":500}},{"totals":{"a":900,"b":0,"c":0}},{"totals":{"a":900,"b":0,"c":0}},
            {"totals":{"a":900,"b":0,"c":0}},{"totals":{"a":900,"b":0,"c":0}},{"totals":{"a":900,"b":0,"c":0}}]}"#,
    );
    let ran = place.run(&["count", "settle", "input.json", "--json", "--edition", "2"]).ends(0).json();
    let holders: Vec<&str> =
        ran["updates"].as_array().unwrap().iter().map(|update| update["holders"][0].as_str().unwrap()).collect();
    assert_eq!(holders, ["b", "b", "b", "b", "b", "a"]);
    let of_c: Vec<&str> =
        ran["updates"].as_array().unwrap().iter().map(|update| update["buckets"]["c"].as_str().unwrap()).collect();
    assert_eq!(of_c, ["500", "498", "496", "494", "492", "490"]);
    let people = place.run(&["count", "settle", "input.json", "--edition", "2"]).quietly();
    assert!(people.contains("update 6: held by b\n  a: 900 votes, against 0, bucket 500 of 500\n"), "{people}");
    place.run(&["count", "settle", "input.json", "--edition", "1"]).fails(2, "say `--edition 2`");
}

#[test]
fn bad_files() {
    let ballot = |more: &str| format!("{{\"ballots\":[{{{more}}}]}}");
    for (method, input, words) in [
        ("quadratic", String::new(), "input.json:1:1: EOF"),
        ("quadratic", "{".into(), "input.json:1:1: EOF"),
        ("quadratic", "[[]]".into(), "one JSON object"),
        ("quadratic", "{}".into(), "missing field `ballots`"),
        ("quadratic", "{\n \"ballot\":[]}".into(), "input.json:2:"),
        ("quadratic", "{\"ballots\":[],\"ballots\":[]}".into(), "occurs twice"),
        ("quadratic", "{\"ballots\":[]} x".into(), "trailing"),
        ("quadratic", "{\"ballots\":null}".into(), "expected a sequence"),
        ("quadratic", "\u{0}".into(), "input.json:1:1"),
        ("quadratic", "[".repeat(100_000), "recursion"),
        ("quadratic", ballot("\"weight\":NaN"), "expected value"),
        ("quadratic", ballot("\"weight\":\"NaN\""), "decimal number"),
        ("quadratic", ballot("\"weight\":1e999"), "out of range"),
        ("quadratic", ballot("\"weight\":null"), "is a number"),
        ("quadratic", ballot("\"weight\":\"1\",\"more\":1"), "unknown field `more`"),
        ("quadratic", ballot("\"weight\":\"-1\""), "goes from 0"),
        ("quadratic", ballot("\"weight\":\"1000000000000.1\""), "goes from 0"),
        ("quadratic", ballot("\"weight\":\"99999999999999999999999999999999999999999999\""), "decimal number"),
        ("quadratic", ballot("\"weight\":\"0.0000001\""), "at most 6 places"),
        ("quadratic", ballot("\"weight\":\"1\",\"for\":{\"share\":\"1.1\",\"scores\":{}}"), "from 0 to 1"),
        ("quadratic", ballot("\"weight\":\"1\",\"for\":{\"share\":\"-0.1\",\"scores\":{}}"), "from 0 to 1"),
        (
            "quadratic",
            ballot(
                "\"weight\":\"1\",\"for\":{\"share\":\"0.6\",\"scores\":{}},\"against\":{\"share\":\"0.6\",\"scores\":{}}",
            ),
            "from 0 to 1",
        ),
        (
            "quadratic",
            ballot("\"weight\":\"1\",\"for\":{\"share\":\"1\",\"scores\":{\"a\":\"1.1\"}}"),
            "the score of `a`",
        ),
        (
            "quadratic",
            ballot("\"weight\":\"1\",\"for\":{\"share\":\"1\",\"scores\":{\"a\":1,\"a\":1}}"),
            "`a` occurs twice",
        ),
        ("cap", "{\"cap\":0,\"weights_micro\":[]}".into(), "above 0 and at most 1"),
        ("cap", "{\"cap\":\"1.1\",\"weights_micro\":[]}".into(), "above 0 and at most 1"),
        ("cap", "{\"cap\":\"0.1\",\"weights_micro\":[-1]}".into(), "weight 1 goes from 0"),
        ("cap", "{\"cap\":\"0.1\",\"weights_micro\":[1,18446744073709551616]}".into(), "weight 2 goes from 0"),
        ("cap", "{\"cap\":\"0.1\",\"weights_micro\":[1.5]}".into(), "at most 0 places"),
        ("settle", "{\"period\":0,\"bucket\":1,\"updates\":[]}".into(), "`period`"),
        ("settle", "{\"period\":\"x\",\"bucket\":1,\"updates\":[]}".into(), "`period`"),
        ("settle", "{\"period\":1,\"bucket\":-1,\"updates\":[]}".into(), "`bucket`"),
        ("settle", "{\"period\":1,\"bucket\":1,\"kind\":\"x\",\"updates\":[]}".into(), "`kind`"),
        ("settle", "{\"period\":1,\"bucket\":1,\"seats\":0,\"updates\":[]}".into(), "`seats`"),
        ("settle", "{\"period\":1,\"bucket\":1,\"seats\":2,\"updates\":[]}".into(), "`seats`"),
        ("settle", "{\"period\":1,\"bucket\":1,\"seats\":1.5,\"updates\":[]}".into(), "input.json:1:"),
        ("settle", "{\"period\":1,\"bucket\":1,\"holder\":[\"a\",\"b\"],\"updates\":[]}".into(), "more holders"),
        (
            "settle",
            "{\"period\":1,\"bucket\":1,\"kind\":\"body\",\"seats\":2,\"holder\":[\"a\",\"a\"],\"updates\":[]}".into(),
            "twice",
        ),
        (
            "settle",
            "{\"period\":1,\"bucket\":1,\"updates\":[{\"totals\":{\"nobody\":1}}]}".into(),
            "nobody always has 0",
        ),
        (
            "settle",
            "{\"period\":1,\"bucket\":1,\"updates\":[{\"totals\":{\"a\":\"1.0000000001\"}}]}".into(),
            "at most 9 places",
        ),
    ] {
        let ran = count(method, &input).ends(2);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{words}: {ran:?}");
    }
    let place = Place::empty();
    place.run(&["count", "settle", "nowhere"]).fails(2, "cannot read `nowhere`");
    place.run(&["count", "settle", "."]).fails(2, "cannot read `.`");
    place.run(&["count", "settle", "/dev/zero"]).fails(2, "larger than");
}

#[test]
fn numbers_beyond_anything_end_well() {
    let huge = "9".repeat(20);
    let ran = count(
        "settle",
        &format!(
            "{{\"period\":18446744073709551615,\"bucket\":\"{huge}\",\"holder\":\"a\",\"updates\":[{{\"totals\":{{\"a\":\"-{huge}\",\"b\":\"{huge}\"}}}}]}}"
        ),
    );
    assert!([0, 2].contains(&ran.code), "{ran:?}");
}

#[test]
fn people_get_lines() {
    let place = Place::empty();
    place.write("q.json", r#"{"ballots":[{"weight":"4","for":{"share":"0.25","scores":{"a":"1","b":"0.5"}}}]}"#);
    assert_eq!(place.run(&["count", "quadratic", "q.json"]).quietly(), "a               1\nb  0.500000000000\n");
    place.write("s.json", r#"{"period":1,"bucket":"10","holder":"a","updates":[{"totals":{"a":"5","b":"8"}}]}"#);
    assert!(place.run(&["count", "settle", "s.json"]).quietly().starts_with("update 1: "));
}
