//! The forge's things in Gitea's words.

use serde_json::{Value, json};

use crate::date::text;
use crate::hook::{Hook, action, comment_of, join};
use crate::world::{Comment, Commit, Event, Happening, Issue, Kind, Label, Release, Repository, Review, World};

pub fn user(world: &World, login: &str) -> Value {
    let id = world.users.iter().find(|user| user.login == login).map_or(0, |user| user.id);
    json!({
        "id": id, "login": login, "username": login, "full_name": "", "email": format!("{login}@noreply.example.org"),
        "avatar_url": format!("{}/avatars/{id}", world.base), "is_admin": false, "visibility": "public",
    })
}

fn full_name(world: &World, at: usize) -> String {
    world.repositories.get(at).map(Repository::full_name).unwrap_or_default()
}

pub fn repository(world: &World, at: usize) -> Value {
    let Some(known) = world.repositories.get(at) else { return Value::Null };
    let full = known.full_name();
    json!({
        "id": known.id, "owner": user(world, &known.owner), "name": known.name, "full_name": full, "description": "",
        "empty": known.commits.is_empty(), "private": known.private, "fork": false, "html_url": format!("{}/{full}", world.base),
        "clone_url": format!("{}/{full}.git", world.base), "default_branch": "main", "archived": false,
        "created_at": text(known.created), "updated_at": text(world.now), "has_issues": true,
        "open_issues_count": known.issues.iter().filter(|issue| issue.open && issue.gone.is_none()).count(),
        "permissions": { "admin": true, "push": true, "pull": true },
    })
}

pub fn label(world: &World, at: usize, label: &Label) -> Value {
    json!({
        "id": label.id, "name": label.name, "color": label.color, "description": "", "exclusive": false, "is_archived": false,
        "url": format!("{}/api/v1/repos/{}/labels/{}", world.base, full_name(world, at), label.id),
    })
}

pub fn labels(world: &World, issue: &Issue) -> Vec<Value> {
    let at = issue.at.repository;
    issue.labels.iter().filter_map(|id| world.label(at, *id)).map(|known| label(world, at, known)).collect()
}

pub fn issue(world: &World, issue: &Issue) -> Value {
    let (full, number) = (full_name(world, issue.at.repository), issue.at.number);
    let kind = if issue.pull.is_some() { "pulls" } else { "issues" };
    let known = world.repositories.get(issue.at.repository);
    json!({
        "id": issue.id, "number": number, "title": issue.title, "body": issue.body, "user": user(world, &issue.author),
        "original_author": "", "original_author_id": 0, "ref": "", "labels": labels(world, issue), "milestone": null, "assignee": null,
        "assignees": null, "state": if issue.open { "open" } else { "closed" }, "is_locked": false,
        "comments": issue.comments.len(), "created_at": text(issue.created), "updated_at": text(issue.updated),
        "closed_at": issue.closed.map(text), "due_date": null,
        "pull_request": issue.pull.as_ref().map(|pull| json!({ "merged": pull.merged.is_some(), "merged_at": pull.merged_at.map(text) })),
        "url": format!("{}/api/v1/repos/{full}/issues/{number}", world.base),
        "html_url": format!("{}/{full}/{kind}/{number}", world.base),
        "repository": known.map(|known| json!({
            "id": known.id, "name": known.name, "owner": known.owner, "full_name": full,
        })),
    })
}

pub fn pull(world: &World, known: &Issue) -> Value {
    let Some(pull) = &known.pull else { return Value::Null };
    let part = json!({
        "merged": pull.merged.is_some(), "merged_at": pull.merged_at.map(text), "merge_commit_sha": pull.merged, "mergeable": true,
        "merged_by": pull.merged_by.as_ref().map(|login| user(world, login)), "head": { "ref": pull.head, "sha": "0".repeat(40) },
        "base": { "ref": "main", "sha": "0".repeat(40) },
    });
    join(issue(world, known), part)
}

pub fn review(world: &World, review: &Review) -> Value {
    // Gitea's own word for a demand of changes.
    let state = if review.state == "CHANGES_REQUESTED" { "REQUEST_CHANGES" } else { review.state.as_str() };
    json!({
        "id": review.id, "user": user(world, &review.author), "state": state, "body": review.body, "submitted_at": text(review.at),
        "commit_id": "0".repeat(40), "stale": false, "official": true, "dismissed": false, "comments_count": 0,
    })
}

pub fn comment(world: &World, issue: &Issue, comment: &Comment) -> Value {
    let there = format!("{}/{}/issues/{}", world.base, full_name(world, issue.at.repository), issue.at.number);
    json!({
        "id": comment.id, "html_url": format!("{there}#issuecomment-{}", comment.id), "pull_request_url": "", "issue_url": there,
        "user": user(world, &comment.author), "original_author": "", "original_author_id": 0, "body": comment.body,
        "created_at": text(comment.created), "updated_at": text(comment.updated), "assets": [],
    })
}

