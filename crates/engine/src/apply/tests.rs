//! The event tables: a row for every act that is accepted and for every rule that refuses, in order of precedence.

use std::collections::BTreeSet;

use quantity::Moment;

use super::*;
use crate::Actor;
use crate::tests::{Coop, Setup, at, body, counted, doc, document, m, office, only, ranking, read, words};

/// A co-op in which every rule can be broken: members 1 to 4, of whom 4 is a contributor, and a former member 5.
fn house() -> Coop {
    let clauses = vec![
        office("maintainer", 14),
        body("team", 2, 14),
        document("conduct", 14),
        ranking("issues", 90, 0),
        only("contributors", office("editor", 14)),
        counted(charter::Counting::Approval, office("greeter", 14)),
    ];
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "contributors [contributor-list]: 1"],
        ..Setup::new(clauses)
    };
    let mut house = setup.found();
    house.admit(1..=5).leave(5);
    house.list("contributor-list", 4);
    assert_eq!(house.give(1, "donation", 10_000, "2025-01-01"), "test:1");
    house.enter(&[1, 2], "maintainer");
    house.seat(&[1], "maintainer");
    house.stand(3, "maintainer");
    house.enter(&[1], "greeter");
    for number in 0..=100 {
        house.propose(1 + number / 100, "conduct", &doc(number));
    }
    house.candidates_mut("conduct")[0].standing = crate::chamber::Standing::Candidate;
    house.seats_mut("conduct").holders[0] = Some(crate::CandidateId(0));
    for number in 0..1_000 {
        house.open("issues", &format!("i{number}"));
        house.place(3, "issues", &format!("i{number}"), 1);
    }
    house.open("issues", "z");
    house.act(read("close_item", r#"{"decision":"issues","item":"z"}"#));
    house.vote(1, "maintainer", 600_000, &[(1, 1_000_000)]);
    for number in 0..1_000 {
        let mut pledge = house.support(2, "pledge", 100, "2025-01-01");
        pledge.series = Some(format!("s{number}"));
        house.act(Act::RecordSupport(pledge));
    }
    house
}

#[track_caller]
fn refused(house: &Coop, actor: Actor, time: Moment, act: &Act, rule: Rule) {
    let mut after = house.clone();
    let refusal = apply(&mut after.state, act, &Context::of(actor, time)).unwrap_err().refused();
    assert_eq!(refusal.rule, rule, "{act:?}: {refusal}");
    let says = refusal.to_string();
    assert!(says.starts_with(rule.number()) && !says.contains('\n') && !says.ends_with('.'), "{says}");
    assert!(!refusal.instead.is_empty(), "{says}");
    assert!(format!("{:?}", after.state) == format!("{:?}", house.state), "{act:?} changed something");
    assert_eq!(after.state.hash(), house.state.hash());
}

/// Rule, act, body. Rows of one act stand in order of precedence, and each breaks later rules of its act too where
/// that can be.
const REFUSED: &str = r##"
R001 | update | {"moment":"2024-01-01T00:00:00Z","state":"","outcomes":0,"published":""}
R001 | change | {"moment":"2024-01-01T00:00:00Z","state":"","outcomes":0,"published":""}
R005 | found | {"kernel":"","constitution":"","demonstration":false}
R008 | admit_member | {"member":"#1"}
R008 | admit_member | {"member":"#5"}
R006 | end_membership | {"member":"#9"}
R007 | end_membership | {"member":"#5"}
R006 | add_to_list | {"list":"nowhere","member":"#9"}
R007 | add_to_list | {"list":"nowhere","member":"#5"}
R009 | add_to_list | {"list":"nowhere","member":"#4"}
R010 | add_to_list | {"list":"contributor-list","member":"#4"}
R006 | remove_from_list | {"list":"nowhere","member":"#9"}
R007 | remove_from_list | {"list":"nowhere","member":"#5"}
R009 | remove_from_list | {"list":"nowhere","member":"#1"}
R011 | remove_from_list | {"list":"contributor-list","member":"#1"}
R006 | record_support | {"member":"#9","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":""}
R007 | record_support | {"member":"#5","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":""}
R027 | record_support | {"member":"#1","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":""}
R027 | record_support | {"member":"#1","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":"a\nb"}
R027 | record_support | {"member":"#1","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":"a","series":"s\nt"}
R033 | record_support | {"member":"#1","kind":"gift","amount":{"amount":0},"given_at":"2026-01-01","source":"test:1"}
R034 | record_support | {"member":"#1","kind":"donation","amount":{"amount":0},"given_at":"2026-01-01","source":"test:1"}
R034 | record_support | {"member":"#1","kind":"donation","amount":{"amount":0,"currency":"EUR","unit":"second"},"given_at":"2026-01-01","source":"test:1"}
R034 | record_support | {"member":"#1","kind":"hours","amount":{"amount":0,"currency":"EUR"},"given_at":"2026-01-01","source":"test:1"}
R034 | record_support | {"member":"#1","kind":"hours","amount":{"amount":0,"unit":"hour"},"given_at":"2026-01-01","source":"test:1"}
R034 | record_support | {"member":"#1","kind":"contribution","amount":{"amount":0,"unit":"second"},"given_at":"2026-01-01","source":"test:1"}
R035 | record_support | {"member":"#1","kind":"donation","amount":{"amount":0,"currency":"EUR"},"given_at":"2026-01-01","source":"test:1"}
R035 | record_support | {"member":"#1","kind":"donation","amount":{"amount":-5,"currency":"EUR"},"given_at":"2026-01-01","source":"test:1"}
R035 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1000000000000001,"currency":"EUR"},"given_at":"2026-01-01","source":"test:1"}
R036 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01T00:00:00.000001Z","source":"test:1","parts":0}
R037 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"test:1","parts":0}
R037 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"test:1","parts":121}
R037 | record_support | {"member":"#1","kind":"pledge","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"test:1","parts":2}
R037 | record_support | {"member":"#1","kind":"pledge","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"test:1","stands_months":0}
R038 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"test:1"}
R044 | record_support | {"member":"#1","kind":"pledge","amount":{"amount":1,"currency":"EUR"},"given_at":"2025-01-01","source":"new","series":"one more"}
R046 | record_support | {"member":"#1","kind":"pledge","amount":{"amount":1,"currency":"USD"},"given_at":"2025-01-01","source":"new","series":"one more"}
R084 | record_support | {"member":"#1","kind":"donation","amount":{"amount":1,"currency":"USD"},"source":"new"}
R027 | reverse_support | {"of":"nothing","given_at":"2026-01-01","source":""}
R036 | reverse_support | {"of":"nothing","given_at":"2026-01-01","source":"test:1"}
R038 | reverse_support | {"of":"nothing","given_at":"2025-01-01","source":"test:1"}
R039 | reverse_support | {"of":"nothing","amount":0,"given_at":"2025-01-01","source":"new"}
R040 | reverse_support | {"of":"test:1","amount":0,"given_at":"2025-01-01","source":"new"}
R040 | reverse_support | {"of":"test:1","amount":10001,"given_at":"2025-01-01","source":"new"}
R084 | reverse_support | {"of":"test:1","amount":1,"source":"new"}
R006 | cast_ballot | {"member":"#9","decision":"nowhere","item":"x","share_ppm":2000000}
R007 | cast_ballot | {"member":"#5","decision":"nowhere","item":"x","share_ppm":2000000}
R012 | cast_ballot | {"member":"#1","decision":"nowhere","item":"x","share_ppm":2000000}
R013 | cast_ballot | {"member":"#1","decision":"editor","item":"x","share_ppm":2000000}
R014 | cast_ballot | {"member":"#1","decision":"editor","share_ppm":2000000,"scores":{"nobody":2000000}}
R015 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":2000000,"scores":{"#1":2000000,"#4":1}}
R016 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":2000000,"scores":{"#1":1000001}}
R016 | cast_ballot | {"member":"#1","decision":"greeter","share_ppm":2000000,"scores":{"#1":500000}}
R017 | cast_ballot | {"member":"#1","decision":"greeter","share_ppm":400001}
R017 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":400001,"scores":{"#1":1},"against":true}
R018 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":1000001}
R019 | cast_ballot | {"member":"#3","decision":"maintainer","share_ppm":1}
R019 | cast_ballot | {"member":"#3","decision":"maintainer","share_ppm":1,"scores":{}}
R021 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":1,"scores":{"#1":0,"#2":1},"against":true}
R022 | cast_ballot | {"member":"#3","decision":"maintainer","share_ppm":1,"scores":{"#1":1}}
R023 | cast_ballot | {"member":"#3","decision":"maintainer","share_ppm":0}
R023 | cast_ballot | {"member":"#1","decision":"maintainer","share_ppm":0,"against":true}
R013 | cast_ballot | {"member":"#1","decision":"issues","share_ppm":2000000,"scores":{}}
R017 | cast_ballot | {"member":"#1","decision":"issues","item":"x","share_ppm":400001}
R018 | cast_ballot | {"member":"#1","decision":"issues","item":"x","share_ppm":1000001}
R022 | cast_ballot | {"member":"#3","decision":"issues","item":"x","share_ppm":1}
R023 | cast_ballot | {"member":"#1","decision":"issues","item":"z","share_ppm":0}
R024 | cast_ballot | {"member":"#1","decision":"issues","item":"x","share_ppm":1}
R024 | cast_ballot | {"member":"#1","decision":"issues","share_ppm":1}
R025 | cast_ballot | {"member":"#1","decision":"issues","item":"z","share_ppm":1}
R006 | nominate | {"member":"#9","decision":"nowhere","candidate":"x","share_ppm":2000000}
R007 | nominate | {"member":"#5","decision":"nowhere","candidate":"x","share_ppm":2000000}
R012 | nominate | {"member":"#1","decision":"nowhere","candidate":"x","share_ppm":2000000}
R013 | nominate | {"member":"#1","decision":"issues","candidate":"x","share_ppm":2000000}
R014 | nominate | {"member":"#1","decision":"editor","candidate":"x","share_ppm":2000000}
R015 | nominate | {"member":"#1","decision":"maintainer","candidate":"#4","share_ppm":2000000}
R015 | nominate | {"member":"#1","decision":"maintainer","candidate":"#4","share_ppm":0}
R017 | nominate | {"member":"#1","decision":"maintainer","candidate":"#1","share_ppm":400001}
R018 | nominate | {"member":"#1","decision":"maintainer","candidate":"#1","share_ppm":1000001}
R022 | nominate | {"member":"#3","decision":"maintainer","candidate":"#1","share_ppm":1}
R023 | nominate | {"member":"#1","decision":"maintainer","candidate":"#1","share_ppm":0}
R045 | nominate | {"member":"#1","decision":"maintainer","candidate":"#1","share_ppm":1}
R006 | stand | {"member":"#9","decision":"nowhere"}
R007 | stand | {"member":"#5","decision":"nowhere"}
R012 | stand | {"member":"#1","decision":"nowhere"}
R013 | stand | {"member":"#1","decision":"issues"}
R013 | stand | {"member":"#1","decision":"conduct"}
R028 | stand | {"member":"#1","decision":"maintainer"}
R028 | stand | {"member":"#3","decision":"maintainer"}
R006 | propose_document | {"member":"#9","decision":"nowhere","document":"x"}
R007 | propose_document | {"member":"#5","decision":"nowhere","document":"x"}
R012 | propose_document | {"member":"#1","decision":"nowhere","document":"x"}
R013 | propose_document | {"member":"#1","decision":"maintainer","document":"x"}
R027 | propose_document | {"member":"#1","decision":"conduct","document":"x"}
R027 | propose_document | {"member":"#1","decision":"conduct","document":"ABCDEF0000000000000000000000000000000000000000000000000000000000"}
R027 | propose_document | {"member":"#1","decision":"constitution","document":"x"}
R027 | propose_document | {"member":"#1","decision":"kernel","document":"x"}
R047 | propose_document | {"member":"#1","decision":"kernel","document":"DOC1"}
R048 | propose_document | {"member":"#1","decision":"constitution","document":"DOC1"}
R006 | assent | {"member":"#9","document":"DOC1","assent":true}
R007 | assent | {"member":"#5","document":"DOC1","assent":true}
R029 | assent | {"member":"#1","document":"DOC1","assent":true}
R013 | withdraw_candidacy | {"member":"#1","decision":"kernel"}
R029 | withdraw_candidacy | {"member":"#1","decision":"kernel","document":"DOC1"}
R028 | propose_document | {"member":"#1","decision":"conduct","document":"DOC1"}
R032 | propose_document | {"member":"#1","decision":"conduct","document":"DOC0"}
R006 | withdraw_candidacy | {"member":"#9","decision":"nowhere"}
R007 | withdraw_candidacy | {"member":"#5","decision":"nowhere"}
R012 | withdraw_candidacy | {"member":"#1","decision":"nowhere"}
R013 | withdraw_candidacy | {"member":"#1","decision":"issues"}
R013 | withdraw_candidacy | {"member":"#1","decision":"conduct"}
R013 | withdraw_candidacy | {"member":"#1","decision":"maintainer","document":"DOC1"}
R029 | withdraw_candidacy | {"member":"#4","decision":"maintainer"}
R029 | withdraw_candidacy | {"member":"#4","decision":"conduct","document":"DOC999"}
R031 | withdraw_candidacy | {"member":"#2","decision":"conduct","document":"DOC0"}
R032 | withdraw_candidacy | {"member":"#1","decision":"conduct","document":"DOC0"}
R006 | resign_seat | {"member":"#9","decision":"nowhere"}
R007 | resign_seat | {"member":"#5","decision":"nowhere"}
R012 | resign_seat | {"member":"#1","decision":"nowhere"}
R013 | resign_seat | {"member":"#1","decision":"conduct"}
R030 | resign_seat | {"member":"#2","decision":"maintainer"}
R012 | open_item | {"decision":"nowhere","item":""}
R013 | open_item | {"decision":"maintainer","item":""}
R026 | open_item | {"decision":"issues","item":"i0"}
R027 | open_item | {"decision":"issues","item":""}
R027 | open_item | {"decision":"issues","item":"a b"}
R012 | close_item | {"decision":"nowhere","item":"x"}
R013 | close_item | {"decision":"maintainer","item":"x"}
R024 | close_item | {"decision":"issues","item":"x"}
R025 | close_item | {"decision":"issues","item":"z"}
R027 | book_entry | {"at":"2026-01-01","source":"","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":1}]}
R027 | book_entry | {"at":"2026-01-01","source":"test:1","narration":"","currency":"EUR","postings":[{"account":"x","minor":1}]}
R027 | book_entry | {"at":"2026-01-01","source":"test:1","currency":"EUR","postings":[{"account":"x","minor":1}]}
R036 | book_entry | {"at":"2026-01-01","source":"test:1","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":1}]}
R038 | book_entry | {"at":"2025-01-01","source":"test:1","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":1}]}
R041 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":1}]}
R042 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":0}]}
R042 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"x","minor":1000000000000001},{"account":"x","minor":-1000000000000001}]}
R043 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"assets","minor":1},{"account":"income:gifts","minor":-1}]}
R043 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"assets:Bank","minor":1},{"account":"income:gifts","minor":-1}]}
R044 | book_entry | {"at":"2025-01-01","source":"new","narration":"gift","currency":"EUR","postings":[{"account":"assets:bank","minor":1},{"account":"income:gifts","minor":-1}]}
"##;

