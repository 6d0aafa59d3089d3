//! Natural numbers agree with 128 bits where those reach, and with algebra beyond.

use proptest::prelude::*;

use super::*;

fn n(number: u128) -> Natural {
    Natural::from(number)
}

/// A number of up to 320 bits.
fn wide() -> impl Strategy<Value = Natural> {
    prop::collection::vec(any::<u64>(), 0..6).prop_map(Natural::of)
}

#[test]
fn edges() {
    assert_eq!((n(0).bits(), n(1).bits(), n(u128::MAX).bits()), (0, 1, 128));
    assert_eq!(n(u128::MAX).plus(&n(1)).to_u128(), None);
    assert_eq!(n(u128::MAX).plus(&n(1)).less(&n(1)), n(u128::MAX));
    assert_eq!(n(3).less(&n(4)), n(0));
    assert_eq!(n(7).divided_by(0), n(0));
    assert_eq!(n(0).root(), n(0));
    assert_eq!(n(5).up(200).down(200), n(5));
}

proptest! {
    #[test]
    fn as_128_bits_have_it(a in any::<u64>(), b in 1..=u64::MAX, shift in 0_u32..60) {
        let (wide_a, wide_b) = (u128::from(a), u128::from(b));
        prop_assert_eq!(n(wide_a).plus(&n(wide_b)), n(wide_a + wide_b));
        prop_assert_eq!(n(wide_a).times(&n(wide_b)), n(wide_a * wide_b));
        prop_assert_eq!(n(wide_a * wide_b).divided_by(b), n(wide_a));
        prop_assert_eq!(n(wide_a).up(shift), n(wide_a << shift));
        prop_assert_eq!(n(wide_a).down(shift), n(wide_a >> shift));
        prop_assert_eq!(n(wide_a).cmp(&n(wide_b)), a.cmp(&b));
    }

    #[test]
    fn a_root_is_the_greatest_whose_square_fits(number in wide()) {
        let root = number.root();
        let next = root.plus(&n(1));
        prop_assert!(root.times(&root) <= number);
        prop_assert!(next.times(&next) > number);
    }

    #[test]
    fn a_square_has_its_root(root in wide()) {
        prop_assert_eq!(root.times(&root).root(), root);
    }

    #[test]
    fn a_difference_undoes_a_sum(a in wide(), b in wide(), up in 0_u32..200) {
        prop_assert_eq!(a.plus(&b).less(&b), a.clone());
        prop_assert_eq!(a.plus(&b).times(&a), a.times(&a).plus(&b.times(&a)));
        prop_assert_eq!(a.up(up).down(up), a.clone());
        prop_assert_eq!(a.up(up).bits(), if a.bits() == 0 { 0 } else { a.bits() + up });
    }
}
