//! `rochdale backup` and `rochdale restore`.

use std::path::PathBuf;

use host::{data_file, verify_store};
use rochdale_log::Sqlite;

use crate::commands::print;
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
            return Err(Exit::input(format!(
                "`{}` is there already: nothing was changed",
                self.file.display()
            )));
        }
        let source = data_file(&self.dir);
        if !source.exists() {
            return Err(Exit::input(format!(
                "`{}` holds no co-op",
                self.dir.display()
            )));
        }
        let store = Sqlite::open_read(&source).map_err(host::Error::from)?;
        store.backup_to(&self.file).map_err(host::Error::from)?;
        drop(store);
        let entries = verified_entries(&self.file)?;
        print(&format!(
            "{}: {entries} entries, verified\n",
            self.file.display()
        ))
    }
}

impl Restore {
    pub fn run(self) -> Result<(), Exit> {
        let target = data_file(&self.dir);
        if target.exists() {
            return Err(Exit::input(format!(
                "`{}` is there already: nothing was changed",
                target.display()
            )));
        }
        if !self.file.is_file() {
            return Err(Exit::input(format!(
                "`{}` is not a file",
                self.file.display()
            )));
        }
        let entries = verified_entries(&self.file)?;
        std::fs::create_dir_all(&self.dir)
            .map_err(|why| Exit::world(format!("cannot make `{}`: {why}", self.dir.display())))?;
        let store = Sqlite::open_read(&self.file).map_err(host::Error::from)?;
        store.backup_to(&target).map_err(host::Error::from)?;
        drop(store);
        let mut coop = host::Coop::open_read(&self.dir, host::clock::now())?;
        let founding = coop.state().founding.act.clone();
        for (hash, text) in coop.documents()? {
            let name = [
                (&founding.kernel, "kernel.md"),
                (&founding.constitution, "constitution.md"),
            ]
            .into_iter()
            .find(|(known, _)| **known == hash);
            if let Some((_, name)) = name {
                std::fs::write(self.dir.join(name), text)?;
            }
        }
        print(&format!(
            "{}: {entries} entries, verified\n",
            self.dir.display()
        ))
    }
}

fn verified_entries(file: &std::path::Path) -> Result<u64, Exit> {
    let mut store = Sqlite::open_read(file).map_err(host::Error::from)?;
    Ok(verify_store(&mut store, 2)?
        .iter()
        .map(|log| log.entries)
        .sum())
}
