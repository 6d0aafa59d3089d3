//! The idempotency keys of the newest entries, which are not in the table of keys yet.
//!
//! A key's place in that table is anywhere, so that one by one each would cost a page: more than ten entries. So many are put into it
//! together, in its order. Until then they stand in the entries themselves, and are held in memory; a store that is opened reads them
//! from there.

use std::collections::BTreeMap;

/// As many keys wait: some megabytes, and less than a tenth of a second to read again.
const MOST: usize = if cfg!(test) { 16 } else { 65_536 };

/// The keys of one co-op that wait, with their entries.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) coop: String,
    places: BTreeMap<Box<str>, u64>,
    /// Those that the open transaction added, in order.
    added: Vec<Box<str>>,
    /// How many of them there were at the mark.
    marked: usize,
    /// The open transaction has put some into the table, or may have added some that are not in `added`.
    unsure: bool,
}

impl Fresh {
    pub(super) fn new(coop: &str) -> Self {
        Self { coop: coop.to_owned(), places: BTreeMap::new(), added: Vec::new(), marked: 0, unsure: false }
    }

    pub(super) fn find(&self, key: &str) -> Option<u64> {
        self.places.get(key).copied()
    }

    /// Notes the key of an entry that is saved.
    pub(super) fn note(&mut self, key: &str, seq: u64) {
        self.places.insert(key.into(), seq);
    }

    /// Notes the key of an entry that the open transaction adds.
    pub(super) fn add(&mut self, key: &str, seq: u64) {
        self.note(key, seq);
        self.added.push(key.into());
    }

    pub(super) fn is_full(&self) -> bool {
        self.places.len() >= MOST
    }

    /// All of them, in the order of the table.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&str, u64)> {
        self.places.iter().map(|(key, seq)| (&**key, *seq))
    }

    /// They are in the table now, if the transaction is saved.
    pub(super) fn are_stored(&mut self) {
        self.places.clear();
        self.added.clear();
        self.unsure = true;
    }

    /// It was read within the open transaction, whose own keys are among it.
    pub(super) fn may_be_undone(&mut self) {
        self.unsure = true;
    }

    pub(super) fn mark(&mut self) {
        self.marked = self.added.len();
    }

    /// Forgets those after the mark. `false` where it does not know any more which were there.
    pub(super) fn back_to_mark(&mut self) -> bool {
        self.forget_from(self.marked)
    }

    /// Forgets those of the transaction, which ends without a trace. `false` where it does not know any more which were there.
    pub(super) fn undo(&mut self) -> bool {
        self.forget_from(0)
    }

    /// The transaction is saved.
    pub(super) fn keep(&mut self) {
        self.added.clear();
        (self.marked, self.unsure) = (0, false);
    }

    fn forget_from(&mut self, first: usize) -> bool {
        for key in self.added.drain(first.min(self.added.len())..) {
            self.places.remove(&key);
        }
        !self.unsure
    }
}
