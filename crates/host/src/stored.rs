//! Snapshots on storage: the co-op at the end of some entry, so that a start need not begin with the first one. They are a cache
//! beside the data file. Each is named by its hash; one that is damaged, belongs to another log or was written by another version of
//! this program is thrown away, and the log gives the same.

use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use engine::State;
use quantity::Moment;
use rochdale_log::{Hash, Head, Store, hash_entry, private};
use serde::ser::SerializeTuple as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::Error;
use crate::follow::{EachBytes, Reader, walk};
use crate::history::History;
use crate::replay::{Replay, Wrong};
use crate::snapshot::Snapshot;
use crate::texts::texts_of;

/// The form of the bytes. Another number makes every snapshot that was stored before one to throw away.
const FORM: &str = concat!("rochdale ", env!("CARGO_PKG_VERSION"), " snapshot 11");
/// After so many entries a server stores another snapshot, unless it is told another number.
pub const SNAPSHOT_EVERY: u64 = 50_000;
/// After so many it does so when it stops, or after fewer where it does so meanwhile.
const AT_THE_END: u64 = 5_000;
/// As many as are kept: the newest may turn out to be damaged.
const KEPT: usize = 2;
const ENDING: &str = "snapshot";

/// The folder of a co-op's snapshots.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
    /// After so many entries another one is stored; 0 for never.
    every: u64,
}

/// A stored snapshot that was taken off the shelf.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) state: State,
    pub(crate) history: History,
    pub(crate) image: Image,
}

/// Which snapshot it was, to be compared with what the log comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// The end of the log then.
    pub(crate) head: Head,
    /// The hash that it is named by.
    name: String,
}

/// The first bytes of a file.
#[derive(Debug, Serialize, Deserialize)]
struct Heading<'a> {
    form: &'a str,
    coop: &'a str,
    seq: u64,
    hash: [u8; 32],
    time_us: i64,
}

impl Shelf {
    /// The shelf beside the data file in `folder`.
    pub(crate) fn of(folder: &Path) -> Shelf {
        Shelf { folder: folder.join("snapshots"), every: SNAPSHOT_EVERY }
    }

    /// As it is, with another one stored after so many `entries`; 0 for never.
    pub(crate) fn with_every(self, entries: u64) -> Shelf {
        Shelf { every: entries, ..self }
    }

    /// Takes the newest snapshot that belongs to this log. Those that are good for nothing are thrown away.
    pub(crate) fn take(&self, store: &mut dyn Store, coop: &str) -> Option<Taken> {
        let last = store.head(coop).ok()?.seq;
        for (seq, path) in self.files() {
            // A reader may see an earlier log than the server that stored it.
            if seq > last {
                continue;
            }
            match read(&path, store, coop) {
                Some(taken) => return Some(taken),
                None => drop(fs::remove_file(&path)),
            }
        }
        None
    }

    /// Stores a snapshot and throws older ones away. Readers and the writer go on meanwhile.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn put(&self, snapshot: &Snapshot) -> Result<(), Error> {
        let (head, state) = (snapshot.head, &snapshot.state);
        if !snapshot.founded || !state.can_be_kept() {
            return Ok(());
        }
        let bytes = bytes_of(&snapshot.id, head, state, &snapshot.history)?;
        let name = format!("{:012}-{}.{ENDING}", head.seq, named(&bytes));
        let path = self.folder.join(&name);
        let fault = |why| Error::File { path: path.display().to_string(), why };
        private::folder(&self.folder).map_err(fault)?;
        // Under its own name it is whole. A file that a crash cut off is not what its name says, and is thrown away.
        let unfinished = self.folder.join(format!("{name}.unfinished"));
        private::fresh_file(&unfinished).and_then(|mut file| file.write_all(&bytes)).map_err(fault)?;
        fs::rename(&unfinished, &path).map_err(fault)?;
        self.tidy();
        Ok(())
    }

    /// How many entries the newest snapshot holds; 0 without one.
    fn newest(&self) -> u64 {
        self.files().first().map_or(0, |(seq, _)| *seq)
    }

    /// Whether another one is worth its writing.
    pub(crate) fn wants(&self, head: Head, stopping: bool) -> bool {
        let after = if stopping { self.every.min(AT_THE_END) } else { self.every };
        after > 0 && head.seq.saturating_sub(self.newest()) >= after
    }

    /// Every snapshot, newest first.
    fn files(&self) -> Vec<(u64, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<(u64, PathBuf)> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
            .filter_map(|path| Some((path.file_stem()?.to_str()?.split_once('-')?.0.parse().ok()?, path)))
            .collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    fn tidy(&self) {
        for (_, path) in self.files().into_iter().skip(KEPT) {
            drop(fs::remove_file(path));
        }
        let left = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for path in left.filter(|path| path.extension().is_some_and(|ending| ending == "unfinished")) {
            drop(fs::remove_file(path));
        }
    }

    /// Throws all away.
    pub(crate) fn clear(&self) {
        self.files().into_iter().for_each(|(_, path)| drop(fs::remove_file(path)));
    }
}

