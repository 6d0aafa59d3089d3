//! `rochdale explain`: a document in plain English, with the numbers of the co-op at hand.

use std::path::PathBuf;

use charter::{Explained, Facts, explain_constitution_at, explain_kernel};
use engine::chamber::ROOT;
use engine::rules::amendment::KERNEL;
use serde_json::{Value, json};

use crate::commands::document::{Above, Document, coop_at_hand, read_document};
use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A kernel, a constitution, or with `--decision` a constitution inside one
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    above: Above,
    /// The co-op whose numbers are worked out; the one in the file's own folder if not given
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub fn run(self) -> Result<(), Exit> {
        let coop = coop_at_hand(self.dir.as_deref(), &self.file)?;
        let in_force = coop.as_ref().map(|coop| &*coop.state().rules);
        let rules = in_force.filter(|_| self.above.kernel.is_none());
        let document = read_document(&self.file, &self.above, rules)?;
        let facts = coop.as_ref().map(|coop| views::facts(coop.state(), &document.rules.kernel, coop.directory()));
        let explained = explain(&document, facts.as_ref());
        if self.json {
            let value = |one: &Explained| -> Value {
                json!({ "name": one.name, "line": one.line, "sentences": one.sentences })
            };
            return print_json(&explained.iter().map(value).collect::<Vec<_>>());
        }
        print(&in_words(&explained))
    }
}

/// Returns a document in plain English, a class, field or clause at a time.
fn explain(document: &Document, facts: Option<&Facts>) -> Vec<Explained> {
    let rules = &document.rules;
    let path = match document.decision.as_str() {
        KERNEL => return explain_kernel(&rules.kernel, facts),
        ROOT => "",
        path => path,
    };
    let constitution = rules.constitution_at(path);
    constitution.map_or_else(Vec::new, |constitution| explain_constitution_at(path, constitution, &rules.kernel, facts))
}

/// Returns a name, and its sentences under it.
pub fn in_words(explained: &[Explained]) -> String {
    let parts = explained.iter().map(|one| {
        let sentences = one.sentences.iter();
        let sentences: String = sentences.map(|words| format!("  {words}\n")).collect();
        format!("{}\n{sentences}", one.name)
    });
    parts.collect::<Vec<_>>().join("\n")
}
