//! Pools that members direct, sentence by sentence of `docs/spec/pools.md`, Directed by members. The four projects of the design, in a
//! co-op that counts on Mondays and shares out at the end of each month.

use charter::{Ballot, Clause, ClauseKind, Due, Every, FUND_IN_ORDER, Matching, SharesOut};

use super::*;
use crate::act::{CastBallot, ProposeOption};
use crate::chamber::pool::tests::*;
use crate::digest::hex;
use crate::edition::FOUR;
use crate::tests::{Coop, Setup, by, clause, counted, entry, m, rule};
use crate::{Act, Rule};

const FEB: &str = "2025-02-01";
const MARCH: &str = "2025-03-01";

/// The commitment that shares out the pool every month.
pub(crate) fn sharing(default: &str, may_add_minor: i64) -> Clause {
    let ballot = Ballot { default: default.to_owned(), freeze_ppm: 0, quorum_ppm: 100_000, nominated_by_ppm: 20_000 };
    let shares_out = Some(SharesOut { of: "commons".to_owned(), may_add_minor });
    let due = Due::Every(Every::Month, ballot);
    let credit = charter::CreditFlow::USUAL;
    let kind = charter::Commitment { due, conviction_half_life: None, accepts: None, credit, shares_out };
    counted(charter::Counting::Linear, clause("sharing", ClauseKind::Commitment(kind)))
}

/// The four projects, so much in the pool, and 1,000 in common.
fn four_of(pool: charter::Pool, by: Clause, minor: i64) -> Coop {
    let setup = Setup { edition: FOUR, ..Setup::new(vec![named("commons", pool), by]) };
    let mut house = four(setup.found().with_weights(&[1; 9]));
    fill(&mut house, minor);
    house.act(entry("cash", &[("assets:bank", 1_000), ("income:sales", -1_000)]));
    house
}

fn four_with(default: &str, may_add_minor: i64) -> Coop {
    four_of(plain(), sharing(default, may_add_minor), 1_000)
}

/// Names of projects as an option's lines have them.
fn named_so(line: &str) -> String {
    ["big", "tests", "docs", "site"]
        .iter()
        .fold(line.to_owned(), |line, name| line.replace(name, &hex(name.as_bytes())))
}

fn option(house: &Coop, member: u64, lines: &str) -> Act {
    let text = format!("As we see it\n{}", named_so(lines));
    let act = crate::intent::put_up(m(member), "sharing", &text);
    crate::intent::completed(&house.state, &act).into_owned()
}

/// Puts an option up, on the ballot at once, with conviction above every other's, as votes that have stood for ever.
fn decides(house: &mut Coop, member: u64, lines: &str) -> String {
    let act = option(house, member, lines);
    house.act(act.clone());
    let Act::ProposeOption(ProposeOption { option, .. }) = act else { unreachable!() };
    let place = house.state.decision_place("sharing").unwrap();
    let commitment = house.state.decisions[place].commitment_mut().unwrap();
    let taken = CandidateId::at(commitment.options().candidates.len() - 1);
    commitment.convince_for_test(taken, 3_000_000);
    let scores = Some([(option.clone(), ALL)].into());
    for voter in 1..=5 {
        let (decision, item, scores) = ("sharing".to_owned(), None, scores.clone());
        let vote = CastBallot { member: m(voter), decision, item, share_ppm: ALL / 2, scores, against: false };
        let _ = house.submit(&Act::CastBallot(vote));
    }
    option
}

fn refused(house: &mut Coop, member: u64, lines: &str) -> Rule {
    let act = option(house, member, lines);
    rule(by(house, member, &act))
}

/// Outcomes of the end of January but those of the commitment.
fn shared(house: &mut Coop, option: &str) -> Vec<String> {
    let outcomes = told(house.run_until(FEB)).into_iter().map(|line| line.replace(option, "OPTION"));
    outcomes.filter(|line| !line.starts_with("share-freed") && !line.starts_with("candidate")).collect()
}

#[test]
fn without_votes_it_is_shared_out_in_order_once() {
    let mut house = four_with(FUND_IN_ORDER, 0);
    let outcomes = shared(&mut house, "none");
    assert_eq!(outcomes[0], format!("commitment-taken sharing {} by default freed 0", hex(FUND_IN_ORDER.as_bytes())));
    assert_eq!(outcomes.last().unwrap(), "pool-shared commons projects 4 paid 960 left 40");
    assert_eq!(outcomes.iter().filter(|line| line.starts_with("pool-shared")).count(), 1);
    assert_eq!(pool(&house).past().len(), 1);
    assert_eq!(pool(&house).past()[0].directed, None);
}

