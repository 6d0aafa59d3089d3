//! Signed checkpoints, one at each update: kept in the co-op's folder, compared with the log at each start, and handed to whoever
//! asks for the newest. An edit of the log with everything after it written anew then differs from what was signed.
//! Source: `docs/spec/log.md`, *The tree and its signed head*.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rochdale_log::{Hash, Store, Tree, hash_entry, private};

use crate::error::Error;
use crate::fork::key;
use crate::replay::Wrong;
use crate::written::Written;

/// The folder of all that were signed, each named by its number of entries.
const KEPT: &str = "checkpoints";
/// As many are kept; the oldest go first. With an update an hour that is a year.
const MOST_KEPT: usize = 10_000;
/// The tree under the newest, so that the next one reads no entry again.
const TREE: &str = "signed.tree";

/// The checkpoints of a co-op in its folder.
#[derive(Debug)]
pub(crate) struct Signing {
    folder: PathBuf,
    /// The tree over the entries that were signed last; empty where it is to be read from the log.
    tree: Tree,
}

impl Signing {
    /// Begins in `folder`, with a log that goes on from what was signed there.
    ///
    /// # Errors
    /// The log is older, or another one; or a fault.
    pub(crate) fn open(store: &mut dyn Store, coop: &str, folder: &Path) -> Result<Signing, Error> {
        key::is_not_older(store, folder)?;
        let home = Written::here(folder);
        let signed = key::last_signed(&home)?.filter(|signed| signed.origin == key::origin(coop));
        let kept = fs::read_to_string(folder.join(TREE)).ok().and_then(|text| read_tree(&text));
        let kept =
            kept.zip(signed).filter(|((tree, _), signed)| tree.size() == signed.size && tree.root() == signed.root);
        let Some(((tree, last), signed)) = kept else {
            return Ok(Signing { folder: folder.to_owned(), tree: Tree::default() });
        };
        let entry = store.entry(coop, signed.size)?;
        if signed.size > 0 && entry.is_none_or(|entry| hash_entry(&entry) != last) {
            let why = "the log was signed up to here, and has other entries now: restore the newest copy, or move `signed.checkpoint` and `signing.key` away to go on from here and sign with a new key".to_owned();
            return Err(Wrong { seq: signed.size, why }.into());
        }
        Ok(Signing { folder: folder.to_owned(), tree })
    }

    /// Signs the log up to the entry `until`, which is on storage.
    ///
    /// # Errors
    /// The log is not the one that was signed before, or a fault. The log itself is saved all the same.
    pub(crate) fn sign(&mut self, store: &mut dyn Store, coop: &str, until: u64) -> Result<(), Error> {
        let home = Written::here(&self.folder);
        let signed = key::last_signed(&home)?.filter(|signed| signed.origin == key::origin(coop));
        if signed.as_ref().is_some_and(|signed| signed.size >= until) {
            return Ok(());
        }
        let mut tree = std::mem::take(&mut self.tree);
        // A fork may have signed meanwhile.
        if signed.as_ref().is_some_and(|signed| signed.size < tree.size()) {
            tree = Tree::default();
        }
        let (mut last, mut other) = (Hash::ZERO, false);
        store.read(coop, tree.size().saturating_add(1), &mut |seq, bytes| {
            if seq > until {
                return ControlFlow::Break(());
            }
            last = hash_entry(bytes);
            tree.append(last);
            other = key::follows(&tree, signed.as_ref()).is_break();
            if other { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        key::stands_behind(&tree, signed.as_ref())?;
        let (signer, fresh) = key::signer(&home, coop)?;
        if fresh {
            key::keep(&home, &signer)?;
        }
        let note = signer.sign(tree.size(), tree.root());
        private::folder(&self.folder.join(KEPT)).map_err(|why| crate::fork::failed(&home.join(KEPT), why))?;
        key::write(&home.join(KEPT), &format!("{:012}", tree.size()), &note)?;
        key::write(&home, TREE, &write_tree(&tree, last))?;
        key::note_signed(&home, &note)?;
        keep_newest(&self.folder.join(KEPT), MOST_KEPT);
        self.tree = tree;
        Ok(())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The public key, as `NAME+ID+DATA`, where there is a key.
    pub(crate) fn public_key(folder: &Path, coop: &str) -> Option<String> {
        let (signer, fresh) = key::signer(&Written::here(folder), coop).ok()?;
        (!fresh).then(|| signer.public().write(signer.name()))
    }

    /// The checkpoint that was signed last, as it was signed.
    pub(crate) fn newest(folder: &Path) -> Option<String> {
        fs::read_to_string(folder.join(key::SIGNED)).ok()
    }
}

/// Removes the oldest files of a folder beyond `most`. Their names are numbers of one length.
fn keep_newest(folder: &Path, most: usize) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = files.map(|file| file.path()).collect();
    names.sort_unstable();
    let beyond = names.len().saturating_sub(most);
    names.into_iter().take(beyond).for_each(|path| drop(fs::remove_file(path)));
}

/// The tree's size, the hash of its last entry, and the heads of its full trees, a line each.
fn write_tree(tree: &Tree, last: Hash) -> String {
    let full = tree.full().iter().map(|head| format!("{head}\n"));
    format!("{}\n{last}\n{}", tree.size(), full.collect::<String>())
}

/// A file that is not as it was written is good for nothing: the log is read again then.
fn read_tree(text: &str) -> Option<(Tree, Hash)> {
    let mut lines = text.lines();
    let size = lines.next()?.parse().ok()?;
    let last = Hash::from_hex(lines.next()?.as_bytes()).ok()?;
    let full = lines.map(|line| Hash::from_hex(line.as_bytes()).ok()).collect::<Option<Vec<_>>>()?;
    Some((Tree::of_full(size, full)?, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_checkpoints_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for size in [7, 120, 33, 9] {
            fs::write(folder.path().join(format!("{size:012}")), "").unwrap();
        }
        keep_newest(folder.path(), 4);
        keep_newest(folder.path(), 2);
        let files = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["000000000033", "000000000120"]);
    }

    #[test]
    fn a_tree_is_read_as_it_was_written() {
        let mut tree = Tree::default();
        for size in 1..20_u8 {
            let last = hash_entry(&[size]);
            tree.append(last);
            let text = write_tree(&tree, last);
            let (again, end) = read_tree(&text).unwrap();
            assert_eq!((again.size(), again.root(), end), (tree.size(), tree.root(), last));
            assert!(read_tree(&text[..text.len() - 2]).is_none(), "cut off");
        }
        assert!(read_tree("").is_none());
    }
}
