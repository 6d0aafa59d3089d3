//! Joins of records by those who gain from them: a rival's record, ten givers of cents, a late join.

use charter::{ClauseKind, GivenPower, Power};

use crate::act::{AnswerJoin, JoinMembers, TakeBackJoin};
use crate::edition::THREE;
use crate::tests::{Coop, ONE, Setup, m, office};
use crate::{Act, Actor, Context, NotDone, Outcome, Refusal, Rule, apply};

const WHOLE: u32 = 1_000_000;

/// Members who gave so many cents, the first of whom is the secretary and may admit; the class weighs by `formula`.
fn house(formula: &'static str, cents: &[i64]) -> Coop {
    let mut secretary = office("secretary", 14);
    if let ClauseKind::Office(office) = &mut secretary.kind {
        office.powers = vec![GivenPower::plain(Power::Admit)];
    }
    let setup = Setup { classes: vec![formula], edition: THREE, ..Setup::new(vec![secretary]) };
    let mut coop = setup.found();
    for (number, cents) in (1..).zip(cents) {
        coop.admit(number..=number);
        coop.give(number, "donation", *cents, "2025-01-01");
    }
    coop.enter(&[1, 2], "secretary");
    coop.seat(&[1], "secretary");
    coop.next();
    coop
}

fn by(coop: &mut Coop, member: u64, act: &Act) -> Result<Vec<Outcome>, Refusal> {
    let context = Context::of(Actor::Member(m(member)), coop.state.time);
    apply(&mut coop.state, act, &context).map_err(NotDone::refused)
}

fn join(from: u64, into: u64) -> Act {
    Act::JoinMembers(JoinMembers { from: m(from), into: m(into), ask_both: false })
}

fn says(member: u64, (from, into): (u64, u64), yes: bool) -> Act {
    Act::AnswerJoin(AnswerJoin { member: m(member), from: m(from), into: m(into), yes })
}

fn dollars(coop: &Coop, member: u64) -> u64 {
    let index = coop.state.members.index(m(member)).unwrap();
    coop.state.weights.of(index) / ONE
}

/// A secretary of ten dollars whose rival has ten thousand and votes for somebody else.
#[test]
fn a_secretary_does_not_join_a_rival_into_a_friend() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 1_000_000, 1_000]);
    coop.vote(3, "secretary", WHOLE, &[(2, WHOLE)]);
    let told = by(&mut coop, 1, &join(3, 4)).unwrap();
    assert!(matches!(told.as_slice(), [Outcome::JoinAsked(_)]), "the rival has voted: {told:?}");
    by(&mut coop, 4, &says(4, (3, 4), true)).unwrap();
    coop.run(9);
    assert_eq!((dollars(&coop, 3), dollars(&coop, 4)), (10_000, 10), "a friend's yes moves nothing");
    // The rival says no, and nobody announces it again.
    by(&mut coop, 3, &says(3, (3, 4), false)).unwrap();
    for again in [join(3, 4), join(4, 3)] {
        assert_eq!(coop.submit(&again).unwrap_err().rule, Rule::SaidToBeTwo, "nor does the operator");
    }
}

/// The price of records that nobody stands up for: 7 days in which it is announced, one update, and another 7 days until they are back.
#[test]
fn a_record_that_nobody_looks_after_is_away_for_three_updates() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 1_000_000, 1_000]);
    by(&mut coop, 1, &join(3, 4)).unwrap();
    let mut course = Vec::new();
    for _ in 0..2 {
        coop.next();
        course.push(dollars(&coop, 4));
    }
    // The giver shows up at the desk, and somebody who may admit takes it back: a later secretary, or the operator.
    coop.act(Act::TakeBackJoin(TakeBackJoin { from: m(3) }));
    for _ in 0..2 {
        coop.next();
        course.push(dollars(&coop, 4));
    }
    assert_eq!(course, [10, 10_010, 10_010, 10]);
    assert_eq!(dollars(&coop, 3), 10_000);
}

/// Ten who gave a cent each, and one who would have what the ten have: by a straight formula the same, by a root less.
#[test]
fn ten_givers_of_cents_joined_are_no_more_than_ten() {
    let mut cents = vec![1_000, 1_000];
    cents.extend([100; 11]);
    let sum = |formula| {
        let mut coop = house(formula, &cents);
        let own = (3..=13).map(|member| dollars(&coop, member)).sum::<u64>();
        for from in 4..=13 {
            by(&mut coop, 1, &join(from, 3)).unwrap();
        }
        assert_eq!(by(&mut coop, 1, &join(2, 3)).unwrap_err().rule, Rule::TooMany, "ten is the most");
        coop.run(2);
        (own, dollars(&coop, 3))
    };
    assert_eq!(sum("patrons: donated(ever) / 1 USD"), (11, 11));
    assert_eq!(sum("patrons: sqrt(donated(ever) / 1 USD)"), (11, 3), "√11: a root pays for many givers");
    // With a threshold it pays: eleven below it are one above it, for the seven days that everybody sees it announced.
    assert_eq!(sum("patrons: max(donated(ever) / 1 USD - 10, 0)"), (0, 1));
}

