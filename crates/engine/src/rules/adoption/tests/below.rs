//! Constitutions inside the constitution.

use super::*;
use crate::chamber::{CONSTITUTION, Layer, Standing};
use crate::{DecisionId, MemberIndex};

const DEEPER: &str = "constitution \"style\" { settles-in \"7 days\" }";
const EDITOR: &str = "office \"editor\" { settles-in \"7 days\" }";

/// A constitution with `docs` in it, which has an editor and `style` in it, which has a list.
fn coop() -> Coop {
    let mut coop = found(&kernel(HELD), &lines(&[OFFICE, DOCS]), &[100, 100, 100]);
    put(&mut coop, "docs", &lines(&[EDITOR, DEEPER]));
    put(&mut coop, "docs/style", &lines(&["ranking \"words\""]));
    coop
}

#[test]
fn clauses_open_when_the_first_text_takes_the_vacant_seat() {
    let mut coop = found(&kernel(HELD), &lines(&[OFFICE, DOCS]), &[100, 100, 100]);
    assert_eq!(open(&coop), ["constitution", "maintainer", "docs"]);
    assert_eq!(coop.state.decision("docs").unwrap().kind(), crate::chamber::Kind::Constitution);
    assert_eq!(in_force(&coop, "docs"), None);
    let (text, document) = (lines(&[EDITOR]), hex(lines(&[EDITOR]).as_bytes()));
    propose(&mut coop, "docs", &text);
    support(&mut coop, "docs", &text, 1_000_000);
    let told = coop.next();
    assert_eq!(
        told,
        [
            format!("candidate-entered docs {document}"),
            format!("seat-taken docs {document} from nobody"),
            "decision-opened docs/editor".to_owned(),
            format!("rules-changed {}", coop.state.rules_hash()),
        ],
        "in the settling time of the vacant seat"
    );
    let editor = coop.state.decision("docs/editor").unwrap();
    assert_eq!((editor.layer, editor.updates), (Layer::Of(DecisionId(2)), 0));
    assert_eq!(coop.state.rules.clause("docs/editor").unwrap().name, "editor");
    assert_eq!(coop.state.decision("maintainer").unwrap().layer, CONSTITUTION);
}

#[test]
fn every_layer_has_its_own_n() {
    let mut coop = coop();
    coop.run(2);
    let capacity = |path: &str| coop.state.decision(path).unwrap().capacity;
    let of = |parts: u32| 3 * u128::from(quantity::votes_split(100_000_000, parts));
    assert_eq!(capacity("constitution"), of(1));
    assert_eq!([capacity("maintainer"), capacity("docs")], [of(2), of(2)]);
    assert_eq!([capacity("docs/editor"), capacity("docs/style")], [of(2), of(2)]);
    assert_eq!(capacity("docs/style/words"), of(1));
}

#[test]
fn what_closes_closes_to_any_depth() {
    let mut coop = coop();
    coop.open("docs/style/words", "a");
    coop.place(1, "docs/style/words", "a", 250_000);
    let text = lines(&["ranking \"other\""]);
    propose(&mut coop, "docs/style", &text);
    support(&mut coop, "docs/style", &text, 100_000);
    let told = put(&mut coop, "constitution", &lines(&[OFFICE]));
    assert_eq!(
        told[1..9],
        [
            "decision-closed docs freed 0",
            "decision-closed docs/editor freed 0",
            "decision-closed docs/style freed 3",
            "share-freed docs/style #1 100000",
            "share-freed docs/style #2 100000",
            "share-freed docs/style #3 100000",
            "decision-closed docs/style/words freed 1",
            "share-freed docs/style/words #1 250000",
        ]
    );
    assert_eq!(open(&coop), ["constitution", "maintainer"]);
    assert!(coop.state.rules.below.is_empty());
    assert!(coop.state.ballots.is_empty());
    assert_eq!((0..3).map(|who| coop.state.members.placed_ppm(MemberIndex(who))).sum::<u32>(), 0);
    assert!(coop.state.decisions[DecisionId(4)].candidates().iter().all(|c| c.text.is_none()));
    coop.run(3);
}

#[test]
fn a_kept_constitution_keeps_what_is_in_it() {
    let mut coop = coop();
    coop.enter(&[1, 2], "docs/editor");
    coop.seat(&[1], "docs/editor");
    coop.vote(1, "docs/editor", 250_000, &[(2, 1_000_000)]);
    coop.next();
    let before = coop.clone();
    put(&mut coop, "constitution", &lines(&[DOCS, TEAM]));
    assert_eq!(open(&coop), ["constitution", "docs", "docs/editor", "docs/style", "docs/style/words", "team"]);
    assert_eq!(coop.decision("docs/editor").seats(), before.decision("docs/editor").seats());
    assert_eq!(in_force(&coop, "docs/style"), in_force(&before, "docs/style"));
    assert_eq!(coop.state.ballots, before.state.ballots);
}

#[test]
fn what_a_text_below_leaves_open_comes_from_above() {
    let mut coop = coop();
    assert!(coop.state.decision("docs/editor").unwrap().electorate.is_empty());
    let narrow = "constitution \"docs\" electorate=\"workers\" { settles-in \"7 days\" }";
    put(&mut coop, "constitution", &lines(&[narrow]));
    for path in ["docs", "docs/editor", "docs/style", "docs/style/words"] {
        let electorate = &coop.state.decision(path).unwrap().electorate;
        assert_eq!(electorate, &[crate::ClassId(1)], "{path}");
    }
}

