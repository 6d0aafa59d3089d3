//! The deeds of a page, the API and the command with bridges, the same for each: make, try, start, stop, renew, remove. Who may is asked before.

use std::collections::{BTreeMap, BTreeSet};

use bridges::FarEnd;
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Bridge, BridgeSettings, Counts, Cursors, Heard, NoBridge, Running, Strangers, Vault, fresh};
use crate::error::Error;
use crate::inbox::Bringer;
use crate::writable::Writable;

/// For so long the secret before a new one is good too, microseconds: a day.
const BOTH_GOOD_US: i64 = 86_400_000_000;
/// The shortest secret that somebody may choose, and the longest, bytes.
const SHORTEST_SECRET: usize = 16;
/// The longest.
const LONGEST_SECRET: usize = 200;

/// A bridge that was made, with what is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MadeBridge {
    /// Its id.
    pub id: String,
    /// The repository or the collective, as reports name it.
    pub place: String,
    /// Where the forge sends its webhooks, on this server; none of a collective, which sends nothing that is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The secret of the webhook: it is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A bridge in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BridgeReport {
    /// Its id.
    pub id: String,
    /// `github`, `gitea`, `gitlab` or `open-collective`.
    pub forge: &'static str,
    /// The page of the repository or the collective.
    pub address: String,
    /// The repository or the collective as facts name it.
    pub place: String,
    /// `new`, `going` or `paused`.
    pub state: &'static str,
    /// The rankings to which issues go, by their `of`; none takes no issues in.
    pub issues: Option<String>,
    /// The work that counts as a contribution.
    pub counts: BTreeSet<Counts>,
    /// The fate of contributions of people whom nobody here knows.
    pub strangers: Strangers,
    /// Accounts that are programs.
    pub bots: BTreeSet<String>,
    /// It is read every so many minutes.
    pub every_minutes: u32,
    /// Where the forge sends its webhooks, on this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// Whether it has a token.
    pub has_token: bool,
    /// When the forge was heard last, ISO 8601.
    pub last_heard: Option<String>,
    /// When a delivery came last.
    pub last_delivery: Option<String>,
    /// When the forge was read last.
    pub last_read: Option<String>,
    /// When it is read next.
    pub next_read: Option<String>,
    /// The last failure since the last success.
    pub error: Option<String>,
    /// Deliveries that were taken.
    pub deliveries: u64,
    /// Of these: of events on which nothing here depends.
    pub others: u64,
    /// The name of the last of those.
    pub last_other: Option<String>,
    /// Facts that were recorded.
    pub recorded: u64,
    /// Records that were left out.
    pub left_out: u64,
    /// Contributions that wait until their author is a member.
    pub waiting: u64,
    /// The newest release.
    pub release: Option<String>,
}

impl Bridge {
    /// Returns the words of pages, the API and the command about it. No secret is in them.
    #[must_use]
    pub fn report(&self, id: &str) -> BridgeReport {
        let at = |us: i64| Moment(us).to_string();
        let (settings, heard) = (&self.settings, &self.heard);
        BridgeReport {
            id: id.to_owned(),
            forge: settings.to.name(),
            address: settings.address.clone(),
            place: self.place(),
            state: self.state.name(),
            issues: settings.list.clone(),
            counts: settings.counts.clone(),
            strangers: settings.strangers,
            bots: settings.bots.clone(),
            every_minutes: settings.every_minutes,
            hook: settings.to.dialect().map(|_| Bridge::hook(id)),
            has_token: self.token.is_some(),
            last_heard: heard.last_us.map(at),
            last_delivery: heard.delivery_us.map(at),
            last_read: heard.poll_us.map(at),
            next_read: (self.state == Running::Going).then(|| at(heard.next_us)),
            error: heard.trouble.as_ref().map(|trouble| trouble.why.clone()),
            deliveries: heard.deliveries,
            others: heard.others,
            last_other: heard.other.clone(),
            recorded: heard.recorded,
            left_out: heard.left_out,
            waiting: heard.waiting,
            release: heard.release.as_ref().map(|(name, _)| name.clone()),
        }
    }
}

/// Makes a bridge, which brings nothing in before a *go*. Without a secret one is drawn.
///
/// # Errors
/// Settings that cannot be, a token or a secret that is none, too many bridges, or a fault.
pub fn add(
    coop: &mut Writable,
    vault: &Vault,
    settings: BridgeSettings,
    (token, secret): (Option<&str>, Option<&str>),
    (by, now): (Bringer, Moment),
) -> Result<MadeBridge, NoBridge> {
    settings.check()?;
    let (id, drawn) = fresh()?;
    let secret = secret.map_or(Ok(drawn), |secret| checked_secret(secret).map(str::to_owned))?;
    let token = sealed_token(vault, &id, &settings, token)?;
    let bridge = Bridge {
        settings,
        state: Running::New,
        by,
        made_us: now.0,
        token,
        secret: vault.sealed(&id, "secret", &secret)?,
        secret_before: None,
        cursors: Cursors::default(),
        asks: BTreeMap::new(),
        heard: Heard::default(),
    };
    let is_forge = bridge.to().dialect().is_some();
    let (hook, secret) = (is_forge.then(|| Bridge::hook(&id)), is_forge.then_some(secret));
    let made = MadeBridge { hook, place: bridge.place(), id, secret };
    let id = made.id.clone();
    coop.write(move |batch| batch.make_bridge(&id, &bridge))?;
    Ok(made)
}

