//! Who had weight at which update of the last 90 days, wherever a cap asks for it (docs/spec/support.md, The cap). Not the cap
//! itself (`cut`).
//!
//! A newcomer is no measure for others: whoever makes names for the purpose has to carry them for 90 days first.

use std::collections::VecDeque;
use std::sync::Arc;

use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::{Collect, to_hex};

/// The days after which a member is of standing, and those that are looked back on.
const STANDING_DAYS: i64 = 90;
/// A first update that never was.
const NEVER: u32 = u32::MAX;

/// Who had weight when: of the whole register, and in the classes that have a cap of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// By the class's name; the empty name is that of all weight.
    tracks: Vec<(Arc<str>, Track)>,
}

/// Who had weight when, of one column of weights. Updates are numbered from the first that was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Track {
    /// How many updates were noted.
    updates: u32,
    /// The first of them at which anybody had weight.
    begun: Option<u32>,
    /// By member, the first of them at which they had weight; `NEVER` before it.
    first: Arc<Vec<u32>>,
    /// SHA-256 over `first`, made anew where it changes.
    first_digest: String,
    /// The updates of the last 90 days, oldest first.
    window: VecDeque<Point>,
    /// By member, at how many updates of the window they had weight.
    held: Arc<Vec<u16>>,
}

/// One update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Point {
    at: Moment,
    had: Arc<Members>,
}

/// A set of members, a bit each. Updates after which nobody came or went share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    words: Vec<u64>,
    digest: String,
}

impl Members {
    /// Returns the members at whose place a condition holds.
    pub(super) fn those(count: usize, is_in: impl Fn(usize) -> bool) -> Members {
        let word = |begin: usize| {
            let bits = (0..64_u32).filter(|bit| {
                let place = begin.saturating_add(*bit as usize);
                place < count && is_in(place)
            });
            bits.fold(0_u64, |word, bit| word | 1_u64.wrapping_shl(bit))
        };
        Members { words: (0..count).step_by(64).map(word).collect(), digest: String::new() }
    }

    /// Reports whether a member is in it.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        let word = self.words.get(place / 64).copied().unwrap_or(0);
        word.wrapping_shr(u32::try_from(place % 64).unwrap_or(0)) & 1 == 1
    }

    /// Changes the cell of each of them.
    fn each<T>(&self, cells: &mut [T], mut change: impl FnMut(&mut T)) {
        for (word, cells) in self.words.iter().zip(cells.chunks_mut(64)) {
            for (bit, cell) in (0_u32..).zip(cells) {
                if word.wrapping_shr(bit) & 1 == 1 {
                    change(cell);
                }
            }
        }
    }

    fn with_digest(mut self) -> Members {
        self.digest = digest(self.words.iter().flat_map(|word| word.to_le_bytes()));
        self
    }
}

impl Standing {
    /// Notes an update: `weights` are those before the cap, by the name of their column. Other columns are forgotten.
    pub(crate) fn note(&mut self, at: Moment, weights: &[(&str, &[u64])]) {
        self.tracks.retain(|(name, _)| weights.iter().any(|(noted, _)| **noted == **name));
        for (name, column) in weights {
            let known = self.tracks.iter().position(|(known, _)| **known == **name);
            let place = known.unwrap_or_else(|| {
                self.tracks.push((Arc::from(*name), Track::default()));
                self.tracks.len().saturating_sub(1)
            });
            if let Some((_, track)) = self.tracks.get_mut(place) {
                track.note(at, column);
            }
        }
    }

    /// Returns who of a column is of standing at an instant, by their weight there before the cap.
    #[must_use]
    pub(super) fn of(&self, name: &str, at: Moment, weights: &[u64]) -> Members {
        let track = self.tracks.iter().find(|(known, _)| **known == *name).map(|(_, track)| track);
        match track {
            Some(track) => track.of(at, weights),
            None => Track::default().of(at, weights),
        }
    }

