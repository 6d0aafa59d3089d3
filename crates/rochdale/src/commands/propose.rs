//! `rochdale propose`: a member puts a document up for election.

use std::path::PathBuf;

use charter::Unread;
use engine::rules::brought::holds_rules;
use engine::{Actor, digest, intent};
use host::{Submission, Submitted};
use quantity::Zone;
use serde_json::json;

use crate::caller::{Caller, time_of};
use crate::commands::act::refusal_json;
use crate::commands::document::{Mistaken, Severity, lsp, read_open};
use crate::commands::weights::named;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Propose {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
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
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let text = read_open(caller.open(&self.file)?, &self.file)?;
        let mut coop = caller.write(&self.dir)?;
        let member = named(coop.find_member(&self.member)?, &self.member)?;
        let present = coop.read();
        let now = time_of(self.at.as_deref(), &present)?;
        if holds_rules(present.state(), &self.decision)
            && let Err(Unread::Mistakes(mistakes)) = present.state().rules.with_document(&self.decision, &text)
        {
            return self.tell(caller, &text, mistakes);
        }
        let act = intent::propose(member, &self.decision, &text);
        let submission =
            Submission { act, actor: Actor::Desk(member), key: String::new(), nonce: String::new(), signed: None };
        let words = format!("proposed for `{}`: {}", self.decision, digest::hex(text.as_bytes()));
        let zone = &present.state().rules.kernel.zone;
        answer(caller, zone, coop.submit(vec![submission], now)?.pop(), &words, self.json)
    }

    fn tell(&self, caller: &Caller, text: &str, mistakes: Vec<charter::Diagnostic>) -> Result<(), Exit> {
        if self.json {
            caller.print_json(&json!({ "mistakes": lsp(&mistakes, text, Severity::Mistake) }))?;
        } else {
            let mistaken = Mistaken { name: self.file.display().to_string(), text: text.to_owned(), mistakes };
            caller.print(&mistaken.lines())?;
        }
        Err(Exit::no(""))
    }
}

/// Prints the answer to one act: `words` behind the entry if it is in the log, and when, in the co-op's zone.
pub fn answer(
    caller: &Caller,
    zone: &Zone,
    submitted: Option<Submitted>,
    words: &str,
    as_json: bool,
) -> Result<(), Exit> {
    match submitted {
        Some(Submitted::Accepted(receipt)) if as_json => caller.print_json(&json!({ "receipt": receipt })),
        Some(Submitted::Accepted(receipt)) => {
            caller.print(&format!("entry {}, {}: {words}\n", receipt.entry, zone.written(receipt.time)))
        }
        Some(Submitted::Refused(refusal)) if as_json => {
            caller.print_json(&json!({ "refusal": refusal_json(&refusal) }))?;
            Err(Exit::no(""))
        }
        Some(Submitted::Refused(refusal)) => Err(Exit::no(refusal.to_string())),
        Some(Submitted::KeyReused(_)) | None => Err(Exit::world("the act was not answered")),
    }
}
