//! A long column that is cheap to copy: copies share everything but what is changed afterwards.
//!
//! Values lie in leaves of `LEAF`, leaves in branches of [`FAN`], branches in one list. A copy takes a reference to that list. The
//! first change of a leaf that is shared copies the leaf, its branch and the list, and nothing else. Readers so keep a column as it
//! was while a writer goes on; a column that nobody shares is changed in place.

mod cursor;

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::give_way;
pub use cursor::Cursor;

/// Leaves of a branch.
const FAN: usize = 64;
/// Values that a column which is read has room for at first.
const FIRST: usize = 4;

/// Values by place, in leaves of `LEAF`.
pub struct Column<T, const LEAF: usize = 256> {
    branches: Arc<Vec<Arc<Branch<T>>>>,
    len: usize,
}

/// Each leaf but the last of the column is full.
type Branch<T> = Vec<Arc<Vec<T>>>;

/// The number of the leaf that a place is in, and the place within it.
#[inline]
#[allow(clippy::arithmetic_side_effects, reason = "the compiler has seen that no leaf is empty")]
fn place_in<const LEAF: usize>(place: usize) -> (usize, usize) {
    const { assert!(LEAF > 0, "a leaf has room for a value") };
    (place / LEAF, place % LEAF)
}

impl<T, const LEAF: usize> Clone for Column<T, LEAF> {
    fn clone(&self) -> Self {
        Column { branches: Arc::clone(&self.branches), len: self.len }
    }
}

impl<T, const LEAF: usize> Default for Column<T, LEAF> {
    fn default() -> Self {
        Column { branches: Arc::default(), len: 0 }
    }
}

impl<T: std::fmt::Debug, const LEAF: usize> std::fmt::Debug for Column<T, LEAF> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.leaves().flatten()).finish()
    }
}

impl<T: PartialEq, const LEAF: usize> PartialEq for Column<T, LEAF> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(own, other): (&Arc<Vec<T>>, &Arc<Vec<T>>)| Arc::ptr_eq(own, other) || own == other;
        self.len == other.len
            && (Arc::ptr_eq(&self.branches, &other.branches) || self.shared().zip(other.shared()).all(same))
    }
}

impl<T: Eq, const LEAF: usize> Eq for Column<T, LEAF> {}

impl<T, const LEAF: usize> Column<T, LEAF> {
    /// How many values there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// There are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value at a place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        let (leaf, within) = place_in::<LEAF>(place);
        self.branches.get(leaf / FAN)?.get(leaf % FAN)?.get(within)
    }

    /// The first value.
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last value.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// All values in order, leaf by leaf: slices of `LEAF`, the last one shorter.
    pub fn leaves(&self) -> impl DoubleEndedIterator<Item = &[T]> {
        self.shared().map(|leaf| leaf.as_slice())
    }

    /// The leaf with a number, from 0; empty where there is none.
    pub fn leaf(&self, number: usize) -> &[T] {
        let leaf = self.branches.get(number / FAN).and_then(|branch| branch.get(number % FAN));
        leaf.map_or(&[], |leaf| leaf.as_slice())
    }

    /// How many leaves there are.
    pub fn leaf_count(&self) -> usize {
        self.len.div_ceil(LEAF)
    }

    /// All values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.leaves().flatten()
    }

    /// The values from a place on, in order.
    pub fn since(&self, place: usize) -> impl Iterator<Item = &T> {
        let (leaf, within) = place_in::<LEAF>(place);
        let first = self.leaf(leaf).get(within..).unwrap_or_default();
        let rest = (leaf.saturating_add(1)..self.leaf_count()).flat_map(|number| self.leaf(number));
        first.iter().chain(rest)
    }

    /// Bytes held, spare room included and what lies behind pointers left out. Values that copies share are counted for each.
    pub fn bytes(&self) -> usize {
        let leaves = self.shared().map(|leaf| leaf.capacity().saturating_mul(size_of::<T>()).saturating_add(64));
        leaves.fold(0, usize::saturating_add)
    }

    fn shared(&self) -> impl DoubleEndedIterator<Item = &Arc<Vec<T>>> {
        self.branches.iter().flat_map(|branch| branch.iter())
    }
}

