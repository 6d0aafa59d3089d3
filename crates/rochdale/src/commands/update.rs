//! `rochdale update`: every update that is due.

use host::clock;

use crate::Folder;
use crate::caller::Caller;
use crate::commands::date_to_move_to;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Update {
    #[command(flatten)]
    pub folder: Folder,
    /// Up to and including this date; a future date moves the log's time there
    #[arg(long, value_name = "DATE")]
    until: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Update {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let mut coop = caller.write(&self.folder.dir)?;
        let until = date_to_move_to(&self.until, &coop.read())?;
        let now = clock::now();
        // The state as this leaves it: others may write before it is printed.
        let (done, state) = coop.write(move |batch| {
            let done = batch.run_until(until, now)?;
            Ok::<_, Exit>((done, batch.state().clone()))
        })?;
        if let Some(warning) = coop.warning() {
            caller.warn(&warning);
        }
        let at = |moment: quantity::Moment| moment.to_string();
        if self.json {
            return caller.print_json(&serde_json::json!({
                "done": done,
                "last_update": state.last_update.map(at),
                "next_update": at(state.next_update),
                "state": state.hash(),
            }));
        }
        let next = state.rules.kernel.zone.written(state.next_update);
        caller.print(&format!("{done} done; the next update is {next}\n"))
    }
}
