//! Places by hash: where something is in a column, found by 64 bits that say which it is. Cheap to copy, as a [`Column`] is.
//!
//! An open table of twice as many cells as it needs. It holds hashes and places alone: where two things can share a hash, the caller
//! compares what is at the place.

use crate::{Column, give_way};
use serde::{Deserialize, Serialize};

/// A cell: a hash, and its place plus one; nothing where that is 0.
type Cell = (u64, u32);

/// Places by the hashes of what is there. Hashes are spread evenly, as the first bits of SHA-256 are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Index {
    cells: Column<Cell, 128>,
    len: usize,
}

/// Equal where it has the same places by the same hashes, in whatever order they came.
impl PartialEq for Index {
    fn eq(&self, other: &Index) -> bool {
        let sorted = |index: &Index| {
            let mut cells: Vec<Cell> = index.cells.iter().filter(|(_, place)| *place > 0).copied().collect();
            cells.sort_unstable();
            cells
        };
        self.len == other.len && sorted(self) == sorted(other)
    }
}

impl Eq for Index {}

impl Index {
    /// How many places it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// It has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The place with a hash that is the wanted one; the first in order of insertion.
    pub fn find(&self, hash: u64, mut wanted: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash)?;
        loop {
            let (other, place) = self.cells.get(at).copied()?;
            let place = place.checked_sub(1)?;
            if other == hash && wanted(place) {
                return Some(place);
            }
            at = self.after(at);
        }
    }

    /// Every place with its hash, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.cells.iter().filter_map(|(hash, place)| Some((*hash, place.checked_sub(1)?)))
    }

    /// Adds a place. One with the same hash stays beside it.
    pub fn insert(&mut self, hash: u64, place: u32) {
        if self.len.saturating_mul(2) >= self.cells.len() {
            self.grow();
        }
        self.put(hash, place.saturating_add(1));
        self.len = self.len.saturating_add(1);
    }

    /// Puts another place where a hash has one, or adds it.
    pub fn replace(&mut self, hash: u64, place: u32) {
        let mut at = self.home(hash);
        while let Some(here) = at {
            match self.cells.get(here).copied() {
                Some((other, known)) if known > 0 && other == hash => {
                    self.cells.set(here, (hash, place.saturating_add(1)));
                    return;
                }
                Some((_, known)) if known > 0 => at = Some(self.after(here)),
                _ => break,
            }
        }
        self.insert(hash, place);
    }

    fn put(&mut self, hash: u64, place: u32) {
        let Some(mut at) = self.home(hash) else { return };
        while self.cells.get(at).is_some_and(|(_, known)| *known > 0) {
            at = self.after(at);
        }
        self.cells.set(at, (hash, place));
    }

    fn grow(&mut self) {
        let size = self.cells.len().saturating_mul(2).max(16);
        let mut cells = Column::default();
        cells.lengthen(size, (0, 0));
        let old = std::mem::replace(&mut self.cells, cells);
        for (turn, (hash, place)) in old.iter().filter(|(_, place)| *place > 0).enumerate() {
            give_way(turn);
            self.put(*hash, *place);
        }
    }

    /// Where a hash's cells begin. INVARIANT: the number of cells is a power of two, and half of them are free.
    fn home(&self, hash: u64) -> Option<usize> {
        let last = self.cells.len().checked_sub(1)?;
        Some(usize::try_from(hash).unwrap_or(usize::MAX) & last)
    }

    fn after(&self, at: usize) -> usize {
        at.saturating_add(1) & self.cells.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_hash_and_comparison() {
        let mut index = Index::default();
        assert_eq!(index.find(1, |_| true), None);
        // Few hashes, so that many share one and runs of cells meet.
        for place in 0..1_000 {
            index.insert(u64::from(place % 10), place);
        }
        let copy = index.clone();
        index.insert(3, 5_000);
        for place in 0..1_000 {
            assert_eq!(index.find(u64::from(place % 10), |known| known == place), Some(place));
        }
        assert_eq!((index.find(3, |_| true), index.find(3, |known| known > 2_000)), (Some(3), Some(5_000)));
        assert_eq!((copy.find(3, |known| known > 2_000), copy.len(), index.len()), (None, 1_000, 1_001));
    }

    #[test]
    fn a_place_is_replaced() {
        let mut index = Index::default();
        for hash in 0..100 {
            index.replace(hash, 1);
        }
        index.replace(7, 2);
        assert_eq!((index.find(7, |_| true), index.find(8, |_| true), index.len()), (Some(2), Some(1), 100));
    }
}
