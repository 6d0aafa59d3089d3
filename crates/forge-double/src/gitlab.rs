//! GitLab's interface, version 4. Source: docs.gitlab.com/api; deliveries as its documentation shows them.

mod json;
mod write;

use serde_json::{Value, json};

pub use json::{event, push, released};

use crate::answer::Answer;
use crate::call::Call;
use crate::page::page;
use crate::world::{Access, Gone, Happening, Issue, Kind, Number, Token, World};

/// Answers one call.
pub fn answer(world: &mut World, call: &Call) -> Answer {
    let Some(steps) = call.steps("/api/v4") else { return refused(404, "404 Not Found") };
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let token = match call.token() {
        None => None,
        Some(shown) => match world.tokens.get(shown) {
            Some(token) => Some(token.clone()),
            None => return refused(401, "401 Unauthorized"),
        },
    };
    match (call.method.as_str(), steps.as_slice()) {
        ("GET", ["version"]) => match token {
            Some(_) => Answer::json(200, &json!({ "version": "17.5.2", "revision": "0000000" })),
            None => refused(401, "401 Unauthorized"),
        },
        ("GET", ["user"]) => match &token {
            Some(token) => Answer::json(200, &json::user(world, &token.login)).marked(call),
            None => refused(401, "401 Unauthorized"),
        },
        // A project by its number, or by its path in one step with the slash escaped.
        (_, ["projects", name, rest @ ..]) => {
            let by_number = world.repositories.iter().position(|known| known.id.to_string() == *name);
            let found = by_number.or_else(|| world.find_repository(name));
            in_project(world, call, token.as_ref(), found, rest)
        }
        _ => refused(404, "404 Not Found"),
    }
}

/// An answer that says no.
pub fn refused(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}

fn in_project(world: &mut World, call: &Call, token: Option<&Token>, found: Option<usize>, rest: &[&str]) -> Answer {
    let may_read = |private: bool| !private || token.is_some_and(|token| token.access >= Access::Read);
    let Some(at) = found.filter(|at| world.repositories.get(*at).is_some_and(|known| may_read(known.private))) else {
        return refused(404, "404 Project Not Found");
    };
    if call.method == "GET" {
        return read(world, call, at, rest).marked(call);
    }
    match token {
        None => refused(401, "401 Unauthorized"),
        Some(token) if token.access == Access::Read => {
            let text = "The request requires higher privileges than provided by the access token.";
            Answer::json(403, &json!({ "error": "insufficient_scope", "error_description": text, "scope": "api" }))
        }
        Some(token) => write::answer(world, call, token, at, rest),
    }
}

/// The issue or merge request that is meant. A moved issue stays where it was, closed.
pub fn find(world: &World, repository: usize, kind: Kind, number: &str) -> Option<Number> {
    let at = world.find_number(repository, number.parse().ok()?, kind)?;
    Some(at).filter(|at| world.issue(*at).is_some_and(|issue| issue.gone != Some(Gone::Deleted)))
}

fn read(world: &World, call: &Call, at: usize, rest: &[&str]) -> Answer {
    let Some(known) = world.repositories.get(at) else { return refused(404, "404 Not Found") };
    match rest {
        [] => Answer::json(200, &json::project(world, at)),
        ["issues"] => page(world, call, listed(world, call, at, Kind::Issue)),
        ["merge_requests"] => page(world, call, listed(world, call, at, Kind::Pull)),
        ["issues", number, more @ ..] => match find(world, at, Kind::Issue, number) {
            Some(at) => of_issue(world, call, at, more),
            None => refused(404, "404 Not found"),
        },
        ["merge_requests", number, more @ ..] => match find(world, at, Kind::Pull, number) {
            Some(at) => of_issue(world, call, at, more),
            None => refused(404, "404 Not found"),
        },
        ["labels"] => page(world, call, known.labels.iter().map(json::label).collect()),
        ["repository", "commits"] => {
            let since = call.asked("since").and_then(crate::date::read).unwrap_or(i64::MIN);
            let commits = known.commits.iter().rev().filter(|commit| commit.at >= since);
            page(world, call, commits.map(|commit| json::commit(world, at, commit)).collect())
        }
        ["releases"] => {
            page(world, call, known.releases.iter().rev().map(|release| json::release(world, release)).collect())
        }
        ["hooks"] => {
            let hooks = world.hooks.iter().filter(|hook| hook.repository == at);
            page(world, call, hooks.map(|hook| json::hook(world, hook)).collect())
        }
        ["events"] => {
            page(world, call, known.events.iter().rev().filter_map(|event| json::project_event(world, event)).collect())
        }
        _ => refused(404, "404 Not Found"),
    }
}

