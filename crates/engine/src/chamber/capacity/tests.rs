//! Capacity of edition 2, worked out by hand: undivided, rising at once, falling by halves, member by member.

use charter::{Counting, Edition};
use proptest::prelude::*;

use super::*;
use crate::tests::{Coop, Setup, body, counted, office, only};

fn second(clauses: Vec<charter::Clause>) -> Setup {
    Setup { edition: Edition::TWO, ..Setup::new(clauses) }
}

fn monthly(clauses: Vec<charter::Clause>) -> Setup {
    Setup { classes: vec!["patrons: donated(last month) / 1 USD"], ..second(clauses) }
}

fn capacity(coop: &Coop, name: &str) -> u128 {
    coop.decision(name).capacity
}

#[test]
fn what_is_left_is_rounded_up() {
    assert_eq!([0, 1, 2, 3, 100].map(|over| fallen(over, ONE / 2)), [0, 0, 1, 2, 50]);
    assert_eq!(fallen((1 << 87) + 1, ONE / 2), (1 << 86) + 1);
    assert_eq!(fallen(7, ONE), 6, "at least one micro-vote leaves");
    assert_eq!([fall(100, 60, 7, 7), fall(60, 100, 7, 7)], [80, 100]);
}

/// F1: rounded up alone, 43 micro-votes would stay for ever where a day is a thirtieth of S.
#[test]
fn a_part_arrives() {
    let day = power(1, 30);
    let updates = std::iter::successors(Some(1_000_000), |part| Some(fallen(*part, day)));
    assert_eq!(updates.take_while(|part| *part > 0).count(), 503);
}

/// F35: whatever was taken back, the giver's part is what their votes are now.
#[test]
fn a_cent_taken_back_ends_a_part_that_fades() {
    let mut coop = monthly(vec![office("editor", 14)]).found();
    coop.admit(1..=2);
    let gift = coop.give(1, "donation", 10_000, "2024-12-01");
    coop.give(2, "donation", 900, "2024-12-01");
    coop.run_until("2025-01-31");
    let mut back = coop.clone();
    back.take_back(&gift, Some(1), "2025-01-31");
    for coop in [&mut coop, &mut back] {
        coop.run_until("2025-02-03T02:00:00Z");
    }
    assert_eq!(capacity(&coop, "editor"), 7_071_068 + 2_121_321);
    assert_eq!(capacity(&back, "editor"), 2_121_321);
}

#[test]
fn nothing_is_divided_by_the_number_of_decisions() {
    let mut coop = second(vec![body("team", 100, 14), office("maintainer", 14)]).found().with_weights(&[100, 64]);
    coop.next();
    for name in ["constitution", "team", "maintainer"] {
        assert_eq!(capacity(&coop, name), 18_000_000, "{name}");
    }
    assert_eq!(coop.state.parts.columns.len(), 2, "settling times of 30 and of 14 days");
}

#[test]
fn each_part_falls_by_halves_and_rises_at_once() {
    let clauses =
        vec![office("maintainer", 7), office("editor", 14), counted(Counting::Linear, office("treasurer", 7))];
    let mut coop = monthly(clauses).found();
    coop.admit(1..=2);
    coop.give(1, "donation", 10_000, "2024-12-01");
    coop.give(2, "donation", 900, "2024-12-01");
    coop.run_until("2025-01-31");
    assert_eq!(capacity(&coop, "maintainer"), 13_000_000);
    coop.give(2, "donation", 1_600, "2025-01-31");
    // In February the first weighs nothing, and the second a vote more: parts do not make up for each other.
    coop.run_until("2025-02-03T02:00:00Z");
    assert_eq!(capacity(&coop, "maintainer"), 5_000_000 + 4_000_000);
    assert_eq!(capacity(&coop, "treasurer"), 50_000_000 + 16_000_000);
    // ⌈10,000,000 ÷ √2⌉ of the one, since half of S has passed.
    assert_eq!(capacity(&coop, "editor"), 7_071_068 + 4_000_000);
    coop.next();
    assert_eq!(capacity(&coop, "maintainer"), 2_500_000 + 4_000_000);
    let again = coop.state.hash();
    coop.state.refunded.insert(MemberIndex(0));
    assert_ne!(coop.state.hash(), again, "whose refunds are to come is hashed");
}

#[test]
fn people_who_leave_in_a_mass_do_not_make_a_coup_cheap() {
    let mut coop = second(vec![office("maintainer", 28)]).found().with_weights(&[100; 10]);
    coop.next();
    for member in 2..=10 {
        coop.leave(member);
    }
    coop.next();
    // A week of four: 2^(-1/4) of nine parts, each rounded up.
    assert_eq!(capacity(&coop, "maintainer"), 10_000_000 + 9 * 8_408_965);
}

