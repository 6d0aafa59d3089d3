//! Requests, sentence by sentence of `docs/spec/commitments.md`, Requests. Members with a vote for each dollar, in a co-op that counts on
//! Mondays, with a half-life of seven days.

use charter::{Clause, ClauseKind, Commitment, Constitution, Counting, Due, OwnProjects};
use quantity::Span;

use super::*;
use crate::act::{RequestMoney, WithdrawRequest};
use crate::chamber::pool::tests::{fill, named, owed, plain};
use crate::digest::hex;
use crate::edition::{FOUR, THREE};
use crate::tests::{Coop, Setup, amount_of, at, by, clause, counted, entry, m, on_item, rule};
use crate::{Act, Rule};

pub(crate) const ALL: u32 = 1_000_000;

/// Limit 25 %, least 10 %, paid by the pool `commons`.
pub(crate) fn due() -> Due {
    Due::Continuous {
        spending_limit_ppm: 250_000,
        least_conviction_ppm: 100_000,
        of: Some("commons".to_owned()),
        own_requests: OwnProjects::Excluded,
    }
}

pub(crate) fn grants(due: Due, days: u64) -> Clause {
    let half_life = Some(Span::from_seconds(days * 86_400));
    counted(
        Counting::Linear,
        clause(
            "grants",
            ClauseKind::Commitment(Commitment {
                due,
                conviction_half_life: half_life,
                accepts: None,
                shares_out: None,
                credit: charter::CreditFlow::USUAL,
            }),
        ),
    )
}

/// A pool with 1,000 minor units, and members with these weights, counted once.
pub(crate) fn house(weights: &[i64]) -> Coop {
    house_of(grants(due(), 7), weights)
}

pub(crate) fn house_of(grants: Clause, weights: &[i64]) -> Coop {
    let mut house =
        Setup { edition: FOUR, ..Setup::new(vec![named("commons", plain()), grants]) }.found().with_weights(weights);
    house.next();
    fill(&mut house, 1_000);
    house
}

pub(crate) fn ask_act(member: u64, text: &str, minor: i64, people: &[u64]) -> Act {
    Act::RequestMoney(RequestMoney {
        member: m(member),
        decision: "grants".to_owned(),
        request: hex(text.as_bytes()),
        amount: amount_of("donation", minor),
        people: people.iter().map(|one| m(*one)).collect(),
        text: Some(text.into()),
    })
}

pub(crate) fn withdraw_act(member: u64, text: &str) -> Act {
    let request = hex(text.as_bytes());
    Act::WithdrawRequest(WithdrawRequest { member: m(member), decision: "grants".to_owned(), request })
}

pub(crate) fn asks(house: &mut Coop, member: u64, text: &str, minor: i64) {
    house.act(ask_act(member, text, minor, &[]));
}

pub(crate) fn backs(house: &mut Coop, member: u64, text: &str, share_ppm: u32) {
    house.act(Act::CastBallot(on_item(member, "grants", &hex(text.as_bytes()), share_ppm)));
}

fn against(house: &mut Coop, member: u64, text: &str, share_ppm: u32) {
    let mut ballot = on_item(member, "grants", &hex(text.as_bytes()), share_ppm);
    ballot.against = true;
    house.act(Act::CastBallot(ballot));
}

/// Sets conviction as these members' votes that have stood for ever.
pub(crate) fn convinces(house: &mut Coop, text: &str, votes: &[(u64, u128)]) {
    let place = house.state.decision_place("grants").unwrap();
    let item = house.decision("grants").item_place(&hex(text.as_bytes())).unwrap();
    let stood = |votes: u128| Conviction::default().toward(i128::try_from(votes * 1_000_000).unwrap(), 10_000, 1);
    let index = |member| house.state.members.index(m(member)).unwrap();
    let backing: Vec<_> = votes.iter().map(|(member, votes)| (index(*member), stood(*votes))).collect();
    let request = house.state.decisions[place].requests_mut().unwrap().requests.get_mut(item).unwrap();
    request.conviction = stood(votes.iter().map(|(_, votes)| votes).sum());
    request.backing = Arc::new(backing);
}

