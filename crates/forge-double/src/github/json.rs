//! The forge's things in GitHub's words.

use serde_json::{Value, json};

use crate::date::text;
use crate::hook::{Hook, action, comment_of, is_comment, join};
use crate::world::{Comment, Commit, Event, Happening, Issue, Kind, Label, Release, Repository, Review, World};

pub fn user(world: &World, login: &str) -> Value {
    let known = world.users.iter().find(|user| user.login == login);
    let (id, bot) = known.map_or((0, false), |user| (user.id, user.bot));
    json!({
        "login": login, "id": id, "node_id": format!("U_{id}"), "type": if bot { "Bot" } else { "User" }, "site_admin": false,
        "url": format!("{}/users/{login}", world.base), "html_url": format!("{}/{login}", world.base),
        "avatar_url": format!("{}/avatars/{id}", world.base),
    })
}

pub fn repository(world: &World, at: usize) -> Value {
    let Some(known) = world.repositories.get(at) else { return Value::Null };
    let full = known.full_name();
    json!({
        "id": known.id, "node_id": format!("R_{}", known.id), "name": known.name, "full_name": full, "private": known.private,
        "owner": user(world, &known.owner), "html_url": format!("{}/{full}", world.base),
        "url": format!("{}/repos/{full}", world.base), "description": null, "fork": false, "default_branch": "main",
        "created_at": text(known.created), "updated_at": text(world.now), "pushed_at": text(world.now), "has_issues": true,
        "open_issues_count": known.issues.iter().filter(|issue| issue.open && issue.gone.is_none()).count(),
    })
}

pub fn label(world: &World, at: usize, label: &Label) -> Value {
    let full = world.repositories.get(at).map(Repository::full_name).unwrap_or_default();
    json!({
        "id": label.id, "node_id": format!("LA_{}", label.id), "name": label.name, "color": label.color, "default": false,
        "description": null, "url": format!("{}/repos/{full}/labels/{}", world.base, label.name),
    })
}

pub fn labels(world: &World, issue: &Issue) -> Vec<Value> {
    let at = issue.at.repository;
    issue.labels.iter().filter_map(|id| world.label(at, *id)).map(|known| label(world, at, known)).collect()
}

fn address(world: &World, issue: &Issue) -> String {
    let full = world.repositories.get(issue.at.repository).map(Repository::full_name);
    format!("{}/repos/{}/issues/{}", world.base, full.unwrap_or_default(), issue.at.number)
}

pub fn issue(world: &World, issue: &Issue) -> Value {
    let full = world.repositories.get(issue.at.repository).map(Repository::full_name);
    let (full, url, number) = (full.unwrap_or_default(), address(world, issue), issue.at.number);
    let kind = if issue.pull.is_some() { "pull" } else { "issues" };
    let mut body = json!({
        "id": issue.id, "node_id": format!("I_{}", issue.id), "number": number, "title": issue.title, "body": issue.body,
        "user": user(world, &issue.author), "labels": labels(world, issue), "state": if issue.open { "open" } else { "closed" },
        "state_reason": issue.reason, "locked": false, "assignee": null, "assignees": [], "milestone": null,
        "comments": issue.comments.len(), "created_at": text(issue.created), "updated_at": text(issue.updated),
        "closed_at": issue.closed.map(text), "closed_by": issue.closed_by.as_ref().map(|login| user(world, login)),
        "author_association": "NONE", "url": url, "repository_url": format!("{}/repos/{full}", world.base),
        "labels_url": format!("{url}/labels{{/name}}"), "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"), "html_url": format!("{}/{full}/{kind}/{number}", world.base),
    });
    if let (Some(pull), Value::Object(fields)) = (&issue.pull, &mut body) {
        let url = format!("{}/repos/{full}/pulls/{number}", world.base);
        let part = json!({ "url": url, "html_url": format!("{}/{full}/pull/{number}", world.base), "merged_at": pull.merged_at.map(text) });
        fields.insert("pull_request".to_owned(), part);
    }
    body
}

pub fn pull(world: &World, known: &Issue) -> Value {
    let full = world.repositories.get(known.at.repository).map(Repository::full_name).unwrap_or_default();
    let Some(pull) = &known.pull else { return Value::Null };
    let part = json!({
        "url": format!("{}/repos/{full}/pulls/{}", world.base, known.at.number), "draft": false, "merged": pull.merged.is_some(),
        "merged_at": pull.merged_at.map(text), "merge_commit_sha": pull.merged,
        "merged_by": pull.merged_by.as_ref().map(|login| user(world, login)),
        "head": { "ref": pull.head, "sha": "0".repeat(40) }, "base": { "ref": "main", "sha": "0".repeat(40) },
        "issue_url": address(world, known), "requested_reviewers": [],
    });
    join(issue(world, known), part)
}

pub fn review(world: &World, issue: &Issue, review: &Review) -> Value {
    json!({
        "id": review.id, "node_id": format!("PRR_{}", review.id), "user": user(world, &review.author), "body": review.body,
        "state": review.state, "submitted_at": text(review.at), "commit_id": "0".repeat(40),
        "pull_request_url": address(world, issue).replace("/issues/", "/pulls/"),
    })
}

pub fn comment(world: &World, issue: &Issue, comment: &Comment) -> Value {
    let full = world.repositories.get(issue.at.repository).map(Repository::full_name).unwrap_or_default();
    json!({
        "id": comment.id, "node_id": format!("IC_{}", comment.id), "body": comment.body, "user": user(world, &comment.author),
        "created_at": text(comment.created), "updated_at": text(comment.updated), "issue_url": address(world, issue),
        "url": format!("{}/repos/{full}/issues/comments/{}", world.base, comment.id),
        "html_url": format!("{}/{full}/issues/{}#issuecomment-{}", world.base, issue.at.number, comment.id),
        "author_association": "NONE",
    })
}

