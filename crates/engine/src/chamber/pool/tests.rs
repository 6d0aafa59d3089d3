//! Pools, sentence by sentence of `docs/spec/pools.md`, The clause. A few members with a vote for each dollar, in a co-op that counts on
//! Mondays and shares out at the end of each month.

use charter::{Clause, ClauseKind, Every, Feed, FundingOrder, Income, Matching, OwnProjects};

use super::*;
use crate::act::{Amount, AskPool, GiveToPool, HoldMoney, PayBackHeld, PledgeToProject, WithdrawProject};
use crate::digest::hex;
use crate::edition::{FOUR, THREE};
use crate::tests::{Coop, Setup, amount_of, at, by, clause, counted, entry, m, on_item, read, rule};
use crate::{Act, DecisionId, Rule};

pub(crate) const ALL: u32 = 1_000_000;
pub(crate) const POOL: &str = "equity:pool:commons";
const FEB: &str = "2025-02-01";

/// A pool that nothing feeds, plain and strict.
pub(crate) fn plain() -> charter::Pool {
    charter::Pool {
        fed_by: Vec::new(),
        matching: Matching::Quadratic,
        groups: Vec::new(),
        every: Every::Month,
        own_projects: OwnProjects::Excluded,
        order: FundingOrder::Strict,
        conviction_half_life: None,
    }
}

pub(crate) fn named(name: &str, pool: charter::Pool) -> Clause {
    counted(charter::Counting::Linear, clause(name, ClauseKind::Pool(pool)))
}

/// Founded on 1 January 2025, a Wednesday; members with these weights.
pub(crate) fn house(pool: charter::Pool, weights: &[i64]) -> Coop {
    Setup { edition: FOUR, ..Setup::new(vec![named("commons", pool)]) }.found().with_weights(weights)
}

fn usd(amount: i64) -> Amount {
    amount_of("donation", amount)
}

/// Money comes in for a member.
pub(crate) fn hold(house: &mut Coop, member: u64, minor: i64) {
    house.act(hold_act(house, member, minor));
}

pub(crate) fn hold_act(house: &Coop, member: u64, minor: i64) -> Act {
    let (at, account) = (house.state.time, "assets:bank".to_owned());
    let source = format!("held:{member}:{minor}:{}:{}", at, house.state.book.entries());
    Act::HoldMoney(HoldMoney { member: m(member), amount: usd(minor), at, source, account })
}

pub(crate) fn back_act(house: &Coop, member: u64, minor: i64) -> Act {
    let (at, account) = (house.state.time, "assets:bank".to_owned());
    let source = format!("back:{member}:{minor}:{}:{}", at, house.state.book.entries());
    Act::PayBackHeld(PayBackHeld { member: m(member), amount: usd(minor), at, source, account })
}

pub(crate) fn give_act(member: u64, pool: &str, minor: i64) -> Act {
    Act::GiveToPool(GiveToPool { member: m(member), decision: pool.to_owned(), amount: usd(minor) })
}

pub(crate) fn ask_act(member: u64, pool: &str, text: &str, goal: i64, people: &[u64]) -> Act {
    Act::AskPool(AskPool {
        member: m(member),
        decision: pool.to_owned(),
        project: hex(text.as_bytes()),
        goal: usd(goal),
        people: people.iter().map(|one| m(*one)).collect(),
        text: Some(text.into()),
    })
}

pub(crate) fn pledge_act(member: u64, pool: &str, text: &str, minor: i64) -> Act {
    let project = hex(text.as_bytes());
    Act::PledgeToProject(PledgeToProject { member: m(member), decision: pool.to_owned(), project, amount: usd(minor) })
}

pub(crate) fn withdraw_act(member: u64, pool: &str, text: &str) -> Act {
    let project = hex(text.as_bytes());
    Act::WithdrawProject(WithdrawProject { member: m(member), decision: pool.to_owned(), project })
}

pub(crate) fn asks(house: &mut Coop, member: u64, text: &str, goal: i64) {
    house.act(ask_act(member, "commons", text, goal, &[]));
}

