//! Credit in a co-op, sentence by sentence of `docs/spec/credit.md`: proposed, struck from, accepted once, and then weight.

use charter::{Accepts, Ballot, Clause, ClauseKind, CreditFlow, Due, Every};

use super::super::contributions::{Contribution, Contributions, Strikes};
use super::super::{Kind, Parameters, proposal};
use crate::act::{CreditRow, ProposeCredit, ReverseSupport, StrikeCredit};
use crate::chamber::Standing;
use crate::chamber::commitment::tests::{ALL, budget, proposes_for};
use crate::context::Actor;
use crate::digest::hex;
use crate::edition::{FOUR, THREE};
use crate::id::MemberIndex;
use crate::tests::{Coop, Setup, at, by, m, rule};
use crate::{Act, Refusal, Rule};

const CLASSES: [&str; 2] = ["patrons: donated(ever) / 1 USD", "contributors: credit(last 12 months)"];

/// The commitment of these tests, `linear` so that weights are votes.
fn clause(default: &str) -> Clause {
    let mut clause = budget(|ballot| Due::Every(Every::Month, ballot), None);
    clause.name = "credit".to_owned();
    if let ClauseKind::Commitment(commitment) = &mut clause.kind {
        commitment.accepts = Some(Accepts::Credit);
        if let Due::Every(_, ballot) = &mut commitment.due {
            *ballot = Ballot { default: default.to_owned(), ..ballot.clone() };
        }
    }
    clause
}

/// The flow where the clause says nothing of it.
pub(super) fn usual() -> Parameters {
    Parameters::of(&CreditFlow::USUAL)
}

/// Founded on 1 January 2025, with these weights of patrons; it is February, and January is over.
pub(super) fn house(default: &str, weights: &[i64]) -> Coop {
    let setup = Setup { edition: FOUR, classes: CLASSES.to_vec(), ..Setup::new(vec![clause(default)]) };
    let mut house = setup.found().with_weights(weights);
    house.run_until("2025-02-01");
    house
}

/// Member 1 made a commit in each of the first three weeks, member 2 one after each, and somebody unknown one last.
pub(super) fn list() -> Contributions {
    let item = |place: u32, author: u32, week| Contribution {
        kind: Kind::Commit,
        id: format!("{place:08x}ab"),
        week,
        authors: vec![author],
        new: place > 0,
        links: place.checked_sub(1).into_iter().collect(),
    };
    let items = (0..7).map(|place| item(place, if place == 6 { 2 } else { place % 2 }, place / 2)).collect();
    Contributions {
        period: ("2025-01-01".to_owned(), "2025-02-01".to_owned()),
        week: "2024-12-29".to_owned(),
        people: vec![Some(m(1)), Some(m(2)), None],
        items,
    }
}

pub(super) fn propose_act(list: &Contributions) -> ProposeCredit {
    let text = list.text();
    ProposeCredit {
        decision: "credit".to_owned(),
        period: list.period.0.clone(),
        contributions: hex(text.as_bytes()),
        contributions_text: Some(text.into()),
        credit: list.rows(&Strikes::default(), &usual()).unwrap(),
    }
}

pub(super) fn strike_act(house: &Coop, member: u64, list: &Contributions, text: &str) -> StrikeCredit {
    let wish = super::super::wish::Wish::read(text);
    let rows = wish.and_then(|wish| wish.rows(list, &usual())).unwrap_or_default();
    let _ = house;
    StrikeCredit {
        member: m(member),
        decision: "credit".to_owned(),
        option: hex(text.as_bytes()),
        text: Some(text.into()),
        contributions: hex(list.text().as_bytes()),
        contributions_text: Some(list.text().into()),
        credit: rows,
    }
}

/// Puts an option up and on the ballot at once, and votes for it with everything.
pub(super) fn strikes(house: &mut Coop, member: u64, list: &Contributions, text: &str) {
    house.act(Act::StrikeCredit(strike_act(house, member, list, text)));
    let place = house.state.decision_place("credit").unwrap();
    let options = house.state.decisions[place].commitment_mut().unwrap().options_mut();
    options.candidates.last_mut().unwrap().standing = Standing::Candidate;
    house.act(crate::chamber::commitment::tests::backs_in("credit", member, ALL, text));
}

