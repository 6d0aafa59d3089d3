//! One co-op, open: state in memory, log on storage.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use engine::act::Act;
use engine::chamber::Decision;
use engine::{Actor, Pseudonym, Refusal, State};
use quantity::Moment;
use rochdale_log::{Fault, Hash, Head, Memory, Sqlite, Store};
use views::{ItemCard, Kept, Sight};

use crate::batch::Batch;
use crate::codec::write_body;
use crate::directory::{Directory, Identities, Profile, name_key, profile};
use crate::error::Error;
use crate::follow::state_at;
use crate::founding::{Charter, begin_log, edition_to_begin_under};
use crate::history::History;
use crate::replay::{founded, founding_act, rules_in_force};
use crate::texts::{Brought, stored_documents};

/// A member's proof of an accepted act.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Receipt {
    /// The entry's place in the log, from 1.
    pub entry: u64,
    /// The entry's hash: SHA-256 of a zero byte and its exact bytes, hex.
    pub hash: String,
    /// The log's time of the entry.
    #[serde(serialize_with = "as_text")]
    #[schemars(with = "String")]
    pub time: Moment,
    /// The act had been handed in before under the same key: this is the receipt of then.
    pub repeated: bool,
}

fn as_text<S: serde::Serializer>(moment: &Moment, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(moment)
}

/// One act to be handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The act.
    pub act: Act,
    /// By whom.
    pub actor: Actor,
    /// Idempotency key, empty for none.
    pub key: String,
    /// The client's nonce, empty for none.
    pub nonce: String,
}

/// The answer to one act.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It is in the log, on storage.
    Accepted(Receipt),
    /// The rules say no.
    Refused(Refusal),
    /// Another act has this key, as entry so-and-so.
    KeyReused(u64),
}

/// The data file in a co-op's folder.
#[must_use]
pub fn data_file(folder: &Path) -> PathBuf {
    folder.join("rochdale.db")
}

/// A co-op with its log open.
pub struct Coop {
    pub(crate) id: String,
    pub(crate) store: Mutex<Box<dyn Store>>,
    pub(crate) file: Option<PathBuf>,
    pub(crate) state: State,
    pub(crate) history: History,
    /// All that pages say about everybody, of this state.
    pub(crate) kept: Arc<Kept>,
    pub(crate) directory: Directory,
    pub(crate) identities: Identities,
    pub(crate) head: Head,
    /// INVARIANT: the rules in force before the next entry, as it names them.
    pub(crate) rules: Hash,
    pub(crate) founded: bool,
    pub(crate) demonstration: bool,
    pub(crate) charter: Option<Charter>,
    pub(crate) threads: usize,
    pub(crate) usable: bool,
    pub(crate) brought: Brought,
}

impl std::fmt::Debug for Coop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coop").field("id", &self.id).field("head", &self.head).finish_non_exhaustive()
    }
}

impl Coop {
    /// Opens the co-op in `folder` for writing. Only one process can.
    ///
    /// # Errors
    /// A fault, mistakes in rules that are not founded yet, or the first wrong entry.
    pub fn open(folder: &Path, now: Moment) -> Result<Coop, Error> {
        Coop::open_file(&existing(folder)?, folder, now)
    }

