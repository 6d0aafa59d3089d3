//! Who is counted by heads, at every boundary of the rule.

use imbl::OrdSet;
use proptest::prelude::*;

use super::*;
use crate::tests::m;

const DAY_US: i64 = 86_400 * 1_000_000;

fn day(day: i64) -> Moment {
    Moment(day * DAY_US)
}

fn members(count: u64) -> Members {
    let mut members = Members::default();
    for number in 1..=count {
        members.admit(m(number), false, day(0));
    }
    members
}

/// Weekly updates; each letter is one, `x` with weight.
fn counted(weeks: &[&str], proposed: i64) -> Vec<bool> {
    let mut tenure = Tenure::default();
    for week in 0..weeks[0].len() {
        let weights: Vec<u64> = weeks.iter().map(|own| u64::from(own.as_bytes()[week] == b'x')).collect();
        tenure.note(&weights, day(7 * (week as i64 + 1)));
        tenure.check(weights.len()).unwrap();
    }
    let members = members(weeks.len() as u64);
    let cutoff = tenure.cutoff(day(proposed));
    (0..weeks.len()).map(|one| tenure.is_counted(MemberIndex::at(one), cutoff, Of::All, &members)).collect()
}

#[test]
fn more_than_half_of_the_updates_since_the_first_are_asked_for() {
    // The founding period ends with the third update: from then on newcomers are not counted for 180 days.
    assert_eq!(
        counted(&["xxxx", "xxx-", "xx--", "x--x", "-x--", "----"], 30),
        [true, true, false, false, false, false]
    );
    assert_eq!(counted(&["xx", "x-"], 30), [true, false], "one of two is a half, and no more");
    assert_eq!(counted(&["xxx--x", "xxxxxx"], 50), [true, true], "four of six");
}

#[test]
fn who_first_had_weight_after_the_founding_period_waits_for_180_days() {
    let late = "---xxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    let early = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    // Theirs was the update of day 28.
    assert_eq!(counted(&[early, early, late], 28 + 179), [true, true, false]);
    assert_eq!(counted(&[early, early, late], 28 + 180), [true, true, true]);
    let third = "--xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    assert_eq!(counted(&[early, early, third], 30), [true, true, true], "within the founding period");
}

#[test]
fn until_two_members_have_weight_the_founding_period_goes_on() {
    assert_eq!(counted(&["xxxxxxxx", "------xx"], 50), [true, true], "one update after two had weight");
    assert_eq!(counted(&["xxxxxxxxx", "------xxx", "--------x"], 63), [true, true, true], "its last update");
    assert_eq!(counted(&["xxxxxxxxxx", "------xxxx", "---------x"], 63), [true, true, false]);
}

#[test]
fn former_and_idle_members_are_not_counted() {
    let mut tenure = Tenure::default();
    tenure.note(&[1, 1, 1], day(7));
    let mut members = members(3);
    members.end(MemberIndex(2), day(8));
    members.placed_mut(MemberIndex(1)).unwrap().ballots = 1;
    let all: OrdSet<MemberIndex> = (0..3).map(MemberIndex).collect();
    assert_eq!(tenure.heads(&all, day(9), Of::All, &members), [2, 2]);
    assert_eq!(tenure.heads(&all, day(9), Of::Active, &members), [1, 1]);
    assert_eq!(tenure.heads(&OrdSet::new(), day(9), Of::All, &members), [0, 2]);
}

#[test]
fn a_log_of_edition_1_begins_with_the_days_on_which_members_joined() {
    let mut tenure = Tenure::default();
    let mut members = Members::default();
    for (number, since) in [(1, 0), (2, 100), (3, 390)] {
        members.admit(m(number), false, day(since));
    }
    tenure.begin(&[1, 0, 1], &members, day(400));
    tenure.check(3).unwrap();
    let counted = |proposed: i64| {
        let cutoff = tenure.cutoff(day(proposed));
        (0..3).map(|one| tenure.is_counted(MemberIndex::at(one), cutoff, Of::All, &members)).collect::<Vec<_>>()
    };
    assert_eq!(counted(401), [true, false, true]);
    let mut before = Tenure::default();
    before.note(&[1, 0, 1], day(400));
    assert_ne!(before.digest, tenure.digest, "the days are in the hash");
}

proptest! {
    /// The noted gaps say the same as counting every update.
    #[test]
    fn noted_gaps_are_the_updates_without_weight(weeks in prop::collection::vec(prop::collection::vec(any::<bool>(), 1..30), 1..6)) {
        let length = weeks.iter().map(Vec::len).min().unwrap_or(0);
        let mut tenure = Tenure::default();
        for week in 0..length {
            let weights: Vec<u64> = weeks.iter().map(|own| u64::from(own[week])).collect();
            tenure.note(&weights, day(week as i64));
            prop_assert!(tenure.check(weights.len()).is_ok());
        }
        for (member, own) in weeks.iter().enumerate() {
            let own = &own[..length];
            let since = own.iter().position(|with| *with);
            let expected = since.is_some_and(|since| {
                let with = own[since..].iter().filter(|with| **with).count();
                2 * with > own.len() - since
            });
            let row = tenure.rows.get(member).copied().unwrap_or(NEVER);
            prop_assert_eq!(row.counts(Moment::LAST, tenure.updates), expected);
        }
    }
}

#[test]
fn who_has_weight_is_read_off_the_rows() {
    let mut tenure = Tenure::default();
    for weights in [[1, 0, 1].as_slice(), &[0, 0, 1, 1], &[1, 0, 1, 0]] {
        tenure.note(weights, day(weights.len() as i64));
    }
    let kept = postcard::to_allocvec(&tenure).unwrap();
    let mut read: Tenure = postcard::from_bytes(&kept).unwrap();
    assert!(read.check(4).is_err(), "the set is not kept");
    read.index_anew();
    assert_eq!(read, tenure);
    read.check(4).unwrap();
    assert_eq!(read.with_weight.differing(&Set::default()).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn each_of_its_numbers_is_in_the_hash_of_the_state() {
    let mut coop = crate::tests::Setup::new(Vec::new()).found().with_weights(&[1, 1]);
    coop.state.editions.current = crate::edition::TWO;
    let before = coop.state.hash();
    coop.run(3);
    let changes: [fn(&mut Tenure); 6] = [
        |tenure| tenure.updates += 1,
        |tenure| tenure.two += 1,
        |tenure| tenure.founded = None,
        |tenure| tenure.put(1, Row { first_at: Moment(1), ..*tenure.rows.get(1).unwrap() }),
        |tenure| tenure.put(1, Row { gaps: 1, ..*tenure.rows.get(1).unwrap() }),
        |tenure| tenure.put(1, Row { absent_since: 2, ..*tenure.rows.get(1).unwrap() }),
    ];
    let hash = coop.state.hash();
    assert_ne!(before, hash);
    for change in changes {
        let mut other = coop.clone();
        change(&mut other.state.tenure);
        assert_ne!(other.state.hash(), hash);
    }
    coop.state.tenure = Tenure::default();
    assert_ne!(coop.state.hash(), hash);
}
