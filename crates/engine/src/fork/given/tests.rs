//! The sum that was given, kind by kind, and what of it a fork divides.

use proptest::prelude::*;

use super::*;
use crate::edition::TWO;
use crate::tests::{Coop, Setup};

const HOUR: Counted = Counted { purchases: true, hour_minor: 2_000 };

fn house(counted: Counted) -> Coop {
    let mut house = Setup::classes(&["patrons: donated(ever) / 1 USD"]).found().with_weights(&[10, 0]);
    house.state.editions.current = TWO;
    house.rules_mut().kernel.fork.counted = counted;
    for (kind, amount) in [
        ("pledge", 700),
        ("purchase", 200),
        ("dues", 30),
        ("hours", 5_400),
        ("compute", 9_000),
        ("loan", 4),
        ("share-capital", 6),
    ] {
        house.give(2, kind, amount, "2025-01-01");
    }
    house
}

#[test]
fn each_kind_counts_where_the_kernel_says_so() {
    let given = |counted| house(counted).state.given_minor(MemberIndex(1), counted);
    assert_eq!(given(Counted::default()), 30 + 4 + 6, "dues, loan and shares");
    assert_eq!(given(Counted { purchases: true, hour_minor: 0 }), 240);
    assert_eq!(given(HOUR), 240 + 3_000, "an hour and a half at 20.00");
}

#[test]
fn what_was_taken_back_was_not_given() {
    let mut house = house(HOUR);
    let gift = house.give(2, "donation", 500, "2025-01-01");
    house.take_back(&gift, Some(499), "2025-01-01");
    assert_eq!(house.state.given_minor(MemberIndex(1), HOUR), 3_241);
}

#[test]
fn a_sum_is_divided_in_proportion_and_never_beyond_a_gift() {
    let house = house(Counted::default());
    let both: OrdSet<MemberIndex> = [MemberIndex(0), MemberIndex(1)].into_iter().collect();
    assert_eq!(house.state.divided(&both, 104), [100, 4], "1,000 and 40");
    assert_eq!(
        house.state.divided(&both, 13),
        [13, 0],
        "12.5 and 0.5: the greater remainder, of equal ones the lower number"
    );
    assert_eq!(house.state.divided(&both, 5_000), [1_000, 40], "more than they gave is nobody's gift");
    assert_eq!(house.state.given_at_most(&both), 1_040);
}

/// F19: what one member was paid is no debt of the others.
#[test]
fn nobody_takes_less_for_what_another_was_paid() {
    let mut house = house(Counted::default());
    let account = crate::tests::m(1).to_string().replace('_', "-");
    let entry = format!(
        r#"{{"at":"2025-01-01","source":"wage","narration":"n","currency":"USD","postings":[{{"account":"expenses:wages:{account}","minor":5000}},{{"account":"assets:bank","minor":-5000}}]}}"#
    );
    house.act(crate::tests::read("book_entry", &entry));
    let both: OrdSet<MemberIndex> = [MemberIndex(0), MemberIndex(1)].into_iter().collect();
    assert_eq!(house.state.given_at_most(&both), 40, "none of the first, who gave 10.00 and had 50.00");
}

proptest! {
    /// So many seconds are worth the sum, and one less is not.
    #[test]
    fn an_amount_of_hours_is_the_least_that_is_worth_the_sum(minor in 1_i64..1_000_000_000, hour_minor in 1_i64..1_000_000) {
        let counted = Counted { purchases: false, hour_minor };
        let seconds = amount_worth(SupportKind::Hours, minor, counted);
        prop_assert!(as_money(SupportKind::Hours, seconds, counted) >= i128::from(minor));
        prop_assert!(as_money(SupportKind::Hours, seconds - 1, counted) < i128::from(minor));
    }
}
