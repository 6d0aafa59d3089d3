//! Files are handed out: open ones to anybody, the others to who has support, by their session or by a link of their own. Nothing that
//! is handed out is carried out or shown by a browser.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    RANGE, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Pseudonym;
use engine::act::ReleaseFile;
use host::clock;
use host::file::KeptFile;
use host::gate::MOST_FETCHES;
use host::{Error, Shared};
use hyper::body::{Frame, SizeHint};
use tokio::task::JoinHandle;

use super::MINISIG;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// An open file never changes; a withdrawn one should not stay long in anybody's cache.
const KEEP_OPEN: &str = "public, max-age=3600";
const KEEP_NONE: &str = "no-store";

/// `GET /releases/{clause}/{version}/{file}`.
pub(crate) async fn show(
    visitor: Visitor,
    Path((clause, version, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let me = visitor.me;
    hand_out(&visitor, (&clause, &version, &file), me, &headers)
}

/// `GET /fetch/{key}/{clause}/{version}/{file}`: the key is a member's own link. An answer says no more to a key that is good no longer
/// than to one that never was.
pub(crate) async fn by_link(
    visitor: Visitor,
    Path((key, clause, version, file)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let Some((hash, member)) = visitor.app.coop.read().link(&key)? else { return Ok(nothing()) };
    let response = hand_out(&visitor, (&clause, &version, &file), Some(member), &headers)?;
    // A link that opens nothing is not counted, so that its answers do not differ.
    if response.status().is_success() && !visitor.app.fetches.note(&hash, clock::now()) {
        let retry = [(RETRY_AFTER, "3600"), (CACHE_CONTROL, KEEP_NONE)];
        let words = words::release::too_often(MOST_FETCHES) + "\n";
        return Ok((StatusCode::TOO_MANY_REQUESTS, retry, words).into_response());
    }
    Ok(response)
}

fn hand_out(
    visitor: &Visitor,
    (clause, version, name): (&str, &str, &str),
    who: Option<Pseudonym>,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let found = visitor.see(|sight, coop| {
        let Some(release) = sight.state.releases.get(clause, version).filter(|one| one.withdrawn.is_none()) else {
            return Ok(None);
        };
        let is_patron = || {
            let index = who.and_then(|who| sight.state.members.index(who));
            index.is_some_and(|index| sight.state.is_patron(clause, index, sight.now))
        };
        let is_open = release.open.is_some();
        if !is_open && !is_patron() {
            return Ok(None);
        }
        let Some(file) = release.file(name) else {
            let of = name.strip_suffix(MINISIG).filter(|of| release.file(of).is_some());
            let signed = of.map_or(Ok(None), |of| coop.file_signature(clause, version, of))?;
            return Ok(signed.map(|signed| Found::Signature(signed.text, is_open)));
        };
        Ok(coop.kept_file(&file.sha256)?.map(|kept| Found::File(file.clone(), kept, is_open)))
    })?;
    match found {
        None => Ok(nothing()),
        Some(Found::Signature(text, is_open)) => signature(name, text, is_open),
        Some(Found::File(file, kept, is_open)) => answer(&visitor.app.coop, &file, kept, is_open, headers),
    }
}

/// Something that the reader may fetch, and whether everybody may.
enum Found {
    File(ReleaseFile, KeptFile, bool),
    /// The co-op's own, of a file.
    Signature(String, bool),
}

fn signature(name: &str, text: String, is_open: bool) -> Result<Response, Trouble> {
    let mut response = text.into_response();
    put(&mut response, CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))?;
    put(&mut response, CACHE_CONTROL, if is_open { KEEP_OPEN } else { KEEP_NONE })?;
    Ok(response)
}

/// The same for a file that never was, one that was withdrawn, and one that is not for the reader.
fn nothing() -> Response {
    let keep = [(CACHE_CONTROL, KEEP_NONE)];
    let mut response = (keep, words::release::NOTHING_HERE.to_owned() + "\n").into_response();
    // Set last: an error without words would be given a page.
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.extensions_mut().insert(Dressed);
    response
}

/// An answer that has its own words, and needs no page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dressed;

fn answer(
    coop: &Arc<Shared>,
    file: &ReleaseFile,
    kept: KeptFile,
    is_open: bool,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let tag = format!("\"{}\"", file.sha256);
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(&RANGE).filter(|_| text(&IF_RANGE).is_none_or(|wanted| wanted == tag));
    let all = kept.bytes;
    let (status, from, to) = match asked.map_or(Asked::All, |asked| range(asked, all)) {
        Asked::All => (StatusCode::OK, 0, all),
        Asked::Part(from, to) => (StatusCode::PARTIAL_CONTENT, from, to),
        Asked::Beyond => {
            let mut response = (StatusCode::RANGE_NOT_SATISFIABLE, "").into_response();
            put(&mut response, CONTENT_RANGE, &["bytes */", &all.to_string()].concat())?;
            return Ok(response);
        }
    };
    let mut response =
        Response::new(Body::new(Reading { coop: Arc::clone(coop), file: kept, at: from, to, now: None }));
    *response.status_mut() = status;
    put(&mut response, CONTENT_LENGTH, &(to - from).to_string())?;
    put(&mut response, CONTENT_TYPE, &file.media)?;
    // Names of files have no sign that would have to be escaped here.
    put(&mut response, CONTENT_DISPOSITION, &format!("attachment; filename=\"{}\"", file.name))?;
    put(&mut response, ETAG, &tag)?;
    put(&mut response, ACCEPT_RANGES, "bytes")?;
    put(&mut response, CACHE_CONTROL, if is_open { KEEP_OPEN } else { KEEP_NONE })?;
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("{from}-{}/{all}", to - 1);
        put(&mut response, CONTENT_RANGE, &["bytes ", &part].concat())?;
    }
    Ok(response)
}

fn put(response: &mut Response, name: HeaderName, value: &str) -> Result<(), Trouble> {
    let value = HeaderValue::from_str(value).map_err(|_| Trouble::Unready)?;
    response.headers_mut().insert(name, value);
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    Part(u64, u64),
    Beyond,
}

/// The bytes that one range asks for, up to its end; several, and what is no range of bytes, are all of them (RFC 9110, 14.2).
fn range(asked: &str, all: u64) -> Asked {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::All;
    };
    let (from, to) = match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(from), "") => (from, all),
        (Ok(from), last) => match last.parse::<u64>() {
            Ok(last) if last >= from => (from, last.saturating_add(1).min(all)),
            _ => return Asked::All,
        },
        (Err(_), last) if first.trim().is_empty() => match last.parse::<u64>() {
            Ok(0) => return Asked::Beyond,
            Ok(last) => (all.saturating_sub(last), all),
            Err(_) => return Asked::All,
        },
        _ => return Asked::All,
    };
    if from >= all { Asked::Beyond } else { Asked::Part(from, to) }
}

