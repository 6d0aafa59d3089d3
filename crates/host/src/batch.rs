//! Acts on their way into the log: applied in memory, written in one transaction, synced once.
//!
//! INVARIANT: memory never runs ahead of storage for longer than the batch is open: a caller that drops it without a commit,
//! or whose commit fails, gets the snapshot of before it.

mod application;
mod card;
mod erased;
mod known;
mod membership;
mod narration;
mod people;
mod read;
mod signed;
mod source;
mod standing;

use engine::act::{Act, BringItem, Change, Update};
use engine::rules::brought::fits_at_hand_in;
use engine::{Actor, Context, Edition, NotDone, Outcome, Pseudonym, State};
use quantity::{Moment, give_way};
use rochdale_log::{EntryHead, Form, Hash, Head, Signed, encode, hash_entry};

pub(crate) use self::membership::Membership;
pub(crate) use self::narration::{booked_by, without_narration};
use self::source::Sealed;
use crate::codec::{actor_text, write_body};
use crate::coop::{Coop, Receipt};
use crate::device::can_be_signed;
use crate::directory::{Person, nearest_identity};
use crate::error::Error;
use crate::inbox::Recording;
use crate::records::IMPORTED_UNTIL;
use crate::replay::{founded, founding_act, published, rules_in_force};
use crate::texts::{kept_text, with_texts};
use crate::who::SameNames;
use crate::writer::MOST_TOGETHER;

/// An act that the rules accepted, not yet on storage.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The member's receipt once the batch is committed.
    pub receipt: Receipt,
    /// Its outcomes.
    pub outcomes: Vec<Outcome>,
}

/// Who hands an act in, as its entry says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By<'a> {
    pub(crate) actor: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) key: &'a str,
    pub(crate) nonce: &'a str,
    /// The signature under it: that of an act alone, and not of the updates that come first.
    pub(crate) signed: Option<Signed>,
}

/// An open transaction on one co-op.
#[derive(Debug)]
pub struct Batch<'a> {
    pub(crate) coop: &'a mut Coop,
    open: bool,
    /// Something was written in the transaction. The head alone does not show it: records have none.
    changed: bool,
    /// Memory is not the sum of what the transaction holds: something broke between the two.
    torn: bool,
    /// By whose right facts from outside are handed in.
    pub(crate) recording: Recording,
    line: Vec<u8>,
    body: Vec<u8>,
    pub(crate) names: SameNames,
    /// The signature under the act that is handed in next.
    pub(crate) signed: Option<Signed>,
    /// How many pairs were found who may be one person.
    pub(crate) proposed: u64,
}

impl<'a> Batch<'a> {
    pub(crate) fn begin(coop: &'a mut Coop) -> Result<Self, Error> {
        coop.store.begin(&coop.now.id, &coop.now.head)?;
        let (recording, names) = (Recording::default(), SameNames::Ask);
        let (changed, torn, proposed) = (false, false, 0);
        Ok(Batch {
            coop,
            open: true,
            changed,
            torn,
            recording,
            line: Vec::new(),
            body: Vec::new(),
            names,
            signed: None,
            proposed,
        })
    }

