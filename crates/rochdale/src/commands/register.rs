//! `rochdale register`: the register of members as of a day.

use views::{Kept, Sight, register, register_rows};

use crate::Folder;
use crate::commands::{csv, date, present, print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  rochdale register our-coop --at 2025-12-31
  rochdale register our-coop --at 2025-12-31 --csv > register.csv
  rochdale register our-coop --former --json")]
pub struct Register {
    #[command(flatten)]
    folder: Folder,
    /// As of the end of this day, in the co-op's zone; today where it is left out
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// With those who had left by then
    #[arg(long)]
    former: bool,
    /// Without addresses
    #[arg(long)]
    no_addresses: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

impl Register {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = read(&self.folder.dir)?;
        let at = match &self.at {
            Some(text) => date(text, &coop)?,
            None => present(&coop),
        };
        let Some(then) = coop.register_at(at)? else {
            return Err(Exit::no("the log begins later than that day"));
        };
        let mut known = std::collections::BTreeMap::new();
        if !self.no_addresses {
            for index in then.state.members.indices() {
                if let Some(member) = then.state.members.pseudonym(index)
                    && let Some(profile) = coop.profile(member)?
                {
                    known.insert(member, profile.emails);
                }
            }
        }
        let kept = Kept::of(&then.state, then.history.points());
        let sight = Sight { state: &then.state, kept: &kept, ..coop.sight(at) };
        let addresses = &mut |member| known.get(&member).cloned().unwrap_or_default();
        let report = register(&sight, (&then.lives, then.entry), self.former, addresses);
        if self.json {
            return print_json(&report);
        }
        let rows = register_rows(&report, then.state.rules.kernel.currency);
        if self.csv {
            return print(&csv(&rows));
        }
        let count = report.members.len();
        print(&format!(
            "{}{count} as of the end of {}, by entry {} of the log\n",
            table(&rows),
            report.day,
            report.entry
        ))
    }
}
