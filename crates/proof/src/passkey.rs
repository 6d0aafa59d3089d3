//! Passkeys: a browser proves that its authenticator has the key of a credential, and that it has verified who holds it. Adding one
//! and proving by one are two steps each: what the browser is asked, and the check of its answer.
//!
//! Nothing is believed of the authenticator's maker: no attestation is asked, and none is looked at.
//! Source: W3C Web Authentication level 3, 7.1 and 7.2; `docs/spec/gate-proofs.md`.

mod answer;
mod authenticator;
mod client;
mod party;

use quantity::Moment;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub use answer::{LONGEST_ANSWER, ToAdd, ToProve};
pub use party::{NoParty, Party};

use crate::base64url::{Bytes, text};
use crate::fresh::{NoRandom, fresh};
use crate::key::{ALGORITHMS, Form, Key};
use authenticator::Authenticator;
use client::Client;

/// A challenge is answered within this time, microseconds: five minutes.
pub const CHALLENGE_US: i64 = 300_000_000;
/// The most credentials that a browser is told of in one challenge.
pub const MOST_NAMED: usize = 64;

/// A member as their authenticators know them: 32 random bytes, drawn once for each member of each co-op, never a name or a pseudonym.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Handle(Bytes);

/// A passkey as it is kept: nothing in it is secret, and nothing says of which make the authenticator is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's id, 1 to 1,023 bytes, which the authenticator chose.
    pub id: Bytes,
    /// The key that its answers are signed with.
    pub key: Key,
    /// Whose it is.
    pub handle: Handle,
    /// The host that it is for.
    pub host: String,
    /// The signatures that its authenticator has counted; 0 where it counts none.
    pub counter: u32,
    /// It may be copied to further devices of the same owner.
    pub may_be_copied: bool,
}

/// A challenge to add a passkey. It is kept with the browser that asked, and given out once.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adding {
    challenge: Challenge,
    handle: Handle,
}

/// A challenge to prove who one is by a passkey. It is kept with the browser that asked, and given out once.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proving {
    challenge: Challenge,
    /// The member who is signed in and proves it anew; none at a sign-in.
    by: Option<Handle>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Challenge {
    bytes: Bytes,
    party: Party,
    until_us: i64,
}

/// The outcome of a right answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The passkey as it is to be kept from now on.
    pub passkey: Passkey,
    /// Its counter did not go on: the authenticator may have been copied. A warning for its owner, and no refusal.
    pub went_back: bool,
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The five minutes are over, or the challenge is of a time to come.
    #[error("this took longer than five minutes: begin again")]
    Late,
    /// The answer is longer than is read.
    #[error("the browser's answer is longer than {} KiB", LONGEST_ANSWER >> 10)]
    TooLong,
    /// A part of the answer cannot be read; which one.
    #[error("the browser's answer cannot be read: its `{0}` is not well formed")]
    Unreadable(&'static str),
    /// It answers another kind of question.
    #[error("the browser answered another question: its `type` is not `{0}`")]
    OtherType(&'static str),
    /// It answers another challenge, one that was used, or one of another browser.
    #[error("the browser answered another challenge: begin again")]
    OtherChallenge,
    /// It was asked by a page of another address.
    #[error("the passkey was used at another address than `{0}`")]
    OtherOrigin(String),
    /// It was asked inside a page of another address.
    #[error("the passkey was used inside a page of another address")]
    CrossOrigin,
    /// The credential is for another host.
    #[error("the passkey is for another host than `{0}`")]
    OtherHost(String),
    /// Nobody touched the authenticator.
    #[error("the authenticator does not say that somebody is there")]
    NotPresent,
    /// The authenticator has not verified who holds it.
    #[error("the authenticator has not verified you: use one with a PIN, a fingerprint or a face")]
    NotVerified,
    /// It says that it was copied and that it cannot be, or not what it said when it was added.
    #[error("the authenticator contradicts itself about being copied")]
    Copies,
    /// The key is of an algorithm that is not taken; its number at COSE.
    #[error("the authenticator's key is of algorithm {0}: only -8, -7 and -257 are taken")]
    Algorithm(i64),
    /// The key is none.
    #[error("the authenticator's key is not well formed")]
    Key,
    /// The signature is not that of the passkey.
    #[error("the signature is not the passkey's")]
    Signature,
    /// Another credential answered than the one that is looked at.
    #[error("another passkey answered")]
    OtherCredential,
    /// The credential is of somebody else, or the authenticator does not say whose.
    #[error("the passkey is of another member")]
    OtherMember,
}

impl Handle {
    /// Draws one.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new() -> Result<Self, NoRandom> {
        Ok(Self(fresh()?.into()))
    }
}

impl Challenge {
    fn new(party: &Party, now: Moment) -> Result<Self, NoRandom> {
        Ok(Self { bytes: fresh()?.into(), party: party.clone(), until_us: now.0.saturating_add(CHALLENGE_US) })
    }

    /// In time, and not of a clock that went back.
    fn check(&self, now: Moment) -> Result<(), Refused> {
        let left = self.until_us.saturating_sub(now.0);
        if (0..=CHALLENGE_US).contains(&left) { Ok(()) } else { Err(Refused::Late) }
    }
}

