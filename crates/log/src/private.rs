//! Files and folders that nobody but their owner can read, and that are never made through a link which somebody else planted.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

const FILE: u32 = 0o600;
const FOLDER: u32 = 0o700;

/// Makes a file that is not there yet; a link is there, wherever it leads.
///
/// # Errors
/// The file system's.
pub fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE).open(path)
}

/// Makes a file anew, in the place of one that is there. The file that a link leads to stays as it is.
///
/// # Errors
/// The file system's.
pub fn fresh_file(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    new_file(path)
}

/// Opens a file for reading and writing, and makes it where it is not there; refuses a link.
///
/// # Errors
/// The file system's, or that it is a link.
pub fn own_file(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits();
    let flags = i32::try_from(flags).map_err(io::Error::other)?;
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE)
        .custom_flags(flags)
        .open(path);
    opened.map_err(|why| match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_symlink() => {
            io::Error::new(why.kind(), "it is a link, which is not followed here: remove it")
        }
        _ => why,
    })
}

/// Makes a folder and those above it, where they are not there yet.
///
/// # Errors
/// The file system's.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn nobody_else_can_read_what_is_made() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        folder(&at("a/b")).unwrap();
        for (made, name) in
            [(new_file(&at("new")), "new"), (fresh_file(&at("fresh")), "fresh"), (own_file(&at("own")), "own")]
        {
            made.unwrap();
            assert_eq!(mode(&at(name)), 0o600, "{name}");
        }
        assert_eq!([mode(&at("a")), mode(&at("a/b"))], [0o700, 0o700]);
    }

    #[test]
    fn no_link_is_followed() {
        let place = tempfile::tempdir().unwrap();
        let (victim, link) = (place.path().join("victim"), place.path().join("link"));
        std::fs::write(&victim, "theirs").unwrap();
        symlink(&victim, &link).unwrap();
        assert!(own_file(&link).unwrap_err().to_string().contains("it is a link"));
        assert_eq!(new_file(&link).unwrap_err().kind(), ErrorKind::AlreadyExists);
        fresh_file(&link).unwrap();
        assert!(!std::fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "theirs");
    }
}
