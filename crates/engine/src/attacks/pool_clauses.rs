//! Pools through their clause: rings, friends, the last second, full lists, and projects cut into parts. 100 members with 10 USD each
//! held for them and a weight each; the pool has 1,000 USD, is plain or pairwise, and shares out each month.

use charter::Matching;

use super::*;
use crate::Rule;
use crate::chamber::pool::tests::{
    ALL, ask_act, asks, back_act, backs, fill, free, give_act, hold, house as pool_house, item, place, plain,
    pledge_act, pledges, told, withdraw_act,
};
use crate::edition::FOUR;
use crate::tests::{by, on_item, rule};

const USD: i64 = 100;
const MEMBERS: u64 = 100;

/// A hundred members; those from `ring` on are honest, and give 1 USD to each of ten of forty projects.
fn crowd(matching: Matching, ring: u64) -> Coop {
    let mut coop = pool_house(charter::Pool { matching, ..plain() }, &[1; MEMBERS as usize]);
    coop.next();
    fill(&mut coop, 1_000 * USD);
    for project in 0..40 {
        asks(&mut coop, ring + 1 + project % 50, &format!("honest {project}"), 1_000 * USD);
    }
    for member in ring + 1..=MEMBERS {
        hold(&mut coop, member, 10 * USD);
        for step in 0..10 {
            let project = (member * 7 + step * 3) % 40;
            coop.act(pledge_act(member, "commons", &format!("honest {project}"), USD));
        }
    }
    coop
}

fn matched(coop: &Coop, text: &str) -> u64 {
    let now = coop.state.pool_now(place(coop), coop.state.time).unwrap();
    now.of(item(coop, text)).unwrap().matched
}

/// The match that a ring of so many gets out of the pool with 10 USD each in one project of theirs.
fn ring_of(matching: Matching, ring: u64) -> u64 {
    let mut coop = crowd(matching, ring);
    asks(&mut coop, 1, "ours", 100_000 * USD);
    (1..=ring).for_each(|member| pledges(&mut coop, member, "ours", 10 * USD));
    matched(&coop, "ours")
}

#[test]
fn a_ring_in_a_pool_adds_less_than_m_an_ordered_pair() {
    let one_usd = Matching::Pairwise { m_minor: 100 };
    let rows: Vec<(u64, u64, u64)> = [5, 10, 20]
        .into_iter()
        .map(|ring| (ring, ring_of(Matching::Quadratic, ring), ring_of(one_usd, ring)))
        .collect();
    // The proposer's own pledge is not matched: n − 1 members are.
    for (ring, plainly, pairwise) in &rows {
        let pairs = (ring - 1) * (ring - 2);
        assert_eq!(*plainly, pairs * 1_000, "10 USD a pair, {ring}");
        assert!(*pairwise < pairs * 100, "{pairwise} of a ring of {ring}");
    }
    assert_eq!(rows, [(5, 12_000, 1_090), (10, 72_000, 6_545), (20, 342_000, 31_090)]);
}

#[test]
fn ones_own_project_through_a_friend_costs_the_friends_pledge_and_name() {
    let mut coop = crowd(Matching::Quadratic, 2);
    // The friend asks, and the one whose project it is pledges and votes: it works, as an account on the project's page.
    coop.act(ask_act(2, "commons", "mine", 100 * USD, &[]));
    pledges(&mut coop, 1, "mine", 50 * USD);
    assert_eq!(matched(&coop, "mine"), 0, "one alone is matched with nothing");
    // Named among its people they cannot.
    let act = ask_act(2, "commons", "ours", 100 * USD, &[1]);
    coop.act(act);
    let vote = Act::CastBallot(on_item(1, "commons", &hex(b"ours"), ALL));
    assert_eq!(rule(by(&mut coop, 1, &vote)), Rule::OwnProject);
}

#[test]
fn a_pledge_that_is_taken_back_at_the_last_second_funds_nothing() {
    let mut coop = crowd(Matching::Quadratic, 4);
    asks(&mut coop, 1, "ours", 40 * USD);
    (2..=4).for_each(|member| pledges(&mut coop, member, "ours", 10 * USD));
    backs(&mut coop, 2, "ours", ALL);
    coop.run(3);
    let before = free(&coop, 4);
    (3..=4).for_each(|member| {
        coop.act(pledge_act(member, "commons", "ours", 0));
    });
    let outcomes = told(coop.run_until("2025-02-01"));
    assert!(!outcomes.iter().any(|line| line.contains(&hex(b"ours"))), "{outcomes:?}");
    assert_eq!(free(&coop, 4), before + 1_000);
    // One that comes at the last second counts, is charged, and cannot be had back.
    let mut coop = crowd(Matching::Quadratic, 4);
    asks(&mut coop, 1, "ours", 40 * USD);
    (2..=3).for_each(|member| pledges(&mut coop, member, "ours", 10 * USD));
    backs(&mut coop, 2, "ours", ALL);
    coop.run(3);
    pledges(&mut coop, 4, "ours", 10 * USD);
    let outcomes = told(coop.run_until("2025-02-01"));
    let funded = format!("project-funded commons {} from-pool 1000 pledged 3000 freed 1", hex(b"ours"));
    assert!(outcomes.contains(&funded), "{outcomes:?}");
}

