//! Cycles: who is paid, in which order, and what is saved.

use super::super::*;

fn asking(goal: u64, sums: &[u64], conviction: i128) -> Asking {
    let matched = to_minor(plain(sums, NANO));
    Asking { goal, pledged: sums.iter().sum(), matched, conviction, rank: 0, eligible_since: 0 }
}

/// The pool of 1,000 of the design, conviction in tenths.
fn four() -> [Asking; 4] {
    [
        asking(900, &[100, 100, 100], 2_000),
        asking(400, &[25, 25, 25, 25], 300),
        asking(100, &[10, 10, 10, 10], 50),
        asking(50, &[30, 20], 5),
    ]
}

fn paid(cycle: &Cycle) -> Vec<(usize, u64, u64)> {
    cycle.paid.iter().map(|paid| (paid.project, paid.from_pool, paid.pledges_charged)).collect()
}

#[test]
fn a_pool_of_a_thousand_pays_four_projects() {
    for order in [Order::Strict, Order::Skip] {
        let cycle = fund(1_000, order, 0, &four());
        assert_eq!(cycle.order, [3, 0, 1, 2]);
        assert_eq!(paid(&cycle), [(3, 0, 50), (0, 600, 300), (1, 300, 100), (2, 60, 40)]);
        assert_eq!((cycle.left, cycle.saving_for, cycle.saved), (40, None, 0));
    }
}

#[test]
fn the_first_that_cannot_be_paid_stops_a_strict_pool() {
    let strict = fund(599, Order::Strict, 0, &four());
    assert_eq!((paid(&strict), strict.left), (vec![(3, 0, 50)], 599));
    assert_eq!((strict.saving_for, strict.saved), (Some(0), 1));
    let skip = fund(599, Order::Skip, 0, &four());
    assert_eq!((paid(&skip), skip.left), (vec![(3, 0, 50), (1, 300, 100), (2, 60, 40)], 239));
    assert_eq!((skip.saving_for, skip.saved), (None, 0));
}

/// Three cycles in a row save, for whichever projects; the fourth passes over; then it saves again.
#[test]
fn after_three_cycles_of_saving_one_passes_over() {
    let (mut pool, mut saved, mut told) = (599, 0, Vec::new());
    for _ in 0..6 {
        let cycle = fund(pool, Order::Strict, saved, &four());
        (pool, saved) = (cycle.left, cycle.saved);
        told.push((cycle.saved, cycle.paid.len()));
    }
    assert_eq!(told, [(1, 1), (2, 1), (3, 1), (0, 3), (1, 1), (2, 1)]);
    assert_eq!(pool, 239);
}

#[test]
fn who_is_not_eligible_or_has_no_conviction_is_not_paid() {
    let few = asking(100, &[10, 20], 7);
    assert!(!few.is_eligible());
    let disliked = Asking { conviction: 0, ..asking(50, &[30, 20], 0) };
    let opposed = Asking { conviction: -1, ..disliked };
    let cycle = fund(1_000, Order::Strict, 0, &[few, disliked, opposed]);
    assert_eq!((cycle.order.len(), cycle.paid.len(), cycle.left), (0, 0, 1_000));
    // Exactly at the goal is enough: 9 + 16 and a match of 24.
    assert!(asking(49, &[9, 16], 1).is_eligible());
    assert!(!asking(50, &[9, 16], 1).is_eligible());
    // 30 + 20 and 48.98…, rounded down.
    assert!(asking(98, &[30, 20], 1).is_eligible() && !asking(99, &[30, 20], 1).is_eligible());
}

#[test]
fn ties_go_to_the_earlier_then_to_the_lower() {
    let one = asking(400, &[25, 25, 25, 25], 30);
    // As much conviction for as much money, in another size.
    let half = Asking { goal: 200, pledged: 50, matched: 150, ..asking(0, &[], 15) };
    assert_eq!((one.due(), half.due()), (300, 150));
    let later = Asking { eligible_since: 5, ..one };
    assert_eq!(fund(1_000, Order::Strict, 0, &[later, half, one]).order, [1, 2, 0]);
    assert_eq!(fund(1_000, Order::Strict, 0, &[one, later, half]).order, [0, 2, 1]);
    // Those that cost nothing are level among themselves, whatever their conviction.
    let free = asking(50, &[30, 20], 1);
    let liked = Asking { conviction: i128::MAX, eligible_since: 9, ..free };
    assert_eq!(fund(0, Order::Strict, 0, &[liked, free]).order, [1, 0]);
    let dear =
        Asking { goal: u64::MAX, pledged: 0, matched: u64::MAX, conviction: i128::MAX, rank: 0, eligible_since: 0 };
    assert_eq!(fund(u64::MAX, Order::Strict, 0, &[dear, free]).order, [1, 0]);
}

/// 600 + 300 + 120 + 48 of 1,000: big has 561 and tests has 280, which leaves both short. Tests is struck, whose 30 ÷ 300 is less than
/// 200 ÷ 600; then the pool holds all.
#[test]
fn scaling_strikes_one_at_a_time() {
    let projects = four();
    let matches: Vec<u128> = projects.iter().map(|one| u128::from(one.matched) * u128::from(NANO)).collect();
    let result = scaled(1_000, &matches, &projects);
    assert_eq!((result.struck, result.matched), (vec![1], vec![Some(600), None, Some(120), Some(48)]));
    // Of 510 docs has 57 where it lacks 60, and goes first; then tests; then big, which has 401 where it lacks 600.
    let result = scaled(510, &matches, &projects);
    assert_eq!((result.struck, result.matched), (vec![2, 1, 0], vec![None, None, None, Some(48)]));
    // Nothing is struck where the pool holds all matches.
    let result = scaled(1_068, &matches, &projects);
    assert_eq!((result.struck, result.matched), (vec![], vec![Some(600), Some(300), Some(120), Some(48)]));
    // Of two that are level the later goes.
    let level = [Asking { eligible_since: 3, ..projects[1] }, projects[1], projects[1]];
    let matches = [300 * u128::from(NANO); 3];
    assert_eq!(scaled(600, &matches, &level).struck, [0]);
    assert_eq!(scaled(300, &matches, &level).struck, [0, 2]);
}
