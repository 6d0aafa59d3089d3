//! Invited members: who comes in by which link, and who does not.

use std::sync::Arc;

use crate::site::{Answer, get, post, send};
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{Request, StatusCode};
use engine::act::{Act, CastBallot, EndMembership, Stand};
use engine::{Actor, Edition, Pseudonym};
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::{Currency, Moment};
use web::{App, Transport, router};

const DAY_US: i64 = 86_400_000_000;
const HOSTILE: &str = "<script>alert(1)</script>";

/// A worker co-op of edition 1 that was founded just now, and what happens in it before it is served. Later editions have a
/// founding period of their own.
fn coop(before: impl FnOnce(&mut host::Batch<'_>, Pseudonym)) -> (Arc<Shared>, Pseudonym) {
    let template = charter::template_under("worker", Edition::ONE).expect("a template");
    let filled = template.fill(HOSTILE, Currency::parse("EUR").expect("a currency"));
    let rules = Charter::read_under(filled.kernel, filled.constitution, Edition::ONE).expect("rules");
    let mut coop = Coop::in_memory(rules, false, clock::now()).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let founder = admit(&mut batch, "member-001");
    batch.put_founder(founder).expect("kept");
    before(&mut batch, founder);
    batch.commit().expect("kept");
    (Arc::new(Shared::new(coop, ServerClock::Machine)), founder)
}

fn admit(batch: &mut host::Batch<'_>, name: &str) -> Pseudonym {
    let person = Person { name: name.to_owned(), ..Person::default() };
    let admitted = batch.member_for(&person, Actor::Operator, clock::now());
    admitted.expect("admitted")
}

fn end(batch: &mut host::Batch<'_>, member: Pseudonym) {
    let act = Act::EndMembership(EndMembership { member });
    let ended = batch.append(&act, Actor::Operator, "", "", clock::now());
    ended.expect("ended");
}

fn serve(house: &Arc<Shared>) -> Router {
    router(App::invited(Arc::clone(house), Transport::Plain).expect("an app"))
}

/// A server, and the code of an invitation for its founder.
fn invited() -> (Router, String) {
    let mut code = String::new();
    let (house, _) = coop(|batch, founder| {
        code = batch.invite(founder, None, 14, clock::now()).expect("invited");
    });
    (serve(&house), code)
}

async fn accept(server: &mut Router, code: &str) -> Answer {
    send(server, post(&format!("/invitation/{code}"), "", "")).await
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

/// Comes in by a link; the cookie.
async fn come_in(server: &mut Router, code: &str) -> String {
    let answer = accept(server, code).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers[LOCATION], "/me?done=joined");
    cookie(&answer)
}

/// The codes of the links that a page shows.
fn codes(page: &str) -> Vec<String> {
    let after = page.split("/invitation/").skip(1);
    after.map(|rest| rest.chars().take(32).collect()).collect()
}

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_and_coming_in_does() {
    let (mut server, code) = invited();
    for _ in 0..3 {
        let page = send(&mut server, get(&format!("/invitation/{code}"), "")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Come in as member-001"));
        assert!(!page.headers.contains_key(SET_COOKIE));
        assert_eq!(page.headers["cache-control"], "no-store");
        assert!(!page.text.contains("<script>alert"), "the co-op's name is only a name");
    }
    let cookie = come_in(&mut server, &code).await;
    let me = send(&mut server, get("/me", &cookie)).await;
    assert_eq!(me.status, StatusCode::OK);
    assert!(me.text.contains("Sign out") && !me.text.contains("Leave<") && !me.text.contains("Walk-in"));
    for answer in [accept(&mut server, &code).await, send(&mut server, get(&format!("/invitation/{code}"), "")).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text.contains("used already") && !answer.headers.contains_key(SET_COOKIE));
    }
}

#[tokio::test]
async fn links_that_are_over_let_nobody_in() {
    let past = Moment(clock::now().0 - 15 * DAY_US);
    let mut made = Vec::new();
    let (house, _) = coop(|batch, founder| {
        let expired = batch.invite(founder, None, 14, past).expect("invited");
        let gone = admit(batch, "member-002");
        let ended = batch.invite(gone, None, 14, clock::now()).expect("invited");
        end(batch, gone);
        let back = admit(batch, "member-003");
        let first = batch.invite(back, None, 14, clock::now()).expect("invited");
        batch.invite(back, None, 14, clock::now()).expect("invited");
        made = vec![(expired, "expired"), (ended, "membership"), (first, "taken back")];
    });
    let mut server = serve(&house);
    for (code, words) in made {
        let answer = accept(&mut server, &code).await;
        assert_eq!(answer.status, StatusCode::GONE, "{words}");
        assert!(answer.text.contains(words), "{}", answer.text);
        assert!(!answer.headers.contains_key(SET_COOKIE), "{words}");
    }
}

#[tokio::test]
async fn wrong_codes_are_nobody_and_a_right_one_works_whatever_came_before() {
    let (mut server, code) = invited();
    let wrong = "0".repeat(32);
    for tried in ["", "x", wrong.as_str(), &code[..31], "%00", "..%2F.."] {
        let answer = accept(&mut server, tried).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tried}");
        assert!(!answer.headers.contains_key(SET_COOKIE));
    }
    for _ in 0..20 {
        accept(&mut server, &wrong).await;
    }
    let answer = accept(&mut server, &wrong).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key(RETRY_AFTER));
    // Another link is not counted with it, and this one is right.
    let answer = accept(&mut server, &"1".repeat(32)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = accept(&mut server, &code).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_site_uses_no_link_up() {
    let (mut server, code) = invited();
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.test")],
        &[],
    ] {
        let mut request = Request::post(format!("/invitation/{code}"))
            .header(HOST, "localhost:1844")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = send(&mut server, request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    come_in(&mut server, &code).await;
}

#[tokio::test]
async fn a_restart_signs_nobody_out_and_signing_out_does() {
    let mut code = String::new();
    let (house, _) = coop(|batch, founder| {
        code = batch.invite(founder, None, 14, clock::now()).expect("invited");
    });
    let cookie = come_in(&mut serve(&house), &code).await;
    let mut again = serve(&house);
    let me = send(&mut again, get("/me", &cookie)).await;
    assert_eq!(me.status, StatusCode::OK);
    let out = send(&mut again, post("/session/end", &cookie, "")).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.headers[SET_COOKIE].to_str().expect("ASCII").contains("Max-Age=0"));
    for mut server in [again, serve(&house)] {
        let me = send(&mut server, get("/me", &cookie)).await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED);
        assert!(me.text.contains("not signed in") && !me.text.contains("/walk-in"));
    }
}