/// A join on the eve of a count comes a week later, and counts once more a week after.
#[test]
fn a_late_join_moves_no_count() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 1_000, 1_000]);
    coop.run_until("2025-01-12");
    by(&mut coop, 1, &join(3, 4)).unwrap();
    let total = |coop: &Coop| (3..=4).map(|member| dollars(coop, member)).sum::<u64>();
    let mut course = Vec::new();
    for _ in 0..4 {
        let told = coop.next();
        course.push((dollars(&coop, 4), total(&coop), told.len()));
    }
    assert_eq!(course, [(10, 20, 0), (10, 20, 1), (20, 20, 0), (20, 20, 0)], "announced on the 12th, done on the 20th");
}

/// A ballot that was taken back is no reason to join somebody without asking them.
#[test]
fn who_was_ever_there_joins_by_their_own_word_alone() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 1_000_000, 1_000]);
    coop.vote(3, "secretary", WHOLE, &[(2, WHOLE)]);
    coop.vote(3, "secretary", 0, &[]);
    let told = by(&mut coop, 1, &join(3, 4)).unwrap();
    assert!(matches!(told.as_slice(), [Outcome::JoinAsked(_)]), "the rival was there: {told:?}");
    coop.run(9);
    assert_eq!((dollars(&coop, 3), dollars(&coop, 4)), (10_000, 10));
}

/// The one who stayed says no to a join that took effect. Nobody announces it again, in either direction, but they themselves.
#[test]
fn a_no_after_the_join_is_remembered() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 1_000, 1_000]);
    by(&mut coop, 1, &join(3, 4)).unwrap();
    coop.run(2);
    by(&mut coop, 4, &says(4, (3, 4), false)).unwrap();
    coop.run(2);
    assert_eq!((dollars(&coop, 3), dollars(&coop, 4)), (10, 10), "it is undone");
    for again in [join(3, 4), join(4, 3)] {
        assert_eq!(by(&mut coop, 1, &again).unwrap_err().rule, Rule::SaidToBeTwo);
    }
    by(&mut coop, 4, &says(4, (3, 4), true)).unwrap();
}

/// Two accounts of one person are joined and parted, to count twice at some update: all weight is the same at each of them.
#[test]
fn joined_and_parted_count_twice_at_no_update() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 5_000, 7_000]);
    let mut course = Vec::new();
    for _ in 0..2 {
        by(&mut coop, 4, &says(4, (3, 4), true)).unwrap();
        by(&mut coop, 3, &says(3, (3, 4), true)).unwrap();
        course.extend((0..3).map(|_| (coop.next(), dollars(&coop, 3) + dollars(&coop, 4)).1));
        by(&mut coop, 4, &says(4, (3, 4), false)).unwrap();
        course.extend((0..3).map(|_| (coop.next(), dollars(&coop, 3) + dollars(&coop, 4)).1));
    }
    assert!(course.iter().all(|both| *both <= 120), "{course:?}");
}

/// A gift is refunded while its record is joined into another, and a silent source holds nothing for the record that comes back.
#[test]
fn a_join_hides_no_refund_from_a_hold() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000, 1_000, 90_000, 1_000]);
    for class in &mut coop.rules_mut().kernel.classes {
        class.holds_while_silent = true;
    }
    coop.act(crate::tests::read("source_heard", r#"{"source":"bank","kinds":["donation"],"every_days":14}"#));
    coop.next();
    by(&mut coop, 1, &join(3, 4)).unwrap();
    coop.run(2);
    coop.take_back("test:3", None, &coop.state.time.to_string());
    coop.act(Act::TakeBackJoin(TakeBackJoin { from: m(3) }));
    coop.run(3);
    assert!(coop.state.weights.classes[0].held.is_some(), "the bank is silent");
    assert_eq!((dollars(&coop, 3), dollars(&coop, 4)), (0, 10));
}

/// One member asks for records that nobody looks after, so that nobody else can join them: ten at a time, until somebody who may admit
/// stops it.
#[test]
fn one_member_asks_for_ten_records_and_no_more() {
    let mut coop = house("patrons: donated(ever) / 1 USD", &[1_000; 14]);
    for from in 3..=12 {
        by(&mut coop, 14, &says(14, (from, 14), true)).unwrap();
    }
    assert_eq!(by(&mut coop, 14, &says(14, (13, 14), true)).unwrap_err().rule, Rule::TooMany);
    assert_eq!(by(&mut coop, 1, &join(3, 13)).unwrap_err().rule, Rule::AlreadyWaits);
    by(&mut coop, 1, &Act::TakeBackJoin(TakeBackJoin { from: m(3) })).unwrap();
    by(&mut coop, 1, &join(3, 13)).unwrap();
    coop.run(2);
    assert_eq!((dollars(&coop, 13), dollars(&coop, 14)), (20, 10));
}

/// A donation that moves has the place among donations that somebody else's promise has among promises: the promise stays whole.
#[test]
fn a_join_leaves_the_promises_of_others_alone() {
    let mut coop = house("patrons: pledged(next month) / 1 USD", &[1_000, 1_000, 1_000, 1_000]);
    for member in 1..=4 {
        coop.give(member, "pledge", 500, "2025-01-02");
    }
    by(&mut coop, 1, &join(3, 4)).unwrap();
    coop.run(2);
    assert_eq!(
        [1, 2, 3, 4].map(|member| dollars(&coop, member)),
        [5, 5, 0, 5],
        "of one series the later promise counts"
    );
    coop.give(2, "pledge", 700, "2025-01-03");
    coop.next();
    assert_eq!([1, 2, 3, 4].map(|member| dollars(&coop, member)), [5, 7, 0, 5]);
    coop.state.check().unwrap();
}
