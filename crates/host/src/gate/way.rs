//! Ways in: by which a member can show who they are. They are records of a member beside the log, never in it. Which acts they may do is
//! the engine's; how a page asks is the web's. Source: `docs/spec/gate.md`.
//!
//! A kind of way is a file of its own here, and a variant of [`Kind`]. The right to add a way is the right to be the member, so that
//! adding and removing one asks for a [`Fresh`] proof.

mod account;
mod address;
mod change;
mod common;
mod link;
mod passkey;
mod password;
mod recovery;
mod totp;

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::code::code_hash;
use super::invitation::record;
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

pub use account::Account;
pub use address::{Address, checked_address};
pub use change::{Change, What};
pub use link::{Former, LINK_US, MailLink, Purpose, Shown, Spent, UNDO_US, asking_browser};
pub use passkey::{MOST_LETTERS_OF_PASSKEY, Passkey};
pub use password::{MOST_LETTERS, Password, SHORTEST, SHORTEST_ALONE, Unfit};
pub use recovery::{RecoveryCodes, fresh_codes};
pub use totp::{PERIOD_S, Seed, Totp};

/// Where the ways of a member are kept, by the pseudonym.
pub(crate) const WAYS: &str = "way";
/// Where the member is kept whom a way names by itself, by the SHA-256 of its key.
pub(crate) const WAY_KEYS: &str = "way-key";
/// The most ways of one member.
const MOST_WAYS: usize = 24;
/// The random bytes of a way's id.
const ID_LETTERS: usize = 16;

/// How far a way lets its member in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// By itself, unless the member has a second factor, which is then asked for too.
    First,
    /// Beside a first one, and never by itself.
    Second,
    /// By itself, as both.
    Both,
    /// By itself, and it is no second factor: it is for somebody who has lost the others.
    Recovery,
}

/// The thing that a member shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A password.
    Password(Password),
    /// Codes of an authenticator program.
    Totp(Totp),
    /// Ten codes on paper, each once.
    RecoveryCodes(RecoveryCodes),
    /// A mail address, to which links are sent.
    Address(Address),
    /// A passkey.
    Passkey(Passkey),
    /// An account at an issuer.
    Account(Account),
}

impl Kind {
    /// The name of the kind, as records of changes have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Password(_) => "password",
            Kind::Totp(_) => "totp",
            Kind::RecoveryCodes(_) => "recovery_codes",
            Kind::Address(_) => "address",
            Kind::Passkey(_) => "passkey",
            Kind::Account(_) => "account",
        }
    }

    /// How far it lets its member in.
    #[must_use]
    pub fn factor(&self) -> Factor {
        match self {
            Kind::Password(_) | Kind::Address(_) | Kind::Account(_) => Factor::First,
            // The authenticator is one factor, and how it verifies its holder another.
            Kind::Passkey(_) => Factor::Both,
            Kind::Totp(_) => Factor::Second,
            Kind::RecoveryCodes(_) => Factor::Recovery,
        }
    }

    /// The key by which it finds its member, if it does. No two members have one key.
    fn key(&self) -> Option<String> {
        match self {
            Kind::Address(address) => Some(address.key()),
            Kind::Passkey(passkey) => Some(passkey.key()),
            Kind::Account(account) => Some(account.key()),
            Kind::Password(_) | Kind::Totp(_) | Kind::RecoveryCodes(_) => None,
        }
    }

    /// The most of this kind of one member. Of a kind that is there once a new one takes the place of the old one.
    fn most(&self) -> usize {
        match self {
            Kind::Password(_) | Kind::Totp(_) | Kind::RecoveryCodes(_) => 1,
            Kind::Address(_) => address::MOST_ADDRESSES,
            Kind::Passkey(_) => passkey::MOST_PASSKEYS,
            Kind::Account(_) => account::MOST_ACCOUNTS,
        }
    }
}

/// A way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// 16 random hexadecimal digits, which open nothing.
    pub id: String,
    /// When it was added, microseconds since 1970.
    pub added_us: i64,
    /// When somebody last came in by it, microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_us: Option<i64>,
    /// The thing that is shown.
    #[serde(flatten)]
    pub kind: Kind,
}

/// All ways of a member, and what changed of them lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// The ways, in the order of being added.
    #[serde(default)]
    pub ways: Vec<Way>,
    /// The changes, the newest last.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Links by mail that are open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<MailLink>,
    /// When links were asked for in the last hour, microseconds since 1970.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked_us: Vec<i64>,
    /// Addresses that were ways in within 30 days, and are told what changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former: Vec<Former>,
}

