//! Acts on their way into the log: applied in memory, written in one transaction, synced once.
//!
//! INVARIANT: memory never runs ahead of storage for longer than the batch is open: a caller that drops it without a commit,
//! or whose commit fails, gets the state that really is on storage.

use engine::act::{Act, AddToList, AdmitMember, Change, Update};
use engine::{Actor, Context, NotDone, Outcome, Pseudonym, State};
use quantity::Moment;
use rochdale_log::{EachEntry, EntryHead, Fault, Hash, Head, commitment, encode, hash_entry};
use views::ItemCard;

use crate::codec::{actor_text, write_body};
use crate::coop::{Coop, Receipt, storage};
use crate::directory::{Person, Profile, fold, keys, name_key, profile, shared_key};
use crate::error::Error;
use crate::founding::{random_key, random_u64};
use crate::replay::{founded, founding_act, published, rules_in_force};
use crate::texts::{self, with_texts};

/// An act that the rules accepted, not yet on storage.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The member's receipt once the batch is committed.
    pub receipt: Receipt,
    /// Its outcomes.
    pub outcomes: Vec<Outcome>,
}

/// An open transaction on one co-op.
#[derive(Debug)]
pub struct Batch<'a> {
    pub(crate) coop: &'a mut Coop,
    open: bool,
    /// Something in memory may differ from storage. The head alone does not show it: it moves only once an entry is stored.
    changed: bool,
    /// An invariant does not hold in memory.
    broken: bool,
    line: Vec<u8>,
    body: Vec<u8>,
}

impl<'a> Batch<'a> {
    pub(crate) fn begin(coop: &'a mut Coop) -> Result<Self, Error> {
        let began = coop.head;
        storage(&mut coop.store).begin(&coop.id, &began)?;
        Ok(Batch { coop, open: true, changed: false, broken: false, line: Vec::new(), body: Vec::new() })
    }