#[tokio::test]
async fn coming_in_again_ends_the_old_session() {
    let mut made = Vec::new();
    let (house, _) = coop(|batch, founder| {
        let other = admit(batch, "member-002");
        made.push(batch.invite(founder, None, 14, clock::now()).expect("invited"));
        made.push(batch.invite(other, None, 14, clock::now()).expect("invited"));
    });
    let mut server = serve(&house);
    let first = come_in(&mut server, &made[0]).await;
    let page = send(&mut server, get(&format!("/invitation/{}", made[1]), &first)).await;
    assert!(page.text.contains("you act as member-001 now"));
    let answer = send(&mut server, post(&format!("/invitation/{}", made[1]), &first, "")).await;
    let second = cookie(&answer);
    assert_ne!(first, second);
    let me = send(&mut server, get("/me", &second)).await;
    assert!(me.text.contains("<h1>member-002</h1>"));
    let me = send(&mut server, get("/me", &first)).await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_founder_invites_the_first_members() {
    let (mut server, code) = invited();
    let cookie = come_in(&mut server, &code).await;
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("because you founded") && page.text.contains("one of the workers"));
    let form = "names=member-002%0D%0A%3Cimg+src%3Dx%3E&list=worker-list";
    let made = send(&mut server, post("/invitations", &cookie, form)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let codes = codes(&made.text);
    assert_eq!(codes.len(), 2, "{}", made.text);
    assert!(made.text.contains("http://localhost:1844/invitation/") && !made.text.contains("<img"));
    let other = come_in(&mut server, &codes[0]).await;
    let me = send(&mut server, get("/me", &other)).await;
    assert!(me.text.contains("<h1>member-002</h1>"));
    // Shown once.
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert!(!page.text.contains("/invitation/") && page.text.contains("&#60;img src=x&#62;"));
    let id = page.text.split("name=\"invitation\" value=\"").nth(1).expect("an id");
    let form = format!("invitation={}", &id[..16]);
    let back = send(&mut server, post("/invitations/revoke", &cookie, &form)).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(accept(&mut server, &codes[1]).await.status, StatusCode::GONE);
    let back = send(&mut server, post("/invitations/revoke", &cookie, &form)).await;
    assert_eq!(back.status, StatusCode::NOT_FOUND);
}

/// The maker of a link could use it: so nobody makes one for a member who is there already.
#[tokio::test]
async fn no_page_makes_a_link_for_somebody_elses_membership() {
    let mut code = String::new();
    let (house, _) = coop(|batch, founder| {
        code = batch.invite(founder, None, 14, clock::now()).expect("invited");
        admit(batch, "member-002");
    });
    let mut server = serve(&house);
    let cookie = come_in(&mut server, &code).await;
    for name in ["member-002", "MEMBER-002", "member-001"] {
        let form = format!("names=member-009%0A{name}");
        let answer = send(&mut server, post("/invitations", &cookie, &form)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains("in the register already") && answer.text.contains("member-009"));
        assert!(codes(&answer.text).is_empty());
    }
    // Nobody was admitted along the way.
    let members = send(&mut server, get("/api/v1/members", &cookie)).await;
    assert!(!members.text.contains("member-009"), "{}", members.text);
    // One whom the founder invited can be invited anew until they come in.
    let invite = || post("/invitations", &cookie, "names=member-003");
    let first = codes(&send(&mut server, invite()).await.text);
    let second = codes(&send(&mut server, invite()).await.text);
    assert_eq!(accept(&mut server, &first[0]).await.status, StatusCode::GONE);
    come_in(&mut server, &second[0]).await;
    let third = send(&mut server, invite()).await;
    assert_eq!(third.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn members_without_the_power_invite_nobody() {
    let mut code = String::new();
    let (house, _) = coop(|batch, _| {
        let other = admit(batch, "member-002");
        code = batch.invite(other, None, 14, clock::now()).expect("invited");
    });
    let mut server = serve(&house);
    let cookie = come_in(&mut server, &code).await;
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("do not let you admit") && !page.text.contains("<textarea"));
    let answer = send(&mut server, post("/invitations", &cookie, "names=member-003")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    let answer = send(&mut server, get("/invitations", "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = send(&mut server, post("/invitations", "", "names=member-003")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sessions_and_codes_stand_nowhere_in_the_log() {
    let (mut server, code) = invited();
    let cookie = come_in(&mut server, &code).await;
    let id = cookie.split('=').nth(1).expect("an id").to_owned();
    assert_eq!(id.len(), 64);
    for path in ["/log", "/api/v1/log", "/members", "/"] {
        let page = send(&mut server, get(path, &cookie)).await;
        assert!(!page.text.contains(&code) && !page.text.contains(&id), "{path}");
    }
}

const KERNEL: &str = r#"# Home
```charter
kernel {
    name "home"
    purpose "Try invitations"
    currency "USD"
    time-zone "UTC"
    class "members" list="staff" { weight "1" }
    constitution { settles-in "30 days"; updates "daily at 01:00" }
    amend "never"
    fork carries="register" treasury="none"
}
```
"#;

const CONSTITUTION: &str = "# Rules\n```charter\noffice \"secretary\" { settles-in \"1 day\"; may \"admit\" }\n```\n";

/// A co-op of edition 2, founded 40 days ago, in which `member-001` alone has weight and has been the secretary for a month.
fn with_a_secretary() -> (Arc<Shared>, Pseudonym) {
    let begun = Moment(clock::now().0 - 40 * DAY_US);
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::TWO).expect("rules");
    let mut coop = Coop::in_memory(rules, false, begun).expect("a co-op");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let mut batch = coop.batch().expect("a batch");
    let member = batch.member_for(&person, Actor::Operator, begun).expect("admitted");
    batch.put_on_list("staff", member, Actor::Operator, begun).expect("listed");
    let decision = "secretary".to_owned();
    let scores = Some([(member.to_string(), 1_000_000)].into());
    let ballot =
        CastBallot { member, decision: decision.clone(), item: None, share_ppm: 400_000, scores, against: false };
    for act in [Act::Stand(Stand { member, decision }), Act::CastBallot(ballot)] {
        batch.append(&act, Actor::Operator, "", "", begun).expect("done");
    }
    batch.commit().expect("kept");
    let now = clock::now();
    coop.update_until(now, now).expect("updates");
    (Arc::new(Shared::new(coop, ServerClock::Machine)), member)
}

/// docs/spec/first-run.md: an office's admission is announced, and its link works once that has taken effect.
#[tokio::test]
async fn an_office_invites_whom_it_will_admit_later() {
    let (house, secretary) = with_a_secretary();
    let invite = move |batch: &mut host::Batch<'_>| batch.invite(secretary, None, 14, clock::now());
    let code = house.write(invite).expect("written");
    let mut server = serve(&house);
    let cookie = come_in(&mut server, &code).await;
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert!(page.text.contains("is announced, and takes effect on") && page.text.contains("/powers/waiting"));
    let made = send(&mut server, post("/invitations", &cookie, "names=member-009")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert!(made.text.contains("the link works once that has taken effect. It takes effect in "), "{}", made.text);
    let code = codes(&made.text).remove(0);
    // Before: the page says when, and nobody comes in.
    let path = format!("/invitation/{code}");
    let page = send(&mut server, get(&path, "")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Your admission is announced. It takes effect in "), "{}", page.text);
    assert!(page.text.contains("If your admission is taken back") && !page.text.contains("Come in as"));
    let early = accept(&mut server, &code).await;
    assert_eq!(early.status, StatusCode::SEE_OTHER);
    assert_eq!(early.headers[LOCATION], path);
    assert!(!early.headers.contains_key(SET_COOKIE));
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert!(page.text.contains("member-009") && page.text.contains("The admission is announced"));
    // Taken back, the link is nobody's and the name is free.
    let back = send(&mut server, post("/powers/waiting", &cookie, "number=1&do=take-back")).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert_eq!(send(&mut server, get(&path, "")).await.status, StatusCode::NOT_FOUND);
    let page = send(&mut server, get("/invitations", &cookie)).await;
    assert!(!page.text.contains("member-009"));
    let again = send(&mut server, post("/invitations", &cookie, "names=member-009")).await;
    let code = codes(&again.text).remove(0);
    // Three days later the admission has taken effect.
    let later = Moment(clock::now().0 + 3 * DAY_US);
    let run = move |batch: &mut host::Batch<'_>| batch.run_until(later, later);
    house.write(run).expect("written");
    let page = send(&mut server, get(&format!("/invitation/{code}"), "")).await;
    assert!(page.text.contains("Come in as member-009"), "{}", page.text);
    let cookie = come_in(&mut server, &code).await;
    let me = send(&mut server, get("/me", &cookie)).await;
    assert!(me.text.contains("<h1>member-009</h1>"));
}
