//! Rules of pools, with the numbers of docs/spec/pools.md.

mod cycles;
mod laws;

use super::*;

/// Gifts as (project, member, minor units).
pub(super) fn pledges(projects: usize, gifts: &[(u32, u32, u64)]) -> Pledges {
    let gift = |(project, member, minor): &(u32, u32, u64)| Gift { project: *project, member: *member, minor: *minor };
    Pledges::of(projects, gifts.iter().map(gift)).unwrap()
}

fn nano(whole: u128) -> u128 {
    whole * u128::from(NANO)
}

#[test]
fn gifts_of_a_member_are_summed_before_the_root() {
    let apart = pledges(2, &[(0, 1, 2), (1, 1, 9), (0, 2, 8), (0, 1, 6)]);
    let together = pledges(2, &[(0, 2, 8), (0, 1, 8), (1, 1, 9)]);
    assert_eq!(apart, together);
    assert_eq!(apart.matches_nano(&Rule::Plain).unwrap(), [nano(16), 0]);
    assert_eq!((apart.pledged(0), apart.pledged(1), apart.pledged(2)), (16, 9, 0));
}

#[test]
fn pledges_beyond_all_bounds_are_reported() {
    let gift = |minor| Gift { project: 0, member: 1, minor };
    assert_eq!(Pledges::of(1, [gift(MOST_PLEDGED), gift(1)]), Err(Beyond::Pledged));
    assert_eq!(Pledges::of(1, [gift(u64::MAX), gift(u64::MAX)]), Err(Beyond::Pledged));
    assert!(Pledges::of(1, [gift(MOST_PLEDGED)]).is_ok());
    let crowd = (0..6_400).map(|member| Gift { project: 0, member, minor: 1 });
    let crowd = Pledges::of(1, crowd).unwrap();
    assert_eq!(crowd.matches_nano(&Rule::Pairwise { m_minor: 1 }), Err(Beyond::Pairs));
    assert!(matches!(Groups::of(&vec![Vec::new(); MOST_GROUPS + 1]), Err(Beyond::Groups)));
    // 199 others of 200 groups for each of 200 × 1,300 parts: 51,740,000 steps.
    let groups = Groups::of(&vec![(0..1_300).collect(); MOST_GROUPS]).unwrap();
    let crowd = Pledges::of(1, (0..1_300).map(|member| Gift { project: 0, member, minor: 1 })).unwrap();
    assert_eq!(crowd.matches_nano(&Rule::Connected { groups: &groups, unit_minor: 1 }), Err(Beyond::Steps));
}

#[test]
fn own_pledges_are_not_matched_where_they_are_excluded() {
    let all = pledges(2, &[(0, 1, 100), (0, 2, 100), (0, 3, 100), (1, 1, 4), (1, 2, 9)]);
    let matched = all.without_own(&[vec![1, 2]]);
    assert_eq!(matched.matches_nano(&Rule::Plain).unwrap(), [0, nano(12)]);
    assert_eq!((matched.members(0), all.pledged(0)), ([3].as_slice(), 300));
}

/// Two who give 25 each, M = 25: k = 1/2, and both orders add 12.5 each.
#[test]
fn pairwise_counts_every_ordered_pair() {
    let rule = Rule::Pairwise { m_minor: 25 };
    let two = pledges(1, &[(0, 1, 25), (0, 2, 25)]);
    assert_eq!(two.matches_nano(&rule).unwrap(), [nano(25)]);
    // The same two in a second project: k = 25 ÷ (25 + 25 + 50) = 1/4.
    let twice = pledges(2, &[(0, 1, 25), (0, 2, 25), (1, 1, 100), (1, 2, 25)]);
    assert_eq!(twice.matches_nano(&rule).unwrap(), [nano(25) / 2, nano(25)]);
    // Three with one project, one of them in another: only pairs count.
    let three = pledges(2, &[(0, 1, 4), (0, 2, 4), (0, 3, 4), (1, 3, 400)]);
    assert_eq!(three.matches_nano(&Rule::Pairwise { m_minor: 4 }).unwrap(), [nano(12), 0]);
    // Thirds add up to whole ones.
    let thirds = pledges(1, &[(0, 1, 2), (0, 2, 2), (0, 3, 2)]);
    assert_eq!(thirds.matches_nano(&Rule::Pairwise { m_minor: 1 }).unwrap(), [nano(4)]);
}

/// With a large M nobody is damped; and sums of any size keep their place.
#[test]
fn pairwise_without_damping_is_plain() {
    let all = pledges(1, &[(0, 1, 10), (0, 2, 20), (0, 3, 30)]);
    let (plain, damped) = (
        all.matches_nano(&Rule::Plain).unwrap()[0],
        all.matches_nano(&Rule::Pairwise { m_minor: MOST_PLEDGED }).unwrap()[0],
    );
    assert!(plain.abs_diff(damped) <= 1, "{plain} {damped}");
    let great = pledges(1, &[(0, 1, MOST_PLEDGED / 2), (0, 2, MOST_PLEDGED / 2)]);
    let half = great.matches_nano(&Rule::Pairwise { m_minor: MOST_PLEDGED / 2 }).unwrap();
    assert_eq!(half, [nano(u128::from(MOST_PLEDGED / 2))]);
}

