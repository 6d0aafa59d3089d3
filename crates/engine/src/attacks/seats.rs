//! Offices and bodies that few would take or keep. Sources: `docs/spec/elections.md`, `docs/spec/support.md`.

use charter::{Counting, Edition, Source};

use crate::tests::{Coop, Setup, body, counted, office};

const ALL: u32 = 1_000_000;

/// Members whose gifts in dollars are their votes, one for one.
fn house(clauses: Vec<charter::Clause>, dollars: &[i64]) -> Coop {
    let clauses = clauses.into_iter().map(|clause| counted(Counting::Linear, clause)).collect();
    Setup { edition: Edition::TWO, ..Setup::new(clauses) }.found().with_weights(dollars)
}

/// How many weekly updates until somebody is seated, at most a hundred.
fn weeks_until_seated(coop: &mut Coop, member: u64) -> Option<usize> {
    (1..=100).find(|_| {
        coop.next();
        coop.holders("maintainer").contains(&Some(member))
    })
}

/// The holder has 10 votes, or none; everybody else is for two others alike, once by accident and once to keep the holder.
#[test]
fn a_tie_keeps_no_holder() {
    for own in [10, 0] {
        let mut coop = house(vec![office("maintainer", 14)], &[10, 190, 0]);
        coop.enter(&[1, 2, 3], "maintainer");
        coop.seat(&[1], "maintainer");
        if own > 0 {
            coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
        }
        coop.vote(2, "maintainer", ALL, &[(2, ALL), (3, ALL)]);
        // 14 days × 200 ÷ 180, or ÷ 190: in the third week.
        assert_eq!(weeks_until_seated(&mut coop, 2), Some(3), "with {own} votes; the earlier of equals");
    }
}

/// Nobody holds the office, and everybody is for two candidates alike.
#[test]
fn a_tie_keeps_no_office_vacant() {
    let mut coop = house(vec![office("maintainer", 14)], &[100, 100]);
    coop.enter(&[1, 2], "maintainer");
    for member in 1..=2 {
        coop.vote(member, "maintainer", ALL, &[(1, ALL), (2, ALL)]);
    }
    // Each is measured against half of the other: twice the settling time.
    assert_eq!(weeks_until_seated(&mut coop, 1), Some(4));
}

/// Ten of a hundred open a body of a hundred seats, so that every other decision would be a hundredth of all votes.
#[test]
fn a_hundred_seats_make_no_office_cheaper() {
    let mut coop = house(vec![office("maintainer", 14), body("crowd", 100, 14)], &[1; 100]);
    coop.enter(&[1], "maintainer");
    for member in 1..=10 {
        coop.vote(member, "maintainer", ALL, &[(1, ALL)]);
    }
    // 14 days × 100 ÷ 10, and no two days.
    assert_eq!(weeks_until_seated(&mut coop, 1), Some(20));
}

/// Investors hold a tenth at most. The workers' hours of a whole month are entered late, and one investor waits for it.
#[test]
fn an_investor_takes_no_office_while_hours_are_late() {
    let classes = ["workers: hours(last month) / 1 hour", "investors: donated(ever) / 1 USD"];
    let clauses = vec![counted(Counting::Linear, office("maintainer", 14))];
    let mut coop = Setup { clauses, edition: Edition::TWO, ..Setup::classes(&classes) }.found();
    let kernel = &mut coop.rules_mut().kernel;
    kernel.classes[1].at_most_ppm = Some(100_000);
    if let Some(Source::Support { kind, period }) = kernel.classes[0].weight.sources.pop() {
        kernel.classes[0].weight.sources.push(Source::Falling { kind, period });
    }
    coop.admit(1..=4);
    for worker in 1..=3 {
        coop.give(worker, "hours", 100 * 3_600, "2024-12-15");
    }
    coop.give(4, "donation", 1_000_000, "2025-01-01");
    coop.enter(&[1, 4], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(4, "maintainer", ALL, &[(4, ALL)]);
    let mut parts = Vec::new();
    // January's hours are never entered: in February those of December count by half, in March by a quarter.
    while coop.state.time < crate::tests::at("2025-03-25") {
        coop.next();
        let investor = u128::try_from(coop.total("maintainer", 4).unwrap()).unwrap();
        parts.push(investor * 100 / coop.decision("maintainer").capacity);
        assert_eq!(coop.holders("maintainer"), [Some(1)], "100, 50 or 25 votes against a tenth of all");
    }
    assert!(parts.iter().all(|part| *part <= 10), "per cent of all votes: {parts:?}");
    assert!(coop.weights()[0] == 25_000_000, "{:?}", coop.weights());
}
