//! Power with care, and those who would use it without. Each test is a sentence of `docs/spec/powers.md`.

use charter::{Clause, ClauseKind, Constitution, Every, GivenPower, KeptBy, MoneyPer, Power};

use crate::act::{AgreeToAct, Deed, ProposeAct};
use crate::chamber::Layer;
use crate::edition::TWO;
use crate::power::MOST_PROPOSED;
use crate::tests::{Coop, Setup, at, bill, body, by, changing, m, office, ranking, read, rule};
use crate::{Act, Actor, Context, DecisionId, MemberIndex, Refusal, Rule};

mod lists;

const LIST: &str = "member-list";
const WHOLE: u32 = 1_000_000;

fn may(mut clause: Clause, names: &[&str]) -> Clause {
    let limit = |power| (power == Power::Spend).then_some(MoneyPer { amount_minor: 10_000, every: Every::Month });
    let given = names.iter().filter_map(|name| Power::parse(name));
    let given: Vec<GivenPower> =
        given.map(|power| GivenPower { limit: limit(power), ..GivenPower::plain(power) }).collect();
    match &mut clause.kind {
        ClauseKind::Office(office) => office.powers = given,
        ClauseKind::Body(body) => body.powers = given,
        _ => {}
    }
    clause
}

/// Members by number, all on the list that gives each a weight of 1, under edition 2; nothing is counted yet.
fn house_of(clauses: Vec<Clause>, members: u64) -> Coop {
    let mut house = Setup { classes: vec!["members [member-list]: 1"], ..Setup::new(clauses) }.found();
    house.state.editions.current = TWO;
    house.admit(1..=members);
    for member in 1..=members {
        house.list(LIST, member);
    }
    house
}

/// Twelve members whose votes keep 1, 2 and 3 on a council of three that settles in 14 days.
fn council() -> Coop {
    let mut house = house_of(vec![may(body("council", 3, 14), &["admit", "keep-list"])], 12);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    for member in 1..=12 {
        house.vote(member, "council", WHOLE, &[(1, WHOLE), (2, WHOLE), (3, WHOLE)]);
    }
    house.next();
    house
}

/// Ten members, of whom the first holds the only office, by his own vote and those of so many others.
fn secretary(clause: Clause, friends: std::ops::RangeInclusive<u64>) -> Coop {
    let mut house = house_of(vec![may(clause, &["admit", "keep-list"])], 10);
    house.enter(&[1, 9, 10], "secretary");
    house.seat(&[1], "secretary");
    for member in friends {
        house.vote(member, "secretary", WHOLE, &[(1, WHOLE)]);
    }
    house.next();
    house
}

