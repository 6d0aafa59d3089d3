//! A test co-op: made before the founding or beside a co-op, marked on each page, moved on by a press, and thrown away without a trace.

use std::collections::BTreeMap;
use std::path::Path;

use axum::body::Body;
use axum::http::header::{HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};

use crate::first_run::{ANSWERS, Place, area, cookies, hidden, place};
use crate::site::{get, post, send};

const MARK: &str = "This is a test.";

/// The answers and texts of a founder who has come to the last step.
async fn typed(place: &mut Place) -> Vec<(String, String)> {
    let page = place.step(&[&ANSWERS[..], &[("go", "rules")]].concat()).await;
    let mut typed: Vec<(String, String)> =
        ANSWERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for name in ["kernel", "constitution"] {
        typed.push((name.to_owned(), area(&page.text, name)));
    }
    typed.push(("filled".to_owned(), hidden(&page.text, "filled")));
    typed.push(("founder".to_owned(), "member-001".to_owned()));
    typed
}

async fn go(place: &mut Place, typed: &[(String, String)], go: &str) -> crate::site::Answer {
    let mut all: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.push(("go", go));
    place.step(&all).await
}

/// The day that the bar says.
fn day(page: &str) -> String {
    let (_, rest) = page.split_once("Here it is ").unwrap_or_else(|| panic!("no day: {page}"));
    rest.split('.').next().unwrap_or_default().to_owned()
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    found
}