/// Reads a file, if it is what its name says and belongs to this log.
fn read(path: &Path, store: &mut dyn Store, coop: &str) -> Option<Taken> {
    let bytes = fs::read(path).ok()?;
    let name = path.file_stem()?.to_str()?.split_once('-')?.1.to_owned();
    if name != named(&bytes) {
        return None;
    }
    let (head, state, history) = read_bytes(&bytes, coop)?;
    let entry = store.entry(coop, head.seq).ok().flatten()?;
    (hash_entry(&entry) == head.hash).then_some(Taken { state, history, image: Image { head, name } })
}

/// Reads what [`bytes_of`] has written of this co-op.
pub(crate) fn read_bytes(bytes: &[u8], coop: &str) -> Option<(Head, State, History)> {
    let (heading, rest) = postcard::take_from_bytes::<Heading<'_>>(bytes).ok()?;
    let head = Head { seq: heading.seq, hash: Hash(heading.hash), time_us: heading.time_us };
    if heading.form != FORM || heading.coop != coop {
        return None;
    }
    let mut from = postcard::Deserializer::from_bytes(rest);
    let state = State::deserialize(&mut from).ok()?;
    Some((head, state, History::deserialize(&mut from).ok()?))
}

/// Replays the log up to where a snapshot was stored, and compares what comes out with it. Once it is `stopped` the answer means
/// nothing.
///
/// # Errors
/// The first wrong entry; or a snapshot that the log does not come to.
pub(crate) fn prove(
    store: &mut dyn Store,
    coop: &str,
    image: &Image,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<(), Error> {
    let mut documents = texts_of(store, coop);
    let mut replay = Replay::new(1, &mut documents);
    let mut reader = Reader::after(coop, Head::default());
    let mut entries = |each: EachBytes<'_>| -> Result<(), Error> {
        Ok(store.read(coop, 1, &mut |seq, bytes| {
            if seq > image.head.seq || stopped() { ControlFlow::Break(()) } else { each(bytes) }
        })?)
    };
    walk(&mut reader, &mut entries, Moment(i64::MAX), &mut |entry| replay.carry_out(entry).map(|_| ()))?;
    reader.finish(&image.head)?;
    let Some((state, history, _)) = replay.finish() else {
        return Err(Wrong { seq: 1, why: "it is missing".to_owned() }.into());
    };
    let came_to = named(&bytes_of(coop, image.head, &state, &history)?);
    if came_to == image.name { Ok(()) } else { Err(Error::Usage(OTHER_STATE.to_owned())) }
}

const OTHER_STATE: &str = "the stored snapshot that this server began with is not what the log comes to, and was thrown away: start the server again, and it reads the whole log";

/// A snapshot's bytes: the heading, then the state and its pictures. The same state has the same bytes.
pub(crate) fn bytes_of(coop: &str, head: Head, state: &State, history: &History) -> Result<Vec<u8>, Error> {
    let heading = Heading { form: FORM, coop, seq: head.seq, hash: head.hash.0, time_us: head.time_us };
    let bytes = postcard::to_extend(&heading, Vec::new());
    let bytes = bytes.and_then(|bytes| postcard::to_extend(&Both(state, history), bytes));
    bytes.map_err(|why| Error::Usage(format!("no snapshot could be stored: {why}")))
}

/// A state and its pictures, as they are written.
struct Both<'a>(&'a State, &'a History);

impl Serialize for Both<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct OfState<'a>(&'a State);
        impl Serialize for OfState<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(to)
            }
        }
        let mut both = to.serialize_tuple(2)?;
        both.serialize_element(&OfState(self.0))?;
        both.serialize_element(self.1)?;
        both.end()
    }
}

/// The part of a file's name that says what is in it: half of its SHA-256.
fn named(bytes: &[u8]) -> String {
    rochdale_log::document_hash(bytes).to_string().chars().take(32).collect()
}

#[cfg(test)]
mod tests;
