//! The cap and those who set it, update by update.

use charter::Edition;
use proptest::prelude::*;
use quantity::{Binds, CapLevel};

use super::Standing;
use crate::id::MemberIndex;
use crate::tests::{Coop, ONE, Setup, at};

fn capped(cap_ppm: u32) -> Setup {
    Setup { cap_ppm: Some(cap_ppm), edition: Edition::TWO, ..Setup::new(Vec::new()) }
}

/// Members from number `first` on join and give so many cents each.
fn give(coop: &mut Coop, first: u64, cents: &[i64]) {
    for (number, amount) in (first..).zip(cents) {
        coop.admit(number..=number);
        let on = coop.state.time.to_string();
        coop.give(number, "donation", *amount, &on);
    }
}

fn level(coop: &Coop) -> CapLevel {
    coop.state.weights.cut.as_ref().unwrap().level
}

#[test]
fn dust_never_outweighs_those_who_carry_the_project() {
    let mut coop = capped(200_000).found();
    give(&mut coop, 1, &[10_000, 10_000, 1, 1, 1]);
    coop.next();
    assert_eq!(coop.weights(), [9_986_500, 9_986_500, 10_000, 10_000, 10_000]);
    assert_eq!(level(&coop).binds, Binds::Tenth);
    // Edition 1 makes the two equal to the dust, which then holds 60 % of everything.
    let mut before = Setup { edition: Edition::ONE, ..capped(200_000) }.found();
    give(&mut before, 1, &[10_000, 10_000, 1, 1, 1]);
    before.next();
    assert_eq!(before.weights(), [10_000; 5]);
}

#[test]
fn where_those_of_standing_hold_half_of_the_weight_or_less_all_set_the_level() {
    let mut coop = capped(200_000).found();
    give(&mut coop, 1, &[10_000, 10_000]);
    coop.next();
    assert_eq!(coop.weights(), [10 * ONE; 2], "in a younger class those set the level who were there first");
    give(&mut coop, 3, &[1, 1, 1, 100_000]);
    coop.next();
    // A tenth of 1,200.03 is 120.003: over three, and the dust.
    assert_eq!(coop.weights(), [39_991_000, 39_991_000, 10_000, 10_000, 10_000, 39_991_000]);
}

#[test]
fn a_newcomer_shrinks_as_all_others_do() {
    let mut coop = capped(200_000).found();
    give(&mut coop, 1, &[10_000, 10_000]);
    coop.next();
    give(&mut coop, 3, &[1, 1, 1, 15_000]);
    coop.next();
    // 150 × 20 ÷ 200 is 15, cut to 10.
    let new = [10 * ONE, 10 * ONE, 1_000, 1_000, 1_000, 10 * ONE];
    assert_eq!(coop.weights(), new);
    assert!(
        (0..6)
            .map(|place| coop.state.weights.cut.as_ref().unwrap().is_newcomer(MemberIndex(place)))
            .eq([false, false, true, true, true, true])
    );
    coop.run_until("2025-04-12");
    assert_eq!(coop.weights(), new, "less than 90 days since 13 January");
    coop.next();
    // All are of standing: a tenth of 350.03 is 35.003, over three and the dust.
    assert_eq!(coop.state.last_update, Some(at("2025-04-14T01:00:00Z")));
    assert_eq!(coop.weights(), [11_657_667, 11_657_667, 10_000, 10_000, 10_000, 11_657_667]);
}

#[test]
fn the_cap_of_a_class_leaves_other_classes_alone() {
    let classes = vec!["patrons: donated(ever) / 1 USD", "workers: hours(ever) / 1 hour"];
    let mut setup = capped(500_000);
    (setup.cap_ppm, setup.classes) = (None, classes);
    let mut rules = setup.rules();
    rules.kernel.classes[0].cap_ppm = Some(500_000);
    let mut coop = setup.found();
    *coop.rules_mut() = rules;
    give(&mut coop, 1, &[6_000, 2_500, 1_500]);
    coop.give(1, "hours", 360_000, "2025-01-01");
    coop.next();
    let classes = &coop.state.weights.classes;
    assert_eq!(
        [&classes[0].earned[..], &classes[0].weight[..]],
        [&[60 * ONE, 25 * ONE, 15 * ONE], &[40 * ONE, 25 * ONE, 15 * ONE]]
    );
    assert_eq!(coop.weights(), [140 * ONE, 25 * ONE, 15 * ONE]);
    assert_eq!(coop.state.standing.tracks.len(), 1);
}

