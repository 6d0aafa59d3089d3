//! A log replayed: the time until a server is ready, and what a verification costs beside it.

use std::path::Path;
use std::time::Duration;

use engine::act::{Act, AdmitMember, RecordSupport};
use engine::{Actor, Pseudonym};
use host::Coop;
use quantity::Moment;
use rochdale_log::{Head, Sqlite, Store as _};
use sha2::{Digest as _, Sha256};

use super::{Spread, crowd, line, median, memory_kib, ms, own_processor_time, ratio, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const ITEMS: u64 = 200;
const DAY_US: i64 = 86_400_000_000;

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let coop = crate::demo::build(folder.path())?;
    let (hash, head) = (coop.state().hash(), coop.head());
    drop(coop);
    replay("demo's mix", folder.path(), &hash, head, 15)?;
    for entries in [110_000, 1_010_000] {
        let folder = tempfile::tempdir()?;
        host::init(folder.path(), &crowd::charter()?, false)?;
        let start = crowd::moment("2020-01-01T00:00:00Z")?;
        let mut coop = Coop::open(folder.path(), start)?;
        let (result, written) = timed(|| write(&mut coop, entries, start));
        result?;
        let (hash, head) = (coop.state().hash(), coop.head());
        drop(coop);
        line("written in one transaction", &ms(written))?;
        replay("ballots and support", folder.path(), &hash, head, 3)?;
    }
    line("peak memory of this process", &format!("{} MiB", memory_kib("self", "VmHWM") / 1024))
}

/// Replays and verifies a log in turns, so that both meet the same machine.
fn replay(name: &str, folder: &Path, hash: &str, head: Head, rounds: usize) -> Result<(), Exit> {
    let mut store = Sqlite::open_snapshot(host::data_file(folder)).map_err(host::Error::from)?;
    let id = store.coops().map_err(host::Error::from)?.concat();
    let mut all = [const { Spent::new() }; 3];
    let [replayed, verified, hashed] = &mut all;
    for _ in 0..rounds {
        let found = replayed.on(|| host::state_at(&mut store, &id, Moment::LAST, 2))?;
        if found.is_none_or(|(state, _, end)| state.hash() != hash || end != head) {
            return Err(Exit::no("the replay gave another state"));
        }
        let told = verified.on(|| host::verify_store(&mut store, 2))?;
        if told.iter().any(|log| log.state != hash || log.entries != head.seq) {
            return Err(Exit::no("the verification found another state"));
        }
        hashed
            .on(|| {
                let mut sum = 0_u64;
                let read = store.read(&id, 1, &mut |_, bytes| {
                    sum = sum.wrapping_add(u64::from(Sha256::digest(bytes)[0]));
                    std::ops::ControlFlow::Continue(())
                });
                read.map(|()| std::hint::black_box(sum))
            })
            .map_err(host::Error::from)?;
    }
    let [replayed, verified, hashed] = all.map(|spent| (median(spent.wall), spent.processor));
    line(name, &format!("{} entries, {rounds} rounds in turns", head.seq))?;
    let each = |what: &str, (wall, processor): (Duration, Duration)| {
        let runs = head.seq.saturating_mul(rounds as u64);
        let words = format!("{}; {} µs an entry", ms(wall), micros(wall, head.seq));
        line(what, &format!("{words}, processor {} µs", micros(processor, runs)))
    };
    each("  replayed: form, chain, rules, updates, state hashes", replayed)?;
    each("  verified: the same, keys, and the data file itself", verified)?;
    each("  reading and hashing the same entries", hashed)?;
    let both = |a: (Duration, Duration), b: (Duration, Duration)| {
        format!("{}, processor {}", ratio(a.0, b.0), ratio(a.1, b.1))
    };
    line("  verify ÷ replay", &both(verified, replayed))?;
    line("  replay ÷ reading and hashing", &both(replayed, hashed))
}

/// The time that runs of one kind took.
struct Spent {
    wall: Vec<Duration>,
    /// Of all threads and all runs.
    processor: Duration,
}

impl Spent {
    const fn new() -> Self {
        Spent { wall: Vec::new(), processor: Duration::ZERO }
    }

    fn on<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let before = own_processor_time();
        let (result, wall) = timed(work);
        self.processor += own_processor_time().saturating_sub(before);
        self.wall.push(wall);
        result
    }
}

/// Microseconds for each of `count`, with two places.
fn micros(time: Duration, count: u64) -> String {
    let hundredths = time.as_nanos() / 10 / u128::from(count.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn write(coop: &mut Coop, entries: u64, start: Moment) -> Result<(), Exit> {
    let mut batch = coop.batch()?;
    let mut spread = Spread(7);
    let mut put = |act: Act, time: Moment| batch.append(&act, Actor::Operator, "", "", time);
    for member in (0..MEMBERS).map(Pseudonym) {
        let organisation = false;
        let act =
            Act::AdmitMember(AdmitMember { member, organisation, founder: false, joined_on: None, left_on: None });
        put(act, start)?;
    }
    for item in 0..ITEMS {
        put(crowd::open_item(item), start)?;
    }
    // Five years of acts, evenly.
    let step = 5 * 365 * DAY_US / i64::try_from(entries).unwrap_or(1);
    let mut written = MEMBERS + ITEMS;
    let mut given_at = start;
    while written < entries {
        given_at = Moment(given_at.0 + step);
        let member = Pseudonym(spread.next(MEMBERS));
        let act = match written % 3 {
            0 => crowd::item_ballot(member, spread.next(8), 100_000, false),
            kind => Act::RecordSupport(RecordSupport {
                service: None,
                member,
                kind: (if kind == 1 { "donation" } else { "pledge" }).to_owned(),
                amount: crowd::usd(500),
                given_at: Some(given_at),
                given_on: None,
                source: format!("bench:{written}"),
                parts: 1,
                series: None,
                stands_months: None,
                book: None,
            }),
        };
        match put(act, given_at) {
            Ok(_) => {}
            // An item that nobody supported for ninety days is closed: a real co-op would refuse that act, too.
            Err(host::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        written += 1;
    }
    batch.commit()?;
    Ok(())
}
