//! The forge's things in GitLab's words.

use serde_json::{Value, json};

use crate::date::text_in_thousandths as text;
use crate::hook::{Hook, comment_of, join};
use crate::world::{Comment, Commit, Event, Gone, Happening, Issue, Kind, Label, Release, Repository, World};

pub fn user(world: &World, login: &str) -> Value {
    let id = world.users.iter().find(|user| user.login == login).map_or(0, |user| user.id);
    json!({
        "id": id, "username": login, "name": login, "state": "active", "locked": false,
        "avatar_url": null, "web_url": format!("{}/{login}", world.base),
    })
}

fn web(world: &World, at: usize) -> String {
    format!("{}/{}", world.base, world.repositories.get(at).map(Repository::full_name).unwrap_or_default())
}

pub fn project(world: &World, at: usize) -> Value {
    let Some(known) = world.repositories.get(at) else { return Value::Null };
    json!({
        "id": known.id, "name": known.name, "path": known.name, "path_with_namespace": known.full_name(),
        "name_with_namespace": format!("{} / {}", known.owner, known.name), "web_url": web(world, at), "default_branch": "main",
        "visibility": if known.private { "private" } else { "public" }, "created_at": text(known.created),
        "last_activity_at": text(world.now), "namespace": { "id": 1, "name": known.owner, "path": known.owner, "full_path": known.owner },
        "issues_enabled": true, "archived": false,
        "open_issues_count": known.issues.iter().filter(|issue| issue.open && issue.at.kind == Kind::Issue).count(),
    })
}

pub fn label(label: &Label) -> Value {
    json!({
        "id": label.id, "name": label.name, "color": format!("#{}", label.color), "description": null, "text_color": "#FFFFFF",
        "is_project_label": true, "priority": null,
    })
}

fn names(world: &World, issue: &Issue) -> Vec<String> {
    issue.labels.iter().filter_map(|id| world.label(issue.at.repository, *id)).map(|label| label.name.clone()).collect()
}

fn state(issue: &Issue) -> &'static str {
    match &issue.pull {
        Some(pull) if pull.merged.is_some() => "merged",
        _ if issue.open => "opened",
        _ => "closed",
    }
}

pub fn issue(world: &World, issue: &Issue) -> Value {
    let (at, number) = (issue.at.repository, issue.at.number);
    let project = world.repositories.get(at).map_or(0, |known| known.id);
    let moved = match issue.gone {
        Some(Gone::Moved(to)) => world.issue(to).map(|issue| issue.id),
        _ => None,
    };
    let (noun, sign) = if issue.pull.is_some() { ("merge_requests", '!') } else { ("issues", '#') };
    let shell = json!({
        "id": issue.id, "iid": number, "project_id": project, "title": issue.title, "description": issue.body, "state": state(issue),
        "created_at": text(issue.created), "updated_at": text(issue.updated), "closed_at": issue.closed.map(text),
        "closed_by": issue.closed_by.as_ref().map(|login| user(world, login)), "labels": names(world, issue), "milestone": null,
        "assignees": [], "assignee": null, "author": user(world, &issue.author), "user_notes_count": issue.comments.len(),
        "upvotes": 0, "downvotes": 0, "confidential": false, "web_url": format!("{}/-/{noun}/{number}", web(world, at)),
        "references": { "short": format!("{sign}{number}"), "relative": format!("{sign}{number}") }, "moved_to_id": moved,
        "issue_type": "issue", "type": "ISSUE",
    });
    let Some(pull) = &issue.pull else { return shell };
    let part = json!({
        "source_branch": pull.head, "target_branch": "main", "merged_at": pull.merged_at.map(text), "merge_commit_sha": pull.merged,
        "merge_user": pull.merged_by.as_ref().map(|login| user(world, login)), "draft": false, "sha": "0".repeat(40),
    });
    join(shell, part)
}

