//! How often somebody may be wrong. Codes of links are far too long to be guessed: those are counted so that nobody keeps the server busy,
//! and one that is right always works. Passwords and six digits can be guessed: each try takes a place before it is looked at, so that of
//! many at once no more are looked at than may be wrong, and a right one gives its place back.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use engine::Pseudonym;
use quantity::Moment;

use crate::directory::fold;
use crate::error::Error;
use crate::gate::code_hash;
use crate::shared::Shared;

/// So often something may be wrong; from then on the answer says that it was too often.
const MOST_WRONG: u32 = 20;
/// So often passwords may be wrong under one name, known or not: the name's other ways stay open.
const MOST_OF_NAME: u32 = 10;
/// So often codes of a member's program may be wrong: the member's other ways stay open.
const MOST_OF_CODE: u32 = 5;
/// So often one network may be wrong at signing in.
const MOST_OF_NETWORK: u32 = 60;
/// Until so long after the first time, microseconds: 10 minutes.
const WINDOW_US: i64 = 600_000_000;
/// So many links, accounts, names and addresses are remembered; the one that was wrong least often, and first, goes first.
const MOST_REMEMBERED: usize = 4096;

/// Something of which it is counted how often it was wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tried {
    /// A link, by the hash of its code.
    Link(String),
    /// A member who is signed in.
    Account(Pseudonym),
    /// An address, or a network of version 6: see [`network`].
    Address(IpAddr),
    /// Passwords and recovery codes under a name as it was typed, by its hash: whether somebody is called so plays no part.
    Name(String),
    /// Codes of a member's program.
    Code(Pseudonym),
    /// Signing in from a network, by its hash.
    Network(String),
}

impl Tried {
    /// A name as it is typed, whatever its capitals and blanks.
    #[must_use]
    pub fn name_typed(typed: &str) -> Tried {
        Tried::Name(code_hash(&fold(typed)))
    }

    /// All who sign in from an address of this co-op's server.
    #[must_use]
    pub fn from_network(coop: &str, address: IpAddr) -> Tried {
        Tried::Network(code_hash(&format!("{coop}/{}", network(address))))
    }

    fn most(&self) -> u32 {
        match self {
            Tried::Link(_) | Tried::Account(_) | Tried::Address(_) => MOST_WRONG,
            Tried::Name(_) => MOST_OF_NAME,
            Tried::Code(_) => MOST_OF_CODE,
            Tried::Network(_) => MOST_OF_NETWORK,
        }
    }

    /// The name of its record; an address has none, since there is no co-op yet where those are counted.
    fn record(&self) -> Option<String> {
        match self {
            Tried::Link(hash) => Some(format!("{LINK}{hash}")),
            Tried::Account(member) => Some(format!("{ACCOUNT}{member}")),
            Tried::Address(_) => None,
            Tried::Name(hash) => Some(format!("{NAME}{hash}")),
            Tried::Code(member) => Some(format!("{CODE}{member}")),
            Tried::Network(hash) => Some(format!("{NETWORK}{hash}")),
        }
    }

    fn recorded(name: &str) -> Option<Tried> {
        let (kind, rest) = name.split_at_checked(name.find(':')?.saturating_add(1))?;
        match kind {
            LINK => Some(Tried::Link(rest.to_owned())),
            ACCOUNT => Some(Tried::Account(rest.parse().ok()?)),
            NAME => Some(Tried::Name(rest.to_owned())),
            CODE => Some(Tried::Code(rest.parse().ok()?)),
            NETWORK => Some(Tried::Network(rest.to_owned())),
            _ => None,
        }
    }
}

const LINK: &str = "link:";
const ACCOUNT: &str = "account:";
const NAME: &str = "name:";
const CODE: &str = "code:";
const NETWORK: &str = "network:";
/// Where they are kept beside the log.
const TRIES: &str = "tries";

/// Wrong codes.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: Mutex<BTreeMap<Tried, (i64, u32)>>,
    /// Those that storage does not know yet, forgotten ones too.
    unsaved: Mutex<BTreeSet<Tried>>,
    /// Why the last of them were not saved.
    failed: Mutex<Option<String>>,
}

