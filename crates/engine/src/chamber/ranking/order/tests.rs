//! Lists in the order of conviction. Each test is a sentence of `docs/spec/rankings.md`, *Votes and order*.

use charter::{BroughtBy, Clause, ClauseKind, Every, ItemOrder, TooLarge};
use quantity::Span;

use crate::edition::FOUR;
use crate::tests::{Coop, Setup, ranking};

const WEEK_S: u64 = 7 * 86_400;

fn clause(order: ItemOrder) -> Clause {
    let mut clause = ranking("wishes", 0, 0);
    if let ClauseKind::Ranking(list) = &mut clause.kind {
        list.brought_by = BroughtBy::Powers;
        list.order = order;
    }
    clause
}

fn by_conviction(weeks: u64) -> ItemOrder {
    ItemOrder::Conviction(Span::from_seconds(weeks * WEEK_S))
}

/// Founded on 1 January 2025; members of these weights, counted once on 6 January, and open items.
fn house(clause: Clause, weights: &[i64], items: &[&str]) -> Coop {
    let mut house = Setup { edition: FOUR, ..Setup::new(vec![clause]) }.found().with_weights(weights);
    items.iter().for_each(|item| house.open("wishes", item));
    house.next();
    house
}

fn renew(house: &mut Coop, order: ItemOrder) {
    let (kernel, time) = (house.state.rules.kernel.clone(), house.state.time);
    let place = house.state.decision_place("wishes").unwrap();
    house.state.decisions[place].renew(&kernel, &clause(order), time);
}

fn order(house: &Coop) -> Vec<String> {
    let list = house.decision("wishes");
    list.item_order().into_iter().map(|place| list.item_at(place).unwrap().id.to_string()).collect()
}

/// Micro-votes.
fn conviction(house: &Coop, item: &str) -> i128 {
    house.decision("wishes").item(item).unwrap().conviction.rounded()
}

#[test]
fn conviction_follows_votes_half_of_the_way_in_its_half_life() {
    let mut house = house(clause(by_conviction(1)), &[16], &["a"]);
    house.place(1, "wishes", "a", 1_000_000);
    let mut seen = Vec::new();
    for _ in 0..3 {
        house.next();
        seen.push(conviction(&house, "a"));
    }
    assert_eq!(seen, [2_000_000, 3_000_000, 3_500_000], "the root of 16 is 4");
    house.place(1, "wishes", "a", 0);
    house.next();
    assert_eq!(conviction(&house, "a"), 1_750_000, "votes that go leave slowly, too");
}

#[test]
fn votes_that_stood_beat_more_that_came_lately() {
    let mut house = house(clause(by_conviction(4)), &[9, 25], &["new", "old"]);
    house.place(1, "wishes", "old", 1_000_000);
    house.run(8);
    house.place(2, "wishes", "new", 1_000_000);
    let mut first = Vec::new();
    for _ in 0..5 {
        house.next();
        first.push(order(&house)[0].clone());
    }
    // 3 votes for two months are 2.25 by then; 5 new ones pass what they are in the fourth week: 2.5 of 2.62, and 2.90 of 2.68.
    assert_eq!(first, ["old", "old", "old", "old", "new"]);
}

#[test]
fn items_that_are_level_are_in_the_order_of_age() {
    let house = house(clause(by_conviction(4)), &[9], &["b", "a"]);
    assert_eq!(order(&house), ["b", "a"]);
}

#[test]
fn an_item_that_comes_back_begins_at_nothing() {
    let mut house = house(clause(by_conviction(1)), &[16], &["a"]);
    house.place(1, "wishes", "a", 1_000_000);
    house.run(4);
    house.act(crate::tests::read("close_item", r#"{"decision":"wishes","item":"a"}"#));
    house.open("wishes", "a");
    assert_eq!(conviction(&house, "a"), 0);
}

#[test]
fn another_order_begins_at_nothing_and_another_half_life_goes_on() {
    let mut house = house(clause(by_conviction(1)), &[16], &["a"]);
    house.place(1, "wishes", "a", 1_000_000);
    house.run(1);
    renew(&mut house, by_conviction(2));
    assert_eq!(conviction(&house, "a"), 2_000_000);
    renew(&mut house, ItemOrder::Votes);
    assert_eq!(conviction(&house, "a"), 0);
    house.run(1);
    assert_eq!((conviction(&house, "a"), order(&house)), (0, vec!["a".to_owned()]));
    renew(&mut house, by_conviction(1));
    house.run(1);
    assert_eq!(conviction(&house, "a"), 2_000_000);
}

#[test]
fn a_supply_serves_in_the_order_of_conviction_and_nobody_without_votes() {
    let mut help = clause(by_conviction(4));
    if let ClauseKind::Ranking(list) = &mut help.kind {
        let supply = (charter::Amount::Count(1), Every::Month, TooLarge::Stops);
        list.supply = Some(charter::Supply { amount: supply.0, every: supply.1, too_large: supply.2 });
    }
    let mut house = house(help, &[9, 16], &["new", "old", "gone"]);
    house.place(1, "wishes", "old", 500_000);
    house.place(1, "wishes", "gone", 500_000);
    house.run(2);
    house.place(1, "wishes", "gone", 0);
    house.place(2, "wishes", "new", 1_000_000);
    // 27 January counts the new votes once, 3 February twice: 1.17 beside 0.85; then February serves the first one.
    assert_eq!(house.run_until("2025-02-03T01:00:00Z"), ["item-served wishes new 1 unit freed 1"]);
    assert!(conviction(&house, "gone") > 0);
    // March serves the old one; the one without votes is never served, whatever has been believed of it.
    assert_eq!(house.run_until("2025-03-03T01:00:00Z"), ["item-served wishes old 1 unit freed 1"]);
    assert_eq!(house.run_until("2025-04-07T01:00:00Z"), [] as [&str; 0]);
}

#[test]
fn the_state_hashes_what_is_believed() {
    let hash = |weeks| {
        let mut house = house(clause(by_conviction(1)), &[16], &["a"]);
        house.place(1, "wishes", "a", 1_000_000);
        house.run(1);
        renew(&mut house, by_conviction(weeks));
        house.run(1);
        house.state.hash()
    };
    assert_eq!(hash(1), hash(1));
    assert_ne!(hash(1), hash(2), "only conviction tells them apart");
}
