//! A member's own sessions: listed and ended, and told what changed of the ways in. Nobody else's.

use engine::Pseudonym;
use quantity::Moment;

use super::{Session, Sessions, is_over};
use crate::batch::Batch;
use crate::error::Error;
use crate::gate::code_hash;
use crate::gate::invitation::records;
use crate::gate::way::{WAYS, Ways};
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;

/// As many letters of a hash name a session, and open none.
const ID_LETTERS: usize = 16;

/// A session in the list of its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// The beginning of the hash of its id.
    pub id: String,
    /// The session.
    pub session: Session,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

impl Sessions {
    /// The sessions of a member that are not over at `now`, the one that was used last first. `asking` is the id of the browser that asks.
    #[must_use]
    pub fn of(&self, member: Pseudonym, asking: &str, now: Moment) -> Vec<OwnSession> {
        let this = code_hash(asking);
        let open = self.open();
        let own = open.by_hash.iter().filter(|(_, held)| held.session.member == member && !is_over(&held.session, now));
        let mut own: Vec<OwnSession> = own
            .map(|(hash, held)| OwnSession {
                id: hash.chars().take(ID_LETTERS).collect(),
                session: held.session.clone(),
                is_this: *hash == this,
            })
            .collect();
        own.sort_by_key(|one| (!one.is_this, std::cmp::Reverse(one.session.seen_us)));
        own
    }

    /// Ends the session of `member` whose hash begins with `start`; whether there was one. [`Sessions::save`] ends it for good.
    pub fn end_one(&self, member: Pseudonym, start: &str) -> bool {
        let mut open = self.open();
        let is_meant = |hash: &str| start.len() == ID_LETTERS && hash.starts_with(start);
        let found = open.by_hash.iter().find(|(hash, held)| held.session.member == member && is_meant(hash));
        let Some(hash) = found.map(|(hash, _)| hash.clone()) else { return false };
        open.drop_one(&hash);
        true
    }

    /// Ends all sessions of `member` but the one with the id `but`; how many. [`Sessions::save`] ends them for good.
    pub fn end_others(&self, member: Pseudonym, but: &str) -> usize {
        let but = code_hash(but);
        let mut open = self.open();
        let others = open.by_hash.iter().filter(|(hash, held)| held.session.member == member && **hash != but);
        let others: Vec<String> = others.map(|(hash, _)| hash.clone()).collect();
        others.iter().for_each(|hash| open.drop_one(hash));
        others.len()
    }

    /// Notes that the ways in of `member` changed last at `at_us`. The browser with the id `by` did it, and need not be told.
    pub fn note_changed(&self, member: Pseudonym, at_us: i64, by: &str) {
        self.open().changed.insert(member, at_us);
        self.tell(by);
    }

    /// Whether something changed that the reader of this session has not seen.
    #[must_use]
    pub fn is_untold(&self, session: &Session) -> bool {
        self.open().changed.get(&session.member).is_some_and(|changed| *changed > session.told_us)
    }

    /// Notes that the reader of the browser with this id has seen all that changed.
    pub fn tell(&self, id: &str) {
        let hash = code_hash(id);
        let mut open = self.open();
        let Some(member) = open.by_hash.get(&hash).map(|held| held.session.member) else { return };
        let changed = open.changed.get(&member).copied().unwrap_or_default();
        if let Some(held) = open.by_hash.get_mut(&hash)
            && held.session.told_us < changed
        {
            held.session.told_us = changed;
            open.unsaved.insert(hash);
        }
    }
}

impl Snapshot {
    /// When the ways in of each member changed last, microseconds.
    pub(super) fn all_changed(&self) -> Result<BTreeMap<Pseudonym, i64>, Error> {
        let all: Vec<(String, Ways)> = self.beside.look(|store, coop| records(store, coop, WAYS))?;
        Ok(all.into_iter().filter_map(|(name, ways)| Some((name.parse().ok()?, ways.changed_us()?))).collect())
    }
}

impl Batch<'_> {
    /// Ends every token of a member; how many.
    ///
    /// # Errors
    /// A fault.
    pub fn end_tokens_of(&mut self, member: Pseudonym, now: Moment) -> Result<usize, Error> {
        let own = self.tokens()?.into_iter().filter(|(_, token)| token.member == Some(member) && token.is_open(now));
        let own: Vec<String> = own.map(|(hash, _)| hash).collect();
        for hash in &own {
            self.end_token(hash, Some(member), now)?;
        }
        Ok(own.len())
    }
}
