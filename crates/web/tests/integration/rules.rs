//! Pages on which members change rules, tried as nobody, as a member, from another site, on a co-op of one day and one that is down.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION};
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::house::{CONSTITUTION, HOSTILE, House, KERNEL, hash, next_kernel};
use crate::site::{encoded, send};

const EDITOR: &str = "/constitution/propose?decision=constitution";

const POSTS: [(&str, &str); 11] = [
    ("/constitution/propose", "decision=constitution&text=ok"),
    ("/constitution/propose/check", "decision=constitution&text=ok"),
    ("/constitution/propose/tidy", "decision=constitution&text=ok"),
    ("/constitution/propose/past", "decision=constitution&text=ok"),
    ("/constitution/propose/attacks", "decision=constitution&text=ok"),
    ("/constitution/kernel/assent", "document=d_1&assent=yes"),
    ("/constitution/kernel/withdraw", "document=d_1"),
    ("/fork/join", "fork=blue"),
    ("/fork/stay", "fork=blue"),
    ("/fork/announce", "fork=red&kernel=a&constitution=b"),
    ("/fork/check", "fork=red&kernel=a&constitution=b"),
];

/// The constitution with a lead of three days, which nothing else follows from.
fn next_constitution() -> String {
    CONSTITUTION.replacen("settles-in \"2 days\"", "settles-in \"3 days\"", 1)
}

#[tokio::test]
async fn pages_of_rules_are_whole_and_do_nothing_by_themselves() {
    let proposed = format!("/constitution/kernel/{}", hash(&next_kernel()));
    let always = [
        "/constitution",
        "/constitution/kernel",
        "/constitution/of/docs-team",
        EDITOR,
        "/constitution/propose",
        "/constitution/propose?decision=kernel",
        "/fork",
        "/fork/announce",
    ];
    let busy = [proposed.as_str(), "/fork/blue/kernel", "/fork/blue/constitution", "/decisions/archivist"];
    for (mut house, paths) in [(House::first_day(), &busy[..0]), (House::busy(), &busy)] {
        let (member, entries) = (house.member(1).await, house.entries());
        for path in always.iter().chain(paths) {
            let text = house.page(path, &member).await;
            assert!(text.trim_end().ends_with("</html>"), "{path}");
            assert_eq!(text.matches("<script").count(), 1, "{path}");
            assert_eq!(text.matches("<h1").count(), 1, "{path}");
            let opened = text.matches("<textarea").count();
            assert_eq!(text.matches("</textarea>").count(), opened, "{path}");
            assert!(!text.contains(HOSTILE) && !text.contains(" style="), "{path}");
        }
        assert_eq!(house.entries(), entries);
    }
}

