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
    assert!(examples >= 11, "{examples}");
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

/// The winner, and the last conviction of each option in hundredths of a vote, rounded to the nearest.
fn committed(votes: Value) -> (String, Vec<(String, i64)>) {
    let input =
        json!({"half_life":"3.25","default":"wait","quorum":"0.1","capacity":"100","votes_at_each_update":votes});
    let ran = count("commitment", &input.to_string()).ends(0).json();
    let last = ran["conviction"].as_array().unwrap().last().unwrap().as_object().unwrap().clone();
    let hundredths = |text: &Value| (text.as_str().unwrap().parse::<f64>().unwrap() * 100.0).round() as i64;
    let each = last.iter().map(|(name, conviction)| (name.clone(), hundredths(conviction)));
    (ran["winner"].as_str().unwrap().to_owned(), each.collect())
}

#[test]
fn a_commitment_of_thirteen_weeks() {
    let (winner, last) = committed(json!({"a": vec!["4.1"; 13]}));
    assert_eq!((winner.as_str(), last[0].1), ("wait", 384));
    let (winner, last) = committed(json!({"a": vec!["10.9"; 13]}));
    assert_eq!((winner.as_str(), last[0].1), ("a", 1_022));
    let (a, b): (Vec<u8>, Vec<u8>) = (1..=13).map(|week| if week <= 6 { (10, 0) } else { (0, 10) }).unzip();
    let (winner, last) = committed(json!({"a": a, "b": b}));
    assert_eq!((winner.as_str(), last[0].1, last[1].1), ("wait", 162, 775));
    // The default may be voted for, and a tie is the default's too.
    for votes in [json!({"a": [90, 90], "wait": [90, 90]}), json!({"a": [90], "b": [90]}), json!({})] {
        let input = json!({"half_life":"1","default":"wait","quorum":"0","capacity":"1","votes_at_each_update":votes});
        assert_eq!(count("commitment", &input.to_string()).ends(0).json()["winner"], "wait");
    }
    let place = Place::empty();
    place.write(
        "input.json",
        r#"{"half_life":1,"default":"wait","quorum":"0.1","capacity":"10","votes_at_each_update":{"a":[8]}}"#,
    );
    let told = place.run(&["count", "commitment", "input.json"]).ends(0).out;
    assert_eq!(
        told,
        "update 1: `a` if it ended now\n  a: 8 votes, conviction 4\n  wait: 0 votes, conviction 0\ntaken: a\n"
    );
}

