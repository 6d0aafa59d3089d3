//! Secrets that have to be read again, wrapped by a key that is a file beside the data file: tokens and secrets of bridges, and seeds of
//! members' codes. A copy of the data file alone opens none of them. Each is bound to its co-op, its owner and its use.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rochdale_log::private;
use serde::{Deserialize, Serialize};

use super::NoBridge;
use crate::error::Error;
use crate::gate::from_hex;

/// A file of a key, in the co-op's folder, and what it wraps.
#[derive(Clone, Copy, Debug)]
struct Key {
    file: &'static str,
    /// The first fields that a wrapped text is bound to.
    domain: &'static str,
    /// The way out where the key is lost.
    lost: &'static str,
}

const BRIDGES: Key = Key {
    file: "bridges.key",
    domain: "rochdale/bridge",
    lost: "the one by which this bridge was made: put it back, or enter token and secret anew",
};
const GATE: Key = Key {
    file: "gate.key",
    domain: "rochdale/gate",
    lost: "the one by which these codes were set up: put it back, or come in by another way and set them up anew",
};
/// The bytes of a nonce, which is drawn for each text.
const NONCE: usize = 24;

/// A text that only the key opens: the nonce and the wrapped text, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// The place of the key.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
    coop: String,
    key: Key,
}

impl Vault {
    /// The vault of a co-op's bridges in its folder. Nothing is read or made yet.
    #[must_use]
    pub fn of(folder: &Path, coop: &str) -> Vault {
        Vault { folder: folder.to_owned(), coop: coop.to_owned(), key: BRIDGES }
    }

    /// The vault of members' seeds, with a key of its own.
    #[must_use]
    pub fn of_gate(folder: &Path, coop: &str) -> Vault {
        Vault { key: GATE, ..Vault::of(folder, coop) }
    }

    /// Wraps a text of a bridge. The key is made where there is none.
    ///
    /// # Errors
    /// The file system's, or a machine without random numbers.
    pub fn sealed(&self, bridge: &str, usage: &str, text: &str) -> Result<Sealed, NoBridge> {
        let cipher = self.cipher()?.map_or_else(|| self.made(), Ok)?;
        let mut nonce = [0_u8; NONCE];
        random(&mut nonce)?;
        let about = self.about(bridge, usage);
        let payload = Payload { msg: text.as_bytes(), aad: about.as_bytes() };
        let wrapped = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| failed("it cannot be wrapped"))?;
        Ok(Sealed(nonce.iter().chain(&wrapped).map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Opens a text of a bridge.
    ///
    /// # Errors
    /// The key is not there, or another one.
    pub fn unsealed(&self, bridge: &str, usage: &str, sealed: &Sealed) -> Result<String, NoBridge> {
        let lost = || {
            NoBridge::Asked(format!(
                "the key `{}` in the co-op's folder is not there, or not {}",
                self.key.file, self.key.lost
            ))
        };
        let cipher = self.cipher()?.ok_or_else(lost)?;
        let bytes = from_hex(&sealed.0).ok_or_else(lost)?;
        let (nonce, wrapped) = bytes.split_at_checked(NONCE).ok_or_else(lost)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| lost())?;
        let about = self.about(bridge, usage);
        let opened = cipher.decrypt(&XNonce::from(nonce), Payload { msg: wrapped, aad: about.as_bytes() });
        opened.ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(lost)
    }

    /// The fields that a wrapped text is bound to.
    fn about(&self, bridge: &str, usage: &str) -> String {
        format!("{}/{}/{bridge}/{usage}", self.key.domain, self.coop)
    }

    fn cipher(&self) -> Result<Option<XChaCha20Poly1305>, NoBridge> {
        let file = self.key.file;
        let text = match std::fs::read_to_string(self.folder.join(file)) {
            Ok(text) => text,
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(failed(&format!("`{file}` cannot be read: {why}"))),
        };
        let key: Option<[u8; 32]> = from_hex(text.trim()).and_then(|bytes| bytes.try_into().ok());
        let key = key.ok_or_else(|| failed(&format!("`{file}` holds no key: put the right one back")))?;
        Ok(Some(XChaCha20Poly1305::new(&key.into())))
    }

    fn made(&self) -> Result<XChaCha20Poly1305, NoBridge> {
        let mut key = [0_u8; 32];
        random(&mut key)?;
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let file_name = self.key.file;
        let unwritten = |why: std::io::Error| failed(&format!("`{file_name}` cannot be written: {why}"));
        // Of two that make one at a time the first is kept.
        match private::new_file(&self.folder.join(file_name)) {
            Ok(mut file) => {
                use std::io::Write as _;
                file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritten)?;
                Ok(XChaCha20Poly1305::new(&key.into()))
            }
            Err(why) if why.kind() == ErrorKind::AlreadyExists => {
                self.cipher()?.ok_or_else(|| failed(&format!("`{file_name}` holds no key")))
            }
            Err(why) => Err(unwritten(why)),
        }
    }
}

fn random(bytes: &mut [u8]) -> Result<(), NoBridge> {
    getrandom::fill(bytes).map_err(|why| failed(&format!("this machine gives no random numbers: {why}")))
}

fn failed(why: &str) -> NoBridge {
    NoBridge::Failed(Error::Usage(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_text_is_opened_by_its_own_key_bridge_and_use_alone() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::of(one.path(), "coop");
        let sealed = vault.sealed("b1", "token", "a secret of the forge").unwrap();
        assert_eq!(vault.unsealed("b1", "token", &sealed).unwrap(), "a secret of the forge");
        assert_ne!(vault.sealed("b1", "token", "a secret of the forge").unwrap(), sealed, "a fresh nonce");
        let mode = std::fs::metadata(one.path().join("bridges.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for (vault, bridge, usage) in [
            (&vault, "b2", "token"),
            (&vault, "b1", "secret"),
            (&Vault::of(one.path(), "other"), "b1", "token"),
            (&Vault::of(other.path(), "coop"), "b1", "token"),
            (&Vault::of_gate(one.path(), "coop"), "b1", "token"),
        ] {
            assert!(vault.unsealed(bridge, usage, &sealed).unwrap_err().to_string().contains("put it back"));
        }
        let mut broken = sealed.0.clone();
        broken.replace_range(60..61, if &broken[60..61] == "0" { "1" } else { "0" });
        assert!(vault.unsealed("b1", "token", &Sealed(broken)).is_err());
        for odd in ["", "00", "zz", "0", "\u{fc}\u{fc}"] {
            assert!(vault.unsealed("b1", "token", &Sealed(odd.to_owned())).is_err(), "{odd}");
        }
    }
}
