//! The cap and those who set it, update by update.

use charter::Edition;
use proptest::prelude::*;
use quantity::{Binds, CapLevel};

use super::*;
use crate::id::MemberIndex;
use crate::tests::{Coop, ONE, Setup, at};
use crate::weight::Cut;

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

fn of_standing(standing: &Standing, at: Moment, weights: &[u64]) -> Vec<bool> {
    let none = Track::default();
    let track = standing.tracks.first().map_or(&none, |(_, track)| track);
    let set = track.of(at, &Members::with_weight(weights));
    (0..weights.len()).map(|member| set.has(member)).collect()
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
            prop_assert_eq!(of_standing(&standing, moment, &weights), expect.clone());
            standing.note(moment, &[("x", &weights)]);
            prop_assert!(standing.check().is_ok());
            prop_assert_eq!(of_standing(&standing, moment, &weights), expect);
        }
    }

    /// 64 members at a time, most of whom neither come nor go.
    #[test]
    fn those_who_stay_are_judged_as_one_by_one(
        count in 60_usize..200,
        absent in prop::collection::vec(0_usize..200, 0..20),
        updates in prop::collection::vec((1_i64..40, prop::collection::vec(0_usize..220, 0..2)), 1..50),
    ) {
        let mut track = Track::default();
        let mut weights: Vec<u64> = (0..count).map(|place| u64::from(!absent.contains(&place))).collect();
        let mut day = 0;
        for (days, turned) in updates {
            day += days;
            for place in turned {
                match weights.get_mut(place) {
                    Some(weight) => *weight = 1 - *weight,
                    None => weights.push(1),
                }
            }
            let (moment, now) = (at("2025-01-01").plus_seconds(day * 86_400), Members::with_weight(&weights));
            let one_by_one = |track: &Track| {
                let ruling = Ruling::of(track, moment);
                (0..now.words.len()).map(|number| ruling.of_64(track, number, now.word(number))).collect::<Vec<_>>()
            };
            prop_assert_eq!(track.of(moment, &now).words, one_by_one(&track));
            track.note(moment, &weights);
            prop_assert_eq!(track.of(moment, &now).words, one_by_one(&track));
            let standing = Standing { tracks: vec![(Arc::from("x"), track.clone())] };
            prop_assert!(standing.check().is_ok());
        }
    }

    /// The level, and each member's cut by it.
    #[test]
    fn a_column_is_cut_as_each_member_is(
        members in prop::collection::vec((prop_oneof![0_u64..4, 0_u64..100_000], prop::bool::weighted(0.1)), 1..200),
        cap_ppm in 1..=1_000_000_u32,
    ) {
        let weights: Vec<u64> = members.iter().map(|(weight, _)| *weight).collect();
        let new: Vec<u64> = members.iter().map(|(weight, is_new)| if *is_new { *weight } else { 0 }).collect();
        let set: Vec<u64> = weights.iter().zip(&new).map(|(weight, new)| weight - new).collect();
        let all_set_it = 2 * set.iter().sum::<u64>() <= weights.iter().sum();
        let cut = Cut::of(&weights, Members::with_weight(&new), cap_ppm);
        prop_assert_eq!(cut.level, CapLevel::of(if all_set_it { &weights } else { &set }, cap_ppm));
        let left = |(place, weight): (usize, &u64)| {
            let is_new = !all_set_it && new[place] > 0;
            if is_new { cut.level.cut_newcomer(*weight) } else { cut.level.cut(*weight) }
        };
        let expected: Vec<u64> = weights.iter().enumerate().map(left).collect();
        let mut after = weights.clone();
        cut.apply(&mut after);
        prop_assert_eq!(&after, &expected);
        prop_assert!(!cut.is_none() || expected == weights);
        let one_by_one = weights.iter().enumerate().map(|(place, weight)| cut.left(MemberIndex::at(place), *weight));
        prop_assert_eq!(one_by_one.collect::<Vec<_>>(), expected);
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
