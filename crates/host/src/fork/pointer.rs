//! The pointer of a forked log, checked by itself: form, signature, and that the signed head holds the entry it names.

use engine::act::Pointer;
use rochdale_log::{Checkpoint, Hash, PublicKey, includes_last};

use super::key::origin;

/// The most hashes of an audit path: one for each bit of a size.
const MAX_PROOF: usize = 64;

/// Checks all that can be checked without the old log.
///
/// # Errors
/// The mistake, in words.
pub(crate) fn alone(pointer: &Pointer) -> Result<Checkpoint, String> {
    let wrong = |what: &str| format!("its pointer to {} is wrong: {what}", pointer.coop);
    let key = PublicKey::from_hex(&pointer.key).map_err(|bad| wrong(&bad.to_string()))?;
    let checkpoint = Checkpoint::open(&pointer.checkpoint, &key);
    let checkpoint = checkpoint.map_err(|bad| wrong(&format!("of the checkpoint, {bad}")))?;
    if checkpoint.origin != origin(&pointer.coop) {
        return Err(wrong("the checkpoint is of another log"));
    }
    if checkpoint.size != pointer.entry {
        return Err(wrong("the checkpoint was signed at another entry"));
    }
    let hash = |hex: &String| Hash::from_hex(hex.as_bytes());
    let proof: Result<Vec<Hash>, _> = pointer.proof.iter().take(MAX_PROOF).map(hash).collect();
    let (Ok(leaf), Ok(proof)) = (hash(&pointer.hash), proof) else {
        return Err(wrong("a hash is not 64 hexadecimal digits in lower case"));
    };
    if pointer.proof.len() > MAX_PROOF || !includes_last(&checkpoint.root, checkpoint.size, leaf, &proof) {
        return Err(wrong("the signed log does not end with the entry that it names"));
    }
    Ok(checkpoint)
}