/// Holds so much more for a member, who pledges it.
pub(crate) fn pledges(house: &mut Coop, member: u64, text: &str, minor: i64) {
    hold(house, member, minor);
    house.act(pledge_act(member, "commons", text, minor));
}

pub(crate) fn backs(house: &mut Coop, member: u64, text: &str, share_ppm: u32) {
    house.act(Act::CastBallot(on_item(member, "commons", &hex(text.as_bytes()), share_ppm)));
}

/// So much comes into the pool, as a gift of member 1.
pub(crate) fn fill(house: &mut Coop, minor: i64) {
    hold(house, 1, minor);
    house.act(give_act(1, "commons", minor));
}

pub(crate) fn pool(house: &Coop) -> &Pool {
    house.decision("commons").pool().unwrap()
}

pub(crate) fn place(house: &Coop) -> DecisionId {
    house.state.decision_place("commons").unwrap()
}

pub(crate) fn item(house: &Coop, text: &str) -> ItemId {
    house.decision("commons").item_place(&hex(text.as_bytes())).unwrap()
}

/// The sum on an account: money that is owed or set aside is positive here.
pub(crate) fn owed(house: &Coop, account: &str) -> i64 {
    -house.state.book.balance_of(account)
}

pub(crate) fn free(house: &Coop, member: u64) -> u64 {
    house.state.held.free(house.state.members.index(m(member)).unwrap())
}

/// Sets conviction as votes that have stood for ever.
fn convinces(house: &mut Coop, text: &str, votes: i128) {
    let (place, item) = (place(house), item(house, text));
    let pool = house.state.decisions[place].pool_mut().unwrap();
    pool.projects.get_mut(item).unwrap().conviction = Conviction::default().toward(votes, 10_000, 1);
}

/// The four projects of the design, with their goals, pledges and conviction in thousandths.
pub(crate) fn four(mut house: Coop) -> Coop {
    house.run(4);
    for (number, (text, goal, gifts, conviction)) in (1..).zip([
        ("big", 900, vec![100, 100, 100], 200_000),
        ("tests", 400, vec![25; 4], 30_000),
        ("docs", 100, vec![10; 4], 5_000),
        ("site", 50, vec![30, 20], 500),
    ]) {
        asks(&mut house, number, text, goal);
        for (giver, minor) in (6..).zip(gifts) {
            pledges(&mut house, giver, text, minor);
        }
        convinces(&mut house, text, conviction);
    }
    house
}

/// Outcomes with the names of projects for their hashes.
pub(crate) fn told(outcomes: Vec<String>) -> Vec<String> {
    let names = ["big", "tests", "docs", "site", "a", "b", "c"];
    let short = |line: String| names.iter().fold(line, |line, name| line.replace(&hex(name.as_bytes()), name));
    outcomes.into_iter().map(short).collect()
}

#[test]
fn a_cycle_comes_out_as_designed() {
    let mut house = four(house(plain(), &[1; 9]));
    fill(&mut house, 1_000);
    assert_eq!(owed(&house, POOL), 1_000);
    let outcomes = told(house.run_until(FEB));
    assert_eq!(
        outcomes,
        [
            "project-funded commons site from-pool 0 pledged 50 freed 0",
            "project-funded commons big from-pool 600 pledged 300 freed 0",
            "project-funded commons tests from-pool 300 pledged 100 freed 0",
            "project-funded commons docs from-pool 60 pledged 40 freed 0",
            "pool-shared commons projects 4 paid 960 left 40",
        ]
    );
    assert_eq!((owed(&house, POOL), owed(&house, "equity:set-aside-for-pools")), (40, -40));
    assert_eq!(owed(&house, "liabilities:pool-projects:commons"), 960 + 490);
    assert_eq!(owed(&house, "liabilities:held-for-members"), 0, "all pledges are charged");
    assert_eq!(house.state.owed_by_pool(place(&house)), 1_450);
    assert_eq!(pool(&house).past().last().unwrap().funded.len(), 4);
    // Paying is a booking like any other.
    house.act(entry("paid", &[("assets:bank", -1_450), ("liabilities:pool-projects:commons", 1_450)]));
    assert_eq!(house.state.owed_by_pool(place(&house)), 0);
    // The next cycle finds nothing to do, once.
    assert_eq!(told(house.run_until("2025-03-01")), ["pool-shared commons projects 0 paid 0 left 40"]);
}

