//! All that somebody chooses of a bridge, and why a choice is none.

use std::collections::BTreeSet;

use bridges::forge::{NoAnswer, NoForge, NotRead, Reach, Site};
use bridges::open_collective::{self, Collective};
use bridges::{FarEnd, Identity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Bridge;
use crate::error::Error;

/// The longest time between two readings of a forge, minutes: a day.
pub const MOST_MINUTES: u32 = 1_440;
/// The shortest.
const FEWEST_MINUTES: u32 = 1;
/// The usual one.
const MINUTES: u32 = 10;
/// The most accounts that are left out as programs.
const MOST_BOTS: usize = 100;
/// The longest name of a list or an account, bytes.
const LONGEST_NAME: usize = 64;
/// The rankings that take a forge's issues have `of="forge"`.
const LIST: &str = "forge";

/// The choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeSettings {
    /// The service that it speaks with.
    #[serde(rename = "dialect")]
    pub to: FarEnd,
    /// The address of the repository's or the collective's page.
    pub address: String,
    /// The rankings to which its issues go, by their `of`; none takes no issues in.
    pub list: Option<String>,
    /// The work that counts as a contribution.
    #[serde(default)]
    pub counts: BTreeSet<Counts>,
    /// Authors whom nobody here knows.
    #[serde(default)]
    pub strangers: Strangers,
    /// Accounts that are programs.
    #[serde(default)]
    pub bots: BTreeSet<String>,
    /// The forge is read every so many minutes.
    pub every_minutes: u32,
    /// How far calls may reach.
    #[serde(default)]
    pub reach: Reach,
}

/// A kind of work that counts as a contribution: one credit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// A commit on the main branch; merges count nothing.
    Commits,
    /// A change that was merged.
    Changes,
    /// A review of a change that was merged: one for each change and reviewer.
    Reviews,
}

impl Counts {
    /// Every kind.
    pub const ALL: [Counts; 3] = [Counts::Commits, Counts::Changes, Counts::Reviews];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Counts::Commits => "commits",
            Counts::Changes => "changes",
            Counts::Reviews => "reviews",
        }
    }
}

/// Contributions of somebody whom nobody here knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strangers {
    /// They wait until their author is a member.
    #[default]
    Wait,
    /// Their author becomes a member, as with a repository that is imported.
    Join,
}

impl Strangers {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Strangers::Wait => "wait",
            Strangers::Join => "join",
        }
    }
}

