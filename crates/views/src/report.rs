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
    /// `office`, `body`, `document` or `ranking`.
    pub kind: String,
    /// Always `micro-votes`; buckets are in micro-vote-seconds.
    pub unit: String,
    pub holders: Vec<String>,
    pub candidates: Vec<CandidateStanding>,
    /// RFC 3339.
    pub next_update: String,
}

/// One candidate of the standings.
#[derive(Serialize, Debug, Clone)]
pub struct CandidateStanding {
    pub candidate: String,
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
