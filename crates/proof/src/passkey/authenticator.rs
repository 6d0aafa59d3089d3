//! The authenticator's part of an answer, byte by byte: for which host, who was there, how often it signed, and a credential that it
//! made. Source: Web Authentication level 3, 6.1 and 6.5.

use sha2::{Digest as _, Sha256};

use super::party::Party;
use super::{Bytes, Refused};
use crate::cbor;
use crate::key::{Key, NoKey};

/// The longest id of a credential, bytes. Source: level 3, 4.
const LONGEST_ID: usize = 1_023;

/// The data that is signed.
#[derive(Debug)]
pub(super) struct Authenticator<'a> {
    host: &'a [u8],
    pub(super) flags: Flags,
    pub(super) counter: u32,
    pub(super) made: Option<Made<'a>>,
}

/// A credential that was made.
#[derive(Debug)]
pub(super) struct Made<'a> {
    pub(super) id: &'a [u8],
    pub(super) key: Result<Key, Refused>,
}

/// Eight bits about who was there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flags(u8);

impl Flags {
    const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    const fn is_present(self) -> bool {
        self.has(0)
    }

    const fn is_verified(self) -> bool {
        self.has(2)
    }

    pub(super) const fn may_be_copied(self) -> bool {
        self.has(3)
    }

    const fn is_copied(self) -> bool {
        self.has(4)
    }
}

/// Returns the authenticator's data inside an attestation, whose statement is not looked at.
pub(super) fn of_attestation(bytes: &Bytes) -> Result<&[u8], Refused> {
    let read = || {
        let object = cbor::whole(&bytes.0)?;
        let format = object.named("fmt")?.text()?;
        let statement = object.named("attStmt").filter(|statement| statement.is_map())?;
        // A statement that says nothing has nothing in it.
        if format == "none" && *statement != cbor::Value::Map(Vec::new()) {
            return None;
        }
        object.named("authData")?.bytes()
    };
    read().ok_or(Refused::Unreadable("attestationObject"))
}

impl<'a> Authenticator<'a> {
    /// Reads all of the bytes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        let wrong = Refused::Unreadable("authenticatorData");
        let (data, rest) = Self::start(bytes).ok_or(wrong.clone())?;
        let (made, rest) = if data.flags.has(6) {
            let (made, rest) = made(rest).ok_or(wrong.clone())?;
            (Some(made), rest)
        } else {
            (None, rest)
        };
        let rest = if data.flags.has(7) {
            let (extensions, rest) = cbor::read(rest).ok_or(wrong.clone())?;
            if !extensions.is_map() {
                return Err(wrong);
            }
            rest
        } else {
            rest
        };
        if rest.is_empty() { Ok(Self { made, ..data }) } else { Err(wrong) }
    }

    fn start(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (host, rest) = bytes.split_at_checked(32)?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        let data = Self { host, flags: Flags(flags), counter: u32::from_be_bytes(*counter), made: None };
        Some((data, rest))
    }

    /// Checks that it is for this host, and that somebody was there and was verified.
    pub(super) fn check(&self, party: &Party) -> Result<(), Refused> {
        if self.host != Sha256::digest(party.host().as_bytes()).as_slice() {
            return Err(Refused::OtherHost(party.host().to_owned()));
        }
        if !self.flags.is_present() {
            return Err(Refused::NotPresent);
        }
        if !self.flags.is_verified() {
            return Err(Refused::NotVerified);
        }
        if self.flags.is_copied() && !self.flags.may_be_copied() {
            return Err(Refused::Copies);
        }
        Ok(())
    }
}

/// Reads the credential, and returns it with the bytes behind it. A key that is not taken is its own refusal.
fn made(bytes: &[u8]) -> Option<(Made<'_>, &[u8])> {
    // The model of the authenticator, 16 bytes, is passed over: it is not kept.
    let (_, rest) = bytes.split_at_checked(16)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > LONGEST_ID {
        return None;
    }
    let (id, rest) = rest.split_at_checked(length)?;
    let (key, rest) = cbor::read(rest)?;
    let key = Key::of_cose(&key).map_err(|why| match why {
        NoKey::Algorithm(number) => Refused::Algorithm(number),
        NoKey::Malformed => Refused::Key,
    });
    Some((Made { id, key }, rest))
}
