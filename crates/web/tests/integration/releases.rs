//! Releases as a maintainer, a patron and a stranger meet them: published by a form and by a program, fetched by session and by a link of
//! one's own, opened, withdrawn.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    HOST, RANGE, SET_COOKIE,
};
use axum::http::{Request, StatusCode};
use engine::act::{Act, Amount, RecordSupport, ReverseSupport};
use engine::{Actor, Edition, Pseudonym};
use host::gate::Scopes;
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::Moment;
use web::{App, Transport, router};

use crate::site::{Answer, get, post, post_file, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Try releases"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    votes "linear"
    constitution { settles-in "30 days"; updates "hourly" }
    founding { powers until "admit is held" }
    amend "2/3 of weight for 180 days"
}
```
"#;
const RULES: &str = "# Rules\n```charter\noffice \"maintainer\" { settles-in \"14 days\"; may \"release\" \"admit\" }\nrelease \"binaries\" { patrons-until \"400 USD\" }\n```\n";

/// Founded by `member-001`, who releases in place of the vacant maintainer; the second is to become a patron, the third is none.
struct Club {
    coop: Arc<Shared>,
    server: Router,
    members: Vec<Pseudonym>,
    cookies: Vec<String>,
}

impl Club {
    async fn new() -> Club {
        let rules = Charter::read_under(KERNEL.to_owned(), RULES.to_owned(), Edition::FOUR).expect("rules");
        let mut coop = Coop::in_memory(rules, false, clock::now()).expect("a co-op");
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let mut batch = coop.batch().expect("a batch");
        let mut members = vec![batch.admit_founder(&person("member-001"), clock::now()).expect("admitted")];
        for name in ["member-002", "member-003"] {
            members.push(batch.member_for(&person(name), Actor::Operator, clock::now()).expect("admitted"));
        }
        batch.commit().expect("kept");
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        let server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));
        let mut club = Club { coop, server, members, cookies: Vec::new() };
        for number in 0..3 {
            let member = club.members[number];
            let code = club.coop.write(move |batch| batch.invite(member, None, 14, clock::now())).expect("invited");
            let answer = send(&mut club.server, post(&format!("/invitation/{code}"), "", "")).await;
            let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
            club.cookies.push(set.split(';').next().expect("a pair").to_owned());
        }
        club
    }

    fn act(&self, act: Act) {
        let done = self.coop.write(move |batch| batch.append(&act, Actor::Operator, "", "", clock::now()).map(|_| ()));
        done.expect("done");
    }

    fn give(&self, member: usize, minor: i64, source: &str) {
        self.act(Act::RecordSupport(RecordSupport {
            member: self.members[member],
            kind: "donation".to_owned(),
            amount: Amount { amount: minor, currency: Some("USD".to_owned()), unit: None },
            given_at: Some(clock::now()),
            given_on: None,
            source: source.to_owned(),
            parts: 1,
            series: None,
            stands_months: None,
            book: None,
            service: None,
        }));
    }

    async fn get(&mut self, path: &str, cookie: &str) -> Answer {
        send(&mut self.server, get(path, cookie)).await
    }

    async fn publish(&mut self, member: usize, version: &str, file: Option<(&str, &[u8])>) -> Answer {
        let cookie = self.cookies[member].clone();
        send(&mut self.server, post_file("/releases/binaries", &cookie, &[("version", version)], file)).await
    }

    fn files_kept(&self) -> usize {
        let seen = self.coop.read();
        seen.state().files_named().len()
    }
}

const FILE: &str = "/releases/binaries/1.0/tool.zip";

