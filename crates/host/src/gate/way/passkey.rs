//! A passkey as a way in: found by the id of its credential. Its answers are checked by `proof::passkey`.

use std::collections::BTreeMap;

use engine::Pseudonym;
use proof::Bytes;
use proof::passkey::{Handle, Passkey as Credential, Proved};
use quantity::Moment;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::{Kind, WAYS, Ways, What};
use crate::batch::Batch;
use crate::error::Error;
use crate::gate::invitation::records;
use crate::snapshot::Snapshot;

/// The most passkeys of one member.
pub(super) const MOST_PASSKEYS: usize = 10;
/// The most letters of a passkey's name.
pub const MOST_LETTERS_OF_PASSKEY: usize = 60;

/// A passkey of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its name among the member's own.
    pub name: String,
    /// The credential.
    pub credential: Credential,
}

impl Passkey {
    /// Names a credential. Lines and hidden signs are no part of a name; an empty one is the host's.
    #[must_use]
    pub fn new(name: &str, credential: Credential) -> Passkey {
        let shows = |letter: &char| letter.is_whitespace() || !bridges::is_hidden(*letter);
        let words = name.nfc().filter(shows).collect::<String>();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let name: String = words.chars().take(MOST_LETTERS_OF_PASSKEY).collect();
        let name = if name.is_empty() { credential.host.clone() } else { name };
        Passkey { name, credential }
    }

    pub(super) fn key(&self) -> String {
        key(&self.credential.id)
    }
}

fn key(id: &Bytes) -> String {
    format!("passkey:{}", id.text())
}

impl Ways {
    /// The member's passkeys.
    pub fn passkeys(&self) -> impl Iterator<Item = &Passkey> {
        self.ways.iter().filter_map(|way| match &way.kind {
            Kind::Passkey(passkey) => Some(passkey),
            _ => None,
        })
    }

    /// The member's passkeys for a host: the others open nothing there.
    pub fn passkeys_for(&self, host: &str) -> impl Iterator<Item = &Passkey> {
        self.passkeys().filter(move |passkey| passkey.credential.host == host)
    }

    /// The handle by which authenticators know the member; none where no passkey was added.
    #[must_use]
    pub fn handle(&self) -> Option<&Handle> {
        self.passkeys().next().map(|passkey| &passkey.credential.handle)
    }

    /// Whether a passkey would be of another handle than those that are there: two were asked for at once.
    pub(super) fn is_of_another(&self, kind: &Kind) -> bool {
        let Kind::Passkey(passkey) = kind else { return false };
        self.handle().is_some_and(|handle| *handle != passkey.credential.handle)
    }
}

impl Snapshot {
    /// How many passkeys there are for each host.
    ///
    /// # Errors
    /// A fault.
    pub fn passkey_hosts(&self) -> Result<BTreeMap<String, usize>, Error> {
        let all: Vec<(String, Ways)> = self.beside.look(|store, coop| records(store, coop, WAYS))?;
        let mut hosts = BTreeMap::new();
        for passkey in all.iter().flat_map(|(_, ways)| ways.passkeys()) {
            *hosts.entry(passkey.credential.host.clone()).or_insert(0) += 1;
        }
        Ok(hosts)
    }

    /// The passkey with this id, and the member whose it is.
    ///
    /// # Errors
    /// A fault.
    pub fn passkey(&self, id: &Bytes) -> Result<Option<(Pseudonym, Passkey)>, Error> {
        let Some(member) = self.way_of(&key(id))?.filter(|member| self.is_member(*member)) else { return Ok(None) };
        let ways = self.ways_in(member)?;
        Ok(ways.passkeys().find(|passkey| passkey.credential.id == *id).map(|passkey| (member, passkey.clone())))
    }
}

impl Batch<'_> {
    /// Notes that a member came in by a passkey. A counter that went back is told to the member's browsers. Whether the passkey was still
    /// there.
    ///
    /// # Errors
    /// A fault.
    pub fn use_passkey(&mut self, member: Pseudonym, proved: &Proved, now: Moment) -> Result<bool, Error> {
        let mut ways = self.ways_in(member)?;
        let is_it = |way: &&mut super::Way| matches!(&way.kind, Kind::Passkey(known) if known.credential.id == proved.passkey.id);
        let Some(way) = ways.ways.iter_mut().find(is_it) else { return Ok(false) };
        way.used_us = Some(now.0);
        if let Kind::Passkey(known) = &mut way.kind {
            known.credential = proved.passkey.clone();
        }
        if proved.went_back {
            ways.note(What::WentBack, "passkey", now);
        }
        self.put_ways(member, &ways)?;
        Ok(true)
    }
}
