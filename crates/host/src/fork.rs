//! Completing a fork: the old log gets its entry, and a new co-op begins with a signed pointer to it. It decides nothing:
//! who goes and what goes along is the engine's.
//!
//! INVARIANT: the new co-op lies whole on storage, beside its place, before the old log's entry is saved; moving it there is
//! one step. So whatever breaks, the command run again either begins anew or does that step.

mod against;
mod build;
pub(crate) mod key;
mod log;
mod pointer;
mod report;

use std::fs;
use std::sync::{Mutex, PoisonError};

use engine::Actor;
use engine::act::{Act, CompleteFork, Pointer};
use quantity::Moment;
use rochdale_log::{Sqlite, Store as _, Tree, hash_entry};

use crate::batch::Batch;
use crate::coop::{Coop, data_file};
use crate::error::Error;
use crate::founding::new_coop_id;
use crate::writable::Writable;
use crate::written::Written;

pub use against::{Compared, verify_against};
pub use key::{Signed, verify_signed};
pub use log::{FromCheckpoint, verify_from_checkpoint};
pub(crate) use pointer::alone;
pub use report::{Forked, Went};

/// Two forks at once, as a server's owner can begin, would clear each other's folder away.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Completes the fork `name` of the co-op `old` in `folder`: a new co-op in `to`, which is not there yet or an empty folder.
/// Done again, it finishes what was left off, or says what was done.
///
/// # Errors
/// A refusal where no such fork is announced, a folder that holds something else, or a fault.
pub fn fork(old: &mut Writable, folder: &Written, name: &str, to: &Written, now: Moment) -> Result<Forked, Error> {
    let _one_at_a_time = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Place::new(to)?;
    let present = old.read();
    let known = present.state().forks.completed_named(name);
    if let Some(coop) = known.map(|fork| fork.coop.clone()) {
        let again = place.holds(to, &coop)?;
        if !again {
            take_up(&place, folder, name, &coop, now)?;
        }
        return report::report(&present, name, to, again);
    }
    place.clear()?;
    let (home, fork, new) = (folder.clone(), name.to_owned(), place.clone());
    let checkpoint = old.write(move |batch| prepare(batch, &home, &fork, &new, now))?;
    key::note_signed(folder, &checkpoint)?;
    place.move_in()?;
    report::report(&old.read(), name, to, false)
}

/// Hands the act to the rules, signs the log as it then ends, and writes the new co-op beside its place; the checkpoint that was
/// signed. Neither the old log's entry nor the new co-op is to be seen before the batch is committed.
fn prepare(batch: &mut Batch<'_>, folder: &Written, name: &str, place: &Place, now: Moment) -> Result<String, Error> {
    // The entry names the key, so the key is there before the act (docs/spec/fork.md, The key).
    let (signer, fresh) = key::signer(folder, batch.coop.id())?;
    let (from, coop) = (batch.coop.id().to_owned(), new_coop_id()?);
    let act =
        Act::CompleteFork(CompleteFork { fork: name.to_owned(), coop: coop.clone(), key: signer.public().to_string() });
    let receipt = batch.append(&act, Actor::Operator, "", "", now)?.receipt;
    // A refused fork leaves no key behind, and nothing is signed with a key that is not kept.
    if fresh {
        key::keep(folder, &signer)?;
    }
    // docs/spec/fork.md, The key: two signed histories of one co-op would contradict each other.
    let signed = key::last_signed(folder)?;
    let mut tree = Tree::default();
    batch.each_entry(&mut |_, bytes| {
        tree.append(hash_entry(bytes));
        key::follows(&tree, signed.as_ref())
    })?;
    key::stands_behind(&tree, signed.as_ref())?;
    // docs/spec/fork.md, The pointer: the checkpoint is of the log as it ends with this entry.
    let checkpoint = signer.sign(tree.size(), tree.root());
    let pointer = Pointer {
        coop: from,
        fork: name.to_owned(),
        entry: receipt.entry,
        hash: receipt.hash,
        key: signer.public().to_string(),
        checkpoint: checkpoint.clone(),
        proof: tree.proof_of_last().iter().map(ToString::to_string).collect(),
    };
    // docs/spec/fork.md, If it breaks on the way: the new co-op is written before the old log's entry is saved.
    let built = build::build(batch, &place.making, &coop, pointer, receipt.time);
    if built.is_err() {
        // The first failure is reported. If the rest cannot be cleared away now, the next try does it.
        let _ = place.clear();
    }
    built?;
    Ok(checkpoint)
}