/// A file that is read a piece at a time, as fast as its reader takes it.
struct Reading {
    coop: Arc<Shared>,
    file: KeptFile,
    at: u64,
    to: u64,
    now: Option<JoinHandle<Result<Option<Vec<u8>>, Error>>>,
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.at >= self.to {
            return Poll::Ready(None);
        }
        let reading = match &mut self.now {
            Some(reading) => reading,
            None => {
                let (coop, file, at) = (Arc::clone(&self.coop), self.file.clone(), self.at);
                self.now.insert(tokio::task::spawn_blocking(move || coop.read().bytes_of(&file, at)))
            }
        };
        let read = ready!(Pin::new(reading).poll(cx));
        self.now = None;
        let Ok(Ok(Some(mut bytes))) = read else {
            // Withdrawn meanwhile, or a fault: the answer breaks off, and its length tells.
            return Poll::Ready(Some(Err(std::io::ErrorKind::NotFound.into())));
        };
        let left = usize::try_from(self.to - self.at).unwrap_or(usize::MAX);
        bytes.truncate(left);
        self.at += bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.to - self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_of_what_is_there() {
        assert_eq!(range("bytes=0-", 10), Asked::Part(0, 10));
        assert_eq!(range("bytes=3-5", 10), Asked::Part(3, 6));
        assert_eq!(range("bytes=3-99", 10), Asked::Part(3, 10));
        assert_eq!(range("bytes=-4", 10), Asked::Part(6, 10));
        assert_eq!(range("bytes=-40", 10), Asked::Part(0, 10));
        assert_eq!(range("bytes=10-", 10), Asked::Beyond);
        assert_eq!(range("bytes=-0", 10), Asked::Beyond);
        for odd in ["bytes=5-3", "bytes=a-b", "lines=1-2", "bytes=1-2,4-5", "bytes=-", ""] {
            assert_eq!(range(odd, 10), Asked::All, "{odd}");
        }
    }
}
