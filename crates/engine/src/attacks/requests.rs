//! Attacks on requests for money: splitting, stepping aside, others' support, late votes, and filling the list
//! (`docs/spec/attacks.md`, Requests). The threshold alone is in `chamber/requests/threshold/tests.rs`.

use crate::Rule;
use crate::chamber::requests::tests::*;
use crate::tests::{by, rule};

#[test]
fn a_request_that_is_split_needs_what_it_needs_at_once() {
    let mut coop = house(&[60, 40]);
    asks(&mut coop, 1, "big", 120);
    convinces(&mut coop, "big", &[(2, 40)]);
    let whole = now(&coop, "big").needs;
    let mut needs = Vec::new();
    for text in ["a", "b", "c"] {
        asks(&mut coop, 1, text, 40);
        convinces(&mut coop, text, &[(2, 80)]);
        needs.push(now(&coop, text).needs);
        coop.run(1);
    }
    assert_eq!(left(&coop), 880);
    assert_eq!(whole, Some(22_158_165));
    assert_eq!(needs, [Some(12_607_764), Some(16_386_395), whole], "the last part needs what all needs at once");
}

#[test]
fn who_steps_aside_for_an_update_is_counted_all_the_same() {
    let mut coop = house(&[60, 39, 1]);
    asks(&mut coop, 1, "a", 100);
    convinces(&mut coop, "a", &[(2, 100)]);
    assert_eq!(told(coop.run(1)).len(), 1);
    // The same member stood for this one; before the update they go, and a friend with one vote is all that is left.
    asks(&mut coop, 1, "b", 100);
    convinces(&mut coop, "b", &[(2, 60)]);
    backs(&mut coop, 3, "b", ALL);
    assert_eq!(told(coop.run(1)), [""; 0]);
    // y is 30.5, of which half a vote is the friend's: (100 + 98.4) ÷ (900 + 98.4). By the votes alone it would be 100 ÷ 900, which passes.
    assert_eq!(now(&coop, "b").part_ppm, Some(198_687));
    assert_eq!(now(&coop, "b").needs, Some(47_970_643));
}

#[test]
fn support_of_those_who_had_theirs_blocks_less_than_votes_against() {
    let blocks = |friends: &[(u64, u128)]| {
        let mut coop = house(&[40, 40, 20]);
        asks(&mut coop, 3, "a", 200);
        convinces(&mut coop, "a", &[(1, 100)]);
        coop.run(1);
        asks(&mut coop, 3, "b", 50);
        convinces(&mut coop, "b", friends);
        now(&coop, "b")
    };
    assert!(blocks(&[(2, 15)]).passes, "50 ÷ 800 needs 14.5");
    // Who has had 200 votes for it with 7: it has 22, and needs more. With 7 against it had 8.
    let helped = blocks(&[(1, 7), (2, 15)]);
    assert!(!helped.passes);
    assert_eq!(helped.needs, Some(24_404_919));
}

#[test]
fn late_votes_count_as_they_have_stood() {
    let mut coop = house(&[1, 99]);
    asks(&mut coop, 1, "a", 250);
    backs(&mut coop, 2, "a", ALL);
    // At the limit it needs all of C: 99 of 100 never come to it.
    assert_eq!(told(coop.run(5)), [""; 0]);
    assert_eq!(request(&coop, "a").conviction.rounded(), 92_812_500);
    // One of 240 needs 84.7: it takes them three updates.
    asks(&mut coop, 1, "b", 240);
    backs(&mut coop, 2, "a", 0);
    backs(&mut coop, 2, "b", ALL);
    assert_eq!(told(coop.run(2)), [""; 0]);
    assert_eq!(told(coop.run(1)).len(), 1);
}

#[test]
fn nobody_fills_the_list_alone() {
    let mut coop = house(&[1, 1]);
    (0..5).for_each(|number| asks(&mut coop, 1, &format!("junk {number}"), 1));
    assert_eq!(rule(by(&mut coop, 1, &ask_act(1, "junk 5", 1, &[]))), Rule::TooMany);
    by(&mut coop, 1, &withdraw_act(1, "junk 0")).unwrap();
    assert_eq!(rule(by(&mut coop, 1, &ask_act(1, "junk 5", 1, &[]))), Rule::TooMany);
    // Nobody is for them, and they are gone after four half-lives.
    coop.run(5);
    assert_eq!(coop.decision("grants").requests().unwrap().asking().count(), 0);
}

#[test]
fn three_with_a_cent_and_one_with_a_million() {
    let mut coop = house(&[0, 0, 0, 1_000_000, 1]);
    asks(&mut coop, 5, "dust", 1);
    (1..=3).for_each(|member| backs(&mut coop, member, "dust", ALL));
    assert_eq!(told(coop.run(4)), [""; 0], "the least request needs a tenth of all votes");
    // The million takes what one request for a quarter lets it, and then nothing for four half-lives.
    asks(&mut coop, 5, "rich", 240);
    backs(&mut coop, 4, "rich", ALL);
    let passed = told(coop.run(5));
    assert_eq!(passed.iter().filter(|line| line.starts_with("request-passed")).count(), 1, "{passed:?}");
    asks(&mut coop, 5, "more", 20);
    backs(&mut coop, 4, "more", ALL);
    assert_eq!(now(&coop, "more").part_ppm, None);
    coop.run(1);
    assert_eq!(now(&coop, "more").needs, None, "with the 240 it is more than a quarter");
}
