//! The bodies of claims: time and work that members say they gave, and the answers. Their rules are in `support/claim`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Pseudonym, RecordSupport};

/// A member says that they gave time or work, which counts once somebody who may record it says yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimSupport {
    /// Who gave it, and says so.
    pub member: Pseudonym,
    /// `hours`, `contribution` or `compute`.
    pub kind: String,
    /// How much, above zero.
    pub amount: Amount,
    /// When it was given: a day of the co-op's zone, `YYYY-MM-DD`.
    pub given_on: String,
    /// The fact that this is, at most 128 characters; the same one counts once.
    pub source: String,
    /// The part of the co-op that it was given to, such as `food`; at most 40 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl ClaimSupport {
    /// The record that it would be.
    #[must_use]
    pub fn as_record(&self) -> RecordSupport {
        RecordSupport {
            member: self.member,
            kind: self.kind.clone(),
            amount: self.amount.clone(),
            given_at: None,
            given_on: Some(self.given_on.clone()),
            source: self.source.clone(),
            parts: 1,
            series: None,
            stands_months: None,
            book: None,
            service: self.service.clone(),
        }
    }
}

/// A holder says yes or no to what a member claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerClaim {
    /// Who answers.
    pub member: Pseudonym,
    /// The claim's number.
    pub number: u64,
    /// Whether it counts.
    pub yes: bool,
    /// With a no: `recorded-already`, `other-amount`, `other-day` or `not-known`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A member takes their own claim back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackClaim {
    /// Whose it is.
    pub member: Pseudonym,
    /// The claim's number.
    pub number: u64,
}
