//! How much came in for a release, carried from update to update: what is recorded since is added, and the rest is not walked again. A
//! cache over the records, and no part of the state's hash.

use std::collections::BTreeMap;

use charter::SupportKind;
use imbl::OrdMap;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::support::{Support, SupportRow};

/// The dates that count, from the first on and before the second.
pub(super) type Window = (Moment, Moment);

/// The sums of some clauses, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums(BTreeMap<String, Raised>);

/// The sum of one clause over one window, of the kinds that make patrons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Raised {
    window: Window,
    at: Moment,
    /// Minor units.
    pub(super) sum: i128,
    /// By kind, how many rows were looked at.
    seen: BTreeMap<SupportKind, usize>,
    /// Sums within the window that count later, by the instant at which they do.
    waiting: OrdMap<Moment, i128>,
}

impl Sums {
    /// The sum of a clause at an instant.
    pub(super) fn now(
        &self,
        clause: &str,
        support: &Support,
        kinds: impl Iterator<Item = SupportKind>,
        (window, at): (Window, Moment),
    ) -> Raised {
        let kinds: Vec<SupportKind> = kinds.collect();
        let goes_on = |had: &&Raised| had.window == window && had.at <= at && kinds.iter().eq(had.seen.keys());
        let mut now = self.0.get(clause).filter(goes_on).cloned().unwrap_or_else(|| Raised {
            window,
            at,
            sum: 0,
            seen: kinds.iter().map(|kind| (*kind, 0)).collect(),
            waiting: OrdMap::new(),
        });
        now.add_new(support, at);
        now.ripen(at);
        now
    }

    pub(super) fn keep(&mut self, clause: &str, raised: Raised) {
        self.0.insert(clause.to_owned(), raised);
    }

    /// Nothing waits for a sum of this clause any more.
    pub(super) fn forget(&mut self, clause: &str) {
        self.0.remove(clause);
    }
}

impl Raised {
    fn add_new(&mut self, support: &Support, at: Moment) {
        let (from, to) = self.window;
        for (kind, seen) in &mut self.seen {
            let Some(rows) = support.rows(*kind) else { continue };
            let within = |row: &SupportRow| row.counted_at >= from && row.counted_at < to;
            for (_, row) in rows.from(*seen).filter(|(_, row)| within(row)) {
                let amount = i128::from(row.amount);
                // A refund has the date of what it gives back, and counts once it is known.
                let counts = row.counted_at.max(row.known_at);
                if counts <= at {
                    self.sum = self.sum.saturating_add(amount);
                } else {
                    let sum = self.waiting.entry(counts).or_insert(0);
                    *sum = sum.saturating_add(amount);
                }
            }
            *seen = rows.len();
        }
    }

    fn ripen(&mut self, at: Moment) {
        while let Some((counts, sum)) = self.waiting.get_min().copied().filter(|(counts, _)| *counts <= at) {
            self.sum = self.sum.saturating_add(sum);
            self.waiting.remove(&counts);
        }
        self.at = at;
    }
}
