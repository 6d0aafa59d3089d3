//! Hours that members affirm. Each test is a sentence of `docs/spec/support.md`, *Hours that members affirm*.

use charter::{Affirmed, ClauseKind, GivenPower, Power, SupportKind};

use crate::edition::THREE;
use crate::tests::{Coop, Setup, at, by, m, office, read, rule};
use crate::{Refusal, Rule};

const HOUR: i64 = 3_600;
const YES: &str = r#""yes":true"#;
const NO: &str = r#""yes":false,"reason":"not-known""#;

/// Workers whose hours of the last twelve months weigh, and who affirm 40 hours a month of each other. The first `old` of them have
/// worked 100 hours in each of the four months before.
fn house(old: u64, new: u64) -> Coop {
    let classes = vec!["workers [list]: hours(last 12 months) / 1 hour"];
    let mut clerk = office("clerk", 14);
    if let ClauseKind::Office(office) = &mut clerk.kind {
        let kinds = [SupportKind::Hours].into_iter().collect();
        office.powers = vec![GivenPower { kinds, ..GivenPower::plain(Power::Record) }];
    }
    let mut house = Setup { classes, edition: THREE, ..Setup::new(vec![clerk]) }.found();
    house.rules_mut().kernel.classes[0].affirmed = Some(Affirmed { members: 2, most_s: 40 * 3_600 });
    house.admit(1..=old + new);
    for member in 1..=old + new {
        house.list("list", member);
    }
    for member in 1..=old {
        house.give(member, "hours", 100 * HOUR, "2024-12-15");
    }
    // The founding period is over before anybody else has weight.
    house.run_until("2025-05-13");
    house.state.time = at("2025-05-12T02:00:00Z");
    house
}

fn claims(house: &mut Coop, member: u64, hours: i64, day: &str) -> u64 {
    let number = house.state.claims.waiting().map(|(number, _)| number).max().unwrap_or(0);
    let seconds = hours * HOUR;
    let text = format!(
        r##"{{"member":"#{member}","kind":"hours","amount":{{"amount":{seconds},"unit":"second"}},"given_on":"{day}","source":"own:{member}:{day}:{number}"}}"##
    );
    by(house, member, &read("claim_support", &text)).unwrap();
    house.state.claims.waiting().map(|(number, _)| number).max().unwrap()
}

