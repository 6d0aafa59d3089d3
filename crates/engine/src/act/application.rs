//! The bodies of applications: somebody asks to join, members answer, and who may admit says no. Their rules are in
//! `register/application`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// Somebody who is no member yet asks to join. Their name stays beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyToJoin {
    /// The pseudonym that the applicant will have.
    pub member: Pseudonym,
    /// The class through which they come in.
    pub class: String,
    /// An organisation, not a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub organisation: bool,
}

/// An applicant takes their application back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawApplication {
    /// The applicant.
    pub member: Pseudonym,
}

/// A member vouches for an applicant, or says yes or no where members decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerApplication {
    /// Who answers.
    pub member: Pseudonym,
    /// Whose application.
    pub applicant: Pseudonym,
    /// Whether they vouch, or say yes; `false` takes a vouch back, or says no.
    pub yes: bool,
}

/// Somebody who may admit members says no to an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefuseApplication {
    /// Whose application.
    pub applicant: Pseudonym,
    /// `not-known`, `incomplete`, `not-eligible`, `no-room` or `applied-already`.
    pub reason: String,
}
