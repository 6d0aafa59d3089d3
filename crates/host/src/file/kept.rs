//! Reading what is kept, a piece at a time.

use serde::{Deserialize, Serialize};

use super::{FILES, PIECE_BYTES, PIECES, piece_name};
use crate::error::Error;
use crate::gate::record;
use crate::snapshot::Snapshot;

/// A file whose bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The upload that brought it, whose pieces are its own.
    pub(crate) id: String,
    pub(crate) pieces: u64,
    /// How many bytes.
    pub bytes: u64,
    /// The BLAKE2b-512 of its bytes, hexadecimal, which signatures are over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) blake2b: Option<String>,
}

impl Snapshot {
    /// The file with a SHA-256, if its bytes are kept.
    ///
    /// # Errors
    /// A fault.
    pub fn kept_file(&self, sha256: &str) -> Result<Option<KeptFile>, Error> {
        self.beside.look(|store, coop| record(store, coop, FILES, sha256))
    }

    /// The bytes of a file from `from` on, to the end of their piece at most; `None` where they are erased by now.
    ///
    /// # Errors
    /// A fault.
    pub fn bytes_of(&self, file: &KeptFile, from: u64) -> Result<Option<Vec<u8>>, Error> {
        let within = usize::try_from(from % PIECE_BYTES as u64).unwrap_or(0);
        let name = piece_name(&file.id, from / PIECE_BYTES as u64);
        let piece = self.beside.look(|store, coop| Ok(store.get(coop, PIECES, name.as_bytes())?))?;
        Ok(piece.and_then(|piece| piece.get(within..).map(<[u8]>::to_vec)).filter(|bytes| !bytes.is_empty()))
    }
}