fn of_issue(world: &World, call: &Call, at: Number, rest: &[&str]) -> Answer {
    let Some(issue) = world.issue(at) else { return refused(404, "404 Not found") };
    let known = world.repositories.get(at.repository);
    let events = || known.iter().flat_map(|known| &known.events).filter(move |event| event.at == at);
    match rest {
        [] => Answer::json(200, &json::issue(world, issue)),
        ["notes"] => {
            let mut notes: Vec<Value> =
                issue.comments.iter().map(|comment| json::note(world, issue, comment)).collect();
            // Newest first, unless asked otherwise.
            if call.asked("sort") != Some("asc") {
                notes.reverse();
            }
            page(world, call, notes)
        }
        ["notes", id] => {
            let id = id.parse().unwrap_or(0);
            issue.comment(id).map_or_else(
                || refused(404, "404 Not found"),
                |comment| Answer::json(200, &json::note(world, issue, comment)),
            )
        }
        ["approvals"] => {
            let approved = issue.pull.iter().flat_map(|pull| &pull.reviews).filter(|review| review.state == "APPROVED");
            let by: Vec<Value> = approved.map(|review| json!({ "user": json::user(world, &review.author) })).collect();
            Answer::json(200, &json!({ "approved": !by.is_empty(), "approved_by": by }))
        }
        ["resource_state_events"] => {
            page(world, call, events().filter_map(|event| json::state_event(world, event)).collect())
        }
        ["resource_label_events"] => {
            let labels =
                events().filter(|event| matches!(event.what, Happening::Labelled(_) | Happening::Unlabelled(_)));
            page(world, call, labels.filter_map(|event| json::label_event(world, event)).collect())
        }
        _ => refused(404, "404 Not Found"),
    }
}

fn listed(world: &World, call: &Call, at: usize, kind: Kind) -> Vec<Value> {
    let Some(known) = world.repositories.get(at) else { return Vec::new() };
    let after = call.asked("updated_after").and_then(crate::date::read).unwrap_or(i64::MIN);
    let state = call.asked("state").unwrap_or("all");
    let wanted: Vec<&str> =
        call.asked("labels").unwrap_or_default().split(',').filter(|name| !name.is_empty()).collect();
    let mut found: Vec<&Issue> = known
        .issues
        .iter()
        .filter(|issue| issue.at.kind == kind && issue.gone != Some(Gone::Deleted) && issue.updated >= after)
        .filter(|issue| match state {
            "opened" => issue.open,
            "closed" => !issue.open,
            "merged" => issue.pull.as_ref().is_some_and(|pull| pull.merged.is_some()),
            _ => true,
        })
        .filter(|issue| {
            wanted.iter().all(|name| world.find_label(at, name).is_some_and(|label| issue.labels.contains(&label.id)))
        })
        .collect();
    match call.asked("order_by") {
        Some("updated_at") => found.sort_by_key(|issue| (issue.updated, issue.id)),
        _ => found.sort_by_key(|issue| (issue.created, issue.id)),
    }
    if call.asked("sort") != Some("asc") {
        found.reverse();
    }
    found.into_iter().map(|issue| json::issue(world, issue)).collect()
}
