//! `POST /hooks/{bridge}`: a forge's delivery. Its raw bytes are verified before anything is read; how much may be under way at once has
//! a bound of its own, since nobody signs in here.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bridges::forge::{Delivery, LONGEST_DELIVERY};
use host::bridge::{Delivered, Hook, NotHeard};
use tokio::sync::Semaphore;

use crate::app::{App, Door, answered, aside};
use crate::trouble::Trouble;

/// The bytes of deliveries that are under way at once, in kibibytes. A forge tries again, or the next reading finds what it told.
pub(crate) const MOST_KIB: usize = 32 * 1024;
/// The most fields of a head that are looked at.
const MOST_FIELDS: usize = 100;
/// A forge that is turned away for want of room may come again after so many seconds.
const LATER: &str = "60";

/// The fields that say who sends what.
const FIELDS: [&str; 15] = [
    "x-hub-signature-256",
    "x-github-event",
    "x-github-delivery",
    "x-forgejo-signature",
    "x-forgejo-event",
    "x-forgejo-delivery",
    "x-gitea-signature",
    "x-gitea-event",
    "x-gitea-delivery",
    "x-gitlab-token",
    "x-gitlab-event",
    "x-gitlab-event-uuid",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
];

/// A delivery that is not taken: a status and a word.
struct Not(StatusCode, &'static str);

impl IntoResponse for Not {
    fn into_response(self) -> Response {
        let mut response = (self.0, self.1).into_response();
        if self.0 == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from_static(LATER));
        }
        response
    }
}

/// Takes a delivery. It answers once what it says is on storage.
pub(crate) async fn take(
    State(app): State<App>,
    Path(bridge): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match taken(app, bridge, &headers, body).await {
        Ok(delivered) => {
            let word = match delivered {
                Delivered::Taken(_) => "taken",
                Delivered::Known => "known",
                Delivered::Passed => "passed",
            };
            (StatusCode::ACCEPTED, word).into_response()
        }
        Err(not) => not.into_response(),
    }
}

async fn taken(app: App, bridge: String, headers: &HeaderMap, body: Body) -> Result<Delivered, Not> {
    if app.door == Door::ReadOnly {
        return Err(Not(StatusCode::FORBIDDEN, words::bridge::READ_ONLY));
    }
    const BUSY: Not = Not(StatusCode::SERVICE_UNAVAILABLE, "later");
    const LONG: Not = Not(StatusCode::PAYLOAD_TOO_LARGE, words::bridge::TOO_LONG);
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let length = length.ok_or(Not(StatusCode::LENGTH_REQUIRED, words::bridge::HOW_LONG))?;
    if length > LONGEST_DELIVERY {
        return Err(LONG);
    }
    // Room is taken for the whole body before any of it is read, and given back once it is taken in.
    let kib = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX);
    let room = Arc::clone(&app.hooks).try_acquire_many_owned(kib).map_err(|_| BUSY)?;
    let body = to_bytes(body, LONGEST_DELIVERY).await.map_err(|_| LONG)?;
    let head: Vec<(String, String)> = headers
        .iter()
        .take(MOST_FIELDS)
        .filter(|(name, _)| FIELDS.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let coop = Arc::clone(&app.coop);
    let heard = aside(move || {
        let now = coop.now();
        let Some(vault) = coop.vault() else { return Ok(Err(NotHeard::Unsigned(None))) };
        let delivery = Delivery { head: &head, body: &body };
        Ok(Hook::heard(&coop.read(), &vault, &bridge, delivery, now))
    });
    let hook = match heard.await {
        Ok(Ok(hook)) => hook,
        Ok(Err(NotHeard::Unsigned(why))) => {
            if let Some(why) = why {
                tracing::debug!("a delivery was turned away: {why}");
            }
            return Err(Not(StatusCode::FORBIDDEN, words::bridge::NOT_SIGNED));
        }
        Ok(Err(NotHeard::Failed(error))) => {
            tracing::warn!(%error, "a delivery could not be checked");
            return Err(BUSY);
        }
        Err(_) => return Err(BUSY),
    };
    let now = app.coop.now();
    let spare = hook.clone();
    let took = answered(|answer| app.coop.do_later(move |batch| hook.take(batch, now), answer)).await;
    let took = match took {
        Ok(Err(host::Error::Refused(_) | host::Error::Usage(_))) => {
            answered(|answer| app.coop.do_later(move |batch| spare.pass(batch, now), answer)).await
        }
        took => took,
    };
    drop(room);
    took.and_then(|took| took.map_err(Trouble::from)).map_err(|_| BUSY)
}

/// The room for deliveries that are under way.
pub(crate) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(MOST_KIB))
}