/// Accepted micro-credits of a member, whenever they were accepted.
pub(super) fn credit_of(house: &Coop, member: u64) -> i64 {
    let index = house.state.members.index(m(member)).unwrap();
    let rows = house.state.support.rows(charter::SupportKind::Credit);
    rows.map_or(0, |rows| rows.of(index).iter().map(|(_, row)| row.amount).sum())
}

fn row(list: &Contributions, strikes: &Strikes, member: u64) -> i64 {
    let rows = list.rows(strikes, &usual()).unwrap();
    rows.iter().find(|row| row.member == m(member)).map_or(0, |row| i64::try_from(row.micro).unwrap())
}

#[test]
fn credit_is_proposed_accepted_once_and_then_weighs() {
    let mut house = house("accept", &[10, 10]);
    let done = house.act(Act::ProposeCredit(propose_act(&list())));
    let micro = house.state.credit.proposal.as_ref().map(|one| proposal::sum(&one.rows)).unwrap();
    assert_eq!(done, [format!("credit-proposed credit 2025-01-01 members 2 micro {micro}")]);
    // Six commits are new; a part of their credit is somebody's who is no member.
    let minted = list().explained(&Strikes::default(), &usual()).unwrap().credits.minted_micro;
    assert!(minted == 6_000_000 && micro < minted, "{micro}");
    assert_eq!(credit_of(&house, 1), 0, "it waits for the deadline");
    let outcomes = house.run_until("2025-03-01");
    assert_eq!(outcomes[1], format!("credit-accepted credit 2025-01-01 members 2 micro {micro}"));
    let (one, two) = (row(&list(), &Strikes::default(), 1), row(&list(), &Strikes::default(), 2));
    assert_eq!((credit_of(&house, 1), credit_of(&house, 2)), (one, two));
    assert_eq!(house.weights()[0], 10_000_000, "the last update came before");
    house.next();
    let ten = 10_000_000;
    assert_eq!(house.weights(), [ten + one as u64, ten + two as u64]);
    // The row is dated within its period, and known since it was accepted.
    let rows = house.state.support.rows(charter::SupportKind::Credit).unwrap();
    let first = rows.row(0).unwrap();
    assert_eq!((first.counted_at.0 + 1, first.known_at), (at("2025-02-01").0, at("2025-03-01")));
    // A year later it is no support of the last twelve months any more, and falls by half unless the class says otherwise.
    house.run_until("2026-02-03");
    house.next();
    assert_eq!(house.weights()[0], ten);
    assert_eq!(house.state.credit.accepted.len(), 1);
}

#[test]
fn nobody_has_to_believe_the_proposer() {
    let mut house = house("accept", &[10, 10]);
    let mut own = propose_act(&list());
    own.credit[0].micro += 1;
    assert_eq!(rule(by_office(&mut house, &own)), Rule::CreditDiffers);
    own.credit = vec![CreditRow { member: m(1), micro: 6_000_000 }];
    assert_eq!(rule(by_office(&mut house, &own)), Rule::CreditDiffers);
    let other = ProposeCredit { contributions_text: Some("other".into()), ..propose_act(&list()) };
    assert_eq!(rule(by_office(&mut house, &other)), Rule::TextMissing);
    // A replay that has lost the list comes to the same state by the rows of the entry.
    let before = house.state.clone();
    house.act(Act::ProposeCredit(propose_act(&list())));
    let whole = house.state.hash();
    house.state = before;
    house.act(Act::ProposeCredit(ProposeCredit { contributions_text: None, ..propose_act(&list()) }));
    assert_eq!(house.state.hash(), whole);
}

fn by_office(house: &mut Coop, act: &ProposeCredit) -> Result<Vec<String>, Refusal> {
    house.submit(&Act::ProposeCredit(act.clone())).map(|done| crate::tests::words(&done))
}

