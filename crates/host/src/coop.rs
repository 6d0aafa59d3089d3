//! One co-op, open: state in memory, log on storage.

mod keyed;

use std::ops::{ControlFlow, Deref};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::act::Act;
use engine::{Actor, Pseudonym, Refusal, State};
use quantity::Moment;
use rochdale_log::{Fault, Head, Memory, Readers, Signed, Sqlite, Store};
use views::Kept;

use crate::batch::Batch;
use crate::beside::Beside;
use crate::directory::{Directory, Identities, Names, Profile, names_of, profile};
use crate::error::Error;
use crate::follow::{follow, state_at};
use crate::founding::{Charter, begin_log, edition_to_begin_under};
use crate::history::History;
use crate::library::Library;
use crate::past::weighed_at;
use crate::replay::{founded, founding_act, rules_in_force};
use crate::signed::Signing;
use crate::snapshot::Snapshot;
use crate::stored::{Image, Shelf};
use crate::texts::{kept_text, stored_documents};
use crate::verify::one_log;

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
    /// The act had been handed in before, under the same key or with nothing changed since: this is the receipt of then.
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
    /// The signature of the member's device.
    pub signed: Option<Signed>,
}

/// The answer to one act.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It is in the log, on storage.
    Accepted(Receipt),
    /// The rules say no.
    Refused(Refusal),
    /// Another act of the same actor has this key, as entry so-and-so.
    KeyReused(u64),
}

/// The data file in a co-op's folder.
#[must_use]
pub fn data_file(folder: &Path) -> PathBuf {
    folder.join("rochdale.db")
}

/// A co-op with its log open, for one writer. It reads as its [`Snapshot`] does.
pub struct Coop {
    /// As the open batch has changed it so far; without one, as it is committed.
    pub(crate) now: Snapshot,
    /// INVARIANT: what storage holds, but while the outcome of a commit is unknown.
    pub(crate) committed: Arc<Snapshot>,
    pub(crate) store: Box<dyn Store>,
    pub(crate) identities: Identities,
    /// The key of sources, where it was read already.
    pub(crate) source_key: Option<[u8; 32]>,
    pub(crate) charter: Option<Charter>,
    pub(crate) threads: usize,
    doubt: Option<Doubt>,
    /// Where snapshots are stored by whoever has the co-op for writing.
    pub(crate) shelf: Option<Shelf>,
    /// The stored snapshot that this began with.
    pub(crate) image: Option<Image>,
    /// Where checkpoints are signed and kept, by whoever has the co-op for writing.
    pub(crate) signing: Option<Signing>,
    /// The last update of the open batch: the log is signed up to it once it is on storage.
    pub(crate) updated: Option<u64>,
    /// Why no checkpoint was signed or kept at the last update.
    unsigned: Option<String>,
}

const TO_SIGN: &str = "Every act is saved, and the next update signs for this one too: make sure that the co-op's folder can be written to and has room";

/// A commit whose outcome is not known yet.
struct Doubt {
    /// The co-op if it worked.
    intended: Snapshot,
    /// The reason, for operators.
    why: Fault,
}

impl std::fmt::Debug for Coop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coop").field("id", &self.now.id).field("head", &self.now.head).finish_non_exhaustive()
    }
}

