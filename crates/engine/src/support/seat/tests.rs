//! Records by offices and bodies, and the limits on them. Each test is a sentence of `docs/spec/powers.md`, *Recording*.

use charter::{Clause, ClauseKind, Edition, GivenPower, Power, SupportKind};

use crate::act::{AgreeToAct, Deed, ProposeAct, Sides};
use crate::edition::{THREE, TWO};
use crate::tests::{Coop, Setup, body, by, m, office, read, rule};
use crate::{Act, Actor, Context, NotDone, Rule, apply};

const WHOLE: u32 = 1_000_000;
const HOUR: i64 = 3_600;

/// A clause that may record these kinds.
fn records(mut clause: Clause, kinds: &[SupportKind]) -> Clause {
    let given = vec![GivenPower { kinds: kinds.iter().copied().collect(), ..GivenPower::plain(Power::Record) }];
    match &mut clause.kind {
        ClauseKind::Office(office) => office.powers = given,
        ClauseKind::Body(body) => body.powers = given,
        _ => {}
    }
    clause
}

fn acts_by(mut clause: Clause, needed: u32) -> Clause {
    if let ClauseKind::Body(body) = &mut clause.kind {
        body.acts_by = Some(needed);
    }
    clause
}

/// Six members; hours and purchases give weight. Each has worked ten hours and bought for ten dollars in January; counted once
/// in February. The first sits on the clause.
fn house(edition: Edition, clause: Clause) -> Coop {
    let name = clause.name.clone();
    let classes = vec!["workers: hours(ever) / 1 hour", "buyers: purchased(ever) / 1 USD"];
    let mut house = Setup { classes, edition, ..Setup::new(vec![clause]) }.found();
    house.admit(1..=6);
    for member in 1..=6 {
        house.give(member, "hours", 10 * HOUR, "2025-01-01");
        house.give(member, "purchase", 1_000, "2025-01-01");
    }
    house.enter(&[1, 2, 3], &name);
    let seats = house.decision(&name).seats().holders.len() as u64;
    house.seat(&(1..=seats).collect::<Vec<_>>(), &name);
    for member in 1..=6 {
        let scores: Vec<(u64, u32)> = (1..=seats).map(|seat| (seat, WHOLE)).collect();
        house.vote(member, &name, WHOLE, &scores);
    }
    house.next();
    house
}

fn till(kinds: &[SupportKind]) -> Coop {
    house(THREE, records(office("till", 14), kinds))
}

fn tills(needed: Option<u32>) -> Coop {
    let clause = records(body("tills", 3, 14), &[SupportKind::Hours, SupportKind::Purchase]);
    house(THREE, needed.map_or(clause.clone(), |needed| acts_by(clause, needed)))
}

fn gives(house: &mut Coop, member: u64, kind: &str, amount: i64) -> Act {
    let day = house.state.time.to_string();
    Act::RecordSupport(house.support(member, kind, amount, &day))
}

fn source(act: &Act) -> String {
    match act {
        Act::RecordSupport(act) => act.source.clone(),
        _ => panic!("no record"),
    }
}

