//! Imports go one way: a room uses only the rooms that `ARCHITECTURE.md` lets it use. Every room has the licence.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Finding, cargo};

/// Each room with the rooms it may use, in tests too: a test that needs a higher room belongs in that one.
const ROOMS: &[(&str, &[&str])] = &[
    ("quantity", &[]),
    ("charter", &["quantity"]),
    ("engine", &["quantity", "charter"]),
    ("words", &[]),
    ("attack", &["quantity", "charter", "engine", "words"]),
    ("views", &["quantity", "charter", "engine", "words"]),
    ("rochdale-log", &[]),
    ("bridges", &["quantity"]),
    ("proof", &["quantity", "bridges"]),
    ("host", &["quantity", "charter", "engine", "words", "views", "rochdale-log", "bridges", "proof"]),
    ("web", &["quantity", "charter", "engine", "words", "attack", "views", "rochdale-log", "bridges", "proof", "host"]),
    (
        "rochdale",
        &[
            "quantity",
            "charter",
            "engine",
            "words",
            "attack",
            "views",
            "rochdale-log",
            "bridges",
            "proof",
            "host",
            "web",
        ],
    ),
    ("forge-double", &[]),
    ("proof-double", &[]),
    ("xtask", &[]),
];

/// Stand-ins for the world outside, which any room's tests may use and no room's product.
const FOR_TESTS: &[&str] = &["forge-double", "proof-double"];

const LICENCE: &str = "AGPL-3.0-or-later";

/// Reads cargo's metadata about the members of the workspace.
pub fn read_metadata(root: &Path) -> Result<Value> {
    let text = cargo(root, &["metadata", "--format-version", "1", "--locked", "--no-deps"])?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// Returns a finding for each import against the direction, and for each package that is no known room.
pub fn check(metadata: &Value) -> Vec<Finding> {
    let packages = packages(metadata);
    let names: Vec<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let mut findings = Vec::new();
    for package in &packages {
        let name = text(package, "name");
        let manifest = manifest(metadata, package);
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == name) else {
            findings.push(Finding::new(
                &manifest,
                1,
                format!("`{name}` is no known room: give it a line in xtask/src/tidy/rooms.rs and in ARCHITECTURE.md"),
            ));
            continue;
        };
        for dependency in &array(package, "dependencies") {
            let used = text(dependency, "name");
            let for_tests = FOR_TESTS.contains(&used) && text(dependency, "kind") == "dev";
            if names.contains(&used) && !allowed.contains(&used) && !for_tests {
                findings.push(Finding::new(
                    &manifest,
                    1,
                    format!("`{name}` may not use `{used}`: imports go one way (ARCHITECTURE.md)"),
                ));
            }
        }
    }
    findings
}

/// Returns a finding for each package under another licence, or none.
pub fn check_licence(metadata: &Value) -> Vec<Finding> {
    packages(metadata)
        .iter()
        .filter(|package| text(package, "license") != LICENCE)
        .map(|package| {
            Finding::new(
                &manifest(metadata, package),
                1,
                format!("the licence must be {LICENCE}: write `license.workspace = true`"),
            )
        })
        .collect()
}

fn packages(metadata: &Value) -> Vec<Value> {
    array(metadata, "packages")
}

fn manifest(metadata: &Value, package: &Value) -> String {
    let path = text(package, "manifest_path");
    path.strip_prefix(text(metadata, "workspace_root")).unwrap_or(path).trim_start_matches('/').to_owned()
}

fn array(value: &Value, field: &str) -> Vec<Value> {
    value.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