/// Wraps a token, once it can be one.
fn sealed_token(
    vault: &Vault,
    id: &str,
    settings: &BridgeSettings,
    token: Option<&str>,
) -> Result<Option<super::Sealed>, NoBridge> {
    let token = token.map(str::trim).filter(|token| !token.is_empty());
    match settings.to {
        FarEnd::Forge(_) => drop(bridges::forge::Forge::new(settings.site()?, token, settings.reach)?),
        FarEnd::OpenCollective => {
            drop(bridges::open_collective::Teller::new(settings.collective()?, token, settings.reach)?);
        }
    }
    token.map(|token| vault.sealed(id, "token", token)).transpose()
}

fn checked_secret(secret: &str) -> Result<&str, NoBridge> {
    let secret = secret.trim();
    let fits = (SHORTEST_SECRET..=LONGEST_SECRET).contains(&secret.len());
    match fits && secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(secret),
        false => Err(NoBridge::Asked(format!(
            "a secret has {SHORTEST_SECRET} to {LONGEST_SECRET} letters, digits and signs, and no spaces"
        ))),
    }
}

/// Starts or stops a bridge. One that starts is read at once.
///
/// # Errors
/// There is none, or a fault.
pub fn set_running(coop: &mut Writable, id: &str, running: Running, now: Moment) -> Result<(), NoBridge> {
    changed(coop, id, move |bridge| {
        bridge.state = running;
        if running == Running::Going {
            bridge.heard.next_us = now.0;
        }
    })
}

/// Gives a bridge a new secret for its webhook, and returns it; the one before is good for a day more. Without a secret one is drawn.
///
/// # Errors
/// It can be none, there is no such bridge, or a fault.
pub fn renew_secret(
    coop: &mut Writable,
    vault: &Vault,
    id: &str,
    secret: Option<&str>,
    now: Moment,
) -> Result<String, NoBridge> {
    if coop.read().bridge(id)?.is_some_and(|bridge| bridge.to() == FarEnd::OpenCollective) {
        return Err(NoBridge::Asked("a collective sends no webhooks, and needs no secret".to_owned()));
    }
    let (_, drawn) = fresh()?;
    let secret = secret.map_or(Ok(drawn), |secret| checked_secret(secret).map(str::to_owned))?;
    let sealed = vault.sealed(id, "secret", &secret)?;
    changed(coop, id, move |bridge| {
        let before = std::mem::replace(&mut bridge.secret, sealed);
        bridge.secret_before = Some((before, now.0.saturating_add(BOTH_GOOD_US)));
    })?;
    Ok(secret)
}

/// Gives a bridge another token, or none. The forge is asked with it at once.
///
/// # Errors
/// It can be none, there is no such bridge, or a fault.
pub fn set_token(
    coop: &mut Writable,
    vault: &Vault,
    id: &str,
    token: Option<&str>,
    now: Moment,
) -> Result<(), NoBridge> {
    let bridge = coop.read().bridge(id)?.ok_or_else(none)?;
    let sealed = sealed_token(vault, id, &bridge.settings, token)?;
    changed(coop, id, move |bridge| {
        bridge.token = sealed;
        bridge.heard.next_us = bridge.heard.next_us.min(now.0);
    })
}

/// Names the accounts whose work a bridge leaves out as that of programs. Their records stay in the log; those that wait are dropped at
/// the next reading.
///
/// # Errors
/// Too many, or names that are none; there is no such bridge, or a fault.
pub fn set_bots(coop: &mut Writable, id: &str, bots: BTreeSet<String>, now: Moment) -> Result<(), NoBridge> {
    let bridge = coop.read().bridge(id)?.ok_or_else(none)?;
    BridgeSettings { bots: bots.clone(), ..bridge.settings }.check()?;
    changed(coop, id, move |bridge| {
        bridge.settings.bots = bots;
        bridge.heard.next_us = bridge.heard.next_us.min(now.0);
    })
}

/// Removes a bridge. Its records stay in the log.
///
/// # Errors
/// There is none, or a fault.
pub fn remove(coop: &mut Writable, id: &str) -> Result<(), NoBridge> {
    let id = id.to_owned();
    coop.write(move |batch| {
        batch.bridge(&id)?.ok_or_else(none)?;
        Ok::<_, NoBridge>(batch.remove_bridge(&id)?)
    })
}

fn changed(coop: &mut Writable, id: &str, change: impl FnOnce(&mut Bridge) + Send + 'static) -> Result<(), NoBridge> {
    let id = id.to_owned();
    coop.write(move |batch| {
        let mut bridge = batch.bridge(&id)?.ok_or_else(none)?;
        change(&mut bridge);
        Ok::<_, NoBridge>(batch.put_bridge(&id, &bridge)?)
    })
}

fn none() -> NoBridge {
    NoBridge::Asked("there is no such bridge".to_owned())
}

impl From<NoBridge> for Error {
    fn from(why: NoBridge) -> Error {
        match why {
            NoBridge::Failed(error) => error,
            other => Error::Usage(other.to_string()),
        }
    }
}
