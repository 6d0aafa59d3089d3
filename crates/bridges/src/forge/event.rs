//! The meaning of a delivery whose signature was checked: the thing that changed, or a reason to ask the forge. A delivery is a hint,
//! since forges send them twice, late and in any order.

use serde_json::Value;

use super::record::{Change, Gone, Issue};
use super::{Delivery, Dialect, MARK, Site};

/// The longest name of an event that is shown, bytes.
const LONGEST_NAME: usize = 40;

/// The meaning of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An issue as it is now.
    Issue(Issue),
    /// A change was merged.
    Merged(Change),
    /// Something happened of which the forge itself knows more.
    Look,
    /// We wrote that ourselves.
    Ours,
    /// The forge tries whether somebody is there.
    Ping,
    /// It is about another repository.
    Elsewhere(String),
    /// Nothing here depends on it.
    Other(String),
    /// It cannot be read: which field is missing or odd.
    Odd(&'static str),
}

impl Delivery<'_> {
    /// Reads a delivery of the repository `site`. It was verified before.
    #[must_use]
    pub fn read(&self, site: &Site) -> Event {
        let dialect = site.dialect;
        let name: String = self
            .event(dialect)
            .chars()
            .filter(char::is_ascii_graphic)
            .take(LONGEST_NAME)
            .collect::<String>()
            .to_ascii_lowercase();
        let Ok(json) = serde_json::from_slice::<Value>(self.body) else { return Event::Odd("JSON") };
        if name == "ping" {
            return Event::Ping;
        }
        let whose = match dialect {
            Dialect::Gitlab => json.get("project").and_then(|project| project.get("path_with_namespace")),
            Dialect::Github | Dialect::Gitea => json.get("repository").and_then(|of| of.get("full_name")),
        };
        match whose.and_then(Value::as_str) {
            Some(whose) if whose.eq_ignore_ascii_case(site.path()) => {}
            Some(whose) => return Event::Elsewhere(whose.chars().filter(char::is_ascii_graphic).take(100).collect()),
            // Events of an organisation, of a sponsorship, of the system.
            None => return Event::Other(name),
        }
        match dialect {
            Dialect::Gitlab => of_gitlab(&json, name),
            Dialect::Github | Dialect::Gitea => of_github(dialect, &json, name),
        }
    }
}

/// GitHub's events, and Gitea's, which have the same form.
fn of_github(dialect: Dialect, json: &Value, name: String) -> Event {
    let action = json.get("action").and_then(Value::as_str).unwrap_or_default();
    match name.as_str() {
        "issues" | "issue_assign" | "issue_label" | "issue_milestone" => {
            let gone = match action {
                "deleted" => Some(Gone::Deleted),
                "transferred" => Some(Gone::Transferred),
                _ => None,
            };
            issue(dialect, json.get("issue"), gone)
        }
        "issue_comment" => {
            let body = json.get("comment").and_then(|comment| comment.get("body")).and_then(Value::as_str);
            match body.is_some_and(|body| body.contains(MARK)) {
                true => Event::Ours,
                false => issue(dialect, json.get("issue"), None),
            }
        }
        "pull_request" if action == "closed" => {
            match json.get("pull_request").map(|pull| Change::read(dialect, pull)) {
                Some(Ok(change)) if change.merged.is_some() => Event::Merged(change),
                Some(Ok(_)) => Event::Other(name),
                Some(Err(field)) => Event::Odd(field),
                None => Event::Odd("pull_request"),
            }
        }
        "push" | "release" | "pull_request_review" | "pull_request_review_approved" | "pull_request_approved" => {
            Event::Look
        }
        _ => Event::Other(name),
    }
}

/// GitLab's events. A merge request there does not say who wrote it.
fn of_gitlab(json: &Value, name: String) -> Event {
    let kind = json.get("object_kind").and_then(Value::as_str).unwrap_or_default();
    let about = json.get("object_attributes");
    match kind {
        "issue" => {
            let marked = json.get("event_type").and_then(Value::as_str) == Some("confidential_issue");
            let hidden = marked || name.starts_with("confidential");
            let mut about = about.cloned().unwrap_or_default();
            if let (Some(fields), Some(labels)) = (about.as_object_mut(), json.get("labels")) {
                fields.insert("labels".to_owned(), labels.clone());
            }
            issue(Dialect::Gitlab, Some(&about), hidden.then_some(Gone::Confidential))
        }
        "note" => {
            let body = about.and_then(|note| note.get("note")).and_then(Value::as_str);
            if body.is_some_and(|body| body.contains(MARK)) { Event::Ours } else { Event::Look }
        }
        "merge_request" if about.and_then(|of| of.get("state")).and_then(Value::as_str) == Some("merged") => {
            Event::Look
        }
        "push" | "tag_push" | "release" => Event::Look,
        _ => Event::Other(name),
    }
}

fn issue(dialect: Dialect, json: Option<&Value>, gone: Option<Gone>) -> Event {
    match json.map(|json| Issue::read(dialect, json)) {
        Some(Ok(Some(issue))) => Event::Issue(Issue { gone: gone.or(issue.gone), ..issue }),
        // A comment on a pull request is one of an issue to GitHub.
        Some(Ok(None)) => Event::Other("pull_request".to_owned()),
        Some(Err(field)) => Event::Odd(field),
        None => Event::Odd("issue"),
    }
}

#[cfg(test)]
mod tests;
