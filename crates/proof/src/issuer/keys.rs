//! The public keys of an OpenID provider. Source: RFC 7517; RFC 8037, 2.

use serde::Deserialize;

use super::Refused;
use crate::base64url::Bytes;
use crate::key::Key;

/// The most keys of a provider that are looked at.
const MOST_KEYS: usize = 50;

/// A key with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub id: Option<String>,
    pub algorithm: &'static str,
    pub key: Key,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Row {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    r#use: Option<String>,
    crv: Option<String>,
    x: Option<Bytes>,
    y: Option<Bytes>,
    n: Option<Bytes>,
    e: Option<Bytes>,
}

/// Reads the keys that sign by one of the three algorithms; others are passed over.
pub(super) fn read(json: &[u8]) -> Result<Vec<Named>, Refused> {
    let set: Set = serde_json::from_slice(json).map_err(|_| Refused::Unreadable("jwks"))?;
    let rows = set.keys.into_iter().take(MOST_KEYS);
    Ok(rows.filter_map(|row| serde_json::from_value::<Row>(row).ok()?.named()).collect())
}

impl Row {
    fn named(self) -> Option<Named> {
        if self.r#use.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (algorithm, key) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => ("EdDSA", Key::ed25519(&self.x?.0)?),
            ("EC", Some("P-256")) => ("ES256", Key::p256(&self.x?.0, &self.y?.0)?),
            ("RSA", None) => ("RS256", Key::rsa(&self.n?.0, &self.e?.0)?),
            _ => return None,
        };
        // A key is for one algorithm: another one's name beside it makes it none.
        let fits = self.alg.is_none_or(|named| named == algorithm);
        fits.then_some(Named { id: self.kid, algorithm, key })
    }
}

/// Returns the key that a token names; or, where it names none, the only one of its algorithm.
pub(super) fn find<'a>(keys: &'a [Named], algorithm: &str, id: Option<&str>) -> Option<&'a Named> {
    let mut fitting = keys.iter().filter(|key| key.algorithm == algorithm && (id.is_none() || key.id.as_deref() == id));
    let found = fitting.next()?;
    fitting.next().is_none().then_some(found)
}
