//! Signatures of members' devices, read against the log that they name. Whose key it is, and whether it may sign, the engine says.
//! Source: `docs/spec/devices.md`.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::Path;

use engine::act::{Act, EnrolDevice};
use engine::{Actor, Edition, Pseudonym, Refusal, Rule, State};
use quantity::Moment;
use rochdale_log::{DeviceKey, Entry, Fault, Hash, Head, Signed, Statement, Store, decode, hash_entry};

use crate::codec::write_body;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// As many entries may have come since the one that a device has seen.
pub const MOST_SINCE: usize = 65_536;

/// An entry that a device has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) hash: Hash,
    /// The rules in force after it.
    pub(crate) rules: Hash,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    hash: Hash,
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
        self.note(entry.seq, Kept { hash, rules: entry.rules });
    }

    /// The entry `after`, as one that comes next and names `rules` sees it.
    fn seen(&self, after: u64, rules: Hash) -> Option<Seen> {
        let at = |seq: u64| self.kept.get(usize::try_from(seq.checked_sub(self.from)?).ok()?);
        let kept = at(after)?;
        let rules = after.checked_add(1).and_then(at).map_or(rules, |next| next.rules);
        Some(Seen { hash: kept.hash, rules })
    }

    /// The next entry's signature and statement, with the entry that its device has seen.
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
        Kept { hash: hash_entry(bytes), rules: entry.rules }
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
        let Signed { after, sig, .. } = self.signed;
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

    /// The part of it that the engine asks for, compared with nothing.
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
    /// The time that an entry would have now, microseconds since 1970.
    pub now_us: i64,
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

/// The end of a log that was verified, after which acts are signed without its server.
#[derive(Debug)]
pub struct Standing {
    /// The state.
    pub state: State,
    coop: String,
    first: Hash,
    head: Head,
}

impl Standing {
    /// Verifies a co-op's folder, its data file or an exported log.
    ///
    /// # Errors
    /// As [`crate::verify_store`].
    pub fn verified(what: &Path) -> Result<Standing, Error> {
        let file = if what.is_dir() { crate::data_file(what) } else { what.to_owned() };
        let is_log = std::fs::File::open(&file).and_then(|mut file| {
            let mut begin = [0; 1];
            std::io::Read::read_exact(&mut file, &mut begin).map(|()| begin == *b"{")
        });
        let unread = |why| Error::File { path: file.display().to_string(), why };
        if is_log.map_err(unread)? {
            return crate::verify::standing_of_file(&file);
        }
        let mut store = rochdale_log::Sqlite::open_snapshot(&file)?;
        let nothing = || Error::Usage(format!("`{}` holds no entry", file.display()));
        let (told, state) = crate::verify::replay_store(&mut store, 2)?.into_iter().next().ok_or_else(nothing)?;
        let head = store.head(&told.coop)?;
        let first = store.entry(&told.coop, 1)?.ok_or_else(nothing)?;
        Ok(Standing { state: state.ok_or_else(nothing)?, coop: told.coop, first: hash_entry(&first), head })
    }

    pub(crate) fn of(state: State, coop: String, first: Hash, head: Head) -> Standing {
        Standing { state, coop, first, head }
    }

    /// Signs an act of a member's with a device, by the entry that enrolled it and its turn, and its secret bytes.
    ///
    /// # Errors
    /// An act that no device can sign, or that the member has no right to.
    pub fn sign(
        &self,
        act: &Act,
        who: Pseudonym,
        (device, turn): (u64, u64),
        secret: &[u8; 32],
        now: Moment,
    ) -> Result<Signed, Error> {
        is_signable(act)?;
        let no_right = || Error::Usage(format!("{who} has no right to `{}`", act.kind()));
        let to_sign = to_sign(&self.state, (&self.coop, self.first, self.head), act, who, now)?.ok_or_else(no_right)?;
        let statement = Statement {
            coop: &self.coop,
            first: self.first,
            member: &to_sign.member,
            authority: &to_sign.authority,
            device,
            turn,
            after: self.head.seq,
            head: self.head.hash,
            until_us: to_sign.now_us.saturating_add(OFFLINE_US),
            kind: act.kind(),
            body: to_sign.body.as_bytes(),
            commitments: &[],
        };
        Ok(statement.sign(secret))
    }
}

/// How long an act that is signed without a server can be handed in: ten minutes less than a day, microseconds.
const OFFLINE_US: i64 = 85_800_000_000;

fn to_sign(
    state: &State,
    (coop, first, head): (&str, Hash, Head),
    act: &Act,
    who: Pseudonym,
    now: Moment,
) -> Result<Option<ToSign>, Error> {
    if !can_be_signed(state.editions.current) || is_signable(act).is_err() {
        return Ok(None);
    }
    let act = &*engine::intent::completed(state, act);
    let context = engine::Context::of(Actor::Member(who), state.time);
    let Some(authority) = state.authority(act, &context) else { return Ok(None) };
    let mut body = Vec::new();
    write_body(act, &mut body).map_err(|misread| Error::Usage(misread.to_string()))?;
    Ok(Some(ToSign {
        coop: coop.to_owned(),
        first: first.to_string(),
        member: who.to_string(),
        authority: authority.into_owned(),
        after: head.seq,
        head: head.hash.to_string(),
        now_us: now.max(state.time).0,
        kind: act.kind().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }))
}

impl Snapshot {
    /// Returns what a device signs of a member's act at an instant; `None` for acts whose bytes no device can know, and where the log is under an
    /// edition without signatures.
    ///
    /// # Errors
    /// A fault of the store, or an act that cannot be written.
    pub fn to_sign(&self, act: &Act, who: Pseudonym, now: Moment) -> Result<Option<ToSign>, Error> {
        let missing = || Fault::Damaged("entry 1 is missing".to_owned());
        let first = hash_entry(&self.entry(1)?.ok_or_else(missing)?);
        to_sign(&self.state, (&self.id, first, self.head), act, who, now)
    }
}

#[cfg(test)]
pub(crate) mod tests;
