//! Conviction: how far votes that stand have come to be believed. At each update y ← y × a + T × (1 − a), with a = 2^-(Δ ÷ h).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::decay::{ONE, half_power};

/// A conviction: a number with 64 binary places, in the unit of the votes that it follows. It may be negative, as they may.
///
/// Both products are rounded toward zero to a 2^64th, and nothing else is rounded. 2^-x is [`half_power`]'s, so that every machine
/// comes to the same bits. Rankings, commitments and funding projects follow votes by the same function.
///
/// ```
/// use quantity::Conviction;
/// // Ten votes that stand for one half-life count half.
/// let half = Conviction::default().toward(10, 7, 7);
/// assert_eq!(half.rounded(), 5);
/// assert_eq!(half.toward(10, 7, 7).in_parts(10), 75);
/// assert_eq!(half.toward(-5, 7, 7).rounded(), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Conviction {
    /// Never set where the number is 0.
    negative: bool,
    /// The magnitude: whole units, and 2^64ths of one.
    whole: u128,
    part: u64,
}

impl Conviction {
    /// Returns what is left of it after so long, with the votes that stood meanwhile. Times are in one unit, whichever it is.
    ///
    /// ```
    /// use quantity::Conviction;
    /// let forgotten = Conviction::default().toward(8, 9, 3).toward(0, 9, 3);
    /// assert_eq!(forgotten.in_parts(8), 7);
    /// ```
    #[must_use]
    pub fn toward(self, votes: i128, elapsed: u64, half_life: u64) -> Conviction {
        self.toward_by(votes, half_power(elapsed, half_life))
    }

    /// As [`Conviction::toward`], where many follow their votes for the same time: `kept` is [`half_power`] of it.
    ///
    /// ```
    /// use quantity::{Conviction, half_power};
    /// let had = Conviction::default().toward(8, 9, 3);
    /// assert_eq!(had.toward_by(5, half_power(9, 3)), had.toward(5, 9, 3));
    /// ```
    #[must_use]
    pub fn toward_by(self, votes: i128, kept: u64) -> Conviction {
        self.toward_small(votes, kept).unwrap_or_else(|| self.toward_any(votes, kept))
    }

    /// The usual case in one word: neither is below 0, and both are below 2^63.
    #[inline]
    fn toward_small(self, votes: i128, kept: u64) -> Option<Conviction> {
        let small = |number: u128| u64::try_from(number).ok().filter(|number| *number >> 63 == 0);
        let whole = small(self.whole).filter(|_| !self.negative)?;
        let votes = u128::try_from(votes).ok().and_then(small)?;
        let times = |number: u64, power: u64| u128::from(number).wrapping_mul(power.into());
        // INVARIANT: powers are at most 2^63 and their sum is 2^63, so that the sum of both is below 2^127.
        let had = (times(whole, kept) << 1).wrapping_add(times(self.part, kept) >> 63);
        let now = had.wrapping_add(times(votes, ONE.saturating_sub(kept)) << 1);
        Some(Conviction { negative: false, whole: now >> 64, part: now as u64 })
    }

    fn toward_any(self, votes: i128, kept: u64) -> Conviction {
        self.scaled(kept).plus(Conviction::of(votes).scaled(ONE.saturating_sub(kept)))
    }

    /// As many whole units.
    fn of(votes: i128) -> Conviction {
        Conviction { negative: votes < 0, whole: votes.unsigned_abs(), part: 0 }
    }

    /// Multiplies by `power` ÷ 2^63, which is at most 1, rounded toward zero.
    fn scaled(self, power: u64) -> Conviction {
        const LOW: u128 = u64::MAX as u128;
        let power = u128::from(power);
        // INVARIANT: a product of 64 bits each leaves room for a carry of 64 bits.
        let lowest = u128::from(self.part).wrapping_mul(power);
        let middle = (self.whole & LOW).wrapping_mul(power).wrapping_add(lowest >> 64);
        let high = (self.whole >> 64).wrapping_mul(power).wrapping_add(middle >> 64);
        // Power is at most 2^63, so that the last shift leaves no more bits than there were.
        let part = ((middle & LOW) << 1) | ((lowest & LOW) >> 63);
        let whole = (high << 1) | ((middle & LOW) >> 63);
        Conviction { negative: self.negative, whole, part: (part & LOW) as u64 }.plain()
    }

    fn plus(self, other: Conviction) -> Conviction {
        let (greater, less) = if self.magnitude() >= other.magnitude() { (self, other) } else { (other, self) };
        let (part, whole) = if self.negative == other.negative {
            let (part, carried) = greater.part.overflowing_add(less.part);
            (part, greater.whole.saturating_add(less.whole).saturating_add(u128::from(carried)))
        } else {
            let (part, borrowed) = greater.part.overflowing_sub(less.part);
            (part, greater.whole.saturating_sub(less.whole).saturating_sub(u128::from(borrowed)))
        };
        Conviction { negative: greater.negative, whole, part }.plain()
    }

    /// Nothing has no sign.
    fn plain(self) -> Conviction {
        Conviction { negative: self.negative && self.magnitude() != (0, 0), ..self }
    }

    fn magnitude(self) -> (u128, u64) {
        (self.whole, self.part)
    }

    /// Returns whole units, rounded toward zero; saturates.
    #[must_use]
    pub fn rounded(self) -> i128 {
        self.in_parts(1)
    }

    /// Returns it in so many parts of a unit, rounded toward zero; saturates.
    ///
    /// ```
    /// use quantity::Conviction;
    /// assert_eq!(Conviction::default().toward(-1, 1, 1).in_parts(1_000), -500);
    /// ```
    #[must_use]
    pub fn in_parts(self, parts: u32) -> i128 {
        let parts = u128::from(parts);
        let below = u128::from(self.part).wrapping_mul(parts) >> 64;
        let magnitude = self.whole.saturating_mul(parts).saturating_add(below);
        let magnitude = i128::try_from(magnitude).unwrap_or(i128::MAX);
        if self.negative { magnitude.saturating_neg() } else { magnitude }
    }

    /// Reports whether it is at least so many parts per million of `of`.
    ///
    /// ```
    /// use quantity::Conviction;
    /// let five = Conviction::default().toward(10, 7, 7);
    /// assert!(five.reaches(500_000, 10) && !five.reaches(500_001, 10));
    /// ```
    #[must_use]
    pub fn reaches(self, ppm: u32, of: u128) -> bool {
        let wanted = of.saturating_mul(u128::from(ppm));
        u128::try_from(self.in_parts(crate::PPM)).is_ok_and(|had| had >= wanted)
    }

    /// Returns the sign (0 or 1), the whole units and the 2^64ths, for a digest.
    #[must_use]
    pub fn words(self) -> (u8, u128, u64) {
        (u8::from(self.negative), self.whole, self.part)
    }
}

impl Ord for Conviction {
    fn cmp(&self, other: &Conviction) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude().cmp(&other.magnitude()),
            (true, true) => other.magnitude().cmp(&self.magnitude()),
        }
    }
}

impl PartialOrd for Conviction {
    fn partial_cmp(&self, other: &Conviction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests;
