//! Signatures of releases' files by the co-op's own key, as `minisign` checks them: made when a version comes out, and kept beside it. The
//! key's secret half is wrapped by a key outside the data file. Source: `docs/spec/releases.md`, *Signatures*.

use engine::Outcome;
use quantity::Moment;
use rochdale_log::FileSigner;
use serde::{Deserialize, Serialize};

use super::json;
use crate::batch::Batch;
use crate::bridge::{Sealed, Vault};
use crate::error::Error;
use crate::founding::random_key;
use crate::gate::{record, records};
use crate::snapshot::Snapshot;

pub(crate) const KEYS: &str = "release-key";
pub(crate) const SIGNATURES: &str = "signature";
/// The uses that a wrapped key is bound to.
const OF: (&str, &str) = ("releases", "signing");
/// The most keys that are kept, earlier ones too.
const MOST_KEYS: usize = 100;

/// A key by which files were signed, or are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseKey {
    /// The public half, as `minisign -P` takes it.
    pub public: String,
    /// When it was made, microseconds since 1970.
    pub made_us: i64,
    /// The secret half, wrapped; none of one that signs no more.
    secret: Option<Sealed>,
}

impl ReleaseKey {
    /// Whether it signs what comes out next.
    #[must_use]
    pub fn signs(&self) -> bool {
        self.secret.is_some()
    }
}

/// The signature of one file of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSignature {
    /// The public half of the key that made it.
    pub public: String,
    /// The file beside the file, as `minisign` reads it.
    pub text: String,
}

impl Snapshot {
    /// The keys by which files were signed, oldest first.
    ///
    /// # Errors
    /// A fault.
    pub fn release_keys(&self) -> Result<Vec<ReleaseKey>, Error> {
        let keys: Vec<(String, ReleaseKey)> = self.beside.look(|store, coop| records(store, coop, KEYS))?;
        Ok(keys.into_iter().map(|(_, key)| key).collect())
    }

    /// The co-op's signature of a file of a version.
    ///
    /// # Errors
    /// A fault.
    pub fn file_signature(&self, clause: &str, version: &str, file: &str) -> Result<Option<FileSignature>, Error> {
        self.beside.look(|store, coop| record(store, coop, SIGNATURES, &name_of(clause, version, file)))
    }
}

impl Batch<'_> {
    /// Makes another key for what comes out from now on. Earlier files stay signed by the key of then. The public half.
    ///
    /// # Errors
    /// A co-op without a folder, a hundred keys, or a fault.
    pub fn renew_release_key(&mut self, now: Moment) -> Result<String, Error> {
        let vault = self.vault().ok_or_else(|| Error::Usage("a co-op in memory has no key".to_owned()))?;
        Ok(self.new_release_key(&vault, now)?.public())
    }

    fn vault(&self) -> Option<Vault> {
        let folder = self.coop.signing.as_ref()?.folder();
        Some(Vault::of(folder, &self.coop.now.id))
    }

    fn new_release_key(&mut self, vault: &Vault, now: Moment) -> Result<FileSigner, Error> {
        let keys = self.release_keys()?;
        if keys.len() >= MOST_KEYS {
            return Err(Error::Usage(format!("{MOST_KEYS} keys signed releases: no further one is made")));
        }
        let secret = random_key()?;
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed = vault.sealed(OF.0, OF.1, &hex).map_err(|why| Error::Usage(why.to_string()))?;
        let number = keys.len();
        for (name, key) in keys.into_iter().filter(|(_, key)| key.signs()) {
            self.put(KEYS, name.as_bytes(), &json(&ReleaseKey { secret: None, ..key })?)?;
        }
        let signer = FileSigner::new(&secret);
        let key = ReleaseKey { public: signer.public(), made_us: now.0, secret: Some(sealed) };
        self.put(KEYS, format!("{number:04}").as_bytes(), &json(&key)?)?;
        Ok(signer)
    }

    /// The key that signs; another one where the present one cannot be opened, as in a copy that was restored without the folder's key.
    fn release_signer(&mut self, vault: &Vault, now: Moment) -> Result<FileSigner, Error> {
        let present = self.release_keys()?.into_iter().rev().find_map(|(_, key)| key.secret);
        let opened = present.and_then(|sealed| vault.unsealed(OF.0, OF.1, &sealed).ok());
        match opened.and_then(|hex| from_hex(&hex)).and_then(|bytes| bytes.try_into().ok()) {
            Some(secret) => Ok(FileSigner::new(&secret)),
            None => self.new_release_key(vault, now),
        }
    }

    fn release_keys(&mut self) -> Result<Vec<(String, ReleaseKey)>, Error> {
        let coop = &mut *self.coop;
        records(&mut *coop.store, &coop.now.id, KEYS)
    }

    /// After an act: signs the files of what came out by it, and forgets signatures of what was withdrawn.
    pub(super) fn tend_signatures(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        for outcome in outcomes {
            match outcome {
                Outcome::ReleasePublished { release, version, .. } => self.sign_release(release, version)?,
                Outcome::ReleaseWithdrawn { release, version } => {
                    for file in self.names_of(release, version) {
                        self.delete(SIGNATURES, name_of(release, version, &file).as_bytes())?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn names_of(&self, clause: &str, version: &str) -> Vec<String> {
        let release = self.state().releases.get(clause, version);
        release.into_iter().flat_map(|release| release.files.iter()).map(|file| file.name.clone()).collect()
    }

    fn sign_release(&mut self, clause: &str, version: &str) -> Result<(), Error> {
        let Some(vault) = self.vault() else { return Ok(()) };
        let Some(release) = self.state().releases.get(clause, version).cloned() else { return Ok(()) };
        let signer = self.release_signer(&vault, release.at)?;
        for file in release.files.iter() {
            let digest = self.file(&file.sha256)?.and_then(|kept| from_hex(&kept.blake2b?)?.try_into().ok());
            let Some(digest) = digest else { continue };
            let comment = format!(
                "co-op {} release {clause} version {version} file {} sha256 {} at {}",
                self.coop.now.id, file.name, file.sha256, release.at
            );
            let Some(text) = signer.sign(&digest, &comment) else { continue };
            let signature = FileSignature { public: signer.public(), text };
            self.put(SIGNATURES, name_of(clause, version, &file.name).as_bytes(), &json(&signature)?)?;
        }
        Ok(())
    }
}

/// Versions and files have no `/` in their names, so that no two have one.
fn name_of(clause: &str, version: &str, file: &str) -> String {
    format!("{clause}/{version}/{file}")
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
