//! People who ask to join: what a stranger sees and gets, what members answer, and what becomes of it.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use engine::{Edition, Pseudonym};
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use web::{App, Transport, router};

use crate::site::{Answer, encoded, get, post, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Let people in"
    currency "USD"
    time-zone "UTC"
    class "workers" list="worker-list" { weight "1"; join "request" }
    class "eaters" { weight "donated(ever) / 1 USD"; join "open" }
    class "friends" list="friend-list" { weight "1"; join "vote" }
    class "givers" { weight "donated(ever) / 1 USD"; join "gift of 10 USD" }
    class "elders" list="elder-list" { weight "1" }
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    founding { weight 1; until "support of 2 members"; powers until "admit is held" }
    leaving { notice "30 days"; ends "end of month"; pause "1 year" }
}
```
"#;
const CONSTITUTION: &str =
    "```charter\noffice \"registrar\" { settles-in \"1 day\"; may \"admit\"; may \"record\" \"donations\" }\n```\n";
const HOSTILE: &str = "<script>alert(1)</script>";

/// A server for invited members with one founder, and the cookie of their browser.
async fn served() -> (Arc<Shared>, Router, String) {
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::FIVE).expect("rules");
    let mut coop = Coop::in_memory(rules, false, clock::now()).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let founder = batch.admit_founder(&person, clock::now()).expect("admitted");
    let code = batch.invite(founder, None, 14, clock::now()).expect("invited");
    batch.commit().expect("kept");
    let house = Arc::new(Shared::new(coop, ServerClock::Machine));
    let mut server = router(App::invited(Arc::clone(&house), Transport::Plain).expect("an app"));
    let cookie = come_in(&mut server, &code).await;
    (house, server, cookie)
}

