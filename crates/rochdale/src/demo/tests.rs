//! The promises of the demonstration to its visitors.

use quantity::Moment;

use super::*;

#[test]
fn the_demonstration_ends_with_the_year_and_everything_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let coop = build(folder.path()).unwrap();
    let state = coop.state();
    assert!(state.founding.act.demonstration);
    assert_eq!(state.time.max(Moment::parse("2025-12-31T00:00:00Z").unwrap()), state.time);
    assert_eq!(state.time.min(Moment::parse("2026-01-01T00:00:00Z").unwrap()), state.time);

    let years = state.book.periods(engine::book::BookPeriod::Year, None);
    let balances: Vec<i64> = years.iter().map(|year| year.balance_minor).collect();
    assert_eq!(balances, [10_092, 29_099, 37_266, 143_723, 468_988, 686_366, 746_573, 737_270, 717_171]);

    let contested = |name: &str| {
        let decision = state.decision(name).unwrap();
        let fullest = decision.seats().buckets.iter().max().unwrap() * 100 / decision.bucket_size();
        assert!((20..95).contains(&fullest), "{name}: {fullest} %");
        decision.holders()[0].unwrap().to_string()
    };
    let founder = state.members.pseudonym(engine::MemberIndex(0)).unwrap();
    assert_eq!(contested("maintainer"), founder.to_string());
    contested("code-of-conduct");
    assert_eq!(contested("constitution"), engine::digest::hex(CONSTITUTION.as_bytes()));
    let adopted = coop.history().points().iter().find(|point| {
        let mut opened = point.outcomes.iter().map(ToString::to_string);
        opened.any(|outcome| outcome.starts_with("decision-opened code-of-conduct"))
    });
    let adopted = adopted.map(|point| point.at).unwrap();
    assert!(adopted < Moment::parse("2018-03-01T00:00:00Z").unwrap());
    let [proposal] = &state.amendment.proposals[..] else { panic!("no kernel is proposed") };
    assert!(proposal.assents.len() > 5 && proposal.held_since.is_none());
    assert_eq!(state.forks.open()[0].going.len(), 2);

    let issues = state.decision("issues").unwrap();
    assert_eq!(issues.open_items().count(), 16);
    assert!(issues.open_items().filter(|item| item.low_since.is_some()).count() >= 2);
}

#[test]
fn nothing_of_the_demonstration_is_chance() {
    let state = || {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path()).unwrap().state().hash()
    };
    assert_eq!(state(), state());
}
