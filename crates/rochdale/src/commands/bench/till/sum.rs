//! The sums of members' purchases under `faded(purchased, half-life 1 year) / 1 USD`, worked out record by record, by nothing of the engine's.

use quantity::Moment;

/// A year of a half-life, microseconds.
const HALF_LIFE_US: f64 = 365.0 * 86_400_000_000.0;
/// A cent of purchases is so many micro-weights.
const MICRO_A_CENT: f64 = 10_000.0;
/// The engine rounds down once, and this sum rounds each term.
const ALLOWED_MICRO: f64 = 2.0;

/// The purchases of each member.
pub struct Sum {
    purchases: Vec<Vec<(u32, Moment)>>,
}

impl Sum {
    pub fn of(members: usize) -> Sum {
        Sum { purchases: vec![Vec::new(); members] }
    }

    pub fn add(&mut self, member: usize, minor: i64, at: Moment) {
        if let Some(own) = self.purchases.get_mut(member) {
            own.push((u32::try_from(minor).unwrap_or(0), at));
        }
    }

    /// Whether a member's weight at an instant is what their purchases come to.
    #[allow(clippy::cast_precision_loss, reason = "ages and weights are far below 2^53")]
    pub fn agrees(&self, member: usize, micro: u64, at: Moment) -> bool {
        let own = self.purchases.get(member).map(Vec::as_slice).unwrap_or_default();
        let terms = own.iter().map(|(minor, given)| {
            let age = (at.0 - given.0) as f64;
            f64::from(*minor) * MICRO_A_CENT * (-age / HALF_LIFE_US).exp2()
        });
        (terms.sum::<f64>() - micro as f64).abs() <= ALLOWED_MICRO
    }
}
