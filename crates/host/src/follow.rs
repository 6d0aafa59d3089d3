//! Entries that somebody else wrote, taken in order: start-up, verification, the past, a mirror and a second node go on from where
//! they are by this one piece of code. It knows no rules: `replay` carries out what is read here.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use engine::act::Act;
use engine::{Actor, State, edition};
use quantity::Moment;
use rochdale_log::{Broken, ChainCheck, Hash, Head, Store};

use crate::codec::{act_of, read_actor};
use crate::device::{Read, Recent, can_be_signed};
use crate::error::Error;
use crate::history::History;
use crate::keys::Keys;
use crate::replay::{Replay, Wrong};
use crate::texts::texts_of;

/// Takes the exact bytes of entries one at a time; `Break` when it has seen enough.
pub(crate) type EachBytes<'a> = &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>;

/// Hands out entries in order, from wherever they are kept.
pub(crate) type Entries<'a> = dyn FnMut(EachBytes<'_>) -> Result<(), Error> + Send + 'a;

/// The entries of a store from `from` on.
pub(crate) fn stored<'a>(
    store: &'a mut dyn Store,
    coop: &'a str,
    from: u64,
) -> impl FnMut(EachBytes<'_>) -> Result<(), Error> + Send + 'a {
    move |each| {
        let (mut place, mut misplaced) = (from, None);
        let mut stopped = false;
        store.read(coop, from, &mut |seq, bytes| {
            if seq != place && misplaced.is_none() {
                misplaced = Some((place, seq));
            }
            place = place.saturating_add(1);
            let next = each(bytes);
            stopped = next.is_break();
            next
        })?;
        // An entry that is wrong itself says more than the row that it stands in.
        match misplaced.filter(|_| !stopped) {
            Some((seq, row)) => Err(Wrong { seq, why: format!("it stands in the data file as entry {row}") }.into()),
            None => Ok(()),
        }
    }
}

/// Advances a state by the entries that a store has after it, up to `until`: entries with a later time are left out. `from` is
/// the state, its pictures, and the end of the log as of then, which the caller has reason to trust; `None` begins before the
/// founding, and `None` comes out where there is none.
///
/// # Errors
/// A fault of the store or the first wrong entry.
pub fn follow(
    store: &mut dyn Store,
    coop: &str,
    from: Option<(State, History, Head)>,
    until: Moment,
    threads: usize,
) -> Result<Option<(State, History, Head)>, Error> {
    let mut documents = texts_of(store, coop);
    let head = from.as_ref().map_or_else(Head::default, |(_, _, head)| *head);
    // Also before the first device: its enrolment names an entry that came before.
    let signs = from.as_ref().is_some_and(|(state, _, _)| can_be_signed(state.editions.current));
    let recent = if signs { Recent::before(store, coop, head)? } else { Recent::default() };
    let mut replay = match from {
        Some(stand) => Replay::resume(stand, threads, &mut documents),
        None => Replay::new(threads, &mut documents),
    };
    let mut entries = stored(store, coop, head.seq.saturating_add(1));
    let mut reader = Reader::after(coop, head).knowing(recent);
    walk(&mut reader, &mut entries, until, &mut |entry| replay.carry_out(entry).map(|_| ()))?;
    Ok(replay.finish())
}

/// Returns the state as of `at`: entries with a later time are left out. `None` before the founding.
///
/// # Errors
/// As [`follow`].
pub fn state_at(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    threads: usize,
) -> Result<Option<(State, History, Head)>, Error> {
    follow(store, coop, None, at, threads)
}

/// Entries being read: form and chain checked, acts parsed. Knows no state.
#[derive(Debug)]
pub(crate) struct Reader {
    chain: ChainCheck,
    keys: Option<Keys>,
    recent: Recent,
}

/// An entry that was read, and the head of the log after it.
#[derive(Debug)]
pub(crate) struct ReadEntry {
    pub(crate) head: Head,
    pub(crate) rules: Hash,
    /// Or why it is none.
    pub(crate) actor: Result<Actor, String>,
    pub(crate) authority: Cow<'static, str>,
    pub(crate) act: Act,
    /// Whether it has the form that can be signed.
    pub(crate) can_be_signed: bool,
    pub(crate) signed: Option<Box<Read>>,
}

impl Reader {
    /// Begins after `head`, which the caller has reason to trust.
    pub(crate) fn after(coop: &str, head: Head) -> Reader {
        Reader { chain: ChainCheck::resume(coop, head), keys: None, recent: Recent::default() }
    }

    /// With the entries before, which signatures name.
    pub(crate) fn knowing(self, recent: Recent) -> Reader {
        Reader { recent, ..self }
    }

    /// Begins before the first entry, and notes keys on the way.
    pub(crate) fn noting_keys(coop: &str) -> Reader {
        Reader { chain: ChainCheck::new(coop), keys: Some(Keys::default()), recent: Recent::default() }
    }

    /// The keys noted so far.
    pub(crate) fn into_keys(self) -> Keys {
        self.keys.unwrap_or_default()
    }

    /// Checks that the log ends at `head`.
    pub(crate) fn finish(&self, head: &Head) -> Result<(), Wrong> {
        self.chain.finish(head).map_err(|Broken { seq, why }| Wrong { seq, why: why.to_string() })
    }

    fn read(&mut self, bytes: &[u8]) -> Result<ReadEntry, Error> {
        let (entry, act) = match self.chain.accept_into(bytes, act_of) {
            Ok(read) => read,
            Err(broken) => {
                let Broken { seq, why } = self.chain.settle(broken, bytes, None);
                let why = why.to_string();
                return Err(Wrong { seq, why }.into());
            }
        };
        let act = act.map_err(|bad| match later_edition(&entry.kind, entry.body) {
            Some(edition) => Error::NewerEdition { entry: entry.seq, edition },
            None => Wrong { seq: entry.seq, why: bad.to_string() }.into(),
        })?;
        if let Some(keys) = &mut self.keys {
            keys.note(&entry.key);
        }
        let signed = self.recent.read(&entry).map(Box::new);
        self.recent.take(&entry, self.chain.head().hash);
        Ok(ReadEntry {
            head: self.chain.head(),
            can_be_signed: entry.signed.is_some(),
            signed,
            rules: entry.rules,
            actor: read_actor(&entry.actor, &entry.authority).map_err(|misread| misread.to_string()),
            authority: authority(entry.authority),
            act,
        })
    }
}

/// Most entries have one of few authorities: those need no copy.
fn authority(text: Cow<'_, str>) -> Cow<'static, str> {
    let known = ["member", "bridge", "demonstration", "operator", "desk"].into_iter().find(|known| *known == text);
    known.map_or_else(|| Cow::Owned(text.into_owned()), Cow::Borrowed)
}

/// The edition that an act names which cannot be read here, where no edition that is known is so late: it may have fields that a
/// later program reads.
fn later_edition(kind: &str, body: &[u8]) -> Option<u64> {
    let of_edition = Act::row_of(kind).is_some_and(|row| row.names_edition());
    let fields: serde_json::Value = serde_json::from_slice(body).ok().filter(|_| of_edition)?;
    let newest = edition::known().map(|(known, _)| u64::from(known.number())).max()?;
    fields.get("edition")?.as_u64().filter(|number| *number > newest)
}

/// Reads entries up to `until` and takes them in order. One thread reads and checks the chain while the other applies: neither
/// waits for the whole of the other.
pub(crate) fn walk(
    reader: &mut Reader,
    entries: &mut Entries<'_>,
    until: Moment,
    each: &mut dyn FnMut(&ReadEntry) -> Result<(), Error>,
) -> Result<(), Error> {
    let (sender, lots) = sync_channel(LOTS_AHEAD);
    let (give_back, spent) = channel();
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_ahead(reader, entries, until, &sender, &spent));
        let mut applied = Ok(());
        for lot in &lots {
            applied = lot.iter().try_for_each(&mut *each);
            if applied.is_err() {
                break;
            }
            // The reader's thread made it, and frees it for less. After its end nobody takes it any more.
            let _ = give_back.send(lot);
        }
        drop(lots);
        let read = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
        applied.and(read)
    })
}

