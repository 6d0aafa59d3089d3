//! A forked log against the log that it points into: the pointer, and the register, support and money at its beginning, which
//! come from the old log.

use std::ops::ControlFlow;
use std::path::Path;

use charter::{Edition, read_kernel_under};
use engine::act::{Act, CompleteFork, Pointer};
use engine::fork::{CompletedFork, Extract};
use rochdale_log::{Hash, Tree, document_hash, hash_entry};

use super::build::support;
use super::log::Log;
use super::pointer::alone;
use crate::batch::without_narration;
use crate::codec::{read_body, write_body};
use crate::error::Error;
use crate::replay::Wrong;
use crate::verify::Verified;

/// A forked log that was compared with the old one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Compared {
    /// The new log.
    #[serde(flatten)]
    pub verified: Verified,
    /// The old log, as it is now.
    pub old: Verified,
    /// The number of entries after the founding that come from the old log.
    pub same: u64,
}

/// Verifies both logs and compares them. Each is a co-op's folder, a data file, or an exported file.
///
/// # Errors
/// [`Error::Wrong`] names the first entry of the new log that is not as the old one gives it; a mistake in the old log is
/// said to be there.
pub fn verify_against(new: &Path, old: &Path, threads: usize) -> Result<Compared, Error> {
    let mut new = Log::open(new, threads)?;
    let mut old = Log::open(old, threads).map_err(|error| match error {
        Error::Wrong(Wrong { seq, why }) => Error::Usage(format!("the old log: entry {seq}: {why}")),
        other => other,
    })?;
    let wrong = |why: String| Error::Wrong(Wrong { seq: 1, why });
    let Some(pointer) = new.state.founding.act.forked_from.clone() else {
        return Err(wrong("this log was not made by a fork".to_owned()));
    };
    points_there(&pointer, &new, &mut old).map_err(|error| match error {
        Bad::Why(why) => wrong(why),
        Bad::Error(error) => error,
    })?;
    let state = old.state.clone();
    let (Some(fork), Some(extract)) = (state.forks.completed_named(&pointer.fork), Extract::new(&state, &pointer.fork))
    else {
        return Err(wrong(format!("the old log completed no fork `{}`", pointer.fork)));
    };
    founded_as_chosen(fork, &new).map_err(wrong)?;
    let same = same_beginning(&mut new, &mut old, extract, &pointer)?;
    Ok(Compared { verified: new.verified, old: old.verified, same })
}

enum Bad {
    Why(String),
    Error(Error),
}

/// The pointer names an entry of this very log: by its hash, its content, and the head over everything up to it.
fn points_there(pointer: &Pointer, new: &Log, old: &mut Log) -> Result<(), Bad> {
    let no = |why: &str| Err(Bad::Why(format!("its pointer is wrong: {why}")));
    // A pointer that is wrong by itself needs no old log (docs/spec/fork.md, The pointer).
    let checkpoint = alone(pointer).map_err(Bad::Why)?;
    if pointer.coop != old.verified.coop {
        return no(&format!("it points to {}, and the old log is that of {}", pointer.coop, old.verified.coop));
    }
    // Only the beginning of the old log counts: it may have grown since (spec/fork.md, The pointer).
    let mut tree = Tree::default();
    let mut named = None;
    old.each(&mut |seq, bytes| {
        tree.append(hash_entry(bytes));
        if seq < pointer.entry {
            return ControlFlow::Continue(());
        }
        named = Some((hash_entry(bytes), completion(bytes)));
        ControlFlow::Break(())
    })
    .map_err(Bad::Error)?;
    let Some((hash, completed)) = named else {
        return no(&format!("it names entry {}, and the old log ends before", pointer.entry));
    };
    // The checks are in the order of that section, so that the first difference is the one that is named.
    if hash.to_string() != pointer.hash {
        return no(&format!("entry {} of the old log has another hash", pointer.entry));
    }
    if tree.root() != checkpoint.root {
        return no("the signed head is not that of the old log");
    }
    let Some(completed) = completed else {
        return no(&format!("entry {} of the old log completes no fork", pointer.entry));
    };
    if completed.key != pointer.key {
        return no("the old log names another key");
    }
    if completed.fork != pointer.fork || completed.coop != new.verified.coop {
        return no(&format!(
            "entry {} of the old log completes the fork `{}` to {}",
            pointer.entry, completed.fork, completed.coop
        ));
    }
    Ok(())
}

fn completion(bytes: &[u8]) -> Option<CompleteFork> {
    let entry = rochdale_log::decode(bytes).ok()?;
    match read_body(&entry.kind, entry.body).ok()? {
        Act::CompleteFork(act) => Some(act),
        _ => None,
    }
}

fn founded_as_chosen(fork: &CompletedFork, new: &Log) -> Result<(), String> {
    let founding = &new.state.founding;
    if (&founding.act.kernel, &founding.act.constitution) != (&fork.kernel, &fork.constitution) {
        return Err("it was founded on other rules than those who went chose".to_owned());
    }
    if founding.act.edition != fork.edition {
        return Err(format!(
            "it was founded under {}, and those who went left under {}",
            founding.act.edition, fork.edition
        ));
    }
    if founding.at != fork.at {
        return Err(format!("it was founded at {}, and the fork was completed at {}", founding.at, fork.at));
    }
    Ok(())
}

