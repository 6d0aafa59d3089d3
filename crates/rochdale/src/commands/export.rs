//! `rochdale export`: the book and the log for other programs.

use std::io::Write as _;
use std::ops::ControlFlow;

use bridges::export::{BookExport, BookLine};
use host::Coop;

use crate::Folder;
use crate::commands::{print_json, read};
use crate::exit::Exit;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A journal for hledger.
    Hledger,
    /// A ledger for beancount.
    Beancount,
    /// The book's entries as CSV.
    Csv,
    /// The book's entries as JSON.
    Json,
    /// The log up to the last update: documents and exact entries, a line each.
    Log,
}

#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    folder: Folder,
    /// Which format
    #[arg(long, value_enum)]
    format: Format,
    /// Of the log, the entries since the last update as well: the owner's own copy. They are not published before the next one
    #[arg(long)]
    all: bool,
}

#[derive(serde::Serialize)]
struct EntryJson {
    number: u64,
    date: String,
    narration: String,
    source: String,
    postings: Vec<PostingJson>,
}

#[derive(serde::Serialize)]
struct PostingJson {
    account: String,
    amount: i64,
    currency: &'static str,
}

impl Export {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = read(&self.folder.dir)?;
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        if self.format == Format::Log {
            if self.all {
                coop.export_log(&mut out)?
            } else {
                coop.export_published(&mut out)?
            }
            out.flush()?;
            return Ok(());
        }
        let lines = book_lines(&mut coop)?;
        let currency = coop.state().book.currency;
        if self.format == Format::Json {
            let entry = |line: BookLine| EntryJson {
                number: line.number,
                date: format!("{:04}-{:02}-{:02}", line.date.0, line.date.1, line.date.2),
                narration: line.narration,
                source: line.source,
                postings: line
                    .postings
                    .into_iter()
                    .map(|p| PostingJson { account: p.account, amount: p.minor, currency: currency.code() })
                    .collect(),
            };
            return print_json(&lines.into_iter().map(entry).collect::<Vec<_>>());
        }
        let title = coop.state().rules.kernel.name.clone();
        let export = BookExport { title: &title, currency, entries: &mut lines.into_iter() };
        match self.format {
            Format::Hledger => bridges::export::hledger(export, &mut out)?,
            Format::Beancount => bridges::export::beancount(export, &mut out)?,
            _ => bridges::export::csv(export, &mut out)?,
        }
        out.flush()?;
        Ok(())
    }
}

/// Returns the book's entries from the log, by day and then in the log's order.
fn book_lines(coop: &mut Coop) -> Result<Vec<BookLine>, Exit> {
    let zone = coop.state().rules.kernel.zone.clone();
    let state = coop.state().clone();
    let bookings = coop.history().bookings().clone();
    let mut marks = bookings.iter().peekable();
    let mut booked = Vec::new();
    coop.entries(1, &mut |seq, bytes| {
        if marks.next_if(|mark| mark.seq == seq).is_some()
            && let Some(act) = host::booked(&state, bytes)
        {
            booked.push((seq, act));
        }
        ControlFlow::Continue(())
    })?;
    let mut lines = Vec::with_capacity(booked.len());
    for (number, act) in booked {
        let day = engine::book::Day::of(act.at, &zone);
        let narration = coop.narration(&act)?.unwrap_or_else(|| words::money::ERASED.to_owned());
        let postings = act.postings.into_iter().map(|p| bridges::Posting { account: p.account, minor: p.minor });
        lines.push(BookLine {
            number,
            date: (day.year, day.month, day.day),
            narration,
            source: coop.source_in_plain(act.source)?,
            postings: postings.collect(),
        });
    }
    lines.sort_by_key(|line| (line.date, line.number));
    Ok(lines)
}
