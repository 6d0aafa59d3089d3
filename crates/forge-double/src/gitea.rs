//! Gitea's and Forgejo's interface, version 1. Source: the swagger of Gitea 1.21 and Forgejo 7; labels are wanted by their ids.

mod json;
mod write;

use serde_json::{Value, json};

pub use json::{event, push, released};

use crate::answer::Answer;
use crate::call::Call;
use crate::page::page;
use crate::world::{Access, Issue, Kind, Number, Token, World};

/// Answers one call. There are no marks of what was answered: Gitea's interface has none.
pub fn answer(world: &mut World, call: &Call) -> Answer {
    let Some(steps) = call.steps("/api/v1") else { return refused(404, "not found") };
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let token = match call.token() {
        None => None,
        Some(shown) => match world.tokens.get(shown) {
            Some(token) => Some(token.clone()),
            None => return refused(401, "invalid username, password or token"),
        },
    };
    match (call.method.as_str(), steps.as_slice()) {
        ("GET", ["version"]) => Answer::json(200, &json!({ "version": "1.21.11" })),
        ("GET", ["user"]) => match &token {
            Some(token) => Answer::json(200, &json::user(world, &token.login)),
            None => refused(401, "token is required"),
        },
        ("GET", ["users", login]) => Answer::json(200, &json::user(world, login)),
        (_, ["repos", owner, name, rest @ ..]) => {
            let found = world.find_repository(&format!("{owner}/{name}"));
            in_repository(world, call, token.as_ref(), found, rest)
        }
        (_, ["repositories", id, rest @ ..]) => {
            let found = world.repositories.iter().position(|known| known.id.to_string() == *id);
            in_repository(world, call, token.as_ref(), found, rest)
        }
        _ => refused(404, "not found"),
    }
}

/// An answer that says no.
pub fn refused(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message, "url": "http://forge.invalid/api/swagger" }))
}

fn in_repository(world: &mut World, call: &Call, token: Option<&Token>, found: Option<usize>, rest: &[&str]) -> Answer {
    let may_read = |private: bool| !private || token.is_some_and(|token| token.access >= Access::Read);
    let Some(at) = found.filter(|at| world.repositories.get(*at).is_some_and(|known| may_read(known.private))) else {
        return refused(404, "The target couldn't be found.");
    };
    let known = world.repositories.get(at);
    let asked = call.path.trim_start_matches("/api/v1/repos/");
    if let Some(known) = known.filter(|known| known.former.iter().any(|name| asked.starts_with(name.as_str()))) {
        let more: String = rest.iter().flat_map(|step| ["/", step]).collect();
        let to = format!("{}/api/v1/repos/{}{more}", world.base, known.full_name());
        return Answer::json(301, &json!({})).with("Location", to);
    }
    if call.method == "GET" {
        return read(world, call, at, rest);
    }
    match token {
        None => refused(401, "token is required"),
        Some(token) if token.access == Access::Read => {
            refused(403, "token does not have at least one of required scope(s): [write:issue]")
        }
        Some(token) => write::answer(world, call, token, at, rest),
    }
}

/// The issue that is meant. One that is gone is as if it had never been.
pub fn find(world: &World, repository: usize, number: &str) -> Option<Number> {
    let number = number.parse().ok()?;
    let at = world.find_number(repository, number, Kind::Issue)?;
    Some(at).filter(|at| world.issue(*at).is_some_and(|issue| issue.gone.is_none()))
}

/// An answer for one issue, or 404.
fn for_issue(world: &World, at: usize, number: &str, say: impl FnOnce(&Issue) -> Answer) -> Answer {
    match find(world, at, number).and_then(|at| world.issue(at)) {
        Some(issue) => say(issue),
        None => refused(404, "issue does not exist"),
    }
}

