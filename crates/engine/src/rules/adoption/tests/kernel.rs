//! Another kernel is proposed, assented to, and comes into force.

use std::sync::Arc;

use super::*;
use crate::act::{Assent, EndMembership, WithdrawCandidacy};
use crate::tests::ONE;
use crate::{DecisionId, MemberIndex};

const EQUAL: &str = "    class \"members\" list=\"members\" { weight \"1\" }\n    amend \"never\"";

fn coop(more: &str, dollars: &[i64]) -> Coop {
    let mut coop = found(&kernel(more), &lines(&[OFFICE]), dollars);
    coop.next();
    coop
}

fn assent(member: u64, text: &str, assent: bool) -> Act {
    Act::Assent(Assent { member: m(member), document: hex(text.as_bytes()), assent })
}

fn held_since(coop: &Coop, text: &str) -> Option<String> {
    let proposal = coop.state.amendment.proposal(&hex(text.as_bytes())).unwrap();
    proposal.held_since.map(|at| at.to_string())
}

#[test]
fn a_kernel_held_for_its_span_comes_into_force_at_the_end_of_an_update() {
    let mut coop = coop(HELD, &[100, 400, 100]);
    let text = kernel(EQUAL).replace("donated(ever) / 1 USD", "min(donated(ever), 4 USD) / 1 USD");
    let text = text.replace("weekly on monday at 01:00", "daily at 01:00");
    let text = text.replace("settles-in \"7 days\"", "settles-in \"3 days\"");
    propose(&mut coop, "kernel", &text);
    coop.act(assent(1, &text, true));
    coop.next();
    assert_eq!(held_since(&coop, &text), None, "a sixth of all weight");
    coop.act(assent(2, &text, true));
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(1)), 0, "assent takes no share");
    coop.next();
    assert_eq!(held_since(&coop, &text).as_deref(), Some("2025-01-20T01:00:00Z"));
    assert!(coop.run(3).is_empty(), "21 days");
    let before = coop.state.rules_hash();
    assert_eq!(coop.weights(), [100 * ONE, 400 * ONE, 100 * ONE]);
    let told = coop.next();
    assert_ne!(coop.state.rules_hash(), before);
    assert_eq!(
        told,
        [format!("amendment-adopted {}", hex(text.as_bytes())), format!("rules-changed {}", coop.state.rules_hash()),]
    );
    assert_eq!(coop.state.amendment.in_force, hex(text.as_bytes()));
    assert!(coop.state.amendment.proposals.is_empty());
    assert_eq!(coop.weights(), [4 * ONE, 4 * ONE, 4 * ONE], "weighed anew at the same moment");
    assert_eq!(coop.state.weights.at, coop.state.time);
    assert_eq!(coop.state.weights.classes.len(), 3);
    assert_eq!(coop.state.next_update, at("2025-02-18T01:00:00Z"), "the new rhythm");
    assert_eq!(coop.decision("constitution").terms().unwrap().settles_in.seconds(), 3 * 86_400);
    let list = Act::AddToList(AddToList { list: "members".to_owned(), member: m(3) });
    coop.act(list);
    coop.next();
    assert_eq!(coop.weights(), [4 * ONE, 4 * ONE, 5 * ONE]);
    let mut afresh = coop.state.clone();
    afresh.sources = Arc::default();
    coop.next();
    crate::update(&mut afresh, coop.state.time, 2).unwrap();
    assert_eq!(afresh.hash(), coop.state.hash(), "kept columns are those of the new kernel");
}

#[test]
fn a_break_begins_the_time_anew() {
    let mut coop = coop(HELD, &[100, 400, 100]);
    let text = kernel(EQUAL);
    propose(&mut coop, "kernel", &text);
    coop.act(assent(2, &text, true));
    coop.run(4);
    assert_eq!(held_since(&coop, &text).as_deref(), Some("2025-01-13T01:00:00Z"));
    // Taken back and given again between two updates is no break.
    coop.act(assent(2, &text, false));
    coop.act(assent(2, &text, true));
    coop.next();
    assert!(coop.state.amendment.proposals.is_empty());

    let mut coop = super::kernel::coop(HELD, &[100, 400, 100]);
    propose(&mut coop, "kernel", &text);
    coop.act(assent(1, &text, true));
    coop.act(assent(2, &text, true));
    coop.run(4);
    coop.act(assent(2, &text, false));
    coop.next();
    assert_eq!(held_since(&coop, &text), None);
    coop.act(assent(2, &text, true));
    coop.run(4);
    assert_eq!(held_since(&coop, &text).as_deref(), Some("2025-02-17T01:00:00Z"));
    coop.next();
    assert_eq!(coop.state.amendment.in_force, hex(text.as_bytes()));
}

#[test]
fn weight_is_what_counts_and_every_class_where_the_kernel_says_so() {
    let each = "    amend \"2/3 of weight and 1/2 of each class for 28 days\"";
    let mut coop = coop(each, &[400, 100, 0]);
    let text = kernel(EQUAL);
    propose(&mut coop, "kernel", &text);
    coop.act(assent(1, &text, true));
    coop.next();
    assert!(held_since(&coop, &text).is_some(), "a class without weight is not asked");
    worker(&mut coop, 2);
    worker(&mut coop, 3);
    coop.next();
    assert_eq!(held_since(&coop, &text), None, "no worker assents");
    coop.act(assent(3, &text, true));
    coop.next();
    assert!(held_since(&coop, &text).is_some(), "half of the workers do");
}

