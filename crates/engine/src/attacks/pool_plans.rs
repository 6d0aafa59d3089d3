//! A pool that members direct, and few who would direct it for themselves. Twenty members with a weight each, in a co-op that counts on
//! Mondays; the pool has 1,000 USD and is shared out at the end of each month. February has four counts.

use charter::{Clause, FUND_IN_ORDER};

use super::*;
use crate::Rule;
use crate::act::{CastBallot, Nominate, ProposeOption};
use crate::chamber::pool::plan::tests::sharing;
use crate::chamber::pool::tests::{ALL, asks, backs, fill, named, plain, pledges, told};
use crate::edition::FOUR;
use crate::tests::{by, entry, rule};

const MEMBERS: u64 = 20;
/// Three quarters of a weight.
const THREE_QUARTERS: u32 = ALL / 4 * 3;
const MARCH: &str = "2025-03-01";

/// Two projects that are eligible and have conviction: that of the ring, of member 1, and that of member 11.
fn two_projects(by: Clause) -> Coop {
    let setup = Setup { edition: FOUR, ..Setup::new(vec![named("commons", plain()), by]) };
    let mut coop = setup.found().with_weights(&[1; MEMBERS as usize]);
    fill(&mut coop, 100_000);
    coop.act(entry("cash", &[("assets:bank", 50_000), ("income:sales", -50_000)]));
    coop.run_until("2025-02-01");
    for (proposer, text, givers) in [(1, "ours", 2..=5), (11, "theirs", 12..=15)] {
        asks(&mut coop, proposer, text, 1_000);
        for giver in givers {
            pledges(&mut coop, giver, text, 100);
            backs(&mut coop, giver, text, ALL / 4);
        }
    }
    coop
}

fn score(member: u64, option: &str) -> Act {
    let (decision, item, scores) = ("sharing".to_owned(), None, Some([(option.to_owned(), ALL)].into()));
    Act::CastBallot(CastBallot { member: m(member), decision, item, share_ppm: THREE_QUARTERS, scores, against: false })
}

/// A member of the ring puts up what its lines say, and the ring votes for it as soon as it is on the ballot.
fn ring_directs(coop: &mut Coop, ring: std::ops::RangeInclusive<u64>, lines: &str) {
    let act = crate::intent::put_up(m(2), "sharing", &format!("Ours alone\n{lines}"));
    let act = crate::intent::completed(&coop.state, &act).into_owned();
    coop.act(act.clone());
    let Act::ProposeOption(ProposeOption { option, .. }) = act else { unreachable!() };
    for member in ring.clone() {
        let (decision, candidate) = ("sharing".to_owned(), option.clone());
        let nominate = Nominate { member: m(member), decision, candidate, share_ppm: THREE_QUARTERS, against: false };
        coop.act(Act::Nominate(nominate));
    }
    coop.next();
    for member in ring {
        coop.act(score(member, &option));
    }
}

fn funded(outcomes: Vec<String>) -> Vec<String> {
    let (ours, theirs) = (hex(b"ours"), hex(b"theirs"));
    let named = |line: String| line.replace(&ours, "ours").replace(&theirs, "theirs");
    let lines = told(outcomes).into_iter().map(named).filter(|line| line.starts_with("project-funded"));
    lines.filter_map(|line| line.split(' ').nth(2).map(str::to_owned)).collect()
}

/// Each has a quarter of their weight on their project, and three quarters for how it is shared out. The option counts at three of the
/// month's four updates, 87.5 % of its votes; the quorum is a tenth of all.
#[test]
fn a_few_strike_the_others_until_as_many_say_in_order() {
    let theirs = format!("strike {}", hex(b"theirs"));
    let both = ["ours", "theirs"];
    // Three have 11.25 % of all votes, which come to 9.84: less than the quorum.
    let mut coop = two_projects(sharing(FUND_IN_ORDER, 0));
    ring_directs(&mut coop, 2..=4, &theirs);
    assert_eq!(funded(coop.run_until(MARCH)), both);
    // Four have 15 %, which come to 13.1: theirs waits for a month, and is funded at the next end.
    let mut coop = two_projects(sharing(FUND_IN_ORDER, 0));
    ring_directs(&mut coop, 2..=5, &theirs);
    let before = coop.clone();
    assert_eq!(funded(coop.run_until(MARCH)), ["ours"]);
    assert_eq!(funded(coop.run_until("2025-04-01")), ["theirs"]);
    // As many who say "in order" from then on hold it; in the last week it takes twice as many.
    for (from, members, wanted) in [("2025-02-04", 12..=15, 2), ("2025-02-18", 12..=15, 1), ("2025-02-18", 12..=19, 2)]
    {
        let mut coop = before.clone();
        coop.run_until(from);
        for member in members.clone() {
            coop.act(score(member, &hex(FUND_IN_ORDER.as_bytes())));
        }
        assert_eq!(funded(coop.run_until(MARCH)).len(), wanted, "{members:?} from {from}");
    }
}

#[test]
fn common_money_is_moved_up_to_the_clause_alone() {
    let mut coop = two_projects(sharing(FUND_IN_ORDER, 10_000));
    let act = crate::intent::put_up(m(2), "sharing", "Everything\nadd 100.01 USD");
    let act = crate::intent::completed(&coop.state, &act).into_owned();
    assert_eq!(rule(by(&mut coop, 2, &act)), Rule::AddsTooMuch);
    for (ring, wanted) in [(2..=4, 0), (2..=5, 10_000)] {
        let mut coop = coop.clone();
        ring_directs(&mut coop, ring, "add 100.00 USD");
        coop.run_until(MARCH);
        assert_eq!(coop.decision("commons").pool().unwrap().sums.added, wanted);
    }
}
