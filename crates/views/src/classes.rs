//! Weight by class.

use engine::MemberIndex;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Share, Sight, Weight, say};

/// A class's part of some weight.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ClassSlice {
    /// Its name.
    pub class: String,
    /// The class's place in the kernel, from 0.
    pub class_index: u32,
    /// Members of the class.
    pub members: u64,
    pub weight: Weight,
    /// Of all weight in the co-op.
    pub share: Share,
}

/// Returns all weight by class, in the kernel's order.
pub(crate) fn classes(sight: &Sight<'_>) -> Vec<ClassSlice> {
    let weights = &sight.state.weights;
    let kernel = sight.state.rules.kernel.classes.iter();
    let sums = &sight.kept.counted(sight).sums;
    let slices = (0_u32..).zip(kernel).map(|(class_index, class)| {
        let weighed = weights.classes.get(class_index as usize);
        let sum = sums.class(class_index as usize).weight;
        ClassSlice {
            class: class.name.clone(),
            class_index,
            members: weighed.map_or(0, |class| class.count),
            weight: say::weight(sum),
            share: Share::from_ppm(say::ppm(sum, weights.total)),
        }
    });
    slices.collect()
}

/// One member's classes. `members` counts everyone in the class, the rest is the member's own.
pub(crate) fn classes_of(sight: &Sight<'_>, member: MemberIndex) -> Vec<ClassSlice> {
    let weights = &sight.state.weights;
    let kernel = (0_u32..).zip(&sight.state.rules.kernel.classes);
    let own = kernel.filter_map(|(class_index, class)| {
        let weighed = weights.classes.get(class_index as usize)?;
        let earned = weighed.earned.get(member.place()).copied().unwrap_or(0);
        let micro = weighed.weight.get(member.place()).copied().unwrap_or(0);
        is_in(sight.state, class, member, earned).then(|| ClassSlice {
            class: class.name.clone(),
            class_index,
            members: weighed.count,
            weight: Weight::from_micro(micro),
            share: Share::from_ppm(say::ppm(u128::from(micro), weights.total)),
        })
    });
    own.collect()
}

/// On the class's list; without a list, having earned something.
pub(crate) fn is_in(state: &engine::State, class: &charter::Class, member: MemberIndex, earned: u64) -> bool {
    let on = |list| state.members.list(list).is_some_and(|list| list.contains(&member));
    class.list.as_deref().map_or(earned > 0, on)
}
