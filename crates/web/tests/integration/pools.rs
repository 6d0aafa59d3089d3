//! Pools: the page with its money, projects and forms, from asking for money to what was paid.

use axum::http::StatusCode;
use engine::act::{Amount, HoldMoney};
use engine::{Act, Edition, Pseudonym};
use host::Coop;
use serde_json::Value;
use web::Door;

use crate::house::{House, at, hand_in, hash, three_equals};

const RULES: &str = "# Rules\n```charter\npool \"commons\"\n```\n";
const ROOF: &str = "Mend the roof <b>\n\nBefore the *winter*.\n";

/// Three members with 50 USD held for each.
fn coop() -> (Coop, Vec<Pseudonym>) {
    let (mut coop, members) = three_equals(RULES, Edition::FOUR);
    coop.update_until(at("2025-01-07T00:00:00Z"), at("2025-01-07T00:00:00Z")).expect("counted");
    for member in &members {
        let amount = Amount { amount: 5_000, currency: Some("USD".to_owned()), unit: None };
        let (at, account) = (coop.state().time, "assets:bank".to_owned());
        let source = format!("paid-in:{member}");
        hand_in(&mut coop, &Act::HoldMoney(HoldMoney { member: *member, amount, at, source, account }));
    }
    (coop, members)
}

