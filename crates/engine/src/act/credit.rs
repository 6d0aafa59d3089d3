//! The bodies of acts on credit. Their rules are in `credit/act`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// Credit of a period is proposed: the list of contributions that it comes of, and how much each member would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeCredit {
    /// The commitment that accepts it.
    pub decision: String,
    /// The first day of the period, such as `2025-03-01`.
    pub period: String,
    /// SHA-256 of the list of contributions, hex.
    pub contributions: String,
    /// The list, which is kept beside the log.
    #[serde(skip)]
    pub contributions_text: Option<Arc<str>>,
    /// The credit that the list comes to, by pseudonym, each member once; nobody with none.
    pub credit: Vec<CreditRow>,
}

/// A member's credit of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditRow {
    /// Whose.
    pub member: Pseudonym,
    /// Micro-credits, above 0.
    pub micro: u64,
}

/// A member puts up what to strike from the credit that is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeCredit {
    /// Who puts it up.
    pub member: Pseudonym,
    /// The commitment.
    pub decision: String,
    /// SHA-256 of the option's text, hex: its name on ballots.
    pub option: String,
    /// The text, which is kept beside the log: `accept`, `nothing`, or lines that say what to strike, and whatever else there is to say.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
    /// SHA-256 of the list of contributions that is proposed, hex.
    pub contributions: String,
    /// The list, as it is kept beside the log.
    #[serde(skip)]
    pub contributions_text: Option<Arc<str>>,
    /// The credit that is left, as in `propose_credit`.
    pub credit: Vec<CreditRow>,
}
