//! `rochdale book`: money in, money out, what is left.

use engine::book::{BookPeriod, Day};
use quantity::format_micro;
use views::{BookReport, WorkPeriod};

use crate::commands::{date, print, print_json, read, table};
use crate::exit::Exit;
use crate::{By, Folder};

#[derive(Debug, clap::Args)]
pub struct Book {
    #[command(flatten)]
    folder: Folder,
    /// Which periods
    #[arg(long, value_enum, default_value = "year")]
    by: By,
    /// Movements up to this date
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Book {
    pub fn run(self) -> Result<(), Exit> {
        let coop = read(&self.folder.dir)?;
        let until = match &self.at {
            Some(text) => Some(Day::of(date(text, &coop)?, &coop.state().rules.kernel.zone)),
            None => None,
        };
        let by = match self.by {
            By::Year => BookPeriod::Year,
            By::Month => BookPeriod::Month,
        };
        let report = views::book_report(&coop.state().book, by, until);
        let work = views::work_report(coop.state(), by, until);
        if self.json {
            return print_json(&Printed { report, work });
        }
        let currency = coop.state().book.currency;
        let money = |minor: i64| quantity::format_decimal(minor, currency.digits());
        let mut rows = vec![["period", "in", "out", "net", "balance"].map(str::to_owned).to_vec()];
        for period in coop.state().book.periods(by, until) {
            rows.push(vec![
                period.period,
                money(period.in_minor),
                money(period.out_minor),
                money(period.net_minor),
                money(period.balance_minor),
            ]);
        }
        print(&format!("{}all amounts in {}\n", table(&rows), currency.code()))?;
        if work.is_empty() {
            return Ok(());
        }
        let amount = |given: &WorkPeriod| match given.unit {
            "second" => format!("{} hours", format_micro(i128::from(given.amount) * 1_000_000 / 3_600)),
            _ => format!("{} credits", format_micro(i128::from(given.amount))),
        };
        let head = ["period", "kind", "given"].map(str::to_owned).to_vec();
        let given = work.iter().map(|row| vec![row.period.clone(), row.kind.to_owned(), amount(row)]);
        print(&format!("\n{}", table(&std::iter::once(head).chain(given).collect::<Vec<_>>())))
    }
}

/// The book, and what members gave that is no money.
#[derive(serde::Serialize)]
struct Printed {
    #[serde(flatten)]
    report: BookReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    work: Vec<WorkPeriod>,
}
