//! Why a file is refused: the writer's mistakes with their places, or a fault of the machine.

use std::fmt;
use std::path::PathBuf;

use crate::Place;

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name without its folder.
    pub file: String,
    pub place: Place,
    pub why: String,
    /// What can be done about it.
    pub help: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        write!(out, "{}:{line}:{column}: {}", self.file, self.why)?;
        match &self.help {
            Some(help) => write!(out, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The file or repository cannot be read at all.
    #[error("{path}: {why}")]
    Fault { path: PathBuf, why: String },
    /// The file is wrong.
    #[error("{}", list_of(.first, *.more))]
    Mistakes {
        /// The first of them, at most [`Refused::SHOWN`], in the file's order.
        first: Vec<Mistake>,
        /// How many more there are.
        more: u64,
    },
}

impl Refused {
    /// The greatest number of mistakes that are kept.
    pub const SHOWN: usize = 20;

    pub(crate) fn fault(path: &std::path::Path, why: impl fmt::Display) -> Self {
        Self::Fault { path: path.to_path_buf(), why: why.to_string() }
    }
}

fn list_of(first: &[Mistake], more: u64) -> String {
    let mut text = first.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if more > 0 {
        text.push_str(&format!("\nand {more} more"));
    }
    text
}
