//! A path as somebody wrote it. A server that carries a command out for its owner is in another folder than they are, and
//! messages repeat their own words. It touches no file.

use std::path::{Display, Path, PathBuf};

/// A path as it was written, and the folder from which it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    path: PathBuf,
    from: PathBuf,
}

impl Written {
    /// A path that was written in the folder `from`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, from: impl Into<PathBuf>) -> Written {
        Written { path: path.into(), from: from.into() }
    }

    /// A path that was written in this process's folder.
    #[must_use]
    pub fn here(path: impl Into<PathBuf>) -> Written {
        Written::new(path, PathBuf::new())
    }

    /// The path by which this process finds it.
    #[must_use]
    pub fn real(&self) -> PathBuf {
        self.from.join(&self.path)
    }

    /// The path in the words of its writer.
    #[must_use]
    pub fn display(&self) -> Display<'_> {
        self.path.display()
    }

    /// A file or folder in this folder.
    #[must_use]
    pub fn join(&self, name: impl AsRef<Path>) -> Written {
        Written::new(self.path.join(name), self.from.clone())
    }

    /// The folder that this is in.
    pub(crate) fn parent(&self) -> Written {
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Written::new(parent.unwrap_or(Path::new(".")), self.from.clone())
    }

    /// The path beside this one whose last part is longer by `ending`; nothing where it has no last part.
    pub(crate) fn beside(&self, ending: &str) -> Option<Written> {
        let mut name = self.path.file_name()?.to_owned();
        name.push(ending);
        Some(Written::new(self.path.with_file_name(name), self.from.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_from_its_writers_folder_and_shown_as_written() {
        for (path, from, real) in [
            ("next", "", "next"),
            ("../next", "/there", "/there/../next"),
            ("/next", "/there", "/next"),
            (".", "/there", "/there/."),
        ] {
            let written = Written::new(path, from);
            assert_eq!((written.real(), written.display().to_string()), (PathBuf::from(real), path.to_owned()));
        }
        let next = Written::new("next", "/there");
        assert_eq!(next.parent().real(), Path::new("/there/."));
        assert_eq!(next.join("kernel.md").display().to_string(), "next/kernel.md");
        assert_eq!(next.beside(".making"), Some(Written::new("next.making", "/there")));
        assert_eq!(Written::here("..").beside(".making"), None);
    }
}
