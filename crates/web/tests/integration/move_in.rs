//! The page on which an existing co-op moves in, and the same by the API.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use engine::Edition;
use host::{Charter, Coop, Person};
use serde_json::{Value, json};
use web::Door;

use crate::house::{House, at};
use crate::site::{Answer, post_file, post_json, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Come from elsewhere"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "dues(ever) / 1 USD" }
    votes "linear"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    founding { powers until "admit is held" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str =
    "# Rules\n```charter\noffice \"registrar\" {\n    settles-in \"1 day\"\n    may \"admit\"\n}\n```\n";
const REGISTER: &str = "number,name,joined,left\n1,member-101,1999-03-01,\n2,member-102,2004-07-15,2023-12-31\n";
const DUES: &str = "number,amount,day\n1,60.50,2024-01-15\n";
const BALANCES: &str = "account,amount\nassets:bank,1000.50\nequity:reserves,1000.50\n";

fn house() -> House {
    let day = at("2025-01-03T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let founder = coop.all_or_nothing(|batch| batch.admit_founder(&person, day)).expect("admitted");
    House::serve(coop, &[founder], Door::WalkIn)
}

async fn hand_in(house: &mut House, cookie: &str, dues: &str, what: &str) -> Answer {
    let fields =
        [("register", REGISTER), ("dues", dues), ("balances", BALANCES), ("balances_on", "2024-01-01"), ("do", what)];
    send(&mut house.server, post_file("/record/move-in", cookie, &fields, None)).await
}

#[tokio::test]
async fn founders_look_first_and_keep_it_by_one_press() {
    let mut house = house();
    let cookie = house.member(1).await;
    assert!(house.page("/", &cookie).await.contains("href=\"/record/move-in\""), "first steps lead there");
    assert!(house.page("/record", &cookie).await.contains("href=\"/record/move-in\""));
    assert!(house.page("/record/move-in", &cookie).await.contains("Move an existing co-op in"));
    let before = house.entries();
    let looked = hand_in(&mut house, &cookie, DUES, "look").await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    for words in [
        "register.csv: 1 member, 1 who has left",
        "1000.50 USD on either side",
        "4 recorded, 0 known already",
        "Nothing is kept yet",
        "value=\"keep\"",
        "member-102",
    ] {
        assert!(looked.text.contains(words), "{words}: {}", looked.text);
    }
    assert_eq!(house.entries(), before, "nothing is kept");
    let kept = hand_in(&mut house, &cookie, DUES, "keep").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    assert_eq!(kept.headers[LOCATION], "/imports/1?done=moved-in");
    assert!(house.page("/imports/1", &cookie).await.contains("4 recorded"));
    let again = hand_in(&mut house, &cookie, DUES, "keep").await;
    assert_eq!(again.headers[LOCATION], "/record?done=known", "twice is once");
    let joined = house.acts_after(before).into_iter().find(|act| act["act"] == "admit_member").expect("an admission");
    let page = house.page(&format!("/members/{}", joined["member"].as_str().unwrap_or_default()), &cookie).await;
    assert!(page.contains("1999") || page.contains("2004"), "the day of joining is shown: {page}");
}

#[tokio::test]
async fn lines_at_fault_are_shown_with_everything_that_was_typed() {
    let mut house = house();
    let cookie = house.member(1).await;
    let before = house.entries();
    for what in ["look", "keep"] {
        let wrong = hand_in(&mut house, &cookie, "number,amount,day\n7,1,2024-01-15\n2,1,2024-01-15\n", what).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        assert!(wrong.text.contains("dues.csv:2:1: nobody in the register has the number `7`"), "{}", wrong.text);
        assert!(wrong.text.contains("dues.csv:3:1: 2 paid on 2024-01-15, after they left on 2023-12-31"));
        assert!(wrong.text.contains("7,1,2024-01-15") && !wrong.text.contains("value=\"keep\""));
    }
    let empty = send(&mut house.server, post_file("/record/move-in", &cookie, &[("do", "look")], None)).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("paste or choose a register"), "{}", empty.text);
    assert_eq!(house.entries(), before);
}

#[tokio::test]
async fn programs_get_the_same() {
    let mut house = house();
    let paper = |text: &str| json!({ "text": text });
    let asked = |dues: &str, keep: bool| json!({ "register": { "name": "r.csv", "text": REGISTER }, "dues": paper(dues), "balances": paper(BALANCES), "balances_on": "2024-01-01", "keep": keep });
    let read = |answer: Answer| -> Value { serde_json::from_str(&answer.text).expect("JSON") };
    let looked = read(send(&mut house.server, post_json("/api/v1/move-in", asked(DUES, false))).await);
    assert_eq!((&looked["kept"], &looked["register"]["left"]), (&json!(false), &json!(1)), "{looked}");
    let wrong = read(
        send(&mut house.server, post_json("/api/v1/move-in", asked("number,amount,day\n7,1,2024-01-15\n", true))).await,
    );
    assert_eq!((&wrong["kept"], &wrong["import"]), (&json!(false), &Value::Null), "{wrong}");
    let kept = read(send(&mut house.server, post_json("/api/v1/move-in", asked(DUES, true))).await);
    assert_eq!((&kept["kept"], &kept["import"]["number"]), (&json!(true), &json!(1)), "{kept}");
    let odd = send(&mut house.server, post_json("/api/v1/move-in", json!({ "registr": 1 }))).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.text);
}
