//! Credit: its pages and its API, from what is proposed to where one's own came from.

use axum::http::StatusCode;
use engine::act::{Act, ProposeCredit};
use engine::credit::Kind;
use engine::credit::contributions::{Contribution, Contributions, Strikes};
use engine::{Edition, Pseudonym};
use host::Coop;
use serde_json::Value;
use web::Door;

use crate::house::{House, at, hand_in, hash, three_equals};

const RULES: &str = "# Rules\n```charter\ncommitment \"credit\" every=\"month\" accepts=\"credit\"\n```\n";

/// Sixty commits of January by the first two members in turn, each on the one before; a review of the first; the last by somebody unknown.
fn list(members: &[Pseudonym]) -> Contributions {
    let item = |place: u32| Contribution {
        kind: if place == 30 { Kind::Review } else { Kind::Commit },
        id: format!("{place:07x}f"),
        week: place / 15,
        authors: vec![if place == 60 { 2 } else { place % 2 }],
        new: true,
        links: if place == 30 { vec![0] } else { place.checked_sub(1).into_iter().collect() },
    };
    let mut people: Vec<Option<Pseudonym>> = members[..2].iter().copied().map(Some).collect();
    people.push(None);
    Contributions {
        period: ("2025-01-01".to_owned(), "2025-02-01".to_owned()),
        week: "2024-12-29".to_owned(),
        people,
        items: (0..61).map(item).collect(),
    }
}

fn proposed() -> (Coop, Vec<Pseudonym>) {
    let (mut coop, members) = three_equals(RULES, Edition::FOUR);
    coop.update_until(at("2025-02-02T00:00:00Z"), at("2025-02-02T00:00:00Z")).expect("counted");
    let list = list(&members);
    let text = list.text();
    let act = ProposeCredit {
        decision: "credit".to_owned(),
        period: "2025-01-01".to_owned(),
        contributions: hash(&text),
        contributions_text: Some(text.into()),
        credit: list.rows(&Strikes::default(), &coop.state().credit_parameters()).expect("worked out"),
    };
    hand_in(&mut coop, &Act::ProposeCredit(act));
    (coop, members)
}

#[tokio::test]
async fn members_see_what_is_proposed_and_strike_from_it() {
    let (coop, members) = proposed();
    let mut house = House::serve(coop, &members, Door::WalkIn);
    let (first, third) = (house.cookie(0).await, house.cookie(2).await);
    let page = house.page("/decisions/credit", &third).await;
    for told in
        ["1 January 2025", "31 January 2025", "member-001", "Nobody has put up an option", "strike member member-007"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let led = house.done("/decisions/credit/options", &third, "line=strike+member+member-002&reasons=Made+up.").await;
    let page = house.page(&led, &third).await;
    assert!(page.contains("strike member member-002") && page.contains("It leaves "), "{page}");
    assert!(page.contains("→ 0"), "member-002 would get nothing: {page}");
    let wrong = house.post("/decisions/credit/options", &third, "line=Everything+is+fine").await;
    assert!(wrong.text.contains("R142"), "{}", wrong.text);
    let all = house.page("/credit", "").await;
    assert!(all.contains("member-001") && !all.contains("My credit:"), "{all}");
    assert!(house.page("/me", &first).await.contains("/credit/2025-01-01"));
    let log = house.published_log().await;
    assert!(log.contains("Credit of the period from 2025-01-01 was proposed for Credit"), "{log}");
    let none = house.get("/credit/2024-12-01", &first).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_edges_of_ones_own_credit_sum_to_it_on_all_pages() {
    for until in ["2025-02-03T00:00:00Z", "2025-03-04T00:00:00Z"] {
        let (mut coop, members) = proposed();
        coop.update_until(at(until), at(until)).expect("counted");
        let mut house = House::serve(coop, &members, Door::WalkIn);
        let first = house.cookie(0).await;
        let page = house.page("/credit/2025-01-01", &first).await;
        assert!(page.contains("by member-002") && page.contains("Further ones"), "{page}");
        let (mut cursor, mut sum, mut pages) = (0, 0, 0);
        loop {
            let answer = house.get(&format!("/api/v1/credit/2025-01-01?cursor={cursor}"), &first).await;
            let own: Value = serde_json::from_str(&answer.text).expect("JSON");
            for made in own["made"].as_array().expect("contributions") {
                let micro = |one: &Value| one["micro"].as_u64().expect("micro-credits");
                let from: u64 = made["from"].as_array().expect("edges").iter().map(micro).sum();
                assert_eq!(from, micro(made), "{made}");
                sum += from;
            }
            pages += 1;
            match own["next"].as_u64() {
                Some(next) => cursor = next,
                None => {
                    assert_eq!(own["micro"].as_u64(), Some(sum), "{until}");
                    break;
                }
            }
        }
        assert_eq!(pages, 2, "thirty contributions");
        let all = house.get("/api/v1/credit", &first).await;
        let all: Value = serde_json::from_str(&all.text).expect("JSON");
        assert_eq!(all["mine"][0]["micro"].as_u64(), Some(sum));
        assert_eq!(all["proposed"].is_null(), until.starts_with("2025-03"));
    }
}
