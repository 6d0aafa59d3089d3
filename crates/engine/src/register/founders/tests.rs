//! The founding period, and those who would stay in it. Each test is a sentence of `docs/spec/powers.md`.

use charter::{Clause, ClauseKind, Every, GivenPower, MoneyPer, Power};

use crate::act::AdmitMember;
use crate::edition::{ONE as FIRST, THREE, TWO};
use crate::tests::{Coop, Setup, bill, body, changing, m, office, ranking, read};
use crate::{Act, Actor, Context, MemberIndex, NotDone, Rule, apply};

fn may(mut clause: Clause, names: &[&str]) -> Clause {
    let limit = |power| (power == Power::Spend).then_some(MoneyPer { amount_minor: 10_000, every: Every::Month });
    let given = names
        .iter()
        .filter_map(|name| Power::parse(name))
        .map(|power| GivenPower { limit: limit(power), ..GivenPower::plain(power) });
    let given: Vec<GivenPower> = given.collect();
    match &mut clause.kind {
        ClauseKind::Office(office) => office.powers = given,
        ClauseKind::Body(body) => body.powers = given,
        _ => {}
    }
    clause
}

/// Five powers on four clauses, a founder, who is member 1, and the block in the kernel.
fn house() -> Coop {
    house_of(vec![
        may(office("registrar", 14), &["admit"]),
        may(office("secretary", 14), &["keep-list", "merge"]),
        may(body("board", 2, 14), &["spend"]),
        may(office("maintainer", 14), &["close-issue"]),
        ranking("issues", 0, 0),
    ])
}

fn house_of(clauses: Vec<Clause>) -> Coop {
    let mut house = Setup { classes: vec!["contributors [contributor-list]: 1"], ..Setup::new(clauses) }.found();
    house.state.editions.current = TWO;
    house.rules_mut().kernel.founders_hold_powers = true;
    house.act(admission(1, true));
    house
}

fn admission(number: u64, founder: bool) -> Act {
    Act::AdmitMember(AdmitMember { member: m(number), organisation: false, founder, joined_on: None, left_on: None })
}

