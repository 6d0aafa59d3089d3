//! Laws of pools, with made-up co-ops from fixed seeds (`ROCHDALE_LAW_TRIES`): money is never made and never lost.

use charter::{Constitution, Feed, Income, Matching};

use super::plan::tests::sharing;
use super::tests::*;
use crate::Act;
use crate::digest::hex;
use crate::tests::{Coop, Luck, entry, m, on_item, tries};

const TEXTS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Every account of pools is what pools and members' purses say, to the minor unit.
pub(in crate::chamber) fn balances(house: &Coop, seed: u64) {
    let state = &house.state;
    let held: u64 = state.all_held();
    assert_eq!(owed(house, "liabilities:held-for-members"), held as i64, "held, seed {seed}");
    let mut set_aside = 0;
    for (_, decision) in state.decisions.iter() {
        let Some(pool) = decision.pool() else { continue };
        set_aside += pool.sums.left();
    }
    let accounts = state.book.balances(None);
    let pools: i64 =
        accounts.iter().filter(|(name, _)| name.starts_with("equity:pool:")).map(|(_, minor)| -minor).sum();
    assert_eq!(pools, set_aside, "pools, seed {seed}");
    assert_eq!(state.book.balance_of("equity:set-aside-for-pools"), set_aside, "set aside, seed {seed}");
    state.check().unwrap();
}

/// Everything that an act has put into the book is shown as its entry, so that who adds the entries up comes to the book.
pub(in crate::chamber) struct Shown(std::collections::BTreeMap<String, i64>);

impl Shown {
    /// All that is in the book before the first of them.
    pub(in crate::chamber) fn of(house: &Coop) -> Shown {
        Shown(house.state.book.balances(None).into_iter().map(|(name, minor)| (name.to_owned(), minor)).collect())
    }

    pub(in crate::chamber) fn add(&mut self, house: &Coop, act: &Act) {
        let Some(entry) = crate::book::booking(&house.state, act, house.state.time) else { return };
        self.post(&entry.postings);
    }

    pub(in crate::chamber) fn post(&mut self, postings: &[crate::act::Posting]) {
        assert_eq!(postings.iter().map(|posting| posting.minor).sum::<i64>(), 0);
        for posting in postings {
            *self.0.entry(posting.account.clone()).or_default() += posting.minor;
        }
    }

    pub(in crate::chamber) fn compare_with_book(mut self, house: &Coop, seed: u64) {
        self.0.retain(|_, minor| *minor != 0);
        let book = house.state.book.balances(None).into_iter().filter(|(_, minor)| *minor != 0);
        let book: std::collections::BTreeMap<String, i64> =
            book.map(|(name, minor)| (name.to_owned(), minor)).collect();
        assert_eq!(self.0, book, "seed {seed}");
    }
}

fn act(house: &mut Coop, luck: &mut Luck) -> Act {
    let member = 1 + luck.below(8);
    let text = TEXTS[luck.below(6) as usize];
    let minor = 1 + luck.below(500) as i64;
    match luck.below(14) {
        0 | 1 => hold_act(house, member, minor),
        2 => back_act(house, member, minor),
        3 => give_act(member, "commons", minor),
        4 | 5 => ask_act(member, "commons", text, minor * 3, &[1 + luck.below(8)]),
        6..=8 => pledge_act(member, "commons", text, if luck.below(4) == 0 { 0 } else { minor }),
        9 => withdraw_act(member, "commons", text),
        10 | 11 => Act::CastBallot(on_item(member, "commons", &hex(text.as_bytes()), luck.below(200_000) as u32)),
        12 => {
            let on = house.state.time.to_string();
            Act::RecordSupport(house.support(member, "donation", minor, &on))
        }
        _ => entry(
            &format!("pay:{}", luck.below(1 << 40)),
            &[("assets:bank", -1), ("liabilities:pool-projects:commons", 1)],
        ),
    }
}

/// Members direct the cycle in some way, now and then: the option leads at once.
fn direct(house: &mut Coop, luck: &mut Luck) {
    if luck.below(4) > 0 {
        return;
    }
    let asking: Vec<String> = pool(house)
        .asking()
        .filter_map(|(item, _)| Some(house.decision("commons").item_at(item)?.id.to_string()))
        .collect();
    let mut lines = format!("as drawn {}", luck.below(1 << 40));
    for project in asking {
        match luck.below(4) {
            0 => lines.push_str(&format!("\nfund {project}")),
            1 => lines.push_str(&format!("\nstrike {project}")),
            _ => {}
        }
    }
    if luck.below(2) == 0 {
        lines.push_str(&format!("\nadd {} USD", quantity::format_decimal(1 + luck.below(400) as i64, 2)));
    }
    if luck.below(4) == 0 {
        lines.push_str("\nfund nothing");
    }
    let act = crate::intent::put_up(m(1 + luck.below(8)), "sharing", &lines);
    let act = crate::intent::completed(&house.state, &act).into_owned();
    if house.submit(&act).is_ok() {
        let place = house.state.decision_place("sharing").unwrap();
        let commitment = house.state.decisions[place].commitment_mut().unwrap();
        let option = crate::CandidateId::at(commitment.options().candidates.len() - 1);
        commitment.convince_for_test(option, 1_000_000_000);
    }
}

