//! The bodies of acts on pools and on money that is held for members. Their rules are in `chamber/pool`.

use std::sync::Arc;

use quantity::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::iso;
use super::{Amount, Pseudonym};

/// Money came in that is a member's still: they pledge it to projects, give it to pools, or have it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldMoney {
    /// For whom.
    pub member: Pseudonym,
    /// How much, in the co-op's currency, above zero.
    pub amount: Amount,
    /// When it came in; never after the log's time.
    #[serde(with = "iso")]
    pub at: Moment,
    /// The fact outside that this records, at most 128 characters.
    pub source: String,
    /// The account that it came to: `assets:…`.
    pub account: String,
}

/// Money that was held for a member was paid back to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayBackHeld {
    /// To whom; also somebody who has left.
    pub member: Pseudonym,
    /// How much of what they have pledged to nothing, in the co-op's currency, above zero.
    pub amount: Amount,
    /// When it was paid; never after the log's time.
    #[serde(with = "iso")]
    pub at: Moment,
    /// The fact outside that this records, at most 128 characters.
    pub source: String,
    /// The account that it was paid from: `assets:…`.
    pub account: String,
}

/// A member gives a pool some of the money that is held for them. It is the pool's from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveToPool {
    /// Who gives.
    pub member: Pseudonym,
    /// The pool.
    pub decision: String,
    /// How much, in the co-op's currency, above zero.
    pub amount: Amount,
}

/// A member asks a pool for money for a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPool {
    /// Who asks; the first of the project's own people.
    pub member: Pseudonym,
    /// The pool.
    pub decision: String,
    /// SHA-256 of its text, hex: its name on ballots, as an item's.
    pub project: String,
    /// How much it needs, in the co-op's currency, above zero.
    pub goal: Amount,
    /// Its other people, at most 20: by `self "excluded"` none of them supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Pseudonym>,
    /// The text, which is kept beside the log: the project in its first line, of 1 to 100 letters, and whatever else there is to say.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// A member takes back a project that they asked for. Its pledges go back to those who made them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawProject {
    /// Whose it is.
    pub member: Pseudonym,
    /// The pool.
    pub decision: String,
    /// The project.
    pub project: String,
}

/// A member pledges money that is held for them to a project; it takes the place of their earlier pledge to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeToProject {
    /// Who pledges.
    pub member: Pseudonym,
    /// The pool.
    pub decision: String,
    /// The project.
    pub project: String,
    /// How much in all, in the co-op's currency; 0 takes the pledge back.
    pub amount: Amount,
}

/// A member asks for money of a pool, by a commitment that takes requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestMoney {
    /// Who asks; the first of those whom it pays.
    pub member: Pseudonym,
    /// The commitment.
    pub decision: String,
    /// SHA-256 of its text, hex: its name on ballots, as an item's.
    pub request: String,
    /// How much, in the co-op's currency, above zero.
    pub amount: Amount,
    /// Others whom it pays, at most 20: by `self "excluded"` none of them votes on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Pseudonym>,
    /// The text, which is kept beside the log: the request in its first line, of 1 to 100 letters, and whatever else there is to say.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// A member takes back a request that they made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRequest {
    /// Who asked.
    pub member: Pseudonym,
    /// The commitment.
    pub decision: String,
    /// The request.
    pub request: String,
}
