//! `rochdale credit`: shows credit, proposes that of a period from a repository, and strikes from what is proposed.

use std::path::{Path, PathBuf};

use bridges::{ForgeWork, read_lineage};
use engine::act::{Act, ProposeCredit};
use engine::credit::contributions::{Contributions, Strikes};
use engine::{Actor, Pseudonym, digest};
use host::{Batch, clock};
use quantity::{Moment, format_micro};
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct CreditCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show what is proposed and what was decided
    Show(Show),
    /// Propose the credit of a period, worked out from a git repository
    Propose(Propose),
    /// Put up what to strike from the credit that is proposed
    Strike(Strike),
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Propose {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The repository's folder
    #[arg(value_name = "REPOSITORY")]
    repository: PathBuf,
    /// The forge's answer about issues, changes or reviews, as JSON; may be said several times
    #[arg(long, value_name = "FILE")]
    forge: Vec<PathBuf>,
    /// The first day of the period; the last full one without it
    #[arg(long, value_name = "DAY")]
    period: Option<String>,
    /// Propose it although people who made some of it are in no register, so that nobody ever gets what is theirs
    #[arg(long)]
    without_them: bool,
    /// Print the list of contributions and propose nothing
    #[arg(long)]
    list: bool,
    /// As whom: a holder of the power `record` for credit; the operator without one
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    /// Print JSON
    #[arg(long, conflicts_with = "list")]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Strike {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// A file with `accept`, `nothing`, or lines that strike; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// As whom
    #[arg(long = "as", value_name = "MEMBER")]
    member: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl CreditCommand {
    /// The folder of the co-op that it writes, unless it only shows.
    pub fn writes(&self) -> Option<&Path> {
        match &self.what {
            What::Show(_) => None,
            What::Propose(propose) => Some(&propose.dir),
            What::Strike(strike) => Some(&strike.dir),
        }
    }

    pub fn run(&self, caller: &Caller) -> Result<(), Exit> {
        match &self.what {
            What::Show(show) => show.run(),
            What::Propose(propose) => propose.run(caller),
            What::Strike(strike) => strike.run(caller),
        }
    }
}

impl Show {
    fn run(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let view = views::credit(&coop.sight(clock::now()));
        if self.json {
            return print_json(&view);
        }
        let Some(view) = view else {
            return print("no commitment of the rules accepts credit\n");
        };
        let mut words = String::new();
        if let Some(proposed) = &view.proposed {
            words.push_str(&format!("proposed: {}\n", proposed.words));
            let rows = proposed.members.iter().map(|row| vec![row.member.clone(), row.credit.clone()]);
            words.push_str(&table(
                &std::iter::once(vec!["member".to_owned(), "credit".to_owned()]).chain(rows).collect::<Vec<_>>(),
            ));
            for option in &proposed.options {
                words.push_str(&format!("{}: {}\n", option.line, option.left));
            }
        }
        for accepted in &view.accepted {
            words.push_str(&format!("{}\n", accepted.words));
        }
        print(if words.is_empty() { "nothing is proposed, and nothing was decided\n" } else { &words })
    }
}

/// A list with what it comes to.
struct Proposed {
    list: Contributions,
    new: usize,
    unknown: Vec<String>,
    left_out: usize,
    act: ProposeCredit,
}

impl Propose {
    fn run(&self, caller: &Caller) -> Result<(), Exit> {
        let path = caller.written(&self.repository);
        let steps = caller.bar(0, "reading commits");
        let read = read_lineage(&path.real(), &mut |_, _| steps.step());
        steps.finish();
        let lineage = read.map_err(|refused| Exit::input(caller.why_refused(&self.repository, refused).to_string()))?;
        let forge = self.forge(caller)?;
        let mut coop = caller.write(&self.dir)?;
        let (now, period, lists, holder) = (clock::now(), self.period.clone(), self.list, self.member.clone());
        let without_them = self.without_them;
        let (proposed, receipt) = coop.write(move |batch| {
            let proposed = proposed(batch, (&lineage, &forge), period.as_deref(), now)?;
            if lists {
                return Ok::<_, Exit>((proposed, None));
            }
            if !proposed.unknown.is_empty() && !without_them {
                let names = proposed.unknown.join(", ");
                return Err(Exit::no(format!(
                    "in no register, so that nobody would ever get what is theirs: {names}; bring them in (`rochdale import git`, `rochdale who`), or say `--without-them`"
                )));
            }
            let actor = match &holder {
                None => Actor::Operator,
                Some(name) => Actor::Desk(named(batch, name)?),
            };
            let accepted = batch.append(&Act::ProposeCredit(proposed.act.clone()), actor, "", "", now)?;
            Ok((proposed, Some(accepted.receipt)))
        })?;
        let Some(receipt) = receipt else {
            return caller.print(&proposed.list.text());
        };
        let micro = proposed.act.credit.iter().fold(0_u64, |sum, row| sum.saturating_add(row.micro));
        if self.json {
            let act = &proposed.act;
            return caller.print_json(&json!({
                "receipt": receipt, "period": act.period, "contributions": act.contributions, "new": proposed.new,
                "members": act.credit.len(), "micro": micro, "unknown": proposed.unknown,
                "reviews_left_out": proposed.left_out,
            }));
        }
        let mut words = format!(
            "proposed: {} credits for {} members, of {} contributions in the period from {}; entry {}\n",
            format_micro(micro.into()),
            proposed.act.credit.len(),
            proposed.new,
            proposed.act.period,
            receipt.entry
        );
        if !proposed.unknown.is_empty() {
            words
                .push_str(&format!("in no register, so nobody gets what is theirs: {}\n", proposed.unknown.join(", ")));
        }
        if proposed.left_out > 0 {
            words.push_str(&format!(
                "reviews that count nothing, of what is not in the repository, after it came in, or of one's own: {}\n",
                proposed.left_out
            ));
        }
        caller.print(&words)
    }

    fn forge(&self, caller: &Caller) -> Result<ForgeWork, Exit> {
        let mut work = ForgeWork::default();
        for file in &self.forge {
            let steps = caller.bar(0, "reading what the forge says");
            let read = work.read(&caller.written(file).real(), &mut |_, _| steps.step());
            steps.finish();
            read.map_err(|refused| Exit::input(caller.why_refused(file, refused).to_string()))?;
        }
        Ok(work)
    }
}

/// The list of a period, and the act that proposes what it comes to.
fn proposed(
    batch: &mut Batch<'_>,
    (lineage, forge): (&bridges::Lineage, &ForgeWork),
    period: Option<&str>,
    now: Moment,
) -> Result<Proposed, Exit> {
    let state = batch.state();
    let Some((decision, every)) = state.credit_decision().map(|(path, every)| (path.to_owned(), every)) else {
        return Err(Exit::no(
            "no commitment of the rules accepts credit: `commitment \"credit\" every=\"month\" accepts=\"credit\"`",
        ));
    };
    let zone = state.rules.kernel.zone.clone();
    let bounds = match period {
        Some(day) => state.credit_period(every, day),
        None => {
            let last = quantity::Period { reach: quantity::Reach::Last(1), unit: every.unit() };
            Some(last.bounds(now.max(state.time), &zone))
        }
    };
    let bounds = bounds.ok_or_else(|| {
        Exit::input(format!("`{}` is not the first day of a {}", period.unwrap_or_default(), every.name()))
    })?;
    let parameters = state.credit_parameters();
    let listed = batch.contributions(lineage, forge, bounds)?;
    let text = listed.list.text();
    let credit = listed
        .list
        .rows(&Strikes::default(), &parameters)
        .map_err(|wrong| Exit::no(format!("no credit comes of these contributions: {wrong:?}")))?;
    let act = ProposeCredit {
        decision,
        period: listed.list.period.0.clone(),
        contributions: digest::hex(text.as_bytes()),
        contributions_text: Some(text.into()),
        credit,
    };
    Ok(Proposed { list: listed.list, new: listed.new, unknown: listed.unknown, left_out: listed.left_out, act })
}

impl Strike {
    fn run(&self, caller: &Caller) -> Result<(), Exit> {
        let mut text = String::new();
        let read = if self.file.as_os_str() == "-" {
            std::io::Read::read_to_string(&mut caller.input(), &mut text)
        } else {
            std::io::Read::read_to_string(&mut caller.open(&self.file)?, &mut text)
        };
        read.map_err(|why| Exit::input(format!("cannot read `{}`: {why}", self.file.display())))?;
        let mut coop = caller.write(&self.dir)?;
        let (now, name) = (clock::now(), self.member.clone());
        let sight = coop.read();
        let receipt = coop.write(move |batch| {
            let member = named(batch, &name)?;
            let act = views::strike(&sight.sight(now), member, &text)
                .ok_or_else(|| Exit::no("nothing is proposed, or its list of contributions is not kept here"))?;
            Ok::<_, Exit>(batch.append(&act, Actor::Desk(member), "", "", now)?.receipt)
        })?;
        if self.json {
            return caller.print_json(&json!({ "receipt": receipt }));
        }
        caller.print(&format!("It is put up: entry {}.\n", receipt.entry))
    }
}

fn named(batch: &mut Batch<'_>, name: &str) -> Result<Pseudonym, Exit> {
    batch.find_member(name)?.ok_or_else(|| Exit::no(format!("nobody here is called `{name}`")))
}
