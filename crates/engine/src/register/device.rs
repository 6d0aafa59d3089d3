//! Members' devices, whose keys sign acts. From edition 5 on. Signatures themselves are checked before an act comes here: who may sign
//! what is decided here. Source: `docs/spec/devices.md`.

pub(crate) mod act;
#[cfg(test)]
mod tests;

use imbl::{OrdMap, OrdSet};
use quantity::{Broken, MICRO, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::digest::{Collect, Mix};
use crate::id::MemberIndex;

/// The most devices of a member that are not revoked.
pub const MOST_DEVICES: usize = 16;
/// The most members, or devices of one's own, that confirm one device.
pub const MOST_CONFIRMATIONS: usize = 64;
/// How long before its end a signature may be used: a day, microseconds. Who holds it back longer holds nothing.
pub const MOST_AHEAD_US: i64 = 86_400_000_000;
/// How long a further device waits that no older one confirms: seven days, in seconds.
pub const WAIT_S: i64 = 7 * 86_400;

/// The key of a device, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Whose it is.
    pub member: MemberIndex,
    /// The public key, hex.
    pub public: String,
    /// When it was enrolled.
    pub enrolled_at: Moment,
    /// From when on it signs.
    pub acts_from: Moment,
    /// The older device of the member that enrolled it; `None` where the server's word alone says whose it is.
    pub enrolled_by: Option<u64>,
    /// The devices that confirmed it, by the entries that enrolled those.
    pub confirmed_by: OrdSet<u64>,
    /// Since when it signs nothing any more.
    pub revoked: Option<Moment>,
    /// The counter of its last act.
    pub turn: u64,
}

impl Device {
    /// Whether it signs at an instant.
    #[must_use]
    pub fn acts(&self, at: Moment) -> bool {
        self.revoked.is_none() && self.acts_from <= at
    }

    fn bytes(&self, entry: u64) -> Vec<u8> {
        let mut bytes = entry.to_le_bytes().to_vec();
        bytes.extend_from_slice(&self.member.0.to_le_bytes());
        bytes.extend_from_slice(self.public.as_bytes());
        for time in [self.enrolled_at.0, self.acts_from.0, self.revoked.map_or(-1, |at| at.0)] {
            bytes.extend_from_slice(&time.to_le_bytes());
        }
        bytes.extend_from_slice(&self.enrolled_by.unwrap_or(0).to_le_bytes());
        bytes.extend_from_slice(&self.turn.to_le_bytes());
        for by in &self.confirmed_by {
            bytes.extend_from_slice(&by.to_le_bytes());
        }
        bytes
    }
}

/// All devices that ever were, by the entries that enrolled them, and who takes part by signed acts only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    all: OrdMap<u64, Device>,
    of: OrdMap<MemberIndex, OrdSet<u64>>,
    /// Keys that were ever enrolled: none serves twice.
    keys: OrdSet<String>,
    sign_only: OrdSet<MemberIndex>,
    digest: Mix,
}

impl Devices {
    /// There never was one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The device that an entry enrolled.
    #[must_use]
    pub fn get(&self, entry: u64) -> Option<&Device> {
        self.all.get(&entry)
    }

    /// All devices, each with the entry that enrolled it, in that order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Device)> {
        self.all.iter().map(|(entry, device)| (*entry, device))
    }

    /// The devices of a member, revoked ones too, in the order of enrolment.
    pub fn of(&self, member: MemberIndex) -> impl Iterator<Item = (u64, &Device)> {
        let own = self.of.get(&member).into_iter().flatten();
        own.filter_map(|entry| Some((*entry, self.all.get(entry)?)))
    }

    /// Whether a member has a device that signs at an instant.
    #[must_use]
    pub fn signs(&self, member: MemberIndex, at: Moment) -> bool {
        self.of(member).any(|(_, device)| device.acts(at))
    }

    /// Whether a member takes part by signed acts only.
    #[must_use]
    pub fn is_sign_only(&self, member: MemberIndex) -> bool {
        self.sign_only.contains(&member)
    }

    fn knows(&self, public: &str) -> bool {
        self.keys.contains(public)
    }

    fn add(&mut self, entry: u64, device: Device) {
        let mut own = self.of.get(&device.member).cloned().unwrap_or_default();
        own.insert(entry);
        self.of.insert(device.member, own);
        self.keys.insert(device.public.clone());
        self.digest.add(&device.bytes(entry));
        self.all.insert(entry, device);
    }

    fn change(&mut self, entry: u64, change: impl FnOnce(&mut Device)) {
        if let Some(device) = self.all.get_mut(&entry) {
            self.digest.take(&device.bytes(entry));
            change(device);
            self.digest.add(&device.bytes(entry));
        }
    }

    fn set_sign_only(&mut self, member: MemberIndex, on: bool) {
        if on {
            self.sign_only.insert(member);
        } else {
            self.sign_only.remove(&member);
        }
    }

    /// With a membership its devices end.
    pub(crate) fn forget(&mut self, member: MemberIndex, at: Moment) {
        let own: Vec<u64> =
            self.of(member).filter(|(_, device)| device.revoked.is_none()).map(|(entry, _)| entry).collect();
        for entry in own {
            self.change(entry, |device| device.revoked = Some(at));
        }
        self.sign_only.remove(&member);
    }

    /// docs/spec/updates.md, Named sections, `devices`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.all.len() as u128);
        for lane in self.digest.lanes() {
            into.number(lane);
        }
        into.wide(self.sign_only.len() as u128);
        for member in &self.sign_only {
            into.number(*member);
        }
    }

    pub(crate) fn check(&self, members: usize) -> Result<(), Broken> {
        let mut digest = Mix::default();
        for (entry, device) in &self.all {
            digest.add(&device.bytes(*entry));
            ensure!(device.member.place() < members, "device {entry} is of nobody");
            ensure!(self.of.get(&device.member).is_some_and(|own| own.contains(entry)), "device {entry} is lost");
            ensure!(self.keys.contains(&device.public), "the key of device {entry} is lost");
        }
        ensure!(digest == self.digest, "the digest of devices is not theirs");
        ensure!(self.keys.len() == self.all.len(), "a key is of two devices, or of none");
        let owned: usize = self.of.values().map(OrdSet::len).sum();
        ensure!(owned == self.all.len(), "a device has two members");
        Ok(())
    }
}

/// From when on a device signs that was enrolled at an instant and that no older one vouches for.
fn after_the_wait(at: Moment) -> Moment {
    Moment(at.0.saturating_add(WAIT_S.saturating_mul(i64::try_from(MICRO).unwrap_or(i64::MAX))))
}