pub fn commit(world: &World, at: usize, commit: &Commit) -> Value {
    let url = format!("{}/api/v1/repos/{}/git/commits/{}", world.base, full_name(world, at), commit.sha);
    let signed = json!({
        "name": commit.author, "email": format!("{}@example.org", commit.author), "date": text(commit.at),
    });
    json!({
        "url": url, "sha": commit.sha, "created": text(commit.at), "html_url": url, "parents": [],
        "commit": { "message": commit.message, "author": signed, "committer": signed, "url": url },
        "author": user(world, &commit.author), "committer": user(world, &commit.author),
    })
}

pub fn release(world: &World, at: usize, release: &Release) -> Value {
    json!({
        "id": release.id, "tag_name": release.tag, "target_commitish": "main", "name": release.tag, "body": release.body,
        "url": format!("{}/api/v1/repos/{}/releases/{}", world.base, full_name(world, at), release.id),
        "html_url": format!("{}/{}/releases/tag/{}", world.base, full_name(world, at), release.tag), "draft": false,
        "prerelease": false, "created_at": text(release.at), "published_at": text(release.at),
        "author": user(world, &release.author), "assets": [],
    })
}

pub fn hook(world: &World, hook: &Hook) -> Value {
    json!({
        "id": hook.id, "type": "gitea", "config": { "content_type": "json", "url": hook.url }, "events": ["push", "issues"],
        "active": true, "created_at": text(world.now), "updated_at": text(world.now),
    })
}

/// A row of an issue's history.
pub fn timeline(world: &World, event: &Event) -> Option<Value> {
    let (kind, more) = match &event.what {
        Happening::Closed(_) => ("close", json!({})),
        Happening::Reopened => ("reopen", json!({})),
        Happening::Renamed(from, to) => ("change_title", json!({ "old_title": from, "new_title": to })),
        Happening::Labelled(id) | Happening::Unlabelled(id) => {
            let known = world.label(event.at.repository, *id).map(|known| label(world, event.at.repository, known));
            let added = matches!(event.what, Happening::Labelled(_));
            ("label", json!({ "label": known, "body": if added { "1" } else { "" } }))
        }
        Happening::Commented(id) => {
            let said = world.issue(event.at).and_then(|issue| issue.comment(*id));
            ("comment", json!({ "body": said.map(|comment| comment.body.clone()) }))
        }
        _ => return None,
    };
    let shell = json!({
        "id": event.id, "type": kind, "user": user(world, &event.actor), "created_at": text(event.time),
        "updated_at": text(event.time), "body": "",
    });
    Some(join(shell, more))
}

/// The delivery for an event: its name and its body. Gitea calls no hook where an issue is deleted.
pub fn event(world: &World, event: &Event) -> Option<(&'static str, Value)> {
    let known = world.issue(event.at)?;
    let (word, more) = action(world, event)?;
    let word = match word {
        "labeled" | "unlabeled" => "label_updated",
        other => other,
    };
    let shell = json!({
        "action": word, "number": event.at.number, "repository": repository(world, event.at.repository),
        "sender": user(world, &event.actor),
    });
    let body = join(shell, more);
    if let Some(said) = comment_of(&event.what).and_then(|id| known.comment(id)) {
        let part = json!({
            "issue": issue(world, known), "comment": comment(world, known, said), "is_pull": known.pull.is_some(),
        });
        return Some(("issue_comment", join(body, part)));
    }
    match event.what {
        Happening::Deleted | Happening::Moved(_) => None,
        Happening::Reviewed(_) => {
            let part =
                json!({ "pull_request": pull(world, known), "review": { "type": "pull_request_review_approved" } });
            Some(("pull_request_approved", join(body, part)))
        }
        _ if event.at.kind == Kind::Pull => {
            Some(("pull_request", join(body, json!({ "pull_request": pull(world, known) }))))
        }
        Happening::Labelled(_) | Happening::Unlabelled(_) => {
            Some(("issue_label", join(body, json!({ "issue": issue(world, known) }))))
        }
        _ => Some(("issues", join(body, json!({ "issue": issue(world, known) })))),
    }
}

/// The delivery for a commit.
pub fn push(world: &World, at: usize, commit: &Commit) -> Value {
    let author =
        json!({ "name": commit.author, "email": format!("{}@example.org", commit.author), "username": commit.author });
    let said = json!({
        "id": commit.sha, "message": commit.message, "timestamp": text(commit.at), "author": author, "committer": author,
    });
    json!({
        "ref": "refs/heads/main", "before": "0".repeat(40), "after": commit.sha, "commits": [said], "head_commit": said,
        "total_commits": 1, "repository": repository(world, at), "pusher": user(world, &commit.author),
        "sender": user(world, &commit.author),
    })
}

/// The delivery for a release.
pub fn released(world: &World, at: usize, made: &Release) -> Value {
    json!({
        "action": "published", "release": release(world, at, made), "repository": repository(world, at),
        "sender": user(world, &made.author),
    })
}
