//! The double itself: what it refuses, what it tells, and that it lives the same days by the same seed.

use serde_json::{Value, json};

use super::*;

fn forge(dialect: Dialect) -> World {
    let mut world = World::new(dialect);
    world.repository("coop-001", "tool");
    world.token("reads", "member-001", Access::Read);
    world.token("looks", "member-002", Access::Public);
    world.open_issue(0, "member-001", "Mend the roof", "It leaks.");
    world
}

fn issues(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::GitHub => ("/repos/coop-001/tool/issues", "comments"),
        Dialect::Gitea => ("/api/v1/repos/coop-001/tool/issues", "comments"),
        Dialect::GitLab => ("/api/v4/projects/coop-001%2Ftool/issues", "notes"),
    }
}

const ALL: [Dialect; 3] = [Dialect::GitHub, Dialect::Gitea, Dialect::GitLab];

#[test]
fn tokens_are_asked_for_and_say_what_they_may() {
    for dialect in ALL {
        let mut world = forge(dialect);
        let (path, comments) = issues(dialect);
        let comment = format!("{path}/1/{comments}");
        let body = json!({ "body": "Hello" });
        let mut status = |method: &str, path: &str, token: &str, body: &Value| {
            answer(&mut world, &Call::new(method, path, token, body)).status
        };
        assert_eq!(status("GET", path, "wrong", &Value::Null), 401, "{dialect:?}: a wrong token reads nothing");
        assert_eq!(status("GET", path, "", &Value::Null), 200, "{dialect:?}: everybody reads what is public");
        assert_eq!(status("POST", &comment, "", &body), 401, "{dialect:?}: nobody writes without a token");
        assert_eq!(status("POST", &comment, "reads", &body), 403, "{dialect:?}: one that reads does not write");
        assert_eq!(status("POST", &comment, "looks", &body), 201, "{dialect:?}: a stranger may comment");
        assert_eq!(
            status("POST", &comment, "forge-token", &json!({})),
            if dialect == Dialect::GitLab { 400 } else { 422 }
        );
        assert_eq!(status("GET", &format!("{path}/77"), "forge-token", &Value::Null), 404);
        let close = json!({ "state": "closed", "state_event": "close" });
        let method = if dialect == Dialect::GitLab { "PUT" } else { "PATCH" };
        assert_eq!(
            status(method, &format!("{path}/1"), "looks", &close),
            403,
            "{dialect:?}: a stranger closes nothing"
        );
        world.repositories[0].private = true;
        let hidden = answer(&mut world, &Call::new("GET", path, "looks", &Value::Null));
        assert_eq!(hidden.status, 404, "{dialect:?}: what is private is not there");
        assert_eq!(answer(&mut world, &Call::new("GET", path, "reads", &Value::Null)).status, 200);
    }
}

#[test]
fn gitea_wants_labels_by_their_ids() {
    let mut world = forge(Dialect::Gitea);
    let id = world.make_label(0, "backed", "00aa00");
    let path = "/api/v1/repos/coop-001/tool/issues/1/labels";
    let mut add =
        |labels: Value| answer(&mut world, &Call::new("POST", path, "forge-token", &json!({ "labels": labels })));
    let refused = add(json!(["backed"]));
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("cannot unmarshal string"), "{refused:?}");
    assert_eq!(add(json!([4_711])).value(), json!([]), "an id of nothing is passed over");
    assert_eq!(add(json!([id])).value()[0]["name"], "backed");
}

#[test]
fn unknown_words_are_refused() {
    let (mut world, patch) =
        (forge(Dialect::GitHub), |body| Call::new("PATCH", "/repos/coop-001/tool/issues/1", "forge-token", &body));
    assert_eq!(answer(&mut world, &patch(json!({ "state": "shut" }))).status, 422);
    assert_eq!(answer(&mut world, &patch(json!({ "state": "closed", "state_reason": "bored" }))).status, 422);
    let mut world = forge(Dialect::GitLab);
    let put =
        Call::new("PUT", "/api/v4/projects/coop-001%2Ftool/issues/1", "forge-token", &json!({ "state_event": "shut" }));
    assert_eq!(answer(&mut world, &put).status, 400);
}

#[test]
fn closing_twice_closes_once() {
    for dialect in ALL {
        let mut world = forge(dialect);
        let (path, method) = (issues(dialect).0, if dialect == Dialect::GitLab { "PUT" } else { "PATCH" });
        let close = json!({ "state": "closed", "state_event": "close" });
        for _ in 0..2 {
            let done = answer(&mut world, &Call::new(method, &format!("{path}/1"), "forge-token", &close));
            assert_eq!(done.value()["state"], "closed", "{dialect:?}: {done:?}");
        }
        let closings = world.repositories[0].events.iter().filter(|event| matches!(event.what, Happening::Closed(_)));
        assert_eq!(closings.count(), 1, "{dialect:?}");
    }
}

