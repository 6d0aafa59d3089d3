//! One member's weight at instants to come, if they give nothing more and everyone else stays as they are.

use charter::{Class, Edition, Kernel, Pico, Source};
use quantity::{Moment, root_u128};

use crate::id::MemberIndex;
use crate::register::Members;
use crate::state::State;
use crate::support::Support;
use crate::weight::sums::{BeforeCap, ClassSums};
use crate::weight::{ClassWeights, Cut, Given, MOST_EARNED, Sources, Standing, Sums, weigh};

/// The member's weight at each of `moments`, micro-weights. `moments` rise, and `sums` are those of the state's weights.
///
/// The member's own formulas are evaluated as an update would. Their input from a class changes by what the member
/// loses or gains in it; the weight of everyone else, and with it the cap, is that of the last update.
#[must_use]
pub fn weight_ahead(state: &State, sums: &Sums, member: MemberIndex, moments: &[Moment]) -> Vec<u64> {
    let own = state.support.only(member);
    let alone = alone(state, member);
    let mut sources = Sources::default();
    let ahead = moments.iter().map(|at| {
        let as_founder = state.founding_weight(member, *at);
        let weight = uncapped_at(state, sums, member, (&own, &alone), &mut sources, *at);
        capped(state, sums, member, weight).max(as_founder)
    });
    ahead.collect()
}

/// The weight that the cap over all weight leaves.
fn capped(state: &State, sums: &Sums, member: MemberIndex, weight: u64) -> u64 {
    let (Some(cap), Some(all)) = (state.rules.kernel.cap_ppm, sums.before_cap()) else {
        return weight;
    };
    if let Some(cut) = &state.weights.cut {
        return left_of(cut, all, member, weight, cap);
    }
    // A newcomer has no place among those who were weighed.
    let level = match all.member.get(member.place()) {
        Some(now) => all.falling.cap_level_with(*now, weight, cap),
        None => all.falling.cap_level_with(0, 0, cap),
    };
    level.map_or(weight, |level| weight.min(level))
}

/// The weight that the cap leaves, where members of standing stay of standing.
fn left_of(cut: &Cut, all: &BeforeCap, member: MemberIndex, weight: u64, cap_ppm: u32) -> u64 {
    match all.member.get(member.place()) {
        Some(now) if !cut.is_newcomer(member) => all.settled.level_with(*now, weight, cap_ppm).cut(weight),
        _ => cut.level.cut_newcomer(weight),
    }
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
    sums: &Sums,
    member: MemberIndex,
    (own, alone): (&Support, &Members),
    sources: &mut Sources,
    at: Moment,
) -> u64 {
    let kernel = &state.rules.kernel;
    if !state.members.roll().takes_part(member) {
        return 0;
    }
    // Only the columns are wanted: they hold what this member's records come to.
    let _ = weigh(kernel, alone, Given::records(own, &Standing::default()), sources, at, 1);
    let mut then: Vec<Option<Own>> = vec![None; kernel.classes.len()];
    for place in &kernel.class_order {
        let Some(class) = kernel.classes.get(*place) else {
            continue;
        };
        let known = Then { state, sums, member, own: &then };
        let values: Vec<Pico> = class.weight.sources.iter().map(|source| known.value(source, sources)).collect();
        let earned = if belongs(&state.members, member, class) { class.weight.weight(&values) } else { 0 };
        let earned = if kernel.edition < Edition::TWO { earned } else { earned.min(MOST_EARNED) };
        let held = || state.silences.hold_ahead(class, member, (state.weights.at, at));
        let earned = if belongs(&state.members, member, class) { earned.max(held()) } else { earned };
        // The level of a class's own cap is that of the last update.
        let cut = state.weights.classes.get(*place).and_then(|class| class.cut.as_ref());
        let left = cut.map_or(earned, |cut| cut.left(member, earned));
        let scaled = if class.scale_root { root_u128(u128::from(left).saturating_mul(1_000_000)) } else { left };
        if let Some(slot) = then.get_mut(*place) {
            *slot = Some(Own { earned, scaled });
        }
    }
    let sum = then.iter().flatten().fold(0_u64, |sum, own| sum.saturating_add(own.scaled));
    floored(kernel, &state.members, member, sum)
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
    sums: &'a Sums,
    member: MemberIndex,
    own: &'a [Option<Own>],
}

impl Then<'_> {
    fn value(&self, source: &Source, sources: &Sources) -> Pico {
        let micro = |weight: u128| i128::try_from(weight).unwrap_or(i128::MAX).saturating_mul(1_000_000);
        match source {
            Source::Support { .. } | Source::Falling { .. } | Source::Faded { .. } | Source::Of { .. } => {
                sources.column(source).first().copied().unwrap_or(0)
            }
            Source::Count(name) => self.class(name).map_or(0, |class| {
                let (was, is) = (u64::from(class.now.earned > 0), u64::from(class.then.earned > 0));
                let count = class.weights.count;
                let count = if class.listed { count } else { count.saturating_sub(was).saturating_add(is) };
                i128::from(count).saturating_mul(1_000_000_000_000)
            }),
            Source::Highest(name) => self.class(name).map_or(0, |class| {
                let others = class.sums.highest_of_others(class.now.scaled);
                micro(u128::from(others.max(class.then.scaled)))
            }),
            Source::Total(name) => self.class(name).map_or(0, |class| {
                let others = class.sums.scaled.saturating_sub(u128::from(class.now.scaled));
                micro(others.saturating_add(u128::from(class.then.scaled)))
            }),
        }
    }

    fn class(&self, name: &str) -> Option<ClassThen<'_>> {
        let classes = &self.state.rules.kernel.classes;
        let place = classes.iter().position(|class| class.name == name)?;
        let weights = self.state.weights.classes.get(place)?;
        let cell = |column: &[u64]| column.get(self.member.place()).copied().unwrap_or(0);
        let now = Own { earned: cell(&weights.earned), scaled: cell(&weights.scaled) };
        let then = self.own.get(place).copied().flatten().unwrap_or(now);
        Some(ClassThen { weights, sums: self.sums.class(place), now, then, listed: classes.get(place)?.list.is_some() })
    }
}

/// A class at the last update, and the member's part of it.
struct ClassThen<'a> {
    weights: &'a ClassWeights,
    sums: ClassSums,
    now: Own,
    /// Ahead.
    then: Own,
    /// A list says who belongs.
    listed: bool,
}

fn belongs(members: &Members, member: MemberIndex, class: &Class) -> bool {
    let list = class.list.as_deref();
    list.is_none_or(|list| members.list(list).is_some_and(|list| list.contains(&member)))
}

/// The floor, for whoever is in a class.
pub(super) fn floored(kernel: &Kernel, members: &Members, member: MemberIndex, sum: u64) -> u64 {
    let listed = || kernel.classes.iter().any(|class| class.list.is_some() && belongs(members, member, class));
    if kernel.floor_micro > 0 && (sum > 0 || listed()) { sum.max(kernel.floor_micro) } else { sum }
}

#[cfg(test)]
mod tests;
