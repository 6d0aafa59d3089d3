//! kill -9 while decisions are taken: `update` is killed at random, from one deadline to the next, and so is a server that catches up. Each
//! deadline takes its decision once, each period serves once, and all of it is what a co-op comes to that nobody killed.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use host::Coop;
use quantity::Moment;

use super::{ROUNDS, ROUNDS_BETWEEN_CHECKS, Random};
use crate::crash::house::ended;
use crate::run::Place;

const KERNEL: &str = r#"# A small co-op

```charter
kernel {
    name "home"
    purpose "Decide every day"
    currency "USD"
    time-zone "Europe/London"
    class "patrons" { weight "donated(ever) / 1 USD" }
    constitution { settles-in "30 days"; updates "daily at 01:00" }
    amend "never"
    fork carries="register" treasury="none"
}
```
"#;
const CONSTITUTION: &str = r#"# What we decide

```charter
office "maintainer" { settles-in "14 days" }
commitment "menu" every="day" { default "soup" }
commitment "hall" deadline="2026-06-30" { default "rent no hall" }
ranking "places" { supply "1 units per week" }
release "binaries" { patrons-until "400 USD per month" }
```
"#;
const FOUNDED: &str = "2026-01-01T00:00:00Z";
const UNTIL: &str = "2027-03-31";

/// Two members with weight, an option that both are for, and as many requests as there are weeks.
fn founded() -> Place {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "open-source", "--edition", "4", "--open"]).ends(0);
    place.write("home/kernel.md", KERNEL);
    place.write("home/constitution.md", CONSTITUTION);
    let mut acts = String::new();
    let [first, second] = [1, 2].map(|number| engine::Pseudonym(number).to_string());
    for member in [&first, &second] {
        acts += &format!("{{\"act\":\"admit_member\",\"member\":\"{member}\"}}\n");
        acts += &format!(
            "{{\"act\":\"record_support\",\"member\":\"{member}\",\"kind\":\"donation\",\"amount\":{{\"amount\":10000,\"currency\":\"USD\"}},\"given_on\":\"2026-01-01\",\"source\":\"gift{member}\"}}\n"
        );
    }
    let text = "rent the hall\\n\\nIt has a stage.";
    let hash = engine::digest::hex("rent the hall\n\nIt has a stage.".as_bytes());
    acts +=
        &format!("{{\"act\":\"propose_option\",\"member\":\"{first}\",\"decision\":\"hall\",\"text\":\"{text}\"}}\n");
    acts += &format!(
        "{{\"act\":\"nominate\",\"member\":\"{second}\",\"decision\":\"hall\",\"candidate\":\"{hash}\",\"share_ppm\":500000}}\n"
    );
    for item in 0..5 {
        acts += &format!(
            "{{\"act\":\"bring_item\",\"member\":\"{second}\",\"decision\":\"places\",\"item\":\"place-{item}\",\"title\":\"Place {item}\"}}\n"
        );
        acts += &format!(
            "{{\"act\":\"cast_ballot\",\"member\":\"{first}\",\"decision\":\"places\",\"item\":\"place-{item}\",\"share_ppm\":100000}}\n"
        );
    }
    place.write("begin.jsonl", acts);
    place.run(&["act", "home", "--file", "begin.jsonl", "--at", FOUNDED]).ends(0);
    let mut later = String::new();
    for member in [&first, &second] {
        later += &format!(
            "{{\"act\":\"cast_ballot\",\"member\":\"{member}\",\"decision\":\"hall\",\"share_ppm\":500000,\"scores\":{{\"{hash}\":1000000}}}}\n"
        );
    }
    place.write("later.jsonl", later);
    place.run(&["act", "home", "--file", "later.jsonl", "--at", "2026-01-10T12:00:00Z"]).ends(0);
    place
}

#[test]
fn kill_9_takes_each_decision_once() {
    let rounds = std::env::var("ROCHDALE_KILL_ROUNDS").map_or(ROUNDS, |number| number.parse().unwrap());
    let mut random = Random(20_261_201);
    let place = founded();
    let quiet = Place::empty();
    std::fs::create_dir(quiet.path("home")).unwrap();
    for file in std::fs::read_dir(place.path("home")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), quiet.path("home").join(file.file_name())).unwrap();
        }
    }
    let until = ["update", "home", "--until", UNTIL, "--json"];
    let (mut kills, mut tries, mut day) = (0, 0, 0);
    let mut from = BTreeSet::new();
    while kills < rounds {
        let to = Moment::parse(FOUNDED).unwrap().plus_seconds(day * 86_400).to_string();
        let arguments = ["update", "home", "--until", &to];
        let mut child = place.command(&arguments).stdout(Stdio::null()).spawn().unwrap();
        // A slow machine ends nothing in time: the fourth try for a day is left alone.
        if tries < 3 {
            std::thread::park_timeout(Duration::from_millis(5 + random.below(120)));
            let _ = child.kill();
        }
        let was_killed = ended(child, &arguments).is_none();
        kills += u64::from(was_killed);
        tries += 1;
        if !was_killed {
            (tries, day) = (0, day + i64::try_from(400 / rounds).unwrap().max(1));
        }
        if kills % ROUNDS_BETWEEN_CHECKS == 0 {
            from.insert(Coop::open_read(&place.path("home"), Moment(0)).unwrap().state().time);
        }
    }
    // The rest is a server's that catches up with all of it at its start.
    let serve = ["serve", "home", "--walk-in", "--listen", "127.0.0.1:0", "--clock-is-right"];
    let mut server = place.command(&serve).stdout(Stdio::null()).spawn().unwrap();
    std::thread::park_timeout(Duration::from_millis(200));
    let _ = server.kill();
    ended(server, &serve);
    for each in [&place, &quiet] {
        each.run(&until).ends(0);
        each.run(&["verify", "home"]).ends(0);
    }
    let standings = |place: &Place| place.run(&["standings", "home", "--json", "--at", UNTIL]).ends(0).json();
    let [siege, calm] = [&place, &quiet].map(standings);
    assert_eq!(siege, calm);
    let taken = |decision: &str| {
        let all = siege.as_array().unwrap();
        let one = all.iter().find(|one| one["decision"] == decision).unwrap();
        one["commitment"]["taken"].as_array().unwrap().len()
    };
    println!("{kills} kills before it was done, {} of them at other instants of the log", from.len());
    assert!(from.len() > 2, "the test saw too little");
    // Each day from 1 January 2026 to 30 March 2027 has ended; the 31st ends at the midnight after it.
    assert_eq!((taken("menu"), taken("hall")), (454, 1));
    let hall = siege.as_array().unwrap().iter().find(|one| one["decision"] == "hall").unwrap();
    assert_eq!(hall["commitment"]["taken"][0]["name"], "rent the hall");
    let state = |place: &Place| place.run(&["verify", "home", "--json"]).ends(0).json()[0]["state"].clone();
    assert_eq!(state(&place), state(&quiet), "and the states are one");
}
