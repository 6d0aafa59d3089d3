//! Signed checkpoints: C2SP `tlog-checkpoint` as a `signed-note` with an Ed25519 signature, and the keys for them.
//!
//! It signs any checkpoint that it is given. `host` checks that the log extends the last signed one.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::hash::Hash;

pub mod base64;

/// A log's number of entries and the tree head over them, as its operator signs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: no spaces, no `+`, no line end.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The tree head over them.
    pub root: Hash,
}

/// The key that signs checkpoints. Its secret half is shown by [`Signer::write`] only.
#[derive(Clone)]
pub struct Signer {
    name: String,
    key: SigningKey,
}

/// The key that checks what a [`Signer`] signed: 32 bytes, written as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// A text that is not such a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an Ed25519 key")]
pub struct BadKey;

/// A note that is not a checkpoint which this key signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    #[error("it is longer than a checkpoint")]
    TooLong,
    #[error("it is not in the form of a signed checkpoint")]
    Form,
    #[error("nobody with this key has signed it")]
    NotSigned,
    #[error("its signature is wrong")]
    WrongSignature,
}

/// The kind of key, as its id includes it (C2SP `signed-note`, signature types).
const ED25519: u8 = 1;
/// The longest note that is read, in bytes.
const MAX_NOTE: usize = 65_536;
/// The most signature lines that are read.
const MAX_SIGNATURES: usize = 100;
const DASH: &str = "\u{2014} ";

impl Checkpoint {
    /// Returns the text that is signed: origin, size and tree head, a line each.
    fn text(&self) -> String {
        let root = base64::encode(&self.root.0);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Reads a signed note and checks that `key` signed it under the checkpoint's origin as its name.
    pub fn open(note: &str, key: &PublicKey) -> Result<Checkpoint, BadNote> {
        if note.len() > MAX_NOTE {
            return Err(BadNote::TooLong);
        }
        let (text, signatures) = parts(note)?;
        let checkpoint = Checkpoint::read(text)?;
        let lines = signatures.strip_suffix('\n').ok_or(BadNote::Form)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(BadNote::TooLong);
        }
        let id = key.id(&checkpoint.origin);
        let mut answer = Err(BadNote::NotSigned);
        for line in lines.split('\n') {
            let (name, bytes) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(BadNote::Form)?;
            let bytes = base64::decode(bytes).ok_or(BadNote::Form)?;
            let (theirs, signature) = bytes.split_first_chunk::<4>().ok_or(BadNote::Form)?;
            if name != checkpoint.origin || *theirs != id || answer.is_ok() {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| BadNote::Form)?;
            let good = key.0.verify_strict(text.as_bytes(), &signature).is_ok();
            answer = if good {
                Ok(())
            } else {
                return Err(BadNote::WrongSignature);
            };
        }
        answer.map(|()| checkpoint)
    }

    /// Reads a note of one's own, without asking who signed it.
    pub fn unsigned(note: &str) -> Result<Checkpoint, BadNote> {
        if note.len() > MAX_NOTE {
            return Err(BadNote::TooLong);
        }
        Checkpoint::read(parts(note)?.0)
    }

    /// Reads the text of a checkpoint; further lines may extend it and are signed too.
    fn read(text: &str) -> Result<Checkpoint, BadNote> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().ok_or(BadNote::Form);
        let (origin, size, root) = (next()?, next()?, next()?);
        let plain = size == "0" || (!size.starts_with('0') && size.bytes().all(|digit| digit.is_ascii_digit()));
        let root = base64::decode(root).and_then(|root| root.try_into().ok());
        if !is_name(origin) || !plain {
            return Err(BadNote::Form);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| BadNote::Form)?,
            root: Hash(root.ok_or(BadNote::Form)?),
        })
    }
}

impl Signer {
    /// Returns the signer named `name` with 32 secret bytes; `None` for a name that a note cannot hold.
    pub fn new(name: &str, secret: &[u8; 32]) -> Option<Signer> {
        is_name(name).then(|| Signer { name: name.to_owned(), key: SigningKey::from_bytes(secret) })
    }