pub fn commit(world: &World, at: usize, commit: &Commit) -> Value {
    let full = world.repositories.get(at).map(Repository::full_name).unwrap_or_default();
    let signed = json!({
        "name": commit.author, "email": format!("{}@example.org", commit.author), "date": text(commit.at),
    });
    json!({
        "sha": commit.sha, "node_id": format!("C_{}", commit.sha), "url": format!("{}/repos/{full}/commits/{}", world.base, commit.sha),
        "html_url": format!("{}/{full}/commit/{}", world.base, commit.sha), "parents": [],
        "commit": { "message": commit.message, "author": signed, "committer": signed, "comment_count": 0 },
        "author": user(world, &commit.author), "committer": user(world, &commit.author),
    })
}

pub fn release(world: &World, at: usize, release: &Release) -> Value {
    let full = world.repositories.get(at).map(Repository::full_name).unwrap_or_default();
    json!({
        "id": release.id, "node_id": format!("RE_{}", release.id), "tag_name": release.tag, "name": release.tag, "body": release.body,
        "draft": false, "prerelease": false, "created_at": text(release.at), "published_at": text(release.at),
        "author": user(world, &release.author), "assets": [], "target_commitish": "main",
        "url": format!("{}/repos/{full}/releases/{}", world.base, release.id),
        "html_url": format!("{}/{full}/releases/tag/{}", world.base, release.tag),
    })
}

pub fn hook(world: &World, hook: &Hook) -> Value {
    json!({
        "id": hook.id, "type": "Repository", "name": "web", "active": true, "events": ["*"],
        "config": { "url": hook.url, "content_type": "json", "secret": "********" },
        "created_at": text(world.now), "updated_at": text(world.now),
    })
}

/// An event of an issue, as `issues/events` and `timeline` list it.
pub fn issue_event(world: &World, event: &Event) -> Option<Value> {
    let known = |id: &u64| {
        world.label(event.at.repository, *id).map(|known| json!({ "name": known.name, "color": known.color }))
    };
    let (name, more) = match &event.what {
        Happening::Closed(reason) => ("closed", json!({ "state_reason": reason })),
        Happening::Reopened => ("reopened", json!({})),
        Happening::Renamed(from, to) => ("renamed", json!({ "rename": { "from": from, "to": to } })),
        Happening::Labelled(id) => ("labeled", json!({ "label": known(id) })),
        Happening::Unlabelled(id) => ("unlabeled", json!({ "label": known(id) })),
        Happening::Moved(_) => ("transferred", json!({})),
        Happening::Merged => ("merged", json!({})),
        _ => return None,
    };
    let there = world.issue(event.at).map(|known| issue(world, known));
    let full = world.repositories.get(event.at.repository).map(Repository::full_name)?;
    Some(join(
        json!({
            "id": event.id, "node_id": format!("EV_{}", event.id), "event": name, "actor": user(world, &event.actor),
            "created_at": text(event.time), "commit_id": null, "commit_url": null, "issue": there,
            "url": format!("{}/repos/{full}/issues/events/{}", world.base, event.id),
        }),
        more,
    ))
}

/// The delivery for an event: its name and its body.
pub fn event(world: &World, event: &Event) -> Option<(&'static str, Value)> {
    let known = world.issue(event.at)?;
    let (word, more) = action(world, event)?;
    let shell = json!({
        "action": word, "repository": repository(world, event.at.repository), "sender": user(world, &event.actor),
    });
    let body = join(shell, more);
    if let Some(said) = comment_of(&event.what).and_then(|id| known.comment(id)) {
        let part = json!({ "issue": issue(world, known), "comment": comment(world, known, said) });
        return is_comment(&event.what).then(|| ("issue_comment", join(body, part)));
    }
    if let Happening::Reviewed(id) = event.what {
        let given = known.pull.as_ref()?.reviews.iter().find(|review| review.id == id)?;
        let part = json!({ "pull_request": pull(world, known), "review": review(world, known, given) });
        return Some(("pull_request_review", join(body, part)));
    }
    if event.at.kind == Kind::Pull {
        return Some((
            "pull_request",
            join(body, json!({ "number": event.at.number, "pull_request": pull(world, known) })),
        ));
    }
    let body = join(body, json!({ "issue": issue(world, known) }));
    if let Happening::Moved(to) = event.what {
        let there = world.issue(to)?;
        let changes = json!({ "new_issue": issue(world, there), "new_repository": repository(world, to.repository) });
        return Some(("issues", join(body, json!({ "changes": changes }))));
    }
    Some(("issues", body))
}

/// The delivery for a commit.
pub fn push(world: &World, at: usize, commit: &Commit) -> Value {
    let author =
        json!({ "name": commit.author, "email": format!("{}@example.org", commit.author), "username": commit.author });
    let said = json!({
        "id": commit.sha, "message": commit.message, "timestamp": text(commit.at), "author": author, "committer": author,
        "distinct": true,
    });
    json!({
        "ref": "refs/heads/main", "before": "0".repeat(40), "after": commit.sha, "commits": [said], "head_commit": said,
        "repository": repository(world, at), "pusher": { "name": commit.author }, "sender": user(world, &commit.author),
    })
}

/// The delivery for a release.
pub fn released(world: &World, at: usize, made: &Release) -> Value {
    json!({
        "action": "published", "release": release(world, at, made), "repository": repository(world, at),
        "sender": user(world, &made.author),
    })
}
