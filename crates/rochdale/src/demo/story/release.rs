//! Releases in stories: versions of one file, who may fetch them, and money that is given back.

use engine::act::ReleaseFile;
use host::Batch;
use host::file::Room;
use quantity::Moment;
use serde_json::{Value, json};

use super::Stage;
use super::act::{Scene, amount_of};
use crate::exit::Exit;

/// `publishes 1.0 of binaries`, `withdraws 1.0 of binaries`.
pub(super) fn version(does: &str) -> Option<Value> {
    if let Some((version, release)) = does.strip_prefix("withdraws ").and_then(|rest| rest.split_once(" of ")) {
        return Some(json!({"act": "withdraw_release", "release": release, "version": version}));
    }
    let (version, release) = does.strip_prefix("publishes ")?.split_once(" of ")?;
    let bytes = bytes_of(release, version);
    let file = ReleaseFile {
        name: "file.zip".to_owned(),
        bytes: bytes.len() as u64,
        sha256: engine::digest::hex(bytes.as_bytes()),
        media: "application/zip".to_owned(),
    };
    Some(json!({"act": "publish_release", "release": release, "version": version, "files": [file]}))
}

fn bytes_of(release: &str, version: &str) -> String {
    format!("{release} {version}\n")
}

/// Keeps the made-up file of a version before its act is handed in.
pub(super) fn keep(batch: &mut Batch<'_>, act: &Value, at: Moment) -> Result<(), Exit> {
    if let (Some("publish_release"), Some(release), Some(version)) =
        (act["act"].as_str(), act["release"].as_str(), act["version"].as_str())
    {
        let kept = batch.keep_file(bytes_of(release, version).as_bytes(), Room::USUAL, at);
        kept.map_err(|why| Exit::world(why.to_string()))?;
    }
    Ok(())
}

/// `gets 0.01 USD back`: of what they gave last.
pub(super) fn refund(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Value, String>> {
    let amount = does.strip_prefix("gets ")?.strip_suffix(" back")?;
    let Some(of) = scene.stage.gifts.get(who) else { return Some(Err(format!("{who} has given nothing yet"))) };
    let amount = amount_of(amount, &scene.stage.story.currency);
    let (at, source) = (scene.at.to_string(), format!("story:{}:{who}:back", scene.line));
    Some(amount.map(|amount| {
        json!({"act": "reverse_support", "of": of, "amount": amount["amount"], "given_at": at, "source": source})
    }))
}

/// A cell of a table of releases: `is`, or whether somebody may fetch.
pub(super) fn cell(
    stage: &Stage<'_>,
    coop: &engine::State,
    clause: &str,
    version: &str,
    head: &str,
    at: Moment,
) -> Option<String> {
    let release = coop.releases.get(clause, version)?;
    if head == "is" {
        let is = match (release.withdrawn, release.open) {
            (Some(_), _) => "withdrawn",
            (None, Some(_)) => "open",
            (None, None) => "for patrons",
        };
        return Some(is.to_owned());
    }
    let may = match coop.members.index(*stage.members.get(head)?) {
        _ if release.withdrawn.is_some() => false,
        _ if release.open.is_some() => true,
        member => member.is_some_and(|member| coop.is_patron(clause, member, at)),
    };
    Some(if may { "may" } else { "may not" }.to_owned())
}