    /// Nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Counts at most what the window has, and nobody before their first update.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (name, track) in &self.tracks {
            let noted = track.window.len();
            let fits = |held: &u16| usize::from(*held) <= noted;
            ensure!(track.held.iter().all(fits), "somebody had weight in `{name}` at more than {noted} updates");
            let sound = |first: &u32| *first == NEVER || *first < track.updates;
            ensure!(track.first.iter().all(sound), "somebody first had weight in `{name}` at no update");
        }
        Ok(())
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.tracks.len() as u128);
        for (name, track) in &self.tracks {
            into.text(name).number(track.updates).number(track.begun.map_or(-1, i64::from));
            into.text(&track.first_digest).wide(track.window.len() as u128);
            for point in &track.window {
                into.number(point.at.0).text(&point.had.digest);
            }
        }
    }
}

impl Track {
    fn note(&mut self, at: Moment, weights: &[u64]) {
        // The rules may weigh anew at the instant of an update: that is noted once.
        if self.window.back().is_some_and(|last| last.at >= at) {
            return;
        }
        let held = Arc::make_mut(&mut self.held);
        held.resize(weights.len().max(held.len()), 0);
        let begins = window_begins(at);
        while let Some(old) = self.window.front().filter(|old| old.at <= begins).cloned() {
            self.window.pop_front();
            old.had.each(held, |held| *held = held.saturating_sub(1));
        }
        let had = Members::those(weights.len(), |place| weights.get(place).is_some_and(|weight| *weight > 0));
        let same = self.window.back().filter(|last| last.had.words == had.words).map(|last| Arc::clone(&last.had));
        // Where nobody came or went, nobody has weight for the first time.
        let is_same = same.is_some();
        let had = same.unwrap_or_else(|| Arc::new(had.with_digest()));
        if !is_same || self.first.len() < weights.len() {
            let first = Arc::make_mut(&mut self.first);
            first.resize(weights.len().max(first.len()), NEVER);
            had.each(first, |first| *first = (*first).min(self.updates));
            self.first_digest = digest(first.iter().flat_map(|first| first.to_le_bytes()));
            self.begun = first.iter().copied().min().filter(|first| *first != NEVER);
        }
        had.each(held, |held| *held = held.saturating_add(1));
        self.window.push_back(Point { at, had });
        self.updates = self.updates.saturating_add(1);
    }

    fn of(&self, at: Moment, weights: &[u64]) -> Members {
        let place = |until: Moment| self.window.partition_point(|point| point.at <= until);
        let (low, high) = (place(window_begins(at)), place(at));
        let (window, ahead) = (self.window.range(low..high), self.window.range(high..));
        let outside: Vec<&Members> = self.window.range(..low).chain(ahead).map(|point| point.had.as_ref()).collect();
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let before = self.updates.saturating_sub(number(self.window.len()));
        let (begins, ends) = (before.saturating_add(number(low)), before.saturating_add(number(high)));
        // The update that is being counted is one of them.
        let counting = window.last().is_none_or(|last| last.at < at);
        let begun = self.begun.filter(|first| *first < ends);
        let is_young = begun.is_none_or(|first| first >= begins);
        Members::those(weights.len(), |member| {
            let now = counting && weights.get(member).is_some_and(|weight| *weight > 0);
            let first = self.first.get(member).copied().filter(|first| *first < ends);
            let is_old = first.is_some_and(|first| first < begins);
            // In a younger class those are of standing who had weight at its first update.
            let was_there = is_young && if begun.is_none() { now } else { first.is_some() && first == begun };
            if !is_old && !was_there {
                return false;
            }
            let gone = outside.iter().filter(|had| had.has(member)).count();
            let held = u32::from(self.held.get(member).copied().unwrap_or(0)).saturating_sub(number(gone));
            let since = ends.saturating_sub(first.unwrap_or(ends).max(begins)).saturating_add(u32::from(counting));
            held.saturating_add(u32::from(now)).saturating_mul(2) > since
        })
    }
}

/// The instant after which the window of 90 days begins that ends at `at`.
fn window_begins(at: Moment) -> Moment {
    Moment(at.0.saturating_sub(STANDING_DAYS.saturating_mul(86_400_000_000)))
}

fn digest(bytes: impl Iterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.collect();
    to_hex(&Sha256::digest(&bytes))
}

#[cfg(test)]
mod tests;
