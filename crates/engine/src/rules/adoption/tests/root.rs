//! The constitution itself is replaced.

use super::*;
use crate::act::{CastBallot, Nominate};
use crate::chamber::{CONSTITUTION, Standing};
use crate::tests::{ONE, doc};
use crate::{DecisionId, MemberIndex};

fn coop(clauses: &[&str]) -> Coop {
    found(&kernel(HELD), &lines(clauses), &[100, 100, 100])
}

#[test]
fn same_path_and_kind_keep_ballots_holders_and_buckets() {
    let mut coop = coop(&[OFFICE, TEAM, CONDUCT, ISSUES]);
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(1, "maintainer", 250_000, &[(2, 1_000_000)]);
    coop.open("issues", "a");
    coop.place(2, "issues", "a", 90_000);
    coop.next();
    let before = coop.clone();
    let new = "office \"maintainer\" votes=\"linear\" { settles-in \"28 days\"; changes \"monday 07:00\" }\n\
               ranking \"issues\" { close-after \"30 days\" floor=\"0.5 votes\" }";
    let text = rules(&format!("{TEAM}\n{CONDUCT}\n{new}"));
    let told = put(&mut coop, "constitution", &text);
    let (old, new) = (before.state.decision("maintainer").unwrap(), coop.state.decision("maintainer").unwrap());
    assert_eq!(told.len(), 2, "the seat and the rules: {told:?}");
    assert_eq!(told[1], format!("rules-changed {}", coop.state.rules_hash()));
    assert_ne!(before.state.rules_hash(), coop.state.rules_hash());
    assert_eq!(before.state.decision_place("maintainer"), coop.state.decision_place("maintainer"));
    assert_eq!((old.seats(), old.candidates()), (new.seats(), new.candidates()));
    assert!(coop.bucket("maintainer", 2) > 0);
    assert_eq!((old.capacity, old.updates), (new.capacity, new.updates));
    assert_eq!(new.terms().unwrap().settles_in.seconds(), 28 * 86_400);
    assert_eq!(new.counting, charter::Counting::Linear);
    assert_eq!(coop.state.ballots, before.state.ballots);
    assert!(coop.decision("issues").items().eq(before.decision("issues").items()));
    assert_eq!(coop.decision("issues").close_after_s(), Some(30 * 86_400));
    assert_eq!(coop.decision("issues").floor_micro(), 500_000);
}

#[test]
fn removed_decisions_close_and_shares_come_free() {
    let mut coop = coop(&[OFFICE, ISSUES, CONDUCT]);
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(2, "maintainer", 300_000, &[(1, 1_000_000)]);
    coop.oppose(2, "maintainer", 100_000, &[(2, 1_000_000)]);
    coop.open("issues", "a");
    coop.open("issues", "b");
    coop.place(2, "issues", "a", 90_000);
    coop.place(2, "issues", "b", 10_000);
    coop.place(3, "issues", "b", 20_000);
    coop.propose(1, "conduct", &doc(1));
    coop.act(Act::Nominate(Nominate {
        member: m(3),
        decision: "conduct".to_owned(),
        candidate: doc(1),
        share_ppm: 5_000,
        against: false,
    }));
    let text = lines(&[CONDUCT]);
    let told = put(&mut coop, "constitution", &text);
    let expected = [
        "decision-closed maintainer freed 1",
        "share-freed maintainer #2 400000",
        "decision-closed issues freed 2",
        "share-freed issues #2 100000",
        "share-freed issues #3 20000",
    ];
    assert_eq!(told[1..6], expected, "{told:?}");
    assert_eq!(open(&coop), ["constitution", "conduct"]);
    let placed: Vec<u32> = (0..3).map(|who| coop.state.members.placed_ppm(MemberIndex(who))).collect();
    assert_eq!(placed, [0, 0, 5_000]);
    assert_eq!(coop.state.ballots.len(), 1);
    let gone = &coop.state.decisions[DecisionId(1)];
    assert_eq!((gone.name.as_str(), gone.closed_at), ("maintainer", Some(coop.state.time)));
    assert_eq!(gone.seats().holders, [None]);
    assert!(gone.candidates().iter().all(|c| c.standing == Standing::Out));
    assert_eq!(coop.state.decisions[DecisionId(2)].open_items().count(), 0);
    let act = Act::CastBallot(crate::tests::ballot(2, "maintainer", 0, &[]));
    refused(&coop, &act, Rule::UnknownDecision);
    coop.run(3);
    assert_eq!(coop.state.decisions[DecisionId(1)].updates, 0, "a closed decision is not counted");
}

