//! `rochdale move-in`: an existing co-op's register, dues and opening balances, all of them or nothing.

use std::path::PathBuf;

use host::clock;
use host::inbox::{Bringer, Door, Import, Kinds, LogTime, Newcomers, Recording};
use host::move_in::{MovingIn, Opened, Papers, Then, Undone, move_in, open};

use crate::caller::Caller;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct MoveIn {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The register as CSV: number, name, joined; and email, left, kind, lists
    #[arg(long, value_name = "FILE", required_unless_present_any = ["dues", "balances"])]
    register: Option<PathBuf>,
    /// Dues as CSV: number, amount, day
    #[arg(long, value_name = "FILE")]
    dues: Option<PathBuf>,
    /// Opening balances as CSV: account, amount, day
    #[arg(long, value_name = "FILE")]
    balances: Option<PathBuf>,
    /// The day that begins with these balances, where their file has no column for it
    #[arg(long, value_name = "DAY", requires = "balances")]
    balances_on: Option<String>,
    /// Keep it, if nothing is wrong; else it is only checked
    #[arg(long)]
    keep: bool,
    /// Only check, which is what happens without `--keep`
    #[arg(long, conflicts_with = "keep")]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl MoveIn {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let mut coop = caller.write(&self.dir)?;
        let opened = self.open(caller, &coop.read())?;
        let then = if self.keep { Then::Keep } else { Then::Look };
        let (by, kinds, recording) = (Bringer::default(), Kinds::All, Recording::Bridge);
        let (door, time, newcomers) = (Door::Command, LogTime::Now(clock::now()), Newcomers::Welcome);
        let import = Import { door, by, time, newcomers, kinds, recording, every: None };
        let bar = caller.bar(opened.count(), if self.keep { "moving in" } else { "trying" });
        let steps = bar.clone();
        let done = coop.write(move |batch| move_in(batch, opened, &import, then, &mut || steps.step()));
        bar.finish();
        let moved = Undone::answer(done)?;
        if self.json {
            caller.print_json(&moved)?;
        } else {
            let present = coop.read();
            caller.print(&words(&moved, &|member| present.directory().name(member)))?;
        }
        if moved.wrong.is_empty() {
            return Ok(());
        }
        // With `--json` the lines are in the answer.
        let lines = if self.json { String::new() } else { format!("{}\nnothing is kept", moved.wrong.join("\n")) };
        Err(Exit::input(lines))
    }

    fn open(&self, caller: &Caller, coop: &host::Snapshot) -> Result<Opened, Exit> {
        let real = |path: &Option<PathBuf>| path.as_ref().map(|path| caller.written(path).real());
        let (register, dues, balances) = (real(&self.register), real(&self.dues), real(&self.balances));
        let papers = Papers {
            register: register.as_deref(),
            dues: dues.as_deref(),
            balances: balances.as_deref(),
            balances_on: self.balances_on.as_deref(),
        };
        let bar = caller.bar(0, "checking");
        let opened = open(coop, &papers, &mut |done, of| bar.is_at(done, of));
        bar.finish();
        opened.map_err(|refused| Exit::input(refused.to_string()))
    }
}

fn words(moved: &MovingIn, name: &dyn Fn(engine::Pseudonym) -> String) -> String {
    let mut lines = moved.lines(name);
    let number = moved.import.as_ref().and_then(|import| import.number);
    if moved.kept {
        lines.extend(number.map(|number| format!("the report is kept: /imports/{number}")));
    } else if moved.wrong.is_empty() {
        lines.push("nothing is wrong, and nothing is kept yet: say `--keep`".to_owned());
    }
    lines.into_iter().map(|line| line + "\n").collect()
}
