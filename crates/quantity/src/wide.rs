//! Products and quotients whose middle is wider than their ends.

use std::cmp::Ordering;

/// Computes a × b ÷ c with a 256-bit middle, rounded toward zero, saturating; 0 when c is 0.
///
/// ```
/// use quantity::mul_div;
/// assert_eq!(mul_div(i128::MAX, i128::MAX, i128::MAX), i128::MAX);
/// assert_eq!(mul_div(-7, 1, 2), -3);
/// assert_eq!(mul_div(i128::MAX, 2, -1), i128::MIN);
/// ```
pub fn mul_div(a: i128, b: i128, c: i128) -> i128 {
    if c == 0 {
        return 0;
    }
    if let Some(quotient) = a.checked_mul(b).and_then(|ab| ab.checked_div(c)) {
        return quotient;
    }
    let negative = (a < 0) != (b < 0) && a != 0 && b != 0;
    let (high, low) = widening_mul(a.unsigned_abs(), b.unsigned_abs());
    let magnitude = divide_wide(high, low, c.unsigned_abs());
    match (negative != (c < 0), magnitude.and_then(|m| i128::try_from(m).ok())) {
        (false, Some(quotient)) => quotient,
        (false, None) => i128::MAX,
        (true, Some(quotient)) => quotient.saturating_neg(),
        // A magnitude of exactly 2^127 is i128::MIN itself, so saturating loses nothing.
        (true, None) => i128::MIN,
    }
}

/// Computes a × b ÷ c rounded toward zero, saturating; 0 when c is 0.
///
/// ```
/// use quantity::mul_div_u64;
/// assert_eq!(mul_div_u64(u64::MAX, 3, 4), 13_835_058_055_282_163_711);
/// assert_eq!(mul_div_u64(u64::MAX, 2, 1), u64::MAX);
/// assert_eq!(mul_div_u64(1, 1, 0), 0);
/// ```
pub fn mul_div_u64(a: u64, b: u64, c: u64) -> u64 {
    let product = u128::from(a).saturating_mul(u128::from(b));
    let quotient = product.checked_div(u128::from(c)).unwrap_or(0);
    u64::try_from(quotient).unwrap_or(u64::MAX)
}

/// Returns ⌊a × b ÷ 2^bits⌋ with a 256-bit middle, saturating.
///
/// ```
/// use quantity::mul_down;
/// assert_eq!(mul_down(1 << 100, 3 << 100, 199), 6);
/// assert_eq!(mul_down(u128::MAX, u128::MAX, 1), u128::MAX);
/// ```
#[must_use]
pub fn mul_down(a: u128, b: u128, bits: u32) -> u128 {
    let (high, low) = widening_mul(a, b);
    match bits {
        0 if high == 0 => low,
        1..128 if high.wrapping_shr(bits) == 0 => {
            high.wrapping_shl(128_u32.wrapping_sub(bits)) | low.wrapping_shr(bits)
        }
        128..256 => high.wrapping_shr(bits.wrapping_sub(128)),
        256.. => 0,
        _ => u128::MAX,
    }
}

/// Compares a × b with c × d, exactly.
///
/// ```
/// use std::cmp::Ordering;
/// assert_eq!(quantity::compare_products(u128::MAX, 3, u128::MAX - 1, 3), Ordering::Greater);
/// ```
#[must_use]
pub fn compare_products(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    widening_mul(a, b).cmp(&widening_mul(c, d))
}

/// Returns the high and the low 128 bits of the product, by halves.
fn widening_mul(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low) = (a >> 64, a & LOW);
    let (b_high, b_low) = (b >> 64, b & LOW);
    // INVARIANT: no sum below overflows: (2^64 − 1)² + 2 × (2^64 − 1) = 2^128 − 1.
    let low = a_low.wrapping_mul(b_low);
    let middle = a_high.wrapping_mul(b_low).wrapping_add(low >> 64);
    let other = a_low.wrapping_mul(b_high).wrapping_add(middle & LOW);
    let high = a_high.wrapping_mul(b_high).wrapping_add(middle >> 64).wrapping_add(other >> 64);
    (high, (other << 64) | (low & LOW))
}

/// Divides (high × 2^128 + low) by the divisor, which is at most 2^127; `None` when the quotient has more than 128 bits.
fn divide_wide(high: u128, low: u128, divisor: u128) -> Option<u128> {
    if high >= divisor {
        return None;
    }
    let mut remainder = high;
    let mut quotient = 0_u128;
    for bit in (0..128_u32).rev() {
        // INVARIANT: remainder < divisor ≤ 2^127, so that doubling it stays inside 128 bits.
        remainder = (remainder << 1) | (low.wrapping_shr(bit) & 1);
        quotient <<= 1;
        if remainder >= divisor {
            remainder = remainder.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    Some(quotient)
}

#[cfg(test)]
mod tests;
