//! `rochdale edition`: the edition of the rules that a log is under, and how it goes on under a later one.

use std::path::Path;

use engine::edition::{self, Edition, Status};
use host::Way;
use serde_json::json;

use crate::Folder;
use crate::caller::{Caller, time_of};
use crate::commands::{print, print_json, read};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct EditionCommand {
    #[command(flatten)]
    folder: Folder,
    /// Show the differences so far under this edition
    #[arg(long, value_name = "N", conflicts_with_all = ["announce", "adopt"])]
    try_out: Option<u16>,
    /// Announce this edition: it takes effect at the first update that is 30 days later or more
    #[arg(long, value_name = "N", conflicts_with = "adopt")]
    announce: Option<u16>,
    /// Go on under this edition at once, where there are no differences so far
    #[arg(long, value_name = "N")]
    adopt: Option<u16>,
    /// Accept an edition whose rules may still change: the log is marked, and may stop replaying
    #[arg(long)]
    open: bool,
    /// The log's time for the act; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl EditionCommand {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        match (self.try_out, self.announce, self.adopt) {
            (Some(number), ..) => self.try_out(numbered(number)?),
            (_, Some(number), _) => self.hand_in(caller, numbered(number)?, Way::Announce),
            (.., Some(number)) => self.hand_in(caller, numbered(number)?, Way::Adopt),
            _ => self.show(),
        }
    }

    /// The folder of the co-op that it writes, if it writes.
    pub fn writes(&self) -> Option<&Path> {
        (self.announce.or(self.adopt).is_some()).then_some(&*self.folder.dir)
    }

    fn show(&self) -> Result<(), Exit> {
        let coop = read(&self.folder.dir)?;
        let editions = &coop.state().editions;
        let announced = editions.announced.as_ref();
        if self.json {
            let known = edition::known()
                .map(|(known, status)| json!({"edition": known.number(), "open": status == Status::Open}));
            return print_json(&json!({
                "edition": editions.current.number(),
                "announced": announced.map(|next| json!({"edition": next.edition.number(), "at": next.at.to_string(), "dry_run": next.dry_run, "document": next.name, "differences": &*next.dry_run_text})),
                "known": known.collect::<Vec<_>>(),
            }));
        }
        let mut words = format!("this log is under {}\n", editions.current);
        for (known, status) in edition::known() {
            let status = if status == Status::Open { "open: its rules may still change" } else { "closed" };
            words.push_str(&format!("{known} is {status}\n"));
        }
        if let Some(next) = announced {
            words.push_str(&format!(
                "{} was announced at {}\n{}",
                next.edition,
                next.at,
                differences(&next.dry_run_text)
            ));
            if coop.state().open_to_assent().any(|one| one == next.name) {
                words.push_str(&format!("members agree to it as {}\n", next.name));
            }
        }
        print(&words)
    }

    fn try_out(&self, edition: Edition) -> Result<(), Exit> {
        let text = read(&self.folder.dir)?.edition_differences(edition)?;
        if self.json {
            return print_json(
                &json!({"edition": edition.number(), "dry_run": engine::digest::hex(text.as_bytes()), "differences": text}),
            );
        }
        print(&differences(&text))
    }

    fn hand_in(&self, caller: &Caller, edition: Edition, way: Way) -> Result<(), Exit> {
        let mut coop = caller.write(&self.folder.dir)?;
        let now = time_of(self.at.as_deref(), &coop.read())?;
        let accepted = coop.go_on_under(edition, way, self.open, now)?;
        if self.json {
            let outcomes: Vec<String> = accepted.outcomes.iter().map(ToString::to_string).collect();
            return caller.print_json(&json!({"receipt": accepted.receipt, "outcomes": outcomes}));
        }
        caller.print(&match way {
            Way::Adopt => format!("entry {}: the log goes on under {edition}\n", accepted.receipt.entry),
            Way::Announce => format!("entry {}: {edition} is announced\n", accepted.receipt.entry),
        })
    }
}

fn differences(text: &str) -> String {
    if text.is_empty() { "nothing would have come out differently so far\n".to_owned() } else { text.to_owned() }
}

/// Returns an edition that this program knows.
pub fn numbered(number: u16) -> Result<Edition, Exit> {
    let found = edition::known().find(|(known, _)| known.number() == number);
    let known: Vec<String> = edition::known().map(|(known, _)| known.number().to_string()).collect();
    let wrong = || Exit::input(format!("this program knows no edition {number}: it knows {}", known.join(", ")));
    found.map(|(known, _)| known).ok_or_else(wrong)
}

/// Returns the edition to begin under, or to count by: the newest closed one, or an open one if that is allowed.
pub fn chosen(number: Option<u16>, open: bool) -> Result<Edition, Exit> {
    let Some(number) = number else {
        return Ok(edition::newest_closed());
    };
    let edition = numbered(number)?;
    if edition::status(edition) == Some(Status::Open) && !open {
        let words = format!(
            "{edition} is open: its rules may still change, and a log under it may stop replaying; say `--open` as well to try it out"
        );
        return Err(Exit::input(words));
    }
    Ok(edition)
}