/// The entry was saved and the new co-op was not moved to its place.
fn take_up(place: &Place, folder: &Written, name: &str, coop: &str, now: Moment) -> Result<(), Error> {
    if place.holds(&place.making, coop)? {
        let made = Coop::open_read(&place.making.real(), now)?;
        if let Some(pointer) = &made.state().founding.act.forked_from {
            key::note_if_later(folder, &pointer.checkpoint)?;
        }
        drop(made);
        return place.move_in();
    }
    // The rules have said yes already, so this is no refusal: the folder is another one than the co-op's.
    Err(Error::Usage(format!(
        "the fork `{name}` is complete: it is the co-op {coop}, which is neither in `{}` nor in `{}`; name the folder that it was made in, or restore that co-op from its backup",
        place.to.display(),
        place.making.display()
    )))
}

/// The new co-op's folder, and the folder in which it is written before.
#[derive(Clone)]
struct Place {
    to: Written,
    making: Written,
}

/// Everything that a co-op's folder may hold while it is made.
const FILES: [&str; 7] = [
    "kernel.md",
    "constitution.md",
    "rochdale.db",
    "rochdale.db-wal",
    "rochdale.db-shm",
    "rochdale.db-journal",
    "rochdale.db.lock",
];

impl Place {
    fn new(to: &Written) -> Result<Place, Error> {
        let unnamed = || Error::Usage(format!("`{}` names no folder that could be made", to.display()));
        Ok(Place { to: to.clone(), making: to.beside(".making").ok_or_else(unnamed)? })
    }

    /// Whether `folder` holds this co-op.
    fn holds(&self, folder: &Written, coop: &str) -> Result<bool, Error> {
        let file = data_file(&folder.real());
        if !file.exists() {
            return Ok(false);
        }
        Ok(Sqlite::open_read(file)?.coops()?.iter().any(|id| id == coop))
    }

    /// Makes room: removes what an earlier try has left beside the place, and refuses to touch anything else.
    fn clear(&self) -> Result<(), Error> {
        let taken =
            |path: &Written| Error::Usage(format!("`{}` is there already: nothing was changed", path.display()));
        if self.to.real().exists() && fs::read_dir(self.to.real()).map_or(true, |mut in_it| in_it.next().is_some()) {
            return Err(taken(&self.to));
        }
        if !self.making.real().exists() {
            return Ok(());
        }
        for file in fs::read_dir(self.making.real()).map_err(|why| failed(&self.making, why))? {
            let name = file.map_err(|why| failed(&self.making, why))?.file_name();
            if !FILES.iter().any(|known| name == **known) {
                return Err(taken(&self.making));
            }
        }
        fs::remove_dir_all(self.making.real()).map_err(|why| failed(&self.making, why))
    }

    /// The one step by which the new co-op is there.
    fn move_in(&self) -> Result<(), Error> {
        if self.to.real().exists() {
            fs::remove_dir(self.to.real()).map_err(|why| failed(&self.to, why))?;
        }
        fs::rename(self.making.real(), self.to.real()).map_err(|why| failed(&self.to, why))?;
        sync_folder(&self.to.parent())
    }
}

/// Names in a folder are on storage only once the folder is.
fn sync_folder(folder: &Written) -> Result<(), Error> {
    let synced = fs::File::open(folder.real()).and_then(|folder| folder.sync_all());
    match synced {
        Err(why) if cfg!(unix) => Err(failed(folder, why)),
        _ => Ok(()),
    }
}

pub(crate) fn failed(path: &Written, why: std::io::Error) -> Error {
    Error::File { path: path.display().to_string(), why }
}

#[cfg(test)]
mod tests;
