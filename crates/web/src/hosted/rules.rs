//! Texts of rules: checked against what stands above them, and tried on the past. `charter` checks and `host` replays.

use charter::Unread;
use host::{Error, Proposal};
use quantity::Moment;
use std::sync::TryLockError;
use views::{Directory, DocumentCard, RulesCheck, Sight};

use super::{HostDesk, down};
use crate::desk::Tried;
use crate::trouble::Trouble;

/// What the checker says of a text, and what it would change today.
pub(super) fn check(sight: &Sight<'_>, decision: &str, text: &str) -> Result<RulesCheck, Trouble> {
    let read = sight.state.rules.with_document(decision, text);
    let rules = match read {
        Ok(rules) => rules,
        Err(Unread::Mistakes(mistakes)) => return Ok(views::mistaken(text, &mistakes)),
        Err(Unread::NoSuchDecision) => return Err(Trouble::Absent),
    };
    let change = host::diff_to_force(sight.state, sight.directory, decision, text).ok();
    Ok(views::checked(sight, decision, text, &rules, change))
}

impl HostDesk {
    /// Tries a text on the past since a date, unless somebody else does so just now.
    pub(super) fn try_on_the_past(&self, decision: &str, text: &str, from: &str) -> Result<Tried, Trouble> {
        let _one_at_a_time = match self.trying.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(Tried::Busy),
        };
        let from = Moment::parse(from).map_err(|why| Trouble::bad("from", why))?;
        let proposal = Proposal { decision: decision.to_owned(), name: decision.to_owned(), text: text.into() };
        match self.shared.dry_run(&[proposal], Some(from)) {
            Ok(run) => {
                let coop = self.shared.read().map_err(down)?;
                let mut documents = coop.directory().documents.clone();
                documents.insert(engine::digest::hex(text.as_bytes()), DocumentCard::of(text));
                let directory = Directory { documents: &documents, ..coop.directory() };
                let report = views::dry_run_report(&run, directory);
                Ok(Tried::Report(Box::new(report)))
            }
            Err(Error::Usage(why)) => Ok(Tried::CannotBe(why)),
            Err(Error::Refused(refusal)) => Ok(Tried::CannotBe(refusal.why)),
            Err(Error::Rules { mistakes, .. }) => {
                let why: Vec<String> = mistakes.into_iter().map(|one| one.why).collect();
                Ok(Tried::CannotBe(why.join("; ")))
            }
            Err(error) => Err(down(error)),
        }
    }
}
