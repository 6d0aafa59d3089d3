//! Own hours that wait for a yes. Each test is a sentence of `docs/spec/support.md`, *Own hours*.

use charter::{ClauseKind, GivenPower, Power, SupportKind};

use crate::edition::THREE;
use crate::tests::{Coop, Setup, body, by, m, read, rule};
use crate::{Actor, Context, Refusal, Rule};

const HOUR: i64 = 3_600;

/// Five members, of whom the first two sit on a body of two that records hours; `acts_by` as its clause says.
fn house(acts_by: Option<u32>) -> Coop {
    let mut clause = body("tills", 2, 14);
    if let ClauseKind::Body(body) = &mut clause.kind {
        let kinds = [SupportKind::Hours].into_iter().collect();
        body.powers = vec![GivenPower { kinds, ..GivenPower::plain(Power::Record) }];
        body.acts_by = acts_by;
    }
    let classes = vec!["workers: hours(ever) / 1 hour"];
    let mut house = Setup { classes, edition: THREE, ..Setup::new(vec![clause]) }.found();
    house.admit(1..=5);
    house.enter(&[1, 2], "tills");
    house.seat(&[1, 2], "tills");
    house
}

fn claims(house: &mut Coop, member: u64, kind: &str, amount: i64, source: &str) -> Result<Vec<String>, Refusal> {
    let unit = if kind == "hours" { r#""unit":"second""# } else { r#""currency":"USD""# };
    let text = format!(
        r##"{{"member":"#{member}","kind":"{kind}","amount":{{"amount":{amount},{unit}}},"given_on":"2025-01-01","source":"{source}"}}"##
    );
    by(house, member, &read("claim_support", &text))
}

fn answers(house: &mut Coop, member: u64, number: u64, more: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &read("answer_claim", &format!(r##"{{"member":"#{member}","number":{number},{more}}}"##)))
}

fn takes_back(house: &mut Coop, member: u64, number: u64) -> Result<Vec<String>, Refusal> {
    by(house, member, &read("take_back_claim", &format!(r##"{{"member":"#{member}","number":{number}}}"##)))
}

fn hours(house: &Coop, member: u64) -> i64 {
    let index = house.state.members.index(m(member)).unwrap();
    let rows = house.state.support.rows(SupportKind::Hours);
    rows.map_or(0, |rows| rows.of(index).iter().map(|(_, row)| row.amount).sum::<i64>() / HOUR)
}

const YES: &str = r#""yes":true"#;
const NO: &str = r#""yes":false,"reason":"not-known""#;

#[test]
fn hours_count_once_somebody_says_yes() {
    let mut house = house(None);
    assert_eq!(claims(&mut house, 3, "hours", 5 * HOUR, "own:1").unwrap(), ["support-claimed 1 hours #3"]);
    house.next();
    assert_eq!((hours(&house, 3), house.state.claims.waiting().count()), (0, 1), "nothing counts yet");
    let act = read("answer_claim", r##"{"member":"#1","number":1,"yes":true}"##);
    let context = Context::of(Actor::Member(m(1)), house.state.time);
    assert_eq!(house.state.authority(&act, &context).as_deref(), Some("body tills"), "the log names the body");
    assert_eq!(answers(&mut house, 1, 1, YES).unwrap(), ["claim-confirmed 1 hours #3"]);
    assert_eq!((hours(&house, 3), house.state.claims.waiting().count()), (5, 0));
    let index = house.state.members.index(m(3)).unwrap();
    let row = house.state.support.rows(SupportKind::Hours).unwrap().of(index)[0].1;
    assert_eq!(row.counted_at, crate::tests::at("2025-01-01"), "it counts at its own day");
    assert_eq!(rule(claims(&mut house, 3, "hours", HOUR, "own:1")), Rule::SourceAlreadyRecorded);
    assert_eq!(rule(answers(&mut house, 1, 1, YES)), Rule::UnknownClaim);
}

#[test]
fn nobody_confirms_their_own_and_others_only_by_power() {
    let mut house = house(None);
    claims(&mut house, 1, "hours", HOUR, "own:1").unwrap();
    assert_eq!(rule(answers(&mut house, 1, 1, YES)), Rule::OwnSupport);
    assert_eq!(rule(answers(&mut house, 3, 1, YES)), Rule::NotAuthorised);
    let refused = answers(&mut house, 1, 1, NO);
    assert_eq!(rule(refused), Rule::OwnSupport, "nor refuses it");
    assert_eq!(rule(takes_back(&mut house, 2, 1)), Rule::NotAuthorised);
    assert_eq!(takes_back(&mut house, 1, 1).unwrap(), ["recorded"]);
    assert_eq!(rule(answers(&mut house, 2, 1, YES)), Rule::UnknownClaim);
    claims(&mut house, 1, "hours", HOUR, "own:1").unwrap();
    assert!(answers(&mut house, 2, 2, YES).is_ok());
    assert_eq!(hours(&house, 1), 1);
}

#[test]
fn a_refusal_says_why() {
    let mut house = house(None);
    claims(&mut house, 3, "hours", HOUR, "own:1").unwrap();
    assert_eq!(rule(answers(&mut house, 1, 1, r#""yes":false"#)), Rule::ReasonMissing);
    assert_eq!(rule(answers(&mut house, 1, 1, r#""yes":false,"reason":"lazy""#)), Rule::ReasonMissing);
    assert_eq!(answers(&mut house, 1, 1, NO).unwrap(), ["claim-refused 1 hours #3 not-known"]);
    assert!(claims(&mut house, 3, "hours", HOUR, "own:1").is_ok(), "it can be handed in again");
}

#[test]
fn a_body_that_acts_by_two_says_yes_twice() {
    let mut house = house(Some(2));
    claims(&mut house, 3, "hours", HOUR, "own:1").unwrap();
    assert_eq!(answers(&mut house, 1, 1, YES).unwrap(), ["recorded"]);
    assert_eq!(answers(&mut house, 1, 1, YES).unwrap(), ["recorded"], "the same seat twice is one");
    assert_eq!(hours(&house, 3), 0);
    assert_eq!(answers(&mut house, 2, 1, YES).unwrap(), ["claim-confirmed 1 hours #3"]);
    assert_eq!(hours(&house, 3), 1);
}

#[test]
fn few_wait_and_none_for_ever() {
    let mut house = house(None);
    assert_eq!(rule(claims(&mut house, 3, "donation", 100, "own:0")), Rule::MoneyNotClaimed);
    assert_eq!(rule(claims(&mut house, 3, "hours", 0, "own:0")), Rule::AmountOutOfRange);
    for number in 0..20 {
        claims(&mut house, 3, "hours", HOUR, &format!("own:{number}")).unwrap();
    }
    assert_eq!(rule(claims(&mut house, 3, "hours", HOUR, "own:1")), Rule::SourceAlreadyRecorded);
    assert_eq!(rule(claims(&mut house, 3, "hours", HOUR, "own:20")), Rule::TooMany);
    claims(&mut house, 4, "hours", HOUR, "own:20").unwrap();
    house.leave(4);
    assert_eq!(house.state.claims.waiting().count(), 20, "a former member claims nothing");
    // 90 days after 1 January are 1 April; the first update from then on is on 7 April.
    let told = house.run_until("2025-04-06");
    assert!(!told.iter().any(|told| told.starts_with("claim-lapsed")), "{told:?}");
    assert_eq!(rule(answers(&mut house, 1, 1, YES)), Rule::UnknownClaim, "its time is over");
    let told = house.next();
    assert_eq!(told.iter().filter(|told| told.starts_with("claim-lapsed")).count(), 20, "{told:?}");
    assert_eq!(house.state.claims.waiting().count(), 0);
}