#[test]
fn nobody_fills_the_list_alone() {
    let mut coop = crowd(Matching::Quadratic, 1);
    (0..5).for_each(|number| asks(&mut coop, 1, &format!("junk {number}"), USD));
    assert_eq!(rule(by(&mut coop, 1, &ask_act(1, "commons", "junk 5", USD, &[]))), Rule::TooMany);
    // Taking one back makes no room in this cycle.
    by(&mut coop, 1, &withdraw_act(1, "commons", "junk 0")).unwrap();
    assert_eq!(rule(by(&mut coop, 1, &ask_act(1, "commons", "junk 5", USD, &[]))), Rule::TooMany);
    // Nobody is for them, and they are gone after a whole cycle.
    coop.run_until("2025-03-01");
    let known = coop.decision("commons").pool().unwrap();
    assert_eq!(known.asking().filter(|(_, project)| project.proposer.place() == 0).count(), 0);
}

#[test]
fn a_project_cut_in_two_gets_no_more() {
    let with = |parts: i64| {
        let mut coop = crowd(Matching::Quadratic, 5);
        let texts: Vec<String> = (0..parts).map(|part| format!("part {part}")).collect();
        texts.iter().for_each(|text| asks(&mut coop, 1, text, 1_000 * USD));
        for member in 2..=5 {
            hold(&mut coop, member, 10 * USD);
            for text in &texts {
                coop.act(pledge_act(member, "commons", text, 10 * USD / parts));
            }
        }
        texts.iter().map(|text| matched(&coop, text)).sum::<u64>()
    };
    assert_eq!((with(1), with(2), with(5)), (12_000, 12_000, 12_000));
}

#[test]
fn three_with_a_cent_and_one_with_a_million() {
    let mut coop = pool_house(plain(), &[0, 0, 0, 1_000_000, 1]);
    coop.next();
    fill(&mut coop, 1_000 * USD);
    asks(&mut coop, 5, "dust", 100 * USD);
    (1..=3).for_each(|member| pledges(&mut coop, member, "dust", 1));
    assert_eq!(matched(&coop, "dust"), 6, "six ordered pairs of a cent");
    asks(&mut coop, 5, "rich", 1_000_000 * USD);
    pledges(&mut coop, 4, "rich", 1_000_000 * USD);
    assert_eq!(matched(&coop, "rich"), 0, "one alone is matched with nothing, however much it is");
    // A million beside a cent: 2 × √(100,000,000 × 1) cents.
    pledges(&mut coop, 1, "rich", 1);
    assert_eq!(matched(&coop, "rich"), 20_000);
    let act = give_act(2, "commons", 1);
    assert_eq!(rule(by(&mut coop, 2, &act)), Rule::NotHeld);
}

/// A constitution that sets half of all donations aside: those who go take their half of the pool too, and have back what is held.
#[test]
fn money_that_is_set_aside_is_divided_by_a_fork() {
    const RULES: &str =
        "# Rules\n\n```charter\npool \"commons\" { fed-by \"50% of donations\"; every \"year\" }\n```\n";
    let mut coop = Setup::new(Vec::new()).found();
    let text = kernel("");
    let read = read_kernel_under(&text, FOUR).unwrap();
    let clauses = read_constitution(RULES, &read).unwrap();
    let mut act = Found::on(&hex(text.as_bytes()), &hex(RULES.as_bytes()), false);
    (act.edition, act.open) = (FOUR, true);
    coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(&text, RULES);
    coop.admit(1..=2);
    (1..=2).for_each(|member| {
        coop.give(member, "donation", 100_000, "2025-01-01");
    });
    bank(&mut coop, 200_000);
    hold(&mut coop, 2, 5_000);
    coop.next();
    asks(&mut coop, 1, "a", 1_000_000);
    coop.act(pledge_act(2, "commons", "a", 3_000));
    let away = kernel("    members { floor \"1 weight\" }");
    coop.act(Act::AnnounceFork(crate::act::AnnounceFork {
        member: m(2),
        fork: "away".to_owned(),
        kernel: hex(away.as_bytes()),
        constitution: hex(CONSTITUTION.as_bytes()),
        kernel_text: Some(away.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }));
    let (fork, other, key) = ("away".to_owned(), "c_0000000000001".to_owned(), "ab".repeat(32));
    let completion = Act::CompleteFork(crate::act::CompleteFork { fork, coop: other, key });
    while coop.submit(&completion).is_err() {
        coop.next();
    }
    let done = coop.state.forks.completed_named("away").unwrap();
    assert_eq!((done.share.balance_minor, done.share.minor), (200_000, 100_000), "what is held is nobody's to divide");
    let entry = done.booking.as_ref().unwrap();
    assert_eq!(entry.postings.iter().map(|posting| posting.minor).sum::<i64>(), 0);
    let balance = |account: &str| coop.state.book.balance_of(account);
    assert_eq!((balance("equity:pool:commons"), balance("equity:set-aside-for-pools")), (-50_000, 50_000));
    assert_eq!((balance("liabilities:held-for-members"), free(&coop, 2)), (-5_000, 5_000), "the pledge went back");
    coop.act(back_act(&coop, 2, 5_000));
    coop.state.check().unwrap();
}
