//! The root is exact at both edges of squares, and agrees with the definition.

use proptest::prelude::*;

use super::*;
use crate::PPM;

fn check_edges_64(root: u32) {
    let wide = u64::from(root);
    assert_eq!(root_u64(wide * wide), root);
    assert_eq!(root_u64(wide * wide + 2 * wide), root);
}

#[test]
fn exact_at_the_edges_of_squares() {
    (0..=200_000).for_each(check_edges_64);
    (u32::MAX - 200_000..=u32::MAX).for_each(check_edges_64);
    // Every interval of the table begins at one of these.
    for index in 128_u64..512 {
        let near = (index << 55).isqrt() as u32;
        (near - 200..=near.saturating_add(200)).for_each(check_edges_64);
    }
    (0..=u32::MAX).step_by(9_973).for_each(check_edges_64);
}

#[test]
fn exact_at_the_edges_of_wide_squares() {
    for root in [1 << 32, (1 << 32) + 1, 10_u64.pow(19), 1 << 63, u64::MAX - 1, u64::MAX] {
        let wide = u128::from(root);
        assert_eq!(root_u128(wide * wide), root);
        assert_eq!(root_u128(wide * wide - 1), root - 1);
        assert_eq!(root_u128(wide * wide + 2 * wide), root);
    }
    assert_eq!(root_u128(0), 0);
    assert_eq!(root_u128(u128::MAX), u64::MAX);
}

#[test]
fn votes_of_weights() {
    let table = [
        (0, PPM, 0),
        (MICRO, 0, 0),
        (MICRO, PPM, MICRO),
        (2 * MICRO, PPM, 1_414_213),
        (MICRO, 1, 1_000),
        (1, 1, 1),
        (1, PPM, 1_000),
        (u64::MAX, PPM, 4_294_967_295_999),
        (u64::MAX, u32::MAX, 281_474_976_677_887),
        (u64::MAX / 1_000_000, PPM, 4_294_967_295),
    ];
    for (weight, share, expect) in table {
        assert_eq!(votes(weight, share), expect, "{weight} × {share}");
    }
}

#[test]
fn votes_split_evenly() {
    assert_eq!(votes_split(MICRO, 0), votes_split(MICRO, 1));
    assert_eq!(votes_split(3 * MICRO, 3), MICRO);
    assert_eq!(votes_split(u64::MAX, 1), votes(u64::MAX, PPM));
    assert_eq!(votes_split(u64::MAX, u32::MAX), 65_536_000);
    assert_eq!(votes_split(0, 7), 0);
}

proptest! {
    #[test]
    fn the_root_is_the_largest_whose_square_fits(n: u64, shift in 0_u32..64) {
        let n = n >> shift;
        let root = u128::from(root_u64(n));
        prop_assert!(root * root <= u128::from(n));
        prop_assert!((root + 1) * (root + 1) > u128::from(n));
    }

    #[test]
    fn the_wide_root_is_the_largest_whose_square_fits(n: u128, shift in 0_u32..128) {
        let n = n >> shift;
        let root = u128::from(root_u128(n));
        prop_assert!(root * root <= n);
        prop_assert!((root + 1).checked_mul(root + 1).is_none_or(|square| square > n));
    }

    #[test]
    fn votes_are_the_root_of_the_product(weight: u64, shift in 0_u32..64, share: u32) {
        let weight = weight >> shift;
        let product = u128::from(weight) * u128::from(share);
        prop_assert_eq!(votes(weight, share), product.isqrt() as u64);
    }

    #[test]
    fn parts_together_square_to_no_more_than_the_weight(weight: u64, among in 1_u32..) {
        let part = u128::from(votes_split(weight, among));
        prop_assert!(part * part * u128::from(among) <= u128::from(weight) * 1_000_000);
        let more = (part + 1) * (part + 1) * u128::from(among);
        prop_assert!(more > u128::from(weight) * 1_000_000);
    }
}
