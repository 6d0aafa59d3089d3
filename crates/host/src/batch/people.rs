//! People come into the register, and what is known of them is kept beside the log.

use engine::act::{Act, AddToList, AdmitMember};
use engine::{Actor, Context, Edition, Pseudonym};
use quantity::Moment;
use rochdale_log::commitment;

use super::{Batch, By};
use crate::codec::actor_text;
use crate::directory::{Known, Origin, Person, Profile, fold, keys, name_key, profile};
use crate::error::Error;
use crate::founding::{random_key, random_u64};
use crate::records::{NAME, opening_of_name};

impl Batch<'_> {
    /// Admits who founds the co-op, by the operator: as a founder from edition 2 on, and before it as a member like others.
    ///
    /// # Errors
    /// A refusal or a fault.
    pub fn admit_founder(&mut self, person: &Person, time: Moment) -> Result<Pseudonym, Error> {
        // An empty log learns its edition with its first entry.
        self.run_due(self.time(time))?;
        let member = self.fresh_pseudonym()?;
        let founder = self.coop.now.state.editions.current >= Edition::TWO;
        let act = AdmitMember { member, organisation: person.organisation, founder, joined_on: None, left_on: None };
        self.admit_by(act, person, Actor::Operator, time)?;
        Ok(member)
    }

    pub(super) fn fresh_pseudonym(&self) -> Result<Pseudonym, Error> {
        let mut member = Pseudonym(random_u64()?);
        while self.coop.now.state.members.index(member).is_some() || self.is_awaited(member) {
            member = Pseudonym(random_u64()?);
        }
        Ok(member)
    }

    /// Admits `person` under a pseudonym that nobody has, with what is kept of them beside the log.
    ///
    /// # Errors
    /// A refusal or a fault.
    pub(crate) fn admit_as(
        &mut self,
        member: Pseudonym,
        person: &Person,
        actor: Actor,
        time: Moment,
    ) -> Result<(), Error> {
        let act =
            AdmitMember { member, organisation: person.organisation, founder: false, joined_on: None, left_on: None };
        self.admit_by(act, person, actor, time)
    }

    pub(super) fn admit_by(
        &mut self,
        act: AdmitMember,
        person: &Person,
        actor: Actor,
        time: Moment,
    ) -> Result<(), Error> {
        let time = self.time(time);
        self.run_due(time)?;
        let member = act.member;
        let mut act = Act::AdmitMember(act);
        if let Actor::Member(who) = actor {
            act = engine::intent::by_power(&self.coop.now.state, who, act, time);
        }
        let context = Context { entry: self.coop.now.head.seq + 1, ..Context::of(actor, time) };
        let authority = self.coop.now.state.authority(&act, &context);
        let authority = authority.unwrap_or_default();
        let key = random_key()?;
        let name = commitment(&key, NAME, person.name.as_bytes());
        let by = By { actor: &actor_text(actor, &authority), authority: &authority, key: "", nonce: "", signed: None };
        let edition = self.coop.now.state.editions.current;
        self.encode(&act, &by, time, &[(NAME, name)], edition)?;
        let outcomes = engine::apply(&mut self.coop.now.state, &act, &context);
        self.done(outcomes)?;
        self.torn = true;
        self.push(&act, "", time)?;
        self.keep_name(member, person, &key)
    }

    /// Keeps what is said of somebody new beside the log, with the key of the entry's commitment.
    pub(super) fn keep_name(&mut self, member: Pseudonym, person: &Person, key: &[u8; 32]) -> Result<(), Error> {
        self.put("opening", opening_of_name(member).as_bytes(), key)?;
        let known = if person.origin == Origin::Coop { Known::Coop } else { Known::Elsewhere };
        let noted = (self.coop.now.state.editions.current >= Edition::THREE).then_some(known);
        let fresh = Profile { name: person.name.clone(), known: noted, ..Profile::default() };
        self.save_profile(member, &fresh)?;
        let coop = &mut *self.coop;
        let name = name_key(&person.name);
        if known == Known::Coop && coop.identities.known(&mut *coop.store, &coop.now.id, &name)?.is_some() {
            self.changed = true;
            coop.identities.share(&mut *coop.store, &person.name)?;
        }
        self.learn(member, person)
    }

    /// Notes what else a person is known by.
    pub(super) fn learn(&mut self, member: Pseudonym, person: &Person) -> Result<(), Error> {
        let coop = &mut *self.coop;
        let mut fresh = Vec::new();
        for key in keys(person) {
            if coop.identities.known(&mut *coop.store, &coop.now.id, &key)?.is_none() {
                fresh.push(key);
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        for key in &fresh {
            coop.identities.note(&mut *coop.store, key.clone(), member)?;
        }
        self.changed = true;
        let mut known = profile(&mut *coop.store, &coop.now.id, member)?.unwrap_or_default();
        let is_own = person.origin == Origin::Coop;
        for email in person.emails.iter().filter(|_| is_own).map(|email| fold(email)) {
            if !known.emails.contains(&email) {
                known.emails.push(email);
            }
        }
        if is_own {
            known.handle = known.handle.or_else(|| person.handle.as_deref().map(fold));
        }
        // Both tables say the same of everybody, so that `verify` sees where one was changed.
        fresh.retain(|key| known.keys().all(|own| own != *key));
        known.also.append(&mut fresh);
        self.save_profile(member, &known)
    }

    pub(super) fn save_profile(&mut self, member: Pseudonym, profile: &Profile) -> Result<(), Error> {
        let json = serde_json::to_vec(profile).map_err(|error| Error::Usage(error.to_string()))?;
        self.put("profile", member.to_string().as_bytes(), &json)?;
        self.coop.now.directory.note_name(member, &profile.name);
        Ok(())
    }

    /// Puts a member on a list unless they are on it already; returns whether they were not.
    ///
    /// # Errors
    /// A refusal or a fault.
    pub fn put_on_list(&mut self, list: &str, member: Pseudonym, actor: Actor, time: Moment) -> Result<bool, Error> {
        let members = &self.coop.now.state.members;
        let index = members.index(member);
        if members.list(list).is_some_and(|known| index.is_some_and(|index| known.contains(&index))) {
            return Ok(false);
        }
        self.append(&Act::AddToList(AddToList { list: list.to_owned(), member }), actor, "", "", time)?;
        Ok(true)
    }
}
