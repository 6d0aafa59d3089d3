//! Codes of authenticator programs: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which all of them know.

use hmac::{Hmac, KeyInit as _, Mac as _};
use quantity::Moment;
use serde::{Deserialize, Serialize};
use sha1::Sha1;

use super::super::code::{is_same, random};
use super::{Kind, Ways};
use crate::batch::Batch;
use crate::bridge::{NoBridge, Sealed, Vault};
use crate::error::Error;
use engine::Pseudonym;

/// The seconds of a step.
pub const PERIOD_S: i64 = 30;
/// The bytes of a seed: as many as SHA-1 gives (RFC 4226, 4).
const SEED: usize = 20;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The use that a wrapped seed is bound to.
const USE: &str = "totp";

/// The seed of a member's codes, wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    seed: Sealed,
    /// The step of the newest code that was used: it and those before it are good for nothing.
    used: i64,
}

/// A seed in clear, as its member's program gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; SEED]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(secret)")
    }
}

impl Seed {
    /// Draws a seed.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new() -> Result<Seed, Error> {
        Ok(Seed(random()?))
    }

    /// Reads base32, with blanks and small letters as people type it.
    #[must_use]
    pub fn read(text: &str) -> Option<Seed> {
        let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
        for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            let place = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase())?;
            held = (held << 5 | u32::try_from(place).ok()?) & 0xfff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
            }
        }
        // A letter too many is a slip.
        if bits >= 5 { None } else { bytes.try_into().ok().map(Seed) }
    }

    /// Returns the seed in base32: 32 letters.
    #[must_use]
    pub fn text(&self) -> String {
        let bits = self.0.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect::<Vec<u8>>();
        let place = |five: &[u8]| usize::from(five.iter().fold(0, |number, bit| number << 1 | bit));
        bits.chunks(5).filter_map(|five| LETTERS.get(place(five))).map(|letter| char::from(*letter)).collect()
    }

    /// The address by which a program takes the seed up. `account` and `issuer` are shown there.
    #[must_use]
    pub fn link(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (escaped(issuer), escaped(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&digits=6&period={PERIOD_S}", self.text())
    }

    /// The step of the code `typed`, where it is that of this step or of the last.
    #[must_use]
    pub fn step(&self, typed: &str, now: Moment) -> Option<i64> {
        let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let step = now.0.div_euclid(PERIOD_S * 1_000_000);
        // Both are compared, so that the time says nothing of which it is.
        let found = [step, step - 1].map(|step| is_same(&self.code(step, 6), &typed).then_some(step));
        found.into_iter().flatten().next()
    }

    /// The code of `now`, as a program shows it.
    #[must_use]
    pub fn code_at(&self, now: Moment) -> String {
        self.code(now.0.div_euclid(PERIOD_S * 1_000_000), 6)
    }

    fn code(&self, step: i64, digits: u32) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let mac = mac.finalize().into_bytes();
        let offset = usize::from(mac.last().copied().unwrap_or_default() & 0xf);
        let four = mac.get(offset..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
        let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
        format!("{number:0>width$}", width = digits as usize)
    }
}

impl Totp {
    /// Wraps a seed of a member. The code of `step` has proven that their program has it, and is used with that.
    ///
    /// # Errors
    /// The file of the key cannot be read or made.
    pub fn new(vault: &Vault, member: Pseudonym, seed: &Seed, step: i64) -> Result<Totp, Error> {
        let seed = vault.sealed(&member.to_string(), USE, &seed.text()).map_err(failed)?;
        Ok(Totp { seed, used: step })
    }

    /// The step of a code that was not used yet; `None` for a wrong one.
    ///
    /// # Errors
    /// The key that wraps the seed is lost.
    pub fn step(&self, vault: &Vault, member: Pseudonym, typed: &str, now: Moment) -> Result<Option<i64>, Error> {
        let text = vault.unsealed(&member.to_string(), USE, &self.seed).map_err(failed)?;
        let step = Seed::read(&text).and_then(|seed| seed.step(typed, now));
        Ok(step.filter(|step| *step > self.used))
    }
}

fn failed(why: NoBridge) -> Error {
    match why {
        NoBridge::Failed(error) => error,
        other => Error::Usage(other.to_string()),
    }
}

impl Ways {
    /// Uses up the code of `step`; whether it was still there.
    fn spend_step(&mut self, step: i64, now: Moment) -> bool {
        for way in &mut self.ways {
            if let Kind::Totp(totp) = &mut way.kind
                && totp.used < step
            {
                totp.used = step;
                way.used_us = Some(now.0);
                return true;
            }
        }
        false
    }
}

impl Batch<'_> {
    /// Uses up a member's code of `step`; whether it was still there: of many at once one finds it so.
    ///
    /// # Errors
    /// A fault.
    pub fn spend_step(&mut self, member: Pseudonym, step: i64, now: Moment) -> Result<bool, Error> {
        let mut ways = self.ways_in(member)?;
        let spent = ways.spend_step(step, now);
        if spent {
            self.put_ways(member, &ways)?;
        }
        Ok(spent)
    }
}

