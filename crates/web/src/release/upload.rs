//! A release comes in: a form with its files, which are written down piece by piece as they come. By a person's form, or by a program.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, HttpBody};
use axum::extract::{Path, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::act::{Act, PublishRelease, ReleaseFile};
use engine::{Actor, intent};
use host::clock;
use host::file::{NotKept, Piece, Upload, media_of};
use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Event, Parts};
use super::{MOST_FILES, ReleasesPage, done_at};
use crate::frame::{render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// As many releases come in at once; each holds a piece of a file.
const MOST_AT_ONCE: usize = 4;

/// The room for releases that come in.
pub(crate) fn room() -> Arc<tokio::sync::Semaphore> {
    Arc::new(tokio::sync::Semaphore::new(MOST_AT_ONCE))
}

/// A release as a program sends it: a form with these parts.
#[derive(Debug, Serialize, JsonSchema)]
#[allow(dead_code, reason = "its schema alone is used: the form is read as it comes")]
pub(crate) struct NewRelease {
    /// The version's name.
    version: String,
    /// Its files, each a part of its own with a file name.
    files: Vec<String>,
}

/// A release that came in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Published {
    release: String,
    version: String,
    /// Whether others have to agree first.
    waits: bool,
    files: Vec<ReleaseFile>,
}

/// `POST /releases/{clause}`: a person's form.
pub(crate) async fn take(visitor: Visitor, Path(clause): Path<String>, request: Request) -> Result<Response, Trouble> {
    visitor.me()?;
    let mut came = Came::default();
    let done = came_in(&visitor, &clause, request, &mut came).await;
    let (status, problem) = match done {
        Ok(()) => return visitor.see(|sight, _| Ok(see(&done_at(sight, &clause, "published")))),
        Err(Trouble::BadInput(problems)) => {
            let words: Vec<String> = problems.into_iter().map(|problem| problem.words).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, words.join("; "))
        }
        Err(Trouble::Refused(no)) => (StatusCode::CONFLICT, no.happened),
        Err(other) => return Err(other),
    };
    let page = ReleasesPage::new(&visitor, Some(&clause), None)?;
    let page = ReleasesPage { problem: Some(problem), version: came.version, ..page };
    Ok((status, render(&page)?).into_response())
}

/// `POST /api/v1/releases/{release}`: a program's.
pub(crate) async fn publish(
    visitor: Visitor,
    Path(clause): Path<String>,
    request: Request,
) -> Result<Json<Published>, Trouble> {
    visitor.me()?;
    let mut came = Came::default();
    came_in(&visitor, &clause, request, &mut came).await?;
    let Came { version, files, .. } = came;
    let waits = visitor.see(|sight, _| Ok(sight.state.releases.get(&clause, &version).is_none()))?;
    Ok(Json(Published { release: clause, version, waits, files }))
}

/// The parts of a form that came so far.
#[derive(Default)]
struct Came {
    version: String,
    files: Vec<ReleaseFile>,
    /// The uploads, to be taken back where nothing comes of them.
    uploads: Vec<String>,
}

async fn came_in(visitor: &Visitor, clause: &str, request: Request, came: &mut Came) -> Result<(), Trouble> {
    let me = visitor.me()?;
    visitor.see(|sight, _| {
        if views::may_publish(sight, clause) {
            return Ok(());
        }
        let empty = PublishRelease { release: clause.to_owned(), version: String::new(), files: Vec::new() };
        intent::tried(sight.state, Actor::Member(me), &[Act::PublishRelease(empty)], sight.now)?;
        Err(Trouble::Absent)
    })?;
    let _place = Arc::clone(&visitor.app.uploads).try_acquire_owned().map_err(|_| Trouble::Crowded)?;
    let (head, body) = request.into_parts();
    let most = visitor.app.room.file.saturating_mul(MOST_FILES as u64).saturating_add(1 << 20);
    if length(&head.headers).is_some_and(|length| length > most) {
        return Err(Trouble::TooLarge);
    }
    let read = read(visitor, &head.headers, body, came).await;
    let done = match read {
        Ok(()) => publish_files(visitor, clause, came).await,
        Err(trouble) => Err(trouble),
    };
    if done.is_err() {
        let uploads = std::mem::take(&mut came.uploads);
        let dropped = visitor.write(move |batch| Ok(uploads.iter().try_for_each(|id| batch.drop_upload(id))?));
        // Else they are swept after an hour.
        let _ = dropped.await;
    }
    done
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads the form, and writes its files down.
async fn read(visitor: &Visitor, headers: &HeaderMap, mut body: Body, came: &mut Came) -> Result<(), Trouble> {
    let mut parts = Parts::of(headers)?;
    let mut now: Option<(String, Upload)> = None;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Trouble::bad("", words::form::ODD_SHAPE))?;
        let Ok(bytes) = frame.into_data() else { continue };
        for event in parts.take(&bytes)? {
            match event {
                Event::Field(name, value) if name == "version" => came.version = value.trim().to_owned(),
                Event::Field(..) => {}
                Event::File(name) => {
                    if came.files.len() >= MOST_FILES {
                        let hint = words::release::files_hint(MOST_FILES, views::size(visitor.app.room.file));
                        return Err(Trouble::bad("files", hint));
                    }
                    let upload = Upload::new(visitor.app.room, clock::now())?;
                    came.uploads.push(upload.id().to_owned());
                    now = Some((name, upload));
                }
                Event::Bytes(bytes) => {
                    if let Some((_, upload)) = &mut now {
                        for piece in upload.take(&bytes).map_err(not_kept)? {
                            keep(visitor, piece).await?;
                        }
                    }
                }
                Event::End => {
                    if let Some((name, upload)) = now.take() {
                        came.files.push(ended(visitor, name, upload).await?);
                    }
                }
            }
        }
    }
    if parts.is_done() { Ok(()) } else { Err(Trouble::bad("", words::form::ODD_SHAPE)) }
}

async fn ended(visitor: &Visitor, name: String, upload: Upload) -> Result<ReleaseFile, Trouble> {
    let (last, uploaded) = upload.end();
    if let Some(piece) = last {
        keep(visitor, piece).await?;
    }
    let media = media_of(&name).to_owned();
    let file = ReleaseFile { name, bytes: uploaded.bytes, sha256: uploaded.sha256.clone(), media };
    // A file without a byte is refused by the rules, with its name.
    if file.bytes > 0 {
        visitor.try_out(move |batch| batch.end_upload(&uploaded)).await?.map_err(not_kept)?;
    }
    Ok(file)
}

async fn keep(visitor: &Visitor, piece: Piece) -> Result<(), Trouble> {
    visitor.try_out(move |batch| batch.put_piece(&piece)).await?.map_err(not_kept)
}

fn not_kept(why: NotKept) -> Trouble {
    match why {
        NotKept::Failed(error) => error.into(),
        why => Trouble::bad("files", why.to_string()),
    }
}

async fn publish_files(visitor: &Visitor, clause: &str, came: &Came) -> Result<(), Trouble> {
    if came.files.is_empty() {
        return Err(Trouble::bad("files", words::release::NO_FILES));
    }
    let act = PublishRelease { release: clause.to_owned(), version: came.version.clone(), files: came.files.clone() };
    let act = move |sight: &views::Sight<'_>, me| {
        Ok(vec![intent::by_power(sight.state, me, Act::PublishRelease(act), sight.now)])
    };
    visitor.act(act).await
}
