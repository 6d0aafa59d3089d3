//! Rules change by page alone, on a co-op in memory: a constitution is proposed, nominated, voted for and takes over; so is one
//! inside it; a kernel is proposed, assented to and adopted; members leave.

use crate::site::{encoded, get, post, post_json, send, walk_in};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use engine::Actor;
use host::{Charter, Coop, Person, Shared};
use quantity::Moment;
use serde_json::{Value, json};
use std::sync::Arc;
use web::{App, Door, router};

const KERNEL: &str = r#"# Our kernel

```charter
kernel {
    name "trial"
    purpose "Try how rules change"
    currency "USD"
    time-zone "UTC"
    class "members" {
        weight "1"
    }
    votes "quadratic"
    constitution {
        settles-in "2 days"
        updates "daily at 01:00"
    }
    amend "2/3 of weight for 2 days"
    fork carries="register ledger rules" treasury="by head"
}
```
"#;

const CONSTITUTION: &str = r#"# How we decide

```charter
office "maintainer" {
    settles-in "2 days"
}
office "archivist" {
    settles-in "2 days"
}
```
"#;

/// Three members of one weight each, by pseudonym.
fn server() -> (Router, Vec<String>) {
    let (coop, members) = coop();
    (router(App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn)), members)
}

fn coop() -> (Coop, Vec<String>) {
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), engine::edition::ONE).expect("rules");
    let start = Moment::parse("2025-01-02T00:00:00Z").expect("a moment");
    let mut coop = Coop::in_memory(rules, true, start).expect("a co-op");
    let mut batch = coop.batch().expect("a batch");
    let mut members = Vec::new();
    for number in 1..=3 {
        let person = Person { name: format!("member-00{number}"), ..Person::default() };
        let member = batch.member_for(&person, Actor::Operator, start).expect("admitted");
        members.push(member.to_string());
    }
    batch.commit().expect("committed");
    let until = Moment(start.0 + 3 * 86_400_000_000);
    coop.update_until(until, until).expect("counted");
    (coop, members)
}

