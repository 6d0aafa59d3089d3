//! Bridges to forges and to Open Collective: which repository or collective, with which token and secret, how far it was read, and how
//! it went. They are kept beside the log, and are the operator's word; what a bridge records is an entry like others.

mod address;
mod desk;
mod hook;
mod keeper;
mod ledger;
mod poll;
mod settings;
mod taking;
mod vault;

use std::collections::BTreeMap;

use bridges::FarEnd;
use bridges::forge::{Forge, Reach, Site};
use bridges::open_collective::Teller;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::error::Error;
use crate::gate::{record, records};
use crate::inbox::Bringer;
use crate::snapshot::Snapshot;
pub use address::{Arrived, arrive};
pub use desk::{BridgeReport, MadeBridge, add, remove, renew_secret, set_bots, set_running, set_token};
pub use hook::{Delivered, Hook, NotHeard};
pub use keeper::Keeper;
pub use ledger::Ledger;
pub(crate) use ledger::Seen;
pub use poll::{DryRun, Polled, dry_run, poll, tested};
pub use settings::{BridgeSettings, Counts, MOST_MINUTES, NoBridge, Strangers};
pub(crate) use taking::{Outside, Waiting};
pub use vault::{Sealed, Vault};

/// Where bridges are kept beside the log.
pub(crate) const BRIDGES: &str = "bridge";
/// The most bridges of a co-op.
const MOST_BRIDGES: usize = 50;
/// The most issues of a bridge that wait to be asked for by themselves.
const MOST_ASKS: usize = 1_000;

/// A bridge to one repository or one collective.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// All that somebody chose.
    pub settings: BridgeSettings,
    /// Whether it brings anything in.
    pub state: Running,
    /// Who made it.
    pub by: Bringer,
    /// When, microseconds since 1970.
    pub made_us: i64,
    /// The forge's token, where it has one.
    pub token: Option<Sealed>,
    /// The secret of its webhook.
    pub secret: Sealed,
    /// The secret before that, and until when it is good too.
    pub secret_before: Option<(Sealed, i64)>,
    /// How far the forge was read.
    pub cursors: Cursors,
    /// Issues of which the forge is asked at the next reading, and since when, microseconds since 1970.
    #[serde(default)]
    pub asks: BTreeMap<u64, i64>,
    /// How it went.
    pub heard: Heard,
}

/// Whether a bridge brings anything in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Running {
    /// It was made, and waits for a *go*.
    New,
    /// It does.
    Going,
    /// Somebody stopped it.
    Paused,
}

impl Running {
    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Running::New => "new",
            Running::Going => "going",
            Running::Paused => "paused",
        }
    }
}

/// How far a forge was read: kept in the transaction of what was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    /// Its issues.
    #[serde(default)]
    pub issues: Walk,
    /// Its changes.
    #[serde(default)]
    pub changes: Walk,
    /// Its commits.
    #[serde(default)]
    pub commits: Walk,
    /// The newest commit that is read.
    #[serde(default)]
    pub head: Option<String>,
    /// When open issues were compared with the forge's last, microseconds since 1970.
    #[serde(default)]
    pub compared_us: Option<i64>,
    /// A collective's transactions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger>,
}

/// A walk along the pages of a list, from what changed last to what has not changed since the last walk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// Everything that changed before is read; microseconds since 1970 by the forge's clock.
    #[serde(default)]
    pub since_us: Option<i64>,
    /// The page that is next; 0 where no walk is under way.
    #[serde(default)]
    pub page: u32,
    /// The newest change on the first page of this walk: the next walk begins there.
    #[serde(default)]
    pub newest_us: Option<i64>,
}

