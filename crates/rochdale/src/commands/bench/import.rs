//! A million rows of Open Collective imported.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use host::inbox::{LogTime, Newcomers};
use host::{Coop, clock};
use quantity::Moment;

use super::{Spread, crowd, line, memory_kib, ms, own_processor_time, ratio, timed};
use crate::caller::Caller;
use crate::commands::import::{open, take_sources};
use crate::exit::Exit;

const ROWS: u64 = 1_000_000;
const GIVERS: u64 = 20_000;

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("transactions.csv");
    generate(&file, ROWS)?;
    let home = folder.path().join("co-op");
    host::init(&home, &crowd::charter()?, false)?;
    let on_disk = || ["rochdale.db", "rochdale.db-wal"].map(|name| bytes(&home.join(name))).iter().sum::<u64>();
    let before = own_processor_time();
    let (taken, time) = timed(|| -> Result<_, Exit> {
        let source = open(&Caller::Here, "open-collective-csv", &file, &quantity::Zone::utc())?;
        let mut coop = Coop::open(&home, clock::now())?;
        let mut batch = coop.batch()?;
        let bar = Caller::Here.bar(source.source.count(), "importing");
        let taken = take_sources(&mut batch, vec![source], LogTime::Now(clock::now()), Newcomers::Welcome, &bar)?;
        bar.finish();
        batch.commit()?;
        // The write-ahead log is there as long as the co-op is open, as under a server.
        Ok((taken, on_disk()))
    });
    let (taken, open) = taken?;
    let processor = own_processor_time().saturating_sub(before);
    let closed = on_disk();
    let peak = memory_kib("self", "VmHWM") / 1024;
    let (rows, pass) = timed(|| read(&file));
    line("rows", &rows?.to_string())?;
    line("facts recorded", &taken.recorded.to_string())?;
    line("imported: checked, ruled on, chained, on storage", &ms(time))?;
    line("the same, processor time a row", &micros(processor, ROWS))?;
    line("bytes on disk ÷ bytes of the file, while it is open", &hundredths(open, bytes(&file)))?;
    line("the same once it is closed", &hundredths(closed, bytes(&file)))?;
    line("peak memory", &format!("{peak} MiB"))?;
    line("splitting the same file into cells, nothing else", &ms(pass))?;
    line("import ÷ splitting", &ratio(time, pass))
}

fn bytes(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}

fn micros(time: Duration, among: u64) -> String {
    format!("{} µs", hundredths(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), among))
}

fn hundredths(a: u64, b: u64) -> String {
    let hundredths = u128::from(a) * 100 / u128::from(b.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn read(file: &Path) -> Result<u64, Exit> {
    let text = std::fs::read(file)?;
    let cells: usize = text
        .split(|byte| *byte == b'\n')
        .map(|row| row.split(|byte| *byte == b',').map(<[u8]>::len).filter(|length| *length > 0).count())
        .sum();
    std::hint::black_box(cells);
    Ok(text.split(|byte| *byte == b'\n').filter(|row| !row.is_empty()).count() as u64 - 1)
}

/// Writes so many rows, half of them gifts of two dollars.
pub fn generate(file: &Path, rows: u64) -> Result<(), Exit> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    writeln!(
        out,
        "datetime,shortId,description,type,kind,isRefund,isRefunded,shortRefundId,amount,paymentProcessorFee,netAmount,taxAmount,currency,oppositeAccountSlug,oppositeAccountName"
    )?;
    let mut spread = Spread(3);
    let end = crowd::moment("2025-12-31T00:00:00Z")?;
    for row in 0..rows {
        let at = Moment(end.0 - i64::try_from(row).unwrap_or(0) * 280_000_000);
        let text = at.to_string();
        let text = text.trim_end_matches('Z');
        if row % 2 == 0 {
            writeln!(out, "{text},h{row:07},Host Fee to a host,DEBIT,HOST_FEE,,,,-0.20,0,-0.20,0,USD,host,Host")?;
        } else {
            let giver = spread.next(GIVERS);
            writeln!(
                out,
                "{text},c{row:07},Monthly contribution from giver-{giver:05},CREDIT,CONTRIBUTION,,,,2,-0.36,1.64,0,USD,giver-{giver:05},giver-{giver:05}"
            )?;
        }
    }
    out.flush()?;
    Ok(())
}
