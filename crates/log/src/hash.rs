//! The hashes of the log: of an entry, of a document, and the commitment to a value kept outside the log.
//!
//! They are not signatures: anybody with the bytes can compute them. Signed checkpoints are in `note`.

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A SHA-256 value; written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hash(pub [u8; 32]);

/// A text that is not the 64 lower-case hexadecimal digits of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits in lower case")]
pub struct BadHash;

/// Returns the hash that binds an entry: SHA-256 of one byte 0x00 and then the entry's exact bytes, without a line end.
///
/// This is the leaf hash of RFC 6962 (2.1), so that the Merkle tree over the log has these very hashes as leaves.
pub fn hash_entry(bytes: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(bytes).finalize().into())
}

/// Returns the plain SHA-256 of a document's text, by which entries name documents.
pub fn document_hash(text: &[u8]) -> Hash {
    Hash(Sha256::digest(text).into())
}

/// A [`document_hash`] of bytes that come one after another.
#[derive(Clone, Debug, Default)]
pub struct DocumentHash(Sha256);

impl DocumentHash {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the hash of all of them.
    #[must_use]
    pub fn end(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

/// Returns the commitment to `value` of the field `field`: HMAC-SHA-256 under `key` of
/// `len(field)` as 8 bytes big-endian, `field`, `len(value)` as 8 bytes big-endian, `value`.
///
/// The key is 32 random bytes, one for each value. Without the key the commitment reveals nothing, however few values
/// are possible. Once key and value are erased, the log still verifies.
pub fn commitment(key: &[u8; 32], field: &str, value: &[u8]) -> Hash {
    // HMAC fills a short key up to the hash's block with zeros (RFC 2104, 2); doing so here leaves no length to refuse.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    // Lengths come first, or `("ab", "c")` and `("a", "bc")` would have the same commitment.
    mac.update(&(field.len() as u64).to_be_bytes());
    mac.update(field.as_bytes());
    mac.update(&(value.len() as u64).to_be_bytes());
    mac.update(value);
    Hash(mac.finalize().into_bytes().into())
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl Hash {
    /// The hash that stands in for the last entry of an empty log.
    pub const ZERO: Hash = Hash([0; 32]);

    /// Returns the 64 hexadecimal digits.
    pub fn to_hex(&self) -> [u8; 64] {
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        hex
    }

    /// Reads 64 digits. Upper case is refused, because each hash must have exactly one form.
    pub fn from_hex(hex: &[u8]) -> Result<Hash, BadHash> {
        if hex.len() != 64 {
            return Err(BadHash);
        }
        let mut hash = [0; 32];
        let mut seen = 0;
        for (byte, pair) in hash.iter_mut().zip(hex.chunks_exact(2)) {
            let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
            seen |= high | low;
            *byte = high << 4 | (low & 15);
        }
        // One test at the end keeps the loop free of branches: a letter that is no digit has a value above 15.
        if seen > 15 { Err(BadHash) } else { Ok(Hash(hash)) }
    }
}

/// The value of each byte as a digit; 0xf0 for what is none.
const VALUES: [u8; 256] = {
    let mut values = [0xf0; 256];
    let mut digit = 0;
    while digit < 16 {
        values[DIGITS[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        Self::from_hex(text.as_bytes())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_hex().iter().try_for_each(|digit| fmt::Write::write_char(f, char::from(*digit)))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
