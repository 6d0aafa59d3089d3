//! Notices and pauses. Each test is a sentence of `docs/spec/register.md`, *Leaving* and *Pauses*.

use charter::{Ends, Leaving};
use quantity::{Span, Zone};

use super::last_day;
use crate::edition::{FIVE, FOUR};
use crate::tests::{Coop, Luck, ONE, Setup, at, by, m, office, read, rule, tries};
use crate::{Act, Actor, Context, MemberIndex, Refusal, Rule};

const WHOLE: Leaving = Leaving { notice: days(30), ends: Ends::Month, pause: days(60) };

const fn days(days: u64) -> Option<Span> {
    Some(Span::from_seconds(days * 86_400))
}

/// Five members with ten dollars each, of whom the first holds an office, and one is a worker; in Berlin.
fn house(leaving: Leaving) -> Coop {
    let classes = vec!["patrons: donated(ever) / 1 USD", "workers [worker-list]: 3"];
    let setup = Setup { edition: FIVE, classes, zone: "Europe/Berlin", ..Setup::new(vec![office("secretary", 14)]) };
    let mut house = setup.found().with_weights(&[10; 5]);
    house.list("worker-list", 2);
    house.rules_mut().kernel.leaving = leaving;
    house.enter(&[1], "secretary");
    house.seat(&[1], "secretary");
    house.next();
    house
}

fn no(done: Result<Vec<String>, Refusal>) -> &'static str {
    rule(done).number()
}

