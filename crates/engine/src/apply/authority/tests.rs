//! Who may do what through an office or a seat, and how much may be spent.

use std::sync::Arc;

use charter::{Clause, ClauseKind, Every, GivenPower, Grant, MoneyPer, Power};

use super::*;
use crate::DecisionId;
use crate::chamber::Layer;
use crate::tests::{Coop, Setup, at, bill, body, entry, m, office, ranking, read, words};
use crate::{NotDone, apply, update};
use quantity::{Moment, Zone};

fn power(name: &str, limit: Option<(i64, Every)>) -> GivenPower {
    let power = Power::parse(name).expect("a power");
    GivenPower {
        limit: limit.map(|(amount_minor, every)| MoneyPer { amount_minor, every }),
        ..GivenPower::plain(power)
    }
}

fn may(mut clause: Clause, given: Vec<GivenPower>) -> Clause {
    match &mut clause.kind {
        ClauseKind::Office(office) => office.powers = given,
        ClauseKind::Body(body) => body.powers = given,
        _ => {}
    }
    clause
}

/// Member 1 keeps the list, 2 the register, 3 the issues; 4 and 5 sit on a body that spends 100 USD a month; 6 has nothing.
fn house() -> Coop {
    let clauses = vec![
        may(office("secretary", 14), vec![power("keep-list", None)]),
        may(office("registrar", 14), vec![power("admit", None)]),
        may(office("maintainer", 14), vec![power("merge", None), power("close-issue", None)]),
        may(body("board", 2, 14), vec![power("spend", Some((10_000, Every::Month)))]),
        ranking("issues", 0, 0),
    ];
    let setup =
        Setup { classes: vec!["contributors [contributor-list]: 1"], zone: "Pacific/Auckland", ..Setup::new(clauses) };
    let mut house = setup.found();
    house.admit(1..=6);
    for (decision, members) in [("secretary", &[1][..]), ("registrar", &[2]), ("maintainer", &[3]), ("board", &[4, 5])]
    {
        house.enter(members, decision);
        house.seat(members, decision);
    }
    house.open("issues", "old");
    house
}

fn right(house: &Coop, act: &Act, member: u64) -> Option<String> {
    let context = Context::of(Actor::Member(m(member)), house.state.time);
    let right = house.state.authority(act, &context);
    // `apply` and the log's right say the same.
    let mut after = house.clone();
    let before = after.state.hash();
    match apply(&mut after.state, act, &context).map_err(NotDone::refused) {
        Ok(_) => assert!(right.is_some(), "{act:?}"),
        Err(no) => {
            assert_eq!(no.rule == Rule::NotAuthorised, right.is_none(), "{no}");
            assert_eq!(after.state.hash(), before, "a refused act changes nothing");
        }
    }
    right.map(Cow::into_owned)
}

/// Hands in as a member, and tells the refusal.
fn act_as(house: &mut Coop, member: u64, act: &Act) -> Result<Vec<String>, Refusal> {
    let context = Context::of(Actor::Member(m(member)), house.state.time);
    apply(&mut house.state, act, &context).map(|done| words(&done)).map_err(NotDone::refused)
}

