//! The key that a co-op signs its log with, and the last signed checkpoint. Both are files beside the data file:
//! neither is in the log, in the data file, or in a backup.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use rochdale_log::{Checkpoint, Signer, Sqlite, Store, Tree, hash_entry};

use super::{failed, sync_folder};
use crate::coop::data_file;
use crate::error::Error;
use crate::founding::random_key;
use crate::replay::Wrong;
use crate::written::Written;

const KEY: &str = "signing.key";
pub(crate) const SIGNED: &str = "signed.checkpoint";

/// Returns the origin that checkpoints of a co-op's log name.
pub(crate) fn origin(coop: &str) -> String {
    format!("rochdale/{coop}")
}

/// The key in `folder`, or a new one, which is still to be kept; which of the two.
pub(crate) fn signer(folder: &Written, coop: &str) -> Result<(Signer, bool), Error> {
    let path = folder.join(KEY);
    match fs::read_to_string(path.real()) {
        Ok(text) => {
            let signer = Signer::read(text.trim_end_matches('\n'));
            let own = signer.ok().filter(|signer| signer.name() == origin(coop));
            own.map(|signer| (signer, false)).ok_or_else(|| {
                Error::Usage(format!(
                    "`{}` is not the key of {coop}: put the right one there, or move it away to sign with a new one",
                    path.display()
                ))
            })
        }
        Err(why) if why.kind() == ErrorKind::NotFound => {
            let signer = Signer::new(&origin(coop), &random_key()?)
                .ok_or_else(|| Error::Usage(format!("`{coop}` cannot sign: its id is odd")))?;
            Ok((signer, true))
        }
        Err(why) => Err(failed(&path, why)),
    }
}

/// Keeps a new key. The caller has the co-op to itself.
pub(crate) fn keep(folder: &Written, signer: &Signer) -> Result<(), Error> {
    write(folder, KEY, &format!("{}\n", signer.write()))
}

/// The checkpoint that was signed last, if one was.
pub(crate) fn last_signed(folder: &Written) -> Result<Option<Checkpoint>, Error> {
    let path = folder.join(SIGNED);
    match fs::read_to_string(path.real()) {
        // One's own file: whoever could change it could also remove it, so its signature is not asked.
        Ok(note) => Checkpoint::unsigned(&note)
            .map(Some)
            .map_err(|bad| Error::Usage(format!("`{}` is no checkpoint: {bad}", path.display()))),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(failed(&path, why)),
    }
}

/// Keeps what was signed, once the log it was signed for is saved.
pub(crate) fn note_signed(folder: &Written, checkpoint: &str) -> Result<(), Error> {
    write(folder, SIGNED, checkpoint)
}

/// As [`note_signed`], for what was signed before something broke: a later one may have been signed since.
pub(crate) fn note_if_later(folder: &Written, checkpoint: &str) -> Result<(), Error> {
    let size = Checkpoint::unsigned(checkpoint).map_or(0, |signed| signed.size);
    match last_signed(folder)? {
        Some(last) if last.size >= size => Ok(()),
        _ => note_signed(folder, checkpoint),
    }
}

/// Stops a tree at the size that was signed before, if it is another one there.
pub(crate) fn follows(tree: &Tree, signed: Option<&Checkpoint>) -> ControlFlow<()> {
    match signed {
        Some(signed) if signed.size == tree.size() && signed.root != tree.root() => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    }
}

/// Refuses to sign a log other than the one signed before: two signed histories would contradict each other.
pub(crate) fn stands_behind(tree: &Tree, signed: Option<&Checkpoint>) -> Result<(), Error> {
    let Some(signed) = signed else {
        return Ok(());
    };
    if signed.size < tree.size() {
        return Ok(());
    }
    let why = format!(
        "the log was signed up to here, and now it is shorter or has other entries: it comes from an older copy. Restore the newest, or move `{SIGNED}` and `{KEY}` away to sign with a new key"
    );
    let seq = signed.size;
    Err(Wrong { seq, why }.into())
}

/// Refuses to begin with a log that ends before the checkpoint that was signed last: it is an older copy, and what would be added
/// to it would contradict what was signed.
///
/// # Errors
/// It is; or a fault.
pub(crate) fn is_not_older(store: &mut dyn Store, folder: &Path) -> Result<(), Error> {
    let folder = Written::here(folder);
    match last_signed(&folder)? {
        Some(signed) => ends_later(store, &folder, &signed),
        None => Ok(()),
    }
}

fn ends_later(store: &mut dyn Store, folder: &Written, signed: &Checkpoint) -> Result<(), Error> {
    for coop in store.coops()? {
        let last = store.head(&coop)?.seq;
        if signed.origin == origin(&coop) && last < signed.size {
            let words = format!(
                "the data file ends with entry {last}, and `{}` says that the log was signed up to entry {}: it is an older copy. Restore the newest, or move `{SIGNED}` and `{KEY}` away to go on from here and sign with a new key; nothing was changed",
                folder.join(SIGNED).display(),
                signed.size
            );
            return Err(Error::Usage(words));
        }
    }
    Ok(())
}

/// The checkpoint beside a log that was signed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The last entry that it is over.
    pub size: u64,
    /// The public key, hex; none where the file is not there.
    pub key: Option<String>,
}

/// Compares a log with the checkpoint beside it that was signed last, if there is one.
///
/// # Errors
/// The log ends before it, or has other entries up to it; or a fault.
pub fn verify_signed(folder: &Path) -> Result<Option<Signed>, Error> {
    // The checkpoint comes first: a server that signs meanwhile has saved what it signs before.
    let home = Written::here(folder);
    let Some(signed) = last_signed(&home)? else { return Ok(None) };
    let mut store = Sqlite::open_snapshot(data_file(folder))?;
    let store: &mut dyn Store = &mut store;
    ends_later(store, &home, &signed)?;
    let coops = store.coops()?;
    let Some(coop) = coops.iter().find(|coop| signed.origin == origin(coop)) else { return Ok(None) };
    let mut tree = Tree::default();
    store.read(coop, 1, &mut |seq, bytes| {
        if seq > signed.size {
            return ControlFlow::Break(());
        }
        tree.append(hash_entry(bytes));
        ControlFlow::Continue(())
    })?;
    if tree.root() == signed.root {
        let own = signer(&home, coop)?;
        let key = Some(own).filter(|(_, fresh)| !fresh).map(|(signer, _)| signer.public().to_string());
        return Ok(Some(Signed { size: signed.size, key }));
    }
    let why = format!("the log was signed up to here, and has other entries now: `{SIGNED}` has another head");
    Err(Wrong { seq: signed.size, why }.into())
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write(folder: &Written, name: &str, text: &str) -> Result<(), Error> {
    let (path, fresh) = (folder.join(name), folder.join(format!("{name}.new")));
    let fail = |why| failed(&path, why);
    if fresh.real().exists() {
        fs::remove_file(fresh.real()).map_err(fail)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(fresh.real()).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    file.sync_all().map_err(fail)?;
    fs::rename(fresh.real(), path.real()).map_err(fail)?;
    sync_folder(folder)
}
