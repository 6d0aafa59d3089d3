//! The calls that change something, in GitHub's words.

use serde_json::{Map, Value, json};

use super::{find, json as said, refused};
use crate::answer::Answer;
use crate::call::Call;
use crate::world::{Access, Number, Token, World};

/// The longest text of an issue or a comment.
const BODY_LETTERS: usize = 65_536;

/// Answers a call of somebody with a token.
pub fn answer(world: &mut World, call: &Call, token: &Token, at: usize, rest: &[&str]) -> Answer {
    let array = serde_json::from_slice::<Value>(&call.body).ok().filter(Value::is_array);
    let fields = match (call.fields(), array) {
        (Some(fields), _) => fields,
        // Labels may come as a bare list.
        (None, Some(list)) => Map::from_iter([("labels".to_owned(), list)]),
        (None, None) => return refused(400, "Problems parsing JSON"),
    };
    let by = token.login.as_str();
    let writer = token.access == Access::Write;
    match (call.method.as_str(), rest) {
        ("POST", ["issues"]) => open(world, at, by, &fields),
        ("POST", ["labels"]) if writer => {
            let name = text(&fields, "name").unwrap_or_default();
            if name.is_empty() || name.chars().count() > 50 || world.find_label(at, &name).is_some() {
                return invalid("Label", "name");
            }
            let id = world.make_label(at, &name, &text(&fields, "color").unwrap_or_else(|| "ededed".to_owned()));
            let made = world.label(at, id).map_or(Value::Null, |label| said::label(world, at, label));
            Answer::json(201, &made)
        }
        ("POST", ["hooks"]) if writer => {
            let config = fields.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
            let Some(url) = text(&config, "url") else { return invalid("Hook", "url") };
            let id = world.hook(at, &url, &text(&config, "secret").unwrap_or_default());
            let made = world.hooks.iter().find(|hook| hook.id == id);
            Answer::json(201, &made.map_or(Value::Null, |hook| said::hook(world, hook)))
        }
        (_, ["issues", "comments", id]) => of_comment(world, call, token, at, id, &fields),
        (method, ["issues", number, more @ ..]) => match find(world, at, number) {
            Err(answer) if answer.status == 301 => Answer { status: 307, ..answer },
            Err(answer) => answer,
            Ok(at) => of_issue(world, method, token, at, more, &fields),
        },
        _ if !writer => refused(403, "Must have push access to Repository"),
        _ => refused(404, "Not Found"),
    }
}