impl Tries {
    /// Those that are kept beside the log of this co-op.
    ///
    /// # Errors
    /// A fault.
    pub fn kept(coop: &Shared) -> Result<Tries, Error> {
        let mut wrong = BTreeMap::new();
        coop.read().beside.look(|store, id| {
            store.scan(id, TRIES, &mut |name, json| {
                let tried = std::str::from_utf8(name).ok().and_then(Tried::recorded);
                if let (Some(tried), Ok(counted)) = (tried, serde_json::from_slice(json)) {
                    wrong.insert(tried, counted);
                }
                if wrong.len() < MOST_REMEMBERED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(())
        })?;
        Ok(Tries { wrong: Mutex::new(wrong), unsaved: Mutex::default(), failed: Mutex::default() })
    }

    /// Writes what storage does not know yet, if anything, and forgets what is over. May wait for the disk.
    ///
    /// # Errors
    /// A fault: the next call tries again.
    pub fn save(&self, coop: &Shared, now: Moment) -> Result<(), Error> {
        let mut changed = Vec::new();
        {
            let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
            let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
            forget_what_is_over(&mut wrong, &mut unsaved, now);
            changed.extend(unsaved.iter().filter_map(|tried| Some((tried.record()?, wrong.get(tried).copied()))));
            unsaved.clear();
        }
        if changed.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = changed.iter().map(|(name, _)| name.clone()).collect();
        let saved = coop.write(move |batch| {
            for (name, counted) in &changed {
                match counted {
                    Some(counted) => {
                        let json = serde_json::to_vec(counted).map_err(|why| Error::Usage(why.to_string()))?;
                        batch.put(TRIES, name.as_bytes(), &json)?;
                    }
                    None => batch.delete(TRIES, name.as_bytes())?,
                }
            }
            Ok(())
        });
        if saved.is_err() {
            let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
            unsaved.extend(names.iter().filter_map(|name| Tried::recorded(name)));
        }
        let why = saved.as_ref().err().map(|why| {
            format!("wrong codes of the last ten minutes are not saved: {why}. A restart forgets them, and more can be tried")
        });
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = why;
        saved
    }

    /// A warning for the operator, while wrong codes cannot be saved.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A code was wrong; whether one of these was wrong too often.
    pub fn note(&self, tried: &[Tried], now: Moment) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        let mut too_often = false;
        for one in tried {
            too_often |= add_one(&mut wrong, &mut unsaved, one, now) > one.most();
        }
        too_often
    }

    /// Takes the place of one try, before it is looked at; whether there is one for each of these. A right one gives it back
    /// ([`Tries::was_right`]).
    #[must_use]
    pub fn may_try(&self, tried: &[Tried], now: Moment) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let used_up = |one: &Tried| {
            wrong.get(one).is_some_and(|(since_us, count)| !is_over(*since_us, now) && *count >= one.most())
        };
        if tried.iter().any(used_up) {
            return false;
        }
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        for one in tried {
            add_one(&mut wrong, &mut unsaved, one, now);
        }
        true
    }

    /// Gives the place of a try back that was right.
    pub fn was_right(&self, tried: &[Tried]) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        for one in tried {
            if let Some((_, count)) = wrong.get_mut(one) {
                *count = count.saturating_sub(1);
                unsaved.insert(one.clone());
            }
        }
    }
}

/// Counts one more wrong try; how many there are now.
fn add_one(wrong: &mut BTreeMap<Tried, (i64, u32)>, unsaved: &mut BTreeSet<Tried>, one: &Tried, now: Moment) -> u32 {
    if wrong.len() >= MOST_REMEMBERED && !wrong.contains_key(one) {
        forget_what_is_over(wrong, unsaved, now);
        // A flood of names that are wrong once each does not make another one's tries forgotten.
        let first = wrong.iter().min_by_key(|(_, (since_us, count))| (*count, *since_us));
        let first = first.filter(|_| wrong.len() >= MOST_REMEMBERED).map(|(first, _)| first.clone());
        if let Some(first) = first {
            wrong.remove(&first);
            unsaved.insert(first);
        }
    }
    unsaved.insert(one.clone());
    let (since_us, count) = wrong.entry(one.clone()).or_insert((now.0, 0));
    if is_over(*since_us, now) {
        (*since_us, *count) = (now.0, 0);
    }
    *count = count.saturating_add(1);
    *count
}

fn forget_what_is_over(wrong: &mut BTreeMap<Tried, (i64, u32)>, unsaved: &mut BTreeSet<Tried>, now: Moment) {
    wrong.retain(|tried, (since_us, _)| {
        if is_over(*since_us, now) {
            unsaved.insert(tried.clone());
        }
        !is_over(*since_us, now)
    });
}

fn is_over(since_us: i64, now: Moment) -> bool {
    now.0.saturating_sub(since_us) >= WINDOW_US
}

