//! Where requests begin and end in the bytes of a connection, and those that two programs could read differently: they are
//! refused before anything else reads them. Not the content of requests, which hyper reads.

use axum::http::Uri;

/// The longest head of a request, bytes.
pub(super) const MOST_HEAD: usize = 64 * 1024;
/// The longest line between the pieces of a body, bytes.
const MOST_LINE: usize = 4 * 1024;

/// The most fields of a head.
const MOST_FIELDS: usize = 100;

/// A request that is refused before hyper reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// RFC 9112 gives it one meaning at most, and programs in front of this one may give it another.
    Ambiguous,
    /// Its head has more bytes or fields than any that is answered.
    TooLong,
}

use Refused::{Ambiguous, TooLong};

/// How far a connection's requests are read.
#[derive(Debug)]
pub(super) struct Requests {
    part: Part,
    /// The number of heads that ended.
    heads: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// In a head, of which `seen` bytes are looked at; its last line began at `line`.
    Head { seen: usize, line: usize },
    /// In a body that has so many bytes left.
    Body(u64),
    /// Before the length of a piece of a body.
    Length,
    /// In a piece of a body, with its line end.
    Piece(u64),
    /// In the lines after the last piece.
    Trailers,
}

const BEGIN: Part = Part::Head { seen: 0, line: 0 };

impl Requests {
    pub(super) fn new() -> Requests {
        Requests { part: BEGIN, heads: 0 }
    }

    /// The number of heads that ended so far.
    pub(super) fn heads(&self) -> u64 {
        self.heads
    }

    /// Whether the next byte belongs to a head.
    pub(super) fn is_in_head(&self) -> bool {
        matches!(self.part, Part::Head { .. })
    }

    /// Returns how many of these bytes can be read on; 0 where more have to come first. They begin where the last answer
    /// ended.
    ///
    /// # Errors
    /// A request begins there that is refused.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Result<usize, Refused> {
        let mut passed = 0;
        while let Some(rest) = bytes.get(passed..).filter(|rest| !rest.is_empty()) {
            match self.step(rest) {
                Ok(0) => break,
                Ok(more) => passed += more,
                // The requests before it are answered first.
                Err(_) if passed > 0 => break,
                Err(refused) => return Err(refused),
            }
        }
        Ok(passed)
    }

    fn step(&mut self, bytes: &[u8]) -> Result<usize, Refused> {
        let (step, next) = match self.part {
            Part::Head { seen, line } => match end_of_head(bytes, seen, line)? {
                Seen::Blank => (2, BEGIN),
                Seen::More { .. } if bytes.len() >= MOST_HEAD => return Err(TooLong),
                Seen::More { line } => (0, Part::Head { seen: bytes.len(), line }),
                Seen::Whole { end } => {
                    let head = bytes.get(..end).unwrap_or_default();
                    read_as_hyper_does(head)?;
                    let body = framing(head)?;
                    self.heads += 1;
                    (end, body)
                }
            },
            Part::Body(left) => skip(bytes, left, Part::Body, BEGIN),
            Part::Piece(left) => skip(bytes, left, Part::Piece, Part::Length),
            Part::Length => match line(bytes)? {
                None => (0, Part::Length),
                Some(line) => {
                    let size = piece(line)?;
                    let next = if size == 0 { Part::Trailers } else { Part::Piece(size.saturating_add(2)) };
                    (line.len() + 2, next)
                }
            },
            Part::Trailers => match line(bytes)? {
                None => (0, Part::Trailers),
                Some(line) => (line.len() + 2, if line.is_empty() { BEGIN } else { Part::Trailers }),
            },
        };
        self.part = next;
        Ok(step)
    }
}

/// Steps over as many of `left` bytes as there are.
fn skip(bytes: &[u8], left: u64, still: fn(u64) -> Part, then: Part) -> (usize, Part) {
    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
    let left = left.saturating_sub(here as u64);
    (here, if left == 0 { then } else { still(left) })
}

enum Seen {
    /// A line end before the head, which is stepped over.
    Blank,
    More {
        line: usize,
    },
    Whole {
        end: usize,
    },
}

/// Looks for the end of the head that `bytes` begin with. Each line ends with CR LF, and neither is anywhere else.
fn end_of_head(bytes: &[u8], seen: usize, mut line: usize) -> Result<Seen, Refused> {
    for (at, byte) in bytes.iter().enumerate().skip(seen) {
        let after_cr = at > line && bytes.get(at - 1) == Some(&b'\r');
        match (byte, after_cr) {
            (b'\n', true) if at == 1 => return Ok(Seen::Blank),
            (b'\n', true) if at == line + 1 => return Ok(Seen::Whole { end: at + 1 }),
            (b'\n', true) => line = at + 1,
            (b'\n', false) | (_, true) => return Err(Ambiguous),
            _ => {}
        }
    }
    Ok(Seen::More { line })
}

/// Returns the first line of `bytes` without its end; `None` before all of it is there.
fn line(bytes: &[u8]) -> Result<Option<&[u8]>, Refused> {
    match bytes.iter().take(MOST_LINE).position(|byte| *byte == b'\n') {
        Some(end) => bytes.get(..end).and_then(|line| line.strip_suffix(b"\r")).ok_or(Ambiguous).map(Some),
        None if bytes.len() >= MOST_LINE => Err(Ambiguous),
        None => Ok(None),
    }
}

/// The length of a piece; its extensions mean nothing here.
fn piece(line: &[u8]) -> Result<u64, Refused> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
    let digits = std::str::from_utf8(digits).map_err(|_| Ambiguous)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Ambiguous);
    }
    u64::from_str_radix(digits, 16).map_err(|_| Ambiguous)
}

/// Reads a head with hyper's own reader, and refuses it where hyper would: its own answers have none of our headers.
fn read_as_hyper_does(head: &[u8]) -> Result<(), Refused> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(TooLong),
        _ => return Err(Ambiguous),
    }
    let names_something = request.path.is_some_and(|path| path.parse::<Uri>().is_ok());
    if names_something { Ok(()) } else { Err(Ambiguous) }
}

/// Returns what follows a head, as its fields say (RFC 9112, 3.2 and 6.3).
fn framing(head: &[u8]) -> Result<Part, Refused> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let request = lines.next().unwrap_or_default();
    let (mut hosts, mut lengths, mut codings) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default());
        let value = value.trim_ascii();
        match name {
            name if name.eq_ignore_ascii_case(b"host") => hosts.push(value),
            name if name.eq_ignore_ascii_case(b"content-length") => lengths.push(value),
            name if name.eq_ignore_ascii_case(b"transfer-encoding") => codings.push(value),
            _ => {}
        }
    }
    let newest = request.ends_with(b" HTTP/1.1");
    let one_host = hosts.len() == 1 || (hosts.is_empty() && !newest);
    if !one_host || !hosts.iter().all(|host| host.iter().all(|byte| is_of_host(*byte))) {
        return Err(Ambiguous);
    }
    match (&lengths[..], &codings[..]) {
        ([], []) => Ok(BEGIN),
        ([length], []) => {
            let length = length_of(length)?;
            Ok(if length == 0 { BEGIN } else { Part::Body(length) })
        }
        ([], [coding]) if newest && coding.eq_ignore_ascii_case(b"chunked") => Ok(Part::Length),
        _ => Err(Ambiguous),
    }
}

fn length_of(digits: &[u8]) -> Result<u64, Refused> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Ambiguous);
    }
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).ok_or(Ambiguous)
}

/// Whether a byte can be part of a host and a port (RFC 3986, 3.2).
fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:[]".contains(&byte)
}

#[cfg(test)]
mod tests;