#[test]
fn a_holder_that_does_not_fit_any_more_loses_its_seat_and_what_it_defines() {
    let free = "constitution \"docs\" { settles-in \"7 days\"; may \"merge\" \"publish\" }";
    let bound = "constitution \"docs\" { settles-in \"7 days\"; may \"publish\" }";
    let merges = lines(&["office \"editor\" { settles-in \"7 days\"; may \"merge\" }", DEEPER]);
    let other = lines(&["office \"other\" { settles-in \"7 days\"; may \"merge\" }"]);
    let fits = lines(&["office \"other\" { settles-in \"7 days\"; may \"publish\" }"]);
    let mut coop = found(&kernel(HELD), &lines(&[OFFICE, free]), &[100, 100]);
    put(&mut coop, "docs", &merges);
    put(&mut coop, "docs/style", &lines(&["ranking \"words\""]));
    propose(&mut coop, "docs", &other);
    propose(&mut coop, "docs", &fits);
    support(&mut coop, "docs", &other, 100_000);
    coop.enter(&[1], "docs/editor");
    coop.vote(2, "docs/editor", 50_000, &[(1, 1_000_000)]);
    let told = put(&mut coop, "constitution", &lines(&[OFFICE, bound]));
    let [candidate, holder] = [&other, &merges].map(|text| hex(text.as_bytes()));
    let expected = [
        format!("document-no-longer-checks docs {holder}"),
        format!("seat-vacated docs from {holder}"),
        format!("document-no-longer-checks docs {candidate}"),
        "decision-closed docs/editor freed 1".to_owned(),
        "share-freed docs/editor #2 50000".to_owned(),
        "decision-closed docs/style freed 0".to_owned(),
        "decision-closed docs/style/words freed 0".to_owned(),
    ];
    assert_eq!(told[1..8], expected, "{told:?}");
    assert_eq!(open(&coop), ["constitution", "maintainer", "docs"]);
    assert!(coop.state.rules.below.is_empty());
    let standing = |text: &str| {
        let docs = coop.decision("docs");
        let candidate = docs.candidate(docs.candidate_by_name(&hex(text.as_bytes())).unwrap()).unwrap();
        (candidate.standing, candidate.text.is_some())
    };
    assert_eq!(standing(&other), (Standing::Out, false));
    assert_eq!(standing(&merges), (Standing::Out, false));
    assert_eq!(standing(&fits), (Standing::Nominee, true));
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 100_000, "ballots stand and count for nothing");
    refused(&coop, &proposal(1, "docs", &other), Rule::DoesNotCheck);
    put(&mut coop, "constitution", &lines(&[OFFICE, free]));
    coop.act(proposal(1, "docs", &other));
    coop.next();
    let docs = coop.decision("docs");
    let place = docs.candidate_by_name(&candidate).unwrap();
    assert!(docs.candidate(place).unwrap().attention > 0, "the old ballots count again, as attention");
}

/// Two updates in which a constitution without or with `docs` and a text for `docs/style` fill their buckets together.
fn two_at_once(root: &str) -> (Coop, Vec<String>) {
    let mut coop = coop();
    let leaf = lines(&["ranking \"other\""]);
    coop.run(2);
    propose(&mut coop, "constitution", root);
    propose(&mut coop, "docs/style", &leaf);
    support(&mut coop, "constitution", root, 250_000);
    support(&mut coop, "docs/style", &leaf, 150_000);
    let told = coop.next();
    assert_eq!(told.len(), 2, "both enter: {told:?}");
    let told = coop.next();
    (coop, told)
}

#[test]
fn take_overs_go_from_the_root_to_the_leaves() {
    let (coop, told) = two_at_once(&lines(&[DOCS]));
    let taken: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("seat-taken ")?.split(' ').next()).collect();
    assert_eq!(taken, ["constitution", "docs/style"], "{told:?}");
    assert!(coop.state.decision("docs/style/other").is_some());
    let (coop, told) = two_at_once(&lines(&[OFFICE]));
    let taken = told.iter().filter(|line| line.starts_with("seat-taken"));
    assert_eq!(taken.count(), 1, "what was closed does not take over: {told:?}");
    assert_eq!(open(&coop), ["constitution", "maintainer"]);
    assert!(told.contains(&"share-freed docs/style #1 150000".to_owned()), "{told:?}");
}

#[test]
fn a_name_below_may_be_one_of_above() {
    let mut coop = coop();
    put(&mut coop, "docs", &lines(&["office \"maintainer\" { settles-in \"7 days\" }"]));
    assert_eq!(coop.state.decision_place("maintainer"), Some(DecisionId(1)));
    assert!(coop.state.decision_place("docs/maintainer").is_some());
}

/// A group that settles quickly could otherwise use up every place that the co-op will ever have.
#[test]
fn a_constitution_inside_has_room_of_its_own() {
    let mut coop = coop();
    let many = |word: &str, count: u32| {
        let clauses: Vec<String> = (0..count).map(|at| format!("ranking \"{word}-{at}\"")).collect();
        rules(&clauses.join("\n"))
    };
    // `docs/editor`, `docs/style` and `docs/style/words` were there.
    put(&mut coop, "docs", &many("a", 4_092));
    let why = refused(&coop, &proposal(1, "docs", &many("b", 2)), Rule::TooMany);
    assert!(why.contains("`docs` has had 4095 of the 4096"), "{why}");
    put(&mut coop, "docs", &lines(&[DEEPER]));
    let text = lines(&["ranking \"words\""]);
    let why = refused(&coop, &proposal(1, "docs/style", &text), Rule::TooMany);
    assert!(why.contains("`docs` has had 4096 of the 4096"), "{why}");
    // Those above are not touched by it, and can begin the group anew.
    put(&mut coop, "constitution", &lines(&[OFFICE]));
    put(&mut coop, "constitution", &lines(&[OFFICE, DOCS]));
    put(&mut coop, "docs", &many("c", 4_096));
    assert_eq!(open(&coop).len(), 3 + 4_096);
}
