//! `rochdale format`: the one layout of a document.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::commands::document::{Mistaken, read_text};
use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Format {
    /// A kernel or a constitution
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only check whether it would change: exit code 1 if it would
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write the file instead of printing
    #[arg(long, short)]
    write: bool,
}

impl Format {
    pub fn run(self) -> Result<(), Exit> {
        let text = read_text(&self.file)?;
        let name = self.file.display().to_string();
        let laid_out = charter::format(&text).map_err(|mistakes| {
            let mistaken = Mistaken { name: name.clone(), text: text.clone(), mistakes };
            Exit::input(mistaken.lines().trim_end())
        })?;
        let changes = laid_out != text;
        if self.check {
            return match changes {
                true => Err(Exit::no(format!("`{name}` has another layout"))),
                false => Ok(()),
            };
        }
        if !self.write {
            return print(&laid_out);
        }
        if changes {
            let fail = |why| Exit::from(host::Error::File { path: name.clone(), why });
            replace(&self.file, &laid_out).map_err(fail)?;
        }
        Ok(())
    }
}

/// Replaces a file's text in one step: an interruption leaves the old one or the new one. A link still leads to it.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = file.canonicalize()?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(text.as_bytes())?;
    let permissions = std::fs::metadata(&file)?.permissions();
    fresh.as_file().set_permissions(permissions)?;
    fresh.as_file().sync_all()?;
    fresh.persist(&file)?;
    Ok(())
}
