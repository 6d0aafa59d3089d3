//! Hearings. Each test is a sentence of `docs/spec/register.md`, *Hearings*.

use charter::{ClauseKind, GivenPower, Power};

use super::MOST_OWN;
use crate::edition::FIVE;
use crate::tests::{Coop, Setup, body, by, m, read, rule};
use crate::{Act, Actor, Context, Refusal, Rule, apply};

/// Ten members with ten dollars each, of whom the first three sit on the council, which may expel, two of three together. It settles
/// in 14 days, and updates come weekly.
fn house() -> Coop {
    let mut council = body("council", 3, 14);
    if let ClauseKind::Body(body) = &mut council.kind {
        body.powers = vec![GivenPower::plain(Power::Expel)];
    }
    let setup = Setup { edition: FIVE, ..Setup::new(vec![council]) };
    let mut house = setup.found().with_weights(&[10; 10]);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    house.next();
    house
}

fn no(done: Result<Vec<String>, Refusal>) -> &'static str {
    rule(done).number()
}

fn opens(house: &mut Coop, seat: u64, accused: u64) -> Result<Vec<String>, Refusal> {
    by(house, seat, &read("open_hearing", &format!(r##"{{"accused":"#{accused}","reason":"DOC7"}}"##)))
}

fn answers(house: &mut Coop, accused: u64) -> Result<Vec<String>, Refusal> {
    by(house, accused, &read("answer_hearing", &format!(r##"{{"member":"#{accused}","answer":"DOC8"}}"##)))
}

fn expels(accused: u64) -> Act {
    read("expel_member", &format!(r##"{{"accused":"#{accused}"}}"##))
}

fn proposes(house: &mut Coop, seat: u64, accused: u64) -> Result<Vec<String>, Refusal> {
    let text = format!(
        r##"{{"member":"#{seat}","body":"council","proposed":{{"act":"expel_member","accused":"#{accused}"}}}}"##
    );
    by(house, seat, &read("propose_act", &text))
}

fn agrees(house: &mut Coop, seat: u64, number: u64) -> Result<Vec<String>, Refusal> {
    by(house, seat, &read("agree_to_act", &format!(r##"{{"member":"#{seat}","number":{number},"agree":true}}"##)))
}

fn is_member(house: &Coop, member: u64) -> bool {
    house.state.members.index(m(member)).is_some_and(|index| house.state.members.is_active(index))
}

#[test]
fn a_member_is_heard_and_then_expelled_by_two_seats_of_three() {
    let mut house = house();
    assert_eq!(opens(&mut house, 1, 9).unwrap(), ["hearing-opened #9 until 2025-01-20T01:00:00Z"]);
    assert_eq!(no(proposes(&mut house, 1, 9)), "R184", "there is time to answer");
    assert_eq!(answers(&mut house, 9).unwrap(), ["hearing-answered #9"]);
    house.vote(9, "council", 500_000, &[(1, 1_000_000)]);
    house.run_until("2025-01-21");
    assert_eq!(no(by(&mut house, 1, &expels(9))), "R089", "nobody alone");
    assert!(proposes(&mut house, 1, 9).unwrap()[0].starts_with("act-proposed 1 council expel_member #9"));
    assert!(is_member(&house, 9));
    let told = agrees(&mut house, 2, 1).unwrap();
    assert!(told[0].starts_with("act-announced 2 council expel_member #9 due 2025-02-1"), "{told:?}");
    house.run_until("2025-02-17");
    assert!(is_member(&house, 9), "announced, and in the register");
    let index = house.state.members.index(m(9)).unwrap();
    assert_eq!(house.state.members.placed_ppm(index), 500_000, "with the vote that they had");
    let told = house.run_until("2025-02-25");
    assert!(told.contains(&"act-took-effect 2 council expel_member #9".to_owned()), "{told:?}");
    assert!(told.contains(&"member-expelled #9".to_owned()), "{told:?}");
    assert!(!is_member(&house, 9) && house.state.hearings.is_empty());
}

#[test]
fn nobody_is_expelled_without_a_hearing_or_by_those_without_a_seat() {
    let mut house = house();
    assert_eq!(rule(proposes(&mut house, 1, 9)), Rule::NoHearing);
    assert_eq!(no(answers(&mut house, 9)), "R183");
    assert_eq!(no(opens(&mut house, 4, 9)), "R001", "no seat");
    assert_eq!(no(by(&mut house, 4, &expels(9))), "R001");
    assert_eq!(no(opens(&mut house, 1, 1)), "R182");
    let reason = read("open_hearing", r##"{"accused":"#9","reason":"DOC7"}"##);
    for act in [reason, expels(9)] {
        assert_eq!(no(house.submit(&act).map(|_| Vec::new())), "R001", "nor by the operator");
        let context = Context::of(Actor::Bridge, house.state.time);
        let done = apply(&mut house.state, &act, &context).map(|_| Vec::new()).map_err(crate::NotDone::refused);
        assert_eq!(no(done), "R001");
    }
    let ill = read("open_hearing", r##"{"accused":"#9","reason":"thief"}"##);
    assert_eq!(no(by(&mut house, 1, &ill)), "R027", "the reason is a text of its own");
    opens(&mut house, 1, 9).unwrap();
    assert_eq!(no(opens(&mut house, 2, 9)), "R093");
}

#[test]
fn founders_of_vacant_seats_expel_nobody() {
    let mut council = body("council", 3, 14);
    if let ClauseKind::Body(body) = &mut council.kind {
        body.powers = vec![GivenPower::plain(Power::Expel), GivenPower::plain(Power::Admit)];
    }
    let mut house = Setup { edition: FIVE, ..Setup::new(vec![council]) }.found();
    house.rules_mut().kernel.founders_hold_powers = true;
    house.act(read("admit_member", r##"{"member":"#1","founder":true}"##));
    house.admit(2..=2);
    assert_eq!(no(opens(&mut house, 1, 2)), "R001");
}

#[test]
fn hearings_are_bounded_and_end_by_themselves() {
    let mut house = house();
    for accused in 4..4 + MOST_OWN as u64 {
        opens(&mut house, 1, accused).unwrap();
    }
    assert_eq!(no(opens(&mut house, 1, 9)), "R046");
    opens(&mut house, 2, 9).unwrap();
    let told = house.run_until("2025-04-08");
    assert!(told.contains(&"hearing-lapsed #9".to_owned()), "{told:?}");
    assert!(house.state.hearings.is_empty() && is_member(&house, 9));
    assert_eq!(no(proposes(&mut house, 1, 9)), "R183", "a new decision needs a new hearing");
}

#[test]
fn who_leaves_is_heard_no_more() {
    let mut house = house();
    opens(&mut house, 1, 9).unwrap();
    house.leave(9);
    assert!(house.state.hearings.is_empty());
}

/// Two of the council want to stay, and hear the rival who is ahead: the rival is ahead at every update, and holds the act up until
/// they take the seat; then it lapses, as those who agreed sit no more.
#[test]
fn a_rival_who_is_ahead_holds_an_expulsion_up() {
    let mut house = house();
    opens(&mut house, 1, 9).unwrap();
    for member in [9, 8] {
        house.stand(member, "council");
    }
    for member in 4..=10 {
        house.nominate(member, "council", 9, 300_000);
        house.nominate(member, "council", 8, 300_000);
    }
    house.next();
    for member in 4..=10 {
        house.vote(member, "council", 1_000_000, &[(9, 1_000_000), (8, 1_000_000)]);
    }
    house.run_until("2025-01-21");
    proposes(&mut house, 1, 9).unwrap();
    agrees(&mut house, 2, 1).unwrap();
    let told = house.run_until("2025-03-31");
    assert!(is_member(&house, 9), "{told:?}");
    assert!(!told.iter().any(|one| one.starts_with("member-expelled")), "{told:?}");
    assert!(house.holders("council").contains(&Some(9)), "the rival sits: {told:?}");
}