#[tokio::test]
async fn members_ask_pledge_vote_and_give_from_the_page() {
    let (coop, members) = coop();
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let (first, second, third) = (house.cookie(0).await, house.cookie(1).await, house.cookie(2).await);
    let page = house.page("/decisions/commons", &first).await;
    for told in ["No project asks for money now.", "50.00 USD are held for you", "nothing would be paid"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let visitor = house.page("/decisions/commons", "").await;
    assert!(visitor.contains("Only members pledge") && !visitor.contains("commons/projects"), "{visitor}");
    house.done("/decisions/commons/give", &first, "amount=30").await;
    let asked = "line=Mend+the+roof+%3Cb%3E&goal=70&people=&reasons=Before+the+*winter*.";
    let led = house.done("/decisions/commons/projects", &first, asked).await;
    let page = house.page(&led, &first).await;
    for told in ["Your project asks", "Mend the roof &#60;b&#62;", "You are of its own people", "asks for 70.00 USD"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let roof = hash(ROOF);
    let pledge = format!("/decisions/commons/projects/{roof}/pledge");
    let vote = format!("/decisions/commons/projects/{roof}/vote");
    for cookie in [&second, &third] {
        house.done(&pledge, cookie, "do=pledge&amount=20").await;
    }
    house.done(&vote, &second, "side=for&share=100").await;
    let own = house.post(&vote, &first, "side=for&share=10").await;
    assert!(own.status == StatusCode::CONFLICT && own.text.contains("R155"), "{}", own.text);
    let more = house.post(&pledge, &second, "do=pledge&amount=60").await;
    assert!(more.text.contains("R154"), "{}", more.text);
    let wrong = house.post(&pledge, &second, "do=pledge&amount=much").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
    let page = house.page("/decisions/commons", &second).await;
    for told in [
        "40.00 USD pledged by 2 members, a match of 40.00 USD",
        "One more giver of 10.00 USD adds 56.56 USD from the pool.",
        "It has its goal together, and nobody has stood behind it for long enough.",
        "My pledge: 20.00 USD",
        "left in the pool",
        "30.00 USD",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let text = house.page(&format!("/decisions/commons/documents/{roof}"), "").await;
    assert!(text.contains("Before the"), "{text}");
    house.done(&pledge, &third, "do=back&amount=20").await;
    house.done(&pledge, &third, "do=pledge&amount=20").await;
    let log = house.published_log().await;
    for told in ["member-001 asks Commons for 70.00 USD: “Mend the roof", "50.00 USD are held for member-001"] {
        assert!(log.contains(told), "{told}: {log}");
    }
    let list = house.page("/decisions", &second).await;
    assert!(list.contains("30.00 USD, 1 project asks"), "{list}");
    let others = house.post(&format!("/decisions/commons/projects/{roof}/withdraw"), &second, "").await;
    assert!(others.text.contains("R031"), "{}", others.text);
    house.done(&format!("/decisions/commons/projects/{roof}/withdraw"), &first, "").await;
    let page = house.page("/decisions/commons", &second).await;
    assert!(page.contains("No project asks for money now."), "{page}");
}

#[tokio::test]
async fn what_was_funded_stays_on_the_page_and_in_the_books() {
    let (mut coop, members) = coop();
    let usd = |amount| Amount { amount, currency: Some("USD".to_owned()), unit: None };
    let decision = || "commons".to_owned();
    let gift = engine::act::GiveToPool { member: members[0], decision: decision(), amount: usd(3_000) };
    hand_in(&mut coop, &Act::GiveToPool(gift));
    let (project, text) = (hash(ROOF), Some(ROOF.into()));
    let ask = engine::act::AskPool {
        member: members[0],
        decision: decision(),
        project: project.clone(),
        goal: usd(7_000),
        people: Vec::new(),
        text,
    };
    hand_in(&mut coop, &Act::AskPool(ask));
    for member in &members[1..] {
        let (member, decision, project) = (*member, decision(), project.clone());
        let pledge = engine::act::PledgeToProject { member, decision, project, amount: usd(2_000) };
        hand_in(&mut coop, &Act::PledgeToProject(pledge));
    }
    let (item, share_ppm, scores, against) = (Some(project.clone()), 500_000, None, false);
    let ballot = engine::act::CastBallot { member: members[1], decision: decision(), item, share_ppm, scores, against };
    hand_in(&mut coop, &Act::CastBallot(ballot));
    coop.update_until(at("2025-02-02T00:00:00Z"), at("2025-02-02T00:00:00Z")).expect("counted");
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let first = house.cookie(0).await;
    let page = house.page("/decisions/commons", &first).await;
    for told in [
        "Past cycles",
        "30.00 USD paid, 0.00 USD left",
        "funded: Mend the roof &#60;b&#62;, 70.00 USD",
        "owed to projects",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let money = house.page("/money", &first).await;
    assert!(money.contains("Pools were shared out or closed"), "{money}");
    let feed = house.get("/feeds/changes.atom", "").await;
    assert!(feed.text.contains("Funded: “Mend the roof"), "{}", feed.text);
    let standings = house.get("/api/v1/decisions/commons", "").await;
    let standings: Value = serde_json::from_str(&standings.text).expect("JSON");
    assert_eq!(standings["kind"], "pool");
    assert_eq!(standings["pool"]["past"][0]["funded"][0]["amount"]["amount"], 7_000, "{standings}");
}

const DIRECTED: &str = "# Rules\n```charter\npool \"commons\"\ncommitment \"sharing\" every=\"month\" of=\"commons\" { may-add \"5 USD\"; nominated-by \"0.01%\" }\n```\n";

#[tokio::test]
async fn members_direct_a_cycle_from_the_page() {
    let (mut coop, members) = three_equals(DIRECTED, Edition::FOUR);
    coop.update_until(at("2025-01-07T00:00:00Z"), at("2025-01-07T00:00:00Z")).expect("counted");
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let (first, second) = (house.cookie(0).await, house.cookie(1).await);
    house.done("/decisions/commons/projects", &first, "line=Mend+the+roof+%3Cb%3E&goal=70&people=&reasons=").await;
    let roof = hash("Mend the roof <b>\n");
    let page = house.page("/decisions/sharing", &second).await;
    for told in
        ["fund in order", "The projects that ask now", "Mend the roof &#60;b&#62;:", "up to 5.00 USD", "The pool: "]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let pool = house.page("/decisions/commons", &second).await;
    assert!(pool.contains("how it is shared out. Ahead now: “fund in order”."), "{pool}");
    let options = "/decisions/sharing/options";
    let form = |more: &str| format!("line=The+roof+first&reasons=It+leaks.&do.{roof}=fund{more}");
    let much = house.post(options, &second, &form("&add=6")).await;
    assert!(much.status == StatusCode::CONFLICT && much.text.contains("R162"), "{}", much.text);
    let wrong = house.post(options, &second, &form("&add=much")).await;
    assert!(wrong.status == StatusCode::CONFLICT && wrong.text.contains("R160"), "{}", wrong.text);
    let none = house.post(options, &second, "line=Nothing+said&reasons=").await;
    assert!(none.text.contains("R160"), "{}", none.text);
    house.done(options, &second, &form("&add=5")).await;
    let text = format!("The roof first\n\nIt leaks.\n\nfund {} Mend the roof <b>\nadd 5 USD\n", &roof[..12]);
    let page = house.page(&format!("/decisions/sharing/documents/{}", hash(&text)), "").await;
    assert!(page.contains("It leaks.") && page.contains("add 5 USD"), "{page}");
    let log = house.published_log().await;
    assert!(log.contains(&hash(&text)) || log.contains("The roof first"), "{log}");
}