#[test]
fn a_strict_pool_saves_three_times_and_one_that_skips_does_not() {
    let mut strict = four(house(plain(), &[1; 9]));
    fill(&mut strict, 599);
    let mut skipping = four(house(charter::Pool { order: FundingOrder::Skip, ..plain() }, &[1; 9]));
    fill(&mut skipping, 599);
    let outcomes = told(skipping.run_until(FEB));
    assert_eq!(outcomes.last().unwrap(), "pool-shared commons projects 3 paid 360 left 239");
    let outcomes = told(strict.run_until(FEB));
    assert_eq!(outcomes[1..], ["pool-saves commons big cycles 1", "pool-shared commons projects 1 paid 0 left 599"]);
    for (month, cycles) in [("2025-03-01", 2), ("2025-04-01", 3)] {
        let outcomes = told(strict.run_until(month));
        assert_eq!(outcomes[0], format!("pool-saves commons big cycles {cycles}"), "{outcomes:?}");
    }
    assert!(strict.state.pool_now(place(&strict), strict.state.time).unwrap().passes_over);
    let outcomes = told(strict.run_until("2025-05-01"));
    assert_eq!(outcomes.last().unwrap(), "pool-shared commons projects 2 paid 360 left 239");
}

#[test]
fn matches_are_by_the_clause() {
    let with = |matching| four(house(charter::Pool { matching, ..plain() }, &[1; 9]));
    let matched = |house: &Coop, text: &str| {
        let now = house.state.pool_now(place(house), house.state.time).unwrap();
        now.of(item(house, text)).unwrap().matched
    };
    let mut scaled = with(Matching::Scaled);
    fill(&mut scaled, 1_000);
    let outcomes = told(scaled.run_until(FEB));
    assert_eq!(outcomes.last().unwrap(), "pool-shared commons projects 3 paid 660 left 340", "tests is struck");
    let pairwise = with(Matching::Pairwise { m_minor: 25 });
    // Members 6 and 7 give to all four: √ of 100 + 25 + 10 + 24.49 in common.
    assert!(matched(&pairwise, "big") < 200, "{}", matched(&pairwise, "big"));
    let mut capped = with(Matching::Capped { cap_ppm: 350_000 });
    fill(&mut capped, 1_000);
    assert_eq!(matched(&capped, "big"), 350);
    assert_eq!(matched(&with(Matching::Nothing), "big"), 0);
    let classes = vec!["patrons: donated(ever) / 1 USD", "board [board]: 1"];
    let clause =
        named("commons", charter::Pool { matching: Matching::Connected, groups: vec!["board".to_owned()], ..plain() });
    let mut connected = Setup { edition: FOUR, classes, ..Setup::new(vec![clause]) }.found().with_weights(&[1; 9]);
    (6..=8).for_each(|member| connected.list("board", member));
    assert_eq!(matched(&four(connected.clone()), "big"), 0, "three of one group");
    assert!(matched(&four(connected), "tests") > 0, "member 9 is of none");
}

#[test]
fn one_more_giver_adds_what_the_page_says() {
    for matching in [Matching::Quadratic, Matching::Pairwise { m_minor: 25 }] {
        let mut house = four(house(charter::Pool { matching, ..plain() }, &[1; 10]));
        let says = house.state.one_more_adds(house.decision("commons"), item(&house, "big"), 100).unwrap();
        let matched = |house: &Coop| {
            let now = house.state.pool_now(place(house), house.state.time).unwrap();
            now.of(item(house, "big")).unwrap().matched
        };
        let before = matched(&house);
        pledges(&mut house, 10, "big", 100);
        assert!(says.abs_diff(matched(&house) - before) <= 1, "{says}");
        assert!(says > 0);
    }
}