/// As published: the closed form y₀αᵗ + x (1 − αᵗ) ÷ (1 − α), and a trigger of ρS ÷ (β − share)².
#[test]
fn conviction_in_its_published_form() {
    let at = |proposal: &str, steps: &str| -> Vec<Value> {
        let input = format!(
            r#"{{"alpha":"0.9","beta":"0.2","rho":"0.002","supply":"45000","pool":"15000","proposals":[{proposal}],"steps":{steps}}}"#
        );
        count("conviction", &input).ends(0).json()["proposals"][0]["at"].as_array().unwrap().clone()
    };
    let moved = r#"{"id":"p","requested":"0","stakes":[{"step":0,"amount":"15000"},{"step":10,"amount":"0"}]}"#;
    let moved = at(moved, "[0,1,2,10,20]");
    let convictions: Vec<&str> = moved.iter().map(|at| at["conviction"].as_str().unwrap()).collect();
    // 15,000 × (1 − 0.9^10) ÷ 0.1 after ten steps, and 0.9^10 of that after ten more without a stake.
    let wanted = ["0", "15000", "28500", "97698.233985000000000000", "34065.267826414606798500"];
    assert_eq!(convictions, wanted);
    // Nothing asked for: ρS ÷ β² = 90 ÷ 0.04, and a tenth of the pool: 90 ÷ 0.01.
    assert_eq!(moved[0]["threshold"], "2250");
    let tenth =
        at(r#"{"id":"p","requested":"1500","stakes":[{"step":0,"amount":"9000"},{"step":1,"amount":"0"}]}"#, "[1,2]");
    assert_eq!((&tenth[0]["threshold"], &tenth[0]["passes"]), (&json!("9000"), &json!(false)), "passing is strict");
    for above in ["3000", "3000.000000001", "15000"] {
        let at = at(&format!(r#"{{"id":"p","requested":"{above}","stakes":[]}}"#), "[0]");
        assert_eq!(at[0]["threshold"], Value::Null, "{above}");
    }
}

/// A spending limit of 25 % and a least conviction of 10 %, as the design says them, with C = 100.
#[test]
fn the_limit_of_a_continuous_commitment() {
    let input = r#"{"alpha":"0","beta":"0.365618824","rho":"0.013367712","supply":"100","pool":"1000",
        "proposals":[{"id":"0","requested":"0","stakes":[]},{"id":"50","requested":"50","stakes":[]},
        {"id":"100","requested":"100","stakes":[]},{"id":"250","requested":"250","stakes":[]}],"steps":[0]}"#;
    let ran = count("conviction", input).ends(0).json();
    let thresholds = ran["proposals"].as_array().unwrap().iter().map(|one| one["at"][0]["threshold"].as_str().unwrap());
    let hundredths: Vec<f64> = thresholds.map(|text| (text.parse::<f64>().unwrap() * 100.0).round()).collect();
    assert_eq!(hundredths, [1_000.0, 1_342.0, 1_895.0, 10_000.0]);
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

/// Runs `count quadratic-funding` on a table, with more words.
fn fund(table: &str, more: &[&str]) -> Ran {
    let place = Place::empty();
    place.write("gifts.csv", table);
    place.write("groups.csv", "group,member\nchoir,0\nchoir,1\nband,1\nband,2\n");
    place.write("groups.json", "{\"choir\":[\"0\",\"1\"],\"band\":[\"1\",\"2\"]}");
    place.write("lists.json", " [[\"0\",\"1\"],[\"1\",\"2\"]]");
    place.run(&[["count", "quadratic-funding", "gifts.csv"].as_slice(), more].concat())
}

#[test]
fn quadratic_funding_reads_tables() {
    let matched = |table: &str, more: &[&str]| {
        let ran = fund(table, &[more, ["--json"].as_slice()].concat()).ends(0).json();
        let rows = ran["projects"].as_array().unwrap().clone();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "project"), text(row, "match"), text(row, "paid"))).collect::<Vec<_>>()
    };
    let row = |project: &str, matched: &str, paid: &str| (project.to_owned(), matched.to_owned(), paid.to_owned());
    // Columns in any order, quotes, Windows' line ends, a byte order mark, and others beside them; two gifts of one are one.
    let table = "\u{feff}member,note,Amount,project\r\n0,\"a, \"\"b\"\"\",1.00,\"x\"\r\n1,,9,x\r\n0,,3,x\r\n";
    assert_eq!(matched(table, &["--rule", "plain"]), [row("x", "12.00000000000", "12.00000000000")]);
    assert_eq!(matched(table, &["--rule", "plain", "--pool", "6"]), [row("x", "12.00000000000", "6.00000000000")]);
    // A pool with places makes cents of whole amounts.
    assert_eq!(
        matched("project,member,amount\nx,0,2\nx,1,8\ny,0,1\n", &["--rule", "scaled", "--pool", "4.0"]),
        [row("x", "8.0000000000", "4.0000000000"), row("y", "0.0000000000", "0.0000000000")]
    );
    let authors = "project,member,amount\nx,0,10\nx,1,20\n";
    for groups in ["groups.csv", "groups.json", "lists.json"] {
        let said = matched(authors, &["--rule", "connected", "--groups", groups]);
        assert_eq!(said, [row("x", "6.948688455", "6.948688455")], "{groups}");
    }
    assert!(matched("project,member,amount\n", &["--rule", "plain"]).is_empty());
    let people = fund("project,member,amount\nx,0,2\nx,1,8\n", &["--rule", "plain"]).ends(0);
    assert!(people.out.contains("x         2 members  10.000000000  8.000000000  8.000000000\n"), "{}", people.out);
}

