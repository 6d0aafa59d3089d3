//! Made-up members, gifts and ballots in the numbers that benchmarks need.

use std::collections::BTreeMap;

use engine::act::{Act, Amount, CastBallot, OpenItem, RecordSupport};
use engine::{Edition, Pseudonym};
use host::Charter;
use quantity::Moment;

use crate::exit::Exit;

/// Returns the open-source template's rules, in the words of edition 1: later ones limit the acts that a member hands in, and a
/// benchmark's few members hand in more. `bench update` compares the editions.
pub fn charter() -> Result<Charter, Exit> {
    charter_under(Edition::ONE)
}

/// As [`charter()`], in the words of an edition.
pub fn charter_under(edition: Edition) -> Result<Charter, Exit> {
    let template = charter::template_under("open-source", edition).ok_or_else(|| Exit::world("no template"))?;
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    let filled = template.fill("bench", currency);
    Ok(Charter::read_under(filled.kernel, filled.constitution, edition)?)
}

/// Returns an instant written as text.
pub fn moment(text: &str) -> Result<Moment, Exit> {
    Moment::parse(text).map_err(Exit::world)
}

/// Returns a gift in twelve monthly parts and a pledge of the same size, both of December 2024.
pub fn year_of_support(member: Pseudonym, number: u64, cents: u64) -> Result<[Act; 2], Exit> {
    let support = |kind: &str, given_at: &str, parts, stands_months| -> Result<Act, Exit> {
        Ok(Act::RecordSupport(RecordSupport {
            service: None,
            member,
            kind: kind.to_owned(),
            amount: usd(i64::try_from(cents).unwrap_or(i64::MAX)),
            given_at: Some(moment(given_at)?),
            given_on: None,
            source: format!("{kind}:{number}"),
            parts,
            series: None,
            stands_months,
            book: None,
        }))
    };
    Ok([
        support("donation", "2024-12-20T00:00:00Z", 12, None)?,
        support("pledge", "2024-12-21T00:00:00Z", 1, Some(24))?,
    ])
}

/// Returns an amount in cents.
pub fn usd(amount: i64) -> Amount {
    let (currency, unit) = (Some("USD".to_owned()), None);
    Amount { amount, currency, unit }
}

/// Returns an item of the ranking.
pub fn open_item(item: u64) -> Act {
    let decision = "issues".to_owned();
    Act::OpenItem(OpenItem { decision, item: item.to_string(), amount: None })
}

/// Returns a ballot on an item of the ranking.
pub fn item_ballot(member: Pseudonym, item: u64, share_ppm: u32, against: bool) -> Act {
    Act::CastBallot(CastBallot {
        member,
        decision: "issues".to_owned(),
        item: Some(item.to_string()),
        share_ppm,
        scores: None,
        against,
    })
}

/// Returns a ballot on the office that gives some candidates half the points.
pub fn office_ballot(member: Pseudonym, candidates: impl Iterator<Item = Pseudonym>, share_ppm: u32) -> Act {
    let scores: BTreeMap<String, u32> = candidates.map(|c| (c.to_string(), 500_000)).collect();
    Act::CastBallot(CastBallot {
        member,
        decision: "maintainer".to_owned(),
        item: None,
        share_ppm,
        scores: Some(scores),
        against: false,
    })
}
