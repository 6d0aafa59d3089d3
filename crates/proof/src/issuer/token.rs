//! An OpenID provider's token: who signed it, for whom, about whom, when, and for which question. Source: OpenID Connect Core 1.0,
//! 2 and 3.1.3.7; RFC 7515; RFC 8725.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::keys::{Named, find};
use crate::base64url::Bytes;
use crate::fresh::same;
use crate::key::Form;

/// Clocks differ by so many seconds at most.
pub(super) const SKEW_S: i64 = 60;
/// The longest token, bytes.
const LONGEST_TOKEN: usize = 16_384;
/// The longest `sub`, bytes. Source: OpenID Connect Core 1.0, 2.
const LONGEST_SUBJECT: usize = 255;

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoToken {
    /// It is no signed token, or a field of it is missing, twice there or of another type.
    #[error("it is not well formed")]
    Malformed,
    /// Its algorithm is none of the three.
    #[error("it is not signed by RS256, ES256 or EdDSA")]
    Algorithm,
    /// It asks for an extension that nobody here knows.
    #[error("it asks for an extension that is not known")]
    Critical,
    /// The issuer has no such key.
    #[error("it is signed by a key that the issuer does not publish")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("its signature is wrong")]
    Signature,
    /// `iss` is another.
    #[error("it is from another issuer")]
    Issuer,
    /// `aud` does not name this server.
    #[error("it is for another server")]
    Audience,
    /// `azp` names another, or nobody where several are meant.
    #[error("it was given to another server")]
    Party,
    /// `exp` is over.
    #[error("it has expired")]
    Expired,
    /// `iat` or `nbf` is still to come.
    #[error("it is from the future")]
    Early,
    /// `nonce` is another.
    #[error("it answers another question")]
    Nonce,
    /// `sub` is empty, too long or no plain text.
    #[error("it names nobody")]
    Subject,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
    b64: Option<serde_json::Value>,
}

/// Dates may have parts of a second.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: serde_json::Number,
    iat: serde_json::Number,
    nbf: Option<serde_json::Number>,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A token whose parts can be read, and of which nothing is believed.
pub(super) struct Unchecked<'a> {
    head: Head,
    signed: &'a str,
    claims: &'a str,
    signature: Bytes,
}

/// The question that a token has to answer.
pub(super) struct Question<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now_s: i64,
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, NoToken> {
    let bytes = Bytes::read(text).ok_or(NoToken::Malformed)?;
    serde_json::from_slice(&bytes.0).map_err(|_| NoToken::Malformed)
}

fn seconds(number: &serde_json::Number) -> Result<i64, NoToken> {
    let whole = number.to_string();
    let whole = whole.split('.').next().unwrap_or_default();
    whole.parse().map_err(|_| NoToken::Malformed)
}

impl<'a> Unchecked<'a> {
    pub(super) fn read(token: &'a str) -> Result<Self, NoToken> {
        if token.len() > LONGEST_TOKEN {
            return Err(NoToken::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(NoToken::Malformed)?;
        let (head, claims) =
            signed.split_once('.').filter(|(_, rest)| !rest.contains('.')).ok_or(NoToken::Malformed)?;
        let head: Head = part(head)?;
        if !["RS256", "ES256", "EdDSA"].contains(&head.alg.as_str()) {
            return Err(NoToken::Algorithm);
        }
        if head.crit.is_some() || head.b64.is_some() {
            return Err(NoToken::Critical);
        }
        let signature = Bytes::read(signature).ok_or(NoToken::Malformed)?;
        Ok(Self { head, signed, claims, signature })
    }

    /// Whether one of these keys is meant: where none is, the issuer may have a newer one.
    pub(super) fn finds_key(&self, keys: &[Named]) -> bool {
        find(keys, &self.head.alg, self.head.kid.as_deref()).is_some()
    }

    /// Checks it against the issuer's keys and the question, and returns `sub`.
    pub(super) fn check(&self, keys: &[Named], question: &Question<'_>) -> Result<String, NoToken> {
        let key = find(keys, &self.head.alg, self.head.kid.as_deref()).ok_or(NoToken::UnknownKey)?;
        if !key.key.signed(self.signed.as_bytes(), &self.signature.0, Form::Fixed) {
            return Err(NoToken::Signature);
        }
        let claims: Claims = part(self.claims)?;
        if claims.iss != question.issuer {
            return Err(NoToken::Issuer);
        }
        let several = match &claims.aud {
            Audience::One(one) if one == question.client => false,
            Audience::Several(all) if all.iter().any(|one| one == question.client) => all.len() > 1,
            _ => return Err(NoToken::Audience),
        };
        match &claims.azp {
            Some(party) if party != question.client => return Err(NoToken::Party),
            None if several => return Err(NoToken::Party),
            _ => {}
        }
        // At the very second of `exp` a token is over, give or take the clocks.
        if seconds(&claims.exp)?.saturating_add(SKEW_S) <= question.now_s {
            return Err(NoToken::Expired);
        }
        let latest = question.now_s.saturating_add(SKEW_S);
        let begins = claims.nbf.as_ref().map(seconds).transpose()?;
        if seconds(&claims.iat)? > latest || begins.is_some_and(|begins| begins > latest) {
            return Err(NoToken::Early);
        }
        if !claims.nonce.is_some_and(|nonce| same(nonce.as_bytes(), question.nonce.as_bytes())) {
            return Err(NoToken::Nonce);
        }
        let is_plain = claims.sub.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
        if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT || !is_plain {
            return Err(NoToken::Subject);
        }
        Ok(claims.sub)
    }
}
