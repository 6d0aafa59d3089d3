//! Sign-ins that are not done: the first factor is shown and the second is still asked for, or all is shown and there is no place for one
//! more browser. They are in memory: a restart begins them anew.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use engine::Pseudonym;
use quantity::Moment;

use crate::error::Error;
use crate::gate::{FreshId, Proof, code_hash};

/// The time for the second factor, microseconds: 5 minutes.
const WAITS_US: i64 = 300_000_000;
/// The most that wait; the oldest goes first.
const MOST_HALVES: usize = 4096;
/// The most of one member; the oldest goes first.
const MOST_OF_ONE: usize = 8;

/// Half sign-ins by the hash of their id, which the page alone has.
#[derive(Debug, Default)]
pub struct Halves(Mutex<BTreeMap<String, (Half, i64)>>);

/// A sign-in that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half {
    /// As whom.
    pub member: Pseudonym,
    /// How much is proven, where nothing more is asked for.
    pub proven: Option<Proof>,
}

impl Halves {
    /// Notes a sign-in that is not done; the id that goes on from there.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn begin(&self, half: Half, now: Moment) -> Result<String, Error> {
        let fresh = FreshId::new()?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, at)| now.0.saturating_sub(*at) < WAITS_US);
        let own = all.values().filter(|(of, _)| of.member == half.member).count();
        let goes = |of: Half| own < MOST_OF_ONE || of.member == half.member;
        if own >= MOST_OF_ONE || all.len() >= MOST_HALVES {
            let first = all.iter().filter(|(_, (of, _))| goes(*of)).min_by_key(|(_, (_, at))| *at);
            if let Some(hash) = first.map(|(hash, _)| hash.clone()) {
                all.remove(&hash);
            }
        }
        all.insert(fresh.hash, (half, now.0));
        Ok(fresh.id)
    }

    /// The sign-in, where it still waits.
    #[must_use]
    pub fn get(&self, id: &str, now: Moment) -> Option<Half> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (half, at) = *all.get(&code_hash(id))?;
        (now.0.saturating_sub(at) < WAITS_US).then_some(half)
    }

    /// Ends it; whether it was there. Of many at once one is told yes.
    pub fn end(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&code_hash(id)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_750_000_000_000_000);

    fn half(member: u64) -> Half {
        Half { member: Pseudonym(member), proven: None }
    }

    #[test]
    fn a_half_waits_five_minutes_and_ends_once() {
        let halves = Halves::default();
        let id = halves.begin(half(1), NOW).unwrap();
        assert_eq!(halves.get(&id, Moment(NOW.0 + WAITS_US - 1)), Some(half(1)));
        assert_eq!(halves.get(&id, Moment(NOW.0 + WAITS_US)), None);
        assert_eq!(halves.get(&code_hash(&id), NOW), None);
        assert!(halves.end(&id) && !halves.end(&id));
        assert_eq!(halves.get(&id, NOW), None);
    }

    #[test]
    fn one_member_s_halves_push_out_their_own_alone() {
        let halves = Halves::default();
        let other = halves.begin(half(2), NOW).unwrap();
        let at = |number: usize| Moment(NOW.0 + 1 + i64::try_from(number).unwrap());
        let own: Vec<String> = (0..=MOST_OF_ONE).map(|number| halves.begin(half(1), at(number)).unwrap()).collect();
        let now = at(MOST_OF_ONE);
        assert_eq!(halves.get(&own[0], now), None);
        assert!(own[1..].iter().all(|id| halves.get(id, now).is_some()));
        assert!(halves.get(&other, now).is_some());
        for member in 10..10 + MOST_HALVES as u64 {
            halves.begin(half(member), now).unwrap();
        }
        assert_eq!(halves.0.lock().unwrap().len(), MOST_HALVES);
    }
}