#[test]
fn proposals_have_a_time_and_a_period() {
    let mut house = house("accept", &[10, 10]);
    let elsewhere = ProposeCredit { decision: "constitution".to_owned(), ..propose_act(&list()) };
    assert_eq!(rule(by_office(&mut house, &elsewhere)), Rule::AcceptsNoCredit);
    for (period, until, wanted) in [
        ("2025-01-02", "2025-02-01", Rule::CreditPeriod),
        ("2025-02-01", "2025-03-01", Rule::CreditPeriod),
        ("2022-12-01", "2023-01-01", Rule::CreditPeriod),
        ("soon", "2025-02-01", Rule::CreditPeriod),
        ("2024-12-01", "2025-02-01", Rule::ListUnreadable),
    ] {
        let mut list = list();
        list.period.1 = until.to_owned();
        let act = ProposeCredit { period: period.to_owned(), ..propose_act(&list) };
        assert_eq!(rule(by_office(&mut house, &act)), wanted, "{period}");
    }
    // With the list at hand its numbers are asked for first: R141 is below R143.
    let rows = |credit: Vec<CreditRow>| ProposeCredit { credit, ..propose_act(&list()) };
    let unsorted = rows(propose_act(&list()).credit.into_iter().rev().collect());
    let strange = rows(vec![CreditRow { member: m(9), micro: 1 }]);
    for act in [unsorted, strange, rows(Vec::new()), rows(vec![CreditRow { member: m(1), micro: 0 }])] {
        assert_eq!(rule(by_office(&mut house, &act)), Rule::CreditDiffers);
        let lost = ProposeCredit { contributions_text: None, ..act };
        assert_eq!(rule(by_office(&mut house, &lost)), Rule::CreditOutOfRange);
    }
    let strangers = Contributions { people: vec![Some(m(8)), Some(m(9)), None], ..list() };
    assert_eq!(rule(by_office(&mut house, &propose_act(&strangers))), Rule::CreditOutOfRange);
    // Two halves: one to propose in, one to look.
    let mut late = house.state.clone();
    std::mem::swap(&mut house.state, &mut late);
    house.run_until("2025-02-16");
    assert_eq!(rule(by_office(&mut house, &propose_act(&list()))), Rule::CreditPeriod);
    std::mem::swap(&mut house.state, &mut late);
    house.act(Act::ProposeCredit(propose_act(&list())));
    assert_eq!(rule(by_office(&mut house, &propose_act(&list()))), Rule::CreditProposed);
    house.run_until("2025-02-16");
    let text = "no list";
    let unread = ProposeCredit {
        contributions: hex(text.as_bytes()),
        contributions_text: Some(text.into()),
        ..propose_act(&list())
    };
    assert_eq!(rule(by_office(&mut house, &unread)), Rule::CreditProposed, "R127 is below R129 and R140");
    house.run_until("2025-03-01");
    assert_eq!(rule(by_office(&mut house, &propose_act(&list()))), Rule::CreditPeriod, "it is decided");
}

#[test]
fn who_may_record_credit_proposes_it() {
    let mut house = house("accept", &[10]);
    let act = Act::ProposeCredit(propose_act(&list()));
    assert_eq!(rule(by(&mut house, 1, &act)), Rule::NotAuthorised);
    let recorded = house.support(1, "credit", 5, "2025-01-02");
    assert_eq!(rule(house.submit(&Act::RecordSupport(recorded))), Rule::UnknownSupportKind);
    let authority = house.state.authority(&act, &crate::Context::of(Actor::Operator, house.state.time));
    assert_eq!(authority.as_deref(), Some("operator"));
}

#[test]
fn members_strike_people_and_contributions() {
    for (text, struck) in [
        (format!("strike member {}\n\nThey made it up.\n", m(2)), (Some(2), None)),
        ("strike commit 00000003\n".to_owned(), (None, Some(3))),
        ("strike commit 00000003ab9999999999\n".to_owned(), (None, Some(3))),
    ] {
        let mut house = house("accept", &[10, 10]);
        house.act(Act::ProposeCredit(propose_act(&list())));
        strikes(&mut house, 1, &list(), &text);
        let outcomes = house.run_until("2025-03-01");
        let wanted = Strikes { members: struck.0.map(m).into_iter().collect(), items: struck.1.into_iter().collect() };
        let (one, two) = (row(&list(), &wanted, 1), row(&list(), &wanted, 2));
        assert_eq!((credit_of(&house, 1), credit_of(&house, 2)), (one, two), "{text}");
        assert!(outcomes[1].starts_with("credit-accepted credit 2025-01-01"), "{outcomes:?}");
        assert_eq!(house.state.credit.accepted.values().next().unwrap().option, Some(hex(text.as_bytes())));
        assert!(struck.0.is_none() || two == 0);
    }
}

