//! Receipts: that an entry is in the log up to the checkpoint that was signed last. Anybody can check one without the log.
//! Source: `docs/spec/log.md`, *Receipts*.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use rochdale_log::{Checkpoint, Hash, Proof, Proven, PublicKey, Store, Tree, audit_path, decode, hash_entry};

use crate::error::Error;
use crate::fork::key;

/// As many entries share a head that is kept.
const TILE: u64 = 256;

/// The heads over each 256 entries of a log, as far as they were asked for: a receipt reads only the entries beside its own.
#[derive(Debug, Default)]
pub(crate) struct Tiles(Mutex<Vec<Hash>>);

/// Reads entries from the store for a receipt.
struct Leaves<'a> {
    store: &'a mut dyn Store,
    coop: &'a str,
    tiles: Vec<Hash>,
}

/// Returns the receipt of an entry under a checkpoint of this log; `None` where it is not among the signed ones.
pub(crate) fn receipt(
    store: &mut dyn Store,
    coop: &str,
    tiles: &Tiles,
    entry: u64,
    checkpoint: &str,
) -> Result<Option<String>, Error> {
    let signed = Checkpoint::unsigned(checkpoint).ok().filter(|signed| signed.origin == key::origin(coop));
    let Some(signed) = signed.filter(|signed| (1..=signed.size).contains(&entry)) else {
        return Ok(None);
    };
    let Some(bytes) = store.entry(coop, entry)? else {
        return Ok(None);
    };
    let mut kept = tiles.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut leaves = Leaves { store, coop, tiles: std::mem::take(&mut kept) };
    let path = leaves
        .grow(signed.size)
        .and_then(|()| audit_path(entry.saturating_sub(1), signed.size, &mut |from, to| leaves.head(from, to)));
    *kept = leaves.tiles;
    let proof = Proof { entry, of: Proven::Bytes(bytes), path: path?, checkpoint: checkpoint.to_owned() };
    // A log that was written anew since gets no receipts that fail elsewhere.
    Ok(proof.check(None).is_ok().then(|| proof.write()))
}

impl Leaves<'_> {
    /// Reads the heads of all full tiles among so many entries.
    fn grow(&mut self, size: u64) -> Result<(), Error> {
        let known = self.tiles.len() as u64;
        if known == size / TILE {
            return Ok(());
        }
        let mut tree = Tree::default();
        let (store, tiles) = (&mut *self.store, &mut self.tiles);
        store.read(self.coop, known.saturating_mul(TILE).saturating_add(1), &mut |seq, bytes| {
            if seq > size {
                return ControlFlow::Break(());
            }
            tree.append(hash_entry(bytes));
            if tree.size() == TILE {
                tiles.push(std::mem::take(&mut tree).root());
            }
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// The head over the entries with the indices `from` (from 0) until before `to`: one part of a division by powers of two.
    fn head(&mut self, from: u64, to: u64) -> Result<Hash, Error> {
        let mut tree = Tree::default();
        let mut tiled = from;
        // Full tiles at the beginning of a part make a tree of their own, whose leaves they are.
        if from.is_multiple_of(TILE) && to.saturating_sub(from) >= TILE {
            let whole = (to - from) / TILE;
            let begin = usize::try_from(from / TILE).unwrap_or(usize::MAX);
            let count = usize::try_from(whole).unwrap_or(usize::MAX);
            self.tiles.iter().skip(begin).take(count).for_each(|head| tree.append(*head));
            tiled = from + whole * TILE;
        }
        let mut rest = Tree::default();
        if tiled < to {
            self.store.read(self.coop, tiled.saturating_add(1), &mut |seq, bytes| {
                if seq > to {
                    return ControlFlow::Break(());
                }
                rest.append(hash_entry(bytes));
                ControlFlow::Continue(())
            })?;
        }
        Ok(match (tree.size(), rest.size()) {
            (0, _) => rest.root(),
            (_, 0) => tree.root(),
            // The rest is the smallest part: it is joined with the full trees from the smallest on.
            _ => tree.full().iter().rev().fold(rest.root(), |right, left| rochdale_log::node(left, &right)),
        })
    }
}

/// The statement that a receipt proves.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Received {
    /// The co-op's id.
    pub coop: String,
    /// The entry's place.
    pub entry: u64,
    /// Its hash, hex.
    pub hash: String,
    /// How many entries the checkpoint is over.
    pub signed: u64,
    /// Whether the checkpoint's signature was checked: for that the key has to be given.
    pub signature_checked: bool,
    /// The act, where the receipt holds the entry.
    pub act: Option<ReceivedAct>,
}

/// The act of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReceivedAct {
    /// Its kind.
    pub kind: String,
    /// By whom, as the log says it.
    pub actor: String,
    /// By what right.
    pub authority: String,
    /// The log's time, RFC 3339.
    pub time: String,
    /// Its fields.
    pub body: serde_json::Value,
}

/// Checks a receipt, with the public key of the log where one is given, as 64 hexadecimal digits or as `NAME+ID+DATA`.
///
/// # Errors
/// It proves nothing, and why.
pub fn verify_receipt(text: &str, key: Option<&str>) -> Result<Received, Error> {
    let no = |why: String| Error::Usage(format!("the receipt is not good: {why}"));
    let key = key.map(|key| PublicKey::read(key).map_err(|_| Error::Usage(format!("`{key}` is no public key"))));
    let key = key.transpose()?;
    let proof = Proof::read(text).map_err(|bad| no(bad.to_string()))?;
    let checkpoint = proof.check(key.as_ref()).map_err(|bad| no(bad.to_string()))?;
    let coop = checkpoint.origin.strip_prefix("rochdale/").unwrap_or(&checkpoint.origin).to_owned();
    let act = match &proof.of {
        Proven::Hash(_) => None,
        Proven::Bytes(bytes) => {
            let entry = decode(bytes).map_err(|bad| no(format!("its entry cannot be read: {bad}")))?;
            if entry.seq != proof.entry || *entry.coop != *coop {
                return Err(no("its entry is another one".to_owned()));
            }
            Some(ReceivedAct {
                kind: entry.kind.to_string(),
                actor: entry.actor.to_string(),
                authority: entry.authority.to_string(),
                time: quantity::Moment(entry.time_us).to_string(),
                body: serde_json::from_slice(entry.body).unwrap_or_default(),
            })
        }
    };
    let hash = proof.of.hash().to_string();
    Ok(Received { coop, entry: proof.entry, hash, signed: checkpoint.size, signature_checked: key.is_some(), act })
}

#[cfg(test)]
mod tests;