    /// Opens the co-op in the data file `file` for writing; `folder` has its documents.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn open_file(file: &Path, folder: &Path, now: Moment) -> Result<Coop, Error> {
        let mut coop = Coop::with_store(Box::new(Sqlite::open(file)?), Some(folder), now)?;
        coop.file = Some(file.to_owned());
        Ok(coop)
    }

    /// Opens the co-op in `folder` for reading, also while another process writes.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn open_read(folder: &Path, now: Moment) -> Result<Coop, Error> {
        let file = existing(folder)?;
        Coop::with_store(Box::new(Sqlite::open_snapshot(file)?), Some(folder), now)
    }

    /// A co-op that lives in memory only.
    ///
    /// # Errors
    /// A fault.
    pub fn in_memory(charter: Charter, demonstration: bool, now: Moment) -> Result<Coop, Error> {
        let mut store: Box<dyn Store> = Box::new(Memory::new());
        begin_log(&mut *store, demonstration, charter.edition)?;
        let mut coop = Coop::empty(store, charter, now)?;
        coop.demonstration = demonstration;
        Ok(coop)
    }

    /// Opens the first co-op of a store.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn with_store(mut store: Box<dyn Store>, folder: Option<&Path>, now: Moment) -> Result<Coop, Error> {
        let id = store.coops()?.into_iter().next().ok_or_else(|| {
            let words = "the data file holds no co-op: if an `init` that broke off has left it, remove it with its `kernel.md` and `constitution.md`, and run `rochdale init` again";
            Error::Usage(words.to_owned())
        })?;
        let head = store.head(&id)?;
        if head.seq == 0 {
            let folder = folder.ok_or_else(|| Error::Usage("the log is empty".to_owned()))?;
            let edition = edition_to_begin_under(&mut *store, &id)?;
            return Coop::empty(store, Charter::of_folder(folder, edition)?, now);
        }
        let Some((state, history, head)) = state_at(&mut *store, &id, Moment(i64::MAX), threads())? else {
            return Err(Error::Usage("the log is empty".to_owned()));
        };
        let stored = store.head(&id)?;
        if stored != head {
            return Err(
                Fault::Damaged(format!("the log has {} entries and its head says {}", head.seq, stored.seq)).into()
            );
        }
        let mut coop = Coop::shell(id, store, state, None);
        coop.founded = true;
        coop.demonstration = coop.state.founding.act.demonstration;
        coop.history = history;
        coop.head = head;
        coop.directory = coop.load_directory()?;
        coop.keep();
        Ok(coop)
    }

    fn empty(mut store: Box<dyn Store>, charter: Charter, now: Moment) -> Result<Coop, Error> {
        let id = store.coops()?.into_iter().next().unwrap_or_default();
        let demonstration = store.get(&id, "meta", b"demonstration")?.is_some();
        let state = founded(&charter, founding_act(&charter, demonstration), now);
        let mut coop = Coop::shell(id, store, state, Some(charter));
        coop.demonstration = demonstration;
        coop.directory = coop.load_directory()?;
        Ok(coop)
    }

    fn shell(id: String, store: Box<dyn Store>, state: State, charter: Option<Charter>) -> Coop {
        Coop {
            id,
            store: Mutex::new(store),
            file: None,
            rules: rules_in_force(&state),
            kept: Arc::new(Kept::of(&state, &[])),
            state,
            history: History::default(),
            directory: Directory::default(),
            identities: Identities::default(),
            head: Head::default(),
            founded: false,
            demonstration: false,
            charter,
            threads: threads(),
            usable: true,
            brought: Brought::default(),
        }
    }

    /// Returns the state. Before the founding it is an empty co-op with the rules of its folder.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the results of updates so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Names, titles and texts beside the log.
    #[must_use]
    pub fn directory(&self) -> views::Directory<'_> {
        self.directory.read()
    }

    /// Returns the sight at `now` of a reader who is nobody.
    #[must_use]
    pub fn sight(&self, now: Moment) -> Sight<'_> {
        let (state, history, directory) = (&self.state, self.history.points(), self.directory());
        Sight { state, kept: &self.kept, history, directory, now, me: None, walk_in: false }
    }

    /// Lets go of what was kept of an earlier state. To be called wherever another state may be read from then on.
    pub(crate) fn keep(&mut self) {
        if let Some(kept) = self.kept.renewed(&self.state, self.history.points()) {
            self.kept = Arc::new(kept);
        }
    }

    /// Works out all that pages say about everybody, where it is not yet, so that no visitor waits for it.
    pub fn warm(&self) {
        self.kept.warm(&self.sight(self.state.time));
    }

    /// Where the log ends.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The co-op's id in the log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether its first entry is written.
    #[must_use]
    pub fn is_founded(&self) -> bool {
        self.founded
    }

    /// False after a fault that left memory behind storage: serve nothing from it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Opens a transaction.
    ///
    /// # Errors
    /// A fault.
    pub fn batch(&mut self) -> Result<Batch<'_>, Error> {
        self.recover()?;
        Batch::begin(self)
    }

    /// Does all of `write` in one transaction, or nothing of it.
    ///
    /// # Errors
    /// The error of `write`, or a fault.
    pub fn all_or_nothing<T>(&mut self, write: impl FnOnce(&mut Batch<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut batch = self.batch()?;
        match write(&mut batch) {
            Ok(done) => batch.commit().map(|()| done),
            Err(error) => batch.abort().and(Err(error)),
        }
    }

    /// After a fault that left memory behind storage: opens the storage afresh and reads the log again.
    ///
    /// # Errors
    /// The storage cannot be used yet.
    pub(crate) fn recover(&mut self) -> Result<(), Error> {
        if self.usable {
            return Ok(());
        }
        storage(&mut self.store).reopen()?;
        self.reload()
    }

    /// Hands acts in, in order, with one sync for all of them. Each is accepted or refused on its own.
    ///
    /// # Errors
    /// A fault: then none of them can be taken as done, and each key can be looked up by handing it in again.
    pub fn submit(&mut self, acts: &[Submission], now: Moment) -> Result<Vec<Submitted>, Error> {
        let founded = self.founded;
        let mut batch = self.batch()?;
        let mut results = Vec::with_capacity(acts.len());
        for submission in acts {
            results.push(hand_in(&mut batch, submission, now)?);
        }
        let accepted = |result: &Submitted| matches!(result, Submitted::Accepted(_));
        if founded || results.iter().any(accepted) {
            batch.commit()?;
        } else {
            // Founding puts the rules into force, and a refused act changes nothing.
            batch.abort()?;
        }
        Ok(results)
    }

    /// Runs everything that is due up to and including `until`, founding the co-op first if it is not; how many updates
    /// that made.
    ///
    /// # Errors
    /// A fault.
    pub fn update_until(&mut self, until: Moment, now: Moment) -> Result<u64, Error> {
        let mut batch = self.batch()?;
        let before = batch.state().updates;
        batch.run_due(now.min(until))?;
        batch.run_due(until)?;
        let done = batch.state().updates.saturating_sub(before);
        batch.commit()?;
        Ok(done)
    }

    /// The member whom people call `name`: a pseudonym, a name, a mail address or a handle.
    ///
    /// # Errors
    /// Several members have that name, or a fault.
    pub fn find_member(&mut self, name: &str) -> Result<Option<Pseudonym>, Error> {
        if let Ok(pseudonym) = name.parse::<Pseudonym>() {
            return Ok(self.state.members.index(pseudonym).map(|_| pseudonym));
        }
        let folded = crate::directory::fold(name);
        let store = storage(&mut self.store);
        for key in [format!("email:{folded}"), format!("handle:{folded}")] {
            if let Some(pseudonym) = self.identities.known(store, &self.id, &key)? {
                return Ok(Some(pseudonym));
            }
        }
        match self.identities.known(store, &self.id, &name_key(name))? {
            Some(pseudonym) => self.identities.only(store, &self.id, name, pseudonym),
            None => Ok(None),
        }
    }

    /// A member's profile.
    ///
    /// # Errors
    /// A fault.
    pub fn profile(&mut self, member: Pseudonym) -> Result<Option<Profile>, Error> {
        profile(storage(&mut self.store), &self.id, member)
    }

    /// Reads entries from `from` on, in order, exact bytes.
    ///
    /// # Errors
    /// A fault.
    pub fn entries(&mut self, from: u64, each: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        Ok(storage(&mut self.store).read(&self.id, from, each)?)
    }

    /// The exact bytes of one entry; needs no exclusive use of the co-op.
    ///
    /// # Errors
    /// A fault.
    pub fn entry(&self, seq: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.entry(&self.id, seq)?)
    }

    /// Every document beside the log: hash and text.
    ///
    /// # Errors
    /// A fault.
    pub fn documents(&mut self) -> Result<Vec<(String, String)>, Error> {
        Ok(stored_documents(storage(&mut self.store), &self.id)?.into_iter().collect())
    }

    /// The state as the log stood at `at`; `None` before the founding.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn state_at(&mut self, at: Moment) -> Result<Option<(State, History)>, Error> {
        Ok(self.stood_at(at)?.map(|(state, history, _)| (state, history)))
    }

    /// As [`Coop::state_at`], with where the log ended then.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn stood_at(&mut self, at: Moment) -> Result<Option<(State, History, Head)>, Error> {
        state_at(storage(&mut self.store), &self.id, at, self.threads)
    }

    /// Rebuilds everything from storage.
    pub(crate) fn reload(&mut self) -> Result<(), Error> {
        self.usable = false;
        self.identities.forget();
        match state_at(storage(&mut self.store), &self.id, Moment(i64::MAX), self.threads)? {
            Some((state, history, head)) => {
                self.state = state;
                self.history = history;
                self.head = head;
                self.founded = true;
            }
            None => {
                let Some(charter) = &self.charter else {
                    return Err(Error::Usage("the log is empty".to_owned()));
                };
                let act = founding_act(charter, self.demonstration);
                self.state = founded(charter, act, self.state.founding.at);
                self.history = History::default();
                self.head = Head::default();
                self.founded = false;
            }
        }
        self.rules = rules_in_force(&self.state);
        self.directory = self.load_directory()?;
        self.keep();
        self.usable = true;
        Ok(())
    }

    fn load_directory(&mut self) -> Result<Directory, Error> {
        let mut directory = Directory::default();
        let each_profile = &mut |name: &[u8], json: &[u8]| {
            let pseudonym = std::str::from_utf8(name).ok().and_then(|text| text.parse().ok());
            if let (Some(member), Ok(profile)) = (pseudonym, serde_json::from_slice::<Profile>(json)) {
                directory.names.insert(member, profile.name);
            }
            ControlFlow::Continue(())
        };
        storage(&mut self.store).scan(&self.id, "profile", each_profile)?;
        let mut cards = Vec::new();
        storage(&mut self.store).scan(&self.id, "item", &mut |name, json| {
            cards.push((
                String::from_utf8_lossy(name).into_owned(),
                serde_json::from_slice::<ItemCard>(json).unwrap_or_default(),
            ));
            ControlFlow::Continue(())
        })?;
        let decisions = by_path(&self.state);
        for (name, card) in cards {
            if let Some((decision, item)) = item_named(&decisions, &name) {
                directory.note_item(decision, item, card);
            }
        }
        for (hash, text) in self.documents()? {
            directory.note_document(&hash, &text);
        }
        Ok(directory)
    }
}