/// Why there is no such bridge, or it does not work.
#[derive(Debug, thiserror::Error)]
pub enum NoBridge {
    /// A wish that cannot be had, in words.
    #[error("{0}")]
    Asked(String),
    /// The forge did not answer as it should.
    #[error("{0}")]
    Forge(#[from] NotRead),
    /// Open Collective did not answer as it should.
    #[error("{0}")]
    Collective(#[from] open_collective::NotRead),
    /// A refusal or a fault.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<NoForge> for NoBridge {
    fn from(why: NoForge) -> NoBridge {
        NoBridge::Asked(why.0)
    }
}

impl NoBridge {
    /// Returns the seconds for which the far end asks to be left alone.
    #[must_use]
    pub const fn limited(&self) -> Option<u32> {
        match self {
            NoBridge::Forge(NotRead::NoAnswer(NoAnswer::Limited(seconds)))
            | NoBridge::Collective(open_collective::NotRead::Limited(seconds)) => Some(*seconds),
            _ => None,
        }
    }

    /// Returns whether there is nothing at the address that anybody could read.
    #[must_use]
    pub const fn is_nowhere(&self) -> bool {
        matches!(
            self,
            NoBridge::Forge(NotRead::NoRepository | NotRead::Moved(_))
                | NoBridge::Collective(open_collective::NotRead::NoAccount)
        )
    }
}

impl BridgeSettings {
    /// Settings for a repository: its issues come in, and nothing counts as a contribution; or for a collective, whose transactions all
    /// come in. Where no service is named, the address says which it is ([`FarEnd::recognised`]).
    ///
    /// # Errors
    /// An address that is not well known, without its service; or one that may not be called.
    pub fn of(address: &str, to: Option<FarEnd>, reach: Reach) -> Result<BridgeSettings, NoBridge> {
        let (to, address) = match to {
            Some(to) => (to, address.trim().to_owned()),
            None => FarEnd::recognised(address, reach)?,
        };
        let (address, list, strangers) = match to {
            FarEnd::Forge(dialect) => {
                (Site::parse(dialect, &address, reach)?.page, Some(LIST.to_owned()), Strangers::default())
            }
            // Who gives is a member by it, as in a file of the same transactions.
            FarEnd::OpenCollective => (Collective::parse(&address, reach)?.page, None, Strangers::Join),
        };
        Ok(BridgeSettings {
            to,
            address,
            list,
            counts: BTreeSet::new(),
            strangers,
            bots: BTreeSet::new(),
            every_minutes: MINUTES,
            reach,
        })
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// The first that cannot be, in words.
    pub fn check(&self) -> Result<(), NoBridge> {
        let asked = |why: String| Err(NoBridge::Asked(why));
        self.place()?;
        if self.to == FarEnd::OpenCollective {
            if self.list.is_some() || !self.counts.is_empty() || !self.bots.is_empty() {
                return asked(
                    "a collective has no issues, no commits and no programs: its transactions come in".to_owned(),
                );
            }
            return self.check_minutes();
        }
        let is_name = |name: &String| {
            !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if let Some(list) = self.list.as_ref().filter(|list| !is_name(list)) {
            return asked(format!("`{list}` is no name of a list: give the word that the ranking has after `of`"));
        }
        if self.counts.contains(&Counts::Commits) && self.counts.contains(&Counts::Changes) {
            return asked("commits and merged changes would count the same work twice: choose one of them".to_owned());
        }
        if self.list.is_none() && self.counts.is_empty() {
            return asked("it would bring nothing in: take issues, or count commits, changes or reviews".to_owned());
        }
        if self.bots.len() > MOST_BOTS || !self.bots.iter().all(is_name) {
            return asked(format!("name at most {MOST_BOTS} accounts that are programs, a word each"));
        }
        self.check_minutes()
    }

    fn check_minutes(&self) -> Result<(), NoBridge> {
        if !(FEWEST_MINUTES..=MOST_MINUTES).contains(&self.every_minutes) {
            return Err(NoBridge::Asked(format!("it is read every {FEWEST_MINUTES} to {MOST_MINUTES} minutes")));
        }
        Ok(())
    }

    /// Reads kinds of work that are parted by commas or spaces.
    ///
    /// # Errors
    /// A word that is none.
    pub fn counts_of(text: &str) -> Result<BTreeSet<Counts>, NoBridge> {
        let words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let known = Counts::ALL.into_iter().find(|kind| kind.name() == word.to_lowercase());
                known.ok_or_else(|| {
                    NoBridge::Asked(format!("`{word}` is nothing that counts: one of commits, changes, reviews"))
                })
            })
            .collect()
    }

    /// Reads the accounts that are programs, parted by commas or spaces. A mark before a name (`@`) is no part of it.
    #[must_use]
    pub fn bots_of(text: &str) -> BTreeSet<String> {
        let words =
            text.split(|sign: char| sign == ',' || sign.is_whitespace()).map(|word| word.trim_start_matches('@'));
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// The repository; of a collective there is none.
    pub(super) fn site(&self) -> Result<Site, NoBridge> {
        match self.to {
            FarEnd::Forge(dialect) => Ok(Site::parse(dialect, &self.address, self.reach)?),
            FarEnd::OpenCollective => Err(NoBridge::Asked(format!("`{}` is no repository", self.address))),
        }
    }

    pub(super) fn collective(&self) -> Result<Collective, NoBridge> {
        Ok(Collective::parse(&self.address, self.reach)?)
    }

    /// The repository or the collective as reports name it.
    pub(super) fn place(&self) -> Result<String, NoBridge> {
        Ok(match self.to {
            FarEnd::Forge(_) => self.site()?.place().to_owned(),
            FarEnd::OpenCollective => self.collective()?.place().to_owned(),
        })
    }
}

impl Bridge {
    /// Whether somebody is left out as a program: by the name by which they sign in, or by that in a commit.
    pub(super) fn is_bot(&self, person: &Identity) -> bool {
        let names = [person.handle.as_deref(), Some(person.name.as_str())];
        let is = |name: &str| self.settings.bots.iter().any(|bot| bot.eq_ignore_ascii_case(name.trim()));
        names.into_iter().flatten().any(is)
    }
}