pub(crate) fn now(house: &Coop, text: &str) -> RequestNow {
    let decision = house.decision("grants");
    house.state.request_now(decision, decision.item_place(&hex(text.as_bytes())).unwrap()).unwrap()
}

pub(crate) fn request<'a>(house: &'a Coop, text: &str) -> &'a Request {
    let decision = house.decision("grants");
    decision.requests().unwrap().request(decision.item_place(&hex(text.as_bytes())).unwrap()).unwrap()
}

/// Outcomes on requests, with the names of requests for their hashes.
pub(crate) fn told(outcomes: Vec<String>) -> Vec<String> {
    let names = ["a", "b", "c", "d", "big"];
    let short = |line: String| names.iter().fold(line, |line, name| line.replace(&hex(name.as_bytes()), name));
    outcomes.into_iter().map(short).filter(|line| line.starts_with("request-")).collect()
}

pub(crate) fn left(house: &Coop) -> i64 {
    house.decision("commons").pool().unwrap().sums.left()
}

#[test]
fn a_request_passes_when_its_conviction_suffices_and_is_owed() {
    let mut house = house(&[60, 40]);
    asks(&mut house, 1, "a", 120);
    backs(&mut house, 2, "a", ALL);
    // 12 % of the pool needs more than 22.16 of 100; 40 votes come to 20 at first, and to 30 then.
    assert_eq!(told(house.run(1)), [""; 0]);
    assert_eq!(now(&house, "a").needs, Some(22_158_165));
    assert_eq!(now(&house, "a").part_ppm, Some(120_000));
    assert_eq!(request(&house, "a").conviction.rounded(), 20_000_000);
    assert_eq!(told(house.run(1)), ["request-passed grants a 120 USD freed 1"]);
    assert_eq!(left(&house), 880);
    assert_eq!(owed(&house, "equity:pool:commons"), 880);
    assert_eq!(owed(&house, "liabilities:pool-projects:commons"), 120);
    assert_eq!(house.state.members.placed_ppm(house.state.members.index(m(2)).unwrap()), 0, "its weight is free");
    // Paying is a booking like any other; nothing passes twice, and no later vote undoes it.
    house.act(entry("paid", &[("assets:bank", -120), ("liabilities:pool-projects:commons", 120)]));
    let act = Act::CastBallot(on_item(2, "grants", &hex(b"a"), ALL));
    assert_eq!(rule(by(&mut house, 2, &act)), Rule::ItemClosed);
    assert_eq!(rule(by(&mut house, 1, &withdraw_act(1, "a"))), Rule::ItemClosed);
    assert_eq!(rule(by(&mut house, 1, &ask_act(1, "a", 1, &[]))), Rule::ItemWasThere);
    assert_eq!(told(house.run(10)), [""; 0]);
    assert_eq!(left(&house), 880);
}

#[test]
fn votes_at_or_after_an_update_never_count_in_it() {
    let mut house = house(&[60, 40]);
    asks(&mut house, 1, "a", 50);
    let due = house.state.next_due().moment();
    house.next();
    backs(&mut house, 2, "a", ALL);
    assert!(house.state.time >= due);
    assert_eq!(request(&house, "a").conviction.rounded(), 0);
    assert!(!now(&house, "a").passes, "it has no votes yet");
    assert_eq!(told(house.run(1)), ["request-passed grants a 50 USD freed 1"]);
}

#[test]
fn the_greatest_conviction_is_looked_at_first_and_each_pass_takes_its_money() {
    let mut house = house(&[25, 25, 25, 25]);
    for (text, votes) in [("a", 30), ("b", 40), ("c", 35)] {
        asks(&mut house, 1, text, 200);
        convinces(&mut house, text, &[(2, votes)]);
        backs(&mut house, 2, text, 333_333);
    }
    // 200 need 48.7 of 1,000; each follows 8.3 votes by half of the way.
    for (text, votes) in [("a", 200), ("b", 300), ("c", 250)] {
        convinces(&mut house, text, &[(2, votes)]);
    }
    let outcomes = told(house.run(1));
    assert_eq!(outcomes, ["request-passed grants b 200 USD freed 1"], "with its 200 the others are beyond the limit");
    assert_eq!(now(&house, "a").needs, None);
    assert_eq!(now(&house, "a").part_ppm, Some(400_000));
}

