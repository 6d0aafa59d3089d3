//! Passkeys by a software authenticator: added, proven by, removed; and whose answer is not taken.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use engine::{Actor, Edition};
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use proof::issuer::List;
use proof::passkey::Party;
use proof_double::{Question, Soft};
use quantity::Currency;
use serde_json::Value;
use web::{App, Front, Transport, router};

use crate::site::{Answer, encoded, get, post, send};

const ORIGIN: &str = "http://localhost:1844";

/// A server at `localhost`, and a link for each of two members.
pub fn server(list: List) -> (Router, Vec<String>) {
    let template = charter::template_under("worker", Edition::ONE).expect("a template");
    let filled = template.fill("Toad Lane", Currency::parse("EUR").expect("a currency"));
    let rules = Charter::read_under(filled.kernel, filled.constitution, Edition::ONE).expect("rules");
    let mut coop = Coop::in_memory(rules, false, clock::now()).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let links = ["member-001", "member-002"].map(|name| {
        let person = Person { name: name.to_owned(), ..Person::default() };
        let member = batch.member_for(&person, Actor::Operator, clock::now()).expect("admitted");
        batch.invite(member, None, 14, clock::now()).expect("invited")
    });
    batch.commit().expect("kept");
    let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
    let front = Front::new(vec![Party::of(ORIGIN).expect("an address")], list).expect("random");
    let app = App::invited(coop, Transport::Plain).expect("an app").behind(&Arc::new(front));
    (router(app), links.to_vec())
}

/// The cookies of a browser.
#[derive(Clone, Debug, Default)]
pub struct Browser(Vec<(String, String)>);

