//! The two ballots of an election, as typed.

use super::*;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, typed): &(&str, &str)| ((*name).to_owned(), (*typed).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_ballot_leaves_out_scores_of_nothing() {
    let draft = both_ballots(&fields(&[
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
    let problems = both_ballots(&fields(&[("for_share", "lots"), ("for.m_1", "12"), ("against.m_2", "3")]))
        .expect_err("two problems");
    let names: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(names, ["for_share", "for.m_1"]);
}