#[test]
fn what_has_passed_counts_by_those_who_voted_for_it() {
    let mut house = house(&[40, 40, 20]);
    asks(&mut house, 3, "a", 200);
    convinces(&mut house, "a", &[(1, 100)]);
    assert_eq!(told(house.run(1)), ["request-passed grants a 200 USD freed 0"]);
    for (text, votes) in [("b", vec![(1, 30)]), ("c", vec![(2, 30)]), ("d", vec![(1, 15), (2, 15)])] {
        asks(&mut house, 3, text, 50);
        convinces(&mut house, text, &votes);
    }
    // (50 + 200) ÷ (800 + 200); 50 ÷ 800; (50 + 100) ÷ (800 + 100).
    let part = |text| now(&house, text).part_ppm;
    assert_eq!([part("b"), part("c"), part("d")], [Some(250_000), Some(62_500), Some(166_667)]);
    assert_eq!([now(&house, "b").passes, now(&house, "c").passes], [false, true]);
    // After four half-lives it counts no more. The pool shares out on 1 February.
    house.run(4);
    assert_eq!(house.decision("commons").pool().unwrap().grants().all().count(), 1 + 1, "c passed meanwhile");
    house.run(1);
    let remembered = house.decision("commons").pool().unwrap().grants().all().map(|grant| grant.minor);
    assert_eq!(remembered.collect::<Vec<_>>(), [50]);
}

#[test]
fn nobody_votes_on_what_pays_them_unless_the_clause_says_so() {
    let mut house = house(&[1, 1, 1]);
    house.act(ask_act(1, "a", 5, &[2]));
    for member in [1, 2] {
        let act = Act::CastBallot(on_item(member, "grants", &hex(b"a"), 1));
        assert_eq!(rule(by(&mut house, member, &act)), Rule::OwnRequest);
        let mut act = on_item(member, "grants", &hex(b"a"), 1);
        act.against = true;
        assert_eq!(rule(by(&mut house, member, &Act::CastBallot(act))), Rule::OwnRequest);
    }
    backs(&mut house, 3, "a", 1);
    let Due::Continuous { spending_limit_ppm, least_conviction_ppm, of, .. } = due() else { unreachable!() };
    let own_requests = OwnProjects::Allowed;
    let due = Due::Continuous { spending_limit_ppm, least_conviction_ppm, of, own_requests };
    let mut house = house_of(grants(due, 7), &[1, 1]);
    asks(&mut house, 1, "a", 5);
    backs(&mut house, 1, "a", ALL);
}

#[test]
fn votes_against_take_conviction() {
    let mut house = house(&[1, 50, 49]);
    asks(&mut house, 1, "a", 50);
    backs(&mut house, 2, "a", ALL);
    against(&mut house, 3, "a", ALL);
    assert_eq!(told(house.run(4)), [""; 0], "one vote is not enough");
    assert!(request(&house, "a").conviction.rounded() < 1_000_000);
}

