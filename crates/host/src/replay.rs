//! A log replayed: entry by entry through the engine, each update's hash compared with what is computed now.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};

use engine::act::{Act, Found};
use engine::edition::{self, Edition, Status};
use engine::{Context, NotDone, Outcome, State, digest};
use quantity::Moment;
use rochdale_log::{Broken, ChainCheck, Hash, Head, Store};

use crate::codec::{read_actor, read_body};
use crate::error::Error;
use crate::founding::Charter;
use crate::history::History;
use crate::texts::{self, Documents, stored_documents, with_texts};

/// The first entry that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Wrong {
    /// Its place in the log.
    pub seq: u64,
    /// The mistake in it.
    pub why: String,
}

/// Entries being read: form and chain checked, acts parsed. Knows no state.
#[derive(Debug)]
struct Reader {
    chain: ChainCheck,
}

/// An entry that was read, and the head of the log after it.
#[derive(Debug)]
pub(crate) struct ReadEntry {
    pub(crate) head: Head,
    rules: Hash,
    pub(crate) actor: String,
    pub(crate) authority: String,
    pub(crate) act: Act,
}

impl Reader {
    fn read(&mut self, bytes: &[u8]) -> Result<ReadEntry, Error> {
        let Reader { chain } = self;
        let entry = match chain.accept(bytes) {
            Ok(entry) => entry,
            Err(broken) => {
                let Broken { seq, why } = chain.settle(broken, bytes, None);
                let why = why.to_string();
                return Err(Wrong { seq, why }.into());
            }
        };
        let act =
            read_body(&entry.kind, entry.body).map_err(|misread| match later_edition(&entry.kind, entry.body) {
                Some(edition) => Error::NewerEdition { entry: entry.seq, edition },
                None => Wrong { seq: entry.seq, why: misread.to_string() }.into(),
            })?;
        let (rules, actor) = (entry.rules, entry.actor.into_owned());
        let authority = entry.authority.into_owned();
        Ok(ReadEntry { head: chain.head(), rules, actor, authority, act })
    }
}

/// A state being rebuilt from entries.
pub struct Replay<'a> {
    reader: Reader,
    head: Head,
    state: Option<State>,
    history: History,
    documents: &'a mut Documents<'a>,
    threads: usize,
    /// As the entries name the rules in force.
    rules: Hash,
}

impl std::fmt::Debug for Replay<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").field("head", &self.head).finish_non_exhaustive()
    }
}

impl<'a> Replay<'a> {
    /// Begins before the first entry of `coop`. `documents` gives the text with a SHA-256.
    pub fn new(coop: &str, threads: usize, documents: &'a mut Documents<'a>) -> Self {
        Replay {
            reader: Reader { chain: ChainCheck::new(coop) },
            head: Head::default(),
            state: None,
            history: History::default(),
            documents,
            threads,
            rules: Hash::ZERO,
        }
    }

    /// Returns the state so far, and the head of the log; `None` before the first entry.
    #[must_use]
    pub fn finish(self) -> Option<(State, History, Head)> {
        Some((self.state?, self.history, self.head))
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// [`Error::Wrong`] names the entry that is wrong.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let entry = self.read(bytes)?;
        self.carry_out(&entry).map(|_| ())
    }

    /// Reads the next entry, for [`Replay::carry_out`].
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<ReadEntry, Error> {
        self.reader.read(bytes)
    }

