//! The threshold alone: the design's table, the splitting law, separate groups, and exactness at the edge.

use super::*;
use crate::tests::{Luck, tries};

const LIMITS: Limits = Limits { spending_limit_ppm: 250_000, least_conviction_ppm: 100_000 };
const VOTE: u128 = 1_000_000;

fn part(minor: u64, pool: u64, passed: &[(u64, u128)], conviction: u128) -> Part {
    Part::of(minor, pool, passed.iter().copied(), conviction).unwrap()
}

/// The votes that a request needs with C = 100, in micro-votes.
fn needs(minor: u64, pool: u64, passed: u64) -> Option<u128> {
    LIMITS.needs(100 * VOTE, &part(minor, pool, &[(passed, 7)], 7))
}

/// y after votes have stood for ever.
fn stood(votes: u128) -> Conviction {
    Conviction::default().toward(i128::try_from(votes).unwrap(), 10_000, 1)
}

#[test]
fn requests_need_what_the_table_says() {
    // Limit 25 %, least 10 %, R = 1,000, C = 100.
    assert_eq!(needs(0, 1_000, 0), Some(10_000_000));
    assert_eq!(needs(50, 1_000, 0), Some(13_419_344));
    assert_eq!(needs(100, 1_000, 0), Some(18_946_953));
    assert_eq!(needs(250, 1_000, 0), Some(100_000_000));
    assert_eq!(needs(251, 1_000, 0), None);
}

#[test]
fn it_is_more_and_never_as_much() {
    let all = part(250, 1_000, &[], 1);
    // √10 % is rounded down, so all of C suffices for no request at the limit but by a hair.
    assert!(!LIMITS.pass(stood(100 * VOTE), 100 * VOTE, &all));
    assert!(LIMITS.pass(stood(100 * VOTE + 1), 100 * VOTE, &all));
    assert!(!LIMITS.pass(stood(1_000 * VOTE), 100 * VOTE, &part(251, 1_000, &[], 1)));
    assert!(!LIMITS.pass(Conviction::default().toward(-5, 1, 1), 0, &part(1, 1_000, &[], 1)), "against it");
    assert!(!LIMITS.pass(Conviction::default(), 0, &part(1, 1_000, &[], 1)), "nothing is not more than nothing");
    // A quarter has an exact root: half.
    let quarter = Limits { least_conviction_ppm: 250_000, ..LIMITS };
    assert_eq!(quarter.needs(100 * VOTE, &part(125, 1_000, &[], 1)), Some(44_444_444), "25 ÷ (1 − ½ × ½)²");
}

#[test]
fn nobody_and_no_money_are_no_part() {
    assert!(Part::of(1, 1_000, [], 0).is_none());
    assert!(Part::of(1, 0, [], 1).is_none());
    assert_eq!(part(1, 3, &[], 1).ppm(), 333_334);
}

#[test]
fn splitting_gains_nothing() {
    // The last of 25 parts of 10 needs what 250 at once needs.
    assert_eq!(needs(10, 1_000 - 240, 240), needs(250, 1_000, 0));
    for seed in 0..tries() {
        let mut luck = Luck::new(seed);
        let pool = 1_000 + luck.below(1_000_000_000);
        let limits = Limits {
            spending_limit_ppm: 1 + u32::try_from(luck.below(1_000_000)).unwrap(),
            least_conviction_ppm: 1 + u32::try_from(luck.below(999_999)).unwrap(),
        };
        let capacity = u128::from(1 + luck.below(u64::MAX));
        let whole = luck.below(pool / 2) + 1;
        let at_once = limits.needs(capacity, &part(whole, pool, &[], 9));
        let mut passed = 0;
        let mut last = None;
        while passed < whole {
            let one = (1 + luck.below(whole)).min(whole - passed);
            last = Some(limits.needs(capacity, &part(one, pool - passed, &[(passed, 9)], 9)));
            passed += one;
        }
        assert_eq!(last, Some(at_once), "seed {seed}: {whole} of {pool} under {limits:?}");
    }
}

#[test]
fn more_money_needs_more() {
    for seed in 0..tries() {
        let mut luck = Luck::new(seed);
        let (pool, capacity) = (2 + luck.below(1 << 50), u128::from(luck.below(u64::MAX)));
        let one = 1 + luck.below(pool);
        let two = one + luck.below(pool);
        let need = |minor| LIMITS.needs(capacity, &part(minor, pool, &[], 1)).unwrap_or(u128::MAX);
        assert!(need(one) <= need(two), "seed {seed}");
        // Amounts that have passed for others alone count nothing, and for the same members all of them.
        let with = |backing| LIMITS.needs(capacity, &part(one, pool, &[(two, backing)], 4)).unwrap_or(u128::MAX);
        assert!(need(one) == with(0) && with(1) <= with(4), "seed {seed}");
    }
}

/// The most that a group with so many of 100 votes gets with one request of 10 after another.
fn takes(votes: u128, pool: u64) -> u64 {
    let mut passed = 0;
    let y = stood(votes * VOTE);
    while LIMITS.pass(y, 100 * VOTE, &part(10, pool - passed, &[(passed, 1)], 1)) {
        passed += 10;
    }
    passed
}

#[test]
fn separate_groups_add_up() {
    // One after the other, each takes 10.7 % of what is left.
    let mut pool = 100_000;
    let mut one_by_one = Vec::new();
    for _ in 0..5 {
        let one = takes(20, pool);
        one_by_one.push(one);
        pool -= one;
    }
    assert_eq!(one_by_one, ONE_BY_ONE);
    // In turns, each request is measured against what the others have left.
    let (mut pool, mut in_turns) = (100_000, [0; 5]);
    loop {
        let before = pool;
        for passed in &mut in_turns {
            if LIMITS.pass(stood(20 * VOTE), 100 * VOTE, &part(10, pool, &[(*passed, 1)], 1)) {
                (*passed, pool) = (*passed + 10, pool - 10);
            }
        }
        if pool == before {
            break;
        }
    }
    assert_eq!(in_turns, IN_TURNS);
}

/// 43.2 % of 100,000 together.
const ONE_BY_ONE: [u64; 5] = [10_700, 9_560, 8_530, 7_620, 6_800];
/// 37.5 %.
const IN_TURNS: [u64; 5] = [7_500, 7_490, 7_490, 7_490, 7_490];

#[test]
fn much_weight_takes_less_than_the_limit() {
    let most = |votes| takes(votes, 100_000);
    assert_eq!([10, 11, 20, 60, 100].map(most), RICH);
}

/// 60 of 100 votes take 21.6 %, and all of them 25 %, but for a request.
const RICH: [u64; 5] = [0, 1_700, 10_700, 21_630, 24_990];