#[test]
fn acts_are_refused_for_what_they_lack() {
    let mut house = house(&[1, 1]);
    let refused = |house: &mut Coop, act: Act| rule(by(house, 1, &act));
    assert_eq!(refused(&mut house, ask_act(1, "a", 0, &[])), Rule::AmountOutOfRange);
    assert_eq!(refused(&mut house, ask_act(1, " \nx", 1, &[])), Rule::LineMissing);
    assert_eq!(refused(&mut house, ask_act(1, "a", 1, &[1])), Rule::PeopleOutOfRange);
    assert_eq!(refused(&mut house, withdraw_act(1, "a")), Rule::UnknownItem);
    asks(&mut house, 2, "a", 1);
    assert_eq!(refused(&mut house, withdraw_act(1, "a")), Rule::NotTheProposer);
    (0..5).for_each(|number| asks(&mut house, 1, &format!("own {number}"), 1));
    assert_eq!(refused(&mut house, ask_act(1, "b", 1, &[])), Rule::TooMany);
    // Taking one back makes no room for 30 days.
    assert_eq!(told(house.act(withdraw_act(1, "own 0"))).len(), 1);
    assert_eq!(refused(&mut house, ask_act(1, "b", 1, &[])), Rule::TooMany);
    house.run(3);
    assert_eq!(refused(&mut house, ask_act(1, "b", 1, &[])), Rule::TooMany);
    house.run(2);
    house.act(ask_act(1, "b", 1, &[]));
}

#[test]
fn what_nobody_is_for_closes_after_four_half_lives() {
    let mut house = house(&[1, 1]);
    asks(&mut house, 1, "a", 900);
    asks(&mut house, 1, "b", 900);
    backs(&mut house, 2, "b", ALL);
    assert_eq!(told(house.run(4)), [""; 0]);
    assert_eq!(told(house.run(1)), ["request-closed grants a freed 0"]);
    assert_eq!(request(&house, "b").end, None, "it can never pass, and somebody is for it");
}

#[test]
fn who_leaves_takes_their_requests_back() {
    let mut house = house(&[1, 1]);
    asks(&mut house, 1, "a", 50);
    backs(&mut house, 2, "a", ALL);
    let outcomes = told(house.leave(1));
    assert_eq!(outcomes, ["request-closed grants a freed 1"]);
    assert_eq!(request(&house, "a").end, Some(RequestEnd::Withdrawn));
}

#[test]
fn a_joined_record_keeps_its_requests_and_what_it_voted_for() {
    let mut house = house(&[40, 40, 20]);
    asks(&mut house, 3, "a", 200);
    convinces(&mut house, "a", &[(1, 100)]);
    house.run(1);
    asks(&mut house, 1, "b", 50);
    asks(&mut house, 3, "c", 40);
    backs(&mut house, 2, "b", 400_000);
    convinces(&mut house, "c", &[(2, 5)]);
    let index = |house: &Coop, member| house.state.members.index(m(member)).unwrap();
    let (from, into) = (index(&house, 1), index(&house, 2));
    assert_eq!(now(&house, "c").part_ppm, Some(50_000), "40 ÷ 800");
    house.state.hand_over_requests(from, into);
    assert_eq!(request(&house, "b").asker, into);
    assert_eq!(house.state.members.placed_ppm(into), 0, "what they placed on a request that now pays them is free");
    assert_eq!(now(&house, "c").part_ppm, Some(240_000), "(40 + 200) ÷ (800 + 200): it is one person now");
    house.state.check().unwrap();
}

#[test]
fn other_rules_keep_requests_and_what_has_passed() {
    let mut house = house(&[40, 40, 20]);
    asks(&mut house, 3, "a", 200);
    convinces(&mut house, "a", &[(1, 100)]);
    house.run(1);
    asks(&mut house, 3, "b", 40);
    backs(&mut house, 2, "b", ALL);
    let at = house.state.time;
    let Due::Continuous { least_conviction_ppm, of, own_requests, .. } = due() else { unreachable!() };
    let tighter = Due::Continuous { spending_limit_ppm: 10_000, least_conviction_ppm, of, own_requests };
    let pool = || named("commons", plain());
    house.state.lay_out_for_test(Constitution::new(vec![pool(), grants(tighter, 7)], Vec::new()), at);
    assert_eq!(told(house.run(2)), [""; 0], "40 is more than 1 %");
    assert_eq!(request(&house, "b").end, None);
    // The clause goes: its requests close, and their weight comes free. Amounts that have passed stay with the pool.
    house.state.lay_out_for_test(Constitution::new(vec![pool()], Vec::new()), house.state.time);
    assert_eq!(house.state.members.placed_ppm(house.state.members.index(m(2)).unwrap()), 0);
    let other = Clause { name: "gifts".to_owned(), ..grants(due(), 7) };
    house.state.lay_out_for_test(Constitution::new(vec![pool(), other], Vec::new()), house.state.time);
    assert_eq!(
        house.decision("commons").pool().unwrap().grants().all().count(),
        1,
        "under another name it still counts"
    );
    house.state.check().unwrap();
    // The pool goes: nothing passes.
    let mut house = self::house(&[50, 50]);
    asks(&mut house, 1, "a", 10);
    backs(&mut house, 2, "a", ALL);
    house.state.lay_out_for_test(Constitution::new(vec![grants(due(), 7)], Vec::new()), house.state.time);
    assert_eq!(told(house.run(4)), [""; 0]);
    assert_eq!(now(&house, "a"), RequestNow { part_ppm: None, needs: None, passes: false });
}