#[test]
fn members_fund_these_first_strike_those_and_add_a_sum() {
    // Docs before all others, tests not this time, and 25 more.
    let mut house = four_with(FUND_IN_ORDER, 25);
    let option = decides(&mut house, 1, "fund docs The docs\nstrike tests\nadd 0.25 USD");
    let now = house.state.pool_now(place(&house), house.state.time).unwrap();
    assert_eq!((now.added, now.funded.len()), (25, 3), "pages say what is coming");
    let outcomes = shared(&mut house, &option);
    assert_eq!(
        outcomes,
        [
            "commitment-taken sharing OPTION by conviction freed 4",
            "pool-directed commons by sharing OPTION added 25",
            "project-funded commons docs from-pool 60 pledged 40 freed 0",
            "project-funded commons site from-pool 0 pledged 50 freed 0",
            "project-funded commons big from-pool 600 pledged 300 freed 0",
            "pool-shared commons projects 3 paid 660 left 365",
        ]
    );
    assert_eq!(pool(&house).past()[0].directed.as_deref(), Some(&*option));
    assert_eq!((pool(&house).sums.added, owed(&house, POOL)), (25, 365));
    let tests = item(&house, "tests");
    assert!(pool(&house).project(tests).unwrap().end.is_none(), "it asks on, with its pledges and conviction");
    assert_eq!(pool(&house).project(tests).unwrap().pledged(), 100);
    // The next cycle is in order again.
    let outcomes = told(house.run_until(MARCH));
    assert!(outcomes.contains(&"project-funded commons tests from-pool 300 pledged 100 freed 0".to_owned()));
    house.state.check().unwrap();
}

#[test]
fn nothing_else_is_funded_where_members_say_so() {
    let mut house = four_with(FUND_IN_ORDER, 0);
    let option = decides(&mut house, 1, "fund tests\nfund nothing");
    let outcomes = shared(&mut house, &option);
    assert_eq!(
        outcomes[2..],
        [
            "project-funded commons tests from-pool 300 pledged 100 freed 0",
            "pool-shared commons projects 1 paid 300 left 700",
        ]
    );
    let mut house = four_with(charter::FUND_NOTHING, 0);
    assert_eq!(shared(&mut house, "none").last().unwrap(), "pool-shared commons projects 0 paid 0 left 1000");
    let option = decides(&mut house, 1, "fund in order");
    let outcomes = told(house.run_until(MARCH));
    let last = outcomes.iter().find(|line| line.starts_with("pool-shared")).unwrap();
    assert_eq!(last, "pool-shared commons projects 4 paid 960 left 40");
    assert!(outcomes.contains(&format!("pool-directed commons by sharing {option} added 0")));
}

#[test]
fn a_pool_is_saved_for_the_first_that_members_name() {
    let mut house = four_of(plain(), sharing(FUND_IN_ORDER, 0), 599);
    let option = decides(&mut house, 1, "fund tests\nfund big");
    let outcomes = told(house.run_until(FEB)).into_iter().map(|line| line.replace(&option, "OPTION"));
    let outcomes: Vec<String> = outcomes.filter(|line| line.starts_with("po") || line.starts_with("pr")).collect();
    assert_eq!(
        outcomes,
        [
            "pool-directed commons by sharing OPTION added 0",
            "project-funded commons tests from-pool 300 pledged 100 freed 0",
            "pool-saves commons big cycles 1",
            "pool-shared commons projects 1 paid 300 left 299",
        ],
        "site, which costs nothing, stands behind the ones that are named"
    );
}

#[test]
fn scaled_matches_keep_the_ones_that_are_named() {
    let mut house = four_of(charter::Pool { matching: Matching::Scaled, ..plain() }, sharing(FUND_IN_ORDER, 0), 1_000);
    let option = decides(&mut house, 1, "fund tests");
    let outcomes = shared(&mut house, &option);
    assert!(
        outcomes.contains(&"project-funded commons tests from-pool 300 pledged 100 freed 0".to_owned()),
        "{outcomes:?}"
    );
    assert!(
        !outcomes.iter().any(|line| line.contains("funded commons big")),
        "big is struck in its place: {outcomes:?}"
    );
}

#[test]
fn common_money_is_added_up_to_the_clause_and_what_is_common() {
    let mut house = four_with(FUND_IN_ORDER, 10_000);
    assert_eq!(house.state.common_minor(), 1_000, "what pools have and members' money are none of it");
    let option = decides(&mut house, 1, "add 100.00 USD\nfund nothing");
    let outcomes = shared(&mut house, &option);
    assert_eq!(
        outcomes[1..],
        ["pool-directed commons by sharing OPTION added 1000", "pool-shared commons projects 0 paid 0 left 2000",]
    );
    assert_eq!((house.state.common_minor(), owed(&house, POOL)), (0, 2_000));
    assert_eq!(owed(&house, "equity:set-aside-for-pools"), -2_000);
    assert_eq!(house.state.book.balance_of("assets:bank"), 1_000 + 490 + 1_000, "no money has moved");
}

