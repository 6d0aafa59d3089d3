//! Marks: what a reader passes, one after the other, with nothing lost but spaces. Whoever lays a document
//! out anew needs them; whoever reads rules does not.

use std::ops::Range;

use super::{Reader, Value};

/// One step of the reader.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A node begins, with this name.
    Name(String),
    Value(Value),
    Property(String, Value),
    /// `/-`: the node, value, property or braces that come next count for nothing.
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

    /// How many marks there are.
    pub(super) fn marked(&self) -> usize {
        self.marks.as_ref().map_or(0, Vec::len)
    }

    /// Takes back all marks but the first ones: the reader went back and passes the place again.
    pub(super) fn forget(&mut self, but: usize) {
        if let Some(marks) = &mut self.marks {
            marks.truncate(but);
        }
    }
}
