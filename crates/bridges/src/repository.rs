//! `git`: the history of a repository on this machine. Each commit that is no merge is a contribution of one
//! credit by its author; people are told apart by mailmap and e-mail address. No network, no settings of the
//! machine's user.

pub(crate) mod lineage;
mod mailmap;
pub(crate) mod message;
mod people;
mod shares;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::CommitRef;
use quantity::Moment;

use crate::commits::credit;
use crate::encoding::{Encoding, windows_1252};
use crate::fact::MICRO_CREDITS;
use crate::{By, Fact, Place, Refused, Summary};
use mailmap::Mailmap;
use people::People;
use shares::Shares;

const MICROS_IN_SECOND: i64 = 1_000_000;
const SECONDS_IN_DAY: i64 = 86_400;
/// The seconds that a commit may be dated by: from the second day of 1970, since a clock that was never set shows the first, to
/// the start of the year 10000.
const SECONDS: std::ops::Range<i64> = SECONDS_IN_DAY..253_402_300_800;
const MAILMAP_MAX: usize = 1 << 20;
/// The most bytes that reading one object may take, whatever its compressed size.
const OBJECT_MAX: usize = 16 << 20;
/// The most commits of a history, which bounds the memory for them.
const COMMITS_MAX: usize = 2_000_000;
/// The most ids that a note lists.
const LISTED: usize = 20;
/// The sign by which forges mark the names of bots.
const BOT: &str = "[bot]";
/// Programs that commit without that sign, by their names in small letters.
const BOTS: &[&str] = &[
    "allcontributors",
    "bors",
    "codecov-io",
    "dependabot",
    "dependabot-preview",
    "dependabot-support",
    "github-actions",
    "github actions",
    "gitlab-bot",
    "greenkeeper",
    "greenkeeperio-bot",
    "imgbot",
    "k8s-ci-robot",
    "mergify",
    "pre-commit-ci",
    "pyup-bot",
    "renovate",
    "renovate bot",
    "renovate-bot",
    "semantic-release-bot",
    "snyk-bot",
    "travis ci",
    "weblate",
    "whitesource bolt",
];

/// A repository's history, read.
#[derive(Debug)]
pub(crate) struct Repository {
    /// Commits that are no merges, oldest first.
    commits: Vec<Commit>,
    people: People,
    mailmap: Mailmap,
    shares: Shares,
    merges: u64,
    bots: u64,
    /// Commits that name co-authors, whose credit is the author's alone.
    co_authored: Listed,
    /// Commits that name an encoding which is not read, so that letters of a name may be lost.
    strange_encoding: Listed,
    /// Commits that are dated by their committer, since their author's date cannot be.
    dated_by_committer: Listed,
    /// Commits with no date that can be.
    undated: Listed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Commit {
    at: Moment,
    id: ObjectId,
    person: u32,
}

/// Commits that a note is about: all are counted, and the first are named.
#[derive(Debug, Default)]
struct Listed {
    first: Vec<ObjectId>,
    count: u64,
}

impl Listed {
    fn add(&mut self, id: ObjectId) {
        self.count += 1;
        if self.first.len() < LISTED {
            self.first.push(id);
        }
    }

