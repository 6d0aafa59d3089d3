//! A software authenticator with its browser. It signs whatever it is told to, wrong things too.
#![allow(clippy::unwrap_used, reason = "a stand-in for tests, which fail where the machine has no random numbers")]

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::base64url as text;

/// A question with all that a browser adds, so that a test can change one thing.
#[derive(Clone, Debug)]
pub struct Question {
    /// The challenge, base64url.
    pub challenge: String,
    /// The address of the page.
    pub origin: String,
    /// The relying party.
    pub host: String,
    /// The handle, base64url.
    pub owner: String,
    /// Whether the page is in a frame of another address.
    pub cross_origin: Value,
    /// The address of the page around it.
    pub top_origin: Option<String>,
    /// Another kind of question than is asked.
    pub kind: Option<&'static str>,
    /// Who was there: bits as the authenticator sets them.
    pub flags: u8,
    /// The counter goes on.
    pub counts: bool,
    /// The answer says whose it is.
    pub names_owner: bool,
}

impl Question {
    /// The question that a page of `origin` asks with these options.
    #[must_use]
    pub fn of(options: &Value, origin: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let host = if options["rp"].is_object() { &options["rp"]["id"] } else { &options["rpId"] };
        Self {
            challenge: text(&options["challenge"]),
            origin: origin.to_owned(),
            host: text(host),
            owner: text(&options["user"]["id"]),
            cross_origin: json!(false),
            top_origin: None,
            kind: None,
            flags: 0b1_1101,
            counts: true,
            names_owner: true,
        }
    }

    fn client(&self, kind: &str) -> Vec<u8> {
        let mut data = json!({
            "type": self.kind.unwrap_or(kind), "challenge": self.challenge, "origin": self.origin,
            "crossOrigin": self.cross_origin, "other_keys_can_be_added_here": "as browsers do",
        });
        if let Some(top) = &self.top_origin {
            data["topOrigin"] = json!(top);
        }
        data.to_string().into_bytes()
    }
}

/// The key of the credential.
enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
}

/// An authenticator with one credential.
pub struct Soft {
    pair: Pair,
    /// The credential's id.
    pub id: Vec<u8>,
    /// The handle, base64url.
    pub owner: String,
    /// The signatures so far.
    pub counter: u32,
}

impl Soft {
    /// One whose key is of Ed25519.
    #[must_use]
    pub fn ed25519() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::with(Pair::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap()))
    }

    /// One whose key is of P-256.
    #[must_use]
    pub fn p256() -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self::with(Pair::P256(EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap()))
    }

    fn with(pair: Pair) -> Self {
        let id = ring::rand::generate::<[u8; 32]>(&SystemRandom::new()).unwrap().expose().to_vec();
        Self { pair, id, owner: String::new(), counter: 0 }
    }

    /// The key as COSE has it.
    #[must_use]
    pub fn cose(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Ed25519(pair) => {
                [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], pair.public_key().as_ref()].concat()
            }
            Pair::P256(pair) => {
                let (x, y) = pair.public_key().as_ref().get(1..).unwrap_or_default().split_at(32);
                let head: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                [head, x, &[0x22, 0x58, 0x20], y].concat()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::P256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
        }
    }

    /// The authenticator's data of a new credential.
    pub fn made(&mut self, question: &Question) -> Vec<u8> {
        self.owner.clone_from(&question.owner);
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let counter = self.counter.to_be_bytes();
        let host = Sha256::digest(question.host.as_bytes());
        [&host[..], &[question.flags | 0x40], &counter, &[0; 16], &length, &self.id, &self.cose()].concat()
    }

    /// The answer that brings its credential.
    pub fn create(&mut self, question: &Question) -> Vec<u8> {
        let data = self.made(question);
        self.answer_with(question, &attestation(&data))
    }

    /// The same with another attestation.
    #[must_use]
    pub fn answer_with(&self, question: &Question, attestation: &[u8]) -> Vec<u8> {
        let client = question.client("webauthn.create");
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&client), "attestationObject": text(attestation), "transports": ["internal"],
            },
        })
        .to_string()
        .into_bytes()
    }

    /// The answer that proves it.
    pub fn get(&mut self, question: &Question) -> Vec<u8> {
        if question.counts {
            self.counter += 1;
        }
        let host = Sha256::digest(question.host.as_bytes());
        let data = [&host[..], &[question.flags], &self.counter.to_be_bytes()].concat();
        let client = question.client("webauthn.get");
        let signature = self.sign(&[data.clone(), Sha256::digest(&client).to_vec()].concat());
        let owner = if question.names_owner { json!(self.owner) } else { Value::Null };
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": text(&client), "authenticatorData": text(&data), "signature": text(&signature),
                "userHandle": owner,
            },
        })
        .to_string()
        .into_bytes()
    }
}

/// An attestation that says nothing.
#[must_use]
pub fn attestation(data: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(data.len()).unwrap().to_be_bytes();
    let length: Vec<u8> = match data.len() {
        0..24 => vec![0x40 | low],
        24..256 => vec![0x58, low],
        _ => vec![0x59, high, low],
    };
    [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".as_slice(), &length, data].concat()
}
