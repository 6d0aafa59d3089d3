//! Whose weight counts in a decision, and how much of it. Not what their ballots add up to (`count`).

use charter::{Counting, Edition, Kernel};
use quantity::MICRO;
use serde::{Deserialize, Serialize};

use super::Decision;
use crate::id::{ClassId, MemberIndex};
use crate::register::Roll;
use crate::weight::Weights;

/// Classes whose weight counts so many times in a decision: those of the service that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favour {
    /// Places in the kernel's order.
    pub classes: Vec<ClassId>,
    /// Above 1.
    pub times: u32,
}

impl Favour {
    /// A member's weight with what it counts more of it.
    fn of(favour: Option<&Favour>, weight: u64, weights: &Weights, member: MemberIndex) -> u64 {
        let more = favour.map_or(0, |favour| {
            let own = weights.of_classes(member, &favour.classes);
            own.saturating_mul(u64::from(favour.times).saturating_sub(1))
        });
        weight.saturating_add(more)
    }
}

/// The weight of one member that counts in one decision, micro-weights, and of which a share is a share. Where the clause names
/// classes it is the weight in those: a patron with a grain of credit must not outvote ten workers in the workers' own office.
/// Under edition 1 it is all of their weight for members of such a class.
#[must_use]
pub fn counted_weight(
    kernel: &Kernel,
    decision: &Decision,
    roll: &Roll,
    weights: &Weights,
    member: MemberIndex,
) -> u64 {
    let active = roll.takes_part(member);
    if !active || !in_electorate(kernel, decision, roll, weights, member) {
        return 0;
    }
    match decision.counting {
        Counting::OneMember => MICRO,
        Counting::Quadratic | Counting::Linear | Counting::Approval
            if kernel.edition < Edition::TWO || decision.electorate.is_empty() =>
        {
            Favour::of(decision.favour.as_ref(), weights.of(member), weights, member)
        }
        Counting::Quadratic | Counting::Linear | Counting::Approval => {
            let own = weights.of_classes(member, &decision.electorate);
            Favour::of(decision.favour.as_ref(), own, weights, member)
        }
    }
}

/// Whether a member may vote: on the list of one of the decision's classes or, where a class has none, with weight in it.
#[must_use]
pub fn in_electorate(
    kernel: &Kernel,
    decision: &Decision,
    roll: &Roll,
    weights: &Weights,
    member: MemberIndex,
) -> bool {
    let belongs = |class: &ClassId| belongs(kernel, roll, weights, member, *class);
    decision.electorate.is_empty() || decision.electorate.iter().any(belongs)
}

/// Whether a member is in a class: on its list or, where it has none, with weight in it.
fn belongs(kernel: &Kernel, roll: &Roll, weights: &Weights, member: MemberIndex, class: ClassId) -> bool {
    let list = kernel.classes.get(class.place()).and_then(|c| c.list.as_deref());
    match list {
        Some(list) => roll.list(list).is_some_and(|on| on.contains(&member)),
        None => weights.of_classes(member, &[class]) > 0,
    }
}

/// The weight of one member that counts for one of their classes, micro-weights.
pub(super) fn weight_in_class(
    kernel: &Kernel,
    counting: Counting,
    roll: &Roll,
    weights: &Weights,
    member: MemberIndex,
    class: ClassId,
) -> u64 {
    if !roll.takes_part(member) || !belongs(kernel, roll, weights, member, class) {
        return 0;
    }
    match counting {
        Counting::OneMember => MICRO,
        Counting::Quadratic | Counting::Linear | Counting::Approval => weights.of_classes(member, &[class]),
    }
}
