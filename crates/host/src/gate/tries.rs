//! How often somebody may be wrong. Codes are far too long to be guessed; this keeps whoever tries anyway from keeping the
//! server busy.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use quantity::Moment;

/// So many wrong codes from one address, and none of its codes is looked at any more.
const MOST_WRONG: u32 = 20;
/// Until so long after the first of them, microseconds: 10 minutes.
const WINDOW_US: i64 = 600_000_000;
/// So many addresses are remembered; the one that began first goes first.
const MOST_ADDRESSES: usize = 4096;

/// Wrong codes by address.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: Mutex<BTreeMap<IpAddr, (i64, u32)>>,
}

impl Tries {
    /// Whether a code from there is looked at.
    #[must_use]
    pub fn allows(&self, from: IpAddr, now: Moment) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = wrong.get(&network(from));
        noted.is_none_or(|(since_us, count)| now.0.saturating_sub(*since_us) >= WINDOW_US || *count < MOST_WRONG)
    }

    /// A code from there was wrong.
    pub fn note(&self, from: IpAddr, now: Moment) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, (since_us, _)| now.0.saturating_sub(*since_us) < WINDOW_US);
        let first = wrong.iter().min_by_key(|(_, (since_us, _))| *since_us);
        let first = first.map(|(address, _)| *address);
        if wrong.len() >= MOST_ADDRESSES && !wrong.contains_key(&network(from)) {
            first.map(|first| wrong.remove(&first));
        }
        wrong.entry(network(from)).or_insert((now.0, 0)).1 += 1;
    }
}

/// Somebody with one address of version 6 has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
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

    #[test]
    fn twenty_wrong_codes_are_enough_for_ten_minutes() {
        let tries = Tries::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..MOST_WRONG {
            assert!(tries.allows(one, NOW));
            tries.note(one, NOW);
        }
        assert!(!tries.allows(one, NOW) && tries.allows(other, NOW));
        assert!(!tries.allows(one, Moment(NOW.0 + WINDOW_US - 1)));
        assert!(tries.allows(one, Moment(NOW.0 + WINDOW_US)));
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let tries = Tries::default();
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        for last in 0..MOST_WRONG {
            tries.note(at(&format!("2001:db8::{last:x}")), NOW);
        }
        assert!(!tries.allows(at("2001:db8::ffff:1"), NOW));
        assert!(tries.allows(at("2001:db8:0:1::1"), NOW));
    }

    #[test]
    fn no_more_addresses_are_remembered_than_there_is_room_for() {
        let tries = Tries::default();
        for number in 0..u32::try_from(MOST_ADDRESSES).unwrap() + 50 {
            tries.note(IpAddr::from(number.to_be_bytes()), Moment(NOW.0 + i64::from(number)));
        }
        assert_eq!(tries.wrong.lock().unwrap().len(), MOST_ADDRESSES);
    }
}
