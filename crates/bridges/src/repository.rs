//! `git`: the history of a repository on this machine. Each commit that is no merge is a contribution of one
//! credit by its author; people are told apart by mailmap and e-mail address. No network, no settings of the
//! machine's user.

mod mailmap;
mod people;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::diff::tree::{State, Visit, visit};
use quantity::Moment;

use crate::commits::credit;
use crate::{Fact, Place, Refused, Summary};
use mailmap::Mailmap;
use people::People;

const MICROS_IN_SECOND: i64 = 1_000_000;
/// The seconds that a date can be written as: from the start of the year 0 to that of the year 10000.
const SECONDS: std::ops::Range<i64> = -62_167_219_200..253_402_300_800;
const MAILMAP_MAX: usize = 1 << 20;

/// A repository's history, read.
#[derive(Debug)]
pub(crate) struct Repository {
    /// Commits that are no merges, oldest first.
    commits: Vec<Commit>,
    people: People,
    merges: u64,
    files_changed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Commit {
    at: Moment,
    id: ObjectId,
    person: u32,
}

/// Reads one repository.
struct Reader {
    path: PathBuf,
    repository: gix::Repository,
    mailmap: Mailmap,
}

impl Repository {
    /// Reads every commit of the current branch.
    pub(crate) fn open(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Self, Refused> {
        let reader = Reader::open(path)?;
        let ids = reader.ids()?;
        let mut history =
            Self { commits: Vec::with_capacity(ids.len()), people: People::default(), merges: 0, files_changed: 0 };
        let mut state = State::default();
        for (done, id) in ids.iter().enumerate() {
            if done % 256 == 0 {
                progress(done as u64, ids.len() as u64);
            }
            reader.read(*id, &mut history, &mut state)?;
        }
        history.people.settle();
        history.commits.sort_unstable();
        progress(ids.len() as u64, ids.len() as u64);
        Ok(history)
    }

    pub(crate) const fn summary(&self) -> Summary {
        Summary { records: self.commits.len() as u64, passed_over: self.merges, files_changed: self.files_changed }
    }

    /// Hands out the facts, oldest first. The line of a fact is the commit's number in that order.
    pub(crate) fn facts(&self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) {
        for (line, commit) in (1..).zip(&self.commits) {
            let fact = Fact {
                place: Place { line, column: 1 },
                at: commit.at,
                source: format!("commit:{}", commit.id),
                what: credit(self.people.identity(commit.person)),
            };
            if each(fact).is_break() {
                return;
            }
        }
    }
}

impl Reader {
    fn open(path: &Path) -> Result<Self, Refused> {
        let fault = |why: &dyn Display| Refused::fault(path, why);
        if !path.is_dir() {
            return Err(fault(&"this is not a folder with a git repository"));
        }
        let repository = gix::open_opts(path, gix::open::Options::isolated())
            .map_err(|error| fault(&format!("no git repository can be opened here: {error}")))?;
        let mut reader = Self { path: path.to_path_buf(), repository, mailmap: Mailmap::default() };
        reader.mailmap = reader.read_mailmap()?;
        Ok(reader)
    }

    fn ids(&self) -> Result<Vec<ObjectId>, Refused> {
        let head = self.repository.head_id().map_err(|_| self.fault(&"it has no commit yet"))?;
        let walk = self.repository.rev_walk([head.detach()]).all();
        let walk = walk.map_err(|error| self.fault(&error))?;
        walk.map(|info| info.map(|info| info.id).map_err(|error| self.fault(&error))).collect()
    }

    fn read(&self, id: ObjectId, history: &mut Repository, state: &mut State) -> Result<(), Refused> {
        let fault = |why: &dyn Display| self.fault(&format!("commit {id}: {why}"));
        let commit = self.repository.find_commit(id).map_err(|error| fault(&error))?;
        let parents: Vec<_> = commit.parent_ids().map(gix::Id::detach).collect();
        if parents.len() > 1 {
            history.merges += 1;
            return Ok(());
        }
        let author = commit.author().map_err(|error| fault(&error))?;
        let time = author.time().map_err(|error| fault(&error))?;
        if !SECONDS.contains(&time.seconds) {
            return Err(fault(&"its author date is outside the calendar"));
        }
        let name = author.name.to_string();
        let email = author.email.to_string();
        let person = history.people.meet(&self.mailmap, &name, &email);
        let at = Moment(time.seconds * MICROS_IN_SECOND);
        history.commits.push(Commit { at, id, person });
        history.files_changed += self.files_changed(&commit, parents.first().copied(), state)?;
        Ok(())
    }

    /// Counts the files that differ between a commit and its first parent; all its files, where it has none.
    fn files_changed(
        &self,
        commit: &gix::Commit<'_>,
        parent: Option<ObjectId>,
        state: &mut State,
    ) -> Result<u64, Refused> {
        let fault = |why: &dyn Display| self.fault(&format!("commit {}: {why}", commit.id));
        let new = commit.tree().map_err(|error| fault(&error))?;
        // At the edge of a shallow copy the parent is named but not there.
        let old = match parent.map(|parent| self.repository.find_commit(parent)) {
            Some(Ok(parent)) => parent.tree().map_err(|error| fault(&error))?,
            Some(Err(_)) | None => self.repository.empty_tree(),
        };
        let mut files = Files::default();
        let (old, new) = (
            gix::objs::TreeRefIter::from_bytes(&old.data, old.id.kind()),
            gix::objs::TreeRefIter::from_bytes(&new.data, new.id.kind()),
        );
        gix::diff::tree(old, new, state, &self.repository.objects, &mut files).map_err(|error| fault(&error))?;
        Ok(files.changed)
    }

    /// Returns the `.mailmap` of the current commit, as a repository without a work tree has it too.
    fn read_mailmap(&self) -> Result<Mailmap, Refused> {
        let Ok(head) = self.repository.head_commit() else {
            return Ok(Mailmap::default());
        };
        let tree = head.tree().map_err(|error| self.fault(&error))?;
        let entry = tree.lookup_entry_by_path(".mailmap").map_err(|error| self.fault(&error))?;
        let Some(entry) = entry.filter(|entry| entry.mode().is_blob()) else {
            return Ok(Mailmap::default());
        };
        let object = entry.object().map_err(|error| self.fault(&error))?;
        if object.data.len() > MAILMAP_MAX {
            return Err(self.fault(&"its .mailmap is larger than 1 MiB"));
        }
        Ok(Mailmap::parse(&String::from_utf8_lossy(&object.data)))
    }

    fn fault(&self, why: &dyn Display) -> Refused {
        Refused::fault(&self.path, why)
    }
}

/// Counts files, not the folders around them.
#[derive(Default)]
struct Files {
    changed: u64,
}

impl Visit for Files {
    fn pop_front_tracked_path_and_set_current(&mut self) {}

    fn push_back_tracked_path_component(&mut self, _: &gix::bstr::BStr) {}

    fn push_path_component(&mut self, _: &gix::bstr::BStr) {}

    fn pop_path_component(&mut self) {}

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        let mode = match change {
            visit::Change::Addition { entry_mode, .. }
            | visit::Change::Deletion { entry_mode, .. }
            | visit::Change::Modification { entry_mode, .. } => entry_mode,
        };
        self.changed += u64::from(!mode.is_tree());
        visit::Action::Continue(())
    }
}