#[tokio::test]
async fn a_founder_tries_the_rules_throws_them_away_and_founds() {
    let mut place = place().await;
    assert_eq!(send(&mut place.server, get("/test/", &place.cookie.clone())).await.status, StatusCode::NOT_FOUND);
    let mut typed = typed(&mut place).await;
    let made = go(&mut place, &typed, "test").await;
    assert_eq!((made.status, &made.headers[LOCATION]), (StatusCode::SEE_OTHER, &"/test/".parse().expect("ASCII")));
    let test = cookies(&made).remove(0);
    assert!(test.starts_with("rochdale_test="), "{test}");
    let set = made.headers[SET_COOKIE].to_str().expect("ASCII");
    assert!(set.contains("Path=/test;") && set.contains("HttpOnly"), "{set}");

    // Every page says what it is, and no address leads out of it.
    for path in
        ["/", "/decisions", "/constitution", "/issues", "/money", "/members", "/log", "/walk-in", "/api", "/none"]
    {
        let page = send(&mut place.server, get(&format!("/test{path}"), &test)).await;
        let expected = if path == "/none" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(page.status, expected, "{path}: {}", page.text);
        assert!(page.text.contains(MARK) && page.text.contains("Throw it away"), "{path}");
        for (start, rest) in page.text.match_indices("href=\"/").map(|(at, _)| (at, &page.text[at + 6..])) {
            assert!(rest.starts_with("/test/") || rest.starts_with("/static/"), "{path} {start}: {}", &rest[..40]);
        }
        assert!(!page.text.contains("action=\"/walk-in\""), "{path}");
        assert!(page.headers["content-security-policy"].to_str().expect("ASCII").contains("default-src 'none'"));
    }
    // Nobody else learns of it: without its cookie, with another, with the founder's.
    for cookie in ["", "rochdale_test=0", &place.cookie.clone()] {
        let answer = send(&mut place.server, get("/test/", cookie)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{cookie}");
        assert!(!answer.text.contains(MARK));
    }
    let foreign = Request::post("/test/end").header(HOST, "localhost").header("cookie", &test);
    let foreign = foreign.header("sec-fetch-site", "cross-site").body(Body::empty()).expect("a request");
    assert_eq!(send(&mut place.server, foreign).await.status, StatusCode::FORBIDDEN);

    // Members act: somebody walks in, and has weight from what was made up.
    let page = send(&mut place.server, get("/test/walk-in", &test)).await.text;
    for name in ["member-001", "member-012"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    let member = hidden_button(&page);
    let walked = send(&mut place.server, post("/test/walk-in", &test, &format!("member={member}"))).await;
    assert_eq!(walked.headers[LOCATION], "/test/me?done=walk-in", "{}", walked.text);
    let walk_in = walked.headers[SET_COOKIE].to_str().expect("ASCII");
    assert!(walk_in.contains("Path=/test;"), "{walk_in}");
    let both = format!("{test}; {}", cookies(&walked).remove(0));
    let me = send(&mut place.server, get("/test/me", &both)).await;
    assert!(me.text.contains("<h1>member-0") && me.text.contains(MARK), "{}", me.text);

    // Time goes forward by a press, and stays where the press was.
    let before = day(&me.text);
    let pressed = send(&mut place.server, post("/test/time", &both, "by=month&back=%2Fme")).await;
    assert_eq!(pressed.headers[LOCATION], "/test/me", "{}", pressed.text);
    let me = send(&mut place.server, get("/test/me", &both)).await;
    assert_ne!(day(&me.text), before);
    let odd = send(&mut place.server, post("/test/time", &both, "by=ever&back=%2Fme")).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let waiting = send(&mut place.server, get("/found", &place.cookie.clone())).await;
    assert!(waiting.text.contains("Your test co-op is open.") && waiting.text.contains("value=\"member-001\""));

    // Thrown away, nothing is left, and the founding goes on where it was.
    let ended = send(&mut place.server, post("/test/end", &both, "")).await;
    assert_eq!((ended.status, &ended.headers[LOCATION]), (StatusCode::SEE_OTHER, &"/found".parse().expect("ASCII")));
    assert_eq!(send(&mut place.server, get("/test/", &both)).await.status, StatusCode::NOT_FOUND);
    assert!(!place.home().exists(), "nothing was ever written");
    let page = send(&mut place.server, get("/found", &place.cookie.clone())).await;
    assert_eq!(area(&page.text, "kernel"), typed[6].1);
    assert!(!page.text.contains("Your test co-op is open."));
    typed.push(("list".to_owned(), "worker-list".to_owned()));
    let made = go(&mut place, &typed, "test").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let done = go(&mut place, &typed, "found").await;
    assert_eq!(done.headers[LOCATION], "/invitations?done=founded", "{}", done.text);
    let again = cookies(&made).remove(0);
    assert_eq!(
        send(&mut place.server, get("/test/", &again)).await.status,
        StatusCode::NOT_FOUND,
        "the founding ends it"
    );
    let session = cookies(&done).remove(0);
    let members = send(&mut place.server, get("/members", &session)).await;
    assert!(members.text.contains("member-001") && !members.text.contains("member-002"), "{}", members.text);
    assert!(!members.text.contains(MARK));
}

/// The first member whom the page of walking in offers.
fn hidden_button(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"member\" value=\"").unwrap_or_else(|| panic!("nobody: {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn beside_a_co_op_it_writes_nothing_into_it() {
    let mut place = place().await;
    let typed = typed(&mut place).await;
    let done = go(&mut place, &typed, "found").await;
    let session = cookies(&done).remove(0);
    let page = send(&mut place.server, get("/test-co-op", &session)).await;
    assert!(page.text.contains("Make a test co-op of these rules"), "{}", page.text);
    assert_eq!(send(&mut place.server, get("/test-co-op", "")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&mut place.server, post("/test-co-op", "", "do=make")).await.status, StatusCode::UNAUTHORIZED);
    let before = files(&place.home());
    let made = send(&mut place.server, post("/test-co-op", &session, "do=make")).await;
    assert_eq!(made.headers[LOCATION], "/test/", "{}", made.text);
    let test = format!("{session}; {}", cookies(&made).remove(0));
    let page = send(&mut place.server, get("/test/walk-in", &test)).await.text;
    let walked =
        send(&mut place.server, post("/test/walk-in", &test, &format!("member={}", hidden_button(&page)))).await;
    let test = format!("{test}; {}", cookies(&walked).remove(0));
    for press in ["count", "week", "month", "half-year"] {
        let pressed = send(&mut place.server, post("/test/time", &test, &format!("by={press}&back=%2F"))).await;
        assert_eq!(pressed.headers[LOCATION], "/test/", "{press}: {}", pressed.text);
    }
    let home = send(&mut place.server, get("/test/", &test)).await.text;
    assert!(home.contains(MARK), "{home}");
    // The co-op itself goes on, at its own addresses.
    let own = send(&mut place.server, get("/", &session)).await.text;
    assert!(!own.contains(MARK) && !own.contains("/test/"), "{own}");
    let nested = send(&mut place.server, get("/test/test-co-op", &test)).await;
    assert_eq!(nested.status, StatusCode::NOT_FOUND, "a test co-op has none of its own");
    assert_eq!(files(&place.home()), before, "not a byte of the co-op has changed");
    let ended = send(&mut place.server, post("/test/end", &test, "")).await;
    assert_eq!(ended.headers[LOCATION], "/test-co-op?done=test-ended");
    assert_eq!(send(&mut place.server, get("/test/", &test)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(files(&place.home()), before);
}
