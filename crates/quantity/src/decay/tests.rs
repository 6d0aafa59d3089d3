//! Golden values, the promised error, monotony, and the table against itself in wide integers.

use proptest::prelude::*;

use super::*;

/// Age, half-life, the bits of the specification (made by running its Python), and ⌊2^(63 − age ÷ half-life)⌋
/// from 400-bit arithmetic (mpmath).
const GOLDEN: [(u64, u64, u64, u64); 33] = [
    (0, 1, 9223372036854775808, 9223372036854775808),
    (0, 0, 9223372036854775808, 9223372036854775808),
    (1, 0, 0, 0),
    (1, 1, 4611686018427387904, 4611686018427387904),
    (63, 1, 1, 1),
    (64, 1, 0, 0),
    (127, 2, 0, 0),
    (1, 2, 6521908912666391106, 6521908912666391106),
    (1, 3, 7320595236998672905, 7320595236998672906),
    (86400000000, 15552000000000, 9187922810898938976, 9187922810898938978),
    (31536000000000, 31536000000000, 4611686018427387904, 4611686018427387904),
    (1, 31536000000000, 9223372036854573081, 9223372036854573082),
    (31535999999999, 31536000000000, 4611686018427489265, 4611686018427489266),
    (31536000000001, 31536000000000, 4611686018427286540, 4611686018427286541),
    (123456789012345, 31536000000000, 611534244397168573, 611534244397168573),
    (18446744073709551615, 18446744073709551615, 4611686018427387904, 4611686018427387904),
    (18446744073709551614, 18446744073709551615, 4611686018427387904, 4611686018427387904),
    (9223372036854775808, 18446744073709551615, 6521908912666391104, 6521908912666391106),
    (1, 18446744073709551615, 9223372036854775805, 9223372036854775807),
    (18446744073709551615, 1, 0, 0),
    (18446744073709551615, 288230376151711744, 0, 0),
    (167279807972, 3400114873424, 8914142419158095827, 8914142419158095828),
    (3527346212, 102929295534097, 9223152948589065280, 9223152948589065282),
    (256057609356405, 10553656767948, 458314266162, 458314266162),
    (1862494042, 16935356074895, 9222668965838682477, 9222668965838682480),
    (2366729934, 58184175836598, 9223111989235532578, 9223111989235532579),
    (266683641068579, 5517446525752, 25984, 25984),
    (17415867796905, 68693919916700, 7736954409996249983, 7736954409996249984),
    (73214515120, 1843784832406, 8972969297020225245, 8972969297020225248),
    (2322228204, 14356186989912, 9222337950922401040, 9222337950922401042),
    (17622490082, 856297927171, 9092735795990545205, 9092735795990545207),
    (8837806220322, 225996925361, 15590141, 15590141),
    (18707504869716, 22105239877400, 5130151793965427138, 5130151793965427139),
];

#[test]
fn the_specification_gives_these_bits() {
    for (age, half_life, bits, _) in GOLDEN {
        assert_eq!(half_power(age, half_life), bits, "{age} / {half_life}");
    }
}

#[test]
fn never_above_the_exact_value_and_less_than_2_to_the_minus_60_below() {
    for (age, half_life, _, exact) in GOLDEN {
        let power = half_power(age, half_life);
        assert!(power <= exact, "{age} / {half_life}");
        // `exact` is rounded down itself, so less than 2^-60 below leaves at most 7 steps of 2^-63.
        assert!(exact - power <= 7, "{age} / {half_life}");
    }
}

#[test]
fn whole_halvings_are_exact() {
    for halvings in 0..64 {
        assert_eq!(half_power(halvings * 977, 977), 1 << (63 - halvings));
    }
    assert_eq!(half_power(64 * 977, 977), 0);
}

#[test]
fn no_half_life_is_no_memory() {
    assert_eq!(half_power(1, 0), 0);
    assert_eq!(half_power(0, 0), 1 << 63);
}

/// The widest half-life makes neighbours differ least; the places are the seams of the table and of the halving.
#[test]
fn never_rises_from_one_microsecond_to_the_next() {
    let half_life = u64::MAX;
    let seams = (0..=64_u64).map(|j| (u128::from(half_life) * u128::from(j) / 64) as u64);
    for seam in seams {
        let from = seam.saturating_sub(3_000);
        let mut last = half_power(from, half_life);
        for age in from + 1..seam.saturating_add(3_000) {
            let power = half_power(age, half_life);
            assert!(power <= last, "{age}");
            last = power;
        }
    }
    let half_life = u64::MAX / 5;
    let mut last = half_power(half_life - 3_000, half_life);
    for age in half_life - 2_999..half_life + 3_000 {
        let power = half_power(age, half_life);
        assert!(power <= last, "{age}");
        last = power;
    }
}