/// A proof by a member who is signed in that is not older than five minutes; [`Sessions`](super::Sessions) gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh {
    pub(super) member: Pseudonym,
    /// There was no way yet by which to prove anything: it is good for the first one alone.
    pub(super) first: bool,
}

impl Fresh {
    /// Who proved it.
    #[must_use]
    pub fn member(self) -> Pseudonym {
        self.member
    }
}

/// Why a way was not added, or not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWay {
    /// Another way was added meanwhile, and has to be shown first.
    Stale,
    /// Another member has it.
    Taken,
    /// The member has as many as there may be, of this kind or of all.
    TooMany,
    /// It is the last by which the member can come in.
    Last,
    /// The password is too short to stand alone.
    Alone,
    /// Five links by mail were sent within the hour.
    Often,
    /// There is no such way.
    Absent,
}

impl Ways {
    /// Whether the member can come in by one of them.
    #[must_use]
    pub fn lets_in(&self) -> bool {
        self.ways.iter().any(Way::is_first)
    }

    /// Whether a second factor is asked for after the first.
    #[must_use]
    pub fn has_second(&self) -> bool {
        self.ways.iter().any(|way| way.kind.factor() == Factor::Second)
    }

    /// The password, if there is one.
    #[must_use]
    pub fn password(&self) -> Option<&Password> {
        self.ways.iter().find_map(|way| match &way.kind {
            Kind::Password(password) => Some(password),
            _ => None,
        })
    }

    /// The seed of codes, if there is one.
    #[must_use]
    pub fn totp(&self) -> Option<&Totp> {
        self.ways.iter().find_map(|way| match &way.kind {
            Kind::Totp(totp) => Some(totp),
            _ => None,
        })
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn codes_left(&self) -> usize {
        self.ways.iter().map(|way| if let Kind::RecoveryCodes(codes) = &way.kind { codes.left() } else { 0 }).sum()
    }

    /// The hashes by which its ways find their member.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        let own = self.ways.iter().filter_map(|way| way.kind.key());
        own.chain(self.link_keys()).map(|key| code_hash(&key))
    }

    fn has_short_password(&self) -> bool {
        self.password().is_some_and(|password| password.short)
    }

    /// Takes a way in, in the place of another one where there is room for one alone.
    fn add(&mut self, kind: Kind, now: Moment) -> Result<String, NoWay> {
        if matches!(&kind, Kind::Password(password) if password.short) && !self.has_second() {
            return Err(NoWay::Alone);
        }
        if self.is_of_another(&kind) {
            return Err(NoWay::Stale);
        }
        let name = kind.name();
        if kind.most() == 1 {
            self.ways.retain(|way| way.kind.name() != name);
        }
        let alike = self.ways.iter().filter(|way| way.kind.name() == name).count();
        if alike >= kind.most() || self.ways.len() >= MOST_WAYS {
            return Err(NoWay::TooMany);
        }
        let id: String = super::new_code().map_err(|_| NoWay::Absent)?.chars().take(ID_LETTERS).collect();
        self.ways.push(Way { id: id.clone(), added_us: now.0, used_us: None, kind });
        self.note(What::Added, name, now);
        Ok(id)
    }

    fn remove(&mut self, id: &str, now: Moment) -> Result<Way, NoWay> {
        let at = self.ways.iter().position(|way| way.id == id).ok_or(NoWay::Absent)?;
        let others = || self.ways.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, way)| way);
        if !others().any(Way::is_first) {
            return Err(NoWay::Last);
        }
        if self.has_short_password() && !others().any(|way| way.kind.factor() == Factor::Second) {
            return Err(NoWay::Alone);
        }
        let way = self.ways.remove(at);
        self.note(What::Removed, way.kind.name(), now);
        Ok(way)
    }
}

impl Way {
    /// Whether somebody who has lost nothing comes in by it.
    fn is_first(&self) -> bool {
        matches!(self.kind.factor(), Factor::First | Factor::Both)
    }
}

impl Snapshot {
    /// The ways of a member.
    ///
    /// # Errors
    /// A fault.
    pub fn ways_in(&self, member: Pseudonym) -> Result<Ways, Error> {
        let kept = self.beside.look(|store, coop| record(store, coop, WAYS, &member.to_string()))?;
        Ok(kept.unwrap_or_default())
    }

