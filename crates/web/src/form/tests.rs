//! What members type, and what is read.

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

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, typed): &(&str, &str)| ((*name).to_owned(), (*typed).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_ballot_leaves_out_scores_of_nothing() {
    let draft = ballot(&fields(&[
        ("for_share", "20"),
        ("against_share", ""),
        ("for.m_1", "10"),
        ("for.m_2", "0"),
        ("against.m_3", "2.5"),
        ("newcomer", " m_9 "),
        ("unknown", "x"),
    ]))
    .expect("a ballot");
    assert_eq!(draft.for_share_ppm, 200_000);
    assert_eq!(draft.against_share_ppm, 0);
    let scores: Vec<_> = draft.for_scores_ppm.into_iter().collect();
    assert_eq!(scores, [("m_1".to_owned(), 1_000_000), ("m_9".to_owned(), 1_000_000)]);
    let scores: Vec<_> = draft.against_scores_ppm.into_iter().collect();
    assert_eq!(scores, [("m_3".to_owned(), 250_000)]);
}

#[test]
fn every_bad_field_is_named_at_once() {
    let problems =
        ballot(&fields(&[("for_share", "lots"), ("for.m_1", "12"), ("against.m_2", "3")])).expect_err("two problems");
    let names: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(names, ["for_share", "for.m_1"]);
}

#[test]
fn an_item_needs_a_side() {
    assert!(item_ballot("220", &fields(&[("share", "5")])).is_err());
    let draft = item_ballot("220", &fields(&[("share", "5"), ("side", "against")]));
    let draft = draft.expect("a ballot");
    assert_eq!((draft.side, draft.share_ppm), (Side::Against, 50_000));
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