#[test]
fn no_total_is_cut() {
    let mut rich = Setup {
        classes: vec!["a: 10 * donated(ever) / 0.000001 USD", "b: donated(ever) / 0.000001 USD"],
        ..capped(1_000_000)
    };
    rich.floor_micro = ONE;
    let mut coop = rich.found();
    give(&mut coop, 1, &[1_000_000_000_000_000; 3]);
    coop.next();
    // Each class gives 2^56 at most, and the cap, which cuts nobody, divides nothing anew.
    assert_eq!(coop.weights(), [1 << 57; 3]);
    assert_eq!(coop.state.weights.total, 3 << 57);
    coop.state.check().unwrap();
}

/// Who is of standing by the words of the rule, from all updates that ever were.
fn by_the_words(updates: &[(i64, Vec<bool>)], member: usize) -> bool {
    let (now, _) = updates.last().unwrap();
    let first = |member: usize| updates.iter().find(|(_, had)| had.get(member) == Some(&true)).map(|(at, _)| *at);
    let begun = updates.iter().find(|(_, had)| had.contains(&true)).map(|(at, _)| *at);
    let (Some(own), Some(begun)) = (first(member), begun) else {
        return false;
    };
    let is_young = begun > now - 90;
    let since: Vec<&(i64, Vec<bool>)> = updates.iter().filter(|(at, _)| *at >= own && *at > now - 90).collect();
    let held = since.iter().filter(|(_, had)| had.get(member) == Some(&true)).count();
    (own <= now - 90 || (is_young && own == begun)) && held * 2 > since.len()
}

proptest! {
    #[test]
    fn standing_is_what_the_rule_says(
        updates in prop::collection::vec((1_i64..40, prop::collection::vec(prop::bool::weighted(0.6), 4)), 1..40),
    ) {
        let mut standing = Standing::default();
        let mut known: Vec<(i64, Vec<bool>)> = Vec::new();
        let mut day = 0;
        for (days, had) in updates {
            day += days;
            let weights: Vec<u64> = had.iter().map(|had| u64::from(*had)).collect();
            known.push((day, had));
            let moment = at("2025-01-01").plus_seconds(day * 86_400);
            let expect: Vec<bool> = (0..4).map(|member| by_the_words(&known, member)).collect();
            let before = standing.of("x", moment, &weights);
            prop_assert_eq!((0..4).map(|member| before.has(member)).collect::<Vec<_>>(), expect.clone());
            standing.note(moment, &[("x", &weights)]);
            prop_assert!(standing.check().is_ok());
            let after = standing.of("x", moment, &weights);
            prop_assert_eq!((0..4).map(|member| after.has(member)).collect::<Vec<_>>(), expect);
        }
    }

    #[test]
    fn the_order_of_admission_never_matters(
        cents in prop::collection::vec(prop_oneof![0_i64..4, 0_i64..100_000], 1..12),
        cap_ppm in prop_oneof![1..=1_000_000_u32, (1_u32..9).prop_map(|members| 1_000_000 / members)],
    ) {
        let run = |cents: &[i64]| {
            let mut coop = capped(cap_ppm).found();
            coop.admit(1..=cents.len() as u64);
            for (number, amount) in (1..).zip(cents).filter(|(_, amount)| **amount > 0) {
                coop.give(number, "donation", *amount, "2025-01-01");
            }
            coop.run(2);
            coop.weights().to_vec()
        };
        let mut turned = cents.clone();
        turned.reverse();
        let mut weights = run(&turned);
        weights.reverse();
        prop_assert_eq!(run(&cents), weights);
    }
}
