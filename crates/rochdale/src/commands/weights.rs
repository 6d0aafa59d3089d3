//! `rochdale weights`: every member's weight, and why.

use engine::weight::{Sources, Sums, weigh};
use quantity::format_micro;
use views::WeightExplained;
use views::Whom;

use crate::Folder;
use crate::commands::{csv, date, present, print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Weights {
    #[command(flatten)]
    folder: Folder,
    /// By support given up to this date
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// One member only: a name or a pseudonym
    #[arg(long, value_name = "M")]
    member: Option<String>,
    /// Explain it line by line: records, decay, scaling, cap
    #[arg(long)]
    explain: bool,
    /// Members without weight too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

impl Weights {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = read(&self.folder.dir)?;
        let past = self.at.as_deref().map(|text| date(text, &coop)).transpose()?;
        let at = past.unwrap_or_else(|| present(&coop));
        let who = match &self.member {
            Some(name) => Some(named(coop.find_member(name)?, name)?),
            None => None,
        };
        let weighed = past.map_or(Ok(None), |at| coop.weighed_at(at))?;
        let state = weighed.as_ref().unwrap_or(coop.state());
        let mut sources = Sources::default();
        let weights = weigh(&state.rules.kernel, &state.members, state.given(), &mut sources, at, 1);
        if self.explain {
            let Some(who) = who else {
                return Err(Exit::input("`--explain` needs `--member M`"));
            };
            let sums = Sums::of(&state.rules.kernel, &state.members, &weights);
            let sight = views::Sight { state, ..coop.sight(at) };
            let explained = views::explain_at(&sight, who, (&weights, &sums), &sources);
            let Some(explained) = explained else {
                return Err(Exit::no("there is nothing to explain"));
            };
            return if self.json { print_json(&explained) } else { print(&explanation(&explained)) };
        }
        let whom = match who {
            Some(who) => Whom::One(who),
            None if self.all => Whom::Everyone,
            None => Whom::WithWeight,
        };
        let report = views::weights_report(&state.rules.kernel, &state.members, &weights, coop.directory(), at, whom);
        if self.json {
            return print_json(&report);
        }
        let mut rows = vec![vec!["member".to_owned(), "weight".to_owned()]];
        rows.extend(report.members.iter().map(|row| vec![row.name.clone(), format_micro(i128::from(row.weight))]));
        match (self.csv, report.members.is_empty()) {
            (true, _) => print(&csv(&rows)),
            (false, true) => print(&format!("nobody has weight by the support given up to {}\n", report.at)),
            (false, false) => print(&format!("{}as of {}, by the support dated up to then\n", table(&rows), report.at)),
        }
    }
}

/// Returns an explanation as lines for people.
fn explanation(explained: &WeightExplained) -> String {
    let mut text = String::new();
    for class in &explained.classes {
        text.push_str(&format!("{}: {}\n", class.class, class.formula));
        let rows: Vec<Vec<String>> = class
            .lines
            .iter()
            .map(|line| vec![format!("{}{}", "  ".repeat(line.depth as usize + 1), line.words), line.value.clone()])
            .collect();
        text.push_str(&table(&rows));
        text.push_str(&format!(
            "  earned {}, after scaling {}, after the cap {}\n\n",
            class.earned.text, class.scaled.text, class.capped.text
        ));
    }
    if let Some(cap) = &explained.cap {
        text.push_str(&format!("{}: {} before, {} after\n", cap.words, cap.before.text, cap.after.text));
    }
    if let Some(founding) = &explained.founding {
        text.push_str(&format!("{}: {}\n", founding.words, founding.weight.text));
    }
    text.push_str(&format!("weight {}, {} of all weight\n", explained.total.text, explained.share.text));
    text
}

/// Returns the member called `name`.
pub fn named(found: Option<engine::Pseudonym>, name: &str) -> Result<engine::Pseudonym, Exit> {
    found.ok_or_else(|| Exit::no(format!("nobody in the register is called `{name}`")))
}
