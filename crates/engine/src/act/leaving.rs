//! The bodies of pauses. Their rules are in `register/leaving`. To leave is `end_membership`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// A membership rests: no weight, no seat, no part in decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseMembership {
    /// Whose.
    pub member: Pseudonym,
}

/// A membership that rests goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeMembership {
    /// Whose.
    pub member: Pseudonym,
}
