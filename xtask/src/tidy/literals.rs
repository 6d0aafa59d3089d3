//! Rooms that people read compose no English: their sentences and labels are rows of `crates/words`.
//!
//! A text of two words or more is taken for prose, with each value that is filled in for a word. A label of one word is
//! not told from a name, and a person reads those.

use std::ops::Range;

use super::Finding;
use super::english::texts::texts_of;
use crate::source::{Files, is_test, line_of, product_literals};

/// Rooms that take their words from `crates/words`: string literals of Rust, and all texts of pages.
const ROOMS: &[&str] = &["crates/views/src/", "crates/web/src/"];

/// Nouns of `web` that speak to browsers and not to people.
const PROTOCOL: &str = "assets guard";

/// A literal whose first word is one of these is a class of a picture.
const CLASSES: &[&str] = &["fill", "label", "ribbon", "stroke", "tenure", "tick", "wash"];

/// A finding for each prose text in one of the rooms, tests aside.
pub fn check(files: &Files) -> Vec<Finding> {
    let held = |path: &str| ROOMS.iter().any(|room| path.starts_with(room)) && !is_test(path) && !is_free(path);
    let mut findings = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| held(path)) {
        let texts: Vec<(usize, String)> = if path.ends_with(".rs") {
            literals(content)
        } else {
            texts_of(path, content).into_iter().map(|text| (text.line_of(0), filled_in(&text.words))).collect()
        };
        findings.extend(texts.into_iter().filter(|(_, words)| is_prose(words)).map(|(line, words)| {
            let message = format!("`{}`: make it a row of the same noun in crates/words/src/en", words.trim());
            Finding::new(path, line, message)
        }));
    }
    findings
}

fn is_free(path: &str) -> bool {
    let noun = path.strip_prefix("crates/web/src/").and_then(|rest| rest.split(['/', '.']).next());
    noun.is_some_and(|noun| PROTOCOL.split_whitespace().any(|free| free == noun))
}

/// The line and the words of each string, except for reasons of attributes and what is traced, which members do not read.
fn literals(content: &str) -> Vec<(usize, String)> {
    let read = |before: &str| {
        !before.ends_with("reason = ") && !before.lines().next_back().is_some_and(|line| line.contains("tracing::"))
    };
    let ranges = product_literals(content).into_iter().filter(|range| read(&content[..range.start]));
    let words =
        |range: &Range<usize>| content[range.clone()].trim_start_matches('r').trim_matches(['#', '"']).to_owned();
    ranges.map(|range| (line_of(content, range.start), words(&range))).collect()
}

/// A value that is filled in, as a word without letters.
const VALUE: char = '\u{fffc}';

/// Two words or more, of which one has two letters: paths of a drawing and figures have none. Tags and attributes of
/// cookies are no words: `key="value"`, `HttpOnly;`.
fn is_prose(text: &str) -> bool {
    let filled_in = filled_in(text);
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let words = filled_in.split_whitespace().filter(|word| !word.contains(['=', '<']) && !word.ends_with(';'));
    let words: Vec<&str> = words.collect();
    let said = words.iter().filter(|word| word.contains(VALUE) || letters(word) > 0);
    let class = words.first().is_some_and(|first| CLASSES.contains(first));
    !class && said.count() > 1 && words.iter().any(|word| letters(word) > 1)
}

/// The same text with a mark for each value in braces.
fn filled_in(text: &str) -> String {
    let mut parts = text.split('{');
    let mut words = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        words.push(VALUE);
        words.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    words
}

#[cfg(test)]
mod tests;
