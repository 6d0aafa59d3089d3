//! Proofs within a session: how fresh the last one is, and a new id at each. Which way proves how much, `way.rs` says.

use quantity::Moment;

use super::{Session, Sessions};
use crate::error::Error;
use crate::gate::way::Fresh;
use crate::gate::{FreshId, code_hash};

/// For so long a proof is fresh enough to change ways in, microseconds: 5 minutes.
pub const FRESH_US: i64 = 300_000_000;
/// For so long a second factor is good for acts of office, microseconds: 15 minutes.
pub const SECOND_US: i64 = 900_000_000;

/// How far somebody has proven who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By a first factor, or a recovery code.
    First,
    /// By a second factor too.
    Second,
}

impl Session {
    /// The same with a proof at `now`.
    #[must_use]
    pub fn proven(self, proof: Proof, now: Moment) -> Session {
        let second = (proof == Proof::Second).then_some(now.0);
        Session { proved_us: Some(now.0), second_us: second.or(self.second_us), ..self }
    }
}

impl Sessions {
    /// The right to change ways in of the browser with this id: its proof is fresh, or the member has no way yet by which to prove
    /// anything. `None` where it has to prove itself first.
    ///
    /// # Errors
    /// A fault.
    pub fn fresh(&self, id: &str, now: Moment) -> Result<Option<Fresh>, Error> {
        let (Some(session), Some(coop)) = (self.session(id, now), &self.kept) else { return Ok(None) };
        let member = session.member;
        // A proof from the future is none: the clock was turned back.
        let age = session.proved_us.map(|at| now.0.saturating_sub(at));
        if age.is_some_and(|age| (0..FRESH_US).contains(&age)) {
            return Ok(Some(Fresh { member, first: false }));
        }
        let has_way = coop.read().ways_in(member)?.lets_in();
        Ok((!has_way).then_some(Fresh { member, first: true }))
    }

    /// Notes a proof by the browser with the id `old`, which gets another id: one that somebody copied before is good for nothing now. `None`
    /// where its session is over. [`Sessions::save`] keeps it.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn renew(&self, old: &str, proof: Proof, now: Moment) -> Result<Option<FreshId>, Error> {
        let fresh = FreshId::new()?;
        let mut open = self.open();
        let hash = code_hash(old);
        let Some(held) = open.by_hash.get(&hash) else { return Ok(None) };
        let session = held.session.clone().proven(proof, now);
        open.drop_one(&hash);
        open.put(fresh.hash.clone(), session);
        open.unsaved.insert(fresh.hash.clone());
        Ok(Some(fresh))
    }
}