#[test]
fn income_feeds_pools_and_a_refund_takes_the_same_parts_back() {
    let fed_by = vec![Feed { part_ppm: 200_000, of: Income::Donations }, Feed { part_ppm: 50_000, of: Income::All }];
    let mut house = house(charter::Pool { fed_by, ..plain() }, &[0]);
    let gift = house.give(1, "donation", 1_003, "2025-01-01");
    assert_eq!(owed(&house, POOL), 250, "a quarter, rounded down; the rest is common");
    house.give(1, "purchase", 100, "2025-01-01");
    assert_eq!(owed(&house, POOL), 255);
    house.give(1, "donation", 100_000, "2024-12-31");
    assert_eq!(owed(&house, POOL), 255, "from before there was a pool");
    house.take_back(&gift, Some(501), "2025-01-01");
    assert_eq!(owed(&house, POOL), 5 + 125);
    house.take_back(&gift, None, "2025-01-01");
    assert_eq!((owed(&house, POOL), pool(&house).sums.left()), (5, 5));
    let entry = |act: &Act| crate::book::booking(&house.state, act, house.state.time).map(|entry| entry.into_owned());
    let given = house.clone().support(1, "donation", 1_003, "2025-01-01");
    let given = Act::RecordSupport(crate::act::RecordSupport { source: gift, ..given });
    let shown = entry(&given).unwrap();
    assert_eq!(shown.narration.as_deref(), Some("donation: 25.0000 % to commons"));
    assert_eq!(shown.postings.iter().map(|posting| posting.minor).collect::<Vec<_>>(), [250, -250]);
}

#[test]
fn a_pool_that_has_spent_what_is_refunded_owes_it() {
    let fed_by = vec![Feed { part_ppm: ALL, of: Income::Donations }];
    let mut house = house(charter::Pool { fed_by, ..plain() }, &[0, 10, 10, 10]);
    let gift = house.give(1, "donation", 600, "2025-01-01");
    let all = pool(&house).sums.left();
    asks(&mut house, 1, "a", 900);
    (2..=4).for_each(|giver| pledges(&mut house, giver, "a", 100));
    backs(&mut house, 2, "a", ALL);
    house.run_until(FEB);
    assert_eq!(pool(&house).sums.left(), all - 600);
    house.take_back(&gift, None, FEB);
    assert_eq!(owed(&house, POOL), all - 1_200, "below 0");
    // Nothing is paid before it is above 0 again.
    asks(&mut house, 1, "b", 301);
    (2..=4).for_each(|giver| pledges(&mut house, giver, "b", 100));
    backs(&mut house, 2, "b", ALL);
    if all < 1_200 {
        let outcomes = told(house.run_until("2025-03-01"));
        assert!(outcomes.iter().any(|line| line.starts_with("pool-saves commons b")), "{outcomes:?}");
    }
}

#[test]
fn what_is_held_is_the_members_until_it_is_charged() {
    let mut house = house(plain(), &[1, 1, 1]);
    asks(&mut house, 1, "a", 1_000);
    hold(&mut house, 2, 500);
    assert_eq!((free(&house, 2), owed(&house, "liabilities:held-for-members")), (500, 500));
    house.act(pledge_act(2, "commons", "a", 300));
    house.act(pledge_act(2, "commons", "a", 400));
    assert_eq!(free(&house, 2), 100, "the later pledge takes the earlier one's place");
    assert_eq!(rule(by(&mut house, 2, &pledge_act(2, "commons", "a", 501))), Rule::NotHeld);
    let back = back_act(&house, 2, 101);
    assert_eq!(house.submit(&back).unwrap_err().rule, Rule::NotHeld);
    house.act(back_act(&house, 2, 100));
    house.act(pledge_act(2, "commons", "a", 0));
    assert_eq!(free(&house, 2), 400);
    assert_eq!(rule(by(&mut house, 2, &pledge_act(2, "commons", "a", 0))), Rule::NothingToTakeBack);
    house.act(pledge_act(2, "commons", "a", 400));
    house.leave(2);
    assert_eq!(free(&house, 2), 400, "what a former member pledged is held for them");
    house.act(back_act(&house, 2, 400));
    assert_eq!(owed(&house, "liabilities:held-for-members"), 0);
}