fn admission(number: u64) -> Act {
    read("admit_member", &format!(r##"{{"member":"#{number}"}}"##))
}

fn adds(number: u64) -> Act {
    read("add_to_list", &format!(r##"{{"list":"{LIST}","member":"#{number}"}}"##))
}

fn strikes(number: u64) -> Act {
    read("remove_from_list", &format!(r##"{{"list":"{LIST}","member":"#{number}"}}"##))
}

fn takes_back(number: u64) -> Act {
    read("take_back_act", &format!(r#"{{"number":{number}}}"#))
}

fn propose(house: &mut Coop, member: u64, body: Option<&str>, act: &Act) -> Result<Vec<String>, Refusal> {
    let proposed = Deed::of(act).expect("a deed");
    let act = Act::ProposeAct(ProposeAct { member: m(member), body: body.map(str::to_owned), proposed });
    by(house, member, &act)
}

fn agree(house: &mut Coop, member: u64, number: u64, agree: bool) -> Result<Vec<String>, Refusal> {
    by(house, member, &Act::AgreeToAct(AgreeToAct { member: m(member), number, agree }))
}

/// Proposed by the first and agreed to by the second.
fn together(house: &mut Coop, members: [u64; 2], act: &Act) -> Vec<String> {
    propose(house, members[0], Some("council"), act).unwrap();
    let number = house.state.powers.proposed().last().unwrap().0;
    agree(house, members[1], number, true).unwrap()
}

fn on_list(house: &Coop) -> usize {
    house.state.members.list(LIST).unwrap().len()
}

fn count(told: &[String], what: &str) -> usize {
    told.iter().filter(|told| told.starts_with(what)).count()
}

#[test]
fn one_of_three_does_nothing_alone() {
    let mut house = council();
    assert_eq!(rule(by(&mut house, 1, &admission(101))), Rule::ActsTogether);
    assert_eq!(rule(by(&mut house, 1, &adds(1))), Rule::AlreadyOnList, "a lower number comes first");
    for friend in 101..=120 {
        let told = propose(&mut house, 1, Some("council"), &admission(friend)).unwrap();
        assert_eq!(told, [format!("act-proposed {} council admit_member #{friend}", friend - 100)]);
    }
    assert_eq!(MOST_PROPOSED, 20);
    assert_eq!(rule(propose(&mut house, 1, Some("council"), &admission(121))), Rule::TooMany);
    assert_eq!(rule(propose(&mut house, 2, Some("council"), &admission(101))), Rule::AlreadyWaits);
    assert_eq!(rule(propose(&mut house, 4, Some("council"), &admission(121))), Rule::NotAmongThem);
    assert_eq!(rule(agree(&mut house, 1, 1, true)), Rule::AlreadyAgreed);
    assert_eq!(rule(agree(&mut house, 2, 1, false)), Rule::NotAgreed);
    assert_eq!(rule(agree(&mut house, 4, 1, true)), Rule::NotAmongThem);
    assert_eq!(rule(agree(&mut house, 2, 99, true)), Rule::NothingWaits);
    assert_eq!(agree(&mut house, 1, 1, false).unwrap(), ["act-taken-back 1 council admit_member #101"]);
    // Thirty days later nothing waits any more, and nobody joined.
    let told = house.run_until("2025-02-05");
    assert_eq!(count(&told, "act-lapsed"), 0, "{told:?}");
    let told = house.run_until("2025-02-11");
    assert_eq!(count(&told, "act-lapsed"), 19, "{told:?}");
    assert_eq!(house.state.members.active_count(), 12);
    assert!(house.state.powers.is_idle());
}

#[test]
fn two_of_three_admit_and_list_sixty_friends_after_two_settling_times_each() {
    let mut house = council();
    for friend in 101..=160 {
        let told = together(&mut house, [1, 2], &admission(friend));
        let announced = format!("act-announced {} council admit_member #{friend} due", 2 * (friend - 100));
        assert!(told[0].starts_with(&announced), "{told:?}");
        assert_eq!(told[1], format!("act-done {} council admit_member #{friend}", 2 * (friend - 100) - 1));
    }
    assert_eq!(rule(propose(&mut house, 1, Some("council"), &admission(101))), Rule::AlreadyWaits);
    // Announced on 6 January, with a settling time of 14 days.
    assert_eq!(house.run_until("2025-02-02"), Vec::<String>::new());
    assert_eq!(house.state.members.active_count(), 12);
    let told = house.run_until("2025-02-03T02:00:00Z");
    assert_eq!(count(&told, "act-took-effect"), 60, "{told:?}");
    assert_eq!((house.state.members.active_count(), on_list(&house)), (72, 12));
    for friend in 101..=160 {
        together(&mut house, [1, 2], &adds(friend));
    }
    house.run_until("2025-03-03T00:00:00Z");
    assert_eq!(on_list(&house), 12, "eight weeks in all, and the members can be heard");
    house.run_until("2025-03-10T02:00:00Z");
    assert_eq!(on_list(&house), 72);
}

#[test]
fn what_a_body_announced_lapses_with_the_seats_of_those_who_agreed() {
    let mut house = council();
    for friend in 101..=160 {
        together(&mut house, [1, 2], &admission(friend));
    }
    let mut resigned = house.clone();
    let told = resigned.resign(3, "council");
    assert_eq!(count(&told, "act-lapsed"), 0, "3 had not agreed");
    let told = resigned.resign(2, "council");
    assert_eq!(count(&told, "act-lapsed"), 60);
    resigned.run_until("2025-03-03");
    assert_eq!(resigned.state.members.active_count(), 12);
    // Members displace one of the two: the seat changes hands at an update, and the sixty are not admitted.
    house.enter(&[12], "council");
    for member in 4..=12 {
        house.vote(member, "council", WHOLE, &[(1, WHOLE), (3, WHOLE), (12, WHOLE)]);
    }
    let mut told = Vec::new();
    while house.state.time < at("2025-03-31") && !house.holders("council").contains(&Some(12)) {
        told.extend(house.next());
    }
    assert!(house.holders("council").contains(&Some(12)), "{:?}", house.holders("council"));
    let lapsed = count(&told, "act-lapsed");
    assert_eq!((lapsed, house.state.members.active_count()), (60, 12), "{told:?}");
}

#[test]
fn a_body_takes_back_what_it_announced() {
    let mut house = council();
    together(&mut house, [1, 2], &strikes(5));
    assert_eq!(rule(by(&mut house, 3, &takes_back(2))), Rule::ActsTogether);
    assert_eq!(rule(propose(&mut house, 3, Some("council"), &takes_back(9))), Rule::NotAuthorised);
    assert_eq!(
        together(&mut house, [3, 2], &takes_back(2))[0],
        "act-taken-back 2 council remove_from_list member-list #5"
    );
    assert!(house.state.powers.is_idle());
    house.run_until("2025-03-03");
    assert_eq!(on_list(&house), 12);
}

#[test]
fn a_body_acts_by_so_many_seats_as_its_clause_says() {
    let mut clause = may(body("council", 3, 14), &["admit"]);
    if let ClauseKind::Body(body) = &mut clause.kind {
        body.acts_by = Some(3);
    }
    let mut house = house_of(vec![clause], 4);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    propose(&mut house, 1, Some("council"), &admission(9)).unwrap();
    assert_eq!(agree(&mut house, 2, 1, true).unwrap(), ["recorded"]);
    assert_eq!(agree(&mut house, 3, 1, true).unwrap()[1], "act-done 1 council admit_member #9");
}

#[test]
fn a_body_spends_together_and_within_its_limit_when_it_is_done() {
    let mut house = house_of(vec![may(body("council", 3, 14), &["spend", "close-issue"]), ranking("issues", 0, 0)], 4);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    let item = read("open_item", r#"{"decision":"issues","item":"7"}"#);
    assert_eq!(together(&mut house, [1, 3], &item), ["recorded", "act-done 1 council open_item"]);
    propose(&mut house, 1, Some("council"), &bill("a", 6_000)).unwrap();
    propose(&mut house, 2, Some("council"), &bill("b", 6_000)).unwrap();
    assert!(house.state.book.balances(None).is_empty(), "one seat spends nothing");
    assert_eq!(agree(&mut house, 3, 2, true).unwrap()[1], "act-done 2 council book_entry");
    assert_eq!(rule(agree(&mut house, 3, 3, true)), Rule::LimitExceeded);
    assert_eq!(house.state.spending_limits("council", house.state.time)[0].spent_minor, 6_000);
    // Those who show the book find it by the agreement.
    let agreement = |number| Act::AgreeToAct(AgreeToAct { member: m(3), number, agree: true });
    let shown = |number| {
        crate::book::booking(&house.state, &agreement(number), house.state.time).map(|entry| entry.moved_minor())
    };
    assert_eq!((shown(2), shown(3)), (Some(-6_000), None));
    // Refused, it goes on waiting: the next month has a limit of its own.
    for member in 1..=4 {
        house.vote(member, "council", WHOLE, &[(1, WHOLE), (2, WHOLE), (3, WHOLE)]);
    }
    house.run_until("2025-01-30");
    assert_eq!(rule(agree(&mut house, 3, 3, true)), Rule::LimitExceeded);
    let mut later = house.clone();
    later.state.time = at("2025-01-31T00:00:00Z");
    assert_eq!(rule(agree(&mut later, 3, 3, true)), Rule::NothingWaits, "30 days are over");
}

#[test]
fn a_maintainer_who_strikes_seven_opponents_is_replaced_by_them_first() {
    // Three hold the office, and seven want another: a lead of 4 of 10 settles in 35 days.
    let mut house = secretary(office("secretary", 14), 1..=3);
    for opponent in 4..=10 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    for opponent in 4..=10 {
        let told = by(&mut house, 1, &strikes(opponent)).unwrap();
        assert!(told[0].starts_with("act-announced"), "{told:?}");
    }
    assert_eq!(rule(by(&mut house, 1, &strikes(4))), Rule::AlreadyWaits);
    let told = house.run_until("2025-02-09");
    assert_eq!(told, Vec::<String>::new(), "due on 3 February, and held up by the one who is ahead");
    assert_eq!(on_list(&house), 10);
    let told = house.run_until("2025-02-12");
    assert_eq!(told[..2], ["candidate-left secretary #10", "seat-taken secretary #9 from #1"]);
    assert_eq!(count(&told, "act-lapsed"), 7, "take-overs come first: {told:?}");
    assert_eq!((house.holders("secretary"), on_list(&house)), (vec![Some(9)], 10));
}

#[test]
fn an_office_undisputed_admits_after_two_settling_times_and_takes_back_until_then() {
    let mut house = secretary(office("secretary", 14), 1..=10);
    by(&mut house, 1, &admission(11)).unwrap();
    by(&mut house, 1, &admission(12)).unwrap();
    assert_eq!(rule(by(&mut house, 2, &takes_back(1))), Rule::NotAuthorised);
    assert_eq!(by(&mut house, 1, &takes_back(1)).unwrap(), ["act-taken-back 1 secretary admit_member #11"]);
    assert_eq!(rule(by(&mut house, 1, &takes_back(1))), Rule::NothingWaits);
    assert_eq!(house.run_until("2025-02-03"), Vec::<String>::new());
    assert_eq!(house.run_until("2025-02-04"), ["act-took-effect 2 secretary admit_member #12"]);
    assert_eq!(house.state.members.active_count(), 11);
}

#[test]
fn a_late_secretary_admits_nobody() {
    // The challenger's bucket is full at the update of 10 February; the announcement of the day before comes to nothing.
    let mut house = secretary(office("secretary", 14), 1..=3);
    for opponent in 4..=10 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    house.run_until("2025-02-09");
    for friend in 101..=160 {
        by(&mut house, 1, &admission(friend)).unwrap();
    }
    let told = house.run_until("2025-02-10T02:00:00Z");
    assert_eq!((told[1].as_str(), count(&told, "act-lapsed")), ("seat-taken secretary #9 from #1", 60));
    house.run_until("2025-06-01");
    assert_eq!(house.state.members.active_count(), 10);
}

#[test]
fn a_challenger_ahead_by_an_eighth_holds_an_admission_up_for_eight_settling_times_at_most() {
    // The office changes hands once a month, so that its challenger can be held back.
    let monthly = || changing(office("secretary", 14), "monthly on 15 at 07:00");
    let mut house = secretary(monthly(), 1..=4);
    for opponent in 5..=9 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    by(&mut house, 1, &admission(11)).unwrap();
    house.run(1);
    // 5 against 4 of 10 is less than an eighth.
    assert_eq!(house.state.powers.announced_act(1).unwrap().held_up_by().count(), 0);
    let mut house = secretary(monthly(), 1..=4);
    for opponent in 5..=10 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    by(&mut house, 1, &admission(11)).unwrap();
    // A bucket that never fills keeps the challenger ahead and out of the seat.
    let (mut updates, mut told) = (0, Vec::new());
    while told.is_empty() && updates < 30 {
        for bucket in &mut house.seats_mut("secretary").buckets {
            *bucket = 0;
        }
        updates += u32::from(matches!(house.state.next_due(), crate::Due::Update(_)));
        told = house.run(1);
        told.retain(|told| !told.starts_with("candidate-left"));
    }
    // Announced on Monday, 6 January: 16 weeks are 112 days, eight times 14.
    assert_eq!(told, ["act-took-effect 1 secretary admit_member #11"]);
    assert_eq!(updates, 16);
    assert!(house.state.time >= at("2025-04-28"));
}

/// F8: an act that is announced a minute before an update can be stopped by those who read of it then.
#[test]
fn who_is_ahead_counts_from_a_whole_period_after_the_announcement_on() {
    let mut house = secretary(office("secretary", 28), 1..=4);
    house.run_until("2025-01-13T00:59:00Z");
    by(&mut house, 1, &admission(11)).unwrap();
    house.run(1);
    assert_eq!(house.state.powers.announced_act(1).unwrap().ahead, None, "nobody is ahead yet, and nobody is asked");
    for opponent in 5..=10 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    house.run(1);
    assert_eq!(house.state.powers.announced_act(1).unwrap().held_up_by().count(), 1);
    house.run_until("2025-03-20");
    assert!(house.state.powers.announced_act(1).is_some(), "56 days were over on 10 March");
}

/// F9: a challenger who takes a seat goes on counting; else the seat that opponents win would set the act free.
#[test]
fn a_seat_that_opponents_take_does_not_set_an_act_free() {
    let mut house = council();
    house.enter(&[4], "council");
    together(&mut house, [1, 2], &admission(101));
    for member in 1..=12 {
        let scores: &[(u64, u32)] = if member <= 4 { &[(1, WHOLE), (2, WHOLE), (3, WHOLE)] } else { &[(4, WHOLE)] };
        house.vote(member, "council", WHOLE, scores);
    }
    let told = house.run_until("2025-03-01");
    assert_eq!(count(&told, "seat-taken"), 1, "{told:?}");
    assert!(house.state.powers.announced().next().is_some(), "two of three who agreed still sit: {told:?}");
}

/// F31: a gift that votes for nobody makes no lead smaller.
#[test]
fn an_eighth_is_of_the_lesser_capacity() {
    let mut house = secretary(office("secretary", 14), 1..=4);
    for opponent in 5..=10 {
        house.vote(opponent, "secretary", WHOLE, &[(9, WHOLE)]);
    }
    by(&mut house, 1, &admission(101)).unwrap();
    for friend in 11..=30 {
        house.admit(friend..=friend);
        house.list(LIST, friend);
    }
    house.run(2);
    assert_eq!(house.decision("secretary").capacity, 30_000_000);
    assert_eq!(house.state.powers.announced_act(1).unwrap().held_up_by().count(), 1, "two of thirty, and of ten then");
}

#[test]
fn two_candidates_by_turns_hold_nothing_up() {
    let mut house = secretary(office("secretary", 14), 1..=2);
    by(&mut house, 1, &admission(11)).unwrap();
    let mut told = Vec::new();
    for turn in 0..4 {
        let ahead = if turn % 2 == 0 { 9 } else { 10 };
        for opponent in 5..=8 {
            house.vote(opponent, "secretary", WHOLE, &[(ahead, WHOLE)]);
        }
        told.extend(house.run(1));
    }
    assert_eq!(told, ["act-took-effect 1 secretary admit_member #11"]);
}

/// Half of five seats are filled: the members admit by more than half of their heads, until the council can act again.
#[test]
fn members_admit_where_no_more_than_half_of_the_seats_are_filled() {
    let mut house = house_of(vec![may(body("council", 5, 14), &["admit"]), office("chair", 28)], 5);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    assert_eq!(rule(propose(&mut house, 4, None, &admission(9))), Rule::NotAuthorised, "three of five are there");
    house.resign(3, "council");
    for member in 1..=2 {
        house.vote(member, "council", WHOLE, &[(1, WHOLE), (2, WHOLE)]);
    }
    let founder = read("admit_member", r##"{"member":"#9","founder":true}"##);
    assert_eq!(rule(propose(&mut house, 4, None, &founder)), Rule::NotAuthorised);
    let told = propose(&mut house, 4, None, &admission(9)).unwrap();
    assert_eq!(told, ["act-proposed 1 members admit_member #9"]);
    propose(&mut house, 4, None, &admission(10)).unwrap();
    assert_eq!(agree(&mut house, 5, 1, true).unwrap(), ["recorded"]);
    let mut filled = house.clone();
    let told = agree(&mut house, 3, 1, true).unwrap();
    // The chair settles most slowly of all that newcomers vote on, in 28 days.
    assert_eq!(told[0], "act-announced 3 members admit_member #9 due 2025-02-26T00:00:00Z");
    house.run_until("2025-02-26");
    assert_eq!(house.state.members.active_count(), 5);
    let told = house.run_until("2025-03-04");
    assert_eq!(told.last().unwrap(), "act-took-effect 3 members admit_member #9");
    assert_eq!(house.state.members.active_count(), 6);
    // In the founding period a founder does this.
    let mut founded = house_of(vec![may(body("council", 5, 14), &["admit"])], 3);
    founded.rules_mut().kernel.founders_hold_powers = true;
    propose(&mut founded.clone(), 2, None, &admission(9)).unwrap();
    founded.state.founders.add(MemberIndex(0));
    assert_eq!(rule(propose(&mut founded, 2, None, &admission(9))), Rule::NotAuthorised);
    // With three seats filled, it is the council's again: what members have proposed is not done any more.
    filled.seat(&[1, 2, 3], "council");
    assert_eq!(rule(agree(&mut filled, 3, 1, true)), Rule::NotAuthorised);
}

/// An outcome names those who agreed, as it was then: the list has nobody on it by now, or somebody.
#[test]
fn an_outcome_names_those_who_agreed() {
    let mut house = house_of(vec![office("chair", 14)], 1);
    house.rules_mut().kernel.classes[0].kept_by = KeptBy::Members;
    house.admit(2..=3);
    let told = propose(&mut house, 1, None, &strikes(1)).unwrap();
    assert_eq!(told[0], "act-proposed 1 list member-list remove_from_list member-list #1");
    let told = house.run_until("2025-02-05");
    assert_eq!(told, ["act-took-effect 2 list member-list remove_from_list member-list #1"]);
    assert_eq!(on_list(&house), 0);
    // And the other way round: members put somebody on the empty list, and the desk comes first with another.
    propose(&mut house, 2, None, &adds(2)).unwrap();
    let number = house.state.powers.proposed().last().unwrap().0;
    agree(&mut house, 3, number, true).unwrap();
    house.list(LIST, 3);
    let told = house.run_until("2025-03-12");
    assert_eq!(told, ["act-took-effect 4 members add_to_list member-list #2"]);
    assert_eq!(on_list(&house), 2);
}

/// A proposed act that takes another one back is over with it.
#[test]
fn nobody_waits_to_take_back_what_has_taken_effect() {
    let mut house = house_of(vec![office("clerk", 7)], 5);
    house.rules_mut().kernel.classes[0].kept_by = KeptBy::Members;
    propose(&mut house, 1, None, &strikes(5)).unwrap();
    agree(&mut house, 2, 1, true).unwrap();
    agree(&mut house, 3, 1, true).unwrap();
    propose(&mut house, 4, None, &takes_back(2)).unwrap();
    let told = house.run_until("2025-01-21");
    let both = [
        "act-took-effect 2 list member-list remove_from_list member-list #5",
        "act-lapsed 3 list member-list take_back_act",
    ];
    assert_eq!(told, both);
    assert!(house.state.powers.is_idle());
}

#[test]
fn an_office_above_takes_back_what_one_further_down_announced() {
    let mut house = house_of(vec![may(office("chair", 14), &["admit"]), may(office("clerk", 14), &["admit"])], 3);
    house.enter(&[1], "chair");
    house.seat(&[1], "chair");
    house.enter(&[2], "clerk");
    house.seat(&[2], "clerk");
    by(&mut house, 2, &admission(11)).unwrap();
    assert_eq!(rule(by(&mut house, 1, &takes_back(1))), Rule::NotAuthorised, "beside it, not above");
    // The clerk's office becomes one of a group inside.
    let place = house.state.decision_place("clerk").unwrap();
    house.state.decisions[place].name = "docs/clerk".to_owned();
    house.state.decisions[place].layer = Layer::Of(DecisionId(1));
    house.state.index_anew();
    let context = Context::of(Actor::Member(m(1)), house.state.time);
    assert_eq!(house.state.authority(&takes_back(1), &context).as_deref(), Some("office chair"));
}

#[test]
fn what_can_no_longer_be_done_lapses_when_its_time_comes() {
    let mut house = secretary(office("secretary", 14), 1..=10);
    by(&mut house, 1, &strikes(8)).unwrap();
    by(&mut house, 1, &strikes(9)).unwrap();
    house.act(strikes(8));
    house.leave(9);
    let told = house.run_until("2025-02-04");
    assert_eq!(count(&told, "act-lapsed"), 2, "{told:?}");
    assert!(house.state.powers.is_idle());
}

#[test]
fn the_hash_covers_what_waits() {
    let mut house = council();
    let mut hashes = vec![house.state.hash()];
    propose(&mut house, 1, Some("council"), &admission(101)).unwrap();
    hashes.push(house.state.hash());
    agree(&mut house, 2, 1, true).unwrap();
    hashes.push(house.state.hash());
    together(&mut house, [1, 2], &takes_back(2));
    hashes.push(house.state.hash());
    house.run(1);
    hashes.push(house.state.hash());
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 5);
}
