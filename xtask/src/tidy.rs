//! The checks of the house. Each is a function from the repository's files to its findings; none changes anything.
//!
//! Formatting, lints and types are left to `cargo fmt`, clippy and the compiler.

mod acts;
mod documents;
mod english;
mod files;
mod functions;
mod literals;
mod purity;
mod refusals;
mod rooms;
mod words;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::source::Files;

/// One place where the house is not as its rules say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// From the root, with `/` between its parts.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    /// The mistake and its remedy; lower case, no full stop.
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Finding { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Returns the root of the workspace that this program was built in.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Returns every finding in the house at `root`, in the order of path and line.
///
/// # Errors
/// A fault: git or cargo could not be run, or a file could not be read.
pub fn check_house(root: &Path) -> Result<Vec<Finding>> {
    let files = read_files(root)?;
    let metadata = rooms::read_metadata(root)?;
    let mut findings = Vec::new();
    findings.extend(rooms::check(&metadata));
    findings.extend(rooms::check_licence(&metadata));
    findings.extend(purity::check_dependencies(&purity::read_dependencies(root)?));
    findings.extend(purity::check_sources(&files));
    findings.extend(files::check(&files));
    findings.extend(functions::check(&files));
    findings.extend(words::check(&files));
    findings.extend(literals::check(&files));
    findings.extend(documents::check(&files, &|path| root.join(path).exists()));
    findings.extend(refusals::check(&files));
    findings.extend(acts::check(&files));
    findings.extend(english::check(&files));
    findings.extend(english::check_commits(&english::read_commits(root)));
    findings.sort();
    findings.dedup();
    Ok(findings)
}

/// Reads every text file that git tracks or would track.
fn read_files(root: &Path) -> Result<Files> {
    let listed = output(root, "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    let mut files = Files::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        // A file that is tracked but deleted in the work tree is no finding, and neither is a picture.
        let Ok(bytes) = std::fs::read(root.join(path)) else {
            continue;
        };
        if let Ok(text) = String::from_utf8(bytes) {
            files.insert(path.to_owned(), text);
        }
    }
    if files.is_empty() {
        bail!("git lists no file in {}", root.display());
    }
    Ok(files)
}

/// Runs a program in `root` and returns its standard output.
fn output(root: &Path, program: &str, arguments: &[&str]) -> Result<String> {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !done.status.success() {
        bail!("{program} {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim());
    }
    String::from_utf8(done.stdout).with_context(|| format!("{program} printed no UTF-8"))
}

/// Runs the cargo that runs this program, so that a test sees the toolchain it was built with.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    output(root, &program, arguments)
}

#[cfg(test)]
mod tests;
