//! Acts by the hour and the day: a sentence of `docs/spec/refusals.md`, R077, each.

use charter::{ClauseKind, GivenPower, Power};

use super::*;
use crate::apply;
use crate::edition::{ONE, TWO};
use crate::tests::{Coop, Setup, at, m, office, on_item, ranking, read};

/// Two members and a ranking with an item, under edition 2.
fn house() -> Coop {
    let mut registrar = office("registrar", 14);
    if let ClauseKind::Office(office) = &mut registrar.kind {
        office.powers = vec![GivenPower::plain(Power::CloseIssue)];
    }
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "helpers [helper-list]: 1"],
        ..Setup::new(vec![registrar, ranking("issues", 0, 0)])
    };
    let mut house = setup.found();
    house.admit(1..=2);
    house.enter(&[2], "registrar");
    house.seat(&[2], "registrar");
    house.open("issues", "a");
    house.state.editions.current = TWO;
    house
}

/// The member casts a ballot with this share at this time.
fn cast(house: &mut Coop, member: u64, share: u32, time: Moment) -> Result<(), Refusal> {
    hand_in(house, Actor::Member(m(member)), &Act::CastBallot(on_item(member, "issues", "a", share)), time)
}

fn hand_in(house: &mut Coop, actor: Actor, act: &Act, time: Moment) -> Result<(), Refusal> {
    let before = format!("{:?}", house.state);
    let done = apply(&mut house.state, act, &Context::of(actor, time)).map(|_| ()).map_err(|no| no.refused());
    assert!(done.is_ok() || format!("{:?}", house.state) == before, "a refused act changes nothing");
    done
}

/// Casts until it is refused; how many were accepted, and the refusal.
fn until_refused(house: &mut Coop, member: u64, time: Moment) -> (u32, Refusal) {
    let mut done = 0;
    loop {
        match cast(house, member, 1 + done, time) {
            Ok(()) => done += 1,
            Err(no) => return (done, no),
        }
        assert!(done < 10_000, "nothing limits it");
    }
}

#[test]
fn an_hour_has_room_for_120_and_the_refusal_says_when_there_is_more() {
    let mut house = house();
    let (done, no) = until_refused(&mut house, 1, at("2025-01-01T10:59:59Z"));
    assert_eq!((done, no.rule), (120, Rule::TooManyActs));
    assert_eq!(
        no.to_string(),
        "R077 too-many-acts: you handed in 120 acts this hour, and a member hands in 120 at most; there is room again at 2025-01-01T11:00:00Z"
    );
    assert_eq!(cast(&mut house, 2, 7, at("2025-01-01T10:59:59Z")), Ok(()), "others have an hour of their own");
    assert_eq!(until_refused(&mut house, 1, at("2025-01-01T11:00:00Z")).0, 120);
}

#[test]
fn a_day_has_room_for_500() {
    let mut house = house();
    let each: Vec<u32> =
        (1..=6).map(|hour| until_refused(&mut house, 1, at(&format!("2025-01-01T1{hour}:00:00Z"))).0).collect();
    assert_eq!(each, [120, 120, 120, 120, 20, 0]);
    let (_, no) = until_refused(&mut house, 1, at("2025-01-01T23:59:59Z"));
    assert!(
        no.to_string().ends_with(
            "500 acts this day, and a member hands in 500 at most; there is room again at 2025-01-02T00:00:00Z"
        ),
        "{no}"
    );
    assert_eq!(until_refused(&mut house, 1, at("2025-01-02T00:00:00Z")).0, 120);
}

/// The operator enters paper ballots, and bridges bring facts: neither is a member's own act.
#[test]
fn the_desk_is_not_limited_nor_is_edition_1() {
    let mut house = house();
    until_refused(&mut house, 1, at("2025-01-01"));
    let paper = Act::CastBallot(on_item(1, "issues", "a", 500_000));
    assert_eq!(hand_in(&mut house, Actor::Operator, &paper, at("2025-01-01")), Ok(()));
    house.state.editions.current = ONE;
    assert_eq!(cast(&mut house, 1, 9, at("2025-01-01")), Ok(()));
    assert_eq!(house.state.acts_left(m(1), at("2025-01-01")), None);
}

