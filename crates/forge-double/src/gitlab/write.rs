//! The calls that change something, in GitLab's words.

use serde_json::{Map, Value, json};

use super::{find, json as said, refused};
use crate::answer::Answer;
use crate::call::Call;
use crate::world::{Access, Kind, Number, Token, World};

/// Answers a call of somebody with a token.
pub fn answer(world: &mut World, call: &Call, token: &Token, at: usize, rest: &[&str]) -> Answer {
    let Some(mut fields) = call.fields() else { return Answer::json(400, &json!({ "error": "body is invalid" })) };
    // Parameters may stand in the address too.
    for (name, value) in &call.query {
        fields.entry(name.clone()).or_insert_with(|| Value::String(value.clone()));
    }
    let by = token.login.as_str();
    let writer = token.access == Access::Write;
    match (call.method.as_str(), rest) {
        ("POST", ["issues"]) => {
            let Some(title) = text(&fields, "title").filter(|title| !title.trim().is_empty()) else {
                return Answer::json(400, &json!({ "error": "title is missing" }));
            };
            let opened = world.open_issue(at, by, &title, &text(&fields, "description").unwrap_or_default());
            if writer && fields.contains_key("labels") {
                let labels = ids(world, at, &fields, "labels");
                world.set_labels(opened, by, &labels);
            }
            shown(world, 201, opened)
        }
        ("POST", ["labels"]) if writer => {
            let Some(name) = text(&fields, "name") else {
                return Answer::json(400, &json!({ "error": "name is missing" }));
            };
            let Some(color) = text(&fields, "color") else {
                return Answer::json(400, &json!({ "error": "color is missing" }));
            };
            if world.find_label(at, &name).is_some() {
                return refused(409, "Label already exists");
            }
            let id = world.make_label(at, &name, color.trim_start_matches('#'));
            Answer::json(201, &world.label(at, id).map_or(Value::Null, said::label))
        }
        ("POST", ["hooks"]) if writer => {
            let Some(url) = text(&fields, "url") else {
                return Answer::json(400, &json!({ "error": "url is missing" }));
            };
            let secret = text(&fields, "signing_token").or_else(|| text(&fields, "token")).unwrap_or_default();
            let id = world.hook(at, &url, &secret);
            let made = world.hooks.iter().find(|hook| hook.id == id);
            Answer::json(201, &made.map_or(Value::Null, |hook| said::hook(world, hook)))
        }
        (method, [noun @ ("issues" | "merge_requests"), number, more @ ..]) => {
            let kind = if *noun == "issues" { Kind::Issue } else { Kind::Pull };
            match find(world, at, kind, number) {
                Some(at) => of_issue(world, method, token, at, more, &fields),
                None => refused(404, "404 Not found"),
            }
        }
        _ if !writer => refused(403, "403 Forbidden"),
        _ => refused(404, "404 Not Found"),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The ids of labels by name, in a list or between commas; a name that is new becomes a label.
fn ids(world: &mut World, at: usize, fields: &Map<String, Value>, name: &str) -> Vec<u64> {
    let names: Vec<String> = match fields.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(list)) => list.split(',').map(str::trim).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let names = names.into_iter().filter(|name| !name.is_empty());
    names.map(|name| world.make_label(at, &name, "6699cc")).collect()
}

fn shown(world: &World, status: u16, at: Number) -> Answer {
    Answer::json(status, &world.issue(at).map_or(Value::Null, |issue| said::issue(world, issue)))
}

fn note(world: &World, status: u16, at: Number, id: u64) -> Answer {
    let made = world.issue(at).and_then(|issue| issue.comment(id).map(|made| said::note(world, issue, made)));
    Answer::json(status, &made.unwrap_or(Value::Null))
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
    let own = world.issue(at).is_some_and(|issue| issue.author == by);
    let writer = token.access == Access::Write;
    match (method, rest) {
        ("POST", ["notes"]) => {
            let Some(body) = text(fields, "body").filter(|body| !body.trim().is_empty()) else {
                return Answer::json(400, &json!({ "error": "body is missing" }));
            };
            let id = world.comment(at, by, &body);
            note(world, 201, at, id)
        }
        ("PUT" | "DELETE", ["notes", id]) => {
            let id = id.parse().unwrap_or(0);
            let theirs = world.issue(at).and_then(|issue| issue.comment(id)).map(|comment| comment.author == by);
            match theirs {
                None => refused(404, "404 Note Not Found"),
                Some(false) if !writer => refused(403, "403 Forbidden"),
                Some(_) if method == "DELETE" => {
                    world.delete_comment(at, by, id);
                    Answer::empty(204)
                }
                Some(_) => {
                    world.edit_comment(at, by, id, &text(fields, "body").unwrap_or_default());
                    note(world, 200, at, id)
                }
            }
        }
        _ if !(writer || own && method == "PUT") => refused(403, "403 Forbidden"),
        ("PUT", []) => change(world, by, at, fields),
        ("DELETE", []) => {
            world.delete(at, by);
            Answer::empty(204)
        }
        ("POST", ["move"]) => {
            let to = fields.get("to_project_id").and_then(Value::as_u64);
            let to = world.repositories.iter().position(|known| Some(known.id) == to);
            match to.and_then(|to| world.transfer(at, by, to)) {
                Some(there) => shown(world, 201, there),
                None => refused(400, "Cannot move issue to project it originates from!"),
            }
        }
        _ => refused(404, "404 Not Found"),
    }
}

fn change(world: &mut World, by: &str, at: Number, fields: &Map<String, Value>) -> Answer {
    let event = text(fields, "state_event");
    if event.as_deref().is_some_and(|event| event != "close" && event != "reopen") {
        return Answer::json(400, &json!({ "error": "state_event does not have a valid value" }));
    }
    if let Some(title) = text(fields, "title") {
        if title.trim().is_empty() {
            return Answer::json(400, &json!({ "message": { "title": ["can't be blank"] } }));
        }
        world.retitle(at, by, &title);
    }
    if let Some(body) = text(fields, "description") {
        world.rewrite(at, by, &body);
    }
    let mut labels = world.issue(at).map(|issue| issue.labels.clone()).unwrap_or_default();
    if fields.contains_key("labels") {
        labels = ids(world, at.repository, fields, "labels");
    }
    let (more, less) =
        (ids(world, at.repository, fields, "add_labels"), ids(world, at.repository, fields, "remove_labels"));
    labels.extend(more.into_iter().filter(|id| !labels.contains(id)).collect::<Vec<_>>());
    labels.retain(|id| !less.contains(id));
    world.set_labels(at, by, &labels);
    match event.as_deref() {
        Some("close") => world.close(at, by, None),
        Some("reopen") => world.reopen(at, by),
        _ => {}
    }
    shown(world, 200, at)
}
