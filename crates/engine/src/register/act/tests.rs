//! Days of joining and leaving. Each test is a sentence of `docs/spec/people.md`, *Days of joining and leaving*.

use charter::{ClauseKind, GivenPower, Power};

use crate::book::Day;
use crate::edition::{THREE, TWO};
use crate::tests::{Coop, Setup, m, office, read};
use crate::{Act, Rule};

/// Two members with ten dollars each, of whom the first is the secretary and may admit.
fn house() -> Coop {
    let mut secretary = office("secretary", 14);
    if let ClauseKind::Office(office) = &mut secretary.kind {
        office.powers = vec![GivenPower::plain(Power::Admit)];
    }
    let mut house = Setup { edition: THREE, ..Setup::new(vec![secretary]) }.found().with_weights(&[10; 2]);
    house.enter(&[1], "secretary");
    house.seat(&[1], "secretary");
    house.next();
    house
}

fn admits(member: u64, days: &str) -> Act {
    read("admit_member", &format!(r##"{{"member":"#{member}"{days}}}"##))
}

/// The rule that refuses the operator's act.
fn refused(house: &mut Coop, act: &Act) -> Rule {
    house.submit(act).expect_err("refused").rule
}

const LEFT: &str = r#","joined_on":"2011-05-01","left_on":"2019-12-31""#;

#[test]
fn a_day_of_joining_is_kept_and_gives_no_weight() {
    let (mut plain, mut house) = (house(), house());
    plain.act(admits(3, ""));
    house.act(admits(3, r#","joined_on":"2011-05-01""#));
    let index = house.state.members.index(m(3)).unwrap();
    let joined = Day { year: 2011, month: 5, day: 1 };
    assert_eq!(house.state.members.days(index).joined_on, Some(joined));
    assert!(house.state.members.is_active(index));
    assert_eq!(house.state.members.since(index), Some(house.state.time), "what counts is since when they are here");
    assert_ne!(house.state.hash(), plain.state.hash(), "the day is part of the state");
    for both in [&mut plain, &mut house] {
        both.give(3, "donation", 500, "2025-01-02");
        both.run(3);
    }
    assert_eq!(house.state.weights, plain.state.weights);
}

#[test]
fn who_has_left_comes_in_as_a_former_member_with_what_they_gave() {
    let mut house = house();
    house.act(admits(3, LEFT));
    let index = house.state.members.index(m(3)).unwrap();
    assert!(!house.state.members.is_active(index));
    assert_eq!(house.state.members.active_count(), 2);
    house.give(3, "dues", 500, "2019-12-31");
    let late = house.support(3, "dues", 500, "2020-01-01");
    assert_eq!(refused(&mut house, &Act::RecordSupport(late)), Rule::MembershipEnded, "after their last day");
    house.next();
    assert_eq!(house.state.weights.of(index), 0);
    house.state.check().unwrap();
}

#[test]
fn somebody_who_left_here_is_given_nothing_later() {
    let mut house = house();
    house.act(read("end_membership", r##"{"member":"#2"}"##));
    let late = house.support(2, "dues", 500, "2024-12-31");
    assert_eq!(refused(&mut house, &Act::RecordSupport(late)), Rule::MembershipEnded);
}

#[test]
fn days_that_cannot_be_are_refused() {
    let mut house = house();
    for (days, why) in [
        (r#","joined_on":"2011-02-30""#, Rule::DateUnclear),
        (r#","joined_on":"2011-05-01T10:00:00Z""#, Rule::DateUnclear),
        (r#","left_on":"soon""#, Rule::DateUnclear),
        (r#","joined_on":"2099-01-01""#, Rule::GivenInTheFuture),
        (r#","left_on":"2099-01-01""#, Rule::DaysOfMembership),
        (r#","joined_on":"2019-05-01","left_on":"2019-04-30""#, Rule::DaysOfMembership),
    ] {
        assert_eq!(refused(&mut house, &admits(3, days)), why, "{days}");
    }
    house.act(admits(3, r#","joined_on":"2019-05-01","left_on":"2019-05-01""#));
    let mut new = Setup { edition: THREE, ..Setup::new(vec![office("secretary", 14)]) }.found();
    let founder = admits(3, r#","founder":true,"left_on":"2019-04-30""#);
    assert_eq!(refused(&mut new, &founder), Rule::DaysOfMembership);
}

#[test]
fn edition_2_has_no_place_for_them() {
    let mut house = Setup { edition: TWO, ..Setup::new(vec![office("secretary", 14)]) }.found();
    for days in [LEFT, r#","left_on":"2019-12-31""#] {
        assert_eq!(refused(&mut house, &admits(3, days)), Rule::ActOfLaterEdition);
    }
    house.act(admits(3, ""));
}
