//! A small co-op in memory: every documented answer has the documented shape, and what members do from pages
//! is done.

use crate::site::{get, post, post_json, send, walk_in};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use engine::Actor;
use engine::act::{Act, AddToList, Amount, OpenItem, RecordSupport, Stand};
use host::{Charter, Coop, Person, ServerClock, Shared};
use quantity::Moment;
use serde_json::Value;
use std::sync::Arc;
use views::ItemCard;
use web::{App, Door, Limits, router};

const DAY_US: i64 = 86_400_000_000;

fn at(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

/// Three patrons, of whom one stands; two issues; counted for six weeks.
fn server() -> (Router, Vec<String>) {
    let (coop, members) = coop();
    (router(App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn)), members)
}

fn coop() -> (Coop, Vec<String>) {
    let template = charter::template("open-source").expect("a template");
    let currency = quantity::Currency::parse("USD").expect("a currency");
    let filled = template.fill("a co-op", currency);
    let rules = Charter::read(filled.kernel, filled.constitution).expect("rules");
    let start = at("2025-01-02T00:00:00Z");
    let mut coop = Coop::in_memory(rules, true, start).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let mut members = Vec::new();
    let append = |batch: &mut host::Batch<'_>, act: Act| {
        batch.append(&act, Actor::Operator, "", "", start).expect("accepted");
    };
    for number in 1..=3 {
        let name = format!("member-00{number}");
        let person = Person { name, ..Person::default() };
        let member = batch.member_for(&person, Actor::Operator, start).expect("admitted");
        for kind in ["donation", "pledge"] {
            let amount = Amount { amount: 1_000 * number, currency: Some("USD".to_owned()), unit: None };
            let parts = if kind == "donation" { 12 } else { 1 };
            let support = RecordSupport {
                service: None,
                member,
                kind: kind.to_owned(),
                amount,
                given_at: Some(at("2024-12-20T00:00:00Z")),
                given_on: None,
                source: format!("{kind}:{number}"),
                parts,
                series: None,
                stands_months: (kind == "pledge").then_some(24),
                book: None,
            };
            append(&mut batch, Act::RecordSupport(support));
        }
        members.push(member);
    }
    let (decision, list) = ("maintainer".to_owned(), "contributor-list".to_owned());
    let member = members[2];
    append(&mut batch, Act::Stand(Stand { member, decision }));
    append(&mut batch, Act::AddToList(AddToList { list, member }));
    for item in ["220", "221"] {
        let (decision, item) = ("issues".to_owned(), item.to_owned());
        let card = ItemCard {
            title: format!("Issue {item}"),
            url: Some("javascript:alert(1)".to_owned()),
            labels: vec!["csv".to_owned()],
            ..ItemCard::default()
        };
        batch.put_item(&decision, &item, &card).expect("kept");
        append(&mut batch, Act::OpenItem(OpenItem { decision, item, amount: None }));
    }
    batch.commit().expect("committed");
    let until = Moment(start.0 + 42 * DAY_US);
    coop.update_until(until, until).expect("counted");
    let members = members.iter().map(ToString::to_string).collect();
    (coop, members)
}

async fn json(server: &mut Router, path: &str) -> (StatusCode, Value) {
    let answer = send(server, get(path, "")).await;
    let value = serde_json::from_str(&answer.text);
    (answer.status, value.unwrap_or_else(|_| panic!("{path}: {}", answer.text)))
}

async fn act(server: &mut Router, act: &Value) -> (StatusCode, Value) {
    let answer = send(server, post_json("/api/v1/acts", act)).await;
    let value = serde_json::from_str(&answer.text).expect("JSON");
    (answer.status, value)
}