    /// The state as this batch has changed it so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.coop.now.state
    }

    /// The log's earliest time for a further act: `wanted`, or the time of the last entry if that is later.
    #[must_use]
    pub fn time(&self, wanted: Moment) -> Moment {
        if self.coop.now.founded { wanted.max(self.coop.now.state.time) } else { wanted }
    }

    /// Hands in one act at `time`, after everything that is due before it.
    ///
    /// # Errors
    /// [`Error::Refused`] when the rules say no: the batch goes on without the act.
    pub fn append(&mut self, act: &Act, actor: Actor, key: &str, nonce: &str, time: Moment) -> Result<Accepted, Error> {
        // An item that a member brings has its title with it.
        if let Act::BringItem(BringItem { title: Some(title), .. }) = act {
            let card = views::ItemCard { title: title.to_string(), ..views::ItemCard::default() };
            return self.append_card(act, &card, actor, (key, nonce), time);
        }
        self.append_bound(act, actor, (key, nonce), time, &[])
    }

    fn append_bound(
        &mut self,
        act: &Act,
        actor: Actor,
        (key, nonce): (&str, &str),
        time: Moment,
        bound: &[(&str, Hash)],
    ) -> Result<Accepted, Error> {
        let time = self.time(time);
        self.run_due(time)?;
        let sealed = self.sealed(act)?;
        let done = self.append_sealed(&sealed, actor, (key, nonce), time, bound);
        done.map_err(|error| sealed.in_plain_words(error))
    }

    /// Hands in an act whose sources are as the log is to have them.
    fn append_sealed(
        &mut self,
        sealed: &Sealed<'_>,
        actor: Actor,
        (key, nonce): (&str, &str),
        time: Moment,
        bound: &[(&str, Hash)],
    ) -> Result<Accepted, Error> {
        let coop = &mut *self.coop;
        let (store, id) = (&mut *coop.store, &coop.now.id);
        let act = &*with_texts(&sealed.act, &mut |hash| kept_text(store, id, hash))?;
        let bound = &*sealed.with_binding(bound);
        let act = &*engine::intent::completed(&coop.now.state, act);
        let context = Context { entry: coop.now.head.seq + 1, ..Context::of(actor, time) };
        fits_at_hand_in(&coop.now.state, act, &context)?;
        let authority = coop.now.state.authority(act, &context).unwrap_or_default();
        // Before the act is in the state: an entry that cannot be written then leaves the other acts of the batch alone.
        let edition = coop.now.state.editions.current;
        let signed = self.signed;
        let by = By { actor: &actor_text(actor, &authority), authority: &authority, key, nonce, signed };
        self.encode(act, &by, time, bound, edition)?;
        let context = Context { signed: self.check_signed(act, &by, bound)?, ..context };
        self.are_kept(act, &context)?;
        let outcomes = engine::apply(&mut self.coop.now.state, act, &context);
        let outcomes = self.done(outcomes)?;
        self.torn = true;
        // Only now, and with the act's entry: a refused act leaves no text behind, and no entry is without its text.
        for (_, text) in act.brought() {
            self.put_document(text)?;
        }
        self.keep(sealed)?;
        let receipt = self.push(act, key, time)?;
        if matches!(act, Act::AdoptEdition(_)) {
            self.coop.now.rules = rules_in_force(&self.coop.now.state);
        }
        self.erase_unadmitted(&outcomes)?;
        self.tend_files(act, &outcomes)?;
        self.queue_act(act, &outcomes, actor, time)?;
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
            let due = self.coop.now.state.next_due();
            if due.moment() > time {
                return Ok(done);
            }
            self.count(due)?;
            done += 1;
        }
    }

    /// Runs everything that is due up to and including `until`, founding the co-op first if it is not; how many updates
    /// that made.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_until(&mut self, until: Moment, now: Moment) -> Result<u64, Error> {
        let before = self.state().updates;
        self.run_due(now.min(until))?;
        self.run_due(until)?;
        Ok(self.state().updates.saturating_sub(before))
    }

    /// Runs the next update now: the log's time jumps to its instant.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_next_update(&mut self, now: Moment) -> Result<Vec<Outcome>, Error> {
        self.run_due(now)?;
        loop {
            let due = self.coop.now.state.next_due();
            let outcomes = self.count(due)?;
            if matches!(due, engine::Due::Update(_)) {
                return Ok(outcomes);
            }
        }
    }

    fn count(&mut self, due: engine::Due) -> Result<Vec<Outcome>, Error> {
        let threads = self.coop.threads;
        let moment = due.moment();
        self.torn = true;
        let state = &mut self.coop.now.state;
        let edition = state.editions.current;
        let outcomes = match due {
            engine::Due::Update(_) => engine::update(state, moment, threads),
            engine::Due::Change(_) => engine::change(state, moment),
        };
        let outcomes = self.done(outcomes)?;
        let now = &mut self.coop.now;
        let (state, count, published) = (now.state.hash(), outcomes.len() as u64, published(&outcomes));
        let act = match due {
            engine::Due::Update(_) => {
                now.history.note_update(moment, &state, now.head.seq + 1);
                Act::Update(Update { moment, state, outcomes: count, published })
            }
            engine::Due::Change(_) => Act::Change(Change { moment, state, outcomes: count, published }),
        };
        now.history.note(&now.state, &outcomes);
        self.encode(
            &act,
            &By { actor: "log", authority: "rhythm", key: "", nonce: "", signed: None },
            moment,
            &[],
            edition,
        )?;
        self.push(&act, "", moment)?;
        if matches!(act, Act::Update(_)) {
            self.coop.updated = Some(self.coop.now.head.seq);
        }
        self.coop.now.rules = rules_in_force(&self.coop.now.state);
        self.erase_unadmitted(&outcomes)?;
        self.erase_unnamed(&outcomes)?;
        self.queue_update(&outcomes, moment)?;
        Ok(outcomes)
    }

    /// Returns the engine's outcomes. Where it finds an invariant broken, memory is the sum of no log, and the batch ends there.
    fn done(&mut self, outcomes: Result<Vec<Outcome>, NotDone>) -> Result<Vec<Outcome>, Error> {
        let entry = self.coop.now.head.seq + 1;
        let done = outcomes.map_err(|why| Error::not_done(entry, why));
        #[cfg(test)]
        let done = done.and_then(|outcomes| match self.coop.now.state.check() {
            Ok(()) => Ok(outcomes),
            Err(broken) => Err(Error::Broken { entry, broken }),
        });
        self.torn |= matches!(done, Err(Error::Broken { .. }));
        done
    }

    fn found_at(&mut self, time: Moment) -> Result<(), Error> {
        if self.coop.now.founded {
            return Ok(());
        }
        let Some(charter) = self.coop.charter.clone() else {
            return Err(Error::Usage("this log is empty and there is no kernel to found a co-op on".to_owned()));
        };
        // Edition 1 reads rules that nobody sees; no co-op begins with any.
        if let Some(mistake) =
            [&charter.kernel, &charter.constitution].into_iter().flat_map(|text| charter::later_mistakes(text)).next()
        {
            return Err(Error::Usage(format!(
                "a document of this folder has a mistake, and no co-op is founded on it: {mistake}"
            )));
        }
        let act = founding_act(&charter, self.coop.now.demonstration);
        self.torn = true;
        for text in [&charter.kernel, &charter.constitution] {
            self.put_document(text)?;
        }
        let now = &mut self.coop.now;
        (now.state, now.founded) = (founded(&charter, act.clone(), time), true);
        now.rules = rules_in_force(&now.state);
        let act = Act::Found(act);
        let edition = self.coop.now.state.editions.current;
        self.encode(
            &act,
            &By { actor: "operator", authority: "founder", key: "", nonce: "", signed: None },
            time,
            &[],
            edition,
        )?;
        self.push(&act, "", time)?;
        Ok(())
    }

    /// Writes the next entry into the buffer, which is kept from entry to entry: an import writes many in one batch.
    /// The edition is the one in force before it.
    fn encode(
        &mut self,
        act: &Act,
        by: &By<'_>,
        time: Moment,
        commitments: &[(&str, Hash)],
        edition: Edition,
    ) -> Result<(), Error> {
        let now = &self.coop.now;
        self.body.clear();
        write_body(act, &mut self.body).map_err(|misread| Error::Usage(misread.to_string()))?;
        let head = EntryHead {
            coop: &now.id,
            seq: now.head.seq + 1,
            prev: now.head.hash,
            time_us: time.0,
            kind: act.kind(),
            rules: now.rules,
            actor: by.actor,
            authority: by.authority,
            nonce: by.nonce,
            key: by.key,
        };
        self.line.clear();
        let form = if can_be_signed(edition) { Form::Two(by.signed.as_ref()) } else { Form::One };
        encode(&head, &self.body, commitments, form, &mut self.line).map_err(|long| Error::Usage(long.to_string()))
    }

    /// Hands the encoded entry of an act that is in the state to storage: from then on both are the same again.
    fn push(&mut self, act: &Act, key: &str, time: Moment) -> Result<Receipt, Error> {
        let (coop, line) = (&mut *self.coop, &self.line);
        let seq = coop.now.head.seq + 1;
        if let Some(entry) = engine::book::booking(&coop.now.state, act, time) {
            coop.now.history.note_booking(seq, &entry);
        }
        coop.now.history.note_own(seq, act, &coop.now.state);
        coop.store.push(seq, key, line)?;
        // The head moves last: it names an entry that the store has taken.
        let hash = hash_entry(line);
        coop.now.head = Head { seq, hash, time_us: time.0 };
        // An act costs as much as some hundred turns. Those of a few clients are done at once, so that they share a sync.
        let done = usize::try_from(seq - coop.committed.head.seq).unwrap_or(usize::MAX);
        if done > MOST_TOGETHER {
            give_way(done.saturating_mul(512).saturating_sub(1));
        }
        (self.changed, self.torn) = (true, false);
        Ok(Receipt { entry: seq, hash: hash.to_string(), time, repeated: false })
    }

    /// Does all of `work` in this transaction, or undoes all of it; the transaction goes on either way.
    ///
    /// # Errors
    /// A fault: then nothing of the whole batch can be committed.
    pub(crate) fn part<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<Result<T, E>, Error> {
        let (before, changed) = (self.coop.now.clone(), self.changed);
        self.coop.store.savepoint()?;
        let mut done = work(self);
        if self.torn && done.is_ok() {
            done = Err(E::from(Error::Usage(TORN.to_owned())));
        }
        if done.is_ok() {
            self.coop.store.release()?;
        } else {
            self.coop.store.rollback_to()?;
            self.coop.now = before;
            self.coop.identities.forget();
            self.coop.source_key = None;
            (self.changed, self.torn) = (changed, false);
        }
        Ok(done)
    }

    /// Whether something went wrong that only leaving the whole batch undoes.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Whether the co-op has an entry, counting those of this batch.
    pub(crate) fn is_founded(&self) -> bool {
        self.coop.now.founded
    }

    /// The member who is known by a mail address or handle of `person`.
    pub(crate) fn known_by_keys(&mut self, person: &Person) -> Result<Option<Pseudonym>, Error> {
        let coop = &mut *self.coop;
        coop.identities.by_keys(&mut *coop.store, &coop.now.id, person)
    }

    /// The name that is shown of a member.
    pub(crate) fn name_of(&self, member: Pseudonym) -> String {
        self.coop.now.directory().name(member)
    }

    /// The name of the member who may be meant by `text`: the nearest name, or that of the nearest mail address.
    pub(crate) fn nearest_name(&mut self, text: &str) -> Result<Option<String>, Error> {
        let coop = &mut *self.coop;
        let found = nearest_identity(&mut *coop.store, &coop.now.id, text)?;
        Ok(found.map(|member| self.name_of(member)))
    }

    /// Keeps a document beside the log; its SHA-256 in hex.
    ///
    /// # Errors
    /// A fault.
    pub fn put_document(&mut self, text: &str) -> Result<String, Error> {
        let hash = engine::digest::hex(text.as_bytes());
        self.put("document", hash.as_bytes(), text.as_bytes())?;
        Ok(hash)
    }

    /// Notes that records were imported under their own dates, up to the last entry there is.
    ///
    /// # Errors
    /// A fault.
    pub fn note_imported(&mut self) -> Result<(), Error> {
        let until = self.coop.now.head.seq.to_string();
        self.put("meta", IMPORTED_UNTIL, until.as_bytes())
    }

    /// Keeps a record beside the log.
    pub(crate) fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Error> {
        self.changed = true;
        Ok(self.coop.store.put(space, name, value)?)
    }

    /// Writes something and takes it back, so that the commit shows whether storage has room.
    pub(crate) fn try_room(&mut self) -> Result<(), Error> {
        self.put("meta", b"room", b"")?;
        self.delete("meta", b"room")
    }

    /// Erases a record beside the log.
    pub(crate) fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Error> {
        self.changed = true;
        Ok(self.coop.store.delete(space, name)?)
    }

    /// Writes everything to storage.
    ///
    /// # Errors
    /// A fault: then nothing of the batch is in memory that is not on storage. After [`Fault::Unknown`] the entries may
    /// be there: look the keys up.
    ///
    /// [`Fault::Unknown`]: rochdale_log::Fault::Unknown
    pub fn commit(mut self) -> Result<(), Error> {
        if self.torn {
            return Err(Error::Usage(TORN.to_owned()));
        }
        self.open = false;
        if self.changed {
            return self.coop.commit();
        }
        // Nothing to sync.
        self.coop.store.rollback();
        Ok(())
    }

    /// Leaves nothing of the batch.
    pub fn abort(mut self) {
        self.leave();
    }

    fn leave(&mut self) {
        self.open = false;
        self.coop.store.rollback();
        if self.changed || self.torn {
            self.coop.put_back();
        }
    }
}

const TORN: &str = "something failed in the middle of this batch, and nothing of it is saved";

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.open {
            self.leave();
        }
    }
}