#[test]
fn a_path_that_opens_again_has_a_new_place() {
    let mut coop = coop(&[OFFICE]);
    coop.enter(&[1], "maintainer");
    coop.seat(&[1], "maintainer");
    let empty = rules("");
    put(&mut coop, "constitution", &empty);
    assert_eq!(coop.state.decision_place("maintainer"), None);
    let told = put(&mut coop, "constitution", &lines(&[OFFICE]));
    assert_eq!(told[1], "decision-opened maintainer");
    assert_eq!(coop.state.decision_place("maintainer"), Some(DecisionId(2)));
    assert_eq!(coop.holders("maintainer"), [None]);
    assert!(coop.decision("maintainer").candidates().is_empty());
}

#[test]
fn another_kind_under_the_same_name_is_another_decision() {
    for (was, is) in [
        (OFFICE, "body \"maintainer\" seats=1 { settles-in \"14 days\" }"),
        (OFFICE, "ranking \"maintainer\""),
        (CONDUCT, "constitution \"conduct\" { settles-in \"14 days\" }"),
    ] {
        let mut coop = coop(&[was]);
        let name = coop.state.decisions[DecisionId(1)].name.clone();
        let told = put(&mut coop, "constitution", &lines(&[is]));
        assert!(told.contains(&format!("decision-closed {name} freed 0")), "{told:?}");
        assert!(told.contains(&format!("decision-opened {name}")), "{told:?}");
        assert_eq!(coop.state.decision_place(&name), Some(DecisionId(2)));
    }
}

#[test]
fn of_too_many_seats_the_lowest_go() {
    let mut coop = coop(&[TEAM]);
    coop.enter(&[1, 2, 3], "team");
    coop.seat(&[1, 2, 3], "team");
    coop.vote(1, "team", 500_000, &[(1, 400_000), (2, 1_000_000), (3, 400_000)]);
    coop.next();
    let two = lines(&["body \"team\" seats=2 { settles-in \"14 days\" }"]);
    let told = put(&mut coop, "constitution", &two);
    assert_eq!(told[1], "seat-vacated team from #3", "the later seat where totals are equal");
    assert_eq!(coop.holders("team"), [Some(1), Some(2)]);
    assert_eq!(coop.standing("team", 3), Standing::Candidate);
    assert_eq!(coop.bucket("team", 3), 0);
    let four = lines(&["body \"team\" seats=4 { settles-in \"14 days\" }"]);
    put(&mut coop, "constitution", &four);
    assert_eq!(coop.holders("team"), [Some(1), Some(2), None, None]);
    let one = lines(&["body \"team\" seats=1 { settles-in \"14 days\" }"]);
    let told = put(&mut coop, "constitution", &one);
    assert_eq!(told[1], "seat-vacated team from #1", "vacant seats go first");
    assert_eq!(coop.holders("team"), [Some(2)]);
}

#[test]
fn the_electorate_is_the_new_clauses() {
    let mut coop = coop(&["office \"maintainer\" electorate=\"patrons\" { settles-in \"14 days\" }"]);
    worker(&mut coop, 3);
    assert_eq!(coop.state.decisions[DecisionId(1)].electorate, [crate::ClassId(0)]);
    let text = lines(&["office \"maintainer\" electorate=\"workers\" { settles-in \"14 days\" }"]);
    put(&mut coop, "constitution", &text);
    assert_eq!(coop.state.decisions[DecisionId(1)].electorate, [crate::ClassId(1)]);
}

#[test]
fn a_constitution_takes_over_by_its_bucket() {
    let mut coop = coop(&[OFFICE, ISSUES]);
    let text = lines(&[OFFICE, TEAM]);
    coop.open("issues", "a");
    coop.place(1, "issues", "a", 750_000);
    propose(&mut coop, "constitution", &text);
    support(&mut coop, "constitution", &text, 250_000);
    let document = hex(text.as_bytes());
    assert_eq!(coop.next(), [format!("candidate-entered constitution {document}")]);
    let told = coop.next();
    let from = in_force(&found(&kernel(HELD), &lines(&[OFFICE, ISSUES]), &[]), "constitution");
    assert_eq!(
        told,
        [
            format!("seat-taken constitution {document} from {}", from.unwrap()),
            "decision-opened team".to_owned(),
            "decision-closed issues freed 1".to_owned(),
            "share-freed issues #1 750000".to_owned(),
            format!("rules-changed {}", coop.state.rules_hash()),
        ]
    );
    assert_eq!(coop.state.rules.constitution.clauses.len(), 2);
    assert_eq!(coop.state.decision("team").unwrap().updates, 0);
    assert_eq!(coop.state.decision("team").unwrap().opened_at, coop.state.time);
    assert_eq!(coop.state.document_in_force(DecisionId::ROOT).unwrap().text.as_deref(), Some(text.as_str()));
}

