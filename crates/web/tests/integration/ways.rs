//! Ways in: who comes in by which, what a thief of a session may not, and what fifty at once come to.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use engine::{Actor, Pseudonym};
use host::gate::{FRESH_US, Seed};
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::{Currency, Moment};
use tempfile::TempDir;
use web::{App, Transport, router};

use crate::site::{Answer, encoded, get, post, send};

const LONG: &str = "toads cross the lane at dusk";
const WRONG: &str = "toads cross the lane at noon";

/// A club in a folder, so that there is a place for the key of seeds, with two members.
struct Club {
    coop: Arc<Shared>,
    server: Router,
    me: Pseudonym,
    other: Pseudonym,
    folder: TempDir,
}

impl Club {
    fn new() -> Club {
        let template = charter::template("club").expect("a template");
        let filled = template.fill("Club", Currency::parse("EUR").expect("a currency"));
        let rules = Charter::read(filled.kernel, filled.constitution).expect("rules");
        let folder = tempfile::tempdir().expect("a folder");
        host::init(folder.path(), &rules, false).expect("a co-op");
        let mut coop = Coop::open(folder.path(), clock::now()).expect("a co-op");
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let mut batch = coop.batch().expect("a batch");
        let me = batch.admit_founder(&person("member-001"), clock::now()).expect("admitted");
        let other = batch.member_for(&person("member-002"), Actor::Operator, clock::now()).expect("admitted");
        batch.commit().expect("kept");
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        let server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));
        Club { coop, server, me, other, folder }
    }

    /// Comes in by a link of the operator's; the cookie.
    async fn by_link(&mut self, member: Pseudonym) -> String {
        let code = self.coop.write(move |batch| batch.invite(member, None, 14, clock::now())).expect("invited");
        let answer = self.post(&format!("/invitation/{code}"), "", "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        cookie(&answer)
    }

    async fn post(&mut self, path: &str, cookie: &str, form: &str) -> Answer {
        send(&mut self.server, post(path, cookie, form)).await
    }

    async fn get(&mut self, path: &str, cookie: &str) -> Answer {
        send(&mut self.server, get(path, cookie)).await
    }

    /// Comes in by a link, and sets a password; the cookie.
    async fn with_password(&mut self) -> String {
        let cookie = self.by_link(self.me).await;
        let form = format!("password={0}&again={0}", encoded(LONG));
        let answer = self.post("/me/ways/password", &cookie, &form).await;
        assert_eq!(answer.headers[LOCATION], "/me/ways?done=way-added", "{}", answer.text);
        cookie
    }

    /// Sets up codes of a program; the seed.
    async fn with_codes(&mut self, cookie: &str) -> Seed {
        let page = self.get("/me/ways/totp", cookie).await;
        let text = hidden(&page.text, "seed");
        let seed = Seed::read(&text).expect("a seed");
        assert!(page.text.contains("<svg class=\"qr\"") && page.text.contains("otpauth://totp/Club:member-001"));
        let before = Moment(clock::now().0 - 30_000_000);
        let form = format!("seed={text}&code={}", seed.code_at(before));
        let answer = self.post("/me/ways/totp", cookie, &form).await;
        assert_eq!(answer.headers[LOCATION], "/me/ways?done=way-added", "{}", answer.text);
        seed
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let form = format!("name={}&password={}", encoded(name), encoded(password));
        self.post("/sign-in", "", &form).await
    }

    /// Has every session's proofs be older than five minutes; the server starts again.
    fn grow_old(&mut self) {
        let sessions = self.coop.read().sessions().expect("read");
        let age = |session: host::gate::Session| host::gate::Session {
            proved_us: session.proved_us.map(|at| at - FRESH_US),
            ..session
        };
        let older: Vec<_> = sessions.into_iter().map(|(hash, session)| (hash, age(session))).collect();
        let kept = self.coop.write(move |batch| older.iter().try_for_each(|(hash, one)| batch.put_session(hash, one)));
        kept.expect("kept");
        self.server = router(App::invited(Arc::clone(&self.coop), Transport::Plain).expect("an app"));
    }

    async fn is_in(&mut self, cookie: &str) -> bool {
        self.get("/me/ways", cookie).await.status == StatusCode::OK
    }
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no `{name}`: {page}"));
    rest.split('"').next().expect("its end").to_owned()
}

