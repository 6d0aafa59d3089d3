//! The shapes that scripts rely on, against the contract.

use engine::book::BookPeriod;
use engine::{Refusal, Rule};
use serde_json::{Value, json};

use super::world::{World, at, m};
use crate::LogHead;
use crate::{Whom, book_report, refusal, standings_report, status_report, weights_report};

/// As the command line and the server write it: straight to text, so that integers of any width stay whole.
fn written(report: &impl serde::Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(report).unwrap()).unwrap()
}

#[test]
fn weights_have_the_contract_s_shape() {
    let world = World::usual();
    let state = &world.state;
    let report = |whom| {
        written(&weights_report(
            &state.rules.kernel,
            &state.members,
            &state.weights,
            world.directory(),
            state.weights.at,
            whom,
        ))
    };
    let given = report(Whom::WithWeight);
    assert_eq!(given["at"], "2025-02-03T01:00:00Z");
    assert_eq!(given["members"].as_array().unwrap().len(), 3);
    let first = &given["members"][0];
    assert_eq!((first["member"].as_str(), first["name"].as_str()), (Some("m_0000000000001"), Some("member-001")));
    assert_eq!(first["classes"][0], json!({"class": "patrons", "earned": 100_000_000, "weight": 100_000_000}));
    let classes = first["classes"].as_array().unwrap().iter().map(|class| class["weight"].as_u64().unwrap());
    assert_eq!(first["weight"].as_u64().unwrap(), classes.sum::<u64>());
    assert_eq!(report(Whom::Everyone)["members"].as_array().unwrap().len(), 6);
    let page = |begin| report(Whom::Page { begin, most: 2 });
    assert_eq!((page(0)["members"].as_array().unwrap().len(), given.get("next")), (2, None));
    let next: usize = page(0)["next"].as_str().unwrap().parse().unwrap();
    assert_eq!((&page(next)["members"][0], page(next).get("next")), (&given["members"][2], None));
    let one = report(Whom::One(m(4)));
    assert_eq!(
        one["members"],
        json!([{"member": "m_0000000000004", "name": "member-004", "weight": 0, "classes": [{"class": "contributors", "earned": 0, "weight": 0}]}])
    );
}

#[test]
fn standings_have_the_contract_s_shape() {
    let mut world = World::usual();
    let given = written(&standings_report(&world.sight(None), "maintainer", 0..usize::MAX).unwrap());
    assert_eq!((given["decision"].as_str(), given["kind"].as_str()), (Some("maintainer"), Some("office")));
    assert_eq!(given["holders"], json!([]));
    assert_eq!(given["next_update"], "2025-02-10T01:00:00Z");
    let first = &given["candidates"][0];
    assert_eq!((first["candidate"].as_str(), first["name"].as_str()), (Some("m_0000000000004"), Some("member-004")));
    assert!(first["votes"].is_i64() && first["bucket"].is_u64() && first["bucket_size"].is_u64());
    assert!(first["full_at"].as_str().unwrap().ends_with("T01:00:00Z"));
    assert_eq!(given["candidates"][1]["full_at"], Value::Null);
    assert!(given.get("items").is_none());
    world.run(40);
    let held = written(&standings_report(&world.sight(None), "maintainer", 0..usize::MAX).unwrap());
    assert_eq!(held["holders"], json!(["m_0000000000004"]));
    assert_eq!(held["candidates"][2]["candidate"], "nobody");
    assert!(standings_report(&world.sight(None), "treasurer", 0..usize::MAX).is_none());
}

#[test]
fn a_ranking_stands_as_items() {
    let world = World::usual();
    let given = written(&standings_report(&world.sight(None), "issues", 0..usize::MAX).unwrap());
    assert_eq!(given["kind"], "ranking");
    let items = given["items"].as_array().unwrap();
    assert_eq!((items[0]["item"].as_str(), items[0]["closes_at"].clone()), (Some("220"), Value::Null));
    assert_eq!((items[1]["votes"].as_i64(), items[1]["closes_at"].as_str()), (Some(0), Some("2025-04-07T01:00:00Z")));
    assert!(items[0]["votes_for"].is_i64() && items[0]["votes_against"].is_i64());
}

#[test]
fn buckets_beyond_64_bits_are_written_as_integers() {
    let world = World::usual();
    let mut report = standings_report(&world.sight(None), "maintainer", 0..usize::MAX).unwrap();
    report.candidates[0].bucket_size = i128::from(u64::MAX) * 10;
    assert!(serde_json::to_string(&report).unwrap().contains("\"bucket_size\":184467440737095516150,"));
}

#[test]
fn the_book_has_the_contract_s_shape() {
    let mut world = World::usual();
    world.book("2025-01-05", "contribution", "income:contributions", 12_000);
    world.book("2025-02-01", "expense", "expenses:paid", -800);
    let usd = |amount: i64| json!({"amount": amount, "currency": "USD"});
    let given = written(&book_report(&world.state.book, BookPeriod::Year, None));
    assert_eq!(
        given,
        json!({"periods": [{"period": "2025", "in": usd(12_000), "out": usd(800), "net": usd(11_200), "balance": usd(11_200)}]})
    );
    let until = engine::book::Day::of(at("2025-01-31"), &world.state.rules.kernel.zone);
    let given = written(&book_report(&world.state.book, BookPeriod::Month, Some(until)));
    assert_eq!(given["periods"].as_array().unwrap().len(), 1);
    assert_eq!(given["periods"][0]["period"], "2025-01");
}

#[test]
fn the_status_says_where_it_stands() {
    let world = World::usual();
    let head = LogHead {
        entries: 30,
        entry_hash: "ab".to_owned(),
        state_hash: Some("cd".to_owned()),
        state_at: None,
        unverified_until: None,
        public_key: None,
    };
    let given = written(&status_report(&world.sight(None), &head));
    assert_eq!(
        (given["members"].as_u64(), given["updates"].as_u64(), given["entries"].as_u64()),
        (Some(6), Some(5), Some(30))
    );
    assert_eq!(given["founded_at"], "2025-01-01T00:00:00Z");
    assert_eq!(given["weight"].as_u64().map(u128::from), Some(world.state.weights.total));
    let names: Vec<_> =
        given["decisions"].as_array().unwrap().iter().filter_map(|one| one["decision"].as_str()).collect();
    assert_eq!(names, ["constitution", "maintainer", "core-team", "code-of-conduct", "issues"]);
}

#[test]
fn a_refusal_is_told_in_sentences() {
    let no =
        Refusal::new(Rule::ShareExceedsWeight, "95 % on `maintainer` is more than is free", "place at most 65 % here");
    let view = refusal(&no);
    assert_eq!((view.code().as_str(), view.name.as_str()), ("R017", "share-exceeds-weight"));
    assert_eq!(view.happened, "95 % on “maintainer” is more than is free.");
    assert_eq!(
        (view.ways_out[0].words.as_str(), view.ways_out[0].href.as_deref()),
        ("Place at most 65 % here", Some("/me"))
    );
}
