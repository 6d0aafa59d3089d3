//! A form with files in it, read as it comes: `multipart/form-data` (RFC 7578), of which no more than a few lines are held. Small forms
//! are read whole (`record/upload`).
//!
//! Not `multer`, on which axum's own `multipart` stands: each time that it is asked it takes everything that has come by then, and waits for the
//! end of a part's head however long that is, so that a fast sender before a slow disk would fill memory up to the size of a whole form.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::trouble::Trouble;

/// The longest head of a part, bytes.
const MOST_HEAD: usize = 8 * 1024;
/// The longest field that is no file, bytes.
const MOST_FIELD: usize = 8 * 1024;

/// Something that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A field that is no file, whole.
    Field(String, String),
    /// A file begins: its name.
    File(String),
    /// The next bytes of the file.
    Bytes(Vec<u8>),
    /// The file ends.
    End,
}

#[derive(Debug)]
enum State {
    /// Before a line between parts.
    Between,
    /// After one: another part follows, or nothing.
    After,
    Head,
    Field(String, Vec<u8>),
    File,
    /// A file that nobody chose.
    Nothing,
    Done,
}

/// A form on its way in.
#[derive(Debug)]
pub(super) struct Parts {
    line: Vec<u8>,
    held: Vec<u8>,
    state: State,
}

impl Parts {
    /// Begins to read the form that a request's head tells of.
    pub(super) fn of(headers: &HeaderMap) -> Result<Parts, Trouble> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = crate::record::boundary(kind).ok_or_else(odd)?;
        // The first line has nothing before it.
        Ok(Parts { line: format!("\r\n--{boundary}").into_bytes(), held: b"\r\n".to_vec(), state: State::Between })
    }

    /// Takes the next bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<Event>, Trouble> {
        self.held.extend_from_slice(bytes);
        let mut events = Vec::new();
        while self.step(&mut events)? {}
        Ok(events)
    }

    /// Whether the form has ended as forms do.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Reads one thing; whether another may follow in what is held.
    fn step(&mut self, events: &mut Vec<Event>) -> Result<bool, Trouble> {
        match &mut self.state {
            State::Done => {
                self.held.clear();
                Ok(false)
            }
            State::Between => {
                let begins = self.line.get(..self.held.len().min(self.line.len())).unwrap_or_default();
                if !self.held.starts_with(begins) {
                    return Err(odd());
                }
                if self.held.len() < self.line.len() {
                    return Ok(false);
                }
                self.held.drain(..self.line.len());
                self.state = State::After;
                Ok(true)
            }
            State::After => {
                let Some(next) = self.held.get(..2) else { return Ok(false) };
                self.state = match next {
                    b"\r\n" => State::Head,
                    b"--" => State::Done,
                    _ => return Err(odd()),
                };
                self.held.drain(..2);
                Ok(true)
            }
            State::Head => {
                let Some(end) = find(&self.held, b"\r\n\r\n") else {
                    return if self.held.len() > MOST_HEAD { Err(odd()) } else { Ok(false) };
                };
                let head: Vec<u8> = self.held.drain(..end + 4).collect();
                let head = String::from_utf8_lossy(&head).into_owned();
                let name = crate::record::parameter(&head, "name").ok_or_else(odd)?;
                self.state = match crate::record::parameter(&head, "filename") {
                    Some(file) if !file.is_empty() => {
                        events.push(Event::File(file));
                        State::File
                    }
                    Some(_) => State::Nothing,
                    None => State::Field(name, Vec::new()),
                };
                Ok(true)
            }
            State::Field(..) | State::File | State::Nothing => self.content(events),
        }
    }

    fn content(&mut self, events: &mut Vec<Event>) -> Result<bool, Trouble> {
        let end = find(&self.held, &self.line);
        // The beginning of a line between parts may be at the end of what came so far.
        let whole = end.unwrap_or_else(|| (self.held.len() + 1).saturating_sub(self.line.len()));
        let bytes: Vec<u8> = self.held.drain(..whole).collect();
        match &mut self.state {
            State::Field(_, field) => {
                field.extend_from_slice(&bytes);
                if field.len() > MOST_FIELD {
                    return Err(odd());
                }
            }
            State::File if !bytes.is_empty() => events.push(Event::Bytes(bytes)),
            _ => {}
        }
        if end.is_none() {
            return Ok(false);
        }
        match std::mem::replace(&mut self.state, State::Between) {
            State::Field(name, field) => events.push(Event::Field(name, String::from_utf8_lossy(&field).into_owned())),
            State::File => events.push(Event::End),
            _ => {}
        }
        Ok(true)
    }
}

fn odd() -> Trouble {
    Trouble::bad("", words::form::ODD_SHAPE)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte == first)?;
        if text.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=x7";
    const BODY: &str = "--x7\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n1.0\r\n--x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\nContent-Type: application/zip\r\n\r\nab\r\n--x\r\n\r\n--x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x7--\r\n";

    fn parts(kind: &str) -> Result<Parts, Trouble> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        Parts::of(&headers)
    }

    type Fields = Vec<(String, String)>;
    type Files = Vec<(String, Vec<u8>)>;

    /// Fields, and files with their bytes, however the bytes of the body come.
    fn read(pieces: usize) -> (Fields, Files, bool) {
        let mut parts = parts(KIND).unwrap();
        let (mut fields, mut files) = (Fields::new(), Files::new());
        for piece in BODY.as_bytes().chunks(pieces) {
            for event in parts.take(piece).unwrap() {
                match event {
                    Event::Field(name, value) => fields.push((name, value)),
                    Event::File(name) => files.push((name, Vec::new())),
                    Event::Bytes(bytes) => files.last_mut().unwrap().1.extend(bytes),
                    Event::End => {}
                }
            }
        }
        (fields, files, parts.is_done())
    }

    #[test]
    fn a_form_is_read_in_pieces_of_any_length() {
        let wanted = (
            vec![("version".to_owned(), "1.0".to_owned())],
            vec![("a.zip".to_owned(), b"ab\r\n--x\r\n".to_vec())],
            true,
        );
        for length in [1, 2, 3, 7, 50, 10_000] {
            assert_eq!(read(length), wanted, "{length}");
        }
    }

    #[test]
    fn what_is_no_form_is_refused_and_what_does_not_end_is_not_done() {
        assert!(parts("text/plain").is_err());
        for body in ["--x8", "ab", "--x7ab", "--x7\r\nno head\r\n\r\n"] {
            assert!(parts(KIND).unwrap().take(body.as_bytes()).is_err(), "{body}");
        }
        let mut endless = parts(KIND).unwrap();
        endless.take(&BODY.as_bytes()[..120]).unwrap();
        assert!(!endless.is_done());
        let long =
            format!("--x7\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n{}", "1".repeat(MOST_FIELD + 100));
        assert!(parts(KIND).unwrap().take(long.as_bytes()).is_err());
        let head = format!("--x7\r\n{}", "h".repeat(MOST_HEAD + 100));
        assert!(parts(KIND).unwrap().take(head.as_bytes()).is_err());
    }
}