#[test]
fn nobody_votes_for_an_option_that_funds_their_own_project_first() {
    let mut house = four_with(FUND_IN_ORDER, 0);
    // Member 2 asks for tests.
    let act = option(&house, 2, "fund tests");
    house.act(act.clone());
    let Act::ProposeOption(ProposeOption { option: name, .. }) = act else { unreachable!() };
    let vote = |member, ppm| {
        let (decision, item, scores) = ("sharing".to_owned(), None, Some([(name.clone(), ppm)].into()));
        Act::CastBallot(CastBallot { member: m(member), decision, item, share_ppm: 1_000, scores, against: false })
    };
    assert_eq!(rule(by(&mut house, 2, &vote(2, ALL))), Rule::OwnProject);
    assert!(by(&mut house, 2, &vote(2, 0)).is_ok(), "a score of 0 is no vote for it");
    assert!(by(&mut house, 3, &vote(3, ALL)).is_ok());
    // Who takes the record of member 2 over has the project too, and no vote for it.
    let index = |house: &Coop, member| house.state.members.index(m(member)).unwrap();
    let (from, into) = (index(&house, 2), index(&house, 3));
    house.state.hand_over_pools(from, into);
    assert_eq!(house.state.members.placed_ppm(into), 0);
    house.state.check().unwrap();
}

#[test]
fn lines_that_say_nothing_are_refused() {
    let mut house = four_with(FUND_IN_ORDER, 25);
    for lines in [
        "",
        "we should talk",
        "fund raising is hard",
        "fund 12345678",
        "strike",
        "fund docs\nfund docs",
        "fund docs\nstrike docs",
        "add 0.25 EUR",
        "add money",
        "add -1 USD",
        "add 0.001 USD",
        "add 0.10 USD\nadd 0.10 USD",
        "fund in order\nfund nothing",
    ] {
        assert_eq!(refused(&mut house, 1, lines), Rule::PlanUnreadable, "{lines}");
    }
    let unsaid = crate::intent::put_up(m(1), "sharing", "\nwe should talk");
    let unsaid = crate::intent::completed(&house.state, &unsaid).into_owned();
    assert_eq!(rule(by(&mut house, 1, &unsaid)), Rule::LineMissing, "the lower number is told first");
    assert_eq!(refused(&mut house, 1, "fund in order"), Rule::PlanDiffers, "that is the default");
    assert_eq!(refused(&mut house, 1, "add 0.26 USD"), Rule::AddsTooMuch);
    let Act::ProposeOption(good) = option(&house, 1, "fund docs") else { unreachable!() };
    for plan in [None, Some(PoolPlan { nothing_else: true, ..PoolPlan::default() })] {
        assert_eq!(
            rule(by(&mut house, 1, &Act::ProposeOption(ProposeOption { plan, ..good.clone() }))),
            Rule::PlanDiffers
        );
    }
    let unsorted = PoolPlan { strike: vec!["f".repeat(64), "e".repeat(64)], ..PoolPlan::default() };
    let unheard = ProposeOption { plan: Some(unsorted), text: None, ..good.clone() };
    assert_eq!(house.submit(&Act::ProposeOption(unheard)).unwrap_err().rule, Rule::PlanUnreadable);
    assert!(by(&mut house, 1, &Act::ProposeOption(good)).is_ok());
}

#[test]
fn a_replay_without_the_text_does_the_same() {
    let with = |text: bool| {
        let mut house = four_with(FUND_IN_ORDER, 25);
        let Act::ProposeOption(mut act) = option(&house, 1, "fund docs\nadd 0.25 USD") else { unreachable!() };
        act.text = act.text.filter(|_| text);
        house.act(Act::ProposeOption(act));
        house.run_until(FEB);
        house.state.hash()
    };
    assert_eq!(with(true), with(false));
}

#[test]
fn a_clause_for_another_pool_or_none_drops_options() {
    let mut house = four_with(FUND_IN_ORDER, 0);
    decides(&mut house, 1, "fund docs");
    let place = house.state.decision_place("sharing").unwrap();
    let standing = |house: &Coop| house.state.decisions[place].commitment().unwrap().choices().count();
    assert_eq!(standing(&house), 2);
    let mut words = sharing(FUND_IN_ORDER, 0);
    let ClauseKind::Commitment(commitment) = &mut words.kind else { unreachable!() };
    commitment.shares_out = None;
    let rules = charter::Constitution::new(vec![named("commons", plain()), words], Vec::new());
    let at = house.state.time;
    house.state.lay_out_for_test(rules, at);
    assert_eq!(standing(&house), 1);
    assert_eq!(told(house.run_until(FEB)).last().unwrap(), "pool-shared commons projects 4 paid 960 left 40");
    house.state.check().unwrap();
}