#[tokio::test]
async fn nobody_and_other_sites_change_no_rules() {
    let mut house = House::busy();
    let entries = house.entries();
    for path in [EDITOR, "/fork/announce"] {
        let answer = house.get(path, "").await;
        assert_eq!(answer.headers[LOCATION], "/walk-in", "{path}");
    }
    let cookie = house.member(3).await;
    for (path, form) in POSTS {
        let answer = house.post(path, "", form).await;
        assert_eq!(answer.headers[LOCATION], "/walk-in", "{path}");
        let foreign = Request::post(path)
            .header(HOST, "localhost:1844")
            .header("sec-fetch-site", "cross-site")
            .header(COOKIE, &cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let answer = send(&mut house.server, foreign.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(house.entries(), entries);
    let text = house.page("/fork", "").await;
    assert!(text.contains("Pick a member") && !text.contains("<form method=\"post\" action=\"/fork"));
}

#[tokio::test]
async fn a_store_that_is_down_is_503_and_what_is_not_there_404() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    for path in [
        "/constitution/kernel/ab",
        "/constitution/of/no-such",
        "/constitution/propose?decision=maintainer",
        "/constitution/propose?decision=kernel&from=ab",
        "/fork/red/kernel",
        "/fork/blue/treasury",
    ] {
        let answer = house.get(path, &cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut house = House::down();
    for path in ["/constitution/kernel", "/fork", "/constitution"] {
        house.page(path, "").await;
    }
}

#[tokio::test]
async fn the_editor_keeps_what_was_typed_and_shows_what_is_wrong() {
    let mut house = House::busy();
    let (cookie, entries) = (house.member(3).await, house.entries());
    let page = house.page(EDITOR, &cookie).await;
    // A browser drops the first line break behind the tag: one more than the text has must stand there.
    assert!(page.contains("<textarea id=\"text\" name=\"text\" rows=\"26\" required spellcheck=\"false\" autocapitalize=\"off\" aria-describedby=\"about verdict\">\n\n# How we decide"), "{page}");
    let wrong = encoded("wrong\r\n```charter\r\n  offise \"a\" { settles-in \"2 days\"; }\r\n```");
    for path in ["/constitution/propose/check", "/constitution/propose"] {
        let form = format!("decision=constitution&from=2025-01-01&text={wrong}");
        let answer = house.post(path, &cookie, &form).await;
        let refused = path == "/constitution/propose";
        let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        assert_eq!(answer.status, status);
        assert!(answer.text.contains("One mistake."), "{}", answer.text);
        assert!(
            answer
                .text
                .contains("wrong\n```charter\n  offise &#34;a&#34; { settles-in &#34;2 days&#34;; }\n```</textarea>"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("Line 3, column 3 · C005 "), "{}", answer.text);
        assert!(answer.text.contains("value=\"2025-01-01\""));
        assert!(!answer.text.contains("<h3>What would change</h3>"));
    }
    for (form, words) in [("text=", "the text is empty"), ("text=+%0D%0A", "the text is empty")] {
        let form = format!("decision=constitution&{form}");
        let answer = house.post("/constitution/propose", &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    assert_eq!(house.entries(), entries);
    let renamed = CONSTITUTION.replace("maintainer", "steward");
    let heavier = KERNEL.replace("weight \"1\"", "weight \"3\"");
    for (decision, text, all) in [
        (
            "constitution",
            &renamed,
            &[
                "It checks.",
                "Decisions that would open: steward.",
                "Decisions that would close, with their votes: maintainer.",
                "Whose shares would come free (",
                "In plain English",
            ][..],
        ),
        ("kernel", &heavier, &["It checks.", "The members would weigh 3, instead of 1.", "63.6 % → 84.0 %"]),
    ] {
        let form = format!("decision={decision}&text={}", encoded(text));
        let answer = house.post("/constitution/propose/check", &cookie, &form).await;
        for words in all {
            assert!(answer.text.contains(words), "{words}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn rules_are_proposed_tidied_and_tried_on_the_past() {
    let mut house = House::busy();
    let (cookie, entries, me) = (house.member(3).await, house.entries(), house.members[2].clone());
    let inside = "# Docs\n\n```charter\noffice \"editor\" { settles-in \"2 days\" }\n```\n".to_owned();
    let kernel = KERNEL.replace("100 days", "90 days");
    let mut wanted = Vec::new();
    for (decision, text, there) in [
        ("constitution", next_constitution(), "/constitution?done=propose#candidates"),
        ("kernel", kernel, "/constitution/kernel?done=propose-kernel#proposals"),
        ("docs-team", inside, "/constitution/of/docs-team?done=propose#candidates"),
    ] {
        let form = format!("decision={decision}&text={}", encoded(&text));
        assert_eq!(house.done("/constitution/propose", &cookie, &form).await, there);
        let document = hash(&text);
        wanted.push(json!({ "act": "propose_document", "member": me, "decision": decision, "document": document }));
    }
    let untidy = encoded("```charter\noffice   \"a\" {}\n```\n");
    let answer =
        house.post("/constitution/propose/tidy", &cookie, &format!("decision=constitution&text={untidy}")).await;
    assert!(answer.text.contains("office &#34;a&#34;"), "{}", answer.text);
    assert!(!answer.text.contains("office   "), "{}", answer.text);
    let renamed = encoded(&CONSTITUTION.replace("maintainer", "steward"));
    for (from, words) in [
        ("2025-01-20", "Held otherwise at the end"),
        ("%3Cscript%3E", "It cannot be tried: "),
        ("2045-01-01", "It cannot be tried: "),
    ] {
        let form = format!("decision=constitution&from={from}&text={renamed}");
        let answer = house.post("/constitution/propose/past", &cookie, &form).await;
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
        assert_eq!(answer.text.matches("<script").count(), 1, "{}", answer.text);
        assert!(answer.text.contains("office &#34;steward&#34;"), "what was typed is still here");
    }
    assert_eq!(house.acts_after(entries), wanted);
}

#[tokio::test]
async fn members_assent_leave_and_stay_for_themselves_alone() {
    let mut house = House::busy();
    let (cookie, entries, me) = (house.member(1).await, house.entries(), house.members[0].clone());
    let (document, other) = (hash(&next_kernel()), house.members[1].clone());
    let texts = format!("kernel={}&constitution={}", encoded(KERNEL.trim_end()), encoded(CONSTITUTION));
    for (path, form, there) in [
        (
            "/constitution/kernel/assent",
            format!("document={document}&assent=yes&member={other}"),
            "/constitution/kernel?done=assent#proposals",
        ),
        (
            "/constitution/kernel/assent",
            format!("document={document}&assent=no"),
            "/constitution/kernel?done=assent-back#proposals",
        ),
        (
            "/constitution/kernel/withdraw",
            format!("document={document}"),
            "/constitution/kernel?done=withdraw-kernel#proposals",
        ),
        ("/fork/join", format!("fork=blue&member={other}"), "/fork?done=fork-join"),
        ("/fork/stay", "fork=blue".to_owned(), "/fork?done=fork-stay"),
        ("/fork/announce", format!("fork=red&{texts}"), "/fork?done=fork-announce"),
    ] {
        assert_eq!(house.done(path, &cookie, &form).await, there);
    }
    let answer = house.post("/constitution/kernel/assent", &cookie, "document=d_1").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = house.post("/fork/announce", &cookie, "fork=red&kernel=wrong&constitution=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Constitution: It cannot be read: the text is empty."));
    let answer = house.post("/fork/announce", &cookie, "fork=red&kernel=wrong&constitution=fine").await;
    assert!(answer.text.contains("What is wrong in the kernel"), "{}", answer.text);
    assert!(answer.text.contains("value=\"red\"") && answer.text.contains("fine</textarea>"));
    let assent = |assent: bool| json!({ "act": "assent", "member": me, "document": document, "assent": assent });
    let join = |going: bool| json!({ "act": "join_fork", "member": me, "fork": "blue", "going": going });
    let (kernel, constitution) = (hash(KERNEL), hash(CONSTITUTION));
    let wanted = [
        assent(true),
        assent(false),
        json!({ "act": "withdraw_candidacy", "member": me, "decision": "kernel", "document": document }),
        join(true),
        join(false),
        json!({ "act": "announce_fork", "member": me, "fork": "red", "kernel": kernel, "constitution": constitution }),
    ];
    assert_eq!(house.acts_after(entries), wanted);
}

#[tokio::test]
async fn a_text_of_a_mebibyte_is_read_and_a_longer_one_is_told() {
    let mut house = House::first_day();
    let cookie = house.member(1).await;
    let form = |bytes: usize| {
        let letters = "%C3%A9".repeat((bytes - CONSTITUTION.len()) / 2);
        format!("decision=constitution&text={}{letters}", encoded(CONSTITUTION))
    };
    let most = 1_048_576;
    let answer = house.post("/constitution/propose/check", &cookie, &form(most - 2)).await;
    assert!(answer.text.contains("It checks."));
    let answer = house.post("/constitution/propose/check", &cookie, &form(most + 2)).await;
    assert!(answer.text.contains("rules are at most 1 MiB long"));
    let answer = house.post("/constitution/propose/check", &cookie, &form(3 * most)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
