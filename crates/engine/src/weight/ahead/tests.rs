//! A weight foreseen is the one that updates then count.

use super::weight_ahead;
use crate::MemberIndex;
use crate::tests::{ONE, Setup, at};

#[test]
fn weight_ahead_is_what_updates_then_count() {
    let mut setup = Setup::classes(&[
        "patrons: min(donated(last month), pledged(next month)) / 1 USD",
        "contributors [list]: if count(contributors) == 1 then highest(patrons) else contributed(last year)",
        "friends sqrt: faded(donated, half-life 180 days) / 1 USD",
    ]);
    setup.floor_micro = ONE / 2;
    let mut coop = setup.found();
    coop.admit(1..=2);
    coop.run_until("2025-03-20");
    for month in ["2025-02-03", "2025-03-03"] {
        coop.give(1, "donation", 5_000, month);
    }
    coop.give(1, "pledge", 3_000, "2025-03-03");
    coop.give(1, "contribution", 7_000_000, "2025-03-01");
    coop.list("list", 1);
    coop.run_until("2025-03-25");
    let days: Vec<_> = ["2025-04-07T01:00:00Z", "2025-05-05T01:00:00Z", "2025-06-02T01:00:00Z", "2026-01-05T01:00:00Z"]
        .map(at)
        .to_vec();
    let foreseen = weight_ahead(&coop.state, MemberIndex(0), &days);
    for (day, foreseen) in days.into_iter().zip(foreseen) {
        coop.run_until(&day.to_string());
        assert_eq!(coop.weights()[0], foreseen, "{day}");
    }
}

#[test]
fn the_cap_counts_in_weight_ahead() {
    let mut setup =
        Setup::classes(&["patrons: faded(donated, half-life 30 days) / 1 USD", "customers: purchased(ever) / 1 USD"]);
    setup.cap_ppm = Some(400_000);
    let mut coop = setup.found().with_weights(&[500, 0, 0]);
    for other in [2, 3] {
        coop.give(other, "purchase", 10_000, "2025-01-01");
    }
    coop.run(1);
    let days: Vec<_> = ["2025-02-03T01:00:00Z", "2025-03-03T01:00:00Z", "2025-04-07T01:00:00Z"].map(at).to_vec();
    let foreseen = weight_ahead(&coop.state, MemberIndex(0), &days);
    assert!(foreseen[0] == coop.weights()[0] && foreseen[2] < foreseen[0], "capped at first: {foreseen:?}");
    for (day, foreseen) in days.into_iter().zip(foreseen) {
        coop.run_until(&day.to_string());
        assert_eq!(coop.weights()[0], foreseen, "{day}");
    }
}
