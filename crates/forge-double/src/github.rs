//! GitHub's REST interface, version 3: the calls that a bridge makes, and those that show what it did.
//! Source: docs.github.com/en/rest, version 2022-11-28; deliveries as octokit/webhooks records them.

mod json;
mod write;

use serde_json::{Value, json};

pub use json::{event, push, released};

use crate::answer::Answer;
use crate::call::Call;
use crate::page::page;
use crate::world::{Access, Gone, Kind, Number, Token, World};

/// Answers one call.
pub fn answer(world: &mut World, call: &Call) -> Answer {
    let steps = call.steps("/api/v3").or_else(|| call.steps("")).unwrap_or_default();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let token = match call.token() {
        None => None,
        Some(shown) => match world.tokens.get(shown) {
            Some(token) => Some(token.clone()),
            None => return refused(401, "Bad credentials"),
        },
    };
    match (call.method.as_str(), steps.as_slice()) {
        ("GET", ["rate_limit"]) => {
            Answer::json(200, &json!({ "resources": { "core": limit(world) }, "rate": limit(world) }))
        }
        ("GET", ["user"]) => match &token {
            Some(token) => Answer::json(200, &json::user(world, &token.login)).marked(call),
            None => refused(401, "Requires authentication"),
        },
        ("GET", ["users", login]) => Answer::json(200, &json::user(world, login)).marked(call),
        (_, ["repos", owner, name, rest @ ..]) => {
            let found = world.find_repository(&format!("{owner}/{name}"));
            in_repository(world, call, token.as_ref(), found, rest)
        }
        (_, ["repositories", id, rest @ ..]) => {
            let found = world.repositories.iter().position(|known| known.id.to_string() == *id);
            in_repository(world, call, token.as_ref(), found, rest)
        }
        _ => refused(404, "Not Found"),
    }
}

/// An answer that says no.
pub fn refused(status: u16, message: &str) -> Answer {
    let about = "https://docs.github.com/rest";
    Answer::json(status, &json!({ "message": message, "documentation_url": about, "status": status.to_string() }))
}

fn limit(world: &World) -> Value {
    let left = world.hourly.saturating_sub(world.used.0);
    json!({ "limit": world.hourly, "remaining": left, "used": world.used.0, "reset": world.used.1 + 3_600 })
}

fn in_repository(world: &mut World, call: &Call, token: Option<&Token>, found: Option<usize>, rest: &[&str]) -> Answer {
    let may_read = |private: bool| !private || token.is_some_and(|token| token.access >= Access::Read);
    let known = found.and_then(|at| world.repositories.get(at).map(|known| (at, known)));
    let Some((at, known)) = known.filter(|(_, known)| may_read(known.private)) else {
        return refused(404, "Not Found");
    };
    // A renamed repository is found by its number from then on.
    let asked = call.path.trim_start_matches("/api/v3").trim_start_matches("/repos/");
    if known.former.iter().any(|name| asked.starts_with(&format!("{name}/")) || asked == name) {
        let to = format!("{}/repositories/{}/{}", world.base, known.id, rest.join("/"));
        let moved = json!({ "message": "Moved Permanently", "url": to.trim_end_matches('/') });
        return Answer::json(if call.method == "GET" { 301 } else { 307 }, &moved)
            .with("Location", to.trim_end_matches('/'));
    }
    if call.method == "GET" {
        return read(world, call, at, rest).marked(call);
    }
    match token {
        None => refused(401, "Requires authentication"),
        Some(token) if token.access == Access::Read => refused(403, "Resource not accessible by personal access token"),
        Some(token) => write::answer(world, call, token, at, rest),
    }
}

/// The issue that is meant; or the answer, where it is gone.
pub fn find(world: &World, repository: usize, number: &str) -> Result<Number, Answer> {
    let number = number.parse().ok().and_then(|number| world.find_number(repository, number, Kind::Issue));
    let Some(at) = number else { return Err(refused(404, "Not Found")) };
    match world.issue(at).and_then(|issue| issue.gone) {
        None => Ok(at),
        Some(Gone::Deleted) => Err(refused(410, "This issue was deleted")),
        Some(Gone::Moved(to)) => {
            let id = world.repositories.get(to.repository).map_or(0, |known| known.id);
            let url = format!("{}/repositories/{id}/issues/{}", world.base, to.number);
            let moved = json!({ "message": "Moved Permanently", "url": url });
            Err(Answer::json(301, &moved).with("Location", url))
        }
    }
}

