//! Public keys of authenticators and issuers, of three algorithms, and the check of a signature by one.
//! Source: RFC 9053 (COSE), RFC 7518 and RFC 8037 (JWK).

use ring::agreement::{self, EphemeralPrivateKey, UnparsedPublicKey as Point};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

use crate::base64url::Bytes;
use crate::cbor::Value;

/// The algorithms of passkeys, by their number at COSE, the first one preferred.
pub(crate) const ALGORITHMS: [i64; 3] = [-8, -7, -257];
/// The longest modulus, bytes: a check takes time by its square.
const LONGEST_MODULUS: usize = 1_024;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm")]
pub enum Key {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    Eddsa {
        /// The key, 32 bytes.
        point: Bytes,
    },
    /// ECDSA over P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256 {
        /// The point, not compressed: 65 bytes.
        point: Bytes,
    },
    /// RSA by PKCS #1 version 1.5 with SHA-256, 2,048 to 8,192 bits.
    #[serde(rename = "RS256")]
    Rs256 {
        /// The modulus.
        n: Bytes,
        /// The exponent.
        e: Bytes,
    },
}

/// How a signature by P-256 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As authenticators do: ASN.1.
    Der,
    /// As issuers do: two numbers of 32 bytes.
    Fixed,
}

/// Why bytes are no key that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// Its algorithm is none of the three; its number.
    Algorithm(i64),
    /// It is not well formed, or no key of its algorithm.
    Malformed,
}

impl Key {
    /// Reads a key as authenticators write them.
    pub(crate) fn of_cose(value: &Value<'_>) -> Result<Self, NoKey> {
        let number = |at: i64| value.at(at).and_then(Value::int).ok_or(NoKey::Malformed);
        let bytes = |at: i64| value.at(at).and_then(Value::bytes).ok_or(NoKey::Malformed);
        let algorithm = number(3)?;
        if !ALGORITHMS.contains(&algorithm) {
            return Err(NoKey::Algorithm(algorithm));
        }
        let key = match (algorithm, number(1)?) {
            (-8, 1) if number(-1)? == 6 => Self::ed25519(bytes(-2)?),
            (-7, 2) if number(-1)? == 1 => Self::p256(bytes(-2)?, bytes(-3)?),
            (-257, 3) => Self::rsa(bytes(-1)?, bytes(-2)?),
            _ => None,
        };
        key.ok_or(NoKey::Malformed)
    }

    /// Returns an Ed25519 key; none where it has not 32 bytes.
    pub(crate) fn ed25519(point: &[u8]) -> Option<Self> {
        (point.len() == 32).then(|| Self::Eddsa { point: Bytes(point.to_vec()) })
    }

    /// Returns a key of P-256; none where the point is not on the curve.
    pub(crate) fn p256(x: &[u8], y: &[u8]) -> Option<Self> {
        if x.len() != 32 || y.len() != 32 {
            return None;
        }
        let point: Vec<u8> = [&[4], x, y].concat();
        // ring looks at a point when it is used: an agreement with a key that is thrown away uses it.
        let own = EphemeralPrivateKey::generate(&agreement::ECDH_P256, &SystemRandom::new()).ok()?;
        agreement::agree_ephemeral(own, &Point::new(&agreement::ECDH_P256, &point), |_| ()).ok()?;
        Some(Self::Es256 { point: Bytes(point) })
    }

    /// Returns a key of RSA; none where the modulus has fewer than 2,048 bits or more than 8,192, or is even.
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Option<Self> {
        let whole = n.first().is_some_and(|first| *first != 0) && n.last().is_some_and(|last| last & 1 == 1);
        let exponent = (1..=8).contains(&e.len()) && e.last().is_some_and(|last| last & 1 == 1) && e != [1];
        let known = whole && exponent && (256..=LONGEST_MODULUS).contains(&n.len());
        known.then(|| Self::Rs256 { n: Bytes(n.to_vec()), e: Bytes(e.to_vec()) })
    }

    /// Whether `signature` is this key's, over `message`.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8], form: Form) -> bool {
        let checked = match (self, form) {
            (Self::Eddsa { point }, _) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
            (Self::Es256 { point }, Form::Der) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            (Self::Es256 { point }, Form::Fixed) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Self::Rs256 { n, e }, _) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        checked.is_ok()
    }
}
