//! Keyed sources: the form in which entries have them from edition 2 on. Source: `docs/spec/log.md`, *Keyed sources*.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::act::BookEntry;
use rochdale_log::{Hash, Store, commitment, decode};

use crate::coop::Coop;
use crate::error::Error;
use crate::records::SOURCES;
use crate::snapshot::Snapshot;
use crate::texts::kept_narration;

/// The field of a source in its keyed hash.
pub(crate) const SOURCE: &str = "source";
/// The field of a series of pledges in its keyed hash.
pub(crate) const SERIES: &str = "series";

/// The beginning of each keyed source, so that nobody takes it for one in plain or for the hash of a document.
const KEYED: &str = "keyed:";

/// As many hexadecimal digits of the hash are written: 192 bits. A series has 64 bytes at the most.
const DIGITS: usize = 48;

/// The form of a source or series in the log.
pub(crate) fn keyed(key: &[u8; 32], field: &str, plain: &str) -> String {
    let hash = commitment(key, field, plain.as_bytes()).to_string();
    format!("{KEYED}{}", hash.get(..DIGITS).unwrap_or_default())
}

/// Whether a source in the log is a keyed one.
#[must_use]
pub fn is_keyed(source: &str) -> bool {
    source.starts_with(KEYED)
}

/// The commitment by which an entry binds the key.
pub(crate) fn binding(key: &[u8; 32]) -> Hash {
    commitment(key, SOURCES, b"")
}

/// Whether an entry binds a key of sources.
pub(crate) fn binds_a_key(bytes: &[u8]) -> bool {
    const NOTHING: &[u8] = b"\"commitments\":{}}";
    !bytes.ends_with(NOTHING)
        && decode(bytes).is_ok_and(|entry| entry.commitments.iter().any(|(name, _)| name == SOURCES))
}

/// The source that was handed in where the log has `form`, if it is kept.
pub(crate) fn plain(store: &mut dyn Store, coop: &str, form: &str) -> Result<Option<String>, Error> {
    if !is_keyed(form) {
        return Ok(None);
    }
    let kept = store.get(coop, "source", form.as_bytes())?;
    Ok(kept.and_then(|plain| String::from_utf8(plain).ok()))
}

/// Every source that is kept beside the log, by the form in which the log has it.
pub(crate) fn kept(store: &mut dyn Store, coop: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut by_name = each(store, coop, "source")?;
    // Records that a fork has copied have the form of the log that they come from.
    for (keyed, form) in each(store, coop, "alias")? {
        if let Some(plain) = by_name.remove(&keyed) {
            by_name.insert(form, plain);
        }
    }
    Ok(by_name)
}

/// The records of a space, as text.
fn each(store: &mut dyn Store, coop: &str, space: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut all = BTreeMap::new();
    store.scan(coop, space, &mut |name, value| {
        all.insert(String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(value).into_owned());
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

impl Coop {
    /// The source that was handed in where an entry has `form`. Where it is erased, or was never keyed, that is `form` itself.
    ///
    /// # Errors
    /// A fault.
    pub fn source_in_plain(&mut self, form: String) -> Result<String, Error> {
        Ok(plain(&mut *self.store, &self.now.id, &form)?.unwrap_or(form))
    }
}

impl Coop {
    /// The words of a booking; `None` where they are erased. Edition 1 has the words in the entry.
    ///
    /// # Errors
    /// A fault.
    pub fn narration(&mut self, entry: &BookEntry) -> Result<Option<String>, Error> {
        match &entry.narration {
            Some(words) => Ok(Some(words.clone())),
            None => kept_narration(&mut *self.store, &self.now.id, &entry.source),
        }
    }
}

impl Snapshot {
    /// The source that was handed in where an entry has `form`; `None` where it is erased. One that was never keyed is `form` itself.
    ///
    /// # Errors
    /// A fault.
    pub fn source_in_plain(&self, form: &str) -> Result<Option<String>, Error> {
        if !is_keyed(form) {
            return Ok(Some(form.to_owned()));
        }
        self.beside.look(|store, coop| plain(store, coop, form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of `docs/spec/log.md`.
    #[test]
    fn the_example_of_the_chapter_is_keyed_so() {
        let key = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let form = keyed(&key, SOURCE, "invoice 7");
        assert!(
            include_str!("../../../docs/spec/log.md").contains(&format!("makes `{form}` of the source `invoice 7`"))
        );
        assert_ne!(form, keyed(&key, SERIES, "invoice 7"));
    }
}
