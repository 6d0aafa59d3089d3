//! The facts of a co-op today, with which `charter` works out the numbers of its rules.

use std::collections::BTreeMap;

use charter::{Allowance, DecisionFacts, Facts, Kernel};
use engine::State;
use engine::chamber::Decision;
use engine::weight::{Sources, Sums, Weights, weigh};

use crate::kept::counted::weight_facts;
use crate::{Directory, Sight, say};

/// Returns everyone's weight by a kernel, from support up to the last update; before the first, up to the log's time.
#[must_use]
pub fn weights_under(state: &State, kernel: &Kernel) -> Weights {
    let at = state.last_update.unwrap_or(state.time);
    let mut sources = Sources::default();
    weigh(kernel, &state.members, state.given(), &mut sources, at, 1)
}

/// Returns a co-op today: its weights by `kernel`, and its decisions.
#[must_use]
pub fn facts(state: &State, kernel: &Kernel, directory: Directory<'_>) -> Facts {
    if state.members.is_empty() {
        return Facts::default();
    }
    let weights = weights_under(state, kernel);
    let sums = Sums::of(kernel, &state.members, &weights);
    Facts { decisions: decisions(state, directory), ..weight_facts(kernel, &weights, &sums) }
}

impl Sight<'_> {
    /// Returns the co-op as the last update counted it, under the kernel in force, with its decisions now.
    pub(crate) fn facts(&self) -> Facts {
        let counted = self.kept.counted(self);
        Facts { decisions: decisions(self.state, self.directory), ..counted.facts.clone() }
    }
}

fn decisions(state: &State, directory: Directory<'_>) -> BTreeMap<String, DecisionFacts> {
    let sharing = sharing(state);
    let facts = state.open_decisions().map(|(_, decision)| {
        let holders = decision.holders().into_iter().flatten();
        let facts = DecisionFacts {
            capacity_micro: decision.capacity,
            sharing,
            holders: Some(holders.map(|name| directory.candidate(name)).collect()),
        };
        (decision.name.clone(), facts)
    });
    facts.collect()
}

/// Returns how many open decisions divide one weight.
pub(crate) fn sharing(state: &State) -> u64 {
    let shares = |decision: &&Decision| decision.allowance == Allowance::Shared;
    say::whole(state.open_decisions().map(|(_, decision)| decision).filter(shares).count())
}