fn acts(house: &mut Coop, kind: &str, member: u64) -> Result<Vec<String>, Refusal> {
    by(house, member, &read(kind, &format!(r##"{{"member":"#{member}"}}"##)))
}

fn index(house: &Coop, member: u64) -> MemberIndex {
    house.state.members.index(m(member)).unwrap()
}

fn is_member(house: &Coop, member: u64) -> bool {
    house.state.members.is_active(index(house, member))
}

fn weights(house: &Coop) -> Vec<u64> {
    house.weights().iter().map(|weight| weight / ONE).collect()
}

#[test]
fn without_a_word_of_the_kernel_members_leave_at_once() {
    let mut house = house(Leaving::USUAL);
    assert_eq!(acts(&mut house, "end_membership", 3).unwrap(), ["recorded"]);
    assert!(!is_member(&house, 3));
    assert_eq!(no(acts(&mut house, "pause_membership", 4)), "R178");
}

#[test]
fn a_notice_ends_the_membership_with_the_last_moment_of_its_day() {
    let mut house = house(WHOLE);
    assert_eq!(acts(&mut house, "end_membership", 1).unwrap(), ["notice-received #1 last-day 2025-02-28"]);
    assert_eq!(no(acts(&mut house, "end_membership", 1)), "R177");
    house.run_until("2025-02-24");
    assert!(is_member(&house, 1), "until then nothing changes");
    assert_eq!((weights(&house), house.holders("secretary")), (vec![10, 13, 10, 10, 10], vec![Some(1)]));
    let notice = *house.state.leavings.notice(index(&house, 1)).unwrap();
    assert_eq!(notice.ends, at("2025-02-28T22:59:59.999999Z"), "of the co-op's zone");
    // On 28 February they still act; on 1 March, before any update, they do not.
    let vote = read("cast_ballot", r##"{"member":"#1","decision":"secretary","share_ppm":9,"scores":{"#1":1000000}}"##);
    let on = |house: &mut Coop, time: &str| {
        let context = Context::of(Actor::Member(m(1)), at(time));
        crate::apply(&mut house.state, &vote, &context).map(|_| Vec::new()).map_err(crate::NotDone::refused)
    };
    on(&mut house, "2025-02-28T22:00:00Z").unwrap();
    assert_eq!(no(on(&mut house, "2025-02-28T23:00:00Z")), "R007");
    let told = house.next();
    assert_eq!(told[0], "membership-ended #1 last-day 2025-02-28", "{told:?}");
    assert!(told.contains(&"seat-vacated secretary from #1".to_owned()), "{told:?}");
    assert_eq!(weights(&house), [0, 13, 10, 10, 10], "and it was not counted");
    assert_eq!(house.state.members.ended(index(&house, 1)), Some(notice.ends));
    assert!(house.state.leavings.notice(index(&house, 1)).is_none());
}

#[test]
fn days_are_those_of_the_calendar() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    for (given, notice, ends, wanted) in [
        ("2025-12-31T22:30:00Z", None, Ends::AnyDay, "2025-12-31"),
        ("2025-12-31T23:30:00Z", None, Ends::Year, "2026-12-31"),
        ("2025-03-01T12:00:00Z", days(30), Ends::AnyDay, "2025-03-31"),
        ("2025-03-29T23:30:00Z", days(1), Ends::AnyDay, "2025-03-31"),
        ("2025-10-25T22:30:00Z", days(1), Ends::AnyDay, "2025-10-27"),
        ("2024-02-01T12:00:00Z", None, Ends::Month, "2024-02-29"),
        ("2025-05-31T12:00:00Z", days(1), Ends::Quarter, "2025-06-30"),
        ("2025-10-02T12:00:00Z", days(90), Ends::Year, "2025-12-31"),
        ("2025-10-03T12:00:00Z", days(90), Ends::Year, "2026-12-31"),
    ] {
        assert_eq!(last_day(at(given), notice, ends, &berlin).to_string(), wanted, "{given}");
    }
}

#[test]
fn a_membership_rests_and_goes_on() {
    let mut house = house(WHOLE);
    assert_eq!(acts(&mut house, "pause_membership", 2).unwrap(), ["membership-paused #2"]);
    house.vote(3, "secretary", 500_000, &[(1, 1_000_000)]);
    assert_eq!(rule(acts(&mut house, "pause_membership", 2)), Rule::MembershipRests);
    let vote = read("cast_ballot", r##"{"member":"#2","decision":"secretary","share_ppm":9,"scores":{"#1":1000000}}"##);
    assert_eq!(no(by(&mut house, 2, &vote)), "R179");
    let list = read("add_to_list", r##"{"list":"worker-list","member":"#2"}"##);
    assert_eq!(no(house.submit(&list).map(|_| Vec::new())), "R179", "a list takes nobody who rests");
    house.next();
    assert_eq!(weights(&house), [10, 0, 10, 10, 10]);
    assert_eq!(acts(&mut house, "resume_membership", 2).unwrap(), ["membership-resumed #2"]);
    assert_eq!(no(acts(&mut house, "resume_membership", 2)), "R181");
    house.next();
    assert_eq!(weights(&house), [10, 13, 10, 10, 10], "on the list again, and with all weight");
    assert_eq!(no(acts(&mut house, "pause_membership", 2)), "R180", "one pause in 365 days");
}

#[test]
fn a_pause_vacates_seats_keeps_ballots_and_ends_by_itself() {
    let mut house = house(WHOLE);
    house.vote(1, "secretary", 500_000, &[(1, 1_000_000)]);
    let told = acts(&mut house, "pause_membership", 1).unwrap();
    assert_eq!(told, ["membership-paused #1", "seat-vacated secretary from #1"]);
    let ballots = house.state.members.placed_ppm(index(&house, 1));
    let told = house.run_until("2025-03-17");
    assert!(told.contains(&"membership-resumed #1".to_owned()), "60 days later: {told:?}");
    assert_eq!(weights(&house), [10, 13, 10, 10, 10]);
    assert_eq!(house.state.members.placed_ppm(index(&house, 1)), ballots);
}

#[test]
fn who_rests_can_leave_and_be_taken_off_a_list() {
    let mut house = house(WHOLE);
    acts(&mut house, "pause_membership", 2).unwrap();
    let strike = read("remove_from_list", r##"{"list":"worker-list","member":"#2"}"##);
    house.submit(&strike).unwrap();
    assert_eq!(no(house.submit(&strike).map(|_| Vec::new())), "R011");
    acts(&mut house, "resume_membership", 2).unwrap();
    house.next();
    assert_eq!(weights(&house)[1], 10, "not on the list any more");
    acts(&mut house, "pause_membership", 3).unwrap();
    assert_eq!(acts(&mut house, "end_membership", 3).unwrap(), ["notice-received #3 last-day 2025-02-28"]);
    house.run_until("2025-03-03");
    assert!(!is_member(&house, 3) && !house.state.members.rests(index(&house, 3)));
}

#[test]
fn earlier_editions_know_no_pause_and_no_notice() {
    let mut house = Setup { edition: FOUR, ..Setup::new(Vec::new()) }.found();
    house.admit(1..=1);
    house.rules_mut().kernel.leaving = WHOLE;
    assert_eq!(no(acts(&mut house, "pause_membership", 1)), "R075");
    assert_eq!(no(acts(&mut house, "resume_membership", 1)), "R075");
    assert_eq!(acts(&mut house, "end_membership", 1).unwrap(), ["recorded"]);
}

/// A law: whatever members do, the state holds, and all weight of those who take part is as in a co-op where nobody ever rested.
#[test]
fn a_pause_changes_nobody_elses_weight_and_no_later_one() {
    for seed in 1..=tries().div_ceil(20) {
        let mut luck = Luck::new(seed);
        let (mut one, mut other) = (house(WHOLE), house(WHOLE));
        for _ in 0..12 {
            let who = 1 + luck.below(5);
            match luck.below(4) {
                0 => drop(acts(&mut one, "pause_membership", who)),
                1 => drop(acts(&mut one, "resume_membership", who)),
                2 => {
                    let on = "2025-01-02";
                    let amount = 100 * (1 + i64::try_from(luck.below(9)).unwrap());
                    one.give(who, "donation", amount, on);
                    other.give(who, "donation", amount, on);
                }
                _ => {
                    one.next();
                    other.next();
                    for (place, (own, whole)) in one.weights().iter().zip(other.weights()).enumerate() {
                        let rests = one.state.members.rests(MemberIndex::at(place));
                        assert_eq!(*own, if rests { 0 } else { *whole }, "seed {seed}");
                    }
                }
            }
            one.state.check().unwrap();
        }
    }
}

#[test]
fn an_act_of_a_pause_is_one_of_ones_own() {
    let mut house = house(WHOLE);
    let act = read("pause_membership", r##"{"member":"#2"}"##);
    assert!(matches!(act, Act::PauseMembership(_)));
    assert_eq!(no(by(&mut house, 3, &act)), "R001", "nobody rests for another");
}
