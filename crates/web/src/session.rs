//! Who the visitor is. A session is a random id in a cookie; here and beside the log stands its hash only. Walk-in sessions are
//! kept in memory, so a restart forgets them; those of invited members are kept beside the log. Not sign-in: that comes with
//! passkeys (docs/spec/first-run.md).

pub(crate) mod out;
mod tries;

pub(crate) use tries::{Tries, address};

use crate::trouble::Trouble;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use engine::Pseudonym;
use host::{Session, Shared, clock, code_hash, new_session_id};
use quantity::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How the server is reached, as it was told: browsers keep a cookie for https from everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// http.
    Plain,
    /// https, which something in front of the server ends.
    Https,
}

/// Enough for any demonstration; the oldest goes first.
const MOST_WALK_INS: usize = 4096;
/// The most for invited members; the one that was used least lately goes first.
const MOST_KEPT: usize = 65_536;
/// The most of one member, each a browser; the one that was used least lately goes first.
const MOST_OF_ONE: usize = 16;
/// The most that begin within a minute.
const MOST_A_MINUTE: u32 = 120;
/// After this long without a request a session is over, microseconds: 30 days.
const IDLE_US: i64 = 30 * DAY_US;
/// After this long it is over in any case, microseconds: 180 days.
const LONGEST_US: i64 = 180 * DAY_US;
const DAY_US: i64 = 86_400_000_000;
const MINUTE_US: i64 = 60_000_000;

/// Sessions by the hash of their id.
pub(crate) struct Sessions {
    kind: Kind,
    open: Mutex<Open>,
}

enum Kind {
    WalkIn,
    Kept(Arc<Shared>, Transport),
}

#[derive(Debug, Default)]
struct Open {
    by_hash: BTreeMap<String, Held>,
    /// How many began so far.
    begun: u64,
    /// Sessions that storage does not know yet.
    unsaved: BTreeSet<String>,
    ended: BTreeSet<String>,
    minute: (i64, u32),
}

#[derive(Debug, Clone)]
struct Held {
    /// Which in order of beginning.
    place: u64,
    member: Pseudonym,
    begun_us: i64,
    seen_us: i64,
}

/// A new session's id, for the cookie alone, and its hash.
#[derive(Debug)]
pub(crate) struct FreshId {
    id: String,
    pub(crate) hash: String,
}

impl FreshId {
    pub(crate) fn new() -> Result<Self, Trouble> {
        let id = new_session_id()?;
        let hash = code_hash(&id);
        Ok(Self { id, hash })
    }
}

impl Sessions {
    pub(crate) fn walk_in() -> Self {
        Self { kind: Kind::WalkIn, open: Mutex::default() }
    }

    /// The sessions that are kept beside the log of this co-op.
    pub(crate) fn kept(coop: Arc<Shared>, transport: Transport) -> Result<Self, Trouble> {
        let mut open = Open::default();
        let kept = coop.read().sessions()?;
        for (hash, session) in kept {
            open.put(hash, &session);
        }
        Ok(Self { kind: Kind::Kept(coop, transport), open: Mutex::new(open) })
    }

    /// Opens a walk-in session; the answer is the `Set-Cookie` header.
    pub(crate) fn begin(&self, member: Pseudonym) -> Result<String, Trouble> {
        let fresh = FreshId::new()?;
        let mut open = self.open();
        let now = clock::now().0;
        let held = Held { place: open.begun, member, begun_us: now, seen_us: now };
        open.begun += 1;
        open.by_hash.insert(fresh.hash.clone(), held);
        if open.by_hash.len() > MOST_WALK_INS {
            open.drop_first(|held| held.place);
        }
        drop(open);
        Ok(self.cookie(&fresh))
    }

    /// Says whether one more session may begin now. A yes counts as one that has begun.
    pub(crate) fn admit_one(&self, now: Moment) -> Result<(), Trouble> {
        let mut open = self.open();
        let minute = now.0.div_euclid(MINUTE_US);
        if open.minute.0 != minute {
            open.minute = (minute, 0);
        }
        if open.minute.1 >= MOST_A_MINUTE {
            return Err(Trouble::TooMany);
        }
        open.minute.1 += 1;
        Ok(())
    }

    /// Opens a session that storage has already; the answer is the `Set-Cookie` header.
    pub(crate) fn open_kept(&self, fresh: &FreshId, session: &Session) -> String {
        let mut open = self.open();
        open.put(fresh.hash.clone(), session);
        let of_one = |open: &Open| open.by_hash.values().filter(|held| held.member == session.member).count();
        while of_one(&open) > MOST_OF_ONE {
            open.drop_first(|held| (held.member != session.member, held.seen_us, held.place));
        }
        while open.by_hash.len() > MOST_KEPT {
            open.drop_first(|held| held.seen_us);
        }
        drop(open);
        self.cookie(fresh)
    }

