//! Who called a command: the process's own terminal, or a client of this server. Here is where a command's words go, where
//! its input comes from, where its paths begin, and who writes the co-op. The command itself is the same for both.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bridges::Refused;
use host::{Shared, Snapshot, Writable, Written, clock};
use quantity::Moment;
use rochdale_log::Fault;
use serde::Serialize;

use crate::commands;
use crate::exit::{Exit, warn};
use crate::progress::{self, Bar};
use crate::socket::{Answers, Input, NAME};

/// Who called a command.
pub enum Caller {
    /// This process's own terminal.
    Here,
    /// A client of the server that this is.
    Client(Client),
}

/// A client, whose command is carried out here.
pub struct Client {
    pub coop: Arc<Shared>,
    /// The client's own folder.
    pub folder: PathBuf,
    pub answers: Answers,
    pub input: Input,
}

impl Caller {
    /// Prints text for people.
    pub fn print(&self, text: &str) -> Result<(), Exit> {
        match self {
            Caller::Here => commands::print(text),
            Caller::Client(client) => Ok(client.answers.print(text.as_bytes())?),
        }
    }

    /// Prints one JSON value and nothing else.
    pub fn print_json(&self, value: &impl Serialize) -> Result<(), Exit> {
        match self {
            Caller::Here => commands::print_json(value),
            Caller::Client(client) => {
                let mut line = serde_json::to_vec(value)?;
                line.push(b'\n');
                Ok(client.answers.print(&line)?)
            }
        }
    }

    /// Writes to standard error, even if nobody reads it any more.
    pub fn warn(&self, words: &str) {
        match self {
            Caller::Here => warn(words),
            Caller::Client(client) => client.answers.warn(words),
        }
    }

    /// Standard input.
    pub fn input(&self) -> Box<dyn Read + '_> {
        match self {
            Caller::Here => Box::new(std::io::stdin().lock()),
            Caller::Client(client) => Box::new(client.input.reader(&client.answers)),
        }
    }

    /// A bar over `total` steps, on the caller's terminal.
    pub fn bar(&self, total: u64, what: &'static str) -> Bar {
        match self {
            Caller::Here => Bar::Drawn(progress::bar(total, what)),
            Caller::Client(client) => Bar::Told(client.answers.bar(total, what)),
        }
    }

    /// A path that the caller wrote.
    pub fn written(&self, path: &Path) -> Written {
        match self {
            Caller::Here => Written::here(path),
            Caller::Client(client) => Written::new(path, &client.folder),
        }
    }

    /// Opens the caller's file for reading.
    pub fn open(&self, path: &Path) -> Result<std::fs::File, Exit> {
        let named =
            |why: std::io::Error| Exit::input(format!("cannot read `{}`: {why}{}", path.display(), self.hint(&why)));
        std::fs::File::open(self.written(path).real()).map_err(named)
    }

    /// The refusal of a file in the caller's own words.
    pub fn why_refused(&self, path: &Path, refused: Refused) -> Refused {
        match refused {
            Refused::Fault { why, .. } => {
                let opened = std::fs::File::open(self.written(path).real());
                let hint = opened.err().map_or("", |denied| self.hint(&denied));
                Refused::Fault { path: path.to_owned(), why: format!("{why}{hint}") }
            }
            mistakes => mistakes,
        }
    }

    /// A file that a client can read may be none of the server's.
    fn hint(&self, why: &std::io::Error) -> &'static str {
        match self {
            Caller::Client(_) if why.kind() == ErrorKind::PermissionDenied => {
                ": the server that carries this out must be able to read it"
            }
            _ => "",
        }
    }

    /// Opens a co-op for writing.
    pub fn write(&self, folder: &Path) -> Result<Writable, Exit> {
        let coop = self.take(folder)?;
        commands::say_what_differs(self, folder, &coop.read());
        Ok(coop)
    }

    /// Opens a co-op for writing, and says nothing of its documents.
    pub fn take(&self, folder: &Path) -> Result<Writable, Exit> {
        match self {
            Caller::Client(client) => Ok(Writable::Served(Arc::clone(&client.coop))),
            Caller::Here => Writable::open(folder, clock::now()).map_err(|error| match &error {
                host::Error::Fault(Fault::Locked(_)) => Exit::world(format!(
                    "{error}. If that is a server, it took no command at `{}`: it is still starting, another user's, or of another version. Try again, or end it first",
                    folder.join(NAME).display()
                )),
                _ => error.into(),
            }),
        }
    }
}

/// The log's time for an act: the date that was given, or the present.
pub fn time_of(at: Option<&str>, coop: &Snapshot) -> Result<Moment, Exit> {
    match at {
        Some(text) => commands::date_to_move_to(text, coop),
        None => Ok(clock::now()),
    }
}
