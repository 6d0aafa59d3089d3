//! A server without a co-op: who may found one, and what is there before and after.

use std::path::Path;

use crate::site::{Answer, get, post, send};
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use tempfile::TempDir;
use web::{Door, FirstRun, FirstRunSettings, Limits, Reach, Transport, first_run_router};

pub struct Place {
    folder: TempDir,
    pub server: Router,
    code: String,
    pub cookie: String,
}

pub async fn place() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, code) = FirstRun::new(FirstRunSettings {
        front: std::sync::Arc::new(web::Front::new(Vec::new(), proof::issuer::List::default()).expect("random")),
        folder: folder.path().join("home"),
        door: Door::Invited,
        transport: Transport::Plain,
        limits: Limits::USUAL,
        reach: Reach::Loopback,
        snapshot_every: host::SNAPSHOT_EVERY,
        edition: engine::edition::newest_closed(),
        clock: host::ServerClock::Machine,
    })
    .expect("a first run");
    let mut server = first_run_router(first);
    let entered = send(&mut server, get(&format!("/found/{code}"), "")).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(entered.headers[LOCATION], "/found");
    Place { folder, server, code, cookie: cookies(&entered).remove(0) }
}

impl Place {
    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    pub async fn step(&mut self, fields: &[(&str, &str)]) -> Answer {
        let form = form(fields);
        send(&mut self.server, post("/found", &self.cookie, &form)).await
    }
}

pub fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all(SET_COOKIE).iter();
    let pairs = all.filter_map(|set| set.to_str().ok()?.split(';').next());
    pairs.map(str::to_owned).collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

pub const ANSWERS: [(&str, &str); 6] = [
    ("template", "worker"),
    ("name", "Our <i>co-op</i>"),
    ("purpose", "Good work"),
    ("currency", "eur"),
    ("time_zone", "Europe/Vienna"),
    ("settles_in", "60 days"),
];

/// The texts that a page carries in its text areas.
pub fn area(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\"");
    let rest = page.split(&start).nth(1).expect("the field");
    let rest = rest.split_once(">\n").expect("its text").1;
    let text = rest.split("</textarea>").next().expect("its end");
    let plain = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    plain.replace("&#39;", "'").replace("&#38;", "&")
}

pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no `{name}`: {page}"));
    rest.split('"').next().expect("its end").to_owned()
}

fn is_empty(folder: &Path) -> bool {
    !folder.exists()
}

