//! Columns give what their elements give one by one, and roots change exactly at squares.

use proptest::prelude::*;

use super::*;
use crate::PPM;

/// Roots of `n` through the whole loop, as the votes of weights with a share of one millionth.
fn roots(numbers: &[u64]) -> Vec<u64> {
    let mut roots = vec![u64::MAX; numbers.len()];
    votes_each(numbers, &vec![1; numbers.len()], &mut roots);
    roots
}

/// The root changes at each square and nowhere between two.
fn check_squares(numbers: impl Iterator<Item = u32>) {
    let numbers: Vec<u64> = numbers.map(u64::from).collect();
    for chunk in numbers.chunks(1 << 14) {
        let edges: Vec<u64> =
            chunk.iter().flat_map(|k| [(k * k).saturating_sub(1), k * k, k * k + 1, k * k + 2 * k]).collect();
        let expect = chunk.iter().flat_map(|k| [k.saturating_sub(1), *k, if *k == 0 { 1 } else { *k }, *k]);
        assert!(roots(&edges).into_iter().eq(expect), "between {:?} and {:?}", chunk.first(), chunk.last());
    }
}

#[test]
fn roots_change_at_squares_alone() {
    check_squares(0..=100_000);
    check_squares(u32::MAX - 100_000..=u32::MAX);
    // Where squares pass powers of two, and where they stop being exact floats: 2^26.5 squared is 2^53.
    for power in 4..32_u32 {
        let border = [1_u64 << power, ((1_u128 << (2 * power + 1)).isqrt()) as u64];
        for near in border {
            let near = u32::try_from(near).unwrap();
            check_squares(near.saturating_sub(3_000)..=near.saturating_add(3_000));
        }
    }
    check_squares((0..=u32::MAX).step_by(9_973));
}

#[test]
fn the_last_of_64_bits_has_the_last_root_of_32() {
    let last = u64::from(u32::MAX);
    assert_eq!(roots(&[u64::MAX, u64::MAX - 1, last * last - 1]), [last, last, last - 1]);
}

/// The parts' roots change exactly where k² × n is reached.
#[test]
fn parts_change_at_squares_alone() {
    for among in [1, 2, 3, 4, 7, 10, 1_000, 65_537, 1_000_000, u32::MAX] {
        for root in (0..3_000_u64).chain((0..4_000_000_000).step_by(19_999_999)) {
            // The least weight that gives the root, and the one before it.
            let least = (u128::from(root) * u128::from(root) * u128::from(among)).div_ceil(u128::from(MICRO));
            let Ok(least) = u64::try_from(least) else {
                continue;
            };
            let weights = [least, least.saturating_sub(1), least.saturating_add(1)];
            for weight in weights {
                let expect = u128::from(votes_split(weight, among));
                assert_eq!(votes_split_sum(&[weight], among), expect, "{weight} among {among}");
            }
        }
    }
}

#[test]
fn columns_of_uneven_length_end_with_the_shortest() {
    let mut votes = [7; 3];
    votes_each(&[MICRO; 200], &[PPM; 2], &mut votes);
    assert_eq!(votes, [MICRO, MICRO, 7]);
    votes_each(&[], &[PPM], &mut votes);
    assert_eq!(votes, [MICRO, MICRO, 7]);
    assert_eq!(votes_split_sum(&[], 3), 0);
}

/// One weight beyond 64 bits in a chunk leaves its neighbours as they are.
#[test]
fn the_very_heavy_are_exact_wherever_they_are() {
    for place in [0, 1, 63, 64, 65, 129] {
        let mut weights: Vec<u64> = (0..130).map(|i| i * i * MICRO).collect();
        weights[place] = u64::MAX;
        check(&weights, &vec![PPM; 130], 3);
    }
    // The first product that does not fit, and the last that does.
    let most = u64::MAX / u64::from(PPM);
    check(&[most, most + 1, 1 << 44, (1 << 44) - 1, u64::MAX], &[PPM; 5], 1);
    check(&[1 << 32, (1 << 32) + 1, u64::MAX], &[u32::MAX; 3], u32::MAX);
}

