//! Issues, changes and commits as the three dialects write them, and the facts that they are. A field that is missing or odd makes
//! one record unreadable, and nothing else.

use quantity::Moment;
use serde_json::Value;

use super::{Dialect, LABEL};
use crate::MICRO_CREDITS;
use crate::commits::credit;
use crate::issues::{LABEL_MAX, TITLE_MAX, URL_MAX, place_of_page};
use crate::text::{cleaned, cleaned_name};
use crate::{By, Fact, Identity, Place, What};

/// The most labels of one issue.
const MOST_LABELS: usize = 50;

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its number in the repository.
    pub number: u64,
    /// Its title, cleaned.
    pub title: String,
    /// Its page, `https` only.
    pub url: Option<String>,
    /// Its labels but ours.
    pub labels: Vec<String>,
    /// Whether it is closed there.
    pub closed: bool,
    /// When it was opened.
    pub at: Moment,
    /// When it was changed last, by the forge's clock.
    pub updated: Moment,
    /// How many comments it has.
    pub comments: u64,
    /// It is not there any more, or not for everybody.
    pub gone: Option<Gone>,
}

/// Why an issue is nothing to vote on any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It was removed.
    Deleted,
    /// It went to another repository.
    Transferred,
    /// Its title is not for everybody.
    Confidential,
}

/// A change that was proposed: a pull request, a merge request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub number: u64,
    /// Who wrote it.
    pub author: Account,
    /// When it was merged; none where it was not.
    pub merged: Option<Moment>,
    /// When it was changed last.
    pub updated: Moment,
}

/// Somebody at a forge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The name by which they sign in.
    pub login: String,
    /// The forge says that it is a program.
    pub is_bot: bool,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// When it was written.
    pub at: Moment,
    /// Its author, as the commit names them.
    pub name: String,
    /// Their address, as the commit has it.
    pub email: String,
    /// The account that the forge takes for the author's.
    pub account: Option<Account>,
    /// It joins branches, whose commits count themselves.
    pub is_merge: bool,
}

impl Issue {
    /// Reads an issue; none for a pull request, which forges list among them. An error names the field.
    pub(super) fn read(dialect: Dialect, json: &Value) -> Result<Option<Self>, &'static str> {
        if json.get("pull_request").is_some_and(|pull| !pull.is_null()) {
            return Ok(None);
        }
        let number = match dialect {
            Dialect::Gitlab => number(json, "iid")?,
            Dialect::Github | Dialect::Gitea => number(json, "number")?,
        };
        let closed = match text(json, "state")?.to_ascii_lowercase().as_str() {
            "open" | "opened" | "reopened" => false,
            "closed" => true,
            _ => return Err("state"),
        };
        let title = match cleaned(text(json, "title")?, TITLE_MAX) {
            empty if empty.is_empty() => format!("#{number}"),
            title => title,
        };
        let page = ["html_url", "web_url", "url"].iter().find_map(|name| json.get(name)?.as_str());
        let is_link = |url: &&str| {
            url.len() <= URL_MAX && url.starts_with("https://") && url.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let comments = ["comments", "user_notes_count"].iter().find_map(|name| json.get(name)?.as_u64());
        let hidden = json.get("confidential").and_then(Value::as_bool) == Some(true);
        let updated = moment(json, "updated_at")?;
        Ok(Some(Self {
            number,
            title,
            url: page.filter(is_link).map(str::to_owned),
            labels: labels(json.get("labels")),
            closed,
            at: moment(json, "created_at")?.min(updated),
            updated,
            comments: comments.unwrap_or(0),
            gone: hidden.then_some(Gone::Confidential),
        }))
    }

    /// Returns the fact: something to vote on, on the rankings of `list`. An issue that is gone is closed. The repository is the one
    /// that its page names, as in a file of issues; `place` where it has no page that can be shown.
    #[must_use]
    pub fn fact(&self, place: &str, list: &str) -> Fact {
        // A title that is not for everybody any more is not shown.
        let is_shown = self.gone != Some(Gone::Confidential);
        let what = What::Item {
            list: list.to_owned(),
            id: self.number.to_string(),
            place: Some(self.url.as_deref().and_then(place_of_page).unwrap_or_else(|| place.to_owned())),
            title: if is_shown { self.title.clone() } else { String::new() },
            url: self.url.clone(),
            labels: if is_shown { self.labels.clone() } else { Vec::new() },
            closed: self.closed || self.gone.is_some(),
            was_closed: None,
        };
        fact(self.number, self.at, format!("github-issue:{}", self.number), By::Outside, what)
    }
}

impl Change {
    /// Reads a pull request or merge request. An error names the field.
    pub(super) fn read(dialect: Dialect, json: &Value) -> Result<Self, &'static str> {
        let (number, author) = match dialect {
            Dialect::Gitlab => (number(json, "iid")?, json.get("author")),
            Dialect::Github | Dialect::Gitea => (number(json, "number")?, json.get("user")),
        };
        let merged = match json.get("merged_at") {
            None | Some(Value::Null) => None,
            Some(_) => Some(moment(json, "merged_at")?),
        };
        let author = author.and_then(Account::read).ok_or("author")?;
        Ok(Self { number, author, merged, updated: moment(json, "updated_at")? })
    }

    /// Returns the fact that it was merged: one credit for its author. None where it was not, or a program wrote it.
    #[must_use]
    pub fn fact(&self, place: &str) -> Option<Fact> {
        let at = self.merged.filter(|_| !self.author.is_program())?;
        let source = format!("change:{place}/{}", self.number);
        Some(fact(self.number, at, source, By::Outside, credit(self.author.identity(), MICRO_CREDITS)))
    }

    /// Returns the fact that somebody reviewed it: one credit, however many reviews they wrote, of the day on which it was merged. None
    /// of one's own change.
    #[must_use]
    pub fn review(&self, place: &str, by: &Account) -> Option<Fact> {
        let own = by.login.eq_ignore_ascii_case(&self.author.login);
        let at = self.merged.filter(|_| !own && !by.is_program())?;
        let source = format!("review:{place}/{}/{}", self.number, by.login.to_ascii_lowercase());
        Some(fact(self.number, at, source, By::Outside, credit(by.identity(), MICRO_CREDITS)))
    }
}

