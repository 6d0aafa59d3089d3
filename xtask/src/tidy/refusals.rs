//! Every refusal has its section in the specification and its row in a test.

use super::Finding;
use crate::source::{Files, is_test, line_of, whole_words};

const LIST: &str = "crates/engine/src/refusal.rs";
const SECTIONS: &str = "docs/spec/refusals.md";

/// One line of the list: `R017 ShareExceedsWeight => "share-exceeds-weight",`.
struct Rule<'a> {
    number: &'a str,
    variant: &'a str,
    name: &'a str,
    line: usize,
}

/// Returns a finding for each refusal without a section or a test, for each section without a refusal, and for numbers
/// out of order.
pub fn check(files: &Files) -> Vec<Finding> {
    let Some(list) = files.get(LIST) else {
        return vec![Finding::new(LIST, 1, "the list of refusals is not here")];
    };
    let rules = rules(list);
    if rules.is_empty() {
        return vec![Finding::new(
            LIST,
            1,
            "no line reads like `R017 ShareExceedsWeight => \"share-exceeds-weight\",`",
        )];
    }
    let sections = files.get(SECTIONS).map(String::as_str).unwrap_or_default();
    let headings: Vec<(usize, &str)> = headings(sections);
    let tests: Vec<&String> =
        files.iter().filter(|(path, _)| path.starts_with("crates/") && is_test(path)).map(|(_, text)| text).collect();

    // A number is for ever, so the list only grows at its end.
    let mut findings = Vec::new();
    for pair in rules.windows(2) {
        if pair[0].number >= pair[1].number {
            findings.push(Finding::new(
                LIST,
                pair[1].line,
                format!("{} is listed below {}: numbers rise and are used once", pair[1].number, pair[0].number),
            ));
        }
    }
    // Each rule has a section and a test; each section has a rule.
    for rule in &rules {
        let title = format!("{} {}", rule.number, rule.name);
        if !headings.iter().any(|(_, heading)| *heading == title) {
            findings.push(Finding::new(LIST, rule.line, format!("{SECTIONS} has no section `## {title}`")));
        }
        if !tests.iter().any(|text| names(text, rule)) {
            findings.push(Finding::new(
                LIST,
                rule.line,
                format!("no test expects `{}` ({})", rule.variant, rule.number),
            ));
        }
    }
    for (line, heading) in headings {
        let known = rules.iter().any(|rule| heading == format!("{} {}", rule.number, rule.name));
        if !known && heading.starts_with('R') && heading.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            findings.push(Finding::new(SECTIONS, line, format!("`{heading}` is no refusal of {LIST}")));
        }
    }
    findings
}

fn rules(list: &str) -> Vec<Rule<'_>> {
    let mut found = Vec::new();
    for (index, line) in list.lines().enumerate() {
        let Some((left, right)) = line.trim().split_once(" => \"") else {
            continue;
        };
        let Some((number, variant)) = left.split_once(' ') else {
            continue;
        };
        let Some((name, _)) = right.split_once('"') else {
            continue;
        };
        let digits = number.strip_prefix('R').unwrap_or_default();
        if digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            found.push(Rule { number, variant: variant.trim(), name, line: index + 1 });
        }
    }
    found
}

/// Returns the second-level headings, without their marks, by line.
fn headings(text: &str) -> Vec<(usize, &str)> {
    text.match_indices("## ")
        .filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n'))
        .map(|(at, marks)| (line_of(text, at), text[at + marks.len()..].lines().next().unwrap_or_default().trim()))
        .collect()
}

/// Returns a test expects a rule by its variant, or by its number or name in a string.
fn names(text: &str, rule: &Rule<'_>) -> bool {
    whole_words(text, rule.variant).next().is_some()
        || whole_words(text, rule.number).next().is_some()
        || text.contains(&format!("\"{}\"", rule.name))
}

#[cfg(test)]
mod tests;