fn says(house: &mut Coop, member: u64, number: u64, what: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &read("answer_claim", &format!(r##"{{"member":"#{member}","number":{number},{what}}}"##)))
}

fn hours(house: &Coop, member: u64) -> i64 {
    let index = house.state.members.index(m(member)).unwrap();
    let rows = house.state.support.rows(SupportKind::Hours);
    rows.map_or(0, |rows| rows.of(index).iter().map(|(_, row)| row.amount).sum::<i64>() / HOUR)
}

#[test]
fn two_members_say_yes_and_seven_days_later_it_counts() {
    let mut house = house(4, 0);
    let number = claims(&mut house, 4, 10, "2025-05-10");
    let plain = house.state.hash();
    assert_eq!(says(&mut house, 1, number, YES).unwrap(), ["recorded"]);
    assert_ne!(house.state.hash(), plain);
    assert_eq!(says(&mut house, 1, number, YES).unwrap(), ["recorded"], "one who says it twice is one");
    assert_eq!(says(&mut house, 2, number, YES).unwrap(), [format!("claim-affirmed {number} hours #4")]);
    house.next();
    assert_eq!(hours(&house, 4), 100, "19 May is not yet seven days later");
    let told = house.next();
    assert!(told.contains(&format!("claim-confirmed {number} hours #4")), "{told:?}");
    assert_eq!((hours(&house, 4), house.state.claims.waiting().count()), (110, 0));
}

#[test]
fn each_no_takes_a_further_yes() {
    let mut house = house(6, 0);
    let number = claims(&mut house, 6, 10, "2025-05-10");
    says(&mut house, 1, number, YES).unwrap();
    says(&mut house, 2, number, YES).unwrap();
    assert_eq!(rule(says(&mut house, 3, number, r#""yes":false"#)), Rule::ReasonMissing);
    house.next();
    says(&mut house, 3, number, NO).unwrap();
    house.next();
    house.next();
    assert_eq!(hours(&house, 6), 100, "stopped in time");
    house.state.time = at("2025-06-02T02:00:00Z");
    assert_eq!(says(&mut house, 4, number, YES).unwrap(), [format!("claim-affirmed {number} hours #6")]);
    house.next();
    assert_eq!(hours(&house, 6), 100, "its seven days begin anew");
    house.next();
    assert_eq!(hours(&house, 6), 110);
}

#[test]
fn who_answers_is_of_the_class_and_of_standing() {
    let mut house = house(3, 2);
    house.give(4, "hours", 100 * HOUR, "2025-04-20");
    house.next();
    let number = claims(&mut house, 3, 10, "2025-05-10");
    assert_eq!(rule(says(&mut house, 3, number, YES)), Rule::OwnSupport);
    assert_eq!(rule(says(&mut house, 4, number, YES)), Rule::NotOfStanding, "with weight since last week");
    assert_eq!(rule(says(&mut house, 5, number, YES)), Rule::NotAuthorised, "on the list, and without weight");
    // A newcomer's hours are affirmed by those of standing.
    let number = claims(&mut house, 5, 10, "2025-05-10");
    says(&mut house, 1, number, YES).unwrap();
    says(&mut house, 2, number, YES).unwrap();
    // One of them leaves the list before it counts.
    let mut other = house.clone();
    other.act(read("remove_from_list", r##"{"list":"list","member":"#2"}"##));
    other.run_until("2025-06-02");
    assert_eq!(hours(&other, 5), 0);
    house.run_until("2025-06-02");
    assert_eq!(hours(&house, 5), 10);
}

#[test]
fn an_office_that_records_is_bound_by_none_of_it() {
    let mut house = house(4, 0);
    house.enter(&[1], "clerk");
    house.seat(&[1], "clerk");
    let number = claims(&mut house, 4, 90, "2025-02-10");
    assert_eq!(rule(says(&mut house, 2, number, YES)), Rule::AffirmedEnough);
    let number_2 = claims(&mut house, 4, 10, "2025-03-31");
    assert_eq!(rule(says(&mut house, 2, number_2, YES)), Rule::TooLongAgo, "April is the month before May");
    assert_eq!(says(&mut house, 1, number, YES).unwrap(), [format!("claim-confirmed {number} hours #4")]);
    assert_eq!(hours(&house, 4), 190);
}

#[test]
fn a_class_that_does_not_say_so_affirms_nothing() {
    let mut house = house(4, 0);
    house.rules_mut().kernel.classes[0].affirmed = None;
    let number = claims(&mut house, 4, 10, "2025-05-10");
    assert_eq!(rule(says(&mut house, 1, number, YES)), Rule::NotAuthorised);
}

/// docs/spec/attacks.md, What members bring.
#[test]
fn three_friends_affirm_eighty_hours_each_and_no_thousand() {
    // Ten workers with 100 hours each, of whom three have their friends affirm hours that nobody worked.
    let mut house = house(10, 0);
    let ring = [1, 2, 3];
    for claimant in ring {
        let thousand = claims(&mut house, claimant, 1_000, "2025-05-10");
        let of_the_ring = if claimant == 1 { 2 } else { 1 };
        assert_eq!(rule(says(&mut house, of_the_ring, thousand, YES)), Rule::AffirmedEnough);
        for day in ["2025-04-10", "2025-05-10"] {
            let number = claims(&mut house, claimant, 40, day);
            let one_more = claims(&mut house, claimant, 1, day);
            for friend in ring.into_iter().filter(|friend| *friend != claimant) {
                says(&mut house, friend, number, YES).unwrap();
                assert_eq!(rule(says(&mut house, friend, one_more, YES)), Rule::AffirmedEnough);
            }
        }
    }
    // One who looks stops it: with three friends there is nobody for a third yes.
    let mut seen = house.clone();
    let waiting: Vec<u64> =
        seen.state.claims.waiting().filter(|(_, one)| one.said.since.is_some()).map(|(n, _)| n).collect();
    assert_eq!(waiting.len(), 6);
    for number in &waiting {
        says(&mut seen, 10, *number, NO).unwrap();
    }
    seen.run_until("2025-07-01");
    assert_eq!(ring.map(|member| hours(&seen, member)), [100, 100, 100]);
    // Nobody looks: 240 of 1,240 hours, once, and 40 a month each from then on.
    house.run_until("2025-06-02");
    assert_eq!(ring.map(|member| hours(&house, member)), [180, 180, 180]);
    assert_eq!((4..=10).map(|member| hours(&house, member)).sum::<i64>(), 700);
}
