//! Links by mail: whom they let in, where, how often; and what is told to which address.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use engine::{Actor, Pseudonym};
use host::mail::{Letter, Post};
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::Currency;
use web::{App, Transport, router};

use crate::site::{Answer, encoded, get, post, send};

const LONG: &str = "toads cross the lane at dusk";
const MINE: &str = "member-001@example.org";

struct Club {
    coop: Arc<Shared>,
    server: Router,
    me: Pseudonym,
    other: Pseudonym,
}

impl Club {
    fn new() -> Club {
        let template = charter::template("club").expect("a template");
        let filled = template.fill("Club", Currency::parse("EUR").expect("a currency"));
        let rules = Charter::read(filled.kernel, filled.constitution).expect("rules");
        let mut coop = Coop::in_memory(rules, false, clock::now()).expect("a co-op");
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let mut batch = coop.batch().expect("a batch");
        let me = batch.admit_founder(&person("member-001"), clock::now()).expect("admitted");
        let other = batch.member_for(&person("member-002"), Actor::Operator, clock::now()).expect("admitted");
        batch.commit().expect("kept");
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        // Nothing listens there: letters wait, and the test reads them.
        let post = Post::by("smtp://127.0.0.1:1", "club@example.org", None).expect("a way out");
        let app = App::invited(Arc::clone(&coop), Transport::Plain).expect("an app");
        let server = router(app.mailing(post, "https://coop.example/").expect("kept"));
        Club { coop, server, me, other }
    }

    async fn post(&mut self, path: &str, cookie: &str, form: &str) -> Answer {
        send(&mut self.server, post(path, cookie, form)).await
    }

    async fn get(&mut self, path: &str, cookie: &str) -> Answer {
        send(&mut self.server, get(path, cookie)).await
    }

    async fn by_link(&mut self, member: Pseudonym) -> String {
        let code = self.coop.write(move |batch| batch.invite(member, None, 14, clock::now())).expect("invited");
        cookie(&self.post(&format!("/invitation/{code}"), "", "").await)
    }

    /// The letters so far, once everything that was handed in is written.
    fn letters(&self) -> Vec<Letter> {
        self.coop.write(|_| Ok::<_, host::Error>(())).expect("written");
        self.coop.read().letters().expect("read").into_iter().map(|(_, letter)| letter).collect()
    }

    /// The path of the link in the newest letter to an address.
    fn link(&self, to: &str) -> String {
        let letters = self.letters();
        let mut with_link = letters.iter().filter(|letter| letter.to == to && letter.text.contains("/mail/"));
        let text = &with_link.next_back().unwrap_or_else(|| panic!("no letter to {to}: {letters:?}")).text;
        let rest = text.split("https://coop.example").nth(1).expect("a link");
        rest.split_whitespace().next().expect("its end").to_owned()
    }

