//! How a command ends: 0 done, 1 the answer is no, 2 bad usage or input, 3 the world failed.

use std::process::ExitCode;

use host::Error;

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
    /// The answer is no.
    pub fn no(words: impl Into<String>) -> Self {
        Exit {
            code: NO,
            words: words.into(),
        }
    }

    /// Bad usage or input.
    pub fn input(words: impl Into<String>) -> Self {
        Exit {
            code: BAD_INPUT,
            words: words.into(),
        }
    }

    /// The world failed.
    pub fn world(words: impl Into<String>) -> Self {
        Exit {
            code: WORLD_FAILED,
            words: words.into(),
        }
    }

    /// Prints the words, if any, and gives the code.
    pub fn report(&self) -> ExitCode {
        if !self.words.is_empty() {
            eprintln!("rochdale: {}", self.words);
        }
        self.code.into()
    }
}

impl From<Error> for Exit {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Fault(_) => WORLD_FAILED,
            Error::File { why, .. } if why.kind() == std::io::ErrorKind::NotFound => BAD_INPUT,
            Error::File { .. } => WORLD_FAILED,
            Error::Rules { .. } | Error::Usage(_) => BAD_INPUT,
            Error::Wrong(_) | Error::Refused(_) => NO,
        };
        Exit {
            code,
            words: error.to_string(),
        }
    }
}

impl From<std::io::Error> for Exit {
    /// A reader who has seen enough (`rochdale … | head`) is no failure.
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Exit {
                code: DONE,
                words: String::new(),
            },
            _ => Exit::world(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Exit {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(kind) => std::io::Error::from(kind).into(),
            None => Exit::world(error.to_string()),
        }
    }
}