#[test]
fn quadratic_funding_says_what_is_wrong_and_where() {
    let good = "project,member,amount\nx,a,1\n";
    for (table, more, words) in [
        ("", vec!["--rule", "plain"], "gifts.csv:1: the first line names the columns"),
        ("project,member\nx,a\n", vec!["--rule", "plain"], "no column `amount`"),
        ("project,member,amount,amount\n", vec!["--rule", "plain"], "twice"),
        ("project,member,amount\nx,a,1\nx,,2\n", vec!["--rule", "plain"], "gifts.csv:3: the member is empty"),
        ("project,member,amount\nx,a\n", vec!["--rule", "plain"], "gifts.csv:2: the amount is empty"),
        ("project,member,amount\nx,a,-1\n", vec!["--rule", "plain"], "gifts.csv:2: the amount is not below 0"),
        ("project,member,amount\nx,a,1e3\n", vec!["--rule", "plain"], "decimal number"),
        ("project,member,amount\nx,a,0.1234567890\n", vec!["--rule", "plain"], "at most 9 places"),
        ("project,member,amount\nx,a,\"1\n", vec!["--rule", "plain"], "gifts.csv:2: a quote is not closed"),
        (
            "project,member,amount\nx,a,600000000000000000\nx,b,600000000000000000\n",
            vec!["--rule", "plain"],
            "all amounts together are at most 1000000000000000000",
        ),
        (good, vec![], "--rule"),
        (good, vec!["--rule", "pairwise"], "--m"),
        (good, vec!["--rule", "pairwise", "--m", "0"], "`--m` is above 0"),
        (good, vec!["--rule", "capped"], "--cap"),
        (good, vec!["--rule", "capped", "--cap", "1.1"], "`--cap` is above 0"),
        (good, vec!["--rule", "capped", "--cap", "0", "--pool", "5"], "`--cap` is above 0"),
        (good, vec!["--rule", "connected"], "--groups"),
        (good, vec!["--rule", "connected", "--groups", "nowhere"], "cannot read `nowhere`"),
        (good, vec!["--rule", "connected", "--groups", "gifts.csv"], "no column `group`"),
        (good, vec!["--rule", "plain", "--m", "5"], "belongs to `--rule pairwise`"),
        (good, vec!["--rule", "plain", "--pool", "-5"], "`--pool` is not below 0"),
    ] {
        let ran = fund(table, &more).ends(2);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{words}: {ran:?}");
    }
}

