//! `rochdale import`: real records in.

use std::path::{Path, PathBuf};

use bridges::{Fact, Kind, Source};
use host::{Batch, clock};

use crate::commands::{print, print_json, write};
use crate::exit::Exit;
use crate::import::{LogTime, Taken, placed, take, take_all};
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
        let time = if self.replay { LogTime::Replay } else { LogTime::Now(clock::now()) };
        let mut batch = coop.batch()?;
        let taken = take_sources(&mut batch, sources, time);
        let taken = match taken {
            Ok(taken) => {
                batch.commit()?;
                taken
            }
            Err(exit) => {
                batch.abort()?;
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

/// A file opened and wholly checked, with the name that errors give.
pub struct Opened {
    name: String,
    source: Source,
}

/// Opens and checks one file.
pub fn open(kind: &str, path: &Path) -> Result<Opened, Exit> {
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
    Ok(Opened { name, source })
}

/// Takes one source as it streams, or several in the order of their records' dates.
pub fn take_sources(batch: &mut Batch<'_>, mut sources: Vec<Opened>, time: LogTime) -> Result<Taken, Exit> {
    let total = sources.iter().map(|opened| opened.source.count()).sum();
    let bar = progress::bar(total, "importing");
    if let [only] = sources.as_mut_slice() {
        let taken = take_all(batch, &only.name, &mut only.source, time, &mut || bar.inc(1));
        bar.finish_and_clear();
        return taken;
    }
    let mut facts: Vec<(usize, Fact)> = Vec::new();
    for (place, opened) in sources.iter_mut().enumerate() {
        let read = opened.source.facts(&mut |fact| {
            facts.push((place, fact));
            std::ops::ControlFlow::Continue(())
        });
        read.map_err(|refused| Exit::input(refused.to_string()))?;
    }
    facts.sort_by_key(|(_, fact)| fact.at);
    let mut taken = Taken::default();
    for (place, fact) in &facts {
        bar.inc(1);
        let name = sources.get(*place).map_or("", |opened| &opened.name);
        take(batch, fact, time, &mut taken).map_err(|error| placed(name, fact, error))?;
    }
    bar.finish_and_clear();
    Ok(taken)
}