/// Misfits with the schema, a line each. Stricter than JSON Schema: a field that is not described does not fit.
fn misfits(document: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#'));
        return misfits(document, target.unwrap_or_else(|| panic!("{name}")), value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let tried = choices.iter().map(|choice| misfits(document, choice, value, place));
        let tried: Vec<Vec<String>> = tried.collect();
        let fits = tried.iter().filter(|misfits| misfits.is_empty()).count();
        return match fits {
            1 => Vec::new(),
            0 => tried.concat(),
            _ => vec![format!("{place}: fits {fits} choices")],
        };
    }
    let is = |kind: &Value| match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    };
    let kind_fits = match (&schema["type"], schema.get("const")) {
        (_, Some(only)) => only == value,
        (Value::Array(kinds), None) => kinds.iter().any(is),
        (kind, None) => is(kind),
    };
    let listed = schema["enum"].as_array();
    if !kind_fits || listed.is_some_and(|listed| !listed.contains(value)) {
        return vec![format!("{place}: {value} is not {schema}")];
    }
    let mut found = Vec::new();
    for (index, one) in value.as_array().into_iter().flatten().enumerate() {
        let schema = schema["prefixItems"].get(index).unwrap_or(&schema["items"]);
        found.extend(misfits(document, schema, one, &format!("{place}/{index}")));
    }
    for (name, one) in value.as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        match (schema["properties"].get(name), schema.get("additionalProperties")) {
            (Some(known), _) | (None, Some(known)) => {
                found.extend(misfits(document, known, one, &place));
            }
            (None, None) => found.push(format!("{place}: is not described")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap_or_default()).is_none() {
            found.push(format!("{place}: {name} is missing"));
        }
    }
    found
}

#[tokio::test]
async fn every_documented_answer_has_the_documented_shape() {
    let (mut server, members) = server();
    let (_, document) = json(&mut server, "/api/openapi.json").await;
    let cast = serde_json::json!({ "act": "cast_ballot", "member": members[0], "decision": "issues", "item": "220", "share_ppm": 500_000 });
    let (status, receipt) = act(&mut server, &cast).await;
    assert_eq!(status, StatusCode::OK, "{receipt}");
    let answered = &document["paths"]["/api/v1/acts"]["post"]["responses"]["200"];
    let schema = &answered["content"]["application/json"]["schema"];
    assert_eq!(misfits(&document, schema, &receipt, "receipt"), Vec::<String>::new());

    let row = serde_json::json!({ "member": "member-001", "kind": "hours", "amount": "1", "unit": "hours", "given_at": "2025-01-05", "source": "a" });
    for (path, body) in [("/api/v1/facts", row.clone()), ("/api/v1/imports", serde_json::json!({ "rows": [row] }))] {
        let answer = send(&mut server, post_json(path, body)).await;
        let report: Value = serde_json::from_str(&answer.text).expect("JSON");
        assert_eq!(answer.status, StatusCode::OK, "{path} {report}");
        let schema = &document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(misfits(&document, schema, &report, path), Vec::<String>::new());
    }
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let Some(operation) = methods.get("get") else {
            continue;
        };
        // A receipt is text, and this co-op is in no folder in which it would sign.
        let Some(schema) = operation.pointer("/responses/200/content/application~1json/schema") else {
            assert!(path.ends_with("/receipt"), "{path}");
            continue;
        };
        // A member's own, which `credit` looks at.
        if path.ends_with("{period}") {
            continue;
        }
        for name in ["maintainer", "issues", "code-of-conduct", "?at=2025-01-20&by=month"] {
            let (name, query) = match name.starts_with('?') {
                true => ("maintainer", name),
                false => (name, ""),
            };
            let address = path.replace("{name}", name).replace("{member}", &members[0]).replace("{number}", "1");
            let (status, answer) = json(&mut server, &format!("{address}{query}")).await;
            assert_eq!(status, StatusCode::OK, "{address}{query} {answer}");
            assert_eq!(misfits(&document, schema, &answer, &address), Vec::<String>::new());
            tried += 1;
        }
    }
    assert!(tried >= 36, "{tried}");
}

