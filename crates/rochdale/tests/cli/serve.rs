//! `serve` and `demo`: where they listen, who may do what, and how they end.

use std::net::TcpListener;

use crate::http::Server;
use crate::run::Place;

#[test]
fn walking_in_is_for_loopback_only() {
    let place = Place::founded();
    for address in
        ["0.0.0.0:0", "192.168.1.5:0", "10.0.0.1:1844", "[::]:0", "[fe80::1]:0", "[::ffff:10.0.0.1]:0", "8.8.8.8:80"]
    {
        place.run(&["serve", "home", "--walk-in", "--listen", address]).fails(2, "loopback only");
        place.run(&["demo", "--listen", address]).fails(2, "loopback only");
    }
}

#[test]
fn stores_that_are_not_there_are_bad_input() {
    let place = Place::founded();
    for (store, words) in [
        ("postgres://localhost/x", "not a store"),
        ("home/rochdale.db", "not a store"),
        ("sqlite:", "no data file"),
        ("sqlite:nowhere.db", "no data file"),
        ("sqlite:home", "no data file"),
    ] {
        place.run(&["serve", "home", "--store", store, "--listen", "127.0.0.1:0"]).fails(2, words);
    }
    assert!(!place.path("nowhere.db").exists());
}

#[test]
fn addresses_and_issuers_that_are_none_are_bad_input() {
    let place = Place::founded();
    let wrong = |further: &[&str], words: &str| {
        let all = [&["serve", "home", "--listen", "127.0.0.1:0"], further].concat();
        place.run(&all).fails(2, words);
    };
    wrong(&["--origin", "http://coop.example"], "passkeys need `https`");
    wrong(&["--origin", "https://10.0.0.1"], "not the number of a machine");
    wrong(&["--origin", "coop.example"], "not an address");
    wrong(&["--issuers", "none.json"], "none.json");
    std::fs::write(place.path("issuers.json"), r#"[{"name":"x","kind":"github","client":"c","secret_file":"s"}]"#)
        .unwrap();
    wrong(&["--issuers", "issuers.json"], "issuer 1 of the list: its `secret_file` cannot be read");
    std::fs::write(place.path("s"), "a-secret").unwrap();
    wrong(&["--issuers", "issuers.json", "--issuers-reach", "everywhere"], "is no reach");
    let server = Server::start(&place, &["--origin", "https://coop.example/", "--issuers", "issuers.json"]);
    let page = server.get("/sign-in").body;
    assert!(page.contains("Sign in with x") && !page.contains("a-secret"), "{page}");
}

#[test]
fn a_port_in_use_is_the_worlds_failure() {
    let place = Place::founded();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    place.run(&["serve", "home", "--listen", &address]).fails(3, "cannot listen on");
    place.run(&["status", "home"]).quietly();
}

#[test]
fn signals_end_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let place = Place::founded();
        let server = Server::start(&place, &[]);
        assert_eq!(server.get("/health").status, 200);
        assert_eq!(server.signal(signal), Some(0), "{signal}");
        // Nobody holds the file any more.
        place.run(&["update", "home", "--until", "2020-01-01"]).quietly();
    }
}

/// The demonstration lives in a folder that ends with it.
#[test]
fn the_demonstration_leaves_nothing() {
    let place = Place::empty();
    std::fs::create_dir(place.path("temporary")).unwrap();
    let mut command = place.command(&["demo", "--listen", "127.0.0.1:0"]);
    let server = Server::of(command.env("TMPDIR", place.path("temporary")));
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.signal("-TERM"), Some(0));
    assert_eq!(std::fs::read_dir(place.path("temporary")).unwrap().count(), 0);
}

