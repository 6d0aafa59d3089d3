//! Past updates, kept for pictures: votes and buckets over time. Rebuilt with every replay; never part of a decision.

use std::sync::Arc;

use engine::act::BookEntry;
use engine::{Outcome, State};
use imbl::Vector;
use quantity::Moment;
use serde::{Deserialize, Serialize};
use views::UpdatePoint;

/// The newest points of a co-op, oldest first. Copies share them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    bookings: Vector<BookMark>,
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
