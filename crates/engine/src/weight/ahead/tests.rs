//! A weight foreseen is the one that updates then count.

use proptest::prelude::*;
use quantity::{Moment, cap_level};

use super::{alone, uncapped_at, weight_ahead as weight_ahead_with};
use crate::MemberIndex;
use crate::State;
use crate::tests::{ONE, Setup, at};
use crate::weight::{Sources, Sums};

fn weight_ahead(state: &State, member: MemberIndex, moments: &[Moment]) -> Vec<u64> {
    let sums = Sums::of(&state.rules.kernel, &state.members, &state.weights);
    weight_ahead_with(state, &sums, member, moments)
}

#[test]
fn weight_ahead_is_what_updates_then_count() {
    let mut setup = Setup::classes(&[
        "patrons: min(donated(last month), pledged(next month)) / 1 USD",
        "contributors [list]: if count(contributors) == 1 then highest(patrons) else contributed(last year)",
        "friends sqrt: faded(donated, half-life 180 days) / 1 USD",
    ]);
    setup.floor_micro = ONE / 2;
    let mut coop = setup.found();
    coop.admit(1..=2);
    coop.run_until("2025-03-20");
    for month in ["2025-02-03", "2025-03-03"] {
        coop.give(1, "donation", 5_000, month);
    }
    coop.give(1, "pledge", 3_000, "2025-03-03");
    coop.give(1, "contribution", 7_000_000, "2025-03-01");
    coop.list("list", 1);
    coop.run_until("2025-03-25");
    let days: Vec<_> = ["2025-04-07T01:00:00Z", "2025-05-05T01:00:00Z", "2025-06-02T01:00:00Z", "2026-01-05T01:00:00Z"]
        .map(at)
        .to_vec();
    let foreseen = weight_ahead(&coop.state, MemberIndex(0), &days);
    for (day, foreseen) in days.into_iter().zip(foreseen) {
        coop.run_until(&day.to_string());
        assert_eq!(coop.weights()[0], foreseen, "{day}");
    }
}

#[test]
fn the_cap_counts_in_weight_ahead() {
    let mut setup =
        Setup::classes(&["patrons: faded(donated, half-life 30 days) / 1 USD", "customers: purchased(ever) / 1 USD"]);
    setup.cap_ppm = Some(400_000);
    let mut coop = setup.found().with_weights(&[500, 0, 0]);
    for other in [2, 3] {
        coop.give(other, "purchase", 10_000, "2025-01-01");
    }
    coop.run(1);
    let days: Vec<_> = ["2025-02-03T01:00:00Z", "2025-03-03T01:00:00Z", "2025-04-07T01:00:00Z"].map(at).to_vec();
    let foreseen = weight_ahead(&coop.state, MemberIndex(0), &days);
    assert!(foreseen[0] == coop.weights()[0] && foreseen[2] < foreseen[0], "capped at first: {foreseen:?}");
    for (day, foreseen) in days.into_iter().zip(foreseen) {
        coop.run_until(&day.to_string());
        assert_eq!(coop.weights()[0], foreseen, "{day}");
    }
}

/// The same with everyone's weight copied and put in order for each moment.
fn from_everybody(state: &State, member: MemberIndex, moments: &[Moment]) -> Vec<u64> {
    let sums = Sums::of(&state.rules.kernel, &state.members, &state.weights);
    let (own, alone) = (state.support.only(member), alone(state, member));
    let mut sources = Sources::default();
    let mut all = sums.before_cap().map(|all| all.member.clone()).unwrap_or_default();
    let ahead = moments.iter().map(|at| {
        let weight = uncapped_at(state, &sums, member, (&own, &alone), &mut sources, *at);
        let Some(cap) = state.rules.kernel.cap_ppm else {
            return weight;
        };
        if let Some(cell) = all.get_mut(member.place()) {
            *cell = weight;
        }
        cap_level(&all, cap).map_or(weight, |level| weight.min(level))
    });
    ahead.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn sums_say_what_a_walk_over_everybody_says(
        dollars in prop::collection::vec(prop_oneof![0_i64..4, 0_i64..1_000], 1..12),
        bought in prop::collection::vec(0_i64..5_000, 12),
        cap_ppm in prop_oneof![Just(None), (1_u32..12).prop_map(|members| Some(1_000_000 / members))],
        floor_micro in prop_oneof![Just(0), Just(ONE)],
        listed in 1_u64..13,
    ) {
        let mut setup = Setup::classes(&[
            "patrons: faded(donated, half-life 30 days) / 1 USD",
            "customers sqrt: purchased(ever) / 1 USD",
            "workers [list]: highest(patrons) + total(customers) / count(patrons)",
        ]);
        (setup.cap_ppm, setup.floor_micro) = (cap_ppm, floor_micro);
        let mut coop = setup.found().with_weights(&dollars);
        let members = dollars.len() as u64;
        for (member, cents) in (1..=members).zip(bought).filter(|(_, cents)| *cents > 0) {
            coop.give(member, "purchase", cents, "2025-01-01");
        }
        coop.list("list", 1 + listed % members);
        coop.run(1);
        coop.admit(members + 1..=members + 1);
        let state = &coop.state;
        let sums = Sums::of(&state.rules.kernel, &state.members, &state.weights);
        let days: Vec<_> = ["2025-03-03", "2025-06-02", "2026-01-05"].map(at).to_vec();
        for member in state.members.indices() {
            for (place, class) in state.weights.classes.iter().enumerate() {
                let others = || class.scaled.iter().enumerate().filter(|(other, _)| *other != member.place());
                let own = class.scaled.get(member.place()).copied().unwrap_or(0);
                let highest = others().map(|(_, micro)| *micro).max().unwrap_or(0);
                prop_assert_eq!(sums.class(place).highest_of_others(own), highest);
                let total: u128 = others().map(|(_, micro)| u128::from(*micro)).sum();
                prop_assert_eq!(sums.class(place).scaled - u128::from(own), total);
            }
            prop_assert_eq!(weight_ahead(state, member, &days), from_everybody(state, member, &days));
        }
    }
}
