//! Natural numbers of any size, for the few sums that must be exact beyond 128 bits. Not for columns: each number has its own
//! memory, and its root is found bit by bit.

use std::cmp::Ordering;

/// A natural number, in limbs of 64 bits, the least first; no leading zeros.
///
/// ```
/// use quantity::Natural;
/// let wide = Natural::from(u128::MAX).times(&Natural::from(u128::MAX));
/// assert_eq!(wide.root().to_u128(), Some(u128::MAX));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Natural {
    limbs: Vec<u64>,
}

impl From<u128> for Natural {
    fn from(number: u128) -> Natural {
        Natural::of(vec![number as u64, (number >> 64) as u64])
    }
}

impl Natural {
    /// Returns the number, where it fits 128 bits.
    #[must_use]
    pub fn to_u128(&self) -> Option<u128> {
        let limb = |at: usize| u128::from(self.limbs.get(at).copied().unwrap_or(0));
        (self.limbs.len() <= 2).then(|| limb(0) | limb(1) << 64)
    }

    /// Returns the number of bits up to the highest one; 0 for 0.
    #[must_use]
    pub fn bits(&self) -> u32 {
        let Some(top) = self.limbs.last() else { return 0 };
        let limbs = u32::try_from(self.limbs.len()).unwrap_or(u32::MAX);
        limbs.saturating_mul(64).saturating_sub(top.leading_zeros())
    }

    /// Returns the sum.
    #[must_use]
    pub fn plus(&self, other: &Natural) -> Natural {
        let mut limbs = Vec::with_capacity(self.limbs.len().max(other.limbs.len()).saturating_add(1));
        let mut carry = false;
        for at in 0..self.limbs.len().max(other.limbs.len()) {
            let (sum, one) = self.limb(at).overflowing_add(other.limb(at));
            let (sum, two) = sum.overflowing_add(u64::from(carry));
            carry = one || two;
            limbs.push(sum);
        }
        limbs.push(u64::from(carry));
        Natural::of(limbs)
    }

    /// Returns the difference; 0 where the other is greater.
    #[must_use]
    pub fn less(&self, other: &Natural) -> Natural {
        let mut difference = self.clone();
        if difference < *other {
            return Natural::default();
        }
        difference.take(other);
        Natural::of(difference.limbs)
    }

    /// Returns the product.
    #[must_use]
    pub fn times(&self, other: &Natural) -> Natural {
        let mut limbs = vec![0_u64; self.limbs.len().saturating_add(other.limbs.len())];
        for (low, a) in self.limbs.iter().enumerate() {
            let mut carry = 0_u128;
            for (cell, b) in limbs.iter_mut().skip(low).zip(other.limbs.iter().chain(std::iter::once(&0))) {
                // INVARIANT: (2^64 − 1)² + 2 × (2^64 − 1) = 2^128 − 1.
                carry = u128::from(*a).wrapping_mul(u128::from(*b)).wrapping_add(u128::from(*cell)).wrapping_add(carry);
                *cell = carry as u64;
                carry >>= 64;
            }
        }
        Natural::of(limbs)
    }

    /// Returns the quotient, rounded down; 0 by 0.
    #[must_use]
    pub fn divided_by(&self, divisor: u64) -> Natural {
        let mut limbs = self.limbs.clone();
        let mut rest = 0_u128;
        for limb in limbs.iter_mut().rev() {
            let dividend = rest << 64 | u128::from(*limb);
            *limb = dividend.checked_div(u128::from(divisor)).unwrap_or(0) as u64;
            rest = dividend.checked_rem(u128::from(divisor)).unwrap_or(0);
        }
        Natural::of(limbs)
    }

    /// Returns the number times 2^`bits`.
    #[must_use]
    pub fn up(&self, bits: u32) -> Natural {
        let mut limbs = vec![0; (bits / 64) as usize];
        let mut carry = 0_u128;
        for limb in self.limbs.iter().chain(std::iter::once(&0)) {
            carry |= u128::from(*limb).wrapping_shl(bits % 64);
            limbs.push(carry as u64);
            carry >>= 64;
        }
        Natural::of(limbs)
    }

    /// Returns the number ÷ 2^`bits`, rounded down.
    #[must_use]
    pub fn down(&self, bits: u32) -> Natural {
        let from = (bits / 64) as usize;
        let limbs = (from..self.limbs.len()).map(|at| {
            let both = u128::from(self.limb(at)) | u128::from(self.limb(at.saturating_add(1))) << 64;
            both.wrapping_shr(bits % 64) as u64
        });
        Natural::of(limbs.collect())
    }

    /// Returns the square root, rounded down.
    #[must_use]
    pub fn root(&self) -> Natural {
        if let Some(small) = self.to_u128() {
            return Natural::from(small.isqrt());
        }
        // The method of pencil and paper, with two bits of the number for each bit of the root.
        let (mut root, mut rest) = (Natural::default(), Natural::default());
        for pair in (0..self.bits().div_ceil(2)).rev() {
            let low = pair.saturating_mul(2);
            let two = self.down_to_two_bits(low);
            rest.push_bits(2, two);
            root.push_bits(2, 1);
            let fits = rest >= root;
            if fits {
                rest.take(&root);
                rest.trim();
            }
            root.pop_two_and_push(u64::from(fits));
        }
        root
    }

    fn of(limbs: Vec<u64>) -> Natural {
        let mut number = Natural { limbs };
        number.trim();
        number
    }

    fn trim(&mut self) {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    fn limb(&self, at: usize) -> u64 {
        self.limbs.get(at).copied().unwrap_or(0)
    }

    /// Takes another off that is not greater; leading zeros may stay.
    fn take(&mut self, other: &Natural) {
        let mut borrow = false;
        for (at, limb) in self.limbs.iter_mut().enumerate() {
            let (difference, one) = limb.overflowing_sub(other.limb(at));
            let (difference, two) = difference.overflowing_sub(u64::from(borrow));
            borrow = one || two;
            *limb = difference;
        }
    }

    /// The two bits from an even place on.
    fn down_to_two_bits(&self, low: u32) -> u64 {
        self.limb((low / 64) as usize).wrapping_shr(low % 64) & 3
    }

    /// Writes so many bits behind the number; fewer than 64.
    fn push_bits(&mut self, bits: u32, what: u64) {
        let mut carry = u128::from(what);
        for limb in &mut self.limbs {
            carry |= u128::from(*limb).wrapping_shl(bits);
            *limb = carry as u64;
            carry >>= 64;
        }
        if carry != 0 {
            self.limbs.push(carry as u64);
        }
    }

    /// Writes one bit in the place of the last two.
    fn pop_two_and_push(&mut self, bit: u64) {
        let mut above = 0_u64;
        for limb in self.limbs.iter_mut().rev() {
            let kept = *limb;
            *limb = kept >> 1 | above << 63;
            above = kept & 1;
        }
        if let Some(limb) = self.limbs.first_mut() {
            *limb = *limb & !1 | bit;
        }
        self.trim();
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        let length = self.limbs.len().cmp(&other.limbs.len());
        length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }
}

#[cfg(test)]
mod tests;