/// n is ⌊2^(70 − j ÷ 64)⌋ exactly when n^64 ≤ 2^(4480 − j) < (n + 1)^64.
#[test]
fn the_table_holds_the_rounded_down_powers() {
    for (j, entry) in POWERS.iter().enumerate() {
        let limit = power_of_two(4480 - j);
        assert!(to_the_64th(*entry) <= limit, "{j}");
        assert!(to_the_64th(*entry + 1) > limit, "{j}");
    }
}

/// A natural number, highest digit first (base 2^32), always 160 digits, so that comparing arrays compares numbers.
type Natural = Vec<u64>;

fn power_of_two(exponent: usize) -> Natural {
    let mut digits = vec![0; 160];
    digits[159 - exponent / 32] = 1 << (exponent % 32);
    digits
}

fn to_the_64th(n: u128) -> Natural {
    let mut power = vec![0; 160];
    for (place, digit) in power.iter_mut().rev().take(4).enumerate() {
        *digit = (n >> (32 * place)) as u64 & 0xffff_ffff;
    }
    for _ in 0..6 {
        power = square(&power);
    }
    power
}

fn square(n: &Natural) -> Natural {
    let mut product = vec![0_u128; 320];
    for (i, a) in n.iter().rev().enumerate() {
        for (j, b) in n.iter().rev().enumerate() {
            product[i + j] += u128::from(a * b);
        }
    }
    let mut carry = 0;
    for digit in &mut product {
        carry += *digit;
        *digit = carry & 0xffff_ffff;
        carry >>= 32;
    }
    assert!(product[160..].iter().all(|digit| *digit == 0));
    product[..160].iter().rev().map(|digit| *digit as u64).collect()
}

#[test]
fn a_faded_value_follows_its_records() {
    let year = 365 * 86_400_000_000_u64;
    let half_year = Moment(year as i64 / 2);
    let one_year = Moment(year as i64);
    let given = Faded::default().plus(100).at(half_year, year).plus(20).at(one_year, year);
    // 100 ÷ 2 + 20 ÷ √2, made with mpmath: 64.142135623730950488…
    assert_eq!(given.pico(), 64_142_135_623_730);
    assert_eq!(given.at, one_year);
}

#[test]
fn the_past_changes_nothing() {
    let given = Faded { value: 3 << 60, at: Moment(50) };
    assert_eq!(given.at(Moment(50), 0), given);
    assert_eq!(given.at(Moment(49), 1), given);
    assert_eq!(given.at(Moment(51), 0), Faded { value: 0, at: Moment(51) });
}

#[test]
fn a_faded_value_saturates() {
    let full = Faded { value: i128::MAX, at: Moment(0) };
    assert_eq!(full.plus(i64::MAX).value, i128::MAX);
    assert_eq!(full.at(Moment(1), 1).value, i128::MAX / 2);
    let owed = Faded { value: i128::MIN, at: Moment(0) };
    assert_eq!(owed.plus(i64::MIN).value, i128::MIN);
    assert_eq!(owed.at(Moment(1), 1).value, i128::MIN / 2);
    assert_eq!(owed.at(Moment(0), 1).value, i128::MIN);
    assert_eq!(full.at(Moment(i64::MAX), u64::MAX).value, scale(i128::MAX, half_power(i64::MAX as u64, u64::MAX)));
}

proptest! {
    #[test]
    fn older_is_never_more(age: u64, older: u64, half_life: u64) {
        let (age, older) = (age.min(older), age.max(older));
        prop_assert!(half_power(age, half_life) >= half_power(older, half_life));
    }

    #[test]
    fn neighbours_never_rise(age: u64, half_life in (1_u64 << 58)..) {
        prop_assert!(half_power(age, half_life) >= half_power(age.saturating_add(1), half_life));
    }

    /// Squares the value that must be a square root: an independent check of the error over the whole range.
    #[test]
    fn half_an_age_is_the_root(age in 0..u64::MAX / 2, half_life in 1_u64..) {
        let half = u128::from(half_power(age, half_life));
        let whole = u128::from(half_power(age * 2, half_life));
        let squared = (half * half) >> 63;
        prop_assert!(squared.abs_diff(whole) <= 17);
    }

    #[test]
    fn fading_is_the_same_for_both_signs(value: i128, age in 0..i64::MAX, half_life: u64) {
        let faded = |value| Faded { value, at: Moment(0) }.at(Moment(age), half_life).value;
        let value = value.max(-i128::MAX);
        prop_assert_eq!(faded(value), -faded(-value));
        prop_assert!(faded(value).unsigned_abs() <= value.unsigned_abs());
    }
}
