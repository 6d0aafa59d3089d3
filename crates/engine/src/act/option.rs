//! The bodies of acts on the options of commitments. Their rules are in `chamber/commitment`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// A member puts up an option of a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeOption {
    /// Who puts it up.
    pub member: Pseudonym,
    /// The commitment.
    pub decision: String,
    /// SHA-256 of its text, hex: its name on ballots.
    pub option: String,
    /// The text, which is kept beside the log: the option in its first line, of 1 to 100 letters, and whatever else there is to say.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// A member takes back an option that they put up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOption {
    /// Whose it is.
    pub member: Pseudonym,
    /// The commitment.
    pub decision: String,
    /// The option.
    pub option: String,
}
