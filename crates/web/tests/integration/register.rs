//! The register of members as of a day: page, CSV and JSON.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use engine::Edition;
use host::{Charter, Coop, Person};
use web::Door;

use crate::house::{HOSTILE, House, admit, at};
use crate::site::{get, send};

const KERNEL: &str = "# K\n```charter\nkernel { name x; purpose y; currency EUR; class \"members\" list=\"member-list\" { weight \"1\" }\nconstitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" } }\n```\n";

#[tokio::test]
async fn the_register_of_a_day_is_read_printed_and_taken_along() {
    let day = at("2025-01-03T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), "```charter\n```\n".to_owned(), Edition::FIVE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let person = Person { name: HOSTILE.to_owned(), emails: vec!["a@b.example".to_owned()], ..Person::default() };
    let founder = coop.all_or_nothing(|batch| batch.admit_founder(&person, day)).expect("admitted");
    let other = coop.all_or_nothing(|batch| admit(batch, "=member-002")).expect("admitted");
    let mut house = House::serve(coop, &[founder, other], Door::WalkIn);
    let page = send(&mut house.server, get("/register", "")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("founder") && page.text.contains("entry 2") && page.text.contains("=member-002"));
    assert!(
        !page.text.contains(HOSTILE) && !page.text.contains("a@b.example"),
        "a name is a name; no address on a page"
    );
    let csv = send(&mut house.server, get("/register.csv", "")).await;
    assert_eq!(csv.headers[CONTENT_TYPE], "text/csv; charset=utf-8");
    assert!(csv.text.starts_with("number,member,name,") && csv.text.contains("'=member-002"), "{}", csv.text);
    let json = send(&mut house.server, get("/api/v1/register?former=yes", "")).await;
    let read: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    assert_eq!(read["members"][1]["number"], 2);
    assert!(read["members"][0].get("addresses").is_none());
    for (path, status) in [
        ("/register?at=2020-01-01", StatusCode::UNPROCESSABLE_ENTITY),
        ("/register?at=soon", StatusCode::UNPROCESSABLE_ENTITY),
        ("/register?at=2999-12-31", StatusCode::OK),
    ] {
        assert_eq!(send(&mut house.server, get(path, "")).await.status, status, "{path}");
    }
}