/// How a bridge went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// When the forge answered last or sent something, microseconds since 1970.
    #[serde(default)]
    pub last_us: Option<i64>,
    /// When a delivery came last.
    #[serde(default)]
    pub delivery_us: Option<i64>,
    /// When the forge was read last.
    #[serde(default)]
    pub poll_us: Option<i64>,
    /// When it is read next.
    #[serde(default)]
    pub next_us: i64,
    /// When the log was told that the source was heard.
    #[serde(default)]
    pub told_us: Option<i64>,
    /// The last failure since the last success.
    #[serde(default)]
    pub trouble: Option<Trouble>,
    /// Deliveries that were taken.
    #[serde(default)]
    pub deliveries: u64,
    /// Deliveries of events on which nothing here depends.
    #[serde(default)]
    pub others: u64,
    /// The name of the last of them.
    #[serde(default)]
    pub other: Option<String>,
    /// Facts that were recorded.
    #[serde(default)]
    pub recorded: u64,
    /// Records that were left out.
    #[serde(default)]
    pub left_out: u64,
    /// Contributions that wait until their author is a member.
    #[serde(default)]
    pub waiting: u64,
    /// The newest release, and when it was published.
    #[serde(default)]
    pub release: Option<(String, i64)>,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When, microseconds since 1970.
    pub at_us: i64,
    /// The reason, in words.
    pub why: String,
    /// How many times in a row.
    pub times: u32,
}

impl Heard {
    /// Has the forge read at once; after a failure it is read when its time has come.
    fn soon(&mut self, now: Moment) {
        if self.trouble.is_none() {
            self.next_us = self.next_us.min(now.0);
        }
    }
}

impl Bridge {
    /// Has the forge asked for an issue at the next reading; where there are many, all are compared.
    fn ask(&mut self, number: u64, now: Moment) {
        let before = self.asks.get(&number).copied();
        if before.is_none() && self.asks.len() >= MOST_ASKS {
            self.cursors.compared_us = None;
        } else {
            let later = before.map_or(now.0, |at| now.0.max(at.saturating_add(1)));
            self.asks.insert(number, later);
        }
        self.heard.soon(now);
    }

    /// The repository.
    ///
    /// # Errors
    /// The address is none that may be called any more.
    pub fn site(&self) -> Result<Site, NoBridge> {
        self.settings.site()
    }

    /// The repository as facts name it.
    #[must_use]
    pub fn place(&self) -> String {
        self.settings.place().unwrap_or_else(|_| self.settings.address.clone())
    }

    /// A caller of the forge, with its token.
    ///
    /// # Errors
    /// The key of the vault is not there, or the address is none that may be called.
    pub fn forge(&self, id: &str, vault: &Vault) -> Result<Forge, NoBridge> {
        let token = self.token.as_ref().map(|token| vault.unsealed(id, "token", token)).transpose()?;
        Forge::new(self.site()?, token.as_deref(), self.settings.reach).map_err(NoBridge::from)
    }

    /// A caller of Open Collective, with its token.
    ///
    /// # Errors
    /// As [`Bridge::forge`].
    pub fn teller(&self, id: &str, vault: &Vault) -> Result<Teller, NoBridge> {
        let token = self.token.as_ref().map(|token| vault.unsealed(id, "token", token)).transpose()?;
        Teller::new(self.settings.collective()?, token.as_deref(), self.settings.reach).map_err(NoBridge::from)
    }

    /// The secrets that are good at `now`.
    ///
    /// # Errors
    /// The key of the vault is not there.
    pub fn secrets(&self, id: &str, vault: &Vault, now: Moment) -> Result<Vec<String>, NoBridge> {
        let before = self.secret_before.as_ref().filter(|(_, until)| now.0 < *until).map(|(secret, _)| secret);
        [Some(&self.secret), before].into_iter().flatten().map(|secret| vault.unsealed(id, "secret", secret)).collect()
    }

    /// The source that its records are heard under ([`engine::act::SourceHeard`]).
    #[must_use]
    pub fn source(&self) -> String {
        match self.settings.to {
            FarEnd::Forge(_) => format!("forge/{}", self.place()),
            FarEnd::OpenCollective => {
                let place = self.place();
                let own = place.strip_prefix(bridges::open_collective::HOST).and_then(|rest| rest.strip_prefix('/'));
                format!("open-collective/{}", own.unwrap_or(&place))
            }
        }
    }

