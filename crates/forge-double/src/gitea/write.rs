//! The calls that change something, in Gitea's words.

use serde_json::{Map, Value, json};

use super::{find, json as said, refused};
use crate::answer::Answer;
use crate::call::Call;
use crate::world::{Access, Number, Token, World};

/// Answers a call of somebody with a token.
pub fn answer(world: &mut World, call: &Call, token: &Token, at: usize, rest: &[&str]) -> Answer {
    let Some(fields) = call.fields() else {
        return refused(422, "[]: invalid character looking for beginning of value");
    };
    let by = token.login.as_str();
    let writer = token.access == Access::Write;
    match (call.method.as_str(), rest) {
        ("POST", ["issues"]) => {
            let Some(title) = text(&fields, "title").filter(|title| !title.trim().is_empty()) else {
                return refused(422, "[Title]: Required");
            };
            let Some(labels) = ids(&fields) else { return wrong_label("CreateIssueOption") };
            let opened = world.open_issue(at, by, &title, &text(&fields, "body").unwrap_or_default());
            world.set_labels(opened, by, &known(world, at, labels));
            shown(world, opened)
        }
        ("POST", ["labels"]) if writer => {
            let (Some(name), Some(color)) = (text(&fields, "name"), text(&fields, "color")) else {
                return refused(422, "[Name]: Required");
            };
            // Gitea lets two labels have one name; asked twice, it makes two. The double keeps them apart by refusing.
            if world.find_label(at, &name).is_some() {
                return refused(422, "label exists already");
            }
            let id = world.make_label(at, &name, color.trim_start_matches('#'));
            Answer::json(201, &world.label(at, id).map_or(Value::Null, |label| said::label(world, at, label)))
        }
        ("POST", ["hooks"]) if writer => {
            let config = fields.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
            let Some(url) = text(&config, "url") else { return refused(422, "Missing config option: url") };
            let id = world.hook(at, &url, &text(&config, "secret").unwrap_or_default());
            let made = world.hooks.iter().find(|hook| hook.id == id);
            Answer::json(201, &made.map_or(Value::Null, |hook| said::hook(world, hook)))
        }
        (_, ["issues", "comments", id]) => of_comment(world, call, token, at, id, &fields),
        (method, ["issues", number, more @ ..]) => match find(world, at, number) {
            None => refused(404, "issue does not exist"),
            Some(at) => of_issue(world, method, token, at, more, &fields),
        },
        _ if !writer => refused(403, "user should have a permission to write to a repo"),
        _ => refused(404, "not found"),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Labels by their ids; `None` where something else stands there.
fn ids(fields: &Map<String, Value>) -> Option<Vec<u64>> {
    match fields.get("labels") {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(labels) => labels.as_array()?.iter().map(Value::as_u64).collect(),
    }
}

fn wrong_label(option: &str) -> Answer {
    let text = format!("[]: json: cannot unmarshal string into Go struct field {option}.labels of type int64");
    refused(422, &text)
}

/// Ids that are labels here; Gitea passes over others.
fn known(world: &World, at: usize, ids: Vec<u64>) -> Vec<u64> {
    ids.into_iter().filter(|id| world.label(at, *id).is_some()).collect()
}

fn shown(world: &World, at: Number) -> Answer {
    Answer::json(201, &world.issue(at).map_or(Value::Null, |issue| said::issue(world, issue)))
}

fn of_issue(
    world: &mut World,
    method: &str,
    token: &Token,
    at: Number,
    rest: &[&str],
    fields: &Map<String, Value>,
) -> Answer {
    let by = token.login.as_str();
    if let ("POST", ["comments"]) = (method, rest) {
        let Some(body) = text(fields, "body").filter(|body| !body.trim().is_empty()) else {
            return refused(422, "[Body]: Required");
        };
        let id = world.comment(at, by, &body);
        let made = world.issue(at).and_then(|issue| issue.comment(id).map(|made| said::comment(world, issue, made)));
        return Answer::json(201, &made.unwrap_or(Value::Null));
    }
    let own = world.issue(at).is_some_and(|issue| issue.author == by);
    if token.access != Access::Write && !(own && method == "PATCH") {
        return refused(403, "user should have permission to edit issue or pull requests");
    }
    let before = world.issue(at).map(|issue| issue.labels.clone()).unwrap_or_default();
    match (method, rest) {
        ("PATCH", []) => {
            if let Some(title) = text(fields, "title").filter(|title| !title.is_empty()) {
                world.retitle(at, by, &title);
            }
            if let Some(body) = text(fields, "body") {
                world.rewrite(at, by, &body);
            }
            match text(fields, "state").as_deref() {
                Some("closed") => world.close(at, by, None),
                Some("open") => world.reopen(at, by),
                // Gitea takes any other word for "open" too.
                Some(_) => world.reopen(at, by),
                None => {}
            }
            shown(world, at)
        }
        ("DELETE", []) => {
            world.delete(at, by);
            Answer::empty(204)
        }
        ("POST" | "PUT", ["labels"]) => {
            let Some(fresh) = ids(fields) else { return wrong_label("IssueLabelsOption") };
            let mut labels = if method == "POST" { before } else { Vec::new() };
            for id in known(world, at.repository, fresh) {
                if !labels.contains(&id) {
                    labels.push(id);
                }
            }
            world.set_labels(at, by, &labels);
            let labels = world.issue(at).map(|issue| said::labels(world, issue)).unwrap_or_default();
            Answer::json(200, &Value::Array(labels))
        }
        ("DELETE", ["labels", id]) => {
            let Some(id) = id.parse::<u64>().ok().filter(|id| world.label(at.repository, *id).is_some()) else {
                return refused(422, "label does not exist");
            };
            let labels: Vec<u64> = before.into_iter().filter(|known| *known != id).collect();
            world.set_labels(at, by, &labels);
            Answer::empty(204)
        }
        _ => refused(404, "not found"),
    }
}

fn of_comment(
    world: &mut World,
    call: &Call,
    token: &Token,
    at: usize,
    id: &str,
    fields: &Map<String, Value>,
) -> Answer {
    let id = id.parse().unwrap_or(0);
    let Some(there) = world.find_comment(at, id) else { return refused(404, "comment does not exist") };
    let by = token.login.as_str();
    let own = world.issue(there).and_then(|issue| issue.comment(id)).is_some_and(|comment| comment.author == by);
    if !own && token.access != Access::Write {
        return refused(403, "user should have permission to edit comment");
    }
    match call.method.as_str() {
        "PATCH" => {
            world.edit_comment(there, by, id, &text(fields, "body").unwrap_or_default());
            let made =
                world.issue(there).and_then(|issue| issue.comment(id).map(|made| said::comment(world, issue, made)));
            Answer::json(200, &made.unwrap_or(json!(null)))
        }
        "DELETE" => {
            world.delete_comment(there, by, id);
            Answer::empty(204)
        }
        _ => refused(404, "not found"),
    }
}
