//! Devices from the page and by the API: asked for what to sign, signed, handed in again, refused.

use axum::http::StatusCode;
use engine::Edition;
use rochdale_log::{Hash, Statement, decode, public_of};
use serde_json::Value;
use web::Door;

use crate::house::{House, three_equals};
use crate::site::{Answer, send_with};

const RULES: &str = "# Rules\n```charter\noffice \"maintainer\" settles-in=\"2 days\"\n```\n";

const SECRET: [u8; 32] = [7; 32];

fn public() -> String {
    Hash(public_of(&SECRET)).to_string()
}

fn house() -> House {
    let (coop, members) = three_equals(RULES, Edition::FIVE);
    House::serve(coop, &members, Door::WalkIn)
}

/// Signs what the server asks to be signed, as a browser does.
fn sign(asked: &Answer, device: u64, turn: u64) -> String {
    assert_eq!(asked.headers.get("rochdale-to-sign").map(|yes| yes.as_bytes()), Some(&b"yes"[..]), "{}", asked.text);
    let json: Value = serde_json::from_str(&asked.text).expect("JSON");
    let acts = json["to_sign"].as_array().expect("a list");
    let text = |act: &Value, name: &str| act[name].as_str().expect(name).to_owned();
    let signed = acts.iter().zip(turn..).map(|(act, turn)| {
        let [coop, member, authority, kind, body] =
            ["coop", "member", "authority", "kind", "body"].map(|name| text(act, name));
        let statement = Statement {
            coop: &coop,
            first: text(act, "first").parse().expect("a hash"),
            member: &member,
            authority: &authority,
            device,
            turn,
            after: act["after"].as_u64().expect("a number"),
            head: text(act, "head").parse().expect("a hash"),
            until_us: act["now_us"].as_i64().expect("a time") + 600_000_000,
            kind: &kind,
            body: body.as_bytes(),
            commitments: &[],
        };
        statement.sign(&SECRET).text()
    });
    signed.collect::<Vec<_>>().join(" ")
}

impl House {
    async fn ask(&mut self, path: &str, cookie: &str, fields: &str) -> Answer {
        send_with(&mut self.server, path, cookie, fields, &[("rochdale-sign", "ask")]).await
    }

    async fn signed(&mut self, path: &str, cookie: &str, fields: &str, signed: &str) -> Answer {
        send_with(&mut self.server, path, cookie, fields, &[("rochdale-signed", signed)]).await
    }

    fn last(&self) -> Vec<u8> {
        let snapshot = self.coop.read();
        snapshot.entry(snapshot.head().seq).expect("read").expect("an entry")
    }
}

#[tokio::test]
async fn a_browser_signs_what_a_form_does() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    let fields = format!("do=enrol&public={}", public());
    let before = house.coop.read().head().seq;
    let asked = house.ask("/me/devices", &cookie, &fields).await;
    assert_eq!(house.coop.read().head().seq, before, "asking does nothing");
    let unsigned = house.post("/me/devices", &cookie, &fields).await;
    assert!(unsigned.status == StatusCode::CONFLICT && unsigned.text.contains("R210"), "{}", unsigned.text);
    let enrolled = house.signed("/me/devices", &cookie, &fields, &sign(&asked, 0, 0)).await;
    assert_eq!(enrolled.status, StatusCode::SEE_OTHER, "{}", enrolled.text);
    let device = house.coop.read().head().seq;
    let page = house.page("/me/devices", &cookie).await;
    assert!(page.contains(&format!("data-public=\"{}\"", public())) && page.contains("Signs since"), "{page}");
    // Any form of acts is signed in the same way.
    let (stand, vote) = ("/decisions/maintainer/stand", "/decisions/maintainer/ballot");
    let asked = house.ask(stand, &cookie, "").await;
    let done = house.signed(stand, &cookie, "", &sign(&asked, device, 1)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let entry = house.last();
    let entry = decode(&entry).expect("an entry");
    assert_eq!((&*entry.kind, &*entry.key), ("stand", &*format!("{device}/1")));
    assert_eq!(entry.signed.flatten().map(|signed| signed.device), Some(device));
    let ballot = format!("for_share=10&for.{}=1", house.members[0]);
    let asked = house.ask(vote, &cookie, &ballot).await;
    let signed = sign(&asked, device, 2);
    let other = format!("for_share=11&for.{}=1", house.members[0]);
    let changed = house.signed(vote, &cookie, &other, &signed).await;
    assert!(changed.status == StatusCode::CONFLICT && changed.text.contains("R216"), "{}", changed.text);
    let done = house.signed(vote, &cookie, &ballot, &signed).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // The way of a form without a script, and of one that is wrong, is as ever.
    let again = house.post(vote, &cookie, &other).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
    let wrong = house.ask(vote, &cookie, "for_share=much").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
    for odd in ["x", "{}", "null"] {
        let refused = house.signed(vote, &cookie, &ballot, odd).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
    }
    let two = format!("{signed} {signed}");
    assert_eq!(house.signed(vote, &cookie, &ballot, &two).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn signed_acts_only_are_taken_from_a_device_alone() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    let fields = format!("do=enrol&public={}", public());
    let asked = house.ask("/me/devices", &cookie, &fields).await;
    house.signed("/me/devices", &cookie, &fields, &sign(&asked, 0, 0)).await;
    let device = house.coop.read().head().seq;
    let asked = house.ask("/me/devices", &cookie, "do=sign-only").await;
    let done = house.signed("/me/devices", &cookie, "do=sign-only", &sign(&asked, device, 1)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let refused = house.post("/decisions/maintainer/stand", &cookie, "").await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("R210"), "{}", refused.text);
    // Another key is let in by this one.
    let key = "ab".repeat(32);
    let page = house.page(&format!("/me/devices?add={key}"), &cookie).await;
    assert!(page.contains("A browser of yours waits"), "{page}");
    let page = house.page("/me/devices?add=%3Cb%3E", &cookie).await;
    assert!(!page.contains("A browser of yours waits"), "{page}");
    let lost = house.post("/me/devices", &cookie, &format!("do=revoke&device={device}")).await;
    assert_eq!(lost.status, StatusCode::SEE_OTHER, "a lost device is stopped without it");
    assert!(house.page("/me/devices", &cookie).await.contains("Revoked on"));
    let odd = house.post("/me/devices", &cookie, "do=revoke&device=x").await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn fellows_compare_words_and_strangers_have_no_page() {
    let mut house = house();
    let (first, second) = (house.cookie(0).await, house.cookie(1).await);
    let fields = format!("do=enrol&public={}", public());
    let asked = house.ask("/me/devices", &first, &fields).await;
    house.signed("/me/devices", &first, &fields, &sign(&asked, 0, 0)).await;
    let words = views::device::six_words(house.coop.read().id(), &public());
    let own = house.page("/me/devices", &first).await;
    assert!(own.contains(&words), "{own}");
    let there = format!("/me/devices?of={}", house.members[0]);
    let theirs = house.page(&there, &second).await;
    assert!(!theirs.contains("The words are the same"), "who signs nothing confirms nothing");
    let stranger = house.get("/me/devices", "").await;
    assert!(!stranger.text.contains(&words), "{}", stranger.text);
    let (coop, members) = three_equals(RULES, Edition::FOUR);
    let mut earlier = House::serve(coop, &members, Door::WalkIn);
    let cookie = earlier.cookie(0).await;
    assert_eq!(earlier.get("/me/devices", &cookie).await.status, StatusCode::NOT_FOUND);
}
