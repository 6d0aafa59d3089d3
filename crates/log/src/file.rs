//! The file that `rochdale export --format log` writes: a line for each entry, and one for each document before the
//! entry that needs it.
//!
//! It holds one co-op's log, without personal values and their keys.

use crate::{
    canonical::{BadForm, Reader, write_string},
    hash::{Hash, document_hash},
};

/// A line of the file, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The exact bytes of an entry, not yet decoded.
    Entry(&'a [u8]),
    /// A document whose hash was checked.
    Document { hash: Hash, text: String },
}

/// A line that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    #[error("the line is not a document, {0}")]
    Form(#[from] BadForm),
    #[error("the document's text has the hash {found}, not {named}")]
    OtherText { named: Hash, found: Hash },
}

/// Reads one line; a line that does not begin as a document is handed on as an entry.
pub fn read_line(line: &[u8]) -> Result<Line<'_>, BadLine> {
    if !line.starts_with(OPENING.as_bytes()) {
        return Ok(Line::Entry(line));
    }
    let mut reader = Reader::new(line)?;
    reader.expect(OPENING, "`document` was expected")?;
    let named = reader.hash()?;
    reader.expect(",\"text\":", "`text` was expected")?;
    let text = reader.string()?.into_owned();
    reader.expect("}", "the end of the document was expected")?;
    reader.end()?;
    let found = document_hash(text.as_bytes());
    if found == named { Ok(Line::Document { hash: named, text }) } else { Err(BadLine::OtherText { named, found }) }
}

/// Appends a document's line to `out`, without a line end.
pub fn write_document(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(OPENING.as_bytes());
    out.extend_from_slice(&document_hash(text.as_bytes()).to_hex());
    out.extend_from_slice(b"\",\"text\":");
    write_string(text, out);
    out.push(b'}');
}

const OPENING: &str = "{\"document\":\"";

#[cfg(test)]
mod tests;
