//! Signatures of files as the program `minisign` writes and checks them: Ed25519 over the BLAKE2b-512 of the file, and over that signature
//! with a comment that it vouches for. Source: <https://jedisct1.github.io/minisign/>, *Signature format*.

use blake2::{Blake2b512, Digest};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::Sha256;

use crate::note::base64;

/// An Ed25519 key, as `minisign` marks one.
const OF_KEY: &[u8] = b"Ed";
/// A signature over a file's BLAKE2b-512.
const OF_SIGNATURE: &[u8] = b"ED";
/// The longest comment that is signed, bytes; `minisign` reads 8,192.
const MOST_COMMENT: usize = 4_096;

/// The BLAKE2b-512 of a file whose bytes come one after another.
#[derive(Clone, Debug, Default)]
pub struct FileDigest(Blake2b512);

impl FileDigest {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that came.
    #[must_use]
    pub fn end(self) -> [u8; 64] {
        self.0.finalize().into()
    }
}

/// A key that signs files.
#[derive(Clone)]
pub struct FileSigner {
    key: SigningKey,
    /// The name by which a signature says whose it is: the first bytes of the public key's SHA-256.
    id: [u8; 8],
}

impl std::fmt::Debug for FileSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileSigner({})", self.public())
    }
}

impl FileSigner {
    /// The key of 32 random bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> FileSigner {
        let key = SigningKey::from_bytes(secret);
        let digest: [u8; 32] = Sha256::digest(key.verifying_key().as_bytes()).into();
        let mut id = [0; 8];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        FileSigner { key, id }
    }

    /// The public key as `minisign -P` takes it: 56 letters.
    #[must_use]
    pub fn public(&self) -> String {
        base64::encode(&[OF_KEY, &self.id, self.key.verifying_key().as_bytes()].concat())
    }

    /// The file beside a file: its signature by the file's digest, with a comment of one line that is signed too. None where the comment has
    /// more lines, or is longer than 4,096 bytes.
    #[must_use]
    pub fn sign(&self, digest: &[u8; 64], comment: &str) -> Option<String> {
        if comment.len() > MOST_COMMENT || comment.contains(['\n', '\r']) {
            return None;
        }
        let signature = self.key.sign(digest).to_bytes();
        let whole = self.key.sign(&[&signature, comment.as_bytes()].concat()).to_bytes();
        let line = base64::encode(&[OF_SIGNATURE, &self.id, &signature].concat());
        let whole = base64::encode(&whole);
        Some(format!(
            "untrusted comment: signature by a co-op's release key\n{line}\ntrusted comment: {comment}\n{whole}\n"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_rfc_7693() {
        let mut digest = FileDigest::default();
        digest.add(b"a");
        digest.add(b"bc");
        let hex: String = digest.end().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
        );
    }

    #[test]
    fn a_comment_is_one_line() {
        let signer = FileSigner::new(&[7; 32]);
        assert_eq!((signer.public().len(), &signer.public()[..2]), (56, "RW"));
        assert!(signer.sign(&[0; 64], "a\nb").is_none() && signer.sign(&[0; 64], &"a".repeat(4_097)).is_none());
        let text = signer.sign(&[0; 64], "of a file").unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[2]), (4, "trusted comment: of a file"));
        assert_eq!((lines[1].len(), lines[3].len()), (100, 88));
        assert_eq!(text, signer.sign(&[0; 64], "of a file").unwrap(), "the same each time");
    }
}
