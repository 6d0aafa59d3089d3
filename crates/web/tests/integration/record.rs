//! The page *Record*, the reports of imports, and the same by the API: what comes in by one door is what comes in by another.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use serde_json::{Value, json};

use crate::house::House;
use crate::site::{Answer, encoded, post_file, post_json, send};

const TABLE: &str = "member,kind,amount,unit,given_at,source\nmember-001,donation,5,USD,2025-01-05,a\nmember-002,hours,1.25,hours,2025-01-06,b\n";

/// A value of a form's field.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let start = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    page[start..].split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

fn row(source: &str, member: &str, amount: &str, what: &str) -> String {
    let member = encoded(member);
    format!("source={source}&member={member}&kind=purchase%3AUSD&amount={amount}&day=2025-01-05&do={what}")
}

async fn table(house: &mut House, cookie: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    send(&mut house.server, post_file("/record/table", cookie, fields, file)).await
}

async fn imports(house: &mut House, cookie: &str) -> Value {
    let answer = house.get("/api/v1/imports", cookie).await;
    serde_json::from_str(&answer.text).expect("JSON")
}

#[tokio::test]
async fn one_record_is_shown_ahead_and_comes_in_once() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let page = house.page("/record", &cookie).await;
    assert!(page.contains("You may because anyone at this address is at the operator"), "{page}");
    let source = field(&page, "source").to_owned();
    let before = house.entries();
    let ahead = house.post("/record", &cookie, &row(&source, "member-001", "12.50", "look")).await;
    assert_eq!(ahead.status, StatusCode::OK, "{}", ahead.text);
    assert!(
        ahead.text.contains("member-001 would have") && ahead.text.contains("of all say at the update of"),
        "{}",
        ahead.text
    );
    assert!(ahead.text.contains("value=\"12.50\"") && ahead.text.contains("Nothing is recorded yet"));
    assert_eq!((house.entries(), field(&ahead.text, "source")), (before, source.as_str()), "nothing was done");
    for _ in 0..2 {
        let done = house.post("/record", &cookie, &row(&source, "member-001", "12.50", "record")).await;
        assert_eq!(
            (done.status, &done.headers[LOCATION]),
            (StatusCode::SEE_OTHER, &"/record?done=recorded".parse().expect("ASCII")),
            "{}",
            done.text
        );
    }
    let acts = house.acts_after(before);
    let acts: Vec<&Value> = acts.iter().filter(|act| act["act"] == "record_support").collect();
    assert_eq!(acts.len(), 1, "twice is once: {acts:?}");
    assert_eq!(acts[0]["amount"], json!({ "amount": 1250, "currency": "USD" }));
    let all = imports(&mut house, &cookie).await;
    assert_eq!(
        all["imports"][0]["sums"],
        json!([{ "kind": "purchase", "unit": "USD", "records": 1, "amount": 1250 }]),
        "{all}"
    );
    assert_eq!(all["imports"][0]["by"]["member"], json!(house.members[2]));
}

#[tokio::test]
async fn who_is_meant_is_never_guessed() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let source = field(&house.page("/record", &cookie).await, "source").to_owned();
    let before = house.entries();
    let nobody = house.post("/record", &cookie, &row(&source, "member-0", "5", "record")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("nobody in the register is called <code>member-0</code>"), "{}", nobody.text);
    assert!(nobody.text.contains(&format!("name=\"chosen\" value=\"{}\"", house.members[0])), "those near are offered");
    let bad = house.post("/record", &cookie, &row(&source, "member-001", "5.001", "record")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("5.001") && bad.text.contains("role=\"alert\""), "{}", bad.text);
    assert_eq!(house.entries(), before);
    let chosen = format!("{}&chosen={}", row(&source, "member-0", "5", "record"), house.members[0]);
    assert_eq!(house.post("/record", &cookie, &chosen).await.status, StatusCode::SEE_OTHER);
    assert!(house.entries() > before);
}

