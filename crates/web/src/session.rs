//! How a session's id travels: in a cookie. Whose it is, and when it ends, the gate says (`host::gate`).

mod browser;
pub(crate) mod enter;
pub(crate) mod out;

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use engine::Pseudonym;
use host::gate::{self, Fresh, FreshId, LONGEST_US, NoPlace, OwnSession, Proof, Session};
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

    /// Opens a session where there is a place for it; the answer is the `Set-Cookie` header. [`Self::save`] keeps it.
    pub(crate) fn take_place(&self, fresh: &FreshId, session: &Session) -> Result<String, NoPlace> {
        self.gate.take_place(fresh, session, clock::now())?;
        Ok(self.cookie(fresh))
    }

    /// Gives the place of a session back that comes to nothing.
    pub(crate) fn give_back(&self, fresh: &FreshId) {
        self.gate.give_back(fresh);
    }

    /// The right of a browser to change its member's ways in; `None` where it has to prove itself first.
    pub(crate) fn fresh(&self, id: &str) -> Result<Option<Fresh>, Trouble> {
        Ok(self.gate.fresh(id, clock::now())?)
    }

    /// Notes a proof, and gives the browser another id; the answer is the `Set-Cookie` header.
    pub(crate) fn renew(&self, id: &str, proof: Proof) -> Result<String, Trouble> {
        let fresh = self.gate.renew(id, proof, clock::now())?;
        fresh.map(|fresh| self.cookie(&fresh)).ok_or(Trouble::Nobody)
    }

    /// The sessions of a member, for the one of `id`.
    pub(crate) fn of(&self, member: Pseudonym, id: &str) -> Vec<OwnSession> {
        self.gate.of(member, id, clock::now())
    }

    /// Ends one of a member's sessions; whether there was such a one.
    pub(crate) fn end_one(&self, member: Pseudonym, start: &str) -> bool {
        self.gate.end_one(member, start)
    }

    /// Ends all of a member's sessions but that of `id`.
    pub(crate) fn end_others(&self, member: Pseudonym, id: &str) {
        self.gate.end_others(member, id);
    }

    /// Notes that the browser with `id` changed its member's ways in.
    pub(crate) fn note_changed(&self, member: Pseudonym, at_us: i64, id: &str) {
        self.gate.note_changed(member, at_us, id);
    }

    /// Notes that the reader has seen what changed.
    pub(crate) fn tell(&self, id: &str) {
        self.gate.tell(id);
    }

    /// Whether something changed that the reader of this session has not seen.
    pub(crate) fn is_untold(&self, session: &Session) -> bool {
        self.gate.is_untold(session)
    }

    /// Ends the session of these headers; the answer is the `Set-Cookie` header. A kept one is ended for good by [`Self::save`].
    pub(crate) fn end(&self, parts: &Parts) -> String {
        if let Some(id) = self.id(parts) {
            self.gate.end(id);
        }
        format!("{}=; {}; Max-Age=0", self.cookie_name(), self.flags())
    }

    /// Ends the session with this id. It is ended for good by [`Self::save`].
    pub(crate) fn end_id(&self, id: &str) {
        self.gate.end(id);
    }

    /// The session of the sender of these headers, and its id.
    pub(crate) fn session(&self, parts: &Parts) -> Option<(Arc<str>, Session)> {
        let id = self.id(parts)?;
        Some((Arc::from(id), self.gate.session(id, clock::now())?))
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
    cookie_of(&parts.headers, wanted)
}

/// As [`cookie`], of the headers alone.
pub(crate) fn cookie_of<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
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
