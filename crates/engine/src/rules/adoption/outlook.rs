//! How far a proposed kernel has come, for pages.

use charter::Amendment;
use quantity::Moment;

use crate::rules::amendment::Proposal;
use crate::state::State;
use crate::weight::{Behind, Sums};

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
    /// Those who assent to a proposal, weighed. `sums` are those of the last update's weights.
    #[must_use]
    pub fn assented(&self, assents: &Behind, sums: &Sums) -> Assented {
        let named = (0_usize..).zip(&self.rules.kernel.classes);
        let classes = named.map(|(place, class)| (class.name.clone(), assents.class(place), sums.class(place).weight));
        Assented {
            weight: assents.all,
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
