//! Programs that come in by a token: what each may, for how long, and that it never may more than its giver.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, SET_COOKIE};
use axum::http::{Request, StatusCode};
use engine::act::{Act, CastBallot, EndMembership, Stand};
use engine::{Actor, Edition, Pseudonym};
use host::gate::Scopes;
use host::inbox::Kinds;
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::{Currency, Moment};
use serde_json::{Value, json};
use web::{App, Transport, router};

use crate::site::{Answer, get, post, send};

/// A club that was founded just now by `member-001`, with `member-002` in it.
struct Club {
    coop: Arc<Shared>,
    server: Router,
    founder: Pseudonym,
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
        let founder = batch.admit_founder(&person("member-001"), clock::now()).expect("admitted");
        batch.put_founder(founder).expect("kept");
        let other = batch.member_for(&person("member-002"), Actor::Operator, clock::now()).expect("admitted");
        batch.commit().expect("kept");
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        let server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));
        Club { coop, server, founder, other }
    }

    fn token(&self, member: Option<Pseudonym>, scopes: Scopes) -> String {
        let name = format!("till {}", self.coop.read().tokens().expect("read").len());
        let made = self.coop.write(move |batch| {
            Ok::<_, host::Error>(batch.make_token(&name, member, scopes, 30, clock::now()).expect("made"))
        });
        made.expect("kept")
    }

    async fn cookie(&mut self, member: Pseudonym) -> String {
        let code = self.coop.write(move |batch| batch.invite(member, None, 14, clock::now())).expect("invited");
        let answer = send(&mut self.server, post(&format!("/invitation/{code}"), "", "")).await;
        let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
        set.split(';').next().expect("a pair").to_owned()
    }

    async fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json");
        send(&mut self.server, request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    async fn record(&mut self, token: &str, source: &str, kind: &str) -> Answer {
        let unit = if kind == "hours" { "hours" } else { "EUR" };
        let row = json!({ "member": "member-002", "kind": kind, "amount": "1.50", "unit": unit, "given_at": today(), "source": source });
        self.ask("POST", "/api/v1/facts", token, &row.to_string()).await
    }
}

fn today() -> String {
    clock::now().to_string()
}

fn recording(kinds: &str) -> Scopes {
    Scopes { record: Some(Kinds::parse(kinds).expect("kinds")), ..Scopes::default() }
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.text))
}

#[tokio::test]
async fn a_till_records_a_thousand_rows_by_its_token() {
    let mut club = Club::new();
    let token = club.token(None, recording("purchase"));
    let row = |number: usize| json!({ "member": "member-002", "kind": "purchase", "amount": "1.50", "unit": "EUR", "given_at": today(), "source": format!("till {number}") });
    let rows: Vec<Value> = (0..1_000).map(row).collect();
    let answer =
        club.ask("POST", "/api/v1/imports", &token, &json!({ "rows": rows, "name": "monday" }).to_string()).await;
    let report = json_of(&answer);
    assert_eq!((&report["recorded"], &report["known"]), (&json!(1_000), &json!(0)), "{report}");
    assert_eq!(report["sums"][0]["amount"], 150_000);
    assert_eq!(report["by"], json!({ "member": null, "token": "till 0" }));
    let again = json_of(&club.ask("POST", "/api/v1/imports", &token, &json!({ "rows": rows }).to_string()).await);
    assert_eq!((&again["recorded"], &again["known"], &again["number"]), (&json!(0), &json!(1_000), &Value::Null));
    // One by one, they have one report for the day.
    for number in 0..3 {
        let answer = json_of(&club.record(&token, &format!("one {number}"), "purchase").await);
        assert_eq!((&answer["recorded"], &answer["number"]), (&json!(1), &json!(2)), "{answer}");
    }
    let report = json_of(&club.ask("GET", "/api/v1/imports/2", &token, "").await);
    assert_eq!(report["recorded"], 3);
    let list = json_of(&club.ask("GET", "/api/v1/imports", &token, "").await);
    assert_eq!(list["imports"].as_array().map(Vec::len), Some(2));
    let unnamed = club.record(&token, "", "purchase").await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unnamed.text);
}

const TILL: &str = r#"# Kernel
```charter
kernel {
    name "shop"
    purpose "Try a till"
    currency "EUR"
    time-zone "UTC"
    class "members" {
        weight "1"
    }
    votes "linear"
    constitution {
        settles-in "30 days"
        updates "weekly on monday at 01:00"
    }
    amend "2/3 of weight for 180 days"
    fork carries="register ledger rules" treasury="by weight of those who go"
}
```
"#;

