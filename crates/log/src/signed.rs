//! Acts that a member's own device signs: the statement, byte by byte, and its signature. Source: `docs/spec/devices.md`.
//!
//! It knows no members: whose key it is, and whether the key may sign, the engine says.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::canonical::{BadForm, Reader, write_integer};
use crate::entry::{write_commitments, write_hash, write_number, write_text};
use crate::hash::Hash;
use crate::note::base64;

/// The domain of statements: nothing else that a device signs begins so.
pub const STATEMENT: &str = "rochdale/act/1";

/// The most bytes of a device's signature, as an entry has it in base 64.
const SIGNATURE_BYTES: usize = 64;

/// How an entry of version 2 ends, where a device has signed it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The entry that enrolled the device; 0 in the enrolment itself.
    pub device: u64,
    /// The device's counter; 0 in the enrolment itself.
    pub turn: u64,
    /// An entry that the device has seen.
    pub after: u64,
    /// The entry's time is before it, microseconds since 1970.
    pub until_us: i64,
    /// Over the statement.
    pub sig: [u8; SIGNATURE_BYTES],
}

/// Everything that a device signs, with what it took from the log.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The co-op's id.
    pub coop: &'a str,
    /// The hash of entry 1: an id is a name, and a fork has the same members.
    pub first: Hash,
    /// As whom.
    pub member: &'a str,
    /// By what right.
    pub authority: &'a str,
    /// As in [`Signed`].
    pub device: u64,
    /// As in [`Signed`].
    pub turn: u64,
    /// As in [`Signed`].
    pub after: u64,
    /// The hash of the entry `after`.
    pub head: Hash,
    /// As in [`Signed`].
    pub until_us: i64,
    /// The kind of act.
    pub kind: &'a str,
    /// One canonical JSON object, as the entry has it.
    pub body: &'a [u8],
    /// As the entry has them.
    pub commitments: &'a [(&'a str, Hash)],
}

/// Why 32 bytes are no key of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDeviceKey {
    /// Not the one form of a point of the curve.
    #[error("it is not a point of the curve in its one form")]
    Form,
    /// One signature would be right for many statements.
    #[error("it is a point of small order")]
    SmallOrder,
}

/// The public key of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceKey(VerifyingKey);

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Signed { device, turn, after, until_us, .. } = self;
        write!(f, "Signed {{ device: {device}, turn: {turn}, after: {after}, until_us: {until_us}, .. }}")
    }
}

impl Signed {
    /// Reads it in the form that an entry has, as a device hands it in.
    ///
    /// # Errors
    /// The place at which it leaves that form.
    pub fn parse(text: &str) -> Result<Signed, BadForm> {
        let mut reader = Reader::new(text.as_bytes())?;
        let signed = Signed::read(&mut reader)?;
        reader.end()?;
        signed.ok_or(BadForm { at: 0, what: "a signature was expected" })
    }

    /// Writes it as an entry has it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        write_number(b"{\"device\":", self.device.into(), out);
        write_number(b",\"turn\":", self.turn.into(), out);
        write_number(b",\"after\":", self.after.into(), out);
        write_number(b",\"until_us\":", self.until_us.into(), out);
        out.extend_from_slice(b",\"sig\":\"");
        out.extend_from_slice(base64::encode(&self.sig).as_bytes());
        out.extend_from_slice(b"\"}");
    }

    /// Reads `null`, or what [`Signed::write`] writes.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Option<Signed>, BadForm> {
        if reader.peek() == Some(b'n') {
            reader.expect("null", "`null` was expected")?;
            return Ok(None);
        }
        let device = count(reader, "{\"device\":", "`device` was expected")?;
        let turn = count(reader, ",\"turn\":", "`turn` was expected")?;
        let after = count(reader, ",\"after\":", "`after` was expected")?;
        reader.expect(",\"until_us\":", "`until_us` was expected")?;
        let at = reader.at();
        let until_us = i64::try_from(reader.integer()?);
        let until_us = until_us.map_err(|_| BadForm { at, what: "`until_us` is at most 2^63 - 1" })?;
        reader.expect(",\"sig\":", "`sig` was expected")?;
        let at = reader.at();
        let sig = base64::decode(&reader.string()?).and_then(|sig| sig.try_into().ok());
        let sig = sig.ok_or(BadForm { at, what: "`sig` is 64 bytes in base 64" })?;
        reader.expect("}", "the end of `signed` was expected")?;
        Ok(Some(Signed { device, turn, after, until_us, sig }))
    }
}

