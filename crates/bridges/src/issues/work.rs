//! Answers of a forge about work, for lists of contributions: issues, changes, and reviews of them, as its REST interface writes them. The
//! files are those of `github-issues`, with the answers about pull requests and their reviews beside them. It hands out no fact.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, SeekFrom};
use std::path::Path;

use quantity::Moment;
use serde_json::Value;

use super::FILE_MAX;
use super::pages::{Halt, Item, Pages};
use crate::Refused;
use crate::file::SteadyFile;
use crate::forge::account;
use crate::mistake::{Mistakes, Wrong};
use crate::repository::message::issues_named;
use crate::table::shown;

/// The most records of all files together.
const MOST_RECORDS: usize = 1_000_000;

/// The work that a forge knows of one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgeWork {
    /// The repository, such as `github.com/owner/name`, where an address says so.
    pub place: Option<String>,
    /// By number.
    pub issues: BTreeMap<u64, WorkIssue>,
    /// By number.
    pub changes: BTreeMap<u64, WorkChange>,
    /// By the forge's id of the review.
    pub reviews: BTreeMap<u64, WorkReview>,
}

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkIssue {
    /// The name by which its author signs in; none for a program.
    pub by: Option<String>,
    /// When it was opened.
    pub at: Moment,
}

/// A change that was proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkChange {
    /// The name by which its author signs in; none for a program.
    pub by: Option<String>,
    /// When it was merged, where the answer says so.
    pub merged: Option<Moment>,
    /// The commit that brought it in, where the answer says so.
    pub commit: Option<String>,
    /// The issues that its title and text name, in order.
    pub names: Vec<u64>,
}

/// A review that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkReview {
    /// The number of the change.
    pub change: u64,
    /// The name by which its author signs in; none for a program.
    pub by: Option<String>,
    /// When it was handed in.
    pub at: Moment,
}

/// One record, and the repository that its address names.
struct Record {
    place: Option<String>,
    is: Is,
}

enum Is {
    Issue(u64, WorkIssue),
    Change(u64, WorkChange),
    Review(u64, WorkReview),
    /// A review that was begun or asked for, and not handed in.
    Nothing,
}

