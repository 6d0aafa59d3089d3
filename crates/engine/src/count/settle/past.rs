//! The recent past of a challenger: at which of the last updates it was ahead. Bounded, and exact within its bound.

use serde::{Deserialize, Serialize};

/// How many of the last updates are remembered; where a settling time has more of them, these alone are asked.
pub const MOST_UPDATES_BACK: usize = 1_024;
const BITS: usize = 64;
const WORDS: usize = MOST_UPDATES_BACK.div_euclid(BITS);

/// One bit for each update, the last update's lowest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    words: Vec<u64>,
}

/// The finding of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// More votes than R.
    Ahead,
    /// Not more.
    Behind,
}

impl Past {
    /// Takes in one more update.
    pub fn note(&mut self, lead: Lead) {
        let mut carry = u64::from(lead == Lead::Ahead);
        for word in &mut self.words {
            let out = *word >> 63;
            *word = (*word << 1) | carry;
            carry = out;
        }
        if carry > 0 && self.words.len() < WORDS {
            self.words.push(carry);
        }
        // Equal pasts have one form, and one hash.
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    /// At how many of the last so many updates it was ahead.
    #[must_use]
    pub fn ahead_in(&self, updates: usize) -> usize {
        let mut left = updates.min(MOST_UPDATES_BACK);
        let mut ahead: usize = 0;
        for word in &self.words {
            let mask = match left {
                0 => break,
                1..BITS => (1_u64 << left).wrapping_sub(1),
                _ => u64::MAX,
            };
            ahead = ahead.saturating_add((word & mask).count_ones() as usize);
            left = left.saturating_sub(BITS);
        }
        ahead
    }

    /// Whether it was ahead at half of the last so many, or more: else those who defend two seats in turn hold both.
    #[must_use]
    pub fn mostly_ahead_in(&self, updates: usize) -> bool {
        let updates = updates.min(MOST_UPDATES_BACK);
        self.ahead_in(updates).saturating_mul(2) >= updates
    }

    /// The bits, sixty-four a number.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}