#[test]
fn assent_ends_with_membership_and_is_given_once() {
    let mut coop = coop(HELD, &[100, 400, 100]);
    let text = kernel(EQUAL);
    refused(&coop, &assent(2, &text, true), Rule::NotStanding);
    propose(&mut coop, "kernel", &text);
    refused(&coop, &assent(2, &text, false), Rule::NothingToTakeBack);
    coop.act(assent(2, &text, true));
    refused(&coop, &assent(2, &text, true), Rule::AlreadyStanding);
    coop.act(assent(1, &text, true));
    coop.next();
    assert!(held_since(&coop, &text).is_some());
    coop.act(Act::EndMembership(EndMembership { member: m(2) }));
    coop.next();
    assert_eq!(held_since(&coop, &text), None);
    let proposal = coop.state.amendment.proposal(&hex(text.as_bytes())).unwrap();
    assert_eq!(proposal.assents, [MemberIndex(0)].into_iter().collect());
}

#[test]
fn what_cannot_be_amended_is_refused() {
    let never = coop("    amend \"never\"", &[100]);
    refused(&never, &proposal(1, "kernel", &kernel(HELD)), Rule::NoAmendment);
    let mut coop = coop(HELD, &[100]);
    let text = kernel(EQUAL);
    let without = Act::ProposeDocument(ProposeDocument {
        member: m(1),
        decision: "kernel".to_owned(),
        document: hex(text.as_bytes()),
        text: None,
    });
    refused(&coop, &without, Rule::TextMissing);
    refused(&coop, &proposal(1, "kernel", &lines(&[OFFICE])), Rule::DoesNotCheck);
    refused(&coop, &proposal(1, "kernel", &kernel(HELD)), Rule::DocumentInForce);
    let euros = text.replace("\"USD\"", "\"EUR\"").replace("1 USD", "1 EUR");
    let why = refused(&coop, &proposal(1, "kernel", &euros), Rule::FixedForGood);
    assert!(why.contains("EUR") && why.contains("USD"), "{why}");
    let zone = text.replace("\"UTC\"", "\"Europe/Vienna\"");
    refused(&coop, &proposal(1, "kernel", &zone), Rule::FixedForGood);
    put(&mut coop, "constitution", &lines(&["office \"a\" electorate=\"workers\" { settles-in \"7 days\" }"]));
    let fewer = text.replace("\"workers\"", "\"others\"");
    let why = refused(&coop, &proposal(1, "kernel", &fewer), Rule::DoesNotCheck);
    assert!(why.contains("the constitution in force") && why.contains("workers"), "{why}");
    coop.act(proposal(1, "kernel", &text));
    refused(&coop, &proposal(1, "kernel", &text), Rule::AlreadyStanding);
}

#[test]
fn a_hundred_kernels_stand_and_their_proposers_withdraw_them() {
    let mut coop = coop(HELD, &[100, 100]);
    coop.admit(3..=34);
    let text = |number: u64| kernel(&format!("{EQUAL}\n// {number}"));
    for number in 0..100 {
        coop.act(proposal(1 + number / 3, "kernel", &text(number)));
    }
    refused(&coop, &proposal(34, "kernel", &text(100)), Rule::TooMany);
    let withdraw = |member: u64, document: Option<String>| {
        Act::WithdrawCandidacy(WithdrawCandidacy { member: m(member), decision: "kernel".to_owned(), document })
    };
    let seventh = Some(hex(text(7).as_bytes()));
    refused(&coop, &withdraw(1, None), Rule::WrongKindOfDecision);
    let unknown = withdraw(1, Some("no".to_owned()));
    refused(&coop, &unknown, Rule::NotStanding);
    refused(&coop, &withdraw(2, seventh.clone()), Rule::NotTheProposer);
    coop.act(withdraw(3, seventh));
    let why = refused(&coop, &proposal(2, "kernel", &text(100)), Rule::TooMany);
    assert!(why.contains("3 texts of yours"), "{why}");
    coop.act(proposal(3, "kernel", &text(100)));
    coop.act(assent(3, &text(100), true));
    coop.act(assent(2, &text(100), true));
    let own = withdraw(3, Some(hex(text(100).as_bytes())));
    refused(&coop, &own, Rule::CarriedByOthers);
    coop.act(assent(3, &text(99), true));
    let told = coop.next();
    let out = format!("nominee-dropped kernel {}", hex(text(99).as_bytes()));
    assert_eq!(told.len(), 99);
    assert!(told.contains(&out), "member 3 has no weight");
    assert_eq!(coop.state.amendment.proposals.len(), 1);
}

#[test]
fn while_nobody_has_weight_every_kernel_stays() {
    let mut coop = coop(HELD, &[0]);
    propose(&mut coop, "kernel", &kernel(EQUAL));
    coop.run(2);
    assert_eq!(held_since(&coop, &kernel(EQUAL)), None);
}

