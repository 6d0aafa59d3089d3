//! Numbers that a constitution sets, and what is given to a service: on pages and by the API, under edition 3.

use axum::http::StatusCode;
use axum::http::header::COOKIE;
use engine::Edition;
use engine::act::{Act, AddToList};
use host::{Charter, Coop};
use serde_json::{Value, json};
use web::Door;

use crate::house::{House, admit, at, hand_in, run};
use crate::site::{encoded, post_json, send};

const KERNEL: &str = r#"```charter
kernel {
    name "Toad Lane"
    purpose "Good food at fair prices"
    currency "USD"
    parameter "basket" default="1" from="0" to="5"
    class "eaters" { weight "basket * purchased(ever) / 10 USD"; service "food" }
    class "members" list="member-list" { weight "1"; kept-by "members" }
    constitution { settles-in "30 days"; updates "daily at 00:00" }
}
```
"#;
const CONSTITUTION: &str = "```charter\noffice \"cook\" { settles-in \"14 days\"; service \"food\" }\n```\n";

/// Two members on the list; the first bought food for 20 USD.
async fn house() -> House {
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, at("2025-01-02T00:00:00Z")).expect("a co-op");
    let mut members = Vec::new();
    for name in ["member-001", "member-002"] {
        let member = coop.all_or_nothing(|batch| admit(batch, name)).expect("a member");
        hand_in(&mut coop, &Act::AddToList(AddToList { list: "member-list".to_owned(), member }));
        members.push(member);
    }
    run(&mut coop, 2);
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let cookie = house.member(1).await;
    let row = json!({ "member": "member-001", "kind": "purchase", "amount": "20", "unit": "USD", "given_at": "2025-01-03", "source": "till:1", "service": "food" });
    let mut request = post_json("/api/v1/facts", row);
    request.headers_mut().insert(COOKIE, cookie.parse().expect("a cookie"));
    request.headers_mut().insert("sec-fetch-site", "same-origin".parse().expect("ASCII"));
    let answer = send(&mut house.server, request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    house
}

#[tokio::test]
async fn a_record_says_what_it_was_for() {
    let mut house = house().await;
    let cookie = house.member(1).await;
    let records = |house: &House| {
        let acts = house.acts_after(0).into_iter().filter(|act| act["act"] == "record_support");
        acts.map(|act| act["service"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(records(&house), [json!("food")]);
    let page = house.page("/record", &cookie).await;
    assert!(page.contains("What it was for") && page.contains("<option value=\"food\">food</option>"), "{page}");
    let start = page.find("name=\"source\" value=\"").expect("a source") + "name=\"source\" value=\"".len();
    let source = &page[start..start + 32];
    let form = |service: &str| {
        format!(
            "source={source}&member=member-001&kind=purchase%3AUSD&amount=5&day=2025-01-03&service={service}&do=record"
        )
    };
    let done = house.post("/record", &cookie, &form("food")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(records(&house), [json!("food"), json!("food")]);
    let log = house.published_log().await;
    assert!(log.contains("bought for 20.00") && log.contains(", for food"), "{log}");
}

#[tokio::test]
async fn the_page_of_rules_says_what_a_number_would_move() {
    let mut house = house().await;
    let cookie = house.member(1).await;
    // Everything is counted once more: 2 and 1 of the first, 1 of the second.
    let now = house.coop.now();
    house.coop.write(move |batch| batch.run_next_update(now)).expect("counted");
    let check = |value: &str| {
        let text = encoded(&CONSTITUTION.replace("office", &format!("set \"basket\" \"{value}\"\noffice")));
        format!("decision=constitution&text={text}")
    };
    // 3 of 4 become 1 of 2: a fourth is in other hands.
    let told = house.post("/constitution/propose/check", &cookie, &check("0")).await;
    assert!(
        told.text.contains("25.0 % of all weight would be in other hands")
            && told.text.contains("tantamount to a fork"),
        "{}",
        told.text
    );
    assert!(told.text.contains("The basket would be 0 instead of 1."), "{}", told.text);
    // 3 of 4 become 5 of 6.
    let told = house.post("/constitution/propose/check", &cookie, &check("2")).await;
    assert!(
        told.text.contains("8.3 % of all weight would be in other hands.") && !told.text.contains("tantamount"),
        "{}",
        told.text
    );
    let told = house.post("/constitution/propose/check", &cookie, &check("6")).await;
    assert!(told.text.contains("C088") && told.text.contains("from 0 to 5"), "{}", told.text);
}