/// Returns what stands for everybody at an address. Somebody with one address of version 6 has 2^64 of them.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_750_000_000_000_000);

    fn link(number: usize) -> Tried {
        Tried::Link(number.to_string())
    }

    #[test]
    fn a_link_may_be_wrong_twenty_times_in_ten_minutes() {
        let tries = Tries::default();
        for _ in 0..MOST_WRONG {
            assert!(!tries.note(&[link(1)], NOW));
        }
        assert!(tries.note(&[link(1)], Moment(NOW.0 + WINDOW_US - 1)));
        assert!(!tries.note(&[link(2)], NOW), "another link is not counted with it");
        assert!(!tries.note(&[link(1)], Moment(NOW.0 + WINDOW_US)));
    }

    #[test]
    fn an_account_is_counted_over_all_links() {
        let tries = Tries::default();
        let (one, other) = (Tried::Account(Pseudonym(1)), Tried::Account(Pseudonym(2)));
        for number in 0..20 {
            assert!(!tries.note(&[link(number), one.clone()], NOW));
        }
        assert!(tries.note(&[link(20), one], NOW));
        assert!(!tries.note(&[link(21), other], NOW));
    }

    #[test]
    fn a_try_takes_its_place_before_it_is_looked_at() {
        let tries = Tries::default();
        let member = Tried::Code(Pseudonym(1));
        let tried = [member.clone(), Tried::from_network("coop", "10.0.0.1".parse().unwrap())];
        let looked_at = std::thread::scope(|scope| {
            let all: Vec<_> = (0..50).map(|_| scope.spawn(|| tries.may_try(&tried, NOW))).collect();
            all.into_iter().map(|one| one.join().unwrap()).filter(|looked| *looked).count()
        });
        assert_eq!(looked_at, 5);
        assert!(!tries.may_try(&tried, Moment(NOW.0 + WINDOW_US - 1)));
        assert!(tries.may_try(&[Tried::Code(Pseudonym(2))], NOW), "another member is not kept out");
        assert!(tries.may_try(&[Tried::name_typed("member-001")], NOW), "another way is not closed");
        assert!(tries.may_try(&tried, Moment(NOW.0 + WINDOW_US)));
        let name = [Tried::name_typed(" Member-001 ")];
        for _ in 0..100 {
            assert!(tries.may_try(&name, NOW), "who is right is never slowed");
            tries.was_right(&name);
        }
        assert_eq!(Tried::name_typed("member-001"), name[0]);
    }

    #[test]
    fn a_flood_of_names_makes_no_other_tries_forgotten() {
        let tries = Tries::default();
        let victim = [Tried::name_typed("member-001")];
        for _ in 0..MOST_OF_NAME {
            assert!(tries.may_try(&victim, NOW));
        }
        for number in 0..MOST_REMEMBERED + 50 {
            let _ = tries.may_try(&[Tried::name_typed(&format!("x{number}"))], Moment(NOW.0 + 1));
        }
        assert!(!tries.may_try(&victim, Moment(NOW.0 + 2)));
    }

    /// A restart resets nothing; what is over is forgotten, on storage too.
    #[test]
    fn what_was_wrong_is_kept_beside_the_log() {
        use crate::coop::tests::{at, charter};
        let now = at("2025-01-01T10:00:00Z");
        let mut coop = crate::Coop::in_memory(charter(), false, now).unwrap();
        coop.update_until(now, now).unwrap();
        let shared = Shared::new(coop, crate::ServerClock::Machine);
        let tried = [link(1), Tried::Account(Pseudonym(7))];
        let signing_in =
            [Tried::name_typed("a"), Tried::Code(Pseudonym(7)), Tried::from_network("c", "::1".parse().unwrap())];
        let tries = Tries::kept(&shared).unwrap();
        for _ in 0..MOST_WRONG {
            assert!(!tries.note(&tried, now));
        }
        while tries.may_try(&signing_in, now) {}
        tries.save(&shared, now).unwrap();
        let again = Tries::kept(&shared).unwrap();
        assert!(again.note(&tried[..1], now) && again.note(&tried[1..], now), "the twenty-first");
        assert!(!again.may_try(&signing_in, now));
        again.save(&shared, Moment(now.0 + WINDOW_US)).unwrap();
        assert!(Tries::kept(&shared).unwrap().wrong.lock().unwrap().is_empty());
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let at = |text: &str| network(text.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:1"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_eq!(at("::ffff:10.0.0.1"), at("10.0.0.1"));
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let tries = Tries::default();
        for number in 0..MOST_REMEMBERED + 50 {
            tries.note(&[link(number)], Moment(NOW.0 + i64::try_from(number).unwrap()));
        }
        assert_eq!(tries.wrong.lock().unwrap().len(), MOST_REMEMBERED);
    }
}