fn count(reader: &mut Reader<'_>, name: &'static str, what: &'static str) -> Result<u64, BadForm> {
    reader.expect(name, what)?;
    let at = reader.at();
    // As for `seq`: SQL stores have no larger numbers.
    let number = i64::try_from(reader.integer()?).ok().and_then(|number| u64::try_from(number).ok());
    number.ok_or(BadForm { at, what: "a number from 0 to 2^63 - 1 was expected" })
}

impl Statement<'_> {
    /// Returns the bytes that are signed: one line of canonical JSON, without a line end.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512 + self.body.len());
        write_text(b"{\"statement\":", STATEMENT, &mut out);
        write_text(b",\"coop\":", self.coop, &mut out);
        write_hash(b",\"first\":\"", &self.first, &mut out);
        write_text(b",\"member\":", self.member, &mut out);
        write_text(b",\"authority\":", self.authority, &mut out);
        for (name, number) in [(",\"device\":", self.device), (",\"turn\":", self.turn), (",\"after\":", self.after)] {
            out.extend_from_slice(name.as_bytes());
            write_integer(number.into(), &mut out);
        }
        write_hash(b",\"head\":\"", &self.head, &mut out);
        write_number(b",\"until_us\":", self.until_us.into(), &mut out);
        write_text(b",\"kind\":", self.kind, &mut out);
        out.extend_from_slice(b",\"body\":");
        out.extend_from_slice(self.body);
        write_commitments(self.commitments, &mut out);
        out.push(b'}');
        out
    }

    /// Signs the statement with a device's 32 secret bytes.
    #[must_use]
    pub fn sign(&self, secret: &[u8; 32]) -> Signed {
        let sig = SigningKey::from_bytes(secret).sign(&self.bytes()).to_bytes();
        let Statement { device, turn, after, until_us, .. } = *self;
        Signed { device, turn, after, until_us, sig }
    }
}

impl DeviceKey {
    /// Reads a public key from 32 bytes.
    ///
    /// # Errors
    /// Bytes that are no point in its one form, and points of small order.
    pub fn read(bytes: &[u8; 32]) -> Result<DeviceKey, BadDeviceKey> {
        // The library takes y and y + p alike, and only one of them is below p = 2^255 - 19.
        let mut y = *bytes;
        if let Some(last) = y.last_mut() {
            *last &= 0x7f;
        }
        let is_reduced = y.iter().rev().cmp(P.iter().rev()).is_lt();
        let key = VerifyingKey::from_bytes(bytes).ok().filter(|_| is_reduced).ok_or(BadDeviceKey::Form)?;
        if key.is_weak() { Err(BadDeviceKey::SmallOrder) } else { Ok(DeviceKey(key)) }
    }

    /// Whether a signature is of this key over these bytes: S below the group's order, R and the key of no small order, and the
    /// equation without the cofactor (RFC 8032, 5.1.7).
    #[must_use]
    pub fn has_signed(&self, statement: &[u8], sig: &[u8; SIGNATURE_BYTES]) -> bool {
        self.0.verify_strict(statement, &Signature::from_bytes(sig)).is_ok()
    }
}

/// Returns the public key of a device with these secret bytes.
#[must_use]
pub fn public_of(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

/// 2^255 - 19, the lowest byte first.
const P: [u8; 32] = {
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

#[cfg(test)]
mod tests;
