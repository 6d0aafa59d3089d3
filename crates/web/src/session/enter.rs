//! The step from a proof to a session: a place for the browser, a cookie, and the end of the session that the browser had.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::response::Response;
use engine::Pseudonym;
use host::clock;
use host::gate::{FreshId, NoPlace, Proof, Session};

use super::{address, browser};
use crate::app::{App, aside};
use crate::frame::see;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// A browser that is about to come in.
#[derive(Debug, Clone)]
pub(crate) struct Coming {
    /// From where.
    pub(crate) from: IpAddr,
    /// Its family, in a few words.
    pub(crate) browser: Option<String>,
}

impl FromRequestParts<App> for Coming {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self { from: address(&app.proxies, parts), browser: agent.and_then(browser::family) })
    }
}

/// As whom a browser comes in, and by how much of a proof.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entering {
    pub(crate) member: Pseudonym,
    pub(crate) proof: Proof,
}

/// Begins a session that is on storage before the answer is sent; the inner error is that there is no place for it. The browser's old
/// session ends: an id never stands for two members.
pub(crate) async fn enter(
    visitor: &Visitor,
    coming: &Coming,
    entering: Entering,
    to: &str,
) -> Result<Result<Response, NoPlace>, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    sessions.admit_one()?;
    if let Ok((id, _)) = visitor.session() {
        sessions.end_id(id);
    }
    let fresh = FreshId::new()?;
    let now = clock::now();
    let begun = Session { browser: coming.browser.clone(), ..Session::begun(entering.member, now) };
    let cookie = match sessions.take_place(&fresh, &begun.proven(entering.proof, now)) {
        Ok(cookie) => cookie,
        Err(full) => return Ok(Err(full)),
    };
    let saved = Arc::clone(&sessions);
    if let Err(trouble) = aside(move || saved.save()).await {
        sessions.give_back(&fresh);
        return Err(trouble);
    }
    Ok(Ok(with_cookie(see(to), &cookie)))
}

/// Gives a browser the id of its session.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The words for somebody for whom there is no place.
pub(crate) fn no_place(full: NoPlace) -> &'static str {
    match full {
        NoPlace::OfOne => words::sign_in::FULL,
        NoPlace::OfAll => words::sign_in::ALL_FULL,
    }
}