impl Account {
    pub(super) fn read(json: &Value) -> Option<Self> {
        let login = ["login", "username"].iter().find_map(|name| json.get(name)?.as_str())?;
        let login = cleaned_name(login);
        let is_bot = json.get("type").and_then(Value::as_str) == Some("Bot")
            || json.get("bot").and_then(Value::as_bool) == Some(true);
        Some(Self { login, is_bot }).filter(|account| !account.login.is_empty())
    }

    fn is_program(&self) -> bool {
        self.is_bot || self.login.ends_with("[bot]")
    }

    fn identity(&self) -> Identity {
        Identity { name: self.login.clone(), emails: Vec::new(), handle: Some(self.login.clone()), id: None }
    }
}

/// The name by which somebody signs in, and whether the forge or the name says that they are a program.
pub(crate) fn account(json: &Value) -> Option<(String, bool)> {
    let account = Account::read(json)?;
    let is_program = account.is_program();
    Some((account.login, is_program))
}

impl Commit {
    /// Reads a commit of a forge's list. An error names the field.
    pub(super) fn read(dialect: Dialect, json: &Value) -> Result<Self, &'static str> {
        let (id, author, name, email, at) = match dialect {
            Dialect::Gitlab => (text(json, "id")?, json, "author_name", "author_email", "authored_date"),
            Dialect::Github | Dialect::Gitea => {
                let author = json.get("commit").and_then(|commit| commit.get("author")).ok_or("commit")?;
                (text(json, "sha")?, author, "name", "email", "date")
            }
        };
        if !(7..=64).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("sha");
        }
        let parents = ["parents", "parent_ids"].iter().find_map(|name| json.get(name)?.as_array()).map_or(0, Vec::len);
        let account = json.get("author").filter(|_| dialect != Dialect::Gitlab).and_then(Account::read);
        let name = match cleaned_name(author.get(name).and_then(Value::as_str).unwrap_or_default()) {
            empty if empty.is_empty() => "unnamed".to_owned(),
            name => name,
        };
        let email = cleaned_name(author.get(email).and_then(Value::as_str).unwrap_or_default()).to_lowercase();
        let (id, at) = (id.to_ascii_lowercase(), moment(author, at)?);
        Ok(Self { id, at, name, email, account, is_merge: parents > 1 })
    }

    /// Returns the fact: the same as of the repository itself. None for a merge, and for what a program wrote.
    #[must_use]
    pub fn fact(&self, line: u64) -> Option<Fact> {
        let program = self.name.ends_with("[bot]") || self.account.as_ref().is_some_and(Account::is_program);
        if self.is_merge || program {
            return None;
        }
        let emails = Some(self.email.clone()).filter(|email| !email.is_empty()).into_iter().collect();
        let handle = self.account.as_ref().map(|account| account.login.clone());
        let person = Identity { name: self.name.clone(), emails, handle, id: None };
        Some(fact(line, self.at, format!("commit:{}", self.id), By::Author, credit(person, MICRO_CREDITS)))
    }
}

/// Returns the fact that somebody contributed: as [`Change::fact`] and [`Commit::fact`] give it, from what was kept of it.
#[must_use]
pub fn contribution(source: String, at: Moment, by: By, person: Identity) -> Fact {
    fact(1, at, source, by, credit(person, MICRO_CREDITS))
}

fn fact(line: u64, at: Moment, source: String, by: By, what: What) -> Fact {
    Fact { place: Place { line, column: 1 }, at, on: None, source, also: Vec::new(), by, what }
}

fn number(json: &Value, name: &'static str) -> Result<u64, &'static str> {
    json.get(name).and_then(Value::as_u64).ok_or(name)
}

fn text<'a>(json: &'a Value, name: &'static str) -> Result<&'a str, &'static str> {
    json.get(name).and_then(Value::as_str).ok_or(name)
}

/// Reads an instant; GitLab's hooks write `2013-12-03 17:15:43 UTC`.
pub(super) fn moment(json: &Value, name: &'static str) -> Result<Moment, &'static str> {
    let written = text(json, name)?;
    let plain = match written.strip_suffix(" UTC") {
        Some(plain) => format!("{}Z", plain.replace(' ', "T")),
        None => written.to_owned(),
    };
    Moment::parse(&plain).map_err(|_| name)
}

fn labels(json: Option<&Value>) -> Vec<String> {
    let name = |label: &Value| {
        let name = label.as_str().or_else(|| ["name", "title"].iter().find_map(|name| label.get(name)?.as_str()))?;
        Some(cleaned(name, LABEL_MAX)).filter(|name| !name.is_empty() && !name.starts_with(LABEL))
    };
    json.and_then(Value::as_array).into_iter().flatten().filter_map(name).take(MOST_LABELS).collect()
}