#[test]
fn an_empty_pool_pays_nothing() {
    let mut house = Setup { edition: FOUR, ..Setup::new(vec![named("commons", plain()), grants(due(), 7)]) }
        .found()
        .with_weights(&[50, 50]);
    asks(&mut house, 1, "a", 10);
    backs(&mut house, 2, "a", ALL);
    assert_eq!(told(house.run(6)), [""; 0]);
    fill(&mut house, 1_000);
    assert_eq!(told(house.run(1)), ["request-passed grants a 10 USD freed 1"], "its conviction was there");
}

#[test]
fn nothing_passes_while_no_more_can_be_remembered() {
    let mut house = house(&[50, 50]);
    asks(&mut house, 1, "a", 1);
    convinces(&mut house, "a", &[(2, 90)]);
    let place = house.state.decision_place("commons").unwrap();
    let at = house.state.time;
    for _ in 0..MOST_GRANTS {
        let grant = Grant { at, minor: 0, backers: OrdSet::new() };
        house.state.decisions[place].pool_mut().unwrap().grants.note(grant);
    }
    assert_eq!(told(house.run(1)), [""; 0]);
    assert_eq!(now(&house, "a").needs, None);
    backs(&mut house, 2, "a", ALL);
    assert_eq!(told(house.run(4)), ["request-passed grants a 1 USD freed 1"], "when the first is four half-lives old");
}

#[test]
fn the_state_is_the_same_by_two_ways() {
    let make = || {
        let mut house = house(&[40, 60]);
        asks(&mut house, 1, "a", 50);
        house
    };
    let (one, mut two) = (make(), make());
    assert_eq!(one.state.hash(), two.state.hash());
    backs(&mut two, 2, "a", 1);
    convinces(&mut two, "a", &[(2, 1)]);
    assert_ne!(one.decision("grants").digest(), two.decision("grants").digest());
}

#[test]
fn a_replay_without_the_texts_comes_to_the_same_state() {
    let mut house = house(&[1, 1]);
    let mut lost = house.clone();
    asks(&mut house, 1, "a", 50);
    let Act::RequestMoney(act) = ask_act(1, "a", 50, &[]) else { unreachable!() };
    lost.act(Act::RequestMoney(RequestMoney { text: None, ..act }));
    for house in [&mut house, &mut lost] {
        backs(house, 2, "a", ALL);
        assert_eq!(told(house.run(1)), ["request-passed grants a 50 USD freed 1"]);
    }
    assert_eq!(house.state.hash(), lost.state.hash());
}

#[test]
fn earlier_editions_have_none_of_it() {
    let clauses = vec![named("commons", plain()), grants(due(), 7)];
    let mut house = Setup { edition: THREE, ..Setup::new(clauses) }.found().with_weights(&[1]);
    assert!(house.state.decision("grants").is_none());
    let act = ask_act(1, "a", 5, &[]);
    assert_eq!(house.submit(&act).unwrap_err().rule, Rule::ActOfLaterEdition);
    assert!(house.state.time >= at("2025-01-01T00:00:00Z"));
}
