//! Members act from pages and programs: their words are in the log, and nothing else is.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::house::{HOSTILE, House, SHORT, hash, long};
use crate::site::{encoded, post_json, send};

#[tokio::test]
async fn casting_hands_in_what_was_typed_and_goes_back() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let (me, holder, challenger) = (house.members[2].clone(), house.members[0].clone(), house.members[4].clone());
    let entries = house.entries();
    let form = format!("for_share=12.5&against_share=0&for.{holder}=10&against.{challenger}=&newcomer=");
    let there = house.done("/decisions/maintainer/ballot", &cookie, &form).await;
    assert_eq!(there, "/decisions/maintainer?done=ballot#ballot");
    let there = house.done("/decisions/issues/items/220/ballot", &cookie, "side=against&share=7,5").await;
    assert_eq!(there, "/issues?done=ballot");
    let there = house.done("/me/shares", &cookie, "share.maintainer:for=30").await;
    assert_eq!(there, "/me?done=shares");
    let scores = json!({ &holder: 1_000_000 });
    let ballot = |share_ppm: u32| json!({ "act": "cast_ballot", "member": me, "decision": "maintainer", "share_ppm": share_ppm, "scores": scores, "against": false });
    let on_item = json!({ "act": "cast_ballot", "member": me, "decision": "issues", "item": "220", "share_ppm": 75_000, "against": true });
    assert_eq!(house.acts_after(entries), [ballot(125_000), on_item, ballot(300_000)]);
}

#[tokio::test]
async fn a_preview_shows_what_was_typed_and_hands_nothing_in() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
    let holder = house.members[0].clone();
    let form = format!("for_share=25&for.{holder}=3");
    let answer = house.post("/decisions/maintainer/preview", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("What would change"));
    assert!(answer.text.contains("name=\"for_share\" value=\"25\""));
    assert!(answer.text.contains(&format!("name=\"for.{holder}\" value=\"3\"")));
    let answer = house.post("/decisions/issues/items/275/preview", &cookie, "side=for&share=25").await;
    assert!(answer.text.contains("What would change"));
    assert_eq!(house.entries(), entries);
}

#[tokio::test]
async fn what_cannot_be_read_comes_back_as_typed() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
    for path in ["/decisions/maintainer/ballot", "/decisions/maintainer/preview"] {
        let answer = house.post(path, &cookie, "for_share=a+fifth%22%3E").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text.contains("value=\"a fifth&#34;&#62;\""), "{path}");
        assert!(answer.text.contains("a number from 0 to 100"), "{path}");
    }
    let answer = house.post("/me/shares", &cookie, "share.issues:220=101").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("at most 100 %"));
    assert_eq!(house.entries(), entries);
}

