//! The facts of a co-op today, with which `charter` works out the numbers of its rules.

use std::collections::BTreeMap;

use charter::{ClassFacts, DecisionFacts, Facts, Kernel};
use engine::State;
use engine::weight::{Sources, Weights, weigh};

use crate::{Directory, say};

/// Returns everyone's weight by a kernel, from support up to the last update; before the first, up to the log's time.
#[must_use]
pub fn weights_under(state: &State, kernel: &Kernel) -> Weights {
    let at = state.last_update.unwrap_or(state.time);
    let mut sources = Sources::default();
    weigh(kernel, &state.members, &state.support, &mut sources, at, 1)
}

/// Returns a co-op today: its weights by `kernel`, and its decisions.
#[must_use]
pub fn facts(state: &State, kernel: &Kernel, directory: Directory<'_>) -> Facts {
    if state.members.is_empty() {
        return Facts::default();
    }
    let weights = weights_under(state, kernel);
    let micro = |n: usize| say::whole(n);
    let classes = kernel.classes.iter().zip(&weights.classes);
    let classes = classes.map(|(class, weighed)| {
        let facts = ClassFacts {
            members: weighed.count,
            highest_micro: weighed.weight.iter().copied().max().unwrap_or(0),
            total_micro: weighed.weight.iter().map(|micro| u128::from(*micro)).sum(),
        };
        (class.name.clone(), facts)
    });
    Facts {
        weights_micro: weights.member.iter().copied().filter(|w| *w > 0).collect(),
        capped: micro(capped(&weights)),
        classes: classes.collect(),
        decisions: decisions(state, directory),
    }
}

/// Counts the members who would weigh more without the cap.
fn capped(weights: &Weights) -> usize {
    let Some(level) = weights.cap_level else {
        return 0;
    };
    let uncapped = |member: usize| {
        let scaled = weights.classes.iter().filter_map(|class| class.scaled.get(member));
        scaled.fold(0_u64, |sum, scaled| sum.saturating_add(*scaled))
    };
    let at_level = weights.member.iter().enumerate();
    at_level.filter(|(member, weight)| **weight == level && uncapped(*member) > level).count()
}

fn decisions(state: &State, directory: Directory<'_>) -> BTreeMap<String, DecisionFacts> {
    let facts = state.open_decisions().map(|(_, decision)| {
        let holders = decision.holders().into_iter().flatten();
        let facts = DecisionFacts {
            capacity_micro: decision.capacity,
            holders: holders.map(|name| directory.candidate(name)).collect(),
        };
        (decision.name.clone(), facts)
    });
    facts.collect()
}
