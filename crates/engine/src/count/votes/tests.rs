//! Both shares of one decision are rooted together, and a share is one of the weight in the electorate.

use charter::{Counting, Edition};
use proptest::prelude::*;
use quantity::votes;

use super::{Shares, scored, votes_of};
use crate::tests::{Coop, ONE, Setup, body, counted, m, office, only};

const WHOLE: u32 = 1_000_000;

fn two(clauses: Vec<charter::Clause>) -> Setup {
    Setup { edition: Edition::TWO, ..Setup::new(clauses) }
}

#[test]
fn for_and_against_are_rooted_together() {
    let totals = |setup: Setup| {
        let mut coop = setup.found().with_weights(&[4, 0, 0]);
        coop.enter(&[2, 3], "maintainer");
        coop.vote(1, "maintainer", 250_000, &[(2, WHOLE)]);
        coop.oppose(1, "maintainer", 500_000, &[(3, WHOLE)]);
        coop.next();
        [2, 3].map(|candidate| coop.total("maintainer", candidate).unwrap())
    };
    // The root of three is 1.732050: a third of it for, two thirds against.
    assert_eq!(totals(two(vec![office("maintainer", 14)])), [577_350, -1_154_700]);
    let one = Setup::new(vec![office("maintainer", 14)]);
    assert_eq!(totals(one), [1_000_000, -1_414_213], "edition 1 takes two roots");
    let linear = two(vec![counted(Counting::Linear, office("maintainer", 14))]);
    assert_eq!(totals(linear), [1_000_000, -2_000_000], "without a root nothing changes");
}

#[test]
fn a_share_is_one_of_the_weight_in_the_electorate() {
    let classes = ["patrons: donated(ever) / 1 USD", "workers: hours(ever) / 1 hour"];
    let run = |edition| {
        let clauses = vec![only("workers", office("foreman", 14)), office("maintainer", 14)];
        let mut coop = Setup { clauses, edition, ..Setup::classes(&classes) }.found().with_weights(&[10_000, 0, 0]);
        // A patron with next to no hours, and a worker.
        coop.give(1, "hours", 36, "2025-01-01");
        coop.give(2, "hours", 360_000, "2025-01-01");
        coop.next();
        coop.enter(&[3], "foreman");
        coop.enter(&[3], "maintainer");
        coop.vote(1, "foreman", WHOLE / 2, &[(3, WHOLE)]);
        coop.vote(1, "maintainer", WHOLE / 2, &[(3, WHOLE)]);
        coop.next();
        let decision = coop.decision("foreman");
        (coop.total("foreman", 3).unwrap(), decision.capacity, coop.total("maintainer", 3).unwrap())
    };
    // The root of half of 0.01 of hours, and all weight where no class is named.
    let (foreman, capacity, maintainer) = run(Edition::TWO);
    assert_eq!(foreman, i128::from(votes(10_000, WHOLE / 2)));
    assert_eq!(maintainer, i128::from(votes(10_000 * ONE + 10_000, WHOLE / 2)));
    let (before, whole, _) = run(Edition::ONE);
    assert_eq!(before, maintainer, "edition 1 counts the whole weight");
    assert!(capacity < whole, "{capacity} {whole}");
}

#[derive(Clone, Copy, Debug)]
struct Move {
    member: u64,
    body: bool,
    against: bool,
    share_ppm: u32,
    score_ppm: u32,
}

fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let one = (1..6_u64, any::<bool>(), any::<bool>(), 0..=250_000_u32, 0..=WHOLE);
    let one = one.prop_map(|(member, body, against, share_ppm, score_ppm)| Move {
        member,
        body,
        against,
        share_ppm,
        score_ppm,
    });
    prop::collection::vec(one, 1..most)
}

fn decision(one: &Move) -> &'static str {
    if one.body { "team" } else { "maintainer" }
}

/// Candidate 7 stands on ballots for, and 8 on those against.
fn cast(coop: &mut Coop, one: &Move) {
    let mut ballot = crate::tests::ballot(one.member, decision(one), one.share_ppm, &[]);
    let candidate = if one.against { 8 } else { 7 };
    ballot.scores = (one.share_ppm > 0).then(|| [(m(candidate).to_string(), one.score_ppm)].into());
    ballot.against = one.against;
    // A ballot that does not stand cannot be taken back.
    let _ = coop.submit(&crate::Act::CastBallot(ballot));
}

