//! A file says first what it is, and is not too long to read.

use super::Finding;
use crate::source::{Files, is_test};

/// Test files have no limit: a table has as many rows as there are rules.
const LONGEST_FILE: usize = 600;

/// Returns a finding for each Rust file without a header or over the length.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        if !text.starts_with("//! ") {
            findings.push(Finding::new(path, 1, "the file must open with `//!`: what it is, and what it is not"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE && !is_test(path) {
            findings.push(Finding::new(
                path,
                lines,
                format!("{lines} lines, and {LONGEST_FILE} is the most: is it one room?"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
