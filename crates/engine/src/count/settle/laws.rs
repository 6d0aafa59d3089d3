//! Laws of edition 2's buckets, tried with many made-up elections from fixed seeds: `ROCHDALE_LAW_TRIES` says how many, some
//! hundred if it does not.

use quantity::Moment;

use super::*;
use crate::tests::{Luck, tries};

/// One election against which a coalition is tried: others' votes stand, and the coalition's whole weight makes `x`.
struct Trial {
    luck: Luck,
    kind: SeatKind,
    seats: Seats,
    others: Vec<i128>,
    x: i128,
    capacity: u128,
    settles_s: u64,
    period_s: u64,
    /// A coalition that knows what it wants gives everything to one.
    favourite: Option<usize>,
}

fn trial(seed: u64) -> Trial {
    let mut luck = Luck::new(seed);
    let kind = [SeatKind::Office, SeatKind::Document, SeatKind::Body][luck.below(3) as usize];
    let candidates = 2 + luck.below(5) as usize;
    let held = match kind {
        SeatKind::Body => 1 + luck.below(candidates as u64 - 1) as usize,
        SeatKind::Office | SeatKind::Document => 1,
    };
    let x = 1 + i128::from(luck.below(60));
    // Without the coalition nothing would change: whoever holds a seat has no fewer votes than the others, and not below 0.
    let mut others: Vec<i128> = (0..candidates).map(|_| i128::from(luck.below(40))).collect();
    others.sort_unstable_by(|a, b| b.cmp(a));
    let most = others.iter().max().copied().unwrap_or(0);
    let capacity = u128::try_from(x + most).unwrap() + u128::from(luck.below(50));
    let seats = Seats {
        holders: (0..held).map(|place| Some(CandidateId::at(place))).collect(),
        totals: vec![Some(0); candidates],
        buckets: vec![0; candidates],
        nobody: 0,
        memory: Memory::default(),
    };
    let settles_s = 10 + luck.below(60);
    let period_s = 1 + luck.below(12);
    let favourite = (luck.below(2) == 0).then(|| candidates - 1);
    if favourite.is_some() && luck.below(2) == 0 {
        others.fill(most);
    }
    Trial { luck, kind, seats, others, x, capacity, settles_s, period_s, favourite }
}

impl Trial {
    /// Votes of the coalition at one update. As a ballot's for and against are rooted together, what it gives one and takes from
    /// another is at most `x` in all.
    fn placed(&mut self) -> Vec<i128> {
        if let Some(favourite) = self.favourite {
            return (0..self.others.len()).map(|place| if place == favourite { self.x } else { 0 }).collect();
        }
        let share = if self.luck.below(2) == 0 { self.x } else { i128::from(self.luck.below(self.x as u64 + 1)) };
        let against = i128::from(self.luck.below(share as u64 + 1));
        let side = [0, against, share][self.luck.below(3) as usize];
        (0..self.others.len())
            .map(|_| match self.luck.below(3) {
                0 => share - side,
                1 => -side,
                _ => 0,
            })
            .collect()
    }

    /// One update and its change time; what changed. C is as `capacity` says.
    fn update(&mut self, number: u64, placed: &[i128]) -> Vec<SeatChange> {
        self.seats.totals = self.others.iter().zip(placed).map(|(others, own)| Some(others + own)).collect();
        let by = Settling {
            kind: self.kind,
            size: self.capacity * u128::from(self.settles_s),
            capacity: self.capacity,
            settles_s: self.settles_s,
            window: self.settles_s.div_ceil(self.period_s).clamp(1, number) as usize,
            at: Moment(0).plus_seconds((number * self.period_s) as i64),
        };
        self.seats.pour_by(&by, self.period_s);
        self.seats.change_hands(&by, &Recount::default())
    }
}

#[test]
fn no_coalition_is_faster_than_its_votes() {
    let (mut changed, mut fastest) = (0, u128::MAX);
    for seed in 0..tries() {
        let mut trial = trial(seed);
        for number in 1..=600 {
            // Idle members leave: C falls, never below what is voted.
            let voted = trial.others.iter().max().unwrap() + trial.x;
            if trial.luck.below(9) == 0 && trial.capacity > u128::try_from(voted).unwrap() {
                trial.capacity -= 1;
            }
            let placed = trial.placed();
            if trial.update(number, &placed).is_empty() {
                continue;
            }
            // Not faster than S × C ÷ x, less one period: C is the present one, which is the least.
            let (x, taken) = (u128::try_from(trial.x).unwrap(), u128::from(number * trial.period_s));
            let least = u128::from(trial.settles_s) * trial.capacity;
            assert!((taken + u128::from(trial.period_s)) * x >= least, "seed {seed}: after {taken} s");
            fastest = fastest.min(taken * x * 1_000 / least);
            changed += 1;
            break;
        }
    }
    assert!(changed * 20 > tries(), "only {changed} of {} ever changed anything", tries());
    assert!(fastest < 2_000, "the fastest took {fastest} thousandths of the bound, so the bound was hardly tried");
}

#[test]
fn more_capacity_never_shortens_a_take_over() {
    for seed in 0..tries() {
        let (mut with, mut without) = (trial(seed), trial(seed));
        // A newcomer who votes on neither side has been there since some update.
        let (since, more) = (with.luck.below(30), 1 + u128::from(with.luck.below(40)));
        let steady = with.placed();
        let mut first = [None, None];
        for number in 1..=300 {
            if number == since + 1 {
                with.capacity += more;
            }
            for (trial, first) in [&mut with, &mut without].into_iter().zip(&mut first) {
                if first.is_none() && !trial.update(number, &steady).is_empty() {
                    *first = Some(number);
                }
            }
        }
        let [with, without] = first;
        let shorter = with.is_some_and(|with| without.is_none_or(|without| with < without));
        assert!(!shorter, "seed {seed}: {with:?} with a newcomer, {without:?} without");
    }
}

#[test]
fn nothing_moves_while_c_is_nothing() {
    for seed in 0..tries() {
        let mut trial = trial(seed);
        trial.capacity = 0;
        for number in 1..=20 {
            let placed = trial.placed();
            assert_eq!(trial.update(number, &placed), []);
        }
    }
}
