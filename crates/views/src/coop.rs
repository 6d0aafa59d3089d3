//! The co-op itself, as every page shows it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::me::waiting::waiting;
use crate::{Moment, Sight, Warning, Weight, say, sources};

/// The head and foot of every page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Coop")]
pub struct CoopSummary {
    /// The co-op's name, from the kernel.
    pub name: String,
    /// One sentence, from the kernel.
    pub purpose: String,
    /// ISO 4217.
    pub currency: String,
    /// The number of members in the register now.
    pub members: u64,
    /// The sum of all weight at the last update.
    pub weight_total: Weight,
    /// When weight and ballots were last counted; none before the first update.
    pub last_update: Option<Moment>,
    /// When they are counted next.
    pub next_update: Moment,
    /// For example `in 3 days`.
    pub next_update_words: String,
    /// The zone of all times on pages, such as `Europe/Berlin`.
    pub zone: String,
    /// The ballots are made up to show how it works; the money and the history are real unless `made_up`.
    pub demonstration: bool,
    /// A demonstration whose people and money are made up too: nothing in its book comes from a platform's export.
    pub made_up: bool,
    /// Anyone at this address may act as any member.
    pub walk_in: bool,
    /// Sources of records that are later than expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The member who reads, if any.
    pub me: Option<MeBadge>,
}

/// The member who reads the page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MeBadge {
    /// The pseudonym, as in the log and in addresses.
    pub member: String,
    /// The name to show.
    pub name: String,
    /// Now, as of the last update.
    pub weight: Weight,
    /// The number of things that wait for this member.
    pub waiting: u32,
}

/// The account that a platform's export is booked on (docs/spec/import.md, open-collective-csv).
const FROM_PLATFORM: &str = "assets:open-collective";

/// Returns the head and foot of every page.
#[must_use]
pub fn coop_summary(sight: &Sight<'_>) -> CoopSummary {
    let state = sight.state;
    let kernel = &state.rules.kernel;
    CoopSummary {
        name: kernel.name.clone(),
        purpose: kernel.purpose.clone(),
        currency: kernel.currency.code().to_owned(),
        members: say::whole(state.members.active_count()),
        weight_total: say::weight(state.weights.total),
        last_update: state.last_update.map(|at| sight.moment(at)),
        next_update: sight.moment(state.next_update),
        next_update_words: say::ahead(sight.now, state.next_update, sight.zone()),
        zone: kernel.zone.name().to_owned(),
        demonstration: state.founding.act.demonstration,
        made_up: state.founding.act.demonstration && !state.book.accounts().iter().any(|name| **name == *FROM_PLATFORM),
        walk_in: sight.walk_in,
        warnings: sources::warnings(sight),
        me: me_badge(sight),
    }
}

fn me_badge(sight: &Sight<'_>) -> Option<MeBadge> {
    let (member, index) = (sight.me?, sight.me_index()?);
    Some(MeBadge {
        member: member.to_string(),
        name: sight.directory.name(member),
        weight: Weight::from_micro(sight.state.weights.of(index)),
        waiting: u32::try_from(waiting(sight, index).len()).unwrap_or(u32::MAX),
    })
}