#[test]
fn a_kernel_waits_while_the_constitution_does_not_check_under_it() {
    let mut coop = coop(HELD, &[100, 100, 100]);
    let text = kernel(EQUAL).replace("\"workers\"", "\"others\"");
    propose(&mut coop, "kernel", &text);
    for member in 1..=3 {
        coop.act(assent(member, &text, true));
    }
    coop.next();
    put(&mut coop, "constitution", &lines(&["office \"a\" electorate=\"workers\" { settles-in \"7 days\" }"]));
    coop.run(6);
    assert_eq!(held_since(&coop, &text).as_deref(), Some("2025-01-13T01:00:00Z"), "it waits and stays held");
    put(&mut coop, "constitution", &lines(&["office \"a\" electorate=\"patrons\" { settles-in \"7 days\" }"]));
    coop.next();
    assert_eq!(coop.state.amendment.in_force, hex(text.as_bytes()));
}

#[test]
fn electorates_and_candidates_follow_the_new_kernel() {
    let office = "office \"maintainer\" electorate=\"workers\" { settles-in \"14 days\" }";
    let mut coop = found(&kernel(HELD), &lines(&[office]), &[100, 100]);
    worker(&mut coop, 2);
    let own = "    class \"elders\" list=\"elders\" { weight \"1\" }\n";
    let first = kernel(HELD).replace("    class \"patrons\"", &format!("{own}    class \"patrons\""));
    let fits = lines(&["office \"maintainer\" electorate=\"elders\" { settles-in \"14 days\" }"]);
    put(&mut coop, "kernel", &first);
    assert_eq!(coop.state.decisions[DecisionId(1)].electorate, [crate::ClassId(2)], "the same class at another place");
    propose(&mut coop, "constitution", &fits);
    let linear = kernel(&format!("    votes \"linear\"\n{HELD}"));
    let told = put(&mut coop, "kernel", &linear);
    assert_eq!(told[1], format!("document-no-longer-checks constitution {}", hex(fits.as_bytes())));
    assert_eq!(coop.state.decisions[DecisionId(1)].electorate, [crate::ClassId(1)]);
    assert_eq!(coop.state.decisions[DecisionId(1)].counting, charter::Counting::Linear, "what the clause leaves open");
    assert_eq!(coop.state.decisions[DecisionId(0)].counting, charter::Counting::Linear);
    refused(&coop, &proposal(1, "constitution", &fits), Rule::DoesNotCheck);
    put(&mut coop, "kernel", &first);
    coop.act(proposal(1, "constitution", &fits));
}

#[test]
fn of_several_the_one_held_longest_and_the_others_begin_anew() {
    let mut coop = coop(HELD, &[100, 100, 100]);
    let texts = [1, 2, 3].map(|number| kernel(&format!("{HELD}\n// {number}")));
    for text in &texts {
        propose(&mut coop, "kernel", text);
    }
    for member in 1..=3 {
        coop.act(assent(member, &texts[1], true));
        coop.act(assent(member, &texts[2], true));
    }
    coop.act(assent(1, &texts[0], true));
    coop.next();
    for member in 2..=3 {
        coop.act(assent(member, &texts[0], true));
    }
    coop.run(4);
    assert_eq!(coop.state.amendment.in_force, hex(texts[1].as_bytes()));
    assert_eq!(held_since(&coop, &texts[0]), None);
    assert_eq!(held_since(&coop, &texts[2]), None);
    coop.next();
    assert_eq!(held_since(&coop, &texts[2]), Some(coop.state.time.to_string()));
    let told = put(&mut coop, "kernel", &kernel("    amend \"never\""));
    assert_eq!(told[1], format!("document-no-longer-checks kernel {}", hex(texts[0].as_bytes())));
    assert!(coop.state.amendment.proposals.is_empty());
}

#[test]
fn no_second_is_poured_twice_over_a_change_of_rhythm() {
    let daily = kernel(HELD).replace("weekly on monday at 01:00", "daily at 01:00");
    let mut coop = found(&daily, &lines(&[OFFICE]), &[100]);
    coop.run(3);
    assert_eq!(coop.state.time, at("2025-01-03T01:00:00Z"));
    put(&mut coop, "kernel", &kernel(HELD));
    assert_eq!(coop.state.next_update, at("2025-01-06T01:00:00Z"));
    assert_eq!(coop.state.period_s(coop.state.next_update), 3 * 86_400);
    coop.next();
    assert_eq!(coop.state.period_s(coop.state.next_update), 7 * 86_400);
}

#[test]
fn a_constitution_whose_text_is_not_at_hand_stays_as_it_is() {
    let mut coop = coop(HELD, &[100]);
    coop.candidates_mut("constitution")[0].text = None;
    let why = refused(&coop, &proposal(1, "kernel", &kernel(EQUAL)), Rule::DoesNotCheck);
    assert!(why.contains("not at hand"), "{why}");
    let other = coop.state.clone().with_texts("another kernel", "another");
    assert!(other.document_in_force(DecisionId::ROOT).unwrap().text.is_none());
}
