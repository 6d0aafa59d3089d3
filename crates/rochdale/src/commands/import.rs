//! `rochdale import`: real records in.

use std::path::{Path, PathBuf};

use bridges::Kind;
use host::inbox::{self, LogTime, Named, Taken};
use host::{Batch, clock};

use crate::commands::{print, print_json, write};
use crate::exit::Exit;
use crate::progress;

#[derive(Debug, clap::Args)]
pub struct Import {
    /// Kind and file, once or several times: open-collective-csv, commits-csv, git, github-issues, members-csv, support-csv
    #[arg(value_names = ["KIND", "FILE"], num_args = 2.., required = true)]
    what: Vec<String>,
    /// The co-op's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Give entries the records' own dates (only into a co-op with nothing later in its log)
    #[arg(long)]
    replay: bool,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub fn run(self) -> Result<(), Exit> {
        let (pairs, rest) = self.what.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Exit::input("give a kind and a file, in pairs"));
        }
        let mut sources = Vec::new();
        for [kind, file] in pairs {
            sources.push(open(kind, Path::new(file))?);
        }
        let mut coop = write(&self.dir)?;
        let now = clock::now();
        let time = if self.replay { LogTime::Replay { now } } else { LogTime::Now(now) };
        let mut batch = coop.batch()?;
        let taken = take_sources(&mut batch, sources, time);
        let taken = match taken {
            Ok(taken) => {
                batch.commit()?;
                taken
            }
            Err(exit) => {
                batch.abort();
                return Err(exit);
            }
        };
        if self.json {
            return print_json(&taken);
        }
        let closed = if taken.closed_outside > 0 {
            format!("; {} items are closed where they come from and were left out", taken.closed_outside)
        } else {
            String::new()
        };
        print(&format!("{} recorded, {} known already{closed}\n", taken.recorded, taken.known))
    }
}

/// Opens and checks one file.
pub fn open(kind: &str, path: &Path) -> Result<Named, Exit> {
    let Some(kind) = Kind::parse(kind) else {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        return Err(Exit::input(format!("there is no kind `{kind}`: one of {}", known.join(", "))));
    };
    let bar = progress::bar(0, "checking");
    let source = bridges::open(kind, path, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let source = source.map_err(|refused| Exit::input(refused.to_string()))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(Named { name, source })
}

/// Takes the sources into the batch behind a progress bar.
pub fn take_sources(batch: &mut Batch<'_>, mut sources: Vec<Named>, time: LogTime) -> Result<Taken, Exit> {
    let total = sources.iter().map(|named| named.source.count()).sum();
    let bar = progress::bar(total, "importing");
    let taken = inbox::take_all(batch, &mut sources, time, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(taken)
}
