//! Deliveries to hooks: signed as each dialect signs them, and on demand doubled, out of order, or dropped.

use serde_json::{Value, json};

use crate::sign::{base64, from_base64, hmac_hex, mac};
use crate::world::{Commit, Dialect, Event, Happening, Release, World};
use crate::year::Rng;
use crate::{gitea, github, gitlab};

/// A hook of a repository.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its id.
    pub id: u64,
    /// The repository's place.
    pub repository: usize,
    /// Where deliveries go.
    pub url: String,
    /// The key of their signatures. One of GitLab that begins with `whsec_` is of the new kind.
    pub secret: String,
}

/// A delivery, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The same each time that it is sent.
    pub id: String,
    /// Where it goes.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The bytes that are signed.
    pub body: Vec<u8>,
}

/// The ways in which deliveries go astray, each so often in a thousand.
#[derive(Clone, Debug)]
pub struct Mischief {
    /// By which it is chosen.
    pub rng: Rng,
    /// Sent twice.
    pub doubled: u64,
    /// Never sent.
    pub dropped: u64,
    /// Sent in any order.
    pub shuffled: bool,
}

impl World {
    /// Adds a hook.
    pub fn hook(&mut self, repository: usize, url: &str, secret: &str) -> u64 {
        let id = self.fresh_id();
        self.hooks.push(Hook { id, repository, url: url.to_owned(), secret: secret.to_owned() });
        id
    }

    /// Takes all deliveries that wait, with the mischief that is asked for.
    pub fn take_deliveries(&mut self, mischief: Option<&mut Mischief>) -> Vec<Delivery> {
        let waiting: Vec<Delivery> = self.deliveries.drain(..).collect();
        self.sent.extend(waiting.iter().cloned());
        let Some(mischief) = mischief else { return waiting };
        let mut out = Vec::new();
        for delivery in waiting {
            if mischief.rng.below(1_000) < mischief.dropped {
                continue;
            }
            if mischief.rng.below(1_000) < mischief.doubled {
                out.push(delivery.clone());
            }
            out.push(delivery);
        }
        if mischief.shuffled {
            mischief.rng.shuffle(&mut out);
        }
        out
    }
}

/// Calls the hooks of a repository for something that happened to an issue or a proposal.
pub fn announce(world: &mut World, event: &Event) {
    let said = match world.dialect {
        Dialect::GitHub => github::event(world, event),
        Dialect::Gitea => gitea::event(world, event),
        Dialect::GitLab => gitlab::event(world, event),
    };
    if let Some((name, body)) = said {
        deliver(world, event.at.repository, name, &body);
    }
}

/// Calls the hooks for a commit.
pub fn announce_push(world: &mut World, repository: usize, commit: &Commit) {
    let (name, body) = match world.dialect {
        Dialect::GitHub => ("push", github::push(world, repository, commit)),
        Dialect::Gitea => ("push", gitea::push(world, repository, commit)),
        Dialect::GitLab => ("Push Hook", gitlab::push(world, repository, commit)),
    };
    deliver(world, repository, name, &body);
}

/// Calls the hooks for a release.
pub fn announce_release(world: &mut World, repository: usize, release: &Release) {
    let (name, body) = match world.dialect {
        Dialect::GitHub => ("release", github::released(world, repository, release)),
        Dialect::Gitea => ("release", gitea::released(world, repository, release)),
        Dialect::GitLab => ("Release Hook", gitlab::released(world, repository, release)),
    };
    deliver(world, repository, name, &body);
}

fn deliver(world: &mut World, repository: usize, event: &str, body: &Value) {
    let bytes = body.to_string().into_bytes();
    let hooks: Vec<Hook> = world.hooks.iter().filter(|hook| hook.repository == repository).cloned().collect();
    for hook in hooks {
        let number = world.fresh_id();
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let headers = headers(world, &hook, event, &id, &bytes);
        world.deliveries.push_back(Delivery { id, url: hook.url, headers, body: bytes.clone() });
    }
}

