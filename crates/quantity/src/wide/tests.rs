//! Wide products and quotients, at the edges where they saturate.

use proptest::prelude::*;

use super::*;

#[test]
fn products_wider_than_the_type() {
    let (max, min) = (i128::MAX, i128::MIN);
    let table = [
        (0, 5, 3, 0),
        (5, 3, 0, 0),
        (7, 1, 2, 3),
        (-7, 1, 2, -3),
        (7, -1, -2, 3),
        (max, max, max, max),
        (min, min, min, min),
        (min, max, max, min),
        (min, 1, -1, max),
        (min, -1, 1, max),
        (min, -1, -1, min),
        (min, 2, 1, min),
        (max, 3, -1, min),
        (max, 2, 4, max / 2),
        (max, 1_000_000_000_000, 1 << 60, 147_573_952_589_676_412_927_999_999_999_999),
        (max, 1_000_000_000_000, 1 << 100, 134_217_727_999_999_999_999),
        (0, min, 1, 0),
        // 10^38 × (10^37 + 7) ÷ (10^38 − 1) = 10^37 + 7 and 0.1… more
        (10_i128.pow(38), 10_i128.pow(37) + 7, 10_i128.pow(38) - 1, 10_i128.pow(37) + 7),
    ];
    for (a, b, c, expect) in table {
        assert_eq!(mul_div(a, b, c), expect, "{a} × {b} ÷ {c}");
        assert_eq!(mul_div(b, a, c), expect, "{b} × {a} ÷ {c}");
    }
}

#[test]
fn the_narrow_one() {
    let table = [
        (7, 3, 2, 10),
        (u64::MAX, u64::MAX, u64::MAX, u64::MAX),
        (u64::MAX, u64::MAX, u64::MAX - 1, u64::MAX),
        (u64::MAX, 0, 0, 0),
    ];
    for (a, b, c, expect) in table {
        assert_eq!(mul_div_u64(a, b, c), expect, "{a} × {b} ÷ {c}");
    }
}

proptest! {
    #[test]
    fn small_ones_agree_with_plain_arithmetic(a: i64, b: i64, c: i64) {
        let expect = if c == 0 { 0 } else { i128::from(a) * i128::from(b) / i128::from(c) };
        prop_assert_eq!(mul_div(a.into(), b.into(), c.into()), expect);
    }

    #[test]
    fn the_quotient_brackets_the_product(a: i128, b: i128, c: i128) {
        // With the larger as the divisor the quotient fits.
        let (b, c) = if b.unsigned_abs() < c.unsigned_abs() { (b, c) } else { (c, b) };
        prop_assume!(c != 0);
        let quotient = mul_div(a, b, c);
        let magnitude = quotient.unsigned_abs();
        let product = widening_mul(a.unsigned_abs(), b.unsigned_abs());
        prop_assert!(widening_mul(magnitude, c.unsigned_abs()) <= product);
        prop_assert!(widening_mul(magnitude + 1, c.unsigned_abs()) > product);
    }

    #[test]
    fn multiplying_and_dividing_by_the_same_changes_nothing(a: i128, b: i128) {
        prop_assume!(b != 0);
        prop_assert_eq!(mul_div(a, b, b), a);
    }

    #[test]
    fn wide_products_agree_with_wrapping_ones(a: u128, b: u128) {
        prop_assert_eq!(widening_mul(a, b).1, a.wrapping_mul(b));
        prop_assert_eq!(widening_mul(a, b), widening_mul(b, a));
        prop_assert_eq!(widening_mul(a, 1 << 127).0, a >> 1);
    }
}

#[test]
fn products_cut_and_compared() {
    use std::cmp::Ordering;
    let wide = |a: u128, b: u128, bits| crate::Natural::from(a).times(&crate::Natural::from(b)).down(bits).to_u128();
    for (a, b) in [(0, 5), (7, 9), (u128::MAX, u128::MAX), (1 << 100, 3 << 90), (u128::MAX, 1)] {
        for bits in [0, 1, 63, 64, 127, 128, 129, 200, 255, 256, 300] {
            assert_eq!(mul_down(a, b, bits), wide(a, b, bits).unwrap_or(u128::MAX), "{a} × {b} down {bits}");
        }
    }
    assert_eq!(compare_products(2, 6, 3, 4), Ordering::Equal);
    assert_eq!(compare_products(u128::MAX, 2, u128::MAX, 3), Ordering::Less);
}
