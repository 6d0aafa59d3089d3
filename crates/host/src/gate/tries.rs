//! How often somebody may be wrong. Codes are far too long to be guessed; this keeps whoever tries anyway from keeping the
//! server busy, and never keeps anybody out whose code is right.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use engine::Pseudonym;
use quantity::Moment;

/// So often something may be wrong; from then on the answer says that it was too often.
const MOST_WRONG: u32 = 20;
/// Until so long after the first time, microseconds: 10 minutes.
const WINDOW_US: i64 = 600_000_000;
/// So many links, accounts and addresses are remembered; the one that began first goes first.
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
}

/// Wrong codes.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: Mutex<BTreeMap<Tried, (i64, u32)>>,
}

impl Tries {
    /// A code was wrong; whether one of these was wrong too often.
    pub fn note(&self, tried: &[Tried], now: Moment) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let mut too_often = false;
        for one in tried {
            let is_over = |since_us: i64| now.0.saturating_sub(since_us) >= WINDOW_US;
            if wrong.len() >= MOST_REMEMBERED && !wrong.contains_key(one) {
                wrong.retain(|_, (since_us, _)| !is_over(*since_us));
                let first = wrong.iter().min_by_key(|(_, (since_us, _))| *since_us);
                let first = first.filter(|_| wrong.len() >= MOST_REMEMBERED).map(|(first, _)| first.clone());
                first.map(|first| wrong.remove(&first));
            }
            let (since_us, count) = wrong.entry(one.clone()).or_insert((now.0, 0));
            if is_over(*since_us) {
                (*since_us, *count) = (now.0, 0);
            }
            *count = count.saturating_add(1);
            too_often |= *count > MOST_WRONG;
        }
        too_often
    }
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