pub fn note(world: &World, issue: &Issue, comment: &Comment) -> Value {
    json!({
        "id": comment.id, "type": null, "body": comment.body, "author": user(world, &comment.author), "system": false,
        "created_at": text(comment.created), "updated_at": text(comment.updated), "noteable_id": issue.id,
        "noteable_type": if issue.pull.is_some() { "MergeRequest" } else { "Issue" }, "noteable_iid": issue.at.number,
        "resolvable": false, "confidential": false, "internal": false,
    })
}

pub fn commit(world: &World, at: usize, commit: &Commit) -> Value {
    let first = commit.message.lines().next().unwrap_or_default();
    json!({
        "id": commit.sha, "short_id": commit.sha.get(..8), "title": first, "message": commit.message, "parent_ids": [],
        "author_name": commit.author, "author_email": format!("{}@example.org", commit.author), "authored_date": text(commit.at),
        "committer_name": commit.author, "committer_email": format!("{}@example.org", commit.author),
        "committed_date": text(commit.at), "created_at": text(commit.at), "web_url": format!("{}/-/commit/{}", web(world, at), commit.sha),
    })
}

pub fn release(world: &World, release: &Release) -> Value {
    json!({
        "tag_name": release.tag, "name": release.tag, "description": release.body, "created_at": text(release.at),
        "released_at": text(release.at), "author": user(world, &release.author), "upcoming_release": false,
    })
}

pub fn hook(world: &World, hook: &Hook) -> Value {
    let project = world.repositories.get(hook.repository).map_or(0, |known| known.id);
    json!({
        "id": hook.id, "url": hook.url, "project_id": project, "issues_events": true, "note_events": true, "push_events": true,
        "merge_requests_events": true, "releases_events": true, "enable_ssl_verification": true, "created_at": text(world.now),
    })
}

pub fn state_event(world: &World, event: &Event) -> Option<Value> {
    let state = match event.what {
        Happening::Closed(_) | Happening::Moved(_) => "closed",
        Happening::Reopened => "reopened",
        Happening::Merged => "merged",
        _ => return None,
    };
    let resource = world.issue(event.at).map(|issue| issue.id);
    Some(json!({
        "id": event.id, "user": user(world, &event.actor), "created_at": text(event.time), "resource_type": "Issue",
        "resource_id": resource, "state": state,
    }))
}

pub fn label_event(world: &World, event: &Event) -> Option<Value> {
    let (id, action) = match event.what {
        Happening::Labelled(id) => (id, "add"),
        Happening::Unlabelled(id) => (id, "remove"),
        _ => return None,
    };
    let known = world.label(event.at.repository, id).map(label);
    Some(json!({
        "id": event.id, "user": user(world, &event.actor), "created_at": text(event.time), "resource_type": "Issue",
        "label": known, "action": action,
    }))
}

pub fn project_event(world: &World, event: &Event) -> Option<Value> {
    let action = match event.what {
        Happening::Opened => "opened",
        Happening::Closed(_) => "closed",
        Happening::Reopened => "reopened",
        Happening::Commented(_) => "commented on",
        Happening::Merged => "accepted",
        _ => return None,
    };
    let issue = world.issue(event.at)?;
    let project = world.repositories.get(event.at.repository).map(|known| known.id);
    Some(json!({
        "id": event.id, "project_id": project, "action_name": action, "target_id": issue.id, "target_iid": issue.at.number,
        "target_type": if event.at.kind == Kind::Pull { "MergeRequest" } else { "Issue" }, "target_title": issue.title,
        "author": user(world, &event.actor), "author_username": event.actor, "created_at": text(event.time),
    }))
}

/// The project as it stands in a delivery.
fn in_delivery(world: &World, at: usize) -> Value {
    let Some(known) = world.repositories.get(at) else { return Value::Null };
    json!({
        "id": known.id, "name": known.name, "description": "", "web_url": web(world, at), "namespace": known.owner,
        "visibility_level": if known.private { 0 } else { 20 }, "path_with_namespace": known.full_name(),
        "default_branch": "main", "homepage": web(world, at), "url": format!("{}.git", web(world, at)),
    })
}

