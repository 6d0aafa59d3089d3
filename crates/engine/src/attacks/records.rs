//! Records by those who want to stay: opponents struck, hours for oneself and for a friend.

use charter::{ClauseKind, GivenPower, Power, SupportKind};

use crate::act::{AdmitMember, RecordSupport, ReverseSupport};
use crate::edition::THREE;
use crate::tests::{Coop, Setup, m, office, read, words};
use crate::{Act, Actor, Context, NotDone, Outcome, Refusal, Rule, apply};

const HOUR: i64 = 3_600;
const WHOLE: u32 = 1_000_000;

/// Ten members with an hour each under edition 3, whose treasurer is the first and records hours; so many others vote for the
/// second, and the rest of the first three for the treasurer.
fn house(opponents: std::ops::RangeInclusive<u64>) -> Coop {
    house_with(opponents, &["treasurer"])
}

/// The same with several offices that record hours.
fn house_with(opponents: std::ops::RangeInclusive<u64>, offices: &[&str]) -> Coop {
    let mut coop = recorded_by(offices);
    coop.admit(1..=10);
    for member in 1..=10 {
        coop.give(member, "hours", HOUR, "2025-01-01");
    }
    coop.enter(&[1, 2], "treasurer");
    coop.seat(&[1], "treasurer");
    for member in 1..=10 {
        let whom = if opponents.contains(&member) { 2 } else { 1 };
        coop.vote(member, "treasurer", WHOLE, &[(whom, WHOLE)]);
    }
    coop.next();
    coop
}

/// Nobody, and offices that record hours.
fn recorded_by(offices: &[&str]) -> Coop {
    let clauses = offices.iter().map(|name| {
        let mut clause = office(name, 14);
        if let ClauseKind::Office(office) = &mut clause.kind {
            let kinds = [SupportKind::Hours].into_iter().collect();
            office.powers = vec![GivenPower { kinds, ..GivenPower::plain(Power::Record) }];
        }
        clause
    });
    let classes = vec!["workers: hours(ever) / 1 hour"];
    Setup { classes, edition: THREE, ..Setup::new(clauses.collect()) }.found()
}

/// Founders who have the powers of the treasurer's office, which nobody holds.
fn unheld(founders: &[u64]) -> Coop {
    let mut coop = recorded_by(&["treasurer"]);
    coop.rules_mut().kernel.founders_hold_powers = true;
    for founder in founders {
        let (member, joined_on, left_on) = (m(*founder), None, None);
        coop.act(Act::AdmitMember(AdmitMember { member, organisation: false, founder: true, joined_on, left_on }));
    }
    coop
}

fn by(coop: &mut Coop, actor: Actor, act: &Act) -> Result<Vec<Outcome>, Refusal> {
    let context = Context::of(actor, coop.state.time);
    apply(&mut coop.state, act, &context).map_err(NotDone::refused)
}

fn strikes(coop: &Coop, member: u64) -> Act {
    Act::ReverseSupport(ReverseSupport {
        of: format!("test:{member}"),
        amount: None,
        given_at: Some(coop.state.time),
        given_on: None,
        source: format!("strike:{member}"),
    })
}

fn hours(coop: &mut Coop, member: u64, hours: i64) -> RecordSupport {
    let day = coop.state.time.to_string();
    coop.support(member, "hours", hours * HOUR, &day)
}

fn weight(coop: &Coop, member: u64) -> u64 {
    let index = coop.state.members.index(m(member)).unwrap();
    coop.state.weights.member.get(index.place()).copied().unwrap_or(0)
}

#[test]
fn a_treasurer_strikes_nobody_on_the_way_out() {
    let mut coop = house(4..=10);
    for member in 4..=10 {
        let act = strikes(&coop, member);
        let told = by(&mut coop, Actor::Member(m(1)), &act).unwrap();
        assert!(matches!(told.as_slice(), [Outcome::ActAnnounced { .. }]), "{told:?}");
    }
    let mut told = Vec::new();
    let mut updates = 0;
    while coop.decision("treasurer").seats_member(m(1)) {
        told = coop.next();
        updates += 1;
    }
    assert_eq!(updates, 4, "seven of ten take the office in four weeks, on the day on which the first would be due");
    assert_eq!(told.iter().filter(|told| told.starts_with("act-lapsed")).count(), 7, "{told:?}");
    coop.run(9);
    assert_eq!((4..=10).map(|member| weight(&coop, member)).sum::<u64>(), 7_000_000, "all keep their hours");
}

#[test]
fn a_treasurer_gives_themselves_nothing() {
    let mut coop = house(4..=10);
    let own = Act::RecordSupport(hours(&mut coop, 1, 1_000));
    for actor in [Actor::Member(m(1)), Actor::Desk(m(1))] {
        assert_eq!(by(&mut coop, actor, &own).unwrap_err().rule, Rule::OwnSupport);
    }
    let wrong = Act::RecordSupport(RecordSupport { service: Some("Food".to_owned()), ..hours(&mut coop, 1, 1) });
    assert_eq!(by(&mut coop, Actor::Member(m(1)), &wrong).unwrap_err().rule, Rule::OwnSupport, "R100 before R113");
    coop.next();
    assert_eq!(weight(&coop, 1), 1_000_000);
}

