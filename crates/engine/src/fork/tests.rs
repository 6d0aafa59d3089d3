//! Forks: each rule and refusal, the arithmetic of the share, and what goes along.

use std::sync::Arc;

use charter::{TreasuryShare, read_kernel};

use super::*;
use crate::act::JoinFork;
use crate::act::{Act, CompleteFork};
use crate::digest::hex;
use crate::tests::{Coop, Setup, m, office, read};
use crate::{Actor, Context, Refusal, Rule, apply};

const KERNEL: &str = "# Ours\n\n```charter\nkernel {\n    name \"ours\"\n    purpose \"Go on elsewhere\"\n    currency \"USD\"\n    time-zone \"UTC\"\n    class \"members\" list=\"crew\" { weight \"1\" }\n    constitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }\n}\n```\n";
const CONSTITUTION: &str = "# Ours\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";
const COOP: &str = "c_0000000000001";

/// Members 1 to 5 with weights 1 to 4 and none, counted once, of whom 5 has left; 2 and 3 are on lists; 1,000.01 USD in
/// two accounts, 0.01 owed.
fn house(treasury: TreasuryShare) -> Coop {
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "crew [crew]: 0", "else [else]: 0"],
        ..Setup::new(vec![office("maintainer", 14)])
    };
    let mut house = setup.found().with_weights(&[1, 2, 3, 4, 0]);
    house.rules_mut().kernel.fork.treasury = treasury;
    house.list("crew", 3);
    house.list("crew", 2);
    house.list("else", 2);
    house.leave(5);
    house.act(read("book_entry", r#"{"at":"2025-01-01","source":"b","narration":"n","currency":"USD","postings":[{"account":"assets:bank","minor":66668},{"account":"assets:cash","minor":33334},{"account":"assets:debt","minor":-1},{"account":"liabilities:loan","minor":-1},{"account":"income:gifts","minor":-100000}]}"#));
    house.next();
    house
}

fn announcement(member: u64, fork: &str) -> AnnounceFork {
    AnnounceFork {
        member: m(member),
        fork: fork.to_owned(),
        kernel: hex(KERNEL.as_bytes()),
        constitution: hex(CONSTITUTION.as_bytes()),
        kernel_text: Some(KERNEL.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }
}

fn announce(house: &mut Coop, member: u64, fork: &str) -> Vec<String> {
    house.act(Act::AnnounceFork(announcement(member, fork)))
}

fn joining(member: u64, fork: &str, going: bool) -> Act {
    Act::JoinFork(JoinFork { member: m(member), fork: fork.to_owned(), going })
}

fn completion(fork: &str) -> Act {
    Act::CompleteFork(CompleteFork { fork: fork.to_owned(), coop: COOP.to_owned(), key: "ab".repeat(32) })
}

#[track_caller]
fn refused(house: &Coop, act: &Act, rule: Rule) -> Refusal {
    let mut after = house.clone();
    let refusal = after.submit(act).unwrap_err();
    assert_eq!(refusal.rule, rule, "{act:?}: {refusal}");
    assert!(!refusal.to_string().contains('\n') && !refusal.why.ends_with('.'), "{refusal}");
    assert_eq!(format!("{:?}", after.state), format!("{:?}", house.state), "a refused act changed something");
    refusal
}

fn going(house: &Coop, fork: &str) -> imbl::OrdSet<MemberIndex> {
    house.state.forks.open_named(fork).unwrap().going.clone()
}

#[test]
fn members_announce_join_and_stay() {
    let mut house = house(TreasuryShare::ByWeight);
    let before = house.state.hash();
    assert_eq!(announce(&mut house, 1, "next"), ["fork-announced next"]);
    assert_ne!(house.state.hash(), before, "a fork is in the state's hash");
    let announced = house.state.hash();
    assert_eq!(house.act(joining(3, "next", true)), ["recorded"]);
    assert_ne!(house.state.hash(), announced, "who goes is in the state's hash");
    assert_eq!(going(&house, "next"), [MemberIndex(0), MemberIndex(2)].into_iter().collect());
    // The announcer may stay after all: the fork stands as long as somebody goes.
    assert_eq!(house.act(joining(1, "next", false)), ["recorded"]);
    assert_eq!(house.act(joining(3, "next", false)), ["fork-withdrawn next"]);
    assert!(house.state.forks.open().is_empty());
    assert_eq!(house.state.hash(), before);
    announce(&mut house, 2, "next");
    assert_eq!(house.leave(2), ["recorded", "fork-withdrawn next"], "who leaves goes nowhere");
}

#[test]
fn each_rule_refuses_in_order() {
    let mut full = house(TreasuryShare::ByWeight);
    full.admit(6..=26);
    for number in 6..26 {
        announce(&mut full, number, &format!("f{number}"));
    }
    let house = {
        let mut house = house(TreasuryShare::ByWeight);
        announce(&mut house, 1, "next");
        announce(&mut house, 2, "gone");
        house.act(completion("gone"));
        house
    };
    let with = |change: fn(&mut AnnounceFork)| {
        let mut act = announcement(1, "next");
        change(&mut act);
        Act::AnnounceFork(act)
    };
    let euros = |act: &mut AnnounceFork| {
        let text = KERNEL.replace("USD", "EUR");
        (act.kernel, act.kernel_text) = (hex(text.as_bytes()), Some(text.into()));
    };
    for (rule, act) in [
        (Rule::UnknownMember, with(|act| (act.member, act.fork) = (m(99), String::new()))),
        (Rule::MembershipEnded, with(|act| (act.member, act.fork) = (m(5), String::new()))),
        (Rule::NameNotAllowed, with(|act| act.fork = "A".to_owned())),
        (Rule::NameNotAllowed, with(|act| act.fork = "a--b".to_owned())),
        (Rule::NameNotAllowed, with(|act| act.fork = "1a".to_owned())),
        (Rule::NameNotAllowed, with(|act| act.fork = "a".repeat(41))),
        (Rule::NameNotAllowed, with(|act| act.kernel = "AB".repeat(32))),
        (Rule::TextMissing, with(|act| act.kernel_text = None)),
        (Rule::TextMissing, with(|act| act.constitution_text = None)),
        (Rule::TextMissing, with(|act| act.kernel_text = Some("other".into()))),
        (
            Rule::DoesNotCheck,
            with(|act| {
                let text = KERNEL.replace("weight \"1\"", "weight \"1 USD\"");
                (act.kernel, act.kernel_text) = (hex(text.as_bytes()), Some(text.into()));
            }),
        ),
        (
            Rule::DoesNotCheck,
            with(|act| {
                let text = CONSTITUTION.replace("14 days", "soon");
                (act.constitution, act.constitution_text) = (hex(text.as_bytes()), Some(text.into()));
            }),
        ),
        (Rule::ForkNameTaken, with(|_| ())),
        (Rule::ForkNameTaken, with(|act| (act.member, act.fork) = (m(3), "gone".to_owned()))),
        (Rule::AlreadyGoing, with(|act| act.fork = "another".to_owned())),
        (Rule::UnknownMember, joining(99, "nowhere", true)),
        (Rule::UnknownFork, joining(1, "nowhere", true)),
        (Rule::UnknownFork, joining(1, "gone", true)),
        (Rule::AlreadyGoing, joining(1, "next", true)),
        (Rule::NotGoing, joining(3, "next", false)),
        (Rule::UnknownFork, completion("nowhere")),
        (Rule::UnknownFork, completion("gone")),
        (
            Rule::NameNotAllowed,
            read("complete_fork", &format!(r#"{{"fork":"next","coop":"x","key":"{}"}}"#, "ab".repeat(32))),
        ),
        (Rule::NameNotAllowed, read("complete_fork", &format!(r#"{{"fork":"next","coop":"{COOP}","key":"ab"}}"#))),
    ] {
        refused(&house, &act, rule);
    }
    let mut act = announcement(1, "next");
    euros(&mut act);
    act.constitution_text = None;
    refused(&house, &Act::AnnounceFork(act), Rule::WrongCurrency);
    let act = Act::AnnounceFork(AnnounceFork { kernel_text: None, ..announcement(6, "f6") });
    refused(&full, &act, Rule::TooMany);
    for actor in [Actor::Member(m(1)), Actor::Bridge] {
        let context = Context::of(actor, house.state.time);
        let no = apply(&mut house.state.clone(), &completion("next"), &context).unwrap_err().refused();
        assert_eq!(no.rule, Rule::NotAuthorised);
    }
}

#[test]
fn rules_that_stay_cannot_be_taken() {
    let mut house = house(TreasuryShare::Nothing);
    house.rules_mut().kernel.fork.rules = false;
    house.state.amendment.in_force = hex(KERNEL.as_bytes());
    refused(&house, &Act::AnnounceFork(announcement(1, "next")), Rule::RulesStayHere);
    house.state.amendment.in_force = "11".repeat(32);
    let name = crate::chamber::CandidateName::Document(hex(CONSTITUTION.as_bytes()));
    house.candidates_mut("constitution")[0].name = name;
    house.state.index_anew();
    refused(&house, &Act::AnnounceFork(announcement(1, "next")), Rule::RulesStayHere);
    house.rules_mut().kernel.fork.rules = true;
    announce(&mut house, 1, "next");
}

/// Weights are 1, 2, 3 and 4 of 10, and what can be divided is 1,000.00 USD: 1,000.02 in accounts less 0.01 short and 0.01 owed.
#[test]
fn the_share_is_rounded_down_to_the_minor_unit() {
    for (treasury, go, part, whole, minor) in [
        (TreasuryShare::ByWeight, &[0][..], 1_000_000, 10_000_000, 10_000),
        (TreasuryShare::ByWeight, &[1, 3], 6_000_000, 10_000_000, 60_000),
        (TreasuryShare::ByWeight, &[0, 1, 2, 3], 10_000_000, 10_000_000, 100_000),
        (TreasuryShare::ByHead, &[0], 1, 4, 25_000),
        (TreasuryShare::ByHead, &[0, 1, 2], 3, 4, 75_000),
        (TreasuryShare::Nothing, &[0, 1, 2], 0, 0, 0),
    ] {
        let share = house(treasury).state.fork_share(&go.iter().copied().map(MemberIndex).collect());
        let expected = Share { balance_minor: 100_000, part, whole, minor, ..Share::default() };
        assert_eq!(share, expected, "{treasury:?} {go:?}");
    }
    let mut three = house(TreasuryShare::ByHead);
    three.leave(4);
    assert_eq!(three.state.fork_share(&[MemberIndex(0)].into_iter().collect()).minor, 33_333, "a third, rounded down");
    assert_eq!(three.state.fork_share(&[MemberIndex(0), MemberIndex(1)].into_iter().collect()).minor, 66_666);
}

/// Who left since the last update has no part any more: of two forks on one day the second does not lose by being second.
#[test]
fn two_forks_on_one_day_take_alike() {
    let mut house = house(TreasuryShare::ByWeight);
    announce(&mut house, 1, "one");
    announce(&mut house, 4, "two");
    let share = |house: &Coop, fork: &str| house.state.fork_share(&going(house, fork));
    assert_eq!((share(&house, "one").minor, share(&house, "two").minor), (10_000, 40_000));
    house.act(completion("one"));
    let left = share(&house, "two");
    assert_eq!((left.balance_minor, left.part, left.whole), (90_000, 4_000_000, 9_000_000));
    assert_eq!(left.minor, 40_000);
    house.act(joining(2, "two", true));
    house.act(joining(3, "two", true));
    assert_eq!(share(&house, "two").minor, 90_000, "whoever is left has all that is left");
}

#[test]
fn nobody_takes_from_an_empty_or_indebted_treasury() {
    let booked = |postings: &str| {
        let mut house = Setup::new(Vec::new()).found().with_weights(&[1, 1]);
        house.rules_mut().kernel.fork.treasury = TreasuryShare::ByWeight;
        let body =
            format!(r#"{{"at":"2025-01-01","source":"b","narration":"n","currency":"USD","postings":[{postings}]}}"#);
        house.act(read("book_entry", &body));
        house.next();
        house.state.fork_share(&[MemberIndex(0)].into_iter().collect())
    };
    let owing = booked(
        r#"{"account":"assets:bank","minor":100},{"account":"liabilities:loan","minor":-300},{"account":"equity:x","minor":200}"#,
    );
    assert_eq!((owing.balance_minor, owing.minor), (0, 0));
    // Others' debts to the co-op are no money that could go along.
    let lent = booked(
        r#"{"account":"assets:bank","minor":100},{"account":"liabilities:lent","minor":300},{"account":"income:x","minor":-400}"#,
    );
    assert_eq!((lent.balance_minor, lent.minor), (100, 50));
    let mut fresh = Setup::new(Vec::new()).found();
    fresh.rules_mut().kernel.fork.treasury = TreasuryShare::ByWeight;
    assert_eq!(fresh.state.fork_share(&[].into_iter().collect()), Share::default());
}

#[test]
fn completing_takes_members_ballots_and_money_out() {
    let mut house = house(TreasuryShare::ByWeight);
    house.enter(&[2, 4], "maintainer");
    house.seat(&[2], "maintainer");
    house.vote(2, "maintainer", 500_000, &[(4, 1_000_000)]);
    announce(&mut house, 2, "next");
    house.act(joining(3, "next", true));
    let told = house.state.fork_share(&going(&house, "next"));
    let outcomes = house.act(completion("next"));
    assert_eq!(outcomes, ["fork-completed next c_0000000000001 left 2 with 50000", "seat-vacated maintainer from #2"]);
    assert_eq!(house.state.ballots.len(), 0);
    assert_eq!(house.state.members.active_count(), 2);
    assert!(house.state.forks.open().is_empty());
    let done = house.state.forks.completed_named("next").unwrap();
    assert_eq!(
        (done.share, &done.went[..]),
        (told, &[MemberIndex(1), MemberIndex(2)][..]),
        "page and act ask one function"
    );
    let balances = house.state.book.balances(None);
    // 66668 : 33334 of 50000, largest remainder; the account below zero gives nothing.
    for expected in [
        ("assets:bank", 66_668 - 33_333),
        ("assets:cash", 33_334 - 16_667),
        ("assets:debt", -1),
        ("equity:fork:next", 50_000),
    ] {
        assert!(balances.contains(&expected), "{expected:?} in {balances:?}");
    }
    let act = completion("next");
    let entry = crate::book::booking(&house.state, &act, house.state.time).unwrap();
    assert_eq!(entry.postings.iter().map(|posting| posting.minor).sum::<i64>(), 0);
    assert_eq!(entry.moved_minor(), -50_000);
}

#[test]
fn what_goes_along_is_theirs_and_no_more() {
    let mut house = house(TreasuryShare::ByWeight);
    announce(&mut house, 3, "next");
    house.act(joining(2, "next", true));
    // A founder who goes along is a member like others there.
    house.state.founders.add(MemberIndex(1));
    house.act(completion("next"));
    let kernel = read_kernel(KERNEL).unwrap();
    let acts = |house: &Coop| -> Vec<String> {
        let extract = Extract::new(&house.state, "next").unwrap();
        let members = extract.members(&kernel);
        members.iter().map(|act| format!("{act:?}")).collect()
    };
    let found = acts(&house);
    assert_eq!(found.len(), 4, "two members, and the one list that the new kernel reads: {found:?}");
    assert!(found.iter().all(|act| !act.contains("founder: true")), "{found:?}");
    assert!(found[0].contains(&m(2).to_string()) && found[3].contains(&m(3).to_string()));
    let mut extract = Extract::new(&house.state, "next").unwrap();
    let give = |member: &str, source: &str| {
        read(
            "record_support",
            &format!(
                r##"{{"member":"{member}","kind":"donation","amount":{{"amount":1,"currency":"USD"}},"given_at":"2025-01-01","source":"{source}"}}"##
            ),
        )
    };
    let back =
        |of: &str| read("reverse_support", &format!(r#"{{"of":"{of}","given_at":"2025-01-01","source":"r:{of}"}}"#));
    for (act, copied) in [
        (give("#1", "a"), false),
        (back("a"), false),
        (give("#2", "b"), true),
        (back("b"), true),
        (give("#5", "c"), false),
        (read("admit_member", r##"{"member":"#2"}"##), false),
        (joining(2, "next", true), false),
    ] {
        assert_eq!(extract.copies(&act), copied, "{act:?}");
    }
    let Some(Act::BookEntry(money)) = extract.money("c_old") else {
        panic!("money goes along");
    };
    assert_eq!((money.moved_minor(), money.source.as_str()), (50_000, "fork:c_old:next"));
    // Where the kernel keeps them, nothing goes.
    for (register, ledger) in [(false, true), (true, false)] {
        let mut kept = house.clone();
        let fork = Arc::make_mut(&mut kept.state.forks.completed[0]);
        (fork.register, fork.ledger) = (register, ledger);
        assert_eq!(acts(&kept).is_empty(), !register);
        assert!(!Extract::new(&kept.state, "next").unwrap().copies(&give("#2", "b")));
    }
}

/// Whatever is kept of a completed fork and binds it is in the state's hash.
#[test]
fn a_completed_fork_is_in_the_hash_of_the_state() {
    let mut house = house(TreasuryShare::ByWeight);
    announce(&mut house, 2, "next");
    house.act(completion("next"));
    let changes: [fn(&mut CompletedFork); 6] = [
        |fork| fork.name.push('x'),
        |fork| fork.coop.push('x'),
        |fork| fork.key.push('x'),
        |fork| fork.at = Moment(0),
        |fork| fork.share.minor += 1,
        |fork| fork.went.push(MemberIndex(3)),
    ];
    for change in changes {
        let mut other = house.clone();
        change(Arc::make_mut(&mut other.state.forks.completed[0]));
        assert_ne!(other.state.hash(), house.state.hash());
    }
}
