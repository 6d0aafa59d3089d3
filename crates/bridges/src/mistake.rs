//! The reasons why a file is refused: the writer's mistakes with their places, or a fault of the machine.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Place;

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name without its folder.
    pub file: String,
    pub place: Place,
    pub why: String,
    /// The remedy.
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

/// The reason why nothing was read.
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
        /// The number of further mistakes.
        more: u64,
    },
}

impl Refused {
    /// The greatest number of mistakes that are kept.
    pub const SHOWN: usize = 20;

    pub(crate) fn fault(path: &Path, why: impl fmt::Display) -> Self {
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

/// A mistake before its file is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub place: Place,
    pub why: String,
    pub help: Option<String>,
}

impl Wrong {
    pub(crate) fn at(place: Place, why: impl Into<String>) -> Self {
        Self { place, why: why.into(), help: None }
    }

    /// Makes a mistake at the very start of the file.
    pub(crate) fn start(why: impl Into<String>) -> Self {
        Self::at(Place { line: 1, column: 1 }, why)
    }

    /// Refuses the file for this mistake alone.
    pub(crate) fn of_file(self, path: &Path) -> Refused {
        let mut mistakes = Mistakes::default();
        mistakes.add(self);
        mistakes.refuse(path).err().unwrap_or_else(|| Refused::fault(path, "it is wrong"))
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Mistakes as they are found: the first few in the file's order, and the number of all.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    first: Vec<Wrong>,
    count: u64,
}

impl Mistakes {
    pub(crate) fn add(&mut self, wrong: Wrong) {
        self.count += 1;
        let after = self.first.partition_point(|earlier| earlier.place <= wrong.place);
        if after < Refused::SHOWN {
            self.first.insert(after, wrong);
            self.first.truncate(Refused::SHOWN);
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Counts mistakes that come too late in the file to be shown.
    pub(crate) const fn pass_over(&mut self, count: u64) {
        self.count += count;
    }

    /// Refuses the file if there are any.
    pub(crate) fn refuse(self, path: &Path) -> Result<(), Refused> {
        if self.first.is_empty() {
            return Ok(());
        }
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let named =
            |wrong: Wrong| Mistake { file: file.to_string(), place: wrong.place, why: wrong.why, help: wrong.help };
        let more = self.count - self.first.len() as u64;
        Err(Refused::Mistakes { first: self.first.into_iter().map(named).collect(), more })
    }
}