/// The headers of a delivery, signed.
fn headers(world: &World, hook: &Hook, event: &str, id: &str, body: &[u8]) -> Vec<(String, String)> {
    let signature = hmac_hex(&hook.secret, body);
    let owned = |pairs: Vec<(&str, String)>| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut pairs = vec![("Content-Type", "application/json".to_owned())];
    match world.dialect {
        Dialect::GitHub => pairs.extend([
            ("X-GitHub-Event", event.to_owned()),
            ("X-GitHub-Delivery", id.to_owned()),
            ("X-GitHub-Hook-ID", hook.id.to_string()),
            ("X-Hub-Signature-256", format!("sha256={signature}")),
        ]),
        Dialect::Gitea => pairs.extend([
            ("X-Gitea-Event", event.to_owned()),
            ("X-Gitea-Delivery", id.to_owned()),
            ("X-Gitea-Signature", signature.clone()),
            ("X-Forgejo-Event", event.to_owned()),
            ("X-Forgejo-Delivery", id.to_owned()),
            ("X-Forgejo-Signature", signature.clone()),
            ("X-Hub-Signature-256", format!("sha256={signature}")),
        ]),
        Dialect::GitLab => {
            pairs.extend([("X-Gitlab-Event", event.to_owned()), ("X-Gitlab-Event-UUID", id.to_owned())]);
            match hook.secret.strip_prefix("whsec_").and_then(from_base64) {
                Some(key) => {
                    let mut signed = format!("{id}.{}.", world.now).into_bytes();
                    signed.extend_from_slice(body);
                    pairs.extend([
                        ("webhook-id", id.to_owned()),
                        ("webhook-timestamp", world.now.to_string()),
                        ("webhook-signature", format!("v1,{}", base64(&mac(&key, &signed)))),
                        ("Idempotency-Key", id.to_owned()),
                    ]);
                }
                None => pairs.push(("X-Gitlab-Token", hook.secret.clone())),
            }
        }
    }
    owned(pairs)
}

/// The words by which GitHub and Gitea say what happened to an issue, and what else stands in the delivery.
pub fn action(world: &World, event: &Event) -> Option<(&'static str, Value)> {
    let label = |id: &u64| world.label(event.at.repository, *id).map(|label| label.name.clone());
    Some(match &event.what {
        Happening::Opened => ("opened", json!({})),
        Happening::Closed(_) | Happening::Merged => ("closed", json!({})),
        Happening::Reopened => ("reopened", json!({})),
        Happening::Renamed(from, _) => ("edited", json!({ "changes": { "title": { "from": from } } })),
        Happening::Edited => ("edited", json!({ "changes": { "body": { "from": "" } } })),
        Happening::Labelled(id) => ("labeled", json!({ "label": { "id": id, "name": label(id) } })),
        Happening::Unlabelled(id) => ("unlabeled", json!({ "label": { "id": id, "name": label(id) } })),
        Happening::Deleted => ("deleted", json!({})),
        Happening::Moved(_) => ("transferred", json!({})),
        Happening::Commented(_) => ("created", json!({})),
        Happening::CommentEdited(_) => ("edited", json!({})),
        Happening::CommentDeleted(_) => ("deleted", json!({})),
        Happening::Reviewed(_) => ("submitted", json!({})),
    })
}

/// Puts the fields of `more` into `body`.
pub fn join(mut body: Value, more: Value) -> Value {
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

/// Whether an event is about a comment.
pub fn is_comment(what: &Happening) -> bool {
    matches!(what, Happening::Commented(_) | Happening::CommentEdited(_) | Happening::CommentDeleted(_))
}

/// The comment's id of an event about one.
pub fn comment_of(what: &Happening) -> Option<u64> {
    match what {
        Happening::Commented(id) | Happening::CommentEdited(id) | Happening::CommentDeleted(id) => Some(*id),
        _ => None,
    }
}
