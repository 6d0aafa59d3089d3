//! One member's weight at instants to come, if they give nothing more and everyone else stays as they are.

use charter::{Class, Pico, Source};
use quantity::{Moment, cap_level, root_u128};

use crate::id::MemberIndex;
use crate::register::Members;
use crate::state::State;
use crate::support::Support;
use crate::weight::{ClassWeights, Sources, weigh};

/// The member's weight at each of `moments`, micro-weights. `moments` rise.
///
/// The member's own formulas are evaluated as an update would. Their input from a class changes by what the member
/// loses or gains in it; the weight of everyone else, and with it the cap, is that of the last update.
#[must_use]
pub fn weight_ahead(state: &State, member: MemberIndex, moments: &[Moment]) -> Vec<u64> {
    let own = state.support.only(member);
    let alone = alone(state, member);
    let mut sources = Sources::default();
    let mut all = uncapped(state);
    let ahead = moments.iter().map(|at| {
        let weight = uncapped_at(state, member, &own, &alone, &mut sources, *at);
        let Some(cap) = state.rules.kernel.cap_ppm else {
            return weight;
        };
        if let Some(cell) = all.get_mut(member.place()) {
            *cell = weight;
        }
        cap_level(&all, cap).map_or(weight, |level| weight.min(level))
    });
    ahead.collect()
}

/// A register with the member alone.
fn alone(state: &State, member: MemberIndex) -> Members {
    let mut alone = Members::default();
    if let Some(pseudonym) = state.members.pseudonym(member) {
        alone.admit(pseudonym, state.members.is_organisation(member), Moment::FIRST);
    }
    alone
}

fn uncapped_at(
    state: &State,
    member: MemberIndex,
    own: &Support,
    alone: &Members,
    sources: &mut Sources,
    at: Moment,
) -> u64 {
    let kernel = &state.rules.kernel;
    if !state.members.is_active(member) {
        return 0;
    }
    // Only the columns are wanted: they hold what this member's records come to.
    let _ = weigh(kernel, alone, own, sources, at, 1);
    let mut then: Vec<Option<Own>> = vec![None; kernel.classes.len()];
    for place in &kernel.class_order {
        let Some(class) = kernel.classes.get(*place) else {
            continue;
        };
        let known = Then { state, member, own: &then };
        let values: Vec<Pico> = class.weight.sources.iter().map(|source| known.value(source, sources)).collect();
        let earned = if belongs(state, member, class) { class.weight.weight(&values) } else { 0 };
        let scaled = if class.scale_root { root_u128(u128::from(earned).saturating_mul(1_000_000)) } else { earned };
        if let Some(slot) = then.get_mut(*place) {
            *slot = Some(Own { earned, scaled });
        }
    }
    let sum = then.iter().flatten().fold(0_u64, |sum, own| sum.saturating_add(own.scaled));
    floored(state, member, sum)
}

/// A member's part of one class.
#[derive(Clone, Copy, Debug)]
struct Own {
    earned: u64,
    scaled: u64,
}

/// The inputs of formulas at a future instant.
struct Then<'a> {
    state: &'a State,
    member: MemberIndex,
    own: &'a [Option<Own>],
}

impl Then<'_> {
    fn value(&self, source: &Source, sources: &Sources) -> Pico {
        let micro = |weight: u128| i128::try_from(weight).unwrap_or(i128::MAX).saturating_mul(1_000_000);
        match source {
            Source::Support { .. } | Source::Faded { .. } => sources.column(source).first().copied().unwrap_or(0),
            Source::Count(name) => self.class(name).map_or(0, |(class, now, then, listed)| {
                let (was, is) = (u64::from(now.earned > 0), u64::from(then.earned > 0));
                let count = if listed { class.count } else { class.count.saturating_sub(was).saturating_add(is) };
                i128::from(count).saturating_mul(1_000_000_000_000)
            }),
            Source::Highest(name) => self.class(name).map_or(0, |(class, _, then, _)| {
                let others = class.scaled.iter().enumerate().filter(|(place, _)| *place != self.member.place());
                let highest = others.map(|(_, weight)| *weight).max().unwrap_or(0);
                micro(u128::from(highest.max(then.scaled)))
            }),
            Source::Total(name) => self.class(name).map_or(0, |(class, now, then, _)| {
                let total: u128 = class.scaled.iter().map(|weight| u128::from(*weight)).sum();
                micro(total.saturating_sub(u128::from(now.scaled)).saturating_add(u128::from(then.scaled)))
            }),
        }
    }

    /// A class at the last update, the member's part of it then and ahead, and whether a list says who belongs.
    fn class(&self, name: &str) -> Option<(&ClassWeights, Own, Own, bool)> {
        let classes = &self.state.rules.kernel.classes;
        let place = classes.iter().position(|class| class.name == name)?;
        let class = self.state.weights.classes.get(place)?;
        let cell = |column: &[u64]| column.get(self.member.place()).copied().unwrap_or(0);
        let now = Own { earned: cell(&class.earned), scaled: cell(&class.scaled) };
        let then = self.own.get(place).copied().flatten().unwrap_or(now);
        Some((class, now, then, classes.get(place)?.list.is_some()))
    }
}

fn belongs(state: &State, member: MemberIndex, class: &Class) -> bool {
    let list = class.list.as_deref();
    list.is_none_or(|list| state.members.list(list).is_some_and(|list| list.contains(&member)))
}

/// The floor, for whoever is in a class.
fn floored(state: &State, member: MemberIndex, sum: u64) -> u64 {
    let kernel = &state.rules.kernel;
    let listed = || kernel.classes.iter().any(|class| class.list.is_some() && belongs(state, member, class));
    if kernel.floor_micro > 0 && (sum > 0 || listed()) { sum.max(kernel.floor_micro) } else { sum }
}

/// Everyone's weight at the last update, before the cap.
fn uncapped(state: &State) -> Vec<u64> {
    if state.rules.kernel.cap_ppm.is_none() {
        return Vec::new();
    }
    let mut sums: Vec<u64> = vec![0; state.weights.member.len()];
    for class in &state.weights.classes {
        for (sum, scaled) in sums.iter_mut().zip(class.scaled.iter()) {
            *sum = sum.saturating_add(*scaled);
        }
    }
    if state.rules.kernel.floor_micro > 0 {
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum = floored(state, MemberIndex::at(place), *sum);
        }
    }
    sums
}

#[cfg(test)]
mod tests;