/// A co-op of edition 3 with a till for purchases, whose holder is the first of two members.
fn till() -> Club {
    let constitution =
        "# Rules\n```charter\noffice \"till\" {\n    settles-in \"1 day\"\n    may \"record\" \"purchases\"\n}\n```\n";
    let rules = Charter::read_under(TILL.to_owned(), constitution.to_owned(), Edition::THREE).expect("rules");
    let day = Moment(clock::now().0 - 60 * 86_400_000_000);
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let mut member = |name: &str| {
        let person = Person { name: name.to_owned(), ..Person::default() };
        batch.member_for(&person, Actor::Operator, day).expect("admitted")
    };
    let (founder, other) = (member("member-001"), member("member-002"));
    let decision = || "till".to_owned();
    let scores = Some(std::iter::once((founder.to_string(), 1_000_000)).collect());
    let (item, share_ppm, against) = (None, 300_000, false);
    let ballot = CastBallot { member: founder, decision: decision(), item, share_ppm, scores, against };
    for act in [Act::Stand(Stand { member: founder, decision: decision() }), Act::CastBallot(ballot)] {
        batch.append(&act, Actor::Operator, "", "", day).expect("accepted");
    }
    batch.commit().expect("kept");
    coop.update_until(clock::now(), clock::now()).expect("counted");
    let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
    let server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));
    Club { coop, server, founder, other }
}

