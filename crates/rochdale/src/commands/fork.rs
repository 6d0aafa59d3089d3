//! `rochdale fork`: the leaving members get a co-op of their own.

use std::path::PathBuf;

use host::Forked;
use quantity::{Currency, Money, format_micro};

use crate::caller::{Caller, time_of};
use crate::commands::counted;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Fork {
    /// The old co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The fork's name, as it was announced
    #[arg(value_name = "NAME")]
    name: String,
    /// The new co-op's folder: not there yet, or empty
    #[arg(value_name = "NEWDIR")]
    to: PathBuf,
    /// The log's time for it; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Fork {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let mut coop = caller.take(&self.dir)?;
        let now = time_of(self.at.as_deref(), &coop.read())?;
        let done = host::fork(&mut coop, &caller.written(&self.dir), &self.name, &caller.written(&self.to), now)?;
        if self.json {
            return caller.print_json(&done);
        }
        caller.print(&words(&done))
    }
}

fn words(done: &Forked) -> String {
    let went: Vec<String> = done
        .went
        .iter()
        .map(|who| match &who.name {
            Some(name) => format!("  {}  {name}", who.member),
            None => format!("  {}", who.member),
        })
        .collect();
    let begin = if done.again { "It was done before. " } else { "" };
    let move_money = match done.treasury.amount {
        0 => String::new(),
        _ => format!(
            "  move the money to an account of the new co-op, and book it there from assets:fork:{}\n",
            done.fork
        ),
    };
    let (folder, members) = (&done.folder, done.went.len());
    format!(
        "{begin}The fork `{}` is the co-op {} in {folder}.\n\n{} left:\n{}\n\nWith them went {} of support, and {}.\nThe old log says so in entry {}, {}.\n\nWhat to do next:\n{move_money}  rochdale verify {folder} --from-log the old co-op's folder or exported log\n  rochdale serve {folder}\n",
        done.fork,
        done.coop,
        counted(members as u64, "member", "members"),
        went.join("\n"),
        counted(done.records, "record", "records"),
        money(done),
        done.entry,
        done.hash,
    )
}

/// Returns the sum and its calculation in words.
fn money(done: &Forked) -> String {
    let treasury = &done.treasury;
    let Some(currency) = Currency::parse(&treasury.currency) else {
        return "no money".to_owned();
    };
    let money = |minor| Money { minor, currency };
    let weight = |micro: u128| format_micro(i128::try_from(micro).unwrap_or(i128::MAX));
    let (part, whole) = (treasury.part, treasury.whole);
    let share = |part, whole| match treasury.by.as_str() {
        "by head" => format!("{part} of {whole} members"),
        _ => format!("{} of {} weight", weight(part), weight(whole)),
    };
    if treasury.by == "none" {
        return "no money: the kernel keeps it".to_owned();
    }
    // From edition 2 on the lesser of two shares counts, and no more than they gave.
    let then = treasury.announced.map(|(part, whole)| format!(" ({} when it was announced)", share(part, whole)));
    let given = treasury.given.map(|given| format!("; they gave {}", money(given)));
    format!(
        "{}: by {}{}, of {}{}",
        money(treasury.amount),
        share(part, whole),
        then.unwrap_or_default(),
        money(treasury.of),
        given.unwrap_or_default()
    )
}