impl<T: Clone, const LEAF: usize> Column<T, LEAF> {
    /// The value at a place, to be changed.
    #[inline]
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        if place >= self.len {
            return None;
        }
        let (leaf, within) = place_in::<LEAF>(place);
        let branch = Arc::make_mut(&mut self.branches).get_mut(leaf / FAN)?;
        let leaf = Arc::make_mut(branch).get_mut(leaf % FAN)?;
        Arc::make_mut(leaf).get_mut(within)
    }

    /// Puts a value at a place; nothing happens where there is no such place.
    #[inline]
    pub fn set(&mut self, place: usize, value: T) {
        if let Some(cell) = self.get_mut(place) {
            *cell = value;
        }
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        let (leaf, _) = place_in::<LEAF>(self.len);
        let branches = Arc::make_mut(&mut self.branches);
        if leaf / FAN >= branches.len() {
            branches.push(Arc::new(Vec::with_capacity(FAN)));
        }
        if let Some(branch) = branches.last_mut() {
            let branch = Arc::make_mut(branch);
            if leaf % FAN >= branch.len() {
                // Small columns are many, and grow as any list does; full leaves are the rule in long ones.
                let room = if leaf == 0 { 0 } else { LEAF };
                branch.push(Arc::new(Vec::with_capacity(room)));
            }
            if let Some(leaf) = branch.last_mut() {
                let leaf = Arc::make_mut(leaf);
                if leaf.len() == leaf.capacity() && self.len >= LEAF {
                    leaf.reserve_exact(LEAF.saturating_sub(leaf.len()));
                }
                leaf.push(value);
                self.len = self.len.saturating_add(1);
            }
        }
    }

    /// Adds a leaf behind full ones: what many values cost less in than one by one, each of which asks whether it is shared.
    fn push_leaf(&mut self, leaf: Vec<T>) {
        let branches = Arc::make_mut(&mut self.branches);
        if branches.last().is_none_or(|branch| branch.len() >= FAN) {
            branches.push(Arc::new(Vec::with_capacity(FAN)));
        }
        self.len = self.len.saturating_add(leaf.len());
        if let Some(branch) = branches.last_mut() {
            Arc::make_mut(branch).push(Arc::new(leaf));
        }
    }

    /// Takes the last value away.
    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        let branches = Arc::make_mut(&mut self.branches);
        let branch = Arc::make_mut(branches.last_mut()?);
        let leaf = Arc::make_mut(branch.last_mut()?);
        let value = leaf.pop();
        if leaf.is_empty() {
            branch.pop();
            if branch.is_empty() {
                branches.pop();
            }
        }
        value
    }

    /// Makes the column longer, with a value at every new place.
    pub fn lengthen(&mut self, len: usize, value: T) {
        while self.len < len {
            give_way(self.len);
            self.push(value.clone());
        }
    }

    /// All values in order, to be changed. Every leaf that is shared is copied as it is reached.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        let branches = Arc::make_mut(&mut self.branches).iter_mut();
        let leaves = branches.flat_map(|branch| Arc::make_mut(branch).iter_mut());
        leaves.flat_map(|leaf| Arc::make_mut(leaf).iter_mut())
    }
}

impl<T: Clone, const LEAF: usize> From<Vec<T>> for Column<T, LEAF> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<T: Clone, const LEAF: usize> FromIterator<T> for Column<T, LEAF> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut column = Column::default();
        column.extend(values);
        column
    }
}

impl<T: Clone, const LEAF: usize> Extend<T> for Column<T, LEAF> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

/// As a list.
impl<T: Serialize, const LEAF: usize> Serialize for Column<T, LEAF> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(self.len))?;
        for value in self.iter() {
            list.serialize_element(value)?;
        }
        list.end()
    }
}

impl<'de, T: Clone + Deserialize<'de>, const LEAF: usize> Deserialize<'de> for Column<T, LEAF> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Values(PhantomData))
    }
}

struct Values<T, const LEAF: usize>(PhantomData<T>);

impl<'de, T: Clone + Deserialize<'de>, const LEAF: usize> Visitor<'de> for Values<T, LEAF> {
    type Value = Column<T, LEAF>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (mut column, mut leaf) = (Column::default(), Vec::new());
        while let Some(value) = list.next_element()? {
            if leaf.len() == leaf.capacity() {
                // Small columns are many, and take no more room than they need at first.
                leaf.reserve_exact(if leaf.is_empty() { FIRST.min(LEAF) } else { LEAF.saturating_sub(leaf.len()) });
            }
            leaf.push(value);
            if leaf.len() == LEAF {
                column.push_leaf(std::mem::replace(&mut leaf, Vec::with_capacity(LEAF)));
            }
        }
        if !leaf.is_empty() {
            column.push_leaf(leaf);
        }
        Ok(column)
    }
}

#[cfg(test)]
mod tests;
