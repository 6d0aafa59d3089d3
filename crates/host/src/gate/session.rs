//! As which member a browser acts. A session is a random id that the browser keeps; here and beside the log stands its hash only.
//! Walk-in sessions are kept in memory, so a restart forgets them; those of members who come in are kept beside the log. By which way they
//! come in is `way.rs`. Source: `docs/spec/gate.md`.

mod half;
mod own;
mod proof;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::gate::{FreshId, code_hash};
use crate::shared::Shared;

pub use half::{Half, Halves};
pub use own::OwnSession;
pub use proof::{FRESH_US, Proof, SECOND_US};

/// Enough for any demonstration; the oldest goes first.
const MOST_WALK_INS: usize = 4096;
/// The most for members who come in; one more is refused.
const MOST_KEPT: usize = 65_536;
/// The most of one member, each a browser; one more is refused, so that nobody pushes the member's own out.
pub const MOST_BROWSERS: usize = 16;
/// The most that begin within a minute.
const MOST_A_MINUTE: u32 = 120;
/// After this long without a request a session is over, microseconds: 30 days.
const IDLE_US: i64 = 30 * DAY_US;
/// After this long it is over in any case, microseconds: 180 days.
pub const LONGEST_US: i64 = 180 * DAY_US;
const DAY_US: i64 = 86_400_000_000;
const MINUTE_US: i64 = 60_000_000;

/// A browser that acts as a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// As whom.
    pub member: Pseudonym,
    /// When it began, microseconds since 1970.
    pub begun_us: i64,
    /// When it was last used, to about a day; microseconds since 1970.
    pub seen_us: i64,
    /// When its browser last proved whose it is; none of a session from before there were proofs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_us: Option<i64>,
    /// When it last proved a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_us: Option<i64>,
    /// Up to when its reader has seen what changed of the member's ways in.
    #[serde(default)]
    pub told_us: i64,
    /// The family of its browser in a few words, at most; none where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
}

impl Session {
    /// A session that begins with a proof at `now`.
    #[must_use]
    pub fn begun(member: Pseudonym, now: Moment) -> Session {
        Session {
            member,
            begun_us: now.0,
            seen_us: now.0,
            proved_us: Some(now.0),
            second_us: None,
            told_us: now.0,
            browser: None,
        }
    }
}

/// Why there is no place for one more session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlace {
    /// The member has as many as there may be.
    OfOne,
    /// All members together have.
    OfAll,
}

/// Sessions by the hash of their id.
#[derive(Debug)]
pub struct Sessions {
    /// The co-op beside whose log they are kept; `None` for walk-in.
    kept: Option<Arc<Shared>>,
    open: Mutex<Open>,
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
    /// When the ways in of members changed last, microseconds.
    changed: BTreeMap<Pseudonym, i64>,
}

#[derive(Debug, Clone)]
struct Held {
    /// Which in order of beginning.
    place: u64,
    session: Session,
}

impl Sessions {
    /// Sessions in memory alone.
    #[must_use]
    pub fn walk_in() -> Sessions {
        Sessions { kept: None, open: Mutex::default() }
    }

    /// The sessions that are kept beside the log of this co-op.
    ///
    /// # Errors
    /// A fault.
    pub fn kept(coop: Arc<Shared>) -> Result<Sessions, Error> {
        let mut open = Open::default();
        let present = coop.read();
        for (hash, session) in present.sessions()? {
            open.put(hash, session);
        }
        open.changed = present.all_changed()?;
        Ok(Sessions { kept: Some(coop), open: Mutex::new(open) })
    }

