//! Dividing an amount so that the parts sum to it exactly.

/// Splits an amount in proportion to `parts` by the largest remainder; ties go to the lower index.
///
/// The result sums to exactly `amount`. A negative amount is split as its opposite and negated. Parts that are
/// all 0 count as equal; without parts the result is empty.
///
/// ```
/// use quantity::split;
/// assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
/// assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
/// assert_eq!(split(5, &[0, 0]), [3, 2]);
/// ```
pub fn split(amount: i64, parts: &[u64]) -> Vec<i64> {
    // Most of what is given has one part.
    if parts.len() == 1 {
        return vec![amount];
    }
    let sum: u128 = parts.iter().copied().map(u128::from).sum();
    let equal = sum == 0;
    let total = if equal { parts.len() as u128 } else { sum };
    let magnitude = u128::from(amount.unsigned_abs());

    let mut shares = Vec::with_capacity(parts.len());
    let mut remainders = Vec::with_capacity(parts.len());
    let mut left = magnitude;
    for (index, part) in parts.iter().enumerate() {
        let part = if equal { 1 } else { u128::from(*part) };
        // INVARIANT: 2^63 × 2^64 stays inside 128 bits.
        let product = magnitude.saturating_mul(part);
        let share = product.checked_div(total).unwrap_or(0);
        left = left.saturating_sub(share);
        shares.push(share);
        remainders.push((product.checked_rem(total).unwrap_or(0), index));
    }

    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let whole_units = usize::try_from(left).unwrap_or(usize::MAX);
    for (_, index) in remainders.into_iter().take(whole_units) {
        if let Some(share) = shares.get_mut(index) {
            *share = share.saturating_add(1);
        }
    }
    shares.into_iter().map(|share| signed(share, amount < 0)).collect()
}

/// INVARIANT: a share is at most the magnitude of an `i64`, whose least value has no positive twin.
fn signed(share: u128, negative: bool) -> i64 {
    let share = i128::try_from(share).unwrap_or(i128::MAX);
    let share = if negative { share.saturating_neg() } else { share };
    i64::try_from(share).unwrap_or(if negative { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests;
