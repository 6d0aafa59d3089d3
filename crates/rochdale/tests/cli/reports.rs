//! `status`, `weights`, `standings`, `book` and `export`: what they print, as of when, and for other programs.

use std::process::Command;

use serde_json::{Value, json};

use crate::run::Place;

/// Three years of a co-op whose past updates happened as they would have.
fn replayed() -> Place {
    replayed_where("UTC", "C")
}

/// Returns the same on a machine that is set to this time zone and language.
fn replayed_where(zone: &str, language: &str) -> Place {
    // From edition 2 on the log keeps sources under a key of its own, and no two logs have one state.
    let place = Place::unfounded_under("1");
    let mut rows = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n".to_owned();
    for month in 1..=12 {
        rows += &format!(
            "2020-{month:02}-02T10:00:00,a{month},Monthly contribution from =member-001,CREDIT,CONTRIBUTION,,,50,-2.25,42.75,USD,member-001,\"=member-001\"\n"
        );
    }
    rows += "2021-01-10T10:00:00,x1,Invoice,DEBIT,EXPENSE,,,-20,0,-20,USD,member-002,member-002\n";
    place.write("file.csv", rows);
    let mut import = place.command(&["import", "open-collective-csv", "file.csv", "--dir", "home", "--replay"]);
    import.env("TZ", zone).envs([("LANG", language), ("LC_ALL", language)]);
    let output = import.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    place
}

fn check_shape(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "no `{field}` in {value}");
    }
}

#[test]
fn json_has_the_contracts_shapes() {
    let place = replayed();
    let json = |arguments: &[&str]| {
        let ran = place.run(arguments).ends(0);
        assert!(ran.err.is_empty(), "{ran:?}");
        ran.json()
    };
    let status = json(&["status", "home", "--json"]);
    check_shape(
        &status,
        &["name", "currency", "members", "weight", "updates", "last_update", "next_update", "entries", "head", "state"],
    );
    let weights = json(&["weights", "home", "--at", "2020-12-31", "--json"]);
    check_shape(&weights, &["at", "members"]);
    let member = &weights["members"][0];
    check_shape(member, &["member", "name", "weight", "classes"]);
    assert!(member["weight"].is_u64() && member["member"].as_str().unwrap().starts_with("m_"));
    check_shape(&member["classes"][0], &["class", "earned", "weight"]);
    let book = json(&["book", "home", "--json"]);
    assert_eq!(book["periods"][0]["period"], "2020");
    assert_eq!(book["periods"][0]["in"]["amount"], 60_000);
    assert_eq!(book["periods"][0]["in"]["currency"], "USD");
    assert_eq!(book["periods"][1]["balance"]["amount"], 49_300);
    check_shape(&book["periods"][0], &["period", "in", "out", "net", "balance"]);
    assert_eq!(json(&["book", "home", "--by", "month", "--json"])["periods"].as_array().unwrap().len(), 13);
    assert_eq!(json(&["book", "home", "--at", "2020-06-30", "--json"])["periods"][0]["in"]["amount"], 30_000);
    let office = json(&["standings", "home", "maintainer", "--json"]);
    check_shape(&office, &["decision", "kind", "holders", "candidates", "nominees", "next_update"]);
    assert_eq!(office["kind"], "office");
    assert_eq!(json(&["standings", "home", "--json"]).as_array().unwrap().len(), 5);
    let explained = json(&["weights", "home", "--at", "2020-12-31", "--member", "=member-001", "--explain", "--json"]);
    check_shape(&explained, &["classes", "total"]);
}

#[test]
fn a_bare_date_is_the_end_of_its_day() {
    let place = replayed();
    let entries =
        |at: &str| place.run(&["status", "home", "--at", at, "--json"]).ends(0).json()["entries"].as_u64().unwrap();
    let all = entries("2999-01-01");
    assert_eq!(all, place.stand()[0].as_u64().unwrap());
    assert!(entries("2020-01-02") > 0);
    assert_eq!(entries("2020-01-02"), entries("2020-01-02T23:59:59.999999Z"));
    assert!(entries("2020-06-02") < entries("2020-06-30") && entries("2020-06-30") < all);
    assert_eq!(entries("2020-06-02T09:59:59Z"), entries("2020-06-01"));
    assert_eq!(entries("2020-06-02T10:00:00Z"), entries("2020-06-02"));
    let weight = |at: &str| {
        place.run(&["weights", "home", "--at", at, "--json"]).ends(0).json()["members"].as_array().unwrap().len()
    };
    assert_eq!((weight("2020-06-15"), weight("1900-01-01")), (1, 0));
}