    /// Returns the key's name, which is the origin of the checkpoints that it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the key that checks this signer's signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.key.verifying_key())
    }

    /// Signs the tree head of the first `size` entries as a note: text, an empty line, and one signature line.
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let origin = self.name.clone();
        let text = Checkpoint { origin, size, root }.text();
        let mut bytes = self.public().id(&self.name).to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n{DASH}{} {}\n", self.name, base64::encode(&bytes))
    }

    /// Returns the key as a secret text in the format of Go's `note` package, which other tools read:
    /// `PRIVATE+KEY+NAME+ID+DATA`.
    pub fn write(&self) -> String {
        let id = u32::from_be_bytes(self.public().id(&self.name));
        let data = [&[ED25519][..], self.key.as_bytes()].concat();
        format!("PRIVATE+KEY+{}+{id:08x}+{}", self.name, base64::encode(&data))
    }

    /// Reads a text that [`Signer::write`] wrote.
    pub fn read(text: &str) -> Result<Signer, BadKey> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(BadKey)?;
        // Base 64 may hold a `+`, a name may not.
        let mut parts = rest.splitn(3, '+');
        let mut next = || parts.next().ok_or(BadKey);
        let (name, id, data) = (next()?, next()?, next()?);
        let data = base64::decode(data).ok_or(BadKey)?;
        let secret = data.strip_prefix(&[ED25519]).ok_or(BadKey)?;
        let secret = secret.try_into().map_err(|_| BadKey)?;
        let signer = Signer::new(name, secret).ok_or(BadKey)?;
        let known = u32::from_be_bytes(signer.public().id(name));
        if format!("{known:08x}") == id { Ok(signer) } else { Err(BadKey) }
    }
}

impl PublicKey {
    /// Returns the first four bytes of SHA-256 over name, line end, kind and key (C2SP `signed-note`, key id).
    fn id(&self, name: &str) -> [u8; 4] {
        let digest =
            Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(self.0.as_bytes()).finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Returns the key of a log named `name` as text in the format of Go's `note` package: `NAME+ID+DATA`.
    #[must_use]
    pub fn write(&self, name: &str) -> String {
        let data = [&[ED25519][..], self.0.as_bytes()].concat();
        format!("{name}+{:08x}+{}", u32::from_be_bytes(self.id(name)), base64::encode(&data))
    }

    /// Reads what [`PublicKey::write`] writes, or 64 hexadecimal digits.
    ///
    /// # Errors
    /// It is neither.
    pub fn read(text: &str) -> Result<PublicKey, BadKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return PublicKey::from_hex(text);
        };
        let data = base64::decode(data).ok_or(BadKey)?;
        let bytes = data.strip_prefix(&[ED25519]).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or(BadKey)?;
        let key = PublicKey::from_hex(&Hash(bytes).to_string())?;
        if format!("{:08x}", u32::from_be_bytes(key.id(name))) == id { Ok(key) } else { Err(BadKey) }
    }

    /// Reads 64 hexadecimal digits in lower case. Bytes that are no point of the curve, or a weak one, are refused.
    pub fn from_hex(hex: &str) -> Result<PublicKey, BadKey> {
        let bytes = Hash::from_hex(hex.as_bytes()).map_err(|_| BadKey)?;
        let key = VerifyingKey::from_bytes(&bytes.0).map_err(|_| BadKey)?;
        if key.is_weak() {
            return Err(BadKey);
        }
        Ok(PublicKey(key))
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Hash(*self.0.as_bytes()).fmt(f)
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).field("public", &self.public()).finish_non_exhaustive()
    }
}

/// Returns the text that is signed, with its line end, and the lines of signatures after the last empty line (C2SP
/// `signed-note`, format).
fn parts(note: &str) -> Result<(&str, &str), BadNote> {
    let end = note.rfind("\n\n").ok_or(BadNote::Form)?;
    let (text, signatures) = note.split_at(end + 1);
    Ok((text, signatures.trim_start_matches('\n')))
}

/// Returns whether a key may have this name: at least one character, no space, no `+` (C2SP `signed-note`, format).
fn is_name(name: &str) -> bool {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.chars().all(allowed)
}

#[cfg(test)]
mod tests;