    /// The member whom a way finds by its key.
    ///
    /// # Errors
    /// A fault.
    pub fn way_of(&self, key: &str) -> Result<Option<Pseudonym>, Error> {
        self.beside.look(|store, coop| record(store, coop, WAY_KEYS, &code_hash(key)))
    }

    /// The member who signs in as `typed`: a name, a pseudonym, or a mail address. Nobody where several are called so.
    ///
    /// # Errors
    /// A fault.
    pub fn signs_in_as(&self, typed: &str) -> Result<Option<Pseudonym>, Error> {
        let found = match self.find_member(typed.trim()) {
            Err(Error::Usage(_)) => None,
            found => found?,
        };
        let by_address = || checked_address(typed).map_or(Ok(None), |address| self.way_of(&address.key()));
        let found = found.map_or_else(by_address, |member| Ok(Some(member)))?;
        Ok(found.filter(|member| self.is_member(*member)))
    }
}

impl Batch<'_> {
    /// As [`Snapshot::ways_in`], with what this batch has changed.
    ///
    /// # Errors
    /// A fault.
    pub fn ways_in(&mut self, member: Pseudonym) -> Result<Ways, Error> {
        let kept = record(&mut *self.coop.store, &self.coop.now.id, WAYS, &member.to_string())?;
        Ok(kept.unwrap_or_default())
    }

    /// Adds a way in; its id. A change is noted for the member's other browsers.
    ///
    /// # Errors
    /// A fault.
    pub fn add_way(&mut self, fresh: Fresh, kind: Kind, now: Moment) -> Result<Result<String, NoWay>, Error> {
        if fresh.first && self.ways_in(fresh.member)?.lets_in() {
            return Ok(Err(NoWay::Stale));
        }
        self.add_kind(fresh.member, kind, now)
    }

    /// Adds a way in of a member who has proven who they are, or who holds what proves the way.
    fn add_kind(&mut self, member: Pseudonym, kind: Kind, now: Moment) -> Result<Result<String, NoWay>, Error> {
        let mut ways = self.ways_in(member)?;
        let key = kind.key();
        match key.as_ref().map(|key| self.found_by(key)).transpose()?.flatten() {
            Some(other) if other == member => return Ok(Err(NoWay::TooMany)),
            Some(_) => return Ok(Err(NoWay::Taken)),
            None => {}
        }
        let added = ways.add(kind, now);
        if added.is_ok() {
            if let Some(key) = key {
                self.put_json(WAY_KEYS, &code_hash(&key), &member)?;
            }
            self.put_ways(member, &ways)?;
            self.tell_by_mail(member, None, now)?;
        }
        Ok(added)
    }

    /// As [`Snapshot::way_of`], with what this batch has changed.
    fn found_by(&mut self, key: &str) -> Result<Option<Pseudonym>, Error> {
        record(&mut *self.coop.store, &self.coop.now.id, WAY_KEYS, &code_hash(key))
    }

    /// Removes a way in, never the last.
    ///
    /// # Errors
    /// A fault.
    pub fn remove_way(&mut self, fresh: Fresh, id: &str, now: Moment) -> Result<Result<Way, NoWay>, Error> {
        let mut ways = self.ways_in(fresh.member)?;
        if fresh.first {
            return Ok(Err(NoWay::Stale));
        }
        let removed = ways.remove(id, now);
        if let Ok(way) = &removed {
            if let Some(key) = way.kind.key() {
                self.delete(WAY_KEYS, code_hash(&key).as_bytes())?;
            }
            self.put_ways(fresh.member, &ways)?;
            self.tell_by_mail(fresh.member, Former::of(way, now), now)?;
        }
        Ok(removed)
    }

    /// Notes something that the member's other browsers are told.
    ///
    /// # Errors
    /// A fault.
    pub fn note_change(&mut self, member: Pseudonym, what: What, kind: &str, now: Moment) -> Result<(), Error> {
        let mut ways = self.ways_in(member)?;
        ways.note(what, kind, now);
        self.put_ways(member, &ways)?;
        self.tell_by_mail(member, None, now)
    }

    pub(super) fn put_ways(&mut self, member: Pseudonym, ways: &Ways) -> Result<(), Error> {
        self.put_json(WAYS, &member.to_string(), ways)
    }

    pub(crate) fn put_json(&mut self, space: &str, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_vec(value).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(space, name.as_bytes(), &json)
    }
}

#[cfg(test)]
mod tests;
