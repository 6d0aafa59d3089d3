//! Things that members bring themselves: items of a ranking, from the page, the API and back.

use axum::http::StatusCode;
use engine::Edition;
use host::{Charter, Coop};
use serde_json::json;
use web::Door;

use crate::house::{House, OF_EQUALS, admit, at, hand_in, three_equals};

const RULES: &str =
    "# Rules\n```charter\nranking \"wishes\" { brought-by \"members\" at-most=2; close-after \"90 days\" }\n```\n";

fn house() -> House {
    let (mut coop, members) = three_equals(RULES, Edition::THREE);
    let until = at("2025-01-10T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    House::serve(coop, &members, Door::WalkIn)
}

fn key(page: &str) -> String {
    let rest = page.split_once("name=\"key\" value=\"").expect("a key").1;
    rest.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_member_adds_an_item_and_takes_it_back() {
    let mut house = house();
    let (first, second) = (house.cookie(0).await, house.cookie(1).await);
    let list = house.page("/decisions/wishes", &first).await;
    for told in
        ["Members bring items, and so can you.", "You have 0 of 2 items open here.", "href=\"/decisions/wishes/add\""]
    {
        assert!(list.contains(told), "{told}: {list}");
    }
    assert!(list.contains("Members bring its items, at most 2 open items each"), "what explain says: {list}");
    let visitor = house.page("/decisions/wishes", "").await;
    assert!(!visitor.contains("/add\""), "members alone add items");
    let page = house.page("/decisions/wishes/add", &first).await;
    let form = |title: &str, key: &str| format!("title={title}&key={key}");
    let sent = form("Bread+%E2%80%AE+every+++day", &key(&page));
    let led = house.done("/decisions/wishes/add", &first, &sent).await;
    let list = house.page(&led, &second).await;
    assert!(list.contains("Your item is open") && list.contains("Bread every day"), "{list}");
    assert!(list.contains("#1 ") && list.contains("brought by member-001"), "{list}");
    assert!(!list.contains("take-back"), "it is another's: {list}");
    let again = house.post("/decisions/wishes/add", &first, &sent).await;
    assert!(again.text.contains("Is it one of these?"), "{}", again.text);
    house.done("/decisions/wishes/add", &first, &format!("{sent}&sure=yes")).await;
    assert_eq!(house.coop.read().state().decision("wishes").expect("it").items().count(), 1, "sent twice is once");
    // Another one like it is shown first, and added where the member is sure.
    let page = house.page("/decisions/wishes/add", &second).await;
    let like = form("Bread+every+single+day", &key(&page));
    let asked = house.post("/decisions/wishes/add", &second, &like).await;
    assert_eq!(asked.status, StatusCode::OK);
    for told in ["Is it one of these?", "Bread every day", "item=1#item-1", "None of these: add mine"] {
        assert!(asked.text.contains(told), "{told}: {}", asked.text);
    }
    house.done("/decisions/wishes/add", &second, &format!("{like}&sure=yes")).await;
    house.done("/decisions/wishes/add", &second, &form("Milk", "b")).await;
    let full = house.page("/decisions/wishes/add", &second).await;
    assert!(
        full.contains("There is no room for another one of yours now.") && !full.contains("name=\"title\""),
        "{full}"
    );
    let refused = house.post("/decisions/wishes/add", &second, &form("Jam", "c")).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("R046"), "{}", refused.text);
    let empty = house.post("/decisions/wishes/add", &first, &form("%E2%80%8B", "d")).await;
    assert!(
        empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("letter that can be seen"),
        "{}",
        empty.text
    );
    // Back again.
    house.done("/decisions/wishes/items/3/take-back", &second, "").await;
    let list = house.page("/decisions/wishes", &second).await;
    assert!(list.contains("taken back by who brought it"), "{list}");
    let log = house.published_log().await;
    for told in [
        "member-001 brought “Bread every day” to the list of Wishes",
        "member-002 took “Milk” back from the list of Wishes",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    assert_eq!(house.get("/decisions/members/add", &first).await.status, StatusCode::NOT_FOUND);
}

/// A house whose members weigh by promises and hours, since before the test; three of them have worked.
fn workers() -> House {
    let day = at("2025-01-02T00:00:00Z");
    let classes = "class \"patrons\" {\n        weight \"min(donated(last month), pledged(next month)) / 1 USD\"\n    }\n    class \"workers\" {\n        weight \"hours(last 12 months) / 1 hour\"\n        affirmed-by \"2 members\" at-most=\"40 hours per month\"\n    }";
    let kernel = OF_EQUALS.replace("class \"members\" {\n        weight \"1\"\n    }", classes);
    let rules = Charter::read_under(kernel, "# Rules\n```charter\n```\n".to_owned(), Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let admitted = (1..=4)
        .map(|number| coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted"));
    let members: Vec<_> = admitted.collect();
    for member in &members[..3] {
        let given = json!({"act": "record_support", "member": member.to_string(), "kind": "hours",
            "amount": {"amount": 36_000, "unit": "second"}, "given_on": "2024-12-15", "source": format!("sheet:{member}")});
        let line = host::decode_act(given.to_string().as_bytes(), &mut |_| None).expect("an act");
        hand_in(&mut coop, &line.act);
    }
    let until = at("2025-05-14T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    House::serve(coop, &members, Door::WalkIn)
}

#[tokio::test]
async fn a_member_enters_changes_and_ends_their_pledge() {
    let mut house = workers();
    let cookie = house.cookie(0).await;
    assert!(house.page("/me", &cookie).await.contains("<a href=\"/pledge\">My pledge</a>"));
    let page = house.page("/pledge", &cookie).await;
    assert!(page.contains("It counts as far as you have donated as much") && !page.contains("End it"), "{page}");
    let led = house.done("/pledge", &cookie, "amount=12.50&do=pledge").await;
    let page = house.page(&led, &cookie).await;
    for told in
        ["Your pledge is entered", "You pledge 12.50", "value=\"12.50\"", "so that it counts nothing now", "End it"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let wrong = house.post("/pledge", &cookie, "amount=much&do=pledge").await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("value=\"much\""),
        "{}",
        wrong.text
    );
    house.done("/pledge", &cookie, "do=end").await;
    let again = house.post("/pledge", &cookie, "do=end").await;
    assert!(again.status == StatusCode::CONFLICT && again.text.contains("R023"), "{}", again.text);
    let log = house.published_log().await;
    for told in ["member-001 pledges 12.50", "member-001 pledges nothing any more"] {
        assert!(log.contains(told), "{told}: {log}");
    }
    assert_eq!(house.get("/pledge", "").await.status, house.get("/claims", "").await.status);
}

#[tokio::test]
async fn two_members_affirm_hours_and_a_third_can_stop_them() {
    let mut house = workers();
    let cookies = [house.cookie(0).await, house.cookie(1).await, house.cookie(2).await, house.cookie(3).await];
    let form = "do=hand-in&hours=8&day=2025-05-10&source=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    house.done("/claims", &cookies[3], form).await;
    let page = house.page("/claims", &cookies[0]).await;
    assert!(page.contains("Some classes affirm hours among themselves"), "{page}");
    assert!(page.contains("0 of its class say yes and 0 no; 2 more yes than no are needed."), "{page}");
    assert!(house.page("/me", &cookies[0]).await.contains("1 of them wait"));
    house.done("/claims", &cookies[0], "do=yes&number=1").await;
    house.done("/claims", &cookies[1], "do=yes&number=1").await;
    let own = house.page("/claims", &cookies[3]).await;
    assert!(own.contains("2 of its class say yes and 0 no: it counts at the first update from "), "{own}");
    house.done("/claims", &cookies[2], "do=no&number=1&reason=other-amount").await;
    let page = house.page("/claims", &cookies[2]).await;
    assert!(
        page.contains("2 of its class say yes and 1 no; 2 more yes than no are needed.")
            && page.contains("You said no."),
        "{page}"
    );
    let refused = house.post("/claims", &cookies[3], "do=yes&number=1").await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("R100"), "{}", refused.text);
}
