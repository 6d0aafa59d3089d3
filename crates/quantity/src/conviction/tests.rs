//! Conviction: the numbers of its chapter, signs, and laws.

use proptest::prelude::*;

use super::Conviction;
use crate::half_power;

/// A micro-vote.
const VOTE: i128 = 1_000_000;

/// Conviction after these votes, one update each, in periods of which `half_life` quarters are a half-life.
fn after(votes: &[i128], quarters: u64) -> Conviction {
    votes.iter().fold(Conviction::default(), |y, votes| y.toward(*votes, 4, quarters))
}

/// Hundredths of a vote, rounded to the nearest.
fn hundredths(y: Conviction) -> i128 {
    (y.in_parts(10) + 50_000) / 100_000
}

#[test]
fn thirteen_weekly_updates_come_out_as_designed() {
    let throughout = |votes: i128| [votes; 13];
    assert_eq!(hundredths(after(&throughout(41 * VOTE / 10), 13)), 384);
    assert_eq!(hundredths(after(&throughout(109 * VOTE / 10), 13)), 1_022);
    let (mut moved_from, mut moved_to) = ([0; 13], [10 * VOTE; 13]);
    moved_from[..6].fill(10 * VOTE);
    moved_to[..6].fill(0);
    assert_eq!([hundredths(after(&moved_from, 13)), hundredths(after(&moved_to, 13))], [162, 775]);
}

#[test]
fn a_vote_counts_by_how_long_it_stood() {
    // Of 13 weeks: all of them, from the middle, the last quarter, the last week; in hundredths of a percent.
    for (weeks, wanted) in [(13, 9_375), (6, 7_218), (3, 4_726), (1, 1_920)] {
        let mut votes = [0; 13];
        votes[13 - weeks..].fill(10_000 * VOTE);
        let counts = after(&votes, 13).rounded() / VOTE;
        assert_eq!(counts, wanted, "{weeks} weeks");
    }
}

#[test]
fn products_are_rounded_toward_zero_and_nothing_has_no_sign() {
    let third = Conviction::default().toward(1, 1, 3);
    let negative = Conviction::default().toward(-1, 1, 3);
    assert_eq!(third.words(), (0, 0, (2_u128.pow(63) - u128::from(half_power(1, 3))) as u64 * 2));
    assert_eq!((negative.words().0, negative.words().2), (1, third.words().2));
    let kept = third.toward(0, 1, 3);
    assert_eq!(kept.words().2, ((u128::from(third.words().2) * u128::from(half_power(1, 3))) >> 63) as u64);
    assert_eq!(Conviction::default().toward(8, 3, 3).toward(-4, 3, 3), Conviction::default());
    assert_eq!(Conviction::default().toward(-7, 0, 3), Conviction::default());
    assert_eq!(negative.toward(0, u64::MAX, 1).words(), (0, 0, 0));
    assert!(negative < Conviction::default() && Conviction::default() < third && negative < third);
}

#[test]
fn the_greatest_capacity_fits() {
    let most = 1_i128 << 88;
    let y = (0..100).fold(Conviction::default(), |y, _| y.toward(most, 1, 1));
    assert_eq!(y.rounded(), most - 1);
    assert!(y.reaches(999_999, 1 << 88) && !y.reaches(1_000_000, 1 << 88));
    assert!(!Conviction::default().toward(-1, 1, 1).reaches(0, 1));
    assert!(Conviction::default().reaches(0, 1) && !Conviction::default().reaches(1, 1));
}

proptest! {
    /// Never beyond the votes that stood, and never away from those that stand.
    #[test]
    fn it_moves_toward_the_votes_and_not_beyond(
        votes in prop::collection::vec(-1_000_000_000_000_i128..1_000_000_000_000, 1..40),
        elapsed in 0_u64..1_000_000,
        half_life in 1_u64..1_000_000,
    ) {
        let mut y = Conviction::default();
        let (mut least, mut most) = (0, 0);
        for votes in votes {
            let then = y.toward(votes, elapsed, half_life);
            (least, most) = (least.min(votes), most.max(votes));
            prop_assert!((least..=most).contains(&then.rounded()));
            let (before, after) = ((votes - y.rounded()).abs(), (votes - then.rounded()).abs());
            prop_assert!(after <= before + 1);
            y = then;
        }
    }

    /// The way in one word comes to the same bits as the other.
    #[test]
    fn the_usual_case_is_the_same(
        whole in prop_oneof![0_u128..1 << 20, (1_u128 << 63) - 3..(1 << 63) + 3, any::<u128>()],
        part in any::<u64>(),
        votes in prop_oneof![-3_i128..1 << 40, (1_i128 << 63) - 3..(1 << 63) + 3],
        kept in prop_oneof![0_u64..=3, (1_u64 << 63) - 3..=1 << 63, 0_u64..=1 << 63],
    ) {
        let had = Conviction { negative: false, whole: whole >> 1, part };
        prop_assert_eq!(had.toward_small(votes, kept).unwrap_or(had.toward_any(votes, kept)), had.toward_any(votes, kept));
        let is_usual = whole >> 1 < 1 << 63 && (0..1 << 63).contains(&votes);
        prop_assert_eq!(had.toward_small(votes, kept).is_some(), is_usual);
    }

    /// The same with all signs turned.
    #[test]
    fn signs_do_not_matter(votes in prop::collection::vec(any::<i64>(), 1..40), half_life in 1_u64..100) {
        let run = |sign: i128| votes.iter().fold(Conviction::default(), |y, votes| y.toward(i128::from(*votes) * sign, 7, half_life));
        prop_assert_eq!(run(1).in_parts(1_000), -run(-1).in_parts(1_000));
    }
}