/// Sends a form and answers where it leads.
async fn done(server: &mut Router, path: &str, cookie: &str, form: &str) -> String {
    let answer = send(server, post(path, cookie, form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {}", answer.text);
    answer.headers[LOCATION].to_str().expect("ASCII").to_owned()
}

async fn page(server: &mut Router, path: &str, cookie: &str) -> String {
    let answer = send(server, get(path, cookie)).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
    answer.text
}

/// Proposes a text, nominates it, votes for it and runs updates until it is in force.
async fn adopt(server: &mut Router, members: &[String], decision: &str, text: &str) {
    let address = encoded(decision);
    let hash = engine::digest::hex(text.as_bytes());
    let first = walk_in(server, &members[0]).await;
    let form = format!("decision={address}&text={}", encoded(text));
    let there = done(server, "/constitution/propose", &first, &form).await;
    let there = there.split('#').next().expect("a path").to_owned();
    let shown = page(server, &there, &first).await;
    assert!(shown.contains("My attention for it, %"), "{shown}");
    for member in &members[..2] {
        let cookie = walk_in(server, member).await;
        let path = format!("/decisions/{address}/nominations");
        done(server, &path, &cookie, &format!("candidate={hash}&side=for&share=5")).await;
    }
    for _ in 0..4 {
        done(server, "/demo/update", &first, "back=/").await;
    }
    for member in members {
        let cookie = walk_in(server, member).await;
        let path = format!("/decisions/{address}/ballot");
        done(server, &path, &cookie, &format!("for_share=25&for.{hash}=10")).await;
    }
    for _ in 0..6 {
        done(server, "/demo/update", &first, "back=/").await;
    }
    let draft = page(server, &format!("/constitution/propose?decision={address}"), &first).await;
    assert!(draft.contains("It begins with the text in force"), "{draft}");
    let form = format!("decision={address}&text={}", encoded(text));
    let answer = send(server, post("/constitution/propose/check", &first, &form)).await;
    assert!(answer.text.contains("It is the text in force."), "{}", answer.text);
}

#[tokio::test]
async fn a_constitution_is_adopted_and_one_inside_it_and_every_page_of_it_works() {
    let (mut server, members) = server();
    let me = walk_in(&mut server, &members[0]).await;
    for decision in ["maintainer", "archivist"] {
        let (stand, form) =
            (format!("/decisions/{decision}/stand"), format!("candidate={}&side=for&share=10", members[0]));
        done(&mut server, &stand, &me, "").await;
        let nominate = format!("/decisions/{decision}/nominations");
        done(&mut server, &nominate, &me, &form).await;
    }
    let more = "\n```charter\nconstitution \"docs-team\" { settles-in \"2 days\" }\n```\n";
    let text = CONSTITUTION.replace("office \"archivist\" {\n    settles-in \"2 days\"\n}\n", "") + more;
    adopt(&mut server, &members, "constitution", &text).await;

    // A closed decision says so, and members are told of shares that came free.
    let closed = page(&mut server, "/decisions/archivist", &me).await;
    assert!(closed.contains("The rules no longer define this decision."), "{closed}");
    let mine = page(&mut server, "/me", &me).await;
    assert!(mine.contains("10 % of your weight came free: the rules no longer define archivist."), "{mine}");
    let nomination = page(&mut server, "/decisions/maintainer", &me).await;
    assert!(nomination.contains("member-001"), "what is unchanged goes on");

    adopt(
        &mut server,
        &members,
        "docs-team",
        "# Docs\n\n```charter\noffice \"editor\" { settles-in \"2 days\" }\ndocument \"style\" { settles-in \"2 days\" }\n```\n",
    )
    .await;
    let rules = page(&mut server, "/constitution/of/docs-team", &me).await;
    assert!(rules.contains("href=\"/decisions/docs-team%2Feditor\""), "{rules}");
    let editor = "/decisions/docs-team%2Feditor";
    let there = done(&mut server, &format!("{editor}/stand"), &me, "").await;
    assert!(there.starts_with(editor), "{there}");
    let nominate = format!("candidate={}&side=for&share=20", members[0]);
    done(&mut server, &format!("{editor}/nominations"), &me, &nominate).await;
    let shown = page(&mut server, editor, &me).await;
    assert!(shown.contains("action=\"/decisions/docs-team%2Feditor/nominations\""), "{shown}");
    let form = format!("for_share=10&for.{}=10", members[0]);
    let preview = send(&mut server, post(&format!("{editor}/preview"), &me, &form)).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    done(&mut server, &format!("{editor}/ballot"), &me, &form).await;
    done(&mut server, &format!("{editor}/withdraw"), &me, "").await;
    let style = "/decisions/docs-team%2Fstyle";
    done(&mut server, &format!("{style}/documents"), &me, "text=%23+Short%0A").await;
    let hash = engine::digest::hex(b"# Short\n");
    page(&mut server, &format!("{style}/documents/{hash}"), &me).await;
    for path in ["/decisions", "/constitution", "/me", "/log", "/"] {
        page(&mut server, path, &me).await;
    }
    let api = page(&mut server, "/api/v1/decisions/docs-team%2Feditor", "").await;
    assert!(api.contains("docs-team/editor"), "{api}");
}

#[tokio::test]
async fn a_kernel_is_proposed_assented_to_and_adopted_by_page() {
    let (mut server, members) = server();
    let me = walk_in(&mut server, &members[0]).await;
    let text = KERNEL.replace("2/3 of weight", "1/2 of weight");
    let hash = engine::digest::hex(text.as_bytes());
    let form = format!("decision=kernel&text={}", encoded(&text));
    done(&mut server, "/constitution/propose", &me, &form).await;
    // A text that the rules refuse comes back as it was typed.
    let again = send(&mut server, post("/constitution/propose", &me, &form)).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("what you typed is still here"), "{}", again.text);
    assert!(again.text.contains("1/2 of weight"));
    let shown = page(&mut server, &format!("/constitution/kernel/{hash}"), &me).await;
    assert!(shown.contains("0.0 % of all weight assents."), "{shown}");
    let draft = page(&mut server, &format!("/constitution/propose?decision=kernel&from={hash}"), &me).await;
    assert!(draft.contains("It begins with the proposed text"), "{draft}");
    for member in &members {
        let cookie = walk_in(&mut server, member).await;
        done(&mut server, "/constitution/kernel/assent", &cookie, &format!("document={hash}&assent=yes")).await;
    }
    let other = walk_in(&mut server, &members[1]).await;
    let stolen = send(&mut server, post("/constitution/kernel/withdraw", &other, &format!("document={hash}"))).await;
    assert!(stolen.text.contains("R031"), "{}", stolen.text);
    let shown = page(&mut server, "/constitution/kernel", &me).await;
    assert!(shown.contains("100.0 % of all weight assents.") && shown.contains("Take my assent back"), "{shown}");
    for _ in 0..5 {
        done(&mut server, "/demo/update", &me, "back=/").await;
    }
    let shown = page(&mut server, "/constitution/kernel", &me).await;
    assert!(shown.contains("No other kernel is proposed.") && shown.contains(&hash), "{shown}");
}

#[tokio::test]
async fn rules_are_tried_on_the_past_and_nothing_comes_of_it() {
    let (mut server, members) = server();
    let me = walk_in(&mut server, &members[0]).await;
    let text = CONSTITUTION.replace("archivist", "treasurer");
    let form = |from: &str| format!("decision=constitution&from={from}&text={}", encoded(&text));
    let answer = send(&mut server, post("/constitution/propose/past", &me, &form("2025-01-03"))).await;
    assert!(answer.text.contains("With it in force from"), "{}", answer.text);
    // The closing that the text itself brings is the trial, and no difference that it makes.
    assert!(!answer.text.contains("The rules no longer define: archivist"), "{}", answer.text);
    let answer = send(&mut server, post("/constitution/propose/past", &me, &form("2045-01-03"))).await;
    assert!(answer.text.contains("It cannot be tried"), "{}", answer.text);
    let answer = send(&mut server, post("/constitution/propose/past", &me, &form("someday"))).await;
    assert!(answer.text.contains("It cannot be tried"), "{}", answer.text);
    assert!(page(&mut server, "/decisions/archivist", &me).await.contains("Archivist"));
}

#[tokio::test]
async fn attacks_are_tried_on_a_text_and_nothing_comes_of_it() {
    let (mut server, members) = server();
    let me = walk_in(&mut server, &members[0]).await;
    let text = CONSTITUTION.replace("archivist", "treasurer");
    let form = format!("decision=constitution&text={}", encoded(&text));
    let answer = send(&mut server, post("/constitution/propose/attacks", &me, &form)).await;
    let words = "is taken by those who put everything on one candidate";
    assert!(answer.text.contains("Under attack") && answer.text.contains(words), "{}", answer.text);
    assert!(answer.text.contains("New with this text:") && answer.text.contains("treasurer"), "{}", answer.text);
    assert!(page(&mut server, "/decisions/archivist", &me).await.contains("Archivist"));
}

#[tokio::test]
async fn members_announce_a_fork_go_with_it_and_stay() {
    let (mut server, members) = server();
    let me = walk_in(&mut server, &members[0]).await;
    let draft = page(&mut server, "/fork/announce", &me).await;
    assert!(draft.contains("name &#34;trial&#34;") && draft.contains("office &#34;maintainer&#34;"), "{draft}");
    let form = |name: &str, kernel: &str| {
        format!("fork={name}&kernel={}&constitution={}", encoded(kernel), encoded(CONSTITUTION))
    };
    let wrong = KERNEL.replace("class", "klass");
    let answer = send(&mut server, post("/fork/announce", &me, &form("blue", &wrong))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("What is wrong in the kernel"), "{}", answer.text);
    let answer = send(&mut server, post("/fork/announce", &me, &form("Blue!", KERNEL))).await;
    assert!(answer.text.contains("R027") && answer.text.contains("value=\"Blue!\""), "{}", answer.text);
    let there = done(&mut server, "/fork/announce", &me, &form("blue", KERNEL)).await;
    let shown = page(&mut server, &there, &me).await;
    assert!(shown.contains("Stay after all") && shown.contains("If the one who goes left today"), "{shown}");
    let other = walk_in(&mut server, &members[1]).await;
    done(&mut server, "/fork/join", &other, "fork=blue").await;
    let shown = page(&mut server, "/fork", &other).await;
    assert!(shown.contains("Who goes (2)") && shown.contains("Stay after all"), "{shown}");
    page(&mut server, "/fork/blue/kernel", "").await;
    page(&mut server, "/fork/blue/constitution", "").await;
    done(&mut server, "/fork/stay", &other, "fork=blue").await;
    done(&mut server, "/fork/stay", &me, "fork=blue").await;
    let shown = page(&mut server, "/fork", &me).await;
    assert!(shown.contains("Nobody is about to leave."), "{shown}");
}

async fn checked(server: &mut Router, asked: &Value) -> (StatusCode, Value) {
    let answer = send(server, post_json("/api/v1/rules/check", asked)).await;
    let value = serde_json::from_str(&answer.text).expect("JSON");
    (answer.status, value)
}

#[tokio::test]
async fn programs_check_a_text_and_read_the_rules_in_force() {
    let (mut server, _) = server();
    let rules = page(&mut server, "/api/v1/rules", "").await;
    let rules: Value = serde_json::from_str(&rules).expect("JSON");
    assert_eq!(rules["documents"][0]["decision"], "kernel");
    assert_eq!(rules["documents"][0]["text"], KERNEL);
    assert_eq!(rules["documents"][1]["decision"], "constitution");
    assert_eq!(rules["documents"][1]["document"], engine::digest::hex(CONSTITUTION.as_bytes()));
    assert_eq!(rules["documents"][1]["plain"][0]["name"], "maintainer");

    // Two letters of UTF-16 stand before the wrong word.
    let text = "```charter\n/*😀*/ offise \"a\"\n```\n";
    let (status, found) = checked(&mut server, &json!({ "decision": "constitution", "text": text })).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let first = &found["diagnostics"][0];
    assert_eq!(first["code"], "C005", "{found}");
    assert_eq!(first["range"]["start"], json!({ "line": 1, "character": 7 }));
    assert_eq!(first["range"]["end"], json!({ "line": 1, "character": 13 }));
    assert_eq!((&found["checks"], &found["effects"]), (&json!(false), &Value::Null));

    let text = CONSTITUTION.replace("archivist", "treasurer");
    let (_, found) = checked(&mut server, &json!({ "decision": "constitution", "text": text })).await;
    assert_eq!((&found["checks"], &found["mistakes"]), (&json!(true), &json!(0)), "{found}");
    assert!(found["effects"].as_array().is_some_and(|effects| effects.len() >= 2), "{found}");

    let (status, _) = checked(&mut server, &json!({ "decision": "maintainer", "text": text })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, found) = checked(&mut server, &json!({ "text": text })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{found}");
}

#[tokio::test]
async fn a_later_edition_is_announced_on_the_kernels_page() {
    let (mut coop, _) = coop();
    let later = engine::edition::TWO;
    let now = coop.state().time;
    coop.go_on_under(later, host::Way::Announce, true, now).expect("announced");
    // The log is published with the next update.
    let next = coop.state().next_update;
    coop.update_until(next, next).expect("counted");
    let mut server = router(App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn));
    let shown = page(&mut server, "/constitution/kernel", "").await;
    for words in [
        "This log goes on under edition 1 of the program’s rules",
        "Edition 2 was announced on 4 January 2025.</strong> It takes effect",
        "at the earliest Monday 3 February 2025, 01:00",
        "What would have come out differently so far</summary>",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let log = page(&mut server, "/log", "").await;
    assert!(log.contains("The operator announced edition 2 of the program’s rules"), "{log}");
}
