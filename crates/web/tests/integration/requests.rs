//! Requests for money: asking, voting, what the rules refuse, and what passed, from the page.

use axum::http::StatusCode;
use engine::act::{Amount, GiveToPool, HoldMoney};
use engine::{Act, Edition};
use serde_json::Value;
use web::Door;

use crate::house::{House, at, hand_in, hash, three_equals};

const RULES: &str = "# Rules\n```charter\npool \"commons\"\ncommitment \"grants\" { of \"commons\"; spending-limit \"25%\"; least-conviction \"10%\" }\n```\n";

#[tokio::test]
async fn members_ask_for_money_and_vote_from_the_page() {
    let (mut coop, members) = three_equals(RULES, Edition::FOUR);
    coop.update_until(at("2025-01-07T00:00:00Z"), at("2025-01-07T00:00:00Z")).expect("counted");
    let (time, member) = (coop.state().time, members[0]);
    let usd = || Amount { amount: 10_000, currency: Some("USD".to_owned()), unit: None };
    let (source, account) = ("paid-in".to_owned(), "assets:bank".to_owned());
    hand_in(&mut coop, &Act::HoldMoney(HoldMoney { member, amount: usd(), at: time, source, account }));
    hand_in(&mut coop, &Act::GiveToPool(GiveToPool { member, decision: "commons".to_owned(), amount: usd() }));
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let (first, second) = (house.cookie(0).await, house.cookie(1).await);
    let asked = "line=A+new+stove+%3Cb%3E&amount=5&people=&reasons=The+old+one+smokes.";
    let led = house.done("/decisions/grants/requests", &first, asked).await;
    let page = house.page(&led, &first).await;
    for told in ["A new stove &#60;b&#62;", "asks for 5.00 USD", "It would pay you", "100.00 USD in the pool"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let stove = hash("A new stove <b>\n\nThe old one smokes.\n");
    let vote = format!("/decisions/grants/requests/{stove}/vote");
    let own = house.post(&vote, &first, "side=for&share=10").await;
    assert!(own.status == StatusCode::CONFLICT && own.text.contains("R170"), "{}", own.text);
    let wrong = house.post(&vote, &second, "side=for&share=much").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
    house.done(&vote, &second, "side=for&share=40").await;
    let page = house.page("/decisions/grants", &second).await;
    assert!(page.contains("My support: 40 % for"), "{page}");
    let others = format!("/decisions/grants/requests/{stove}/withdraw");
    let refused = house.post(&others, &second, "").await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("R031"), "{}", refused.text);
    let standings = house.get("/api/v1/decisions/grants", "").await;
    let standings: Value = serde_json::from_str(&standings.text).expect("JSON");
    assert_eq!(standings["kind"], "requests", "{standings}");
    house.done(&others, &first, "").await;
    assert!(house.page("/decisions/grants", &second).await.contains("Nobody asks for money now."));
}
