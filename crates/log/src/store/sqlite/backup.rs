//! A copy of the whole data file while it is in use. Copying the file itself would miss the write-ahead log.

use std::{ffi::OsString, fs, path::Path};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use super::fault::fault;
use crate::private;
use crate::store::Fault;

/// Writes the copy under another name and renames it when it is whole, so that a half one is never taken for a backup.
pub(super) fn write(source: &Connection, path: &Path) -> Result<(), Fault> {
    let named = |error: std::io::Error| Fault::Other(format!("`{}`: {error}", path.display()));
    if path.try_exists().map_err(named)? {
        return Err(Fault::Refused(format!("`{}` is there already: a backup does not replace a file", path.display())));
    }
    let mut part = OsString::from(path);
    part.push(".part");
    let part = Path::new(&part);
    private::fresh_file(part).map_err(named)?;
    let copied = copy(source, part);
    if copied.is_err() {
        // The rest of it is of no use, and a failure to remove it adds nothing to the first one.
        let _ = fs::remove_file(part);
        return copied;
    }
    fs::rename(part, path).map_err(named)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The new name is on disk only when its folder is.
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(named)
}

/// Copies all pages in one step: it sees one state of the file, and a writer does not make it start again.
fn copy(source: &Connection, part: &Path) -> Result<(), Fault> {
    let mut target = Connection::open(part).map_err(fault)?;
    match Backup::new(source, &mut target).and_then(|backup| backup.step(-1)).map_err(fault)? {
        StepResult::Done => Ok(()),
        _ => Err(Fault::Busy("the backup could not begin, try again".to_owned())),
    }
}
