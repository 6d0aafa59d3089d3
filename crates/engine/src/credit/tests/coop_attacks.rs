//! Attacks on credit in a co-op, with the numbers of docs/spec/attacks.md: what the commitment does against them. February 2025 has four
//! Mondays, and a vote from the first of them on counts 93.75 % at the deadline.

use charter::CreditFlow;

use super::super::contributions::{Contribution, Contributions, Strikes};
use super::super::{Kind, Parameters, proposal};
use super::coop::{credit_of, house, propose_act, strike_act, strikes, usual};
use crate::chamber::commitment::tests::{ALL, backs_in};
use crate::tests::{Coop, by, m, rule};
use crate::{Act, Rule};

/// A month of three who make ten commits each, and then an attacker's further ones, of these kinds and by whom.
fn month(further: &[(Kind, u32, u32)]) -> Contributions {
    let item = |place: u32, kind: Kind, author: u32, links: Vec<u32>| Contribution {
        kind,
        id: format!("{place:08x}"),
        week: 1 + place.min(29) / 10,
        authors: vec![author],
        new: true,
        links,
    };
    let mut items: Vec<Contribution> =
        (0..30).map(|place| item(place, Kind::Commit, place % 3, place.checked_sub(1).into_iter().collect())).collect();
    for (kind, author, of) in further {
        let place = items.len() as u32;
        let links = match kind {
            Kind::Merge => vec![place - 2, place - 1],
            Kind::Review => vec![*of],
            _ => vec![place - 1],
        };
        items.push(item(place, *kind, *author, links));
    }
    Contributions {
        period: ("2025-01-01".to_owned(), "2025-02-01".to_owned()),
        week: "2024-12-22".to_owned(),
        people: vec![Some(m(1)), Some(m(2)), Some(m(3))],
        items,
    }
}

/// Everybody's part of all credit in thousandths, by these strikes.
fn thousandths(list: &Contributions, strikes: &Strikes) -> [u64; 3] {
    thousandths_by(list, strikes, CreditFlow::USUAL)
}

/// The same by a clause with these weights.
fn thousandths_by(list: &Contributions, strikes: &Strikes, flow: CreditFlow) -> [u64; 3] {
    let rows = list.rows(strikes, &Parameters::of(&flow)).unwrap();
    let all: u64 = rows.iter().map(|row| row.micro).sum();
    [1, 2, 3].map(|member| {
        let micro = rows.iter().find(|row| row.member == m(member)).map_or(0, |row| row.micro);
        (micro * 1_000 + all / 2) / all
    })
}

/// The strike of these places.
fn items(places: std::ops::Range<u32>) -> Strikes {
    Strikes { items: places.collect(), ..Strikes::default() }
}

#[test]
fn farming_by_small_commits_is_struck_commit_by_commit() {
    let honest = thousandths(&month(&[]), &Strikes::default());
    let list = month(&[(Kind::Commit, 2, 0); 100]);
    let parts = (honest, thousandths(&list, &Strikes::default()), thousandths(&list, &items(30..130)));
    assert_eq!(parts, ([354, 328, 318], [88, 85, 827], [354, 328, 318]), "struck ones are as if nobody had made them");
    // One of the others strikes them, with a third of all votes, from the first count on.
    let mut house = house("accept", &[10, 10, 10]);
    house.act(Act::ProposeCredit(propose_act(&list)));
    let text: String = (30..130).map(|place| format!("strike commit {place:08x}\n")).collect();
    strikes(&mut house, 1, &list, &text);
    house.run_until("2025-03-01");
    assert_eq!(credit_of(&house, 3), row(&list, &items(30..130), 3));
}

fn row(list: &Contributions, strikes: &Strikes, member: u64) -> i64 {
    let rows = list.rows(strikes, &usual()).unwrap();
    rows.iter().find(|row| row.member == m(member)).map_or(0, |row| i64::try_from(row.micro).unwrap())
}

#[test]
fn empty_merges_mint_nothing() {
    let list = month(&[(Kind::Merge, 2, 0); 100]);
    assert_eq!(thousandths(&list, &Strikes::default()), [348, 317, 335]);
}

