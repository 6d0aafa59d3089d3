//! A constitution in plain English, with the numbers worked out: the meaning of each clause for members. It explains the
//! text; `views` knows who holds what.

#[cfg(test)]
mod tests;

use crate::clause::{Clause, explain_clause};
use crate::constitution::Constitution;
use crate::facts::{Explained, Facts};
use crate::kernel::Kernel;
use crate::words;

/// Explains a co-op's own constitution, a clause at a time.
pub fn explain_constitution(constitution: &Constitution, kernel: &Kernel, facts: Option<&Facts>) -> Vec<Explained> {
    explain_constitution_at("", constitution, kernel, facts)
}

/// Explains the constitution at a path, a clause at a time; the root's is the empty path.
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
    let set = crate::constitution::explain_settings(constitution, kernel);
    set.into_iter().chain(constitution.clauses.iter().map(explained)).collect()
}
