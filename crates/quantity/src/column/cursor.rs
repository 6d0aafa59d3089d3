//! A reader of places that are near each other. Not a way to change them.

use super::{Column, place_in};

/// Reads a column by place, and keeps the leaf that it read last: the next place is likely in it.
#[derive(Debug)]
pub struct Cursor<'a, T, const LEAF: usize = 256> {
    column: &'a Column<T, LEAF>,
    number: usize,
    leaf: &'a [T],
}

impl<'a, T, const LEAF: usize> Cursor<'a, T, LEAF> {
    /// The value at a place.
    #[inline]
    pub fn get(&mut self, place: usize) -> Option<&'a T> {
        let (number, within) = place_in::<LEAF>(place);
        if number != self.number {
            (self.number, self.leaf) = (number, self.column.leaf(number));
        }
        self.leaf.get(within)
    }
}

impl<T, const LEAF: usize> Column<T, LEAF> {
    /// A reader of many places in about their order.
    #[must_use]
    pub fn cursor(&self) -> Cursor<'_, T, LEAF> {
        Cursor { column: self, number: 0, leaf: self.leaf(0) }
    }
}
