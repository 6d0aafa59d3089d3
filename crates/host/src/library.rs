//! Texts beside the log, read when somebody asks for one. The latest ones stay in memory, within bounds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use views::DocumentCard;

use crate::beside::Beside;
use crate::texts::{kept_narration, kept_text};

/// The texts of one co-op. Those in memory never go out of date, since a hash names one text for ever.
#[derive(Debug)]
pub(crate) struct Library {
    beside: Arc<Beside>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    titles: BTreeMap<String, Arc<str>>,
    cards: BTreeMap<String, Arc<DocumentCard>>,
    /// Of the texts in `cards`.
    bytes: usize,
}

/// As many titles as are kept, of 80 letters at most.
const MOST_TITLES: usize = 50_000;
/// As many bytes of texts as are kept.
const MOST_BYTES: usize = 8 * 1_048_576;

impl Library {
    pub(crate) fn new(beside: Arc<Beside>) -> Library {
        Library { beside, kept: Mutex::default() }
    }

    /// Never held while storage is read.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl views::Library for Library {
    /// A text that storage cannot give now counts as absent: the page shows its hash.
    fn document(&self, hash: &str) -> Option<Arc<DocumentCard>> {
        if let Some(card) = self.kept().cards.get(hash) {
            return Some(Arc::clone(card));
        }
        let text = self.beside.look(|store, coop| kept_text(store, coop, hash)).ok().flatten()?;
        let card = Arc::new(DocumentCard::of(&text));
        self.kept().keep(hash, &card);
        Some(card)
    }

    /// Read anew each time: the words of a later entry with the same source take their place.
    fn narration(&self, source: &str) -> Option<String> {
        self.beside.look(|store, coop| kept_narration(store, coop, source)).ok().flatten()
    }

    fn title(&self, hash: &str) -> Option<Arc<str>> {
        if let Some(title) = self.kept().titles.get(hash) {
            return Some(Arc::clone(title));
        }
        self.document(hash).map(|card| Arc::clone(&card.title))
    }
}

impl Kept {
    /// Full shelves are cleared: what is read often comes back first.
    fn keep(&mut self, hash: &str, card: &Arc<DocumentCard>) {
        if self.titles.len() >= MOST_TITLES {
            self.titles.clear();
        }
        self.titles.insert(hash.to_owned(), Arc::clone(&card.title));
        let length = card.text.len();
        if self.bytes.saturating_add(length) > MOST_BYTES {
            (self.cards, self.bytes) = (BTreeMap::new(), 0);
        }
        if self.cards.insert(hash.to_owned(), Arc::clone(card)).is_none() {
            self.bytes += length;
        }
    }
}

#[cfg(test)]
mod tests;
