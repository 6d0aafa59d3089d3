//! Words that are forbidden in every file: unfinished work, skipped tests, waiting by the clock, places of one machine.
//!
//! The words are put together from parts, so that this file does not hold them.

use super::Finding;
use crate::source::{Files, code_only, is_test, line_of, whole_words};

const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Addresses of package registries: each machine chooses its own, and the project does not.
const REGISTRIES: &[&str] = &[
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("pypi.", "org/simple"),
    concat!("files.", "pythonhosted.org"),
    concat!("proxy.", "golang.org"),
    concat!("deb.", "debian.org"),
    concat!("archive.", "ubuntu.com"),
];

/// The only source that a lock file of cargo may name.
const CARGO_SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

const MACHINE_PATHS: &[&str] = &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/")];

/// Returns a finding for each forbidden word.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.as_str() != "LICENSE") {
        check_everywhere(path, text, &mut findings);
        if path.ends_with("Cargo.lock") {
            check_cargo_lock(path, text, &mut findings);
        } else if path.ends_with("package-lock.json") {
            check_word(
                path,
                text,
                "\"resolved\"",
                "a lock file names no registry: `npm install --omit-lockfile-registry-resolved`",
                &mut findings,
            );
        } else if path.ends_with(".rs") {
            check_rust(path, text, &mut findings);
        } else if path.ends_with(".mjs") || path.ends_with(".js") && is_test(path) {
            for waiting in ["waitForTimeout", "setTimeout"] {
                check_word(path, text, waiting, "a test waits for what it needs, never by the clock", &mut findings);
            }
        } else if path.starts_with("script/") || path.starts_with(".ci/") {
            check_script(path, text, &mut findings);
        }
    }
    findings
}

fn check_everywhere(path: &str, text: &str, findings: &mut Vec<Finding>) {
    for word in UNFINISHED {
        for at in whole_words(text, word) {
            findings.push(Finding::new(
                path,
                line_of(text, at),
                format!("`{word}`: do it now, or say it in the open in an issue"),
            ));
        }
    }
    for host in REGISTRIES {
        check_word(path, text, host, "no file names a package registry", findings);
    }
    for place in MACHINE_PATHS {
        for (at, _) in text.match_indices(place) {
            let inside_longer_path =
                text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "._-/}".contains(c));
            if !inside_longer_path {
                findings.push(Finding::new(
                    path,
                    line_of(text, at),
                    format!("`{place}` is a place on one machine: use a path from the root of the repository"),
                ));
            }
        }
    }
}

fn check_cargo_lock(path: &str, text: &str, findings: &mut Vec<Finding>) {
    for (number, line) in text.lines().enumerate() {
        if line.strip_prefix("source = ").is_some_and(|source| source.trim_matches('"') != CARGO_SOURCE) {
            findings.push(Finding::new(path, number + 1, "a dependency comes from somewhere else than crates.io"));
        }
    }
}

fn check_rust(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let code = code_only(text);
    check_word(path, &code, concat!("#[ig", "nore"), "a test that nobody runs is no test: mend or delete it", findings);
    check_word(path, &code, concat!("thread::", "sleep"), "wait for what you need, never by the clock", findings);
    if is_test(path) {
        for at in whole_words(&code, "sleep") {
            findings.push(Finding::new(path, line_of(&code, at), "a test waits for what it needs, never by the clock"));
        }
    }
}

fn check_script(path: &str, text: &str, findings: &mut Vec<Finding>) {
    for (number, line) in text.lines().enumerate() {
        let code = line.split('#').next().unwrap_or_default();
        if code.split([';', '&', '|', '(']).any(|command| command.trim_start().starts_with("sleep ")) {
            findings.push(Finding::new(path, number + 1, "a script waits for what it needs, never by the clock"));
        }
    }
}

fn check_word(path: &str, text: &str, word: &str, message: &str, findings: &mut Vec<Finding>) {
    for (at, _) in text.match_indices(word) {
        findings.push(Finding::new(path, line_of(text, at), format!("`{word}`: {message}")));
    }
}

#[cfg(test)]
mod tests;
