//! The browser's part of an answer: which question it was asked, by which challenge, and by a page of which address.
//! Source: Web Authentication level 3, 5.8.1.

use serde::Deserialize;

use super::party::Party;
use super::{Bytes, Refused};
use crate::fresh::same;

/// The data that the browser adds. Fields to come are passed over, and one that comes twice is refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    r#type: String,
    challenge: Bytes,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

impl Client {
    pub(super) const CREATE: &'static str = "webauthn.create";
    pub(super) const GET: &'static str = "webauthn.get";

    pub(super) fn read(json: &Bytes) -> Result<Self, Refused> {
        serde_json::from_slice(&json.0).map_err(|_| Refused::Unreadable("clientDataJSON"))
    }

    /// Checks that it is about this question, this challenge and this address.
    pub(super) fn check(&self, kind: &'static str, challenge: &Bytes, party: &Party) -> Result<(), Refused> {
        if self.r#type != kind {
            return Err(Refused::OtherType(kind));
        }
        if !same(&self.challenge.0, &challenge.0) {
            return Err(Refused::OtherChallenge);
        }
        if self.origin != party.origin() {
            return Err(Refused::OtherOrigin(party.origin().to_owned()));
        }
        if self.cross_origin == Some(true) || self.top_origin.is_some() {
            return Err(Refused::CrossOrigin);
        }
        Ok(())
    }
}