/// Entries handed over together, and how many such lots wait at the most.
const LOT: usize = 512;
const LOTS_AHEAD: usize = 8;

type Lot = Vec<ReadEntry>;

/// Reads entries up to `until` and hands them over, until nobody takes them any more.
fn read_ahead(
    reader: &mut Reader,
    entries: &mut Entries<'_>,
    until: Moment,
    to: &SyncSender<Lot>,
    spent: &Receiver<Lot>,
) -> Result<(), Error> {
    let mut lot = Lot::with_capacity(LOT);
    let mut failed = Ok(());
    entries(&mut |bytes| {
        match reader.read(bytes) {
            Ok(entry) if entry.head.time_us > until.0 => return ControlFlow::Break(()),
            Ok(entry) => lot.push(entry),
            Err(error) => {
                failed = Err(error);
                return ControlFlow::Break(());
            }
        }
        if lot.len() < LOT {
            return ControlFlow::Continue(());
        }
        let mut empty = spent.try_recv().unwrap_or_else(|_| Lot::with_capacity(LOT));
        empty.clear();
        match to.send(std::mem::replace(&mut lot, empty)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // Nobody takes it only if an earlier entry is wrong, which is then reported.
    let _ = to.send(lot);
    failed
}

#[cfg(test)]
mod tests;