/// Every decision that ever was, by its path.
fn by_path(state: &State) -> BTreeMap<&str, Vec<&Decision>> {
    let mut all: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in state.decisions.rows().iter() {
        all.entry(&decision.name).or_default().push(decision);
    }
    all
}

/// The ranking's path and the item's id in the name under which a card is kept. Both may hold a `/`: the ranking that has such
/// an item decides where one ends.
fn item_named<'a>(decisions: &BTreeMap<&str, Vec<&Decision>>, name: &'a str) -> Option<(&'a str, &'a str)> {
    let parts = |(at, _): (usize, &str)| Some((name.get(..at)?, name.get(at + 1..)?));
    let mut all = name.match_indices('/').filter_map(parts);
    let has = |(path, item): &(&str, &str)| {
        let mut own = decisions.get(path).into_iter().flatten();
        own.any(|list| list.item_place(item).is_some())
    };
    all.clone().find(has).or_else(|| all.next())
}

fn hand_in(batch: &mut Batch<'_>, submission: &Submission, now: Moment) -> Result<Submitted, Error> {
    if let Some(seq) = batch.find_key(&submission.key)? {
        return repeated(batch, seq, submission);
    }
    match batch.append(&submission.act, submission.actor, &submission.key, &submission.nonce, now) {
        Ok(accepted) => Ok(Submitted::Accepted(accepted.receipt)),
        Err(Error::Refused(refusal)) => Ok(Submitted::Refused(refusal)),
        Err(error) => Err(error),
    }
}