    /// Adds an address as the member of a browser.
    async fn add(&mut self, session: &str, address: &str) {
        let answer = self.post("/me/ways/address", session, &format!("address={}", encoded(address))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let both = format!("{session}; {}", cookie(&answer));
        let link = self.link(address);
        assert!(self.get(&link, &both).await.text.contains(address));
        let answer = self.post(&link, &both, "").await;
        assert_eq!(answer.headers[LOCATION], "/me/ways?done=way-added", "{}", answer.text);
    }

    async fn ask(&mut self, address: &str) -> Answer {
        self.post("/sign-in/mail", "", &format!("address={}", encoded(address))).await
    }
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

fn digits(answer: &Answer) -> String {
    let rest = answer.text.split("<code>").nth(1).expect("digits");
    rest.chars().take(6).collect()
}

#[tokio::test]
async fn a_link_lets_the_asking_browser_in_once() {
    let mut club = Club::new();
    let session = club.by_link(club.me).await;
    club.add(&session, MINE).await;
    assert!(club.get("/sign-in", "").await.text.contains("Send me a link"));
    let asked = club.ask(" Member-001@Example.org ").await;
    let (browser, first) = (cookie(&asked), club.link(MINE));
    assert!(!asked.text.contains(&first[6..]), "the page has no link");
    let page = club.get(&first, &browser).await;
    assert!(page.text.contains("Come in as member-001") && !page.headers.contains_key(SET_COOKIE));
    assert_eq!(page.headers["cache-control"], "no-store");
    // The newest alone is good.
    let asked = club.ask(MINE).await;
    let (browser, second) = (cookie(&asked), club.link(MINE));
    assert_eq!(club.post(&first, &browser, "").await.status, StatusCode::GONE);
    let answer = club.post(&second, &browser, "").await;
    assert_eq!(answer.headers[LOCATION], "/me?done=signed-in", "{}", answer.text);
    let session = cookie(&answer);
    assert_eq!(club.get("/me/ways/address", &session).await.status, StatusCode::OK, "coming in is a proof");
    assert_eq!(club.post(&second, &browser, "").await.status, StatusCode::GONE, "it is good once");
    assert!(!club.get(&second, &browser).await.text.contains("member-001"));
    let kept = serde_json::to_string(&club.coop.read().ways_in(club.me).expect("read")).expect("JSON");
    assert!(!kept.contains(&second[6..]));
}

/// A thief of the mailbox who asked for nothing, or who opens the member's link elsewhere, needs what the asking browser shows.
#[tokio::test]
async fn another_browser_shows_the_digits() {
    let mut club = Club::new();
    let session = club.by_link(club.me).await;
    club.add(&session, MINE).await;
    let asked = club.ask(MINE).await;
    let (link, digits) = (club.link(MINE), digits(&asked));
    let page = club.get(&link, "").await;
    assert!(page.text.contains("come in as member-001") && page.text.contains("name=\"digits\""));
    assert_eq!(club.post(&link, "", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(club.post(&link, "rochdale_mail=00", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = club.post(&link, "", &format!("digits={digits}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let asked = club.ask(MINE).await;
    let (link, right) = (club.link(MINE), self::digits(&asked));
    for number in 0..5 {
        let wrong = if right == format!("00000{number}") { "999999".to_owned() } else { format!("00000{number}") };
        assert!(!club.post(&link, "", &format!("digits={wrong}")).await.headers.contains_key(SET_COOKIE));
    }
    assert_eq!(
        club.post(&link, "", &format!("digits={right}")).await.status,
        StatusCode::GONE,
        "after five it is over"
    );
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_letter() {
    let mut club = Club::new();
    let session = club.by_link(club.me).await;
    club.add(&session, MINE).await;
    let before = club.letters().len();
    let (known, unknown) = (club.ask(MINE).await, club.ask("nobody@example.org").await);
    let plain = |answer: &Answer| answer.text.replace(&digits(answer), "");
    assert!(known.status == unknown.status && plain(&known) == plain(&unknown));
    assert_eq!(club.letters().len(), before + 1);
    for odd in ["", "no address", "a@b.c\r\nBcc: d@e.f"] {
        assert_eq!(plain(&club.ask(odd).await), plain(&known), "{odd}");
    }
    // Five an hour, the one that added the address among them; the answer is the same.
    for _ in 0..10 {
        assert_eq!(plain(&club.ask(MINE).await), plain(&known));
    }
    let to_me = club.letters().iter().filter(|letter| letter.text.contains("asked to sign in")).count();
    assert_eq!(to_me, 4);
}

#[tokio::test]
async fn a_link_adds_its_address_for_its_own_member_alone() {
    let mut club = Club::new();
    let (mine, other) = (club.by_link(club.me).await, club.by_link(club.other).await);
    let asked = club.post("/me/ways/address", &mine, &format!("address={}", encoded(MINE))).await;
    let (browser, link) = (cookie(&asked), club.link(MINE));
    for cookies in [browser.clone(), format!("{other}; {browser}")] {
        let answer = club.post(&link, &cookies, "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    }
    assert!(club.coop.read().ways_in(club.me).expect("read").ways.is_empty());
    assert_eq!(club.post(&link, &format!("{mine}; {browser}"), "").await.status, StatusCode::SEE_OTHER);
    // Another member cannot have it too.
    let asked = club.post("/me/ways/address", &other, &format!("address={}", encoded(MINE))).await;
    let link = club.link(MINE);
    let answer = club.post(&link, &format!("{other}; {}", cookie(&asked)), "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(club.coop.read().ways_in(club.other).expect("read").ways.is_empty());
    let answer = club.post("/me/ways/address", &mine, "address=nonsense").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A change is told to each address; one that was added just now cannot put itself back.
#[tokio::test]
async fn a_new_address_that_is_removed_stays_removed() {
    let mut club = Club::new();
    let session = club.by_link(club.me).await;
    club.add(&session, MINE).await;
    club.add(&session, "thief@example.org").await;
    let told = |club: &Club, words: &str| {
        club.letters().iter().filter(|letter| letter.to == MINE && letter.text.contains(words)).count()
    };
    assert!(told(&club, "Added: Mail address") >= 1);
    let form = format!("password={0}&again={0}", encoded(LONG));
    club.post("/me/ways/password", &session, &form).await;
    assert_eq!(told(&club, "Added: Password"), 1);
    let ways = club.coop.read().ways_in(club.me).expect("read").ways;
    let answer = club.post("/me/ways/remove", &session, &format!("way={}", ways[1].id)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(told(&club, "Removed: Mail address"), 1);
    let undo = club.letters().iter().filter(|letter| letter.text.contains("was removed from")).count();
    assert!(undo == 0 && club.coop.read().signs_in_as("thief@example.org").expect("read").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_link_lets_one_in() {
    let mut club = Club::new();
    let session = club.by_link(club.me).await;
    club.add(&session, MINE).await;
    let asked = club.ask(MINE).await;
    let (browser, link) = (cookie(&asked), club.link(MINE));
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (mut server, browser, link) = (club.server.clone(), browser.clone(), link.clone());
            tokio::spawn(async move { send(&mut server, post(&link, &browser, "")).await.status })
        })
        .collect();
    let mut came = 0;
    for one in all {
        came += usize::from(one.await.expect("an answer") == StatusCode::SEE_OTHER);
    }
    assert_eq!(came, 1);
}

#[tokio::test]
async fn letters_are_listed_for_keepers_without_their_words() {
    let mut club = Club::new();
    let (mine, other) = (club.by_link(club.me).await, club.by_link(club.other).await);
    club.add(&mine, MINE).await;
    let page = club.get("/mail", &mine).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("example.org") && !page.text.contains(MINE) && !page.text.contains("/mail/"));
    assert_ne!(club.get("/mail", &other).await.status, StatusCode::OK);
    assert_ne!(club.get("/mail", "").await.status, StatusCode::OK);
}
