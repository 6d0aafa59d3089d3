//! Applications. Each test is a sentence of `docs/spec/register.md`, *Doors*.

use charter::{ClauseKind, Door, GivenPower, Power};

use super::{MOST_A_DAY, MOST_VOUCHES};
use crate::edition::{FIVE, FOUR};
use crate::tests::{Coop, Luck, Setup, by, m, office, read, rule, tries};
use crate::{Act, Actor, Context, Refusal, Rule, apply};

/// Ten members with ten dollars each, of whom the first is the secretary and may admit; one can join the workers through `door`.
fn house(door: Door) -> Coop {
    let mut secretary = office("secretary", 14);
    if let ClauseKind::Office(office) = &mut secretary.kind {
        office.powers = vec![GivenPower::plain(Power::Admit), GivenPower::plain(Power::Record)];
        office.powers[1].kinds = charter::SupportKinds::NONE.with(charter::SupportKind::Donation);
    }
    let classes = vec!["patrons: donated(ever) / 1 USD", "workers [worker-list]: count(workers)"];
    let setup = Setup { edition: FIVE, classes, ..Setup::new(vec![secretary]) };
    let mut house = setup.found().with_weights(&[10; 10]);
    house.rules_mut().kernel.classes[1].door = door;
    house.enter(&[1], "secretary");
    house.seat(&[1], "secretary");
    house.next();
    house
}

/// The number of the rule that refused it.
fn no(done: Result<Vec<String>, Refusal>) -> &'static str {
    rule(done).number()
}

/// The same, when its members have been members for 90 days.
fn settled(door: Door) -> Coop {
    let mut house = house(door);
    house.run_until("2025-04-07");
    house
}

