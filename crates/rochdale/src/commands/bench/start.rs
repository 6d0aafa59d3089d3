//! A start from a stored snapshot, and one without: 100,000 members on disk, each with a pledge and ballots, first at 1,000,000
//! entries, then with all twenty ballots each. `ROCHDALE_BENCH_LONG=1` goes on to 10,000,000 entries, in ballots that move.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::{Actor, Pseudonym};
use host::{Batch, Coop, Person, ServerClock, Shared};
use quantity::Moment;
use sha2::{Digest as _, Sha256};

use super::{crowd, line, median, memory_kib, ms, own_processor_time, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 100_000;
const BALLOTS_EACH: u64 = 20;
const ITEMS: u64 = 1_000;
/// A member is admitted and pledges.
const BEFORE_BALLOTS: u64 = 2 * MEMBERS + ITEMS;
const SIZES: [u64; 3] = [1_000_000, BEFORE_BALLOTS + MEMBERS * BALLOTS_EACH, 10_000_000];
/// As many entries share a transaction.
const TOGETHER: u64 = 100_000;
const STARTS: usize = 5;

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let start = crowd::moment("2025-01-01T00:00:00Z")?;
    host::init(folder.path(), &crowd::charter()?, false)?;
    let mut crowd = Crowd::admit(&mut Coop::open(folder.path(), start)?, start)?;
    let long = std::env::var_os("ROCHDALE_BENCH_LONG").is_some();
    for entries in SIZES.into_iter().filter(|entries| long || *entries < 10_000_000) {
        crowd.vote_until(&mut Coop::open(folder.path(), start)?, entries, start)?;
        measure(folder.path(), start)?;
    }
    Ok(())
}

fn measure(folder: &Path, now: Moment) -> Result<(), Exit> {
    let (mut opened, mut shared, mut processor) = (Vec::new(), Vec::new(), Duration::ZERO);
    for _ in 0..STARTS {
        let before = own_processor_time();
        let (coop, time) = timed(|| Coop::open(folder, now));
        let coop = coop?;
        opened.push(time);
        let (ready, time) = timed(|| Shared::new(coop, ServerClock::Machine));
        processor += own_processor_time().saturating_sub(before);
        shared.push(time);
        if ready.unverified().is_none() {
            return Err(Exit::world("the start did not begin with a stored snapshot"));
        }
    }
    let path = snapshot(folder)?;
    let (bytes, reading) = timed(|| std::fs::read(&path));
    let bytes = bytes?;
    let (_, hashing) = timed(|| std::hint::black_box(Sha256::digest(&bytes)));
    let coop = Coop::open(folder, now)?;
    let (entries, ballots, hash) = (coop.head().seq, coop.state().ballots.len(), coop.state().hash());
    drop(coop);
    std::fs::remove_dir_all(folder.join("snapshots"))?;
    let before = own_processor_time();
    let (coop, without) = timed(|| Coop::open(folder, now));
    let replayed = own_processor_time().saturating_sub(before);
    let same = coop?.state().hash() == hash;
    let (opened, shared) = (median(opened), median(shared));
    line(&format!("{entries} entries, {ballots} ballots"), &format!("median of {STARTS} starts"))?;
    line("  with a stored snapshot, from opening to ready", &ms(opened + shared))?;
    line("    processor time, to a hundredth of a second", &ms(processor / u32::try_from(STARTS).unwrap_or(1)))?;
    line("    of which opening", &ms(opened))?;
    line("    of which what pages say about everybody", &ms(shared))?;
    line("    of the opening: reading the file, hashing it", &format!("{}, {}", ms(reading), ms(hashing)))?;
    line("    its size", &format!("{} kB", bytes.len() / 1000))?;
    line("  without one", &format!("{}, {} µs an entry", ms(without), tenths(without, entries)))?;
    line("    processor time", &format!("{}, {} µs an entry", ms(replayed), tenths(replayed, entries)))?;
    line("    the same state", if same { "yes" } else { "NO" })?;
    line("  peak memory so far", &format!("{} MiB", memory_kib("self", "VmHWM") / 1024))
}

/// Microseconds for each, with one place.
fn tenths(time: Duration, count: u64) -> String {
    let tenths = time.as_nanos() / 100 / u128::from(count.max(1));
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The newest snapshot's file.
fn snapshot(folder: &Path) -> Result<PathBuf, Exit> {
    let all = std::fs::read_dir(folder.join("snapshots"))?.flatten().map(|entry| entry.path());
    all.max().ok_or_else(|| Exit::world("no snapshot was stored"))
}

/// Members who vote, one after the other.
pub struct Crowd {
    members: Vec<Pseudonym>,
    cast: u64,
}

impl Crowd {
    /// Admits them by name, each with a pledge, and opens the items.
    pub fn admit(coop: &mut Coop, now: Moment) -> Result<Crowd, Exit> {
        let mut batch = coop.batch()?;
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let person = Person { name: format!("member-{number:06}"), ..Person::default() };
            let member = batch.member_for(&person, Actor::Operator, now)?;
            let [_, pledge] = crowd::year_of_support(member, number, 100 + number % 5_000)?;
            batch.append(&pledge, Actor::Operator, "", "", now)?;
            members.push(member);
        }
        for item in 0..ITEMS {
            batch.append(&crowd::open_item(item), Actor::Operator, "", "", now)?;
        }
        batch.commit()?;
        Ok(Crowd { members, cast: 0 })
    }

    /// Casts ballots until the log has so many entries. Each member has twenty at last, which then move.
    pub fn vote_until(&mut self, coop: &mut Coop, entries: u64, now: Moment) -> Result<(), Exit> {
        while coop.head().seq < entries {
            let some = TOGETHER.min(entries - coop.head().seq);
            let mut batch = coop.batch()?;
            (0..some).try_for_each(|_| self.vote(&mut batch, now))?;
            batch.commit()?;
        }
        Ok(())
    }

    fn vote(&mut self, batch: &mut Batch<'_>, now: Moment) -> Result<(), Exit> {
        let (number, round) = (self.cast % MEMBERS, self.cast / MEMBERS);
        let member = self.members.get(usize::try_from(number).unwrap_or(0)).copied().unwrap_or(Pseudonym(0));
        // Neighbours vote on other items, and a later round gives each of one's ballots another share.
        let item = (number * 7 + round % BALLOTS_EACH) % ITEMS;
        let share = 20_000 + u32::try_from(self.cast % 20_000 + round).unwrap_or(0);
        batch.append(&crowd::item_ballot(member, item, share, number % 8 == 0), Actor::Member(member), "", "", now)?;
        self.cast += 1;
        Ok(())
    }

    /// Some of them.
    pub fn member(&self, number: u64) -> Pseudonym {
        let place = usize::try_from(number % MEMBERS).unwrap_or(0);
        self.members.get(place).copied().unwrap_or(Pseudonym(0))
    }

    /// The entries after which each member has all their ballots.
    pub fn entries() -> u64 {
        BEFORE_BALLOTS + MEMBERS * BALLOTS_EACH
    }
}
