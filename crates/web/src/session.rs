//! Who the visitor is. A walk-in session is a random id in a cookie; the member it stands for is kept in memory only, so a restart
//! forgets everyone. Not sign-in: that comes with passkeys.

use crate::app::{App, Door};
use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

const COOKIE_NAME: &str = "rochdale_walk_in";

/// Enough for any demonstration; the oldest goes first.
const MOST_SESSIONS: usize = 4096;

/// The reader of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visitor {
    /// A pseudonym.
    pub(crate) me: Option<String>,
}

/// Walk-in sessions by id.
#[derive(Debug)]
pub(crate) struct Sessions {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    begun: u64,
    by_id: BTreeMap<String, (u64, String)>,
}

impl Sessions {
    pub(crate) fn new() -> Self {
        Self {
            open: Mutex::new(Open::default()),
        }
    }

    /// Opens a session; the answer is the `Set-Cookie` header.
    pub(crate) fn begin(&self, member: &str) -> Result<String, getrandom::Error> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)?;
        let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.begun += 1;
        let begun = open.begun;
        open.by_id.insert(id.clone(), (begun, member.to_owned()));
        if open.by_id.len() > MOST_SESSIONS {
            let oldest = open.by_id.iter().min_by_key(|(_, (begun, _))| *begun);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                open.by_id.remove(&oldest);
            }
        }
        // Without `Secure`: walk-in is refused on any address but loopback, where there is no TLS.
        Ok(format!(
            "{COOKIE_NAME}={id}; Path=/; HttpOnly; SameSite=Lax"
        ))
    }

    /// Forgets the session of these headers; the answer is the `Set-Cookie` header.
    pub(crate) fn end(&self, parts: &Parts) -> String {
        if let Some(id) = cookie(parts) {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.by_id.remove(id);
        }
        format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    fn member(&self, parts: &Parts) -> Option<String> {
        let id = cookie(parts)?;
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.by_id.get(id).map(|(_, member)| member.clone())
    }
}

impl Visitor {
    pub(crate) fn of(app: &App, parts: &Parts) -> Self {
        let me = match app.door {
            Door::WalkIn => app.sessions.member(parts),
            Door::ReadOnly => None,
        };
        Self { me }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, parts))
    }
}

fn cookie(parts: &Parts) -> Option<&str> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, id)| id)
}

#[cfg(test)]
mod tests;
