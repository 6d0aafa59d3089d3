//! Records by those who want to stay: opponents struck, hours for oneself and for a friend.

use charter::{ClauseKind, GivenPower, Power, SupportKind};

use crate::act::{RecordSupport, ReverseSupport};
use crate::edition::THREE;
use crate::tests::{Coop, Setup, m, office, words};
use crate::{Act, Actor, Context, NotDone, Outcome, Refusal, Rule, apply};

const HOUR: i64 = 3_600;
const WHOLE: u32 = 1_000_000;

/// Ten members with an hour each under edition 3, whose treasurer is the first and records hours; so many others vote for the
/// second, and the rest of the first three for the treasurer.
fn house(opponents: std::ops::RangeInclusive<u64>) -> Coop {
    let mut treasurer = office("treasurer", 14);
    if let ClauseKind::Office(office) = &mut treasurer.kind {
        let kinds = [SupportKind::Hours].into_iter().collect();
        office.powers = vec![GivenPower { kinds, ..GivenPower::plain(Power::Record) }];
    }
    let classes = vec!["workers: hours(ever) / 1 hour"];
    let mut coop = Setup { classes, edition: THREE, ..Setup::new(vec![treasurer]) }.found();
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

fn by(coop: &mut Coop, actor: Actor, act: &Act) -> Result<Vec<Outcome>, Refusal> {
    let context = Context { time: coop.state.time, actor };
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
    coop.next();
    assert_eq!(weight(&coop, 1), 1_000_000);
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
