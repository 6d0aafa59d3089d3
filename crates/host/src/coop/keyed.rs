//! Acts that come with a key: the earlier receipt of the same act, or a key of its actor's own. Not the rules of an act.

use std::borrow::Cow;

use engine::Actor;
use engine::act::Act;
use quantity::Moment;
use rochdale_log::{Fault, Signed};

use crate::batch::Batch;
use crate::codec::{DESK, actor_text, read_actor, read_body, write_body};
use crate::coop::{Receipt, Submission, Submitted};
use crate::device::{can_be_signed, key_in_log};
use crate::error::Error;

impl Batch<'_> {
    /// Hands in one act, or finds the entry that its key has already. A key is its actor's own: nobody learns from it that
    /// somebody else uses the same.
    ///
    /// # Errors
    /// A fault; what the rules refuse is an answer.
    pub fn hand_in(&mut self, submission: &Submission, now: Moment) -> Result<Submitted, Error> {
        if let Some(signed) = &submission.signed {
            return self.hand_in_signed(submission, *signed, now);
        }
        let key = match self.place_of(submission)? {
            Place::Taken(seq, bytes) => return self.repeated(seq, &bytes, submission),
            Place::Free(key) => key,
        };
        match self.append_once(&submission.act, submission.actor, &key, &submission.nonce, now) {
            Ok(accepted) => Ok(Submitted::Accepted(accepted.receipt)),
            Err(Error::Refused(refusal)) => Ok(Submitted::Refused(refusal)),
            Err(error) => Err(error),
        }
    }

    /// As [`Batch::hand_in`], under the key that device and turn make: one act only, whoever hands it in again.
    fn hand_in_signed(&mut self, submission: &Submission, signed: Signed, now: Moment) -> Result<Submitted, Error> {
        let key = key_in_log(&signed, &submission.act);
        if let Some(seq) = self.find_key(&key)? {
            let bytes = self.entry(seq)?.ok_or_else(|| Fault::Damaged(format!("entry {seq} is missing")))?;
            return self.repeated(seq, &bytes, submission);
        }
        match self.append_signed(&submission.act, submission.actor, signed, &submission.nonce, now) {
            Ok(accepted) => Ok(Submitted::Accepted(accepted.receipt)),
            Err(Error::Refused(refusal)) => Ok(Submitted::Refused(refusal)),
            Err(error) => Err(error),
        }
    }

    /// Where the log has, or would have, an act under its actor's key: under the key itself, or where somebody else has that,
    /// behind the actor's name (docs/spec/log.md, key).
    fn place_of<'a>(&mut self, submission: &'a Submission) -> Result<Place<'a>, Error> {
        let actor = submission.actor;
        let owner = actor_text(actor, "");
        let own = |key: &str| Cow::Owned(format!("{owner}/{key}"));
        let mut key = Cow::Borrowed(&*submission.key);
        // A key that looks like that of a device and its turn is for the device alone: nobody takes it first.
        let is_signeds = can_be_signed(self.state().editions.current) && is_of_a_device(&key);
        if is_signeds && let Some(seq) = self.find_key(&key)? {
            let bytes = self.entry(seq)?.ok_or_else(|| Fault::Damaged(format!("entry {seq} is missing")))?;
            if is_by(&bytes, seq, actor)? {
                return Ok(Place::Taken(seq, bytes));
            }
        }
        if is_signeds || is_of_another(&key, &owner) {
            key = own(&key);
        }
        // Only logs of earlier programs can hold somebody else's act under the longer key, so that this ends soon.
        while let Some(seq) = self.find_key(&key)? {
            let bytes = self.entry(seq)?.ok_or_else(|| Fault::Damaged(format!("entry {seq} is missing")))?;
            if is_by(&bytes, seq, actor)? {
                return Ok(Place::Taken(seq, bytes));
            }
            key = own(&key);
        }
        Ok(Place::Free(key))
    }

    /// Returns the earlier receipt, if the entry is the same act: as it was handed in, or with its sources as the log has them.
    fn repeated(&mut self, seq: u64, bytes: &[u8], submission: &Submission) -> Result<Submitted, Error> {
        let entry = rochdale_log::decode(bytes).map_err(|error| Fault::Damaged(format!("entry {seq}: {error}")))?;
        let is_body = |act: &Act| {
            let mut body = Vec::new();
            write_body(act, &mut body).map_err(|misread| Error::Usage(misread.to_string()))?;
            Ok::<bool, Error>(entry.body == body)
        };
        let in_log = self.as_in_log(&submission.act)?;
        let same = *entry.kind == *submission.act.kind()
            && (is_body(&submission.act)? || is_body(&in_log)?)
            && !self.coop.is_about_another(&entry, &submission.act, &in_log)?;
        if !same {
            return Ok(Submitted::KeyReused(seq));
        }
        let hash = rochdale_log::hash_entry(bytes).to_string();
        Ok(Submitted::Accepted(Receipt { entry: seq, hash, time: Moment(entry.time_us), repeated: true }))
    }
}

/// The place of an act in the log by its key.
enum Place<'a> {
    /// An entry of the same actor, with its bytes.
    Taken(u64, Vec<u8>),
    /// None yet, and the key that it would have there.
    Free(Cow<'a, str>),
}

/// Whether a key looks like one that a device and its turn make, or the enrolment of a key.
fn is_of_a_device(key: &str) -> bool {
    key.split_once('/')
        .is_some_and(|(device, _)| !device.is_empty() && device.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Whether a key looks like one behind the name of another actor than `own`: nobody takes such a key before its owner.
fn is_of_another(key: &str, own: &str) -> bool {
    key.split_once('/').is_some_and(|(owner, _)| owner != own && read_actor(owner, "").is_ok())
}

/// Whether an actor has handed an entry in. The operator in a member's name shares the keys of earlier programs, which wrote such acts
/// as if the member had acted.
fn is_by(bytes: &[u8], seq: u64, actor: Actor) -> Result<bool, Fault> {
    let entry = rochdale_log::decode(bytes).map_err(|error| Fault::Damaged(format!("entry {seq}: {error}")))?;
    if *entry.actor == actor_text(actor, "") {
        return Ok(true);
    }
    let Actor::Desk(who) = actor else { return Ok(false) };
    let act = read_body(&entry.kind, entry.body).ok().filter(|_| *entry.authority == *DESK);
    Ok(act.is_some_and(|act| act.own_member() == Some(who)))
}