#[test]
fn a_decision_that_closes_does_not_take_over_in_the_same_update() {
    let mut coop = coop(&["office \"maintainer\" { settles-in \"7 days\" }"]);
    let text = lines(&[ISSUES]);
    coop.enter(&[1], "maintainer");
    propose(&mut coop, "constitution", &text);
    support(&mut coop, "constitution", &text, 250_000);
    for member in 1..=3 {
        coop.vote(member, "maintainer", 250_000, &[(1, 1_000_000)]);
    }
    coop.next();
    let told = coop.next();
    assert!(told.iter().any(|line| line.starts_with("decision-closed maintainer")), "{told:?}");
    assert!(!told.iter().any(|line| line.starts_with("seat-taken maintainer")), "{told:?}");
}

#[test]
fn change_times_before_a_clause_stood_are_none_of_its() {
    let mut coop = coop(&[OFFICE]);
    coop.run(5);
    let timed = "office \"maintainer\" { settles-in \"14 days\"; changes \"monday 07:00\" }";
    let later = "office \"editor\" { settles-in \"14 days\"; changes \"monday 08:00\" }";
    put(&mut coop, "constitution", &lines(&[timed, later]));
    let next = coop.state.next_due();
    assert_eq!(next, crate::Due::Change(at("2025-02-03T07:00:00Z")), "the update was on that Monday at 01:00");
    coop.next();
    assert_eq!(coop.state.next_due(), crate::Due::Change(at("2025-02-03T08:00:00Z")));
    // The same rhythm in another text is the same: nothing is skipped.
    put(&mut coop, "constitution", &lines(&[timed, later, ISSUES]));
    assert_eq!(coop.state.next_due(), crate::Due::Change(at("2025-02-03T08:00:00Z")));
}

#[test]
fn n_counts_open_decisions_only() {
    let mut coop = coop(&[OFFICE, ISSUES, CONDUCT]);
    coop.next();
    let third = coop.state.decision("maintainer").unwrap().capacity;
    put(&mut coop, "constitution", &lines(&[OFFICE, TEAM]));
    coop.next();
    let now = coop.state.decision("maintainer").unwrap().capacity;
    assert_eq!(third, 3 * u128::from(quantity::votes_split(100 * ONE, 3)));
    assert_eq!(now, 3 * 10 * u128::from(ONE), "the team has not been open for an update");
    coop.run(20);
    let now = coop.state.decision("maintainer").unwrap().capacity;
    assert_eq!(now, 3 * u128::from(quantity::votes_split(100 * ONE, 4)));
    assert!(coop.state.open_decisions().all(|(_, d)| d.name == "constitution" || d.layer == CONSTITUTION));
}

#[test]
fn a_text_is_asked_for_and_checked() {
    let coop = coop(&[OFFICE]);
    let text = lines(&[OFFICE, TEAM]);
    let with = |document: String, text: Option<&str>| {
        Act::ProposeDocument(ProposeDocument {
            member: m(1),
            decision: "constitution".to_owned(),
            document,
            text: text.map(Arc::from),
        })
    };
    let hash = hex(text.as_bytes());
    refused(&coop, &with(hash.clone(), None), Rule::TextMissing);
    refused(&coop, &with(hash, Some("another")), Rule::TextMissing);
    refused(&coop, &with("AB".repeat(32), Some(&text)), Rule::NameNotAllowed);
    let wrong = rules("office \"a\"\noffice \"b\"\noffice \"c\"\noffice \"d\"");
    let why = refused(&coop, &proposal(1, "constitution", &wrong), Rule::DoesNotCheck);
    assert!(why.contains("4 mistakes") && why.contains("4:1: C"), "{why}");
    assert!(why.ends_with("and so on"), "{why}");
    for taken in ["constitution", "kernel"] {
        let text = rules(&format!("office \"{taken}\" {{ settles-in \"14 days\" }}"));
        let why = refused(&coop, &proposal(1, "constitution", &text), Rule::DoesNotCheck);
        assert!(why.contains(taken), "{why}");
    }
    let text = lines(&["office \"x\" electorate=\"nobody\" { settles-in \"14 days\" }"]);
    refused(&coop, &proposal(1, "constitution", &text), Rule::DoesNotCheck);
    let long = rules(&format!("{OFFICE}\n// {}", "x".repeat(1 << 20)));
    refused(&coop, &proposal(1, "constitution", &long), Rule::DoesNotCheck);
    refused(&coop, &proposal(1, "constitution", &lines(&[OFFICE])), Rule::DocumentInForce);
    refused(&coop, &proposal(1, "maintainer", &text), Rule::WrongKindOfDecision);
}

