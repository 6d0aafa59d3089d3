//! The commits of a repository with their parents, merges too, for who reckons with how they hang together.

use std::collections::BTreeMap;
use std::path::Path;

use gix::ObjectId;
use quantity::Moment;

use super::message::{change_of, issues_named};
use super::{Reader, Repository};
use crate::{Identity, Refused};

/// A history whose commits know their parents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    pub people: Vec<Identity>,
    /// In the order of their ids.
    pub commits: Vec<Commit>,
    /// Sentences about commits that count otherwise than they might, and why.
    pub notes: Vec<String>,
}

/// A commit of a [`Lineage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: String,
    /// The place of its author among the people, and when it was written. None where a program made it, or where no date can be.
    pub made: Option<(u32, Moment)>,
    /// The places of those who made it with its author, each once.
    pub with: Vec<u32>,
    /// The places of its parents among the commits. Those beyond the edge of a shallow copy are left out.
    pub parents: Vec<u32>,
    /// The first of its parents, which is the branch that a merge was made on.
    pub first: Option<u32>,
    /// The number of the forge's change that its message says it brought in.
    pub change: Option<u64>,
    /// The numbers of the issues that its message names, in order.
    pub names: Vec<u64>,
}

/// An author by their place, and a moment.
type Made = Option<(u32, Moment)>;

/// A commit as it is read, before the others are known.
struct Found {
    made: Made,
    parents: Vec<ObjectId>,
    first: Option<ObjectId>,
    change: Option<u64>,
    names: Vec<u64>,
}

/// Reads every commit of the current branch of a repository; `progress` gets the commits that are done, and those that are known.
///
/// # Errors
/// The fault that kept it from being read.
pub fn read_lineage(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Lineage, Refused> {
    let reader = Reader::open(path)?;
    let mut history = Repository::empty();
    let mut found: BTreeMap<ObjectId, Found> = BTreeMap::new();
    let mut each = |id: ObjectId, commit: &gix::objs::CommitRef<'_>, parents: &[ObjectId]| {
        let made = reader.authored(id, commit, &mut history)?.map(|read| (read.person, read.at));
        let first = parents.first().copied();
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        parents.dedup();
        let (change, names) = (change_of(commit.message), issues_named(commit.message));
        found.insert(id, Found { made, parents, first, change, names });
        Ok(())
    };
    reader.walk(&mut each, progress)?;
    history.people.settle();
    history.shares.share(&mut history.people, &reader.mailmap);
    let places: BTreeMap<ObjectId, u32> = found.keys().copied().zip(0..).collect();
    let commits = found.into_iter().map(|(id, one)| {
        let Found { made, parents, first, change, names } = one;
        let first = first.and_then(|first| places.get(&first).copied());
        let parents = parents.iter().filter_map(|parent| places.get(parent).copied()).collect();
        let all = made.map_or_else(Vec::new, |(author, _)| history.shares.of(id, author));
        let with = all.into_iter().skip(1).map(|(person, _)| person).collect();
        Commit { id: id.to_string(), made, with, parents, first, change, names }
    });
    let commits: Vec<Commit> = commits.collect();
    let people = (0..history.people.len()).map(|person| history.people.identity(person)).collect();
    Ok(Lineage { people, commits, notes: history.notes() })
}