impl ForgeWork {
    /// Reads one more file.
    ///
    /// # Errors
    /// Every mistake of the file with its place: what is neither an issue, a change nor a review, what lacks a field, what is there twice, and
    /// what is another repository's.
    pub fn read(&mut self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Refused> {
        let mut file = SteadyFile::open(path)?;
        if file.length > FILE_MAX {
            return Err(file.fault(format!("the file is larger than {} MiB", FILE_MAX >> 20)));
        }
        file.in_utf8()?;
        let mut mistakes = Mistakes::default();
        match self.read_pages(&mut file, &mut mistakes, progress) {
            Ok(()) => {}
            Err(Halt::Wrong(wrong)) => mistakes.add(wrong),
            Err(Halt::Io(error)) => return Err(file.fault(error)),
        }
        mistakes.refuse(path)?;
        file.check()
    }

    fn read_pages(
        &mut self,
        file: &mut SteadyFile,
        mistakes: &mut Mistakes,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Halt> {
        file.file.seek(SeekFrom::Start(0)).map_err(Halt::Io)?;
        let mut pages = Pages::new(file.file.try_clone().map_err(Halt::Io)?);
        let mut own = BTreeSet::new();
        while let Some(item) = pages.next()? {
            progress(item.offset, file.length);
            if let Err(wrong) = record(&item).and_then(|record| self.take(record, &item, &mut own)) {
                mistakes.add(wrong);
            }
        }
        progress(file.length, file.length);
        Ok(())
    }

    /// Keeps a record. A change may be in an answer about issues and in one about changes.
    fn take(&mut self, record: Record, item: &Item<'_>, own: &mut BTreeSet<u64>) -> Result<(), Wrong> {
        let wrong = |why: String| Err(Wrong::at(item.place, why));
        if let Some(place) = record.place {
            let known = self.place.get_or_insert_with(|| place.clone());
            if *known != place {
                let why = format!("this is of {}, and those before it are of {}", shown(&place), shown(known));
                return Err(Wrong::at(item.place, why).help("numbers belong to one repository: give its answers alone"));
            }
        }
        if self.issues.len().saturating_add(self.changes.len()).saturating_add(self.reviews.len()) >= MOST_RECORDS {
            return wrong(format!("there are more than {MOST_RECORDS} records"));
        }
        match record.is {
            Is::Nothing => {}
            Is::Issue(number, issue) => {
                if self.issues.insert(number, issue).is_some() {
                    return wrong(format!("issue {number} is there already"));
                }
            }
            Is::Review(id, review) => {
                if self.reviews.insert(id, review).is_some() {
                    return wrong(format!("review {id} is there already"));
                }
            }
            Is::Change(number, change) => {
                if !own.insert(number) {
                    return wrong(format!("change {number} is in this file already"));
                }
                let known = self.changes.entry(number).or_default();
                known.by = known.by.take().or(change.by);
                known.merged = known.merged.or(change.merged);
                known.commit = known.commit.take().or(change.commit);
                known.names.extend(change.names);
                known.names.sort_unstable();
                known.names.dedup();
            }
        }
        Ok(())
    }
}

fn record(item: &Item<'_>) -> Result<Record, Wrong> {
    let json: Value = serde_json::from_str(item.text()?).map_err(|error| item.json_error(&error))?;
    let wrong = |name: &str| {
        let why = format!("`{name}` is missing or has the wrong form");
        Wrong::at(item.place, why).help("give the answer of the forge's REST interface as it is")
    };
    let number = ["iid", "number"].iter().find_map(|name| json.get(name)).map(|number| number.as_u64().ok_or("number"));
    let is_there = |name: &str| json.get(name).is_some_and(|value| !value.is_null());
    let is = match number {
        Some(number) => {
            let number = number.map_err(wrong)?;
            let is_change = ["pull_request", "merge_commit_sha", "head", "source_branch"].into_iter().any(is_there);
            if is_change { Is::Change(number, change(&json)) } else { Is::Issue(number, issue(&json).map_err(wrong)?) }
        }
        None if is_there("pull_request_url") && json.get("state").is_some() => review(&json).map_err(wrong)?,
        None => {
            let help = "give what the forge answers about issues, pull requests, and reviews of pull requests";
            return Err(Wrong::at(item.place, "this is neither an issue, a change nor a review").help(help));
        }
    };
    Ok(Record { place: place_of(&json), is })
}

fn issue(json: &Value) -> Result<WorkIssue, &'static str> {
    let at = ["created_at", "createdAt"].iter().find_map(|name| json.get(name)?.as_str()).ok_or("created_at")?;
    let by = author(json).ok_or("user")?;
    Ok(WorkIssue { by, at: moment(at).ok_or("created_at")? })
}

fn change(json: &Value) -> WorkChange {
    let text = ["title", "body", "description"].iter().filter_map(|name| json.get(name)?.as_str());
    let mut names: Vec<u64> = text.flat_map(|text| issues_named(text.as_bytes())).collect();
    names.sort_unstable();
    names.dedup();
    // Before it is merged the same field names a commit that only tries whether it could be.
    let of = |json: &Value| json.get("merged_at").and_then(Value::as_str).and_then(moment);
    let merged = of(json).or_else(|| json.get("pull_request").and_then(of));
    let commit = ["merge_commit_sha", "squash_commit_sha"].iter().find_map(|name| json.get(name)?.as_str());
    let commit = commit.filter(|id| merged.is_some() && (7..=64).contains(&id.len())).map(str::to_ascii_lowercase);
    WorkChange { by: author(json).flatten(), merged, commit, names }
}

fn review(json: &Value) -> Result<Is, &'static str> {
    let state = json.get("state").and_then(Value::as_str).ok_or("state")?;
    if matches!(state, "PENDING" | "REQUEST_REVIEW") {
        return Ok(Is::Nothing);
    }
    let id = json.get("id").and_then(Value::as_u64).ok_or("id")?;
    let at = json.get("submitted_at").and_then(Value::as_str).and_then(moment).ok_or("submitted_at")?;
    let address = json.get("pull_request_url").and_then(Value::as_str).ok_or("pull_request_url")?;
    let change = address.rsplit('/').next().and_then(|number| number.parse().ok()).ok_or("pull_request_url")?;
    Ok(Is::Review(id, WorkReview { change, by: author(json).ok_or("user")?, at }))
}

/// The account that made something: none within where it is a program or was deleted; `None` where nobody is named.
fn author(json: &Value) -> Option<Option<String>> {
    let named = ["user", "author"].iter().find_map(|name| json.get(name))?;
    if named.is_null() {
        return Some(None);
    }
    account(named).map(|(login, is_program)| (!is_program).then(|| login.to_lowercase()))
}

fn moment(text: &str) -> Option<Moment> {
    Moment::parse(&shown(text)).ok()
}

/// The repository of a page: `github.com/owner/name` of `https://github.com/owner/name/pull/7#pullrequestreview-9`.
fn place_of(json: &Value) -> Option<String> {
    let page = ["html_url", "web_url"].iter().find_map(|name| json.get(name)?.as_str())?;
    let page = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://"))?;
    let marks = ["/-/", "/issues/", "/pull/", "/pulls/"];
    let end = marks.iter().filter_map(|mark| page.find(mark)).min()?;
    page.get(..end).map(|place| place.to_ascii_lowercase().replace(':', "_"))
}

#[cfg(test)]
mod tests;