/// Compares the entries after the founding, one by one, with what the old log gives; how many those are.
fn same_beginning(new: &mut Log, old: &mut Log, extract: Extract<'_>, pointer: &Pointer) -> Result<u64, Error> {
    // docs/spec/fork.md, What goes along: lists go along where the new kernel reads them too.
    let kernel = new.text(&new.state.founding.act.kernel);
    let kernel = kernel.and_then(|text| read_kernel_under(text, new.state.founding.act.edition).ok());
    let Some(kernel) = kernel else {
        return Err(Error::Usage("the new log has no kernel to read".to_owned()));
    };
    let members = extract.members(&kernel);
    // Hashes are kept and not acts, since a ledger can be long.
    let mut hashes = Vec::new();
    let mut given = Given { members, extract, pointer, edition: new.state.founding.act.edition };
    given.each(old, &mut |act| {
        hashes.push(act_hash(act));
        ControlFlow::Continue(())
    })?;
    let mut place = 0_usize;
    let mut differs = None;
    let at = new.state.founding.at;
    new.each(&mut |seq, bytes| {
        if seq == 1 {
            return ControlFlow::Continue(());
        }
        // Entries after those that go along are the new co-op's own.
        let Some(expected) = hashes.get(place) else {
            return ControlFlow::Break(());
        };
        let (found, time) = found(bytes);
        // All that goes along is dated at the moment at which the fork was completed.
        if found.as_ref().map(act_hash) != Some(*expected) || time != at.0 {
            differs = Some(found);
            return ControlFlow::Break(());
        }
        place += 1;
        ControlFlow::Continue(())
    })?;
    let same = place as u64;
    if place == hashes.len() {
        return Ok(same);
    }
    // The expected act was kept as a hash alone, so a second walk finds its words.
    let mut expected = None;
    let mut left = place;
    given.extract = given.extract.again();
    given.each(old, &mut |act| {
        if left == 0 {
            expected = Some(act.clone());
            return ControlFlow::Break(());
        }
        left -= 1;
        ControlFlow::Continue(())
    })?;
    let says = differs.map_or("nothing".to_owned(), |act| words(act.as_ref()));
    let why = format!("it says: {says}; and the old log gives: {}", words(expected.as_ref()));
    // The founding is entry 1, and what goes along begins with entry 2.
    Err(Wrong { seq: same + 2, why }.into())
}

/// The entries from the old log, in order.
struct Given<'a> {
    members: Vec<Act>,
    extract: Extract<'a>,
    pointer: &'a Pointer,
    edition: Edition,
}

impl Given<'_> {
    fn each(&mut self, old: &mut Log, each: &mut dyn FnMut(&Act) -> ControlFlow<()>) -> Result<(), Error> {
        if self.members.iter().try_for_each(&mut *each).is_break() {
            return Ok(());
        }
        let (mut stopped, mut failed) = (false, None);
        let extract = &mut self.extract;
        let until = self.pointer.entry;
        old.each(&mut |seq, bytes| {
            if seq >= until {
                return ControlFlow::Break(());
            }
            match support(bytes) {
                Ok(act) => {
                    let copied = act.and_then(|act| extract.copy(act));
                    stopped = copied.is_some_and(|act| each(&act).is_break());
                }
                Err(error) => failed = Some(error),
            }
            if stopped || failed.is_some() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        // docs/spec/fork.md, What goes along: gifts that were divided come after the copies, and the money last.
        let last = self.extract.divided(&self.pointer.coop).into_iter().chain(self.extract.money(&self.pointer.coop));
        if !stopped {
            // From edition 2 on what a booking is about is no part of the entry.
            let _ = last.into_iter().try_for_each(|act| each(&without_narration(act, self.edition)));
        }
        Ok(())
    }
}

fn act_hash(act: &Act) -> Hash {
    let mut bytes = format!("{}\n", act.kind()).into_bytes();
    // An act that cannot be written differs from every act that can.
    let _ = write_body(act, &mut bytes);
    document_hash(&bytes)
}

/// The act of an entry, and its time.
fn found(bytes: &[u8]) -> (Option<Act>, i64) {
    let Ok(entry) = rochdale_log::decode(bytes) else {
        return (None, i64::MIN);
    };
    (read_body(&entry.kind, entry.body).ok(), entry.time_us)
}

/// Describes an act in just enough words to tell two apart.
fn words(act: Option<&Act>) -> String {
    match act {
        None => "something else".to_owned(),
        Some(Act::AdmitMember(act)) => format!("{} joins", act.member),
        Some(Act::AddToList(act)) => format!("{} is put on the list `{}`", act.member, act.list),
        Some(Act::RecordSupport(act)) => {
            format!("{} gave {} of {} (`{}`)", act.member, act.amount.amount, act.kind, act.source)
        }
        Some(Act::ReverseSupport(act)) => format!("something of `{}` is taken back", act.of),
        Some(Act::BookEntry(act)) => format!("{} minor units are booked", act.moved_minor()),
        Some(act) => format!("`{}`", act.kind()),
    }
}
