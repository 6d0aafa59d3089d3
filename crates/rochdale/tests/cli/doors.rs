//! The doors beside the command line: the watched folder of a server, and tokens, each with the real program.

use serde_json::{Value, json};

use crate::http::Server;
use crate::run::Place;

const HEAD: &str = "member,kind,amount,unit,given_at,source\n";

/// Asks the server for something small until a file is there.
fn until_there(server: &Server, place: &Place, name: &str) {
    for _ in 0..200_000 {
        if place.path(name).exists() {
            return;
        }
        assert_eq!(server.get("/health").status, 200);
    }
    panic!("`{name}` never came");
}

#[test]
fn a_server_takes_what_is_dropped_into_its_folder() {
    let place = Place::founded();
    std::fs::create_dir(place.path("home/inbox")).unwrap();
    let server = Server::start(&place, &[]);
    place.write("home/inbox/good.csv", format!("{HEAD}member-001,donation,5,USD,2025-01-05,a\n"));
    place.write("home/inbox/wrong.csv", format!("{HEAD}member-001,donation,x,USD,2025-01-05,b\n"));
    until_there(&server, &place, "home/inbox/done/good.csv.report.txt");
    until_there(&server, &place, "home/inbox/refused/wrong.csv.report.txt");
    let good = place.read("home/inbox/done/good.csv.report.txt");
    assert!(good.starts_with("1 recorded, 0 known already\ndonation: 1 record, 5.00 USD\n"), "{good}");
    let wrong = place.read("home/inbox/refused/wrong.csv.report.txt");
    assert!(wrong.starts_with("nothing was imported\nwrong.csv:2:21: "), "{wrong}");
    assert!(!place.path("home/inbox/good.csv").exists() && !place.path("home/inbox/wrong.csv").exists());
    // The command says the same of the same bytes.
    drop(server);
    let other = Place::founded();
    other.write("good.csv", format!("{HEAD}member-001,donation,5,USD,2025-01-05,a\n"));
    let said = other.run(&["import", "support-csv", "good.csv", "--dir", "home"]).quietly();
    let lines =
        |text: &str| text.lines().filter(|line| !line.contains("report is kept")).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&said), lines(&good));
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn a_token_of_the_operator_records_and_is_ended() {
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    let made = place.run(&["token", "home", "till", "--record", "purchases", "--json"]).ends(0).json();
    let token = made["token"].as_str().unwrap().to_owned();
    assert_eq!(made["scopes"], "record purchase");
    let bearer = format!("Authorization: Bearer {token}");
    let record = |kind: &str, source: &str| {
        let unit = if kind == "hours" { "hours" } else { "USD" };
        let row = json!({ "member": "member-001", "kind": kind, "amount": "1.50", "unit": unit, "given_at": "2025-01-05", "source": source });
        server.send("POST", "/api/v1/facts", &["Content-Type: application/json", &bearer], &row.to_string())
    };
    assert_eq!(record("purchase", "till 1").json()["recorded"], 1);
    assert_eq!(record("purchase", "till 1").json()["known"], 1);
    assert_eq!(record("hours", "till 2").status, 422);
    let table = format!("{HEAD}member-001,purchase,5,USD,2025-01-05,till 3\n");
    let file = server.send("POST", "/api/v1/imports?name=day.csv", &["Content-Type: text/csv", &bearer], &table);
    assert_eq!(file.json()["files"], json!([{ "name": "day.csv", "kind": "support-csv", "records": 1 }]));
    for path in ["/me", "/tokens", "/record"] {
        assert_eq!(server.send("GET", path, &[&bearer], "").status, 401, "{path}");
    }
    let listed = place.run(&["token", "home", "--list", "--json"]).ends(0).json();
    let all: &Vec<Value> = listed["tokens"].as_array().unwrap();
    assert_eq!((all.len(), &all[0]["name"], &all[0]["is"]), (1, &json!("till"), &json!("open")));
    let id = all[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(place.run(&["token", "home", "--end", &id]).quietly(), "the token `till` is ended\n");
    place.run(&["token", "home", "--end", &id]).fails(1, "no open token has the id");
    assert_eq!(record("purchase", "till 4").status, 401);
    for (arguments, words) in [
        (&["token", "home", "x", "--record", "gold"][..], "`gold` is not a kind of record"),
        (&["token", "home", "x"][..], "say what the token is for"),
        (&["token", "home", "x", "--read"][..], "--as"),
        (&["token", "home", "x", "--record", "--for", "366"][..], "366"),
        (&["token", "home", "", "--record"][..], "the name of a token"),
    ] {
        place.unchanged(|| {
            place.run(arguments).fails(2, words);
        });
    }
    place.run(&["token", "home", "x", "--read", "--as", "nobody"]).fails(1, "nobody here is called `nobody`");
    let own = place.run(&["token", "home", "mine", "--read", "--as", "member-001", "--json"]).ends(0).json();
    let bearer = format!("Authorization: Bearer {}", own["token"].as_str().unwrap());
    assert_eq!(server.send("GET", "/api/v1/coop", &[&bearer], "").json()["me"]["name"], "member-001");
    drop(server);
    place.run(&["verify", "home"]).ends(0);
}
