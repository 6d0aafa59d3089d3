//! kill -9 at any moment: eight writers over HTTP and an import at once, a server killed at random, its stored snapshots deleted,
//! cut in half or damaged before it starts again. No act that was acknowledged is lost, none is done twice, and the log comes to
//! the same state with snapshots and without.

mod deadlines;
mod house;
mod imports;
mod uploads;
mod writers;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use crate::crash::house::{House, Readied, Spoilt};
use crate::crash::imports::Imports;
use crate::crash::writers::Writer;

/// The rounds of every test run; `script/nightly` asks for more with `ROCHDALE_KILL_ROUNDS`.
const ROUNDS: u64 = 20;
const ROUNDS_BETWEEN_CHECKS: u64 = 5;
const WRITERS: usize = 8;

/// A server that is silent for this long is not ready. It is no measure: machines under test are slow.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn kill_9_loses_no_acknowledged_act_and_breaks_no_chain() {
    let rounds = std::env::var("ROCHDALE_KILL_ROUNDS").map_or(ROUNDS, |number| number.parse().unwrap());
    let mut random = Random(20_251_130);
    let house = House::found(WRITERS);
    let mut writers: Vec<Writer> = house.members().into_iter().enumerate().map(Writer::new).collect();
    let mut imports = Imports::default();
    let mut tally = Tally::default();
    for round in 0..rounds {
        if random.below(4) == 0 {
            // A start is killed too: while it reads the log, or stores a snapshot.
            house.start().kill_after(Duration::from_millis(random.below(150)));
            tally.kills += 1;
        }
        let Readied { server, address, from_snapshot, took } = house.serve();
        tally.starts_from_snapshot += u64::from(from_snapshot);
        tally.longest = tally.longest.max(took);
        let time = Duration::from_millis(50 + random.below(200));
        let (told, heard) = mpsc::channel();
        let stop = &AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in &mut writers {
                let told = told.clone();
                scope.spawn(move || writer.write(address, stop, &told));
            }
            scope.spawn(|| imports.run_beside(&house, stop));
            drop(told);
            // A slow machine tests something too: the round has an acknowledged act.
            heard
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|why| panic!("nothing was acknowledged in round {round}: {why}"));
            server.kill_after(time);
            stop.store(true, Ordering::Relaxed);
        });
        tally.kills += 1;
        if random.below(4) == 0 {
            tally.kills += imports.run_and_kill(&house, Duration::from_millis(random.below(300)));
        }
        if (round + 1) % ROUNDS_BETWEEN_CHECKS == 0 || round + 1 == rounds {
            house.check(&writers, &imports);
        }
        tally.spoil(&house, &mut random);
    }
    // One last start after the last damage, in which each act whose answer was lost is handed in again.
    let last = house.serve();
    writers.iter_mut().for_each(|writer| writer.settle(last.address));
    drop(last);
    house.check(&writers, &imports);
    tally.tell(rounds, &writers, &imports);
}

/// The counts of a run.
#[derive(Debug, Default)]
struct Tally {
    kills: u64,
    starts_from_snapshot: u64,
    deleted: u64,
    cut: u64,
    damaged: u64,
    left: u64,
    longest: Duration,
}

impl Tally {
    fn spoil(&mut self, house: &House, random: &mut Random) {
        match house.spoil(random) {
            Spoilt::Nothing => self.left += 1,
            Spoilt::Deleted => self.deleted += 1,
            Spoilt::Cut => self.cut += 1,
            Spoilt::Damaged => self.damaged += 1,
        }
    }

    /// Prints them, and asserts that the run has seen enough to mean something.
    fn tell(&self, rounds: u64, writers: &[Writer], imports: &Imports) {
        let acknowledged: usize = writers.iter().map(|writer| writer.acknowledged.len()).sum();
        let repeated: u64 = writers.iter().map(|writer| writer.repeated).sum();
        let Tally { kills, starts_from_snapshot, deleted, cut, damaged, left, longest } = self;
        println!(
            "{rounds} rounds, {kills} kills, {acknowledged} acts acknowledged (the answers of {repeated} were lost before), {} imports \
             acknowledged and {} broken off; {starts_from_snapshot} starts from a snapshot; snapshots deleted {deleted} times, cut \
             in half {cut}, a bit changed {damaged}, left {left}; longest time to ready {} ms",
            imports.done.len(),
            imports.broken_off,
            longest.as_millis(),
        );
        assert!(acknowledged as u64 > rounds && !imports.done.is_empty(), "the test saw too little");
        if rounds >= ROUNDS {
            assert!(*starts_from_snapshot > 0 && deleted + cut + damaged > 0, "the test saw too few snapshots");
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same damage in every run, at other moments.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
