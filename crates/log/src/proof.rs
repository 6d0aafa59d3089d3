//! A receipt: the proof that one entry is among those of a signed checkpoint, in the form of C2SP `tlog-proof`. It holds everything
//! that is needed to check it, but the key.

use crate::hash::{Hash, hash_entry};
use crate::merkle::includes;
use crate::note::{BadNote, Checkpoint, PublicKey, base64};

/// The proof that an entry is in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The entry's place, from 1. The text counts from 0.
    pub entry: u64,
    /// The entry itself, or its hash.
    pub of: Proven,
    /// The audit path (RFC 6962, 2.1.1), from the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The signed checkpoint, word for word.
    pub checkpoint: String,
}

/// The entry of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Its exact bytes.
    Bytes(Vec<u8>),
    /// Its hash, where its bytes are too many for a receipt.
    Hash(Hash),
}

/// A text that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    #[error("it is longer than a receipt")]
    TooLong,
    #[error("it is not in the form of a receipt")]
    Form,
    #[error("its checkpoint is not good: {0}")]
    Checkpoint(#[from] BadNote),
    #[error("the entry is not among those of its checkpoint")]
    NotIncluded,
}

/// The longest receipt, bytes.
pub const MAX_PROOF: usize = 4_096;
/// The most hashes on a path: a log has fewer than 2^63 entries.
const MOST_HASHES: usize = 63;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

impl Proven {
    /// The leaf of the tree: the entry's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Proven::Bytes(bytes) => hash_entry(bytes),
            Proven::Hash(hash) => *hash,
        }
    }
}

impl Proof {
    /// Writes the receipt, with the entry's bytes where they fit and else with its hash.
    #[must_use]
    pub fn write(&self) -> String {
        let text = self.written(&self.of);
        if text.len() <= MAX_PROOF { text } else { self.written(&Proven::Hash(self.of.hash())) }
    }

    fn written(&self, of: &Proven) -> String {
        let extra = match of {
            Proven::Bytes(bytes) => base64::encode(bytes),
            Proven::Hash(hash) => base64::encode(&hash.0),
        };
        let path: String = self.path.iter().map(|hash| base64::encode(&hash.0) + "\n").collect();
        let index = self.entry.saturating_sub(1);
        format!("{HEADER}\nextra {extra}\nindex {index}\n{path}\n{}", self.checkpoint)
    }

    /// Reads a receipt, and nothing that is written in another way. Nothing is checked yet.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &str) -> Result<Proof, BadProof> {
        if text.len() > MAX_PROOF {
            return Err(BadProof::TooLong);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(BadProof::Form)?;
        let mut lines = head.split('\n');
        let mut next = || lines.next().ok_or(BadProof::Form);
        if next()? != HEADER {
            return Err(BadProof::Form);
        }
        let extra = next()?.strip_prefix("extra ").and_then(base64::decode).ok_or(BadProof::Form)?;
        let index = next()?.strip_prefix("index ").ok_or(BadProof::Form)?;
        let entry = index.parse::<u64>().ok().filter(|number| number.to_string() == index);
        let entry = entry.and_then(|index| index.checked_add(1)).ok_or(BadProof::Form)?;
        let hash = |line: &str| base64::decode(line)?.try_into().ok().map(Hash);
        let path = lines.map(hash).collect::<Option<Vec<Hash>>>().ok_or(BadProof::Form)?;
        if path.len() > MOST_HASHES {
            return Err(BadProof::Form);
        }
        // No entry is as short as a hash.
        let of = match extra.try_into() {
            Ok(hash) => Proven::Hash(Hash(hash)),
            Err(bytes) => Proven::Bytes(bytes),
        };
        Ok(Proof { entry, of, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that the entry is among those of the checkpoint, and that `key` signed that where it is given.
    ///
    /// # Errors
    /// It is not, or did not.
    pub fn check(&self, key: Option<&PublicKey>) -> Result<Checkpoint, BadProof> {
        let checkpoint = Checkpoint::unsigned(&self.checkpoint)?;
        let index = self.entry.checked_sub(1).ok_or(BadProof::Form)?;
        if !includes(&checkpoint.root, checkpoint.size, index, self.of.hash(), &self.path) {
            return Err(BadProof::NotIncluded);
        }
        match key {
            Some(key) => Ok(Checkpoint::open(&self.checkpoint, key)?),
            None => Ok(checkpoint),
        }
    }
}

#[cfg(test)]
mod tests;
