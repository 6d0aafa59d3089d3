//! The order in which classes are evaluated: each after those that its formula names.

use super::Class;
use crate::formula::Source;

/// Returns indices in an order that works, or the classes that form a cycle.
pub(super) fn class_order(classes: &[Class]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..classes.len()).collect();
    loop {
        let (ready, waiting): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|index| needs(classes, **index).iter().all(|need| order.contains(need)));
        if ready.is_empty() {
            return if waiting.is_empty() { Ok(order) } else { Err(in_circle(classes, &waiting)) };
        }
        order.extend(ready);
        left = waiting;
    }
}

/// Returns the classes whose weights must be known first. The number of members on a list needs no weight, so
/// that a class may count itself by its list.
fn needs(classes: &[Class], index: usize) -> Vec<usize> {
    let Some(class) = classes.get(index) else {
        return Vec::new();
    };
    let named = class.weight.sources.iter().filter_map(|source| match source {
        Source::Highest(name) | Source::Total(name) => Some((name, true)),
        Source::Count(name) => Some((name, false)),
        Source::Support { .. } | Source::Falling { .. } | Source::Faded { .. } | Source::Of { .. } => None,
    });
    let mut needs = Vec::new();
    for (name, weighed) in named {
        let found = classes.iter().position(|class| class.name == *name);
        let listed = found.and_then(|at| classes.get(at)).is_some_and(|class| class.list.is_some());
        needs.extend(found.filter(|_| weighed || !listed));
    }
    needs
}

/// Returns the waiting classes that form a cycle, without those that only depend on one.
fn in_circle(classes: &[Class], waiting: &[usize]) -> Vec<usize> {
    let mut circle = waiting.to_vec();
    loop {
        let needed = |index: &usize| circle.iter().any(|other| needs(classes, *other).contains(index));
        let kept: Vec<usize> = circle.iter().copied().filter(|index| needed(index)).collect();
        if kept.len() == circle.len() {
            return circle;
        }
        circle = kept;
    }
}
