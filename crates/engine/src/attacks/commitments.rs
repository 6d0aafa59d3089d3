//! Commitments: late votes, lists of options that are filled or emptied, and quorums that are starved. Updates are on Mondays; the
//! second quarter of 2025 has thirteen of them, from 7 April to 30 June.

use crate::act::{CastBallot, Nominate};
use crate::chamber::Standing;
use crate::chamber::commitment::tests::{
    ALL, backs, backs_act, enters, house, is, is_default, propose_act, proposes, quarterly, taken,
};
use crate::digest::hex;
use crate::tests::{Coop, at, by, m, rule};
use crate::{Act, Actor, Context, NotDone, Rule, apply};

const END: &str = "2025-07-01";

/// Twenty votes stand for `a` throughout; so many more come for `b` before the last so many updates. Returns the option that is taken in the end.
fn late(votes: i64, updates: usize) -> Option<(String, bool)> {
    let mut house = house(quarterly(), &[20, votes]);
    house.run_until("2025-04-01");
    enters(&mut house, 1, "a");
    enters(&mut house, 2, "b");
    backs(&mut house, 1, ALL, "a");
    house.run(13 - updates);
    backs(&mut house, 2, ALL, "b");
    house.run_until(END);
    taken(&house)
}

#[test]
fn late_votes_count_by_the_time_that_they_stood() {
    // 20 × 93.75 % = 18.75. The price, said on the page: twice the weight in the last month beats one held all along.
    assert_eq!(late(40, 5), is("b"), "40 votes in June: 26.23");
    assert_eq!(late(39, 3), is("a"), "39 votes in the last quarter of the time: 18.43");
    assert_eq!(late(40, 3), is("b"), "40 votes: 18.91");
    assert_eq!(late(97, 1), is("a"), "97 votes in the last week: 18.63");
    assert_eq!(late(98, 1), is("b"), "98 votes: 18.82");
}

#[test]
fn a_list_of_options_is_not_filled() {
    let weights: Vec<i64> = (0..22).map(|_| 1).collect();
    let mut house = house(quarterly(), &weights);
    house.run(1);
    // Twenty-one members put up five options each, with a thousandth of their weight for each.
    for member in 1..=21 {
        for number in 0..5 {
            let text = format!("nonsense {member} {number}");
            house.act(propose_act(member, &text));
            nominate(&mut house, member, &text, 1_000);
        }
        assert_eq!(rule(proposes(&mut house, member, "one more")), Rule::TooMany, "five each in a cycle");
    }
    house.run(1);
    // A hundred of them have places; whoever has more attention takes one, and comes on the ballot.
    let waits = |house: &Coop| house.decision("budget").candidates().iter().filter(|one| one.waits).count();
    assert_eq!(waits(&house), 5);
    house.act(propose_act(22, "a van"));
    nominate(&mut house, 22, "a van", ALL);
    let outcomes = house.run(1);
    assert!(outcomes.contains(&format!("candidate-entered budget {}", hex(b"a van"))), "{outcomes:?}");
    let options = house.decision("budget").candidates();
    assert_eq!(options.iter().filter(|one| one.standing == Standing::Candidate).count(), 2, "and the default");
}

fn nominate(house: &mut Coop, member: u64, text: &str, share_ppm: u32) {
    let (decision, candidate) = ("budget".to_owned(), hex(text.as_bytes()));
    house.act(Act::Nominate(Nominate { member: m(member), decision, candidate, share_ppm, against: false }));
}

#[test]
fn an_option_is_never_swapped_under_its_voters() {
    let mut house = house(quarterly(), &[1, 100]);
    enters(&mut house, 1, "a van of 5,000 USD");
    house.run(1);
    // Its proposer takes it back while few are behind it, and puts up another under as similar a name as they can.
    let act =
        crate::act::WithdrawOption { member: m(1), decision: "budget".to_owned(), option: hex(b"a van of 5,000 USD") };
    house.act(Act::WithdrawOption(act));
    enters(&mut house, 1, "a van of 50,000 USD");
    let no = by(&mut house, 2, &backs_act(2, ALL, &[("a van of 5,000 USD", ALL)], false));
    assert_eq!(rule(no), Rule::UnknownCandidate, "a ballot names the text that its voter has read");
    house.run_until("2025-04-01");
    assert_eq!(taken(&house), is_default());
}

#[test]
fn a_late_secretary_decides_nothing() {
    let mut house = house(quarterly(), &[60, 40]);
    house.run_until("2025-04-01");
    enters(&mut house, 1, "a");
    enters(&mut house, 2, "b");
    backs(&mut house, 1, ALL, "a");
    backs(&mut house, 2, ALL, "b");
    house.run(13);
    // The deadline passes, and the secretary runs nothing for ten days: who moves meanwhile is refused until it is done.
    let context = Context::of(Actor::Member(m(1)), at("2025-07-10"));
    let move_away = CastBallot { share_ppm: 0, ..ballot(1) };
    let no = apply(&mut house.state, &Act::CastBallot(move_away), &context).map_err(NotDone::refused).unwrap_err();
    assert_eq!(no.rule, Rule::UpdateDueFirst);
    house.run_until("2025-07-10");
    let last = house.decision("budget").commitment().unwrap().taken().last().unwrap().clone();
    assert_eq!((taken(&house), last.at), (is("a"), at(END)), "by the count of 30 June, dated by the deadline");
}

fn ballot(member: u64) -> CastBallot {
    match backs_act(member, ALL, &[("a", ALL)], false) {
        Act::CastBallot(act) => act,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_proposer_does_not_withdraw_at_the_end_what_others_want() {
    let mut house = house(quarterly(), &[11, 88, 1]);
    house.run_until("2025-04-01");
    enters(&mut house, 1, "a");
    backs(&mut house, 2, ALL, "a");
    house.run(13);
    let (decision, option) = ("budget".to_owned(), hex(b"a"));
    let act = Act::WithdrawOption(crate::act::WithdrawOption { member: m(1), decision, option });
    assert_eq!(rule(by(&mut house, 1, &act)), Rule::OthersBehindIt, "88 of 100");
    house.run_until(END);
    assert_eq!(taken(&house), is("a"));
}

#[test]
fn a_quorum_is_of_everybody_and_a_late_gift_raises_it() {
    // A member who stays away is for the default: 10.67 votes throughout are the tenth of a hundred.
    for (share, wanted) in [(106_000, is_default()), (107_000, is("a"))] {
        let mut house = house(quarterly(), &[100]);
        house.run_until("2025-04-01");
        enters(&mut house, 1, "a");
        backs(&mut house, 1, share, "a");
        house.run_until(END);
        assert_eq!(taken(&house), wanted, "{share}");
    }
    // Twelve votes throughout are 11.25. A gift before the last count makes a tenth of all more than that, and its giver votes nowhere.
    for (gift, wanted) in [(12, is("a")), (13, is_default())] {
        let mut house = house(quarterly(), &[12, 88, 0]);
        house.run_until("2025-04-01");
        enters(&mut house, 1, "a");
        backs(&mut house, 1, ALL, "a");
        house.run(12);
        house.give(3, "donation", gift * 100, "2025-06-20");
        house.run_until(END);
        assert_eq!(taken(&house), wanted, "{gift} more on a hundred");
    }
}
