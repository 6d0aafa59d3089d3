//! `count credit`: a record of SourceCred's answers, repositories, and files that are wrong.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::run::{Place, Ran};

const EXAMPLE: &str = r#"{"people":["a","b"],"weeks":3,"commits":[{"id":"c1","author":"a","week":0,"parents":[]},
    {"id":"c2","author":"b","week":0,"parents":["c1"]},{"id":"c3","author":"a","week":2,"parents":["c2"]},
    {"id":"c4","author":"b","week":2,"parents":["c1","c3"]}]}"#;

fn credit(input: &str) -> Ran {
    let place = Place::empty();
    place.write("input.json", input);
    place.run(&["count", "credit", "input.json", "--json"])
}

fn number(decimal: &Value) -> f64 {
    decimal.as_str().map_or_else(|| decimal.as_f64().unwrap(), |text| text.parse().unwrap())
}

/// Whether two answers agree to a millionth of the greater, or of a millionth of a credit.
fn is_near(ours: &Value, theirs: &Value) -> bool {
    let (ours, theirs) = (number(ours), number(theirs));
    (ours - theirs).abs() <= 1e-6 * ours.abs().max(theirs.abs()).max(1e-6)
}

/// tests/credit/record.py says how the record was made.
#[test]
fn answers_are_those_that_sourcecred_gave() {
    let record: Value = serde_json::from_str(include_str!("../../../../tests/credit/sourcecred.json")).unwrap();
    assert_eq!((record["package"].as_str(), record["version"].as_str()), (Some("sourcecred"), Some("0.11.2")));
    let graphs = record["graphs"].as_array().unwrap();
    assert!(graphs.len() >= 12);
    for graph in graphs {
        let answer = credit(&graph["input"].to_string()).ends(0).json();
        let (ours, theirs) = (answer["people"].as_array().unwrap(), graph["answer"]["people"].as_array().unwrap());
        assert_eq!(ours.len(), theirs.len());
        for theirs in theirs {
            let ours = ours.iter().find(|ours| ours["id"] == theirs["id"]).unwrap();
            assert!(is_near(&ours["credit"], &theirs["credit"]), "{}: {ours} {theirs}", graph["name"]);
            let weeks = ours["by_week"].as_array().unwrap().iter().zip(theirs["by_week"].as_array().unwrap());
            assert_eq!(weeks.len(), graph["input"]["weeks"].as_u64().unwrap() as usize);
            assert!(weeks.clone().all(|(ours, theirs)| is_near(ours, theirs)), "{}: {ours} {theirs}", graph["name"]);
        }
    }
}

#[test]
fn the_order_of_a_file_never_shows() {
    let mut input: Value = serde_json::from_str(EXAMPLE).unwrap();
    let answer = credit(EXAMPLE).ends(0).out;
    for list in ["people", "commits"] {
        input[list].as_array_mut().unwrap().reverse();
    }
    input["commits"][0]["parents"].as_array_mut().unwrap().reverse();
    assert_eq!(credit(&input.to_string()).ends(0).out, answer);
}

#[test]
fn people_get_lines() {
    let place = Place::empty();
    place.write("input.json", EXAMPLE);
    let told = place.run(&["count", "credit", "input.json"]).quietly();
    assert!(told.contains("\na       2.529269647228             0               3\n"), "{told}");
    assert!(told.contains("minted and paid out: 4, by 4 items with 4 links in 3 weeks\n"), "{told}");
    assert!(told.find("2.529").unwrap() < told.find("1.470").unwrap(), "{told}");
}

