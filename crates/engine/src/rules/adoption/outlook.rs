//! How far a proposed kernel has come, for pages.

use charter::Amendment;
use quantity::Moment;

use super::kernel::behind;
use crate::rules::amendment::Proposal;
use crate::state::State;

/// The weight behind a proposed kernel, in micro-weights of the last update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assented {
    /// Of those who assent.
    pub weight: u128,
    /// Of all members.
    pub whole: u128,
    /// The same in each class that has weight, in the kernel's order.
    pub classes: Vec<(String, u128, u128)>,
}

impl State {
    /// Who assents to a proposal, weighed.
    #[must_use]
    pub fn assented(&self, proposal: &Proposal) -> Assented {
        let sum = |column: &[u64]| behind(&proposal.assents, column);
        let named = self.rules.kernel.classes.iter().zip(&self.weights.classes);
        let classes = named.map(|(class, column)| {
            let whole = column.weight.iter().map(|micro| u128::from(*micro)).sum();
            (class.name.clone(), sum(&column.weight), whole)
        });
        Assented {
            weight: sum(&self.weights.member),
            whole: self.weights.total,
            classes: classes.filter(|(_, _, whole)| *whole > 0).collect(),
        }
    }

    /// The update at which a proposal takes effect if it keeps the weight that it has; `None` where that is not enough.
    #[must_use]
    pub fn amendment_due(&self, proposal: &Proposal) -> Option<Moment> {
        let Amendment::Held { span, .. } = self.rules.kernel.amend else {
            return None;
        };
        let span_us = i64::try_from(span.seconds()).ok()?.checked_mul(1_000_000)?;
        let ripe = proposal.held_since?.0.checked_add(span_us)?;
        let due = self.next_update_after(Moment(ripe.checked_sub(1)?));
        Some(due.max(self.next_update))
    }
}