/// The delivery for an event: its name and its body. GitLab calls no hook where an issue is deleted.
pub fn event(world: &World, event: &Event) -> Option<(&'static str, Value)> {
    let known = world.issue(event.at)?;
    let (at, pull) = (event.at.repository, event.at.kind == Kind::Pull);
    let person = user(world, &event.actor);
    let shell = json!({
        "user": person, "project": in_delivery(world, at), "repository": { "name": world.repositories.get(at).map(|known| known.name.clone()), "homepage": web(world, at) },
    });
    let said = issue(world, known);
    if let Some(written) = comment_of(&event.what).and_then(|id| known.comment(id)) {
        let word = match event.what {
            Happening::Commented(_) => "create",
            Happening::CommentEdited(_) => "update",
            _ => return None,
        };
        let note = json!({
            "id": written.id, "note": written.body, "noteable_type": if pull { "MergeRequest" } else { "Issue" },
            "author_id": person.get("id"), "created_at": text(written.created), "updated_at": text(written.updated),
            "project_id": said.get("project_id"), "noteable_id": known.id, "system": false, "action": word,
            "url": format!("{}#note_{}", said.get("web_url").and_then(Value::as_str).unwrap_or_default(), written.id),
        });
        let target = if pull { "merge_request" } else { "issue" };
        let body = json!({ "object_kind": "note", "event_type": "note", "object_attributes": note, target: attributes(&said) });
        return Some(("Note Hook", join(shell, body)));
    }
    let mut changes = json!({});
    let word = match &event.what {
        Happening::Opened => "open",
        Happening::Closed(_) | Happening::Moved(_) => "close",
        Happening::Reopened => "reopen",
        Happening::Merged => "merge",
        Happening::Renamed(from, to) => {
            changes = json!({ "title": { "previous": from, "current": to } });
            "update"
        }
        Happening::Edited | Happening::Labelled(_) | Happening::Unlabelled(_) => "update",
        Happening::Reviewed(_) => "approved",
        _ => return None,
    };
    let (kind, name) = if pull { ("merge_request", "Merge Request Hook") } else { ("issue", "Issue Hook") };
    let labels: Vec<Value> = known
        .labels
        .iter()
        .filter_map(|id| world.label(at, *id))
        .map(|label| json!({ "id": label.id, "title": label.name }))
        .collect();
    let object = join(attributes(&said), json!({ "action": word, "labels": labels }));
    let body = json!({ "object_kind": kind, "event_type": kind, "object_attributes": object, "labels": labels, "changes": changes });
    Some((name, join(shell, body)))
}

/// The fields that deliveries have of an issue; the address has another name there.
fn attributes(said: &Value) -> Value {
    let url = said.get("web_url").cloned().unwrap_or(Value::Null);
    let author = said.get("author").and_then(|author| author.get("id")).cloned().unwrap_or(Value::Null);
    join(said.clone(), json!({ "url": url, "author_id": author }))
}

/// The delivery for a commit.
pub fn push(world: &World, at: usize, commit: &Commit) -> Value {
    let id = world.users.iter().find(|user| user.login == commit.author).map(|user| user.id);
    let said = json!({
        "id": commit.sha, "message": commit.message, "title": commit.message.lines().next(), "timestamp": text(commit.at),
        "url": format!("{}/-/commit/{}", web(world, at), commit.sha),
        "author": { "name": commit.author, "email": format!("{}@example.org", commit.author) },
    });
    json!({
        "object_kind": "push", "event_name": "push", "before": "0".repeat(40), "after": commit.sha, "ref": "refs/heads/main",
        "checkout_sha": commit.sha, "user_id": id, "user_username": commit.author, "user_name": commit.author,
        "project_id": world.repositories.get(at).map(|known| known.id), "project": in_delivery(world, at), "commits": [said],
        "total_commits_count": 1,
    })
}

/// The delivery for a release.
pub fn released(world: &World, at: usize, made: &Release) -> Value {
    join(
        json!({ "id": made.id, "object_kind": "release", "action": "create", "project": in_delivery(world, at), "tag": made.tag }),
        release(world, made),
    )
}
