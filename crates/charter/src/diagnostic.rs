//! A writer's mistake in a document: where, which, why, and how to mend it.

use std::fmt;

/// One mistake, with its place in the whole file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Diagnostic {
    /// The first line of the place, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
    /// The stable code, such as `C012`.
    pub code: &'static str,
    /// The code's name, such as `unit-mismatch`.
    pub name: &'static str,
    /// The wrong words, as written, up to 80 characters and then `…`. They can hold invisible characters and terminal
    /// control codes, so a program that prints them has to escape them.
    pub words: String,
    /// Safe to print: such characters are escaped, and each part of the document is cut as `words` are.
    pub why: String,
    /// As safe as `why`.
    pub help: Option<String>,
}

/// The way out of a mistake, where the message does not name it already.
pub(crate) struct Help(pub(crate) Option<String>);

impl From<Option<String>> for Help {
    fn from(help: Option<String>) -> Help {
        Help(help)
    }
}

impl From<String> for Help {
    fn from(help: String) -> Help {
        Help(Some(help))
    }
}

impl From<&str> for Help {
    fn from(help: &str) -> Help {
        Help(Some(help.to_owned()))
    }
}

impl Diagnostic {
    /// Returns the mistake as one line after the name of its file: `kernel.md:12:9: C012 unit-mismatch: …`.
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{self}")
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { line, column, code, name, why, .. } = self;
        write!(to, "{line}:{column}: {code} {name}: {why}")?;
        if let Some(help) = &self.help {
            write!(to, "; {help}")?;
        }
        Ok(())
    }
}
