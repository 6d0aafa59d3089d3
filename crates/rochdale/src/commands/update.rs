//! `rochdale update`: every update that is due.

use host::clock;

use crate::Folder;
use crate::commands::{date_to_move_to, print, print_json, write};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Update {
    #[command(flatten)]
    folder: Folder,
    /// Up to and including this date; a future date moves the log's time there
    #[arg(long, value_name = "DATE")]
    until: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Update {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = write(&self.folder.dir)?;
        let until = date_to_move_to(&self.until, &coop)?;
        let done = coop.update_until(until, clock::now())?;
        let state = coop.state();
        let at = |moment: quantity::Moment| moment.to_string();
        if self.json {
            return print_json(&serde_json::json!({
                "done": done,
                "last_update": state.last_update.map(at),
                "next_update": at(state.next_update),
                "state": state.hash(),
            }));
        }
        print(&format!("{done} done; the next update is {}\n", state.next_update))
    }
}