/// Takes some of an earlier gift back, now and then.
fn refund(house: &mut Coop, luck: &mut Luck, gifts: &mut Vec<String>, shown: &mut Shown, source: &str) {
    if gifts.is_empty() || luck.below(3) > 0 {
        return;
    }
    let of = gifts.swap_remove(luck.below(gifts.len() as u64) as usize);
    let (amount, given_at) = ((luck.below(2) == 0).then_some(1), Some(house.state.time));
    let (given_on, source) = (None, source.to_owned());
    let act = Act::ReverseSupport(crate::act::ReverseSupport { of, amount, given_at, given_on, source });
    if house.submit(&act).is_ok() {
        shown.add(house, &act);
    }
}

/// The entry that the log makes of an event.
pub(in crate::chamber) fn told_of(due: crate::Due) -> Act {
    let (state, outcomes, published) = (String::new(), 0, String::new());
    match due {
        crate::Due::Update(moment) => Act::Update(crate::act::Update { moment, state, outcomes, published }),
        crate::Due::Change(moment) => Act::Change(crate::act::Change { moment, state, outcomes, published }),
    }
}

/// Half a year of anything; returns how many projects were funded, in order and as members directed.
fn half_a_year(seed: u64) -> [usize; 2] {
    let mut luck = Luck::new(seed);
    let matching = [
        Matching::Quadratic,
        Matching::Scaled,
        Matching::Pairwise { m_minor: 25 },
        Matching::Capped { cap_ppm: 400_000 },
        Matching::Nothing,
    ][luck.below(5) as usize];
    let fed_by = vec![Feed { part_ppm: 1 + luck.below(900_000) as u32, of: Income::Donations }];
    let clause = charter::Pool { fed_by, matching, ..plain() };
    let rules = || vec![named("commons", clause.clone()), sharing(charter::FUND_IN_ORDER, 300)];
    let setup = crate::tests::Setup { edition: crate::edition::FOUR, ..crate::tests::Setup::new(rules()) };
    let mut house = setup.found().with_weights(&[1, 5, 9, 2, 7, 3, 4, 8]);
    house.act(entry("cash", &[("assets:bank", 2_000), ("income:sales", -2_000)]));
    let mut shown = Shown::of(&house);
    let mut gifts: Vec<String> = Vec::new();
    for step in 0..40 {
        for _ in 0..6 {
            let act = act(&mut house, &mut luck);
            if house.submit(&act).is_ok() {
                if let Act::RecordSupport(given) = &act {
                    gifts.push(given.source.clone());
                }
                shown.add(&house, &act);
            }
            balances(&house, seed);
        }
        refund(&mut house, &mut luck, &mut gifts, &mut shown, &format!("back:{seed}:{step}"));
        if luck.below(25) == 0 {
            let member = m(1 + luck.below(8));
            let _ = house.submit(&Act::EndMembership(crate::act::EndMembership { member }));
        }
        if luck.below(20) == 0 {
            // The clause goes, and comes again as another pool.
            let at = house.state.time;
            let none = Constitution::new(Vec::new(), Vec::new());
            let before = house.state.book.clone();
            house.state.lay_out_for_test(none, at);
            for (account, minor) in house.state.book.balances(None) {
                *shown.0.entry(account.to_owned()).or_default() += minor - before.balance_of(account);
            }
            balances(&house, seed);
            let again = Constitution::new(rules(), Vec::new());
            house.state.lay_out_for_test(again, at);
        }
        direct(&mut house, &mut luck);
        let (due, common) = (house.state.next_due(), house.state.common_minor());
        house.next();
        assert!(house.state.common_minor() <= common, "pools only take what is common, seed {seed}");
        let told = told_of(due);
        shown.add(&house, &told);
        balances(&house, seed);
    }
    shown.compare_with_book(&house, seed);
    let pools = house.state.decisions.iter().filter_map(|(_, decision)| decision.pool());
    let all = pools.flat_map(|pool| pool.past().to_vec()).collect::<Vec<_>>();
    let funded = |directed: bool| {
        let cycles = all.iter().filter(|past| past.directed.is_some() == directed);
        cycles.map(|past| past.funded.len()).sum()
    };
    [funded(false), funded(true)]
}

#[test]
fn money_in_is_money_out_and_what_is_left_and_held() {
    let funded = (0..tries() / 6).map(half_a_year).fold([0, 0], |all, one| [all[0] + one[0], all[1] + one[1]]);
    assert!(funded.iter().all(|count| *count > 4), "{funded:?} projects were funded");
}

#[test]
fn a_fork_takes_its_part_of_every_pool() {
    for seed in 0..tries() {
        let mut luck = Luck::new(seed);
        let mut house = house(plain(), &[1, 1, 1]);
        fill(&mut house, 1 + luck.below(10_000) as i64);
        let (left, common) = (pool(&house).sums.left(), luck.below(5_000) as i64);
        let all = left + common;
        let minor = luck.below(all as u64 + 1) as i64;
        let postings = house.state.fork_pools(minor, all);
        assert_eq!(postings.iter().map(|posting| posting.minor).sum::<i64>(), 0);
        let after = pool(&house).sums.left();
        assert!(after >= 0 && after <= all - minor, "seed {seed}: what is set aside is there");
        assert!(left - after >= left * minor / all, "seed {seed}");
    }
}