    /// Returns the note in words for one commit or for several; none where it is about nothing.
    fn note(&self, one: &str, several: &str) -> Option<String> {
        let what = if self.count == 1 { one } else { several };
        let ids: Vec<String> = self.first.iter().map(ToString::to_string).collect();
        let more = self.count - self.first.len() as u64;
        let and = if more > 0 { format!(" and {more} more") } else { String::new() };
        (self.count > 0).then(|| format!("{} {what}: {}{and}", self.count, ids.join(", ")))
    }
}

/// Takes a commit and its parents; an error says why it cannot be read.
type Each<'a> = dyn FnMut(ObjectId, &CommitRef<'_>, &[ObjectId]) -> Result<(), String> + 'a;

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
        let mut history = Self::empty();
        reader.walk(&mut |id, commit, parents| reader.read(id, commit, parents.len(), &mut history), progress)?;
        history.people.settle();
        history.commits.sort_unstable();
        history.mailmap = reader.mailmap;
        Ok(history)
    }

    /// A history with nothing read yet.
    fn empty() -> Self {
        Self {
            commits: Vec::new(),
            people: People::default(),
            mailmap: Mailmap::default(),
            shares: Shares::default(),
            merges: 0,
            bots: 0,
            co_authored: Listed::default(),
            strange_encoding: Listed::default(),
            dated_by_committer: Listed::default(),
            undated: Listed::default(),
        }
    }

    pub(crate) fn summary(&self) -> Summary {
        let notes = self.notes();
        Summary { records: self.commits.len() as u64, passed_over: self.merges, notes }
    }

    /// Sentences about commits that count otherwise than they might.
    fn notes(&self) -> Vec<String> {
        let commits = if self.bots == 1 { "commit by a bot" } else { "commits by bots" };
        let bots = format!("{} {commits} (`name{BOT}`, or a known name) gave nobody support", self.bots);
        let notes = [
            (self.bots > 0).then_some(bots),
            (!self.shares.is_shared())
                .then(|| {
                    self.co_authored.note(
                        "commit names co-authors, who got no credit: it is the author's",
                        "commits name co-authors, who got no credit: it is the authors'",
                    )
                })
                .flatten(),
            self.strange_encoding.note(
                "commit names an encoding that is not read, so that its author's name may have lost letters",
                "commits name an encoding that is not read, so that their authors' names may have lost letters",
            ),
            self.dated_by_committer.note(
                "commit is dated by its committer, since its author's date cannot be",
                "commits are dated by their committers, since their authors' dates cannot be",
            ),
            self.undated.note(
                "commit was left out, since neither its author's nor its committer's date can be",
                "commits were left out, since neither their authors' nor their committers' dates can be",
            ),
        ];
        notes.into_iter().flatten().collect()
    }

    /// Gives those whom a commit names as co-authors their part of its credit.
    pub(crate) fn share_credit(&mut self) {
        self.shares.share(&mut self.people, &self.mailmap);
    }

    /// Hands out the facts, oldest first. The line of a fact is the commit's number in that order.
    pub(crate) fn facts(&self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) {
        for (line, commit) in (1..).zip(&self.commits) {
            for fact in self.facts_of(line, commit) {
                if each(fact).is_break() {
                    return;
                }
            }
        }
    }

    /// A commit's facts: one for its author, and one for each co-author where credit is shared. A commit that the log has in the one way is
    /// known in the other.
    fn facts_of(&self, line: u64, commit: &Commit) -> Vec<Fact> {
        let whole = format!("commit:{}", commit.id);
        let own = format!("{whole}:by");
        let fact = |source: String, also: Vec<String>, person, amount| Fact {
            place: Place { line, column: 1 },
            at: commit.at,
            on: None,
            source,
            also,
            by: By::Author,
            what: credit(self.people.identity(person), amount),
        };
        if !self.shares.names_others(commit.id) {
            return vec![fact(whole, Vec::new(), commit.person, MICRO_CREDITS)];
        }
        if !self.shares.is_shared() {
            return vec![fact(whole, vec![own], commit.person, MICRO_CREDITS)];
        }
        let parts = self.shares.of(commit.id, commit.person).into_iter().enumerate();
        let facts = parts.map(|(place, (person, amount))| {
            let source = if place == 0 { own.clone() } else { format!("{whole}:with:{place}") };
            fact(source, vec![whole.clone()], person, amount)
        });
        facts.collect()
    }
}

impl Reader {
    fn open(path: &Path) -> Result<Self, Refused> {
        let fault = |why: &dyn Display| Refused::fault(path, why);
        if !path.is_dir() {
            return Err(fault(&"this is not a folder with a git repository"));
        }
        if has_sha_256(path) {
            let why = "its ids are SHA-256, which is not read yet: import a table of its commits (`commits-csv`)";
            return Err(fault(&why));
        }
        // A repository of a megabyte can hold an object of gigabytes.
        let limit = format!("gitoxide.objects.allocLimit={OBJECT_MAX}");
        let options = gix::open::Options::isolated().config_overrides([limit]);
        let repository = gix::open_opts(path, options).map_err(|error| {
            fault(&format!("no git repository can be opened here: {error}; give a repository's own folder"))
        })?;
        let mut reader = Self { path: path.to_path_buf(), repository, mailmap: Mailmap::default() };
        reader.mailmap = reader.read_mailmap()?;
        Ok(reader)
    }