#[test]
fn nothing_is_an_option_too() {
    let mut coop = house("accept", &[10, 10]);
    coop.act(Act::ProposeCredit(propose_act(&list())));
    strikes(&mut coop, 1, &list(), "nothing\n\nThe list is made up.\n");
    let outcomes = coop.run_until("2025-03-01");
    assert_eq!(outcomes[1], "credit-accepted credit 2025-01-01 members 0 micro 0");
    assert_eq!(rule(by_office(&mut coop, &propose_act(&list()))), Rule::CreditPeriod, "members have decided it");

    let mut coop = house("nothing", &[10, 10]);
    coop.act(Act::ProposeCredit(propose_act(&list())));
    let outcomes = coop.run_until("2025-03-01");
    assert!(outcomes.iter().all(|outcome| !outcome.starts_with("credit-accepted")), "{outcomes:?}");
    // Nobody has decided it, so it can come again.
    coop.act(Act::ProposeCredit(propose_act(&list())));
    strikes(&mut coop, 2, &list(), "accept\n");
    coop.run_until("2025-04-01");
    assert_eq!(credit_of(&coop, 1), row(&list(), &Strikes::default(), 1));
}

#[test]
fn options_are_strikes_that_can_be_read() {
    let mut house = house("accept", &[10, 10]);
    let strike = |house: &mut Coop, text: &str| {
        let act = strike_act(house, 1, &list(), text);
        by(house, 1, &Act::StrikeCredit(act))
    };
    assert_eq!(rule(strike(&mut house, "strike commit 00000003\n")), Rule::NothingProposed);
    let text = "no list";
    let unread = StrikeCredit {
        contributions: hex(text.as_bytes()),
        contributions_text: Some(text.into()),
        ..strike_act(&house, 1, &list(), "strike commit 00000003\n")
    };
    assert_eq!(rule(by(&mut house, 1, &Act::StrikeCredit(unread))), Rule::NothingProposed, "R130 is below R140");
    house.act(Act::ProposeCredit(propose_act(&list())));
    assert_eq!(rule(proposes_for(&mut house, 1, "credit", "spend it\n")), Rule::StrikesOnly);
    for (text, wanted) in [
        ("\nstrike commit 00000003\n", Rule::LineMissing),
        ("Everything is fine\n", Rule::StrikeUnreadable),
        ("strike commit\n", Rule::StrikeUnreadable),
        ("strike commit 0000\n", Rule::StrikeUnreadable),
        ("strike commit ffffffff\n", Rule::StrikeUnreadable),
        ("strike member member-002\n", Rule::StrikeUnreadable),
        ("accept\n", Rule::StrikeUnreadable),
        ("nothing\nstrike commit 00000003\n", Rule::StrikeUnreadable),
    ] {
        assert_eq!(rule(strike(&mut house, text)), wanted, "{text}");
    }
    let mut act = strike_act(&house, 1, &list(), "strike commit 00000003\n");
    act.credit[0].micro -= 1;
    assert_eq!(rule(by(&mut house, 1, &Act::StrikeCredit(act.clone()))), Rule::CreditDiffers);
    act.credit.reverse();
    assert_eq!(rule(by(&mut house, 1, &Act::StrikeCredit(act.clone()))), Rule::CreditDiffers);
    let lost = StrikeCredit { contributions_text: None, ..act };
    assert_eq!(rule(by(&mut house, 1, &Act::StrikeCredit(lost))), Rule::CreditOutOfRange);
    let before = house.state.clone();
    let act = strike_act(&house, 1, &list(), "strike commit 00000003\n");
    house.act(Act::StrikeCredit(act.clone()));
    let whole = house.state.hash();
    house.state = before;
    house.act(Act::StrikeCredit(StrikeCredit { text: None, contributions_text: None, ..act }));
    assert_eq!(house.state.hash(), whole, "a replay without the texts");
    house.run_until("2025-02-27");
    assert_eq!(rule(strike(&mut house, "strike commit 00000004\n")), Rule::OptionsFrozen);
}

