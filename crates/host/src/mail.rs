//! Letters to members by mail: kept beside the log in the transaction of what they tell, and sent later, by a thread of its own. Which
//! letters there are, the gate says (`gate/way/`). Without a server of mail there are none.

mod send;

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::error::Error;
use crate::gate::{record, records};
use crate::shared::Shared;
use crate::snapshot::Snapshot;

pub use send::{NoPost, Post};

/// Where letters are kept that wait or have failed, by a number of twelve digits; and [`SETTINGS`].
pub(crate) const MAIL: &str = "mail";
/// The record that says that mail is set up.
const SETTINGS: &str = "settings";
/// The record of the last number.
const LAST: &str = "last";

/// The most letters that wait; one more is not written, and the operator is told.
pub const MOST_WAITING: usize = 10_000;
/// The most tries of one letter.
pub const MOST_TRIES: u32 = 12;
/// The time for which a letter that has failed is kept, microseconds: 7 days.
const KEPT_US: i64 = 7 * 86_400_000_000;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// To which address.
    pub to: String,
    /// In one line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// When it was written, microseconds since 1970.
    pub made_us: i64,
    /// After this it is of no use any more, microseconds since 1970.
    pub until_us: i64,
    /// When it is sent, or tried again, microseconds since 1970.
    pub next_us: i64,
    /// How often it was tried.
    pub tries: u32,
    /// Why it has failed for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// How mail is set up, for whoever writes letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The address of the server's pages, without a slash at its end: links begin with it. Never taken from a request.
    pub(crate) address: String,
}

impl Snapshot {
    /// Whether there is a server of mail.
    ///
    /// # Errors
    /// A fault.
    pub fn has_mail(&self) -> Result<bool, Error> {
        let kept: Option<Settings> = self.beside.look(|store, coop| record(store, coop, MAIL, SETTINGS))?;
        Ok(kept.is_some())
    }

    /// The letters that wait or have failed, by their numbers.
    ///
    /// # Errors
    /// A fault.
    pub fn letters(&self) -> Result<Vec<(String, Letter)>, Error> {
        self.beside.look(|store, coop| records(store, coop, MAIL))
    }
}

impl Batch<'_> {
    /// How mail is set up, if it is.
    pub(crate) fn mail(&mut self) -> Result<Option<Settings>, Error> {
        record(&mut *self.coop.store, &self.coop.now.id, MAIL, SETTINGS)
    }

    /// Writes a letter that is of use before `until`. Nothing where there is no server of mail, or too many letters wait.
    pub(crate) fn write_letter(
        &mut self,
        to: &str,
        subject: &str,
        text: String,
        (now, until): (Moment, Moment),
    ) -> Result<(), Error> {
        if self.mail()?.is_none() {
            return Ok(());
        }
        let kept: Vec<(String, Letter)> = records(&mut *self.coop.store, &self.coop.now.id, MAIL)?;
        if kept.len() >= MOST_WAITING {
            return Ok(());
        }
        let last: Option<u64> = record(&mut *self.coop.store, &self.coop.now.id, MAIL, LAST)?;
        let number = last.unwrap_or_default().saturating_add(1);
        let letter = Letter {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text,
            made_us: now.0,
            until_us: until.0,
            next_us: now.0,
            tries: 0,
            failed: None,
        };
        self.put_json(MAIL, &format!("{number:012}"), &letter)?;
        self.put_json(MAIL, LAST, &number)
    }

    /// The name by which letters call the co-op, and a member.
    pub(crate) fn names_for_letters(&self, member: Pseudonym) -> (String, String) {
        let title = self.coop.now.state().rules.kernel.name.clone();
        (title, self.coop.now.directory.read().name(member))
    }
}

impl Shared {
    /// Notes whether there is a server of mail, and under which address links are.
    ///
    /// # Errors
    /// A fault.
    pub fn set_mail(&self, address: Option<&str>) -> Result<(), Error> {
        let settings = address.map(|address| Settings { address: address.trim_end_matches('/').to_owned() });
        let has = self.read().beside.look(|store, coop| record::<Settings>(store, coop, MAIL, SETTINGS))?;
        if has == settings {
            return Ok(());
        }
        self.write(move |batch| match &settings {
            Some(settings) => batch.put_json(MAIL, SETTINGS, settings),
            None => batch.delete(MAIL, SETTINGS.as_bytes()),
        })
    }
}

#[cfg(test)]
mod tests;
