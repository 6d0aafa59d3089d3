//! The plain match against Python's `decimal` with 160 digits, and where roots alone do not decide.

use proptest::prelude::*;

use super::*;
use crate::pool::NANO;

#[test]
fn as_a_hundred_and_sixty_digits_have_it() {
    let table: &[(&[u64], u128, u128)] = &[
        (&[894640284214750, 954037576451115], 1847723408465430, 1847723408465430255787916),
        (&[8, 12, 4, 8, 12], 168, 168723901688),
        (&[1, 12], 6, 6928203230),
        (&[9, 8, 5, 14, 1, 14, 9, 12, 9], 595, 595619539412),
        (&[16, 6, 14], 67, 67859479816),
        (&[13334, 8847, 4308, 1143, 2215], 96916, 96916668997093),
        (&[13360, 4429, 14148, 15142, 4897], 192171, 192171623841973),
        (&[4, 9, 16], 52, 52000000000),
        (
            &[642084581, 124233237, 892557470, 182580581, 849547412, 696927094, 676983213, 857669737, 520759935],
            40158021889,
            40158021889967105903,
        ),
        (&[], 0, 0),
        (&[1], 0, 0),
        (&[0, 0], 0, 0),
        (&[0, 7, 0, 7], 14, 14_000_000_000),
        (&[2, 8, 18, 50], 164, 164_000_000_000),
        (&[1_000_000_000_000_000_000], 0, 0),
        (&[500_000_000_000_000_000, 500_000_000_000_000_000], 10_u128.pow(18), 10_u128.pow(27)),
        // 2√(10^34 − 1): below a whole number by 10^-17 and by 10^-12, where the first roots do not decide.
        (
            &[100_000_000_000_000_001, 99_999_999_999_999_999],
            199_999_999_999_999_999,
            199_999_999_999_999_999_999_999_999,
        ),
        (&[999_999_999_999, 1_000_000_000_001], 1_999_999_999_999, 1_999_999_999_999_999_999_999),
        (&[1, 100_000_000_000_000_000], 632_455_532, 632_455_532_033_675_866),
    ];
    for (sums, minor, nano) in table {
        assert_eq!(plain(sums, 1), *minor, "{sums:?}");
        assert_eq!(plain(sums, NANO), *nano, "{sums:?}");
    }
}

/// The first roots leave it open, and so more bits are taken.
#[test]
fn more_bits_decide_where_the_first_do_not() {
    let sums = [100_000_000_000_000_001, 99_999_999_999_999_999];
    let roots = FineRoots::up_to(sums[0]);
    let sum = roots.finer_sum(&sums);
    let pledged = 200_000_000_000_000_000;
    let (low, high) = (Natural::from(sum.sum), Natural::from(sum.sum + u128::from(sum.inexact)));
    assert_eq!(rounded(&low, &high, roots.finer_bits(), pledged, NANO), None);
    assert_eq!(whole(&sums, pledged, NANO), None);
    assert_eq!(deep(&sums, pledged, 1), 199_999_999_999_999_999);
    // A whole match of roots that are not: neither bound would ever reach it.
    let whole_match = [2, 8, 18];
    let sum = FineRoots::up_to(18).finer_sum(&whole_match);
    assert_eq!(sum.inexact, 3);
    assert_eq!(whole(&whole_match, 28, 1), Some(44));
}

/// Many sums are counted by value first, and few are not.
#[test]
fn sums_that_are_alike_are_rooted_once_and_come_to_the_same() {
    let sums: Vec<u64> = (0..5_000_u64).map(|at| at * at % 1_009).collect();
    let pledged = sums.iter().map(|minor| u128::from(*minor)).sum();
    assert!(
        by_value(&sums, 1_008).is_some_and(|times| times.iter().map(|times| u64::from(*times)).sum::<u64>() == 5_000)
    );
    assert_eq!(by_value(&sums, 20_000), None, "more values than four for each sum");
    assert_eq!(by_value(&sums[..4_095], 1_008), None);
    assert_eq!(plain(&sums, 1), deep(&sums, pledged, 1));
    assert_eq!(plain(&sums, NANO), deep(&sums, pledged, NANO));
}

proptest! {
    #[test]
    fn as_many_bits_as_one_likes_say_the_same(sums in prop::collection::vec(1_u64..1 << 40, 2..40), shift in 0_u32..36) {
        let sums: Vec<u64> = sums.iter().map(|minor| (minor >> shift).max(1)).collect();
        let pledged = sums.iter().map(|minor| u128::from(*minor)).sum();
        if whole(&sums, pledged, 1).is_none() {
            prop_assert_eq!(plain(&sums, 1), deep(&sums, pledged, 1));
            prop_assert_eq!(plain(&sums, NANO), deep(&sums, pledged, NANO));
        }
        prop_assert_eq!(plain(&sums, NANO) / u128::from(NANO), plain(&sums, 1));
    }

    #[test]
    fn squares_of_one_number_are_whole(number in 1_u64..1_000, roots in prop::collection::vec(1_u64..1_000, 1..20)) {
        let sums: Vec<u64> = roots.iter().map(|root| number * root * root).collect();
        let all: u128 = roots.iter().map(|root| u128::from(*root)).sum();
        let expect = u128::from(number) * all * all - sums.iter().map(|minor| u128::from(*minor)).sum::<u128>();
        prop_assert_eq!(plain(&sums, 1), expect);
        prop_assert_eq!(plain(&sums, NANO), expect * u128::from(NANO));
    }

    #[test]
    fn the_order_of_members_never_matters(mut sums in prop::collection::vec(0_u64..1 << 30, 0..20)) {
        let forward = plain(&sums, NANO);
        sums.reverse();
        prop_assert_eq!(plain(&sums, NANO), forward);
    }

    /// A match doubles with all sums, since it is money.
    #[test]
    fn a_match_grows_as_its_sums_do(sums in prop::collection::vec(1_u64..1 << 30, 2..20), times in 2_u64..50) {
        let more: Vec<u64> = sums.iter().map(|minor| minor * times).collect();
        let (one, many) = (plain(&sums, NANO), plain(&more, NANO));
        prop_assert!(many >= one * u128::from(times) && many < (one + 1) * u128::from(times));
    }
}
