//! A forecast is what then happens when nothing moves.

use super::{BucketForecast, NomineeForecast};
use crate::id::ItemId;
use crate::tests::{Coop, ONE, Setup, body, changing, document, office, ranking};

/// Runs until the seats change, and compares that with what was foreseen after `updates`.
fn check(mut coop: Coop, decision: &str, updates: usize) -> Vec<Option<u64>> {
    coop.run(updates);
    let before = coop.holders(decision);
    let foreseen = coop.state.next_seat_change(coop.state.decision(decision).unwrap());
    let foreseen = foreseen.expect("a change is foreseen");
    let mut expect = coop.decision(decision).seats().holders.clone();
    for change in &foreseen.changes {
        expect[change.seat] = change.to;
    }
    for _ in 0..400 {
        coop.next();
        if coop.holders(decision) != before {
            assert_eq!(coop.state.time, foreseen.at, "the day");
            assert_eq!(coop.decision(decision).seats().holders, expect, "who");
            return coop.holders(decision);
        }
    }
    panic!("nothing changed");
}

/// Three candidates with 9, 4 and 1 of weight behind them.
fn three(setup: &Setup, decision: &str) -> Coop {
    let mut coop = setup.found().with_weights(&[9, 4, 1, 0, 0, 0]);
    coop.enter(&[4, 5, 6], decision);
    for (voter, candidate) in [(1, 4), (2, 5), (3, 6)] {
        coop.vote(voter, decision, 1_000_000, &[(candidate, 1_000_000)]);
    }
    coop
}

#[test]
fn a_vacant_office_is_taken_on_the_day_foreseen() {
    for (updates, zone) in
        [("weekly on monday at 01:00", "UTC"), ("daily at 02:30", "Europe/Berlin"), ("monthly on 1 at 01:00", "UTC")]
    {
        let setup = Setup { updates, zone, ..Setup::new(vec![office("maintainer", 14)]) };
        assert_eq!(check(three(&setup, "maintainer"), "maintainer", 1), [Some(4)]);
    }
}

#[test]
fn a_challenger_takes_over_on_the_day_foreseen() {
    let setup = Setup::new(vec![office("maintainer", 14), document("conduct", 14)]);
    for updates in [1, 3, 8] {
        let mut coop = three(&setup, "maintainer");
        coop.seat(&[5], "maintainer");
        assert_eq!(check(coop, "maintainer", updates), [Some(4)]);
    }
}

#[test]
fn a_change_time_of_its_own_is_foreseen() {
    let setup = Setup::new(vec![changing(office("maintainer", 14), "thursday 07:00")]);
    assert_eq!(check(three(&setup, "maintainer"), "maintainer", 2), [Some(4)]);
    let setup = Setup::new(vec![changing(office("maintainer", 14), "monday 01:00")]);
    assert_eq!(check(three(&setup, "maintainer"), "maintainer", 2), [Some(4)]);
}

#[test]
fn nobody_wins_on_the_day_foreseen() {
    let mut coop = Setup::new(vec![office("maintainer", 14)]).found().with_weights(&[9, 1]);
    coop.enter(&[2], "maintainer");
    coop.seat(&[2], "maintainer");
    coop.oppose(1, "maintainer", 1_000_000, &[(2, 1_000_000)]);
    assert_eq!(check(coop, "maintainer", 1), [None]);
}

#[test]
fn a_body_seats_whom_was_foreseen() {
    let setup = Setup::new(vec![body("board", 2, 21)]);
    let mut coop = three(&setup, "board");
    coop.seat(&[5, 6], "board");
    assert_eq!(check(coop, "board", 2), [Some(5), Some(4)]);
    let setup = Setup::new(vec![changing(body("board", 2, 21), "thursday 07:00")]);
    let mut unloved = three(&setup, "board");
    unloved.vote(3, "board", 0, &[]);
    unloved.oppose(3, "board", 1_000_000, &[(6, 1_000_000)]);
    unloved.run(2);
    unloved.seat(&[5, 6], "board");
    assert_eq!(check(unloved, "board", 0), [Some(5), None]);
}

#[test]
fn a_tie_is_foreseen_as_a_tie() {
    let mut coop = Setup::new(vec![office("maintainer", 14)]).found().with_weights(&[4, 4, 0, 0, 0]);
    coop.enter(&[3, 4, 5], "maintainer");
    coop.seat(&[5], "maintainer");
    coop.vote(1, "maintainer", 1_000_000, &[(3, 1_000_000)]);
    coop.vote(2, "maintainer", 1_000_000, &[(4, 1_000_000)]);
    coop.run(2);
    let next = coop.state.next_seat_change(coop.state.decision("maintainer").unwrap()).unwrap();
    assert!(next.changes.is_empty());
    coop.run(20);
    assert_eq!(coop.holders("maintainer"), [Some(5)]);
}

#[test]
fn without_a_lead_nothing_is_foreseen() {
    let mut coop = Setup::new(vec![office("maintainer", 14)]).found().with_weights(&[4, 9, 0, 0]);
    coop.enter(&[3, 4], "maintainer");
    coop.seat(&[4], "maintainer");
    coop.vote(1, "maintainer", 1_000_000, &[(3, 1_000_000)]);
    coop.vote(2, "maintainer", 1_000_000, &[(4, 1_000_000)]);
    coop.run(2);
    let election = coop.decision("maintainer");
    assert_eq!(coop.state.next_seat_change(coop.state.decision("maintainer").unwrap()), None);
    assert_eq!(election.leads().candidates, [Some(-(ONE as i128)), None]);
    assert_eq!(election.reference(), 3 * ONE as i128);
    assert_eq!(coop.state.bucket_ahead(5, -1, 10), BucketForecast::Drains(coop.state.next_update));
}

#[test]
fn a_nominee_enters_or_drops_on_the_day_foreseen() {
    let mut coop = Setup::new(vec![office("maintainer", 14)]).found().with_weights(&[10_000, 1, 0]);
    coop.stand(3, "maintainer");
    coop.nominate(2, "maintainer", 3, 250_000);
    coop.run(1);
    let nominee = &coop.decision("maintainer").candidates()[0];
    let NomineeForecast::Enters(foreseen) = coop.state.nominee_ahead(coop.decision("maintainer"), nominee) else {
        panic!("attention lets a nominee in")
    };
    while coop.standing("maintainer", 3) == crate::chamber::Standing::Nominee {
        coop.next();
    }
    assert_eq!(coop.state.time, foreseen);
}

#[test]
fn an_item_closes_on_the_day_foreseen() {
    let mut coop = Setup::new(vec![ranking("issues", 90, 500_000)]).found().with_weights(&[1]);
    coop.run(1);
    coop.open("issues", "220");
    coop.run(2);
    let item = coop.decision("issues").item_at(ItemId(0)).unwrap().clone();
    let foreseen = coop.state.item_closes_at(coop.decision("issues"), &item).unwrap();
    while coop.decision("issues").item_at(ItemId(0)).unwrap().closed_at.is_none() {
        coop.next();
    }
    assert_eq!(coop.decision("issues").item_at(ItemId(0)).unwrap().closed_at, Some(foreseen));
}