/// All but letters and digits, so that no name can end its place in an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, the rows of SHA-1.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let seed = Seed::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert_eq!(seed.0, *b"12345678901234567890");
        for (time, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(seed.code(time / PERIOD_S, 8), code, "{time}");
            assert_eq!(seed.step(&code[2..], at(time)), Some(time / PERIOD_S));
            assert_eq!(seed.step(&code[2..], at(time + PERIOD_S)), Some(time / PERIOD_S), "the last step");
            assert_eq!(seed.step(&code[2..], at(time + 2 * PERIOD_S)), None, "an earlier one");
            assert_eq!(seed.step(&code[2..], at(time - PERIOD_S)), None, "a later one");
        }
        assert_eq!(seed.step("287 082", at(59)), Some(1));
        for wrong in ["", "28708", "2870821", "94287082"] {
            assert_eq!(seed.step(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn a_seed_is_read_back() {
        let seed = Seed::new().unwrap();
        assert_eq!(Seed::read(&seed.text()), Some(seed.clone()));
        assert_eq!(Seed::read(&format!(" {} ", seed.text().to_lowercase())), Some(seed.clone()));
        for wrong in ["", "GEZDGNBV", "1", &format!("{}A", seed.text())] {
            assert_eq!(Seed::read(wrong), None, "{wrong}");
        }
        let link = seed.link("A & B", "member-001");
        assert!(link.starts_with("otpauth://totp/A%20%26%20B:member-001?secret=") && link.contains(&seed.text()));
        assert!(!format!("{seed:?}").contains(&seed.text()));
    }

    #[test]
    fn a_seed_is_wrapped_and_each_code_is_good_once() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::of_gate(folder.path(), "coop");
        let (seed, member) = (Seed::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap(), Pseudonym(7));
        let totp = Totp::new(&vault, member, &seed, 0).unwrap();
        assert!(!serde_json::to_string(&totp).unwrap().contains(&seed.text()));
        assert!(folder.path().join("gate.key").exists());
        assert_eq!(totp.step(&vault, member, "287082", at(59)).unwrap(), Some(1));
        assert!(totp.step(&vault, Pseudonym(8), "287082", at(59)).is_err(), "it is bound to its member");
        let mut ways = Ways::default();
        ways.add(Kind::Totp(totp), at(59)).unwrap();
        assert!(ways.spend_step(1, at(59)) && !ways.spend_step(1, at(59)) && !ways.spend_step(0, at(59)));
        assert_eq!(ways.totp().unwrap().step(&vault, member, "287082", at(59)).unwrap(), None, "it is used");
        std::fs::remove_file(folder.path().join("gate.key")).unwrap();
        let lost = ways.totp().unwrap().step(&vault, member, "287082", at(59)).unwrap_err();
        assert!(lost.to_string().contains("gate.key"), "{lost}");
    }
}
