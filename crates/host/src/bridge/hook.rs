//! A webhook's delivery: verified before anything of it is read, known by its id, and taken in the transaction that notes the id.

use std::ops::ControlFlow;

use bridges::forge::{Delivery, Dialect, Event, NotSigned};
use quantity::Moment;

use super::taking::{Found, Unkept, Way, take};
use super::{Counts, NoBridge, Running, Vault};
use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::NotTaken;
use crate::snapshot::Snapshot;

/// Where deliveries are known: `BRIDGE/` and the hash of an id, or a number.
pub(crate) const DELIVERIES: &str = "delivery";
/// The most deliveries of one bridge that are known again; then the oldest is forgotten.
const MOST_DELIVERIES: u64 = 50_000;

/// A delivery that is the forge's.
#[derive(Clone, Debug)]
pub struct Hook {
    bridge: String,
    /// The hash of its id.
    mark: String,
    event: Event,
}

/// Why a delivery is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotHeard {
    /// There is no such bridge, or it is not signed for it. From outside both look alike.
    #[error("nobody here takes that")]
    Unsigned(Option<NotSigned>),
    /// A fault of this server.
    #[error("{0}")]
    Failed(#[from] NoBridge),
}

/// The outcome of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It was taken; how many facts were recorded.
    Taken(u64),
    /// It came before.
    Known,
    /// Nothing depends on it, or the bridge is paused.
    Passed,
}

impl Hook {
    /// Verifies a delivery to the bridge `id`, and reads it.
    ///
    /// # Errors
    /// It is nobody's, or a fault.
    pub fn heard(
        coop: &Snapshot,
        vault: &Vault,
        id: &str,
        delivery: Delivery<'_>,
        now: Moment,
    ) -> Result<Hook, NotHeard> {
        let bridge = coop.bridge(id).map_err(NoBridge::from)?;
        // Open Collective signs nothing, so that nothing of it is taken.
        let spoken = bridge.and_then(|bridge| Some((bridge.to().dialect()?, bridge)));
        let Some((dialect, bridge)) = spoken else {
            // As much work as for one that is there.
            let _ = delivery.verify(Dialect::Github, &["nobody's"], now);
            return Err(NotHeard::Unsigned(None));
        };
        let secrets = bridge.secrets(id, vault, now)?;
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        delivery.verify(dialect, &secrets, now).map_err(|why| NotHeard::Unsigned(Some(why)))?;
        let event = delivery.read(&bridge.site()?);
        let mark = engine::digest::hex(delivery.id(dialect).as_bytes());
        Ok(Hook { bridge: id.to_owned(), mark, event })
    }

    /// Takes the delivery in, once.
    ///
    /// # Errors
    /// A fault, or a record that cannot be taken: then the delivery is not known either, and [`Hook::pass`] leaves it to the next
    /// reading of the forge.
    pub fn take(self, batch: &mut Batch<'_>, now: Moment) -> Result<Delivered, Error> {
        let id = self.bridge.as_str();
        let Some(mut bridge) = batch.bridge(id)? else { return Ok(Delivered::Passed) };
        if bridge.state != Running::Going {
            return Ok(Delivered::Passed);
        }
        if !batch.note_delivery(id, &self.mark, bridge.heard.deliveries)? {
            return Ok(Delivered::Known);
        }
        bridge.heard.deliveries += 1;
        (bridge.heard.last_us, bridge.heard.delivery_us) = (Some(now.0), Some(now.0));
        let mut found = Found { way: Way::Told, ..Found::default() };
        let mut passed = false;
        match self.event {
            Event::Issue(issue) if bridge.settings.list.is_some() => found.issues.push(issue),
            Event::Merged(change) => {
                if bridge.settings.counts.contains(&Counts::Changes) {
                    found.contributions.extend(change.fact(&bridge.place()));
                }
                // Who reviewed it, and its commits, the forge says.
                bridge.heard.soon(now);
            }
            Event::Look => bridge.heard.next_us = bridge.heard.next_us.min(now.0),
            Event::Ours | Event::Ping | Event::Issue(_) => passed = true,
            Event::Odd(_) => {
                bridge.heard.left_out += 1;
                bridge.heard.soon(now);
            }
            Event::Other(name) | Event::Elsewhere(name) => {
                passed = true;
                bridge.heard.others += 1;
                bridge.heard.other = Some(name);
            }
        }
        let mut recorded = 0;
        if !found.issues.is_empty() || !found.contributions.is_empty() {
            recorded = match take(batch, id, &mut bridge, found, now) {
                Ok(report) => report.taken.recorded,
                Err(Unkept::Record { why, .. }) => return Err(Error::Usage(why)),
                Err(Unkept::Failed(NotTaken::Failed(why))) => return Err(*why),
                Err(Unkept::Failed(why)) => return Err(Error::Usage(why.to_string())),
            };
        }
        batch.put_bridge(id, &bridge)?;
        Ok(if passed { Delivered::Passed } else { Delivered::Taken(recorded) })
    }

    /// Has the forge read soon, in the place of a delivery that could not be taken.
    ///
    /// # Errors
    /// A fault.
    pub fn pass(self, batch: &mut Batch<'_>, now: Moment) -> Result<Delivered, Error> {
        if let Some(mut bridge) = batch.bridge(&self.bridge)? {
            bridge.heard.soon(now);
            batch.put_bridge(&self.bridge, &bridge)?;
        }
        Ok(Delivered::Passed)
    }
}

impl Batch<'_> {
    /// Notes a delivery, the `number`th of its bridge; whether it is new.
    fn note_delivery(&mut self, bridge: &str, mark: &str, number: u64) -> Result<bool, Error> {
        let name = format!("{bridge}/{mark}");
        let coop = &mut *self.coop;
        if coop.store.get(&coop.now.id, DELIVERIES, name.as_bytes())?.is_some() {
            return Ok(false);
        }
        // A ring: the delivery that had this place is forgotten.
        let place = format!("{bridge}/{:06}", number % MOST_DELIVERIES);
        let oldest = coop.store.get(&coop.now.id, DELIVERIES, place.as_bytes())?;
        if let Some(oldest) = oldest.and_then(|mark| String::from_utf8(mark).ok()) {
            self.delete(DELIVERIES, format!("{bridge}/{oldest}").as_bytes())?;
        }
        self.put(DELIVERIES, place.as_bytes(), mark.as_bytes())?;
        self.put(DELIVERIES, name.as_bytes(), number.to_string().as_bytes())?;
        Ok(true)
    }

    /// Removes a bridge with all that is kept of it. The log stays as it is.
    ///
    /// # Errors
    /// A fault.
    pub fn remove_bridge(&mut self, id: &str) -> Result<(), Error> {
        self.delete(super::BRIDGES, id.as_bytes())?;
        let start = format!("{id}/");
        for space in [DELIVERIES, super::taking::OUTSIDE, super::taking::WAITING, super::ledger::SEEN] {
            let mut own = Vec::new();
            let coop = &mut *self.coop;
            coop.store.scan(&coop.now.id, space, &mut |name, _| {
                if name.starts_with(start.as_bytes()) {
                    own.push(name.to_vec());
                }
                ControlFlow::Continue(())
            })?;
            for name in own {
                self.delete(space, &name)?;
            }
        }
        Ok(())
    }
}
