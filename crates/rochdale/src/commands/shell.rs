//! `rochdale completions` and `rochdale man`: the command line told to shells and to `man`.

use std::path::PathBuf;

use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(self, mut all: clap::Command) -> Result<(), Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut all, "rochdale", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}

#[derive(Debug, clap::Args)]
pub struct Man {
    /// The folder, which is made if it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    pub fn run(self, all: clap::Command) -> Result<(), Exit> {
        let failed = |why: std::io::Error| Exit::world(format!("`{}`: {why}", self.dir.display()));
        std::fs::create_dir_all(&self.dir).map_err(failed)?;
        clap_mangen::generate_to(all, &self.dir).map_err(failed)
    }
}