/// Returns the earlier receipt, if the key belongs to the same act of the same member.
fn repeated(batch: &mut Batch<'_>, seq: u64, submission: &Submission) -> Result<Submitted, Error> {
    let Some(bytes) = batch.entry(seq)? else {
        return Err(Fault::Damaged(format!("entry {seq} is missing")).into());
    };
    let entry = rochdale_log::decode(&bytes).map_err(|error| Fault::Damaged(format!("entry {seq}: {error}")))?;
    let mut body = Vec::new();
    write_body(&submission.act, &mut body).map_err(|misread| Error::Usage(misread.to_string()))?;
    let same_actor = *entry.actor == crate::codec::actor_text(submission.actor);
    if !same_actor || *entry.kind != *submission.act.kind() || entry.body != body {
        return Ok(Submitted::KeyReused(seq));
    }
    let hash = rochdale_log::hash_entry(&bytes).to_string();
    Ok(Submitted::Accepted(Receipt { entry: seq, hash, time: Moment(entry.time_us), repeated: true }))
}

fn existing(folder: &Path) -> Result<PathBuf, Error> {
    let file = data_file(folder);
    if file.exists() {
        return Ok(file);
    }
    Err(Error::Usage(format!("`{}` holds no co-op: run `rochdale init {}`", folder.display(), folder.display())))
}

/// The store of someone who has the co-op to themselves. A poisoned lock says nothing about the storage itself.
pub(crate) fn storage(store: &mut Mutex<Box<dyn Store>>) -> &mut dyn Store {
    &mut **store.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// As many threads as the machine has, at most eight: counting is memory-bound beyond that.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(8))
}

impl Drop for Coop {
    fn drop(&mut self) {
        storage(&mut self.store).rollback();
    }
}

#[cfg(test)]
mod tests;
