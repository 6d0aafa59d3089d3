//! Marks: everything that a reader passes, in order, with nothing lost but spaces. The layout needs them; reading rules
//! does not.

use std::ops::Range;

use super::{Reader, Value};

/// One step of the reader.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A node begins, with this name.
    Name(String),
    Value(Value),
    Property(String, Value),
    /// `/-`: the node, value, property or braces that come next are dropped.
    Dropped,
    Open,
    Close,
    /// The node is over.
    End,
    /// `//` up to the end of its line.
    LineComment(Range<usize>),
    /// `/*` to `*/`.
    BlockComment(Range<usize>),
    /// The end of a line between nodes.
    Break,
}

impl Reader<'_, '_> {
    pub(super) fn mark(&mut self, mark: impl FnOnce() -> Mark) {
        if let Some(marks) = &mut self.marks {
            marks.push(mark());
        }
    }

    /// Returns how many marks there are.
    pub(super) fn marked(&self) -> usize {
        self.marks.as_ref().map_or(0, Vec::len)
    }

    /// Drops all marks but the first ones, because the reader went back and passes the place again.
    pub(super) fn forget(&mut self, but: usize) {
        if let Some(marks) = &mut self.marks {
            marks.truncate(but);
        }
    }
}