/// A second of a friend's thousand hours is announced to be taken back, so that nobody else can announce the rest: another seat that
/// may record can all the same.
#[test]
fn an_announced_second_keeps_no_other_office_from_taking_back() {
    let mut coop = house_with(4..=10, &["treasurer", "auditor"]);
    coop.enter(&[4], "auditor");
    coop.seat(&[4], "auditor");
    let given = hours(&mut coop, 3, 1_000);
    by(&mut coop, Actor::Member(m(1)), &Act::RecordSupport(given.clone())).unwrap();
    coop.next();
    let takes = |coop: &Coop, amount: Option<i64>, source: &str| {
        let at = Some(coop.state.time);
        let (of, source) = (given.source.clone(), source.to_owned());
        Act::ReverseSupport(ReverseSupport { of, amount, given_at: at, given_on: None, source })
    };
    let second = takes(&coop, Some(1), "second");
    by(&mut coop, Actor::Member(m(1)), &second).unwrap();
    let again = takes(&coop, None, "again");
    assert_eq!(by(&mut coop, Actor::Member(m(1)), &again).unwrap_err().rule, Rule::AlreadyWaits);
    let all = takes(&coop, None, "all");
    by(&mut coop, Actor::Member(m(4)), &all).unwrap();
    coop.run(5);
    assert_eq!(weight(&coop, 3), 1_000_000, "four weeks later the thousand hours are gone");
}

/// The price of the right to say no: a treasurer refuses all that an opponent hands in, each time with a reason in the log.
#[test]
fn a_treasurer_who_refuses_everything_is_answered_by_the_operator_alone() {
    let mut coop = house(4..=10);
    for number in 1..=3 {
        let act = read(
            "claim_support",
            &format!(
                r##"{{"member":"#4","kind":"hours","amount":{{"amount":3600,"unit":"second"}},"given_on":"2025-01-01","source":"own:{number}"}}"##
            ),
        );
        by(&mut coop, Actor::Member(m(4)), &act).unwrap();
        let no =
            read("answer_claim", &format!(r##"{{"member":"#1","number":{number},"yes":false,"reason":"not-known"}}"##));
        let told = words(&by(&mut coop, Actor::Member(m(1)), &no).unwrap());
        assert!(told[0].ends_with("not-known"), "{told:?}");
    }
    let given = hours(&mut coop, 4, 1);
    by(&mut coop, Actor::Operator, &Act::RecordSupport(given)).unwrap();
    coop.next();
    assert_eq!(weight(&coop, 4), 2_000_000);
}

/// The price of founders' powers: while nobody holds the office, two founders record for each other what nobody gave.
#[test]
fn two_founders_record_for_each_other_until_somebody_holds_the_office() {
    let mut coop = unheld(&[1, 2]);
    for (founder, other) in [(1, 2), (2, 1)] {
        let own = hours(&mut coop, founder, 1_000);
        assert_eq!(
            by(&mut coop, Actor::Member(m(founder)), &Act::RecordSupport(own)).unwrap_err().rule,
            Rule::OwnSupport
        );
        let given = hours(&mut coop, other, 1_000);
        by(&mut coop, Actor::Member(m(founder)), &Act::RecordSupport(given)).unwrap();
    }
    coop.next();
    assert_eq!((weight(&coop, 1), weight(&coop, 2)), (1_000_000_000, 1_000_000_000));
    // The operator sees both entries, which name the founders, and takes them back.
    for number in [2, 4] {
        coop.take_back(&format!("test:{number}"), None, &coop.state.time.to_string());
    }
    coop.next();
    assert_eq!((weight(&coop, 1), weight(&coop, 2)), (0, 0));
}

/// The price of a record that nobody looks at, and what ends it.
#[test]
fn a_friend_with_a_thousand_hours_counts_until_somebody_looks() {
    let mut coop = house(2..=10);
    let given = hours(&mut coop, 3, 1_000);
    by(&mut coop, Actor::Member(m(1)), &Act::RecordSupport(given.clone())).unwrap();
    coop.vote(3, "treasurer", WHOLE, &[(1, WHOLE)]);
    coop.next();
    // √1,001 and 1 for the treasurer, 8 against.
    let votes = |coop: &Coop, who: u64| {
        let decision = coop.decision("treasurer");
        decision.votes(decision.candidate_by_name(&m(who).to_string()).unwrap()).unwrap() / 1_000_000
    };
    assert_eq!((votes(&coop, 1), votes(&coop, 2)), (32, 8));
    // The operator sees the entry, which names the office, and takes it back.
    coop.take_back(&given.source, None, &coop.state.time.to_string());
    coop.next();
    assert_eq!((votes(&coop, 1), votes(&coop, 2)), (2, 8));
    assert_eq!(weight(&coop, 3), 1_000_000);
    let act = strikes(&coop, 4);
    let told = words(&by(&mut coop, Actor::Member(m(1)), &act).unwrap());
    assert!(told[0].starts_with("act-announced"), "{told:?}");
}
