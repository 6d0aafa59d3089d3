//! The printed forms of given integers.

use super::*;

#[test]
fn decimals_round_half_away_and_group_thousands() {
    for (value, scale, places, expect) in [
        (0, 6, 2, "0.00"),
        (5_000, 6, 2, "0.01"),
        (4_999, 6, 2, "0.00"),
        (-4_999, 6, 2, "0.00"),
        (-5_000, 6, 2, "−0.01"),
        (999_999_999, 6, 2, "1,000.00"),
        (1_000, 0, 0, "1,000"),
        (100, 0, 0, "100"),
        (123_456_789, 0, 0, "123,456,789"),
        (i128::MIN, 38, 2, "−1.70"),
    ] {
        assert_eq!(decimal(value, scale, places), expect, "{value} {scale} {places}");
    }
}

#[test]
fn shares_print_only_the_places_they_need() {
    for (ppm, expect) in [(0, "0 %"), (1, "0.0001 %"), (125_000, "12.5 %"), (100_000, "10 %"), (1_000_000, "100 %")] {
        assert_eq!(Share::from_ppm(ppm).text, expect);
    }
}

#[test]
fn amounts_follow_the_currency() {
    assert_eq!(Amount::from_minor(-20_099, "USD", 2).text, "−200.99 USD");
    assert_eq!(Amount::from_minor(1_500, "JPY", 0).text, "1,500 JPY");
}