#[tokio::test]
async fn an_office_s_token_records_its_kinds_and_nothing_for_its_holder() {
    let mut club = till();
    let token = club.token(Some(club.founder), recording(""));
    let row = |member: &str, kind: &str, unit: &str, source: &str| {
        json!({ "member": member, "kind": kind, "amount": "1.50", "unit": unit, "given_at": today(), "source": source })
            .to_string()
    };
    let facts = "/api/v1/facts";
    let done = club.ask("POST", facts, &token, &row("member-002", "purchase", "EUR", "a")).await;
    assert_eq!(json_of(&done)["recorded"], 1, "{}", done.text);
    for (member, kind, unit, why) in [
        ("member-001", "purchase", "EUR", "nobody records what they gave themselves"),
        ("member-002", "hours", "hours", "needs the power `record`"),
        ("member-002", "dues", "EUR", "needs the power `record`"),
        ("member-003", "purchase", "EUR", "needs the power `admit`"),
    ] {
        let refused = club.ask("POST", facts, &token, &row(member, kind, unit, "b")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{member} {kind}: {}", refused.text);
        assert!(refused.text.contains(why), "{member} {kind}: {}", refused.text);
    }
    // A bridge records every kind in the server's name, and is not theirs to set up.
    let everything = club.token(Some(club.founder), Scopes { record: Some(Kinds::All), ..Scopes::default() });
    let bridge = json!({ "address": "https://github.com/owner/name", "counts": ["commits"] }).to_string();
    for (method, path, body) in [("GET", "/api/v1/bridges", ""), ("POST", "/api/v1/bridges", bridge.as_str())] {
        let refused = club.ask(method, path, &everything, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("in the server’s name"), "{}", refused.text);
    }
    // A whole file is taken or refused as one, and the log names the office.
    let rows = json!({ "rows": [
        { "member": "member-002", "kind": "purchase", "amount": "1.50", "unit": "EUR", "given_at": today(), "source": "c" },
        { "member": "member-002", "kind": "hours", "amount": "1", "unit": "hours", "given_at": today(), "source": "d" },
    ] });
    let refused = club.ask("POST", "/api/v1/imports", &token, &rows.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let mut by = Vec::new();
    let coop = club.coop.read();
    for seq in 1..=coop.head().seq {
        let entry = coop.entry(seq).expect("read").expect("an entry");
        let entry = String::from_utf8(entry).expect("UTF-8");
        by.extend(entry.contains("record_support").then_some(entry));
    }
    assert!(by.len() == 1 && by[0].contains("office till"), "{by:?}");
}

#[tokio::test]
async fn a_token_does_what_it_is_for_and_nothing_else() {
    let mut club = Club::new();
    let (founder, other) = (club.founder, club.other);
    let till = club.token(None, recording("purchase"));
    let wrong_kind = club.record(&till, "a", "hours").await;
    assert_eq!(wrong_kind.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong_kind.text.contains("`hours` may not be recorded by this token"), "{}", wrong_kind.text);
    let act = json!({ "act": "end_membership", "member": "member-002" }).to_string();
    assert_eq!(club.ask("POST", "/api/v1/acts", &till, &act).await.status, StatusCode::UNAUTHORIZED);
    // Of a member who may not record, no token may either.
    let greedy = club.token(Some(other), recording(""));
    let refused = club.record(&greedy, "a", "purchase").await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.text.contains("not-authorised"), "{}", refused.text);
    // The founder may, in the founding period.
    let founders = club.token(Some(founder), recording(""));
    assert_eq!(club.record(&founders, "a", "purchase").await.status, StatusCode::OK);
    let reader = club.token(Some(other), Scopes { read: true, ..Scopes::default() });
    let coop = json_of(&club.ask("GET", "/api/v1/coop", &reader, "").await);
    assert_eq!(coop["me"]["name"], "member-002", "{coop}");
    assert_eq!(club.ask("POST", "/api/v1/acts", &reader, &act).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(club.record(&reader, "b", "purchase").await.status, StatusCode::FORBIDDEN);
    let counts = json_of(&club.ask("GET", "/api/v1/imports", &reader, "").await);
    assert_eq!(counts["imports"][0]["recorded"], 1, "{counts}");
    // A token opens no page, and makes no token.
    for path in ["/me", "/tokens", "/record", "/imports"] {
        assert_eq!(club.ask("GET", path, &reader, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let actor = club.token(Some(other), Scopes { act: true, ..Scopes::default() });
    let foreign = json!({ "act": "end_membership", "member": "member-001" }).to_string();
    assert_eq!(club.ask("POST", "/api/v1/acts", &actor, &foreign).await.status, StatusCode::CONFLICT);
    assert_eq!(club.ask("POST", "/api/v1/acts", &actor, &act).await.status, StatusCode::OK);
    // With the membership the member's tokens end.
    for token in [&reader, &actor, &greedy] {
        assert_eq!(club.ask("GET", "/api/v1/coop", token, "").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_server_that_is_for_reading_takes_nothing_by_a_token() {
    let mut club = Club::new();
    let (till, other) = (club.token(None, recording("")), club.other);
    let reader = club.token(Some(other), Scopes { read: true, act: true, record: None });
    club.server = router(App::new(Arc::clone(&club.coop), web::Door::ReadOnly));
    let before = club.coop.read().head();
    assert_eq!(club.record(&till, "a", "purchase").await.status, StatusCode::FORBIDDEN);
    let act = json!({ "act": "end_membership", "member": "member-002" }).to_string();
    assert_eq!(club.ask("POST", "/api/v1/acts", &reader, &act).await.status, StatusCode::FORBIDDEN);
    assert_eq!(club.coop.read().head(), before);
    assert_eq!(json_of(&club.ask("GET", "/api/v1/coop", &reader, "").await)["me"]["name"], "member-002");
}

#[tokio::test]
async fn wrong_tokens_are_counted_and_a_right_one_always_works() {
    let mut club = Club::new();
    let right = club.token(None, recording(""));
    for _ in 0..20 {
        let wrong = club.ask("GET", "/api/v1/coop", "rochdale_0", "").await;
        assert_eq!(
            (wrong.status, &wrong.headers["www-authenticate"]),
            (StatusCode::UNAUTHORIZED, &"Bearer error=\"invalid_token\"".parse().expect("ASCII"))
        );
    }
    let wrong = club.ask("GET", "/api/v1/coop", "rochdale_0", "").await;
    assert!(!wrong.headers.contains_key("www-authenticate"));
    assert_eq!(wrong.status, StatusCode::TOO_MANY_REQUESTS, "{}", wrong.text);
    assert_eq!(club.ask("GET", "/api/v1/coop", &right, "").await.status, StatusCode::OK);
    assert_eq!(club.ask("GET", "/api/v1/coop", &right, "").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn members_make_and_end_their_tokens_on_a_page() {
    let mut club = Club::new();
    let (founder, other) = (club.founder, club.other);
    let cookie = club.cookie(founder).await;
    let page = send(&mut club.server, get("/tokens", &cookie)).await;
    assert!(page.text.contains("record what was given"), "{}", page.text);
    let form = "name=my+till&record=yes&kind=purchase&kind=dues&days=30";
    let made = send(&mut club.server, post("/tokens", &cookie, form)).await;
    assert_eq!(
        (made.status, made.headers["cache-control"].to_str().expect("ASCII")),
        (StatusCode::OK, "no-store"),
        "{}",
        made.text
    );
    let start = made.text.find("rochdale_").expect("the token");
    let token = made.text[start..].split('<').next().expect("its end").to_owned();
    assert_eq!(club.record(&token, "a", "purchase").await.status, StatusCode::OK);
    let listed = send(&mut club.server, get("/tokens", &cookie)).await.text;
    assert!(
        listed.contains("my till") && listed.contains("records dues, purchase") && !listed.contains(&token),
        "{listed}"
    );
    // Somebody who may not record is not offered to, and cannot.
    let others = club.cookie(other).await;
    let page = send(&mut club.server, get("/tokens", &others)).await;
    assert!(!page.text.contains("record what was given") && !page.text.contains("my till"), "{}", page.text);
    let refused = send(&mut club.server, post("/tokens", &others, form)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let bad = send(&mut club.server, post("/tokens", &others, "name=x&days=30")).await;
    assert!(
        bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.text.contains("say what the token is for"),
        "{}",
        bad.text
    );
    let id = listed.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
    let stolen = send(&mut club.server, post("/tokens/end", &others, &format!("token={id}"))).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    let ended = send(&mut club.server, post("/tokens/end", &cookie, &format!("token={id}"))).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(club.record(&token, "b", "purchase").await.status, StatusCode::UNAUTHORIZED);
    let gone = Act::EndMembership(EndMembership { member: founder });
    let left =
        club.coop.write(move |batch| batch.append(&gone, Actor::Member(founder), "", "", clock::now()).map(|_| ()));
    left.expect("left");
}
