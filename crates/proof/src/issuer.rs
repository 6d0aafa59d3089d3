//! Issuers: another server says who somebody is. OpenID Connect providers say it in a signed token; forges are asked for the account's
//! number with a token that was just got, and is thrown away. Only the operator's list of issuers is ever called.
//!
//! A mail address, a name or a handle that an issuer says is not even read: it finds nobody, and joins nothing.
//! Source: OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE), RFC 9207 (`iss`), RFC 9700 (best current practice).

mod answer;
mod config;
mod forge;
mod keys;
mod list;
mod openid;
mod query;
mod token;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bridges::forge::{Http, NoAnswer, Reach};
use quantity::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use answer::Answer;
pub use list::{Issuer, Kind, LONGEST_LIST, List, MOST_ISSUERS, NoList, Secret};
pub use token::NoToken;

use crate::base64url::text;
use crate::fresh::{NoRandom, fresh, same};

/// Somebody comes back from an issuer within this time, microseconds: ten minutes.
pub const ASKED_US: i64 = 600_000_000;
/// The most calls to one issuer at once; who comes then is told to try again. One that does not answer holds up none of the others.
pub const MOST_CALLS: u32 = 8;
/// The longest answer of an issuer that is read, bytes.
pub const LONGEST_REPLY: usize = 256 << 10;

/// Somebody as an issuer knows them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The issuer: an OpenID provider's `iss` to the letter, or the host of a forge.
    pub issuer: String,
    /// The account there, which never becomes another's: `sub` to the letter, or the forge's number.
    pub account: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An account is somebody's, and belongs in no log.
        out.debug_struct("Identity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A browser that was sent to an issuer. It is kept with that browser, and given out once.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    issuer: String,
    state: String,
    nonce: String,
    verifier: String,
    back: String,
    until_us: i64,
}

impl fmt::Debug for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Asked").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Asked {
    /// The name of the issuer in the operator's list.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// Why an issuer's word is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It took more than ten minutes.
    #[error("this took longer than ten minutes: begin again")]
    Late,
    /// This browser did not ask, or asked another time.
    #[error("this browser has not asked for it: begin again")]
    NotAsked,
    /// The issuer's answer cannot be read; which part.
    #[error("the issuer's answer cannot be read: its `{0}` is missing or not well formed")]
    Unreadable(&'static str),
    /// The issuer said no, or the person there did; its word for it.
    #[error("the issuer says no: `{0}`")]
    Denied(String),
    /// Another issuer answered.
    #[error("another issuer answered than `{0}`")]
    OtherIssuer(String),
    /// The token is not taken.
    #[error("the issuer's token is not taken: {0}")]
    Token(#[from] NoToken),
    /// The issuer cannot be reached, or does not speak as it should; why.
    #[error("the issuer cannot be asked: {0}")]
    Unreached(String),
    /// Too many ask at once.
    #[error("too many sign in by issuers at once: try again in a moment")]
    Busy,
    /// There is no such issuer in the operator's list.
    #[error("there is no issuer of that name")]
    Absent,
    /// A machine without random numbers.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
}

/// The issuers of the operator's list, with what they lately said of themselves. It calls them, and waits for their answers.
#[derive(Debug)]
pub struct Issuers {
    list: Vec<(Issuer, AtomicU32)>,
    http: Http,
    reach: Reach,
    known: Mutex<openid::Known>,
}

impl Issuers {
    /// Makes callers of the issuers of a list, none of which is called yet.
    #[must_use]
    pub fn new(list: List) -> Self {
        let List { issuers, reach } = list;
        let list = issuers.into_iter().map(|issuer| (issuer, AtomicU32::new(0))).collect();
        Self { list, http: Http::new(reach), reach, known: Mutex::default() }
    }

    /// The issuers, in the order of the list.
    pub fn all(&self) -> impl Iterator<Item = &Issuer> {
        self.list.iter().map(|(issuer, _)| issuer)
    }

    /// Returns the address to which the browser is sent, and what to keep with it meanwhile. `back` is the address of this server to
    /// which the issuer sends the browser back, the same each time.
    ///
    /// # Errors
    /// There is no such issuer, or it cannot be asked.
    pub fn begin(&self, name: &str, back: &str, now: Moment) -> Result<(String, Asked), Refused> {
        let (issuer, calls) = self.issuer(name)?;
        let asked = Asked {
            issuer: name.to_owned(),
            state: text(&fresh()?),
            nonce: text(&fresh()?),
            verifier: text(&fresh()?),
            back: back.to_owned(),
            until_us: now.0.saturating_add(ASKED_US),
        };
        let challenge = text(&Sha256::digest(asked.verifier.as_bytes()));
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", issuer.client.as_str()),
            ("redirect_uri", back),
            ("state", asked.state.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let address = match &issuer.kind {
            Kind::OpenId { issuer: id } => {
                query.extend([("scope", "openid"), ("nonce", asked.nonce.as_str())]);
                let _call = call(calls)?;
                self.config(id, now)?.authorization
            }
            Kind::Forge { dialect, at } => {
                query.extend(forge::scope(*dialect).map(|scope| ("scope", scope)));
                forge::authorization(*dialect, at)
            }
        };
        let sign = if address.contains('?') { '&' } else { '?' };
        Ok((format!("{address}{sign}{}", query::text(&query)), asked))
    }

    /// Checks the answer that the browser brings back, and asks the issuer who it is about.
    ///
    /// # Errors
    /// As [`Refused`].
    pub fn finish(&self, asked: Asked, answer: &Answer, now: Moment) -> Result<Identity, Refused> {
        let left = asked.until_us.saturating_sub(now.0);
        if !(0..=ASKED_US).contains(&left) {
            return Err(Refused::Late);
        }
        if !same(answer.state.as_bytes(), asked.state.as_bytes()) {
            return Err(Refused::NotAsked);
        }
        let (issuer, calls) = self.issuer(&asked.issuer)?;
        let _call = call(calls)?;
        match &issuer.kind {
            Kind::OpenId { issuer: id } => self.finish_openid(issuer, id, &asked, answer, now),
            Kind::Forge { dialect, at } => self.finish_forge(issuer, *dialect, at, &asked, answer),
        }
    }

    /// The issuer of that name, and how many call it.
    fn issuer(&self, name: &str) -> Result<&(Issuer, AtomicU32), Refused> {
        self.list.iter().find(|(issuer, _)| issuer.name == name).ok_or(Refused::Absent)
    }

    fn known(&self) -> MutexGuard<'_, openid::Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a place among those who call an issuer; it is free again when the place is dropped.
fn call(calls: &AtomicU32) -> Result<Call<'_>, Refused> {
    let call = Call(calls);
    if calls.fetch_add(1, Ordering::SeqCst) < MOST_CALLS { Ok(call) } else { Err(Refused::Busy) }
}

struct Call<'a>(&'a AtomicU32);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Says why there is no answer, in words that hold nothing of the request.
fn unreached(why: NoAnswer) -> Refused {
    Refused::Unreached(match why {
        NoAnswer::Address(why) | NoAnswer::Unreached(why) => why,
        NoAnswer::Limited(seconds) => format!("it asks to be left alone for {seconds} seconds"),
        NoAnswer::Slow => "it did not answer in time".to_owned(),
        NoAnswer::TooLong => "its answer is too long".to_owned(),
    })
}

#[cfg(test)]
mod tests;
