//! `rochdale propose`: a member puts a document up for election.

use std::path::PathBuf;

use charter::Unread;
use engine::rules::brought::holds_rules;
use engine::{Actor, digest, intent};
use host::{Submission, Submitted, clock};
use serde_json::json;

use crate::commands::act::refusal_json;
use crate::commands::document::{Mistaken, Severity, lsp, read_text};
use crate::commands::weights::find;
use crate::commands::{date_to_move_to, print, print_json, write};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Propose {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The document's decision: `constitution`, `kernel`, or one such as `code-of-conduct`
    #[arg(value_name = "DECISION")]
    decision: String,
    /// The document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The proposer: a name or a pseudonym
    #[arg(long = "as", value_name = "MEMBER")]
    member: String,
    /// The log's time for this act; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Propose {
    pub fn run(self) -> Result<(), Exit> {
        let text = read_text(&self.file)?;
        let mut coop = write(&self.dir)?;
        let member = find(&mut coop, &self.member)?;
        let now = match &self.at {
            Some(text) => date_to_move_to(text, &coop)?,
            None => clock::now(),
        };
        if holds_rules(coop.state(), &self.decision)
            && let Err(Unread::Mistakes(mistakes)) = coop.state().rules.with_document(&self.decision, &text)
        {
            return self.tell(&text, mistakes);
        }
        let act = intent::propose(member, &self.decision, &text);
        let submission = Submission { act, actor: Actor::Member(member), key: String::new(), nonce: String::new() };
        let words = format!("proposed for `{}`: {}", self.decision, digest::hex(text.as_bytes()));
        answer(coop.submit(&[submission], now)?.pop(), &words, self.json)
    }

    fn tell(&self, text: &str, mistakes: Vec<charter::Diagnostic>) -> Result<(), Exit> {
        if self.json {
            print_json(&json!({ "mistakes": lsp(&mistakes, text, Severity::Mistake) }))?;
        } else {
            let mistaken = Mistaken { name: self.file.display().to_string(), text: text.to_owned(), mistakes };
            print(&mistaken.lines())?;
        }
        Err(Exit::no(""))
    }
}

/// Prints the answer to one act: `words` behind the entry if it is in the log.
pub fn answer(submitted: Option<Submitted>, words: &str, as_json: bool) -> Result<(), Exit> {
    match submitted {
        Some(Submitted::Accepted(receipt)) if as_json => print_json(&json!({ "receipt": receipt })),
        Some(Submitted::Accepted(receipt)) => print(&format!("entry {}, {}: {words}\n", receipt.entry, receipt.time)),
        Some(Submitted::Refused(refusal)) if as_json => {
            print_json(&json!({ "refusal": refusal_json(&refusal) }))?;
            Err(Exit::no(""))
        }
        Some(Submitted::Refused(refusal)) => Err(Exit::no(refusal.to_string())),
        Some(Submitted::KeyReused(_)) | None => Err(Exit::world("the act was not answered")),
    }
}
