//! Documents that hold rules, read against what stands above them. It decides nothing: `charter` checks.

use charter::{Constitution, Diagnostic, Rules, read_constitution_below, read_kernel};
use engine::amendment::KERNEL;
use engine::decision::ROOT;

/// Why a document could not be read as the rules of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has mistakes.
    Mistakes(Vec<Diagnostic>),
    /// Nothing above it defines such a constitution.
    NoSuchDecision,
}

/// The rules with a document in the place of the one of `decision`: `kernel`, `constitution`, or the path of a
/// constitution inside it. Only the document itself is checked: whether what stands below it still fits is not asked.
///
/// # Errors
/// The document's mistakes, or a path at which no constitution stands.
pub fn with_document(rules: &Rules, decision: &str, text: &str) -> Result<Rules, Unread> {
    let mut rules = rules.clone();
    match decision {
        KERNEL => rules.kernel = read_kernel(text).map_err(Unread::Mistakes)?,
        ROOT => rules.constitution = read_at(&rules, "", text)?,
        path => {
            let read = read_at(&rules, path, text)?;
            rules.below.insert(path.to_owned(), read);
        }
    }
    Ok(rules)
}

fn read_at(rules: &Rules, path: &str, text: &str) -> Result<Constitution, Unread> {
    let above = rules.above(path).ok_or(Unread::NoSuchDecision)?;
    read_constitution_below(text, &above).map_err(Unread::Mistakes)
}

/// What was noted of the document of `decision`: what is allowed, and worth knowing.
#[must_use]
pub fn notes<'a>(rules: &'a Rules, decision: &str) -> &'a [Diagnostic] {
    let constitution = match decision {
        KERNEL => return &rules.kernel.notes,
        ROOT => Some(&rules.constitution),
        path => rules.below.get(path),
    };
    constitution.map_or(&[], |constitution| &constitution.notes)
}
