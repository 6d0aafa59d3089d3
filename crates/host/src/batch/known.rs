//! By what people are known, as an open batch has changed it so far. Not who is joined with whom (`who`).

use engine::Pseudonym;

use super::Batch;
use crate::directory::{Called, Evidence, Person, name_key, profile};
use crate::error::Error;

impl Batch<'_> {
    /// The member that a person is, if known; nothing is noted.
    pub(crate) fn known(&mut self, person: &Person) -> Result<Option<Pseudonym>, Error> {
        let coop = &mut *self.coop;
        coop.identities.find(&mut *coop.store, &coop.now.id, person)
    }

    /// Whether somebody else is called as this member.
    pub(crate) fn shares_name(&mut self, member: Pseudonym, name: &str) -> Result<bool, Error> {
        let own = self.known_by_name(name)?;
        Ok(own.is_some_and(|own| own != member) || self.coop.now.directory.called(name) == Called::Several)
    }

    /// By what a person is known here, if by anything.
    pub(crate) fn evidence(&mut self, person: &Person) -> Result<Option<Evidence>, Error> {
        let coop = &mut *self.coop;
        coop.identities.evidence(&mut *coop.store, &coop.now.id, person)
    }

    /// The member who first had this name, which others may share.
    pub(crate) fn known_by_name(&mut self, name: &str) -> Result<Option<Pseudonym>, Error> {
        let coop = &mut *self.coop;
        coop.identities.known(&mut *coop.store, &coop.now.id, &name_key(name))
    }

    /// Notes further keys by which a member is known, as another co-op has noted them.
    pub(crate) fn know_by(&mut self, member: Pseudonym, also: &[String]) -> Result<(), Error> {
        let coop = &mut *self.coop;
        let mut fresh = Vec::new();
        for key in also {
            if coop.identities.known(&mut *coop.store, &coop.now.id, key)?.is_none() {
                coop.identities.note(&mut *coop.store, key.clone(), member)?;
                fresh.push(key.clone());
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let mut known = profile(&mut *coop.store, &coop.now.id, member)?.unwrap_or_default();
        known.also.append(&mut fresh);
        self.save_profile(member, &known)
    }
}
