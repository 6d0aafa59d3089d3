//! A million entries replayed: how long until a server is ready.

use engine::act::{Act, AdmitMember, Amount, CastBallot, OpenItem, RecordSupport};
use engine::{Actor, Pseudonym};
use host::{Charter, Coop};
use quantity::Moment;
use sha2::{Digest as _, Sha256};

use super::{Spread, line, median, memory_kib, ms, ratio, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 10_000;
const DAY_US: i64 = 86_400_000_000;

pub fn run() -> Result<(), Exit> {
    for entries in [100_000, 1_000_000] {
        replay(entries)?;
    }
    line(
        "peak memory of this process",
        &format!("{} MiB", memory_kib("self", "VmHWM") / 1024),
    )
}

fn replay(entries: u64) -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let template = charter::template("open-source").ok_or_else(|| Exit::world("no template"))?;
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    let filled = template.fill("bench", currency);
    host::init(
        folder.path(),
        &Charter::read(filled.kernel, filled.constitution)?,
        false,
    )?;
    let start = Moment::parse("2020-01-01T00:00:00Z").map_err(Exit::world)?;
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
    let mut store = rochdale_log::Sqlite::open_read(host::data_file(folder.path()))
        .map_err(host::Error::from)?;
    let id = rochdale_log::Store::coops(&mut store)
        .map_err(host::Error::from)?
        .concat();
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
    line(
        "replayed: form, chain, rules, updates, state hashes",
        &ms(replayed),
    )?;
    line("reading and hashing the same entries", &ms(pass))?;
    line("replay ÷ reading and hashing", &ratio(replayed, pass))
}

fn write(coop: &mut Coop, entries: u64, start: Moment) -> Result<(), Exit> {
    let mut batch = coop.batch()?;
    let mut spread = Spread(7);
    let mut put = |act: Act, time: Moment| {
        batch
            .append(&act, Actor::Operator, "", "", time)
            .map(|_| ())
    };
    for member in 0..MEMBERS {
        put(
            Act::AdmitMember(AdmitMember {
                member: Pseudonym(member),
                organisation: false,
            }),
            start,
        )?;
    }
    for item in 0..200 {
        put(
            Act::OpenItem(OpenItem {
                decision: "issues".to_owned(),
                item: item.to_string(),
            }),
            start,
        )?;
    }
    for entry in 0..entries - MEMBERS - 200 {
        // Five years of acts, evenly.
        let time = Moment(
            start.0
                + i64::try_from(entry).unwrap_or(0)
                    * (5 * 365 * DAY_US / i64::try_from(entries).unwrap_or(1)),
        );
        let member = Pseudonym(spread.next(MEMBERS));
        let act = if entry % 3 == 0 {
            let item = Some(spread.next(8).to_string());
            Act::CastBallot(CastBallot {
                member,
                decision: "issues".to_owned(),
                item,
                share_ppm: 100_000,
                scores: None,
                against: false,
            })
        } else {
            Act::RecordSupport(RecordSupport {
                member,
                kind: (if entry % 3 == 1 { "donation" } else { "pledge" }).to_owned(),
                amount: Amount {
                    amount: 500,
                    currency: Some("USD".to_owned()),
                    unit: None,
                },
                given_at: time,
                source: format!("bench:{entry}"),
                parts: 1,
                series: None,
                stands_months: None,
            })
        };
        match put(act, time) {
            // An item that nobody supported for ninety days is closed: that act would be refused in a real co-op, too.
            Ok(()) | Err(host::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    batch.commit()?;
    Ok(())
}
