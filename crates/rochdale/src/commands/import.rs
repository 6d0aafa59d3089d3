//! `rochdale import`: real records in.

use std::path::{Path, PathBuf};

use bridges::Kind;
use host::inbox::{self, Bringer, Door, Import as Bringing, Kinds, LogTime, Named, Newcomers, Taken};
use host::{Batch, clock};
use quantity::Zone;

use crate::caller::Caller;
use crate::exit::Exit;
use crate::progress::Bar;

#[derive(Debug, clap::Args)]
pub struct Import {
    /// Kind and file, once or several times: open-collective-csv, commits-csv, git, github-issues, members-csv, support-csv
    #[arg(value_names = ["KIND", "FILE"], num_args = 2.., required = true)]
    what: Vec<String>,
    /// The co-op's folder
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,
    /// Give entries the records' own dates (only into a co-op with nothing later in its log)
    #[arg(long)]
    replay: bool,
    /// Admit people whom a table of dues or the register names and nobody knows; else such rows are mistakes
    #[arg(long)]
    new_members: bool,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let (pairs, rest) = self.what.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Exit::input("give a kind and a file, in pairs"));
        }
        let mut coop = caller.write(&self.dir)?;
        let zone = coop.read().state().rules.kernel.zone.clone();
        let mut sources = Vec::new();
        for [kind, file] in pairs {
            sources.push(open(caller, kind, Path::new(file), &zone)?);
        }
        let now = clock::now();
        let time = if self.replay { LogTime::Replay { now } } else { LogTime::Now(now) };
        let bar = caller.bar(sources.iter().map(|named| named.source.count()).sum(), "importing");
        let newcomers = if self.new_members { Newcomers::Welcome } else { Newcomers::Doubted };
        let (steps, replay) = (bar.clone(), self.replay);
        let import = Bringing { door: Door::Command, by: Bringer::default(), time, newcomers, kinds: Kinds::All };
        let brought = coop.write(move |batch| {
            let report = inbox::bring(batch, &mut sources, &import, &mut || steps.step())?;
            if replay {
                batch.note_imported()?;
            }
            Ok::<_, Exit>(report)
        });
        bar.finish();
        let report = brought?;
        if self.json {
            return caller.print_json(&report);
        }
        let present = coop.read();
        let mut words = report.lines(&|member| present.directory().name(member)).join("\n");
        words.push('\n');
        words.extend(report.number.map(|number| format!("the report is kept: /imports/{number}\n")));
        caller.print(&words)
    }
}

/// Opens and checks one file.
pub fn open(caller: &Caller, kind: &str, path: &Path, zone: &Zone) -> Result<Named, Exit> {
    let Some(kind) = Kind::parse(kind) else {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        return Err(Exit::input(format!("there is no kind `{kind}`: one of {}", known.join(", "))));
    };
    let bar = caller.bar(0, "checking");
    let source = bridges::open_in(kind, &caller.written(path).real(), zone, &mut |done, of| bar.is_at(done, of));
    bar.finish();
    let source = source.map_err(|refused| Exit::input(caller.why_refused(path, refused).to_string()))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(Named { name, source })
}

/// Takes the sources into the batch, a step of the bar for each fact.
pub fn take_sources(
    batch: &mut Batch<'_>,
    mut sources: Vec<Named>,
    time: LogTime,
    newcomers: Newcomers,
    bar: &Bar,
) -> Result<Taken, Exit> {
    Ok(inbox::take_all(batch, &mut sources, time, newcomers, &mut || bar.step())?)
}
