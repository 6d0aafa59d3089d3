//! The exit codes of commands: 0 done, 1 the answer is no, 2 bad usage or input, 3 the world failed.

use std::io::ErrorKind;
use std::process::ExitCode;

use host::Error;
use host::inbox::NotTaken;

use crate::caller::Caller;

/// Done.
pub const DONE: u8 = 0;
/// The answer is no.
pub const NO: u8 = 1;
/// Bad usage or input.
pub const BAD_INPUT: u8 = 2;
/// The world failed.
pub const WORLD_FAILED: u8 = 3;

/// An end that is not "done", with its words for standard error.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    words: String,
}

impl Exit {
    /// Ends with 1: the answer is no.
    pub fn no(words: impl Into<String>) -> Self {
        Exit { code: NO, words: words.into() }
    }

    /// Ends with 2: bad usage or input.
    pub fn input(words: impl Into<String>) -> Self {
        Exit { code: BAD_INPUT, words: words.into() }
    }

    /// Ends with 3: the world failed.
    pub fn world(words: impl Into<String>) -> Self {
        Exit { code: WORLD_FAILED, words: words.into() }
    }

    /// Prints the words, if any, and gives the code.
    pub fn report(&self) -> ExitCode {
        self.tell(&Caller::Here).into()
    }

    /// Tells the caller the words, if any, and gives the code.
    pub fn tell(&self, caller: &Caller) -> u8 {
        if !self.words.is_empty() {
            caller.warn(&self.words);
        }
        self.code
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.words)
    }
}

/// Writes to standard error, even if nobody reads it any more.
pub fn warn(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "rochdale: {words}");
}

impl From<Error> for Exit {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Fault(_) | Error::Broken { .. } | Error::Busy(_) => WORLD_FAILED,
            Error::File { why, .. } if why.kind() == ErrorKind::BrokenPipe => return seen_enough(),
            Error::File { why, .. } if is_misnamed(why.kind()) => BAD_INPUT,
            Error::File { .. } => WORLD_FAILED,
            Error::Rules { .. } | Error::Unfit { .. } | Error::Usage(_) | Error::NewerEdition { .. } => BAD_INPUT,
            Error::Wrong(_) | Error::Refused(_) => NO,
        };
        Exit { code, words: error.to_string() }
    }
}

impl From<NotTaken> for Exit {
    fn from(error: NotTaken) -> Self {
        match error {
            NotTaken::Record { .. } | NotTaken::Unclear(_) | NotTaken::Source(_) => Exit::input(error.to_string()),
            NotTaken::Failed(why) => (*why).into(),
        }
    }
}

impl From<std::io::Error> for Exit {
    /// Treats a closed pipe (`rochdale … | head`) as no failure.
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => seen_enough(),
            _ => Exit::world(error.to_string()),
        }
    }
}

fn seen_enough() -> Exit {
    Exit { code: DONE, words: String::new() }
}

/// Returns whether the user can mend the path.
fn is_misnamed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::InvalidData
            | ErrorKind::InvalidFilename
    )
}

impl From<serde_json::Error> for Exit {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(kind) => std::io::Error::from(kind).into(),
            None => Exit::world(error.to_string()),
        }
    }
}
