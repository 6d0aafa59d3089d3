//! Own pledges. Each test is a sentence of `docs/spec/support.md`, *Own pledges*.

use charter::{Source, SupportKind};
use quantity::Period;

use crate::edition::{THREE, TWO};
use crate::tests::{Coop, Setup, by, m, read, rule};
use crate::{MemberIndex, Refusal, Rule};

/// A kernel in which a promise alone is weight, which its checker notes.
const ALONE: &str = "patrons: pledged(next month) / 1 USD";

fn house(class: &'static str, members: u64) -> Coop {
    let mut house = Setup { classes: vec![class], edition: THREE, ..Setup::new(Vec::new()) }.found();
    house.admit(1..=members);
    house
}

fn pledges(house: &mut Coop, member: u64, minor: i64) -> Result<Vec<String>, Refusal> {
    let text = format!(r##"{{"member":"#{member}","amount":{{"amount":{minor},"currency":"USD"}}}}"##);
    by(house, member, &read("pledge_own", &text))
}

fn weights(house: &Coop, members: u64) -> Vec<u64> {
    (1..=members).map(|number| house.state.weights.of(house.state.members.index(m(number)).unwrap())).collect()
}

#[test]
fn a_promise_counts_as_far_as_gifts_bear_it_out() {
    let mut house = house(ALONE, 3);
    assert_eq!(pledges(&mut house, 1, 1_000).unwrap(), ["recorded"], "nobody says yes to it");
    pledges(&mut house, 2, 1_000).unwrap();
    pledges(&mut house, 3, 1_000).unwrap();
    house.give(1, "donation", 1_000, "2025-01-01");
    let gift = house.give(2, "donation", 1_500, "2025-01-01");
    house.next();
    assert_eq!(weights(&house, 3), [10_000_000, 10_000_000, 0], "no gift, no weight");
    // A gift that is taken back bears nothing out.
    house.take_back(&gift, Some(1_100), "2025-01-06");
    house.next();
    assert_eq!(weights(&house, 3), [10_000_000, 4_000_000, 0]);
    house.run_until("2025-02-28");
    assert_eq!(weights(&house, 3), [10_000_000, 4_000_000, 0], "January's gift lasts through February");
    house.run_until("2025-03-10");
    assert_eq!(weights(&house, 3), [0, 0, 0], "and no longer, as a pledge that a payment renews");
    house.give(1, "donation", 300, "2025-03-05");
    house.next();
    assert_eq!(weights(&house, 3), [3_000_000, 0, 0]);
}

#[test]
fn a_member_changes_and_ends_it() {
    let mut house = house(ALONE, 1);
    house.give(1, "donation", 1_000, "2025-01-01");
    assert_eq!(rule(pledges(&mut house, 1, 0)), Rule::NothingToTakeBack);
    assert_eq!(rule(pledges(&mut house, 1, -1)), Rule::AmountOutOfRange);
    let euros = read("pledge_own", r##"{"member":"#1","amount":{"amount":5,"currency":"EUR"}}"##);
    assert_eq!(rule(by(&mut house, 1, &euros)), Rule::WrongCurrency);
    let hours = read("pledge_own", r##"{"member":"#1","amount":{"amount":5,"unit":"second"}}"##);
    assert_eq!(rule(by(&mut house, 1, &hours)), Rule::WrongUnit);
    let plain = house.state.hash();
    pledges(&mut house, 1, 800).unwrap();
    assert_ne!(house.state.hash(), plain);
    house.next();
    assert_eq!(weights(&house, 1), [8_000_000]);
    pledges(&mut house, 1, 200).unwrap();
    house.next();
    assert_eq!(weights(&house, 1), [2_000_000], "the later one takes its place");
    pledges(&mut house, 1, 0).unwrap();
    house.next();
    assert_eq!(weights(&house, 1), [0]);
    pledges(&mut house, 1, 800).unwrap();
    house.leave(1);
    assert!(house.state.support.own_pledges.is_empty(), "a former member promises nothing");
}

#[test]
fn it_adds_nothing_to_what_a_platform_has_recorded() {
    let mut house = house(ALONE, 1);
    house.give(1, "donation", 1_000, "2025-01-01");
    house.give(1, "pledge", 1_000, "2025-01-01");
    pledges(&mut house, 1, 600).unwrap();
    house.next();
    assert_eq!(weights(&house, 1), [10_000_000], "the greater of both");
    house.give(1, "donation", 500, "2025-01-06");
    pledges(&mut house, 1, 1_400).unwrap();
    house.next();
    assert_eq!(weights(&house, 1), [14_000_000]);
    // The explanation has the same.
    let source = Source::Support { kind: SupportKind::Pledge, period: Period::parse("next month").unwrap() };
    let own = house.state.support.only(MemberIndex(0));
    let lines = crate::weight::counted(&source, &house.state.rules.kernel, &own, house.state.weights.at);
    assert_eq!(lines.iter().map(|line| line.amount).collect::<Vec<_>>(), [1_400]);
    // So has a forecast: in March nothing bears it out.
    let sums = crate::weight::Sums::of(&house.state.rules.kernel, &house.state.members, &house.state.weights);
    let ahead = ["2025-02-24T01:00:00Z", "2025-03-03T01:00:00Z"].map(crate::tests::at);
    assert_eq!(crate::weight::weight_ahead(&house.state, &sums, MemberIndex(0), &ahead), [14_000_000, 0]);
}

/// docs/spec/attacks.md, What members bring.
#[test]
fn three_people_with_a_cent_promise_millions_and_weigh_three_cents() {
    let mut house = house(ALONE, 5);
    for member in 1..=3 {
        house.give(member, "donation", 1, "2025-01-01");
        pledges(&mut house, member, 100_000_000).unwrap();
    }
    house.give(4, "donation", 1_000, "2025-01-01");
    pledges(&mut house, 4, 1_000).unwrap();
    // A gift of a million that is asked back takes the say along at the next update.
    let million = house.give(5, "donation", 100_000_000, "2025-01-01");
    pledges(&mut house, 5, 100_000_000).unwrap();
    house.next();
    assert_eq!(weights(&house, 5), [10_000, 10_000, 10_000, 10_000_000, 1_000_000_000_000]);
    house.take_back(&million, None, "2025-01-06");
    house.next();
    assert_eq!(weights(&house, 5), [10_000, 10_000, 10_000, 10_000_000, 0]);
}

#[test]
fn patrons_of_the_template_weigh_the_lesser_of_gift_and_promise() {
    let mut house = house("patrons: min(donated(last month), pledged(next month)) / 1 USD", 2);
    for member in [1, 2] {
        house.give(member, "donation", 1_000, "2025-01-01");
    }
    pledges(&mut house, 1, 1_000).unwrap();
    house.run_until("2025-02-10");
    assert_eq!(weights(&house, 2), [10_000_000, 0], "who only gave promises nothing for the next month");
    let mut earlier = Setup { classes: vec![ALONE], edition: TWO, ..Setup::new(Vec::new()) }.found();
    earlier.admit(1..=1);
    assert_eq!(rule(pledges(&mut earlier, 1, 5)), Rule::ActOfLaterEdition);
}
