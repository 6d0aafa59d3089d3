//! Joins. Each test is a sentence of `docs/spec/people.md`, *Joining*.

use charter::{ClauseKind, GivenPower, Power, SupportKind};

use super::Stage;
use crate::act::{AdmitMember, ReverseSupport};
use crate::edition::{THREE, TWO};
use crate::tests::{Coop, Luck, ONE, Setup, body, by, m, office, read, rule, tries};
use crate::{Act, MemberIndex, Refusal, Rule};

/// Six members with ten dollars each, of whom the first is the secretary and may admit.
fn house() -> Coop {
    let mut secretary = office("secretary", 14);
    if let ClauseKind::Office(office) = &mut secretary.kind {
        office.powers = vec![GivenPower::plain(Power::Admit)];
    }
    let setup = Setup { edition: THREE, ..Setup::new(vec![secretary]) };
    let mut house = setup.found().with_weights(&[10; 6]);
    house.enter(&[1], "secretary");
    house.seat(&[1], "secretary");
    house.next();
    house
}

fn joins(from: u64, into: u64, more: &str) -> Act {
    read("join_members", &format!(r##"{{"from":"#{from}","into":"#{into}"{more}}}"##))
}

fn answers(house: &mut Coop, member: u64, (from, into): (u64, u64), yes: bool) -> Result<Vec<String>, Refusal> {
    let text = format!(r##"{{"member":"#{member}","from":"#{from}","into":"#{into}","yes":{yes}}}"##);
    by(house, member, &read("answer_join", &text))
}

fn takes_back(from: u64) -> Act {
    read("take_back_join", &format!(r##"{{"from":"#{from}"}}"##))
}

fn stage(house: &Coop, from: u64) -> Option<Stage> {
    house.state.joins.of(index(house, from)).map(|join| join.stage)
}

fn index(house: &Coop, member: u64) -> MemberIndex {
    house.state.members.index(m(member)).unwrap()
}

fn weights(house: &Coop) -> Vec<u64> {
    house.weights().iter().map(|weight| weight / ONE).collect()
}

const ASK: &str = r#","ask_both":true"#;

#[test]
fn a_join_takes_effect_at_the_first_update_seven_days_later() {
    let mut house = house();
    assert_eq!(
        by(&mut house, 1, &joins(2, 3, "")).unwrap(),
        ["join-announced #2 #3 due 2025-01-13T01:00:00Z"],
        "by who may admit"
    );
    house.vote(4, "secretary", 500_000, &[(1, 1_000_000)]);
    assert_eq!(house.next(), ["join-took-effect #2 #3 records 1"]);
    assert_eq!(weights(&house), [10, 10, 10, 10, 10, 10], "this update was counted before");
    assert!(!house.state.members.is_active(index(&house, 2)), "the record that went is no member");
    house.next();
    assert_eq!(weights(&house), [10, 0, 20, 10, 10, 10]);
    assert_eq!(house.state.members.active_count(), 5);
    // A later gift of the record that went is the other's, and each fact counts once still.
    house.give(2, "donation", 500, "2025-01-20");
    let again = house.state.support.giver("test:2");
    assert_eq!(again, Some(index(&house, 3)));
    house.next();
    assert_eq!(weights(&house), [10, 0, 25, 10, 10, 10]);
}

#[test]
fn where_one_has_acted_both_must_say_yes() {
    let mut house = house();
    house.vote(2, "secretary", 500_000, &[(1, 1_000_000)]);
    assert_eq!(by(&mut house, 1, &joins(2, 3, "")).unwrap(), ["join-asked #2 #3"]);
    house.run(3);
    assert_eq!(stage(&house, 2), Some(Stage::Asked), "nobody decides it for them");
    assert_eq!(answers(&mut house, 2, (2, 3), true).unwrap(), ["join-asked #2 #3"], "one yes is not enough");
    assert_eq!(rule(answers(&mut house, 2, (2, 3), true)), Rule::AlreadyAgreed);
    assert!(answers(&mut house, 3, (2, 3), true).unwrap()[0].starts_with("join-announced #2 #3 due"));
    assert_eq!(house.next(), ["join-took-effect #2 #3 records 1"]);
    assert_eq!(house.state.ballots.len(), 0, "ballots of the record that went end");
    // The server knows more than the log: who signs in.
    assert_eq!(by(&mut house, 1, &joins(4, 5, ASK)).unwrap(), ["join-asked #4 #5"]);
    // 90 days later it is over.
    let told = house.run_until("2025-05-05");
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(house.next(), ["join-lapsed #4 #5"]);
}

#[test]
fn somebody_who_comes_in_the_seven_days_is_asked() {
    let mut house = house();
    house.act(joins(2, 3, ""));
    house.vote(3, "secretary", 500_000, &[(1, 1_000_000)]);
    assert_eq!(house.next(), ["join-asked #2 #3"]);
    assert_eq!(stage(&house, 2), Some(Stage::Asked));
}

#[test]
fn either_side_stops_it_and_is_not_asked_again() {
    for (side, other) in [(2, 3), (3, 2)] {
        let mut house = house();
        house.act(joins(2, 3, ""));
        assert_eq!(answers(&mut house, side, (2, 3), false).unwrap(), ["join-stopped #2 #3"]);
        assert_eq!(rule(by(&mut house, 1, &joins(2, 3, ""))), Rule::SaidToBeTwo);
        assert_eq!(rule(by(&mut house, 1, &joins(3, 2, ""))), Rule::SaidToBeTwo, "nor the other way round");
        assert_eq!(rule(answers(&mut house, other, (2, 3), true)), Rule::SaidToBeTwo);
        assert_eq!(answers(&mut house, side, (2, 3), true).unwrap(), ["join-asked #2 #3"], "who said so can say yes");
        assert_eq!(rule(answers(&mut house, 4, (2, 3), false)), Rule::NotASide);
        assert!(answers(&mut house, other, (2, 3), true).is_ok());
        house.next();
        assert_eq!(stage(&house, 2), Some(Stage::Joined));
    }
}

#[test]
fn what_was_joined_goes_back_by_source() {
    let mut house = house();
    house.give(2, "donation", 700, "2024-12-01");
    house.give(3, "donation", 100, "2024-12-01");
    house.act(joins(2, 3, ""));
    house.next();
    house.give(2, "donation", 200, "2025-01-13");
    house.take_back("test:7", Some(300), "2025-01-13");
    house.next();
    assert_eq!(weights(&house), [10, 0, 27, 10, 10, 10], "10 + 1 of their own, 10 + 7 − 3 + 2 of the other");
    assert_eq!(rule(by(&mut house, 4, &takes_back(2))), Rule::NotAuthorised);
    assert_eq!(rule(by(&mut house, 1, &takes_back(4))), Rule::NotJoined);
    assert_eq!(
        by(&mut house, 1, &takes_back(2)).unwrap(),
        ["parting-announced #2 #3 due 2025-01-27T01:00:00Z"],
        "it is announced as the join was"
    );
    assert_eq!(rule(by(&mut house, 1, &takes_back(2))), Rule::AlreadyWaits);
    assert_eq!(house.next(), ["parting-took-effect #2 #3 records 3"]);
    assert_eq!(weights(&house), [10, 0, 27, 10, 10, 10]);
    house.next();
    assert_eq!(weights(&house), [10, 16, 11, 10, 10, 10]);
    assert!(house.state.members.is_active(index(&house, 2)));
    house.vote(2, "secretary", 500_000, &[(1, 1_000_000)]);
    let recorded = house.state.support.recorded("test:7").unwrap();
    assert_eq!((recorded.member, recorded.amount), (index(&house, 2), 700), "as it was given");
}

#[test]
fn what_both_have_agreed_to_nobody_else_takes_back() {
    let mut house = house();
    answers(&mut house, 2, (2, 3), true).unwrap();
    answers(&mut house, 3, (2, 3), true).unwrap();
    house.next();
    assert_eq!(rule(by(&mut house, 1, &takes_back(2))), Rule::JoinedByBoth);
    assert_eq!(answers(&mut house, 3, (2, 3), false).unwrap(), ["parting-announced #2 #3 due 2025-01-20T01:00:00Z"]);
    house.run(2);
    assert_eq!(weights(&house), [10; 6]);
}

#[test]
fn lists_and_membership_come_back_and_seats_do_not() {
    let classes = vec!["patrons: donated(ever) / 1 USD", "crew [crew-list]: 1"];
    let setup = Setup { classes, edition: THREE, ..Setup::new(vec![office("secretary", 14)]) };
    let mut house = setup.found().with_weights(&[10; 3]);
    house.list("crew-list", 2);
    house.act(joins(2, 3, ""));
    house.next();
    house.next();
    let on = |house: &Coop, member: u64| house.state.members.list("crew-list").unwrap().contains(&index(house, member));
    assert!(!on(&house, 2) && !on(&house, 3), "a list is no support");
    house.act(takes_back(2));
    house.next();
    assert!(on(&house, 2));
}

#[test]
fn a_pledge_goes_along_with_its_terms() {
    let classes = vec!["patrons: pledged(next month) / 1 USD"];
    let mut house = Setup { classes, edition: THREE, ..Setup::new(Vec::new()) }.found();
    house.admit(1..=3);
    house.give(1, "pledge", 500, "2025-01-01");
    house.give(2, "pledge", 700, "2025-01-01");
    house.next();
    assert_eq!(weights(&house), [5, 7, 0]);
    house.act(joins(1, 3, ""));
    house.run(2);
    assert_eq!(weights(&house), [0, 7, 5]);
    house.act(takes_back(1));
    house.run(2);
    assert_eq!(weights(&house), [5, 7, 0]);
    house.run_until("2025-03-04");
    assert_eq!(weights(&house), [0, 0, 0], "it lapses on its own day");
}

#[test]
fn what_cannot_be_joined_is_refused() {
    let mut house = house();
    house.act(Act::AdmitMember(AdmitMember {
        member: m(7),
        organisation: true,
        founder: false,
        joined_on: None,
        left_on: None,
    }));
    for (act, expected) in [
        (joins(9, 3, ""), Rule::UnknownMember),
        (joins(2, 9, ""), Rule::UnknownMember),
        (joins(2, 2, ""), Rule::OneRecord),
        (joins(2, 7, ""), Rule::PersonAndOrganisation),
        (takes_back(9), Rule::UnknownMember),
    ] {
        assert_eq!(rule(by(&mut house, 1, &act)), expected, "{act:?}");
    }
    assert_eq!(rule(by(&mut house, 2, &joins(2, 3, ""))), Rule::NotAuthorised);
    assert_eq!(rule(answers(&mut house, 2, (2, 3), false)), Rule::NothingWaits);
    house.act(joins(2, 3, ""));
    for (from, into, expected) in [(2, 4, Rule::AlreadyWaits), (3, 4, Rule::ThroughAThird), (4, 2, Rule::ThroughAThird)]
    {
        assert_eq!(rule(by(&mut house, 1, &joins(from, into, ""))), expected, "{from} into {into}");
    }
    house.leave(4);
    assert_eq!(rule(by(&mut house, 1, &joins(4, 5, ""))), Rule::MembershipEnded);
    // A waiting join ends with the membership of either.
    house.leave(3);
    assert_eq!(stage(&house, 2), None);
    let mut early = Setup { edition: TWO, ..Setup::new(Vec::new()) }.found();
    early.admit(1..=2);
    assert_eq!(early.submit(&joins(1, 2, "")).unwrap_err().rule, Rule::ActOfLaterEdition);
}

#[test]
fn a_body_joins_together() {
    let mut board = body("board", 3, 14);
    if let ClauseKind::Body(body) = &mut board.kind {
        body.powers = vec![GivenPower::plain(Power::Admit)];
        body.acts_by = Some(2);
    }
    let mut house = Setup { edition: THREE, ..Setup::new(vec![board]) }.found().with_weights(&[10; 6]);
    house.enter(&[1, 2, 3], "board");
    house.seat(&[1, 2, 3], "board");
    house.next();
    assert_eq!(rule(by(&mut house, 1, &joins(4, 5, ""))), Rule::ActsTogether);
    let text = r##"{"member":"#1","body":"board","proposed":{"act":"join_members","from":"#4","into":"#5"}}"##;
    assert_eq!(by(&mut house, 1, &read("propose_act", text)).unwrap(), ["act-proposed 1 board join_members #4"]);
    let done = by(&mut house, 2, &read("agree_to_act", r##"{"member":"#2","number":1,"agree":true}"##)).unwrap();
    assert!(done[0].starts_with("join-announced #4 #5 due"), "{done:?}");
    assert_eq!(stage(&house, 4), Some(Stage::Announced));
}

#[test]
fn at_most_ten_are_joined_into_one() {
    let mut house = Setup { edition: THREE, ..Setup::new(Vec::new()) }.found();
    house.admit(1..=12);
    for from in 2..=11 {
        house.act(joins(from, 1, ""));
    }
    assert_eq!(house.submit(&joins(12, 1, "")).unwrap_err().rule, Rule::TooMany);
}

/// Whatever is given, taken back, joined and parted in whatever order: everything that is left is somebody's, once.
#[test]
fn nothing_is_lost_or_doubled() {
    for seed in 0..tries() {
        let mut luck = Luck::new(seed);
        let classes = vec!["patrons: donated(ever) / 1 USD + pledged(next month) / 1 USD"];
        let mut house = Setup { classes, edition: THREE, ..Setup::new(Vec::new()) }.found();
        house.admit(1..=5);
        let (mut sources, mut sum) = (Vec::new(), 0_i64);
        for _ in 0..40 {
            let day = house.state.time.to_string();
            match luck.below(6) {
                0 | 1 => {
                    let (member, cents) = (1 + luck.below(5), 1 + luck.below(500) as i64);
                    let mut act = house.support(member, "donation", cents, &day);
                    act.parts = 1 + luck.below(3) as u32;
                    if house.submit(&Act::RecordSupport(act.clone())).is_ok() {
                        sum += cents;
                        sources.push((act.source, cents));
                    }
                }
                2 if !sources.is_empty() => {
                    let place = luck.below(sources.len() as u64) as usize;
                    let cents = 1 + luck.below(100) as i64;
                    let (of, given_at) = (sources[place].0.clone(), Some(house.state.time));
                    let source = format!("back:{}:{}", house.state.support.len(), luck.below(1 << 40));
                    let act = ReverseSupport { of, amount: Some(cents), given_at, given_on: None, source };
                    sum -= if house.submit(&Act::ReverseSupport(act)).is_ok() { cents } else { 0 };
                }
                3 => drop(house.submit(&joins(1 + luck.below(5), 1 + luck.below(5), ""))),
                4 => drop(house.submit(&takes_back(1 + luck.below(5)))),
                _ => drop(house.next()),
            }
            let rows = house.state.support.rows(SupportKind::Donation);
            let all: i64 = rows.map_or(0, |rows| rows.from(0).map(|(_, row)| row.amount).sum());
            assert_eq!(all, sum, "seed {seed}");
            for (from, join) in house.state.joins.all().filter(|(_, join)| join.has_moved()) {
                let own: i64 = rows.map_or(0, |rows| rows.of(from).iter().map(|(_, row)| row.amount).sum());
                assert_eq!(own, 0, "seed {seed}: {from} has something of its own beside {}", join.into);
            }
            house.state.check().unwrap();
        }
        // Both ways of counting agree: columns that were carried on, and one fresh walk.
        house.run(3);
        let carried = house.state.weights.member.clone();
        let mut fresh = crate::weight::Sources::default();
        let at = house.state.last_update.unwrap();
        let kernel = &house.state.rules.kernel;
        let again = crate::weight::weigh(kernel, &house.state.members, house.state.given(), &mut fresh, at, 1);
        assert_eq!(again.member, carried, "seed {seed}");
    }
}
