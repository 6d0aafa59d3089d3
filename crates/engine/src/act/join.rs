//! The bodies of joins: two records of the register that are said to be one person. Their rules are in `register/join`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// Two records of the register are said to be one person: support moves from the one to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinMembers {
    /// The record that goes.
    pub from: Pseudonym,
    /// The one that stays.
    pub into: Pseudonym,
    /// Whether both must say yes, since somebody signs in as one of them; the log sees only who has acted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask_both: bool,
}

/// One of the two says yes or no to a join, or asks for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerJoin {
    /// Who says so: one of the two.
    pub member: Pseudonym,
    /// The record that goes.
    pub from: Pseudonym,
    /// The one that stays.
    pub into: Pseudonym,
    /// Whether they are one person.
    pub yes: bool,
}

/// A join is stopped, or what it moved goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackJoin {
    /// The record that goes or went.
    pub from: Pseudonym,
}
