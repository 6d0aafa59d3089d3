//! `rochdale status`: how the co-op is doing.

use host::Written;

use crate::Folder;
use crate::caller::Caller;
use crate::commands::{AsOf, as_of, edited_documents, print, print_json, read, say_what_differs, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Status {
    #[command(flatten)]
    folder: Folder,
    /// As the log stood at this date
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = read(&self.folder.dir)?;
        say_what_differs(&Caller::Here, &self.folder.dir, &coop);
        let AsOf { state, history, head, at } = as_of(&mut coop, self.at.as_deref())?;
        let kept = views::Kept::of(&state, history.points());
        let sight = views::Sight { state: &state, kept: &kept, history: history.points(), ..coop.sight(at) };
        let head = views::LogHead {
            entries: head.seq,
            entry_hash: head.hash.to_string(),
            state_hash: Some(state.hash()),
            state_at: state.last_update.map(|at| views::moment(at, &state.rules.kernel.zone)),
            unverified_until: None,
            public_key: None,
        };
        let report = views::status_report(&sight, &head);
        if self.json {
            return print_json(&Printed { report, edited: edited_documents(&Written::here(&self.folder.dir), &coop) });
        }
        let zone = &state.rules.kernel.zone;
        let line = |name: &str, value: &str| vec![name.to_owned(), value.to_owned()];
        let rows = [
            line("co-op", &report.name),
            line("as of", &report.at),
            line("members", &report.members.to_string()),
            line(
                "weight at the last update",
                &quantity::format_micro(i128::try_from(report.weight).unwrap_or(i128::MAX)),
            ),
            line("updates", &report.updates.to_string()),
            line("last update", &state.last_update.map_or_else(|| "none yet".to_owned(), |at| zone.written(at))),
            line("next update", &zone.written(state.next_update)),
            line("entries", &report.entries.to_string()),
            line("last entry", &report.head),
            line("state", report.state.as_deref().unwrap_or("")),
        ];
        print(&table(&rows))
    }
}

/// The report, and which of the folder's documents are not the ones in force.
#[derive(serde::Serialize)]
struct Printed {
    #[serde(flatten)]
    report: views::StatusReport,
    edited: Vec<&'static str>,
}