impl Browser {
    pub fn cookies(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn take(&mut self, answer: &Answer) {
        for set in answer.headers.get_all(SET_COOKIE) {
            let pair = set.to_str().expect("ASCII").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.0.retain(|(known, _)| known != name);
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    pub async fn get(&mut self, server: &mut Router, path: &str) -> Answer {
        let answer = send(server, get(path, &self.cookies())).await;
        self.take(&answer);
        answer
    }

    pub async fn post(&mut self, server: &mut Router, path: &str, form: &str) -> Answer {
        let answer = send(server, post(path, &self.cookies(), form)).await;
        self.take(&answer);
        answer
    }

    /// Comes in by a link.
    pub async fn by_link(server: &mut Router, code: &str) -> Browser {
        let mut browser = Browser::default();
        let answer = browser.post(server, &format!("/invitation/{code}"), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// Asks for the question that a page's script puts to the authenticator.
    async fn question(&mut self, server: &mut Router, path: &str) -> Question {
        let answer = self.post(server, path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
        assert_eq!(answer.headers["cache-control"], "no-store");
        let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && !set.contains("Domain"), "{set}");
        let options: Value = serde_json::from_str(&answer.text).expect("JSON");
        Question::of(&options, ORIGIN)
    }

    async fn adds(&mut self, server: &mut Router, soft: &mut Soft, name: &str) -> Answer {
        let question = self.question(server, "/me/ways/passkey/ask").await;
        let form = form(&soft.create(&question), name);
        self.post(server, "/me/ways/passkey", &form).await
    }

    async fn signs_in(&mut self, server: &mut Router, soft: &mut Soft) -> Answer {
        let question = self.question(server, "/sign-in/passkey/ask").await;
        let form = form(&soft.get(&question), "");
        self.post(server, "/sign-in/passkey", &form).await
    }
}

fn form(answer: &[u8], name: &str) -> String {
    format!("answer={}&name={}", encoded(std::str::from_utf8(answer).expect("JSON")), encoded(name))
}

fn leads_to(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers[LOCATION], path);
}

fn is_refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
    let sets = answer.headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
    assert!(!sets.into_iter().any(|set| set.starts_with("rochdale_session=")), "nobody comes in");
}

#[tokio::test]
async fn a_member_adds_a_passkey_signs_in_by_it_and_removes_it() {
    let (mut server, links) = server(List::default());
    let mut browser = Browser::by_link(&mut server, &links[0]).await;
    let page = browser.get(&mut server, "/me/ways/passkey").await;
    assert!(page.text.contains("data-passkey=\"add\"") && page.text.contains("/passkey.js"), "{}", page.text);
    let (mut phone, mut key) = (Soft::p256(), Soft::ed25519());
    leads_to(&browser.adds(&mut server, &mut phone, "my <phone>").await, "/me/ways?done=way-added");
    leads_to(&browser.adds(&mut server, &mut key, "").await, "/me/ways?done=way-added");
    assert_eq!(phone.owner, key.owner, "one handle for a member");
    let ways = browser.get(&mut server, "/me/ways").await.text;
    assert!(ways.contains("Passkey: my &#60;phone&#62;") && ways.contains("Passkey: localhost"), "{ways}");
    // A browser that was never here comes in without a name.
    let mut other = Browser::default();
    let page = other.get(&mut server, "/sign-in").await.text;
    assert!(page.contains("data-passkey=\"prove\""), "{page}");
    leads_to(&other.signs_in(&mut server, &mut phone).await, "/me?done=signed-in");
    assert!(other.get(&mut server, "/me").await.text.contains("member-001"));
    // It shows again who it is, and gets another id.
    let before = other.clone();
    let question = other.question(&mut server, "/prove/passkey/ask").await;
    let proof = format!("{}&then=/me/ways", form(&key.get(&question), ""));
    leads_to(&other.post(&mut server, "/prove/passkey", &proof).await, "/me/ways?done=proven");
    assert_eq!(before.clone().get(&mut server, "/me/ways").await.status, StatusCode::UNAUTHORIZED);
    // The telephone is removed, and opens nothing any more. The last way stays.
    let ids: Vec<String> = other
        .get(&mut server, "/me/ways")
        .await
        .text
        .split("name=\"way\" value=\"")
        .skip(1)
        .map(|rest| rest.chars().take(16).collect())
        .collect();
    leads_to(
        &other.post(&mut server, "/me/ways/remove", &format!("way={}", ids[0])).await,
        "/me/ways?done=way-removed",
    );
    is_refused(&Browser::default().signs_in(&mut server, &mut phone).await, "Nobody here has this passkey");
    let last = other.post(&mut server, "/me/ways/remove", &format!("way={}", ids[1])).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    leads_to(&Browser::default().signs_in(&mut server, &mut key).await, "/me?done=signed-in");
}

#[tokio::test]
async fn an_answer_is_good_once_in_the_browser_that_asked_and_for_what_it_asked() {
    let (mut server, links) = server(List::default());
    let mut browser = Browser::by_link(&mut server, &links[0]).await;
    let mut soft = Soft::p256();
    leads_to(&browser.adds(&mut server, &mut soft, "").await, "/me/ways?done=way-added");
    let mut other = Browser::default();
    let question = other.question(&mut server, "/sign-in/passkey/ask").await;
    let answer = form(&soft.get(&question), "");
    let asked = other.clone();
    is_refused(&Browser::default().post(&mut server, "/sign-in/passkey", &answer).await, "begin again");
    let mut second = Browser::default();
    second.question(&mut server, "/sign-in/passkey/ask").await;
    is_refused(&second.post(&mut server, "/sign-in/passkey", &answer).await, "begin again");
    // The answer to a sign-in is no proof of who is signed in, nor the other way round.
    let mut mixed = browser.clone();
    mixed.0.extend(asked.0.clone());
    is_refused(&mixed.post(&mut server, "/prove/passkey", &answer).await, "begin again");
    leads_to(&other.post(&mut server, "/sign-in/passkey", &answer).await, "/me?done=signed-in");
    is_refused(&asked.clone().post(&mut server, "/sign-in/passkey", &answer).await, "begin again");
    // Another member's browser adds nothing by this member's question.
    let mut thief = Browser::by_link(&mut server, &links[1]).await;
    let question = browser.question(&mut server, "/me/ways/passkey/ask").await;
    let made = form(&Soft::p256().create(&question), "");
    thief.0.extend(browser.0.iter().filter(|(name, _)| name == "rochdale_question").cloned());
    is_refused(&thief.post(&mut server, "/me/ways/passkey", &made).await, "begin again");
}

#[tokio::test]
async fn fifty_equal_answers_at_once_let_one_browser_in() {
    let (mut server, links) = server(List::default());
    let mut browser = Browser::by_link(&mut server, &links[0]).await;
    let mut soft = Soft::ed25519();
    leads_to(&browser.adds(&mut server, &mut soft, "").await, "/me/ways?done=way-added");
    let mut other = Browser::default();
    let question = other.question(&mut server, "/sign-in/passkey/ask").await;
    let (answer, cookies) = (form(&soft.get(&question), ""), other.cookies());
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (mut server, request) = (server.clone(), post("/sign-in/passkey", &cookies, &answer));
            tokio::spawn(async move { send(&mut server, request).await.status })
        })
        .collect();
    let mut came_in = 0;
    for one in all {
        came_in += usize::from(one.await.expect("answered") == StatusCode::SEE_OTHER);
    }
    assert_eq!(came_in, 1);
}

#[tokio::test]
async fn wrong_answers_are_refused_in_words_and_let_nobody_in() {
    let (mut server, links) = server(List::default());
    let mut browser = Browser::by_link(&mut server, &links[0]).await;
    let mut soft = Soft::p256();
    leads_to(&browser.adds(&mut server, &mut soft, "").await, "/me/ways?done=way-added");
    type Change = fn(&mut Question);
    let table: [(Change, &str); 6] = [
        (|question| question.origin = "http://localhost:1845".to_owned(), "at another address"),
        (|question| question.host = "example.org".to_owned(), "at another address"),
        (|question| question.cross_origin = true.into(), "inside a page of another address"),
        (|question| question.flags &= !4, "verified you"),
        (|question| question.kind = Some("webauthn.create"), "not taken"),
        (|question| question.names_owner = false, "not taken"),
    ];
    for (change, words) in table {
        let mut other = Browser::default();
        let mut question = other.question(&mut server, "/sign-in/passkey/ask").await;
        change(&mut question);
        let answer = form(&soft.get(&question), "");
        is_refused(&other.post(&mut server, "/sign-in/passkey", &answer).await, words);
    }
    let mut other = Browser::default();
    is_refused(&other.post(&mut server, "/sign-in/passkey", "answer=").await, "need scripts");
    other.question(&mut server, "/sign-in/passkey/ask").await;
    is_refused(&other.post(&mut server, "/sign-in/passkey", "answer=%7B").await, "not taken");
    let junk = format!("answer={}", "x".repeat(60_000));
    is_refused(&other.post(&mut server, "/sign-in/passkey", &junk).await, "not taken");
    is_refused(&browser.post(&mut server, "/me/ways/passkey", "answer=&name=x").await, "need scripts");
    // Nobody who is not signed in adds one, or is asked to.
    for path in ["/me/ways/passkey", "/me/ways/passkey/ask", "/prove/passkey", "/prove/passkey/ask"] {
        let answer = Browser::default().post(&mut server, path, "answer=x").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_counter_that_goes_back_is_told_to_the_members_other_browsers() {
    let (mut server, links) = server(List::default());
    let mut browser = Browser::by_link(&mut server, &links[0]).await;
    let mut soft = Soft::p256();
    soft.counter = 9;
    leads_to(&browser.adds(&mut server, &mut soft, "").await, "/me/ways?done=way-added");
    soft.counter = 3;
    leads_to(&Browser::default().signs_in(&mut server, &mut soft).await, "/me?done=signed-in");
    let page = browser.get(&mut server, "/me/ways").await.text;
    assert!(page.contains("counts fewer signatures than before"), "{page}");
    assert!(browser.get(&mut server, "/").await.text.contains("was changed in another browser"));
}

#[tokio::test]
async fn where_there_are_no_passkeys_the_page_says_so_and_where_to_go() {
    let (mut server, _) = server(List::default());
    for (host, words) in [
        ("127.0.0.1:1844", "<a href=\"http://localhost:1844\">"),
        ("coop.example", "begin with https"),
        ("localhost:1845", "<a href=\"http://localhost:1844\">"),
    ] {
        let at = |request: axum::http::request::Builder, body: &'static str| {
            let request = request.header(HOST, host).header("sec-fetch-site", "same-origin").header(COOKIE, "a=b");
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).expect("a request")
        };
        let page = send(&mut server, at(Request::get("/sign-in"), "")).await;
        assert!(page.text.contains(words) && !page.text.contains("data-passkey"), "{host} {}", page.text);
        let asked = send(&mut server, at(Request::post("/sign-in/passkey/ask"), "")).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND, "{host}");
    }
    let page = send(&mut server, get("/sign-in", "")).await;
    let policy = page.headers["permissions-policy"].to_str().expect("ASCII");
    assert!(policy.contains("publickey-credentials-get=(self)"), "{policy}");
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
}
