//! Whether a delivery is the forge's: its signature over the raw bytes, before anything of them is read. Sources: GitHub, *Validating
//! webhook deliveries*; Forgejo, *Webhooks*; GitLab, *Webhooks*; Standard Webhooks.

use hmac::{Hmac, KeyInit as _, Mac as _};
use quantity::Moment;
use sha2::{Digest as _, Sha256};

use super::Dialect;

/// The longest body of a delivery, bytes.
pub const LONGEST_DELIVERY: usize = 1 << 20;
/// How far a delivery's own time may lie from the present, microseconds: five minutes.
const LATEST_US: i64 = 300_000_000;
/// The longest id of a delivery, bytes.
const LONGEST_ID: usize = 200;

/// A delivery as it came: the fields of its head with names in small letters, and its raw body.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The fields of its head.
    pub head: &'a [(String, String)],
    /// Its body.
    pub body: &'a [u8],
}

/// Why a delivery is taken for nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It has no signature of the forge's dialect.
    #[error("it has no signature")]
    Missing,
    /// It has two.
    #[error("it has more than one signature")]
    Twice,
    /// The signature is another one.
    #[error("its signature is wrong: is the secret the same on both sides?")]
    Wrong,
    /// It is signed, and says that it was made long ago.
    #[error("it is older than five minutes, or from the future")]
    Late,
}

impl<'a> Delivery<'a> {
    /// The one value of a field; an error where it has two.
    fn field(&self, name: &str) -> Result<Option<&'a str>, NotSigned> {
        let mut found = self.head.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (one, None) => Ok(one),
            _ => Err(NotSigned::Twice),
        }
    }

    /// Checks that the delivery is signed with one of the secrets. Nothing of the body is read.
    ///
    /// # Errors
    /// It is not.
    pub fn verify(&self, dialect: Dialect, secrets: &[&str], now: Moment) -> Result<(), NotSigned> {
        match dialect {
            Dialect::Github => {
                let signature = self.field("x-hub-signature-256")?.ok_or(NotSigned::Missing)?;
                self.hex(signature.strip_prefix("sha256=").ok_or(NotSigned::Wrong)?, secrets)
            }
            Dialect::Gitea => {
                // Where both come the first is checked, and a wrong one is not made good by the other.
                let signature = match self.field("x-forgejo-signature")? {
                    Some(signature) => signature,
                    None => self.field("x-gitea-signature")?.ok_or(NotSigned::Missing)?,
                };
                self.hex(signature, secrets)
            }
            Dialect::Gitlab => match self.field("webhook-signature")? {
                Some(signature) => self.standard(signature, secrets, now),
                None => {
                    let token = self.field("x-gitlab-token")?.ok_or(NotSigned::Missing)?;
                    let same = secrets.iter().fold(false, |same, secret| same | is_same(token, secret));
                    if same { Ok(()) } else { Err(NotSigned::Wrong) }
                }
            },
        }
    }

    /// Compares a signature in hexadecimal digits, in constant time.
    fn hex(&self, signature: &str, secrets: &[&str]) -> Result<(), NotSigned> {
        let bytes = from_hex(signature).ok_or(NotSigned::Wrong)?;
        let signed = |secret: &str| {
            Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .is_ok_and(|mac| mac.chain_update(self.body).verify_slice(&bytes).is_ok())
        };
        if secrets.iter().fold(false, |found, secret| found | signed(secret)) { Ok(()) } else { Err(NotSigned::Wrong) }
    }

    /// A signature of Standard Webhooks: over the id, the time and the body; several where a secret is being replaced.
    fn standard(&self, signatures: &str, secrets: &[&str], now: Moment) -> Result<(), NotSigned> {
        let id = self.field("webhook-id")?.ok_or(NotSigned::Missing)?;
        let time = self.field("webhook-timestamp")?.ok_or(NotSigned::Missing)?;
        let signed = |secret: &str, bytes: &[u8]| {
            let key = secret.strip_prefix("whsec_").and_then(from_base64).unwrap_or_else(|| secret.as_bytes().to_vec());
            Hmac::<Sha256>::new_from_slice(&key).is_ok_and(|mac| {
                let mac = mac.chain_update(id).chain_update(b".").chain_update(time).chain_update(b".");
                mac.chain_update(self.body).verify_slice(bytes).is_ok()
            })
        };
        let given = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).filter_map(from_base64).take(4);
        let found = given
            .fold(false, |found, bytes| secrets.iter().fold(found, |found, secret| found | signed(secret, &bytes)));
        if !found {
            return Err(NotSigned::Wrong);
        }
        let at = time.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000_000));
        let apart = at.and_then(|at| now.0.checked_sub(at)).and_then(i64::checked_abs);
        if apart.is_some_and(|apart| apart <= LATEST_US) { Ok(()) } else { Err(NotSigned::Late) }
    }

    /// Returns the id by which a delivery is known again; one without an id is known by its bytes.
    #[must_use]
    pub fn id(&self, dialect: Dialect) -> String {
        let names: &[&str] = match dialect {
            Dialect::Github => &["x-github-delivery"],
            Dialect::Gitea => &["x-forgejo-delivery", "x-gitea-delivery"],
            Dialect::Gitlab => &["webhook-id", "idempotency-key", "x-gitlab-event-uuid"],
        };
        let id = names.iter().find_map(|name| self.field(name).ok().flatten());
        match id.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID) {
            Some(id) => id.to_owned(),
            None => format!("bytes:{}", self.print()),
        }
    }

    /// Returns the SHA-256 of the body, hexadecimal.
    #[must_use]
    pub fn print(&self) -> String {
        Sha256::digest(self.body).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Returns the name of the event, as the head says it.
    pub(super) fn event(&self, dialect: Dialect) -> &'a str {
        let names: &[&str] = match dialect {
            Dialect::Github => &["x-github-event"],
            Dialect::Gitea => &["x-forgejo-event", "x-gitea-event"],
            Dialect::Gitlab => &["x-gitlab-event"],
        };
        names.iter().find_map(|name| self.field(name).ok().flatten()).unwrap_or_default()
    }
}

/// Compares in constant time, whatever the lengths.
fn is_same(one: &str, other: &str) -> bool {
    let prints = (Sha256::digest(one.as_bytes()), Sha256::digest(other.as_bytes()));
    prints.0.iter().zip(prints.1.iter()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|sign| sign.to_digit(16)).collect();
    let pair = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    digits?.chunks(2).map(pair).collect()
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::new();
    for group in text.chunks(4) {
        let bits = group.iter().try_fold(0_u32, |bits, byte| Some((bits << 6) | value(*byte)?))?;
        let bits = bits << (6 * (4 - group.len()));
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third].into_iter().take(match group.len() {
            1 => return None,
            len => len - 1,
        }));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
