//! What members do from pages and programs: what is typed reaches the desk, and nothing else does.

#![allow(clippy::expect_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "other tests use more of the fixture than this")]
mod fixture;
#[allow(dead_code, reason = "other tests use more of it than this")]
mod site;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Request, StatusCode};
use fixture::Fixture;
use site::{get, post, send, serve, walk_in};
use web::Door;

#[tokio::test]
async fn casting_submits_what_was_typed_and_goes_back() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let form = "for_share=12.5&against_share=0&for.member-080=10&against.member-001=&newcomer=";
    let answer = send(&mut server, post("/decisions/maintainer/ballot", &cookie, form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[LOCATION], "/decisions/maintainer?done=ballot#ballot");
    let form = "side=against&share=7,5";
    let answer = send(&mut server, post("/decisions/issues/items/220/ballot", &cookie, form)).await;
    assert_eq!(answer.headers[LOCATION], "/issues?done=ballot");
    let answer = send(&mut server, post("/me/shares", &cookie, "share.maintainer:for=30")).await;
    assert_eq!(answer.headers[LOCATION], "/me?done=shares");
    let submitted = facts.submitted.lock().expect("a lock").clone();
    assert_eq!(submitted.len(), 3, "{submitted:?}");
    assert!(submitted[0].starts_with("member-003 maintainer"), "{submitted:?}");
    assert!(submitted[0].contains("for_share_ppm: 125000"), "{submitted:?}");
    assert!(submitted[0].contains("{\"member-080\": 1000000}"), "{submitted:?}");
    assert!(submitted[1].contains("Against") && submitted[1].contains("75000"), "{submitted:?}");
    assert!(submitted[2].contains("\"maintainer:for\", share_ppm: 300000"), "{submitted:?}");
}

