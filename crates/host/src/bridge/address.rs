//! A bridge by one address: it is recognised, made, and tried at once, so that somebody sees what would come before they say *go*.

use bridges::FarEnd;
use bridges::forge::Reach;
use charter::{Source, SupportKind};
use quantity::Moment;

use super::{BridgeSettings, Counts, DryRun, MadeBridge, NoBridge, Vault, add, dry_run, remove};
use crate::inbox::Bringer;
use crate::snapshot::Snapshot;
use crate::writable::Writable;

/// A bridge that was made by an address. It brings nothing in yet.
#[derive(Debug)]
pub struct Arrived {
    /// Its id and its webhook's secret.
    pub made: MadeBridge,
    /// All that was chosen for it.
    pub settings: BridgeSettings,
    /// The report that would be, or why nobody could ask: a token is missing, a limit, no answer.
    pub would: Result<DryRun, NoBridge>,
}

impl BridgeSettings {
    /// Settings for an address alone: of a forge the issues come in where a ranking of the co-op takes them, and commits count where a
    /// class counts contributions, or where nothing else would come.
    ///
    /// # Errors
    /// As [`BridgeSettings::of`].
    pub fn for_address(
        coop: &Snapshot,
        address: &str,
        to: Option<FarEnd>,
        reach: Reach,
    ) -> Result<BridgeSettings, NoBridge> {
        let mut settings = BridgeSettings::of(address, to, reach)?;
        if settings.to.dialect().is_none() {
            return Ok(settings);
        }
        let state = coop.state();
        settings.list = settings
            .list
            .filter(|list| state.open_decisions().any(|(_, decision)| decision.items_of() == Some(list.as_str())));
        let reads = |source: &Source| source.kind() == Some(SupportKind::Contribution);
        let counted = state.rules.kernel.classes.iter().any(|class| class.weight.sources.iter().any(reads));
        if counted || settings.list.is_none() {
            settings.counts.insert(Counts::Commits);
        }
        Ok(settings)
    }
}

/// Makes a bridge by an address, and asks what would come by it. Where there is nothing at the address, no bridge is left.
///
/// # Errors
/// An address that is not understood or may not be called, a bridge that is there already, nothing at the address, or a fault.
pub fn arrive(
    coop: &mut Writable,
    vault: &Vault,
    settings: BridgeSettings,
    token: Option<&str>,
    (by, now): (Bringer, Moment),
) -> Result<Arrived, NoBridge> {
    let made = add(coop, vault, settings.clone(), (token, None), (by, now))?;
    match dry_run(coop, vault, &made.id, now) {
        Err(why) if why.is_nowhere() => {
            remove(coop, &made.id)?;
            Err(why)
        }
        would => Ok(Arrived { made, settings, would }),
    }
}