#[tokio::test]
async fn nothing_is_shown_without_the_code() {
    let mut place = place().await;
    let wrong = "0".repeat(32);
    for cookie in ["", "rochdale_founder=", &format!("rochdale_founder={wrong}")] {
        for path in ["/", "/found"] {
            let answer = send(&mut place.server, get(path, cookie)).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(answer.text.contains("No co-op is here yet") && !answer.text.contains("<form"));
        }
        let answer = send(&mut place.server, post("/found", cookie, "go=questions")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = send(&mut place.server, get(&format!("/found/{wrong}"), "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.headers.contains_key(SET_COOKIE));
    let answer = send(&mut place.server, get("/me", "")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let health = send(&mut place.server, get("/health", "")).await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(health.text.contains("no co-op"));
    assert!(is_empty(&place.home()));
}

#[tokio::test]
async fn wrong_codes_are_soon_too_many_and_the_right_one_works() {
    let mut place = place().await;
    let wrong = format!("/found/{}", "0".repeat(32));
    for _ in 0..20 {
        send(&mut place.server, get(&wrong, "")).await;
    }
    let answer = send(&mut place.server, get(&wrong, "")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let right = format!("/found/{}", place.code);
    let answer = send(&mut place.server, get(&right, "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn other_names_and_other_sites_found_nothing() {
    let mut place = place().await;
    let cookie = place.cookie.clone();
    let request = |host: &str, site: &str| {
        Request::post("/found")
            .header(HOST, host)
            .header("cookie", &cookie)
            .header("sec-fetch-site", site)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("go=found"))
            .expect("a request")
    };
    let answer = send(&mut place.server, request("evil.test", "same-origin")).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    let answer = send(&mut place.server, request("localhost:1844", "cross-site")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(is_empty(&place.home()));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let mut place = place().await;
    let cookie = place.cookie.clone();
    for path in ["/", "/found", "/found/x", "/health", "/nothing"] {
        let answer = send(&mut place.server, get(path, &cookie)).await;
        let policy = answer.headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "same-origin", "{path}");
    }
}

#[tokio::test]
async fn mistakes_lose_nothing_and_write_nothing() {
    let mut place = place().await;
    let mut answers = ANSWERS.to_vec();
    answers[3] = ("currency", "<EURO>");
    let page = place.step(&[&answers[..], &[("go", "rules")]].concat()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for typed in ["Our &#60;i&#62;co-op", "Good work", "&#60;EURO&#62;", "Europe/Vienna"] {
        assert!(page.text.contains(typed), "no {typed}: {}", page.text);
    }
    assert!(!page.text.contains("<i>") && !page.text.contains("<EURO>"));

    let page = place.step(&[&ANSWERS[..], &[("go", "rules")]].concat()).await;
    assert_eq!(page.status, StatusCode::OK);
    let kernel = area(&page.text, "kernel");
    let wrong = area(&page.text, "constitution").replace("settles-in", "setles-in");
    let filled = hidden(&page.text, "filled");
    let texts = [
        ("kernel", kernel.as_str()),
        ("constitution", wrong.as_str()),
        ("filled", filled.as_str()),
        ("founder", "member-<001>"),
        ("list", "worker-list"),
    ];
    for go in ["rules", "found"] {
        let page = place.step(&[&ANSWERS[..], &texts, &[("go", go)]].concat()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{go}");
        assert!(page.text.contains("Did you mean `settles-in`?"), "{go}");
        assert_eq!(area(&page.text, "constitution"), wrong, "{go}");
        assert!(page.text.contains("member-&#60;001&#62;"), "{go}");
    }
    // Back to the questions and forth again, the edit is still there.
    let page = place.step(&[&ANSWERS[..], &texts, &[("go", "questions")]].concat()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("setles-in"));
    assert!(is_empty(&place.home()));
}

#[tokio::test]
async fn what_was_founded_is_served_and_the_code_is_good_for_nothing() {
    let mut place = place().await;
    let page = place.step(&[&ANSWERS[..], &[("go", "rules")]].concat()).await;
    assert!(page.text.contains("In plain words"));
    assert!(page.text.contains("value=\"worker-list\" checked"));
    let (kernel, constitution) = (area(&page.text, "kernel"), area(&page.text, "constitution"));
    // Browsers send lines that end in CRLF.
    let sent = kernel.replace('\n', "\r\n");
    let filled = hidden(&page.text, "filled");
    let all = [
        ("kernel", sent.as_str()),
        ("constitution", constitution.as_str()),
        ("filled", filled.as_str()),
        ("founder", "member-001"),
        ("list", "worker-list"),
        ("go", "found"),
    ];
    let done = place.step(&[&ANSWERS[..], &all].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(done.headers[LOCATION], "/invitations?done=founded");
    let session = cookies(&done).remove(0);
    assert!(session.starts_with("rochdale_session="), "{session}");
    let home = place.home();
    let read = |name: &str| std::fs::read_to_string(home.join(name)).expect("a document");
    assert_eq!((read("kernel.md"), read("constitution.md")), (kernel, constitution));
    assert!(home.join("rochdale.db").is_file());

    let me = send(&mut place.server, get("/me", &session)).await;
    assert_eq!(me.status, StatusCode::OK);
    assert!(me.text.contains("<h1>member-001</h1>"));
    let health = send(&mut place.server, get("/health", "")).await;
    assert_eq!(health.status, StatusCode::OK);
    let cookie = place.cookie.clone();
    for path in ["/found".to_owned(), format!("/found/{}", place.code)] {
        let answer = send(&mut place.server, get(&path, &cookie)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let again = send(&mut place.server, post("/found", &cookie, &form(&ANSWERS))).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_co_op_that_came_in_between_is_left_alone() {
    let mut place = place().await;
    let page = place.step(&[&ANSWERS[..], &[("go", "rules")]].concat()).await;
    let (kernel, constitution) = (area(&page.text, "kernel"), area(&page.text, "constitution"));
    std::fs::create_dir(place.home()).expect("a folder");
    std::fs::write(place.home().join("rochdale.db"), "theirs").expect("a file");
    let all = [
        ("kernel", kernel.as_str()),
        ("constitution", constitution.as_str()),
        ("founder", "member-001"),
        ("go", "found"),
    ];
    let answer = place.step(&[&ANSWERS[..], &all].concat()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("holds a co-op already") && answer.text.contains("member-001"));
    let theirs = std::fs::read_to_string(place.home().join("rochdale.db"));
    assert_eq!(theirs.expect("the file"), "theirs");
    assert_eq!(std::fs::read_dir(place.home()).expect("a folder").count(), 1);
}