#[test]
fn what_a_refund_takes_back_leaves_at_once() {
    let mut coop = second(vec![office("maintainer", 28)]).found().with_weights(&[100, 100]);
    let gift = coop.give(1, "donation", 1_000_000_000_000, "2025-01-01");
    coop.next();
    assert_eq!(capacity(&coop, "maintainer"), 10_000_000 + 100_000_000_499);
    coop.take_back(&gift, None, "2025-01-06");
    coop.next();
    assert_eq!(capacity(&coop, "maintainer"), 20_000_000, "as if it had never been given");
    assert!(coop.state.refunded.is_empty());
}

#[test]
fn another_settling_time_goes_on_from_the_same_parts() {
    let mut coop = second(vec![office("maintainer", 28)]).found().with_weights(&[100, 100]);
    coop.next();
    coop.leave(2);
    coop.election_mut("maintainer").terms.settles_in = quantity::Span::from_seconds(7 * crate::tests::DAY);
    coop.next();
    assert_eq!(capacity(&coop, "maintainer"), 10_000_000 + 5_000_000);
}

#[test]
fn columns_are_bounded_and_c_falls_as_one_number_beyond() {
    let clauses = (1..=70).map(|days| office(&format!("o-{days}"), days)).collect();
    let mut coop = second(clauses).found().with_weights(&[100, 100]);
    coop.next();
    coop.leave(2);
    coop.next();
    assert_eq!(coop.state.parts.columns.len(), MOST_COLUMNS);
    // 2^(-7/70) of ten votes, the same with and without a column.
    assert_eq!(capacity(&coop, "o-70"), 10_000_000 + 9_330_330);
    assert_eq!(capacity(&coop, "o-7"), 10_000_000 + 5_000_000);
}

#[test]
fn an_electorate_has_a_column_of_its_own() {
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "contributors [list]: 9"],
        ..second(vec![only("contributors", office("editor", 14)), office("maintainer", 14)])
    };
    let mut coop = setup.found().with_weights(&[16, 25]);
    coop.list("list", 1);
    coop.next();
    assert_eq!(capacity(&coop, "maintainer"), 10_000_000);
    assert!(capacity(&coop, "editor") < 10_000_000);
    assert_eq!(coop.state.parts.columns.len(), 3);
}

/// The column of an electorate and its sums, member by member as the rule says it.
fn by_the_words(key: &PartsKey, kept: &[u64], lane: &[u64], refunded: &OrdSet<MemberIndex>) -> (Vec<u64>, Sum) {
    let votes = |place: usize| lane.get(place).map_or(0, |weight| votes_of(key.counting, *weight, PPM));
    let goes = |place: &usize| refunded.contains(&MemberIndex::at(*place));
    let part = |place: usize| {
        let (now, before) = (votes(place), kept.get(place).copied().unwrap_or(0));
        let over = u128::from(before.saturating_sub(now));
        if goes(&place) { now } else { now + fallen(over, power(7, key.settles_s)) as u64 }
    };
    let column: Vec<u64> = (0..lane.len()).map(part).collect();
    let before = sum_of(kept);
    let gone: u64 = (0..kept.len()).filter(goes).map(|place| kept[place].saturating_sub(votes(place))).sum();
    let sum = Sum { now: sum_of(&column), before, kept: before - u128::from(gone) };
    (column, sum)
}

proptest! {
    /// Over chunks that change and chunks that do not, of a register that grows.
    #[test]
    fn a_column_is_what_the_rule_says_of_each_member(
        first in prop::collection::vec(0_u64..1_000_000_000, 1..700),
        updates in prop::collection::vec(
            (prop::collection::vec((0_usize..700, 0_u64..1_000_000_000), 0..4), 0_usize..3, prop::collection::vec(0_usize..720, 0..3)),
            1..6,
        ),
        counting in prop_oneof![Just(Counting::Quadratic), Just(Counting::Linear)],
        settles_s in 1_u64..100,
        threads in 1_usize..4,
    ) {
        let key = PartsKey { classes: Vec::new(), by_class: false, favour: None, counting, settles_s };
        let (mut lane, mut parts) = (first, Parts::default());
        for (moved, joined, refunded) in updates {
            for (place, weight) in moved {
                if let Some(own) = lane.get_mut(place) {
                    *own = weight;
                }
            }
            lane.extend(std::iter::repeat_n(1_000_000, joined));
            let refunded = refunded.into_iter().map(MemberIndex::at).collect();
            let none = Arc::default();
            let kept = parts.columns.get(&key).unwrap_or(&none);
            let (column, expected) = by_the_words(&key, kept, &lane, &refunded);
            let (mut falling, mut present) = (Falling::new(&parts, 7, &refunded, threads), Present::default());
            prop_assert_eq!(falling.sum(&key, None, &lane, &mut present), Some(expected));
            prop_assert_eq!(present.of(counting, &lane), crate::count::capacity(counting, &lane, 1));
            let after = falling.done();
            prop_assert_eq!(&*after.columns[&key], &column);
            prop_assert_eq!(Arc::ptr_eq(&after.columns[&key], kept), **kept == column, "copied only where it differs");
            parts = after;
        }
    }
}