#[tokio::test]
async fn a_refusal_is_a_page_for_people_and_a_problem_for_programs() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let (me, holder) = (house.members[2].clone(), house.members[0].clone());
    let form = format!("for_share=95&for.{holder}=10");
    let answer = house.post("/decisions/maintainer/ballot", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for words in ["R017", "The rules say no", "Nothing was changed", "30 % of your weight", "70 % are free"] {
        assert!(answer.text.contains(words), "{words} {}", answer.text);
    }
    let act = json!({ "act": "cast_ballot", "member": me, "decision": "issues", "item": "220", "share_ppm": 950_000 });
    let answer = send(&mut house.server, post_json("/api/v1/acts", act)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
    let problem: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(problem["number"], 17);
    assert_eq!(problem["name"], "share-exceeds-weight");
    assert_eq!(problem["status"], 409);
    assert!(problem["ways_out"][0]["words"].as_str().is_some_and(|words| words.contains("% are free")), "{problem}");
}

#[tokio::test]
async fn acts_are_taken_as_json_alone_and_once_a_key() {
    let mut house = House::busy();
    let (me, entries) = (house.members[2].clone(), house.entries());
    let act = format!(
        "{{\"act\":\"cast_ballot\",\"member\":\"{me}\",\"decision\":\"issues\",\"item\":\"275\",  \"share_ppm\":50000}}"
    );
    let request = |kind: &'static str| {
        let mut request = post_json("/api/v1/acts", &act);
        request.headers_mut().insert("idempotency-key", "k1".parse().expect("ASCII"));
        request.headers_mut().insert(CONTENT_TYPE, kind.parse().expect("ASCII"));
        request
    };
    for repeated in [false, true] {
        let answer = send(&mut house.server, request("application/json; charset=utf-8")).await;
        let answer: Value = serde_json::from_str(&answer.text).expect("JSON");
        assert_eq!(
            (&answer["receipt"]["entry"], &answer["receipt"]["repeated"]),
            (&json!(entries + 1), &json!(repeated))
        );
    }
    let wanted = json!({ "act": "cast_ballot", "member": me, "decision": "issues", "item": "275", "share_ppm": 50_000, "against": false });
    assert_eq!(house.acts_after(entries), [wanted]);
    let answer = send(&mut house.server, request("text/plain")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn running_an_update_comes_back_to_the_own_site_only() {
    let mut house = House::busy();
    let updates = |house: &House| house.coop.read().state().updates;
    let before = updates(&house);
    let there = house.done("/demo/update", "", "back=/decisions/maintainer").await;
    assert_eq!(there, "/decisions/maintainer?done=update");
    let there = house.done("/demo/update", "", "back=//evil.test").await;
    assert_eq!(there, "/?done=update");
    assert_eq!(updates(&house), before + 2);
}

#[tokio::test]
async fn steps_about_candidates_do_what_was_asked_and_go_back() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let (me, nominee) = (house.members[2].clone(), house.members[7].clone());
    let entries = house.entries();
    let document = hash(SHORT);
    let title = hash("# Title\n\nBe kind.\n");
    let take_back = format!("document={document}");
    let nominate = format!("candidate={nominee}&side=against&share=4,5");
    let steps = [
        ("maintainer/stand", "", "stand"),
        ("maintainer/withdraw", "", "withdraw"),
        ("code-of-conduct/withdraw", &take_back, "withdraw"),
        ("maintainer/nominations", &nominate, "nominate"),
        ("code-of-conduct/documents", "text=%23+Title%0D%0A%0D%0ABe+kind.%0D%0A%0D%0A", "propose"),
    ];
    for (path, form, done) in steps {
        let there = house.done(&format!("/decisions/{path}"), &cookie, form).await;
        assert!(there.ends_with(&format!("?done={done}#nominations")), "{there}");
    }
    let wanted = [
        json!({ "act": "stand", "member": me, "decision": "maintainer" }),
        json!({ "act": "withdraw_candidacy", "member": me, "decision": "maintainer" }),
        json!({ "act": "withdraw_candidacy", "member": me, "decision": "code-of-conduct", "document": document }),
        json!({ "act": "nominate", "member": me, "decision": "maintainer", "candidate": nominee, "share_ppm": 45_000, "against": true }),
        json!({ "act": "propose_document", "member": me, "decision": "code-of-conduct", "document": title }),
    ];
    assert_eq!(house.acts_after(entries), wanted);
    let page = house.page(&format!("/decisions/code-of-conduct/documents/{title}"), "").await;
    assert!(page.contains("<p>Be kind.</p>"), "{page}");
    let answer = house.post("/decisions/maintainer/resign", &cookie, "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("The rules say no"));
}

#[tokio::test]
async fn a_document_has_a_text_and_at_most_64_kib_of_it() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
    let path = "/decisions/code-of-conduct/documents";
    for (form, status) in [
        ("text=+%0A".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("text=a%00b".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        (format!("text={}", "x".repeat(65_536)), StatusCode::UNPROCESSABLE_ENTITY),
        (format!("text={}", "x".repeat(300_000)), StatusCode::PAYLOAD_TOO_LARGE),
        (format!("text={}", "%C3%A9".repeat(32_000)), StatusCode::SEE_OTHER),
    ] {
        let answer = house.post(path, &cookie, &form).await;
        assert_eq!(answer.status, status, "{}", &form.get(..30).unwrap_or(&form));
    }
    assert_eq!(house.entries(), entries + 1);
}

#[tokio::test]
async fn texts_of_documents_are_shown_and_do_nothing() {
    let mut house = House::busy();
    for path in ["/decisions/code-of-conduct", &format!("/decisions/code-of-conduct/documents/{}", hash(SHORT))] {
        let text = house.page(path, "").await;
        assert!(!text.contains(HOSTILE), "{path}");
        assert!(text.contains("Be kind. &#60;script&#62;"), "{path}");
        assert!(text.contains("<li>one</li>"), "{path}");
    }
    let whole = house.page(&format!("/decisions/code-of-conduct/documents/{}", hash(&long())), "").await;
    let begun = house.page("/decisions/code-of-conduct", "").await;
    assert_eq!(whole.matches("A paragraph.").count(), 200);
    assert_eq!(begun.matches("A paragraph.").count(), 15);
    assert!(begun.contains("Read the whole text"));
}

#[tokio::test]
async fn my_page_previews_shares_and_hands_nothing_in() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
    let answer = house.post("/me/preview", &cookie, "share.maintainer%3Afor=33").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("What would change"));
    assert!(answer.text.contains("value=\"33\""));
    let answer = house.post("/me/preview", &cookie, "share.maintainer%3Afor=x").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = house.post("/me/preview", &cookie, &format!("share.{}=1", encoded("issues:220"))).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "no ballot of this member stands there");
    assert_eq!(house.entries(), entries);
}

#[tokio::test]
async fn my_page_lists_my_own_newest_acts_and_no_more_than_twenty() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let listed = |page: &str| {
        let (_, own) = page.split_once("id=\"own\"").unwrap_or_default();
        let (own, _) = own.split_once("</section>").unwrap_or_default();
        own.split("<li>").skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = listed(&house.page("/me", &cookie).await);
    assert!(!before.is_empty() && before.iter().all(|line| line.contains("member-003")), "{before:?}");
    for share in 1..=20 {
        let form = format!("side=for&share={share}");
        assert_eq!(
            house.post("/decisions/issues/items/275/ballot", &cookie, &form).await.status,
            StatusCode::SEE_OTHER
        );
    }
    let after = listed(&house.page("/me", &cookie).await);
    assert_eq!(after.len(), 20);
    assert!(after[0].contains("20 %") && after[19].contains(" 1 %"), "{after:?}");
    let other = house.member(4).await;
    let theirs = listed(&house.page("/me", &other).await);
    assert!(theirs.iter().all(|line| !line.contains("member-003")), "{theirs:?}");
}