/// The example that comes with the authors' own program, plural-qf: groups {0, 1} and {1, 2}, who give 10, 20 and nothing.
/// √10 + √20 ÷ 2 beside √20 ÷ 2.
#[test]
fn connected_groups_as_their_authors_have_it() {
    let groups = Groups::of(&[vec![0, 1], vec![1, 2]]).unwrap();
    let all = pledges(1, &[(0, 0, 10), (0, 1, 20)]);
    let rule = |unit_minor| Rule::Connected { groups: &groups, unit_minor };
    assert_eq!(all.matches_nano(&rule(1)).unwrap(), [6_948_688_455]);
    // In cents the same, since roots are of units.
    let cents = pledges(1, &[(0, 0, 1_000), (0, 1, 2_000)]);
    assert_eq!(cents.matches_nano(&rule(100)).unwrap(), [694_868_845_520]);
}

#[test]
fn groups_that_do_not_know_each_other_are_as_two_givers() {
    let groups = Groups::of(&[vec![0, 1], vec![2]]).unwrap();
    let rule = Rule::Connected { groups: &groups, unit_minor: 1 };
    // 4 + 5 beside 16: 2 × 3 × 4. Member 7 is a group alone: 2 × 1 × (3 + 4) more.
    assert_eq!(pledges(1, &[(0, 0, 4), (0, 1, 5), (0, 2, 16)]).matches_nano(&rule).unwrap(), [nano(24)]);
    let more = pledges(1, &[(0, 0, 4), (0, 1, 5), (0, 2, 16), (0, 7, 1)]);
    assert_eq!(more.matches_nano(&rule).unwrap(), [nano(38)]);
    // A group alone gets nothing, however many are in it; nobody in a group is matched plainly.
    assert_eq!(pledges(1, &[(0, 0, 4), (0, 1, 9)]).matches_nano(&rule).unwrap(), [0]);
    assert_eq!(pledges(1, &[(0, 8, 4), (0, 9, 9)]).matches_nano(&rule).unwrap(), [nano(12)]);
    // Two groups with a member in common: roots of 16 and 81 where somebody is known, √(4 × 9) for both orders.
    let common = Groups::of(&[vec![0, 2], vec![1, 2]]).unwrap();
    let rule = Rule::Connected { groups: &common, unit_minor: 1 };
    assert_eq!(pledges(1, &[(0, 0, 16), (0, 1, 81)]).matches_nano(&rule).unwrap(), [nano(12)]);
}

#[test]
fn what_is_cut_goes_to_the_others() {
    // 700, 200, 100 of 1,000 under a cap of 0.4: 400; then 600 × 2/3 and 1/3 are 400 and 200.
    let cut = capped(&[nano(700), nano(200), nano(100)], 1_000, 400_000);
    assert_eq!((cut.shares_nano, cut.rounds), (vec![nano(400), nano(400), nano(200)], vec![vec![0]]));
    // Under 0.35 the second is above too: 350, 350, and the third has 300.
    let cut = capped(&[nano(700), nano(200), nano(100)], 1_000, 350_000);
    assert_eq!((cut.shares_nano, cut.rounds), (vec![nano(350), nano(350), nano(300)], vec![vec![0], vec![1]]));
    // Where all are at the cap, the rest stays.
    let cut = capped(&[nano(700), nano(300)], 1_000, 100_000);
    assert_eq!(cut.shares_nano, [nano(100), nano(100)]);
    assert_eq!(capped(&[], 1_000, 100_000).shares_nano, []);
    assert_eq!(capped(&[nano(5), 0], 1_000, 1_000_000).shares_nano, [nano(5), 0]);
}

#[test]
fn a_surplus_is_split_to_the_cent() {
    assert_eq!(surplus(99_999, &[12, 7, 7, 0, 1]), [44_444, 25_926, 25_926, 0, 3_703]);
    assert_eq!(surplus(1, &[0, 0, 0]), [0, 0, 0]);
    assert_eq!(surplus(5, &[]), [] as [i64; 0]);
}

#[test]
fn crowds_suspend_one_at_a_time() {
    let crowd = |unit, limits: &[u64]| {
        let crowd = crowd_match(unit, limits);
        (crowd.active, crowd.suspended, crowd.each_pays, crowd.total)
    };
    assert_eq!(crowd(1, &[3, 1, 10, 2]), (vec![0, 2], vec![3, 1], 2, 4));
    assert_eq!(crowd(1, &[]), (vec![], vec![], 0, 0));
    assert_eq!(crowd(5, &[4]), (vec![], vec![0], 0, 0));
    assert_eq!(crowd(0, &[0, 0]), (vec![0, 1], vec![], 0, 0));
    // Both could stay alone: the later goes.
    assert_eq!(crowd(1, &[1, 1]), (vec![0], vec![1], 1, 1));
    assert_eq!(crowd(u64::MAX, &[u64::MAX, u64::MAX]), (vec![0], vec![1], u64::MAX, u128::from(u64::MAX)));
}
