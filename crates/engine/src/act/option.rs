//! The bodies of acts on the options of commitments. Their rules are in `chamber/commitment`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Pseudonym};

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
    /// How it shares out the pool, where the commitment does: its text says so in lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PoolPlan>,
}

/// How one cycle of a pool is shared out, unless it is in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolPlan {
    /// The projects that come before all others, the first first: SHA-256 of their texts, hex.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fund: Vec<String>,
    /// The projects that are left out of this cycle, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strike: Vec<String>,
    /// Common money that comes into the pool before it is shared out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<Amount>,
    /// No project is funded but those of `fund`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nothing_else: bool,
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
