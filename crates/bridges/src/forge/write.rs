//! Writing on a forge: comments, labels, closing and opening issues. Each step looks first whether it is done already, so that a
//! call whose answer was lost is made again without harm. It decides nothing, keeps nothing and waits for nothing.

use quantity::Moment;
use serde_json::{Value, json};

use super::read::{NotRead, encoded};
use super::record::moment;
use super::{Dialect, Forge, Verb};

/// The most pages of an issue's comments that are searched for a mark: 100 comments each, 50 at Forgejo.
const MOST_PAGES: u32 = 50;
/// The most labels of a repository that are searched, in pages.
const MOST_LABEL_PAGES: u32 = 20;
/// The colour of a label that is made, six hexadecimal digits.
const COLOUR: &str = "6b7d5c";

/// Why an outcome is marked on the issue as it is: GitHub tells the two apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was done.
    Completed,
    /// Nobody supports it.
    NotPlanned,
}

/// A comment that has our mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its id at the forge.
    pub id: u64,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub at: Moment,
}

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// It gave no answer, or refuses the token.
    #[error("{0}")]
    NotRead(#[from] NotRead),
    /// The issue is not there any more.
    #[error("the issue is not in the repository any more")]
    Gone,
    /// The token reads, and does not write.
    #[error(
        "the forge does not let this token write ({0}): make one there that may write issues, and enter it at the bridge"
    )]
    Forbidden(u16),
    /// It is refused, with the forge's own words.
    #[error("the forge refuses it ({0}): {1}")]
    Refused(u16, String),
}

/// The longest answer of the forge that is repeated, letters.
const LONGEST_WORDS: usize = 200;

