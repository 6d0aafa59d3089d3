//! The body of a member's own pledge. Its rules are in `support/pledge`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Pseudonym};

/// A member says what they mean to donate a month; it takes the place of what they said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeOwn {
    /// Who.
    pub member: Pseudonym,
    /// How much a month, in the co-op's currency; 0 ends it.
    pub amount: Amount,
}