    /// The kinds of support that it keeps from falling silent.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let kinds: &[&str] = match self.settings.to {
            FarEnd::OpenCollective => &["donation", "pledge"],
            FarEnd::Forge(_) if !self.settings.counts.is_empty() => &["contribution"],
            FarEnd::Forge(_) => &[],
        };
        kinds.iter().map(|kind| (*kind).to_owned()).collect()
    }

    /// Where its webhook is, on this server.
    #[must_use]
    pub fn hook(id: &str) -> String {
        format!("/hooks/{id}")
    }

    /// The service that it speaks with.
    #[must_use]
    pub const fn to(&self) -> FarEnd {
        self.settings.to
    }

    /// How far it may reach.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.settings.reach
    }
}

impl Snapshot {
    /// Every bridge by its id, the oldest first.
    ///
    /// # Errors
    /// A fault.
    pub fn bridges(&self) -> Result<Vec<(String, Bridge)>, Error> {
        let mut all: Vec<(String, Bridge)> = self.beside.look(|store, coop| records(store, coop, BRIDGES))?;
        all.sort_by(|(a, one), (b, other)| (one.made_us, a).cmp(&(other.made_us, b)));
        Ok(all)
    }

    /// The bridge with this id.
    ///
    /// # Errors
    /// A fault.
    pub fn bridge(&self, id: &str) -> Result<Option<Bridge>, Error> {
        self.beside.look(|store, coop| record(store, coop, BRIDGES, id))
    }

    /// Finds a bridge by its id or the beginning of it, by its page's address, or by its place; nothing where that is none or
    /// several.
    ///
    /// # Errors
    /// A fault.
    pub fn bridge_called(&self, name: &str) -> Result<Option<(String, Bridge)>, Error> {
        let name = name.trim();
        let is = |(id, bridge): &(String, Bridge)| {
            (name.len() >= 4 && id.starts_with(name)) || bridge.place() == name || bridge.settings.address == name
        };
        let mut found = self.bridges()?.into_iter().filter(is);
        Ok(match (found.next(), found.next()) {
            (one, None) => one,
            _ => None,
        })
    }
}

impl Batch<'_> {
    /// The bridge with this id, as this batch has changed it so far.
    ///
    /// # Errors
    /// A fault.
    pub fn bridge(&mut self, id: &str) -> Result<Option<Bridge>, Error> {
        record(&mut *self.coop.store, &self.coop.now.id, BRIDGES, id)
    }

    /// Keeps a bridge.
    ///
    /// # Errors
    /// A fault.
    pub fn put_bridge(&mut self, id: &str, bridge: &Bridge) -> Result<(), Error> {
        let json = serde_json::to_vec(bridge).map_err(|why| Error::Usage(why.to_string()))?;
        self.put(BRIDGES, id.as_bytes(), &json)
    }

    /// Has a bridge ask the forge for an issue at its next reading.
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn ask_issue(&mut self, id: &str, number: u64, now: Moment) -> Result<(), Error> {
        let Some(mut bridge) = self.bridge(id)? else { return Ok(()) };
        bridge.ask(number, now);
        self.put_bridge(id, &bridge)
    }

    /// Makes a bridge, which waits for a *go*. The token and the secret are sealed before.
    ///
    /// # Errors
    /// There are too many, or one to that repository is there; or a fault.
    pub fn make_bridge(&mut self, id: &str, bridge: &Bridge) -> Result<(), NoBridge> {
        let kept: Vec<(String, Bridge)> = records(&mut *self.coop.store, &self.coop.now.id, BRIDGES)?;
        if kept.len() >= MOST_BRIDGES {
            return Err(NoBridge::Asked(format!("{MOST_BRIDGES} bridges are the most: remove one first")));
        }
        if kept.iter().any(|(_, one)| one.place() == bridge.place()) {
            return Err(NoBridge::Asked(format!("a bridge to `{}` is there already", bridge.place())));
        }
        Ok(self.put_bridge(id, bridge)?)
    }
}

/// The id of a new bridge, and a secret for its webhook.
///
/// # Errors
/// A machine without random numbers.
pub fn fresh() -> Result<(String, String), Error> {
    let id = crate::gate::new_code()?.chars().take(ID_LETTERS).collect();
    Ok((id, crate::gate::new_code()?))
}

/// As many hexadecimal digits are an id: nobody guesses the address of a webhook.
const ID_LETTERS: usize = 24;

#[cfg(test)]
mod tests;
