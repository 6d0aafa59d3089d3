//! All rules in force: the kernel, the constitution, and the constitutions inside it.

use std::collections::BTreeMap;

use crate::{Above, Clause, ClauseKind, Constitution, Kernel};

/// The rules in force. A clause has a path: its name at the root (`maintainer`), and after the paths of the
/// constitutions that it stands in further down (`docs-team/editor`).
#[derive(Clone, Debug)]
pub struct Rules {
    pub kernel: Kernel,
    pub constitution: Constitution,
    /// Constitutions inside the constitution that have a document in force, by path.
    pub below: BTreeMap<String, Constitution>,
}

impl Rules {
    /// A kernel and a constitution, with nothing below.
    pub fn new(kernel: Kernel, constitution: Constitution) -> Rules {
        Rules {
            kernel,
            constitution,
            below: BTreeMap::new(),
        }
    }

    /// The constitution at a path; the root's is the empty path.
    pub fn constitution_at(&self, path: &str) -> Option<&Constitution> {
        match path {
            "" => Some(&self.constitution),
            path => self.below.get(path),
        }
    }

    /// The clause at a path.
    pub fn clause(&self, path: &str) -> Option<&Clause> {
        let (holder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.constitution_at(holder)?.clause(name)
    }

    /// What a document of the `constitution` clause at this path is checked against; the root's is the empty path.
    pub fn above(&self, path: &str) -> Option<Above<'_>> {
        let mut above = Above::root(&self.kernel);
        if path.is_empty() {
            return Some(above);
        }
        let ends = path.match_indices('/').map(|(at, _)| at);
        for end in ends.chain(std::iter::once(path.len())) {
            let clause = self.clause(path.get(..end)?)?;
            if !matches!(clause.kind, ClauseKind::Constitution { .. }) {
                return None;
            }
            above = above.below(clause);
        }
        Some(above)
    }
}
