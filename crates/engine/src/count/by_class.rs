//! Votes class by class, where a kernel fixes what part of the votes a class controls, or caps it. Not the roots
//! (`tally`), and not who is in a class (`weight`).

use charter::{Edition, Kernel};
use quantity::{Broken, PPM, ensure, mul_div};
use serde::{Deserialize, Serialize};

use crate::id::ClassId;

/// The factor of one class's votes in one decision: an exact quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// The class's place in the kernel.
    pub class: ClassId,
    /// The dividend, 0 to 2^108.
    pub times: i128,
    /// The divisor, 1 to 2^108.
    pub over: i128,
}

impl Factor {
    /// Leaves the votes as they are.
    pub(crate) fn one(class: ClassId) -> Factor {
        Factor { class, times: 1, over: 1 }
    }

    /// `votes × times ÷ over`, micro-votes, rounded down; more than 64 bits hold is the most that they hold.
    #[must_use]
    pub fn of(self, votes: u64) -> u64 {
        if votes == 0 || self.times == self.over {
            return votes;
        }
        let product = mul_div(i128::from(votes), self.times, self.over);
        u64::try_from(product).unwrap_or(u64::MAX)
    }
}

/// C where a kernel has fixed control, from edition 2 on: 1,000,000 votes, in micro-votes.
const CONTROLLED_VOTES: u128 = 1_000_000_000_000;
/// The parts into which a millionth is divided where a class counts in part.
const FINE: i128 = 1_000_000_000_000;

/// A decision of a kernel with control.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByClass {
    /// Of every class that may vote in it, in the kernel's order.
    pub factors: Vec<Factor>,
    /// C before its limit on falling, micro-votes.
    pub capacity: u128,
}

/// Whether members' votes are counted class by class.
#[must_use]
pub fn counts_by_class(kernel: &Kernel) -> bool {
    let mut classes = kernel.classes.iter();
    classes.any(|class| class.control_ppm.is_some() || class.at_most_ppm.is_some())
}

impl ByClass {
    /// As [`ByClass::of`] by the kernel's edition; `heads` counts the members with weight in a class, which edition 2 asks for.
    ///
    /// # Errors
    /// The caps of the classes that are cut leave no room for the others.
    pub fn under(
        kernel: &Kernel,
        capacities: &[(ClassId, u128)],
        heads: &dyn Fn(ClassId) -> u64,
    ) -> Result<ByClass, Broken> {
        let controlled = kernel.classes.iter().any(|class| class.control_ppm.is_some());
        if kernel.edition >= Edition::TWO && controlled {
            return Ok(fixed_in_full(kernel, capacities, heads));
        }
        ByClass::of(kernel, capacities)
    }

    /// `capacities` are those of the classes that may vote: the class's place and its own capacity, micro-votes.
    ///
    /// # Errors
    /// The caps of the classes that are cut leave no room for the others.
    pub fn of(kernel: &Kernel, capacities: &[(ClassId, u128)]) -> Result<ByClass, Broken> {
        if kernel.classes.iter().any(|class| class.control_ppm.is_some()) {
            Ok(fixed(kernel, capacities))
        } else {
            capped(kernel, capacities)
        }
    }
}

/// Each class with weight has p ÷ Σp of all votes. Where those that have weight are to control nothing, they vote as if no
/// class controlled anything: somebody must decide.
fn fixed(kernel: &Kernel, capacities: &[(ClassId, u128)]) -> ByClass {
    let control = |class: ClassId| {
        let class = kernel.classes.get(class.place());
        i128::from(class.and_then(|class| class.control_ppm).unwrap_or(0))
    };
    let with_weight = capacities.iter().filter(|(_, own)| *own > 0);
    let parts = with_weight.fold(0, |sum: i128, (class, _)| sum.saturating_add(control(*class)));
    let all = sum(capacities.iter());
    let factor = |(class, own): &(ClassId, u128)| match (*own, parts) {
        (0, _) | (_, 0) => Factor::one(*class),
        _ => Factor {
            class: *class,
            times: control(*class).saturating_mul(wide(all)),
            over: parts.saturating_mul(wide(*own)),
        },
    };
    ByClass { factors: capacities.iter().map(factor).collect(), capacity: all }
}

