//! Random codes and ids, and the form in which they are kept.

use crate::error::Error;

/// A new session's id, which the browser alone gets, and its hash.
#[derive(Debug)]
pub struct FreshId {
    /// 256 random bits in 64 hexadecimal digits.
    pub id: String,
    /// The form in which it is kept.
    pub hash: String,
}

impl FreshId {
    /// Draws an id.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new() -> Result<FreshId, Error> {
        let id = random_hex::<32>()?;
        let hash = code_hash(&id);
        Ok(FreshId { id, hash })
    }
}

/// 128 random bits in 32 hexadecimal digits: what a link carries.
///
/// # Errors
/// A machine without random numbers.
pub fn new_code() -> Result<String, Error> {
    random_hex::<16>()
}

/// Returns the kept form of a code: its SHA-256, hexadecimal. The codes are random, so that no salt is needed.
#[must_use]
pub fn code_hash(code: &str) -> String {
    engine::digest::hex(code.as_bytes())
}

/// Compares two hashes in constant time.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    one.len() == other.len() && differs == 0
}

fn random_hex<const BYTES: usize>() -> Result<String, Error> {
    Ok(hex(&random::<BYTES>()?))
}

/// Draws random bytes.
pub(super) fn random<const BYTES: usize>() -> Result<[u8; BYTES], Error> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|why| Error::Usage(format!("this machine gives no random numbers: {why}")))?;
    Ok(bytes)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads [`hex`] back.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_compared_whole() {
        assert!(is_same("abc", "abc"));
        for other in ["abd", "bbc", "ab", "abcd", ""] {
            assert!(!is_same("abc", other), "{other}");
        }
    }

    #[test]
    fn ids_are_long_and_never_the_same() {
        let (one, other) = (FreshId::new().unwrap(), FreshId::new().unwrap());
        assert_eq!((one.id.len(), one.hash.len(), new_code().unwrap().len()), (64, 64, 32));
        assert!(one.id != other.id && one.hash == code_hash(&one.id));
    }
}
