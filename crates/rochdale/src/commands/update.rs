//! `rochdale update`: every update that is due.

use host::Writable;
use host::clock::{self, Reading};

use crate::Folder;
use crate::caller::Caller;
use crate::commands::date_to_move_to;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Update {
    #[command(flatten)]
    pub folder: Folder,
    /// Up to and including this date; a future date moves the log's time there
    #[arg(long, value_name = "DATE", required_unless_present = "clock_is_right")]
    until: Option<String>,
    /// Say to the running server that its clock is right, where it doubts it and writes nothing
    #[arg(long, conflicts_with_all = ["until", "json"])]
    clock_is_right: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Update {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let mut coop = caller.write(&self.folder.dir)?;
        let Some(until) = &self.until else {
            let Writable::Served(served) = coop else {
                return Err(Exit::input("no server runs here: start it with `rochdale serve --clock-is-right`"));
            };
            served.believe_clock(Reading::now());
            return caller.print("the clock is believed; acts are taken and updates are run again\n");
        };
        let until = date_to_move_to(until, &coop.read())?;
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