#[test]
fn reviews_in_a_ring_are_struck_with_their_people_or_one_by_one() {
    // Two friends review each of the other's commits five times.
    let ring: Vec<(Kind, u32, u32)> =
        (0..30).filter(|of| of % 3 != 0).flat_map(|of| [(Kind::Review, 3 - of % 3, of); 5]).collect();
    let list = month(&ring);
    let parts = (thousandths(&list, &Strikes::default()), thousandths(&list, &items(30..130)));
    assert_eq!(parts, ([129, 437, 434], [374, 314, 312]));
}

#[test]
fn numbers_of_ones_own_are_refused_and_a_false_list_waits_for_everybody() {
    let mut own = propose_act(&month(&[]));
    own.credit[2].micro += 1_000_000;
    let mut house = house("accept", &[10, 10, 1]);
    assert_eq!(rule(house.submit(&Act::ProposeCredit(own))), Rule::CreditDiffers);
    // A list can be false: here a thousand commits that nobody has seen. `nothing` with half of the votes answers it.
    let list = month(&[(Kind::Commit, 2, 0); 1_000]);
    house.act(Act::ProposeCredit(propose_act(&list)));
    strikes(&mut house, 1, &list, "nothing\n");
    house.run_until("2025-03-01");
    assert_eq!([1, 2, 3].map(|member| credit_of(&house, member)), [0; 3]);
}

#[test]
fn where_nobody_looks_a_false_list_counts_unless_the_default_is_nothing() {
    let list = month(&[(Kind::Commit, 2, 0); 1_000]);
    for (default, wanted) in [("accept", row(&list, &Strikes::default(), 3)), ("nothing", 0)] {
        let mut house = house(default, &[10, 10, 1]);
        house.act(Act::ProposeCredit(propose_act(&list)));
        house.run_until("2025-03-01");
        assert_eq!(credit_of(&house, 3), wanted, "{default}");
    }
}

/// The credit that member 3 is left with, where the first of these strikes them with so much from a day on and the second is for the default.
fn struck(weights: &[i64], against_from: &str, default_from: Option<&str>) -> i64 {
    let list = month(&[]);
    let mut house = house("accept", weights);
    house.act(Act::ProposeCredit(propose_act(&list)));
    let mut days: Vec<(&str, u64)> =
        [Some((against_from, 1)), default_from.map(|day| (day, 3))].into_iter().flatten().collect();
    days.sort_unstable();
    for (day, who) in days {
        house.run_until(day);
        match who {
            1 => strikes(&mut house, 1, &list, &format!("strike member {}\n", m(3))),
            who => house.act(backs_default(who)).clear(),
        }
    }
    house.run_until("2025-03-01");
    credit_of(&house, 3)
}

fn backs_default(member: u64) -> Act {
    backs_in("credit", member, ALL, "accept")
}

#[test]
fn striking_an_opponent_takes_more_than_who_is_for_them() {
    let own = row(&month(&[]), &Strikes::default(), 3);
    // A tenth of all votes is the least, and 93.75 % of what stands for four counts.
    assert_eq!(struck(&[10, 90, 0], "2025-02-01", None), own, "9.375 % of all conviction is below the quorum");
    assert_eq!(struck(&[11, 89, 0], "2025-02-01", None), 0, "nobody else voted");
    // The opponent's own votes are for the default, and as many as the attacker's are enough.
    assert_eq!(struck(&[20, 60, 20], "2025-02-01", Some("2025-02-01")), own);
    assert_eq!(struck(&[21, 60, 19], "2025-02-01", Some("2025-02-01")), 0);
}

#[test]
fn a_late_strike_counts_less_and_then_not_at_all() {
    let own = row(&month(&[]), &Strikes::default(), 3);
    // In the last week before the last count a vote counts half: 30 against 16 for the default throughout.
    assert_eq!(struck(&[30, 54, 16], "2025-02-18", Some("2025-02-01")), own, "15.0 are not above 15.0");
    assert_eq!(struck(&[31, 53, 16], "2025-02-18", Some("2025-02-01")), 0);
    let mut house: Coop = house("accept", &[10, 10, 10]);
    let list = month(&[]);
    house.act(Act::ProposeCredit(propose_act(&list)));
    house.run_until("2025-02-27");
    let late = strike_act(&house, 1, &list, &format!("strike member {}\n", m(3)));
    assert_eq!(rule(by(&mut house, 1, &Act::StrikeCredit(late))), Rule::OptionsFrozen);
}

