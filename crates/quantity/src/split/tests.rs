//! Parts sum to the amount, and each is as near to its proportion as it can be.

use proptest::prelude::*;

use super::*;

#[test]
fn shares_by_largest_remainder() {
    let cases: [(i64, &[u64], &[i64]); 12] = [
        (100, &[1, 1, 1], &[34, 33, 33]),
        (-100, &[1, 1, 1], &[-34, -33, -33]),
        (10, &[0, 1, 0], &[0, 10, 0]),
        (7, &[2, 3, 5], &[1, 2, 4]),
        (1, &[1, 2, 2], &[0, 1, 0]),
        (1, &[5, 5], &[1, 0]),
        (3, &[0, 0], &[2, 1]),
        (0, &[1, 2], &[0, 0]),
        (5, &[], &[]),
        (i64::MIN, &[1], &[i64::MIN]),
        (i64::MAX, &[u64::MAX, u64::MAX], &[i64::MAX / 2 + 1, i64::MAX / 2]),
        // Twelve equal months of a year's gift.
        (10_000, &[1; 12], &[834, 834, 834, 834, 833, 833, 833, 833, 833, 833, 833, 833]),
    ];
    for (amount, parts, expect) in cases {
        assert_eq!(split(amount, parts), expect, "{amount} among {parts:?}");
    }
}

proptest! {
    #[test]
    fn shares_sum_to_the_amount(amount: i64, parts in prop::collection::vec(any::<u64>(), 1..40)) {
        let shares = split(amount, &parts);
        prop_assert_eq!(shares.len(), parts.len());
        prop_assert_eq!(shares.iter().map(|share| i128::from(*share)).sum::<i128>(), i128::from(amount));
    }

    #[test]
    fn a_share_is_its_quota_rounded(amount in 0..i64::MAX, parts in prop::collection::vec(0_u64..9, 1..40)) {
        let total: u64 = parts.iter().sum();
        prop_assume!(total > 0);
        for (share, part) in split(amount, &parts).into_iter().zip(parts) {
            let exact = i128::from(amount) * i128::from(part);
            let (low, exactly) = (exact / i128::from(total), exact % i128::from(total) == 0);
            let share = i128::from(share);
            prop_assert!(share == low || (share == low + 1 && !exactly));
        }
    }

    #[test]
    fn equal_parts_differ_by_one_at_most_and_never_rise(amount in 0..i64::MAX, count in 1_usize..50) {
        let shares = split(amount, &vec![0; count]);
        prop_assert_eq!(&shares, &split(amount, &vec![3; count]));
        prop_assert!(shares.is_sorted_by(|a, b| a >= b));
        prop_assert!(shares[0] - shares[count - 1] <= 1);
    }
}