    /// Returns the state so far; `None` before the first entry.
    pub(crate) fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Takes the next entry that was read; what it brought about.
    pub(crate) fn carry_out(&mut self, entry: &ReadEntry) -> Result<Vec<Outcome>, Error> {
        let time = Moment(entry.head.time_us);
        let seq = entry.head.seq;
        let wrong = |why: String| Error::Wrong(Wrong { seq, why });
        // A log that was written by these rules holds nothing that they refuse.
        let not_done = |why: NotDone| match why {
            NotDone::Refused(no) => wrong(no.to_string()),
            NotDone::Broken(broken) => Error::Broken { entry: seq, broken },
        };
        let Some(state) = &mut self.state else {
            self.state = Some(found(entry, self.documents)?);
            self.rules = entry.rules;
            self.head = entry.head;
            return Ok(Vec::new());
        };
        // The rules are compared before the act, since an entry names those in force before it (spec/log.md).
        if entry.rules != self.rules {
            return Err(wrong(OTHER_RULES.to_owned()));
        }
        match &entry.act {
            Act::AnnounceEdition(act) => runs_under(seq, act.edition, act.open)?,
            Act::AdoptEdition(act) => runs_under(seq, act.edition, act.open)?,
            _ => {}
        }
        // Texts are kept beside the log, so their hashes are checked before the engine reads them.
        let act = with_texts(&entry.act, self.documents)?;
        texts::compare(&act).map_err(wrong)?;
        let outcomes = match &*act {
            Act::Update(told) => {
                let outcomes = engine::update(state, told.moment, self.threads).map_err(not_done)?;
                self.history.note_update(told.moment, &told.state);
                let told = (&*told.state, told.outcomes, &*told.published);
                compare(state, &outcomes, told).map_err(wrong)?;
                self.history.note(state, &outcomes);
                self.rules = rules_in_force(state);
                outcomes
            }
            Act::Change(told) => {
                let outcomes = engine::change(state, told.moment).map_err(not_done)?;
                let told = (&*told.state, told.outcomes, &*told.published);
                compare(state, &outcomes, told).map_err(wrong)?;
                self.history.note(state, &outcomes);
                self.rules = rules_in_force(state);
                outcomes
            }
            act => {
                let actor = read_actor(&entry.actor);
                let actor = actor.map_err(|misread| wrong(misread.to_string()))?;
                let context = Context { time, actor };
                if state.authority(act, &context).as_deref() != Some(&*entry.authority) {
                    let why = format!("`{}` is not the authority of this act", entry.authority);
                    return Err(wrong(why));
                }
                let outcomes = engine::apply(state, act, &context).map_err(not_done)?;
                if let Some(booking) = engine::fork::booking(&state.forks, act) {
                    self.history.note_booking(seq, booking);
                }
                if matches!(act, Act::AdoptEdition(_)) {
                    self.rules = rules_in_force(state);
                }
                outcomes
            }
        };
        if state.time != time {
            let why = "its time is not the instant that it counts";
            return Err(wrong(why.to_owned()));
        }
        self.head = entry.head;
        Ok(outcomes)
    }
}

/// The edition that an act names which cannot be read here, where no edition that is known is so late: it may have fields that a
/// later program reads.
fn later_edition(kind: &str, body: &[u8]) -> Option<u64> {
    let of_edition = Act::row_of(kind).is_some_and(|row| row.names_edition());
    let fields: serde_json::Value = serde_json::from_slice(body).ok().filter(|_| of_edition)?;
    let newest = edition::known().map(|(known, _)| u64::from(known.number())).max()?;
    fields.get("edition")?.as_u64().filter(|number| *number > newest)
}

/// Whether this program can carry a log on under an edition. A log that does not call it open was written by a program that
/// knew it as closed.
fn runs_under(entry: u64, edition: Edition, open: bool) -> Result<(), Error> {
    match edition::status(edition) {
        Some(Status::Closed) => Ok(()),
        Some(Status::Open) if open => Ok(()),
        _ => Err(Error::NewerEdition { entry, edition: edition.number().into() }),
    }
}

const OTHER_RULES: &str = "it names other rules than those in force";

fn found(entry: &ReadEntry, documents: &mut Documents<'_>) -> Result<State, Error> {
    let seq = entry.head.seq;
    let wrong = |why: String| Error::Wrong(Wrong { seq, why });
    let Act::Found(act) = &entry.act else {
        return Err(wrong("a log begins with `found`".to_owned()));
    };
    let mut text = |hash: &str| {
        let missing = || wrong(format!("the document {hash} is missing"));
        documents(hash)?.ok_or_else(missing)
    };
    runs_under(seq, act.edition, act.open)?;
    if act.open && act.edition == Edition::ONE {
        return Err(wrong("edition 1 is closed, and never called open".to_owned()));
    }
    let (kernel, constitution) = (text(&act.kernel)?, text(&act.constitution)?);
    for (name, given, told) in [("kernel", &kernel, &act.kernel), ("constitution", &constitution, &act.constitution)] {
        if digest::hex(given.as_bytes()) != *told {
            let why = format!("the {name}'s text is not the one that was founded on");
            return Err(wrong(why));
        }
    }
    let charter = Charter::read_under(kernel, constitution, act.edition)?;
    let time = Moment(entry.head.time_us);
    let state = founded(&charter, act.clone(), time);
    if entry.rules != rules_in_force(&state) {
        return Err(wrong(OTHER_RULES.to_owned()));
    }
    Ok(state)
}

