//! A ranking that hands out hours: asking on its page, the dates that it says, and what was served.

use axum::http::StatusCode;
use engine::Edition;
use serde_json::json;
use web::Door;

use crate::house::{House, at, three_equals};

const RULES: &str = "# Rules\n```charter\nranking \"help\" { supply \"8 hours per month\" }\nranking \"benches\" { supply \"2 places per week\"; skip \"yes\" }\noffice \"helper\" { settles-in \"7 days\"; may \"close-issue\" }\n```\n";

/// Three members of a co-op under edition 4, on 10 January 2025.
fn house() -> House {
    let (mut coop, members) = three_equals(RULES, Edition::FOUR);
    let until = at("2025-01-10T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    House::serve(coop, &members, Door::WalkIn)
}

/// Brings a request on the page.
async fn asks(house: &mut House, member: usize, list: &str, title: &str, amount: &str) {
    let cookie = house.cookie(member).await;
    house
        .done(
            &format!("/decisions/{list}/add"),
            &cookie,
            &format!("title={title}&amount={amount}&sure=yes&key={title}"),
        )
        .await;
}

async fn places(house: &mut House, member: usize, list: &str, item: &str, share: &str) {
    let cookie = house.cookie(member).await;
    house.done(&format!("/decisions/{list}/items/{item}/ballot"), &cookie, &format!("side=for&share={share}")).await;
}

/// Runs every update up to a day.
fn until(house: &House, day: &str) {
    let until = at(&format!("{day}T02:00:00Z"));
    while house.coop.read().state().next_due().moment() <= until {
        let now = house.coop.now();
        house.coop.write(move |batch| batch.run_next_update(now)).expect("counted");
    }
}

#[tokio::test]
async fn members_ask_for_hours_and_see_when_they_are_served() {
    let mut house = house();
    let first = house.cookie(0).await;
    let list = house.page("/decisions/help", &first).await;
    for told in ["8 hours are handed out each month by this order, next in", "on Monday 3 February 2025."] {
        assert!(list.contains(told), "{told}: {list}");
    }
    let page = house.page("/decisions/help/add", &first).await;
    for told in ["<label for=\"amount\">Hours</label>", "No more than 8 hours, the whole supply."] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // A wrong number is reported beside it, and stays as it was typed.
    let wrong = house.post("/decisions/help/add", &first, "title=Garden&amount=many&key=a").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"Garden\"") && wrong.text.contains("value=\"many\""), "{}", wrong.text);
    assert!(wrong.text.contains("id=\"amount-wrong\""), "{}", wrong.text);
    let more = house.post("/decisions/help/add", &first, "title=Garden&amount=8.01&key=b").await;
    assert!(more.status == StatusCode::CONFLICT && more.text.contains("R133"), "{}", more.text);
    asks(&mut house, 0, "help", "Website", "5").await;
    asks(&mut house, 1, "help", "Accounts", "3.5").await;
    asks(&mut house, 2, "help", "Poster", "0.5").await;
    places(&mut house, 0, "help", "1", "90").await;
    places(&mut house, 1, "help", "2", "50").await;
    let list = house.page("/decisions/help", &first).await;
    assert!(list.contains("5 hours: not served while its votes are 0 or less"), "nothing is counted yet: {list}");
    until(&house, "2025-01-13");
    let list = house.page("/decisions/help", &first).await;
    for told in [
        "5 hours: would be served in",
        "on Monday 3 February 2025 if nothing changed, before everything else",
        "3.5 hours: would be served in",
        "on Monday 3 March 2025 if nothing changed; those before it ask for 5 hours",
        "0.5 hours: not served while its votes are 0 or less",
    ] {
        assert!(list.contains(told), "{told}: {list}");
    }
    until(&house, "2025-02-03");
    let list = house.page("/decisions/help", &first).await;
    for told in [
        "Served last",
        "5 hours of 8 hours were handed out; the rest lapsed.",
        "/decisions/help/served",
        "Closed lately",
    ] {
        assert!(list.contains(told), "{told}: {list}");
    }
    let home = house.page("/", &first).await;
    assert!(home.contains("“Website” was served on help, and is closed"), "{home}");
    let mine = house.page("/me", &first).await;
    assert!(mine.contains("“Website” was served on help, and is closed"), "{mine}");
    let second = house.cookie(1).await;
    assert!(!house.page("/me", &second).await.contains("“Website” was served"), "it is not theirs");
    let feed = house.get("/feeds/changes.atom", "").await;
    assert!(feed.text.contains("was served on help, and is closed"), "{}", feed.text);
    let log = house.published_log().await;
    assert!(log.contains("member-001 brought “Website” to the list of Help, and it asks for 5 hours"), "{log}");
}

#[tokio::test]
async fn past_periods_have_a_page_and_programs_read_the_same() {
    let mut house = house();
    asks(&mut house, 0, "benches", "Bicycle", "1").await;
    asks(&mut house, 1, "benches", "Cupboard", "2").await;
    asks(&mut house, 2, "benches", "Radio", "1").await;
    for (member, (item, share)) in [("1", "100"), ("2", "50"), ("3", "25")].into_iter().enumerate() {
        places(&mut house, member, "benches", item, share).await;
    }
    let standings = house.get("/api/v1/decisions/benches", "").await;
    let standings: serde_json::Value = serde_json::from_str(&standings.text).expect("JSON");
    let supply = &standings["supply"];
    assert_eq!((&supply["amount"], &supply["unit"], &supply["every"]), (&json!(2), &json!("unit"), &json!("week")));
    assert_eq!((&supply["skips"], &supply["serves_at"][0]), (&json!(true), &json!("2025-01-13T01:00:00Z")));
    until(&house, "2025-01-20");
    let page = house.page("/decisions/benches/served", "").await;
    for told in ["What was served", "2 units of 2 units were handed out", "Cupboard", "Bicycle", "Radio"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let served = house.get("/api/v1/decisions/benches/served", "").await;
    let served: serde_json::Value = serde_json::from_str(&served.text).expect("JSON");
    let titles = |at: usize| -> Vec<&str> {
        served["servings"][at]["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter_map(|one| one["title"].as_str())
            .collect()
    };
    assert_eq!((titles(0), titles(1)), (vec!["Cupboard"], vec!["Bicycle", "Radio"]));
    // A year of weeks comes a page at a time.
    until(&house, "2025-06-02");
    let page = house.page("/decisions/benches/served", "").await;
    assert!(page.contains("?cursor=12") && page.contains("Nothing of 2 units was handed out."), "{page}");
    let earlier = house.page("/decisions/benches/served?cursor=12", "").await;
    assert!(earlier.contains("Cupboard") && !earlier.contains("?cursor=24"), "{earlier}");
    assert_eq!(house.get("/decisions/nothing/served", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/api/v1/decisions/nothing/served", "").await.status, StatusCode::NOT_FOUND);
}
