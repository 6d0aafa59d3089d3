//! Signatures of members' devices, read against the log that they name. Whose key it is, and whether it may sign, the engine says.
//! Source: `docs/spec/devices.md`.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use engine::act::{Act, EnrolDevice};
use engine::{Actor, Edition, Pseudonym, Refusal, Rule, State};
use quantity::Moment;
use rochdale_log::{DeviceKey, Entry, Fault, Hash, Head, Signed, Statement, Store, decode, hash_entry};

use crate::codec::write_body;
use crate::error::{Error, Misread};
use crate::snapshot::Snapshot;

/// How long after an entry that a device has seen its signature may be used: a day, microseconds.
pub const MOST_AGE_US: i64 = 86_400_000_000;
/// As many entries may have come since the one that a device has seen.
pub const MOST_SINCE: usize = 65_536;

/// An entry that a device has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) hash: Hash,
    pub(crate) time_us: i64,
    /// The rules in force after it.
    pub(crate) rules: Hash,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    hash: Hash,
    time_us: i64,
    /// The rules in force before it.
    rules: Hash,
}

/// The end of a log as it is read: the entries that a signature may name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    first: Option<Hash>,
    /// The place of the first that is kept.
    from: u64,
    kept: VecDeque<Kept>,
}

impl Recent {
    /// Those before and up to `head`, from a store.
    pub(crate) fn before(store: &mut dyn Store, coop: &str, head: Head) -> Result<Recent, Error> {
        let mut recent = Recent::default();
        if head.seq == 0 {
            return Ok(recent);
        }
        let most = u64::try_from(MOST_SINCE).unwrap_or(u64::MAX);
        let from = head.seq.saturating_sub(most).max(1);
        let mut failed = None;
        let mut note = |seq: u64, bytes: &[u8]| {
            match decode(bytes) {
                Ok(entry) => recent.note(seq, Kept::of(&entry, bytes)),
                Err(bad) => failed = Some(Fault::Damaged(format!("entry {seq}: {bad}"))),
            }
            seq < head.seq
        };
        if from > 1 {
            store.read(coop, 1, &mut |seq, bytes| {
                note(seq, bytes);
                ControlFlow::Break(())
            })?;
        }
        store.read(coop, from, &mut |seq, bytes| {
            if note(seq, bytes) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed.map_or(Ok(recent), |fault| Err(fault.into()))
    }

    fn note(&mut self, seq: u64, kept: Kept) {
        if seq == 1 {
            self.first = Some(kept.hash);
        }
        if self.from.saturating_add(self.kept.len() as u64) != seq {
            self.kept.clear();
            self.from = seq;
        }
        if self.kept.len() >= MOST_SINCE {
            self.kept.pop_front();
            self.from = self.from.saturating_add(1);
        }
        self.kept.push_back(kept);
    }

    /// Takes the next entry.
    pub(crate) fn take(&mut self, entry: &Entry<'_>, hash: Hash) {
        self.note(entry.seq, Kept { hash, time_us: entry.time_us, rules: entry.rules });
    }

    /// The entry `after`, as one that comes next and names `rules` sees it.
    fn seen(&self, after: u64, rules: Hash) -> Option<Seen> {
        let at = |seq: u64| self.kept.get(usize::try_from(seq.checked_sub(self.from)?).ok()?);
        let kept = at(after)?;
        let rules = after.checked_add(1).and_then(at).map_or(rules, |next| next.rules);
        Some(Seen { hash: kept.hash, time_us: kept.time_us, rules })
    }

    /// What the next entry's device has signed, with the entry that it has seen.
    pub(crate) fn read(&self, entry: &Entry<'_>) -> Option<Read> {
        let signed = entry.signed.flatten()?;
        let seen = self.seen(signed.after, entry.rules);
        let commitments: Vec<(&str, Hash)> =
            entry.commitments.iter().map(|(name, hash)| (name.as_ref(), *hash)).collect();
        let statement = Statement {
            coop: &entry.coop,
            first: self.first.unwrap_or(Hash::ZERO),
            member: &entry.actor,
            authority: &entry.authority,
            device: signed.device,
            turn: signed.turn,
            after: signed.after,
            head: seen.map_or(Hash::ZERO, |seen| seen.hash),
            until_us: signed.until_us,
            kind: &entry.kind,
            body: entry.body,
            commitments: &commitments,
        };
        let key = entry.key.clone().into_owned();
        Some(Read { signed, seen, rules: entry.rules, statement: statement.bytes(), key: Some(key) })
    }
}

impl Kept {
    fn of(entry: &Entry<'_>, bytes: &[u8]) -> Kept {
        Kept { hash: hash_entry(bytes), time_us: entry.time_us, rules: entry.rules }
    }
}

/// A signature, and everything that it is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) signed: Signed,
    /// The entry that it names; `None` where that is not among those of late.
    pub(crate) seen: Option<Seen>,
    /// The rules that the entry names.
    pub(crate) rules: Hash,
    pub(crate) statement: Vec<u8>,
    /// The key of the entry, where it is in a log.
    pub(crate) key: Option<String>,
}

impl Read {
    /// Compares the signature with the key of its device, and with the log. A device that is unknown is the engine's to refuse.
    pub(crate) fn check(&self, state: &State, act: &Act) -> Result<engine::Signed, Refusal> {
        let Signed { after, until_us, sig, .. } = self.signed;
        let signed = self.as_given();
        let public = match act {
            Act::EnrolDevice(EnrolDevice { public, .. }) => {
                let key = key_of(public)?;
                if signed.is_by_itself() { Some(key) } else { self.device_key(state)? }
            }
            _ => self.device_key(state)?,
        };
        let Some(public) = public else { return Ok(signed) };
        let Some(seen) = self.seen else {
            let why = format!("entry {after} is not among the last {MOST_SINCE}");
            return Err(Refusal::new(Rule::SignedTooLongAgo, why, AGAIN));
        };
        if seen.rules != self.rules {
            let why = format!("the rules changed since entry {after}, after which it was signed");
            return Err(Refusal::new(Rule::RulesChanged, why, AGAIN));
        }
        if until_us > seen.time_us.saturating_add(MOST_AGE_US) {
            let why = "it was signed for more than a day after the entry that its device has seen";
            return Err(Refusal::new(Rule::SignedTooLongAgo, why, AGAIN));
        }
        if self.key.as_ref().is_some_and(|key| *key != key_in_log(&self.signed, act)) {
            let why = "the entry has another key than that of its device and turn";
            return Err(Refusal::new(Rule::BadSignature, why, AGAIN));
        }
        if !public.has_signed(&self.statement, &sig) {
            let why = "the signature is not of this device over this act, at this place of this log";
            return Err(Refusal::new(Rule::BadSignature, why, AGAIN));
        }
        Ok(signed)
    }

