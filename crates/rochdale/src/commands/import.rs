//! `rochdale import`: real records in.

use std::path::{Path, PathBuf};

use bridges::Kind;
use host::inbox::{self, Bringer, Door, Import as Bringing, Kinds, LogTime, Named, Newcomers, Recording, Taken};
use host::{Batch, clock};
use quantity::Zone;

use crate::caller::Caller;
use crate::commands::bridge::ByAddress;
use crate::exit::Exit;
use crate::progress::Bar;

#[derive(Debug, clap::Args)]
pub struct Import {
    /// Kind and file, once or several times: open-collective-csv, commits-csv, git, github-issues, members-csv, support-csv; or the
    /// address of a repository or a collective, for which a bridge is made
    #[arg(value_names = ["KIND", "FILE"], num_args = 1.., required = true)]
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
    /// A name, a handle or an address is one person in all these files, wherever they are from; without it `rochdale who` asks
    #[arg(long)]
    same_names: bool,
    /// Commits' credit is shared by the co-authors that they name
    #[arg(long)]
    share_credit: bool,
    /// How often a file from the same source is expected, such as `30 days`: one that is later than that is silent
    #[arg(long, value_name = "DAYS", conflicts_with = "replay")]
    every: Option<String>,
    /// Of an address: github, gitea (Forgejo too), gitlab or open-collective; by the address without one
    #[arg(long, value_name = "FORGE")]
    forge: Option<String>,
    /// Of an address: read the token of its forge or site from standard input
    #[arg(long)]
    token: bool,
    /// Of an address: how far the server may call, public, private (addresses of a private network too) or loopback (this machine too)
    #[arg(long, value_name = "REACH", default_value = "public")]
    reach: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        if let [address] = self.what.as_slice() {
            return self.by_address(caller, address);
        }
        let (pairs, rest) = self.what.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Exit::input("give a kind and a file, in pairs"));
        }
        let every = self.every.as_deref().map(inbox::rhythm).transpose().map_err(Exit::input)?;
        if self.token || self.forge.is_some() || self.reach != PUBLIC {
            return Err(Exit::input(
                "`--token`, `--forge` and `--reach` are for an address: a file needs none of them",
            ));
        }
        let mut coop = caller.write(&self.dir)?;
        let zone = coop.read().state().rules.kernel.zone.clone();
        let mut sources = Vec::new();
        for [kind, file] in pairs {
            let mut named = open(caller, kind, Path::new(file), &zone)?;
            if self.share_credit {
                named.source.share_credit();
            }
            sources.push(named);
        }
        let now = clock::now();
        let time = if self.replay { LogTime::Replay { now } } else { LogTime::Now(now) };
        let bar = caller.bar(sources.iter().map(|named| named.source.count()).sum(), "importing");
        let newcomers = if self.new_members { Newcomers::Welcome } else { Newcomers::Doubted };
        let (steps, replay, same_names) = (bar.clone(), self.replay, self.same_names);
        let (by, kinds, recording) = (Bringer::default(), Kinds::All, Recording::Bridge);
        let import = Bringing { door: Door::Command, by, time, newcomers, kinds, recording, every };
        let brought = coop.write(move |batch| {
            if same_names {
                batch.take_names_for_people();
            }
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

/// The reach of an address for which nobody says another.
const PUBLIC: &str = "public";

impl Import {
    /// Makes the bridge of one address.
    fn by_address(&self, caller: &Caller, address: &str) -> Result<(), Exit> {
        if Kind::parse(address).is_some() {
            return Err(Exit::input(format!(
                "say which file is to be read as `{address}`: give a kind and a file, in pairs"
            )));
        }
        if caller.written(Path::new(address)).real().exists() {
            let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            return Err(Exit::input(format!(
                "say which kind of file `{address}` is, before its name: one of {}",
                known.join(", ")
            )));
        }
        if self.replay || self.new_members || self.same_names || self.share_credit {
            return Err(Exit::input(
                "`--replay`, `--new-members`, `--same-names` and `--share-credit` are for files: an address has a bridge, which takes none of them",
            ));
        }
        let (token, json) = (self.token, self.json);
        ByAddress { dir: &self.dir, address, forge: self.forge.as_deref(), token, reach: &self.reach, json }.run(caller)
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
