//! The rows of the table of entries: one entry as it is, or several in a row that one transaction added, compressed.
//!
//! The entries of a log repeat each other: of some 500 bytes, all but the hash before and a few numbers stand in the entry
//! above too. LZ4 leaves 110 bytes of them where 64 KiB are packed together, and takes less time than SQLite saves by the
//! smaller row. Deflate would leave 78, and takes four times as long. Nothing of this reaches the log: what is handed out is
//! what was pushed, byte by byte.

use super::Fault;

/// How many bytes are packed together before they are compressed. One entry can be larger, and then has a row of its own.
const MOST_BYTES: usize = 64 * 1024;

/// The first byte of a row that holds several entries: an entry begins with `{`.
const PACKED: u8 = 1;

/// Entries that were pushed and have no row yet.
#[derive(Debug, Default, Clone)]
pub(super) struct Waiting {
    /// The place of the first one.
    first: u64,
    /// Of each entry its length in two bytes, the lower one first, and the entry itself.
    framed: Vec<u8>,
    count: u64,
}

impl Waiting {
    /// The place of the first entry that waits, if one does.
    pub(super) fn first(&self) -> Option<u64> {
        (self.count > 0).then_some(self.first)
    }

    /// Whether `bytes` belong into a further row.
    pub(super) fn is_full_for(&self, bytes: &[u8]) -> bool {
        self.count > 0 && self.framed.len().saturating_add(bytes.len()).saturating_add(2) > MOST_BYTES
    }

    /// Adds the entry that follows those that wait.
    pub(super) fn push(&mut self, seq: u64, bytes: &[u8]) -> Result<(), Fault> {
        let length = u16::try_from(bytes.len())
            .map_err(|_| Fault::Refused(crate::TooLong { bytes: bytes.len() }.to_string()))?;
        if self.count == 0 {
            self.first = seq;
        }
        self.framed.extend_from_slice(&length.to_le_bytes());
        self.framed.extend_from_slice(bytes);
        self.count += 1;
        Ok(())
    }

    /// Forgets the entries, and keeps the room that they took.
    pub(super) fn clear(&mut self) {
        self.framed.clear();
        self.count = 0;
    }

    /// The row that holds all of them.
    pub(super) fn row(&self) -> Vec<u8> {
        if self.count == 1 {
            return self.framed.get(2..).unwrap_or_default().to_vec();
        }
        let mut row = vec![PACKED];
        row.extend_from_slice(&lz4_flex::block::compress_prepend_size(&self.framed));
        row
    }
}

/// Reads rows, in one buffer.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    framed: Vec<u8>,
}

impl Unpacked {
    /// Returns the entries of a row in order. A row that is damaged is handed out as it is: no entry looks like it, so that
    /// the verification names its place.
    pub(super) fn of<'a>(&'a mut self, row: &'a [u8]) -> Entries<'a> {
        let whole = Entries::Whole(Some(row));
        let Some((&PACKED, packed)) = row.split_first() else {
            return whole;
        };
        let Ok((length, block)) = lz4_flex::block::uncompressed_size(packed) else {
            return whole;
        };
        // A damaged length must not take the memory of the machine.
        if length > MOST_BYTES {
            return whole;
        }
        self.framed.resize(length, 0);
        match lz4_flex::block::decompress_into(block, &mut self.framed) {
            Ok(read) if read == length && is_framed(&self.framed) => Entries::Framed(&self.framed),
            _ => whole,
        }
    }
}

/// Whether the lengths lead to the end exactly.
fn is_framed(mut rest: &[u8]) -> bool {
    while let Some((_, after)) = split_frame(rest) {
        rest = after;
    }
    rest.is_empty()
}

fn split_frame(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = rest.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}

/// The entries of a row.
#[derive(Debug)]
pub(super) enum Entries<'a> {
    /// One after the other, each with its length before it.
    Framed(&'a [u8]),
    /// The row itself, unless it was handed out.
    Whole(Option<&'a [u8]>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        match self {
            Entries::Framed(framed) => {
                let (entry, rest) = split_frame(framed)?;
                *framed = rest;
                Some(entry)
            }
            Entries::Whole(row) => row.take(),
        }
    }
}

#[cfg(test)]
mod tests;
