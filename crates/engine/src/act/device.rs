//! The bodies of acts on members' devices. Their rules are in `register/device`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// A member's device may sign for them. The new key signs this act itself, or an older device of the member does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolDevice {
    /// Whose.
    pub member: Pseudonym,
    /// The public key, Ed25519: 32 bytes as 64 hexadecimal digits in lower case.
    pub public: String,
}

/// A device says of another one that it is whose it says: an older device of the same member, or one of another member who has compared
/// six words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDevice {
    /// Who confirms.
    pub member: Pseudonym,
    /// The entry that enrolled the device which is confirmed.
    pub device: u64,
}

/// A member's device signs nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeDevice {
    /// Whose.
    pub member: Pseudonym,
    /// The entry that enrolled it.
    pub device: u64,
}

/// A member takes part by signed acts only, or no longer so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOnly {
    /// Who.
    pub member: Pseudonym,
    /// From now on; `false` ends it.
    pub on: bool,
}
