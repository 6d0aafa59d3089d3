//! The level agrees with a search over all levels, and its laws hold.

use proptest::prelude::*;

use super::*;

const ONE: u64 = 1_000_000;

/// The definition, tried level by level.
fn by_search(weights: &[u64], cap_ppm: u32) -> u64 {
    let kept = |level: u64| weights.iter().map(|weight| u128::from((*weight).min(level))).sum::<u128>();
    let (highest, total) = (weights.iter().copied().max().unwrap_or(0), kept(u64::MAX));
    let most = highest.max(u64::try_from(total).unwrap());
    let cap =
        (0..=most).rev().find(|t| u128::from(*t) * u128::from(PPM) <= u128::from(cap_ppm) * kept(*t)).unwrap_or(0);
    let tenth = (0..=highest).find(|t| 10 * kept(*t) >= total).unwrap_or(0);
    cap.max(tenth)
}

#[test]
fn the_numbers_of_the_rule() {
    let cases: [(&[u64], u32, u64, Binds); 9] = [
        // 100, 100 and three times 0.01: two tenths of 200.03 less the dust.
        (&[100 * ONE, 100 * ONE, 10_000, 10_000, 10_000], 200_000, 9_986_500, Binds::Tenth),
        (&[100 * ONE, 10_000, 10_000, 10_000, 10_000], 200_000, 9_964_000, Binds::Tenth),
        (&[60 * ONE, 25 * ONE, 15 * ONE], 500_000, 40 * ONE, Binds::Cap),
        // Each of three holds a third, at every level: a tenth of all weight stays, rounded up to the micro-weight.
        (&[100 * ONE, 90 * ONE, 10 * ONE], 200_000, 6_666_667, Binds::Tenth),
        (&[5, 5, 5, 5, 5], 200_000, 5, Binds::None),
        (&[7, 5, 5, 5, 5], 200_000, 5, Binds::Cap),
        (&[500], 200_000, 50, Binds::Tenth),
        (&[], 200_000, 0, Binds::None),
        (&[9, 1], PPM, 10, Binds::None),
    ];
    for (weights, cap_ppm, micro, binds) in cases {
        let level = CapLevel::of(weights, cap_ppm);
        assert_eq!((level.micro, level.binds), (micro, binds), "{weights:?} at {cap_ppm}");
    }
    let mut thousand = vec![ONE; 1_001];
    thousand[0] = 10_000 * ONE;
    let level = CapLevel::of(&thousand, 200_000);
    assert_eq!((level.micro, level.kept), (250 * ONE, 1_250 * u128::from(ONE)), "a fifth of what remains");
}

#[test]
fn a_newcomer_shrinks_as_all_others_do() {
    let level = CapLevel::of(&[60, 25, 15], 500_000);
    assert_eq!([0, 1, 10, 60].map(|weight| level.cut_newcomer(weight)), [0, 0, 8, 40]);
    let uncut = CapLevel::of(&[10; 10], 200_000);
    assert_eq!([10, 20, 1_000].map(|weight| uncut.cut_newcomer(weight)), [10, 20, 20]);
}

#[test]
fn the_greatest_weights_are_added_in_full() {
    let level = CapLevel::of(&[u64::MAX; 7], 100_000);
    assert_eq!((level.whole, level.binds), (7 * u128::from(u64::MAX), Binds::Tenth));
    assert_eq!(level.micro, u64::MAX / 10 + 1);
    assert_eq!(level.cut_newcomer(u64::MAX), level.micro);
}

proptest! {
    #[test]
    fn the_level_is_what_its_definition_says(
        weights in prop::collection::vec(prop_oneof![0_u64..4, 0_u64..60, 0_u64..900], 0..12),
        cap_ppm in prop_oneof![1..=PPM, (1_u32..9).prop_map(|members| PPM / members)],
    ) {
        let level = CapLevel::of(&weights, cap_ppm);
        let highest = weights.iter().copied().max().unwrap_or(0);
        let expect = by_search(&weights, cap_ppm);
        prop_assert_eq!(level.micro, expect);
        prop_assert_eq!(level.binds == Binds::None, expect >= highest);
    }

    #[test]
    fn nobody_holds_more_than_the_cap_and_a_tenth_always_stays(
        weights in prop::collection::vec(prop_oneof![0_u64..4, 0_u64..1_000_000, any::<u64>()], 1..60),
        cap_ppm in prop_oneof![1..=PPM, (1_u32..40).prop_map(|members| PPM / members)],
    ) {
        let level = CapLevel::of(&weights, cap_ppm);
        let highest = weights.iter().map(|weight| u128::from(level.cut(*weight))).max().unwrap();
        prop_assert!(level.kept * 10 >= level.whole, "never more than nine tenths are taken away");
        match level.binds {
            Binds::Cap => prop_assert!(highest * u128::from(PPM) <= u128::from(cap_ppm) * level.kept),
            // Of a few micro-weights a tenth may be all that there is.
            Binds::None => prop_assert_eq!(level.kept, level.whole),
            Binds::Tenth => {
                let below = weights.iter().map(|weight| u128::from((*weight).min(level.micro - 1))).sum::<u128>();
                prop_assert!(below * 10 < level.whole, "no more is kept than has to be");
            }
        }
    }

    #[test]
    fn one_weight_replaced_gives_the_level_of_all_of_them(
        mut weights in prop::collection::vec(prop_oneof![0_u64..6, 0_u64..1_000, any::<u64>()], 1..40),
        (place, to) in (0_usize..40, prop_oneof![0_u64..6, 0_u64..2_000, any::<u64>()]),
        cap_ppm in prop_oneof![1..=PPM, (1_u32..40).prop_map(|members| PPM / members)],
    ) {
        let settled = Settled::of(weights.iter().copied());
        let place = place % weights.len();
        let from = std::mem::replace(&mut weights[place], to);
        prop_assert_eq!(settled.level_with(from, to, cap_ppm), CapLevel::of(&weights, cap_ppm));
        weights[place] = from;
        weights.push(to);
        prop_assert_eq!(settled.level_with(0, to, cap_ppm), CapLevel::of(&weights, cap_ppm));
    }

    #[test]
    fn the_order_of_members_never_matters(mut weights in prop::collection::vec(any::<u64>(), 0..40), cap_ppm in 1..=PPM) {
        let level = CapLevel::of(&weights, cap_ppm);
        weights.reverse();
        prop_assert_eq!(CapLevel::of(&weights, cap_ppm), level);
        weights.sort_unstable();
        prop_assert_eq!(CapLevel::of(&weights, cap_ppm), level);
    }
}