#[test]
fn projects_go_with_their_proposer_and_pledges_go_back() {
    let mut house = house(plain(), &[1, 1, 1]);
    asks(&mut house, 1, "a", 1_000);
    asks(&mut house, 1, "b", 1_000);
    pledges(&mut house, 2, "a", 100);
    backs(&mut house, 2, "a", 400_000);
    assert_eq!(rule(by(&mut house, 2, &withdraw_act(2, "commons", "a"))), Rule::NotTheProposer);
    let outcomes = told(by(&mut house, 1, &withdraw_act(1, "commons", "a")).unwrap());
    assert_eq!((outcomes, free(&house, 2)), (vec!["project-closed commons a freed 1".to_owned()], 100));
    assert_eq!(rule(by(&mut house, 1, &withdraw_act(1, "commons", "a"))), Rule::ItemClosed);
    assert_eq!(rule(by(&mut house, 1, &ask_act(1, "commons", "a", 5, &[]))), Rule::ItemWasThere);
    assert_eq!(told(house.leave(1)), ["recorded", "project-closed commons b freed 0"]);
    assert_eq!(pool(&house).asking().count(), 0);
}

#[test]
fn nobody_supports_their_own_project() {
    let mut house = house(plain(), &[1, 1, 1, 1]);
    house.act(ask_act(1, "commons", "a", 1_000, &[2]));
    let vote = |member| Act::CastBallot(on_item(member, "commons", &hex(b"a"), 1));
    for member in [1, 2] {
        assert_eq!(rule(by(&mut house, member, &vote(member))), Rule::OwnProject);
    }
    by(&mut house, 3, &vote(3)).unwrap();
    for member in 1..=4 {
        pledges(&mut house, member, "a", 100);
    }
    let now = house.state.pool_now(place(&house), house.state.time).unwrap();
    let one = now.of(item(&house, "a")).unwrap();
    assert_eq!((one.pledged, one.matched), (400, 200), "those of members 3 and 4 alone are matched");
    let mut allowed = self::house(charter::Pool { own_projects: OwnProjects::Allowed, ..plain() }, &[1, 1]);
    asks(&mut allowed, 1, "a", 1_000);
    by(&mut allowed, 1, &vote(1)).unwrap();
}

#[test]
fn what_nobody_is_for_leaves_after_a_whole_cycle() {
    let mut house = house(plain(), &[1, 1]);
    house.next();
    asks(&mut house, 1, "a", 1_000);
    pledges(&mut house, 2, "a", 100);
    assert_eq!(
        told(house.run_until(FEB)),
        ["pool-shared commons projects 0 paid 0 left 0"],
        "it came within the cycle"
    );
    let outcomes = told(house.run_until("2025-03-01"));
    assert_eq!(outcomes[0], "project-closed commons a freed 0");
    assert_eq!(free(&house, 2), 100);
}

#[test]
fn votes_and_pledges_after_the_end_never_count() {
    let with = |late: bool| {
        let mut house = house(plain(), &[10, 10, 10]);
        fill(&mut house, 1_000);
        asks(&mut house, 1, "a", 400);
        (2..=3).for_each(|giver| pledges(&mut house, giver, "a", 100));
        if !late {
            backs(&mut house, 2, "a", ALL);
        }
        // The last update of January is on the 27th.
        house.run_until("2025-01-28");
        if late {
            backs(&mut house, 2, "a", ALL);
        }
        let due = house.state.next_due();
        assert_eq!(due, crate::Due::Change(at(FEB)));
        let context = crate::Context::of(crate::Actor::Member(m(3)), at(FEB));
        let refused = crate::apply(&mut house.state, &pledge_act(3, "commons", "a", 0), &context);
        assert_eq!(refused.map_err(crate::NotDone::refused).unwrap_err().rule, Rule::UpdateDueFirst);
        told(house.run_until(FEB)).pop().unwrap()
    };
    assert_eq!(with(false), "pool-shared commons projects 1 paid 200 left 800");
    assert_eq!(with(true), "pool-shared commons projects 0 paid 0 left 1000");
}

