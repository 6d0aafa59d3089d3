//! Sums and greatest of all members' weights: kept with the update, so that nothing that is said of one member walks over
//! everybody. Not the weights themselves.

use charter::{Edition, Kernel};
use quantity::{Falling, Settled};

use crate::id::MemberIndex;
use crate::register::Members;
use crate::weight::ahead::floored;
use crate::weight::{ClassWeights, Weights};

/// Sums and greatest of all members' weights at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    classes: Vec<ClassSums>,
    before_cap: Option<BeforeCap>,
}

/// Sums and greatest of the weights in one class, micro-weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassSums {
    /// The sum of the weights that count, after floor and cap.
    pub weight: u128,
    /// The greatest of them.
    pub highest: u64,
    /// The sum after scaling, before floor and cap.
    pub(super) scaled: u128,
    /// The two greatest after scaling, of two members.
    pub(super) scaled_highest: [u64; 2],
}

/// Everyone's weight after the floor and before the cap, micro-weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BeforeCap {
    /// By member.
    pub(super) member: Vec<u64>,
    /// Empty since edition 2.
    pub(super) falling: Falling,
    /// The weights of those of standing; empty under edition 1.
    pub(super) settled: Settled,
}

impl Sums {
    /// Adds up weights. `members` says who is on which list, for the floor.
    #[must_use]
    pub fn of(kernel: &Kernel, members: &Members, weights: &Weights) -> Sums {
        let before_cap = kernel.cap_ppm.map(|_| {
            let member = before_cap(kernel, members, weights);
            if kernel.edition < Edition::TWO {
                let falling = Falling::of(member.iter().copied());
                return BeforeCap { falling, settled: Settled::default(), member };
            }
            let is_set =
                |place: usize| !weights.cut.as_ref().is_some_and(|cut| cut.is_newcomer(MemberIndex::at(place)));
            let set = member.iter().enumerate().filter(|(place, _)| is_set(*place));
            let settled = Settled::of(set.map(|(_, weight)| *weight));
            BeforeCap { falling: Falling::default(), settled, member }
        });
        Sums { classes: weights.classes.iter().map(ClassSums::of).collect(), before_cap }
    }

    /// One class's, by its place in the kernel.
    #[must_use]
    pub fn class(&self, place: usize) -> ClassSums {
        self.classes.get(place).copied().unwrap_or_default()
    }

    /// `None` where the kernel has no cap.
    pub(super) fn before_cap(&self) -> Option<&BeforeCap> {
        self.before_cap.as_ref()
    }
}

impl ClassSums {
    fn of(class: &ClassWeights) -> ClassSums {
        let sum = |column: &[u64]| column.iter().map(|micro| u128::from(*micro)).sum();
        let two = class.scaled.iter().fold([0, 0], |[first, second]: [u64; 2], micro| match *micro {
            more if more > first => [more, first],
            micro => [first, second.max(micro)],
        });
        ClassSums {
            weight: sum(&class.weight),
            highest: class.weight.iter().copied().max().unwrap_or(0),
            scaled: sum(&class.scaled),
            scaled_highest: two,
        }
    }

    /// The greatest after scaling of all but one member, who has `own`.
    pub(super) fn highest_of_others(&self, own: u64) -> u64 {
        let [first, second] = self.scaled_highest;
        if own == first { second } else { first }
    }
}

pub(super) fn before_cap(kernel: &Kernel, members: &Members, weights: &Weights) -> Vec<u64> {
    let mut sums: Vec<u64> = vec![0; weights.member.len()];
    for class in &weights.classes {
        for (sum, scaled) in sums.iter_mut().zip(class.scaled.iter()) {
            *sum = sum.saturating_add(*scaled);
        }
    }
    if kernel.floor_micro > 0 {
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum = floored(kernel, members, MemberIndex::at(place), *sum);
        }
    }
    sums
}