fn read(world: &World, call: &Call, at: usize, rest: &[&str]) -> Answer {
    let Some(known) = world.repositories.get(at) else { return refused(404, "Not Found") };
    match rest {
        [] => Answer::json(200, &json::repository(world, at)),
        ["issues"] => page(world, call, issues(world, call, at)),
        ["pulls"] => {
            let state = call.asked("state").unwrap_or("open");
            let pulls = known.issues.iter().rev().filter(|issue| issue.pull.is_some());
            let pulls = pulls.filter(|issue| state == "all" || (state == "open") == issue.open);
            page(world, call, pulls.map(|issue| json::pull(world, issue)).collect())
        }
        ["pulls", number] => match find(world, at, number).map(|at| world.issue(at)) {
            Ok(Some(issue)) if issue.pull.is_some() => Answer::json(200, &json::pull(world, issue)),
            _ => refused(404, "Not Found"),
        },
        ["pulls", number, "reviews"] => match find(world, at, number).map(|at| world.issue(at)) {
            Ok(Some(issue)) => {
                let reviews = issue.pull.iter().flat_map(|pull| &pull.reviews);
                page(world, call, reviews.map(|review| json::review(world, issue, review)).collect())
            }
            _ => refused(404, "Not Found"),
        },
        ["labels"] => page(world, call, known.labels.iter().map(|label| json::label(world, at, label)).collect()),
        ["labels", name] => match world.find_label(at, name) {
            Some(label) => Answer::json(200, &json::label(world, at, label)),
            None => refused(404, "Not Found"),
        },
        ["commits"] => page(world, call, commits(world, call, at)),
        ["releases"] => {
            page(world, call, known.releases.iter().rev().map(|release| json::release(world, at, release)).collect())
        }
        ["hooks"] => {
            let hooks = world.hooks.iter().filter(|hook| hook.repository == at);
            page(world, call, hooks.map(|hook| json::hook(world, hook)).collect())
        }
        ["issues", "events"] => {
            page(world, call, known.events.iter().rev().filter_map(|event| json::issue_event(world, event)).collect())
        }
        ["issues", "comments"] => page(world, call, comments(world, call, at)),
        ["issues", "comments", id] => {
            let id = id.parse().unwrap_or(0);
            match world.find_comment(at, id).and_then(|at| world.issue(at)) {
                Some(issue) => issue.comment(id).map_or_else(
                    || refused(404, "Not Found"),
                    |comment| Answer::json(200, &json::comment(world, issue, comment)),
                ),
                None => refused(404, "Not Found"),
            }
        }
        ["issues", number, more @ ..] => match find(world, at, number) {
            Ok(at) => of_issue(world, call, at, more),
            Err(answer) => answer,
        },
        _ => refused(404, "Not Found"),
    }
}

fn of_issue(world: &World, call: &Call, at: Number, rest: &[&str]) -> Answer {
    let Some(issue) = world.issue(at) else { return refused(404, "Not Found") };
    match rest {
        [] => Answer::json(200, &json::issue(world, issue)),
        ["comments"] => {
            let since = since(call, "since");
            let comments = issue.comments.iter().filter(|comment| comment.updated >= since);
            page(world, call, comments.map(|comment| json::comment(world, issue, comment)).collect())
        }
        ["labels"] => page(world, call, json::labels(world, issue)),
        ["events" | "timeline"] => {
            let known = world.repositories.get(at.repository);
            let events = known.iter().flat_map(|known| &known.events).filter(|event| event.at == at);
            page(world, call, events.filter_map(|event| json::issue_event(world, event)).collect())
        }
        _ => refused(404, "Not Found"),
    }
}

fn since(call: &Call, name: &str) -> i64 {
    call.asked(name).and_then(crate::date::read).unwrap_or(i64::MIN)
}

/// Issues and proposals together, as GitHub lists them.
fn issues(world: &World, call: &Call, at: usize) -> Vec<Value> {
    let Some(known) = world.repositories.get(at) else { return Vec::new() };
    let (state, since) = (call.asked("state").unwrap_or("open"), since(call, "since"));
    let wanted: Vec<&str> =
        call.asked("labels").unwrap_or_default().split(',').filter(|name| !name.is_empty()).collect();
    let mut found: Vec<_> = known
        .issues
        .iter()
        .filter(|issue| issue.gone.is_none() && issue.updated >= since)
        .filter(|issue| state == "all" || (state == "open") == issue.open)
        .filter(|issue| {
            wanted.iter().all(|name| world.find_label(at, name).is_some_and(|label| issue.labels.contains(&label.id)))
        })
        .collect();
    match call.asked("sort") {
        Some("updated") => found.sort_by_key(|issue| (issue.updated, issue.id)),
        Some("comments") => found.sort_by_key(|issue| (issue.comments.len(), issue.id)),
        _ => found.sort_by_key(|issue| (issue.created, issue.id)),
    }
    if call.asked("direction") != Some("asc") {
        found.reverse();
    }
    found.into_iter().map(|issue| json::issue(world, issue)).collect()
}

fn comments(world: &World, call: &Call, at: usize) -> Vec<Value> {
    let Some(known) = world.repositories.get(at) else { return Vec::new() };
    let since = since(call, "since");
    let there = known.issues.iter().filter(|issue| issue.gone.is_none());
    let mut found: Vec<_> = there
        .flat_map(|issue| issue.comments.iter().map(move |comment| (issue, comment)))
        .filter(|(_, comment)| comment.updated >= since)
        .collect();
    match call.asked("sort") {
        Some("updated") => found.sort_by_key(|(_, comment)| (comment.updated, comment.id)),
        _ => found.sort_by_key(|(_, comment)| (comment.created, comment.id)),
    }
    if call.asked("direction") == Some("desc") {
        found.reverse();
    }
    found.into_iter().map(|(issue, comment)| json::comment(world, issue, comment)).collect()
}

fn commits(world: &World, call: &Call, at: usize) -> Vec<Value> {
    let Some(known) = world.repositories.get(at) else { return Vec::new() };
    let (since, until) = (since(call, "since"), call.asked("until").and_then(crate::date::read).unwrap_or(i64::MAX));
    let found = known.commits.iter().rev().filter(|commit| (since..=until).contains(&commit.at));
    found.map(|commit| json::commit(world, at, commit)).collect()
}
