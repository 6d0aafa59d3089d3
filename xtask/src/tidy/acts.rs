//! Every act has everything that belongs to one: a ladder of checks, words for people, a section of the specification, and
//! rows of what refuses it.

use super::Finding;
use crate::source::{Files, is_test, line_of, product_code};

const TABLE: &str = "crates/engine/src/act.rs";
const SECTIONS: &str = "docs/spec/acts.md";
const WORDS: &str = "crates/views/src/";
const ENGINE: &str = "crates/engine/";

/// A row of the table: `CastBallot "cast_ballot", "A member …", since ONE, by [Own];`.
struct Row<'a> {
    variant: &'a str,
    kind: &'a str,
    line: usize,
    /// The log makes it, so it is never refused to a member.
    by_the_log: bool,
}

/// Returns a finding for each act that lacks something, and for each section of no act.
pub fn check(files: &Files) -> Vec<Finding> {
    let Some(table) = files.get(TABLE) else {
        return vec![Finding::new(TABLE, 1, "the table of acts is not here")];
    };
    let rows = rows(table);
    if rows.is_empty() {
        return vec![Finding::new(TABLE, 1, "no line reads like `Stand \"stand\", \"…\", since ONE, by [Own];`")];
    }
    let sections = files.get(SECTIONS).map(String::as_str).unwrap_or_default();
    let product = |folder: &str, but: &str| -> Vec<String> {
        let inside = files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(".rs"));
        inside.filter(|(path, _)| !is_test(path) && *path != but).map(|(_, text)| product_code(text)).collect()
    };
    let (engine, views) = (product(&format!("{ENGINE}src/"), TABLE), product(WORDS, ""));
    let tests: Vec<&String> =
        files.iter().filter(|(path, _)| path.starts_with(ENGINE) && is_test(path)).map(|(_, text)| text).collect();

    // Each act has an arm in both rooms, a section, and a test row that provokes a refusal (CONTRIBUTING, A new act).
    let mut findings = Vec::new();
    for row in &rows {
        let mut lacks = |what: String| findings.push(Finding::new(TABLE, row.line, format!("`{}`: {what}", row.kind)));
        let arm = format!("Act::{}(", row.variant);
        if !engine.iter().any(|code| code.contains(&arm)) {
            lacks(format!("no ladder of checks: no file of {ENGINE}src has an arm `{arm}`"));
        }
        if !views.iter().any(|code| code.contains(&arm)) {
            lacks(format!("no words: no file of {WORDS} has an arm `{arm}`"));
        }
        if !sections.lines().any(|line| line == format!("## {}", row.kind)) {
            lacks(format!("{SECTIONS} has no section `## {}`", row.kind));
        }
        let named = [format!("\"{}\"", row.kind), format!(" | {} | ", row.kind), format!("{} {{", row.variant)];
        let refused = |text: &&String| text.contains("Rule::") && named.iter().any(|name| text.contains(name.as_str()));
        if !row.by_the_log && !tests.iter().any(refused) {
            lacks(format!("no row of a test in {ENGINE} says what refuses it"));
        }
    }
    // A section without an act would describe something that nobody can hand in.
    for (at, _) in sections.match_indices("\n## ") {
        let heading = sections[at + 4..].lines().next().unwrap_or_default();
        let is_kind = !heading.is_empty() && heading.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if is_kind && !rows.iter().any(|row| row.kind == heading) {
            findings.push(Finding::new(
                SECTIONS,
                line_of(sections, at + 1),
                format!("`{heading}` is no act of {TABLE}"),
            ));
        }
    }
    findings
}

/// Returns the rows that are not for tests alone.
fn rows(table: &str) -> Vec<Row<'_>> {
    let mut found = Vec::new();
    let mut for_tests = false;
    for (index, line) in table.lines().enumerate() {
        let line_text = line.trim();
        let parts = line_text.split_once(" \"").and_then(|(variant, rest)| Some((variant, rest.split_once("\", \"")?)));
        if let Some((variant, (kind, rest))) = parts
            && variant.chars().all(char::is_alphanumeric)
            && variant.starts_with(char::is_uppercase)
            && !for_tests
        {
            found.push(Row { variant, kind, line: index + 1, by_the_log: rest.contains("by [Log]") });
        }
        for_tests = line_text == "#[cfg(test)]";
    }
    found
}

#[cfg(test)]
mod tests;
