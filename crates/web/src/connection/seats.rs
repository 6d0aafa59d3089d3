//! Who is connected: so many in all, and so many from one address. Somebody who only waits makes room for somebody who comes,
//! so that idle connections never shut anybody out.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use host::gate::network;
use tokio::sync::Notify;

/// The connections of one server.
#[derive(Debug)]
pub(super) struct Seats {
    /// So many in all.
    all: usize,
    /// So many from one address.
    of_one: usize,
    /// Addresses of proxies, which come for many: the limit of one address is not theirs.
    proxies: Vec<IpAddr>,
    taken: Mutex<BTreeMap<u64, Arc<Seat>>>,
    /// Counts whatever happens, so that it has an order.
    turns: AtomicU64,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    network: IpAddr,
    state: AtomicU8,
    /// The turn since which it waits.
    since: AtomicU64,
    /// Woken when it waits again: the time until the next request begins then.
    again: Mutex<Option<Waker>>,
    left: Notify,
}

/// Waits for a request, whole or not.
const WAITS: u8 = 0;
/// A request is answered.
const ANSWERED: u8 = 1;
/// Was sent away.
const GONE: u8 = 2;

impl Seats {
    pub(super) fn new(all: u32, of_one: u32, proxies: Vec<IpAddr>) -> Seats {
        let (all, of_one) = (usize::try_from(all), usize::try_from(of_one));
        Seats {
            all: all.unwrap_or(usize::MAX),
            of_one: of_one.unwrap_or(usize::MAX),
            proxies,
            taken: Mutex::default(),
            turns: AtomicU64::new(0),
        }
    }

    /// A seat for somebody from `address`; `None` where all are taken by requests that are being answered.
    pub(super) fn take(&self, address: IpAddr) -> Option<Arc<Seat>> {
        let (address, network) = (address.to_canonical(), network(address));
        let mut taken = self.taken();
        let is_bounded = !(address.is_loopback() || self.proxies.contains(&address));
        if is_bounded && taken.values().filter(|seat| seat.network == network).count() >= self.of_one {
            Self::send_one_away(&mut taken, Some(network))?;
        }
        if taken.len() >= self.all {
            Self::send_one_away(&mut taken, None)?;
        }
        let number = self.turn();
        let (state, since) = (AtomicU8::new(WAITS), AtomicU64::new(number));
        let seat = Arc::new(Seat { number, network, state, since, again: Mutex::default(), left: Notify::new() });
        taken.insert(number, Arc::clone(&seat));
        Some(seat)
    }

    /// Sends somebody away who waits, if anybody does.
    pub(super) fn make_room(&self) {
        let _ = Self::send_one_away(&mut self.taken(), None);
    }

    pub(super) fn leave(&self, seat: &Seat) {
        self.taken().remove(&seat.number);
    }

    /// Notes that all of an answer is given.
    pub(super) fn answered(&self, seat: &Seat) {
        seat.since.store(self.turn(), Ordering::Relaxed);
        let _ = seat.state.compare_exchange(ANSWERED, WAITS, Ordering::AcqRel, Ordering::Acquire);
        if let Some(waker) = seat.again.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }

    /// Of the addresses with most connections, and there the one that waits longest. `None` where nobody waits.
    fn send_one_away(taken: &mut BTreeMap<u64, Arc<Seat>>, from: Option<IpAddr>) -> Option<()> {
        let mut by_network: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for seat in taken.values() {
            *by_network.entry(seat.network).or_default() += 1;
        }
        let waiting = taken.values().filter(|seat| seat.state.load(Ordering::Acquire) == WAITS);
        let waiting = waiting.filter(|seat| from.is_none_or(|from| seat.network == from));
        let mut waiting: Vec<_> = waiting
            .map(|seat| {
                let of_network = by_network.get(&seat.network).copied().unwrap_or(0);
                (Reverse(of_network), seat.since.load(Ordering::Relaxed), Arc::clone(seat))
            })
            .collect();
        waiting.sort_unstable_by_key(|(of_network, since, _)| (*of_network, *since));
        // One whose request has just come stays.
        let seat = waiting.into_iter().map(|(_, _, seat)| seat).find(|seat| seat.send_away())?;
        taken.remove(&seat.number);
        Some(())
    }

    fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Seat>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Notes that a request has come; whether it is answered. It is not where the seat was given to somebody else before.
    pub(super) fn begin(&self) -> bool {
        let before = self.state.compare_exchange(WAITS, ANSWERED, Ordering::AcqRel, Ordering::Acquire);
        before != Err(GONE)
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.state.load(Ordering::Acquire) == WAITS
    }

    /// Has `waker` called when all of an answer is given.
    pub(super) fn wake_when_answered(&self, waker: &Waker) {
        *self.again.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }

    /// Ends once the seat is given to somebody else.
    pub(super) async fn sent_away(&self) {
        self.left.notified().await;
    }

    fn send_away(&self) -> bool {
        let sent = self.state.compare_exchange(WAITS, GONE, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if sent {
            self.left.notify_one();
        }
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn from(last: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, last])
    }

    #[test]
    fn idle_connections_make_room_for_those_who_come() {
        let seats = Seats::new(800, 64, Vec::new());
        let idle: Vec<_> = (0..1_100).map(|_| seats.take(LOCAL).expect("a seat")).collect();
        assert_eq!(idle.iter().filter(|seat| seat.is_waiting()).count(), 800);
        assert!(!idle[299].is_waiting() && idle[300].is_waiting(), "the longest wait ends first");
        assert!(!idle[299].begin() && idle[300].begin());
    }

    #[test]
    fn one_address_takes_no_more_than_its_seats_and_a_proxy_as_many_as_there_are() {
        let seats = Seats::new(100, 2, vec![from(9)]);
        let own: Vec<_> = (0..3).map(|_| seats.take(from(1)).expect("a seat")).collect();
        assert!(!own[0].is_waiting() && own[1].is_waiting() && own[2].is_waiting());
        assert!(own[1].begin() && own[2].begin());
        assert!(seats.take(from(1)).is_none(), "both are being answered");
        assert!(seats.take(from(2)).is_some());
        seats.answered(&own[1]);
        assert!(seats.take(from(1)).is_some() && !own[1].is_waiting());
        let by_proxy: Vec<_> = (0..50).map(|_| seats.take(from(9)).expect("a seat")).collect();
        assert!(by_proxy.iter().all(|seat| seat.is_waiting()));
    }

    #[test]
    fn loopback_and_proxies_of_version_6_have_no_limit_of_their_own() {
        let proxy: IpAddr = "2001:db8::7".parse().expect("an address");
        let seats = Seats::new(100, 2, vec![proxy]);
        for from in ["::1", "2001:db8::7", "::ffff:127.0.0.1"] {
            let from = from.parse().expect("an address");
            let own: Vec<_> = (0..3).map(|_| seats.take(from).expect("a seat")).collect();
            assert!(own.iter().all(|seat| seat.is_waiting()), "{from}");
        }
        let other = "2001:db8:1::7".parse().expect("an address");
        let own: Vec<_> = (0..3).map(|_| seats.take(other).expect("a seat")).collect();
        assert!(!own[0].is_waiting());
    }

    #[test]
    fn the_address_with_most_connections_makes_room() {
        let seats = Seats::new(4, 4, Vec::new());
        let one = seats.take(from(1)).expect("a seat");
        let many: Vec<_> = (0..3).map(|_| seats.take(from(2)).expect("a seat")).collect();
        let other = seats.take(from(3)).expect("a seat");
        assert!(one.is_waiting() && other.is_waiting() && !many[0].is_waiting());
        seats.leave(&one);
        assert!(seats.take(from(4)).is_some() && many[1].is_waiting());
    }

    #[test]
    fn nobody_is_sent_away_while_answered() {
        let seats = Seats::new(1, 1, Vec::new());
        let seat = seats.take(LOCAL).expect("a seat");
        assert!(seat.begin() && seat.begin(), "a second request may come early");
        assert!(seats.take(LOCAL).is_none());
        seats.make_room();
        assert!(!seat.is_waiting());
        seats.answered(&seat);
        seats.make_room();
        assert!(!seat.begin());
        assert!(seats.take(LOCAL).is_some());
    }
}