#[test]
fn a_late_proposal_and_a_second_one_are_refused() {
    let list = month(&[]);
    let mut house = house("accept", &[10, 10, 10]);
    house.run_until("2025-02-16");
    let late = house.submit(&Act::ProposeCredit(propose_act(&list)));
    assert_eq!(rule(late), Rule::CreditPeriod, "half of 28 days was over on the 15th");
}

#[test]
fn a_proposal_that_is_struck_cannot_be_replaced() {
    let list = month(&[]);
    let mut house = house("accept", &[10, 10, 10]);
    house.act(Act::ProposeCredit(propose_act(&list)));
    let again = house.submit(&Act::ProposeCredit(propose_act(&month(&[(Kind::Commit, 2, 0); 5]))));
    assert_eq!(rule(again), Rule::CreditProposed);
    assert!(house.state.credit.proposal.as_ref().is_some_and(|one| proposal::sum(&one.rows) > 0));
}

#[test]
fn one_who_reviews_everything_has_as_much_as_reviews_mint() {
    // Member 3 reviews each commit of the two others, once: as many reviews as a forge's list would have.
    let all: Vec<(Kind, u32, u32)> = (0..30).filter(|of| of % 3 != 2).map(|of| (Kind::Review, 2, of)).collect();
    let list = month(&all);
    let by = |review_micro: u64| {
        let mint_micro = [1_000_000, 0, review_micro, 0, 0];
        thousandths_by(&list, &Strikes::default(), CreditFlow { mint_micro, ..CreditFlow::USUAL })
    };
    assert_eq!([by(1_000_000), by(250_000), by(0)], [[271, 247, 483], [300, 279, 421], [317, 297, 387]]);
    assert_eq!(thousandths(&list, &items(30..50)), [350, 327, 323]);
}

#[test]
fn reviews_of_ones_own_are_as_if_nobody_had_written_them() {
    let own: Vec<(Kind, u32, u32)> =
        (0..30).filter(|of| of % 3 == 2).flat_map(|of| [(Kind::Review, 2, of); 10]).collect();
    assert_eq!(thousandths(&month(&own), &Strikes::default()), thousandths(&month(&[]), &Strikes::default()));
    // An author beside another one reviews their own as well.
    let mut list = month(&[(Kind::Review, 2, 28)]);
    list.items[28].authors.push(2);
    assert_eq!(list.explained(&Strikes::default(), &usual()).unwrap().credits.minted_micro, 30_000_000);
}

/// The month, where each commit of member 3 names so many issues that they opened for it.
fn naming(each: u32) -> Contributions {
    let mut list = month(&[]);
    let issue = |place: u32| Contribution {
        kind: Kind::Issue,
        id: format!("{}", place + 1),
        week: 1,
        authors: vec![2],
        new: true,
        links: Vec::new(),
    };
    let all = 10 * each;
    let mut items: Vec<Contribution> = (0..all).map(issue).collect();
    for (place, mut commit) in (0_u32..).zip(std::mem::take(&mut list.items)) {
        commit.links.iter_mut().for_each(|link| *link += all);
        if place % 3 == 2 {
            commit.links.extend((0..each).map(|nth| place / 3 * each + nth));
            commit.links.sort_unstable();
        }
        items.push(commit);
    }
    list.items = items;
    list
}

#[test]
fn issues_that_one_opens_to_name_them_are_struck_or_weigh_nothing() {
    let (one, ten) = (naming(1), naming(10));
    let nothing = |list: &Contributions| {
        let [author, parent, review, _] = CreditFlow::USUAL.links_micro;
        let links_micro = [author, parent, review, (0, 0)];
        thousandths_by(list, &Strikes::default(), CreditFlow { links_micro, ..CreditFlow::USUAL })
    };
    let parts = [&one, &ten].map(|list| thousandths(list, &Strikes::default()));
    assert_eq!(parts, [[306, 263, 431], [248, 184, 568]]);
    assert_eq!([nothing(&one), nothing(&ten)], [[348, 321, 332], [346, 318, 336]]);
    let struck = [thousandths(&one, &items(0..10)), thousandths(&ten, &items(0..100))];
    assert_eq!(struck, [[403, 346, 251], [524, 389, 87]], "what flows to them returns to the seed");
}
