//! Every act in words.

use engine::Act;
use engine::act::{Amount, Change, EndMembership, Found, RecordSupport, ReverseSupport, Update};

use super::world::{World, at, ballot, m, on_item};
use crate::log_entry;

fn words(act: &Act) -> String {
    let world = World::usual();
    log_entry("member", act, world.directory(), &world.state.rules.kernel.zone).words
}

fn support(kind: &str, amount: i64, unit: Option<&str>) -> Act {
    Act::RecordSupport(RecordSupport {
        service: None,
        member: m(1),
        kind: kind.to_owned(),
        amount: Amount { amount, currency: unit.is_none().then(|| "USD".to_owned()), unit: unit.map(str::to_owned) },
        given_at: Some(at("2025-01-05")),
        given_on: None,
        source: "test:9".to_owned(),
        parts: if kind == "donation" { 12 } else { 1 },
        series: None,
        stands_months: None,
        book: None,
    })
}

/// The log keeps the source of a record about somebody as a keyed hash, which nobody can read.
#[test]
fn a_keyed_record_that_is_taken_back_is_told_in_words() {
    let keyed = format!("keyed:{}", "ab".repeat(32));
    for (amount, expect) in [
        (None, "A record of support was taken back; the log keeps its source as a keyed hash"),
        (Some(100), "Part of a record of support was taken back; the log keeps its source as a keyed hash"),
    ] {
        let (of, source) = (keyed.clone(), "test:2".to_owned());
        let act = ReverseSupport { of, amount, given_at: Some(at("2025-01-05")), given_on: None, source };
        assert_eq!(words(&Act::ReverseSupport(act)), expect);
    }
}

#[test]
fn acts_are_told_with_names_and_units() {
    for (act, expect) in [
        (
            support("donation", 5_000, None),
            "member-001 donated 50.00 USD on 5 January 2025, counted as 12 monthly parts",
        ),
        (support("hours", 5_400, Some("second")), "member-001 worked 1.5 hours on 5 January 2025"),
        (support("contribution", 1_000_000, Some("micro-credit")), "member-001 contributed a change on 5 January 2025"),
        (
            ballot(1, "maintainer", 200_000, &[(4, 1_000_000), (5, 500_000)]),
            "member-001 placed 20 % for member-004 and member-005 (score 5) on Maintainer",
        ),
        (ballot(1, "maintainer", 0, &[]), "member-001 took back their for-ballot on Maintainer"),
        (on_item(2, "220", 50_000), "member-002 placed 5 % for “Issue 220”"),
        (on_item(2, "220", 0), "member-002 took back their ballot on “Issue 220”"),
        (Act::EndMembership(EndMembership { member: m(7) }), "m_0000000000007 left"),
        (
            Act::ReverseSupport(ReverseSupport {
                of: "test:1".to_owned(),
                amount: None,
                given_at: Some(at("2025-01-05")),
                given_on: None,
                source: "test:2".to_owned(),
            }),
            "The record test:1 was taken back",
        ),
        (
            Act::Update(Update {
                moment: at("2025-01-06T01:00:00Z"),
                state: String::new(),
                outcomes: 0,
                published: String::new(),
            }),
            "Update of Monday 6 January 2025, 01:00: everything counted, nothing changed",
        ),
        (
            Act::Change(Change {
                moment: at("2025-01-06T07:00:00Z"),
                state: String::new(),
                outcomes: 1,
                published: String::new(),
            }),
            "Change time of Monday 6 January 2025, 07:00: 1 outcome",
        ),
        (Act::Found(Found::on("", "", true)), "The co-op was founded, as a demonstration"),
    ] {
        assert_eq!(words(&act), expect);
    }
}

#[test]
fn the_authority_says_what_is_made_up() {
    let world = World::usual();
    let zone = &world.state.rules.kernel.zone;
    assert!(log_entry("demonstration", &on_item(1, "220", 1), world.directory(), zone).demonstration);
    let desk = log_entry("desk", &on_item(1, "220", 0), world.directory(), zone);
    assert_eq!(
        desk.words,
        "member-001 took back their ballot on “Issue 220”, handed in at the desk: the operator says so"
    );
    for (authority, by) in [
        ("office secretary", "by the holder of Secretary"),
        ("body core-team", "by a member of Core team"),
        ("founder secretary", "by a founder, for the vacant Secretary"),
    ] {
        let told = log_entry(authority, &on_item(1, "220", 0), world.directory(), zone);
        assert!(told.words.ends_with(by), "{}", told.words);
    }
    assert!(!desk.demonstration);
}
