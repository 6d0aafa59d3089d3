//! The outbox's page and its routes for programs, badges and frames.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use engine::act::{Act, CloseItem};
use host::bridge::{Bridge, BridgeSettings, Cursors, Heard, NoBridge, Running, Vault};
use host::inbox::Bringer;
use serde_json::json;

use crate::house::{HOSTILE, House};
use crate::site::{post_json, send};

const BRIDGE: &str = "0123456789abcdef01234567";

/// A bridge that nobody ever calls: pages call nothing.
fn bridge(house: &House, folder: &std::path::Path) {
    let vault = Vault::of(folder, house.coop.read().id());
    let address = "https://forge.example/coop-001/tool";
    let bridge = Bridge {
        settings: BridgeSettings::of(
            address,
            Some(bridges::forge::Dialect::Gitea.into()),
            bridges::forge::Reach::Public,
        )
        .expect("an address"),
        state: Running::Going,
        by: Bringer::default(),
        made_us: 0,
        token: None,
        secret: vault.sealed(BRIDGE, "secret", "secret").expect("a key"),
        secret_before: None,
        cursors: Cursors::default(),
        asks: std::collections::BTreeMap::new(),
        heard: Heard::default(),
    };
    let made = house.coop.write(move |batch| batch.make_bridge(BRIDGE, &bridge));
    let made: Result<(), NoBridge> = made;
    made.expect("a bridge");
}

/// Closes an item by somebody who may.
fn close(house: &House, item: &str) {
    let act = Act::CloseItem(CloseItem { decision: "issues".to_owned(), item: item.to_owned() });
    let now = house.coop.now();
    house.coop.write(move |batch| batch.append(&act, engine::Actor::Operator, "", "", now)).expect("closed");
}

#[tokio::test]
async fn somebody_who_may_record_chooses_and_others_only_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut house = House::busy();
    let cookie = house.member(3).await;
    assert_eq!(house.get("/outbox", "").await.headers[LOCATION], "/walk-in", "it is for members");
    let page = house.get("/outbox", &cookie).await;
    assert!(
        page.text.contains("No bridge leads to a forge yet") && page.text.contains("Nothing waits."),
        "{}",
        page.text
    );
    bridge(&house, folder.path());
    let form = format!("bridge={BRIDGE}&close=yes&days=14");
    let answer = house.post("/outbox/outlets", &cookie, &form).await;
    assert_eq!(answer.headers[LOCATION], "/outbox?done=outlet", "{}", answer.text);
    let refused = house.post("/outbox/outlets", &cookie, &form.replace("14", "0")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("a number from 1 to 365"), "{}", refused.text);
    let item = house
        .coop
        .read()
        .state()
        .decision("issues")
        .expect("a ranking")
        .open_items()
        .next()
        .expect("one")
        .id
        .to_string();
    close(&house, &item);
    let page = house.get("/outbox", &cookie).await;
    assert!(page.text.contains("Close the issue, with the reason"), "{}", page.text);
    assert!(page.text.contains(&format!("issue {item} of forge.example/coop-001/tool")), "{}", page.text);
    assert!(!page.text.contains(HOSTILE) && page.text.matches("<script").count() == 1);
    let answer = house.post("/outbox", &cookie, "task=1&do=drop").await;
    assert_eq!(answer.headers[LOCATION], "/outbox?done=outbox");
    assert!(house.get("/outbox", &cookie).await.text.contains("dropped by somebody who may"));
    assert_eq!(house.post("/outbox", &cookie, "task=1&do=drop").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post("/outbox", &cookie, "task=1&do=burn").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn programs_read_and_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut house = House::busy();
    bridge(&house, folder.path());
    let chosen = json!({ "bridge": BRIDGE, "close": true });
    let answer = send(&mut house.server, post_json("/api/v1/outbox/outlets", &chosen)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let wrong = json!({ "bridge": "none", "close": true });
    let answer = send(&mut house.server, post_json("/api/v1/outbox/outlets", &wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    let items: Vec<String> = {
        let present = house.coop.read();
        present
            .state()
            .decision("issues")
            .expect("a ranking")
            .open_items()
            .take(1)
            .map(|item| item.id.to_string())
            .collect()
    };
    close(&house, &items[0]);
    let told = house.get("/api/v1/outbox", "").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    let told: serde_json::Value = serde_json::from_str(&told.text).expect("JSON");
    assert_eq!((&told["outlets"][0]["every_days"], &told["waiting"][0]["call"]), (&json!(7), &json!("close")));
    let said = json!({ "do": "drop", "task": 1 });
    let answer = send(&mut house.server, post_json("/api/v1/outbox", &said)).await;
    assert!(answer.text.contains("\"dropped\""), "{}", answer.text);
    let answer = send(&mut house.server, post_json("/api/v1/outbox", &said)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = send(&mut house.server, post_json("/api/v1/outbox", json!({ "do": "burn" }))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn badges_and_frames_are_for_any_page_and_name_nobody() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let item = {
        let present = house.coop.read();
        let ranking =
            present.state().decision("issues").expect("a ranking").open_items().next().map(|item| item.id.to_string());
        ranking.expect("an item")
    };
    for path in
        ["/badge/issues.svg".to_owned(), format!("/badge/issues/{item}.svg"), "/badge/maintainer.svg".to_owned()]
    {
        let (one, other) = (house.get(&path, "").await, house.get(&path, &cookie).await);
        assert_eq!(
            (one.status, &one.headers[CONTENT_TYPE]),
            (StatusCode::OK, &"image/svg+xml".parse().expect("ASCII")),
            "{path}"
        );
        assert_eq!(one.text, other.text, "{path}: the same for everybody");
        assert!(
            one.text.starts_with("<svg ") && !one.text.contains("<script") && !one.text.contains("member-0"),
            "{path}"
        );
        assert_eq!(one.headers["cross-origin-resource-policy"], "cross-origin");
        assert!(one.headers[CACHE_CONTROL].to_str().expect("ASCII").contains("max-age=300"), "{path}");
    }
    for path in ["/embed/issues".to_owned(), format!("/embed/issues/{item}"), "/embed/maintainer".to_owned()] {
        let (one, other) = (house.get(&path, "").await, house.get(&path, &cookie).await);
        assert_eq!((one.status, &one.text), (StatusCode::OK, &other.text), "{path}");
        assert!(
            !one.text.contains("<script") && !one.text.contains("member-0") && !one.text.contains("<form"),
            "{path}"
        );
        assert!(!one.headers.contains_key("x-frame-options"), "{path}");
        assert!(!one.text.contains(HOSTILE), "{path}");
    }
    for path in ["/badge/none.svg", "/badge/issues", "/badge/issues/none.svg", "/embed/none", "/embed/issues/none"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(house.get("/issues", "").await.headers.contains_key("x-frame-options"));
}