/// GitHub's own published value, and one of each other dialect computed outside.
#[test]
fn deliveries_are_signed_over_their_bytes() {
    assert_eq!(
        hmac_hex("It's a Secret to Everybody", b"Hello, World!"),
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    );
    for dialect in ALL {
        let mut world = forge(dialect);
        world.hook(0, "http://127.0.0.1:9/hook", "secret");
        world.open_issue(0, "member-001", "Second", "");
        let deliveries = world.take_deliveries(None);
        assert_eq!(deliveries.len(), 1);
        let header = |name: &str| {
            let found = deliveries[0].headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let right = hmac_hex("secret", &deliveries[0].body);
        match dialect {
            Dialect::GitHub => assert_eq!(header("X-Hub-Signature-256"), format!("sha256={right}")),
            Dialect::Gitea => {
                assert_eq!((header("X-Gitea-Signature"), header("X-Forgejo-Signature")), (right.clone(), right.clone()))
            }
            Dialect::GitLab => assert_eq!(header("X-Gitlab-Token"), "secret"),
        }
        let mut other = deliveries[0].body.clone();
        other[3] ^= 1;
        assert_ne!(hmac_hex("secret", &other), right, "a changed byte has another signature");
        assert_ne!(hmac_hex("Secret", &deliveries[0].body), right, "another secret has another signature");
    }
}

#[test]
fn what_is_gone_is_told_as_each_forge_tells_it() {
    for (dialect, moved, deleted) in
        [(Dialect::GitHub, 301, 410), (Dialect::Gitea, 404, 404), (Dialect::GitLab, 200, 404)]
    {
        let mut world = forge(dialect);
        let other = world.repository("coop-001", "other");
        let at = world.open_issue(0, "member-001", "Goes away", "");
        world.delete(at, "member-001");
        let first = world.find_number(0, 1, Kind::Issue).unwrap();
        let there = world.transfer(first, "member-001", other).unwrap();
        assert_eq!(world.issue(there).unwrap().title, "Mend the roof");
        let mut status = |number: u64| {
            let path = format!("{}/{number}", issues(dialect).0);
            answer(&mut world, &Call::new("GET", &path, "forge-token", &Value::Null)).status
        };
        assert_eq!((status(1), status(2)), (moved, deleted), "{dialect:?}");
    }
}

#[test]
fn pages_lead_to_all_rows_once() {
    for dialect in ALL {
        let mut world = forge(dialect);
        for number in 0..130 {
            world.open_issue(0, "member-001", &format!("Issue {number}"), "");
        }
        let size = if dialect == Dialect::Gitea { "limit" } else { "per_page" };
        let mut next = Some(format!("{}?state=all&{size}=50", issues(dialect).0));
        let mut seen = Vec::new();
        while let Some(path) = next.take() {
            let shown = answer(&mut world, &Call::new("GET", &path, "forge-token", &Value::Null));
            seen.extend(shown.value().as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()));
            let link = shown.header("Link").unwrap_or_default();
            let part = link.split(", ").find(|part| part.ends_with("rel=\"next\""));
            next = part.map(|part| part[world.base.len() + 1..].split('>').next().unwrap().to_owned());
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 131, "{dialect:?}");
    }
}

#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    let mut world = forge(Dialect::GitHub);
    let mut call = Call::new("GET", "/repos/coop-001/tool/issues", "forge-token", &Value::Null);
    let mark = answer(&mut world, &call).header("ETag").unwrap().to_owned();
    call.headers.push(("if-none-match".to_owned(), mark));
    assert_eq!(answer(&mut world, &call).status, 304);
    world.open_issue(0, "member-001", "Another", "");
    assert_eq!(answer(&mut world, &call).status, 200);
}

#[test]
fn the_same_seed_lives_the_same_year() {
    let year = |seed| {
        let mut world = forge(Dialect::GitHub);
        world.repository("coop-001", "other");
        Year::new(seed).live(&mut world, 365);
        world
    };
    let (first, again, other) = (year(7), year(7), year(8));
    let told = |world: &World| format!("{:?}", world.repositories);
    assert_eq!(told(&first), told(&again));
    assert_ne!(told(&first), told(&other));
    let events = || first.repositories.iter().flat_map(|known| &known.events);
    let count = |fits: fn(&Happening) -> bool| events().filter(|event| fits(&event.what)).count();
    assert!(count(|what| matches!(what, Happening::Opened)) > 200);
    assert!(count(|what| matches!(what, Happening::Closed(_))) > 100);
    for fits in [
        (|what| matches!(what, Happening::Reopened)) as fn(&Happening) -> bool,
        |what| matches!(what, Happening::Renamed(..)),
        |what| matches!(what, Happening::Moved(_)),
        |what| matches!(what, Happening::Deleted),
        |what| matches!(what, Happening::Merged),
    ] {
        assert!(count(fits) > 5);
    }
}

/// Over a real connection: a lost answer leaves its write behind, an unheard call does not.
#[test]
fn faults_come_when_demanded() {
    use std::io::{Read as _, Write as _};
    let server = Server::start(forge(Dialect::GitHub)).unwrap();
    let send = || {
        let mut connection = std::net::TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
        let body = "{\"body\":\"Hello\"}";
        let head =
            "POST /repos/coop-001/tool/issues/1/comments HTTP/1.1\r\nHost: x\r\nAuthorization: token forge-token";
        write!(connection, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        let _ = connection.read_to_string(&mut answer);
        answer
    };
    let comments = || server.world().repositories[0].issues[0].comments.len();
    for (fault, begins, after) in [
        (Fault::LostAnswer, "", 1),
        (Fault::Unheard, "", 1),
        (Fault::Broken, "HTTP/1.1 500", 1),
        (Fault::BrokenAfter, "HTTP/1.1 502", 2),
        (Fault::Secondary { status: 429, retry_after: Some(7) }, "HTTP/1.1 429", 2),
        (Fault::Spent(60), "HTTP/1.1 403", 2),
        (Fault::NoJson, "HTTP/1.1 200", 2),
        (Fault::HalfAnswer, "HTTP/1.1 201", 3),
    ] {
        server.world().demands.push(Demand::next_write(fault));
        let answer = send();
        assert!(answer.starts_with(begins) && (begins.is_empty() == answer.is_empty()), "{fault:?}: {answer}");
        assert_eq!(comments(), after, "{fault:?}");
    }
    let answer = send();
    assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("X-RateLimit-Remaining"), "{answer}");
}