fn invalid(resource: &str, field: &str) -> Answer {
    let errors = json!([{ "resource": resource, "field": field, "code": "invalid" }]);
    Answer::json(422, &json!({ "message": "Validation Failed", "errors": errors, "status": "422" }))
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The ids of labels by name; a name that is new becomes a label, as GitHub does it for those who may write.
fn ids(world: &mut World, at: usize, fields: &Map<String, Value>) -> Option<Vec<u64>> {
    let names: Option<Vec<String>> = fields
        .get("labels")?
        .as_array()?
        .iter()
        .map(|label| label.as_str().or_else(|| label.get("name").and_then(Value::as_str)).map(str::to_owned))
        .collect();
    Some(names?.iter().map(|name| world.make_label(at, name, "ededed")).collect())
}

fn open(world: &mut World, at: usize, by: &str, fields: &Map<String, Value>) -> Answer {
    let (Some(title), body) = (text(fields, "title"), text(fields, "body").unwrap_or_default()) else {
        return invalid("Issue", "title");
    };
    if title.trim().is_empty() || body.chars().count() > BODY_LETTERS {
        return invalid("Issue", "title");
    }
    let opened = world.open_issue(at, by, &title, &body);
    if let Some(labels) = ids(world, at, fields) {
        world.set_labels(opened, by, &labels);
    }
    shown(world, 201, opened)
}

fn shown(world: &World, status: u16, at: Number) -> Answer {
    Answer::json(status, &world.issue(at).map_or(Value::Null, |issue| said::issue(world, issue)))
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
            return invalid("IssueComment", "body");
        };
        if body.chars().count() > BODY_LETTERS {
            return invalid("IssueComment", "body");
        }
        let id = world.comment(at, by, &body);
        let made = world.issue(at).and_then(|issue| issue.comment(id).map(|made| said::comment(world, issue, made)));
        return Answer::json(201, &made.unwrap_or(Value::Null));
    }
    let own = world.issue(at).is_some_and(|issue| issue.author == by);
    if token.access != Access::Write && !(own && method == "PATCH") {
        return refused(403, "Must have admin rights to Repository.");
    }
    let before = world.issue(at).map(|issue| issue.labels.clone()).unwrap_or_default();
    match (method, rest) {
        ("PATCH", []) => change(world, by, at, fields),
        ("POST" | "PUT", ["labels"]) => {
            let Some(fresh) = ids(world, at.repository, fields) else { return invalid("Issue", "labels") };
            let mut labels = if method == "POST" { before } else { Vec::new() };
            labels.extend(fresh.into_iter().filter(|id| !labels.contains(id)).collect::<Vec<_>>());
            world.set_labels(at, by, &labels);
            listed(world, at)
        }
        ("DELETE", ["labels", name]) => {
            let known = world.find_label(at.repository, name).map(|label| label.id);
            let Some(id) = known.filter(|id| before.contains(id)) else { return refused(404, "Label does not exist") };
            let labels: Vec<u64> = before.into_iter().filter(|known| *known != id).collect();
            world.set_labels(at, by, &labels);
            listed(world, at)
        }
        _ => refused(404, "Not Found"),
    }
}

fn listed(world: &World, at: Number) -> Answer {
    let labels = world.issue(at).map(|issue| said::labels(world, issue)).unwrap_or_default();
    Answer::json(200, &Value::Array(labels))
}

fn change(world: &mut World, by: &str, at: Number, fields: &Map<String, Value>) -> Answer {
    let (state, reason) = (text(fields, "state"), text(fields, "state_reason"));
    let reasons = ["completed", "not_planned", "duplicate", "reopened"];
    if state.as_deref().is_some_and(|state| state != "open" && state != "closed") {
        return invalid("Issue", "state");
    }
    if reason.as_deref().is_some_and(|reason| !reasons.contains(&reason)) {
        return invalid("Issue", "state_reason");
    }
    if let Some(title) = text(fields, "title") {
        if title.trim().is_empty() {
            return invalid("Issue", "title");
        }
        world.retitle(at, by, &title);
    }
    if let Some(body) = text(fields, "body") {
        world.rewrite(at, by, &body);
    }
    if let Some(labels) = ids(world, at.repository, fields) {
        world.set_labels(at, by, &labels);
    }
    match state.as_deref() {
        Some("closed") => world.close(at, by, Some(reason.as_deref().unwrap_or("completed"))),
        Some("open") => world.reopen(at, by),
        _ => {}
    }
    shown(world, 200, at)
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
    let Some(there) = world.find_comment(at, id) else { return refused(404, "Not Found") };
    let by = token.login.as_str();
    let own = world.issue(there).and_then(|issue| issue.comment(id)).is_some_and(|comment| comment.author == by);
    if !own && token.access != Access::Write {
        return refused(403, "Must have admin rights to Repository.");
    }
    match call.method.as_str() {
        "PATCH" => {
            let Some(body) = text(fields, "body").filter(|body| !body.trim().is_empty()) else {
                return invalid("IssueComment", "body");
            };
            world.edit_comment(there, by, id, &body);
            let made =
                world.issue(there).and_then(|issue| issue.comment(id).map(|made| said::comment(world, issue, made)));
            Answer::json(200, &made.unwrap_or(Value::Null))
        }
        "DELETE" => {
            world.delete_comment(there, by, id);
            Answer::empty(204)
        }
        _ => refused(404, "Not Found"),
    }
}
