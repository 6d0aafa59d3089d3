//! Documents hang together: every chapter of the specification is reachable from the front, no link leads nowhere, and the
//! licence is whole.

use super::Finding;
use crate::source::{Files, line_of};

const FRONT: &[&str] = &["README.md", "ARCHITECTURE.md"];

/// Returns a finding for each chapter that the front does not name, and for each link to a file that is not there.
pub fn check(files: &Files, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = check_chapters(files);
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        for (at, target) in links(text) {
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') && !exists(&resolve(path, target)) {
                findings.push(Finding::new(path, line_of(text, at), format!("the link `{target}` leads nowhere")));
            }
        }
    }
    let whole = files.get("LICENSE").is_some_and(|text| {
        text.contains("GNU AFFERO GENERAL PUBLIC LICENSE")
            && text.contains("Version 3, 19 November 2007")
            && text.contains("END OF TERMS AND CONDITIONS")
    });
    if !whole {
        findings.push(Finding::new(
            "LICENSE",
            1,
            "the text of the GNU Affero General Public License, version 3, is not whole",
        ));
    }
    findings
}

fn check_chapters(files: &Files) -> Vec<Finding> {
    let named: Vec<String> = FRONT
        .iter()
        .filter_map(|front| files.get(*front).map(|text| (front, text)))
        .flat_map(|(front, text)| {
            links(text).into_iter().map(|(_, target)| resolve(front, target.split('#').next().unwrap_or_default()))
        })
        .collect();
    files
        .keys()
        .filter(|path| path.starts_with("docs/spec/") && path.ends_with(".md") && !named.contains(path))
        .map(|path| Finding::new(path, 1, format!("neither {} links to this chapter", FRONT.join(" nor "))))
        .collect()
}

/// Returns the offset and target of each `](target)` outside code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced {
            for (at, _) in line.match_indices("](") {
                let in_code = line[..at].matches('`').count() % 2 == 1;
                let rest = &line[at + 2..];
                if let (false, Some(end)) = (in_code, rest.find(')')) {
                    found.push((start + at, rest[..end].trim()));
                }
            }
        }
        start += line.len();
    }
    found
}

/// Resolves `target`, as the file at `path` names it, to a path from the root.
fn resolve(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests;
