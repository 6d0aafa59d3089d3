//! Names beside the log of people whose admission came to nothing: asked for, proposed or announced, and then taken back, refused or lapsed. Nobody keeps
//! what is known of somebody who never joined.

use std::collections::BTreeSet;

use engine::act::Deed;
use engine::{Outcome, Pseudonym};

use super::Batch;
use crate::directory::{name_key, profile, shared_key};
use crate::error::Error;
use crate::records::opening_of_name;

impl Batch<'_> {
    /// Erases what is kept of those whose admission ended without effect, unless they have joined or are awaited by another act.
    pub(super) fn erase_unadmitted(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        let mut erased = BTreeSet::new();
        for outcome in outcomes {
            let admitted = match outcome {
                Outcome::ActLapsed(what) | Outcome::ActTakenBack(what) => {
                    what.member.filter(|_| what.kind == "admit_member")
                }
                Outcome::ApplicationRefused { what, .. }
                | Outcome::ApplicationWithdrawn(what)
                | Outcome::ApplicationLapsed(what) => Some(what.applicant),
                _ => continue,
            };
            if let Some(member) = admitted.filter(|member| !self.is_awaited(*member)) {
                self.erase(member)?;
                erased.insert(member);
            }
        }
        if !erased.is_empty() {
            self.delete_invitations(&erased)?;
        }
        Ok(())
    }

    /// Whether somebody is or was a member, or an act waits that admits them.
    pub(crate) fn is_awaited(&self, member: Pseudonym) -> bool {
        let state = &self.coop.now.state;
        let admits = |deed: &Deed| matches!(deed, Deed::AdmitMember(act) if act.member == member);
        state.members.index(member).is_some()
            || state.applications.of(member).is_some()
            || state.powers.proposed().any(|(_, one)| admits(&one.deed))
            || state.powers.announced().any(|(_, one)| admits(&one.deed))
    }

    fn erase(&mut self, member: Pseudonym) -> Result<(), Error> {
        let coop = &mut *self.coop;
        let Some(kept) = profile(&mut *coop.store, &coop.now.id, member)? else {
            return Ok(());
        };
        let own = kept.name_key();
        let names = coop.now.directory.read().names;
        let others = names.iter().filter(|(other, name)| **other != member && name_key(name) == own);
        let alike: Vec<Pseudonym> = others.map(|(other, _)| *other).collect();
        let mut others = Vec::new();
        // Names of people from elsewhere say nothing in the co-op's own files.
        for other in alike {
            let is_own = profile(&mut *coop.store, &coop.now.id, other)?.is_some_and(|other| !other.is_elsewhere());
            if is_own && others.len() < 2 {
                others.push(other);
            }
        }
        for key in kept.keys() {
            if coop.identities.known(&mut *coop.store, &coop.now.id, &key)? != Some(member) {
                continue;
            }
            match others.first().filter(|_| key == own) {
                Some(other) => coop.identities.note(&mut *coop.store, key, *other)?,
                None => coop.store.delete("identity", key.as_bytes())?,
            }
        }
        if others.len() < 2 {
            coop.store.delete("identity", shared_key(&kept.name).as_bytes())?;
        }
        coop.identities.forget();
        coop.now.directory.forget(member);
        self.forget_pairs(member)?;
        self.delete("profile", member.to_string().as_bytes())?;
        self.delete("opening", opening_of_name(member).as_bytes())
    }
}
