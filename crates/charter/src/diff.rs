//! The effects of other rules on members, not the lines that differ. Prose, layout and order have none. The engine, which
//! knows members, works out by how much each weight changes.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::clause::{self, Clause, Sides};
use crate::constitution::Constitution;
use crate::edition::Edition;
use crate::effect::{Effect, EffectKind};
use crate::kernel::{self, Allowance, Counting};
use crate::rules::Rules;
use crate::words;

/// Returns what would change if `to` were in force instead of `from`: the kernel first, then the constitution, then those
/// below.
///
/// ```
/// use charter::{Rules, read_constitution, read_kernel};
/// let kernel = read_kernel(r#"kernel { name "x"; purpose "y"; currency "USD"; class "p" { weight "1" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#).unwrap();
/// let rules = |days| {
///     let text = format!("office \"maintainer\" {{ settles-in \"{days} days\" }}");
///     Rules::new(kernel.clone(), read_constitution(&text, &kernel).unwrap())
/// };
/// let effects = charter::diff(&rules(14), &rules(21));
/// assert_eq!(effects[0].sentence, "A change of the maintainer would take 21 days instead of 14 days, if everyone agreed.");
/// ```
pub fn diff(from: &Rules, to: &Rules) -> Vec<Effect> {
    let mut effects = kernel::effects(&from.kernel, &to.kernel);
    let sides = Sides { from: &from.kernel, to: &to.kernel };
    constitutions(Some(&from.constitution), Some(&to.constitution), "", sides, &mut effects);
    let paths: BTreeSet<&String> = from.below.keys().chain(to.below.keys()).collect();
    for path in paths {
        let (before, after) = (in_force(from, path), in_force(to, path));
        constitutions(before, after, path, sides, &mut effects);
    }
    effects.extend(thinner(from, to));
    effects
}

/// Says what more or fewer decisions that divide one weight do to every other one, from edition 2 on: capacity is divided by nothing there,
/// so votes that are spread thinner take longer.
fn thinner(from: &Rules, to: &Rules) -> Option<Effect> {
    let (before, after) = (sharing(from), sharing(to));
    let alike = from.kernel.counting == to.kernel.counting && from.kernel.edition == to.kernel.edition;
    if !alike || to.kernel.edition < Edition::TWO || before == after || before.min(after) == 0 {
        return None;
    }
    // Thousandths of the time of today: the root of both numbers' quotient where votes are roots.
    let thousandths = match to.kernel.counting {
        Counting::Quadratic => after.saturating_mul(1_000_000).checked_div(before)?.isqrt(),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            after.saturating_mul(1_000).checked_div(before)?
        }
    };
    let percent = thousandths.abs_diff(1_000).saturating_add(5).div_euclid(10);
    let (spread, change) = match after > before {
        true => ("thinner", format!("{percent} % longer")),
        false => ("thicker", format!("{percent} % less time")),
    };
    let decisions = words::count(after, "decision");
    let sentence = format!(
        "Members would divide one weight over {decisions} instead of {before}. Where it is spread evenly, votes would be {spread}, and every other undisputed change would take {change}."
    );
    Some(Effect { about: "constitution".to_owned(), kind: EffectKind::Settles, sentence })
}

/// Counts the decisions that divide one weight, the constitution's own among them.
fn sharing(rules: &Rules) -> u64 {
    let kernel = &rules.kernel;
    let root = kernel.allowance_of(kernel.counting) == Allowance::Shared;
    let below = rules.below.keys().filter_map(|path| in_force(rules, path));
    let clauses = [&rules.constitution].into_iter().chain(below).flat_map(|constitution| &constitution.clauses);
    let shared = clauses.filter(|clause| clause.divides_one_weight(kernel.edition));
    u64::try_from(shared.count()).unwrap_or(u64::MAX).saturating_add(u64::from(root))
}

/// Returns the constitution at a path, where the clause at that path still is one.
fn in_force<'r>(rules: &'r Rules, path: &str) -> Option<&'r Constitution> {
    rules.above(path)?;
    rules.constitution_at(path)
}

/// Returns the clause that goes on as this one in another constitution.
fn same<'c>(clause: &Clause, of: Option<&'c Constitution>) -> Option<&'c Clause> {
    of?.clause(&clause.name).filter(|same| same.is_like(clause))
}

/// Adds the effects on the clauses of one document: first on present ones, then on new ones.
fn constitutions(
    from: Option<&Constitution>,
    to: Option<&Constitution>,
    path: &str,
    sides: Sides,
    effects: &mut Vec<Effect>,
) {
    for clause in from.map_or(&[][..], |constitution| &constitution.clauses) {
        let path = words::path(path, &clause.name);
        match same(clause, to) {
            Some(same) => clause::compare(clause, same, &path, sides, effects),
            None => clause::closes(clause, &path, sides, effects),
        }
    }
    for clause in to.map_or(&[][..], |constitution| &constitution.clauses) {
        let path = words::path(path, &clause.name);
        if same(clause, from).is_none() {
            clause::opens(clause, &path, sides, effects);
        }
    }
}