fn check(weights: &[u64], shares: &[u32], among: u32) {
    let mut each = vec![0; weights.len()];
    votes_each(weights, shares, &mut each);
    for ((weight, share), found) in weights.iter().zip(shares).zip(each) {
        let product = u128::from(*weight) * u128::from(*share);
        assert_eq!(u128::from(found), product.isqrt(), "{weight} × {share}");
    }
    let parts = weights.iter().map(|weight| u128::from(votes_split(*weight, among)));
    assert_eq!(votes_split_sum(weights, among), parts.sum::<u128>(), "{weights:?} among {among}");
}

proptest! {
    #[test]
    fn columns_are_their_elements(
        rows in prop::collection::vec((any::<u64>(), 0_u32..64, any::<u32>(), 0_u32..32), 0..200),
        among in any::<u32>(),
    ) {
        let weights: Vec<u64> = rows.iter().map(|(weight, shift, _, _)| weight >> shift).collect();
        let shares: Vec<u32> = rows.iter().map(|(_, _, share, shift)| share >> shift).collect();
        check(&weights, &shares, among);
        // Weights that all fit take the other way.
        let light: Vec<u64> = weights.iter().map(|weight| weight >> 32).collect();
        check(&light, &shares, among);
    }
}

fn check_fine(number: u64, greatest: u64) {
    let roots = FineRoots::up_to(greatest);
    let exact = |bits: u32| crate::Natural::from(u128::from(number)).up(2 * bits).root().to_u128().unwrap();
    let (short, long) = (exact(roots.bits()), exact(roots.finer_bits()));
    let inexact = u64::from(number.isqrt().pow(2) != number);
    assert_eq!(roots.sum(&[number]), RootSum { sum: short, inexact }, "{number} of {greatest}");
    assert_eq!(roots.finer_sum(&[number]), RootSum { sum: long, inexact }, "{number} of {greatest}");
    assert_eq!(roots.finer(number), long);
    let near = roots.near_sum(&[number]).unwrap();
    let off = near.abs_diff(exact(roots.near_bits()));
    assert!(off <= 1, "{number} of {greatest}: {off}");
}

#[test]
fn fine_roots_at_squares_and_powers() {
    for power in 0..64 {
        let border = 1_u64 << power;
        for number in [border - 1, border, border + 1, border | border >> 1] {
            for greatest in [number, number.saturating_mul(3), u64::MAX] {
                check_fine(number, greatest);
            }
        }
        let square = u64::from(root_u64_of(border)).pow(2);
        for number in [square.saturating_sub(1), square, square + 1] {
            check_fine(number, number);
        }
    }
    check_fine(u64::MAX, u64::MAX);
    for number in 0..2_000 {
        check_fine(number, 2_000);
    }
}

fn root_u64_of(number: u64) -> u32 {
    crate::root_u64(number)
}

proptest! {
    #[test]
    fn fine_roots_are_rounded_down(number in any::<u64>(), shift in 0_u32..64, more in 0_u32..20) {
        let number = number >> shift;
        check_fine(number, number.saturating_mul(1 << more));
    }
}

#[test]
fn sums_of_fine_roots_add_up() {
    let numbers: Vec<u64> = (0..500).map(|number| number * 7_919).collect();
    let roots = FineRoots::up_to(500 * 7_919);
    let mut sum = RootSum::default();
    for number in &numbers {
        let one = roots.sum(&[*number]);
        sum = RootSum { sum: sum.sum + one.sum, inexact: sum.inexact + one.inexact };
    }
    assert_eq!(roots.sum(&numbers), sum);
    let apart = u32::abs_diff(roots.bits(), roots.near_bits());
    assert!(roots.near_sum(&numbers).unwrap().abs_diff(sum.sum >> apart) < 1_000);
    assert_eq!(FineRoots::up_to(4).near_sum(&[5]), None);
    // Greater ones count as the greatest.
    assert_eq!(FineRoots::up_to(4).sum(&[u64::MAX]).sum, 2 << FineRoots::up_to(4).bits());
}
