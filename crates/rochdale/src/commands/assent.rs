//! `rochdale assent`: a member agrees to another kernel, or no longer does.

use std::path::PathBuf;

use engine::Actor;
use engine::act::{Act, Assent as AssentAct};
use host::Submission;

use crate::caller::{Caller, time_of};
use crate::commands::propose::answer;
use crate::commands::weights::named;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Assent {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The proposed kernel: its SHA-256, or the first 8 or more of its digits
    #[arg(value_name = "DOCUMENT")]
    document: String,
    /// The member: a name or a pseudonym
    #[arg(long = "as", value_name = "MEMBER")]
    member: String,
    /// No longer agree
    #[arg(long)]
    take_back: bool,
    /// The log's time for this act; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The fewest digits that name a document.
const FEWEST_DIGITS: usize = 8;

impl Assent {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        if self.document.len() < FEWEST_DIGITS {
            return Err(Exit::input(format!(
                "`{}` is too short: give the first {FEWEST_DIGITS} digits at least",
                self.document
            )));
        }
        let mut coop = caller.write(&self.dir)?;
        let member = named(coop.find_member(&self.member)?, &self.member)?;
        let present = coop.read();
        let now = time_of(self.at.as_deref(), &present)?;
        let open: Vec<String> = present.state().open_to_assent().map(str::to_owned).collect();
        let mut meant = open.into_iter().filter(|one| one.starts_with(&self.document));
        let document = match (meant.next(), meant.next()) {
            (Some(one), None) => one,
            (None, _) => {
                let words = format!("no proposed kernel and no announced edition begins with `{}`", self.document);
                return Err(Exit::no(words));
            }
            (Some(_), Some(_)) => {
                let words = format!("several proposed kernels begin with `{}`: give more digits", self.document);
                return Err(Exit::input(words));
            }
        };
        let words = match self.take_back {
            true => format!("no longer agrees to {document}"),
            false => format!("agrees to {document}"),
        };
        let act = Act::Assent(AssentAct { member, document, assent: !self.take_back });
        let submission =
            Submission { act, actor: Actor::Desk(member), key: String::new(), nonce: String::new(), signed: None };
        let zone = &present.state().rules.kernel.zone;
        answer(caller, zone, coop.submit(vec![submission], now)?.pop(), &words, self.json)
    }
}
