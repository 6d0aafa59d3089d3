//! The log and the records beside it, as an open batch has changed them so far.

use engine::Pseudonym;
use rochdale_log::EachEntry;
use views::ItemCard;

use super::Batch;
use crate::directory::Profile;
use crate::error::Error;

impl Batch<'_> {
    /// The entry that has `key`, if one does.
    pub(crate) fn find_key(&mut self, key: &str) -> Result<Option<u64>, Error> {
        if key.is_empty() {
            return Ok(None);
        }
        Ok(self.coop.store.find_key(&self.coop.now.id, key)?)
    }

    /// Hands out every entry, those of this batch too.
    pub(crate) fn each_entry(&mut self, each: EachEntry<'_>) -> Result<(), Error> {
        Ok(self.coop.store.read(&self.coop.now.id, 1, each)?)
    }

    /// The text with this hash, if it is kept.
    pub(crate) fn text(&mut self, hash: &str) -> Result<Option<String>, Error> {
        self.coop.text(hash)
    }

    /// A member's profile, if it is kept.
    pub(crate) fn profile(&mut self, member: Pseudonym) -> Result<Option<Profile>, Error> {
        self.coop.profile(member)
    }

    /// As [`Coop::find_member`](crate::Coop::find_member).
    ///
    /// # Errors
    /// As [`Coop::find_member`](crate::Coop::find_member).
    pub fn find_member(&mut self, name: &str) -> Result<Option<Pseudonym>, Error> {
        self.coop.find_member(name)
    }

    /// The member whom a text in a table of the co-op's own means.
    pub(crate) fn find_in_table(&mut self, text: &str) -> Result<Option<Pseudonym>, Error> {
        self.coop.find_in_table(text)
    }

    /// The shown part of an item, with what this batch has changed.
    #[must_use]
    pub fn item(&self, decision: &str, item: &str) -> Option<&ItemCard> {
        self.coop.now.directory().item(decision, item)
    }

    pub(crate) fn is_demonstration(&self) -> bool {
        self.coop.now.demonstration
    }

    pub(crate) fn entry(&mut self, seq: u64) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.coop.store.entry(&self.coop.now.id, seq)?)
    }
}
