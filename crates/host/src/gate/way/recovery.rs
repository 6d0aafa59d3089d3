//! Recovery codes: ten of 80 bits on paper, each good once, for somebody who has lost the others.

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::super::code::{hex, is_same, random};
use super::{Kind, Ways, What};
use crate::batch::Batch;
use crate::error::Error;

/// How many are made at once.
const CODES: usize = 10;
/// The bytes of one: 80 bits.
const BYTES: usize = 10;
const SALT: usize = 16;

/// The codes that are left, as salted hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// 16 random bytes, hexadecimal.
    salt: String,
    /// SHA-256 of the salt and a code, hexadecimal.
    hashes: Vec<String>,
}

/// Draws ten codes: as they are kept, and as their member gets them, which is this once.
///
/// # Errors
/// A machine without random numbers.
pub fn fresh_codes() -> Result<(RecoveryCodes, Vec<String>), Error> {
    let salt = hex(&random::<SALT>()?);
    let codes = (0..CODES).map(|_| Ok(hex(&random::<BYTES>()?))).collect::<Result<Vec<String>, Error>>()?;
    let hashes = codes.iter().map(|code| hashed(&salt, code)).collect();
    // Groups of five digits are easier to read off paper.
    let written = codes.iter().map(|code| {
        let digits: Vec<char> = code.chars().collect();
        digits.chunks(5).map(|five| five.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    });
    Ok((RecoveryCodes { salt, hashes }, written.collect()))
}

impl RecoveryCodes {
    /// How many are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.hashes.len()
    }

    /// Uses a code up; whether it was one of these.
    fn spend(&mut self, typed: &str) -> bool {
        let plain = |letter: &char| letter.is_ascii_hexdigit();
        let typed: String = typed.to_ascii_lowercase().chars().filter(plain).collect();
        let hash = hashed(&self.salt, &typed);
        // All are compared, so that the time says nothing.
        let places = self.hashes.iter().enumerate();
        let found = places.fold(None, |found, (place, kept)| if is_same(kept, &hash) { Some(place) } else { found });
        found.map(|place| self.hashes.remove(place)).is_some()
    }
}

fn hashed(salt: &str, code: &str) -> String {
    engine::digest::hex(format!("{salt}/{code}").as_bytes())
}

impl Ways {
    fn spend_code(&mut self, typed: &str, now: Moment) -> bool {
        let mut spent = false;
        for way in &mut self.ways {
            if let Kind::RecoveryCodes(codes) = &mut way.kind
                && codes.spend(typed)
            {
                (spent, way.used_us) = (true, Some(now.0));
            }
        }
        if spent {
            self.note(What::Used, "recovery_codes", now);
        }
        spent
    }
}

impl Batch<'_> {
    /// Uses up a recovery code of a member; whether it was one. It is noted for the member's other browsers.
    ///
    /// # Errors
    /// A fault.
    pub fn spend_code(&mut self, member: Pseudonym, typed: &str, now: Moment) -> Result<bool, Error> {
        let mut ways = self.ways_in(member)?;
        let spent = ways.spend_code(typed, now);
        if spent {
            self.put_ways(member, &ways)?;
            self.tell_by_mail(member, None, now)?;
        }
        Ok(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_good_once_and_kept_as_a_salted_hash() {
        let now = Moment(1_750_000_000_000_000);
        let (kept, codes) = fresh_codes().unwrap();
        assert_eq!((codes.len(), codes[0].len(), kept.left()), (10, 23, 10));
        let json = serde_json::to_string(&kept).unwrap();
        assert!(codes.iter().all(|code| !json.contains(code) && !json.contains(&code.replace('-', ""))));
        let mut ways = Ways::default();
        ways.add(Kind::RecoveryCodes(kept), now).unwrap();
        assert!(!ways.spend_code("", now) && !ways.spend_code("00000-00000-00000-00000", now));
        assert!(ways.spend_code(&codes[3], now) && !ways.spend_code(&codes[3], now));
        assert!(ways.spend_code(&codes[4].replace('-', " ").to_uppercase(), now), "as people type it");
        assert_eq!(ways.codes_left(), 8);
        assert_eq!(ways.changes.iter().filter(|change| change.what == What::Used).count(), 2);
        let (other, _) = fresh_codes().unwrap();
        ways.add(Kind::RecoveryCodes(other), now).unwrap();
        assert!(!ways.spend_code(&codes[5], now), "new codes take the place of the old ones");
        assert_eq!(ways.codes_left(), 10);
    }
}
