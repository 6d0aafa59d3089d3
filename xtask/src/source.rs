//! Files of the house as the checks see them, and Rust text split into code and prose.
//!
//! It is a scanner, not a parser: it knows just enough Rust to tell code from words about code.

use std::collections::BTreeMap;
use std::ops::Range;

/// Every tracked text file, by its path from the root with `/` between its parts.
pub type Files = BTreeMap<String, String>;

/// Returns whether a path holds tests: `tests.rs`, anything below a `tests` folder, and the browser's.
pub fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests" || part == "browser")
}

/// Returns the line, counted from 1, that holds the byte `at`.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Returns the offsets of `word` in `text` as a whole word: no letter, digit or `_` touches it.
pub fn whole_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let touches = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| !touches(text[..*at].chars().next_back()) && !touches(text[at + word.len()..].chars().next()))
}

/// The kind of a passage that holds no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prose {
    Comment,
    Literal,
}

/// Returns every comment, string and character literal of Rust text, as ranges of bytes in order.
pub fn prose(text: &str) -> Vec<(Prose, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut passages = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (kind, end) = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => (Prose::Comment, end_of_line(bytes, at)),
            b'/' if bytes[at..].starts_with(b"/*") => (Prose::Comment, end_of_block_comment(bytes, at)),
            b'"' => (Prose::Literal, end_of_string(bytes, at)),
            b'r' if !follows_word(bytes, at) || follows_byte_prefix(bytes, at) => {
                (Prose::Literal, end_of_raw_string(bytes, at))
            }
            b'\'' => (Prose::Literal, end_of_character(bytes, at)),
            _ => (Prose::Literal, at),
        };
        if end > at {
            passages.push((kind, at..end));
        }
        at = end.max(at + 1);
    }
    passages
}

/// Returns the same text with every comment, string and character literal replaced by spaces; line breaks and lengths
/// in bytes stay.
pub fn code_only(text: &str) -> String {
    let mut code = text.as_bytes().to_vec();
    for (_, range) in prose(text) {
        blank(&mut code[range]);
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// [`code_only`] without the blocks that `#[cfg(test)]` guards.
pub fn product_code(text: &str) -> String {
    let code = code_only(text);
    let mut kept = code.clone().into_bytes();
    for range in guarded(&code) {
        blank(&mut kept[range]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Returns the literals of [`prose`] outside the blocks that `#[cfg(test)]` guards.
pub fn product_literals(text: &str) -> Vec<Range<usize>> {
    let guarded = guarded(&code_only(text));
    let literals = prose(text).into_iter().filter(|(kind, _)| *kind == Prose::Literal);
    literals.map(|(_, range)| range).filter(|range| !guarded.iter().any(|block| block.contains(&range.start))).collect()
}

/// The blocks that `#[cfg(test)]` guards, in text that holds only code.
fn guarded(code: &str) -> Vec<Range<usize>> {
    let marker = "#[cfg(test)]";
    let opens = code.match_indices(marker).filter_map(|(at, _)| {
        let after = at + marker.len();
        let open = after + code[after..].find(['{', ';'])?;
        Some(at..if code.as_bytes()[open] == b'{' { end_of_braces(code, open) } else { open })
    });
    opens.collect()
}

/// Returns the offset after the brace that closes the one at `open`, in text that holds only code.
pub fn end_of_braces(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[open..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return open + offset + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |offset| at + offset)
}

fn end_of_block_comment(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn follows_byte_prefix(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at - 1], b'b' | b'c') && !follows_word(bytes, at - 1)
}

/// Returns `start` itself where no raw string begins there.
fn end_of_raw_string(bytes: &[u8], start: usize) -> usize {
    let hashes = bytes[start + 1..].iter().take_while(|byte| **byte == b'#').count();
    if bytes.get(start + 1 + hashes) != Some(&b'"') {
        return start;
    }
    let closing = format!("\"{}", "#".repeat(hashes));
    let body = start + 2 + hashes;
    bytes[body..]
        .windows(closing.len())
        .position(|window| window == closing.as_bytes())
        .map_or(bytes.len(), |offset| body + offset + closing.len())
}

/// Returns `start` itself where the quote begins a lifetime or a label.
fn end_of_character(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start + 1..];
    if rest.first() == Some(&b'\\') {
        return rest.iter().skip(2).position(|byte| *byte == b'\'').map_or(bytes.len(), |offset| start + 4 + offset);
    }
    // One character is at most four bytes long, and a lifetime of one letter is not followed by a quote.
    let length = rest.first().map_or(1, |first| match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    });
    if rest.get(length) == Some(&b'\'') { start + length + 2 } else { start }
}

#[cfg(test)]
mod tests;