    /// What the engine asks of it, compared with nothing.
    pub(crate) fn as_given(&self) -> engine::Signed {
        let Signed { device, turn, until_us, .. } = self.signed;
        engine::Signed { device, turn, until: Moment(until_us) }
    }

    fn device_key(&self, state: &State) -> Result<Option<DeviceKey>, Refusal> {
        state.devices.get(self.signed.device).map(|device| key_of(&device.public)).transpose()
    }
}

const AGAIN: &str = "load the page again, and sign anew";

/// The key of a signed entry: of its device and turn; a key that signs its own enrolment has neither.
pub(crate) fn key_in_log(signed: &Signed, act: &Act) -> String {
    match act {
        Act::EnrolDevice(act) if signed.device == 0 => format!("0/{}", act.public),
        _ => format!("{}/{}", signed.device, signed.turn),
    }
}

/// Whether an entry that is written under an edition has the second form, which can be signed.
pub(crate) fn can_be_signed(edition: Edition) -> bool {
    edition >= Edition::FIVE
}

fn key_of(public: &str) -> Result<DeviceKey, Refusal> {
    let bytes = Hash::from_hex(public.as_bytes());
    let refused = |why: String| Refusal::new(Rule::KeyNotAllowed, why, "make a fresh Ed25519 key");
    let bytes = bytes.map_err(|bad| refused(bad.to_string()))?;
    DeviceKey::read(&bytes.0).map_err(|bad| refused(bad.to_string()))
}

/// An act as a device is asked to sign it: everything of the statement that only the server knows how to write.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ToSign {
    /// The co-op's id.
    pub coop: String,
    /// The hash of entry 1, hex.
    pub first: String,
    /// As whom.
    pub member: String,
    /// By what right.
    pub authority: String,
    /// The last entry that is on storage.
    pub after: u64,
    /// Its hash, hex.
    pub head: String,
    /// Its time, microseconds since 1970.
    pub time_us: i64,
    /// The kind of act.
    pub kind: String,
    /// The body, as the entry has it.
    pub body: String,
}

/// Whether a device can sign acts of this kind: those whose bytes it can know. Of a source the log has a form that only the server
/// can make, and it draws the keys that bind what a booking is about, a name and a title.
pub(crate) fn is_signable(act: &Act) -> Result<(), Refusal> {
    let is_known_to_the_server_alone = matches!(
        act,
        Act::AdmitMember(_)
            | Act::RecordSupport(_)
            | Act::ReverseSupport(_)
            | Act::SourceHeard(_)
            | Act::BookEntry(_)
            | Act::BringItem(_)
            | Act::OpenItem(_)
            | Act::CloseItem(_)
            | Act::HoldMoney(_)
            | Act::PayBackHeld(_)
            | Act::ProposeAct(_)
    );
    if is_known_to_the_server_alone {
        let why = format!("the server writes parts of `{}` that no device can know", act.kind());
        return Err(Refusal::new(Rule::BadSignature, why, "hand it in without a signature"));
    }
    Ok(())
}

impl Snapshot {
    /// Returns what a device signs of a member's act; `None` for acts whose bytes no device can know, and where the log is under an
    /// edition without signatures.
    ///
    /// # Errors
    /// A fault of the store, or an act that cannot be written.
    pub fn to_sign(&self, act: &Act, who: Pseudonym, first: Hash) -> Result<Option<ToSign>, Misread> {
        if !can_be_signed(self.state.editions.current) || is_signable(act).is_err() {
            return Ok(None);
        }
        let act = &*engine::intent::completed(&self.state, act);
        let context = engine::Context::of(Actor::Member(who), self.state.time);
        let Some(authority) = self.state.authority(act, &context) else { return Ok(None) };
        let mut body = Vec::new();
        write_body(act, &mut body)?;
        Ok(Some(ToSign {
            coop: self.id.to_string(),
            first: first.to_string(),
            member: who.to_string(),
            authority: authority.into_owned(),
            after: self.head.seq,
            head: self.head.hash.to_string(),
            time_us: self.head.time_us,
            kind: act.kind().to_owned(),
            body: String::from_utf8(body).map_err(|_| Misread::new("the act is not in UTF-8"))?,
        }))
    }
}

#[cfg(test)]
pub(crate) mod tests;
