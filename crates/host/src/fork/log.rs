//! A whole log to compare with: a co-op's folder, a data file, or an exported file.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use engine::State;
use rochdale_log::{Checkpoint, Line, PublicKey, Sqlite, Store, Tree, hash_entry};

use crate::coop::data_file;
use crate::error::Error;
use crate::replay::Wrong;
use crate::texts::stored_documents;
use crate::verify::{Verified, each_line, replay_file, replay_store};
use crate::written::Written;

/// A log that was verified.
pub(super) struct Log {
    pub verified: Verified,
    pub state: State,
    documents: BTreeMap<String, String>,
    home: Home,
}

enum Home {
    Store(Box<Sqlite>),
    File(PathBuf),
}

impl Log {
    /// Verifies and replays the log at `path`; of a data file with several, the first.
    pub(super) fn open(path: &Path, threads: usize) -> Result<Log, Error> {
        let file = if path.is_dir() { data_file(path) } else { path.to_owned() };
        if !path.is_dir() && !is_database(&file)? {
            let (verified, state, documents) = replay_file(&file, threads)?;
            let home = Home::File(file);
            return Ok(Log { verified, state, documents, home });
        }
        if !file.exists() {
            return Err(Error::Usage(format!("`{}` holds no co-op", path.display())));
        }
        let mut store = Sqlite::open_snapshot(&file)?;
        let empty = || Error::Usage(format!("`{}` holds no log", path.display()));
        let (verified, state) = replay_store(&mut store, threads)?.into_iter().next().ok_or_else(empty)?;
        let state = state.ok_or_else(empty)?;
        let documents = stored_documents(&mut store, &verified.coop)?;
        Ok(Log { verified, state, documents, home: Home::Store(Box::new(store)) })
    }

    /// The text with this hash.
    pub(super) fn text(&self, hash: &str) -> Option<&String> {
        self.documents.get(hash)
    }

    /// Hands out the entries in order, each with its place.
    pub(super) fn each(&mut self, each: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        match &mut self.home {
            Home::Store(store) => Ok(store.read(&self.verified.coop, 1, each)?),
            Home::File(path) => {
                let mut seq = 0;
                each_line(path, &mut |line| {
                    Ok(match line {
                        Line::Document { .. } => ControlFlow::Continue(()),
                        Line::Entry(bytes) => {
                            seq += 1;
                            each(seq, bytes)
                        }
                    })
                })
            }
        }
    }
}

/// A log that was compared with a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FromCheckpoint {
    /// The log.
    #[serde(flatten)]
    pub verified: Verified,
    /// The number of entries that the checkpoint is over.
    pub signed: u64,
    /// Whether the checkpoint's signature was checked: for that the key has to be given.
    pub signature_checked: bool,
}

/// Verifies the log at `path`, and that its beginning is the one over which the checkpoint `note` was signed: with the public `key`,
/// hex, where one is given.
///
/// # Errors
/// As [`crate::verify_file`]; the last entry of the checkpoint where the log has others up to there, or ends before.
pub fn verify_from_checkpoint(
    path: &Path,
    note: &str,
    key: Option<&str>,
    threads: usize,
) -> Result<FromCheckpoint, Error> {
    let read = match key {
        Some(key) => {
            let key = PublicKey::read(key).map_err(|_| Error::Usage(format!("`{key}` is no public key")))?;
            Checkpoint::open(note, &key)
        }
        None => Checkpoint::unsigned(note),
    };
    let checkpoint = read.map_err(|bad| Error::Usage(format!("the checkpoint is not good: {bad}")))?;
    let mut log = Log::open(path, threads)?;
    if checkpoint.origin != super::key::origin(&log.verified.coop) {
        let words = format!("the checkpoint is of `{}`, and the log of {}", checkpoint.origin, log.verified.coop);
        return Err(Error::Usage(words));
    }
    let mut tree = Tree::default();
    log.each(&mut |seq, bytes| {
        if seq > checkpoint.size {
            return ControlFlow::Break(());
        }
        tree.append(hash_entry(bytes));
        ControlFlow::Continue(())
    })?;
    if tree.size() < checkpoint.size {
        let why = "it was signed, and is missing".to_owned();
        return Err(Wrong { seq: checkpoint.size, why }.into());
    }
    if tree.root() != checkpoint.root {
        let why = "the log was signed up to here, and has other entries: it was written anew".to_owned();
        return Err(Wrong { seq: checkpoint.size, why }.into());
    }
    Ok(FromCheckpoint { verified: log.verified, signed: checkpoint.size, signature_checked: key.is_some() })
}

/// Whether a file begins as SQLite's do.
fn is_database(path: &Path) -> Result<bool, Error> {
    let mut begin = [0; 15];
    let mut file = std::fs::File::open(path).map_err(|why| super::failed(&Written::here(path), why))?;
    Ok(std::io::Read::read_exact(&mut file, &mut begin).is_ok() && &begin == b"SQLite format 3")
}