impl Deref for Coop {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.now
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
        let shelf = Shelf::of(folder);
        let mut store = Sqlite::open(file)?;
        let signing = store.coops()?.first().map(|coop| Signing::open(&mut store, coop, folder)).transpose()?;
        let mut coop = Coop::opened(Box::new(store), Some(folder), Some(&shelf), now)?;
        (coop.shelf, coop.signing) = (Some(shelf), signing);
        Ok(coop)
    }

    /// Stores a snapshot after so many `entries` from now on; never for 0.
    pub fn store_snapshots_every(&mut self, entries: u64) {
        self.shelf = self.shelf.take().map(|shelf| shelf.with_every(entries));
    }

    /// Opens the co-op in `folder` for reading, also while another process writes.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn open_read(folder: &Path, now: Moment) -> Result<Coop, Error> {
        let file = existing(folder)?;
        Coop::opened(Box::new(Sqlite::open_snapshot(file)?), Some(folder), Some(&Shelf::of(folder)), now)
    }

    /// A co-op that lives in memory only.
    ///
    /// # Errors
    /// A fault.
    pub fn in_memory(charter: Charter, demonstration: bool, now: Moment) -> Result<Coop, Error> {
        let mut store: Box<dyn Store> = Box::new(Memory::new());
        begin_log(&mut *store, demonstration, charter.edition)?;
        Coop::empty(store, charter, now)
    }

    /// Opens the first co-op of a store.
    ///
    /// # Errors
    /// As [`Coop::open`].
    pub fn with_store(store: Box<dyn Store>, folder: Option<&Path>, now: Moment) -> Result<Coop, Error> {
        Coop::opened(store, folder, None, now)
    }

    /// As [`Coop::with_store`], beginning with the newest stored snapshot where there is one.
    fn opened(
        mut store: Box<dyn Store>,
        folder: Option<&Path>,
        shelf: Option<&Shelf>,
        now: Moment,
    ) -> Result<Coop, Error> {
        let coops = store.coops()?;
        one_log(&coops)?;
        let id = coops.into_iter().next().ok_or_else(|| {
            let words = "the data file holds no co-op: if an `init` that broke off has left it, remove it with its `kernel.md` and `constitution.md`, and run `rochdale init` again";
            Error::Usage(words.to_owned())
        })?;
        let head = store.head(&id)?;
        if head.seq == 0 {
            let folder = folder.ok_or_else(|| Error::Usage("the log is empty".to_owned()))?;
            let edition = edition_to_begin_under(&mut *store, &id)?;
            return Coop::empty(store, Charter::of_folder(folder, edition)?, now);
        }
        let (followed, names) = with_names(&*store.readers(), &id, || {
            let taken = shelf.and_then(|shelf| shelf.take(&mut *store, &id));
            let image = taken.as_ref().map(|taken| taken.image.clone());
            let from = taken.map(|taken| (taken.state, taken.history, taken.image.head));
            follow(&mut *store, &id, from, Moment(i64::MAX), threads()).map(|followed| (followed, image))
        });
        let (Some((state, history, head)), image) = followed? else {
            return Err(Error::Usage("the log is empty".to_owned()));
        };
        let stored = store.head(&id)?;
        if stored != head {
            return Err(
                Fault::Damaged(format!("the log has {} entries and its head says {}", head.seq, stored.seq)).into()
            );
        }
        let mut coop = Coop::shell(&id, store, state, None);
        (coop.now.history, coop.now.head, coop.now.founded) = (history, head, true);
        coop.now.demonstration = coop.state.founding.act.demonstration;
        coop.image = image;
        match names {
            Some(names) => coop.load_directory_with(names)?,
            None => coop.load_directory()?,
        }
        coop.settle();
        Ok(coop)
    }

    pub(crate) fn empty(mut store: Box<dyn Store>, charter: Charter, now: Moment) -> Result<Coop, Error> {
        let id = store.coops()?.into_iter().next().unwrap_or_default();
        let demonstration = store.get(&id, "meta", b"demonstration")?.is_some();
        let state = founded(&charter, founding_act(&charter, demonstration), now);
        let mut coop = Coop::shell(&id, store, state, Some(charter));
        coop.now.demonstration = demonstration;
        coop.load_directory()?;
        coop.settle();
        Ok(coop)
    }

    fn shell(id: &str, store: Box<dyn Store>, state: State, charter: Option<Charter>) -> Coop {
        let beside = Arc::new(Beside::of(&*store, id));
        let now = Snapshot {
            id: Arc::from(id),
            rules: rules_in_force(&state),
            kept: Arc::new(Kept::of(&state, &[])),
            state,
            history: History::default(),
            directory: Directory::empty(Arc::new(Library::new(Arc::clone(&beside)))),
            head: Head::default(),
            founded: false,
            demonstration: false,
            beside,
        };
        let (committed, identities) = (Arc::new(now.clone()), Identities::default());
        let (doubt, shelf, image, signing, updated, unsigned) = (None, None, None, None, None, None);
        let threads = threads();
        let source_key = None;
        Coop {
            now,
            committed,
            store,
            identities,
            source_key,
            charter,
            threads,
            doubt,
            shelf,
            image,
            signing,
            updated,
            unsigned,
        }
    }

    /// The co-op as it is on storage, for readers.
    pub(crate) fn committed(&self) -> Arc<Snapshot> {
        Arc::clone(&self.committed)
    }

    /// Works out all that pages say about everybody, where it is not yet, so that no visitor waits for it.
    pub(crate) fn warm(&self) {
        self.committed.kept.warm(&self.committed.sight(self.committed.state.time));
    }

    /// The reason why nothing can be written, after a fault that left it unknown what is on storage.
    pub(crate) fn fault(&self) -> Option<&Fault> {
        self.doubt.as_ref().map(|doubt| &doubt.why)
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
            Err(error) => {
                batch.abort();
                Err(error)
            }
        }
    }

    /// Takes memory for what storage holds: it was just committed, or read from there. Whatever was kept of an earlier state
    /// goes.
    fn settle(&mut self) {
        if let Some(kept) = self.now.kept.renewed(&self.now.state, self.now.history.points()) {
            self.now.kept = Arc::new(kept);
        }
        self.committed = Arc::new(self.now.clone());
    }

    /// Puts memory back to what storage holds, after a batch of which nothing is left there.
    pub(crate) fn put_back(&mut self) {
        self.now = (*self.committed).clone();
        self.identities.forget();
        self.source_key = None;
        self.updated = None;
    }

    /// Commits the open transaction, and memory with it. After a fault memory is as before.
    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        let Err(fault) = self.store.commit(&self.now.head) else {
            self.settle();
            self.sign();
            return Ok(());
        };
        self.store.rollback();
        let intended = self.now.clone();
        self.put_back();
        if matches!(fault, Fault::Unknown(_)) {
            self.doubt = Some(Doubt { intended, why: fault.clone() });
            // If it cannot be found out yet, the next batch tries again.
            let _ = self.recover();
        }
        Err(fault.into())
    }

    /// Signs the log up to the update that was just saved, if there was one.
    fn sign(&mut self) {
        let (Some(until), Some(signing)) = (self.updated.take(), &mut self.signing) else { return };
        let until = until.min(self.now.head.seq);
        // The update is on storage, whatever becomes of this: where no checkpoint can be kept, the next update signs for both.
        let signed = signing.sign(&mut *self.store, &self.now.id, until);
        self.unsigned = signed.err().map(|why| format!("the log was not signed up to entry {until}: {why}. {TO_SIGN}"));
    }

    /// A warning for the operator though everything can be read and written: that no checkpoint was signed at the last update, and
    /// what to do.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.unsigned.as_deref()
    }

    /// Finds out whether the last commit is on storage, where that is not known: the head of the log says it. The log itself is
    /// read again only if it ends somewhere else.
    ///
    /// # Errors
    /// The storage cannot be used yet.
    pub(crate) fn recover(&mut self) -> Result<(), Error> {
        let Some(doubt) = &self.doubt else {
            return Ok(());
        };
        self.store.reopen()?;
        let head = self.store.head(&self.now.id)?;
        if head == doubt.intended.head {
            self.now = doubt.intended.clone();
            // Where no entry was added, the head is silent about the records.
            self.load_directory()?;
        } else if head != self.committed.head {
            self.reload()?;
        }
        self.identities.forget();
        self.source_key = None;
        self.settle();
        self.doubt = None;
        Ok(())
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
            results.push(batch.hand_in(submission, now)?);
        }
        let accepted = |result: &Submitted| matches!(result, Submitted::Accepted(_));
        if founded || results.iter().any(accepted) {
            batch.commit()?;
        } else {
            // Founding puts the rules into force, and a refused act changes nothing.
            batch.abort();
        }
        Ok(results)
    }

    /// Runs everything that is due up to and including `until`, founding the co-op first if it is not; how many updates
    /// that made.
    ///
    /// # Errors
    /// A fault.
    pub fn update_until(&mut self, until: Moment, now: Moment) -> Result<u64, Error> {
        self.all_or_nothing(|batch| batch.run_until(until, now))
    }

    /// The member whom people call `name`: a pseudonym, a name or a mail address. A handle is others' word, and finds nobody.
    ///
    /// # Errors
    /// Several members have that name, or a fault.
    pub fn find_member(&mut self, name: &str) -> Result<Option<Pseudonym>, Error> {
        if let Ok(pseudonym) = name.parse::<Pseudonym>() {
            return Ok(self.now.state.members.index(pseudonym).map(|_| pseudonym));
        }
        let found = self.identities.named(&mut *self.store, &self.now.id, name);
        self.now.named(name, found)
    }

    /// The member whom a text in a table of the co-op's own means: a pseudonym, a name, a mail address or a handle.
    pub(crate) fn find_in_table(&mut self, text: &str) -> Result<Option<Pseudonym>, Error> {
        if let Ok(pseudonym) = text.parse::<Pseudonym>() {
            return Ok(self.now.state.members.index(pseudonym).map(|_| pseudonym));
        }
        self.identities.called(&mut *self.store, &self.now.id, text)
    }

    /// A member's profile.
    ///
    /// # Errors
    /// A fault.
    pub fn profile(&mut self, member: Pseudonym) -> Result<Option<Profile>, Error> {
        profile(&mut *self.store, &self.now.id, member)
    }

    /// Reads entries from `from` on, in order, exact bytes.
    ///
    /// # Errors
    /// A fault.
    pub fn entries(&mut self, from: u64, each: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        Ok(self.store.read(&self.now.id, from, each)?)
    }

    /// Every document beside the log: hash and text.
    ///
    /// # Errors
    /// A fault.
    pub fn documents(&mut self) -> Result<Vec<(String, String)>, Error> {
        Ok(stored_documents(&mut *self.store, &self.now.id)?.into_iter().collect())
    }

    /// The text with this hash, if it is kept beside the log.
    pub(crate) fn text(&mut self, hash: &str) -> Result<Option<String>, Error> {
        kept_text(&mut *self.store, &self.now.id, hash)
    }

    /// The state as the log stood at `at`; `None` before the founding.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn state_at(&mut self, at: Moment) -> Result<Option<(State, History)>, Error> {
        Ok(self.stood_at(at)?.map(|(state, history, _)| (state, history)))
    }

    /// The state by which weights as of `at` are worked out: the register and the rules are the log's at that time, and all support is
    /// there, since records may come late. `None` for a log without entries.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn weighed_at(&mut self, at: Moment) -> Result<Option<State>, Error> {
        weighed_at(&mut *self.store, &self.now.id, at, &self.now.state.support, self.threads)
    }

    /// As [`Coop::state_at`], with where the log ended then.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn stood_at(&mut self, at: Moment) -> Result<Option<(State, History, Head)>, Error> {
        state_at(&mut *self.store, &self.now.id, at, self.threads)
    }

    /// Reads the whole log again.
    pub(crate) fn reload(&mut self) -> Result<(), Error> {
        let read = state_at(&mut *self.store, &self.now.id, Moment(i64::MAX), self.threads)?;
        let (state, history, head) = match (read, &self.charter) {
            (Some(read), _) => {
                self.now.founded = true;
                read
            }
            (None, None) => return Err(Error::Usage("the log is empty".to_owned())),
            (None, Some(charter)) => {
                let act = founding_act(charter, self.now.demonstration);
                self.now.founded = false;
                (founded(charter, act, self.now.state.founding.at), History::default(), Head::default())
            }
        };
        self.now.rules = rules_in_force(&state);
        (self.now.state, self.now.history, self.now.head) = (state, history, head);
        self.load_directory()?;
        self.settle();
        Ok(())
    }

    fn load_directory(&mut self) -> Result<(), Error> {
        let names = names_of(&mut *self.store, &self.now.id)?;
        self.load_directory_with(names)
    }

    fn load_directory_with(&mut self, names: Names) -> Result<(), Error> {
        let Snapshot { directory, state, id, .. } = &mut self.now;
        directory.load(&mut *self.store, id, state, names)
    }
}

/// Does `work` while another thread reads the names of members; without names where that failed, for whatever reason.
fn with_names<T>(readers: &dyn Readers, coop: &str, work: impl FnOnce() -> T) -> (T, Option<Names>) {
    std::thread::scope(|scope| {
        let read = || names_of(&mut *readers.open_snapshot().ok()?, coop).ok();
        let names = std::thread::Builder::new().name("names".to_owned()).spawn_scoped(scope, read).ok();
        let done = work();
        (done, names.and_then(|names| names.join().ok().flatten()))
    })
}

fn existing(folder: &Path) -> Result<PathBuf, Error> {
    let file = data_file(folder);
    if file.exists() {
        return Ok(file);
    }
    Err(Error::Usage(format!("`{}` holds no co-op: run `rochdale init {}`", folder.display(), folder.display())))
}

/// As many threads as the machine has, at most eight: counting is memory-bound beyond that.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(8))
}

impl Drop for Coop {
    fn drop(&mut self) {
        self.store.rollback();
        let committed = &self.committed;
        // Storing is a courtesy to the next start, which does without.
        if let Some(shelf) = self.shelf.as_ref().filter(|shelf| shelf.wants(committed.head, true)) {
            drop(shelf.put(committed));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
