//! The signature under an act that is handed in, compared with the act as it is encoded and with the log on storage.

use engine::Actor;
use engine::act::Act;
use quantity::Moment;
use rochdale_log::{Fault, Hash, Signed, Statement, decode, hash_entry};

use super::{Accepted, Batch, By};
use crate::device::{MOST_SINCE, Read, Seen, is_signable, key_in_log};
use crate::error::Error;

impl Batch<'_> {
    /// As [`Batch::append_once`], with the signature of a device of the member's, under the key that device and turn make.
    ///
    /// # Errors
    /// As [`Batch::append`], and where the signature is not good.
    pub fn append_signed(
        &mut self,
        act: &Act,
        actor: Actor,
        signed: Signed,
        nonce: &str,
        time: Moment,
    ) -> Result<Accepted, Error> {
        self.signed = Some(signed);
        let done = self.append_once(act, actor, &key_in_log(&signed, act), nonce, time);
        self.signed = None;
        done
    }

    /// Returns what the engine asks of the signature under the act whose body was just encoded; `None` where it has none.
    ///
    /// # Errors
    /// A refusal, or a fault of the store.
    pub(super) fn check_signed(
        &mut self,
        act: &Act,
        by: &By<'_>,
        bound: &[(&str, Hash)],
    ) -> Result<Option<engine::Signed>, Error> {
        let Some(signed) = by.signed else { return Ok(None) };
        is_signable(act)?;
        let first = self.seen(1)?.map_or(Hash::ZERO, |seen| seen.hash);
        let seen = self.seen_of_late(&signed)?;
        let coop = &self.coop.now;
        let statement = Statement {
            coop: &coop.id,
            first,
            member: by.actor,
            authority: by.authority,
            device: signed.device,
            turn: signed.turn,
            after: signed.after,
            head: seen.map_or(Hash::ZERO, |seen| seen.hash),
            until_us: signed.until_us,
            kind: act.kind(),
            body: &self.body,
            commitments: bound,
        };
        let read = Read { signed, seen, rules: coop.rules, statement: statement.bytes(), key: Some(by.key.to_owned()) };
        Ok(Some(read.check(&coop.state, act)?))
    }

    /// The entry that a device has seen, where it is among the last ones.
    fn seen_of_late(&mut self, signed: &Signed) -> Result<Option<Seen>, Error> {
        let last = self.coop.now.head.seq;
        let most = u64::try_from(MOST_SINCE).unwrap_or(u64::MAX);
        if signed.after > last || last - signed.after >= most {
            return Ok(None);
        }
        self.seen(signed.after)
    }

    fn seen(&mut self, seq: u64) -> Result<Option<Seen>, Error> {
        let Some(bytes) = self.entry(seq)? else { return Ok(None) };
        let next = seq.saturating_add(1);
        let rules = match self.entry(next)? {
            Some(bytes) => decode(&bytes).map_err(|why| Fault::Damaged(format!("entry {next}: {why}")))?.rules,
            None => self.coop.now.rules,
        };
        Ok(Some(Seen { hash: hash_entry(&bytes), rules }))
    }
}
