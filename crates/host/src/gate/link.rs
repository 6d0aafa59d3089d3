//! Members' own links to what only patrons may fetch: one each, kept by the hash of what stands in it. Whether it opens something is
//! asked at each use, of the engine.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::code::code_hash;
use super::invitation::record;
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

const LINKS: &str = "link";
/// The beginning of the records that say which link is a member's. Every hash comes before it.
const OF: &str = "of:";

/// So often a link is used on one day, of the machine's clock in UTC.
pub const MOST_FETCHES: u32 = 200;
const DAY_US: i64 = 86_400_000_000;
/// As many links' uses are remembered; where there are more, those of earlier days go.
const MOST_REMEMBERED: usize = 4_096;

/// A link, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// Whose it is.
    pub(crate) member: Pseudonym,
    /// When it was made, microseconds since 1970.
    pub(crate) made_us: i64,
}

impl Snapshot {
    /// Whose link it is that has this in it, with its hash.
    ///
    /// # Errors
    /// A fault.
    pub fn link(&self, secret: &str) -> Result<Option<(String, Pseudonym)>, Error> {
        let hash = code_hash(secret);
        let found: Option<Link> = self.beside.look(|store, coop| record(store, coop, LINKS, &hash))?;
        Ok(found.map(|link| (hash, link.member)))
    }

    /// When a member's link was made, if they have one.
    ///
    /// # Errors
    /// A fault.
    pub fn link_of(&self, member: Pseudonym) -> Result<Option<Moment>, Error> {
        self.beside.look(|store, coop| {
            let hash: Option<String> = record(store, coop, LINKS, &name_of(member))?;
            let Some(hash) = hash else { return Ok(None) };
            let link: Option<Link> = record(store, coop, LINKS, &hash)?;
            Ok(link.map(|link| Moment(link.made_us)))
        })
    }
}

impl Batch<'_> {
    /// Makes a member's link; an older one ends. The code that opens it is kept nowhere, and returned this once.
    ///
    /// # Errors
    /// A fault.
    pub fn renew_link(&mut self, member: Pseudonym, now: Moment) -> Result<String, Error> {
        let coop = &mut *self.coop;
        let old: Option<String> = record(&mut *coop.store, &coop.now.id, LINKS, &name_of(member))?;
        if let Some(old) = old {
            self.delete(LINKS, old.as_bytes())?;
        }
        let secret = super::new_code()?;
        let hash = code_hash(&secret);
        let json = |why: serde_json::Error| Error::Usage(why.to_string());
        self.put(LINKS, name_of(member).as_bytes(), &serde_json::to_vec(&hash).map_err(json)?)?;
        let link = Link { member, made_us: now.0 };
        self.put(LINKS, hash.as_bytes(), &serde_json::to_vec(&link).map_err(json)?)?;
        Ok(secret)
    }
}

fn name_of(member: Pseudonym) -> String {
    format!("{OF}{member}")
}

/// How often links were used today. A restart begins anew.
#[derive(Debug, Default)]
pub struct Fetches(Mutex<BTreeMap<String, (i64, u32)>>);

impl Fetches {
    /// Notes that a link is used; whether it may be, today.
    pub fn note(&self, hash: &str, now: Moment) -> bool {
        let today = now.0.div_euclid(DAY_US);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_REMEMBERED && !all.contains_key(hash) {
            all.retain(|_, (day, _)| *day == today);
        }
        let (day, count) = all.entry(hash.to_owned()).or_insert((today, 0));
        if *day != today {
            (*day, *count) = (today, 0);
        }
        *count = count.saturating_add(1);
        *count <= MOST_FETCHES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Coop;
    use crate::coop::tests::{at, charter};

    #[test]
    fn a_renewed_link_ends_the_older_one() {
        let now = at("2025-01-02T10:00:00Z");
        let mut coop = Coop::in_memory(charter(), false, now).unwrap();
        let mut batch = coop.batch().unwrap();
        let member = Pseudonym(7);
        let first = batch.renew_link(member, now).unwrap();
        batch.commit().unwrap();
        assert_eq!(coop.committed().link(&first).unwrap(), Some((code_hash(&first), member)));
        let mut batch = coop.batch().unwrap();
        let other = batch.renew_link(Pseudonym(8), now).unwrap();
        let second = batch.renew_link(member, Moment(now.0 + 1)).unwrap();
        batch.commit().unwrap();
        let seen = coop.committed();
        assert_eq!(seen.link(&first).unwrap(), None);
        assert_eq!(seen.link(&second).unwrap().unwrap().1, member);
        assert_eq!(seen.link(&other).unwrap().unwrap().1, Pseudonym(8));
        assert_eq!(seen.link_of(member).unwrap(), Some(Moment(now.0 + 1)));
        assert_eq!(seen.link_of(Pseudonym(9)).unwrap(), None);
        assert_eq!(seen.link("of:m_0000000000000007").unwrap(), None, "no name of a record opens anything");
    }

    #[test]
    fn a_link_is_used_two_hundred_times_a_day() {
        let (fetches, now) = (Fetches::default(), at("2025-01-02T10:00:00Z"));
        assert!((0..200).all(|_| fetches.note("a", now)));
        assert!(!fetches.note("a", now), "the 201st");
        assert!(fetches.note("b", now), "another link has its own");
        assert!(fetches.note("a", at("2025-01-03T00:00:00Z")), "and a day later it goes on");
    }
}
