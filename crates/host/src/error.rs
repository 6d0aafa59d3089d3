//! The errors of this room, by their cause.

use charter::Diagnostic;
use engine::edition::{self, Edition, Status};
use engine::{NotDone, Refusal};
use quantity::Broken;
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
    /// The rules in force do not check under an edition, so that the log cannot go on under it.
    #[error("{}", unfit(*.edition, .mistakes))]
    Unfit {
        /// Which edition.
        edition: Edition,
        /// All mistakes.
        mistakes: Vec<Diagnostic>,
    },
    /// The log needs a later version of this program.
    #[error(
        "entry {entry}: this log needs edition {edition}, which this program does not know as closed ({}): install a later version of Rochdale; nothing was changed",
        known()
    )]
    NewerEdition {
        /// The place of the entry that names the edition.
        entry: u64,
        /// Which.
        edition: u64,
    },
    /// The log does not say what it should.
    #[error("{0}")]
    Wrong(#[from] Wrong),
    /// The rules say no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// This program is wrong: something that it relies on does not hold.
    #[error("entry {entry}: a mistake in this program: {broken}; nothing was changed")]
    Broken {
        /// The place of the entry that found it, or would have.
        entry: u64,
        /// The invariant that does not hold.
        broken: Broken,
    },
    /// The request cannot be done this way.
    #[error("{0}")]
    Usage(String),
    /// More is asked of the co-op than its writer can do in time: nothing was done, or it is not known yet.
    #[error("{0}")]
    Busy(&'static str),
}

impl Error {
    /// The same error for another one whom it concerns.
    pub(crate) fn shared(&self) -> Error {
        match self {
            Error::Fault(fault) => Error::Fault(fault.clone()),
            Error::Busy(words) => Error::Busy(words),
            other => Error::Usage(other.to_string()),
        }
    }

    /// Why the act of an entry, or what was due at it, was not done.
    pub(crate) fn not_done(entry: u64, why: NotDone) -> Error {
        match why {
            NotDone::Refused(refusal) => Error::Refused(refusal),
            NotDone::Broken(broken) => Error::Broken { entry, broken },
        }
    }
}

/// JSON or an act that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Misread {
    /// The reason, for the writer.
    pub why: String,
    /// The line where it was seen, from 1.
    pub line: usize,
    /// Where on that line, in bytes from 1; 1 where the whole is meant.
    pub column: usize,
}

impl Misread {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Misread { why: brief(why.into()), line: 1, column: 1 }
    }

    /// The reader's own words without its place and without the names of Rust's types.
    pub fn of_json(before: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let mut why = match text.rfind(" at line ") {
            Some(end) => text[..end].to_owned(),
            None => text,
        };
        for (rust, plain) in [
            ("u32", "a whole number from 0 to 4294967295"),
            ("u64", "a whole number from 0 to 18446744073709551615"),
            ("i64", "a whole number from -9223372036854775808 to 9223372036854775807"),
        ] {
            if let Some(start) = why.strip_suffix(&format!("expected {rust}")) {
                why = format!("{start}expected {plain}");
            }
        }
        Misread { why: brief(format!("{before}{why}")), line: error.line().max(1), column: error.column().max(1) }
    }
}

/// The longest answer to what could not be read, in characters: it repeats what was handed in.
const LONGEST: usize = 2_000;

fn brief(mut why: String) -> String {
    if let Some((end, _)) = why.char_indices().nth(LONGEST) {
        why.truncate(end);
        why.push('…');
    }
    why
}

/// The editions that this program knows, in words.
fn known() -> String {
    let all = edition::known().map(|(known, status)| match status {
        Status::Closed => format!("{known} is closed"),
        Status::Open => format!("{known} is open"),
    });
    all.collect::<Vec<_>>().join(", ")
}

/// One sentence a line: what is wrong with the rules in force under an edition, and the way out.
fn unfit(edition: Edition, mistakes: &[Diagnostic]) -> String {
    views::unfit_words(edition, mistakes).join("\n")
}

fn listed(file: &str, mistakes: &[Diagnostic]) -> String {
    mistakes.iter().map(|mistake| mistake.in_file(file)).collect::<Vec<_>>().join("\n")
}
