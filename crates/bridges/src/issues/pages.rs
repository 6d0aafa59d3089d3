//! JSON arrays of objects, one after the other, cut into their objects without holding the whole file. The
//! JSON reader reads the objects themselves.

use std::io::Read;

use serde_json::value::RawValue;

use crate::Place;
use crate::mistake::Wrong;
use crate::table::place_in;

const CHUNK: usize = 1 << 18;
/// The longest object in bytes: an issue's text has at most 65,536 characters, of 12 bytes at most.
const ITEM_MAX: usize = 1 << 20;

/// One object of an array.
pub(super) struct Item<'a> {
    pub bytes: &'a [u8],
    /// The offset of its first byte.
    pub offset: u64,
    pub place: Place,
}

/// The reason why reading stopped.
pub(super) enum Halt {
    Io(std::io::Error),
    Wrong(Wrong),
}

/// The tokens that may come next outside an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A page, or the end of the file; at least one page must come.
    FirstPage,
    Page,
    /// An object, or the end of the page.
    FirstItem,
    Item,
    CommaOrEnd,
}

/// Cuts the file.
pub(super) struct Pages<R> {
    input: R,
    chunk: Vec<u8>,
    at: usize,
    filled: usize,
    offset: u64,
    place: Place,
    expect: Expect,
    item: Vec<u8>,
}

impl<R: Read> Pages<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            chunk: vec![0; CHUNK],
            at: 0,
            filled: 0,
            offset: 0,
            place: Place { line: 1, column: 1 },
            expect: Expect::FirstPage,
            item: Vec::new(),
        }
    }

    /// Returns the next object; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Item<'_>>, Halt> {
        loop {
            let Some(byte) = self.peek()? else {
                return self.end().map(|()| None);
            };
            match (self.expect, byte) {
                (_, b' ' | b'\t' | b'\n' | b'\r') => {}
                (Expect::FirstPage | Expect::Page, b'[') => self.expect = Expect::FirstItem,
                (Expect::FirstItem | Expect::Item, b'{') => return self.take_item().map(Some),
                (Expect::FirstItem | Expect::CommaOrEnd, b']') => self.expect = Expect::Page,
                (Expect::CommaOrEnd, b',') => self.expect = Expect::Item,
                (expect, byte) => return Err(self.unexpected(expect, byte)),
            }
            self.pass(byte);
        }
    }

    fn take_item(&mut self) -> Result<Item<'_>, Halt> {
        let (offset, place) = (self.offset, self.place);
        self.item.clear();
        let mut depth = 0_u32;
        let mut in_string = false;
        let mut escaped = false;
        loop {
            let Some(byte) = self.peek()? else {
                return Err(wrong(place, "the file ends inside this issue", "is it whole?"));
            };
            self.pass(byte);
            self.item.push(byte);
            if self.item.len() > ITEM_MAX {
                let why = format!("this issue is longer than {} KiB", ITEM_MAX >> 10);
                return Err(wrong(place, &why, "is a quote not closed?"));
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                self.expect = Expect::CommaOrEnd;
                return Ok(Item { bytes: &self.item, offset, place });
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Halt> {
        if self.at == self.filled {
            self.fill()?;
        }
        Ok(self.chunk.get(self.at).copied().filter(|_| self.at < self.filled))
    }

    fn fill(&mut self) -> Result<(), Halt> {
        self.at = 0;
        self.filled = loop {
            match self.input.read(&mut self.chunk) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Halt::Io(error)),
                Ok(read) => break read,
            }
        };
        if self.offset == 0 {
            let start = self.chunk.get(..self.filled).unwrap_or_default();
            if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
                let why = "the file is in UTF-16, not in UTF-8";
                return Err(wrong(self.place, why, "save it in UTF-8"));
            }
            if start.starts_with(b"\xef\xbb\xbf") {
                self.at = 3;
                self.offset = 3;
            }
        }
        Ok(())
    }

    const fn pass(&mut self, byte: u8) {
        self.at += 1;
        self.offset += 1;
        if byte == b'\n' {
            self.place.line += 1;
            self.place.column = 1;
        } else if !matches!(byte, 0x80..=0xbf) {
            self.place.column += 1;
        }
    }

    fn end(&self) -> Result<(), Halt> {
        match self.expect {
            Expect::Page => Ok(()),
            Expect::FirstPage => Err(Halt::Wrong(Wrong::start("the file is empty"))),
            _ => Err(wrong(self.place, "the file ends inside a list of issues", "is it whole?")),
        }
    }

    fn unexpected(&self, expect: Expect, byte: u8) -> Halt {
        let wanted = match expect {
            Expect::FirstPage => "a list of issues, which begins with `[`",
            Expect::Page => "another list of issues, or the end of the file",
            Expect::FirstItem => "an issue, or `]`",
            Expect::Item => "an issue",
            Expect::CommaOrEnd => "`,` or `]`",
        };
        let found =
            if byte.is_ascii_graphic() { format!("`{}`", char::from(byte)) } else { format!("the byte 0x{byte:02x}") };
        let help = "give the answer of GitHub's REST interface as it is";
        wrong(self.place, &format!("here should be {wanted}, not {found}"), help)
    }
}

impl Item<'_> {
    pub(super) fn text(&self) -> Result<&str, Wrong> {
        let text = std::str::from_utf8(self.bytes).map_err(|error| {
            let place = self.place_at(error.valid_up_to());
            Wrong::at(place, "this issue is not in UTF-8").help("save the file in UTF-8")
        })?;
        match text.find('\0') {
            Some(at) => Err(Wrong::at(self.place_at(at), "this issue holds a NUL byte")),
            None => Ok(text),
        }
    }

    /// Returns the place at which one of its values begins.
    pub(super) fn place_of(&self, raw: Option<&RawValue>) -> Place {
        let start = self.bytes.as_ptr().addr();
        let at = raw.map_or(start, |raw| raw.get().as_ptr().addr());
        self.place_at(at.saturating_sub(start))
    }

    /// Returns the JSON reader's mistake, with its place in the file.
    pub(super) fn json_error(&self, error: &serde_json::Error) -> Wrong {
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
        let place = self.place_at(before + error.column().saturating_sub(1));
        let text = error.to_string();
        let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
        Wrong::at(place, format!("this is not the JSON of an issue: {}", crate::table::shown(why)))
    }

    fn place_at(&self, at: usize) -> Place {
        let within = place_in(self.bytes, self.place.line, at);
        if within.line == self.place.line {
            return Place { column: self.place.column + within.column - 1, ..within };
        }
        within
    }
}

fn wrong(place: Place, why: &str, help: &str) -> Halt {
    Halt::Wrong(Wrong::at(place, why).help(help))
}
