//! The bodies of acts on items that members bring themselves. Their rules are in `chamber/ranking/own`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Pseudonym};

/// A member brings an item to a ranking that members bring items to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BringItem {
    /// Who brings it.
    pub member: Pseudonym,
    /// The ranking.
    pub decision: String,
    /// The item's id there, which no item of the ranking ever had: 1 to 64 of letters, digits, `.`, `_`, `-`, `#`, `/`.
    pub item: String,
    /// From edition 4 on: how much of the ranking's supply it asks for, in `second`, `unit` or the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Its title, which is kept beside the log and bound by the entry.
    #[serde(skip)]
    pub title: Option<Arc<str>>,
}

/// A member takes an item back that they brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackItem {
    /// Whose it is.
    pub member: Pseudonym,
    /// The ranking.
    pub decision: String,
    /// The item.
    pub item: String,
}