#[tokio::test]
async fn every_no_is_a_problem_of_the_documented_shape() {
    let (mut server, members) = server();
    let (_, document) = json(&mut server, "/api/openapi.json").await;
    let problem = serde_json::json!({ "$ref": "#/components/schemas/Problem" });
    for path in [
        "/api/v1/decisions/none",
        "/api/v1/book?by=day",
        "/api/v1/weights?at=never",
        "/api/v1/weights?member=nobody",
        "/api/v1/log?cursor=x",
        "/api/v1/none",
    ] {
        let (status, answer) = json(&mut server, path).await;
        assert!(status.is_client_error(), "{path}");
        assert_eq!(misfits(&document, &problem, &answer, path), Vec::<String>::new());
    }
    let too_much = serde_json::json!({ "act": "cast_ballot", "member": members[0], "decision": "issues", "item": "220", "share_ppm": 1_000_001 });
    let (status, answer) = act(&mut server, &too_much).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert_eq!(misfits(&document, &problem, &answer, "refusal"), Vec::<String>::new());
    for wrong in [
        serde_json::json!({ "act": "dance" }),
        serde_json::json!([]),
        serde_json::json!({ "act": "stand", "member": members[0], "decision": "maintainer", "more": 1 }),
    ] {
        let (status, answer) = act(&mut server, &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(misfits(&document, &problem, &answer, "wrong"), Vec::<String>::new());
    }
}

#[tokio::test]
async fn without_walk_in_a_stranger_learns_nothing_about_the_register() {
    let (coop, members) = coop();
    let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
    let mut server = router(App::new(coop, Door::ReadOnly));
    let mut answers = Vec::new();
    for member in [&*members[0], "member-001", "nobody@example.org", "m_0000000000000"] {
        let ballot = serde_json::json!({"act": "cast_ballot", "member": member, "decision": "issues", "item": "220", "share_ppm": 1});
        answers.push(act(&mut server, &ballot).await);
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn an_act_of_many_unknown_names_is_refused_at_once() {
    let (mut server, members) = server();
    let scores: serde_json::Map<_, _> =
        (0..20_000).map(|number| (format!("stranger-{number:05}"), Value::from(5))).collect();
    let ballot = serde_json::json!({ "act": "cast_ballot", "member": members[0], "decision": "maintainer", "share_ppm": 1, "scores": scores });
    assert!(ballot.to_string().len() > 309_000);
    let (status, answer) = act(&mut server, &ballot).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let words = answer["problems"][0]["words"].as_str().unwrap_or_default();
    assert!(words.contains("a ballot scores at most 100"), "{answer}");
}

/// The answer where costly work is done in so many places at once.
async fn with_places(costly: u32, request: axum::http::Request<axum::body::Body>) -> crate::site::Answer {
    let (coop, _) = coop();
    let limits = Limits { costly, ..Limits::USUAL };
    let app = App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn).within(&limits);
    send(&mut router(app), request).await
}

#[tokio::test]
async fn costly_work_has_places_of_its_own_and_is_503_beyond_them() {
    let check = serde_json::json!({ "decision": "constitution", "text": "# Nothing" });
    let costly = || {
        [
            post_json("/api/v1/rules/check", check.clone()),
            get("/api/v1/weights?at=2025-01-31", ""),
            get("/api/v1/decisions/maintainer?at=2025-01-31", ""),
            get("/api/v1/book?at=2025-01-31", ""),
        ]
    };
    for request in costly() {
        let what = request.uri().to_string();
        let answer = with_places(0, request).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
        assert!(answer.headers.contains_key(RETRY_AFTER), "{what}");
        assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json", "{what}");
    }
    for request in costly() {
        let what = request.uri().to_string();
        assert_eq!(with_places(1, request).await.status, StatusCode::OK, "{what}");
    }
    for path in ["/", "/issues", "/health", "/api/v1/weights", "/api/v1/decisions/maintainer"] {
        assert_eq!(with_places(0, get(path, "")).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn pages_of_costly_work_wait_for_a_place_too() {
    let (coop, members) = coop();
    let limits = Limits { costly: 0, ..Limits::USUAL };
    let app = App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn).within(&limits);
    let mut server = router(app);
    let cookie = walk_in(&mut server, &members[0]).await;
    for (path, form) in [
        ("/constitution/propose/check", "decision=constitution&text=ok"),
        ("/constitution/propose/past", "decision=constitution&text=ok"),
        ("/constitution/propose/attacks", "decision=constitution&text=ok"),
        ("/constitution/propose", "decision=constitution&text=ok"),
        ("/fork/check", "fork=red&kernel=a&constitution=b"),
    ] {
        let answer = send(&mut server, post(path, &cookie, form)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.headers.contains_key(RETRY_AFTER) && answer.text.contains("Nothing was changed"), "{path}");
    }
    let stand = serde_json::json!({ "act": "stand", "member": members[2], "decision": "maintainer" });
    assert_eq!(act(&mut server, &stand).await.0, StatusCode::OK, "acts go on");
}

#[tokio::test]
async fn a_place_is_free_again_after_the_work() {
    let (coop, _) = coop();
    let limits = Limits { costly: 1, ..Limits::USUAL };
    let mut server = router(App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn).within(&limits));
    for _ in 0..3 {
        for at in ["2025-01-31", "no-date"] {
            let answer = send(&mut server, get(&format!("/api/v1/decisions/maintainer?at={at}"), "")).await;
            assert_ne!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{at}");
        }
    }
}

#[tokio::test]
async fn acts_are_described_as_they_are_taken() {
    let (mut server, members) = server();
    let (_, document) = json(&mut server, "/api/openapi.json").await;
    let act_schema = serde_json::json!({ "$ref": "#/components/schemas/Act" });
    let (one, other) = (&members[0], &members[2]);
    for wanted in [
        serde_json::json!({ "act": "cast_ballot", "member": one, "decision": "issues", "item": "221", "share_ppm": 1000, "scores": null, "against": true, "key": "k" }),
        serde_json::json!({ "act": "stand", "member": other, "decision": "maintainer" }),
        serde_json::json!({ "act": "nominate", "member": one, "decision": "maintainer", "candidate": other, "share_ppm": 1000 }),
        serde_json::json!({ "act": "stand", "member": one, "decision": "maintainer" }),
        serde_json::json!({ "act": "withdraw_candidacy", "member": one, "decision": "maintainer" }),
        serde_json::json!({ "act": "end_membership", "member": one }),
    ] {
        assert_eq!(misfits(&document, &act_schema, &wanted, "act"), Vec::<String>::new());
        let (status, answer) = act(&mut server, &wanted).await;
        assert_eq!(status, StatusCode::OK, "{wanted} {answer}");
    }
}

#[tokio::test]
async fn a_member_stands_nominates_proposes_and_takes_it_back() {
    let (mut server, members) = server();
    let cookie = walk_in(&mut server, &members[0]).await;
    let hash = engine::digest::hex(b"# Be kind\n\nAlways.\n");
    let nominate = format!("candidate={}&side=for&share=10", members[0]);
    for (path, form) in [
        ("maintainer/stand", ""),
        ("maintainer/nominations", nominate.as_str()),
        ("code-of-conduct/documents", "text=%23+Be+kind%0D%0A%0D%0AAlways."),
    ] {
        let answer = send(&mut server, post(&format!("/decisions/{path}"), &cookie, form)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {}", answer.text);
    }
    let page = send(&mut server, get("/decisions/maintainer", &cookie)).await;
    assert!(page.text.contains("My attention: 10 % for"));
    assert!(page.text.contains("Withdraw my name"));
    let page = send(&mut server, get("/decisions/code-of-conduct", &cookie)).await;
    assert!(page.text.contains("<p>Always.</p>") && page.text.contains("Proposed by you"));
    let text = format!("/decisions/code-of-conduct/documents/{hash}");
    let page = send(&mut server, get(&text, "")).await;
    assert!(page.text.contains("<h1>Be kind</h1>"), "{}", page.text);

    // A second time nothing is written, and nothing is kept of what is refused.
    let before = json(&mut server, "/api/v1/log").await.1["head"].clone();
    let again = send(&mut server, post("/decisions/maintainer/stand", &cookie, "")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(json(&mut server, "/api/v1/log").await.1["head"], before);
    let constitution = "/decisions/constitution/documents";
    let refused = send(&mut server, post(constitution, &cookie, "text=No")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let other = walk_in(&mut server, &members[1]).await;
    let theirs = format!("document={hash}");
    let refused = send(&mut server, post("/decisions/code-of-conduct/withdraw", &other, &theirs)).await;
    assert!(refused.text.contains("R031"), "{}", refused.text);
    let own = send(&mut server, post("/decisions/code-of-conduct/withdraw", &cookie, &theirs)).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn moved_shares_are_previewed_decision_by_decision() {
    let (mut server, members) = server();
    let cookie = walk_in(&mut server, &members[1]).await;
    for item in ["220", "221"] {
        let path = format!("/decisions/issues/items/{item}/ballot");
        let cast = send(&mut server, post(&path, &cookie, "side=for&share=40")).await;
        assert_eq!(cast.headers[LOCATION], "/issues?done=ballot");
    }
    let form = "share.issues%3A220=10&share.issues%3A221=60";
    let answer = send(&mut server, post("/me/preview", &cookie, form)).await;
    assert!(answer.text.contains("30 % of your weight would be left"), "{}", answer.text);
    assert!(answer.text.contains("What would change on Priorities"));
    let form = "share.issues%3A220=80&share.issues%3A221=60";
    let answer = send(&mut server, post("/me/preview", &cookie, form)).await;
    assert!(answer.text.contains("R017"), "{}", answer.text);
    let page = send(&mut server, get("/issues", &cookie)).await;
    assert!(page.text.contains("My support: 40 % for") && !page.text.contains("javascript:"));
}

/// Somebody who leaves later was there: page and report of a date are the log's.
#[tokio::test]
async fn the_register_of_a_date_is_the_logs() {
    let (mut server, members) = server();
    let paths = [
        "/api/v1/weights?at=2025-01-20".to_owned(),
        format!("/api/v1/weights?at=2025-01-20&member={}", members[0]),
        "/api/v1/members?at=2025-01-20".to_owned(),
        "/api/v1/members?at=2025-01-20&query=member-001".to_owned(),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(json(&mut server, path).await.1);
    }
    let page = send(&mut server, get("/members?at=2025-01-20", "")).await;
    assert!(page.text.contains(", from the log. Weights are as the update of"), "{}", page.text);
    let leave = serde_json::json!({ "act": "end_membership", "member": members[0] });
    assert_eq!(act(&mut server, &leave).await.0, StatusCode::OK);
    for (path, before) in paths.iter().zip(&before) {
        assert_eq!(json(&mut server, path).await.1, *before, "{path}");
    }
    assert_eq!(before[2]["total"], 3);
    assert_eq!(json(&mut server, "/api/v1/members").await.1["total"], 2);
    assert_eq!(send(&mut server, get("/members?at=2025-01-20", "")).await.text, page.text);
    assert_eq!(json(&mut server, "/api/v1/members?at=2020-01-01").await.0, StatusCode::NOT_FOUND);
    assert_eq!(json(&mut server, "/api/v1/members?at=soon").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A vote is published with the update that counts it; the page of its own member shows it at once.
#[tokio::test]
async fn no_route_shows_a_vote_before_it_is_counted() {
    let (mut server, members) = server();
    let (_, before) = json(&mut server, "/api/v1/log").await;
    let vote = serde_json::json!({
        "act": "cast_ballot", "member": members[0], "decision": "issues", "item": "220", "share_ppm": 123_456, "against": false
    });
    let mut paths: Vec<String> =
        ["/", "/log", "/decisions", "/decisions/maintainer", "/issues", "/members", "/walk-in"]
            .map(str::to_owned)
            .to_vec();
    for path in [
        "coop",
        "log",
        "weights?at=2025-02-05",
        "decisions",
        "decisions/issues",
        "decisions/issues?at=2099-01-01",
        "issues",
        "members",
    ] {
        paths.push(format!("/api/v1/{path}"));
    }
    paths.push(format!("/members/{}", members[0]));
    let mut shown = Vec::new();
    for path in &paths {
        shown.push(send(&mut server, get(path, "")).await.text);
    }
    let (status, answer) = act(&mut server, &vote).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["receipt"]["entry"], before["head"]["entries"].as_u64().unwrap() + 1);
    for (path, shown) in paths.iter().zip(shown) {
        assert_eq!(send(&mut server, get(path, "")).await.text, shown, "{path}");
    }
}