impl Adding {
    /// Asks a browser for a passkey of the member with this handle, whom the authenticator shows as `name`. `known` are the ids of
    /// those that the member has: an authenticator that has one of them makes no second. Returns the options, as JSON for the
    /// browser, and the challenge.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn begin(
        party: &Party,
        handle: &Handle,
        name: &str,
        known: &[Bytes],
        now: Moment,
    ) -> Result<(Value, Self), NoRandom> {
        let challenge = Challenge::new(party, now)?;
        let algorithms: Vec<Value> =
            ALGORITHMS.iter().map(|number| json!({ "type": "public-key", "alg": number })).collect();
        let options = json!({
            "rp": { "id": party.host(), "name": party.host() },
            "user": { "id": handle.0, "name": name, "displayName": name },
            "challenge": challenge.bytes,
            "pubKeyCredParams": algorithms,
            "timeout": CHALLENGE_US / 1_000,
            "excludeCredentials": named(known),
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
            },
            "attestation": "none",
        });
        Ok((options, Self { challenge, handle: handle.clone() }))
    }

    /// Checks the answer, and returns the passkey. The gate checks that nobody has a credential with its id.
    ///
    /// # Errors
    /// As [`Refused`].
    pub fn finish(self, answer: &ToAdd, now: Moment) -> Result<Passkey, Refused> {
        self.challenge.check(now)?;
        let party = &self.challenge.party;
        Client::read(&answer.client)?.check(Client::CREATE, &self.challenge.bytes, party)?;
        let data = authenticator::of_attestation(&answer.attestation)?;
        let data = Authenticator::read(data)?;
        data.check(party)?;
        let made = data.made.ok_or(Refused::Unreadable("attestationObject"))?;
        if made.id != answer.id.0 {
            return Err(Refused::OtherCredential);
        }
        Ok(Passkey {
            id: answer.id.clone(),
            key: made.key?,
            handle: self.handle,
            host: party.host().to_owned(),
            counter: data.counter,
            may_be_copied: data.flags.may_be_copied(),
        })
    }
}

impl Proving {
    /// Asks a browser for any passkey that it has for this host: the answer says whose it is.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn begin(party: &Party, now: Moment) -> Result<(Value, Self), NoRandom> {
        let challenge = Challenge::new(party, now)?;
        Ok((challenge.options(&[]), Self { challenge, by: None }))
    }

    /// Asks for one of the passkeys of the member who is signed in: `theirs` are their ids.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn again(party: &Party, handle: &Handle, theirs: &[Bytes], now: Moment) -> Result<(Value, Self), NoRandom> {
        let challenge = Challenge::new(party, now)?;
        Ok((challenge.options(theirs), Self { challenge, by: Some(handle.clone()) }))
    }

    /// Checks an answer by `passkey`, which is the one whose id the answer has.
    ///
    /// # Errors
    /// As [`Refused`].
    pub fn finish(self, answer: &ToProve, passkey: &Passkey, now: Moment) -> Result<Proved, Refused> {
        self.challenge.check(now)?;
        let party = &self.challenge.party;
        if answer.id != passkey.id {
            return Err(Refused::OtherCredential);
        }
        // At a sign-in the browser was not told whose passkeys it may use, so the answer has to say whose this is.
        let owner = match (&answer.owner, &self.by) {
            (Some(owner), _) => owner,
            (None, Some(by)) => by,
            (None, None) => return Err(Refused::OtherMember),
        };
        if *owner != passkey.handle || self.by.as_ref().is_some_and(|by| *by != passkey.handle) {
            return Err(Refused::OtherMember);
        }
        Client::read(&answer.client)?.check(Client::GET, &self.challenge.bytes, party)?;
        let data = Authenticator::read(&answer.authenticator.0)?;
        data.check(party)?;
        if passkey.host != party.host() {
            return Err(Refused::OtherHost(party.host().to_owned()));
        }
        if data.flags.may_be_copied() != passkey.may_be_copied {
            return Err(Refused::Copies);
        }
        let signed = [answer.authenticator.as_ref(), Sha256::digest(&answer.client).as_slice()].concat();
        if !passkey.key.signed(&signed, answer.signature.as_ref(), Form::Der) {
            return Err(Refused::Signature);
        }
        // An authenticator that counts counts on. One that says 0 counts nothing.
        let went_back = (data.counter, passkey.counter) != (0, 0) && data.counter <= passkey.counter;
        Ok(Proved { passkey: Passkey { counter: data.counter, ..passkey.clone() }, went_back })
    }
}

impl Challenge {
    fn options(&self, theirs: &[Bytes]) -> Value {
        json!({
            "challenge": self.bytes,
            "rpId": self.party.host(),
            "timeout": CHALLENGE_US / 1_000,
            "allowCredentials": named(theirs),
            "userVerification": "required",
        })
    }
}

fn named(ids: &[Bytes]) -> Vec<Value> {
    ids.iter().take(MOST_NAMED).map(|id| json!({ "type": "public-key", "id": text(&id.0) })).collect()
}

#[cfg(test)]
mod tests;