/// Each template's co-op can be walked around in.
#[test]
fn every_template_has_a_demonstration() {
    let place = Place::empty();
    for template in charter::templates() {
        let arguments = ["demo", "--template", template, "--listen", "127.0.0.1:0"];
        let server = Server::of(&mut place.command(&arguments));
        for path in ["/", "/members", "/decisions", "/log", "/walk-in"] {
            assert_eq!(server.get(path).status, 200, "{template} {path}");
        }
        // Also those inside a constitution inside the constitution.
        let decisions = server.get("/decisions").body;
        let links = decisions.split("href=\"/decisions/").skip(1);
        let mut linked = 0;
        for link in links.filter_map(|rest| rest.split('"').next()) {
            let path = format!("/decisions/{link}");
            assert_eq!(server.get(&path).status, 200, "{template} {path}");
            linked += 1;
        }
        assert!(linked >= 4, "{template} {linked}");
        assert_eq!(server.signal("-TERM"), Some(0));
    }
    place.run(&["demo", "--template", "none"]).fails(2, "open-source");
}

/// The first act may come over HTTP: it founds the co-op.
#[test]
fn a_co_op_that_is_not_founded_is_served() {
    let place = Place::unfounded();
    let server = Server::start(&place, &["--walk-in"]);
    for path in ["/", "/members", "/money", "/log", "/api/v1/coop", "/api/v1/weights", "/api/v1/log"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    let answer = server.act(&[], r#"{"act":"stand","member":"m_0000000000001","decision":"maintainer"}"#);
    assert_eq!((answer.status, &answer.json()["number"]), (409, &6.into()), "{answer:?}");
}

/// Twice at once, ten times: one serves, the other ends with 3 and disturbs nothing.
#[test]
fn of_two_servers_one_serves() {
    let place = Place::founded();
    for _ in 0..10 {
        let first = Server::start(&place, &[]);
        place.run(&["serve", "home", "--listen", "127.0.0.1:0"]).fails(3, "in use");
        assert_eq!(first.get("/health").status, 200);
    }
}

/// Someone who never finishes a request does not hold the server up for good.
#[test]
fn half_a_request_does_not_stop_the_end() {
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    let half = server.send_half("POST /api/v1/acts HTTP/1.1\r\nHost: x");
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.signal("-TERM"), Some(0));
    drop(half);
}

#[test]
fn one_writes_and_all_may_read() {
    let place = Place::founded();
    let server = Server::start(&place, &["--walk-in"]);
    place.unchanged(|| {
        place.run(&["serve", "home", "--listen", "127.0.0.1:0"]).fails(3, "the data file is in use: process");
        // A server that takes no commands.
        std::fs::remove_file(place.path("home/rochdale.sock")).unwrap();
        for arguments in [
            &["act", "home", "--file", "begin.jsonl"][..],
            &["import", "members-csv", "members.csv", "--dir", "home"],
            &["update", "home", "--until", "2030-01-01"],
        ] {
            place.run(arguments).fails(3, "the data file is in use: process").says("Try again, or end it first");
        }
    });
    for arguments in [
        &["status", "home", "--json"][..],
        &["weights", "home"],
        &["standings", "home"],
        &["book", "home"],
        &["export", "home", "--format", "log", "--all"],
        &["verify", "home"],
        &["backup", "home", "copy.db"],
    ] {
        place.run(arguments).quietly();
    }
    let answer = server.act(&[], r#"{"act":"stand","member":"member-002","decision":"maintainer"}"#);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(place.stand()[0], answer.json()["receipt"]["entry"]);
}

#[test]
fn missed_updates_run_at_the_start() {
    let place = Place::unfounded();
    place.write("s.csv", "member,kind,amount,unit,given_at,source\nmember-001,donation,5,USD,2024-01-05,a\n");
    place.run(&["import", "support-csv", "s.csv", "--dir", "home", "--replay"]).quietly();
    assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["updates"], 0);
    let server = Server::start(&place, &[]);
    let log = server.get("/api/v1/log").json();
    let status = place.run(&["status", "home", "--json"]).ends(0).json();
    assert!(status["updates"].as_u64().unwrap() > 100, "{status} {log}");
    drop(server);
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn without_walk_in_it_is_read_only() {
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    place.unchanged(|| {
        for path in [
            "/",
            "/decisions",
            "/decisions/maintainer",
            "/issues",
            "/money",
            "/members",
            "/log",
            "/api",
            "/api/openapi.json",
            "/api/v1/coop",
            "/api/v1/weights",
            "/api/v1/decisions",
            "/api/v1/decisions/maintainer",
            "/api/v1/issues",
            "/api/v1/book",
            "/api/v1/members",
            "/api/v1/log",
        ] {
            assert_eq!(server.get(path).status, 200, "{path}");
        }
        let body = r#"{"act":"stand","member":"member-002","decision":"maintainer"}"#;
        let answer = server.act(&[], body);
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.head.contains("content-type: application/problem+json"), "{answer:?}");
        for path in [
            "/walk-in",
            "/me/shares",
            "/decisions/maintainer/ballot",
            "/issues/220/ballot",
            "/demo/update",
            "/walk-in/end",
        ] {
            let origin = format!("Origin: http://{}", server.address);
            let form = "Content-Type: application/x-www-form-urlencoded";
            let answer = server.send("POST", path, &[&origin, form], "member=member-001&share=1");
            assert!(answer.status >= 300, "{path}: {answer:?}");
        }
    });
}

#[test]
fn acts_over_http_are_answered_as_promised() {
    let place = Place::founded();
    let server = Server::start(&place, &["--walk-in"]);
    let ballot = r#"{"act":"cast_ballot","member":"member-001","decision":"issues","item":"220","share_ppm":50000,"scores":null,"against":false}"#;
    let first = server.act(&["Idempotency-Key: one"], ballot);
    assert_eq!(first.status, 200, "{first:?}");
    let receipt = first.json()["receipt"].clone();
    assert_eq!((&receipt["entry"], &receipt["repeated"]), (&7.into(), &false.into()), "{receipt}");
    assert_eq!(receipt["hash"].as_str().unwrap().len(), 64);
    place.unchanged(|| {
        let again = server.act(&["Idempotency-Key: one"], ballot);
        assert_eq!((again.status, &again.json()["receipt"]["repeated"]), (200, &true.into()));
        assert_eq!(again.json()["receipt"]["entry"], 7);
        let other = ballot.replace("50000", "50001");
        let long = "k".repeat(129);
        let huge = format!("{{\"act\":\"{}\"}}", "x".repeat(3_000_000));
        let wide = format!("{{\"act\":\"{}\"}}", "x".repeat(70_000));
        let form = server.send("POST", "/api/v1/acts", &["Content-Type: text/plain"], ballot);
        assert_eq!(form.status, 422, "{form:?}");
        for (status, headers, body) in [
            (422, &["Idempotency-Key: one"][..], other.as_str()),
            (422, &[&*format!("Idempotency-Key: {long}")], ballot),
            (422, &[], "nonsense"),
            (422, &[], ""),
            (422, &[], "{\"act\":\"stand\",\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"maintainer\"}"),
            (422, &[], "{\"act\":\"stand\",\"member\":\"member-099\",\"decision\":\"maintainer\"}"),
            (409, &[], "{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"nothing\"}"),
            (401, &[], "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"5\"}"),
            (413, &[], &huge),
            (422, &[], &wide),
            (421, &["Host: evil.example"], ballot),
            (403, &["Origin: http://evil.example"], ballot),
            (403, &["Sec-Fetch-Site: cross-site"], ballot),
        ] {
            let answer = server.act(headers, body);
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.head.contains("content-type: application/problem+json"), "{answer:?}");
            assert!(answer.body.len() < 10_000, "what was handed in is not repeated at length");
            let problem = answer.json();
            for field in ["type", "title", "status", "detail"] {
                assert!(problem.get(field).is_some(), "no `{field}`: {problem}");
            }
        }
    });
    let refused = server.act(&[], "{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"nothing\"}").json();
    assert_eq!((&refused["number"], &refused["name"]), (&12.into(), &"unknown-decision".into()));
}

