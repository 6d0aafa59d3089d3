//! All rules in force: the kernel, the constitution, and the constitutions inside it.

use std::collections::BTreeMap;

use crate::clause::{self, Clause};
use crate::constitution::{Above, Constitution, read_constitution_below};
use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::kernel::{self, Kernel};

/// The name of the kernel in acts and on pages.
const KERNEL: &str = "kernel";
/// The path of the decision whose document is the co-op's own constitution.
const ROOT: &str = "constitution";

/// Why a document could not be read as the rules of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has mistakes.
    Mistakes(Vec<Diagnostic>),
    /// Nothing above it defines such a constitution.
    NoSuchDecision,
}

/// The rules in force. A clause has a path: its name at the root (`maintainer`), and further down the names of the
/// constitutions around it before its own (`docs-team/editor`).
#[derive(Clone, Debug)]
pub struct Rules {
    pub kernel: Kernel,
    pub constitution: Constitution,
    /// Constitutions inside the constitution that have a document in force, by path.
    pub below: BTreeMap<String, Constitution>,
}

/// Reads and checks a kernel in the words of the newest closed edition.
///
/// # Errors
/// Every mistake, in the order of their places.
pub fn read_kernel(text: &str) -> Result<Kernel, Vec<Diagnostic>> {
    read_kernel_under(text, Edition::USUAL)
}

/// As [`read_kernel`], in the words of an edition.
pub fn read_kernel_under(text: &str, edition: Edition) -> Result<Kernel, Vec<Diagnostic>> {
    kernel::read(text, edition, &clause::words())
}

impl Rules {
    /// Puts a kernel and a constitution together, with nothing below.
    pub fn new(kernel: Kernel, constitution: Constitution) -> Rules {
        let kernel = kernel.with_values(&constitution.values());
        Rules { kernel, constitution, below: BTreeMap::new() }
    }

    /// Puts another constitution in force. Its values of parameters stand from now on; formulas count by the earlier ones until
    /// [`Kernel::count_by`].
    pub fn put_constitution(&mut self, constitution: Constitution) {
        self.kernel.set(&constitution.values());
        self.constitution = constitution;
    }

    /// Returns the constitution at a path; the root's is the empty path.
    pub fn constitution_at(&self, path: &str) -> Option<&Constitution> {
        match path {
            "" => Some(&self.constitution),
            path => self.below.get(path),
        }
    }

    /// Returns the clause at a path.
    pub fn clause(&self, path: &str) -> Option<&Clause> {
        let (holder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.constitution_at(holder)?.clause(name)
    }

    /// Returns everything above a document of the `constitution` clause at this path; the root's is the empty path.
    pub fn above(&self, path: &str) -> Option<Above<'_>> {
        let mut above = Above::root(&self.kernel);
        if path.is_empty() {
            return Some(above);
        }
        let ends = path.match_indices('/').map(|(at, _)| at);
        for end in ends.chain(std::iter::once(path.len())) {
            let clause = self.clause(path.get(..end)?)?;
            clause.grant()?;
            above = above.below(clause);
        }
        Some(above)
    }

    /// Returns the rules with another document for `decision`: `kernel`, `constitution`, or the path of a constitution inside
    /// it. Only the document itself is checked, not whether the documents below it still fit.
    ///
    /// # Errors
    /// The document's mistakes, or a path without a constitution.
    pub fn with_document(&self, decision: &str, text: &str) -> Result<Rules, Unread> {
        let mut rules = self.clone();
        let read = |path: &str| {
            let above = self.above(path).ok_or(Unread::NoSuchDecision)?;
            read_constitution_below(text, &above).map_err(Unread::Mistakes)
        };
        match decision {
            KERNEL => rules.kernel = read_kernel_under(text, self.kernel.edition).map_err(Unread::Mistakes)?,
            ROOT => rules.constitution = read("")?,
            path => {
                rules.below.insert(path.to_owned(), read(path)?);
            }
        }
        rules.kernel = rules.kernel.with_values(&rules.constitution.values());
        Ok(rules)
    }
}