fn asks(member: u64) -> Act {
    read("apply_to_join", &format!(r##"{{"member":"#{member}","class":"workers"}}"##))
}

fn apply_as(house: &mut Coop, member: u64) -> Result<Vec<String>, Refusal> {
    by(house, member, &asks(member))
}

fn answers(house: &mut Coop, member: u64, applicant: u64, yes: bool) -> Result<Vec<String>, Refusal> {
    let text = format!(r##"{{"member":"#{member}","applicant":"#{applicant}","yes":{yes}}}"##);
    by(house, member, &read("answer_application", &text))
}

fn refuses(house: &mut Coop, applicant: u64, reason: &str) -> Result<Vec<String>, Refusal> {
    let text = format!(r##"{{"applicant":"#{applicant}","reason":"{reason}"}}"##);
    by(house, 1, &read("refuse_application", &text))
}

fn is_member(house: &Coop, member: u64) -> bool {
    house.state.members.index(m(member)).is_some_and(|index| house.state.members.is_active(index))
}

fn is_listed(house: &Coop, member: u64) -> bool {
    let list = house.state.members.list("worker-list");
    house.state.members.index(m(member)).is_some_and(|index| list.is_some_and(|list| list.contains(&index)))
}

#[test]
fn through_an_open_door_one_is_a_member_at_once_and_on_the_list() {
    let mut house = house(Door::Open);
    assert_eq!(apply_as(&mut house, 11).unwrap(), ["application-accepted 1 workers #11", "member-admitted #11"]);
    assert!(is_listed(&house, 11) && house.state.applications.waiting().next().is_none());
    assert_eq!(no(apply_as(&mut house, 11)), "R008", "nobody comes in twice");
    for number in 12..11 + u64::from(MOST_A_DAY) {
        apply_as(&mut house, number).unwrap();
    }
    assert_eq!(no(apply_as(&mut house, 999)), "R046", "so many ask on one day");
    house.next();
    assert!(apply_as(&mut house, 999).is_ok(), "and more on another");
}

#[test]
fn where_members_are_invited_nobody_asks() {
    let mut house = house(Door::Invitation);
    assert_eq!(rule(apply_as(&mut house, 11)), Rule::ByInvitation);
    assert_eq!(no(apply_as(&mut house, 11)), "R172");
    let unknown = read("apply_to_join", r##"{"member":"#11","class":"eaters"}"##);
    assert_eq!(no(by(&mut house, 11, &unknown)), "R171");
    assert_eq!(no(by(&mut house, 2, &asks(11))), "R001", "members ask for nobody else");
    let mut earlier = Setup { edition: FOUR, ..Setup::new(Vec::new()) }.found();
    assert_eq!(no(by(&mut earlier, 11, &asks(11))), "R075");
}

#[test]
fn an_applicant_acts_as_such_and_takes_the_application_back() {
    let mut house = house(Door::Request);
    let context = Context::of(Actor::Member(m(11)), house.state.time);
    assert_eq!(house.state.authority(&asks(11), &context).as_deref(), Some("applicant"));
    assert_eq!(apply_as(&mut house, 11).unwrap(), ["application-made 1 workers #11"]);
    assert_eq!(no(apply_as(&mut house, 11)), "R093");
    let ballot = read("cast_ballot", r##"{"member":"#11","decision":"secretary","share_ppm":1,"scores":{}}"##);
    assert_eq!(no(by(&mut house, 11, &ballot)), "R006", "an applicant is no member");
    let back = read("withdraw_application", r##"{"member":"#11"}"##);
    assert_eq!(by(&mut house, 11, &back).unwrap(), ["application-withdrawn 1 workers #11"]);
    assert_eq!(no(by(&mut house, 11, &back)), "R173");
}

#[test]
fn who_may_admit_says_yes_or_no_to_a_request() {
    let mut house = house(Door::Request);
    for number in 11..=13 {
        apply_as(&mut house, number).unwrap();
    }
    assert_eq!(no(answers(&mut house, 2, 11, true)), "R174", "members are not asked");
    assert_eq!(no(refuses(&mut house, 11, "her hat")), "R105");
    assert_eq!(refuses(&mut house, 11, "no-room").unwrap(), ["application-refused 1 workers #11 no-room"]);
    assert_eq!(no(refuses(&mut house, 11, "no-room")), "R173");
    let text = r##"{"applicant":"#12","reason":"no-room"}"##;
    assert_eq!(no(by(&mut house, 2, &read("refuse_application", text))), "R001", "members alone refuse nobody");
    let other = read("admit_member", r##"{"member":"#12","organisation":true}"##);
    assert_eq!(no(by(&mut house, 1, &other)), "R118", "what they asked to be");
    let admits = read("admit_member", r##"{"member":"#12","organisation":false}"##);
    assert!(by(&mut house, 1, &admits).unwrap()[0].starts_with("act-announced 1 secretary admit_member #12"));
    assert!(house.state.applications.of(m(12)).is_some(), "the application waits with the announced act");
    house.run_until("2025-02-10");
    assert!(is_member(&house, 12) && !is_listed(&house, 12), "a member, and on no list that others keep");
    assert!(house.state.applications.of(m(12)).is_none());
    let told = house.run_until("2025-03-31");
    assert!(told.iter().any(|one| one == "application-lapsed 3 workers #13"), "{told:?}");
    assert!(!is_member(&house, 13));
}

#[test]
fn two_who_vouch_let_somebody_in_seven_days_later() {
    let mut house = settled(Door::Vouched { members: 2 });
    apply_as(&mut house, 11).unwrap();
    assert_eq!(answers(&mut house, 2, 11, true).unwrap(), ["recorded"]);
    assert_eq!(no(answers(&mut house, 2, 11, true)), "R091");
    assert_eq!(no(answers(&mut house, 3, 11, false)), "R092", "nothing to take back");
    assert_eq!(
        answers(&mut house, 3, 11, true).unwrap(),
        ["application-carried 1 workers #11 due 2025-04-14T00:00:00Z"]
    );
    assert!(!is_member(&house, 11));
    answers(&mut house, 3, 11, false).unwrap();
    house.run(2);
    assert!(!is_member(&house, 11), "a vouch was taken back");
    answers(&mut house, 4, 11, true).unwrap();
    let told = house.next();
    assert_eq!(told, ["application-accepted 1 workers #11", "member-admitted #11"]);
    assert!(is_listed(&house, 11));
}

#[test]
fn newcomers_vouch_for_nobody() {
    let mut house = house(Door::Vouched { members: 2 });
    apply_as(&mut house, 11).unwrap();
    assert_eq!(no(answers(&mut house, 2, 11, true)), "R112", "a member for a week");
    let mut house = settled(Door::Vouched { members: 2 });
    house.admit(12..=12);
    apply_as(&mut house, 11).unwrap();
    assert_eq!(no(answers(&mut house, 12, 11, true)), "R112");
}

/// Twenty invented accounts with weight and standing, who vouch for each other's friends: 3 vouches each in a year and 2 for one who
/// comes in make 30 in the first year, none of whom vouches before 90 days are over.
#[test]
fn twenty_who_vouch_for_each_other_bring_thirty_in_a_year() {
    let mut house = house(Door::Vouched { members: 2 });
    house.admit(11..=20);
    for number in 11..=20 {
        house.give(number, "donation", 100, "2025-01-06");
    }
    house.run_until("2025-04-14");
    let mut brought = 0;
    for number in 101..=200_u64 {
        apply_as(&mut house, number).unwrap();
        let vouchers: Vec<u64> = (1..=20)
            .filter(|who| {
                let index = house.state.members.index(m(*who)).unwrap();
                house.state.vouches(index, house.state.time) < MOST_VOUCHES
            })
            .collect();
        let mut all = vouchers.into_iter().take(2);
        if let (Some(one), Some(other)) = (all.next(), all.next()) {
            answers(&mut house, one, number, true).unwrap();
            answers(&mut house, other, number, true).unwrap();
            brought += 1;
        } else {
            assert_eq!(no(answers(&mut house, 1, number, true)), "R175");
        }
    }
    assert_eq!(brought, 30);
    house.run(2);
    assert!((101..=130).all(|number| is_member(&house, number)) && !is_member(&house, 131));
    apply_as(&mut house, 301).unwrap();
    assert_eq!(no(answers(&mut house, 1, 301, true)), "R175", "those who came in count for a year");
    assert_eq!(no(answers(&mut house, 101, 301, true)), "R112", "and vouch for nobody yet");
}

#[test]
fn members_vote_for_fourteen_days() {
    let mut house = house(Door::Vote);
    for number in 11..=13 {
        apply_as(&mut house, number).unwrap();
    }
    house.admit(14..=14);
    assert_eq!(no(answers(&mut house, 14, 11, true)), "R112", "no member before the application, and no weight");
    for (member, yes) in [(2, true), (3, true), (4, false)] {
        answers(&mut house, member, 11, yes).unwrap();
    }
    for (member, yes) in [(2, true), (3, false)] {
        answers(&mut house, member, 12, yes).unwrap();
    }
    answers(&mut house, 4, 11, true).unwrap();
    answers(&mut house, 4, 11, false).unwrap();
    house.next();
    assert!(!is_member(&house, 11), "14 days are not over");
    assert_eq!(
        house.next(),
        [
            "application-accepted 1 workers #11",
            "member-admitted #11",
            "application-lapsed 2 workers #12",
            "application-lapsed 3 workers #13"
        ],
        "more yes than no; as many; nobody at all"
    );
}

#[test]
fn a_gift_that_is_large_enough_lets_its_giver_in() {
    let mut house = house(Door::Gift { minor: 1_000 });
    apply_as(&mut house, 11).unwrap();
    let small = house.support(11, "donation", 999, "2025-01-06");
    assert_eq!(no(by(&mut house, 1, &Act::RecordSupport(small))), "R176");
    assert!(house.state.members.index(m(11)).is_none(), "a refused record changes nothing");
    let other = house.support(11, "hours", 3_600, "2025-01-06");
    assert_eq!(no(house.submit(&Act::RecordSupport(other)).map(|_| Vec::new())), "R176", "hours are no gift");
    let gift = house.support(11, "donation", 1_000, "2025-01-06");
    assert_eq!(
        by(&mut house, 1, &Act::RecordSupport(gift)).unwrap(),
        ["application-accepted 1 workers #11", "member-admitted #11", "recorded"]
    );
    assert!(is_listed(&house, 11));
    let unasked = house.support(12, "donation", 1_000, "2025-01-06");
    assert_eq!(no(house.submit(&Act::RecordSupport(unasked)).map(|_| Vec::new())), "R006", "who has not asked");
}

#[test]
fn who_leaves_vouches_no_more() {
    let mut house = settled(Door::Vouched { members: 2 });
    apply_as(&mut house, 11).unwrap();
    answers(&mut house, 2, 11, true).unwrap();
    answers(&mut house, 3, 11, true).unwrap();
    house.leave(3);
    house.run(3);
    assert!(!is_member(&house, 11));
    assert_eq!(house.state.applications.of(m(11)).unwrap().yes.len(), 1);
}

#[test]
fn a_kernel_that_closes_the_door_ends_what_waits() {
    let mut house = house(Door::Request);
    apply_as(&mut house, 11).unwrap();
    house.rules_mut().kernel.classes[1].door = Door::Invitation;
    assert_eq!(house.next(), ["application-lapsed 1 workers #11"]);
}

/// A law: whatever is handed in, the state holds, nobody comes in uncounted, and the hash says whether anything waits.
#[test]
fn whatever_is_handed_in_every_application_is_one_thing() {
    for seed in 1..=tries().div_ceil(10) {
        let mut luck = Luck::new(seed);
        let doors = [Door::Vouched { members: 2 }, Door::Vote, Door::Request, Door::Gift { minor: 500 }];
        let mut house = house(doors[luck.below(4) as usize]);
        for _ in 0..60 {
            let (who, applicant) = (1 + luck.below(10), 50 + luck.below(6));
            let before = house.state.hash();
            let done = match luck.below(6) {
                0 => apply_as(&mut house, applicant),
                1 | 2 => answers(&mut house, who, applicant, luck.below(2) == 0),
                3 => refuses(&mut house, applicant, "not-known"),
                4 => by(
                    &mut house,
                    applicant,
                    &read("withdraw_application", &format!(r##"{{"member":"#{applicant}"}}"##)),
                ),
                _ => {
                    let gift = house.support(applicant, "donation", 400 + 200 * luck.below(2) as i64, "2025-01-07");
                    let context = Context::of(Actor::Operator, house.state.time);
                    apply(&mut house.state, &Act::RecordSupport(gift), &context)
                        .map(|_| Vec::new())
                        .map_err(crate::NotDone::refused)
                }
            };
            if done.is_err() {
                assert_eq!(house.state.hash(), before, "a refused act changes nothing");
            }
            house.state.check().unwrap();
            if luck.below(8) == 0 {
                house.next();
            }
        }
    }
}
