//! Idempotency keys of a whole log, to find one that it has twice. Eight bytes a key; the log is read again only if two of them
//! look alike.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::ops::ControlFlow;

use crate::error::Error;
use crate::follow::Entries;
use crate::replay::Wrong;

/// The keys of the entries so far.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// A short hash of each. Two keys may share one: nothing is decided by it.
    marks: Vec<u64>,
}

impl Keys {
    /// Notes the key of the next entry; the empty one is none.
    pub(crate) fn note(&mut self, key: &str) {
        if !key.is_empty() {
            self.marks.push(mark(key));
        }
    }

    /// Returns the first entry with the key of an earlier one. `entries` is the log from its first entry on.
    pub(crate) fn twice(mut self, entries: &mut Entries<'_>) -> Result<Option<Wrong>, Error> {
        self.marks.sort_unstable();
        let alike = self.marks.windows(2).filter(|pair| pair.first() == pair.last());
        let alike: Vec<u64> = alike.filter_map(|pair| pair.first().copied()).collect();
        if alike.is_empty() {
            return Ok(None);
        }
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        let mut found = None;
        entries(&mut |bytes| {
            // The caller reports an entry that cannot be read.
            let Ok(entry) = rochdale_log::decode(bytes) else {
                return ControlFlow::Break(());
            };
            if entry.key.is_empty() || alike.binary_search(&mark(&entry.key)).is_err() {
                return ControlFlow::Continue(());
            }
            match seen.insert(entry.key.into_owned(), entry.seq) {
                None => ControlFlow::Continue(()),
                Some(earlier) => {
                    let why = format!("it has the same key as entry {earlier}");
                    found = Some(Wrong { seq: entry.seq, why });
                    ControlFlow::Break(())
                }
            }
        })?;
        Ok(found)
    }
}

fn mark(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}