#[test]
fn each_power_gives_its_acts_and_no_other() {
    let house = house();
    for (kind, body, holder, told) in [
        ("add_to_list", r##"{"list":"contributor-list","member":"#6"}"##, 1, "office secretary"),
        ("remove_from_list", r##"{"list":"contributor-list","member":"#6"}"##, 1, "office secretary"),
        ("admit_member", r##"{"member":"#7"}"##, 2, "office registrar"),
        ("open_item", r#"{"decision":"issues","item":"new"}"#, 3, "office maintainer"),
        ("close_item", r#"{"decision":"issues","item":"old"}"#, 3, "office maintainer"),
    ] {
        let act = read(kind, body);
        for member in 1..=6 {
            let expected = (member == holder).then(|| told.to_owned());
            assert_eq!(right(&house, &act, member), expected, "{kind} by {member}");
        }
    }
    for member in 1..=6 {
        let expected = [4, 5].contains(&member).then(|| "body board".to_owned());
        assert_eq!(right(&house, &bill("a", 1), member), expected);
        let ends = read("end_membership", r##"{"member":"#6"}"##);
        let expected = (member == 6).then(|| "member".to_owned());
        assert_eq!(right(&house, &ends, member), expected, "nobody ends another's membership");
        let support = r##"{"member":"#1","kind":"donation","amount":{"amount":1,"currency":"USD"},"given_at":"2025-01-01","source":"s"}"##;
        assert_eq!(right(&house, &read("record_support", support), member), None);
    }
}

#[test]
fn a_power_lasts_as_long_as_the_seat() {
    let mut house = house();
    let add = read("add_to_list", r##"{"list":"contributor-list","member":"#6"}"##);
    house.resign(1, "secretary");
    let no = act_as(&mut house, 1, &add).unwrap_err();
    assert_eq!(no.rule, Rule::NotAuthorised);
    assert!(no.why.contains("`keep-list`"), "{no}");
    assert!(no.instead.contains("`secretary`"), "{no}");
    house.seat(&[6], "secretary");
    assert_eq!(right(&house, &add, 6), None, "who does not stand does not hold");
    house.enter(&[6], "secretary");
    house.seat(&[6], "secretary");
    assert_eq!(act_as(&mut house, 6, &add).unwrap(), ["recorded"]);
    let place = house.state.decision_place("secretary").unwrap();
    house.state.decisions[place].closed_at = Some(house.state.time);
    house.state.index_anew();
    let remove = read("remove_from_list", r##"{"list":"contributor-list","member":"#6"}"##);
    assert_eq!(right(&house, &remove, 6), None, "a closed office has no powers");
}

#[test]
fn an_office_books_spending_and_nothing_else() {
    let mut house = house();
    for (name, postings) in [
        ("income", &[("assets:bank", 100), ("income:gifts", -100)][..]),
        ("transfer", &[("assets:bank", -100), ("assets:till", 100)]),
        ("a refund of a gift", &[("assets:bank", -100), ("income:gifts", 100)]),
        ("a debt paid", &[("assets:bank", -100), ("liabilities:card", 100)]),
        ("equity", &[("equity:start", -100), ("expenses:rent", 100)]),
        ("an expense taken back", &[("assets:bank", 100), ("expenses:rent", -100)]),
        ("nothing", &[("assets:bank", 0), ("expenses:rent", 0)]),
    ] {
        let no = act_as(&mut house, 4, &entry("x", postings)).unwrap_err();
        assert_eq!(no.rule, Rule::NotAuthorised, "{name}: {no}");
    }
    let on_credit = entry("x", &[("assets:bank", -60), ("liabilities:card", -40), ("expenses:rent", 100)]);
    assert!(act_as(&mut house, 4, &on_credit).is_ok());
    let balances = house.state.book.balances(None);
    assert_eq!(balances, [("assets:bank", -60), ("expenses:rent", 100), ("liabilities:card", -40)]);
}

#[test]
fn a_body_spends_up_to_its_limit_in_each_calendar_month_of_the_coop() {
    let mut house = house();
    // Their own votes keep them seated at the updates to come.
    house.list("contributor-list", 4);
    house.vote(4, "board", 1_000_000, &[(4, 1_000_000), (5, 1_000_000)]);
    let mut hash = house.state.hash();
    for (member, source, minor) in [(4, "a", 7_000), (5, "b", 2_999), (4, "c", 1)] {
        act_as(&mut house, member, &bill(source, minor)).unwrap();
        assert_ne!(house.state.hash(), hash);
        hash = house.state.hash();
    }
    let no = act_as(&mut house, 5, &bill("d", 1)).unwrap_err();
    assert_eq!(no.rule, Rule::LimitExceeded);
    assert_eq!(
        no.why,
        "`board` may spend 100.00 USD per month, 100.00 USD of this month are spent, and this is 0.01 USD"
    );
    assert_eq!(no.instead, "0.00 USD are left of this month");
    let told = |house: &Coop| {
        let limits = house.state.spending_limits("board", house.state.time);
        let told = limits.iter().map(|one| (one.spent_minor, one.left_minor()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&house), [(10_000, 0)]);
    assert!(house.state.spending_limits("registrar", house.state.time).is_empty());
    assert_eq!(house.state.hash(), hash);
    // The desk's own entries are not the body's.
    house.act(bill("desk", 1_000_000));
    // In Auckland, thirteen hours ahead, February begins at 11:00 UTC.
    house.run_until("2025-01-31T10:59:59Z");
    let late = act_as(&mut house, 4, &bill("d", 1)).unwrap_err();
    assert_eq!(late.rule, Rule::LimitExceeded);
    house.run_until("2025-01-31T11:00:00Z");
    assert_eq!(told(&house), [(0, 10_000)]);
    act_as(&mut house, 4, &bill("d", 10_000)).unwrap();
    let no = act_as(&mut house, 4, &bill("e", 1)).unwrap_err();
    assert_eq!(no.rule, Rule::LimitExceeded, "each month its own");
    let mut unlimited = house.clone();
    let clause = &mut Arc::make_mut(&mut unlimited.state.rules).constitution.clauses[3];
    *clause = may(clause.clone(), vec![power("spend", None)]);
    act_as(&mut unlimited, 4, &bill("e", 1_000_000_000)).unwrap();
}

#[test]
fn another_refusal_with_a_lower_number_comes_first() {
    let mut house = house();
    act_as(&mut house, 4, &bill("a", 10_000)).unwrap();
    let twice = act_as(&mut house, 4, &bill("a", 1)).unwrap_err();
    assert_eq!(twice.rule, Rule::SourceAlreadyRecorded);
    let lopsided = entry("b", &[("assets:bank", -1), ("expenses:rent", 2)]);
    assert_eq!(act_as(&mut house, 4, &lopsided).unwrap_err().rule, Rule::NotBalanced);
}

/// A group with limits of its own, one office inside it without, a second with, and a ranking on each level.
fn nested() -> Coop {
    let limited = |name, minor| vec![power(name, Some((minor, Every::Week)))];
    let group = Clause {
        kind: ClauseKind::Constitution(charter::InnerConstitution {
            terms: charter::Terms { settles_in: quantity::Span::from_seconds(1), nominated_by_ppm: 0, changes: None },
            grant: Grant { powers: Some([limited("spend", 500), vec![power("close-issue", None)]].concat()) },
        }),
        ..office("docs", 1)
    };
    let root = may(office("chair", 14), vec![power("close-issue", None)]);
    let mut coop = Setup::new(vec![group, root, ranking("issues", 0, 0)]).found();
    let both = vec![power("close-issue", None), power("spend", None)];
    let inner = vec![
        may(office("editor", 14), both),
        may(office("printer", 14), limited("spend", 400)),
        ranking("typos", 0, 0),
    ];
    for clause in &inner {
        let opened = Setup::new(vec![clause.clone()]).found();
        let mut decision = opened.state.decisions[DecisionId(1)].clone();
        decision.name = format!("docs/{}", decision.name);
        decision.layer = Layer::Of(DecisionId(1));
        coop.state.decisions.push(decision);
    }
    coop.state.index_anew();
    coop.state.decisions[DecisionId(1)].put_in_force(&"33".repeat(32), "", at("2025-01-01"));
    let constitution = charter::Constitution::new(inner, Vec::new());
    Arc::make_mut(&mut coop.state.rules).below.insert("docs".to_owned(), constitution);
    coop.admit(1..=3);
    for (member, decision) in [(1, "docs/editor"), (2, "docs/printer"), (3, "chair")] {
        coop.enter(&[member], decision);
        coop.seat(&[member], decision);
    }
    coop
}

#[test]
fn an_office_inside_a_group_looks_after_the_group_only() {
    let coop = nested();
    let open = |decision: &str| read("open_item", &format!(r#"{{"decision":"{decision}","item":"i"}}"#));
    let editor = Some("office docs/editor".to_owned());
    assert_eq!(right(&coop, &open("docs/typos"), 1), editor);
    assert_eq!(right(&coop, &open("issues"), 1), None);
    assert_eq!(right(&coop, &open("docs"), 1), None);
    assert_eq!(right(&coop, &open("docsy/typos"), 1), None);
    assert_eq!(right(&coop, &open("docs/typos"), 2), None);
    let chair = Some("office chair".to_owned());
    assert_eq!(right(&coop, &open("issues"), 3), chair);
    assert_eq!(right(&coop, &open("docs/typos"), 3), chair);
}

#[test]
fn what_a_group_may_spend_binds_all_of_its_offices_together() {
    let mut coop = nested();
    act_as(&mut coop, 1, &bill("a", 300)).unwrap();
    let no = act_as(&mut coop, 2, &bill("b", 201)).unwrap_err();
    assert_eq!(
        no.why,
        "all of `docs` together may spend 5.00 USD per week, 3.00 USD of this week are spent, and this is 2.01 USD"
    );
    act_as(&mut coop, 2, &bill("b", 200)).unwrap();
    assert!(act_as(&mut coop, 1, &bill("c", 1)).is_err());
    let limits = coop.state.spending_limits("docs/printer", coop.state.time);
    let told = limits.iter().map(|one| (one.scope.as_str(), one.spent_minor, one.left_minor()));
    let told: Vec<_> = told.collect();
    assert_eq!(told, [("docs/printer", 200, 200), ("docs", 500, 0)]);
    coop.rules_mut().kernel.grant.powers = Some(vec![power("spend", Some((600, Every::Year)))]);
    // The next week begins on Monday; the kernel's own year goes on.
    coop.run_until("2025-01-06T12:00:00Z");
    let no = act_as(&mut coop, 1, &bill("c", 101)).unwrap_err();
    assert!(no.why.starts_with("all offices and bodies together"), "{no}");
    act_as(&mut coop, 1, &bill("c", 100)).unwrap();
}

#[test]
fn of_two_offices_the_first_with_room_pays() {
    let spends = |name, minor| may(office(name, 14), vec![power("spend", Some((minor, Every::Day)))]);
    let mut coop = Setup::new(vec![spends("small", 100), spends("large", 1_000)]).found();
    coop.admit(1..=1);
    for decision in ["small", "large"] {
        coop.enter(&[1], decision);
        coop.seat(&[1], decision);
    }
    let paid = |coop: &mut Coop, source, minor| {
        let act = bill(source, minor);
        let told = right(coop, &act, 1).unwrap();
        act_as(coop, 1, &act).map(|_| told).map_err(|no| no.why)
    };
    assert_eq!(paid(&mut coop, "a", 60).unwrap(), "office small");
    assert_eq!(paid(&mut coop, "b", 60).unwrap(), "office large");
    assert_eq!(paid(&mut coop, "c", 40).unwrap(), "office small");
    assert_eq!(paid(&mut coop, "d", 940).unwrap(), "office large");
    let no = paid(&mut coop, "e", 1).unwrap_err();
    assert!(no.starts_with("`small` may spend 1.00 USD per day"), "{no}");
}

#[test]
fn a_day_belongs_to_the_periods_of_the_zone() {
    let every = [Every::Day, Every::Week, Every::Month, Every::Quarter, Every::Year];
    let spent_again = |every, then: &str| {
        let spends = may(office("till", 14), vec![power("spend", Some((100, every)))]);
        let mut coop = Setup::new(vec![spends]).found();
        coop.rules_mut().kernel.zone = Zone::named("America/New_York").unwrap();
        coop.admit(1..=1);
        coop.enter(&[1], "till");
        coop.seat(&[1], "till");
        let time: Moment = at("2025-06-18T12:00:00Z");
        while coop.state.next_due().moment() <= time {
            let due = coop.state.next_due().moment();
            update(&mut coop.state, due, 1).unwrap();
        }
        coop.state.time = time;
        act_as(&mut coop, 1, &bill("a", 100)).unwrap();
        coop.run_until(then);
        act_as(&mut coop, 1, &bill("b", 100)).is_ok()
    };
    // Wednesday; New York is four hours behind in summer, and five in winter.
    for (then, expected) in [
        ("2025-06-19T03:59:59Z", [false, false, false, false, false]),
        ("2025-06-19T04:00:00Z", [true, false, false, false, false]),
        ("2025-06-23T04:00:00Z", [true, true, false, false, false]),
        ("2025-07-01T04:00:00Z", [true, true, true, true, false]),
        ("2026-01-01T04:59:59Z", [true, true, true, true, false]),
        ("2026-01-01T05:00:00Z", [true, true, true, true, true]),
    ] {
        assert_eq!(every.map(|every| spent_again(every, then)), expected, "{then}");
    }
}

/// The operator in a member's name can do what the member can, and the log says from edition 2 on that it was the operator.
#[test]
fn the_operator_in_a_members_name() {
    let mut house = house();
    let stand = Act::Stand(crate::act::Stand { member: m(6), decision: "secretary".to_owned() });
    let admit = Act::AdmitMember(crate::act::AdmitMember {
        member: m(9),
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    });
    for (edition, of_power) in
        [(crate::edition::ONE, "office registrar"), (crate::edition::TWO, "desk office registrar")]
    {
        house.state.editions.current = edition;
        let right = |act: &Act, who: u64| {
            let context = Context::of(Actor::Desk(m(who)), house.state.time);
            assert_eq!(authorise(&house.state, act, &context).is_ok(), house.state.authority(act, &context).is_some());
            house.state.authority(act, &context).map(Cow::into_owned)
        };
        assert_eq!(right(&stand, 6).as_deref(), Some("desk"));
        assert_eq!(right(&stand, 5), None, "somebody else's act");
        assert_eq!(right(&admit, 2).as_deref(), Some(of_power));
        assert_eq!(right(&admit, 6), None, "no office");
    }
}
