//! Places as editors say them, lines and characters from 0 in units of UTF-16, and as bytes of a text.

use std::ops::Range;

use serde_json::{Value, json};

/// Returns the byte at an editor's place; the end of the line where the line is shorter, the end of the text where it
/// has no such line.
pub(super) fn byte_of(text: &str, place: &Value) -> usize {
    let number = |name: &str| place[name].as_u64().unwrap_or(0);
    let (line, character) = (number("line"), number("character"));
    let Some(start) = line_starts(text).zip(0..=line).find(|(_, at)| *at == line).map(|(start, _)| start) else {
        return text.len();
    };
    let mut units = 0;
    let inside = text[start..].char_indices().find(|(_, letter)| {
        let reached = units >= character || ['\n', '\r'].contains(letter);
        units += letter.len_utf16() as u64;
        reached
    });
    inside.map_or(text.len(), |(at, _)| start + at)
}

/// Bytes of a text as an editor's range.
pub(super) fn range_of(text: &str, at: &Range<usize>) -> Value {
    json!({ "start": place_of(text, at.start), "end": place_of(text, at.end) })
}

fn place_of(text: &str, at: usize) -> Value {
    let before = line_starts(text).take_while(|start| *start <= at);
    let (line, start) = before.enumerate().last().unwrap_or((0, 0));
    let inside = text.get(start..at).unwrap_or_default();
    json!({ "line": line, "character": inside.encode_utf16().count() })
}

/// Returns the offsets at which lines begin: after `\n`, `\r\n` and `\r`, as the checker and editors count them.
fn line_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let ends = text.char_indices().filter_map(|(at, letter)| match letter {
        '\n' => Some(at + 1),
        '\r' if !text[at + 1..].starts_with('\n') => Some(at + 1),
        _ => None,
    });
    std::iter::once(0).chain(ends)
}