#[tokio::test]
async fn a_release_is_for_patrons_until_it_opens_for_everybody() {
    let mut club = Club::new().await;
    let bytes: Vec<u8> = (0..600_000_u32).map(|byte| (byte % 251) as u8).collect();
    let sent = club.publish(0, "1.0", Some(("tool.zip", &bytes))).await;
    assert_eq!(
        (sent.status, sent.headers["location"].to_str().expect("ASCII")),
        (StatusCode::SEE_OTHER, "/releases/binaries?done=published"),
        "{}",
        sent.text
    );
    let [maintainer, patron, other] = [0, 1, 2].map(|member| club.cookies[member].clone());
    for cookie in ["", &maintainer, &patron, &other] {
        let answer = club.get(FILE, cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.starts_with("This opens nothing."), "{}", answer.text);
    }
    club.give(1, 1, "gift:1");
    let answer = club.get(FILE, &patron).await;
    assert_eq!((answer.status, answer.bytes), (StatusCode::OK, 600_000));
    let head = |answer: &Answer, name| answer.headers[name].to_str().expect("ASCII").to_owned();
    assert_eq!(head(&answer, CONTENT_DISPOSITION), "attachment; filename=\"tool.zip\"");
    assert_eq!(head(&answer, CONTENT_LENGTH), "600000");
    assert_eq!(head(&answer, CONTENT_TYPE), "application/zip");
    assert_eq!(head(&answer, CACHE_CONTROL), "no-store");
    assert!(answer.headers["content-security-policy"].to_str().expect("ASCII").contains("sandbox"));
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(club.get(FILE, &other).await.status, StatusCode::NOT_FOUND);
    let page = club.get("/releases/binaries", &patron).await.text;
    let hash = engine::digest::hex(&bytes);
    for told in [
        "585.9 KiB",
        hash.as_str(),
        "For members with support",
        "You have support",
        FILE,
        "400.00 USD open it to everyone",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let page = club.get("/releases", "").await.text;
    assert!(page.contains("tool.zip") && !page.contains(&format!("href=\"{FILE}\"")), "{page}");
    assert!(!page.contains("enctype"), "a stranger publishes nothing");
    // A refund ends it at once.
    let back = ReverseSupport {
        of: "gift:1".to_owned(),
        amount: None,
        given_at: Some(clock::now()),
        given_on: None,
        source: "back:1".to_owned(),
    };
    club.act(Act::ReverseSupport(back));
    assert_eq!(club.get(FILE, &patron).await.status, StatusCode::NOT_FOUND);
    // 400.00 USD in all open it, at the next update.
    club.give(2, 40_000, "gift:2");
    let next = club.coop.read().state().next_update;
    club.coop.write(move |batch| batch.run_until(next, next)).expect("counted");
    let mut request = get(FILE, "");
    request.headers_mut().insert("accept-encoding", "gzip".parse().expect("ASCII"));
    let answer = send(&mut club.server, request).await;
    assert_eq!((answer.status, answer.bytes), (StatusCode::OK, 600_000));
    assert!(!answer.headers.contains_key(CONTENT_ENCODING), "it has its own length");
    assert_eq!(head(&answer, CACHE_CONTROL), "public, max-age=3600");
    let mut request = get(FILE, "");
    request.headers_mut().insert(RANGE, "bytes=300000-".parse().expect("ASCII"));
    let answer = send(&mut club.server, request).await;
    assert_eq!((answer.status, answer.bytes), (StatusCode::PARTIAL_CONTENT, 300_000));
    assert_eq!(head(&answer, CONTENT_RANGE), "bytes 300000-599999/600000");
    let home = club.get("/", "").await.text;
    assert!(home.contains("1.0 is open to everyone now: binaries"), "{home}");
    let feed = club.get("/feeds/changes.atom", "").await.text;
    assert!(feed.contains("1.0 is open to everyone now: binaries") && feed.contains("/releases/binaries"), "{feed}");
    // Withdrawn, it is nobody's.
    let gone = send(&mut club.server, post("/releases/binaries/withdraw", &other, "version=1.0")).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "not by who has no power");
    let gone = send(&mut club.server, post("/releases/binaries/withdraw", &maintainer, "version=1.0")).await;
    assert_eq!(gone.headers["location"], "/releases/binaries?done=release-withdrawn");
    assert_eq!(club.get(FILE, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(club.files_kept(), 0);
    assert!(club.get("/releases/binaries", "").await.text.contains("Withdrawn on"));
}

#[tokio::test]
async fn a_link_of_one_s_own_works_without_a_session_and_ends() {
    let mut club = Club::new().await;
    club.publish(0, "1.0", Some(("tool.zip", b"abc"))).await;
    let patron = club.cookies[1].clone();
    club.give(1, 500, "gift:1");
    let made = send(&mut club.server, post("/releases", &patron, "")).await;
    let key = |page: &str| page.split_once("/fetch/").expect("a link").1.split('/').next().expect("a key").to_owned();
    let first = key(&made.text);
    assert_eq!(first.len(), 32);
    assert!(
        made.text.contains(&format!("curl -O http://localhost:1844/fetch/{first}/binaries/1.0/tool.zip")),
        "{}",
        made.text
    );
    assert!(!club.get("/releases", &patron).await.text.contains(&first), "it is shown once");
    let path = |key: &str| format!("/fetch/{key}/binaries/1.0/tool.zip");
    let answer = club.get(&path(&first), "").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "abc"));
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    // Renewed, the older one ends.
    let made = send(&mut club.server, post("/releases", &patron, "")).await;
    let second = key(&made.text);
    assert_eq!(club.get(&path(&second), "").await.status, StatusCode::OK);
    // A stranger cannot tell an old link from one that never was, nor from one whose member has no support.
    let never = club.get(&path(&"0".repeat(32)), "").await;
    let older = club.get(&path(&first), "").await;
    let back = ReverseSupport {
        of: "gift:1".to_owned(),
        amount: None,
        given_at: Some(clock::now()),
        given_on: None,
        source: "back:1".to_owned(),
    };
    club.act(Act::ReverseSupport(back));
    let lapsed = club.get(&path(&second), "").await;
    for answer in [&older, &lapsed] {
        assert_eq!((answer.status, &answer.text), (StatusCode::NOT_FOUND, &never.text));
        assert_eq!(answer.headers, never.headers);
    }
    club.give(1, 500, "gift:2");
    assert_eq!(club.get(&path(&second), "").await.status, StatusCode::OK, "and it works again with support");
    for _ in 0..198 {
        assert_eq!(club.get(&path(&second), "").await.status, StatusCode::OK);
    }
    assert_eq!(club.get(&path(&second), "").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(send(&mut club.server, post("/releases", "", "")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_cannot_be_published_comes_back_with_words_and_leaves_nothing() {
    let mut club = Club::new().await;
    let none = club.publish(0, "1.0", None).await;
    assert!(
        none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text.contains("Choose at least one file."),
        "{}",
        none.text
    );
    let page = club.publish(0, "1.0", Some(("page.html", b"<script>"))).await;
    assert!(page.status == StatusCode::CONFLICT && page.text.contains("which browsers carry out"), "{}", page.text);
    let odd = club.publish(0, "../1", Some(("a", b"1"))).await;
    assert!(odd.status == StatusCode::CONFLICT && odd.text.contains("cannot be a version"), "{}", odd.text);
    let empty = club.publish(0, "1.0", Some(("a", b""))).await;
    assert!(empty.status == StatusCode::CONFLICT && empty.text.contains("has 0 bytes"), "{}", empty.text);
    let other = club.publish(2, "1.0", Some(("a", b"1"))).await;
    assert!(other.status == StatusCode::CONFLICT && other.text.contains("needs the power “release”"), "{}", other.text);
    assert_eq!(club.publish(0, "1.0", Some(("a", b"1"))).await.status, StatusCode::SEE_OTHER);
    let twice = club.publish(0, "1.0", Some(("a", b"2"))).await;
    assert!(twice.status == StatusCode::CONFLICT && twice.text.contains("came out before"), "{}", twice.text);
    let swept = club.coop.write(|batch| batch.sweep_uploads(Moment(i64::MAX))).expect("looked");
    assert_eq!(swept, 0, "of what was refused nothing is left");
}

#[tokio::test]
async fn a_program_publishes_by_a_token_that_acts() {
    let mut club = Club::new().await;
    let maintainer = club.members[0];
    let token = |scopes: Scopes, name: &'static str| {
        let made = club.coop.write(move |batch| {
            Ok::<_, host::Error>(batch.make_token(name, Some(maintainer), scopes, 30, clock::now()).expect("made"))
        });
        made.expect("kept")
    };
    let acts = token(Scopes { act: true, ..Scopes::default() }, "acts");
    let reads = token(Scopes { read: true, ..Scopes::default() }, "reads");
    let request = |token: &str| {
        let body = "--x7\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n2.0\r\n--x7\r\nContent-Disposition: form-data; name=\"files\"; filename=\"tool.tar.gz\"\r\n\r\nabc\r\n--x7--\r\n";
        Request::post("/api/v1/releases/binaries")
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x7")
            .body(Body::from(body))
            .expect("a request")
    };
    assert_eq!(send(&mut club.server, request(&reads)).await.status, StatusCode::UNAUTHORIZED);
    let done = send(&mut club.server, request(&acts)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let said: serde_json::Value = serde_json::from_str(&done.text).expect("JSON");
    assert_eq!((&said["version"], &said["waits"]), (&"2.0".into(), &false.into()));
    assert_eq!(said["files"][0]["media"], "application/gzip");
    let list: serde_json::Value = serde_json::from_str(&club.get("/api/v1/releases", "").await.text).expect("JSON");
    assert_eq!(list[0]["versions"][0]["files"][0]["sha256"], engine::digest::hex(b"abc"));
    assert!(list[0]["versions"][0]["files"][0]["href"].is_null(), "not for a stranger");
}