#[test]
fn pools_in_cents_and_what_they_save_for() {
    let ran = count(
        "pool",
        r#"{"pool":"10.00","order":"strict","projects":[{"id":"x","goal":"3","pledges":[1,"0.5"],"conviction":1}]}"#,
    );
    // 1 and 0.5 are matched with 2√0.5 = 1.41; the goal lacks 1.50.
    assert_eq!(ran.ends(0).json(), json!({"order":[],"paid":[],"left":"10"}));
    let ran = count(
        "pool",
        r#"{"pool":"10.00","order":"strict","projects":[{"id":"x","goal":"2.9","pledges":[1,"0.5"],"conviction":1}]}"#,
    );
    let paid = json!([{"project":"x","from_pool":"1.400000000","pledges_charged":"1.500000000"}]);
    assert_eq!(ran.ends(0).json(), json!({"order":["x"],"paid":paid,"left":"8.600000000"}));
    let place = Place::empty();
    let projects = r#"[{"id":"x","goal":900,"pledges":[100,100,100],"conviction":9},{"id":"y","goal":100,"pledges":[10,10,10,10],"conviction":0.1}]"#;
    place.write("strict.json", format!(r#"{{"pool":500,"order":"strict","projects":{projects}}}"#));
    let told = place.run(&["count", "pool", "strict.json"]).quietly();
    assert!(
        told.ends_with("x: the pool is being saved for it: it takes 600\ny: not paid: it takes 60\nleft: 500\n"),
        "{told}"
    );
    place.write("scaled.json", format!(r#"{{"pool":500,"order":"strict","match":"scaled","projects":{projects}}}"#));
    let told = place.run(&["count", "pool", "scaled.json"]).quietly();
    assert!(told.contains("x: struck, its scaled match leaves it short of its goal\ny: scaled to 120\n"), "{told}");
    assert!(told.ends_with("y: 60 from the pool, 40 of pledges\nleft: 440\n"), "{told}");
}

#[test]
fn who_votes_for_whom() {
    let delegated =
        |input: &str, expect: Value| assert_eq!(count("delegation", input).ends(0).json(), expect, "{input}");
    delegated(
        r#"{"members":[1,2,3],"delegations":[{"from":1,"to":2},{"from":2,"to":3}],"voters":[3]}"#,
        json!({"delegate":{"1":3,"2":3,"3":3},"weight":{"3":3}}),
    );
    // The longest path counts, and `null` stops a wider one.
    let scopes = r#""members":["a","b","c"],"delegations":[{"from":"a","to":"b","scope":"everything"},{"from":"a","to":null,"scope":"shop/till"},{"from":"a","to":"c","scope":"shop"}],"voters":["b","c"]"#;
    let ends = |a: Value| json!({"delegate":{"a":a,"b":"b","c":"c"}});
    for (decision, end) in
        [("office", json!("b")), ("shop/manager", json!("c")), ("shop/till", Value::Null), ("shop", json!("c"))]
    {
        let ran = count("delegation", &format!("{{{scopes},\"decision\":\"{decision}\"}}")).ends(0).json();
        assert_eq!(ran["delegate"], ends(end)["delegate"], "{decision}");
    }
    let place = Place::empty();
    place.write("d.json", format!("{{{scopes}}}"));
    let told = place.run(&["count", "delegation", "d.json"]).quietly();
    assert!(told.contains("nobody") && told.ends_with("b: votes for 1\nc: votes for 1\n"), "{told}");
}

#[test]
fn bad_files_of_pools() {
    let delegation = |more: &str| format!("{{\"members\":[\"a\",\"b\"],{more}}}");
    let project = |more: &str| format!("{{\"pool\":1,\"order\":\"strict\",\"projects\":[{{\"id\":\"x\",{more}}}]}}");
    for (method, input, words) in [
        ("pool", "{\"pool\":1,\"order\":\"first\",\"projects\":[]}".into(), "unknown variant `first`"),
        ("pool", "{\"pool\":-1,\"order\":\"skip\",\"projects\":[]}".into(), "`pool` is not below 0"),
        ("pool", project("\"goal\":1,\"pledges\":[1,-1],\"conviction\":1"), "pledge 2 of `x` is not below 0"),
        ("pool", project("\"goal\":1,\"pledges\":[],\"conviction\":\"x\""), "the conviction of `x`"),
        (
            "pool",
            project("\"goal\":1,\"pledges\":[1000000000000000000,1],\"conviction\":1"),
            "the pledges of `x` are at most",
        ),
        (
            "pool",
            project(
                "\"goal\":1,\"pledges\":[],\"conviction\":1},{\"id\":\"x\",\"goal\":1,\"pledges\":[],\"conviction\":1",
            ),
            "`x` is the id of two projects",
        ),
        ("surplus", "{\"amount\":-1,\"parts\":[]}".into(), "`amount` goes from 0"),
        ("surplus", "{\"amount\":\"1.5\",\"parts\":[]}".into(), "at most 0 places"),
        ("surplus", "{\"amount\":1,\"parts\":[1,\"-2\"]}".into(), "part 2 is not below 0"),
        ("crowdmatching", "{\"unit\":1,\"limits_in_order_of_pledging\":[0.5]}".into(), "the limit at 0"),
        ("crowdmatching", "{\"unit\":-1,\"limits_in_order_of_pledging\":[]}".into(), "`unit` is not below 0"),
        ("delegation", delegation("\"delegations\":[],\"voters\":[\"c\"]"), "`voters` names `c`, who is not among"),
        (
            "delegation",
            delegation("\"delegations\":[{\"from\":\"a\",\"to\":\"c\"}],\"voters\":[]"),
            "delegation 1 names `c`",
        ),
        (
            "delegation",
            delegation("\"delegations\":[{\"from\":\"a\",\"to\":\"b\"},{\"from\":\"a\",\"to\":\"a\"}],\"voters\":[]"),
            "delegates twice as narrowly",
        ),
        ("delegation", "{\"members\":[1,\"1\"],\"delegations\":[],\"voters\":[]}".into(), "names `1` twice"),
    ] {
        let ran = count(method, &input).ends(2);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{words}: {ran:?}");
    }
}