#[test]
fn accepted_credit_stands_and_goes_with_its_person() {
    let mut house = house("accept", &[10, 10, 10]);
    house.act(Act::ProposeCredit(propose_act(&list())));
    house.leave(2);
    house.run_until("2025-03-01");
    house.next();
    assert_eq!(house.weights()[1], 0, "who has left weighs nothing, whatever is credited to them");
    assert!(credit_of(&house, 2) > 0);
    let source = format!("credit/2025-01-01/{}", m(1));
    let back = ReverseSupport {
        of: source,
        amount: None,
        given_at: Some(house.state.time),
        given_on: None,
        source: "back".to_owned(),
    };
    let back = house.submit(&Act::ReverseSupport(back));
    assert_eq!(rule(back), Rule::CreditStands);
    assert_eq!(house.state.members.index(m(1)), Some(MemberIndex(0)));
}

#[test]
fn earlier_editions_know_none_of_it() {
    let setup = Setup { edition: THREE, ..Setup::new(vec![clause("accept")]) };
    let mut house = setup.found().with_weights(&[10, 10]);
    house.run_until("2025-02-01");
    assert_eq!(rule(by_office(&mut house, &propose_act(&list()))), Rule::ActOfLaterEdition);
}

#[test]
fn a_list_is_read_as_it_is_written() {
    let list = list();
    assert_eq!(Contributions::parse(&list.text()).unwrap(), list);
    let text = list.text();
    for (from, to, line) in [
        ("rochdale contributions 1", "rochdale contributions 2", 1),
        ("period 2025-01-01", "period January", 2),
        ("week 2024-12-29", "week 1", 3),
        ("person -", "person member-001", 6),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 0 3 new 0", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 0 1 new 1", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 0 1 newer 0", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 0 1,1 new 0", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 0 1 new", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000000ab 0 1 new 0", 8),
        ("commit 00000001ab 0 1 new 0", "commit 00000001ab 5000 1 new 0", 8),
        ("commit 00000001ab 0 1 new 0", "tag 00000001ab 0 1 new 0", 8),
    ] {
        let wrong = Contributions::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(wrong.line, line, "{to}: {}", wrong.why);
    }
}

/// The table of `docs/spec/credit.md`: what each option gives the two members, and what is nobody's.
#[test]
fn the_example_of_the_page() {
    let list = list();
    let shown = [
        (Strikes::default(), [2_776_837, 2_660_792, 562_371]),
        (Strikes { items: [3].into(), ..Strikes::default() }, [2_700_755, 1_718_614, 580_631]),
        (Strikes { members: [m(2)].into(), ..Strikes::default() }, [2_419_958, 0, 580_042]),
    ];
    let parts = shown.each_ref().map(|(strikes, _)| {
        let credits = list.explained(strikes, &usual()).unwrap().credits;
        [0, 1, 2].map(|person: usize| credits.people[person].micro)
    });
    assert_eq!(parts, shown.map(|(_, wanted)| wanted));
}

