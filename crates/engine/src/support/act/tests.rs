//! Support in the book, and days without a time: both from edition 2 on.

use crate::act::{Act, RecordSupport, ReverseSupport, Sides};
use crate::book::{Day, booking};
use crate::edition::{ONE, TWO};
use crate::refusal::Rule;
use crate::tests::{Coop, Setup, at, m};
use crate::{Actor, Context, apply};

fn sides(to: &str, from: &str) -> Option<Sides> {
    Some(Sides { to: to.to_owned(), from: from.to_owned() })
}

fn house() -> Coop {
    let mut house = Setup { zone: "America/Vancouver", ..Setup::new(Vec::new()) }.found();
    house.state.editions.current = TWO;
    house.state.time = at("2025-01-02");
    house.admit(1..=1);
    house
}

fn refused(house: &Coop, act: &Act) -> Rule {
    let mut after = house.state.clone();
    let context = Context::of(Actor::Bridge, after.time);
    apply(&mut after, act, &context).unwrap_err().refused().rule
}

/// Dues of 10.00 on a day.
fn dues(house: &mut Coop, on: &str) -> RecordSupport {
    let mut act = house.support(1, "dues", 1_000, "2025-01-01");
    (act.given_at, act.given_on) = (None, Some(on.to_owned()));
    act.book = sides("assets:bank", "income:dues");
    act
}

fn back(of: &str, amount: Option<i64>) -> Act {
    Act::ReverseSupport(ReverseSupport {
        of: of.to_owned(),
        amount,
        given_at: None,
        given_on: Some("2025-01-01".to_owned()),
        source: format!("back of {of} {amount:?}"),
    })
}

#[test]
fn money_that_is_support_is_money_in_the_book() {
    let mut house = house();
    let act = Act::RecordSupport(dues(&mut house, "2024-12-31"));
    house.act(act.clone());
    let day = Day { year: 2024, month: 12, day: 31 };
    assert_eq!(house.state.book.balances(Some(day)), [("assets:bank", 1_000), ("income:dues", -1_000)]);
    let entry = booking(&house.state, &act, house.state.time).unwrap().into_owned();
    assert_eq!((entry.moved_minor(), entry.narration.as_deref()), (1_000, Some("dues")));
    assert_eq!(entry.at, at("2024-12-31T08:00:00Z"), "midnight in Vancouver");
    // A part comes back, and then the rest, on the accounts by which it came.
    for (act, left) in [(back("test:1", Some(400)), 600), (back("test:1", None), 0)] {
        house.act(act.clone());
        assert_eq!(house.state.book.balances(None), [("assets:bank", left), ("income:dues", -left)]);
        let entry = booking(&house.state, &act, house.state.time).unwrap().into_owned();
        assert_eq!(entry.narration.as_deref(), Some("dues taken back"));
        assert_eq!(house.state.book.entries(), if left == 0 { 3 } else { 2 });
    }
    // Support that moved nothing in the book moves nothing back.
    house.give(1, "donation", 500, "2025-01-01");
    house.act(back("test:2", None));
    assert_eq!(house.state.book.entries(), 3);
    house.state.check().unwrap();
}

#[test]
fn what_support_moves_in_the_book_is_in_the_hash() {
    let hash = |book: Option<Sides>| {
        let mut house = house();
        let mut act = dues(&mut house, "2025-01-01");
        act.book = book;
        house.act(Act::RecordSupport(act));
        house.state.hash()
    };
    let hashes = [
        hash(None),
        hash(sides("assets:bank", "income:dues")),
        hash(sides("assets:cash", "income:dues")),
        hash(sides("income:dues", "assets:bank")),
    ];
    let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn money_moves_between_two_accounts_that_a_book_has() {
    let mut house = house();
    let mut of = |kind: &str, book: Option<Sides>| {
        let mut act = house.support(1, kind, 1_000, "2025-01-01");
        act.book = book;
        Act::RecordSupport(act)
    };
    let acts = [
        (of("pledge", sides("assets:bank", "income:dues")), Rule::NothingToBook),
        (of("hours", sides("assets:bank", "income:dues")), Rule::NothingToBook),
        (of("dues", sides("assets:bank", "assets:bank")), Rule::NothingToBook),
        (of("dues", sides("bank", "income:dues")), Rule::AccountNotAllowed),
        (of("dues", sides("assets:bank", "dues")), Rule::AccountNotAllowed),
    ];
    for (act, rule) in acts {
        assert_eq!(refused(&house, &act), rule, "{act:?}");
    }
}

#[test]
fn a_day_is_that_day_of_the_zone() {
    let mut house = house();
    // New Year in UTC is still the old year's last day in Vancouver.
    let mut early = dues(&mut house, "2025-01-02");
    early.source = "today".to_owned();
    assert_eq!(refused(&house, &Act::RecordSupport(early)), Rule::GivenInTheFuture);
    let act = Act::RecordSupport(dues(&mut house, "2025-01-01"));
    house.act(act);
    let row = house.state.support.rows(charter::SupportKind::Dues).unwrap().row(0).unwrap();
    assert_eq!((row.member, row.counted_at), (house.state.members.index(m(1)).unwrap(), at("2025-01-01T08:00:00Z")));
    for day in ["2025-01-32", "2025-01-01T00:00:00Z", "2025-1-1", "", "yesterday"] {
        let act = dues(&mut house, day);
        assert_eq!(refused(&house, &Act::RecordSupport(act)), Rule::DateUnclear, "{day}");
    }
    let mut both = dues(&mut house, "2025-01-01");
    both.given_at = Some(at("2025-01-01"));
    assert_eq!(refused(&house, &Act::RecordSupport(both)), Rule::DateUnclear);
}

#[test]
fn edition_1_knows_neither() {
    let mut house = house();
    let day = dues(&mut house, "2025-01-01");
    let mut instant = day.clone();
    (instant.given_at, instant.given_on) = (Some(at("2025-01-01")), None);
    house.state.editions.current = ONE;
    for act in [Act::RecordSupport(day), Act::RecordSupport(instant), back("test:1", None)] {
        assert_eq!(refused(&house, &act), Rule::ActOfLaterEdition, "{act:?}");
    }
}
