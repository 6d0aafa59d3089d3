//! Rankings: order, closing, freed shares, reopening.

use crate::MemberIndex;
use crate::id::ItemId;
use crate::tests::{Coop, Setup, at, ranking};

fn list(close_days: u64, floor_micro: u64) -> Coop {
    let clauses = vec![ranking("issues", close_days, floor_micro)];
    let mut coop = Setup::new(clauses).found().with_weights(&[100, 64, 36, 9]);
    for item in ["a", "b", "c", "d"] {
        coop.open("issues", item);
        coop.state.time = coop.state.time.plus_seconds(60);
    }
    coop
}

fn order(coop: &Coop) -> String {
    let ranking = coop.decision("issues");
    ranking.item_order().iter().map(|place| ranking.item_at(*place).unwrap().id.as_ref()).collect()
}

#[test]
fn most_votes_first_and_the_older_on_equal_votes() {
    let mut coop = list(0, 0);
    assert_eq!(order(&coop), "abcd");
    coop.place(1, "issues", "d", 360_000);
    coop.place(2, "issues", "b", 1_000_000);
    coop.place(3, "issues", "c", 1_000_000);
    let against = crate::tests::on_item(4, "issues", "a", 1_000_000);
    coop.act(crate::Act::CastBallot(crate::act::CastBallot { against: true, ..against }));
    assert_eq!(order(&coop), "abcd", "votes are counted at updates");
    coop.next();
    // √36 = 6 and √36 = 6: c is older than d. √9 against a.
    assert_eq!(order(&coop), "bcda");
    let totals: Vec<i128> = coop.decision("issues").items().map(|item| item.total).collect();
    assert_eq!(totals, [-3_000_000, 8_000_000, 6_000_000, 6_000_000]);
}

#[test]
fn one_ballot_on_an_item_for_or_against() {
    let mut coop = list(0, 0);
    coop.place(1, "issues", "a", 1_000_000);
    let against = crate::tests::on_item(1, "issues", "a", 1_000_000);
    coop.act(crate::Act::CastBallot(crate::act::CastBallot { against: true, ..against }));
    coop.next();
    assert_eq!(coop.decision("issues").item_at(ItemId(0)).unwrap().total, -10_000_000);
    assert_eq!(coop.state.ballots.len(), 1);
}

#[test]
fn an_item_closes_after_its_time_at_or_below_the_floor() {
    let mut coop = list(14, 6_000_000);
    coop.place(1, "issues", "a", 360_001);
    coop.place(1, "issues", "b", 360_000);
    assert_eq!(coop.run(2), [] as [&str; 0], "opened on the first, and the second update is on the thirteenth");
    // Opened between midnight and 00:03 on 1 January: fourteen days have passed by the update of 20 January.
    assert_eq!(
        coop.next(),
        ["item-closed issues b freed 1", "item-closed issues c freed 0", "item-closed issues d freed 0"]
    );
    assert_eq!(order(&coop), "a", "one micro-vote above the floor is enough");
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 360_001);
    assert_eq!(coop.decision("issues").item_at(ItemId(1)).unwrap().closed_at, Some(at("2025-01-20T01:00:00Z")));
}

#[test]
fn the_clock_begins_with_the_update_that_shows_it() {
    let mut coop = list(14, 0);
    for item in ["a", "b", "c", "d"] {
        coop.place(1, "issues", item, 1);
    }
    coop.next();
    assert_eq!(coop.decision("issues").item_at(ItemId(0)).unwrap().low_since, None);
    coop.place(1, "issues", "a", 0);
    coop.next();
    let item = coop.decision("issues").item_at(ItemId(0)).unwrap();
    assert_eq!(item.low_since, Some(at("2025-01-13T01:00:00Z")));
    assert_eq!(coop.decision("issues").item_closes_at(item), Some(at("2025-01-27T01:00:00Z")));
    assert_eq!(coop.next(), [] as [&str; 0]);
    assert_eq!(coop.next(), ["item-closed issues a freed 0"]);
    // Support in between starts the clock again.
    coop.place(1, "issues", "b", 0);
    coop.next();
    coop.place(1, "issues", "b", 1);
    coop.next();
    coop.place(1, "issues", "b", 0);
    assert_eq!(coop.run(2), [] as [&str; 0]);
    assert_eq!(coop.next(), ["item-closed issues b freed 0"]);
}

#[test]
fn without_a_time_nothing_closes() {
    let mut coop = list(0, 0);
    assert_eq!(coop.run(60), [] as [&str; 0]);
    assert_eq!(order(&coop), "abcd");
}

#[test]
fn an_item_that_comes_back_is_new() {
    let mut coop = list(14, 0);
    coop.place(2, "issues", "a", 500_000);
    let close = crate::tests::read("close_item", r#"{"decision":"issues","item":"a"}"#);
    assert_eq!(coop.act(close), ["item-closed issues a freed 1"]);
    assert_eq!((order(&coop).as_str(), coop.state.members.placed_ppm(MemberIndex(1))), ("bcd", 0));
    coop.next();
    coop.open("issues", "a");
    assert_eq!(order(&coop), "bcda", "by the date of reopening");
    let item = coop.decision("issues").item_at(ItemId(0)).unwrap();
    assert_eq!((item.total, item.opened_at), (0, at("2025-01-06T01:00:00Z")));
    assert_eq!(coop.decision("issues").items().count(), 4);
    assert_eq!(coop.run(2).len(), 4, "and it closes again, fourteen days after the update it came back at");
}