    /// Ends the session of these headers; the answer is the `Set-Cookie` header. A kept one is ended for good by [`Self::save`].
    pub(crate) fn end(&self, parts: &Parts) -> String {
        if let Some(id) = self.id(parts) {
            self.open().drop_one(&code_hash(id));
        }
        format!("{}=; {}; Max-Age=0", self.cookie_name(), self.flags())
    }

    /// As whom the sender of these headers acts.
    pub(crate) fn member(&self, parts: &Parts) -> Option<Pseudonym> {
        self.member_at(parts, clock::now())
    }

    fn member_at(&self, parts: &Parts, now: Moment) -> Option<Pseudonym> {
        let hash = code_hash(self.id(parts)?);
        let mut open = self.open();
        let held = open.by_hash.get(&hash)?.clone();
        let Kind::Kept(coop, _) = &self.kind else {
            return Some(held.member);
        };
        let over = now.0.saturating_sub(held.seen_us) >= IDLE_US || now.0.saturating_sub(held.begun_us) >= LONGEST_US;
        if over || !coop.read().is_member(held.member) {
            open.drop_one(&hash);
            return None;
        }
        if now.0.saturating_sub(held.seen_us) >= DAY_US {
            if let Some(held) = open.by_hash.get_mut(&hash) {
                held.seen_us = now.0;
            }
            open.unsaved.insert(hash);
        }
        Some(held.member)
    }

    /// Writes what storage does not know yet, if anything. May wait for the disk.
    pub(crate) fn save(&self) -> Result<(), Trouble> {
        let Kind::Kept(coop, _) = &self.kind else {
            self.open().ended.clear();
            return Ok(());
        };
        let (unsaved, ended) = {
            let mut open = self.open();
            let hashes = std::mem::take(&mut open.unsaved);
            let held = |hash: String| {
                let session = open.by_hash.get(&hash)?.session();
                Some((hash, session))
            };
            let unsaved: Vec<_> = hashes.into_iter().filter_map(held).collect();
            (unsaved, std::mem::take(&mut open.ended))
        };
        if unsaved.is_empty() && ended.is_empty() {
            return Ok(());
        }
        let saved = write(coop, &unsaved, &ended);
        if saved.is_err() {
            let mut open = self.open();
            open.unsaved.extend(unsaved.into_iter().map(|(hash, _)| hash));
            open.ended.extend(ended);
        }
        saved
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cookie(&self, fresh: &FreshId) -> String {
        let (name, flags) = (self.cookie_name(), self.flags());
        let id = &fresh.id;
        match self.kind {
            // Until the browser closes: a walk-in ends with the server anyway.
            Kind::WalkIn => format!("{name}={id}; {flags}"),
            Kind::Kept(..) => format!("{name}={id}; {flags}; Max-Age={}", LONGEST_US / 1_000_000),
        }
    }

    fn cookie_name(&self) -> &'static str {
        match self.kind {
            Kind::WalkIn => "rochdale_walk_in",
            Kind::Kept(_, Transport::Plain) => "rochdale_session",
            // Browsers take this name over https only, for this host only, and no other host can set it.
            Kind::Kept(_, Transport::Https) => "__Host-rochdale_session",
        }
    }

    /// Without `Secure` where there is no TLS: walk-in is refused on any address but loopback.
    fn flags(&self) -> &'static str {
        match self.kind {
            Kind::Kept(_, Transport::Https) => "Path=/; HttpOnly; SameSite=Lax; Secure",
            _ => "Path=/; HttpOnly; SameSite=Lax",
        }
    }

    fn id<'a>(&self, parts: &'a Parts) -> Option<&'a str> {
        cookie(parts, self.cookie_name())
    }
}

impl Open {
    fn put(&mut self, hash: String, session: &Session) {
        let held =
            Held { place: self.begun, member: session.member, begun_us: session.begun_us, seen_us: session.seen_us };
        self.begun += 1;
        self.by_hash.insert(hash, held);
    }

    fn drop_one(&mut self, hash: &str) {
        if self.by_hash.remove(hash).is_some() {
            self.unsaved.remove(hash);
            self.ended.insert(hash.to_owned());
        }
    }

    fn drop_first<K: Ord>(&mut self, key: impl Fn(&Held) -> K) {
        let first = self.by_hash.iter().min_by_key(|(_, held)| key(held));
        if let Some(hash) = first.map(|(hash, _)| hash.clone()) {
            self.drop_one(&hash);
        }
    }
}

impl Held {
    fn session(&self) -> Session {
        Session { member: self.member, begun_us: self.begun_us, seen_us: self.seen_us }
    }
}

/// Keeps sessions beside the log, and forgets those that ended.
fn write(coop: &Shared, kept: &[(String, Session)], ended: &BTreeSet<String>) -> Result<(), Trouble> {
    let (kept, ended) = (kept.to_vec(), ended.clone());
    coop.write(move |batch| {
        for (hash, session) in &kept {
            batch.put_session(hash, session)?;
        }
        for hash in &ended {
            batch.end_session(hash)?;
        }
        Ok(())
    })
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

#[cfg(test)]
mod tests;
