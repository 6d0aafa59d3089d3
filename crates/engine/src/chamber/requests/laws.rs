//! Laws of requests, with made-up co-ops from fixed seeds (`ROCHDALE_LAW_TRIES`): money is never made and never lost, nothing passes beyond the
//! limit, and a saved state goes on as the one it was saved from.

use charter::{Constitution, Due, OwnProjects};

use super::RequestEnd;
use super::tests::*;
use crate::Act;
use crate::chamber::pool::laws::{Shown, balances, told_of};
use crate::chamber::pool::tests::{give_act, hold_act, named, owed, plain};
use crate::digest::hex;
use crate::tests::{Coop, Luck, entry, m, on_item, tries};

const TEXTS: u64 = 12;
const LIMIT_PPM: u32 = 400_000;

fn clause() -> charter::Clause {
    let own_requests = OwnProjects::Excluded;
    let of = Some("commons".to_owned());
    grants(Due::Continuous { spending_limit_ppm: LIMIT_PPM, least_conviction_ppm: 20_000, of, own_requests }, 7)
}

fn act(house: &mut Coop, luck: &mut Luck) -> Act {
    let member = 1 + luck.below(8);
    let text = luck.below(TEXTS).to_string();
    let minor = 1 + luck.below(300) as i64;
    match luck.below(12) {
        0 => hold_act(house, member, minor),
        1 => give_act(member, "commons", minor),
        2 | 3 => ask_act(member, &text, minor, &[1 + luck.below(8)]),
        4..=8 => {
            let ballot = on_item(member, "grants", &hex(text.as_bytes()), luck.below(400_000) as u32);
            Act::CastBallot(crate::act::CastBallot { against: luck.below(6) == 0, ..ballot })
        }
        9 => withdraw_act(member, &text),
        10 => {
            let on = house.state.time.to_string();
            Act::RecordSupport(house.support(member, "donation", minor, &on))
        }
        _ => entry(
            &format!("pay:{}", luck.below(1 << 40)),
            &[("assets:bank", -1), ("liabilities:pool-projects:commons", 1)],
        ),
    }
}

/// All that has passed from any pool.
fn passed(house: &Coop) -> i64 {
    let all = house.state.decisions.iter().filter_map(|(_, decision)| decision.requests());
    let all = all.flat_map(|requests| requests.all().map(|(_, one)| one.clone()).collect::<Vec<_>>());
    all.filter(|one| matches!(one.end, Some(RequestEnd::Passed(_)))).map(|one| one.minor as i64).sum()
}

/// Each request that passed in one update took at most the limit of what the pool had before it, one after the other.
fn within_the_limit(outcomes: &[String], before: i64, after: i64, seed: u64) {
    let mut has = before;
    for line in outcomes.iter().filter(|line| line.starts_with("request-passed ")) {
        let minor: i64 = line.split(' ').nth(3).unwrap().parse().unwrap();
        assert!(minor * 1_000_000 <= has * i64::from(LIMIT_PPM), "seed {seed}: {minor} of {has}");
        has -= minor;
    }
    assert_eq!(has, after, "seed {seed}: what passed is what the pool has less");
}

/// The same state from its bytes, as a stored snapshot has them.
fn kept(house: &Coop) -> Coop {
    let mut other = house.clone();
    let bytes = postcard::to_allocvec(&house.state.decisions).unwrap();
    other.state.decisions = postcard::from_bytes(&bytes).unwrap();
    other.state.decisions.iter_mut().for_each(|(_, decision)| decision.index_anew());
    other
}

/// Half a year of anything; returns how many requests passed.
fn half_a_year(seed: u64) -> usize {
    let mut luck = Luck::new(seed);
    let mut house = house_of(clause(), &[1, 5, 9, 2, 7, 3, 4, 8]);
    let mut shown = Shown::of(&house);
    let (mut count, mut forked, mut paid) = (0, 0, 0);
    for _ in 0..26 {
        for _ in 0..8 {
            let act = act(&mut house, &mut luck);
            if house.submit(&act).is_ok() {
                shown.add(&house, &act);
                paid += i64::from(matches!(act, Act::BookEntry(_)));
            }
            balances(&house, seed);
        }
        if luck.below(20) == 0 {
            let member = m(1 + luck.below(8));
            let _ = house.submit(&Act::EndMembership(crate::act::EndMembership { member }));
        }
        if luck.below(12) == 0 && left(&house) > 0 {
            // A fork takes its part of the pool, and no request.
            let (asked, before) = (house.decision("grants").digest(), left(&house));
            let postings = house.state.fork_pools(1, 3);
            let day = crate::book::Day::of(house.state.time, &house.state.rules.kernel.zone);
            house.state.book.enter(day, &postings);
            shown.post(&postings);
            assert_eq!(house.decision("grants").digest(), asked, "seed {seed}");
            assert_eq!(left(&house), before - (before + 2) / 3, "seed {seed}");
            forked += before - left(&house);
        }
        if luck.below(15) == 0 {
            // The clause goes, and comes again; what has passed is kept with the pool.
            let at = house.state.time;
            for clauses in [vec![named("commons", plain())], vec![named("commons", plain()), clause()]] {
                house.state.lay_out_for_test(Constitution::new(clauses, Vec::new()), at);
                balances(&house, seed);
            }
        }
        let mut other = kept(&house);
        let (before, due) = (left(&house), house.state.next_due());
        let outcomes = house.next();
        assert_eq!(other.next(), outcomes, "seed {seed}: a saved state goes on the same");
        assert_eq!(other.state.hash(), house.state.hash(), "seed {seed}");
        shown.add(&house, &told_of(due));
        within_the_limit(&outcomes, before, left(&house), seed);
        count += outcomes.iter().filter(|line| line.starts_with("request-passed ")).count();
        balances(&house, seed);
        assert_eq!(owed(&house, "liabilities:pool-projects:commons"), passed(&house) - paid, "owed, seed {seed}");
        let sums = house.decision("commons").pool().unwrap().sums;
        assert_eq!(sums.fed + sums.given, passed(&house) + forked + sums.left(), "in is out and left, seed {seed}");
    }
    shown.compare_with_book(&house, seed);
    count
}

#[test]
fn money_of_requests_is_never_made_and_never_lost() {
    let passed: usize = (0..tries() / 8).map(half_a_year).sum();
    assert!(passed > 20, "{passed} requests passed");
}
