//! Members type, and forms read.

use super::*;

#[test]
fn shares_are_read_exactly() {
    for (typed, expect) in [
        ("12.5", 125_000),
        ("12,5", 125_000),
        (" 12.5 % ", 125_000),
        ("0.0001", 1),
        ("100", 1_000_000),
        ("100.0000", 1_000_000),
        ("33.3333", 333_333),
        ("007", 70_000),
        (".5", 5_000),
        ("5.", 50_000),
        ("", 0),
        ("%", 0),
    ] {
        assert_eq!(share_ppm(typed), Ok(expect), "{typed}");
    }
}

#[test]
fn what_is_not_a_share_says_why() {
    for (typed, expect) in [
        ("100.0001", "at most 100 %"),
        ("99999999999999999999", "at most 100 %"),
        ("0.00001", "at most four places"),
        ("a fifth", "a number from 0 to 100"),
        ("-5", "a number from 0 to 100"),
        ("1.2.3", "a number from 0 to 100"),
        ("1e2", "a number from 0 to 100"),
        ("٣", "a number from 0 to 100"),
        (".", "a number from 0 to 100"),
        ("1000000000000000000000000000000000000000", "a number from 0 to 100"),
    ] {
        let words = share_ppm(typed).expect_err(typed);
        assert!(words.contains(expect), "{typed}: {words}");
    }
}

#[test]
fn scores_are_millionths_of_ten() {
    assert_eq!(score_ppm("10"), Ok(1_000_000));
    assert_eq!(score_ppm("7.5"), Ok(750_000));
    assert_eq!(score_ppm(""), Ok(0));
    assert!(score_ppm("11").is_err());
    assert!(score_ppm("-1").is_err());
}

#[test]
fn an_item_needs_a_side() {
    let fields = |pairs: &[(&str, &str)]| -> Fields {
        pairs.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())).collect()
    };
    assert!(side_and_share(&fields(&[("share", "5")])).is_err());
    assert_eq!(side_and_share(&fields(&[("share", "5"), ("side", "against")])), Ok((Side::Against, 50_000)));
}

#[test]
fn amounts_are_read_to_the_minor_unit() {
    for (typed, digits, expect) in [
        ("480", 2, 48_000),
        ("480.5", 2, 48_050),
        (" 480,50 ", 2, 48_050),
        ("0.01", 2, 1),
        ("1.500", 2, 150),
        ("480", 0, 480),
    ] {
        assert_eq!(number::amount_minor(typed, digits), Ok(expect), "{typed}");
    }
    for (typed, digits, expect) in [
        ("", 2, "give an amount, for example 480.50"),
        ("0", 2, "above 0"),
        ("-5", 2, "is not"),
        ("1,234.50", 2, "without signs between thousands"),
        ("0.001", 2, "at most 2 places"),
        ("1.5", 0, "at most 0 places"),
        ("99999999999999999999", 2, "more than any book"),
        ("<b>", 2, "is not"),
    ] {
        let words = number::amount_minor(typed, digits).expect_err(typed);
        assert!(words.contains(expect), "{typed}: {words}");
    }
}
