//! A member's own act that would change nothing: it is answered with the entry that stands, and not written again.

use engine::act::Act;
use engine::{Actor, Outcome};
use quantity::Moment;
use rochdale_log::{Fault, hash_entry};

use crate::batch::{Accepted, Batch};
use crate::codec::write_body;
use crate::coop::Receipt;
use crate::error::Error;

/// As many of a member's newest acts are looked through for the one that stands. Beyond them it is written again.
const MOST_LOOKED_THROUGH: usize = 1_000;

impl Batch<'_> {
    /// As [`Batch::append`], for people and programs at the doors: a member's own act that would change nothing is not written again,
    /// and its receipt is that of the entry that stands.
    ///
    /// # Errors
    /// As [`Batch::append`].
    pub fn append_once(
        &mut self,
        act: &Act,
        actor: Actor,
        key: &str,
        nonce: &str,
        time: Moment,
    ) -> Result<Accepted, Error> {
        let time = self.time(time);
        self.run_due(time)?;
        match self.receipt_that_stands(act, actor)? {
            Some(receipt) => Ok(Accepted { receipt, outcomes: vec![Outcome::Recorded] }),
            None => self.append(act, actor, key, nonce, time),
        }
    }

    /// The receipt of the entry by which an act's wish stands already; `None` where the act would change something, and where that
    /// entry is not among the member's newest ones.
    fn receipt_that_stands(&mut self, act: &Act, actor: Actor) -> Result<Option<Receipt>, Error> {
        let Actor::Member(who) = actor else { return Ok(None) };
        let state = &self.coop.now.state;
        let Some(index) = state.members.index(who).filter(|_| state.stands_already(act, who)) else {
            return Ok(None);
        };
        let mut body = Vec::new();
        write_body(act, &mut body).map_err(|misread| Error::Usage(misread.to_string()))?;
        let newest: Vec<u64> = self.coop.now.history.own_of(index).take(MOST_LOOKED_THROUGH).collect();
        for seq in newest {
            let missing = || Fault::Damaged(format!("entry {seq} is missing"));
            let bytes = self.entry(seq)?.ok_or_else(missing)?;
            let damaged = |why: &dyn std::fmt::Display| Fault::Damaged(format!("entry {seq}: {why}"));
            let entry = rochdale_log::decode(&bytes).map_err(|why| damaged(&why))?;
            if *entry.kind == *act.kind() && entry.body == body {
                let (hash, time) = (hash_entry(&bytes).to_string(), Moment(entry.time_us));
                return Ok(Some(Receipt { entry: seq, hash, time, repeated: true }));
            }
        }
        Ok(None)
    }
}
