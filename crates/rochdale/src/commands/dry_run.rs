//! `rochdale dry-run`: the log's past under other rules.

use std::path::PathBuf;

use engine::rules::amendment::KERNEL;
use host::{Error, Proposal};
use views::{CameAbout, DryRunReport, Listed, WeightsCompared};

use crate::commands::document::{Above, coop_at_hand, read_document, read_text};
use crate::commands::{counted, date, print, print_json};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct DryRun {
    /// A kernel, a constitution, or with `--decision` a constitution inside one
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// When it takes force; at the founding if not given
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// The co-op's folder; the file's own if not given
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A kernel that takes force just before it
    #[arg(long, value_name = "FILE")]
    kernel: Option<PathBuf>,
    /// The document is the constitution at this path inside the constitution, such as `docs-team`
    #[arg(long, value_name = "PATH")]
    decision: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl DryRun {
    pub fn run(self) -> Result<(), Exit> {
        let Some(mut coop) = coop_at_hand(self.dir.as_deref(), &self.file)? else {
            return Err(Exit::input("there is no co-op beside the file: give `--dir DIR`"));
        };
        let from = self.at.as_deref().map(|text| date(text, &coop)).transpose()?;
        if let Some(refusal) = (self.decision.as_deref()).and_then(|decision| coop.state().rules_refused(decision, ""))
        {
            return Err(Error::from(refusal).into());
        }
        let kernel = self.kernel.as_deref().map(read_text).transpose()?;
        let mut proposals = Vec::new();
        let mut rules = charter::Rules::clone(&coop.state().rules);
        if let (Some(path), Some(text)) = (&self.kernel, kernel) {
            let name = path.display().to_string();
            rules = rules.with_document(KERNEL, &text).map_err(|unread| mistakes(&name, unread))?;
            proposals.push(Proposal { decision: KERNEL.to_owned(), name, text: text.into() });
        }
        let above = Above { decision: self.decision.clone(), ..Above::default() };
        let document = read_document(&self.file, &above, Some(&rules))?;
        proposals.push(Proposal { decision: document.decision, name: document.name, text: document.text.into() });
        let run = coop.dry_run(&proposals, from)?;
        let from_the_founding = run.from == coop.state().founding.at;
        let report = views::dry_run_report(&run, coop.directory());
        match self.json {
            true => print_json(&report),
            false => print(&in_words(&report, from_the_founding)),
        }
    }
}

fn mistakes(file: &str, unread: charter::Unread) -> Exit {
    let mistakes = match unread {
        charter::Unread::Mistakes(mistakes) => mistakes,
        charter::Unread::NoSuchDecision => Vec::new(),
    };
    let file = file.to_owned();
    Error::Rules { file, mistakes }.into()
}

/// As many rows as are printed of each list; `--json` has more.
const PRINTED: usize = 20;

// flat: one part after the other.
fn in_words(report: &DryRunReport, from_the_founding: bool) -> String {
    let mut tried = report.put_in_force.clone();
    tried.dedup();
    let mut text = format!(
        "With another {} from {}{} to {}: {}, {} instead of {}.\n",
        tried.join(" and "),
        report.from.text,
        if from_the_founding { " (the founding)" } else { "" },
        report.until.text,
        counted(report.entries, "entry", "entries"),
        counted(report.updates_instead, "update", "updates"),
        report.updates
    );
    // Differences of outcomes first, as docs/spec/dry-run.md orders them under *What is compared*.
    let nothing =
        report.only_happened.total == 0 && report.only_instead.total == 0 && report.at_another_time.total == 0;
    if nothing {
        text.push_str("Everything would have come about as it did.\n");
    }
    let came = |list: &Listed<CameAbout>| -> Vec<Vec<String>> {
        let rows = list.shown.iter();
        rows.map(|one| vec![one.at.day.clone(), one.words.clone()]).collect()
    };
    part(&mut text, "Came about, and would not have", report.only_happened.total, came(&report.only_happened));
    part(&mut text, "Would have come about, and did not", report.only_instead.total, came(&report.only_instead));
    let moved = report.at_another_time.shown.iter().map(|one| {
        let days = format!("{} instead of {}", one.instead_at.day, one.happened_at.day);
        vec![days, one.words.clone()]
    });
    part(&mut text, "At another time", report.at_another_time.total, moved.collect());
    // The acts that were left out explain differences that follow from them.
    let refused = report.refused.shown.iter().map(|one| {
        vec![format!("entry {}, {}", one.entry, one.at.day), format!("{}: {} {}", one.words, one.number, one.why)]
    });
    part(&mut text, "Acts that these rules refuse", report.refused.total, refused.collect());
    // The state at the end comes last: holders, then weights.
    let differs = report.decisions.iter().filter(|one| one.differs);
    let rows: Vec<Vec<String>> = differs
        .map(|one| {
            let held = |holders: &Option<Vec<String>>| match holders.as_deref() {
                None => "not open".to_owned(),
                Some([]) if one.kind == "ranking" => "open".to_owned(),
                Some([]) => "nobody".to_owned(),
                Some(names) => names.join(", "),
            };
            let words = format!("{} instead of {}", held(&one.holders_instead), held(&one.holders));
            vec![one.decision.clone(), words]
        })
        .collect();
    part(&mut text, "Held otherwise at the end", rows.len() as u64, rows);
    text.push_str(&weights_in_words(&report.weights));
    text
}

/// Lists the members and classes whose weight differs.
pub fn weights_in_words(weights: &WeightsCompared) -> String {
    let mut text = String::new();
    if let Some(words) = weights.moved_words() {
        text.push_str(&format!("\n{words}\n"));
    }
    let classes = weights.classes.iter();
    let classes = classes.filter(|class| class.weight != class.weight_instead || class.share != class.share_instead);
    let rows: Vec<Vec<String>> = classes
        .map(|class| {
            let words = |weight: &Option<views::Weight>, share: &Option<views::Share>| {
                let none = || "no such class".to_owned();
                let both = weight.as_ref().zip(share.as_ref());
                both.map_or_else(none, |(weight, share)| format!("{} ({})", weight.text, share.brief()))
            };
            let instead = words(&class.weight_instead, &class.share_instead);
            let line = format!("{instead} instead of {}", words(&class.weight, &class.share));
            vec![class.class.clone(), line]
        })
        .collect();
    part(&mut text, "Classes whose weight differs", rows.len() as u64, rows);
    let members = weights.members.shown.iter().map(|one| {
        let line = format!(
            "{} ({}) instead of {} ({})",
            one.weight_instead.text,
            one.share_instead.brief(),
            one.weight.text,
            one.share.brief()
        );
        vec![one.name.clone(), line]
    });
    part(&mut text, "Members whose part of all weight differs", weights.members.total, members.collect());
    text
}

/// Appends a heading with a count and the first rows, unless there are none.
pub fn part(text: &mut String, heading: &str, total: u64, mut rows: Vec<Vec<String>>) {
    if total == 0 {
        return;
    }
    rows.truncate(PRINTED);
    let left = total.saturating_sub(rows.len() as u64);
    let width = rows.iter().filter_map(|row| row.first()).map(|cell| cell.chars().count()).max();
    let width = width.unwrap_or(0);
    text.push_str(&format!("\n{heading} ({total}):\n"));
    for row in rows {
        let cells = (row.first(), row.get(1));
        if let (Some(first), Some(second)) = cells {
            let line = format!("  {first:width$}  {second}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    if left > 0 {
        text.push_str(&format!("  and {left} more\n"));
    }
}
