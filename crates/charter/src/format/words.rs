//! Names and texts in the one form in which they are written.

use crate::document::{escape, is_hidden};

/// Writes a plain name as it is, and any other in quotes. A name that looks like a fence or a comment is not plain.
pub(super) fn name(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let plain = first
        && letters.all(|letter| letter.is_alphanumeric() || ['_', '-', '.'].contains(&letter))
        && !["true", "false", "null"].contains(&text);
    if plain { text.to_owned() } else { quoted(text) }
}

/// Writes text in quotes on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            other => push(&mut quoted, other),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes one line of a text on several lines. Quotes are escaped only where three of them would end the text, and a space
/// at the end is escaped so that it is visible.
pub(super) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let body = text.trim_end_matches(char::is_whitespace);
    let last = text.chars().next_back().filter(|last| last.is_whitespace());
    let mut letters = text.char_indices().peekable();
    let escapes_quotes = body.contains("\"\"\"");
    while let Some((_, letter)) = letters.next() {
        match letter {
            '"' if escapes_quotes => line.push_str("\\\""),
            _ if last.is_some() && letters.peek().is_none() => push_space(&mut line, letter),
            other => push(&mut line, other),
        }
    }
    line
}

fn push_space(to: &mut String, space: char) {
    match space {
        ' ' => to.push_str("\\s"),
        '\t' | '\r' | '\u{c}' => push(to, space),
        other => to.push_str(&escape(other)),
    }
}

fn push(to: &mut String, letter: char) {
    match letter {
        '\\' => to.push_str("\\\\"),
        '\n' => to.push_str("\\n"),
        '\r' => to.push_str("\\r"),
        '\t' => to.push_str("\\t"),
        '\u{8}' => to.push_str("\\b"),
        '\u{c}' => to.push_str("\\f"),
        other if is_hidden(other) => to.push_str(&escape(other)),
        other => to.push(other),
    }
}
