//! `rochdale backup` and `rochdale restore`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use host::{data_file, verify_copy};
use rochdale_log::{Sqlite, Store as _};

use crate::commands::verify::{verdict, verify_data};
use crate::commands::{counted, documents_in_force, print};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The file to make; it must not be there
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// A backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Backup {
    pub fn run(self) -> Result<(), Exit> {
        if self.file.exists() {
            return Err(Exit::input(format!("`{}` is there already: nothing was changed", self.file.display())));
        }
        let source = data_file(&self.dir);
        if !source.exists() {
            return Err(Exit::input(format!("`{}` holds no co-op", self.dir.display())));
        }
        let folder = self.file.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Exit::input(format!("`{}` is not a folder", folder.display())));
        }
        let mut store = Sqlite::open_read(&source).map_err(host::Error::from)?;
        if is_unfounded(&mut store)? {
            return Err(Exit::no(format!(
                "the log of `{}` is empty: copy its two documents instead",
                self.dir.display()
            )));
        }
        store.backup_to(&self.file).map_err(host::Error::from)?;
        drop(store);
        let mut copy = Sqlite::open_snapshot(&self.file).map_err(host::Error::from)?;
        let (entries, before) = verify_copy(&mut copy, &self.dir, 2).map_err(verdict)?;
        let since = match before {
            0 => "verified".to_owned(),
            before => format!("verified after the stored snapshot of entry {before}"),
        };
        print(&format!("{}: {}, {since}\n", self.file.display(), counted(entries, "entry", "entries")))
    }
}

impl Restore {
    pub fn run(self) -> Result<(), Exit> {
        let target = data_file(&self.dir);
        if target.exists() {
            return Err(Exit::input(format!("`{}` is there already: nothing was changed", target.display())));
        }
        if !self.file.is_file() {
            return Err(Exit::input(format!("`{}` is not a file", self.file.display())));
        }
        let entries = verified_entries(&self.file)?;
        if entries == 0 {
            return Err(Exit::no(format!(
                "the log in `{}` is empty: there is nothing to restore",
                self.file.display()
            )));
        }
        let why = |why| host::Error::File { path: self.dir.display().to_string(), why };
        rochdale_log::private::folder(&self.dir).map_err(why)?;
        let store = Sqlite::open_read(&self.file).map_err(host::Error::from)?;
        store.backup_to(&target).map_err(host::Error::from)?;
        drop(store);
        let mut coop = host::Coop::open_read(&self.dir, host::clock::now())?;
        let in_force = documents_in_force(&coop);
        for (hash, text) in coop.documents()? {
            for (name, _) in in_force.iter().filter(|(_, known)| *known == hash) {
                restore_document(&self.dir.join(name), &text)?;
            }
        }
        print(&format!("{}: {}, verified\n", self.dir.display(), counted(entries, "entry", "entries")))
    }
}

/// Writes a document unless there is one: the log holds the rules in force, whatever the folder holds.
fn restore_document(path: &Path, text: &str) -> Result<(), Exit> {
    match rochdale_log::private::new_file(path) {
        Ok(mut file) => Ok(file.write_all(text.as_bytes())?),
        Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(why) => Err(why.into()),
    }
}

fn is_unfounded(store: &mut Sqlite) -> Result<bool, Exit> {
    for coop in store.coops().map_err(host::Error::from)? {
        if store.head(&coop).map_err(host::Error::from)?.seq > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn verified_entries(file: &Path) -> Result<u64, Exit> {
    Ok(verify_data(file, 2)?.iter().map(|log| log.entries).sum())
}
