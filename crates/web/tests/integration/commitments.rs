//! Commitments: the page with its options and forms, from putting one up to what was decided.

use axum::http::StatusCode;
use engine::act::{CastBallot, Nominate};
use engine::{Act, Edition, Pseudonym, intent};
use host::Coop;
use serde_json::Value;
use web::Door;

use crate::house::{House, at, hand_in, hash, three_equals};

const RULES: &str =
    "# Rules\n```charter\ncommitment \"budget\" every=\"quarter\" { default \"carry the last budget over\" }\n```\n";

const VAN: &str = "Buy a van <b>\n\nIt carries the *stall*.\n";
const ROOF: &str = "Mend the roof\n";

/// Three members; two of them have nominated the van, and voted for it from 20 January 2025 on.
fn coop(until: &str) -> (Coop, Vec<Pseudonym>) {
    let (mut coop, members) = three_equals(RULES, Edition::FOUR);
    let until_day = |coop: &mut Coop, day: &str| coop.update_until(at(day), at(day)).expect("counted");
    until_day(&mut coop, "2025-01-07T00:00:00Z");
    for text in [VAN, ROOF] {
        hand_in(&mut coop, &intent::put_up(members[0], "budget", text));
    }
    let decision = || "budget".to_owned();
    for member in &members[..2] {
        let (candidate, share_ppm) = (hash(VAN), 500_000);
        hand_in(
            &mut coop,
            &Act::Nominate(Nominate { member: *member, decision: decision(), candidate, share_ppm, against: false }),
        );
    }
    until_day(&mut coop, "2025-01-14T00:00:00Z");
    for member in &members[..2] {
        let scores = Some([(hash(VAN), 1_000_000)].into());
        let (item, share_ppm, against) = (None, 600_000, false);
        hand_in(
            &mut coop,
            &Act::CastBallot(CastBallot { member: *member, decision: decision(), item, share_ppm, scores, against }),
        );
    }
    until_day(&mut coop, until);
    (coop, members)
}

#[tokio::test]
async fn a_member_sees_the_options_and_puts_one_up() {
    let (coop, members) = coop("2025-02-11T00:00:00Z");
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let (first, third) = (house.cookie(0).await, house.cookie(2).await);
    let page = house.page("/decisions/budget", &third).await;
    for told in [
        "carry the last budget over",
        "If it ended now: “Buy a van &#60;b&#62;”.",
        "on Tuesday 1 April 2025",
        "New options come on the ballot",
        "twice the weight in the last third beats",
        "if it ended now",
        "votes that everybody has together",
        "Put up an option",
        "It is decided at the end of every quarter.",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("Mend the roof"), "nobody gave it attention, and it dropped out: {page}");
    let visitor = house.page("/decisions/budget", "").await;
    assert!(!visitor.contains("budget/options"), "members alone put up options");
    let text = house.page(&format!("/decisions/budget/documents/{}", hash(VAN)), "").await;
    assert!(text.contains("It carries the") && text.contains(&hash(VAN)), "{text}");
    // The changes that a ballot would make, and casting it.
    let van = hash(VAN);
    let asked = house
        .post("/decisions/budget/preview", &third, &format!("for_share=&against_share=100&against.{van}=10"))
        .await;
    assert!(asked.status == StatusCode::OK && asked.text.contains("at the deadline"), "{}", asked.text);
    let wrong = house.post("/decisions/budget/ballot", &third, "for_share=much").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.done("/decisions/budget/ballot", &third, &format!("for_share=&against_share=20&against.{van}=10")).await;
    // Another option.
    let led = house.done("/decisions/budget/options", &third, "line=Sell+the+stall&reasons=Nobody+comes.").await;
    let page = house.page(&led, &third).await;
    assert!(page.contains("Your option is up") && page.contains("Sell the stall"), "{page}");
    let option = hash("Sell the stall\n\nNobody comes.\n");
    house.done("/decisions/budget/nominations", &first, &format!("candidate={option}&side=for&share=10")).await;
    let twice = house.post("/decisions/budget/options", &first, "line=Sell+the+stall&reasons=Nobody+comes.").await;
    assert!(twice.status == StatusCode::CONFLICT && twice.text.contains("R028"), "{}", twice.text);
    let empty = house.post("/decisions/budget/options", &first, "line=+&reasons=x").await;
    assert!(empty.text.contains("R126"), "{}", empty.text);
    let others = house.post("/decisions/budget/options/withdraw", &first, &format!("option={option}")).await;
    assert!(others.text.contains("R031"), "{}", others.text);
    house.done("/decisions/budget/options/withdraw", &third, &format!("option={option}")).await;
    let log = house.published_log().await;
    for told in ["member-003 put up “Sell the stall” for Budget", "member-003 took back “Sell the stall” for Budget"]
    {
        assert!(log.contains(told), "{told}: {log}");
    }
    let list = house.page("/decisions", &third).await;
    assert!(list.contains("commitment") && list.contains("If it ended now"), "{list}");
    let other = house.post("/decisions/nothing/options", &first, "line=x").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_decided_stays_on_the_page() {
    let (coop, members) = coop("2025-04-08T00:00:00Z");
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let first = house.cookie(0).await;
    let page = house.page("/decisions/budget", &first).await;
    for told in ["Decided so far", "1 April 2025", "Buy a van &#60;b&#62;", "on Tuesday 1 July 2025"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("If it ended now: “carry the last budget over”."), "{page}");
    let text = house.page(&format!("/decisions/budget/documents/{}", hash(VAN)), "").await;
    assert!(text.contains("It carries the"), "its text stays: {text}");
    let feed = house.get("/feeds/changes.atom", "").await;
    assert!(feed.text.contains("Decided: “Buy a van &lt;b&gt;” (budget)"), "{}", feed.text);
    let standings = house.get("/api/v1/decisions/budget", "").await;
    let standings: Value = serde_json::from_str(&standings.text).expect("JSON");
    let commitment = &standings["commitment"];
    assert_eq!((&standings["kind"], &commitment["deadline"]), (&"commitment".into(), &"2025-07-01T00:00:00Z".into()));
    assert_eq!(commitment["taken"][0]["option"], hash(VAN));
    assert_eq!(commitment["taken"][0]["name"], "Buy a van <b>");
    assert_eq!(commitment["if_it_ended_now"], hash("carry the last budget over"));
    assert_eq!(standings["candidates"][0]["conviction"], 0);
    let home = house.page("/", &first).await;
    assert!(home.contains("Budget"), "{home}");
}

#[tokio::test]
async fn a_long_past_is_shown_in_part() {
    // 28 quarters from 2025 to 2031 have ended.
    let (coop, members) = coop("2032-01-01T02:00:00Z");
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let first = house.cookie(0).await;
    let page = house.page("/decisions/budget", &first).await;
    assert_eq!(page.matches("the default: nothing else had enough conviction").count(), 24, "{page}");
    assert!(page.contains("and 4 earlier ones, which the JSON API lists") && !page.contains("Buy a van"), "{page}");
}
