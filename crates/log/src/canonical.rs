//! The canonical JSON that all bytes of the log are written in: each value has exactly one form.
//!
//! It is not a JSON library: it writes the few forms that an entry needs and checks bodies without building a tree.
//! Strings follow RFC 8785 (3.2.2.2); there are no floats, no white space, and no name twice in one object.

use std::borrow::Cow;

use crate::hash::Hash;

/// The most levels to which objects and lists may be nested; the body itself is the first.
pub const MAX_DEPTH: usize = 32;

/// The place where bytes leave the canonical form, and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {what}")]
pub struct BadForm {
    /// Counted from 0.
    pub at: usize,
    pub what: &'static str,
}

/// Checks that `body` is one canonical JSON object, as `encode` expects it and `decode` demands it.
pub fn check_body(body: &[u8]) -> Result<(), BadForm> {
    let mut reader = Reader::new(body)?;
    reader.object()?;
    reader.end()
}

/// Writes `text` as a JSON string.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        if let Some((special, tail)) = tail.split_first() {
            write_escape(*special, out);
            rest = tail;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(b'0' + (byte >> 4));
            let low = byte & 15;
            out.push(if low < 10 { b'0' + low } else { b'a' + low - 10 });
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Writes a whole number in decimal digits.
pub(crate) fn write_integer(value: i128, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    // Every number of an entry's head fits in 64 bits, and so does its magnitude.
    let mut left = value.unsigned_abs() as u64;
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[first..]);
}

/// The bytes that a string cannot hold as they are: the quote, the backslash, and control characters.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

/// Reads canonical bytes from front to back, and refuses at the first byte that could have been written otherwise.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// The names of the objects that are open, so that one allocation serves all levels.
    names: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, BadForm> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { text, at: 0, depth: 0, names: Vec::new() }),
            Err(error) => Err(BadForm { at: error.valid_up_to(), what: "not UTF-8" }),
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn bad<T>(&self, what: &'static str) -> Result<T, BadForm> {
        Err(BadForm { at: self.at, what })
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Returns the text from `start` to here.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub fn end(&self) -> Result<(), BadForm> {
        if self.at == self.text.len() { Ok(()) } else { self.bad("something follows the end") }
    }

    /// Steps over `literal`, or reports that `what` is missing.
    pub fn expect(&mut self, literal: &str, what: &'static str) -> Result<(), BadForm> {
        match self.text.as_bytes().get(self.at..) {
            Some(rest) if rest.starts_with(literal.as_bytes()) => {
                self.at += literal.len();
                Ok(())
            }
            _ => self.bad(what),
        }
    }

    /// Reads a string; it borrows unless something in it is escaped.
    pub fn string(&mut self) -> Result<Cow<'a, str>, BadForm> {
        self.raw_string().map(Raw::text)
    }

    /// Reads a string as it is written.
    fn raw_string(&mut self) -> Result<Raw<'a>, BadForm> {
        if self.peek() != Some(b'"') {
            return self.bad("a string was expected");
        }
        let start = self.at + 1;
        self.at = start;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += plain(rest);
            match self.peek() {
                Some(b'"') => {
                    let written = self.since(start);
                    self.at += 1;
                    return Ok(Raw { written, escaped });
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return self.bad("a string holds a control character"),
                None => return self.bad("a string does not end"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), BadForm> {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        self.at += match rest {
            [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => 6,
            [b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', ..] => 6,
            _ => return self.bad("an escape that is not the canonical one"),
        };
        Ok(())
    }

    /// Reads the 64 digits of a hash and the quote that ends them.
    pub fn hash(&mut self) -> Result<Hash, BadForm> {
        let digits = self.text.as_bytes().get(self.at..self.at + 64).unwrap_or_default();
        match Hash::from_hex(digits) {
            Ok(hash) => {
                self.at += 64;
                self.expect("\"", "a hash has 64 digits")?;
                Ok(hash)
            }
            Err(_) => self.bad("a hash is 64 hexadecimal digits in lower case"),
        }
    }

    /// Reads a whole number from -2^63 to 2^64 - 1.
    pub fn integer(&mut self) -> Result<i128, BadForm> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let mut value = 0_u64;
        let mut length = 0;
        for digit in rest.iter().map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit <= 9) {
            // Nineteen digits always fit.
            let more = if length < 19 {
                Some(value.wrapping_mul(10).wrapping_add(u64::from(digit)))
            } else {
                value.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit)))
            };
            let Some(more) = more else {
                return Err(BadForm { at: start, what: "a number does not fit in 64 bits" });
            };
            value = more;
            length += 1;
        }
        self.at += length;
        if length == 0 || (rest.first() == Some(&b'0') && (length > 1 || negative)) {
            return Err(BadForm { at: start, what: "a whole number without leading zero was expected" });
        }
        let value = if negative { -i128::from(value) } else { i128::from(value) };
        if value < i128::from(i64::MIN) {
            return Err(BadForm { at: start, what: "a number does not fit in 64 bits" });
        }
        Ok(value)
    }

    /// Steps over one object, whatever it holds.
    pub fn object(&mut self) -> Result<(), BadForm> {
        let mut fields = self.enter_object()?;
        while self.next_name(&mut fields)?.is_some() {
            self.value()?;
        }
        Ok(())
    }

    /// Reads one object by `read`, and steps over it where `read` did not read all of it.
    ///
    /// INVARIANT: each byte of the object was checked, whatever came out.
    pub fn object_by<T, E>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<Result<T, E>, BadForm> {
        let (at, depth, names) = (self.at, self.depth, self.names.len());
        if self.peek() != Some(b'{') {
            return self.bad("an object was expected");
        }
        let value = read(self);
        // The depth differs where `read` took a mistake within for an absence.
        if value.is_err() || self.at == at || self.depth != depth {
            (self.at, self.depth) = (at, depth);
            self.names.truncate(names);
            self.object()?;
        }
        Ok(value)
    }

    pub fn enter_object(&mut self) -> Result<Fields, BadForm> {
        self.expect("{", "an object was expected")?;
        self.enter()?;
        Ok(Fields { base: self.names.len(), first: true, seen: 0, alike: false })
    }

    /// Steps to the next field's value and returns its name as written, or ends the object.
    pub fn next_name(&mut self, fields: &mut Fields) -> Result<Option<Raw<'a>>, BadForm> {
        if self.ends(b'}', fields.first, "`,` or `}` was expected")? {
            if fields.alike {
                self.no_name_twice(fields.base)?;
            }
            self.names.truncate(fields.base);
            self.depth -= 1;
            return Ok(None);
        }
        fields.first = false;
        let name = self.raw_string()?;
        fields.note(name.written);
        self.names.push(name.written);
        self.expect(":", "`:` was expected")?;
        Ok(Some(name))
    }

    fn list(&mut self) -> Result<(), BadForm> {
        self.enter_list()?;
        let mut first = true;
        while self.next_item(first)? {
            self.value()?;
            first = false;
        }
        Ok(())
    }

    pub fn enter_list(&mut self) -> Result<(), BadForm> {
        self.expect("[", "a list was expected")?;
        self.enter()
    }

    /// Steps to the next item, or ends the list.
    pub fn next_item(&mut self, first: bool) -> Result<bool, BadForm> {
        if self.ends(b']', first, "`,` or `]` was expected")? {
            self.depth -= 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Steps over one value, whatever it is.
    pub fn value(&mut self) -> Result<(), BadForm> {
        match self.peek() {
            Some(b'"') => self.raw_string().map(|_| ()),
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b't') => self.expect("true", "a value was expected"),
            Some(b'f') => self.expect("false", "a value was expected"),
            Some(b'n') => self.expect("null", "a value was expected"),
            Some(b'-' | b'0'..=b'9') => self.integer().map(|_| ()),
            _ => self.bad("a value was expected"),
        }
    }

    fn enter(&mut self) -> Result<(), BadForm> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.bad("objects and lists are nested too deep") } else { Ok(()) }
    }

    /// Steps over `end`, or over the `,` before whatever is not the first.
    fn ends(&mut self, end: u8, first: bool, what: &'static str) -> Result<bool, BadForm> {
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                return Ok(true);
            }
            _ if first => {}
            Some(b',') => self.at += 1,
            _ => return self.bad(what),
        }
        Ok(false)
    }

    /// Compares names as they are written: in canonical form, equal names have equal bytes.
    fn no_name_twice(&mut self, base: usize) -> Result<(), BadForm> {
        let names = self.names.get_mut(base..).unwrap_or_default();
        let twice = if names.len() <= 8 {
            names.iter().enumerate().any(|(index, name)| names.iter().skip(index + 1).any(|other| other == name))
        } else {
            names.sort_unstable();
            names.windows(2).any(|pair| pair[0] == pair[1])
        };
        if twice { self.bad("a name occurs twice in the object that ends here") } else { Ok(()) }
    }
}

