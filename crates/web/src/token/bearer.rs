//! How a program comes in: by a token in the head of its request, under `/api/v1/` alone. Which token is good, the gate says
//! (`host::gate`); what it may be used for is asked here, at each request.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Pseudonym;
use host::clock;
use host::gate::{Token, Tried, network};
use host::inbox::Kinds;

use crate::app::{App, Door};
use crate::session::address;
use crate::trouble::Trouble;

/// The addresses under which a token counts.
const UNDER: &str = "/api/v1/";

/// Where a token that acts is used, and nowhere else.
const ACTS: &str = "/api/v1/acts";
/// Where it publishes a release, which is an act with its files.
const RELEASES: &str = "/api/v1/releases/";

/// A program that came in by a token.
#[derive(Debug, Clone)]
pub(crate) struct Bearer(Arc<Token>);

impl Bearer {
    /// As whom it reads, or acts.
    pub(crate) fn me(&self, method: &Method, path: &str) -> Option<Pseudonym> {
        let reads = self.0.scopes.read && matches!(*method, Method::GET | Method::HEAD);
        let is_act = path == ACTS || path.starts_with(RELEASES);
        let acts = self.0.scopes.act && *method == Method::POST && is_act;
        self.0.member.filter(|_| reads || acts)
    }

    /// The kinds that it may record.
    pub(crate) fn records(&self) -> Option<&Kinds> {
        self.0.scopes.record.as_ref()
    }

    /// Whose it is; the operator's where it is no member's.
    pub(crate) fn member(&self) -> Option<Pseudonym> {
        self.0.member
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }
}

/// Lets a request with a token in as what the token says, and one with a wrong token not at all. A right one works whatever came
/// from its address before.
pub(crate) async fn let_in(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let secret = secret(&parts).map(str::to_owned);
    let Some(secret) = secret.filter(|_| parts.uri.path().starts_with(UNDER)) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if app.door == Door::ReadOnly && !reads {
        return Trouble::OutOfScope.into_response();
    }
    let now = clock::now();
    match app.coop.read().token(&secret, now) {
        Ok(Some((hash, token))) => {
            app.uses.note(&hash, &token, now);
            parts.extensions.insert(Bearer(Arc::new(token)));
            next.run(Request::from_parts(parts, body)).await
        }
        Ok(None) => wrong(&app, address(&app.proxies, &parts)).into_response(),
        Err(error) => Trouble::from(error).into_response(),
    }
}

fn wrong(app: &App, from: IpAddr) -> Trouble {
    let tried = [Tried::Address(network(from))];
    if app.tries.note(&tried, clock::now()) { Trouble::TooMany } else { Trouble::WrongToken }
}

/// The token of a request, if it has one.
fn secret(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