async fn come_in(server: &mut Router, code: &str) -> String {
    let answer = send(server, post(&format!("/invitation/{code}"), "", "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

async fn ask(server: &mut Router, name: &str, class: &str) -> Answer {
    send(server, post("/join", "", &format!("name={}&class={class}", encoded(name)))).await
}

fn code(page: &str) -> String {
    let (_, rest) = page.split_once("/invitation/").expect("a link");
    rest.chars().take(32).collect()
}

/// The applicant whom the first form of the page is about.
fn applicant(page: &str) -> Pseudonym {
    let (_, rest) = page.split_once("name=\"applicant\" value=\"").expect("a form");
    rest.split('"').next().expect("a value").parse().expect("a pseudonym")
}

#[tokio::test]
async fn a_stranger_asks_and_is_let_in_by_who_may_admit() {
    let (house, mut server, founder) = served().await;
    let home = send(&mut server, get("/", "")).await;
    assert!(home.text.contains("href=\"/join\""), "a stranger finds the door from home");
    let page = send(&mut server, get("/join", "")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("value=\"workers\"") && !page.text.contains("value=\"elders\""));
    let asked = ask(&mut server, HOSTILE, "workers").await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    assert_eq!(asked.headers["cache-control"], "no-store");
    let code = code(&asked.text);
    let link = send(&mut server, get(&format!("/invitation/{code}"), "")).await;
    assert!(link.text.contains("Those who may admit members say yes or no."), "{}", link.text);
    let early = send(&mut server, post(&format!("/invitation/{code}"), "", "")).await;
    assert!(!early.headers.contains_key(SET_COOKIE), "the link lets nobody in before");
    let list = send(&mut server, get("/applications", &founder)).await;
    assert!(list.text.contains("&#60;script&#62;") || list.text.contains("&lt;script&gt;"), "a name is only a name");
    assert!(!list.text.contains(HOSTILE));
    let who = applicant(&list.text);
    let strangers = send(&mut server, get("/applications", "")).await;
    assert!(!strangers.text.contains("name=\"applicant\""), "strangers get no form");
    let nobody = send(&mut server, post("/applications", "", &format!("applicant={who}&do=admit"))).await;
    assert_ne!(nobody.status, StatusCode::SEE_OTHER);
    let done = send(&mut server, post("/applications", &founder, &format!("applicant={who}&do=admit"))).await;
    assert_eq!(
        (done.status, &done.headers[LOCATION]),
        (StatusCode::SEE_OTHER, &"/applications?done=application-admitted".parse().expect("a path"))
    );
    let own = come_in(&mut server, &code).await;
    assert_eq!(send(&mut server, get("/me", &own)).await.status, StatusCode::OK);
    let me = house.read().state().members.index(who).expect("a member");
    assert!(house.read().state().members.is_active(me));
    house.write(|batch| batch.run_next_update(clock::now())).expect("an update");
    let log = send(&mut server, get("/log", "")).await;
    assert!(log.text.contains("asks to join the workers"), "the log says so");
}

#[tokio::test]
async fn a_refused_applicant_is_forgotten() {
    let (house, mut server, founder) = served().await;
    let asked = ask(&mut server, "member-002", "workers").await;
    let code = code(&asked.text);
    let list = send(&mut server, get("/applications", &founder)).await;
    let who = applicant(&list.text);
    let wrong =
        send(&mut server, post("/applications", &founder, &format!("applicant={who}&do=refuse&reason=hat"))).await;
    assert_eq!(wrong.status, StatusCode::CONFLICT);
    assert!(wrong.text.contains("member-002"), "the page is there once more");
    let body = format!("applicant={who}&do=refuse&reason=no-room");
    assert_eq!(send(&mut server, post("/applications", &founder, &body)).await.status, StatusCode::SEE_OTHER);
    assert_ne!(house.read().directory().name(who), "member-002");
    let link = send(&mut server, get(&format!("/invitation/{code}"), "")).await;
    assert_eq!(link.status, StatusCode::NOT_FOUND);
    let home = send(&mut server, get("/", &founder)).await;
    assert!(!home.text.contains("member-002"));
}

#[tokio::test]
async fn through_an_open_door_the_link_lets_in_at_once() {
    let (_, mut server, _) = served().await;
    let asked = ask(&mut server, "member-002", "eaters").await;
    assert!(asked.text.contains("You are a member"));
    let own = come_in(&mut server, &code(&asked.text)).await;
    assert!(send(&mut server, get("/me", &own)).await.text.contains("member-002"));
}

#[tokio::test]
async fn members_say_yes_or_no_and_a_gift_is_recorded() {
    let (house, mut server, founder) = served().await;
    ask(&mut server, "member-002", "friends").await;
    let list = send(&mut server, get("/applications", &founder)).await;
    let who = applicant(&list.text);
    // Founders' weight counts from the first update on: before it nobody has any.
    let said = send(&mut server, post("/applications", &founder, &format!("applicant={who}&do=yes"))).await;
    assert_eq!(said.status, StatusCode::CONFLICT, "{}", said.text);
    ask(&mut server, "member-003", "givers").await;
    let (giver, _) =
        house.read().state().applications.waiting().last().map(|(who, one)| (who, one.number)).expect("asked");
    let small = format!("applicant={giver}&do=gift&amount=9&day=2025-01-01&source=a");
    assert_eq!(send(&mut server, post("/applications", &founder, &small)).await.status, StatusCode::CONFLICT);
    let wrong = format!("applicant={giver}&do=gift&amount=much&day=2025-01-01&source=a");
    assert_eq!(
        send(&mut server, post("/applications", &founder, &wrong)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let gift = format!("applicant={giver}&do=gift&amount=10&day=2025-01-01&source=a");
    let done = send(&mut server, post("/applications", &founder, &gift)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(house.read().state().members.index(giver).is_some());
    let json = send(&mut server, get("/api/v1/applications", "")).await;
    let read: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    assert_eq!(read["waiting"].as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn what_is_typed_wrong_is_answered_in_place() {
    let (house, mut server, _) = served().await;
    for (name, class, words) in [
        ("member-001", "workers", "Somebody in the register has this name"),
        ("", "workers", "a name has 1 to 100 letters"),
        ("member-002", "elders", "Choose one of the doors"),
    ] {
        let page = ask(&mut server, name, class).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    for number in 0..30 {
        ask(&mut server, &format!("applicant-{number}"), "workers").await;
    }
    let more = ask(&mut server, "member-099", "workers").await;
    assert_eq!(more.status, StatusCode::TOO_MANY_REQUESTS, "one network does not fill the day");
    let waiting = house.read().state().applications.waiting().count();
    assert!(waiting <= 20, "{waiting}");
    let member = house.read().state().members.active_count();
    assert_eq!(member, 1);
}

#[tokio::test]
async fn a_member_rests_goes_on_and_leaves_from_a_page() {
    let (house, mut server, _) = served().await;
    let asked = ask(&mut server, "member-002", "eaters").await;
    let own = come_in(&mut server, &code(&asked.text)).await;
    assert!(send(&mut server, get("/me", &own)).await.text.contains("href=\"/membership\""));
    assert_ne!(send(&mut server, get("/membership", "")).await.status, StatusCode::OK, "strangers have none");
    let page = send(&mut server, get("/membership", &own)).await;
    assert!(page.text.contains("For 365 days at most"), "{}", page.text);
    let unsure = send(&mut server, post("/membership", &own, "do=leave")).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsure.text.contains("Say that you are sure."));
    let me = |name: &str| {
        let seen = house.read();
        let all =
            seen.state().members.indices().filter_map(|index| Some((index, seen.state().members.pseudonym(index)?)));
        let mut named = all.filter(|(_, who)| seen.directory().name(*who) == name);
        named.next().expect("a member").0
    };
    assert_eq!(send(&mut server, post("/membership", &own, "do=pause")).await.status, StatusCode::SEE_OTHER);
    assert!(house.read().state().members.rests(me("member-002")));
    assert!(send(&mut server, get("/membership", &own)).await.text.contains("Your membership rests since"));
    assert_eq!(send(&mut server, post("/membership", &own, "do=resume")).await.status, StatusCode::SEE_OTHER);
    let again = send(&mut server, post("/membership", &own, "do=pause")).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "one pause in 365 days");
    let left = send(&mut server, post("/membership", &own, "do=leave&sure=yes")).await;
    assert_eq!(left.headers[LOCATION], "/membership?done=notice");
    assert!(house.read().state().members.is_active(me("member-002")), "until the last day");
    let page = send(&mut server, get("/membership", &own)).await;
    assert!(page.text.contains("You gave notice"));
}
