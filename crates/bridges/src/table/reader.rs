//! A stream of bytes as CSV records, each with its place: RFC 4180, strictly. It finds the ends of records;
//! `row` reads the cells in them.

use std::io::Read;

use super::row::{CELL_MAX, place_in};
use crate::mistake::Wrong;

/// The longest record, in bytes.
const RECORD_MAX: usize = 1 << 20;
/// A cell may double in size by its quotes, and has two around it.
const QUOTED_CELL_MAX: usize = 2 * CELL_MAX + 2;
const CHUNK: usize = 1 << 18;

/// One record as the file has it, without its line end.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub bytes: Vec<u8>,
    /// The offset of its first byte.
    pub offset: u64,
    /// The line on which it begins.
    pub line: u64,
}

/// The reason why reading stopped.
#[derive(Debug)]
pub(super) enum Halt {
    Io(std::io::Error),
    Wrong(Wrong),
}

/// Reads records one after the other.
#[derive(Debug)]
pub(super) struct Reader<R> {
    input: R,
    chunk: Vec<u8>,
    at: usize,
    filled: usize,
    offset: u64,
    line: u64,
}

/// The progress of the scan of one record.
#[derive(Default)]
struct Scan {
    quoted: bool,
    cell_start: usize,
    /// The first quote of the cell.
    quote: Option<usize>,
}

impl<R: Read> Reader<R> {
    /// Looks at the first bytes: it skips a UTF-8 byte order mark and refuses other encodings.
    pub(super) fn new(input: R) -> Result<Self, Halt> {
        let mut reader = Self { input, chunk: vec![0; CHUNK], at: 0, filled: 0, offset: 0, line: 1 };
        reader.fill()?;
        let start = reader.chunk.get(..reader.filled).unwrap_or_default();
        if start.is_empty() {
            return Err(Halt::Wrong(Wrong::start("the file is empty")));
        }
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            let wrong = Wrong::start("the file is in UTF-16, not in UTF-8");
            return Err(Halt::Wrong(wrong.help("save it as CSV in UTF-8")));
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            reader.at = 3;
            reader.offset = 3;
        }
        Ok(reader)
    }

    /// Returns the offset of the next byte.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads the next record that is not an empty line; false at the end.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, Halt> {
        loop {
            let read = self.next_line(record)?;
            if !read || !record.bytes.is_empty() {
                return Ok(read);
            }
        }
    }

    fn next_line(&mut self, record: &mut Record) -> Result<bool, Halt> {
        record.bytes.clear();
        record.offset = self.offset;
        record.line = self.line;
        let mut scan = Scan::default();
        loop {
            if self.at == self.filled && self.fill()? == 0 {
                if scan.quoted {
                    return Err(unclosed(record, &scan));
                }
                return Ok(!record.bytes.is_empty());
            }
            let ended = self.scan(record, &mut scan);
            check_size(record, &scan)?;
            if ended {
                return Ok(true);
            }
        }
    }

    /// Takes the record's bytes from the chunk; true if the record ended in it.
    fn scan(&mut self, record: &mut Record, scan: &mut Scan) -> bool {
        let before = record.bytes.len();
        let rest = self.chunk.get(self.at..self.filled).unwrap_or_default();
        let mut taken = rest.len();
        let mut ended = false;
        for (i, byte) in rest.iter().enumerate() {
            match byte {
                // A doubled quote inside a cell toggles twice, so the state is right after it (RFC 4180, 2.7).
                b'"' => {
                    scan.quoted = !scan.quoted;
                    scan.quote.get_or_insert(before + i);
                }
                // The limits are checked at the end of a cell; `check_size` reports the place.
                b',' if !scan.quoted => {
                    let long = before + i - scan.cell_start > QUOTED_CELL_MAX;
                    if long || before + i > RECORD_MAX {
                        taken = i;
                        break;
                    }
                    scan.cell_start = before + i + 1;
                    scan.quote = None;
                }
                // A line end within quotes belongs to the cell (RFC 4180, 2.6), and still counts as a line.
                b'\n' => {
                    self.line += 1;
                    if !scan.quoted {
                        taken = i;
                        ended = true;
                        break;
                    }
                }
                _ => {}
            }
        }
        record.bytes.extend_from_slice(rest.get(..taken).unwrap_or_default());
        let used = taken + usize::from(ended);
        self.at += used;
        self.offset += used as u64;
        // The chunk may end between CR and LF, so the CR is taken off the record and not the chunk.
        if ended && record.bytes.last() == Some(&b'\r') {
            record.bytes.pop();
        }
        ended
    }

    fn fill(&mut self) -> Result<usize, Halt> {
        self.at = 0;
        self.filled = loop {
            match self.input.read(&mut self.chunk) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Halt::Io(error)),
                Ok(read) => break read,
            }
        };
        Ok(self.filled)
    }
}

fn check_size(record: &Record, scan: &Scan) -> Result<(), Halt> {
    let wrong = |at, why: String| {
        let wrong = Wrong::at(place_in(&record.bytes, record.line, at), why);
        Err(Halt::Wrong(wrong.help("is a quote not closed?")))
    };
    if record.bytes.len().saturating_sub(scan.cell_start) > QUOTED_CELL_MAX {
        let why = format!("this cell is longer than {} KiB", CELL_MAX >> 10);
        return wrong(scan.cell_start, why);
    }
    if record.bytes.len() > RECORD_MAX {
        return wrong(0, format!("this row is longer than {} KiB", RECORD_MAX >> 10));
    }
    Ok(())
}

fn unclosed(record: &Record, scan: &Scan) -> Halt {
    let at = scan.quote.unwrap_or(scan.cell_start);
    let wrong = Wrong::at(place_in(&record.bytes, record.line, at), "the quote that opens here is never closed");
    Halt::Wrong(wrong)
}
