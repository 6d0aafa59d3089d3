//! A million entries replayed: the time until a server is ready.

use engine::act::{Act, AdmitMember, RecordSupport};
use engine::{Actor, Pseudonym};
use host::Coop;
use quantity::Moment;
use sha2::{Digest as _, Sha256};

use super::{Spread, crowd, line, median, memory_kib, ms, ratio, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const ITEMS: u64 = 200;
const DAY_US: i64 = 86_400_000_000;

pub fn run() -> Result<(), Exit> {
    for entries in [110_000, 1_010_000] {
        replay(entries)?;
    }
    line("peak memory of this process", &format!("{} MiB", memory_kib("self", "VmHWM") / 1024))
}

fn replay(entries: u64) -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    host::init(folder.path(), &crowd::charter()?, false)?;
    let start = crowd::moment("2020-01-01T00:00:00Z")?;
    let mut coop = Coop::open(folder.path(), start)?;
    let (result, written) = timed(|| write(&mut coop, entries, start));
    result?;
    let (hash, head) = (coop.state().hash(), coop.head());
    drop(coop);
    let mut times = Vec::new();
    for _ in 0..3 {
        let (coop, time) = timed(|| Coop::open(folder.path(), start));
        if coop?.state().hash() != hash {
            return Err(Exit::no("the replay gave another state"));
        }
        times.push(time);
    }
    let replayed = median(times);
    let mut store = rochdale_log::Sqlite::open_read(host::data_file(folder.path())).map_err(host::Error::from)?;
    let id = rochdale_log::Store::coops(&mut store).map_err(host::Error::from)?.concat();
    let (hashed, pass) = timed(|| {
        let mut sum = 0_u64;
        rochdale_log::Store::read(&mut store, &id, 1, &mut |_, bytes| {
            sum = sum.wrapping_add(u64::from(Sha256::digest(bytes)[0]));
            std::ops::ControlFlow::Continue(())
        })
        .map(|()| sum)
    });
    hashed.map_err(host::Error::from)?;
    line("entries", &head.seq.to_string())?;
    line("written in one transaction", &ms(written))?;
    line("replayed: form, chain, rules, updates, state hashes", &ms(replayed))?;
    line("reading and hashing the same entries", &ms(pass))?;
    line("replay ÷ reading and hashing", &ratio(replayed, pass))
}

fn write(coop: &mut Coop, entries: u64, start: Moment) -> Result<(), Exit> {
    let mut batch = coop.batch()?;
    let mut spread = Spread(7);
    let mut put = |act: Act, time: Moment| batch.append(&act, Actor::Operator, "", "", time);
    for member in (0..MEMBERS).map(Pseudonym) {
        let organisation = false;
        let act = Act::AdmitMember(AdmitMember { member, organisation });
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
                member,
                kind: (if kind == 1 { "donation" } else { "pledge" }).to_owned(),
                amount: crowd::usd(500),
                given_at,
                source: format!("bench:{written}"),
                parts: 1,
                series: None,
                stands_months: None,
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