/// Returns the hash that an update publishes: of its outcomes, a line each.
pub(crate) fn published(outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for outcome in outcomes {
        lines.push_str(&outcome.to_string());
        lines.push('\n');
    }
    digest::hex(lines.as_bytes())
}

/// The rules in force as the next entry names them.
pub(crate) fn rules_in_force(state: &State) -> Hash {
    Hash::from_hex(state.rules_hash().as_bytes()).unwrap_or(Hash::ZERO)
}

/// Compares an update with its entry: the state's hash, the number of outcomes, and their hash.
fn compare(state: &State, outcomes: &[Outcome], told: (&str, u64, &str)) -> Result<(), String> {
    let (hash, count, digest) = told;
    let computed = state.hash();
    if computed != hash {
        return Err(format!("the state after it has the hash {computed}, and the entry says {hash}"));
    }
    if outcomes.len() as u64 != count || published(outcomes) != digest {
        return Err("it published other outcomes than it had".to_owned());
    }
    Ok(())
}

/// Returns the state as of `at`: entries with a later time are left out. `None` before the founding.
///
/// # Errors
/// A fault of the store or the first wrong entry.
pub fn state_at(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    threads: usize,
) -> Result<Option<(State, History, Head)>, Error> {
    let texts = stored_documents(store, coop)?;
    let mut documents = |hash: &str| Ok(texts.get(hash).cloned());
    let mut replay = Replay::new(coop, threads, &mut documents);
    walk(store, coop, at, &mut |entry| replay.carry_out(entry).map(|_| ()))?;
    Ok(replay.finish())
}

/// Reads a log up to `at` and takes its entries in order. One thread reads and checks the chain while the other applies:
/// neither waits for the whole of the other.
pub(crate) fn walk(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    each: &mut dyn FnMut(&ReadEntry) -> Result<(), Error>,
) -> Result<(), Error> {
    let (sender, batches) = sync_channel(BATCHES_AHEAD);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read_ahead(store, coop, at, &sender));
        let mut applied = Ok(());
        for batch in &batches {
            applied = batch.iter().try_for_each(&mut *each);
            if applied.is_err() {
                break;
            }
        }
        drop(batches);
        let read = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        applied.and(read)
    })
}

/// Entries handed over together, and how many such lots wait at the most.
const BATCH: usize = 512;
const BATCHES_AHEAD: usize = 8;

/// Reads a log up to `at` and hands its entries over, until nobody takes them any more.
fn read_ahead(store: &mut dyn Store, coop: &str, at: Moment, to: &SyncSender<Vec<ReadEntry>>) -> Result<(), Error> {
    let mut reader = Reader { chain: ChainCheck::new(coop) };
    let mut batch = Vec::with_capacity(BATCH);
    let mut failed = Ok(());
    store.read(coop, 1, &mut |_, bytes| {
        match reader.read(bytes) {
            Ok(entry) if entry.head.time_us > at.0 => return ControlFlow::Break(()),
            Ok(entry) => batch.push(entry),
            Err(error) => {
                failed = Err(error);
                return ControlFlow::Break(());
            }
        }
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
        match to.send(full) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // Nobody takes it only if an earlier entry is wrong, which is then reported.
    let _ = to.send(batch);
    failed
}

/// Returns the founding act of a charter.
pub(crate) fn founding_act(charter: &Charter, demonstration: bool) -> Found {
    Found {
        kernel: digest::hex(charter.kernel.as_bytes()),
        constitution: digest::hex(charter.constitution.as_bytes()),
        demonstration,
        edition: charter.edition,
        open: edition::status(charter.edition) == Some(Status::Open),
        forked_from: charter.forked_from.clone(),
    }
}

/// The state after the founding entry.
pub(crate) fn founded(charter: &Charter, act: Found, at: Moment) -> State {
    State::found(charter.rules.clone(), act, at).with_texts(&charter.kernel, &charter.constitution)
}