#[test]
fn credit_of_a_joined_record_is_its_holders_before_and_after() {
    let both = row(&list(), &Strikes::default(), 1) + row(&list(), &Strikes::default(), 2);
    for join_on in ["2025-02-02", "2025-03-02"] {
        let mut house = house("accept", &[10, 10]);
        house.act(Act::ProposeCredit(propose_act(&list())));
        house.run_until(join_on);
        house.act(crate::tests::read("join_members", r##"{"from":"#2","into":"#1"}"##));
        house.run_until("2025-04-01");
        assert_eq!((credit_of(&house, 1), credit_of(&house, 2)), (both, 0), "joined from {join_on} on");
    }
}

const KERNEL: &str = "# Ours\n\n```charter\nkernel {\n    name \"ours\"\n    purpose \"Go on elsewhere\"\n    currency \"USD\"\n    time-zone \"UTC\"\n    class \"members\" { weight \"credit(ever)\" }\n    constitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }\n}\n```\n";
const CONSTITUTION: &str = "# Ours\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";

fn announce_fork(old: &mut Coop) {
    old.act(Act::AnnounceFork(crate::act::AnnounceFork {
        member: m(1),
        fork: "next".to_owned(),
        kernel: hex(KERNEL.as_bytes()),
        constitution: hex(CONSTITUTION.as_bytes()),
        kernel_text: Some(KERNEL.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }));
}

fn complete_fork(old: &mut Coop) {
    old.act(Act::CompleteFork(crate::act::CompleteFork {
        fork: "next".to_owned(),
        coop: "c_0000000000001".to_owned(),
        key: "ab".repeat(32),
    }));
}

#[test]
fn credit_goes_along_with_those_who_leave_together() {
    let mut old = house("accept", &[10, 10]);
    old.act(Act::ProposeCredit(propose_act(&list())));
    old.run_until("2025-03-04");
    announce_fork(&mut old);
    old.run_until("2025-04-20");
    complete_fork(&mut old);
    let acts = crate::fork::Extract::new(&old.state, "next").unwrap().divided("c_0000000000000");
    let credit: Vec<&Act> = acts.iter().filter(|act| matches!(act, Act::RecordSupport(_))).collect();
    assert_eq!(credit.len(), 1, "of the one who goes: {acts:?}");

    let setup = Setup { edition: FOUR, classes: CLASSES.to_vec(), ..Setup::new(vec![clause("accept")]) };
    let mut new = setup.found();
    new.admit(1..=2);
    assert_eq!(rule(new.submit(credit[0])), Rule::UnknownSupportKind, "this log goes on from no other");
    let founding = std::sync::Arc::make_mut(&mut new.state.founding);
    founding.act.forked_from = Some(crate::act::Pointer {
        coop: "c_0000000000000".to_owned(),
        fork: "next".to_owned(),
        entry: 1,
        hash: "ab".repeat(32),
        key: "ab".repeat(32),
        checkpoint: String::new(),
        proof: Vec::new(),
    });
    // The test's log is founded on 1 January: there it is of December.
    let mut act = credit[0].clone();
    if let Act::RecordSupport(act) = &mut act {
        act.given_at = Some(at("2024-12-31"));
    }
    new.act(act);
    assert_eq!(credit_of(&new, 1), row(&list(), &Strikes::default(), 1));
    new.run_until("2025-02-01");
    assert_eq!(new.weights()[0], u64::try_from(credit_of(&new, 1)).unwrap());
    let mut list = list();
    list.period = ("2024-12-01".to_owned(), "2025-01-01".to_owned());
    assert_eq!(rule(by_office(&mut new, &propose_act(&list))), Rule::CreditPeriod, "they have it already");
    assert_eq!(rule(new.submit(credit[0])), Rule::UnknownSupportKind, "after an update nobody records it");
}

/// The new log is compared with the old one at any later time.
#[test]
fn credit_that_is_accepted_after_they_left_stays_behind() {
    let mut old = house("accept", &[10, 10]);
    old.act(Act::ProposeCredit(propose_act(&list())));
    announce_fork(&mut old);
    old.run_until("2025-03-05");
    let mut february = list();
    february.period = ("2025-02-01".to_owned(), "2025-03-01".to_owned());
    february.week = "2025-02-02".to_owned();
    old.act(Act::ProposeCredit(propose_act(&february)));
    complete_fork(&mut old);
    let along = |old: &Coop| crate::fork::Extract::new(&old.state, "next").unwrap().divided("c_0000000000000");
    let (then, had) = (along(&old), credit_of(&old, 1));
    assert_eq!(then.len(), 1, "{then:?}");
    old.run_until("2025-04-02");
    assert!(credit_of(&old, 1) > had, "February was accepted, theirs too");
    assert_eq!(along(&old), then);
}