/// Lower numbers first: what is refused anyway says why, and counts nowhere.
#[test]
fn it_comes_after_every_rule_of_the_act_and_refused_acts_do_not_count() {
    let mut house = house();
    let now = at("2025-01-01");
    assert_eq!(cast(&mut house, 1, 1_000_001, now).unwrap_err().rule, Rule::ShareOutOfRange);
    assert_eq!(until_refused(&mut house, 1, now).0, 120);
    assert_eq!(cast(&mut house, 1, 1_000_001, now).unwrap_err().rule, Rule::ShareOutOfRange);
}

#[test]
fn a_holder_has_ten_times_as_much_room_for_acts_of_the_office() {
    let mut house = house();
    let now = at("2025-01-01");
    until_refused(&mut house, 2, now);
    let on = |on: bool| {
        let kind = if on { "open_item" } else { "close_item" };
        read(kind, r#"{"decision":"issues","item":"b"}"#)
    };
    for number in 0..1_200 {
        assert_eq!(hand_in(&mut house, Actor::Member(m(2)), &on(number % 2 == 0), now), Ok(()), "{number}");
    }
    let no = hand_in(&mut house, Actor::Member(m(2)), &on(true), now).unwrap_err();
    assert!(no.to_string().contains("1200 acts by the power of an office or a seat this hour, and a holder"), "{no}");
}

#[test]
fn leaving_is_always_open() {
    let mut house = house();
    until_refused(&mut house, 1, at("2025-01-01"));
    let leave = read("end_membership", &format!(r#"{{"member":"{}"}}"#, m(1)));
    assert_eq!(hand_in(&mut house, Actor::Member(m(1)), &leave, at("2025-01-01")), Ok(()));
}

#[test]
fn the_kernel_may_set_the_limits() {
    let mut house = house();
    house.rules_mut().kernel.acts_per = ActsPer { hour: 20, day: 30 };
    assert_eq!(until_refused(&mut house, 1, at("2025-01-01T10:00:00Z")).0, 20);
    assert_eq!(until_refused(&mut house, 1, at("2025-01-01T11:00:00Z")).0, 10);
}

#[test]
fn members_are_told_once_fewer_than_a_quarter_are_left() {
    let mut house = house();
    let now = at("2025-01-01T10:00:00Z");
    let left = |house: &Coop| house.state.acts_left(m(1), now).unwrap();
    for share in 1..=90 {
        cast(&mut house, 1, share, now).unwrap();
    }
    assert!(!left(&house).is_low());
    cast(&mut house, 1, 91, now).unwrap();
    let until = at("2025-01-01T11:00:00Z");
    assert_eq!(left(&house), ActsLeft { left: 29, of: 120, in_day: false, until });
    assert!(left(&house).is_low());
    for hour in 11..=14 {
        until_refused(&mut house, 1, at(&format!("2025-01-01T{hour}:00:00Z")));
    }
    let until = at("2025-01-02");
    let at_night = house.state.acts_left(m(1), at("2025-01-01T15:00:00Z"));
    assert_eq!(at_night, Some(ActsLeft { left: 0, of: 500, in_day: true, until }));
}

/// docs/spec/updates.md, Named sections: the day and, for each right and member, its numbers.
#[test]
fn the_state_hash_binds_what_was_counted() {
    let mut house = house();
    let (without, one) = (house.state.hash(), house.state.hash_as(ONE));
    house.state.handed_in.note((By::Own, MemberIndex(0)), at("2025-01-01"));
    let with = house.state.hash();
    house.state.handed_in.note((By::Own, MemberIndex(0)), at("2025-01-01"));
    let hashes = [without, with, house.state.hash()];
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2]);
    assert_eq!(house.state.hash_as(ONE), one, "edition 1 knows nothing of it");
}

#[test]
fn it_is_kept_with_the_state_and_goes_with_the_day() {
    let mut house = house();
    until_refused(&mut house, 1, at("2025-01-01"));
    cast(&mut house, 2, 1, at("2025-01-01")).unwrap();
    assert_eq!(house.state.handed_in.done.len(), 2);
    cast(&mut house, 2, 2, at("2025-01-02")).unwrap();
    assert_eq!(house.state.handed_in.done.len(), 1, "another day forgets the last one");
}