#[tokio::test]
async fn a_preview_shows_what_was_typed_and_submits_nothing() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let form = "for_share=25&for.member-012=3";
    let answer = send(&mut server, post("/decisions/maintainer/preview", &cookie, form)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("What would change"));
    assert!(answer.text.contains("name=\"for_share\" value=\"25\""));
    assert!(answer.text.contains("name=\"for.member-012\" value=\"3\""));
    let answer = send(&mut server, post("/decisions/issues/items/275/preview", &cookie, "side=for&share=25")).await;
    assert!(answer.text.contains("What would change"));
    assert!(facts.submitted.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_comes_back_as_typed() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for path in ["/decisions/maintainer/ballot", "/decisions/maintainer/preview"] {
        let answer = send(&mut server, post(path, &cookie, "for_share=a+fifth%22%3E")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text.contains("value=\"a fifth&#34;&#62;\""), "{path}");
        assert!(answer.text.contains("a number from 0 to 100"), "{path}");
    }
    let answer = send(&mut server, post("/me/shares", &cookie, "share.issues:220=101")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("at most 100 %"));
    assert!(facts.submitted.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn a_refusal_is_a_page_for_people_and_a_problem_for_programs() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let answer = send(&mut server, post("/decisions/maintainer/ballot", &cookie, "for_share=95")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for words in ["R017", "The rules say no", "Nothing was changed", "Place at most 65 % here"] {
        assert!(answer.text.contains(words), "{words}");
    }
    let request = Request::post("/api/v1/acts")
        .header(HOST, "localhost:1844")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from("{\"act\":\"refuse\"}"));
    let answer = send(&mut server, request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(problem["number"], 17);
    assert_eq!(problem["name"], "share-exceeds-weight");
    assert_eq!(problem["status"], 409);
    assert_eq!(problem["ways_out"][0]["words"], "Place at most 65 % here");
}

#[tokio::test]
async fn acts_reach_the_desk_byte_for_byte() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let act = "{\"act\":\"cast_ballot\",  \"share_ppm\":50000}";
    let request = || Request::post("/api/v1/acts").header(HOST, "127.0.0.1:1844").header("idempotency-key", "k1");
    let json = request().header(CONTENT_TYPE, "application/json; charset=utf-8");
    let answer = send(&mut server, json.body(Body::from(act)).expect("a request")).await;
    assert_eq!(answer.text, "{\"receipt\":{\"sequence\":1}}");
    let submitted = facts.submitted.lock().expect("a lock").clone();
    assert_eq!(submitted, [format!("None Some(\"k1\") {act}")]);
    let plain = request().header(CONTENT_TYPE, "text/plain");
    let answer = send(&mut server, plain.body(Body::from(act)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn running_an_update_comes_back_to_the_own_site_only() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let answer = send(&mut server, post("/demo/update", "", "back=/decisions/maintainer")).await;
    assert_eq!(answer.headers[LOCATION], "/decisions/maintainer?done=update");
    let answer = send(&mut server, post("/demo/update", "", "back=//evil.test")).await;
    assert_eq!(answer.headers[LOCATION], "/?done=update");
    assert_eq!(facts.submitted.lock().expect("a lock").len(), 2);
}

#[tokio::test]
async fn steps_about_candidates_submit_what_was_asked_and_go_back() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let steps = [
        ("maintainer/stand", "", "stand"),
        ("maintainer/withdraw", "", "withdraw"),
        ("code-of-conduct/withdraw", "document=d_2", "withdraw"),
        ("maintainer/nominations", "candidate=member-033&side=against&share=4,5", "nominate"),
        ("code-of-conduct/documents", "text=%23+Title%0D%0A%0D%0ABe+kind.%0D%0A%0D%0A", "propose"),
    ];
    for (path, form, done) in steps {
        let answer = send(&mut server, post(&format!("/decisions/{path}"), &cookie, form)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let there = answer.headers[LOCATION].to_str().expect("ASCII");
        assert!(there.ends_with(&format!("?done={done}#nominations")), "{there}");
    }
    let submitted = facts.submitted.lock().expect("a lock").clone();
    let wanted = [
        "member-003 maintainer Stand",
        "member-003 maintainer Withdraw { document: None }",
        "member-003 code-of-conduct Withdraw { document: Some(\"d_2\") }",
        "member-003 maintainer Nominate { candidate: \"member-033\", side: Against, share_ppm: 45000 }",
        "member-003 code-of-conduct Propose { text: \"# Title\\n\\nBe kind.\\n\" }",
    ];
    assert_eq!(submitted, wanted);
    let answer = send(&mut server, post("/decisions/maintainer/resign", &cookie, "")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("The rules say no"));
}

#[tokio::test]
async fn a_document_has_a_text_and_at_most_64_kib_of_it() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let path = "/decisions/code-of-conduct/documents";
    for (form, status) in [
        ("text=+%0A".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("text=a%00b".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        (format!("text={}", "x".repeat(65_536)), StatusCode::UNPROCESSABLE_ENTITY),
        (format!("text={}", "x".repeat(300_000)), StatusCode::PAYLOAD_TOO_LARGE),
        (format!("text={}", "%C3%A9".repeat(32_000)), StatusCode::SEE_OTHER),
    ] {
        let answer = send(&mut server, post(path, &cookie, &form)).await;
        assert_eq!(answer.status, status, "{}", &form.get(..30).unwrap_or(&form));
    }
    assert_eq!(facts.submitted.lock().expect("a lock").len(), 1);
}

#[tokio::test]
async fn texts_of_documents_are_shown_and_do_nothing() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    for path in ["/decisions/code-of-conduct", "/decisions/code-of-conduct/documents/d_1"] {
        let answer = send(&mut server, get(path, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.contains(fixture::HOSTILE), "{path}");
        assert!(answer.text.contains("Be kind. &#60;script&#62;"), "{path}");
        assert!(answer.text.contains("<li>one</li>"), "{path}");
    }
    let whole = send(&mut server, get("/decisions/code-of-conduct/documents/d_2", "")).await;
    let begun = send(&mut server, get("/decisions/code-of-conduct", "")).await;
    assert_eq!(whole.text.matches("A paragraph.").count(), 200);
    assert_eq!(begun.text.matches("A paragraph.").count(), 16);
    assert!(begun.text.contains("Read the whole text"));
}

#[tokio::test]
async fn my_page_previews_shares_and_submits_nothing() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let form = "share.maintainer%3Afor=33";
    let answer = send(&mut server, post("/me/preview", &cookie, form)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("What would change"));
    assert!(answer.text.contains("value=\"33\""));
    let answer = send(&mut server, post("/me/preview", &cookie, "share.maintainer%3Afor=x")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(facts.submitted.lock().expect("a lock").is_empty());
}