#[test]
fn a_hundred_texts_stand_and_those_that_are_out_are_forgotten() {
    let mut coop = coop(&[OFFICE]);
    coop.admit(4..=34);
    let text = |number: u32| rules(&format!("{OFFICE}\n// {number}"));
    let by = |member: u64, number: u32| proposal(member, "constitution", &text(number));
    for number in 1..100 {
        // The one in force counts.
        coop.act(by(1 + u64::from(number - 1) / 3, number));
    }
    refused(&coop, &by(34, 100), Rule::TooMany);
    let texts = |coop: &Coop| {
        let all = coop.decision("constitution").candidates().iter();
        all.filter(|candidate| candidate.text.is_some()).count()
    };
    assert_eq!(texts(&coop), 100);
    coop.act(Act::WithdrawCandidacy(crate::act::WithdrawCandidacy {
        member: m(3),
        decision: "constitution".to_owned(),
        document: Some(hex(text(7).as_bytes())),
    }));
    assert_eq!(texts(&coop), 99);
    let why = refused(&coop, &by(2, 100), Rule::TooMany);
    assert!(why.contains("3 texts of yours"), "{why}");
    coop.act(by(3, 100));
    coop.next();
    assert_eq!(texts(&coop), 1, "nobody gave them attention: they dropped out");
}

/// A share that counts for nothing any more can be placed elsewhere.
#[test]
fn who_may_vote_no_more_takes_shares_back() {
    let list = |class: &str| lines(&[&format!("ranking \"issues\" electorate=\"{class}\"")]);
    let mut coop = found(&kernel(HELD), &list("patrons"), &[100, 100]);
    coop.open("issues", "1");
    coop.next();
    coop.place(1, "issues", "1", 1_000_000);
    put(&mut coop, "constitution", &list("workers"));
    let on = |share_ppm: u32| Act::CastBallot(crate::tests::on_item(1, "issues", "1", share_ppm));
    refused(&coop, &on(500_000), Rule::NotInElectorate);
    coop.act(on(0));
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0);
    refused(&coop, &on(0), Rule::NothingToTakeBack);
}

/// An item that was low by the old floor and is above the new one has not been low by the new one.
#[test]
fn a_lower_floor_counts_from_the_day_it_stands() {
    let list = |floor: &str, days: u32| {
        lines(&[&format!("ranking \"issues\" {{ close-after \"{days} days\" floor=\"{floor} votes\" }}")])
    };
    let mut coop = found(&kernel(HELD), &list("1000", 365), &[100, 100, 100]);
    coop.open("issues", "wanted");
    coop.open("issues", "unwanted");
    coop.place(1, "issues", "wanted", 250_000);
    let text = list("0.5", 7);
    propose(&mut coop, "constitution", &text);
    support(&mut coop, "constitution", &text, 500_000);
    let told = coop.run(8);
    assert!(told.iter().any(|line| line.starts_with("rules-changed")), "{told:?}");
    let closed: Vec<_> = told.iter().filter(|line| line.starts_with("item-closed")).collect();
    assert_eq!(closed, ["item-closed issues unwanted freed 0"]);
}