/// Edition 2: C is a constant, each class's own capacity falls slowly, and whether a class has weight is asked of this update's. With P
/// the sum of the percentages of those that have, a class holds h ÷ P of C (docs/spec/elections.md, Votes by class).
fn fixed_in_full(kernel: &Kernel, capacities: &[(ClassId, u128)], heads: &dyn Fn(ClassId) -> u64) -> ByClass {
    let named = |class: ClassId| kernel.classes.get(class.place());
    let control = |class: ClassId| i128::from(named(class).and_then(|class| class.control_ppm).unwrap_or(0));
    let present = |class: ClassId| heads(class) > 0;
    let percentages = capacities.iter().map(|(class, _)| if present(*class) { control(*class) } else { 0 });
    let percentages: Vec<i128> = percentages.collect();
    let all = percentages.iter().fold(0, |sum: i128, part| sum.saturating_add(*part));
    let counted = capacities.iter().zip(&percentages).map(|((class, _), percentage)| {
        let from = i128::from(named(*class).map_or(1, |class| class.control_from).max(1));
        let here = i128::from(heads(*class)).min(from);
        mul_div(percentage.saturating_mul(FINE), here, from)
    });
    let counted: Vec<i128> = counted.collect();
    let factor = |((class, own), held): (&(ClassId, u128), &i128)| match (*own, *held) {
        (0, _) | (_, 0) => Factor { class: *class, times: 0, over: 1 },
        // FINE parts of a millionth of C are micro-votes: C is a million votes.
        _ => Factor { class: *class, times: *held, over: all.saturating_mul(wide(*own)) },
    };
    let held = held(&percentages, &counted);
    let factors = capacities.iter().zip(&held).map(factor).collect();
    // Nobody who may vote has weight: there is nothing to hold a part of.
    ByClass { factors, capacity: if all == 0 { 0 } else { CONTROLLED_VOTES } }
}

/// The parts of millionths that classes hold, [`FINE`] parts of each: their own, as far as they count, and of what others do not count
/// in proportion; a class that is alone keeps all.
fn held(percentages: &[i128], counted: &[i128]) -> Vec<i128> {
    let sum = counted.iter().fold(0, |sum: i128, part| sum.saturating_add(*part));
    let mut held = counted.to_vec();
    for (place, (percentage, own)) in percentages.iter().zip(counted).enumerate() {
        let (rest, others) = (percentage.saturating_mul(FINE).saturating_sub(*own), sum.saturating_sub(*own));
        for (other, part) in held.iter_mut().enumerate() {
            let gets = match (other == place, others) {
                (true, 0) => rest,
                (true, _) => 0,
                (false, _) => mul_div(rest, counted.get(other).copied().unwrap_or(0), others),
            };
            *part = part.saturating_add(gets);
        }
    }
    held
}

/// Classes above their cap are cut to it, until none is above. With U the capacity of those not cut and S the caps of
/// those cut, all votes together are U ÷ (1 − S).
fn capped(kernel: &Kernel, capacities: &[(ClassId, u128)]) -> Result<ByClass, Broken> {
    let whole = i128::from(PPM);
    let cap = |class: ClassId| {
        let class = kernel.classes.get(class.place());
        class.and_then(|class| class.at_most_ppm).map(i128::from)
    };
    let mut cut = vec![false; capacities.len()];
    let (mut free, mut room) = (wide(sum(capacities.iter())), whole);
    // docs/spec/elections.md, Votes by class: a cut makes T smaller, so others may be above their cap then.
    loop {
        // C_c ÷ T > cap, with T = U ÷ (1 − S), is compared crosswise, since a quotient would be rounded.
        let above = |(class, own): &(ClassId, u128)| {
            let own = wide(*own).saturating_mul(room);
            cap(*class).is_some_and(|cap| own > cap.saturating_mul(free))
        };
        let found = capacities.iter().zip(&cut);
        let found: Vec<bool> = found.map(|(own, cut)| !cut && above(own)).collect();
        if !found.contains(&true) {
            break;
        }
        for ((class, own), _) in capacities.iter().zip(&found).filter(|(_, found)| **found) {
            free = free.saturating_sub(wide(*own));
            room = room.saturating_sub(cap(*class).unwrap_or(0));
        }
        for (cut, found) in cut.iter_mut().zip(found) {
            *cut |= found;
        }
    }
    // INVARIANT: where a class without cap or below it has weight, the caps of the others are less than the whole.
    ensure!(free == 0 || room > 0, "the caps of classes leave {room} millionths to {free} votes of the others");
    // Every class with weight is above its cap: they vote as if none had one.
    if free == 0 {
        cut.fill(false);
    }
    let factor = |((class, own), cut): (&(ClassId, u128), &bool)| match cap(*class) {
        Some(cap) if *cut => {
            Factor { class: *class, times: cap.saturating_mul(free), over: room.saturating_mul(wide(*own)) }
        }
        _ => Factor::one(*class),
    };
    // The capacity is T, so that everybody together still fills a bucket in its settling time.
    let all = if cut.contains(&true) {
        u128::try_from(mul_div(free, whole, room)).unwrap_or(0)
    } else {
        sum(capacities.iter())
    };
    Ok(ByClass { factors: capacities.iter().zip(&cut).map(factor).collect(), capacity: all })
}

fn sum<'a>(capacities: impl Iterator<Item = &'a (ClassId, u128)>) -> u128 {
    capacities.fold(0, |sum, (_, own)| sum.saturating_add(*own))
}

/// INVARIANT: capacities of ten million members stay below 2^88, and parts per million below 2^20.
fn wide(votes: u128) -> i128 {
    i128::try_from(votes).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests;
