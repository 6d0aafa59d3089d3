//! `rochdale check`: every mistake of a kernel or constitution at once.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use charter::Edition;

use crate::commands::document::{Above, Document, Severity, Unreadable, lsp, read_document};
use crate::commands::{print, print_json, read};
use crate::exit::Exit;

/// The next question of somebody whose rules have no mistakes.
const ATTACK_HINT: &str = "`rochdale attack` tries what somebody could take within these rules\n";

#[derive(Debug, clap::Args)]
pub struct Check {
    /// A kernel, a constitution, or with `--decision` a constitution inside one
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    above: Above,
    /// Check against the rules in force in this co-op
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kernel", "constitutions"])]
    dir: Option<PathBuf>,
    /// Print an array of LSP diagnostics
    #[arg(long)]
    json: bool,
}

impl Check {
    pub fn run(self) -> Result<(), Exit> {
        let coop = self.dir.as_deref().map(read).transpose()?;
        let rules = coop.as_ref().map(|coop| &*coop.state().rules);
        let mistaken = match read_document(&self.file, &self.above, rules) {
            Ok(document) => {
                let notes = document.notes();
                if self.json {
                    return print_json(&lsp(notes, &document.text, Severity::Note));
                }
                let name = &document.name;
                let notes = notes.iter().map(|note| format!("{} (a note)\n", note.in_file(name)));
                let notes: String = notes.collect();
                // For people alone: a script reads one line for each file.
                let hint = if std::io::stdout().is_terminal() { ATTACK_HINT } else { "" };
                let gains = gains(&document);
                return print(&format!("{notes}{gains}{name}: no mistakes\n{hint}"));
            }
            Err(Unreadable::Exit(exit)) => return Err(exit),
            Err(Unreadable::Mistakes(mistaken)) => mistaken,
        };
        if self.json {
            print_json(&lsp(&mistaken.mistakes, &mistaken.text, Severity::Mistake))?;
        } else {
            print(&mistaken.lines())?;
        }
        Err(Exit::no(""))
    }
}

/// Says what becoming two members gains under a kernel of edition 2 or later, a line each.
fn gains(document: &Document) -> String {
    let kernel = &document.rules.kernel;
    if document.decision != "kernel" || kernel.edition < Edition::TWO {
        return String::new();
    }
    charter::explain_splitting(kernel).into_iter().map(|sentence| sentence + "\n").collect()
}
