//! A function is short, or says why it is long and flat.
//!
//! `// flat: <reason>` above a function, or at its beginning, marks the two shapes that may be longer: the ladder of
//! checks of one act, and one `match` over a closed enum.

use super::Finding;
use crate::source::{Files, end_of_braces, is_test, line_of, product_code, whole_words};

const LONGEST_FUNCTION: usize = 70;
const MARK: &str = "// flat: ";

/// Returns a finding for each long function outside tests that is not marked.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs") && !is_test(path)) {
        let code = product_code(text);
        for function in functions(&code) {
            let length = function.last_line - function.line + 1;
            if length > LONGEST_FUNCTION && !is_marked(text, &function) {
                findings.push(Finding::new(
                    path,
                    function.line,
                    format!(
                        "`{}` has {length} lines, and {LONGEST_FUNCTION} is the most: split it, or mark a flat one with `{MARK}<reason>`",
                        function.name
                    ),
                ));
            }
        }
    }
    findings
}

/// Lines are counted from 1.
struct Function<'a> {
    name: &'a str,
    line: usize,
    body_line: usize,
    last_line: usize,
}

fn functions(code: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for at in whole_words(code, "fn") {
        let after = code[at + 2..].trim_start();
        let name = &after[..after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len())];
        // `fn(u8)` is a type.
        if name.is_empty() {
            continue;
        }
        let Some(open) = body(code, at) else { continue };
        found.push(Function {
            name,
            line: line_of(code, at),
            body_line: line_of(code, open),
            last_line: line_of(code, end_of_braces(code, open).saturating_sub(1)),
        });
    }
    found
}

/// Returns the brace that opens the body of the function at `at`; `None` where it has none.
fn body(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[at..].iter().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => return Some(at + offset),
            _ => {}
        }
    }
    None
}

fn is_marked(text: &str, function: &Function<'_>) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let above =
        lines[..function.line - 1].iter().rev().take_while(|line| line.starts_with("//") || line.starts_with("#["));
    let begins = lines[function.line - 1..].iter().take(function.body_line - function.line + 2);
    above.chain(begins).any(|line| line.split_once(MARK).is_some_and(|(_, reason)| !reason.trim().is_empty()))
}

#[cfg(test)]
mod tests;