#[test]
fn nothing_minted_is_nothing_paid() {
    let none = json!({"people":[{"id":"a","credit":"0","by_week":["0","0"]}]});
    assert_eq!(credit(r#"{"people":["a"],"commits":[],"weeks":2}"#).ends(0).json(), none);
    let struck = r#"{"people":["a"],"commits":[{"id":"c","author":"a","week":1,"mint":"0"}],"weeks":2}"#;
    assert_eq!(credit(struck).ends(0).json(), none);
    assert_eq!(credit(r#"{"people":[],"commits":[],"weeks":1}"#).ends(0).json(), json!({"people":[]}));
}

/// A file with one commit beside `more`, by a in week 0.
fn file(more: &str) -> String {
    format!(r#"{{"people":["a","b"],"weeks":3,"commits":[{{"id":"c1","author":"a","week":0}}{more}]}}"#)
}

#[test]
fn wrong_files_are_refused_by_name() {
    let with = |fields: &str| format!(r#"{{"people":["a","b"],"weeks":3,"commits":[],{fields}}}"#);
    let parameters = |fields: &str| with(&format!("\"parameters\":{{{fields}}}"));
    for (input, words) in [
        ("{}".to_owned(), "missing field `people`"),
        (r#"{"people":[],"commits":[]}"#.to_owned(), "missing field `weeks`"),
        (r#"{"people":[],"weeks":1}"#.to_owned(), "missing field `commits`"),
        (r#"{"people":["a","a"],"commits":[],"weeks":1}"#.to_owned(), "`people` have `a` twice"),
        (r#"{"people":[],"commits":[],"weeks":0}"#.to_owned(), "0 weeks: there is one at least"),
        (r#"{"people":[],"commits":[],"weeks":5001}"#.to_owned(), "5000 at most"),
        (r#"{"people":[],"commits":[],"weeks":-1}"#.to_owned(), "input.json:1:"),
        (file(r#",{"id":"c2","author":"x","week":0}"#), "commit `c2`: its author `x` is not in `people`"),
        (file(r#",{"id":"c2","author":"b","week":3}"#), "commit `c2`: week 3 is not below `weeks`, which is 3"),
        (file(r#",{"id":"c2","author":"b","week":"1"}"#), "input.json:1:"),
        (file(r#",{"id":"c1","author":"b","week":0}"#), "have `c1` twice"),
        (file(r#",{"id":"c2","author":"b","week":0,"parents":["c0"]}"#), "its parent `c0` is not in the file"),
        (file(r#",{"id":"c2","author":"b","week":0,"parents":["c2"]}"#), "its parent `c2` is itself"),
        (file(r#",{"id":"c2","author":"b","week":0,"parents":["c1","c1"]}"#), "its parent `c1` is named twice"),
        (
            file(r#",{"id":"c2","author":"b","week":0,"parents":["c3"]},{"id":"c3","author":"b","week":2}"#),
            "commit `c2` of week 0 names `c3`, which is of a later week: commit `c3` of week 2",
        ),
        (
            file(r#",{"id":"c2","author":"b","week":0,"parents":["c3"]},{"id":"c3","author":"b","week":0,"parents":["c2"]}"#),
            "is among its own ancestors",
        ),
        (file(r#",{"id":"c2","author":"b","week":0,"mint":"-1"}"#), "commit `c2`: `mint` goes from 0 to 1000"),
        (file(r#",{"id":"c2","author":"b","week":0,"size":1}"#), "unknown field `size`"),
        (with(r#""reviews":[{"id":"r","author":"a","week":0,"of":["c"]}]"#), "its reviewed item `c` is not in the file"),
        (with(r#""issues":[{"id":"i","author":"a","week":0,"mentions":["i"]}]"#), "its mentioned item `i` is itself"),
        (
            r#"{"people":["a"],"weeks":1,"issues":[{"id":"i","author":"a","week":0}],"commits":[{"id":"c","author":"a","week":0,"parents":["i"]}]}"#.to_owned(),
            "its parent `i` is no commit",
        ),
        (parameters(r#""alpha":"1.1""#), "`alpha` goes from 0 to 1"),
        (parameters(r#""alpha":"0""#), "`alpha` and `beta` go from 0.01 to 1"),
        (parameters(r#""beta":"0.8""#), "all four are together at most 1"),
        (parameters(r#""gamma_back":"0.41""#), "`gamma_forward` and `gamma_back` from 0 to 0.4"),
        (parameters(r#""parent":{"back":"1000.1"}"#), "`parent.back` goes from 0 to 1000"),
        (parameters(r#""mint":{"merge":-1}"#), "`mint.merge` goes from 0 to 1000"),
        (parameters(r#""gamma":"0.1""#), "unknown field `gamma`"),
        (with(r#""attributions":[{"from":"a","to":"x","share":"0.5"}]"#), "attribution 1: `x` is not in `people`"),
        (with(r#""attributions":[{"from":"a","to":"a","share":"0.5"}]"#), "attribution 1: it is from one person to another"),
        (with(r#""attributions":[{"from":"a","to":"b","share":"1.5"}]"#), "attribution 1: `share` goes from 0 to 1"),
        (
            r#"{"people":["a"],"weeks":1,"commits":[{"id":"c","author":"a","week":0}],"parameters":{"author":{"back":"0"}}}"#.to_owned(),
            "no credit reaches anybody",
        ),
    ] {
        let ran = credit(&input).ends(2);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{words}: {ran:?}");
    }
    let people: Vec<String> = (0..5_000).map(|person| person.to_string()).collect();
    let wide = json!({ "people": people, "commits": [], "weeks": 5_000 });
    credit(&wide.to_string()).fails(2, "people times weeks is 25000000");
}

/// A repository of commits without files: `author date parents` each, parents by their places.
pub fn repository(folder: &Path, commits: &[(&str, &str, &[usize])]) {
    let commits: Vec<_> = commits.iter().map(|(author, date, parents)| (*author, *date, *parents, "x")).collect();
    repository_saying(folder, &commits);
}

/// The same with what each commit says.
pub fn repository_saying(folder: &Path, commits: &[(&str, &str, &[usize], &str)]) {
    let git = |arguments: &[&str], author: &str, date: &str| {
        let (name, email) = author.split_once(' ').unwrap();
        let mut git = Command::new("git");
        git.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.env("GIT_AUTHOR_NAME", name).env("GIT_AUTHOR_EMAIL", email).env("GIT_AUTHOR_DATE", date);
        git.env("GIT_COMMITTER_NAME", "x").env("GIT_COMMITTER_EMAIL", "x").env("GIT_COMMITTER_DATE", date);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    std::fs::create_dir_all(folder).unwrap();
    git(&["init", "-q", "-b", "main"], "x x", "");
    let tree = git(&["hash-object", "-t", "tree", "-w", "/dev/null"], "x x", "");
    let mut made: Vec<String> = Vec::new();
    for (author, date, parents, message) in commits {
        let parents = parents.iter().flat_map(|parent| ["-p".to_owned(), made[*parent].clone()]);
        let words: Vec<String> =
            ["commit-tree", &tree, "-m", message].map(str::to_owned).into_iter().chain(parents).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        made.push(git(&words, author, date));
    }
    git(&["update-ref", "refs/heads/main", made.last().unwrap()], "x x", "");
}

/// The example as a history of git: a week ends with the first moment of Sunday in UTC, which is still its own.
pub const HISTORY: [(&str, &str, &[usize]); 4] = [
    ("a a@example.org", "2025-01-05T00:00:01Z", &[]),
    ("b b@example.org", "2025-01-12T01:00:00+01:00", &[0]),
    ("a a@example.org", "2025-01-19T00:00:01Z", &[1]),
    ("b b@example.org", "2025-01-25T12:00:00Z", &[2, 0]),
];

#[test]
fn a_repository_is_its_commits() {
    let place = Place::empty();
    repository(&place.path("repo"), &HISTORY);
    let ran = place.run(&["count", "credit", "repo", "--json"]).ends(0);
    assert_eq!(ran.out, credit(EXAMPLE).ends(0).out);
    let told = place.run(&["count", "credit", "repo"]).quietly();
    assert!(told.contains("week 0 begins on Sunday 2025-01-05\n") && told.contains("in 3 weeks"), "{told}");
    // A merge that mints nothing.
    place.write("parameters.json", r#"{"mint":{"merge":"0"}}"#);
    let told = place.run(&["count", "credit", "repo", "--parameters", "parameters.json"]).quietly();
    assert!(told.contains("minted and paid out: 3, by 4 items"), "{told}");
    place.write("file.json", EXAMPLE);
    place
        .run(&["count", "credit", "file.json", "--parameters", "parameters.json"])
        .fails(2, "a file has a field `parameters`");
}

#[test]
fn commits_of_programs_pass_credit_on() {
    let place = Place::empty();
    let robot: (&str, &str, &[usize]) = ("renovate[bot] bot@example.org", "2025-01-26T12:00:00Z", &[3]);
    repository(&place.path("repo"), &[HISTORY[0], HISTORY[1], HISTORY[2], HISTORY[3], robot]);
    let answer = place.run(&["count", "credit", "repo", "--json"]).ends(0).json();
    let ids: Vec<&Value> = answer["people"].as_array().unwrap().iter().map(|person| &person["id"]).collect();
    assert_eq!(ids, ["a", "b"]);
    let told = place.run(&["count", "credit", "repo"]).quietly();
    assert!(told.contains("minted and paid out: 4, by 5 items"), "{told}");
    assert!(told.contains("1 commit by a bot"), "{told}");
}

#[test]
fn two_people_of_one_name_have_two_ids() {
    let place = Place::empty();
    let day = "2025-01-06T12:00:00Z";
    let commits: [(&str, &str, &[usize]); 3] =
        [("a one@example.org", day, &[]), ("a two@example.org", day, &[0]), ("b b@example.org", day, &[1])];
    repository(&place.path("repo"), &commits);
    let answer = place.run(&["count", "credit", "repo", "--json"]).ends(0).json();
    let ids: Vec<&Value> = answer["people"].as_array().unwrap().iter().map(|person| &person["id"]).collect();
    assert_eq!(ids, ["a <one@example.org>", "a <two@example.org>", "b"]);
}

#[test]
fn repositories_that_cannot_be_counted() {
    let place = Place::empty();
    std::fs::create_dir(place.path("empty")).unwrap();
    place.run(&["count", "credit", "empty"]).fails(2, "no git repository can be opened here");
    place.run(&["count", "credit", "nowhere"]).fails(2, "cannot read `nowhere`");
    let far: [(&str, &str, &[usize]); 2] =
        [("a a@example.org", "1970-06-01T00:00:00Z", &[]), ("a a@example.org", "2080-01-06T12:00:00Z", &[0])];
    repository(&place.path("far"), &far);
    place
        .run(&["count", "credit", "far"])
        .fails(2, "from weeks that begin on 1970-05-31 to 2079-12-31, which are 5719: 5000 are the most");
}
