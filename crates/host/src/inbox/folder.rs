//! The watched folder: files that somebody drops into a co-op's `inbox/` are imported while it is served, and moved away with their
//! report beside them. A mistaken one is moved too, with its reason. It makes no folder that is not there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::bring::{Import, Kinds, NotOpened, bring, open};
use super::report::{Bringer, Brought, Door, Report};
use super::taken::Taken;
use super::{LogTime, Newcomers, NotTaken, Recording};
use crate::error::Error;
use crate::shared::Shared;
use crate::writable::Writable;

/// The folder's name in that of the co-op.
const INBOX: &str = "inbox";
/// Where files go that were imported.
const DONE: &str = "done";
/// Where files go that were not.
const REFUSED: &str = "refused";
/// The end of the name of a file's report.
const REPORT: &str = ".report.txt";

/// The most files that are taken at one look; the others are next.
const MOST_AT_A_LOOK: usize = 8;
/// The most files that are looked at.
const MOST_FILES: usize = 1_000;
/// The largest file, bytes.
const MOST_BYTES: u64 = 256 << 20;
/// The most lines at fault that are kept of a file.
const MOST_FAULTS: usize = 100;

/// A watched folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The files of the last look: one is taken once it has stopped to change.
    seen: Mutex<BTreeMap<PathBuf, Look>>,
}

/// A file as one look saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    bytes: u64,
    changed: Option<SystemTime>,
    /// It was taken and could not be moved away.
    stuck: bool,
}

/// How a file ended.
enum Ended {
    /// It goes to the folder of this name, with this report.
    Over(&'static str, String),
    /// It is tried again: something failed that has nothing to do with it.
    Later(Error),
}

impl Folder {
    /// The watched folder of the co-op in `folder`, whether it is there or not.
    #[must_use]
    pub fn of(folder: &Path) -> Folder {
        Folder { path: folder.join(INBOX), seen: Mutex::default() }
    }

    /// Takes what has come, some files at a time; how many. May take long.
    ///
    /// # Errors
    /// The folder cannot be read, or a file not moved away; or a fault of the co-op, and the file is tried again.
    pub fn look(&self, coop: &Arc<Shared>) -> Result<usize, Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match self.files() {
            Ok(found) => found,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(why) => return Err(at(&self.path, why)),
        };
        let steady = |(path, look): &(&PathBuf, &Look)| {
            seen.get(*path).is_some_and(|last| (last.bytes, last.changed) == (look.bytes, look.changed) && !last.stuck)
        };
        let mut ready: Vec<(Option<SystemTime>, PathBuf)> =
            found.iter().filter(steady).map(|(path, look)| (look.changed, path.clone())).collect();
        ready.sort();
        ready.truncate(MOST_AT_A_LOOK);
        let stuck = |path: &PathBuf| seen.get(path).filter(|last| last.stuck).copied();
        let mut next: BTreeMap<PathBuf, Look> = found
            .iter()
            .map(|(path, look)| {
                (path.clone(), stuck(path).filter(|last| last.changed == look.changed).unwrap_or(*look))
            })
            .collect();
        let (mut taken, mut failed) = (0, None);
        for (_, path) in ready {
            match self.take(coop, &path) {
                Ended::Over(to, report) => {
                    taken += 1;
                    if let Err(why) = self.put_away(&path, to, &report) {
                        failed = Some(at(&path, why));
                        next.entry(path).and_modify(|look| look.stuck = true);
                    }
                }
                Ended::Later(error) => failed = Some(error),
            }
        }
        *seen = next;
        failed.map_or(Ok(taken), Err)
    }

    /// The files that lie in the folder; no links, no hidden ones, none that a program is still writing.
    fn files(&self) -> io::Result<BTreeMap<PathBuf, Look>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(&self.path)?.take(MOST_FILES) {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let unfinished = [".part", ".tmp", ".crdownload", REPORT].iter().any(|end| name.ends_with(end));
            // Of a link this is about the link itself.
            let about = entry.metadata()?;
            if about.is_file() && !name.starts_with('.') && !unfinished {
                let look = Look { bytes: about.len(), changed: about.modified().ok(), stuck: false };
                found.insert(entry.path(), look);
            }
        }
        Ok(found)
    }

    fn take(&self, coop: &Arc<Shared>, path: &Path) -> Ended {
        let now = coop.now();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let refused = |records, why: &dyn std::fmt::Display| {
            let mut lines: Vec<String> = why.to_string().lines().map(str::to_owned).collect();
            lines.truncate(MOST_FAULTS);
            let files = vec![Brought { name: name.clone(), kind: None, records }];
            let (door, by, taken) = (Door::Folder, Bringer::default(), Taken::default());
            Report { number: None, at_us: now.0, door, by, files, taken, refused: lines }
        };
        let large = fs::metadata(path).is_ok_and(|about| about.len() > MOST_BYTES);
        let opened = match large {
            true => Err(NotOpened::Failed(Error::Usage(format!("the file has more than {} MiB", MOST_BYTES >> 20)))),
            false => open(&coop.read(), path, None, None),
        };
        let mut writer = Writable::Served(Arc::clone(coop));
        let result = match opened {
            Err(NotOpened::Failed(error @ (Error::Fault(_) | Error::Busy(_)))) => return Ended::Later(error),
            Err(why) => Err(refused(0, &why)),
            Ok(named) => {
                let records = named.source.count();
                let import = Import {
                    door: Door::Folder,
                    by: Bringer::default(),
                    time: LogTime::Now(now),
                    newcomers: Newcomers::Doubted,
                    kinds: Kinds::All,
                    recording: Recording::Bridge,
                    every: None,
                };
                match writer.write(move |batch| bring(batch, &mut [named], &import, &mut || ())) {
                    Ok(report) => Ok(report),
                    Err(NotTaken::Failed(why)) => return Ended::Later(*why),
                    Err(why) => Err(refused(records, &why)),
                }
            }
        };
        let (to, report) = match result {
            Ok(report) => (DONE, report),
            Err(mut report) => {
                let kept = writer.write(move |batch| {
                    batch.keep_report(&mut report)?;
                    Ok::<_, Error>(report)
                });
                match kept {
                    Ok(report) => (REFUSED, report),
                    Err(error) => return Ended::Later(error),
                }
            }
        };
        let present = coop.read();
        let mut lines = report.lines(&|member| present.directory().name(member));
        lines.extend(report.number.map(|number| format!("This report is kept: /imports/{number}")));
        Ended::Over(to, lines.join("\n") + "\n")
    }

    /// Moves a file into one of the folders, beside its report. A name that is taken there gets a number.
    fn put_away(&self, path: &Path, to: &str, report: &str) -> io::Result<()> {
        let folder = self.path.join(to);
        fs::create_dir_all(&folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let free = |name: &String| !folder.join(name).exists() && !folder.join(format!("{name}{REPORT}")).exists();
        let numbered = (2..).map(|number: u64| format!("{number}-{name}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or_default();
        fs::rename(path, folder.join(&name))?;
        // Somebody who waits for the report finds all of it.
        let unfinished = folder.join(format!(".{name}{REPORT}"));
        fs::write(&unfinished, report)?;
        fs::rename(unfinished, folder.join(format!("{name}{REPORT}")))
    }
}

fn at(path: &Path, why: io::Error) -> Error {
    Error::File { path: path.display().to_string(), why }
}
