//! No sentence begins with a word that puts its subject last: a reader meets a noun first.
//!
//! Comments, messages, pages, documents and commit subjects are held to it. Headings and questions are free. It is no
//! judge of style: it finds three openings, and a person reads the rest aloud.

pub(super) mod texts;

use std::path::Path;

use super::{Finding, output};
use crate::source::{Files, whole_words};
use texts::{Text, texts_of};

/// The openings, put together from parts, so that this file does not hold them.
const OPENINGS: &[&str] = &[concat!("Who", "ever"), concat!("Wh", "at"), concat!("Th", "at")];

/// Texts that nobody may rewrite: logs hold their hashes, or others wrote them.
const KEPT: &[&str] = &[
    "LICENSE",
    "testdata/",
    "fuzz/corpus/",
    "demo/constitution.md",
    "demo/first-constitution.md",
    "demo/kernel.md",
    "demo/next-constitution.md",
    "demo/next-kernel.md",
    "crates/charter/templates/",
];

/// The last commit whose subject is not checked: nobody can change one that others have built on.
const SINCE: &str = "92247f5";

/// Returns a finding for each sentence with such an opening.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let held = |path: &&String| !KEPT.iter().any(|place| path.starts_with(place));
    for (path, content) in files.iter().filter(|(path, _)| held(path)) {
        for text in texts_of(path, content) {
            findings.extend(openings(&text).into_iter().map(|(line, word)| Finding::new(path, line, message(word))));
        }
    }
    findings.sort();
    findings
}

/// Commits that were published before this check had seen them.
const LEFT: &[&str] = &["e7f9faf", "92247f5"];

/// Returns a finding for each commit whose subject has such an opening. `commits` are lines of `hash subject`.
pub fn check_commits(commits: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subjects = commits.lines().filter_map(|line| line.split_once(' '));
    for (hash, subject) in subjects.filter(|(hash, _)| !LEFT.iter().any(|left| hash.starts_with(left))) {
        let found = openings(&Text::of_one_line(1, subject)).into_iter();
        findings.extend(found.map(|(_, word)| Finding::new(&format!("commit {hash}"), 1, message(word))));
    }
    findings
}

/// Returns the commits after [`SINCE`]. A copy without history, or with only the end of it, has none.
pub fn read_commits(root: &Path) -> String {
    output(root, "git", &["log", "--format=%h %s", &format!("{SINCE}..HEAD")]).unwrap_or_default()
}

fn message(word: &str) -> String {
    format!("a sentence begins with `{word}`: begin with its subject, a noun")
}

/// Returns the line and the word of each sentence in `text` that begins with one.
fn openings(text: &Text) -> Vec<(usize, &'static str)> {
    let words = &text.words;
    let mut found = Vec::new();
    for word in OPENINGS {
        for at in whole_words(words, word) {
            let rest = &words[at + word.len()..];
            // A word alone is a name and no sentence, as in this rule's own wording.
            let goes_on = rest.starts_with([' ', ',']) && rest.contains(char::is_alphabetic);
            if goes_on && begins_sentence(&words[..at]) && !is_free(text, rest) {
                found.push((text.line_of(at), *word));
            }
        }
    }
    found
}

fn begins_sentence(before: &str) -> bool {
    const OPEN: &[char] = &['*', '_', '"', '“', '‘', '(', '['];
    const CLOSE: &[char] = &['*', '_', '"', '”', '’', ')', ']'];
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || OPEN.contains(&c)).trim_end_matches(CLOSE);
    before.is_empty() || before.ends_with(['.', '!', '?', ':', ';', '…'])
}

/// Returns whether the sentence that goes on with `rest` is a question, or a heading: a message or a line of a page
/// that does not end.
fn is_free(text: &Text, rest: &str) -> bool {
    let is_end = |at: usize| rest[at + 1..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    match rest.match_indices(['.', '!', '?']).find(|(at, _)| is_end(*at)) {
        Some((_, end)) => end == "?",
        None => text.may_be_heading,
    }
}

#[cfg(test)]
mod tests;
