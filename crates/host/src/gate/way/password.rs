//! Passwords: kept as argon2id over their NFC form, each with a salt of its own.

use argon2::{Algorithm, Argon2, Params, Version};
use engine::Pseudonym;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::super::code::{from_hex, hex, is_same, random};
use super::Ways;
use super::common::is_common;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// The fewest letters of a password beside a second factor.
pub const SHORTEST: usize = 8;
/// The fewest letters of one that stands alone.
pub const SHORTEST_ALONE: usize = 15;
/// The most letters.
pub const MOST_LETTERS: usize = 128;

/// The cost of one hash: memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
const SALT: usize = 16;
const HASH: usize = 32;

/// A password as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password {
    /// 16 random bytes, hexadecimal.
    salt: String,
    /// 32 bytes of argon2id 1.3, hexadecimal.
    hash: String,
    /// Its cost: memory in KiB, passes, lanes.
    cost: (u32, u32, u32),
    /// Whether it is too short to stand alone.
    pub short: bool,
}

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Fewer than 8 letters.
    Short,
    /// More than 128.
    Long,
    /// It is among the commonest, or one letter over and over.
    Common,
}

impl Password {
    /// The kept form of a password. Takes some 20 milliseconds and 19 MiB.
    ///
    /// # Errors
    /// A machine without random numbers or memory.
    pub fn new(typed: &str) -> Result<Result<Password, Unfit>, Error> {
        let typed: String = typed.nfc().collect();
        let letters = typed.chars().count();
        let unfit = match letters {
            0..SHORTEST => Some(Unfit::Short),
            SHORTEST..=MOST_LETTERS => None,
            _ => Some(Unfit::Long),
        };
        let first = typed.chars().next();
        let dull = is_common(&typed) || typed.chars().all(|letter| Some(letter) == first);
        if let Some(unfit) = unfit.or(dull.then_some(Unfit::Common)) {
            return Ok(Err(unfit));
        }
        let salt = random::<SALT>()?;
        let hash = hashed(&typed, &salt, COST).ok_or_else(no_memory)?;
        Ok(Ok(Password { salt: hex(&salt), hash, cost: COST, short: letters < SHORTEST_ALONE }))
    }

    /// Whether it is this one. Takes as long as [`Password::new`].
    ///
    /// # Errors
    /// A machine without memory.
    pub fn is(&self, typed: &str) -> Result<bool, Error> {
        let salt = from_hex(&self.salt).unwrap_or_default();
        let hash = hashed(&limited(typed), &salt, self.cost).ok_or_else(no_memory)?;
        Ok(is_same(&hash, &self.hash))
    }

    /// Takes as long as [`Password::is`], for somebody who has none or is nobody.
    ///
    /// # Errors
    /// A machine without memory.
    pub fn is_nobody_s(typed: &str) -> Result<bool, Error> {
        hashed(&limited(typed), &[0; SALT], COST).ok_or_else(no_memory)?;
        Ok(false)
    }
}

impl Snapshot {
    /// Whether `typed` is the password of `member`. Takes the same time for members without one, and for nobody.
    ///
    /// # Errors
    /// A fault, or a machine without memory.
    pub fn has_password(&self, member: Option<Pseudonym>, typed: &str) -> Result<bool, Error> {
        let ways = member.map(|member| self.ways_in(member)).transpose()?;
        match ways.as_ref().and_then(Ways::password) {
            Some(password) => password.is(typed),
            None => Password::is_nobody_s(typed),
        }
    }
}

/// No password is longer, and what nobody may choose costs nothing more.
fn limited(typed: &str) -> String {
    typed.nfc().take(MOST_LETTERS + 1).collect()
}

fn hashed(typed: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Option<String> {
    let params = Params::new(memory, passes, lanes, Some(HASH)).ok()?;
    let mut hash = [0_u8; HASH];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(typed.as_bytes(), salt, &mut hash).ok()?;
    Some(hex(&hash))
}

fn no_memory() -> Error {
    Error::Usage("a password cannot be hashed: this machine has no memory for it, or its record is damaged".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_in_any_form_of_its_letters() {
        let kept = Password::new("Cafe\u{301} um halb neun").unwrap().unwrap();
        assert!(kept.is("Caf\u{e9} um halb neun").unwrap() && !kept.short);
        for wrong in ["", "Cafe um halb neun", "Caf\u{e9} um halb neun ", &"a".repeat(4096)] {
            assert!(!kept.is(wrong).unwrap(), "{wrong}");
        }
        let again = Password::new("Caf\u{e9} um halb neun").unwrap().unwrap();
        assert!(again.salt != kept.salt && again.hash != kept.hash, "a salt for each");
        assert!(!Password::is_nobody_s("Caf\u{e9} um halb neun").unwrap());
        let json = serde_json::to_string(&kept).unwrap();
        assert!(!json.contains("halb") && serde_json::from_str::<Password>(&json).unwrap() == kept);
    }

    #[test]
    fn a_password_has_eight_to_128_letters_and_is_not_common() {
        let made = |typed: &str| Password::new(typed).unwrap().map(|kept| kept.short);
        assert_eq!(made("Ümläüt!"), Err(Unfit::Short));
        assert_eq!(made("ümläüt!x"), Ok(true));
        assert_eq!(made("fourteen sign."), Ok(true));
        assert_eq!(made("fifteen letters"), Ok(false));
        assert_eq!(made(&"ab".repeat(64)), Ok(false));
        assert_eq!(made(&"ab".repeat(65)), Err(Unfit::Long));
        assert_eq!(made("password1"), Err(Unfit::Common));
        assert_eq!(made("zzzzzzzzzzzzzzzzzzzz"), Err(Unfit::Common));
    }

    /// The reference vector of RFC 9106, 5.3 has secret and data; this one is `argon2-cffi`'s for our own cost.
    #[test]
    fn another_program_computes_the_same_hash() {
        let hash = hashed("a password of a test", b"0123456789abcdef", COST).unwrap();
        assert_eq!(hash, "aaffff547f94021b7ae655616ed4a86087df391f9a7149085fffe696afd57e5c");
    }
}
