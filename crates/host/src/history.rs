//! Past updates, kept for pictures: votes and buckets over time. Rebuilt with every replay; never part of a decision.

use std::sync::Arc;

use engine::act::{Act, BookEntry};
use engine::{MemberIndex, Outcome, State};
use imbl::{OrdMap, Vector};
use quantity::Moment;
use serde::{Deserialize, Serialize};
use views::UpdatePoint;

/// The newest points of a co-op, oldest first. Copies share them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    bookings: Vector<BookMark>,
    own: Vector<OwnMark>,
    /// The place in `own` of each member's last act.
    last_own: OrdMap<MemberIndex, u32>,
    last_update: Option<(Moment, String)>,
    /// The entry of the last update; 0 before the first.
    counted: u64,
    points: Arc<Vec<Arc<UpdatePoint>>>,
}

/// One entry of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookMark {
    /// Its place in the log.
    pub seq: u64,
    /// The co-op's money after it, in the order of the log, minor units.
    pub balance_minor: i64,
}

/// One act of a member's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct OwnMark {
    /// Its place in the log.
    seq: u64,
    /// The place of the member's act before it; that of itself where there is none.
    before: u32,
}

/// As many points as are kept: 38 years of weekly updates.
const KEPT: usize = 2_000;

impl History {
    /// The points, oldest first.
    #[must_use]
    pub fn points(&self) -> &[Arc<UpdatePoint>] {
        &self.points
    }

    /// The book's entries in the order of the log.
    #[must_use]
    pub fn bookings(&self) -> &Vector<BookMark> {
        &self.bookings
    }

    /// The last update, and the hash of the state after it, as in its entry.
    #[must_use]
    pub fn last_update(&self) -> Option<(Moment, &str)> {
        self.last_update.as_ref().map(|(at, hash)| (*at, hash.as_str()))
    }

    /// The place in the log of the last update's entry; 0 before the first.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// Notes an act, where it is a member's own.
    pub fn note_own(&mut self, seq: u64, act: &Act, state: &State) {
        let Some(member) = act.own_member().and_then(|member| state.members.index(member)) else { return };
        // A log of four thousand million own acts is no longer looked through.
        let Ok(place) = u32::try_from(self.own.len()) else { return };
        let before = self.last_own.insert(member, place).unwrap_or(place);
        self.own.push_back(OwnMark { seq, before });
    }

    /// The places in the log of a member's own acts, newest first.
    pub fn own_of(&self, member: MemberIndex) -> impl Iterator<Item = u64> {
        let mut next = self.last_own.get(&member).copied();
        std::iter::from_fn(move || {
            let place = next?;
            let mark = self.own.get(usize::try_from(place).ok()?)?;
            next = (mark.before != place).then_some(mark.before);
            Some(mark.seq)
        })
    }

    /// Notes an update's moment and hash, as in its entry, and the place of that in the log.
    pub fn note_update(&mut self, at: Moment, hash: &str, entry: u64) {
        self.last_update = Some((at, hash.to_owned()));
        self.counted = entry;
    }

    /// Notes an entry of the book.
    pub fn note_booking(&mut self, seq: u64, entry: &BookEntry) {
        let before = self.bookings.last().map_or(0, |mark| mark.balance_minor);
        self.bookings.push_back(BookMark { seq, balance_minor: before.saturating_add(entry.moved_minor()) });
    }

    /// Notes the state after an update.
    pub fn note(&mut self, state: &State, outcomes: &[Outcome]) {
        let points = Arc::make_mut(&mut self.points);
        if points.len() >= KEPT {
            points.remove(0);
        }
        points.push(Arc::new(UpdatePoint::of(state, outcomes)));
    }
}
