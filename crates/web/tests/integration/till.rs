//! A till that records by its token day after day: weights are what an independent sum of integers says. `rochdale bench till` does it with
//! a thousand purchases a day for a year.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use engine::Actor;
use engine::edition::newest_closed;
use host::gate::Scopes;
use host::inbox::Kinds;
use host::{Charter, Coop, Person, ServerClock, Shared, clock};
use quantity::Moment;
use serde_json::{Value, json};
use web::{App, Transport, router};

use crate::house::at;
use crate::site::{Answer, get, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "shop"
    purpose "Try a till"
    currency "USD"
    time-zone "UTC"
    class "customers" { weight "purchased(last month) / 1 USD" }
    votes "linear"
    constitution { settles-in "30 days"; updates "daily at 01:00" }
    amend "never"
    fork carries="register" treasury="none"
}
```
"#;
const CONSTITUTION: &str = "# Rules\n```charter\noffice \"shopkeeper\" { settles-in \"5 days\" }\n```\n";

const MEMBERS: usize = 40;
const DAYS: i64 = 60;
/// Of a day's purchases most come together, and some one by one.
const TOGETHER: i64 = 45;
const SINGLE: i64 = 5;
const DAY_US: i64 = 86_400_000_000;

/// The member and the cents of a purchase: numbers that look random and are the same in every run.
fn purchase(number: i64) -> (usize, i64) {
    let spread = u64::try_from(number).expect("a number").wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let member = usize::try_from(spread % 40).expect("a place");
    (member, 50 + i64::try_from(spread / 64 % 9_000).expect("cents"))
}

async fn ask(server: &mut Router, path: &str, token: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header(HOST, "localhost")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json");
    send(server, request.body(Body::from(body.to_string())).expect("a request")).await
}

#[tokio::test]
async fn three_thousand_purchases_weigh_what_an_independent_sum_says() {
    let start = at("2026-01-01T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), newest_closed()).expect("rules");
    let mut coop = Coop::in_memory(rules, false, start).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    for number in 0..MEMBERS {
        let person = Person { name: format!("member-{number:03}"), ..Person::default() };
        batch.member_for(&person, Actor::Operator, start).expect("admitted");
    }
    let scopes = Scopes { record: Some(Kinds::parse("purchase").expect("kinds")), ..Scopes::default() };
    let token = batch.make_token("till", None, scopes, 30, clock::now()).expect("made");
    batch.commit().expect("kept");
    let coop = Arc::new(Shared::new(coop, ServerClock::From { log: start, machine: clock::now() }));
    let mut server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));

    let row = |day: i64, number: i64| {
        let (member, cents) = purchase(day * 1_000 + number);
        let given_at = Moment(start.0 + day * DAY_US + number * 1_000_000_000);
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        json!({ "member": format!("member-{member:03}"), "kind": "purchase", "amount": amount, "unit": "USD", "given_at": given_at.to_string(), "source": format!("till {day}/{number}") })
    };
    let next_day = || {
        let now = coop.now();
        coop.write(move |batch| batch.run_next_update(now).map(|_| ())).expect("counted");
    };
    next_day();
    for day in 0..DAYS {
        next_day();
        let rows: Vec<Value> = (0..TOGETHER).map(|number| row(day, number)).collect();
        let answer = ask(&mut server, "/api/v1/imports", &token, &json!({ "rows": rows })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        for number in TOGETHER..TOGETHER + SINGLE {
            let answer = ask(&mut server, "/api/v1/facts", &token, &row(day, number)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
    }
    // The last day's are known already, and record nothing.
    let again = ask(&mut server, "/api/v1/facts", &token, &row(DAYS - 1, TOGETHER)).await;
    assert!(again.text.contains("\"recorded\":0") && again.text.contains("\"known\":1"), "{}", again.text);
    next_day();

    // The log is in March: February counts, which are the days 31 to 58.
    let time = coop.read().state().time;
    assert!(time > at("2026-03-01T00:00:00Z") && time < at("2026-04-01T00:00:00Z"), "{time}");
    let mut cents: BTreeMap<String, i64> = BTreeMap::new();
    for (day, number) in (31..59).flat_map(|day| (0..TOGETHER + SINGLE).map(move |number| (day, number))) {
        let (member, minor) = purchase(day * 1_000 + number);
        *cents.entry(format!("member-{member:03}")).or_default() += minor;
    }
    let weights = send(&mut server, get("/api/v1/weights", "")).await;
    let weights: Value = serde_json::from_str(&weights.text).expect("JSON");
    let rows = weights["members"].as_array().expect("rows");
    assert_eq!(rows.len(), MEMBERS);
    for row in rows {
        let name = row["name"].as_str().expect("a name");
        assert_eq!(row["weight"].as_i64(), Some(cents.get(name).copied().unwrap_or(0) * 10_000), "{name}");
    }
}
