//! A million rows of Open Collective imported.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use host::inbox::LogTime;
use host::{Coop, clock};
use quantity::Moment;

use super::{Spread, crowd, line, memory_kib, ms, ratio, timed};
use crate::commands::import::{open, take_sources};
use crate::exit::Exit;

const ROWS: u64 = 1_000_000;
const GIVERS: u64 = 20_000;

pub fn run() -> Result<(), Exit> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("transactions.csv");
    generate(&file)?;
    let home = folder.path().join("co-op");
    host::init(&home, &crowd::charter()?, false)?;
    let (taken, time) = timed(|| -> Result<_, Exit> {
        let source = open("open-collective-csv", &file)?;
        let mut coop = Coop::open(&home, clock::now())?;
        let mut batch = coop.batch()?;
        let taken = take_sources(&mut batch, vec![source], LogTime::Now(clock::now()))?;
        batch.commit()?;
        Ok(taken)
    });
    let taken = taken?;
    let peak = memory_kib("self", "VmHWM") / 1024;
    let (rows, pass) = timed(|| read(&file));
    line("rows", &rows?.to_string())?;
    line("facts recorded", &taken.recorded.to_string())?;
    line("imported: checked, ruled on, chained, on storage", &ms(time))?;
    line("peak memory", &format!("{peak} MiB"))?;
    line("splitting the same file into cells, nothing else", &ms(pass))?;
    line("import ÷ splitting", &ratio(time, pass))
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

fn generate(file: &Path) -> Result<(), Exit> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    writeln!(
        out,
        "datetime,shortId,description,type,kind,isRefund,isRefunded,shortRefundId,amount,paymentProcessorFee,netAmount,taxAmount,currency,oppositeAccountSlug,oppositeAccountName"
    )?;
    let mut spread = Spread(3);
    let end = crowd::moment("2025-12-31T00:00:00Z")?;
    for row in 0..ROWS {
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