fn read(world: &World, call: &Call, at: usize, rest: &[&str]) -> Answer {
    let Some(known) = world.repositories.get(at) else { return refused(404, "not found") };
    match rest {
        [] => Answer::json(200, &json::repository(world, at)),
        ["issues"] => page(world, call, issues(world, call, at)),
        ["issues", "comments"] => {
            let all = known.issues.iter().filter(|issue| issue.gone.is_none());
            page(world, call, all.flat_map(|issue| comments(world, call, issue)).collect())
        }
        ["issues", "comments", id] => {
            let id = id.parse().unwrap_or(0);
            let issue = world.find_comment(at, id).and_then(|at| world.issue(at));
            match issue.and_then(|issue| issue.comment(id).map(|comment| json::comment(world, issue, comment))) {
                Some(comment) => Answer::json(200, &comment),
                None => refused(404, "comment does not exist"),
            }
        }
        ["issues", number] => for_issue(world, at, number, |issue| Answer::json(200, &json::issue(world, issue))),
        ["issues", number, "comments"] => for_issue(world, at, number, |issue| {
            // All of them at once: this list has no pages in Gitea.
            Answer::json(200, &Value::Array(comments(world, call, issue)))
        }),
        ["issues", number, "labels"] => {
            for_issue(world, at, number, |issue| Answer::json(200, &Value::Array(json::labels(world, issue))))
        }
        ["issues", number, "timeline"] => for_issue(world, at, number, |issue| {
            let events = known.events.iter().filter(|event| event.at == issue.at);
            page(world, call, events.filter_map(|event| json::timeline(world, event)).collect())
        }),
        ["pulls"] => {
            let state = call.asked("state").unwrap_or("open");
            let pulls = known.issues.iter().rev().filter(|issue| issue.pull.is_some());
            let pulls = pulls.filter(|issue| state == "all" || (state == "open") == issue.open);
            page(world, call, pulls.map(|issue| json::pull(world, issue)).collect())
        }
        ["pulls", number] => for_issue(world, at, number, |issue| Answer::json(200, &json::pull(world, issue))),
        ["pulls", number, "reviews"] => for_issue(world, at, number, |issue| {
            let reviews = issue.pull.iter().flat_map(|pull| &pull.reviews);
            page(world, call, reviews.map(|review| json::review(world, review)).collect())
        }),
        ["labels"] => page(world, call, known.labels.iter().map(|label| json::label(world, at, label)).collect()),
        ["commits"] => {
            let since = call.asked("since").and_then(crate::date::read).unwrap_or(i64::MIN);
            let commits = known.commits.iter().rev().filter(|commit| commit.at >= since);
            page(world, call, commits.map(|commit| json::commit(world, at, commit)).collect())
        }
        ["releases"] => {
            page(world, call, known.releases.iter().rev().map(|release| json::release(world, at, release)).collect())
        }
        ["hooks"] => {
            let hooks = world.hooks.iter().filter(|hook| hook.repository == at);
            page(world, call, hooks.map(|hook| json::hook(world, hook)).collect())
        }
        _ => refused(404, "not found"),
    }
}

fn comments(world: &World, call: &Call, issue: &Issue) -> Vec<Value> {
    let since = call.asked("since").and_then(crate::date::read).unwrap_or(i64::MIN);
    let found = issue.comments.iter().filter(|comment| comment.updated >= since);
    found.map(|comment| json::comment(world, issue, comment)).collect()
}

fn issues(world: &World, call: &Call, at: usize) -> Vec<Value> {
    let Some(known) = world.repositories.get(at) else { return Vec::new() };
    let state = call.asked("state").unwrap_or("open");
    let since = call.asked("since").and_then(crate::date::read).unwrap_or(i64::MIN);
    let kind = call.asked("type").unwrap_or_default();
    let mut found: Vec<_> = known
        .issues
        .iter()
        .filter(|issue| issue.gone.is_none() && issue.updated >= since)
        .filter(|issue| state == "all" || (state == "open") == issue.open)
        .filter(|issue| kind.is_empty() || (kind == "pulls") == issue.pull.is_some())
        .collect();
    match call.asked("sort") {
        Some("leastupdate") => found.sort_by_key(|issue| (issue.updated, issue.id)),
        Some("recentupdate") => found.sort_by_key(|issue| std::cmp::Reverse((issue.updated, issue.id))),
        Some("oldest") => found.sort_by_key(|issue| (issue.created, issue.id)),
        _ => found.sort_by_key(|issue| std::cmp::Reverse((issue.created, issue.id))),
    }
    found.into_iter().map(|issue| json::issue(world, issue)).collect()
}