fn adds(number: u64) -> Act {
    read("add_to_list", &format!(r#"{{"list":"contributor-list","member":"{}"}}"#, m(number)))
}

/// Hands in, and tells by what right, or the refusal; a refused act has changed nothing.
fn by(house: &mut Coop, actor: Actor, act: &Act) -> Result<String, Rule> {
    let context = Context::of(actor, house.state.time);
    let right = house.state.authority(act, &context);
    let before = house.state.hash();
    match apply(&mut house.state, act, &context).map_err(NotDone::refused) {
        Ok(_) => Ok(right.expect("accepted, so somebody's right").into_owned()),
        Err(no) => {
            assert_eq!(house.state.hash(), before, "{no}");
            Err(no.rule)
        }
    }
}

fn by_member(house: &mut Coop, member: u64, act: &Act) -> Result<String, Rule> {
    by(house, Actor::Member(m(member)), act)
}

/// A member stands, is seated at once, and an update sees it.
fn seat(house: &mut Coop, member: u64, decision: &str) {
    house.enter(&[member], decision);
    house.seat(&[member], decision);
    house.next();
}

const NO: Result<String, Rule> = Err(Rule::NotAuthorised);

fn founder_of(path: &str) -> Result<String, Rule> {
    Ok(format!("founder {path}"))
}

#[test]
fn the_operator_alone_admits_founders_from_edition_2_on() {
    let mut house = house();
    for actor in [Actor::Member(m(1)), Actor::Bridge, Actor::Demonstration] {
        assert_eq!(by(&mut house, actor, &admission(2, true)), NO, "{actor:?}");
    }
    assert_eq!(by(&mut house, Actor::Operator, &admission(2, true)), Ok("operator".to_owned()));
    assert_eq!(house.state.founders().count(), 2);
    let mut before = Setup::new(Vec::new()).found();
    assert_eq!(before.state.editions.current, FIRST);
    assert_eq!(by(&mut before, Actor::Operator, &admission(1, true)), Err(Rule::ActOfLaterEdition));
    assert_eq!(by(&mut before, Actor::Operator, &admission(1, false)), Ok("operator".to_owned()));
}

#[test]
fn a_founder_has_the_powers_of_vacant_offices_and_bodies() {
    let mut house = house();
    assert_eq!(by_member(&mut house, 1, &admission(2, false)), founder_of("registrar"));
    assert_eq!(by_member(&mut house, 1, &adds(2)), founder_of("secretary"));
    assert_eq!(by_member(&mut house, 1, &bill("a", 1)), founder_of("board"));
    let item = read("open_item", r#"{"decision":"issues","item":"i"}"#);
    assert_eq!(by_member(&mut house, 1, &item), founder_of("maintainer"));
    for act in [admission(3, false), adds(1), bill("b", 1)] {
        assert_eq!(by_member(&mut house, 2, &act), NO, "{act:?} by somebody who founded nothing");
    }
    let support = read(
        "record_support",
        r##"{"member":"#1","kind":"donation","amount":{"amount":1,"currency":"USD"},"given_at":"2025-01-01","source":"s"}"##,
    );
    assert_eq!(by_member(&mut house, 1, &support), NO, "no clause gives that");
    house.rules_mut().kernel.founders_hold_powers = false;
    assert_eq!(by_member(&mut house, 1, &admission(3, false)), NO, "without the block nothing is added");
}

#[test]
fn an_office_of_ones_own_comes_first() {
    let mut house =
        house_of(vec![may(office("first", 14), &["keep-list"]), may(office("second", 14), &["keep-list", "merge"])]);
    assert_eq!(by_member(&mut house, 1, &adds(1)), founder_of("first"));
    seat(&mut house, 1, "second");
    let off = read("remove_from_list", r##"{"list":"contributor-list","member":"#1"}"##);
    assert_eq!(by_member(&mut house, 1, &off), Ok("office second".to_owned()));
}

#[test]
fn an_office_that_somebody_holds_is_theirs_alone() {
    let mut house = house();
    house.admit(2..=3);
    seat(&mut house, 2, "secretary");
    assert_eq!(by_member(&mut house, 1, &adds(3)), NO);
    assert_eq!(by_member(&mut house, 2, &adds(3)), Ok("office secretary".to_owned()));
    house.enter(&[3], "board");
    house.seat(&[3], "board");
    assert_eq!(by_member(&mut house, 1, &bill("a", 1)), NO, "one of two seats is held");
    assert_eq!(by_member(&mut house, 1, &admission(4, false)), founder_of("registrar"));
    house.resign(2, "secretary");
    assert_eq!(by_member(&mut house, 1, &adds(1)), founder_of("secretary"), "the period still lasts");
}

#[test]
fn the_first_holder_of_admit_ends_it_for_good() {
    let mut house = house();
    house.admit(2..=2);
    assert!(house.state.founding_lasts());
    seat(&mut house, 2, "registrar");
    assert!(!house.state.founding_lasts() && house.state.founders.is_over());
    house.resign(2, "registrar");
    house.next();
    for act in [admission(3, false), adds(2), bill("a", 1)] {
        assert_eq!(by_member(&mut house, 1, &act), NO, "{act:?}: the seat is vacant again, and nothing comes back");
    }
    assert_eq!(by(&mut house, Actor::Operator, &admission(3, true)), Err(Rule::FoundingOver));
    assert_eq!(
        by(&mut house, Actor::Operator, &admission(2, true)),
        Err(Rule::AlreadyMember),
        "the lower number first"
    );
    assert_eq!(by(&mut house, Actor::Operator, &admission(3, false)), Ok("operator".to_owned()));
}

#[test]
fn a_seat_taken_at_a_change_time_ends_it_too() {
    let mut house = house_of(vec![changing(may(office("registrar", 14), &["admit"]), "wednesday 07:00")]);
    house.admit(2..=2);
    house.list("contributor-list", 2);
    house.enter(&[2], "registrar");
    house.vote(2, "registrar", 1_000_000, &[(2, 1_000_000)]);
    let mut outcomes = house.next();
    while house.decision("registrar").seated().next().is_none() {
        assert!(house.state.founding_lasts(), "{outcomes:?}");
        outcomes = house.next();
    }
    assert!(house.state.time.to_string().ends_with("07:00:00Z"), "{}", house.state.time);
    assert!(house.state.founders.is_over(), "{outcomes:?}");
}

/// Somebody was seated under edition 1, and the kernel gets the block later.
#[test]
fn a_block_that_comes_after_the_first_holder_gives_nothing() {
    let mut house = house();
    house.rules_mut().kernel.founders_hold_powers = false;
    house.state.editions.current = FIRST;
    house.admit(2..=2);
    seat(&mut house, 2, "registrar");
    house.leave(2);
    house.state.editions.current = TWO;
    house.rules_mut().kernel.founders_hold_powers = true;
    assert_eq!(by_member(&mut house, 1, &adds(1)), NO);
}

#[test]
fn a_founder_who_leaves_takes_the_powers_along() {
    let mut house = house();
    house.act(admission(2, true));
    house.leave(1);
    assert_eq!(by_member(&mut house, 1, &adds(2)), NO);
    assert_eq!(by_member(&mut house, 2, &adds(2)), founder_of("secretary"));
    house.leave(2);
    assert_eq!(by_member(&mut house, 2, &admission(3, false)), NO);
    assert_eq!(house.state.founders().count(), 0);
    assert_eq!(by(&mut house, Actor::Operator, &admission(1, true)), Err(Rule::AlreadyMember), "nobody comes back");
}

#[test]
fn sixty_friends_of_a_founder_are_members_like_others() {
    let mut house = house();
    for friend in 2..=61 {
        assert_eq!(by_member(&mut house, 1, &admission(friend, false)), founder_of("registrar"));
        assert_eq!(by_member(&mut house, 1, &adds(friend)), founder_of("secretary"));
    }
    for friend in 2..=61 {
        assert_eq!(by_member(&mut house, friend, &admission(99, false)), NO);
    }
    assert_eq!(house.state.founders().count(), 1);
}

#[test]
fn founders_against_each_other_take_off_lists_and_nothing_more() {
    let mut house = house();
    house.act(admission(2, true));
    for (founder, other) in [(1, 2), (2, 1)] {
        assert_eq!(by_member(&mut house, founder, &adds(other)), founder_of("secretary"));
    }
    let of = |kind: &str, other: u64| match kind {
        "remove_from_list" => read(kind, &format!(r#"{{"list":"contributor-list","member":"{}"}}"#, m(other))),
        "end_membership" => read(kind, &format!(r#"{{"member":"{}"}}"#, m(other))),
        other => panic!("{other}"),
    };
    assert_eq!(by_member(&mut house, 1, &of("remove_from_list", 2)), founder_of("secretary"));
    assert_eq!(by_member(&mut house, 1, &of("end_membership", 2)), NO);
    assert_eq!(by_member(&mut house, 2, &adds(2)), founder_of("secretary"), "and is on it again at once");
    // One limit binds both together: 100.00 a month at the body that nobody sits on.
    assert_eq!(by_member(&mut house, 1, &bill("a", 7_000)), founder_of("board"));
    assert_eq!(by_member(&mut house, 2, &bill("b", 3_001)), Err(Rule::LimitExceeded));
    assert_eq!(by_member(&mut house, 2, &bill("b", 3_000)), founder_of("board"));
    let limits = house.state.spending_limits("board", house.state.time);
    assert_eq!(limits.iter().map(|one| (one.spent_minor, one.left_minor())).collect::<Vec<_>>(), [(10_000, 0)]);
    // Those who are seated go on from the sum of the founders.
    house.admit(3..=3);
    house.enter(&[3], "board");
    house.seat(&[3], "board");
    assert_eq!(by_member(&mut house, 3, &bill("c", 1)), Err(Rule::LimitExceeded));
}

/// How many weekly updates it takes until member 2 is seated, where so many support and oppose them with all their weight, and
/// the rest of so many members of one weight is idle; 200 for never. The rules settle in 14 days.
fn weeks_until_seated(members: u64, supporting: u64, opposing: u64) -> usize {
    let mut house = house();
    for number in 2..=members + 1 {
        house.act(admission(number, false));
        house.list("contributor-list", number);
    }
    house.enter(&[2], "registrar");
    for supporter in 2..2 + supporting {
        house.vote(supporter, "registrar", 1_000_000, &[(2, 1_000_000)]);
    }
    for friend in 2 + supporting..2 + supporting + opposing {
        house.oppose(friend, "registrar", 1_000_000, &[(2, 1_000_000)]);
    }
    let mut updates = 0;
    while house.state.founding_lasts() && updates < 200 {
        house.next();
        updates += 1;
    }
    updates
}

/// A founder who only waits does not keep the office vacant; friends who have weight and vote against can, as they could in
/// any co-op in which they are the more.
#[test]
fn a_vacant_office_is_taken_against_a_founder_who_only_waits() {
    let cases = [(3, 1, 0), (10, 1, 0), (61, 1, 0), (61, 1, 1), (61, 2, 1)];
    let weeks = cases.map(|(members, supporting, opposing)| weeks_until_seated(members, supporting, opposing));
    assert_eq!(weeks, [6, 20, 122, 200, 122]);
}

/// Three founders under edition 3, who weigh 1 each as such; members weigh what they gave, in two classes.
fn weighty() -> Coop {
    let setup = Setup {
        edition: THREE,
        classes: vec!["patrons: donated(ever) / 1 USD", "buyers: purchased(ever) / 1 USD"],
        ..Setup::new(vec![may(office("registrar", 14), &["admit"])])
    };
    let mut house = setup.found();
    house.rules_mut().kernel.founding_weight_micro = ONE;
    for founder in 1..=3 {
        house.act(admission(founder, true));
    }
    house
}

const ONE: u64 = 1_000_000;

#[test]
fn founders_weigh_something_before_anybody_gives() {
    let mut house = weighty();
    house.act(admission(4, false));
    house.next();
    assert_eq!(house.state.weights.member, [ONE, ONE, ONE, 0]);
    for class in &house.state.weights.classes {
        assert_eq!(*class.weight, [500_000, 500_000, 500_000, 0], "evenly over the classes, so in each electorate");
        assert_eq!((*class.scaled).clone(), [0; 4], "formulas that read a class read what was given");
    }
    assert_eq!(house.state.weights.as_founder(MemberIndex(0)), ONE);
    house.state.weights.check(4).unwrap();
    // The first cent of one takes nobody's say away, and what a founder gives counts first.
    house.give(4, "donation", 1, "2025-01-01");
    house.give(2, "purchase", 30, "2025-01-01");
    house.next();
    assert_eq!(house.state.weights.member, [ONE, ONE, ONE, 10_000]);
    assert_eq!([0, 1].map(|class: usize| house.state.weights.classes[class].weight[1]), [350_000, 650_000]);
    house.leave(1);
    house.next();
    assert_eq!(house.state.weights.member[0], 0, "nobody who left has any");
}

#[test]
fn founders_weight_changes_nobody_elses_under_a_cap() {
    let [mut with, mut without] = [weighty(), weighty()];
    without.rules_mut().kernel.founding_weight_micro = 0;
    for house in [&mut with, &mut without] {
        house.rules_mut().kernel.cap_ppm = Some(200_000);
        house.act(admission(4, false));
        house.act(admission(5, false));
        house.run(2);
        house.give(4, "donation", 1_000, "2025-01-01");
        house.next();
        house.give(5, "donation", 125, "2025-01-01");
        house.next();
    }
    assert_eq!(with.state.weights.member, [ONE, ONE, ONE, ONE, 125_000]);
    assert_eq!(
        without.state.weights.member,
        [0, 0, 0, ONE, 125_000],
        "who gave first is of standing, and the other new"
    );
}

#[test]
fn it_ends_with_the_second_update_after_the_support_of_two() {
    let mut house = weighty();
    house.act(admission(4, false));
    house.next();
    house.give(4, "donation", 100, "2025-01-01");
    house.run(3);
    assert_eq!(house.state.weights.member, [ONE; 4], "one member's support ends nothing");
    let source = house.give(1, "donation", 5_000, "2025-01-01");
    house.next();
    let ends = house.state.founding_weight_ends().unwrap();
    house.next();
    assert_eq!(house.state.weights.member, [50 * ONE, ONE, ONE, ONE], "one update after the first");
    assert!(house.state.founding_weight_lasts());
    house.next();
    assert_eq!((house.state.weights.member.as_slice(), house.state.time), (&[50 * ONE, 0, 0, ONE][..], ends));
    assert_eq!(house.state.weights.founding, None);
    assert!(!house.state.founding_weight_lasts() && house.state.founding_weight_ends().is_none());
    house.take_back(&source, None, &house.state.time.to_string());
    house.run(4);
    assert_eq!(house.state.weights.member, [0, 0, 0, ONE], "for good");
}

#[test]
fn support_that_goes_again_ends_nothing() {
    let mut house = weighty();
    house.next();
    house.give(1, "donation", 100, "2025-01-01");
    let source = house.give(2, "donation", 100, "2025-01-01");
    house.run(2);
    house.take_back(&source, None, &house.state.time.to_string());
    house.next();
    house.give(2, "donation", 100, "2025-01-01");
    house.run(2);
    assert!(house.state.founding_weight_lasts(), "two and two, with one update between them");
    house.next();
    assert!(!house.state.founding_weight_lasts());
}

/// An adversary who founds, and lets nobody give: 180 days, and not a day more.
#[test]
fn nobody_keeps_it_open_for_longer_than_half_a_year() {
    let mut house = weighty();
    house.act(admission(4, false));
    house.give(4, "donation", 50, "2025-01-01");
    house.next();
    let ends = house.state.founding_weight_ends().unwrap();
    while house.state.founding_weight_lasts() {
        house.next();
    }
    // 180 days after 1 January are 30 June, which is a Monday; updates are on Mondays at 01:00.
    assert_eq!((house.state.time.to_string().as_str(), house.state.time), ("2025-06-30T01:00:00Z", ends));
    assert_eq!(house.state.weights.member, [0, 0, 0, 500_000], "the one who gave decides from now on");
}

/// The price of "two members": one of three founders and a friend give a cent each, and after three updates these two cents are all
/// weight, until a third gives one. A class can ask for a least sum.
#[test]
fn two_cents_end_the_say_of_all_founders() {
    let mut house = weighty();
    house.act(admission(4, false));
    house.give(1, "donation", 1, "2025-01-01");
    house.give(4, "donation", 1, "2025-01-01");
    house.run(2);
    assert!(
        house.state.founding_weight_lasts(),
        "three updates, with weekly ones two weeks and more in everybody's sight"
    );
    house.next();
    assert_eq!(house.state.weights.member, [10_000, 0, 0, 10_000]);
    house.give(2, "donation", 1, "2025-01-01");
    house.next();
    assert_eq!(house.state.weights.member, [10_000, 10_000, 0, 10_000], "another cent answers them");
}

#[test]
fn no_other_kernel_comes_by_the_weight_of_founders() {
    let mut house = weighty();
    house.run(4);
    let heads = |house: &Coop| {
        let (members, assents) = (&house.state.members, (0..3).map(MemberIndex).collect());
        house.state.tenure.heads(&assents, house.state.time, charter::Of::All, members)
    };
    assert_eq!(heads(&house), [0, 0], "heads are of members with weight of their own");
    house.admit(4..=5);
    house.enter(&[1], "registrar");
    house.seat(&[1], "registrar");
    house.next();
    assert!(house.state.founders.is_over(), "a founder is seated, and no powers are left");
    for member in [4, 5] {
        house.give(member, "donation", 100, "2025-01-01");
    }
    house.run(4);
    assert_eq!(heads(&house), [0, 2], "those who give later count all the same");
}

#[test]
fn under_edition_2_and_in_a_log_that_comes_from_it_founders_weigh_nothing() {
    let mut house = weighty();
    house.next();
    house.state.founders.begin();
    house.next();
    assert_eq!(house.state.weights.member, [0; 3]);
    let mut before = house_of(vec![may(office("registrar", 14), &["admit"])]);
    before.run(3);
    assert_eq!(before.state.founders.weight, super::Weight::default(), "nothing is noted");
}

#[test]
fn weight_ahead_knows_when_it_ends() {
    let mut house = weighty();
    house.next();
    let ends = house.state.founding_weight_ends().unwrap();
    let day = 86_400_000_000;
    let sums = crate::weight::Sums::of(&house.state.rules.kernel, &house.state.members, &house.state.weights);
    let moments = [house.state.time, quantity::Moment(ends.0 - day), ends];
    assert_eq!(crate::weight::weight_ahead(&house.state, &sums, MemberIndex(1), &moments), [ONE, ONE, 0]);
}
