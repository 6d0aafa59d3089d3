//! Pages on which members change rules, tried as nobody, as a member, from another site, on a co-op that is empty or down.

#![allow(clippy::expect_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "other tests use more of the fixture than this")]
mod fixture;
#[allow(dead_code, reason = "other tests use more of it than this")]
mod site;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION};
use axum::http::{Request, StatusCode};
use fixture::Fixture;
use site::{get, post, send, serve, walk_in};
use web::Door;

const EDITOR: &str = "/constitution/propose?decision=constitution";

const POSTS: [(&str, &str); 10] = [
    ("/constitution/propose", "decision=constitution&text=ok"),
    ("/constitution/propose/check", "decision=constitution&text=ok"),
    ("/constitution/propose/tidy", "decision=constitution&text=ok"),
    ("/constitution/propose/past", "decision=constitution&text=ok"),
    ("/constitution/kernel/assent", "document=d_1&assent=yes"),
    ("/constitution/kernel/withdraw", "document=d_1"),
    ("/fork/join", "fork=blue"),
    ("/fork/stay", "fork=blue"),
    ("/fork/announce", "fork=red&kernel=a&constitution=b"),
    ("/fork/check", "fork=red&kernel=a&constitution=b"),
];

#[tokio::test]
async fn pages_of_rules_are_whole_and_do_nothing_by_themselves() {
    for empty in [false, true] {
        let facts = Fixture { empty, ..Fixture::default() };
        let (mut server, facts) = serve(facts, Door::WalkIn);
        let member = walk_in(&mut server, "member-003").await;
        let proposed = format!("/constitution/kernel/{}", "cd".repeat(32));
        for path in [
            "/constitution",
            "/constitution/kernel",
            "/constitution/of/docs-team",
            &proposed,
            EDITOR,
            "/constitution/propose",
            "/constitution/propose?decision=kernel",
            "/fork",
            "/fork/announce",
            "/fork/blue/kernel",
            "/fork/blue/constitution",
            "/decisions/archivist",
        ] {
            let answer = send(&mut server, get(path, &member)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
            let text = &answer.text;
            assert!(text.trim_end().ends_with("</html>"), "{path}");
            assert_eq!(text.matches("<script").count(), 1, "{path}");
            assert_eq!(text.matches("<h1").count(), 1, "{path}");
            let opened = text.matches("<textarea").count();
            assert_eq!(text.matches("</textarea>").count(), opened, "{path}");
            assert!(!text.contains(fixture::HOSTILE) && !text.contains(" style="), "{path}");
        }
        assert!(facts.submitted.lock().expect("free").is_empty());
    }
}

#[tokio::test]
async fn nobody_and_other_sites_change_no_rules() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    for path in [EDITOR, "/fork/announce"] {
        let answer = send(&mut server, get(path, "")).await;
        assert_eq!(answer.headers[LOCATION], "/walk-in", "{path}");
    }
    let cookie = walk_in(&mut server, "member-003").await;
    for (path, form) in POSTS {
        let answer = send(&mut server, post(path, "", form)).await;
        assert_eq!(answer.headers[LOCATION], "/walk-in", "{path}");
        let foreign = Request::post(path)
            .header(HOST, "localhost:1844")
            .header("sec-fetch-site", "cross-site")
            .header(COOKIE, &cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let answer = send(&mut server, foreign.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(facts.submitted.lock().expect("free").is_empty());
    let answer = send(&mut server, get("/fork", "")).await;
    assert!(answer.text.contains("Pick a member") && !answer.text.contains("<form method=\"post\" action=\"/fork"));
}

#[tokio::test]
async fn a_store_that_is_down_is_503_and_what_is_not_there_404() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for path in [
        "/constitution/kernel/ab",
        "/constitution/of/no-such",
        "/constitution/propose?decision=maintainer",
        "/constitution/propose?decision=kernel&from=ab",
        "/fork/red/kernel",
        "/fork/blue/treasury",
    ] {
        let answer = send(&mut server, get(path, &cookie)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let down = Fixture { down: true, ..Fixture::default() };
    let (mut server, _) = serve(down, Door::WalkIn);
    for path in ["/constitution/kernel", "/fork", "/constitution"] {
        let answer = send(&mut server, get(path, "")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
}

#[tokio::test]
async fn the_editor_keeps_what_was_typed_and_shows_what_is_wrong() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let page = send(&mut server, get(EDITOR, &cookie)).await;
    // A browser drops the first line break behind the tag: one more than the text has must stand there.
    assert!(page.text.contains("<textarea id=\"text\" name=\"text\" rows=\"26\" required spellcheck=\"false\" autocapitalize=\"off\" aria-describedby=\"about verdict\">\n\n# How we decide"), "{}", page.text);
    for path in ["/constitution/propose/check", "/constitution/propose"] {
        let form = "decision=constitution&from=2025-01-01&text=wrong%0D%0A++lines";
        let answer = send(&mut server, post(path, &cookie, form)).await;
        let refused = path == "/constitution/propose";
        let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        assert_eq!(answer.status, status);
        assert!(answer.text.contains("One mistake."), "{}", answer.text);
        assert!(answer.text.contains("wrong\n  lines</textarea>"), "{}", answer.text);
        assert!(answer.text.contains("Line 3, column 5 · C012 unit-mismatch"));
        assert!(answer.text.contains("value=\"2025-01-01\""));
        assert!(!answer.text.contains("<h3>What would change</h3>"));
    }
    for (form, words) in [("text=", "the text is empty"), ("text=+%0D%0A", "the text is empty")] {
        let form = format!("decision=constitution&{form}");
        let answer = send(&mut server, post("/constitution/propose", &cookie, &form)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    assert!(facts.submitted.lock().expect("free").is_empty());
    let form = "decision=constitution&text=right";
    let answer = send(&mut server, post("/constitution/propose/check", &cookie, form)).await;
    for words in [
        "It checks.",
        "The office of treasurer would open.",
        "Decisions that would close, with their votes: maintainer.",
        "Whose shares would come free (40)",
        "30.0 % → 8.3 %",
        "In plain English",
    ] {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
}

#[tokio::test]
async fn rules_are_proposed_tidied_and_tried_on_the_past() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for (decision, there) in [
        ("constitution", "/constitution?done=propose#candidates"),
        ("kernel", "/constitution/kernel?done=propose-kernel#proposals"),
        ("docs-team%2Feditors", "/constitution/of/docs-team%2Feditors?done=propose#candidates"),
    ] {
        let form = format!("decision={decision}&text=right");
        let answer = send(&mut server, post("/constitution/propose", &cookie, &form)).await;
        assert_eq!(answer.headers[LOCATION], there);
    }
    let form = "decision=constitution&text=office+++%22a%22+%7B%7D";
    let answer = send(&mut server, post("/constitution/propose/tidy", &cookie, form)).await;
    assert!(answer.text.contains("office &#34;a&#34;"), "{}", answer.text);
    assert!(!answer.text.contains("office   "), "{}", answer.text);
    for (text, words) in [
        ("right", "Held otherwise at the end"),
        ("busy", "It is being worked out for somebody else just now"),
        ("never", "It cannot be tried: &#60;script&#62;"),
    ] {
        let form = format!("decision=constitution&from=2025-01-01&text={text}");
        let answer = send(&mut server, post("/constitution/propose/past", &cookie, &form)).await;
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
        assert!(answer.text.contains(&format!("{text}</textarea>")));
    }
    let submitted = facts.submitted.lock().expect("free").clone();
    assert_eq!(
        submitted,
        [
            "member-003 constitution Propose { text: \"right\\n\" }",
            "member-003 kernel Propose { text: \"right\\n\" }",
            "member-003 docs-team/editors Propose { text: \"right\\n\" }",
            "tried since 2025-01-01",
            "tried since 2025-01-01",
            "tried since 2025-01-01",
        ]
    );
}

#[tokio::test]
async fn members_assent_leave_and_stay_for_themselves_alone() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for (path, form, there) in [
        (
            "/constitution/kernel/assent",
            "document=d_1&assent=yes&member=member-001",
            "/constitution/kernel?done=assent#proposals",
        ),
        ("/constitution/kernel/assent", "document=d_1&assent=no", "/constitution/kernel?done=assent-back#proposals"),
        ("/constitution/kernel/withdraw", "document=d_1", "/constitution/kernel?done=withdraw-kernel#proposals"),
        ("/fork/join", "fork=blue&member=member-001", "/fork?done=fork-join"),
        ("/fork/stay", "fork=blue", "/fork?done=fork-stay"),
        ("/fork/announce", "fork=red&kernel=a%0D%0A&constitution=b", "/fork?done=fork-announce"),
    ] {
        let answer = send(&mut server, post(path, &cookie, form)).await;
        assert_eq!(answer.headers[LOCATION], there);
    }
    let answer = send(&mut server, post("/constitution/kernel/assent", &cookie, "document=d_1")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = "fork=red&kernel=wrong&constitution=";
    let answer = send(&mut server, post("/fork/announce", &cookie, form)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Constitution: It cannot be read: the text is empty."));
    let form = "fork=red&kernel=wrong&constitution=fine";
    let answer = send(&mut server, post("/fork/announce", &cookie, form)).await;
    assert!(answer.text.contains("What is wrong in the kernel"), "{}", answer.text);
    assert!(answer.text.contains("value=\"red\"") && answer.text.contains("fine</textarea>"));
    let submitted = facts.submitted.lock().expect("free").clone();
    assert_eq!(
        submitted,
        [
            "member-003 kernel Assent { document: \"d_1\", assent: true }",
            "member-003 kernel Assent { document: \"d_1\", assent: false }",
            "member-003 kernel Withdraw { document: Some(\"d_1\") }",
            "member-003 Join { fork: \"blue\" }",
            "member-003 Stay { fork: \"blue\" }",
            "member-003 Announce { fork: \"red\", kernel: \"a\\n\", constitution: \"b\\n\" }",
        ]
    );
}

#[tokio::test]
async fn a_text_of_a_mebibyte_is_read_and_a_longer_one_is_told() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    let form = |bytes: usize| format!("decision=constitution&text={}", "%C3%A9".repeat(bytes / 2));
    let most = 1_048_576;
    let answer = send(&mut server, post("/constitution/propose/check", &cookie, &form(most - 2))).await;
    assert!(answer.text.contains("It checks."));
    let answer = send(&mut server, post("/constitution/propose/check", &cookie, &form(most + 2))).await;
    assert!(answer.text.contains("rules are at most 1 MiB long"));
    let answer = send(&mut server, post("/constitution/propose/check", &cookie, &form(3 * most))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
