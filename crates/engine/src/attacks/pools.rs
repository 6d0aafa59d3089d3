//! Pools by those who want more of them than their say: rings, accounts by the dozen, a cent beside a million. The arithmetic alone,
//! since no clause of a pool is in force yet.

use crate::pool::{Asking, Gift, NANO, Order, Pledges, Rule, capped, fund, plain, shared, to_minor};

/// A dollar, in cents.
const USD: u64 = 100;
/// The project of the ring, and four hundred that everybody else gives to.
const RING: u32 = 0;
const OTHERS: u32 = 400;

/// A thousand members with 10 USD each. So many of them put all of theirs into one project; everybody else gives 1 USD to each of ten
/// of the others.
fn ring_of(ring: u32) -> Pledges {
    let all_in = (0..ring).map(|member| Gift { project: RING, member, minor: 10 * USD });
    let honest = (ring..1_000).flat_map(|member| {
        // Ten of them, from another place for each member, so that few pairs meet more than once.
        let project = move |at: u32| 1 + (member * 7 + at * 37) % OTHERS;
        (0..10).map(move |at| Gift { project: project(at), member, minor: USD })
    });
    Pledges::of(1 + OTHERS as usize, all_in.chain(honest)).unwrap()
}

/// The match of the ring's project in minor units, and what it gets of a pool of 10,000 USD.
fn taken(pledges: &Pledges, rule: &Rule) -> (u64, u64) {
    let matches = pledges.matches_nano(rule).unwrap();
    let of_pool = shared(&matches, 10_000 * USD);
    (to_minor(matches[RING as usize]), to_minor(of_pool[RING as usize]))
}

/// Rings of 5, 10 and 20 % of a thousand members. Plainly each ordered pair adds 10 USD; under pairwise it adds less than M, here 1 USD
/// × 10 ÷ (1 + 10). M bounds the sum, and not the share of a pool that does not hold all matches; a cap does. Where the ring's project is their own and `self` is excluded, it is matched with nothing.
#[test]
fn a_ring_adds_less_than_m_a_pair_and_nothing_to_its_own_project() {
    let damped = Rule::Pairwise { m_minor: USD };
    let table = [
        (50, (2_450_000, 101_762), (222_727, 63_087)),
        (100, (9_900_000, 338_304), (900_000, 232_775)),
        (200, (39_800_000, 723_636), (3_618_181, 607_726)),
    ];
    for (ring, plainly, pairwise) in table {
        let pledges = ring_of(ring);
        assert_eq!(taken(&pledges, &Rule::Plain), plainly, "{ring} plain");
        assert_eq!(taken(&pledges, &damped), pairwise, "{ring} pairwise");
        let ordered_pairs = u64::from(ring) * u64::from(ring - 1);
        assert!(pairwise.0 < ordered_pairs * USD, "the bound");
        let plain = pledges.matches_nano(&Rule::Plain).unwrap();
        let cut = capped(&plain, 10_000 * USD, 100_000);
        assert_eq!(to_minor(cut.shares_nano[RING as usize]), 1_000 * USD, "a cap of a tenth");
        let own: Vec<Vec<u32>> = vec![(0..ring).collect()];
        assert_eq!(taken(&pledges.without_own(&own), &Rule::Plain), (0, 0), "{ring} self excluded");
    }
}

/// However much a ring puts in, pairwise adds less than M for each ordered pair of it.
#[test]
fn a_ring_with_a_million_each_adds_no_more_than_m_a_pair() {
    let rich = (0..50).map(|member| Gift { project: 0, member, minor: 1_000_000 * USD });
    let pledges = Pledges::of(1, rich).unwrap();
    let matched = |rule| to_minor(pledges.matches_nano(&rule).unwrap()[0]);
    assert_eq!(matched(Rule::Plain), 50 * 49 * 1_000_000 * USD);
    assert_eq!(matched(Rule::Pairwise { m_minor: USD }), 244_999, "of 2,450.00");
}

/// A hundred dollars over k accounts of one person: (k − 1) times as much again; under pairwise with M = 1 USD far less.
#[test]
fn accounts_of_one_person_multiply_a_gift() {
    let split = |accounts: u32| {
        let minor = 100 * USD / u64::from(accounts);
        Pledges::of(1, (0..accounts).map(|member| Gift { project: 0, member, minor })).unwrap()
    };
    for (accounts, plainly, pairwise) in [(1, 0, 0), (2, 100, 1), (10, 900, 81), (50, 4_900, 1_633)] {
        let matched = |rule| to_minor(split(accounts).matches_nano(&rule).unwrap()[0]) / USD;
        assert_eq!(matched(Rule::Plain), plainly, "{accounts}");
        assert_eq!(matched(Rule::Pairwise { m_minor: USD }), pairwise, "{accounts}");
    }
}

/// Three with a cent each are matched with 6 cents. A million alone is matched with nothing; with a friend's cent it is 200 USD.
#[test]
fn three_cents_and_a_million() {
    assert_eq!(plain(&[1, 1, 1], 1), 6);
    let million = 1_000_000 * USD;
    assert_eq!(plain(&[million], 1), 0);
    assert_eq!(plain(&[million, 1], 1), u128::from(200 * USD));
    // A hundred friends with a cent each: 100 × 200 USD, and what they match among themselves.
    let mut friends = vec![1; 100];
    friends.push(million);
    assert_eq!(plain(&friends, 1), u128::from(20_000 * USD + 99 * USD));
}

/// A project that asks for less is paid earlier, and less; one that asks for more than pledges and match come to is not paid.
#[test]
fn a_goal_that_is_understated_costs_what_it_says() {
    let asking = |goal, conviction| {
        let sums = [25 * USD; 4];
        Asking {
            goal: goal * USD,
            pledged: 100 * USD,
            matched: to_minor(plain(&sums, NANO)),
            conviction,
            rank: 0,
            eligible_since: 0,
        }
    };
    let honest = asking(400, 30);
    let paid = |first: Asking| fund(350 * USD, Order::Strict, 0, &[honest, first]).paid;
    // With a third of the conviction, and a goal of 190: 90 instead of 300.
    let low = paid(asking(190, 10));
    assert_eq!((low[0].project, low[0].from_pool), (1, 90 * USD));
    assert_eq!(paid(asking(401, 1_000)).len(), 1, "beyond pledges and match nobody is paid");
    assert_eq!(paid(asking(401, 1_000))[0].project, 0);
}
