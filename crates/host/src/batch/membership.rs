//! People whom a record means come into the register where nobody knows them, some with the days of a membership that began before.

use std::collections::BTreeMap;

use engine::act::AdmitMember;
use engine::{Actor, Pseudonym};
use quantity::Moment;

use super::Batch;
use crate::directory::Person;
use crate::error::Error;

/// The days of a membership that began before the register was kept here, `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Membership {
    pub(crate) joined_on: Option<String>,
    /// The last day of somebody who has left.
    pub(crate) left_on: Option<String>,
}

impl Batch<'_> {
    /// The member that `person` is; a newcomer is admitted at `time`.
    ///
    /// # Errors
    /// A refusal (the register is full) or a fault.
    pub fn member_for(&mut self, person: &Person, actor: Actor, time: Moment) -> Result<Pseudonym, Error> {
        self.member_since(person, &Membership::default(), actor, time)
    }

    /// As [`Batch::member_for`], for a newcomer whose membership began before the register was kept here.
    pub(crate) fn member_since(
        &mut self,
        person: &Person,
        days: &Membership,
        actor: Actor,
        time: Moment,
    ) -> Result<Pseudonym, Error> {
        if let Some(met) = self.coop.identities.met(person) {
            return Ok(met);
        }
        let coop = &mut *self.coop;
        if let Some(known) = coop.identities.find(&mut *coop.store, &coop.now.id, person)? {
            self.learn(known, person)?;
            self.coop.identities.meet(person, known);
            return Ok(known);
        }
        if *days == Membership::default() {
            return self.newcomer(person, actor, time);
        }
        // Nobody is asked about somebody who has left.
        let alike = if days.left_on.is_none() { self.alike(person)? } else { BTreeMap::new() };
        let member = self.fresh_pseudonym()?;
        let Membership { joined_on, left_on } = days.clone();
        let act = AdmitMember { member, organisation: person.organisation, founder: false, joined_on, left_on };
        self.admit_by(act, person, actor, time)?;
        self.propose_who(member, alike)?;
        Ok(member)
    }

    /// Admits `person` as somebody new, whoever else has the name.
    pub(crate) fn newcomer(&mut self, person: &Person, actor: Actor, time: Moment) -> Result<Pseudonym, Error> {
        let alike = self.alike(person)?;
        let member = self.fresh_pseudonym()?;
        self.admit_as(member, person, actor, time)?;
        self.propose_who(member, alike)?;
        Ok(member)
    }
}
