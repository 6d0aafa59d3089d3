//! Answers of browsers as they are handed in: JSON in the form of `PublicKeyCredential.toJSON()`. It reads, and checks nothing that is
//! signed.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Handle, Refused};
use crate::base64url::Bytes;

/// The longest answer that is read, bytes.
pub const LONGEST_ANSWER: usize = 64 << 10;

/// An answer that brings a new passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToAdd {
    pub(super) id: Bytes,
    pub(super) client: Bytes,
    pub(super) attestation: Bytes,
}

/// An answer by a passkey that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToProve {
    pub(super) id: Bytes,
    pub(super) client: Bytes,
    pub(super) authenticator: Bytes,
    pub(super) signature: Bytes,
    pub(super) owner: Option<Handle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential<R> {
    id: String,
    raw_id: Bytes,
    r#type: String,
    response: R,
}

#[derive(Deserialize)]
struct Made {
    #[serde(rename = "clientDataJSON")]
    client: Bytes,
    #[serde(rename = "attestationObject")]
    attestation: Bytes,
}

#[derive(Deserialize)]
struct Used {
    #[serde(rename = "clientDataJSON")]
    client: Bytes,
    #[serde(rename = "authenticatorData")]
    authenticator: Bytes,
    signature: Bytes,
    #[serde(rename = "userHandle", default)]
    owner: Option<Bytes>,
}

fn credential<R: DeserializeOwned>(json: &[u8]) -> Result<(Bytes, R), Refused> {
    if json.len() > LONGEST_ANSWER {
        return Err(Refused::TooLong);
    }
    let read: Credential<R> = serde_json::from_slice(json).map_err(|_| Refused::Unreadable("answer"))?;
    if read.r#type != "public-key" {
        return Err(Refused::OtherType("public-key"));
    }
    if read.id != read.raw_id.text() {
        return Err(Refused::OtherCredential);
    }
    Ok((read.raw_id, read.response))
}

impl ToAdd {
    /// Reads the JSON.
    ///
    /// # Errors
    /// It is too long, or not an answer.
    pub fn read(json: &[u8]) -> Result<Self, Refused> {
        let (id, Made { client, attestation }) = credential(json)?;
        Ok(Self { id, client, attestation })
    }
}

impl ToProve {
    /// Reads the JSON.
    ///
    /// # Errors
    /// It is too long, or not an answer.
    pub fn read(json: &[u8]) -> Result<Self, Refused> {
        let (id, Used { client, authenticator, signature, owner }) = credential(json)?;
        // Some browsers send an empty handle where the authenticator gave none.
        let owner = owner.filter(|owner| !owner.0.is_empty()).map(Handle);
        Ok(Self { id, client, authenticator, signature, owner })
    }

    /// The id of the credential that answers: by it the passkey is looked up.
    #[must_use]
    pub const fn id(&self) -> &Bytes {
        &self.id
    }
}
