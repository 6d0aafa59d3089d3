//! The reports that scripts rely on: the same shape from the JSON API and from the command line with `--json`.
//! Fields may be added here, never renamed.

use serde::Serialize;

/// `rochdale weights --json` and `GET /api/v1/weights`.
#[derive(Serialize, Debug, Clone)]
pub struct WeightsReport {
    /// RFC 3339.
    pub at: String,
    /// Always `micro-weights`.
    pub unit: String,
    pub members: Vec<MemberWeight>,
}

/// One member of the weights report.
#[derive(Serialize, Debug, Clone)]
pub struct MemberWeight {
    /// The pseudonym.
    pub member: String,
    pub name: String,
    /// Micro-weights.
    pub weight: u64,
    pub classes: Vec<ClassWeight>,
}

/// One class of one member.
#[derive(Serialize, Debug, Clone)]
pub struct ClassWeight {
    pub class: String,
    /// The formula's result before scaling and caps, in micro-weights.
    pub earned: u64,
    /// After them, in micro-weights.
    pub weight: u64,
}

/// `rochdale standings --json` and `GET /api/v1/decisions/{name}`.
#[derive(Serialize, Debug, Clone)]
pub struct StandingsReport {
    pub decision: String,
    /// `office`, `body`, `document`, `constitution` or `ranking`.
    pub kind: String,
    /// Always `micro-votes`; buckets are in micro-vote-seconds.
    pub unit: String,
    pub holders: Vec<String>,
    pub candidates: Vec<CandidateStanding>,
    /// Newcomers who are not candidates yet.
    pub nominees: Vec<NomineeStanding>,
    /// Of a ranking, in order; left out for elections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemStanding>,
    /// RFC 3339.
    pub next_update: String,
}

/// One nominee of the standings.
#[derive(Serialize, Debug, Clone)]
pub struct NomineeStanding {
    pub candidate: String,
    pub name: String,
    /// Micro-vote-seconds.
    pub level: i128,
    /// Micro-vote-seconds.
    pub level_size: i128,
    /// RFC 3339; null if they never become a candidate as things stand.
    pub enters_at: Option<String>,
}

/// One open item of a ranking.
#[derive(Serialize, Debug, Clone)]
pub struct ItemStanding {
    pub item: String,
    pub title: String,
    /// Micro-votes.
    pub votes: i64,
    /// Micro-votes.
    pub votes_for: i64,
    /// Micro-votes.
    pub votes_against: i64,
    /// RFC 3339: the update that closes it; null while its votes are above the floor.
    pub closes_at: Option<String>,
}

/// One candidate of the standings.
#[derive(Serialize, Debug, Clone)]
pub struct CandidateStanding {
    /// The candidate's name in the log, or `nobody`.
    pub candidate: String,
    /// The name to show.
    pub name: String,
    /// Micro-votes.
    pub votes: i64,
    /// Micro-vote-seconds.
    pub bucket: i128,
    /// Micro-vote-seconds.
    pub bucket_size: i128,
    /// RFC 3339; null if it never fills as things stand.
    pub full_at: Option<String>,
}

/// `rochdale book --json` and `GET /api/v1/book`.
#[derive(Serialize, Debug, Clone)]
pub struct BookReport {
    pub periods: Vec<BookPeriod>,
}

/// One year or month.
#[derive(Serialize, Debug, Clone)]
pub struct BookPeriod {
    /// `2017` or `2017-03`.
    pub period: String,
    #[serde(rename = "in")]
    pub money_in: MoneyJson,
    pub out: MoneyJson,
    pub net: MoneyJson,
    /// At the period's end.
    pub balance: MoneyJson,
}

/// Money in JSON.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct MoneyJson {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}
