//! Laws of commitments, with made-up co-ops from fixed seeds (`ROCHDALE_LAW_TRIES`).

use charter::{Due, Every};

use super::tests::{ALL, backs_act, budget, enters, house, taken};
use crate::Act;
use crate::tests::{Coop, Luck, tries};

const TEXTS: [&str; 4] = ["do nothing", "a", "b", "c"];

/// A month with five members and three options; ballots move at random before each of its updates.
fn month(seed: u64, shuffle: impl Fn(&mut Vec<Act>, &mut Luck)) -> Coop {
    let mut luck = Luck::new(seed);
    let weights: Vec<i64> = (0..5).map(|_| 1 + luck.below(100) as i64).collect();
    let days = 1 + luck.below(20);
    let mut house = house(budget(|ballot| Due::Every(Every::Month, ballot), Some(days)), &weights);
    TEXTS[1..].iter().for_each(|text| enters(&mut house, 1, text));
    for update in 0..4 {
        let moves: Vec<u64> = (1..=5).filter(|_| luck.below(3) > 0).collect();
        let mut acts: Vec<Act> = moves.into_iter().map(|member| random(member, &mut luck)).collect();
        let mut order = Luck::new(seed + update);
        shuffle(&mut acts, &mut order);
        for act in acts {
            // Refused where a member's other ballot names the same option.
            let _ = house.submit(&act);
        }
        house.next();
    }
    house
}

fn random(member: u64, luck: &mut Luck) -> Act {
    let text = TEXTS[luck.below(4) as usize];
    let share = 300_000 + luck.below(300_000) as u32;
    let score = 500_000 + luck.below(500_001) as u32;
    backs_act(member, share, &[(text, score)], luck.below(6) == 0)
}

#[test]
fn the_order_of_ballots_never_matters() {
    for seed in 0..tries() / 6 {
        let straight = month(seed, |_, _| {});
        let mixed = month(seed, |acts, luck| acts.sort_by_cached_key(|_| luck.below(1 << 32)));
        let digest = |house: &Coop| house.decision("budget").digest();
        assert_eq!(digest(&straight), digest(&mixed), "seed {seed}");
    }
}

#[test]
fn votes_at_or_after_the_deadline_never_change_the_outcome() {
    let mut won = 0;
    for seed in 0..tries() / 6 {
        let mut quiet = month(seed, |_, _| {});
        let mut late = quiet.clone();
        let mut luck = Luck::new(seed ^ 0xdead);
        // January's last update is on the 27th: what is moved after it is counted in no update of that month.
        for _ in 0..10 {
            let _ = late.submit(&random(1 + luck.below(5), &mut luck));
        }
        for house in [&mut quiet, &mut late] {
            house.run_until("2025-02-01");
        }
        assert_eq!(taken(&quiet), taken(&late), "seed {seed}");
        won += u32::from(taken(&quiet).is_some_and(|(_, by_default)| !by_default));
        let before = taken(&late);
        for _ in 0..10 {
            let _ = late.submit(&random(1 + luck.below(5), &mut luck));
        }
        late.run(2);
        assert_eq!(taken(&late), before, "seed {seed}");
    }
    assert!(won > 3, "{won} were no default");
}

#[test]
fn each_decision_is_taken_exactly_once() {
    for seed in 0..tries() / 30 {
        let mut house = month(seed, |_, _| {});
        let months = 1 + Luck::new(seed).below(12);
        let until = quantity::months_later(crate::tests::at("2025-01-01"), months as u32, &quantity::Zone::utc());
        let mut outcomes = Vec::new();
        while house.state.next_due().moment() <= until {
            outcomes.extend(house.next());
        }
        let times = outcomes.iter().filter(|words| words.starts_with("commitment-taken")).count() as u64;
        assert_eq!(times, months, "seed {seed}");
        assert_eq!(house.decision("budget").commitment().unwrap().taken().len() as u64, months);
    }
}

#[test]
fn a_ballot_moved_there_and_back_between_two_updates_changes_nothing() {
    for seed in 0..tries() / 6 {
        let mut still = month(seed, |_, _| {});
        let mut moved = still.clone();
        let mut luck = Luck::new(seed ^ 0xbeef);
        let member = 1 + luck.below(5);
        let index = moved.state.members.index(crate::tests::m(member)).unwrap();
        let place = moved.state.decision_place("budget").unwrap();
        let standing: Vec<Act> = moved
            .state
            .ballots_on(index, place)
            .map(|ballot| {
                let scores = moved.state.ballots.scores(ballot);
                let scores: Vec<(&str, u32)> =
                    scores.map(|score| (TEXTS[score.candidate.place()], score.ppm())).collect();
                backs_act(member, ballot.share_ppm, &scores, ballot.side.is_against())
            })
            .collect();
        for against in [false, true] {
            let _ = moved.submit(&backs_act(member, 0, &[], against));
        }
        moved.act(backs_act(member, ALL, &[("c", ALL)], false));
        moved.act(backs_act(member, 0, &[], false));
        standing.into_iter().for_each(|act| drop(moved.act(act)));
        for house in [&mut still, &mut moved] {
            house.run_until("2025-02-04");
        }
        let hash = |house: &Coop| house.decision("budget").digest();
        assert_eq!((hash(&still), taken(&still)), (hash(&moved), taken(&moved)), "seed {seed}");
    }
}
