//! Laws of pools, on made-up pledges.

use proptest::prelude::*;

use super::super::*;
use super::pledges;

fn gifts() -> impl Strategy<Value = Vec<(u32, u32, u64)>> {
    prop::collection::vec((0_u32..4, 0_u32..12, 0_u64..100_000), 0..60)
}

fn projects() -> impl Strategy<Value = Vec<Asking>> {
    let one = (0_u64..2_000, prop::collection::vec(0_u64..400, 0..6), -5_i128..50, 0_i64..3).prop_map(
        |(goal, sums, conviction, eligible_since)| {
            let matched = to_minor(plain(&sums, NANO));
            Asking { goal, pledged: sums.iter().sum(), matched, conviction, rank: 0, eligible_since }
        },
    );
    prop::collection::vec(one, 0..8)
}

proptest! {
    /// Money in is money out and what is left; nobody is paid beyond the match or the goal; a strict pool pays the first of the order.
    #[test]
    fn money_in_is_money_out_and_left(pool in 0_u64..3_000, skip in any::<bool>(), saved in 0_u32..5, asking in projects()) {
        let order = if skip { Order::Skip } else { Order::Strict };
        let cycle = fund(pool, order, saved, &asking);
        let out: u64 = cycle.paid.iter().map(|paid| paid.from_pool).sum();
        prop_assert_eq!(out + cycle.left, pool);
        for paid in &cycle.paid {
            let one = &asking[paid.project];
            prop_assert!(paid.from_pool <= one.matched && paid.from_pool + paid.pledges_charged <= one.goal.max(one.pledged));
            prop_assert!(paid.from_pool + paid.pledges_charged >= one.goal && one.conviction > 0);
            prop_assert_eq!(paid.pledges_charged, one.pledged);
        }
        let funded: Vec<usize> = cycle.paid.iter().map(|paid| paid.project).collect();
        if !skip && saved < SAVED_CYCLES {
            prop_assert_eq!(&cycle.order[..funded.len()], &funded[..]);
            prop_assert_eq!(cycle.saving_for, cycle.order.get(funded.len()).copied());
        } else {
            prop_assert_eq!((cycle.saving_for, cycle.saved), (None, 0));
        }
    }

    /// A scaled match fits the pool, and leaves nobody short who was not struck.
    #[test]
    fn scaled_matches_fit_the_pool(pool in 0_u64..3_000, asking in projects()) {
        let matches: Vec<u128> = asking.iter().map(|one| u128::from(one.matched) * u128::from(NANO)).collect();
        let result = scaled(pool, &matches, &asking);
        let all: u64 = result.matched.iter().flatten().sum();
        prop_assert!(all <= pool);
        for (one, matched) in asking.iter().zip(&result.matched) {
            if let Some(matched) = matched {
                prop_assert!(one.pledged + matched >= one.goal && *matched <= one.matched);
            }
        }
        // So a strict cycle over them pays them all.
        let after = |(one, matched): (&Asking, &Option<u64>)| Asking { matched: matched.unwrap_or(0), ..*one };
        let again: Vec<Asking> = asking.iter().zip(&result.matched).map(after).collect();
        let cycle = fund(pool, Order::Strict, 0, &again);
        prop_assert_eq!(cycle.saving_for, None);
    }

    #[test]
    fn the_order_of_gifts_never_matters(given in gifts(), by in any::<prop::sample::Index>()) {
        let mut turned = given.clone();
        turned.rotate_left(by.index(given.len().max(1)).min(given.len()));
        turned.reverse();
        prop_assert_eq!(pledges(4, &given), pledges(4, &turned));
    }

    /// However members are numbered, each project has the same match.
    #[test]
    fn the_names_of_members_never_matter(given in gifts()) {
        let other: Vec<_> = given.iter().map(|(project, member, minor)| (*project, 11 - member, *minor)).collect();
        let groups = [vec![0, 1, 2, 3], vec![3, 4, 5], vec![6, 7]];
        let mirrored: Vec<Vec<u32>> = groups.iter().map(|group| group.iter().map(|member| 11 - member).collect()).collect();
        let (groups, mirrored) = (Groups::of(&groups).unwrap(), Groups::of(&mirrored).unwrap());
        let rules = |groups| [Rule::Plain, Rule::Pairwise { m_minor: 2_500 }, Rule::Connected { groups, unit_minor: 100 }];
        for (rule, same) in rules(&groups).iter().zip(&rules(&mirrored)) {
            prop_assert_eq!(pledges(4, &given).matches_nano(rule), pledges(4, &other).matches_nano(same));
        }
    }

    /// Nobody matches more under pairwise than plainly, and each ordered pair adds less than M.
    #[test]
    fn each_pair_adds_less_than_m(given in gifts(), m_minor in 1_u64..100_000) {
        let all = pledges(4, &given);
        let plain = all.matches_nano(&Rule::Plain).unwrap();
        let damped = all.matches_nano(&Rule::Pairwise { m_minor }).unwrap();
        for (project, (plain, damped)) in plain.iter().zip(&damped).enumerate() {
            let members = all.members(project).len() as u128;
            prop_assert!(*damped <= plain + 1);
            prop_assert!(*damped <= members * members.saturating_sub(1) * u128::from(m_minor) * u128::from(NANO));
        }
    }

    /// A pool is never shared beyond what it holds, and nobody has more than the cap.
    #[test]
    fn shares_fit_the_pool(matches in prop::collection::vec(0_u64..1_000_000, 0..9), pool in 0_u64..1_000_000, cap in 1_u32..=1_000_000) {
        let matches: Vec<u128> = matches.iter().map(|minor| u128::from(*minor) * u128::from(NANO)).collect();
        let pool_nano = u128::from(pool) * u128::from(NANO);
        let plain = shared(&matches, pool);
        prop_assert!(plain.iter().sum::<u128>() <= pool_nano);
        prop_assert!(plain.iter().zip(&matches).all(|(share, matched)| share <= matched));
        let cut = capped(&matches, pool, cap);
        prop_assert!(cut.shares_nano.iter().sum::<u128>() <= pool_nano);
        prop_assert!(cut.shares_nano.iter().all(|share| *share <= cut.limit_nano));
        // Whole but for dust, unless everybody with a match is at the cap.
        let all = matches.iter().sum::<u128>().min(pool_nano);
        let dust = all - cut.shares_nano.iter().sum::<u128>();
        let open = cut.shares_nano.iter().zip(&matches).any(|(share, matched)| *matched > 0 && *share < cut.limit_nano);
        prop_assert!(!open || dust <= matches.len() as u128);
    }

    #[test]
    fn crowds_as_one_by_one(unit in 0_u64..4, limits in prop::collection::vec(0_u64..20, 0..12)) {
        let mut active: Vec<usize> = (0..limits.len()).collect();
        while let Some(at) = active.iter().rposition(|place| limits[*place] < unit * active.len() as u64) {
            active.remove(at);
        }
        let crowd = crowd_match(unit, &limits);
        prop_assert_eq!(crowd.each_pays, unit * active.len() as u64);
        prop_assert_eq!(crowd.total, u128::from(crowd.each_pays) * active.len() as u128);
        prop_assert_eq!(crowd.active.len() + crowd.suspended.len(), limits.len());
        prop_assert_eq!(crowd.active, active);
    }
}
