//! An account at an issuer as a way in: found by the issuer and the account's own id there, to the letter. An issuer's word is checked by
//! `proof::issuer`.

use engine::Pseudonym;
use proof::issuer::Identity;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::{Kind, Ways};
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// The most accounts of one member.
pub(super) const MOST_ACCOUNTS: usize = 10;

/// An account of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who it is there.
    #[serde(flatten)]
    pub identity: Identity,
}

impl Account {
    pub(super) fn key(&self) -> String {
        key(&self.identity)
    }
}

/// An issuer has no line's end in it, so that no two identities have one key.
fn key(identity: &Identity) -> String {
    format!("account:{}\n{}", identity.issuer, identity.account)
}

impl Ways {
    /// The member's accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.ways.iter().filter_map(|way| match &way.kind {
            Kind::Account(account) => Some(account),
            _ => None,
        })
    }
}

impl Snapshot {
    /// The member who has linked this account.
    ///
    /// # Errors
    /// A fault.
    pub fn member_of_account(&self, identity: &Identity) -> Result<Option<Pseudonym>, Error> {
        Ok(self.way_of(&key(identity))?.filter(|member| self.is_member(*member)))
    }
}

impl Batch<'_> {
    /// Notes that a member came in by an account. Whether it was still theirs.
    ///
    /// # Errors
    /// A fault.
    pub fn use_account(&mut self, member: Pseudonym, identity: &Identity, now: Moment) -> Result<bool, Error> {
        let mut ways = self.ways_in(member)?;
        let is_it = |way: &&mut super::Way| matches!(&way.kind, Kind::Account(known) if known.identity == *identity);
        let Some(way) = ways.ways.iter_mut().find(is_it) else { return Ok(false) };
        way.used_us = Some(now.0);
        self.put_ways(member, &ways)?;
        Ok(true)
    }
}
