//! Places with a type: a place in one table cannot be taken for a place in another.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Column;

/// A place in a table or column, from 0.
pub trait Id: Copy {
    /// The id of a place; of one beyond what ids reach, the last.
    fn at(place: usize) -> Self;

    /// The place, for columns that are slices.
    fn place(self) -> usize;
}

/// Makes a type of id: a tuple struct of one unsigned number.
///
/// ```
/// quantity::id! {
///     /// A row's place.
///     pub struct Row(u16);
/// }
/// assert_eq!(Row::at(7), Row(7));
/// assert_eq!(Row(7).place(), 7);
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $vis:vis struct $name:ident($number:ty);) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize,
        )]
        pub struct $name(pub $number);

        impl $name {
            /// The id of a place; of one beyond what ids reach, the last.
            #[inline]
            #[must_use]
            pub fn at(place: usize) -> Self {
                $name(<$number>::try_from(place).unwrap_or(<$number>::MAX))
            }

            /// The place, for columns that are slices.
            #[inline]
            #[must_use]
            pub fn place(self) -> usize {
                self.0 as usize
            }
        }

        impl $crate::Id for $name {
            #[inline]
            fn at(place: usize) -> Self {
                $name::at(place)
            }

            #[inline]
            fn place(self) -> usize {
                $name::place(self)
            }
        }

        impl From<$name> for i128 {
            fn from(id: $name) -> i128 {
                i128::from(id.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

/// Rows that are named by ids of one type. They are added at the end, and their places never change. Copies share all rows that
/// neither changes, as those of a [`Column`] do.
#[derive(Debug, PartialEq, Eq)]
pub struct Table<I, T, const LEAF: usize = 256> {
    rows: Column<T, LEAF>,
    ids: PhantomData<fn() -> I>,
}

impl<I, T, const LEAF: usize> Clone for Table<I, T, LEAF> {
    fn clone(&self) -> Self {
        Table { rows: self.rows.clone(), ids: PhantomData }
    }
}

impl<I, T, const LEAF: usize> Default for Table<I, T, LEAF> {
    fn default() -> Self {
        Table { rows: Column::default(), ids: PhantomData }
    }
}

impl<I, T: Clone, const LEAF: usize> From<Vec<T>> for Table<I, T, LEAF> {
    fn from(rows: Vec<T>) -> Self {
        Table { rows: rows.into(), ids: PhantomData }
    }
}

impl<I: Id, T, const LEAF: usize> Table<I, T, LEAF> {
    /// The row with an id, if there is one.
    #[inline]
    pub fn get(&self, id: I) -> Option<&T> {
        self.rows.get(id.place())
    }

    /// All rows with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.ids().zip(Counted { rows: self.rows.iter(), left: self.rows.len() })
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T, LEAF> {
        (0..self.rows.len()).map(I::at)
    }

    /// All rows, in order.
    pub fn rows(&self) -> &Column<T, LEAF> {
        &self.rows
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<I: Id, T: Clone, const LEAF: usize> Table<I, T, LEAF> {
    /// The row with an id, if there is one.
    #[inline]
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.rows.get_mut(id.place())
    }

    /// Adds a row at the end; its id.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::at(self.rows.len().saturating_sub(1))
    }

    /// All rows with their ids, in order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (I, &mut T)> {
        self.rows.iter_mut().enumerate().map(|(place, row)| (I::at(place), row))
    }
}

impl<I, T: Serialize, const LEAF: usize> Serialize for Table<I, T, LEAF> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(to)
    }
}

impl<'de, I, T: Clone + Deserialize<'de>, const LEAF: usize> Deserialize<'de> for Table<I, T, LEAF> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Table { rows: Column::deserialize(from)?, ids: PhantomData })
    }
}

/// Rows whose number is known.
struct Counted<R> {
    rows: R,
    left: usize,
}

impl<R: Iterator> Iterator for Counted<R> {
    type Item = R::Item;

    fn next(&mut self) -> Option<R::Item> {
        self.left = self.left.saturating_sub(1);
        self.rows.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<R: DoubleEndedIterator> DoubleEndedIterator for Counted<R> {
    fn next_back(&mut self) -> Option<R::Item> {
        self.left = self.left.saturating_sub(1);
        self.rows.next_back()
    }
}

impl<R: Iterator> ExactSizeIterator for Counted<R> {}

#[cfg(test)]
mod tests {
    use super::*;

    id! {
        /// A place in these tests.
        struct Row(u16);
    }

    #[test]
    fn rows_are_found_by_their_own_ids() {
        let mut table: Table<Row, &str> = vec!["a"].into();
        assert_eq!(table.push("b"), Row(1));
        assert_eq!((table.get(Row(1)), table.get(Row(2))), (Some(&"b"), None));
        *table.get_mut(Row(0)).unwrap() = "c";
        assert_eq!(table.iter().rev().collect::<Vec<_>>(), [(Row(1), &"b"), (Row(0), &"c")]);
        assert_eq!(table.ids().map(i128::from).sum::<i128>(), 1);
        table.iter_mut().for_each(|(_, row)| *row = "d");
        let copy = table.clone();
        *table.get_mut(Row(0)).unwrap() = "e";
        assert_eq!(
            (copy.rows().iter().collect::<Vec<_>>(), table.len(), table.is_empty()),
            (vec![&"d", &"d"], 2, false)
        );
    }

    #[test]
    fn a_place_beyond_all_ids_is_the_last() {
        assert_eq!(Row::at(70_000), Row(u16::MAX));
        assert_eq!(Row(9).to_string(), "9");
    }
}