    /// Reads each commit once, in no order.
    fn walk(&self, each: &mut Each<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Refused> {
        let head = self.repository.head().map_err(|error| self.fault(&error))?;
        let head = head.id().ok_or_else(|| self.fault(&"it has no commit yet"))?.detach();
        let is_shallow = self.repository.is_shallow().map_err(|error| self.fault(&error))?;
        let mut seen = BTreeSet::from([head]);
        let mut waiting = vec![head];
        let mut done: u64 = 0;
        while let Some(id) = waiting.pop() {
            let fault = |why: &dyn Display| self.fault(&format!("commit {id}: {why}"));
            let commit = match self.repository.try_find_object(id).map_err(|error| fault(&error))? {
                Some(object) => object.try_into_commit().map_err(|error| fault(&error))?,
                // At the edge of a shallow copy the parent is named but not there.
                None if is_shallow && id != head => continue,
                None => return Err(fault(&"it is missing")),
            };
            let commit = commit.decode().map_err(|error| fault(&error))?;
            let parents: Vec<ObjectId> = commit.parents().collect();
            each(id, &commit, &parents).map_err(|why| fault(&why))?;
            waiting.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
            if seen.len() > COMMITS_MAX {
                return Err(self.fault(&format!("it has more than {COMMITS_MAX} commits")));
            }
            done += 1;
            if done.is_multiple_of(256) {
                progress(done, seen.len() as u64);
            }
        }
        progress(done, done);
        Ok(())
    }

    fn read(
        &self,
        id: ObjectId,
        commit: &CommitRef<'_>,
        parents: usize,
        history: &mut Repository,
    ) -> Result<(), String> {
        if parents > 1 {
            history.merges += 1;
            return Ok(());
        }
        let read = self.authored(id, commit, history)?;
        history.commits.extend(read);
        Ok(())
    }

    /// Reads who made a commit and when; none where a program did, or where no date can be.
    fn authored(
        &self,
        id: ObjectId,
        commit: &CommitRef<'_>,
        history: &mut Repository,
    ) -> Result<Option<Commit>, String> {
        let author = commit.author().map_err(|error| error.to_string())?;
        let encoding = commit.encoding.map(|encoding| encoding.to_string());
        let name = decoded(author.name, encoding.as_deref());
        if is_bot(&name) {
            history.bots += 1;
            return Ok(None);
        }
        if history.shares.note(id, commit.message, is_bot) {
            history.co_authored.add(id);
        }
        let is_ascii = author.name.is_ascii() && author.email.is_ascii();
        if !is_ascii && encoding.as_deref().is_some_and(|name| Encoding::named(name).is_none()) {
            history.strange_encoding.add(id);
        }
        let seconds = |time: Option<i64>| time.filter(|seconds| SECONDS.contains(seconds));
        let written = seconds(author.time().ok().map(|time| time.seconds));
        let committer = commit.committer().ok().and_then(|committer| committer.time().ok());
        let committed = seconds(committer.map(|time| time.seconds));
        // Nobody writes a commit after it was made; a day is left for clocks that differ.
        let is_possible = |written: &i64| committed.is_none_or(|committed| *written <= committed + SECONDS_IN_DAY);
        let seconds = match (written.filter(is_possible), committed) {
            (Some(written), _) => written,
            (None, Some(committed)) => {
                history.dated_by_committer.add(id);
                committed
            }
            (None, None) => {
                history.undated.add(id);
                return Ok(None);
            }
        };
        let email = decoded(author.email, encoding.as_deref());
        let person = history.people.meet(&self.mailmap, &name, &email);
        Ok(Some(Commit { at: Moment(seconds * MICROS_IN_SECOND), id, person }))
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

/// The longest settings of a repository that are looked at.
const SETTINGS_MAX: u64 = 1 << 20;

/// Whether a repository's settings say that its ids are SHA-256; others are for the reader of repositories to judge.
fn has_sha_256(path: &Path) -> bool {
    let settings = [".git/config", "config"].iter().find_map(|inside| std::fs::File::open(path.join(inside)).ok());
    let mut text = String::new();
    let read = settings.map(|settings| settings.take(SETTINGS_MAX).read_to_string(&mut text));
    let is_format = |line: &str| {
        let plain: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        plain.eq_ignore_ascii_case("objectformat=sha256")
    };
    matches!(read, Some(Ok(_))) && text.lines().any(is_format)
}

/// Whether a name is that of a program.
fn is_bot(name: &str) -> bool {
    let name = name.trim();
    name.ends_with(BOT) || BOTS.iter().any(|bot| bot.eq_ignore_ascii_case(name))
}

/// Returns a text in the encoding that its commit names; one that is not known is taken for UTF-8.
fn decoded(bytes: &[u8], encoding: Option<&str>) -> String {
    match encoding.and_then(Encoding::named) {
        Some(Encoding::Windows1252) => windows_1252(bytes),
        Some(Encoding::Utf8) | None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