#[test]
fn dates_that_are_none_and_times_before_the_founding() {
    let place = replayed();
    for (command, more) in
        [("status", None), ("weights", None), ("standings", None), ("book", None), ("standings", Some("maintainer"))]
    {
        for bad in [
            "",
            "yesterday",
            "2020-13-01",
            "2020-02-30",
            "2020-1-1",
            "01/02/2020",
            "2020-01-01T10:00:61Z",
            "99999-01-01",
            "-1",
        ] {
            let at = format!("--at={bad}");
            let mut arguments = vec![command, "home"];
            arguments.extend(more);
            arguments.extend([&at, "--json"]);
            place.run(&arguments).fails(2, "`");
        }
    }
    place.run(&["status", "home", "--at", "2019-12-31", "--json"]).fails(1, "not founded by");
    place.run(&["standings", "home", "--at", "2019-12-31", "--json"]).fails(1, "not founded by");
}

#[test]
fn unknown_names_are_a_no() {
    let place = Place::founded();
    for name in ["member-999", "m_0000000000001", "", "m_", "' OR 1=1"] {
        place.run(&["weights", "home", "--member", name, "--json"]).fails(1, "nobody in the register");
    }
    place.run(&["weights", "home", "--explain"]).fails(2, "needs `--member");
    place
        .run(&["standings", "home", "nothing", "--json"])
        .fails(1, "there is no decision `nothing`: there are `constitution`");
}

#[test]
fn csv_cells_are_no_formulas() {
    let place = replayed();
    let csv = place.run(&["weights", "home", "--all", "--csv"]).quietly();
    assert!(csv.starts_with("member,weight\r\n") && csv.contains("\r\n'=member-001,"), "{csv}");
}

#[test]
fn exports_are_stable_and_json_is_json() {
    let place = replayed();
    for format in ["hledger", "beancount", "csv", "json", "log"] {
        let export = || place.run(&["export", "home", "--format", format]).quietly();
        let first = export();
        assert_eq!(first, export(), "{format}");
        assert!(first.ends_with('\n') && first.lines().count() > 0);
    }
    let json = place.run(&["export", "home", "--format", "json"]).ends(0).json();
    assert_eq!(json.as_array().unwrap().len(), 13);
    for entry in json.as_array().unwrap() {
        let sum: i64 = entry["postings"].as_array().unwrap().iter().map(|p| p["amount"].as_i64().unwrap()).sum();
        assert_eq!(sum, 0);
    }
}

/// The balances that the real tools find; a tool that is missing is passed over.
#[test]
fn the_real_tools_agree_with_the_book() {
    let place = replayed();
    for (format, file) in [("hledger", "book.journal"), ("beancount", "book.beancount")] {
        place.write(file, place.run(&["export", "home", "--format", format]).quietly());
    }
    let journal = place.path("book.journal");
    let hledger = Command::new("hledger")
        .args(["-f", journal.to_str().unwrap(), "balance", "assets", "-N", "-O", "csv"])
        .output();
    if let Ok(output) = hledger {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("493.00"), "{output:?}");
    } else {
        assert!(std::env::var_os("ROCHDALE_TEST_TOOLS").is_none(), "hledger is missing");
    }
    if let Ok(output) = Command::new("bean-check").arg(place.path("book.beancount")).output() {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

/// Whatever the machine is set to, reports and hashes are the same.
#[test]
fn the_machines_settings_change_nothing() {
    let place = replayed();
    for arguments in [
        &["status", "home", "--at", "2020-12-31", "--json"][..],
        &["weights", "home", "--at", "2020-12-31"],
        &["standings", "home", "--at", "2020-12-31", "--json"],
        &["book", "home", "--by", "month"],
        &["export", "home", "--format", "hledger"],
        &["verify", "home", "--json"],
    ] {
        let expect = place.run(arguments).quietly();
        for (zone, language, threads) in
            [("Pacific/Auckland", "tr_TR.UTF-8", "1"), ("America/St_Johns", "C", "2"), ("nonsense", "nonsense", "0")]
        {
            let mut arguments = arguments.to_vec();
            if arguments[0] == "verify" {
                arguments.extend(["--threads", threads]);
            }
            let mut command = place.command(&arguments);
            command.env("TZ", zone).env("LANG", language).env("LC_ALL", language);
            let output = command.output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), expect, "{zone} {arguments:?}");
        }
    }
}