    /// The state as this batch has changed it so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.coop.state
    }

    /// The log's earliest time for a further act: `wanted`, or the time of the last entry if that is later.
    #[must_use]
    pub fn time(&self, wanted: Moment) -> Moment {
        if self.coop.founded { wanted.max(self.coop.state.time) } else { wanted }
    }

    /// Hands in one act at `time`, after everything that is due before it.
    ///
    /// # Errors
    /// [`Error::Refused`] when the rules say no: the batch goes on without the act.
    pub fn append(&mut self, act: &Act, actor: Actor, key: &str, nonce: &str, time: Moment) -> Result<Accepted, Error> {
        let time = self.time(time);
        self.run_due(time)?;
        let coop = &mut *self.coop;
        let (store, id) = (storage(&mut coop.store), &coop.id);
        let mut stored = |hash: &str| {
            let text = store.get(id, "document", hash.as_bytes())?;
            Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
        };
        coop.brought.fits(act, actor, time)?;
        let came = act;
        let act = &*with_texts(act, &mut stored)?;
        texts::fits(&coop.state, act)?;
        let context = Context { time, actor };
        let authority = coop.state.authority(act, &context).unwrap_or_default();
        let outcomes = engine::apply(&mut coop.state, act, &context);
        let outcomes = self.done(outcomes)?;
        let coop = &mut *self.coop;
        coop.brought.note(came, actor, time);
        // Only now, and with the act's entry: a refused act leaves no text behind, and no entry is without its text.
        for (_, text) in act.brought() {
            self.put_document(text)?;
        }
        let receipt = self.write(act, &actor_text(actor), &authority, key, nonce, time, &[])?;
        if matches!(act, Act::AdoptEdition(_)) {
            self.coop.rules = rules_in_force(&self.coop.state);
        }
        Ok(Accepted { receipt, outcomes })
    }

    /// Founds the co-op at `time` if it has no entry yet, and runs what is due up to and including `time`.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_due(&mut self, time: Moment) -> Result<u64, Error> {
        self.found_at(time)?;
        let mut done: u64 = 0;
        loop {
            let due = self.coop.state.next_due();
            if due.moment() > time {
                return Ok(done);
            }
            self.count(due)?;
            done += 1;
        }
    }

    /// Runs the next update now: the log's time jumps to its instant.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_next_update(&mut self, now: Moment) -> Result<Vec<Outcome>, Error> {
        self.run_due(now)?;
        loop {
            let due = self.coop.state.next_due();
            let outcomes = self.count(due)?;
            if matches!(due, engine::Due::Update(_)) {
                return Ok(outcomes);
            }
        }
    }

    fn count(&mut self, due: engine::Due) -> Result<Vec<Outcome>, Error> {
        let threads = self.coop.threads;
        let state = &mut self.coop.state;
        let (act, outcomes) = match due {
            engine::Due::Update(moment) => {
                let outcomes = engine::update(state, moment, threads);
                let outcomes = self.done(outcomes)?;
                let state = &self.coop.state;
                let (hash, count) = (state.hash(), outcomes.len() as u64);
                self.coop.history.note_update(moment, &hash);
                (
                    Act::Update(Update { moment, state: hash, outcomes: count, published: published(&outcomes) }),
                    outcomes,
                )
            }
            engine::Due::Change(moment) => {
                let outcomes = engine::change(state, moment);
                let outcomes = self.done(outcomes)?;
                let state = &self.coop.state;
                let (hash, count) = (state.hash(), outcomes.len() as u64);
                (
                    Act::Change(Change { moment, state: hash, outcomes: count, published: published(&outcomes) }),
                    outcomes,
                )
            }
        };
        self.coop.history.note(&self.coop.state, &outcomes);
        self.write(&act, "log", "rhythm", "", "", due.moment(), &[])?;
        self.coop.rules = rules_in_force(&self.coop.state);
        Ok(outcomes)
    }

    /// Returns the engine's outcomes. Where it finds an invariant broken, memory is the sum of no log: the batch ends
    /// there, and the state is read again from storage.
    fn done(&mut self, outcomes: Result<Vec<Outcome>, NotDone>) -> Result<Vec<Outcome>, Error> {
        let entry = self.coop.head.seq + 1;
        let done = outcomes.map_err(|why| Error::not_done(entry, why));
        #[cfg(test)]
        let done = done.and_then(|outcomes| match self.coop.state.check() {
            Ok(()) => Ok(outcomes),
            Err(broken) => Err(Error::Broken { entry, broken }),
        });
        if matches!(done, Err(Error::Broken { .. })) {
            self.broken = true;
            self.changed = true;
        }
        done
    }

    fn found_at(&mut self, time: Moment) -> Result<(), Error> {
        if self.coop.founded {
            return Ok(());
        }
        let Some(charter) = self.coop.charter.clone() else {
            return Err(Error::Usage("this log is empty and there is no kernel to found a co-op on".to_owned()));
        };
        let act = founding_act(&charter, self.coop.demonstration);
        for text in [&charter.kernel, &charter.constitution] {
            self.put_document(text)?;
        }
        self.coop.state = founded(&charter, act.clone(), time);
        self.coop.founded = true;
        self.coop.rules = rules_in_force(&self.coop.state);
        self.write(&Act::Found(act), "operator", "founder", "", "", time, &[])?;
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of an entry, named at each call")]
    fn write(
        &mut self,
        act: &Act,
        actor: &str,
        authority: &str,
        key: &str,
        nonce: &str,
        time: Moment,
        commitments: &[(&str, Hash)],
    ) -> Result<Receipt, Error> {
        // The act is in the state already: after a failure below, a dropped batch has to read it from storage.
        self.changed = true;
        if let Some(entry) = engine::fork::booking(&self.coop.state.forks, act) {
            self.coop.history.note_booking(self.coop.head.seq + 1, entry);
        }
        let coop = &mut *self.coop;
        // Both buffers are kept from entry to entry, since an import writes many in one batch.
        self.body.clear();
        write_body(act, &mut self.body).map_err(|misread| Error::Usage(misread.to_string()))?;
        let seq = coop.head.seq + 1;
        let head = EntryHead {
            coop: &coop.id,
            seq,
            prev: coop.head.hash,
            time_us: time.0,
            kind: act.kind(),
            rules: coop.rules,
            actor,
            authority,
            nonce,
            key,
        };
        self.line.clear();
        encode(&head, &self.body, commitments, &mut self.line).map_err(|long| Error::Usage(long.to_string()))?;
        storage(&mut coop.store).push(seq, key, &self.line)?;
        // The head moves last: it names an entry that the store has taken.
        let hash = hash_entry(&self.line);
        coop.head = Head { seq, hash, time_us: time.0 };
        Ok(Receipt { entry: seq, hash: hash.to_string(), time, repeated: false })
    }

    /// The member that `person` is; a newcomer is admitted at `time`.
    ///
    /// # Errors
    /// A refusal (the register is full) or a fault.
    pub fn member_for(&mut self, person: &Person, actor: Actor, time: Moment) -> Result<Pseudonym, Error> {
        let coop = &mut *self.coop;
        if let Some(known) = coop.identities.find(storage(&mut coop.store), &coop.id, person)? {
            self.learn(known, person)?;
            return Ok(known);
        }
        let mut member = Pseudonym(random_u64()?);
        while self.coop.state.members.index(member).is_some() {
            member = Pseudonym(random_u64()?);
        }
        self.admit_as(member, person, actor, time)?;
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
        let time = self.time(time);
        self.run_due(time)?;
        let act = Act::AdmitMember(AdmitMember { member, organisation: person.organisation });
        let context = Context { time, actor };
        let authority = self.coop.state.authority(&act, &context);
        let authority = authority.unwrap_or_default();
        let outcomes = engine::apply(&mut self.coop.state, &act, &context);
        self.done(outcomes)?;
        let key = random_key()?;
        let name = commitment(&key, "name", person.name.as_bytes());
        self.write(&act, &actor_text(actor), &authority, "", "", time, &[("name", name)])?;
        let own = format!("{member}/name");
        storage(&mut self.coop.store).put("opening", own.as_bytes(), &key)?;
        let fresh = Profile { name: person.name.clone(), ..Profile::default() };
        self.save_profile(member, &fresh)?;
        let coop = &mut *self.coop;
        let name = name_key(&person.name);
        if coop.identities.known(storage(&mut coop.store), &coop.id, &name)?.is_some() {
            let shared = shared_key(&person.name);
            storage(&mut coop.store).put("identity", shared.as_bytes(), b"yes")?;
        }
        self.learn(member, person)
    }

    /// Notes what else a person is known by.
    fn learn(&mut self, member: Pseudonym, person: &Person) -> Result<(), Error> {
        let coop = &mut *self.coop;
        let mut fresh = Vec::new();
        for key in keys(person) {
            if coop.identities.known(storage(&mut coop.store), &coop.id, &key)?.is_none() {
                fresh.push(key);
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        for key in fresh {
            coop.identities.note(storage(&mut coop.store), key, member)?;
        }
        let mut known = profile(storage(&mut coop.store), &coop.id, member)?.unwrap_or_default();
        for email in person.emails.iter().map(|email| fold(email)) {
            if !known.emails.contains(&email) {
                known.emails.push(email);
            }
        }
        known.handle = known.handle.or_else(|| person.handle.as_deref().map(fold));
        self.save_profile(member, &known)
    }

    fn save_profile(&mut self, member: Pseudonym, profile: &Profile) -> Result<(), Error> {
        self.changed = true;
        let json = serde_json::to_vec(profile).map_err(|error| Error::Usage(error.to_string()))?;
        storage(&mut self.coop.store).put("profile", member.to_string().as_bytes(), &json)?;
        self.coop.directory.names.insert(member, profile.name.clone());
        Ok(())
    }

    /// Puts a member on a list unless they are on it already; returns whether they were not.
    ///
    /// # Errors
    /// A refusal or a fault.
    pub fn put_on_list(&mut self, list: &str, member: Pseudonym, actor: Actor, time: Moment) -> Result<bool, Error> {
        let index = self.coop.state.members.index(member);
        if self.coop.state.members.list(list).is_some_and(|known| index.is_some_and(|index| known.contains(&index))) {
            return Ok(false);
        }
        self.append(&Act::AddToList(AddToList { list: list.to_owned(), member }), actor, "", "", time)?;
        Ok(true)
    }

    /// Keeps what is shown of an item beside the log.
    ///
    /// # Errors
    /// A fault.
    pub fn put_item(&mut self, decision: &str, item: &str, card: &ItemCard) -> Result<(), Error> {
        self.changed = true;
        let json = serde_json::to_vec(card).map_err(|error| Error::Usage(error.to_string()))?;
        storage(&mut self.coop.store).put("item", format!("{decision}/{item}").as_bytes(), &json)?;
        self.coop.directory.note_item(decision, item, card.clone());
        Ok(())
    }

    /// Keeps a document beside the log; its SHA-256 in hex.
    ///
    /// # Errors
    /// A fault.
    pub fn put_document(&mut self, text: &str) -> Result<String, Error> {
        self.changed = true;
        let hash = engine::digest::hex(text.as_bytes());
        storage(&mut self.coop.store).put("document", hash.as_bytes(), text.as_bytes())?;
        self.coop.directory.note_document(&hash, text);
        Ok(hash)
    }

    /// The entry that has `key`, if one does.
    pub(crate) fn find_key(&mut self, key: &str) -> Result<Option<u64>, Error> {
        if key.is_empty() {
            return Ok(None);
        }
        Ok(storage(&mut self.coop.store).find_key(&self.coop.id, key)?)
    }

    /// Hands out every entry, those of this batch too.
    pub(crate) fn each_entry(&mut self, each: EachEntry<'_>) -> Result<(), Error> {
        Ok(storage(&mut self.coop.store).read(&self.coop.id, 1, each)?)
    }

    /// The text with this hash, if it is kept.
    pub(crate) fn text(&mut self, hash: &str) -> Result<Option<String>, Error> {
        let text = storage(&mut self.coop.store).get(&self.coop.id, "document", hash.as_bytes())?;
        Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }

    /// A member's profile, if it is kept.
    pub(crate) fn profile(&mut self, member: Pseudonym) -> Result<Option<Profile>, Error> {
        self.coop.profile(member)
    }

    pub(crate) fn is_demonstration(&self) -> bool {
        self.coop.demonstration
    }

    pub(crate) fn entry(&mut self, seq: u64) -> Result<Option<Vec<u8>>, Error> {
        Ok(storage(&mut self.coop.store).entry(&self.coop.id, seq)?)
    }

    /// Writes everything to storage.
    ///
    /// # Errors
    /// A fault: then nothing of the batch is in memory that is not on storage. After [`Fault::Unknown`] the entries may
    /// be there: look the keys up.
    pub fn commit(mut self) -> Result<(), Error> {
        if self.broken {
            return Err(Error::Usage("an invariant was broken in this batch, and nothing of it is saved".to_owned()));
        }
        self.open = false;
        let head = self.coop.head;
        match storage(&mut self.coop.store).commit(&head) {
            Ok(()) => {
                self.coop.keep();
                Ok(())
            }
            Err(fault) => {
                // Until the log is read again: what follows may fail too.
                self.coop.usable = false;
                storage(&mut self.coop.store).rollback();
                if matches!(fault, Fault::Unknown(_)) {
                    storage(&mut self.coop.store).reopen()?;
                }
                self.coop.reload()?;
                Err(fault.into())
            }
        }
    }

    /// Leaves nothing of the batch.
    ///
    /// # Errors
    /// A fault while the state is rebuilt.
    pub fn abort(mut self) -> Result<(), Error> {
        self.open = false;
        self.roll_back()
    }

    fn roll_back(&mut self) -> Result<(), Error> {
        storage(&mut self.coop.store).rollback();
        self.coop.identities.forget();
        if self.changed { self.coop.reload() } else { Ok(()) }
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.open {
            // Only after a panic or an early return: a state that cannot be rebuilt must not be served.
            self.coop.usable = self.roll_back().is_ok();
        }
    }
}