/// An election has 10,000 places for ever: one member who proposes and withdraws must not use them up.
#[test]
fn nobody_uses_up_the_places_of_an_election() {
    let mut coop = coop(&[OFFICE, CONDUCT]);
    let withdraw = |member: u64, document: String| {
        Act::WithdrawCandidacy(crate::act::WithdrawCandidacy {
            member: m(member),
            decision: "conduct".to_owned(),
            document: Some(document),
        })
    };
    for number in 0..100 {
        coop.propose(1, "conduct", &doc(number));
        coop.act(withdraw(1, doc(number)));
    }
    let by = |member: u64, number: u64| {
        let body = format!(r##"{{"member":"#{member}","decision":"conduct","document":"DOC{number}"}}"##);
        crate::tests::read("propose_document", &body)
    };
    let why = refused(&coop, &by(1, 100), Rule::TooMany);
    assert!(why.contains("100 texts that you proposed"), "{why}");
    coop.act(by(1, 99));
    coop.act(by(2, 100));
    // A member who proposes another's text again has it among theirs.
    for number in 0..99 {
        coop.act(by(2, number));
    }
    refused(&coop, &by(2, 101), Rule::TooMany);
    coop.act(by(1, 101));
}

#[test]
fn a_document_of_prose_needs_no_text() {
    let mut coop = coop(&[CONDUCT]);
    coop.propose(1, "conduct", &doc(1));
    assert!(coop.decision("conduct").candidates()[0].text.is_none());
}

#[test]
fn there_is_room_for_so_many_decisions() {
    let mut coop = coop(&[OFFICE]);
    let text = lines(&[OFFICE, TEAM]);
    propose(&mut coop, "constitution", &text);
    support(&mut coop, "constitution", &text, 1_000_000);
    let mut fill = coop.state.decisions[DecisionId(1)].clone();
    fill.closed_at = Some(coop.state.time);
    while coop.state.decisions.len() < 65_535 {
        coop.state.decisions.push(fill.clone());
    }
    let why = refused(&coop, &proposal(2, "constitution", &lines(&[OFFICE, TEAM, ISSUES])), Rule::TooMany);
    assert!(why.contains("opens 2 decisions"), "{why}");
    let told = coop.next();
    let document = hex(text.as_bytes());
    assert_eq!(
        told,
        [
            format!("candidate-entered constitution {document}"),
            format!("document-no-longer-checks constitution {document}"),
        ],
        "room was there when it was proposed"
    );
    assert_eq!(coop.state.decisions.len(), 65_535);
    assert_eq!(in_force(&coop, "constitution"), Some(hex(lines(&[OFFICE]).as_bytes())));
}

#[test]
fn a_dry_run_says_what_is_wrong() {
    let mut coop = coop(&[OFFICE]);
    let before = coop.state.hash();
    let now = coop.state.time;
    let wrong = coop.state.put_in_force("constitution", &rules("offise \"d\" { settles-in \"14 days\" }"), now);
    assert_eq!(wrong.unwrap_err().len(), 1);
    assert!(coop.state.put_in_force("maintainer", &rules(""), now).is_err());
    assert!(coop.state.put_in_force("nowhere", &rules(""), now).is_err());
    let euros = kernel(HELD).replace("USD", "EUR");
    for text in [euros.as_str(), "no kernel", &rules("")] {
        assert!(coop.state.put_in_force("kernel", text, now).is_err());
    }
    assert_eq!(coop.state.hash(), before);
}

#[test]
fn ballots_freed_leave_the_chain_of_the_others_whole() {
    let mut coop = coop(&[ISSUES, "ranking \"help\"", OFFICE]);
    coop.enter(&[1], "maintainer");
    for list in ["issues", "help"] {
        for item in 0..20 {
            coop.open(list, &format!("i{item}"));
        }
    }
    for item in 0..20 {
        coop.place(1, "issues", &format!("i{item}"), 1_000);
        coop.place(1, "help", &format!("i{item}"), 2_000);
        coop.place(2, "help", &format!("i{item}"), 3_000);
    }
    coop.vote(1, "maintainer", 7, &[(1, 9)]);
    put(&mut coop, "constitution", &lines(&["ranking \"help\"", OFFICE]));
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 40_007);
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(1)), 60_000);
    assert_eq!(coop.state.ballots_on(MemberIndex(0), DecisionId(2)).count(), 20);
    let scores: Vec<_> = coop.state.ballots_counted(MemberIndex(0), DecisionId(3));
    assert!(scores.is_empty(), "nothing was counted yet");
    let ballot: &CastBallot = &crate::tests::ballot(1, "maintainer", 8, &[(1, 10)]);
    coop.act(Act::CastBallot(ballot.clone()));
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 40_008);
}

#[test]
fn rules_that_are_tried_stay_whatever_others_have() {
    let next = lines(&[OFFICE, TEAM]);
    let run = |begin: &dyn Fn(&mut Coop)| {
        let mut coop = coop(&[OFFICE]);
        propose(&mut coop, "constitution", &next);
        support(&mut coop, "constitution", &next, 1_000_000);
        begin(&mut coop);
        coop.run(12);
        in_force(&coop, "constitution")
    };
    let tried = lines(&[OFFICE, CONDUCT]);
    let now = |coop: &Coop| coop.state.time;
    let put = run(&|coop| {
        coop.state.put_in_force("constitution", &tried, now(coop)).unwrap();
    });
    assert_eq!(put, Some(hex(next.as_bytes())), "those who want it win");
    let kept = run(&|coop| {
        coop.state.try_in_force("constitution", &tried, now(coop)).unwrap();
    });
    assert_eq!(kept, Some(hex(tried.as_bytes())));
}
