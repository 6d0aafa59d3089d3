//! `rochdale diff`: the changes for members if one document took another's place.

use std::path::PathBuf;

use host::{Version, rules_diff};
use views::{HereDiff, RulesDiff};

use crate::commands::document::{Above, coop_at_hand, read_document};
use crate::commands::dry_run::{part, weights_in_words};
use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The document as it is: a kernel, a constitution, or with `--decision` a constitution inside one
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The document as it would be
    #[arg(value_name = "B")]
    after: PathBuf,
    #[command(flatten)]
    above: Above,
    /// The co-op for which the difference is worked out; the one in A's own folder, or B's, if not given
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Diff {
    pub fn run(self) -> Result<(), Exit> {
        let coop = match coop_at_hand(self.dir.as_deref(), &self.before)? {
            Some(coop) => Some(coop),
            None => coop_at_hand(None, &self.after)?,
        };
        let in_force = coop.as_ref().map(|coop| &*coop.state().rules);
        let rules = in_force.filter(|_| self.above.kernel.is_none());
        let before = read_document(&self.before, &self.above, rules)?;
        let after = read_document(&self.after, &self.above, rules)?;
        if before.decision != after.decision {
            return Err(Exit::input(format!(
                "`{}` is a {} and `{}` is a {}: nothing can be compared",
                before.name, before.decision, after.name, after.decision
            )));
        }
        let version = |document| {
            let document: &crate::commands::document::Document = document;
            Version { rules: &document.rules, text: Some(&document.text) }
        };
        let here = coop.as_ref().map(|coop| (coop.state(), coop.directory()));
        let diff = rules_diff(&before.decision, version(&before), version(&after), here);
        match self.json {
            true => print_json(&diff),
            false => print(&in_words(&diff)),
        }
    }
}

fn in_words(diff: &RulesDiff) -> String {
    let mut text = String::new();
    for effect in &diff.effects {
        text.push_str(&format!("{}: {}\n", effect.about, effect.words));
    }
    if diff.effects.is_empty() {
        text.push_str("Nothing would change for members.\n");
    }
    if let Some(here) = &diff.here {
        here_in_words(here, &mut text);
    }
    text
}

fn here_in_words(here: &HereDiff, text: &mut String) {
    if let Some(why) = &here.impossible {
        text.push_str(&format!("\nIn this co-op it cannot take force: {why}.\n"));
    }
    text.push_str(&weights_in_words(&here.weights));
    for (heading, names) in [("Decisions that open", &here.opened), ("Decisions that close", &here.closed)] {
        let rows = names.iter().map(|name| vec![name.clone(), String::new()]);
        part(text, heading, names.len() as u64, rows.collect());
    }
    let out = here.no_longer_check.shown.iter();
    let rows = out.map(|one| vec![one.decision.clone(), one.title.clone()]);
    part(text, "Documents that no longer check", here.no_longer_check.total, rows.collect());
    let freed = here.freed.shown.iter();
    let rows = freed.map(|one| vec![one.name.clone(), format!("{} from {}", one.share.text, one.decision)]);
    part(text, "Shares that come free", here.freed.total, rows.collect());
}