fn takes_back(house: &Coop, of: &str, number: u32) -> Act {
    let at = house.state.time;
    read("reverse_support", &format!(r#"{{"of":"{of}","given_at":"{at}","source":"back:{number}"}}"#))
}

fn propose(member: u64, act: &Act) -> Act {
    let (member, body) = (m(member), Some("tills".to_owned()));
    Act::ProposeAct(ProposeAct { member, body, proposed: Deed::of(act).expect("a deed") })
}

fn hours(house: &Coop, member: u64) -> i64 {
    let rows = house.state.support.rows(SupportKind::Hours).unwrap();
    let index = house.state.members.index(m(member)).unwrap();
    rows.of(index).iter().map(|(_, row)| row.amount).sum::<i64>() / HOUR
}

#[test]
fn an_office_records_the_kinds_that_are_named() {
    let mut house = till(&[SupportKind::Hours]);
    let act = gives(&mut house, 4, "hours", 5 * HOUR);
    let context = |who| Context::of(Actor::Member(m(who)), house.state.time);
    assert_eq!(house.state.authority(&act, &context(1)).as_deref(), Some("office till"));
    assert_eq!(house.state.authority(&act, &context(2)), None);
    assert_eq!(rule(by(&mut house, 2, &act)), Rule::NotAuthorised);
    assert_eq!(by(&mut house, 1, &act).unwrap(), ["recorded"]);
    assert_eq!(hours(&house, 4), 15);
    assert_eq!(rule(by(&mut house, 1, &act)), Rule::SourceAlreadyRecorded, "twice is once");
    let other = gives(&mut house, 4, "purchase", 100);
    let no = by(&mut house, 1, &other).unwrap_err();
    assert_eq!((no.rule, no.why.contains("the power `record`")), (Rule::NotAuthorised, true), "{no}");
    let bad = gives(&mut house, 4, "hours", 0);
    assert_eq!(rule(by(&mut house, 1, &bad)), Rule::AmountOutOfRange, "the rules of every record hold");
}

#[test]
fn an_edition_before_knows_no_such_power() {
    let mut house = house(TWO, records(office("till", 14), &[SupportKind::Hours]));
    house.rules_mut().constitution.clauses.clear();
    let act = gives(&mut house, 4, "hours", HOUR);
    let no = by(&mut house, 1, &act).unwrap_err();
    assert_eq!((no.rule, no.why.as_str()), (Rule::NotAuthorised, "members cannot do `record_support`"));
    let proposed = Act::ProposeAct(ProposeAct { member: m(1), body: None, proposed: Deed::of(&act).unwrap() });
    assert_eq!(rule(by(&mut house, 1, &proposed)), Rule::ActOfLaterEdition);
}

#[test]
fn nobody_records_for_themselves() {
    let mut house = till(&[SupportKind::Hours]);
    let own = gives(&mut house, 1, "hours", HOUR);
    assert_eq!(rule(by(&mut house, 1, &own)), Rule::OwnSupport);
    let desk = Context::of(Actor::Desk(m(1)), house.state.time);
    let no = apply(&mut house.state, &own, &desk).map_err(NotDone::refused).unwrap_err();
    assert_eq!(no.rule, Rule::OwnSupport, "nor at the desk as the holder");
    assert!(house.submit(&own).is_ok(), "the operator can");
}

#[test]
fn money_only_comes_in() {
    let mut house = till(&[SupportKind::Purchase]);
    let mut booked = |to: &str, from: &str| match gives(&mut house, 4, "purchase", 100) {
        Act::RecordSupport(mut act) => {
            act.book = Some(Sides { to: to.to_owned(), from: from.to_owned() });
            let act = Act::RecordSupport(act);
            (by(&mut house, 1, &act).map_err(|no| no.rule), source(&act))
        }
        _ => panic!("no record"),
    };
    assert_eq!(booked("expenses:gifts", "assets:bank").0, Err(Rule::NotMoneyIn));
    assert_eq!(booked("assets:mine", "assets:bank").0, Err(Rule::NotMoneyIn));
    assert_eq!(booked("assets:bank", "expenses:gifts").0, Err(Rule::NotMoneyIn));
    assert_eq!(booked("liabilities:me", "income:sales").0, Err(Rule::NotMoneyIn));
    let (done, sold) = booked("assets:bank", "income:sales");
    assert_eq!(done, Ok(vec!["recorded".to_owned()]));
    let back = takes_back(&house, &sold, 1);
    assert!(by(&mut house.clone(), 1, &back).is_ok(), "a slip of the pen");
    house.next();
    let back = takes_back(&house, &sold, 1);
    assert_eq!(rule(by(&mut house, 1, &back)), Rule::NotMoneyIn, "later the money would leave by another name");
    assert!(house.submit(&back).is_ok());
}

#[test]
fn any_seat_of_a_body_records_unless_it_says_acts_by() {
    let mut house = tills(None);
    let act = gives(&mut house, 4, "hours", HOUR);
    let context = Context::of(Actor::Member(m(3)), house.state.time);
    assert_eq!(house.state.authority(&act, &context).as_deref(), Some("body tills"));
    assert!(by(&mut house, 3, &act).is_ok());
    let next = gives(&mut house, 4, "hours", HOUR);
    assert_eq!(rule(by(&mut house, 3, &propose(3, &next))), Rule::WrongKindOfDecision, "one seat acts at once");

    let mut house = tills(Some(2));
    let act = gives(&mut house, 4, "hours", HOUR);
    assert_eq!(rule(by(&mut house, 3, &act)), Rule::ActsTogether);
    let told = by(&mut house, 3, &propose(3, &act)).unwrap();
    assert_eq!(told, ["act-proposed 1 tills record_support #4"]);
    assert_eq!(hours(&house, 4), 10);
    let told = by(&mut house, 2, &Act::AgreeToAct(AgreeToAct { member: m(2), number: 1, agree: true })).unwrap();
    assert!(told.iter().any(|told| told.starts_with("act-done 1")), "{told:?}");
    assert_eq!(hours(&house, 4), 11);
    // The giver's own agreement does not count for them.
    let own = gives(&mut house, 2, "hours", HOUR);
    assert_eq!(rule(by(&mut house, 2, &propose(2, &own))), Rule::OwnSupport);
    by(&mut house, 3, &propose(3, &own)).unwrap();
    let yes = |member| Act::AgreeToAct(AgreeToAct { member: m(member), number: 2, agree: true });
    assert_eq!(rule(by(&mut house, 2, &yes(2))), Rule::OwnSupport);
    assert!(by(&mut house, 1, &yes(1)).is_ok());
    assert_eq!(hours(&house, 2), 11);
}

#[test]
fn what_has_counted_is_taken_back_later() {
    let mut house = till(&[SupportKind::Hours]);
    let fresh = gives(&mut house, 4, "hours", HOUR);
    by(&mut house, 1, &fresh).unwrap();
    let back = takes_back(&house, &source(&fresh), 1);
    assert_eq!(by(&mut house, 1, &back).unwrap(), ["recorded"], "before it has counted it is taken back at once");
    assert_eq!(hours(&house, 4), 10);

    let theirs = house.give(5, "hours", HOUR, "2025-01-05");
    let back = takes_back(&house, &theirs, 2);
    let told = by(&mut house, 1, &back).unwrap();
    assert!(told[0].starts_with("act-announced 1 till reverse_support #5 due"), "others recorded it: {told:?}");
    let again = takes_back(&house, &theirs, 3);
    assert_eq!(rule(by(&mut house, 1, &again)), Rule::AlreadyWaits);
    house.run(3);
    assert_eq!(hours(&house, 5), 11, "two settling times are 28 days");
    let told = house.next();
    assert!(told.iter().any(|told| told.starts_with("act-took-effect 1")), "{told:?}");
    assert_eq!(hours(&house, 5), 10);
    house.next();
    assert_eq!(house.state.recorded.len(), 0);
}

#[test]
fn it_lapses_with_the_office() {
    let mut house = till(&[SupportKind::Hours]);
    let all: Vec<String> = (4..=6).map(|member| house.give(member, "hours", HOUR, "2025-01-05")).collect();
    for (number, of) in (1..).zip(&all) {
        let back = takes_back(&house, of, number);
        by(&mut house, 1, &back).unwrap();
    }
    let told = by(&mut house, 1, &read("resign_seat", r##"{"member":"#1","decision":"till"}"##)).unwrap();
    assert_eq!(told.iter().filter(|told| told.starts_with("act-lapsed")).count(), 3, "{told:?}");
    house.run(6);
    assert_eq!([4, 5, 6].map(|member| hours(&house, member)), [11, 11, 11]);
}

#[test]
fn founders_record_for_others_and_take_nothing_back() {
    let clause = records(office("till", 14), &[SupportKind::Hours]);
    let mut house =
        Setup { classes: vec!["workers: hours(ever) / 1 hour"], edition: THREE, ..Setup::new(vec![clause]) }.found();
    house.rules_mut().kernel.founders_hold_powers = true;
    house.act(read("admit_member", r##"{"member":"#1","organisation":false,"founder":true}"##));
    house.admit(2..=3);
    let act = gives(&mut house, 2, "hours", HOUR);
    let context = Context::of(Actor::Member(m(1)), house.state.time);
    assert_eq!(house.state.authority(&act, &context).as_deref(), Some("founder till"));
    by(&mut house, 1, &act).unwrap();
    let own = gives(&mut house, 1, "hours", HOUR);
    assert_eq!(rule(by(&mut house, 1, &own)), Rule::OwnSupport);
    house.next();
    let back = takes_back(&house, &source(&act), 1);
    assert_eq!(rule(by(&mut house, 1, &back)), Rule::CountedAlready);
}