#[test]
fn silent_connections_shut_nobody_out() {
    let place = Place::founded();
    let server = Server::start(&place, &["--read-only", "--connections", "20"]);
    let silent: Vec<_> = (0..60).map(|_| server.send_half("")).collect();
    let half: Vec<_> = (0..60).map(|_| server.send_half("GET / HTTP/1.1\r\nHost: a\r\n")).collect();
    for _ in 0..10 {
        assert_eq!(server.get("/health").status, 200);
        assert_eq!(server.get("/").status, 200);
    }
    drop((silent, half));
}

#[test]
fn a_request_that_does_not_come_ends() {
    let place = Place::founded();
    let server = Server::start(&place, &["--read-only", "--head-timeout", "1", "--body-timeout", "1"]);
    for half in ["GET / HTTP/1.1\r\nHost: a\r\n", "POST /api/v1/acts HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"]
    {
        let mut stream = server.send_half(half);
        let mut answer = Vec::new();
        // It ends by itself: nothing more is sent.
        let _ = std::io::Read::read_to_end(&mut stream, &mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
}

#[test]
fn limits_are_numbers_that_make_sense() {
    let place = Place::founded();
    for wrong in [
        ["--connections", "0"],
        ["--connections-by-address", "0"],
        ["--head-timeout", "0"],
        ["--body-timeout", "86401"],
        ["--idle-timeout", "1.5"],
        ["--answer-timeout", "x"],
        ["--costly-work", "0"],
        ["--trusted-proxy", "example.org"],
    ] {
        place.run(&["serve", "home", "--listen", "127.0.0.1:0", wrong[0], wrong[1]]).fails(2, wrong[0]);
    }
}

/// The last entry is years old: nothing is written until an operator says that the clock is right, by the socket.
#[test]
fn a_clock_far_ahead_of_the_log_is_doubted_until_an_operator_says_that_it_is_right() {
    let place = Place::unfounded();
    place.write("begin.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"220\"}\n");
    place.run(&["act", "home", "--file", "begin.jsonl", "--at", "2025-01-01"]).quietly();
    place.run(&["update", "home", "--clock-is-right"]).fails(2, "no server runs here");
    let serve = ["serve", "home", "--walk-in", "--listen", "127.0.0.1:0"];
    let (server, _) = Server::as_said(&mut place.command(&serve), 1);
    let health = server.get("/health");
    assert_eq!(health.status, 503);
    assert!(health.body.contains("more than a year after the last entry of 20"), "{health:?}");
    let home = server.get("/");
    assert_eq!(home.status, 200, "pages are read");
    assert!(home.body.contains("Nothing can be changed just now: the clock says"), "{}", home.body);
    place.run(&["update", "home", "--until", "2020-02-01"]).fails(2, "the clock says");
    place.run(&["update", "home", "--clock-is-right"]).quietly();
    assert_eq!(server.get("/health").status, 200);
    assert!(!server.get("/").body.contains("Nothing can be changed"));
}

/// Nobody but the owner reads what is made, and the lock is no link to somebody else's file.
#[test]
fn files_are_the_owners_own() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    place.run(&["backup", "home", "kept.db"]).quietly();
    place.run(&["restore", "kept.db", "again"]).quietly();
    let mut folders = vec![place.path("home"), place.path("again")];
    let mut seen = 0;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.path("kept.db")), 0o600);
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 7, "data, lock, socket, documents: {seen}");
    assert_eq!(server.signal("-TERM"), Some(0));
    let (lock, victim) = (place.path("home/rochdale.db.lock"), place.path("victim"));
    std::fs::write(&victim, "theirs").unwrap();
    std::fs::remove_file(&lock).unwrap();
    symlink(&victim, &lock).unwrap();
    place.run(&["update", "home", "--until", "2020-01-01"]).fails(3, "it is a link, which is not followed here");
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "theirs");
}
