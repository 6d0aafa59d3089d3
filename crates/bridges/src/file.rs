//! A file that stays the same from the moment it was opened until it was wholly read.

use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Refused;
use crate::encoding::copy_in_utf8;

/// An open file, with its length and time when it was opened.
#[derive(Debug)]
pub(crate) struct SteadyFile {
    pub path: PathBuf,
    pub file: File,
    pub length: u64,
    modified: Option<SystemTime>,
    /// The file that is looked at for changes, where `file` is a copy of it.
    original: Option<(File, u64)>,
}

impl SteadyFile {
    /// Opens a regular file. Folders, pipes and devices are refused: they cannot be read twice.
    pub(crate) fn open(path: &Path) -> Result<Self, Refused> {
        // Asked before opening, because opening a pipe waits for its other end.
        let found = std::fs::metadata(path).map_err(|error| Refused::fault(path, error))?;
        if found.is_dir() {
            return Err(Refused::fault(path, "this is a folder, not a file"));
        }
        if !found.is_file() {
            return Err(Refused::fault(path, "this is not a regular file"));
        }
        let file = File::open(path).map_err(|error| Refused::fault(path, error))?;
        let found = file.metadata().map_err(|error| Refused::fault(path, error))?;
        let (length, modified) = look(&found);
        Ok(Self { path: path.to_path_buf(), file, length, modified, original: None })
    }

    /// Reads the file as one in UTF-8 from now on, where it is certain what else it is in; the name of that encoding.
    pub(crate) fn in_utf8(&mut self) -> Result<Option<&'static str>, Refused> {
        let copied = copy_in_utf8(&mut self.file, self.length).map_err(|error| self.fault(error))?;
        let Some((copy, name)) = copied else { return Ok(None) };
        let length = copy.metadata().map_err(|error| self.fault(error))?.len();
        self.original = Some((std::mem::replace(&mut self.file, copy), self.length));
        self.length = length;
        Ok(Some(name))
    }

    /// Refuses a file that was changed since it was opened.
    pub(crate) fn check(&self) -> Result<(), Refused> {
        let (file, length) = self.original.as_ref().map_or((&self.file, self.length), |(file, length)| (file, *length));
        let found = file.metadata().map_err(|error| self.fault(error))?;
        if look(&found) == (length, self.modified) { Ok(()) } else { Err(self.changed()) }
    }

    pub(crate) fn changed(&self) -> Refused {
        self.fault("the file was changed while it was read; nothing can be taken from it")
    }

    pub(crate) fn fault(&self, why: impl std::fmt::Display) -> Refused {
        Refused::fault(&self.path, why)
    }
}

fn look(found: &Metadata) -> (u64, Option<SystemTime>) {
    (found.len(), found.modified().ok())
}
