//! Items that members bring. Each test is a sentence of `docs/spec/rankings.md`, *Who brings items*.

use charter::{BroughtBy, ClauseKind};

use crate::edition::{THREE, TWO};
use crate::tests::{Coop, Setup, at, by, m, on_item, ranking, read, rule};
use crate::{Act, Refusal, Rule};

/// Members of these weights, and a list that each of them brings three open items to at most.
fn house(weights: &[i64], brought_by: BroughtBy) -> Coop {
    let mut clause = ranking("wishes", 90, 0);
    if let ClauseKind::Ranking(list) = &mut clause.kind {
        (list.brought_by, list.each_at_most) = (brought_by, 3);
    }
    let setup = Setup { edition: THREE, ..Setup::new(vec![clause]) };
    let mut house = setup.found().with_weights(weights);
    house.next();
    house
}

fn act(kind: &str, member: u64, item: &str) -> Act {
    read(kind, &format!(r##"{{"member":"#{member}","decision":"wishes","item":"{item}"}}"##))
}

fn brings(house: &mut Coop, member: u64, item: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &act("bring_item", member, item))
}

fn takes_back(house: &mut Coop, member: u64, item: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &act("take_back_item", member, item))
}

fn bringer(house: &Coop, item: &str) -> Option<u64> {
    let brought = house.decision("wishes").item(item)?.brought?;
    (1..10).find(|number| house.state.members.index(m(*number)) == Some(brought.by))
}

#[test]
fn members_bring_items_and_the_state_names_them() {
    let mut house = house(&[10, 10, 0], BroughtBy::Members);
    let plain = house.state.hash();
    assert_eq!(brings(&mut house, 1, "bread").unwrap(), ["recorded"]);
    assert!(brings(&mut house, 3, "milk").is_ok(), "also without weight: it counts nothing there");
    assert_eq!((bringer(&house, "bread"), bringer(&house, "milk")), (Some(1), Some(3)));
    assert_ne!(plain, house.state.hash());
    house.open("wishes", "oats");
    assert_eq!(bringer(&house, "oats"), None, "who may close items brings some too");
    assert_eq!(rule(brings(&mut house, 2, "bread")), Rule::ItemAlreadyOpen);
    assert_eq!(rule(brings(&mut house, 2, "two words")), Rule::NameNotAllowed);
    let mut other = house.clone();
    let act = act("bring_item", 2, "jam");
    assert_eq!(rule(by(&mut other, 1, &act)), Rule::NotAuthorised, "each for themselves");
    house.submit(&act).unwrap();
    assert_eq!(bringer(&house, "jam"), Some(2), "the desk does it for a member");
}

#[test]
fn other_rankings_and_earlier_editions_take_none() {
    for way in [BroughtBy::Powers, BroughtBy::Forge] {
        let mut house = house(&[10], way);
        assert_eq!(rule(brings(&mut house, 1, "bread")), Rule::NotBroughtByMembers);
    }
    let mut earlier = Setup { edition: TWO, ..Setup::new(vec![ranking("wishes", 90, 0)]) }.found();
    earlier.admit(1..=1);
    assert_eq!(rule(brings(&mut earlier, 1, "bread")), Rule::ActOfLaterEdition);
}

#[test]
fn each_member_has_so_many_open_ones() {
    let mut house = house(&[10, 10], BroughtBy::Members);
    for item in ["a", "b", "c"] {
        brings(&mut house, 1, item).unwrap();
    }
    assert_eq!(rule(brings(&mut house, 1, "d")), Rule::TooMany);
    assert!(brings(&mut house, 2, "d").is_ok(), "others have their own");
    house.act(read("close_item", r#"{"decision":"wishes","item":"a"}"#));
    assert!(brings(&mut house, 1, "e").is_ok(), "one that is closed leaves room");
    assert_eq!(rule(brings(&mut house, 2, "a")), Rule::ItemWasThere, "an id is one item for ever");
    house.open("wishes", "a");
    assert_eq!(bringer(&house, "a"), None, "opened again by who may, it is theirs");
}

#[test]
fn who_brings_and_takes_back_all_day_fills_no_list() {
    let mut house = house(&[10, 10], BroughtBy::Members);
    for number in 0..3 {
        brings(&mut house, 1, &format!("spam{number}")).unwrap();
        let told = takes_back(&mut house, 1, &format!("spam{number}")).unwrap();
        assert_eq!(told, [format!("item-closed wishes spam{number} freed 0")]);
    }
    let refused = brings(&mut house, 1, "spam3").unwrap_err();
    assert_eq!(refused.rule, Rule::TooMany);
    assert!(refused.instead.contains("2025-02-05"), "{refused}: 30 days after 6 January");
    house.run_until("2025-02-05");
    house.state.time = at("2025-02-05T02:00:00Z");
    assert!(brings(&mut house, 1, "spam3").is_ok(), "36 a year at most, of a million that a list has");
}

#[test]
fn nobody_takes_back_what_others_carry() {
    let mut house = house(&[9_801, 99, 100, 0], BroughtBy::Members);
    brings(&mut house, 2, "bread").unwrap();
    assert_eq!(rule(takes_back(&mut house, 1, "bread")), Rule::NotTheProposer);
    assert_eq!(rule(takes_back(&mut house, 1, "jam")), Rule::UnknownItem);
    house.place(2, "wishes", "bread", 500_000);
    house.place(3, "wishes", "bread", 10_000);
    house.next();
    // 100 of 10,000 weigh a hundredth.
    let before = house.clone();
    assert_eq!(rule(takes_back(&mut house, 2, "bread")), Rule::OthersBehindIt);
    // Somebody against it, or without weight, or with less than a hundredth, keeps nobody from it.
    let mut house = before;
    house.place(3, "wishes", "bread", 0);
    house.place(4, "wishes", "bread", 1_000_000);
    let against = on_item(1, "wishes", "bread", 1_000);
    house.act(Act::CastBallot(crate::act::CastBallot { against: true, ..against }));
    assert_eq!(takes_back(&mut house, 2, "bread").unwrap(), ["item-closed wishes bread freed 3"]);
    assert_eq!(rule(takes_back(&mut house, 2, "bread")), Rule::ItemClosed);
    house.next();
}

#[test]
fn an_item_outlives_its_member() {
    let mut house = house(&[10, 10], BroughtBy::Members);
    brings(&mut house, 1, "bread").unwrap();
    house.place(2, "wishes", "bread", 100_000);
    house.leave(1);
    house.next();
    assert!(house.decision("wishes").item("bread").unwrap().closed_at.is_none());
}