/// An object that is being read.
pub(crate) struct Fields {
    /// How many names the objects around it have so far.
    base: usize,
    first: bool,
    /// A bit for each name so far, by its length and ends.
    seen: u64,
    /// Two of them share a bit: only then are names compared.
    alike: bool,
}

impl Fields {
    fn note(&mut self, name: &str) {
        let name = name.as_bytes();
        let ends = [name.first(), name.last()].map(|end| end.map_or(0, |byte| usize::from(*byte)));
        let bit = 1 << ((name.len() * 5 + ends[0] + ends[1] * 3) % 64);
        self.alike |= self.seen & bit != 0;
        self.seen |= bit;
    }
}

/// A string as it is written between its quotes.
pub(crate) struct Raw<'a> {
    written: &'a str,
    escaped: bool,
}

impl<'a> Raw<'a> {
    pub fn text(self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(unescape(self.written)) } else { Cow::Borrowed(self.written) }
    }
}

/// Returns how many bytes from the start on a string can hold as they are, eight at a time: most bytes of a log are such.
fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special = zero_bytes(word ^ (ONES * u64::from(b'"')))
            | zero_bytes(word ^ (ONES * u64::from(b'\\')))
            | (word.wrapping_sub(ONES * 0x20) & !word & (ONES << 7));
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let more = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]);
    bytes.len() - rest.len() + more.unwrap_or(rest.len())
}

/// The top bit of the first byte that is zero, if there is one; bits above it mean nothing.
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Undoes the escapes of a string that `raw_string` accepted.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            text.push(char);
            continue;
        }
        match chars.next() {
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let code = chars.by_ref().take(4).fold(0, |code, digit| code * 16 + digit.to_digit(16).unwrap_or(0));
                text.extend(char::from_u32(code));
            }
            Some(plain) => text.push(plain),
            None => {}
        }
    }
    text
}

#[cfg(test)]
mod tests;
