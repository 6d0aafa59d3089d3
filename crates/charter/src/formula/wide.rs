//! Steps whose middle may be wider than 128 bits: products before a division, and roots.

use quantity::mul_div;

use super::Pico;

/// Returns a × b ÷ c, rounded toward zero; it saturates, and is 0 where c is 0.
#[inline]
pub(crate) fn scale(a: Pico, b: Pico, c: Pico) -> Pico {
    // 64 bits are nearly always enough, and then one machine division does it.
    let product = a.checked_mul(b).and_then(|product| i64::try_from(product).ok());
    match (product, i64::try_from(c)) {
        (Some(product), Ok(by)) if by > 0 => Pico::from(product.checked_div(by).unwrap_or(0)),
        _ => mul_div(a, b, c),
    }
}

/// Returns the root of a `Pico`, which is ⌊√(x × 10^12)⌋; 0 where x is negative.
pub(crate) fn root(x: Pico) -> Pico {
    const ONE: u128 = 1_000_000_000_000;
    const ROOT_OF_ONE: u128 = 1_000_000;
    let Ok(size) = u128::try_from(x) else {
        return 0;
    };
    if let Some(scaled) = size.checked_mul(ONE) {
        return Pico::try_from(scaled.isqrt()).unwrap_or(Pico::MAX);
    }
    let target = multiply(size, ONE);
    let mut low = size.isqrt().saturating_mul(ROOT_OF_ONE);
    let mut high = low.saturating_add(ROOT_OF_ONE);
    // INVARIANT: low² ≤ target < high².
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        if multiply(middle, middle) <= target {
            low = middle;
        } else {
            high = middle;
        }
    }
    Pico::try_from(low).unwrap_or(Pico::MAX)
}

/// Returns the product in two halves, the high one first.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (a_high, a_low) = (a >> 64, a & HALF);
    let (b_high, b_low) = (b >> 64, b & HALF);
    // Each product of two 64-bit halves fits in 128 bits, and so do the sums of halves below.
    let low = a_low.wrapping_mul(b_low);
    let left = a_high.wrapping_mul(b_low);
    let right = a_low.wrapping_mul(b_high);
    let high = a_high.wrapping_mul(b_high);
    let middle = (low >> 64).wrapping_add(left & HALF).wrapping_add(right & HALF);
    let top = high.wrapping_add(left >> 64).wrapping_add(right >> 64).wrapping_add(middle >> 64);
    (top, (low & HALF) | (middle << 64))
}

#[cfg(test)]
mod tests {
    use super::{multiply, root, scale};
    use proptest::prelude::*;

    #[test]
    fn edges_are_defined() {
        assert_eq!(scale(7, 3, 0), 0);
        assert_eq!(scale(i128::MAX, i128::MAX, 0), 0);
        assert_eq!(scale(i128::MIN, 1, -1), i128::MAX);
        assert_eq!(scale(i128::MAX, 2, 1), i128::MAX);
        assert_eq!(scale(i128::MAX, -2, 1), i128::MIN);
        assert_eq!(scale(i128::MAX, -3, -3), i128::MAX);
        assert_eq!(scale(i128::MAX, 3, -3), -i128::MAX);
        assert_eq!(scale(-7, 1, 2), -3);
        assert_eq!(root(-1), 0);
        assert_eq!(root(2_000_000_000_000), 1_414_213_562_373);
    }

    proptest! {
        #[test]
        fn a_root_is_the_greatest_that_fits(x in 0i128..) {
            let found = root(x) as u128;
            let target = multiply(x as u128, 1_000_000_000_000);
            prop_assert!(multiply(found, found) <= target);
            prop_assert!(multiply(found + 1, found + 1) > target);
        }
    }
}
