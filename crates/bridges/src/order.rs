//! The time and place of each record, and the ids that occur twice. Nothing else of a file is kept
//! between its two readings: some 50 bytes for each record.

use std::cmp::Reverse;

use quantity::Moment;
use sha2::{Digest, Sha256};

/// One record of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub at: Moment,
    pub offset: u64,
    pub length: u32,
    pub line: u32,
    pub column: u32,
    /// The number of earlier records with the same content.
    pub nth: u32,
    /// The number of earlier records with the same content, written the same way.
    pub nth_written: u32,
}

/// Sorts by time. Records of one time keep the file's order, or its reverse if the file has its newest records first.
pub(crate) fn in_time_order(entries: &mut [Entry]) {
    let mut rises = 0_u64;
    let mut falls = 0_u64;
    for (one, next) in entries.iter().zip(entries.iter().skip(1)) {
        rises += u64::from(one.at < next.at);
        falls += u64::from(one.at > next.at);
    }
    if falls > rises {
        entries.sort_unstable_by_key(|entry| (entry.at, Reverse(entry.offset)));
    } else {
        entries.sort_unstable_by_key(|entry| (entry.at, entry.offset));
    }
}

/// Ids by their hash, so that a million long ones take no more than short ones.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    found: Vec<([u8; 16], u32)>,
}

impl Ids {
    /// Notes that record `number` has `id`.
    pub(crate) fn add(&mut self, id: &str, number: u32) {
        self.found.push((hash(id), number));
    }

    /// Returns each later record with an id that an earlier one has: the number of the first, then its own. They are in the
    /// order of ids, then of records.
    pub(crate) fn repeated(mut self) -> Vec<(u32, u32)> {
        self.found.sort_unstable();
        let mut repeated = Vec::new();
        let mut first = None;
        for (id, number) in self.found {
            match first {
                Some((same, first)) if same == id => repeated.push((first, number)),
                _ => first = Some((id, number)),
            }
        }
        repeated
    }
}

/// Returns the first 128 bits of SHA-256: nobody can write two ids that share them.
fn hash(id: &str) -> [u8; 16] {
    let mut hash = [0; 16];
    for (to, from) in hash.iter_mut().zip(Sha256::digest(id.as_bytes())) {
        *to = from;
    }
    hash
}