/// The page's alert: what is wrong.
fn alert(answer: &Answer) -> String {
    let rest = answer.text.split("role=\"alert\">").nth(1).unwrap_or_else(|| panic!("no alert: {}", answer.text));
    rest.split("</div>").next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_newcomer_adds_a_password_and_comes_in_again() {
    let mut club = Club::new();
    assert!(club.get("/", "").await.text.contains("href=\"/sign-in\""), "strangers find the page");
    let first = club.by_link(club.me).await;
    assert!(club.get("/me", &first).await.text.contains("Add a way in now"));
    let first = {
        let form = format!("password={0}&again={0}", encoded(LONG));
        assert_eq!(club.post("/me/ways/password", &first, &form).await.status, StatusCode::SEE_OTHER);
        first
    };
    assert!(!club.get("/me", &first).await.text.contains("Add a way in now"));
    club.post("/session/end", &first, "").await;
    let answer = club.sign_in(" Member-001 ", LONG).await;
    assert_eq!(
        (answer.status, answer.headers[LOCATION].to_str().expect("ASCII")),
        (StatusCode::SEE_OTHER, "/me?done=signed-in")
    );
    let again = cookie(&answer);
    assert!(again != first && club.is_in(&again).await && !club.is_in(&first).await);
    let pseudonym = club.me.to_string();
    assert_eq!(club.sign_in(&pseudonym, LONG).await.status, StatusCode::SEE_OTHER);
    let stored = std::fs::read(club.folder.path().join("rochdale.db")).expect("read");
    let has = |text: &str| stored.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(!has(LONG));
}

/// Neither words nor status say whether somebody is called so, and neither does how often one may try.
#[tokio::test]
async fn an_unknown_name_is_answered_as_a_wrong_password() {
    let mut club = Club::new();
    club.with_password().await;
    let (mut known, mut unknown, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..11 {
        for (name, seen) in [("member-001", &mut known), ("member-009", &mut unknown), ("member-002", &mut without)] {
            let answer = club.sign_in(name, WRONG).await;
            assert!(!answer.headers.contains_key(SET_COOKIE) && !answer.text.contains(WRONG));
            seen.push((answer.status, alert(&answer)));
        }
    }
    assert!(known == unknown && known == without);
    assert_eq!((known[9].0, known[10].0), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(club.sign_in("member-001", LONG).await.status, StatusCode::TOO_MANY_REQUESTS, "slowed, right or not");
    for path in ["/sign-in/recovery", "/sign-in/code", "/sign-in/alone"] {
        let answer = club.post(path, "", "name=member-001&code=00000-00000-00000-00000&half=0").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

#[tokio::test]
async fn a_password_that_others_guess_first_is_refused() {
    let mut club = Club::new();
    let cookie = club.by_link(club.me).await;
    for (password, again, says) in [
        ("shrt!x", "shrt!x", "15 letters"),
        ("fourteen sign.", "fourteen sign.", "15 letters"),
        ("passwordpassword", "passwordpassword", "commonest"),
        (LONG, WRONG, "not the same"),
    ] {
        let form = format!("password={}&again={}", encoded(password), encoded(again));
        let answer = club.post("/me/ways/password", &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(alert(&answer).contains(says) && !answer.text.contains(password), "{}", answer.text);
    }
    let long = "x1".repeat(65);
    let answer = club.post("/me/ways/password", &cookie, &format!("password={long}&again={long}")).await;
    assert!(alert(&answer).contains("128 letters"));
    assert!(club.coop.read().ways_in(club.me).expect("read").ways.is_empty());
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_good_once() {
    let mut club = Club::new();
    let first = club.with_password().await;
    let seed = club.with_codes(&first).await;
    let answer = club.sign_in("member-001", LONG).await;
    assert!(answer.status == StatusCode::OK && !answer.headers.contains_key(SET_COOKIE), "not yet");
    let half = hidden(&answer.text, "half");
    let answer = club.post("/sign-in/alone", "", &format!("half={half}")).await;
    assert!(!answer.headers.contains_key(SET_COOKIE), "a half is no whole");
    let code = seed.code_at(clock::now());
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={wrong}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={code}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let second = cookie(&answer);
    assert!(club.is_in(&second).await);
    let session = club.coop.read().sessions().expect("read").into_iter().map(|(_, one)| one);
    assert_eq!(session.filter(|one| one.second_us.is_some()).count(), 1);
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={code}")).await;
    assert!(!answer.headers.contains_key(SET_COOKIE), "the half is used up");
    let half = hidden(&club.sign_in("member-001", LONG).await.text, "half");
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={code}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "and so is the code");
}

/// Somebody who knows the password tries codes: after five they are slowed, and the member's other way is open.
#[tokio::test]
async fn wrong_codes_slow_codes_alone() {
    let mut club = Club::new();
    let first = club.with_password().await;
    club.with_codes(&first).await;
    let page = club.post("/me/ways/codes", &first, "").await;
    let codes = page.text.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("codes");
    let codes: Vec<String> = codes.split_whitespace().map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    let half = hidden(&club.sign_in("member-001", LONG).await.text, "half");
    let mut all = Vec::new();
    for number in 0..6 {
        let answer = club.post("/sign-in/code", "", &format!("half={half}&code=00000{number}")).await;
        all.push(answer.status);
    }
    // One of them may be right by chance, once in 170,000 runs.
    assert_eq!(all[5], StatusCode::TOO_MANY_REQUESTS, "{all:?}");
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={}", codes[0])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let answer = club.post("/sign-in/recovery", "", &format!("name=member-001&code={}", codes[1])).await;
    let back = cookie(&answer);
    assert!(club.is_in(&back).await);
    assert!(club.get("/", &first).await.text.contains("was changed in another browser"), "the first one is told");
    let answer = club.post("/sign-in/recovery", "", &format!("name=member-001&code={}", codes[1])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "each is good once");
    let answer = club.post("/sign-in/recovery", "", &format!("name=member-002&code={}", codes[2])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "and nobody else's");
    assert!(club.get("/me/ways", &first).await.text.contains("A recovery code was used."));
    club.post("/me/ways/seen", &first, "").await;
    assert!(!club.get("/", &first).await.text.contains("was changed in another browser"));
}

/// A thief of one session, whose member has proven nothing for five minutes, adds no way, removes none, and makes no token.
#[tokio::test]
async fn a_stolen_session_changes_no_way_in() {
    let mut club = Club::new();
    let stolen = club.with_password().await;
    club.grow_old();
    let id = club.coop.read().ways_in(club.me).expect("read").ways[0].id.clone();
    let password = format!("password={0}&again={0}", encoded(WRONG));
    for (path, form) in [
        ("/me/ways/password", password.as_str()),
        ("/me/ways/totp", "seed=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&code=0"),
        ("/me/ways/codes", ""),
        ("/me/ways/remove", &format!("way={id}")),
        ("/tokens", "name=till&read=yes&days=2"),
    ] {
        let answer = club.post(path, &stolen, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {}", answer.text);
        assert!(answer.headers[LOCATION].to_str().expect("ASCII").starts_with("/prove?then="), "{path}");
    }
    assert!(club.get("/me/ways/totp", &stolen).await.headers[LOCATION] == "/prove?then=/me/ways/totp");
    let kept = club.coop.read().ways_in(club.me).expect("read");
    assert!(kept.ways.len() == 1 && club.coop.read().tokens().expect("read").is_empty());
    // The member shows who they are: the session has another id, and the old one is good for nothing.
    let answer = club.post("/prove", &stolen, &format!("then=/tokens&password={}", encoded(WRONG))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = club.post("/prove", &stolen, &format!("then=/tokens&password={}", encoded(LONG))).await;
    assert_eq!(answer.headers[LOCATION], "/tokens?done=proven");
    let renewed = cookie(&answer);
    assert!(renewed != stolen && club.is_in(&renewed).await && !club.is_in(&stolen).await);
    assert_eq!(club.post("/tokens", &renewed, "name=till&read=yes&days=2").await.status, StatusCode::OK);
    let away = club.get("/prove?then=https://evil.test/", &renewed).await;
    assert!(!away.text.contains("evil.test"));
    let answer = club.post("/me/ways/remove", &renewed, &format!("way={id}")).await;
    assert!(answer.status == StatusCode::CONFLICT && alert(&answer).contains("last way"), "{}", answer.text);
}

#[tokio::test]
async fn browsers_are_listed_and_ended() {
    let mut club = Club::new();
    let first = club.with_password().await;
    let form = format!("name=member-001&password={}", encoded(LONG));
    let mut request = post("/sign-in", "", &form);
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    request.headers_mut().insert(USER_AGENT, agent.parse().expect("ASCII"));
    let second = cookie(&send(&mut club.server, request).await);
    let third = cookie(&club.sign_in("member-001", LONG).await);
    let other = club.by_link(club.other).await;
    let page = club.get("/me/ways", &first).await.text;
    assert_eq!(page.matches("name=\"session\"").count(), 2, "{page}");
    assert!(page.contains("Firefox, Linux") && !page.contains("140"));
    let id = hidden(&page, "session");
    let answer = club.post("/me/ways/end", &other, &format!("session={id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "another's");
    assert_eq!(club.post("/me/ways/end", &first, &format!("session={id}")).await.status, StatusCode::SEE_OTHER);
    let left = [club.is_in(&second).await, club.is_in(&third).await];
    assert_eq!(left.iter().filter(|is_in| **is_in).count(), 1);
    club.post("/tokens", &first, "name=till&read=yes&days=2").await;
    assert_eq!(club.post("/me/ways/end-all", &first, "").await.status, StatusCode::SEE_OTHER);
    assert!(club.is_in(&first).await && club.is_in(&other).await);
    assert!(!club.is_in(&second).await && !club.is_in(&third).await);
    let tokens = club.coop.read().tokens().expect("read");
    assert!(tokens.len() == 1 && !tokens[0].1.is_open(clock::now()));
    let stored = club.coop.read().sessions().expect("read");
    assert_eq!(stored.iter().filter(|(_, one)| one.member == club.me).count(), 1, "for good");
}

/// Somebody who has the password fills all places: the member comes in all the same, and signs them out.
#[tokio::test]
async fn the_seventeenth_browser_is_refused_with_a_way_out() {
    let mut club = Club::new();
    let first = club.with_password().await;
    for _ in 1..16 {
        assert_eq!(club.sign_in("member-001", LONG).await.status, StatusCode::SEE_OTHER);
    }
    let answer = club.sign_in("member-001", LONG).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(!answer.headers.contains_key(SET_COOKIE) && club.is_in(&first).await, "nobody is pushed out");
    let half = hidden(&answer.text, "half");
    let answer = club.post("/sign-in/alone", "", &format!("half={half}")).await;
    let alone = cookie(&answer);
    assert!(club.is_in(&alone).await && !club.is_in(&first).await);
    let answer = club.post("/sign-in/alone", "", &format!("half={half}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "it is good once");
    // A link is not used up where there is no place.
    for _ in 1..16 {
        club.sign_in("member-001", LONG).await;
    }
    let me = club.me;
    let code = club.coop.write(move |batch| batch.invite(me, None, 14, clock::now())).expect("invited");
    let path = format!("/invitation/{code}");
    assert_eq!(club.post(&path, "", "").await.status, StatusCode::CONFLICT);
    assert!(club.get(&path, "").await.text.contains("name=\"alone\""));
    let answer = club.post(&path, "", "alone=yes").await;
    assert_eq!(answer.headers[LOCATION], "/me?done=joined");
    assert!(club.is_in(&cookie(&answer)).await && !club.is_in(&alone).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_code_lets_one_in() {
    let mut club = Club::new();
    let first = club.with_password().await;
    let page = club.post("/me/ways/codes", &first, "").await;
    let code = page.text.split("<code>").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a code");
    let form = format!("name=member-001&code={code}");
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (mut server, form) = (club.server.clone(), form.clone());
            tokio::spawn(async move { send(&mut server, post("/sign-in/recovery", "", &form)).await.status })
        })
        .collect();
    let mut came = 0;
    for one in all {
        came += usize::from(one.await.expect("an answer") == StatusCode::SEE_OTHER);
    }
    assert_eq!(came, 1);
    assert_eq!(club.coop.read().ways_in(club.me).expect("read").codes_left(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_guesses_at_once_ten_are_looked_at() {
    let mut club = Club::new();
    club.with_password().await;
    let form = format!("name=member-001&password={}", encoded(WRONG));
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (mut server, form) = (club.server.clone(), form.clone());
            tokio::spawn(async move { send(&mut server, post("/sign-in", "", &form)).await.status })
        })
        .collect();
    let mut seen = Vec::new();
    for one in all {
        seen.push(one.await.expect("an answer"));
    }
    let count = |status: StatusCode| seen.iter().filter(|one| **one == status).count();
    assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), 40, "{seen:?}");
    assert_eq!(count(StatusCode::UNPROCESSABLE_ENTITY) + count(StatusCode::SERVICE_UNAVAILABLE), 10);
}

/// A link from the operator is recovery for somebody in the register: the other browsers are told.
#[tokio::test]
async fn a_link_for_a_member_is_told_to_their_browsers() {
    let mut club = Club::new();
    let first = club.with_password().await;
    let second = club.by_link(club.me).await;
    let told = |page: &str| page.contains("was changed in another browser");
    assert!(told(&club.get("/", &first).await.text) && !told(&club.get("/", &second).await.text));
    assert!(club.get("/me/ways", &first).await.text.contains("Somebody came in as you by a link"));
}

#[tokio::test]
async fn without_the_key_of_seeds_codes_on_paper_are_good() {
    let mut club = Club::new();
    let first = club.with_password().await;
    let seed = club.with_codes(&first).await;
    let page = club.post("/me/ways/codes", &first, "").await;
    let code = page.text.split("<code>").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a code");
    std::fs::remove_file(club.folder.path().join("gate.key")).expect("removed");
    let half = hidden(&club.sign_in("member-001", LONG).await.text, "half");
    let form = format!("half={half}&code={}", seed.code_at(clock::now()));
    let answer = club.post("/sign-in/code", "", &form).await;
    assert!(answer.text.contains("gate.key"), "{}", answer.text);
    let answer = club.post("/sign-in/code", "", &format!("half={half}&code={code}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_stranger_s_pages_of_ways_are_closed() {
    let mut club = Club::new();
    for path in ["/me/ways", "/me/ways/password", "/me/ways/totp", "/prove"] {
        assert_eq!(club.get(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/me/ways/seen", "/me/ways/remove", "/me/ways/codes", "/me/ways/end", "/me/ways/end-all", "/prove"] {
        assert_eq!(club.post(path, "", "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let page = club.get("/sign-in", "").await;
    assert_eq!(page.headers["cache-control"], "no-store");
}
