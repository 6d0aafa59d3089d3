//! The bodies of acts on releases. Their rules are in `release/act`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A version of something comes out: files, which the entry binds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishRelease {
    /// The path of the clause that says until when only patrons may fetch it.
    pub release: String,
    /// The version's name, which no version of this clause ever had: 1 to 100 of ASCII letters, digits, `.`, `_`, `-`, `+` and `~`.
    pub version: String,
    /// Its files, 1 to 20.
    pub files: Vec<ReleaseFile>,
}

/// A file of a release. Its bytes are kept beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseFile {
    /// Its name, of the same letters as a version's.
    pub name: String,
    /// How many bytes, above zero.
    pub bytes: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its media type, such as `application/zip`.
    pub media: String,
}

/// A version's files are taken away, for everybody and for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRelease {
    /// The path of its clause.
    pub release: String,
    /// The version.
    pub version: String,
}
