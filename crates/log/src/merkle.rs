//! The Merkle tree of RFC 6962 over the entries of a log: its head, and the proof that an entry is in it.
//!
//! Leaves are the entries' own hashes. The tree is built by appending and keeps one hash for each bit of its size.

use sha2::{Digest, Sha256};

use crate::hash::Hash;

/// A tree that grows by appending.
///
/// ```
/// use rochdale_log::{Tree, hash_entry};
///
/// let mut tree = Tree::default();
/// tree.append(hash_entry(b"entry"));
/// assert_eq!((tree.size(), tree.root()), (1, hash_entry(b"entry")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The heads of the full trees that the leaves divide into, the largest first: one for each set bit of `size`.
    full: Vec<Hash>,
    /// `full` before the last leaf came.
    before: Vec<Hash>,
}

impl Tree {
    /// Appends a leaf, which is the hash of an entry.
    pub fn append(&mut self, leaf: Hash) {
        self.before.clone_from(&self.full);
        let mut joined = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            if let Some(left) = self.full.pop() {
                joined = node(&left, &joined);
            }
            bits >>= 1;
        }
        self.full.push(joined);
        self.size = self.size.saturating_add(1);
    }

    /// Goes on from `size` leaves, whose full trees have these heads, the largest first; `None` where there are more or fewer of
    /// them. It cannot tell the audit path of the last leaf before the next one comes.
    pub fn of_full(size: u64, full: Vec<Hash>) -> Option<Tree> {
        (full.len() as u64 == u64::from(size.count_ones())).then(|| Tree { size, full, before: Vec::new() })
    }

    /// Returns the heads of the full trees that the leaves divide into, the largest first.
    pub fn full(&self) -> &[Hash] {
        &self.full
    }

    /// Returns how many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the tree head, `MTH` of RFC 6962 (2.1); of an empty tree the SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.full.iter().rev();
        let Some(smallest) = smallest_first.next() else {
            return Hash(Sha256::digest(b"").into());
        };
        smallest_first.fold(*smallest, |right, left| node(left, &right))
    }

    /// Returns the audit path (RFC 6962, 2.1.1) of the last leaf, from the leaf up; empty for a tree of one leaf.
    pub fn proof_of_last(&self) -> Vec<Hash> {
        self.before.iter().rev().copied().collect()
    }
}

/// Returns whether `proof` shows that `leaf` is the last of the `size` leaves under `root`.
pub fn includes_last(root: &Hash, size: u64, leaf: Hash, proof: &[Hash]) -> bool {
    let Some(before) = size.checked_sub(1) else {
        return false;
    };
    // No leaf is to the right of the last one: every hash on its path is a full tree of earlier leaves.
    proof.len() as u64 == u64::from(before.count_ones())
        && proof.iter().fold(leaf, |right, left| node(left, &right)) == *root
}

/// Returns the audit path (RFC 6962, 2.1.1) of the leaf at `index`, from 0, among `size` leaves: from its sibling up. `head` returns
/// the head over the leaves from a place on to before another; each part is one that trees divide into.
///
/// # Errors
/// Those of `head`.
pub fn audit_path<E>(index: u64, size: u64, head: &mut dyn FnMut(u64, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
    let (mut from, mut to, mut path) = (0, size, Vec::new());
    while to.saturating_sub(from) > 1 {
        let middle = from.saturating_add(split(to.saturating_sub(from)));
        // The part without the leaf is on its path.
        path.push(if index < middle { head(middle, to)? } else { head(from, middle)? });
        (from, to) = if index < middle { (from, middle) } else { (middle, to) };
    }
    path.reverse();
    Ok(path)
}

/// The largest power of two below `size`, which is 2 or more.
pub(crate) fn split(size: u64) -> u64 {
    1 << size.saturating_sub(1).max(1).ilog2()
}

/// Returns whether `path` shows that `leaf` is at `index`, from 0, of the `size` leaves under `root`.
#[must_use]
pub fn includes(root: &Hash, size: u64, index: u64, leaf: Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    // From the root down: on which side of each division the leaf is.
    let (mut from, mut to, mut is_left) = (0, size, Vec::new());
    while to - from > 1 {
        let middle = from + split(to - from);
        is_left.push(index < middle);
        (from, to) = if index < middle { (from, middle) } else { (middle, to) };
    }
    if is_left.len() != path.len() {
        return false;
    }
    let joined = is_left.iter().rev().zip(path).fold(leaf, |own, (left, other)| match left {
        true => node(&own, other),
        false => node(other, &own),
    });
    joined == *root
}

/// Returns the hash of two joined trees: SHA-256 of one byte 0x01 and both heads.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let joined = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
    Hash(joined.finalize().into())
}

#[cfg(test)]
mod tests;