    /// Opens a walk-in session.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn begin(&self, member: Pseudonym, now: Moment) -> Result<FreshId, Error> {
        let fresh = FreshId::new()?;
        let mut open = self.open();
        open.put(fresh.hash.clone(), Session::begun(member, now));
        if open.by_hash.len() > MOST_WALK_INS {
            open.drop_first(|held| held.place);
        }
        Ok(fresh)
    }

    /// Whether one more session may begin now. A yes counts as one that has begun.
    #[must_use]
    pub fn admits_one(&self, now: Moment) -> bool {
        let mut open = self.open();
        let minute = now.0.div_euclid(MINUTE_US);
        if open.minute.0 != minute {
            open.minute = (minute, 0);
        }
        if open.minute.1 >= MOST_A_MINUTE {
            return false;
        }
        open.minute.1 += 1;
        true
    }

    /// Takes a place for a session that is about to be kept, and opens it: of many at once only as many come in as there are places.
    /// [`Sessions::save`] keeps it; [`Sessions::give_back`] gives the place back where it comes to nothing.
    ///
    /// # Errors
    /// There is none: it is full with sessions that are not over at `now`.
    pub fn take_place(&self, fresh: &FreshId, session: &Session, now: Moment) -> Result<(), NoPlace> {
        let mut open = self.open();
        open.drop_over(now, |one| one.member == session.member);
        if open.by_hash.values().filter(|held| held.session.member == session.member).count() >= MOST_BROWSERS {
            return Err(NoPlace::OfOne);
        }
        if open.by_hash.len() >= MOST_KEPT {
            open.drop_over(now, |_| true);
        }
        if open.by_hash.len() >= MOST_KEPT {
            return Err(NoPlace::OfAll);
        }
        open.put(fresh.hash.clone(), session.clone());
        open.unsaved.insert(fresh.hash.clone());
        Ok(())
    }

    /// Ends a session that was not begun after all.
    pub fn give_back(&self, fresh: &FreshId) {
        self.open().drop_one(&fresh.hash);
    }

    /// Ends the session with this id. A kept one is ended for good by [`Sessions::save`].
    pub fn end(&self, id: &str) {
        self.open().drop_one(&code_hash(id));
    }

    /// As whom the browser with this id acts at `now`.
    #[must_use]
    pub fn member(&self, id: &str, now: Moment) -> Option<Pseudonym> {
        Some(self.session(id, now)?.member)
    }

    /// The session of the browser with this id, where it is not over at `now`.
    #[must_use]
    pub fn session(&self, id: &str, now: Moment) -> Option<Session> {
        let hash = code_hash(id);
        let mut open = self.open();
        let session = open.by_hash.get(&hash)?.session.clone();
        let Some(coop) = &self.kept else {
            return Some(session);
        };
        if is_over(&session, now) || !coop.read().is_member(session.member) {
            open.drop_one(&hash);
            return None;
        }
        // To about a day, so that a visit does not cost a sync.
        if now.0.saturating_sub(session.seen_us) >= DAY_US {
            if let Some(held) = open.by_hash.get_mut(&hash) {
                held.session.seen_us = now.0;
            }
            open.unsaved.insert(hash);
        }
        Some(session)
    }

    /// Writes what storage does not know yet, if anything. May wait for the disk.
    ///
    /// # Errors
    /// A fault: the next call tries again.
    pub fn save(&self) -> Result<(), Error> {
        let Some(coop) = &self.kept else {
            self.open().ended.clear();
            return Ok(());
        };
        let (unsaved, ended) = {
            let mut open = self.open();
            let hashes = std::mem::take(&mut open.unsaved);
            let held = |hash: String| {
                let session = open.by_hash.get(&hash)?.session.clone();
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
}

impl Open {
    fn put(&mut self, hash: String, session: Session) {
        self.by_hash.insert(hash, Held { place: self.begun, session });
        self.begun += 1;
    }

    fn drop_one(&mut self, hash: &str) {
        if self.by_hash.remove(hash).is_some() {
            self.unsaved.remove(hash);
            self.ended.insert(hash.to_owned());
        }
    }

    fn drop_over(&mut self, now: Moment, of: impl Fn(&Session) -> bool) {
        let over = self.by_hash.iter().filter(|(_, held)| of(&held.session) && is_over(&held.session, now));
        let over: Vec<String> = over.map(|(hash, _)| hash.clone()).collect();
        over.iter().for_each(|hash| self.drop_one(hash));
    }

    fn drop_first<K: Ord>(&mut self, key: impl Fn(&Held) -> K) {
        let first = self.by_hash.iter().min_by_key(|(_, held)| key(held));
        if let Some(hash) = first.map(|(hash, _)| hash.clone()) {
            self.drop_one(&hash);
        }
    }
}

fn is_over(session: &Session, now: Moment) -> bool {
    let since = |us: i64| now.0.saturating_sub(us);
    since(session.seen_us) >= IDLE_US || since(session.begun_us) >= LONGEST_US
}

/// Keeps sessions beside the log, and forgets those that ended.
fn write(coop: &Shared, kept: &[(String, Session)], ended: &BTreeSet<String>) -> Result<(), Error> {
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

#[cfg(test)]
mod tests;
