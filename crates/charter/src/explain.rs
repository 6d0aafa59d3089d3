//! Rules in plain English, with the numbers worked out: what each class, field and clause means for members. It says what
//! is written; who holds what is for `views`.

pub(crate) mod kept;
pub(crate) mod of_class;
pub(crate) mod of_clause;
pub(crate) mod of_kernel;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{Clause, Constitution, Kernel};

pub use of_clause::{explain_clause, explain_power};
pub use of_kernel::{explain_amendment, explain_fork, explain_root, explain_updates, explain_votes};

/// One class, field or clause in plain English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    /// The class, the field (`members`, `votes`, `constitution`, `amend`, `fork`) or the clause's path.
    pub name: String,
    /// A line of the document that it belongs to, from 1: where a class or clause begins; for a field of the
    /// kernel, where its first class begins.
    pub line: u32,
    /// At least one; each a full sentence.
    pub sentences: Vec<String>,
}

/// What a co-op is today: numbers that the caller works out. What is not known stays empty and is not said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The weight of every member who has any, in micro-weights, as the last update found it. In any order.
    pub weights_micro: Vec<u64>,
    /// How many members weigh less because of the cap.
    pub capped: u64,
    /// By class.
    pub classes: BTreeMap<String, ClassFacts>,
    /// By the decision's path; the constitution's own election is `constitution`.
    pub decisions: BTreeMap<String, DecisionFacts>,
}

/// What a class is today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassFacts {
    /// On its list, or, where it has none, with weight in it.
    pub members: u64,
    /// The greatest weight of one member in it, in micro-weights.
    pub highest_micro: u64,
    /// In micro-weights.
    pub total_micro: u128,
}

/// What a decision is today.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecisionFacts {
    /// All votes that could be cast, in micro-votes: the capacity.
    pub capacity_micro: u128,
    /// Who holds it, as they are shown; empty for a vacant seat.
    pub holders: Vec<String>,
}

/// The kernel, a class or field at a time, in the order in which people ask: who has weight, how much of it counts,
/// how the rules change.
///
/// ```
/// let text = r#"kernel { name "x"; purpose "y"; currency "USD"
///     class "patrons" { weight "donated(last month) / 1 USD" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#;
/// let kernel = charter::read_kernel(text).unwrap();
/// let explained = charter::explain_kernel(&kernel, None);
/// assert_eq!(explained[0].name, "patrons");
/// assert_eq!(
///     explained[0].sentences[2],
///     "A member who donates 5.00 USD a month, for a year now, weighs 5.00: that is 2.23 votes when all of it is placed on one decision."
/// );
/// ```
pub fn explain_kernel(kernel: &Kernel, facts: Option<&Facts>) -> Vec<Explained> {
    let line = kernel.classes.first().map_or(1, |class| class.line);
    let classes = kernel.classes.iter().map(|class| Explained {
        name: class.name.clone(),
        line: class.line,
        sentences: of_class::sentences(class, kernel, facts),
    });
    let fields = [
        ("members", of_kernel::members(kernel, facts)),
        ("votes", vec![of_kernel::explain_votes(kernel)]),
        ("constitution", of_kernel::constitution(kernel, facts)),
        ("amend", of_kernel::amend(kernel, facts)),
        ("fork", explain_fork(kernel)),
    ];
    let fields = fields.into_iter().map(|(name, sentences)| Explained { name: name.to_owned(), line, sentences });
    classes.chain(fields).filter(|explained| !explained.sentences.is_empty()).collect()
}

/// A co-op's own constitution, a clause at a time.
pub fn explain_constitution(constitution: &Constitution, kernel: &Kernel, facts: Option<&Facts>) -> Vec<Explained> {
    explain_constitution_at("", constitution, kernel, facts)
}

/// The constitution at a path, a clause at a time; the root's is the empty path.
pub fn explain_constitution_at(
    path: &str,
    constitution: &Constitution,
    kernel: &Kernel,
    facts: Option<&Facts>,
) -> Vec<Explained> {
    let explained = |clause: &Clause| {
        let name = words::path(path, &clause.name);
        let here = facts.and_then(|facts| facts.decisions.get(&name));
        Explained { sentences: explain_clause(clause, kernel, here), name, line: clause.line }
    };
    constitution.clauses.iter().map(explained).collect()
}