impl Forge {
    /// Whether the issue is open at the forge; [`NotWritten::Gone`] where it is there no more.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn is_open(&self, number: u64) -> Result<bool, NotWritten> {
        let issue = self.got(&format!("/issues/{number}"))?;
        // GitLab leaves a closed issue where one was moved away.
        if issue.get("moved_to_id").is_some_and(|to| !to.is_null()) {
            return Err(NotWritten::Gone);
        }
        match issue.get("state").and_then(Value::as_str) {
            Some("open" | "opened" | "reopened") => Ok(true),
            Some("closed") => Ok(false),
            _ => Err(NotRead::Unread(self.site.dialect.title()).into()),
        }
    }

    /// Returns the first comment of an issue that has `mark` in it.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn find_marked(&self, number: u64, mark: &str) -> Result<Option<Marked>, NotWritten> {
        for page in 1..=MOST_PAGES {
            let under = match self.site.dialect {
                Dialect::Github => format!("/issues/{number}/comments?per_page=100&page={page}"),
                // All of them at once: this list has no pages there.
                Dialect::Gitea => format!("/issues/{number}/comments"),
                Dialect::Gitlab => {
                    format!("/issues/{number}/notes?sort=asc&order_by=created_at&per_page=100&page={page}")
                }
            };
            let comments = self.got(&under)?;
            let comments = comments.as_array().ok_or(NotRead::Unread(self.site.dialect.title()))?;
            if let Some(found) = comments.iter().find_map(|comment| marked(comment, mark)) {
                return Ok(Some(found));
            }
            if comments.len() < 100 || self.site.dialect == Dialect::Gitea {
                break;
            }
        }
        Ok(None)
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// As [`NotWritten`]. Without an answer it is unknown whether it is there: look for its mark.
    pub fn comment(&self, number: u64, body: &str) -> Result<(), NotWritten> {
        let noun = if self.site.dialect == Dialect::Gitlab { "notes" } else { "comments" };
        self.sent(Verb::Post, &format!("/issues/{number}/{noun}"), &json!({ "body": body })).map(|_| ())
    }

    /// Puts other words into a comment.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn rewrite(&self, number: u64, comment: u64, body: &str) -> Result<(), NotWritten> {
        let (verb, under) = match self.site.dialect {
            Dialect::Github | Dialect::Gitea => (Verb::Patch, format!("/issues/comments/{comment}")),
            Dialect::Gitlab => (Verb::Put, format!("/issues/{number}/notes/{comment}")),
        };
        self.sent(verb, &under, &json!({ "body": body })).map(|_| ())
    }

    /// Closes an issue that is open.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn close(&self, number: u64, reason: Reason) -> Result<(), NotWritten> {
        let word = match reason {
            Reason::Completed => "completed",
            Reason::NotPlanned => "not_planned",
        };
        self.change(
            number,
            match self.site.dialect {
                Dialect::Github => json!({ "state": "closed", "state_reason": word }),
                Dialect::Gitea => json!({ "state": "closed" }),
                Dialect::Gitlab => json!({ "state_event": "close" }),
            },
        )
    }

    /// Opens an issue that is closed.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn reopen(&self, number: u64) -> Result<(), NotWritten> {
        self.change(
            number,
            match self.site.dialect {
                Dialect::Github | Dialect::Gitea => json!({ "state": "open" }),
                Dialect::Gitlab => json!({ "state_event": "reopen" }),
            },
        )
    }

    /// Whether the issue was closed, or opened again, at `since` or later: then a call whose answer was lost has come, even where
    /// somebody has turned it around since.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn was_turned(&self, number: u64, closed: bool, since: Moment) -> Result<bool, NotWritten> {
        let (under, field, words) = match self.site.dialect {
            Dialect::Github => (format!("/issues/{number}/events?per_page=100"), "event", ["closed", "reopened"]),
            Dialect::Gitea => (
                format!("/issues/{number}/timeline?limit=50&since={}", encoded(&since.to_string())),
                "type",
                ["close", "reopen"],
            ),
            Dialect::Gitlab => {
                (format!("/issues/{number}/resource_state_events?per_page=100"), "state", ["closed", "reopened"])
            }
        };
        let [shut, open] = words;
        let word = if closed { shut } else { open };
        let mut page = 1;
        loop {
            let events = self.got(&format!("{under}&page={page}"))?;
            let events = events.as_array().ok_or(NotRead::Unread(self.site.dialect.title()))?;
            let is = |event: &Value| {
                let at = moment(event, "created_at").is_ok_and(|at| at >= since);
                at && event.get(field).and_then(Value::as_str) == Some(word)
            };
            if events.iter().any(is) {
                return Ok(true);
            }
            page += 1;
            if events.len() < 50 || page > MOST_PAGES {
                return Ok(false);
            }
        }
    }

    /// Gives an issue exactly one of the labels that begin as `wanted` does up to its colon, or none of them; other labels stay.
    /// Returns whether anything was changed.
    ///
    /// # Errors
    /// As [`NotWritten`].
    pub fn relabel(&self, number: u64, family: &str, wanted: Option<&str>) -> Result<bool, NotWritten> {
        let issue = self.got(&format!("/issues/{number}"))?;
        let has = names(&issue);
        let old: Vec<&(Option<u64>, String)> =
            has.iter().filter(|(_, name)| name.starts_with(family) && Some(name.as_str()) != wanted).collect();
        let missing = wanted.filter(|wanted| !has.iter().any(|(_, name)| name == wanted));
        if old.is_empty() && missing.is_none() {
            return Ok(false);
        }
        match self.site.dialect {
            Dialect::Gitlab => {
                let less: Vec<&str> = old.iter().map(|(_, name)| name.as_str()).collect();
                let more = missing.unwrap_or_default();
                self.change(number, json!({ "add_labels": more, "remove_labels": less.join(",") }))?;
            }
            Dialect::Github => {
                for (_, name) in old {
                    self.removed(&format!("/issues/{number}/labels/{}", encoded(name)))?;
                }
                if let Some(name) = missing {
                    self.sent(Verb::Post, &format!("/issues/{number}/labels"), &json!({ "labels": [name] }))?;
                }
            }
            Dialect::Gitea => {
                for id in old.iter().filter_map(|(id, _)| *id) {
                    self.removed(&format!("/issues/{number}/labels/{id}"))?;
                }
                if let Some(name) = missing {
                    let id = self.label_id(name)?;
                    self.sent(Verb::Post, &format!("/issues/{number}/labels"), &json!({ "labels": [id] }))?;
                }
            }
        }
        Ok(true)
    }

    /// The id of a label, which is made where there is none: Gitea takes labels by their ids alone.
    fn label_id(&self, name: &str) -> Result<u64, NotWritten> {
        for page in 1..=MOST_LABEL_PAGES {
            let labels = self.got(&format!("/labels?limit=50&page={page}"))?;
            let labels = labels.as_array().ok_or(NotRead::Unread(self.site.dialect.title()))?;
            let is = |label: &&Value| label.get("name").and_then(Value::as_str) == Some(name);
            if let Some(id) = labels.iter().find(is).and_then(|label| label.get("id")?.as_u64()) {
                return Ok(id);
            }
            if labels.len() < 50 {
                break;
            }
        }
        let made = self.sent(Verb::Post, "/labels", &json!({ "name": name, "color": format!("#{COLOUR}") }))?;
        made.get("id").and_then(Value::as_u64).ok_or_else(|| NotRead::Unread(self.site.dialect.title()).into())
    }

    fn change(&self, number: u64, fields: Value) -> Result<(), NotWritten> {
        let verb = if self.site.dialect == Dialect::Gitlab { Verb::Put } else { Verb::Patch };
        self.sent(verb, &format!("/issues/{number}"), &fields).map(|_| ())
    }

    fn got(&self, under: &str) -> Result<Value, NotWritten> {
        self.told(Verb::Get, under, None)
    }

    fn sent(&self, verb: Verb, under: &str, body: &Value) -> Result<Value, NotWritten> {
        self.told(verb, under, Some(body))
    }

    /// Removes something; where it is not there, that is done.
    fn removed(&self, under: &str) -> Result<(), NotWritten> {
        match self.told(Verb::Delete, under, None) {
            Ok(_) | Err(NotWritten::Gone) => Ok(()),
            Err(why) => Err(why),
        }
    }

    fn told(&self, verb: Verb, under: &str, body: Option<&Value>) -> Result<Value, NotWritten> {
        let answer = self.call(verb, under, body).map_err(NotRead::from)?;
        match answer.status {
            204 => Ok(Value::Null),
            200..=299 => {
                serde_json::from_slice(&answer.body).map_err(|_| NotRead::Unread(self.site.dialect.title()).into())
            }
            // 301 and 307: transferred, or the repository has another name; 410: removed.
            301 | 302 | 307 | 308 | 404 | 410 => Err(NotWritten::Gone),
            401 => Err(NotRead::Token(401).into()),
            403 => Err(NotWritten::Forbidden(403)),
            // Too large, not as it should be: the same call again is refused again.
            400 | 405 | 409 | 413 | 422 => {
                let text = String::from_utf8_lossy(&answer.body);
                Err(NotWritten::Refused(answer.status, crate::text::cleaned(&text, LONGEST_WORDS)))
            }
            status => Err(NotRead::Status(status).into()),
        }
    }
}

fn marked(comment: &Value, mark: &str) -> Option<Marked> {
    let body = comment.get("body")?.as_str().filter(|body| body.contains(mark))?.to_owned();
    Some(Marked { id: comment.get("id")?.as_u64()?, body, at: moment(comment, "created_at").ok()? })
}

/// The labels of an issue, with their ids where the forge says them.
fn names(issue: &Value) -> Vec<(Option<u64>, String)> {
    let label = |label: &Value| {
        let name = label.as_str().or_else(|| label.get("name")?.as_str())?;
        Some((label.get("id").and_then(Value::as_u64), name.to_owned()))
    };
    issue.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(label).collect()
}

#[cfg(test)]
mod tests;
