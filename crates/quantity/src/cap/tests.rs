//! The level agrees with a search over all levels.

use proptest::prelude::*;

use super::*;

fn satisfies(weights: &[u64], cap_ppm: u32, level: u64) -> bool {
    let capped = || weights.iter().map(|weight| u128::from((*weight).min(level)));
    let highest = capped().max().unwrap_or(0);
    highest * u128::from(PPM) <= u128::from(cap_ppm) * capped().sum::<u128>()
}

#[test]
fn levels() {
    let cases: [(&[u64], u32, Option<u64>); 13] = [
        (&[], 500_000, None),
        (&[0, 0], 500_000, None),
        (&[50, 50], 500_000, None),
        (&[60, 25, 15], 500_000, Some(40)),
        // Exactly 1 ÷ cap members: only all equal satisfies it.
        (&[60, 40], 500_000, Some(40)),
        // Fewer than 1 ÷ cap: no level does, and all become equal.
        (&[9, 3, 0], 250_000, Some(3)),
        (&[9], 100_000, Some(9)),
        (&[9], PPM, None),
        (&[9, 1], 0, Some(1)),
        // Two are capped: 0.4 × (2L + 2) = L.
        (&[100, 90, 1, 1], 400_000, Some(4)),
        // The level falls between whole micro-weights: 0.3 × (3L + 10) = L at L = 30; with 11 at 33.
        (&[1_000, 1_000, 1_000, 10], 300_000, Some(30)),
        (&[1_000, 1_000, 34, 11], 300_000, Some(33)),
        (&[u64::MAX, u64::MAX, u64::MAX, 10_000_000], 300_000, Some(30_000_000)),
    ];
    for (weights, cap_ppm, expect) in cases {
        assert_eq!(cap_level(weights, cap_ppm), expect, "{weights:?} at {cap_ppm}");
    }
}

proptest! {
    #[test]
    fn one_weight_replaced_gives_the_level_of_all_of_them(
        mut weights in prop::collection::vec(prop_oneof![0_u64..6, 0_u64..1_000, any::<u64>()], 1..40),
        (place, to) in (0_usize..40, prop_oneof![0_u64..6, 0_u64..2_000, any::<u64>()]),
        cap_ppm in prop_oneof![0..=PPM, (1_u32..40).prop_map(|members| PPM / members)],
    ) {
        let falling = Falling::of(weights.iter().copied());
        let place = place % weights.len();
        let from = std::mem::replace(&mut weights[place], to);
        prop_assert_eq!(falling.cap_level_with(from, to, cap_ppm), cap_level(&weights, cap_ppm));
        // A newcomer replaces nobody.
        weights[place] = from;
        weights.push(to);
        prop_assert_eq!(falling.cap_level_with(0, to, cap_ppm), cap_level(&weights, cap_ppm));
    }

    #[test]
    fn the_level_is_the_largest_that_satisfies_the_cap(
        weights in prop::collection::vec(0_u64..60, 0..12),
        cap_ppm in prop_oneof![0..=PPM, (1_u32..9).prop_map(|members| PPM / members)],
    ) {
        let highest = weights.iter().copied().max().unwrap_or(0);
        let expect = (0..=highest).rev().find(|level| satisfies(&weights, cap_ppm, *level)).unwrap_or(0);
        match cap_level(&weights, cap_ppm) {
            None => prop_assert_eq!(expect, highest),
            // No level satisfies it but 0: all are equal.
            Some(level) if expect == 0 => {
                let positive = || weights.iter().copied().filter(|weight| *weight > 0);
                prop_assert!(positive().count() as u64 * u64::from(cap_ppm) < u64::from(PPM));
                prop_assert_eq!(Some(level), positive().min());
            }
            Some(level) => prop_assert_eq!(level, expect),
        }
    }

    #[test]
    fn the_order_of_members_never_matters(mut weights in prop::collection::vec(any::<u64>(), 0..40), cap_ppm in 0..=PPM) {
        let level = cap_level(&weights, cap_ppm);
        weights.reverse();
        prop_assert_eq!(cap_level(&weights, cap_ppm), level);
        weights.sort_unstable();
        prop_assert_eq!(cap_level(&weights, cap_ppm), level);
    }
}