fn rows(table: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    table.lines().filter(|line| !line.is_empty()).map(|line| {
        let mut cells = line.splitn(3, " | ");
        [(); 3].map(|()| cells.next().unwrap()).into()
    })
}

#[test]
fn each_rule_refuses_and_changes_nothing() {
    let house = house();
    for (number, kind, text) in rows(REFUSED) {
        let rule = Rule::ALL.iter().find(|rule| rule.number() == number).unwrap();
        refused(&house, Actor::Operator, house.state.time, &read(kind, text), *rule);
    }
}

#[test]
fn nobody_acts_for_another_or_out_of_time() {
    let house = house();
    let (now, past, late) = (house.state.time, at("2024-12-31"), at("2025-01-06T01:00:00Z"));
    let bad = read("admit_member", r##"{"member":"#1"}"##);
    let stand = read("stand", r##"{"member":"#1","decision":"nowhere"}"##);
    let own = read("resign_seat", r##"{"member":"#9","decision":"nowhere"}"##);
    for (actor, time, act, rule) in [
        (Actor::Member(m(1)), past, &bad, Rule::NotAuthorised),
        (Actor::Member(m(2)), past, &stand, Rule::NotAuthorised),
        (Actor::Bridge, past, &stand, Rule::NotAuthorised),
        (Actor::Bridge, past, &bad, Rule::TimeRunsBackwards),
        (Actor::Member(m(1)), past, &stand, Rule::TimeRunsBackwards),
        (Actor::Demonstration, late, &bad, Rule::UpdateDueFirst),
        (Actor::Operator, late, &stand, Rule::UpdateDueFirst),
        (Actor::Member(m(9)), now, &own, Rule::UnknownMember),
    ] {
        refused(&house, actor, time, act, rule);
    }
}

#[test]
fn a_full_document_ballot_has_a_hundred_scores() {
    let mut house = house();
    let ballot = |count: u64, share_ppm: u32| {
        let scores: Vec<String> = (0..count).map(|n| format!("\"DOC{n}\":1")).collect();
        let scores = scores.join(",");
        read(
            "cast_ballot",
            &format!(r##"{{"member":"#1","decision":"conduct","share_ppm":{share_ppm},"scores":{{{scores}}}}}"##),
        )
    };
    let now = house.state.time;
    refused(&house, Actor::Operator, now, &ballot(101, 1), Rule::TooManyScores);
    refused(&house, Actor::Operator, now, &ballot(101, 400_001), Rule::ShareExceedsWeight);
    house.act(ballot(100, 1));
}

#[test]
fn updates_and_changes_that_are_not_due_are_refused() {
    let house = house();
    let before = format!("{:?}", house.state);
    for text in ["2025-01-06T00:59:59Z", "2025-01-13T01:00:00Z", "2024-12-30T01:00:00Z"] {
        let mut after = house.clone();
        let refusal = crate::update(&mut after.state, at(text), 1).unwrap_err().refused();
        assert_eq!(refusal.rule, Rule::NotDue, "{text}");
        let refusal = crate::change(&mut after.state, at(text)).unwrap_err().refused();
        assert_eq!(refusal.rule, Rule::NotDue, "{text}");
        assert_eq!(format!("{:?}", after.state), before);
    }
}

#[test]
fn every_rule_has_a_row() {
    // These have tests of their own, above, in `adoption/tests`, `authority/tests.rs`, `founders/tests.rs`, `mandate/tests.rs`, `fork/tests.rs`, `support/act/tests.rs`, `support/seat/tests.rs`, `support/claim/tests.rs`, `register/join/tests.rs`, `support/affirm/tests.rs`, `power/tests.rs`, `ranking/own/tests.rs`, `register/act/tests.rs`, `commitment/tests.rs`, `ranking/supply/tests.rs`, `release/tests.rs`, `chamber/pool/tests.rs`, `credit/tests/coop.rs`, `chamber/requests/tests.rs`, `chamber/pool/plan/tests.rs`, `register/device/tests.rs`, `register/application/tests.rs`, `register/leaving/tests.rs`, `register/hearing/tests.rs`:
    // they are about more than a body.
    let own = [
        "R002", "R003", "R004", "R020", "R049", "R050", "R051", "R060", "R061", "R062", "R063", "R064", "R065", "R070",
        "R071", "R072", "R073", "R074", "R075", "R076", "R077", "R083", "R085", "R089", "R090", "R091", "R092", "R093",
        "R094", "R095", "R096", "R100", "R101", "R102", "R103", "R104", "R105", "R106", "R107", "R108", "R109", "R110",
        "R111", "R112", "R113", "R114", "R115", "R116", "R117", "R118", "R119", "R120", "R121", "R122", "R123", "R124",
        "R125", "R126", "R127", "R128", "R129", "R130", "R131", "R132", "R133", "R134", "R136", "R137", "R138", "R139",
        "R140", "R141", "R142", "R143", "R144", "R150", "R151", "R152", "R153", "R154", "R155", "R156", "R160", "R161",
        "R162", "R170", "R171", "R172", "R173", "R174", "R175", "R176", "R177", "R178", "R179", "R180", "R181", "R182",
        "R183", "R184", "R210", "R211", "R212", "R213", "R214", "R215", "R216", "R217", "R218", "R219", "R220", "R221",
        "R222", "R223",
    ];
    let rows: BTreeSet<&str> = rows(REFUSED).map(|row| row.0).chain(own).collect();
    let all: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.number()).collect();
    assert_eq!(rows, all);
}

#[test]
fn numbers_rise_and_names_differ() {
    let numbers: Vec<&str> = Rule::ALL.iter().map(|rule| rule.number()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
    let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), numbers.len());
}

#[test]
fn every_act_is_accepted_once() {
    let mut seen: BTreeSet<&str> =
        ["found", "update", "change", "assent", "announce_fork", "join_fork", "complete_fork"].into();
    let mut house = house();
    for (kind, body, outcomes) in [
        ("admit_member", r##"{"member":"#6","organisation":true}"##, "member-admitted #6"),
        ("add_to_list", r##"{"list":"contributor-list","member":"#6"}"##, "recorded"),
        ("remove_from_list", r##"{"list":"contributor-list","member":"#4"}"##, "recorded"),
        (
            "record_support",
            r##"{"member":"#6","kind":"hours","amount":{"amount":3600,"unit":"second"},"given_at":"2024-12-31","source":"new"}"##,
            "recorded",
        ),
        ("reverse_support", r##"{"of":"new","amount":600,"given_at":"2025-01-01","source":"newer"}"##, "recorded"),
        ("reverse_support", r##"{"of":"new","given_at":"2025-01-01","source":"newest"}"##, "recorded"),
        ("stand", r##"{"member":"#6","decision":"editor"}"##, "recorded"),
        (
            "cast_ballot",
            r##"{"member":"#6","decision":"editor","share_ppm":500000,"scores":{"#6":1000000}}"##,
            "recorded",
        ),
        ("nominate", r##"{"member":"#6","decision":"editor","candidate":"#6","share_ppm":500000}"##, "recorded"),
        ("withdraw_candidacy", r##"{"member":"#6","decision":"editor"}"##, "recorded"),
        ("nominate", r##"{"member":"#6","decision":"editor","candidate":"#6","share_ppm":0}"##, "recorded"),
        ("cast_ballot", r##"{"member":"#6","decision":"editor","share_ppm":0}"##, "recorded"),
        ("propose_document", r##"{"member":"#2","decision":"conduct","document":"DOC200"}"##, "recorded"),
        ("withdraw_candidacy", r##"{"member":"#2","decision":"conduct","document":"DOC200"}"##, "recorded"),
        ("resign_seat", r##"{"member":"#1","decision":"maintainer"}"##, "seat-vacated maintainer from #1"),
        ("open_item", r#"{"decision":"issues","item":"z"}"#, "recorded"),
        (
            "cast_ballot",
            r##"{"member":"#1","decision":"issues","item":"z","share_ppm":400000,"against":true}"##,
            "recorded",
        ),
        ("close_item", r#"{"decision":"issues","item":"z"}"#, "item-closed issues z freed 1"),
        (
            "book_entry",
            r#"{"at":"2024-12-31","source":"b1","narration":"gift","currency":"USD","postings":[{"account":"assets:bank","minor":1},{"account":"income:gifts","minor":-1}]}"#,
            "recorded",
        ),
        ("end_membership", r##"{"member":"#6"}"##, "recorded"),
    ] {
        let done = house.act(read(kind, body));
        assert_eq!(done.join("; "), outcomes, "{kind} {body}");
        seen.insert(Act::row_of(kind).unwrap().kind);
    }
    let elsewhere = [
        "announce_edition",
        "adopt_edition",
        "made_up",
        "propose_act",
        "agree_to_act",
        "take_back_act",
        "claim_support",
        "answer_claim",
        "take_back_claim",
        "join_members",
        "answer_join",
        "take_back_join",
        "source_heard",
        "bring_item",
        "take_back_item",
        "pledge_own",
        "propose_option",
        "withdraw_option",
        "hold_money",
        "pay_back_held",
        "give_to_pool",
        "ask_pool",
        "withdraw_project",
        "pledge_to_project",
        "propose_credit",
        "strike_credit",
        "request_money",
        "withdraw_request",
        "publish_release",
        "withdraw_release",
        "enrol_device",
        "confirm_device",
        "revoke_device",
        "sign_only",
        "open_hearing",
        "answer_hearing",
        "expel_member",
        "pause_membership",
        "resume_membership",
        "apply_to_join",
        "answer_application",
        "refuse_application",
        "withdraw_application",
    ];
    for row in Act::TABLE.iter().filter(|row| !elsewhere.contains(&row.kind)) {
        assert!(seen.contains(row.kind), "`{}` is not tried", row.kind);
    }
    assert_eq!(house.state.members.placed_ppm(MemberIndex(0)), 600_000, "shares on a closed item are free again");
}

#[test]
fn accounts_are_at_most_ten_thousand() {
    let mut house = Setup::new(Vec::new()).found();
    let entry = |number: usize| {
        let line = |place: usize| {
            let minor = if place.is_multiple_of(2) { 1 } else { -1 };
            format!(r#"{{"account":"assets:a{}","minor":{minor}}}"#, number * 16 + place)
        };
        let postings: Vec<String> = (0..16).map(line).collect();
        read(
            "book_entry",
            &format!(
                r#"{{"at":"2025-01-01","source":"b{number}","narration":"n","currency":"USD","postings":[{}]}}"#,
                postings.join(",")
            ),
        )
    };
    for number in 0..625 {
        house.act(entry(number));
    }
    refused(&house, Actor::Operator, house.state.time, &entry(625), Rule::TooMany);
}

#[test]
fn members_bridges_and_the_operator_have_their_own_rights() {
    let state = Setup::new(Vec::new()).found().state;
    let right = |act: &Act, actor: Actor| {
        let time = state.time;
        state.authority(act, &Context::of(actor, time)).map(std::borrow::Cow::into_owned)
    };
    let stand = read("stand", r##"{"member":"#1","decision":"maintainer"}"##);
    let admit = read("admit_member", r##"{"member":"#1"}"##);
    for (act, actor, expected) in [
        (&stand, Actor::Member(m(1)), Some("member")),
        (&stand, Actor::Member(m(2)), None),
        (&stand, Actor::Operator, Some("desk")),
        (&stand, Actor::Bridge, None),
        (&stand, Actor::Demonstration, Some("demonstration")),
        (&admit, Actor::Member(m(1)), None),
        (&admit, Actor::Operator, Some("operator")),
        (&admit, Actor::Bridge, Some("bridge")),
    ] {
        let expected = expected.map(str::to_owned);
        assert_eq!(right(act, actor), expected, "{act:?} by {actor:?}");
    }
    let facts =
        ["admit_member", "add_to_list", "record_support", "reverse_support", "open_item", "close_item", "book_entry"];
    let brought: BTreeSet<&str> = rows(REFUSED)
        .map(|(_, kind, text)| read(kind, text))
        .filter(|act| right(act, Actor::Bridge).is_some())
        .map(|act| act.kind())
        .collect();
    assert_eq!(brought, facts.into());
}

#[test]
fn who_leaves_frees_everything() {
    let mut house = house();
    house.vote(2, "maintainer", 1_000_000, &[(1, 1_000_000)]);
    house.list("contributor-list", 1);
    let outcomes = house.leave(1);
    assert_eq!(outcomes, ["recorded", "seat-vacated maintainer from #1"]);
    let index = house.state.members.index(m(1)).unwrap();
    assert_eq!(house.state.members.placed_ppm(index), 0);
    assert_eq!(house.state.ballots.of(&house.state.members, index).count(), 0);
    assert!(!house.state.members.list("contributor-list").unwrap().contains(&index));
    assert_eq!(house.standing("greeter", 1), Standing::Out);
    assert_eq!(house.holders("maintainer"), [None]);
    house.next();
    assert_eq!(house.state.weights.of(index), 0);
    assert_eq!(house.total("maintainer", 1), None, "votes for someone who left count for nobody");
    assert_eq!(words(&house.submit(&read("admit_member", r##"{"member":"#7"}"##)).unwrap()), ["member-admitted #7"]);
}

use crate::MemberIndex;
use crate::chamber::Standing;