/// Pseudonyms are drawn at random and are not in the hash.
#[test]
fn an_import_gives_one_state_wherever_it_is_done() {
    let state = |place: &Place| {
        let status = place.run(&["status", "home", "--json"]).ends(0).json();
        (status["state"].clone(), status["updates"].clone())
    };
    let expect = state(&replayed());
    for (zone, language) in [("Pacific/Auckland", "tr_TR.UTF-8"), ("America/St_Johns", "C.UTF-8")] {
        assert_eq!(state(&replayed_where(zone, language)), expect, "{zone}");
    }
}

/// The register of a date is the log's: nobody who leaves later changes it.
#[test]
fn the_past_stays_when_somebody_leaves() {
    let place = replayed();
    let at = "2020-12-31";
    let told = |place: &Place| {
        let weights = place.run(&["weights", "home", "--all", "--at", at, "--json"]).ends(0).json();
        let csv = place.run(&["weights", "home", "--at", at, "--csv"]).quietly();
        let why = ["weights", "home", "--at", at, "--member", "=member-001", "--explain", "--json"];
        let status = place.run(&["status", "home", "--at", at, "--json"]).ends(0).json();
        (weights, csv, place.run(&why).ends(0).json(), status)
    };
    let before = told(&place);
    assert!(before.0["members"].as_array().unwrap().iter().any(|row| row["weight"].as_u64() > Some(0)), "{before:?}");
    assert_eq!(
        (&before.0["at"], &before.3["at"]),
        (&json!("2020-12-31T23:59:59.999999Z"), &json!("2020-12-31T23:59:59.999999Z"))
    );
    let member = before.0["members"][0]["member"].as_str().unwrap();
    place.write("leave.jsonl", format!("{{\"act\":\"end_membership\",\"member\":\"{member}\"}}\n"));
    place.run(&["act", "home", "--file", "leave.jsonl"]).quietly();
    assert_eq!(told(&place), before);
    let now = place.run(&["weights", "home", "--all", "--json"]).ends(0).json();
    assert!(now["members"].as_array().unwrap().iter().all(|row| row["member"] != *member), "{now}");
}

/// Records may be older than the log, which has no register then: the first one counts. A record that comes late counts by its date.
#[test]
fn records_that_are_older_than_the_log_count_by_their_dates() {
    let place = Place::founded();
    let support = |id: &str, kind: &str, day: &str, amount: u32| {
        let rows = format!("member,kind,amount,unit,given_at,source\nmember-001,{kind},{amount},USD,{day},{id}\n");
        place.write("support.csv", rows);
        place.run(&["import", "support-csv", "support.csv", "--dir", "home"]).ends(0);
    };
    support("p", "pledge", "2020-04-01", 1_000);
    let weight = || {
        let report = place.run(&["weights", "home", "--at", "2020-04-15", "--json"]).ends(0).json();
        report["members"][0]["weight"].as_u64().unwrap_or_default()
    };
    support("a", "donation", "2020-03-01", 100);
    let first = weight();
    support("b", "donation", "2020-03-02", 100);
    let both = weight();
    assert!(0 < first && first < both, "{first} {both}");
    place.write("leave.jsonl", "{\"act\":\"end_membership\",\"member\":\"member-001\"}\n");
    place.run(&["act", "home", "--file", "leave.jsonl"]).quietly();
    assert_eq!(weight(), both, "who leaves later was there");
}
