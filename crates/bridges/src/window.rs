//! Ranges of a file in any order. Reading neighbours one after the other, forward or backward, is quick. Memory is
//! bounded by the largest window and the longest range.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

const SMALLEST: u64 = 8 << 10;
const LARGEST: u64 = 1 << 20;

/// A piece of a file that moves and grows with the ranges that are read.
#[derive(Debug)]
pub(crate) struct Window {
    bytes: Vec<u8>,
    start: u64,
    size: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self { bytes: Vec::new(), start: 0, size: SMALLEST }
    }
}

impl Window {
    /// Returns the bytes from `offset` on. It fails where the file has become shorter.
    pub(crate) fn read(&mut self, file: &mut File, offset: u64, length: u32) -> std::io::Result<&[u8]> {
        let end = offset + u64::from(length);
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            self.load(file, offset, end)?;
        }
        let from = (offset - self.start) as usize;
        self.bytes.get(from..from + length as usize).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }

    fn load(&mut self, file: &mut File, offset: u64, end: u64) -> std::io::Result<()> {
        let old_end = self.start + self.bytes.len() as u64;
        let backward = offset < self.start;
        let near = end + self.size > self.start && offset < old_end + self.size;
        self.size = if near { (self.size * 2).min(LARGEST) } else { SMALLEST };
        let length = self.size.max(end - offset);
        self.start = if backward { end.saturating_sub(length) } else { offset };
        file.seek(SeekFrom::Start(self.start))?;
        self.bytes.clear();
        file.take(length).read_to_end(&mut self.bytes)?;
        Ok(())
    }
}