#[test]
fn missed_cycles_are_each_run_once() {
    let mut house = house(plain(), &[1, 1]);
    fill(&mut house, 100);
    let outcomes = told(house.run_until("2025-06-01"));
    assert_eq!(outcomes, vec!["pool-shared commons projects 0 paid 0 left 100"; 5]);
    assert_eq!(pool(&house).past().len(), 5);
}

#[test]
fn a_pool_without_its_clause_is_emptied() {
    let mut house = house(plain(), &[1, 1, 1]);
    fill(&mut house, 1_000);
    asks(&mut house, 1, "a", 2_000);
    pledges(&mut house, 2, "a", 100);
    let empty = charter::Constitution::new(Vec::new(), Vec::new());
    let at = house.state.time;
    let outcomes = house.state.lay_out_for_test(empty, at);
    let outcomes = crate::tests::words(&outcomes);
    assert!(outcomes.contains(&"pool-emptied commons common 1000 pledges 100".to_owned()), "{outcomes:?}");
    assert_eq!((owed(&house, POOL), owed(&house, "equity:set-aside-for-pools"), free(&house, 2)), (0, 0, 100));
    assert_eq!(owed(&house, "liabilities:held-for-members"), 100);
    house.state.check().unwrap();
}

/// A row for each refusal.
#[test]
fn refusals_come_in_the_order_of_their_numbers() {
    let mut house = house(plain(), &[1; 7]);
    asks(&mut house, 1, "a", 1_000);
    hold(&mut house, 2, 100);
    let bad = |body: &str| read("ask_pool", body);
    let (long, project) = ("x".repeat(101), hex(b"c"));
    for (member, act, wanted) in [
        (2, ask_act(2, "nowhere", "b", 5, &[]), Rule::UnknownDecision),
        (2, ask_act(2, "constitution", "b", 5, &[]), Rule::WrongKindOfDecision),
        (2, ask_act(2, "commons", "b", 5, &[99]), Rule::UnknownMember),
        (2, ask_act(2, "commons", "b", 0, &[]), Rule::AmountOutOfRange),
        (2, ask_act(2, "commons", "b", 5, &[2]), Rule::PeopleOutOfRange),
        (2, ask_act(2, "commons", "b", 5, &[3, 3]), Rule::PeopleOutOfRange),
        (2, ask_act(2, "commons", "", 5, &[]), Rule::LineMissing),
        (2, ask_act(2, "commons", &long, 5, &[]), Rule::LineMissing),
        (2, give_act(2, "constitution", 5), Rule::WrongKindOfDecision),
        (2, give_act(2, "commons", 101), Rule::NotHeld),
        (2, give_act(2, "commons", -1), Rule::AmountOutOfRange),
        (2, pledge_act(2, "commons", "c", 5), Rule::UnknownItem),
        (2, pledge_act(2, "commons", "a", -5), Rule::AmountOutOfRange),
        (2, withdraw_act(2, "commons", "c"), Rule::UnknownItem),
        (
            2,
            bad(&format!(
                r##"{{"member":"#2","decision":"commons","project":"{project}","goal":{{"amount":5,"currency":"EUR"}}}}"##
            )),
            Rule::WrongCurrency,
        ),
        (
            2,
            bad(r##"{"member":"#2","decision":"commons","project":"x","goal":{"amount":5,"currency":"USD"}}"##),
            Rule::NameNotAllowed,
        ),
        (
            2,
            bad(&format!(
                r##"{{"member":"#2","decision":"commons","project":"{project}","goal":{{"amount":5,"unit":"second"}}}}"##
            )),
            Rule::WrongUnit,
        ),
    ] {
        assert_eq!(rule(by(&mut house, member, &act)), wanted, "{act:?}");
    }
    for number in 0..4 {
        asks(&mut house, 1, &format!("more {number}"), 5);
    }
    assert_eq!(rule(by(&mut house, 1, &ask_act(1, "commons", "b", 5, &[]))), Rule::TooMany);
    let refused = |house: &mut Coop, act: &Act| house.submit(act).unwrap_err().rule;
    let by_hand = entry("hand", &[("assets:bank", 5), (POOL, -5)]);
    assert_eq!(refused(&mut house, &by_hand), Rule::KeptByPools);
    let sides = crate::act::Sides { to: "assets:bank".to_owned(), from: "liabilities:held-for-members".to_owned() };
    let given = house.support(1, "donation", 5, "2025-01-01");
    let given = Act::RecordSupport(crate::act::RecordSupport { book: Some(sides), ..given });
    assert_eq!(refused(&mut house, &given), Rule::KeptByPools);
    let Act::HoldMoney(held) = hold_act(&house, 2, 5) else { panic!() };
    let act = Act::HoldMoney(HoldMoney { account: "income:gifts".to_owned(), ..held.clone() });
    assert_eq!(refused(&mut house, &act), Rule::AccountNotAllowed);
    let act = Act::HoldMoney(HoldMoney { at: at("2026-01-01"), ..held.clone() });
    assert_eq!(refused(&mut house, &act), Rule::GivenInTheFuture);
    house.act(Act::HoldMoney(held.clone()));
    assert_eq!(refused(&mut house, &Act::HoldMoney(held)), Rule::SourceAlreadyRecorded);
}

#[test]
fn earlier_editions_have_none_of_it() {
    let mut house = Setup { edition: THREE, ..Setup::new(vec![named("commons", plain())]) }.found().with_weights(&[1]);
    assert!(house.state.decision("commons").is_none());
    let act = hold_act(&house, 1, 5);
    assert_eq!(house.submit(&act).unwrap_err().rule, Rule::ActOfLaterEdition);
    house.act(entry("hand", &[("assets:bank", 5), (POOL, -5)]));
}

#[test]
fn a_joined_record_keeps_its_pledges_and_projects() {
    let mut house = house(plain(), &[1, 1, 1]);
    asks(&mut house, 1, "a", 1_000);
    asks(&mut house, 3, "b", 1_000);
    pledges(&mut house, 1, "b", 100);
    hold(&mut house, 1, 50);
    let index = |house: &Coop, member| house.state.members.index(m(member)).unwrap();
    backs(&mut house, 2, "a", 400_000);
    let (from, into) = (index(&house, 1), index(&house, 2));
    house.state.hand_over_pools(from, into);
    assert_eq!((free(&house, 1), free(&house, 2)), (0, 50));
    let (a, b) = (item(&house, "a"), item(&house, "b"));
    assert_eq!(pool(&house).project(a).unwrap().proposer, into);
    assert_eq!(pool(&house).project(b).unwrap().pledges.get(&into), Some(&100));
    assert_eq!(house.state.members.placed_ppm(into), 0, "what they placed on a project that is now their own is free");
    house.state.check().unwrap();
}

#[test]
fn a_cycle_that_ends_as_other_rules_come_into_force_is_shared_out_by_the_earlier_ones() {
    let strict = || named("commons", plain());
    let skips = named("commons", charter::Pool { order: FundingOrder::Skip, every: Every::Quarter, ..plain() });
    for (after, until) in [(vec![skips], Some("2025-04-01")), (vec![strict()], Some("2025-03-01")), (Vec::new(), None)]
    {
        let mut house = four(house(plain(), &[1; 9]));
        fill(&mut house, 599);
        let commons = place(&house);
        let rules = charter::Constitution::new(after, Vec::new());
        let outcomes = house.state.lay_out_for_test(rules, at(FEB));
        let outcomes = told(outcomes.iter().map(ToString::to_string).collect());
        assert_eq!(
            outcomes[1..3],
            ["pool-saves commons big cycles 1", "pool-shared commons projects 1 paid 0 left 599"]
        );
        let pool = house.state.decisions[commons].pool().unwrap();
        assert_eq!(pool.past().len(), 1, "once");
        assert_eq!(house.state.decision("commons").and_then(|one| one.pool()).map(super::Pool::until), until.map(at));
        house.state.check().unwrap();
    }
}