#[tokio::test]
async fn a_table_is_looked_at_then_recorded_and_its_report_is_kept() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let before = house.entries();
    let looked = table(&mut house, &cookie, &[("text", TABLE), ("do", "look")], None).await;
    assert!(looked.text.contains("This is a table of what members gave: 2 records."), "{}", looked.text);
    assert_eq!(house.entries(), before);
    let done = table(&mut house, &cookie, &[("text", TABLE), ("do", "record")], None).await;
    assert_eq!(done.headers[LOCATION], "/imports/1?done=imported", "{}", done.text);
    let page = house.page("/imports/1", &cookie).await;
    for words in
        ["2 recorded, 0 known already", "5.00 USD", "1.25 hours", "by a page", "members already: 2 by the name alone"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = house.page("/imports", &cookie).await;
    assert!(list.contains("/imports/1") && list.contains("hours: 1 record, 1.25 hours"), "{list}");
    let again = table(&mut house, &cookie, &[("do", "record")], Some(("given.csv", TABLE.as_bytes()))).await;
    assert_eq!(again.headers[LOCATION], "/record?done=known", "{}", again.text);
    // The same bytes by the API say the same.
    let mut other = House::busy();
    let cookie = other.member(3).await;
    let mut request = post_json("/api/v1/imports", json!({ "text": TABLE, "name": "table.csv" }));
    request.headers_mut().insert("cookie", cookie.parse().expect("ASCII"));
    request.headers_mut().insert("sec-fetch-site", "same-origin".parse().expect("ASCII"));
    let answer = send(&mut other.server, request).await;
    let one: Value = serde_json::from_str(&answer.text).expect("JSON");
    let cookie = house.member(3).await;
    let kept = house.get("/api/v1/imports/1", &cookie).await;
    let two: Value = serde_json::from_str(&kept.text).expect("JSON");
    for part in ["recorded", "known", "sums", "joined", "differ", "left_out", "files", "notes"] {
        assert_eq!(one[part], two[part], "{part}");
    }
}

#[tokio::test]
async fn mistakes_stop_everything_and_nothing_typed_is_lost() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let before = house.entries();
    let bad =
        "member,kind,amount,unit,given_at\nmember-001,donation,x,USD,2025-01-05\nmember-001,gold,5,USD,2025-01-05\n";
    for what in ["look", "record"] {
        let answer = table(&mut house, &cookie, &[("text", bad), ("do", what)], None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["table.csv:2:21: ", "table.csv:3:12: ", "member-001,gold,5,USD,2025-01-05"] {
            assert!(answer.text.contains(words), "{what} {words}: {}", answer.text);
        }
    }
    let strange = "member,kind,amount,unit,given_at\nnobody-at-all,dues,5,USD,2025-01-05\n";
    let answer = table(&mut house, &cookie, &[("text", strange), ("do", "record")], None).await;
    assert!(answer.text.contains("nobody in the register is called `nobody-at-all`"), "{}", answer.text);
    let empty = table(&mut house, &cookie, &[("text", " "), ("do", "record")], None).await;
    assert!(empty.text.contains("paste a table, or choose a file"));
    let long = "x".repeat((1 << 20) + 1);
    assert!(
        table(&mut house, &cookie, &[("text", &long), ("do", "look")], None)
            .await
            .text
            .contains("more than a page takes")
    );
    assert_eq!(house.entries(), before);
}

#[tokio::test]
async fn an_unknown_table_is_mapped_by_hand_once() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let text = "when,who,spent\n2025-01-05,member-001,5\n";
    let asked = table(&mut house, &cookie, &[("do", "look")], Some(("till.csv", text.as_bytes()))).await;
    assert!(
        asked.text.contains("Which column is which?") && asked.text.contains("spent (such as 5)"),
        "{}",
        asked.text
    );
    assert!(asked.text.contains("2025-01-05,member-001,5"), "the file is in the form");
    let partly = [("text", text), ("kind", "support-csv"), ("column.member", "1"), ("do", "look")];
    let missing = table(&mut house, &cookie, &partly, None).await;
    assert!(missing.text.contains("say which column is `How much`"), "{}", missing.text);
    let whole = [
        ("text", text),
        ("file_name", "till.csv"),
        ("kind", "support-csv"),
        ("column.member", "1"),
        ("column.amount", "2"),
        ("column.given_at", "0"),
        ("always.kind", "purchase"),
        ("always.unit", "USD"),
    ];
    let with = |what: &'static str| whole.iter().copied().chain([("do", what)]).collect::<Vec<_>>();
    let looked = table(&mut house, &cookie, &with("look"), None).await;
    assert!(looked.text.contains("This is a table of what members gave: 1 record."), "{}", looked.text);
    assert!(looked.text.contains("name=\"column.amount\" value=\"2\""), "the answers go on with the form");
    let done = table(&mut house, &cookie, &with("record"), None).await;
    assert_eq!(done.headers[LOCATION], "/imports/1?done=imported", "{}", done.text);
    let next = "When;Who;Spent\n2025-01-06;member-002;7\n";
    let done = table(&mut house, &cookie, &[("text", next), ("do", "record")], None).await;
    assert_eq!(done.headers[LOCATION], "/imports/2?done=imported", "{}", done.text);
    assert!(house.page("/imports/2", &cookie).await.contains("7.00 USD"));
}

#[tokio::test]
async fn nobody_records_without_a_right_to() {
    let mut house = House::busy_behind(web::Door::ReadOnly);
    for path in ["/record", "/imports", "/imports/1"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let before = house.entries();
    let answer = send(&mut house.server, post_json("/api/v1/imports", json!({ "text": TABLE }))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    let answer =
        send(&mut house.server, post_file("/record/table", "", &[("text", TABLE), ("do", "record")], None)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.entries(), before);
}