fn coop() -> Coop {
    let mut coop = two(vec![office("maintainer", 14), body("team", 2, 14)]).found();
    coop = coop.with_weights(&[100, 49, 7, 2, 1, 0, 0, 0]);
    coop.enter(&[7, 8], "maintainer");
    coop.enter(&[7, 8], "team");
    coop.next();
    coop
}

/// The votes for 7 and those against 8, by the words of the rule.
fn by_the_words(coop: &Coop, moves: &[Move], on: &str) -> [i128; 2] {
    let mut sums = [0_i128; 2];
    for member in 1..6 {
        let last = |against| {
            moves.iter().rev().find(|one| one.member == member && decision(one) == on && one.against == against)
        };
        let of = |against| last(against).map_or((0, 0), |one| (one.share_ppm, one.score_ppm));
        let weight = coop.weights()[member as usize - 1];
        for (against, sum) in [false, true].into_iter().zip(&mut sums) {
            let ((own, score), (other, _)) = (of(against), of(!against));
            let root = votes(weight, own + other);
            let part = if own == 0 { 0 } else { u128::from(root) * u128::from(own) / u128::from(own + other) };
            *sum += i128::from(scored(part as u64, score));
        }
    }
    [sums[0], -sums[1]]
}

proptest! {
    #[test]
    fn every_way_of_voting_is_what_the_rule_says(moves in moves(40)) {
        let mut coop = coop();
        let mut other = coop.clone();
        for one in &moves {
            let before = coop.clone();
            cast(&mut coop, one);
            // A preview says what an update would have counted, had only this ballot been moved.
            let (who, on) = (crate::MemberIndex((one.member - 1) as u32), decision(one));
            let place = coop.state.decision_place(on).unwrap();
            let mut counted = before.clone();
            counted.next();
            let told = counted.state.clone();
            let mut then = counted.clone();
            cast(&mut then, one);
            let foreseen = told.what_if(&then.state, who, place).unwrap().seats().totals.clone();
            then.next();
            prop_assert_eq!(foreseen, then.decision(on).seats().totals.clone());
        }
        prop_assert!(coop.state.check().is_ok());
        // Members in another order, and each with a ballot there and back before the last.
        for one in (1..6).rev().flat_map(|member| moves.iter().filter(move |one| one.member == member)) {
            cast(&mut other, &Move { share_ppm: 250_000 - one.share_ppm, ..*one });
            cast(&mut other, one);
        }
        for on in ["maintainer", "team"] {
            let expect = by_the_words(&coop, &moves, on);
            let mut counted = [coop.clone(), other.clone()];
            for coop in &mut counted {
                coop.next();
                prop_assert_eq!([7, 8].map(|candidate| coop.total(on, candidate).unwrap()), expect);
            }
            prop_assert_eq!(counted[0].state.hash(), counted[1].state.hash());
        }
    }

    #[test]
    fn splitting_a_member_gains_nothing_where_votes_are_weight(cents in 2_i64..1_000_000, part in 1_i64..1_000_000) {
        let part = 1 + part % (cents - 1);
        let run = |cents: &[i64]| {
            let mut coop = two(vec![counted(Counting::Linear, office("maintainer", 14))]).found();
            coop.admit(1..=3);
            for (number, amount) in (1..).zip(cents) {
                coop.give(number, "donation", *amount, "2025-01-01");
            }
            coop.enter(&[3], "maintainer");
            for number in 1..=cents.len() as u64 {
                coop.vote(number, "maintainer", WHOLE, &[(3, WHOLE)]);
            }
            coop.next();
            (coop.total("maintainer", 3).unwrap(), coop.state.weights.total)
        };
        prop_assert_eq!(run(&[cents]), run(&[part, cents - part]));
    }

    #[test]
    fn dividing_for_and_against_gains_nothing(weight in any::<u64>(), own in 0..=WHOLE, part in 0..=WHOLE) {
        let opposite = ((u64::from(WHOLE - own) * u64::from(part)) / u64::from(WHOLE)) as u32;
        let both = [(own, opposite), (opposite, own)].map(|(own_ppm, opposite_ppm)| {
            votes_of(Counting::Quadratic, weight, Shares { own_ppm, opposite_ppm })
        });
        let whole = votes_of(Counting::Quadratic, weight, own + opposite);
        prop_assert!(both[0] + both[1] <= whole && whole <= both[0] + both[1] + 2);
    }
}
