//! What can go wrong here, by whose fault.

use charter::Diagnostic;
use engine::Refusal;
use rochdale_log::Fault;

use crate::replay::Wrong;

/// Something did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The world failed.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The file system failed.
    #[error("cannot use `{path}`: {why}")]
    File {
        /// Which file.
        path: String,
        /// The system's words.
        why: std::io::Error,
    },
    /// A kernel or constitution has mistakes.
    #[error("{}", listed(.file, .mistakes))]
    Rules {
        /// Which document.
        file: String,
        /// All of them.
        mistakes: Vec<Diagnostic>,
    },
    /// The log does not say what it should.
    #[error("{0}")]
    Wrong(#[from] Wrong),
    /// The rules say no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// What was asked cannot be done this way.
    #[error("{0}")]
    Usage(String),
}

/// An act that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misread(pub String);

fn listed(file: &str, mistakes: &[Diagnostic]) -> String {
    mistakes
        .iter()
        .map(|mistake| mistake.in_file(file))
        .collect::<Vec<_>>()
        .join("\n")
}
