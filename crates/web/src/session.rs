//! How a session's id travels: in a cookie. Whose it is, and when it ends, the gate says (`host::gate`).

pub(crate) mod out;

use axum::extract::ConnectInfo;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use engine::Pseudonym;
use host::gate::{self, FreshId, LONGEST_US, Session};
use host::{Shared, clock};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::trouble::Trouble;

/// How the server is reached, as it was told: browsers keep a cookie for https from everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// http.
    Plain,
    /// https, which something in front of the server ends.
    Https,
}

/// The gate's sessions, by the cookies of browsers.
pub(crate) struct Sessions {
    gate: gate::Sessions,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    WalkIn,
    Kept(Transport),
}

impl Sessions {
    pub(crate) fn walk_in() -> Self {
        Self { gate: gate::Sessions::walk_in(), kind: Kind::WalkIn }
    }

    /// The sessions that are kept beside the log of this co-op.
    pub(crate) fn kept(coop: Arc<Shared>, transport: Transport) -> Result<Self, Trouble> {
        Ok(Self { gate: gate::Sessions::kept(coop)?, kind: Kind::Kept(transport) })
    }

    /// Opens a walk-in session; the answer is the `Set-Cookie` header.
    pub(crate) fn begin(&self, member: Pseudonym) -> Result<String, Trouble> {
        Ok(self.cookie(&self.gate.begin(member, clock::now())?))
    }

    /// Asks whether one more session may begin now. A yes counts as one that has begun.
    pub(crate) fn admit_one(&self) -> Result<(), Trouble> {
        if self.gate.admits_one(clock::now()) { Ok(()) } else { Err(Trouble::TooMany) }
    }

    /// Opens a session that storage has already; the answer is the `Set-Cookie` header.
    pub(crate) fn open_kept(&self, fresh: &FreshId, session: &Session) -> String {
        self.gate.open_kept(fresh, session);
        self.cookie(fresh)
    }

    /// Ends the session of these headers; the answer is the `Set-Cookie` header. A kept one is ended for good by [`Self::save`].
    pub(crate) fn end(&self, parts: &Parts) -> String {
        if let Some(id) = self.id(parts) {
            self.gate.end(id);
        }
        format!("{}=; {}; Max-Age=0", self.cookie_name(), self.flags())
    }

    /// As whom the sender of these headers acts.
    pub(crate) fn member(&self, parts: &Parts) -> Option<Pseudonym> {
        self.gate.member(self.id(parts)?, clock::now())
    }

    /// Writes what storage does not know yet, if anything. May wait for the disk.
    pub(crate) fn save(&self) -> Result<(), Trouble> {
        Ok(self.gate.save()?)
    }

    fn cookie(&self, fresh: &FreshId) -> String {
        let (name, flags) = (self.cookie_name(), self.flags());
        let id = &fresh.id;
        match self.kind {
            // Until the browser closes: a walk-in ends with the server anyway.
            Kind::WalkIn => format!("{name}={id}; {flags}"),
            Kind::Kept(_) => format!("{name}={id}; {flags}; Max-Age={}", LONGEST_US / 1_000_000),
        }
    }

    fn cookie_name(&self) -> &'static str {
        match self.kind {
            Kind::WalkIn => "rochdale_walk_in",
            Kind::Kept(Transport::Plain) => "rochdale_session",
            // Browsers take this name over https only, for this host only, and no other host can set it.
            Kind::Kept(Transport::Https) => "__Host-rochdale_session",
        }
    }

    /// Without `Secure` where there is no TLS: walk-in is refused on any address but loopback.
    fn flags(&self) -> &'static str {
        match self.kind {
            Kind::Kept(Transport::Https) => "Path=/; HttpOnly; SameSite=Lax; Secure",
            _ => "Path=/; HttpOnly; SameSite=Lax",
        }
    }

    fn id<'a>(&self, parts: &'a Parts) -> Option<&'a str> {
        cookie(parts, self.cookie_name())
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(parts: &'a Parts, wanted: &str) -> Option<&'a str> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, id)| id)
}

/// Where a request comes from. X-Forwarded-For is believed from `proxies` only, since anybody can write it: its last address
/// that is none of theirs is where they saw the request come from.
pub(crate) fn address(proxies: &[IpAddr], parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    if !proxies.contains(&peer) {
        return peer;
    }
    let told = parts.headers.get_all("x-forwarded-for").iter().rev();
    let told = told.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    // Words that are no address end the chain: nobody vouches for those before them.
    let told = told.map_while(|word| word.trim().parse::<IpAddr>().ok()).map(|address| address.to_canonical());
    told.into_iter().find(|address| !proxies.contains(address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests;
