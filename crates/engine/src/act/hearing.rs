//! The bodies of hearings: somebody is to be expelled, answers, and is or is not. Their rules are in `register/hearing`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pseudonym;

/// A holder of the power `expel` opens a hearing of a member, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHearing {
    /// Who is heard.
    pub accused: Pseudonym,
    /// SHA-256 of the reason's text, hex.
    pub reason: String,
    /// The text, which is kept beside the log.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// A member who is heard answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerHearing {
    /// Who is heard.
    pub member: Pseudonym,
    /// SHA-256 of the answer's text, hex.
    pub answer: String,
    /// The text, which is kept beside the log.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// Seats of a body expel a member who was heard. It is announced, and takes effect later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpelMember {
    /// Who was heard.
    pub accused: Pseudonym,
}
