//! A stream of bytes as CSV records, each with its place: RFC 4180, strictly, but for the sign between cells. It finds the
//! ends of records; `row` reads the cells in them.

use std::io::Read;

use super::row::{CELL_MAX, place_in};
use crate::Place;
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
    separator: u8,
}

/// The signs that part cells, as spreadsheets save them; the first is the standard's.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The progress of the scan of one record.
#[derive(Default)]
struct Scan {
    quoted: bool,
    cell_start: usize,
    /// The first quote of the cell.
    quote: Option<usize>,
}

impl<R: Read> Reader<R> {
    /// Looks at the first bytes: it skips a UTF-8 byte order mark, refuses other encodings, and finds the sign between cells.
    pub(super) fn new(input: R) -> Result<Self, Halt> {
        let mut reader = Self { input, chunk: vec![0; CHUNK], at: 0, filled: 0, offset: 0, line: 1, separator: b',' };
        reader.fill()?;
        let start = reader.chunk.get(..reader.filled).unwrap_or_default();
        if start.is_empty() {
            return Err(Halt::Wrong(Wrong::start("the file is empty")));
        }
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            let wrong = Wrong::start("the file is in UTF-16 and too large to be read so");
            return Err(Halt::Wrong(wrong.help("save it as CSV in UTF-8")));
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            reader.at = 3;
            reader.offset = 3;
        }
        reader.find_separator()?;
        Ok(reader)
    }

    /// Returns the sign between cells.
    pub(super) const fn separator(&self) -> u8 {
        self.separator
    }

    /// Takes the sign from a line `sep=;`, which spreadsheets write and read as no record, or else from the names of the columns.
    fn find_separator(&mut self) -> Result<(), Halt> {
        let start = self.chunk.get(self.at..self.filled).unwrap_or_default();
        let blank = start.iter().take_while(|byte| [b'\n', b'\r'].contains(byte)).count();
        let line = start.get(blank..).unwrap_or_default();
        let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if let Some(said) = said_separator(line) {
            let wrong = "this line names a sign that cannot part cells";
            let sign = said.map_err(|()| {
                let place = Place {
                    line: 1 + start.iter().take(blank).filter(|byte| **byte == b'\n').count() as u64,
                    column: 1,
                };
                Halt::Wrong(Wrong::at(place, wrong).help("one of `sep=,` `sep=;` `sep=|` and `sep=` with a tab"))
            })?;
            self.separator = sign;
            return self.next(&mut Record::default()).map(|_| ());
        }
        let count = |sign: u8| {
            let mut quoted = false;
            let outside = line.iter().filter(|byte| {
                quoted ^= **byte == b'"';
                !quoted && **byte == sign
            });
            outside.count()
        };
        // `max_by_key` returns the last of equals, so that a comma wins a draw.
        self.separator = SEPARATORS.into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',');
        Ok(())
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
                sign if *sign == self.separator && !scan.quoted => {
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

/// Returns the sign that a line `sep=;` names; none where the line is another one.
fn said_separator(line: &[u8]) -> Option<Result<u8, ()>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(b"\"").and_then(|inner| inner.strip_suffix(b"\"")).unwrap_or(line);
    let (name, sign) = line.split_at_checked(4)?;
    name.eq_ignore_ascii_case(b"sep=").then_some(())?;
    match sign {
        [sign] if SEPARATORS.contains(sign) || *sign == b'|' => Some(Ok(*sign)),
        _ => Some(Err(())),
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
